"""What is published, by programs that are not ours: of the demonstration, of a rich store with covers, of a hostile one.

    pages.py PROGRAM        by those that need neither a browser nor Java
    pages.py PROGRAM all    by all of script/check-pages, and by its deliberate mistakes

In the hostile store every text that a stranger can write attacks: by feeds of four kinds, by an export, by hand, in the
settings. Each text stands once in each field, so that what one field drops another shows."""
import csv
import io
import json
import subprocess
import sys
from xml.sax.saxutils import escape, quoteattr

from support import DEMONSTRATION, PROGRAM, ROOT, Server, Store, check

sys.path.insert(0, str(ROOT / "Tests/Fixtures/sample"))
import sample  # noqa: E402

MEGABYTE = 1 << 20
MARKUP = [
    "<script>window.hurt=1</script>", "</script><script>window.hurt=2</script>", "<ScRiPt/x>window.hurt=3</sCrIpT >",
    "\"><img src=x onerror=\"window.hurt=4\">", "' onmouseover='window.hurt=5' autofocus onfocus='window.hurt=6",
    "</title></style></textarea></template></noscript><svg onload=window.hurt=7>",
    "<svg><script>window.hurt=8</script></svg><math><mtext><table><mglyph><style><img src=x onerror=window.hurt=9>",
    "<noscript><p title=\"</noscript><img src=x onerror=window.hurt=10>\">", "<img src=x:x onerror\n=\nwindow.hurt=11>",
    "<iframe srcdoc=\"<script>parent.hurt=12</script>\"></iframe>", "<a href=\"javascript:window.hurt=13\">a</a>",
    "<a href=\" java&#x0a;script:window.hurt=14\">a</a>", "<a href='data:text/html,<script>window.hurt=15</script>'>a</a>",
    "<svg><a xlink:href=\"javascript:window.hurt=16\"><text>a</text></a></svg>", "<form action=javascript:hurt=17><button>b",
    "<base href=https://evil.example/>", "<meta http-equiv=refresh content=\"0;url=https://evil.example/\">",
    "<link rel=stylesheet href=https://evil.example/a.css>", "<style>@import 'https://evil.example/b.css';</style>",
    "<p style=\"background:url(https://evil.example/c.png)\">p</p>", "<object data=https://evil.example/d></object>",
    "<video src=https://evil.example/e poster=https://evil.example/f autoplay></video>", "<img src=https://evil.example/g>",
    "&lt;script&gt;window.hurt=18&lt;/script&gt;", "&#60;script&#62;window.hurt=19&#60;/script&#62;", "&amp;lt;script&amp;gt;",
    "<p class=\"h-entry u-read-of p-name\" id=colophon-heading>p</p>", "</div></li></ul></section></main></body></html>",
    "<table><tr><td>t", "<select><option>o", "<p><ul><li><p><em><a href=https://a.example/><a href=https://b.example/>x",
    "<!--", "--><script>window.hurt=20</script><!--", "]]>", "<![CDATA[<script>window.hurt=21</script>]]>", "<?xml version='1.0'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;", "<", ">", "&", "&#", "&#x110000;&#xD800;&#0;", "\"", "'", "`", "\\",
]
TEXTS = MARKUP + [
    "javascript:window.hurt=22", "data:text/html,<script>window.hurt=23</script>", "//evil.example/h", "https://evil.example/\"onload=\"hurt=24",
    "{{constructor.constructor('window.hurt=25')()}}", "{% include evil %}", "{# x #}", "{{{x}}}", "${hurt=26}", "<%= hurt %>", "[[x]]",
    "{{< evil >}} {{% evil %}} {{{{x", "{% raw %}", "{% endraw %}{{ 'x' | upcase }}", "<!--#exec cmd=\"id\" --><?php hurt() ?>",
    "---\ntitle: x\n---\n# x\n* y\n> z", "x\n\n![i](https://evil.example/i)\n \n[j](javascript:hurt=34)\n\n    k\n\n```\n",
    "‮⁦‫turned ‏round", "⁩‬⁦⁧⁨", "\u2028\u2029", "\u00ad\u200b\u200d\ufeff", "A" + "\u0301" * 3000, "👩‍" * 500, "🏳️‍🌈👨‍👩‍👧‍👦",
    "שלום <b>עולם</b>", "a\tb\nc\r\nd\x0be", "  ", ".", "%00%0a", "x" * MEGABYTE, "<b>" * 1000, "y <p>" * 50_000, "' \"" * 50_000,
]
# What XML cannot hold and JSON can.
CONTROLS = ["\0", "a\0<script>window.hurt=27</script>", "".join(map(chr, range(1, 32))), "\x7f\x80\x9f", "\ufffe\uffff\ufdd0"]
FIELDS = ["title", "author", "review", "url", "cover", "id"]


