"""A rich store to look at: made-up feeds of five years with every kind, and made-up covers for them.

`begin(folder)` writes the feeds and the settings that follow them, `serve()` gives them and their covers by HTTP
instead, `corrections(list)` is what a person would set right by hand, `picture(place, kind)` is a cover. The same in
every run: the dice are seeded.
"""
import contextlib
import datetime
import http.server
import random
import struct
import threading
import zlib
from xml.sax.saxutils import escape

# Nobody answers there: pages that only link to covers.
COVERS = "https://covers.example.org/"
NOW = "2026-11-23T12:00:00Z"
TODAY = datetime.date(2026, 11, 23)

SETTINGS = """
[site]
title = "Recently finished"
home_page_url = "https://ada.example.org/about/"
author = { name = "Ada Example", url = "https://ada.example.org/" }
language = "en-GB"

[[feed]]
name = "books"
url = "file:feeds/books.xml"
service = "goodreads"

[[feed]]
name = "films"
url = "file:feeds/films.xml"
service = "letterboxd"

[[feed]]
name = "games"
url = "file:feeds/games.xml"
service = "backloggd"

[[feed]]
name = "series"
url = "file:feeds/series.xml"
service = "generic"
kind = "tv"

[[feed]]
name = "albums"
url = "file:feeds/albums.xml"
service = "generic"
kind = "music"
[feed.finished]
title_regex = ["^(?<title>.+) by (?<creator>.+)$"]

[[feed]]
name = "podcasts"
url = "file:feeds/podcasts.xml"
service = "generic"
kind = "podcast"

[[feed]]
name = "articles"
url = "file:feeds/articles.xml"
service = "generic"
kind = "article"
[feed.finished]
title_regex = ["^(?<title>.+) by (?<creator>.+)$", "^(?<title>.+)$"]

[publish]
covers = "link"
widget_items = 12
"""

LONG = ("The True and Complete History of the Lighthouse at Cape Verity, Its Keepers, Their Cats and Their Quarrels, "
        "with Some Account of the Great Storm, the Lost Bell, the Wreck of the Good Intent, and of What Was Found in "
        "the Lamp Room on the Morning After, Now for the First Time Set Down in Order by Several Hands")

# What stands at the top: kind, title, creator, days ago, stars, review, and what is odd about it.
NEWEST = [
    ("book", "The Bell Founders", "Ines Aldarin", 2, 5, "<p>A book about metal that is really about patience. I have begun it again.</p>", ""),
    ("movie", "Night Shift at the Observatory", "", 3, 4, "<p>The astronomer is the one who has been sending the signal.</p>", "spoiler"),
    ("article", "How tides keep time", "Jonah Wells", 4, 0, "", "no cover"),
    ("tv", "The Quiet Mile, season 2", "", 6, 0, "<p>Better than the first: the lorry never arrives, and nobody minds.</p>", ""),
    ("game", "Lantern Deep", "", 8, 4.5, "", ""),
    ("music", "夜の灯台", "港ラジオ", 9, 0, "", ""),
    ("movie", "Harbour Lights", "", 11, 3.5, "", "again"),
    ("book", "מגדלור בקצה הים", "נועה ברק", 13, 4, "", ""),
    ("podcast", "The Long Wave: Fog", "", 15, 0, "", ""),
    ("book", "Cartography for Sleepwalkers", "Tomas Wren", 17, 3, "", "no cover"),
    ("movie", "Kestrel", "", 19, 2.5, "", ""),
    ("book", LONG, "Several Hands", 21, 4.5, "<p>Longer than its title.</p>", ""),
    ("music", "Soft Machinery 🌙🎻", "The Weather Clerks", 23, 0, "", ""),
    ("book", "منارة الرمل", "ليلى حداد", 26, 5, "", ""),
    ("article", "Against the smart kettle", "", 27, 0, "", "no cover"),
    ("game", "Drift & Ember", "", 30, 3, "<p>Forty hours. The <em>last two</em> are the game.</p>", ""),
]

FRONT = ["Quiet", "Salt", "Paper", "Winter", "Copper", "Hollow", "Northern", "Second", "Glass", "Borrowed", "Late", "Slow",
         "Distant", "Small", "Wooden", "Bright", "Unwritten", "Western"]
BACK = ["Harbour", "Orchard", "Signal", "Museum", "Cartographer", "Tide", "Carousel", "Letter", "Garden", "Station",
        "Almanac", "Ferry", "Bridge", "Observatory", "Archive", "Weather", "Clock", "Island"]
PEOPLE = ["Inés Barrow", "T. Okafor", "Edda Quill", "M. Lindqvist", "Rui Tanaka", "Priya Raman", "Jonah Wells", "Aoife Daly",
          "Małgorzata Zielińska", "Sam Ó Briain"]
# Finishes in a year, by kind: nobody reads evenly.
YEARS = {2022: dict(book=14, movie=22, article=9), 2023: dict(book=21, movie=35, tv=6, article=24),
         2024: dict(book=17, movie=41, tv=8, game=5, article=30, podcast=4),
         2025: dict(book=26, movie=38, tv=9, game=7, article=41, podcast=9, music=16),
         2026: dict(book=19, movie=31, tv=7, game=6, article=33, podcast=11, music=14)}