def rows(texts):
    """Each text in each field, the others harmless."""
    for number, text in enumerate(texts):
        for field in FIELDS:
            row = dict(title=f"Title {number} {field}", author="Author", review="<p>Review</p>", id=f"{number}-{field}",
                       url=f"https://a.example/{number}/{field}", cover=f"https://img.example/{number}/{field}.jpg")
            row[field] = text if field != "id" else text + row["id"]
            yield row


def json_feed(texts):
    items = [{"id": row["id"], "title": row["title"], "url": row["url"], "authors": [{"name": row["author"]}],
              "content_html": row["review"], "image": row["cover"], "date_published": "2026-11-01T10:00:00Z"}
             for row in rows(texts)]
    # A half of a surrogate pair, as only an escape can write it.
    items.append({"id": "half", "title": "HALF <script>window.hurt=28</script>", "content_text": "x"})
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "<script>window.hurt=29</script>",
                       "items": items}).replace("HALF", "\\ud800").encode()


def legal(text):
    return "".join(letter for letter in text if letter in "\t\n\r" or " " <= letter < "\ufffe" or letter > "\uffff")


def rss(inside):
    return ("<?xml version='1.0' encoding='UTF-8'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' "
            "xmlns:letterboxd='https://letterboxd.com'><channel><title>&lt;script>window.hurt=30&lt;/script></title>"
            f"<link>https://a.example/</link>{inside}</channel></rss>").encode()


def books(texts):
    return rss("".join(
        f"<item><guid>https://www.goodreads.com/review/show/{place}</guid><title>{escape(row['title'])}</title>"
        f"<link>{escape(row['url'])}</link><author_name>{escape(row['author'])}</author_name><user_rating>4</user_rating>"
        f"<user_read_at>Sun, 01 Nov 2026 10:00:00 +0000</user_read_at><user_review>{escape(row['review'])}</user_review>"
        f"<book_id>{place}</book_id><book_large_image_url>{escape(row['cover'])}</book_large_image_url></item>"
        for place, row in enumerate(rows(texts), 1)))


def films(texts):
    return rss("".join(
        f"<item><guid isPermaLink='false'>letterboxd-review-{place}</guid><title>{escape(row['title'])}, 2020 - ★★★★</title>"
        f"<link>{escape(row['url'])}</link><letterboxd:filmTitle>{escape(row['title'])}</letterboxd:filmTitle>"
        f"<letterboxd:watchedDate>2026-11-02</letterboxd:watchedDate><dc:creator>{escape(row['author'])}</dc:creator>"
        f"<description>{escape('<p><img src=' + quoteattr(row['cover']) + '/></p>' + row['review'])}</description></item>"
        for place, row in enumerate(rows(texts), 1)))


def atom(texts):
    return ("<feed xmlns='http://www.w3.org/2005/Atom'><id>urn:x</id><title type='html'>&lt;script>window.hurt=31&lt;/script></title>"
            "<updated>2026-11-01T10:00:00Z</updated>" + "".join(
                f"<entry><id>{escape(row['id'])}</id><title type='html'>{escape(row['title'])}</title><link href={quoteattr(row['url'])}/>"
                f"<updated>2026-11-03T10:00:00Z</updated><author><name>{escape(row['author'])}</name></author>"
                f"<content type='html'>{escape(row['review'])}</content></entry>" for row in rows(texts)) + "</feed>").encode()


SETTINGS = """
[site]
title = %s
home_page_url = "https://a.example/'onclick=hurt=32"
feed_url = "https://a.example/media/feed.json"
author = { name = %s, url = "https://a.example/?'><script>hurt=33</script>", avatar = "https://a.example/'x" }

%s
[announce]
template = "Finished {{title}}{{#creator}} by {{creator}}{{/creator}} {{link}}"

[publish]
items = 1000
widget_items = 1000
covers = "%s"
json_ld = true
"""
FEED = """
[[feed]]
name = "%s"
url = "%s/%s"
service = "%s"
kind = "%s"
announce_since = 2026-11-01
"""


# No more than a thousand finishes are shown, and all of them shall be: three stores.
STORES = {"copy": [("json", "generic", "article"), ("books", "goodreads", "book")],
          "link": [("films", "letterboxd", "movie"), ("atom", "generic", "game")], "none": []}


def hostile(policy):
    """A store made by imports, or by an export and by hand; the texts of strangers are its settings, too."""
    plain = [text for text in map(legal, TEXTS) if text]
    documents = {"/json": json_feed(TEXTS + CONTROLS), "/books": books(plain), "/films": films(plain), "/atom": atom(plain)}
    server = Server(lambda path, _: (200, {}, documents[path]) if path in documents else (404, {}, b""))
    feeds = "".join(FEED % (name, server.address, name, service, kind) for name, service, kind in STORES[policy])
    attack = "".join(MARKUP)[:900] + "‮{{x}}{%x%}\0"
    store = Store(SETTINGS % (json.dumps(attack), json.dumps(attack), feeds, policy))
    try:
        done = store.run("import", "--quiet", now="2026-11-23T12:00:00Z", timeout=300)
        check(done.returncode == 0, "import", done.returncode, done.stderr[:2000])
        if policy == "none":
            by_hand(store)
        json.loads((store.path / "pending-tweets.json").read_text(encoding="utf-8"))
        count = len(store.json("list")["finishes"])
        check(250 < count <= 1000, policy, "has", count)
        return store
    finally:
        server.stop()


def by_hand(store):
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["kind", "title", "creator", "finished", "review", "url", "cover"])
    for row in rows(TEXTS + CONTROLS):
        writer.writerow(["podcast", row["title"], row["author"], "2026-11-04", row["review"], row["url"], row["cover"]])
    store.write("export.csv", table.getvalue())
    told = store.run("backfill", "--service", "csv", str(store.path / "export.csv"), now="2026-11-23T12:10:00Z", timeout=300)
    check(told.returncode in (0, 1), "backfill", told.returncode, told.stderr[:2000])
    for text in MARKUP[:8]:
        store.good("add", "music", text + "!", "--by", text, "--on", "2026-11-05", now="2026-11-23T12:20:00Z")
    first = store.json("list")["finishes"][0]["id"]
    store.good("correct", first, "--title", "".join(MARKUP[:4]), now="2026-11-23T12:20:00Z")
    store.good("import", "--quiet", now="2026-11-23T12:30:00Z")


def rich():
    """The sample, its covers copied from a server; a run takes some of them, the next goes on."""
    store = Store("")
    with sample.serve() as address:
        sample.begin(store.path, address)
        for quarter in range(12, 18):
            store.good("import", "--quiet", now=f"2026-11-23T{quarter}:00:00Z")
    for words in sample.corrections(store.json("list")["finishes"]):
        store.good(*words, now=sample.NOW)
    check(len(list((store.path / "public/covers").iterdir())) > 30, "covers were not copied")
    return store


def checked(*words):
    done = subprocess.run([str(ROOT / "script/check-pages"), *map(str, words)], stdout=subprocess.PIPE, text=True)
    check(done.returncode == 0, "check-pages", words[0], done.stdout[:6000])
    return done.stdout.strip()


def main():
    is_quick = sys.argv[2:] != ["all"]
    quick = ["--quick"] if is_quick else []
    stores = []
    try:
        stores.append(Store(DEMONSTRATION))
        stores[0].good("import", "--quiet", now="2026-11-23T12:00:00Z")
        stores.append(rich())
        print(checked(*quick, *(store.path / "public" for store in stores)))
        checked(*quick, "--mistakes", stores[1].path / "public")
        bad = [hostile(policy) for policy in STORES]
        stores += bad
        checked(*quick, "--hostile", *(store.path / "public" for store in bad))
        count = sum(len(store.json("list")["finishes"]) for store in bad)
    finally:
        for store in stores:
            store.remove()
    print(f"pages: {count} hostile finishes, each document is valid{'' if is_quick else ', and no script ran'}")


main()