def begin(folder, address=None):
    """A store with the feeds beside it; or, with the address of `serve`, one that fetches them and copies the covers."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = SETTINGS
    if address:
        settings = settings.replace('covers = "link"', 'covers = "copy"').replace("file:feeds/", address + "feeds/")
    else:
        (folder / "feeds").mkdir()
        for name, document in feeds().items():
            (folder / f"feeds/{name}.xml").write_bytes(document)
    (folder / "feeds.toml").write_text(settings, encoding="utf-8")


@contextlib.contextmanager
def serve():
    """The feeds and their covers on a loopback port."""
    rows, documents = finishes(), feeds()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            folder, _, name = self.path.lstrip("/").partition("/")
            name = name.partition(".")[0]
            if folder == "feeds":
                body, kind = documents[name].replace(COVERS.encode(), address.encode() + b"covers/"), "application/rss+xml"
            else:
                body, kind = picture(int(name), rows[int(name)][0]), "image/png"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = "http://127.0.0.1:%d/" % server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield address
    finally:
        server.shutdown()


def finishes():
    """Every finish, newest first: (kind, title, creator, day, stars, review, oddity)."""
    dice = random.Random(7)
    rows = [(kind, title, by, TODAY - datetime.timedelta(days=ago), stars, review, odd)
            for kind, title, by, ago, stars, review, odd in NEWEST]
    taken = {row[1] for row in rows}
    for year, counts in YEARS.items():
        last = min(datetime.date(year, 12, 31), TODAY - datetime.timedelta(days=31))
        span = (last - datetime.date(year, 1, 1)).days
        for kind, count in counts.items():
            for _ in range(count):
                title = name(dice)
                while title in taken:
                    title = name(dice)
                taken.add(title)
                # Winters and holidays hold more than their share.
                day = datetime.date(year, 1, 1) + datetime.timedelta(days=round(span * dice.betavariate(.8, .8)))
                stars = dice.choice([0, 2, 3, 3.5, 4, 4, 4.5, 5]) if kind in ("book", "movie", "game") else 0
                by = dice.choice(PEOPLE) if kind in ("book", "music", "article") else ""
                rows.append((kind, title, by, day, stars, "", dice.choice(["", "", "", "", "no cover"])))
    rows.sort(key=lambda row: (row[3], row[1]), reverse=True)
    return rows


def name(dice):
    front, back = dice.choice(FRONT), dice.choice(BACK)
    return dice.choice([f"The {front} {back}", f"{front} {back}", f"A {front} {back}", f"{back} in {dice.choice(FRONT)} Light",
                        f"The {back} at {front} Point", f"Notes from a {front} {back}"])


def feeds():
    rows = list(enumerate(finishes()))
    of = {kind: [(place, row) for place, row in rows if row[0] == kind] for kind in {row[0] for _, row in rows}}
    return {
        "books": rss("Ada’s bookshelf: read", "https://www.goodreads.com/review/list_rss/9000001?shelf=read",
                     [book(*one) for one in of["book"]]),
        "films": rss("Letterboxd - Ada Example", "https://letterboxd.com/ada-example/",
                     [film(*one) for one in of["movie"]]),
        "games": rss("Ada's reviews", "https://backloggd.com/u/ada", [game(*one) for one in of["game"]]),
        **{feed: rss(feed, f"https://ada.example.org/{feed}/", [post(feed, *one) for one in of[kind]])
           for feed, kind in (("series", "tv"), ("albums", "music"), ("podcasts", "podcast"), ("articles", "article"))},
    }


def rss(title, link, items):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<!-- Made up for Colophon. -->\n'
            '<rss version="2.0" xmlns:letterboxd="https://letterboxd.com" xmlns:backloggd="https://backloggd.com"><channel>'
            f"<title>{escape(title)}</title><link>{escape(link)}</link><description/>\n" + "\n".join(items) +
            "\n</channel></rss>\n").encode()


def stamp(day):
    return day.strftime("%a, %d %b %Y 18:30:00 +0000")


def cover(place, row):
    return "" if row[6] == "no cover" else f"{COVERS}{place}.png"


def book(place, row):
    _, title, by, day, stars, review, _ = row
    link = f"https://www.goodreads.com/review/show/77{place:06}"
    return (f"<item><guid>{link}</guid><pubDate>{stamp(day)}</pubDate><title>{escape(title)}</title><link>{link}</link>"
            f"<book_id>51{place:06}</book_id><book_large_image_url>{cover(place, row)}</book_large_image_url>"
            f"<author_name>{escape(by)}</author_name><user_rating>{round(stars)}</user_rating>"
            f"<user_read_at>{stamp(day)}</user_read_at><user_review>{escape(review)}</user_review></item>")


def film(place, row):
    _, title, _, day, stars, review, odd = row
    signs = "★" * int(stars) + ("½" if stars % 1 else "")
    suffix = (f" - {signs}" if signs else "") + (" (contains spoilers)" if odd == "spoiler" else "")
    picture = cover(place, row)
    body = (f'<p><img src="{picture}"/></p>' if picture else "") + (
        review or f"<p>Watched on {day.strftime('%A %B %d, %Y')}.</p>")
    return (f"<item><title>{escape(title)}, 2019{suffix}</title><link>https://letterboxd.com/ada-example/film/f{place}/</link>"
            f"<guid>letterboxd-{'review' if review else 'watch'}-9{place:06}</guid><pubDate>{stamp(day)}</pubDate>"
            f"<letterboxd:watchedDate>{day}</letterboxd:watchedDate>"
            f"<letterboxd:rewatch>{'Yes' if odd == 'again' else 'No'}</letterboxd:rewatch>"
            f"<letterboxd:filmTitle>{escape(title)}</letterboxd:filmTitle><letterboxd:filmYear>2019</letterboxd:filmYear>"
            + (f"<letterboxd:memberRating>{stars}</letterboxd:memberRating>" if stars else "")
            + f"<description>{escape(body)}</description></item>")


def game(place, row):
    _, title, _, day, stars, review, _ = row
    picture = cover(place, row)
    return (f"<item><title>{escape(title)} (2021)</title><link>https://backloggd.com/u/ada/review/{place}/</link>"
            f"<pubDate>{stamp(day)}</pubDate><description>{escape(review)}</description>"
            f"<guid>backloggd-review-{place}</guid><backloggd:user_rating>{round(stars * 2)}</backloggd:user_rating>"
            + (f"<image><url>{picture}</url></image>" if picture else "") + "</item>")


def post(feed, place, row):
    _, title, by, day, _, review, _ = row
    picture = cover(place, row)
    link = f"https://ada.example.org/{feed}/{place}/"
    return (f"<item><title>{escape(title + (' by ' + by if by else ''))}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{stamp(day)}</pubDate>" + (f"<description>{escape(review)}</description>" if review else "")
            + (f'<enclosure url="{picture}" type="image/png" length="1"/>' if picture else "") + "</item>")


def corrections(finishes):
    """Words of the command line: what the services cannot say. Two finishes whose day is half forgotten, a maker."""
    by_title = {finish["title"]: finish["id"] for finish in finishes}
    old = [finish["id"] for finish in finishes if finish.get("kind") == "book" and finish.get("day", "").startswith("2022")]
    return [["correct", by_title["Harbour Lights"], "--by", "T. Okafor"],
            ["correct", by_title["Lantern Deep"], "--by", "Small Oak Studio"],
            ["correct", by_title["Kestrel"], "--on", "2026-11"],
            ["correct", old[0], "--on", "2022-12"], ["correct", old[1], "--on", "2022"]]


PALETTES = ["14213d fca311 e5e5e5", "264653 2a9d8f e9c46a", "6d597a b56576 eaac8b", "003049 d62828 f77f00", "386641 a7c957 f2e8cf",
            "22223b 9a8c98 f2e9e4", "0b3954 bfd7ea ff6663", "582f0e a68a64 ede0d4", "3d405b e07a5f f4f1de", "1b4332 95d5b2 d8f3dc"]


def picture(place, kind):
    """A flat cover of three colours: a moon, hills, stripes or a window. PNG with a palette."""
    dice = random.Random(place)
    width, height = (240, 240) if kind in ("music", "podcast") else (240, 360)
    x, y, r = dice.randrange(60, 180), dice.randrange(60, height // 2), dice.randrange(30, 70)
    form, slope = place % 4, dice.randrange(-40, 40)
    rows = []
    for row in range(height):
        half = int((r * r - (row - y) ** 2) ** .5) if abs(row - y) <= r else -1
        if form == 0:
            line = bytearray(b"\0" * width)
            if half > 0:
                line[max(0, x - half):x + half] = b"\2" * len(line[max(0, x - half):x + half])
            if row > height - 90:
                line = bytearray(b"\1" * width)
        elif form == 1:
            edge = [height * 2 // 3 + (column - 120) * slope // 120 for column in range(width)]
            line = bytearray(0 if row > edge[column] else 1 if row > edge[width - 1 - column] - 50 else 2 for column in range(width))
        elif form == 2:
            line = bytearray((b"\1" if row // 24 % 2 else b"\2") * width) if 48 < row < height - 96 else bytearray(b"\0" * width)
        else:
            inside = 60 < row < height - 60
            line = bytearray(b"\1" * width)
            if inside:
                line[50:width - 50] = b"\0" * (width - 100)
                if half > 0:
                    line[max(50, x - half):min(width - 50, x + half)] = b"\2" * max(0, min(width - 50, x + half) - max(50, x - half))
        rows.append(b"\0" + bytes(line))
    palette = bytes.fromhex(PALETTES[dice.randrange(len(PALETTES))])

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
            + chunk(b"PLTE", palette) + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b""))
