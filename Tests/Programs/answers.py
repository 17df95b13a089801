"""What the commands of history and care answer, as text and as --json, to the byte: the golden files are in
Tests/Fixtures/golden/answers, and are what a program that reads the answers may count on.

A small life with everything in it: two feeds, an import taken back, a correction, what is hidden, merged and
forgotten, a failing feed. Asked in two processes, far apart on the globe: the same bytes. With COLOPHON_RECORD=1 in the
environment the files are written anew, for a person to look at."""
import json
import os
import re

from support import ROOT, Store, check

GOLDEN = ROOT / "Tests/Fixtures/golden/answers"
RECORDS = os.environ.get("COLOPHON_RECORD") == "1"
SETTINGS = """[site]
title = "Ada's shelf"
time_zone = "Pacific/Auckland"
[publish]
covers = "none"
[[feed]]
name = "films"
url = "file:films.xml"
[[feed]]
name = "books"
url = "file:books.xml"
"""
PLACES = [{"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"}, {"TZ": "America/Caracas"}]

FILMS = {1: ("Ran", 1985, "2026-11-18", "5.0"), 2: ("Ikiru", 1952, "2026-11-20", "4.5"),
         3: ("Late \"Spring\" & Co", 1949, "2026-11-21", None), 4: ("Ikiru", 1952, "2026-11-22", "4.0")}


def films(*numbers):
    items = ""
    for number in numbers:
        title, year, day, stars = FILMS[number]
        name = title.replace("&", "&amp;").replace('"', "&quot;")
        rating = f"<letterboxd:memberRating>{stars}</letterboxd:memberRating>" if stars else ""
        items += (f'<item><title>{name}, {year}</title><guid isPermaLink="false">letterboxd-watch-{number}</guid>'
                  f"<link>https://letterboxd.com/ada-example/film/film-{number}/</link>"
                  f"<letterboxd:watchedDate>{day}</letterboxd:watchedDate><letterboxd:filmTitle>{name}</letterboxd:filmTitle>"
                  f"<letterboxd:filmYear>{year}</letterboxd:filmYear>{rating}</item>")
    return ('<rss version="2.0" xmlns:letterboxd="https://letterboxd.com"><channel><title>Ada</title>'
            f"<link>https://letterboxd.com/ada-example/</link>{items}</channel></rss>")


BOOKS = """<rss version="2.0"><channel><title>Ada's bookshelf: read</title>
<link>https://www.goodreads.com/review/list_rss/1?shelf=read</link>
<item><guid>https://www.goodreads.com/review/show/11?utm_source=rss</guid><title>Piranesi</title>
<link>https://www.goodreads.com/review/show/11?utm_source=rss</link><book_id>50202953</book_id>
<author_name>Susanna Clarke</author_name><user_rating>5</user_rating>
<user_read_at>Thu, 19 Nov 2026 00:00:00 -0800</user_read_at><book_published>2020</book_published></item></channel></rss>"""

EXPORT = "kind,title,finished,id\nbook,Emma,2019-01-01,e1\nbook,Persuasion,2019-02,e2\n"


def live(store):
    """Each command at an instant of its own."""
    store.write("films.xml", films(1))
    store.write("books.xml", BOOKS)
    store.good("import", "--quiet", now="2026-11-19T20:00:00Z")
    store.write("films.xml", films(2, 1))
    # Noon in Auckland: the end of the 20th lies between these two.
    store.good("import", "--quiet", now="2026-11-20T10:59:59Z")
    store.write("films.xml", films(3, 2, 1))
    store.good("import", "--quiet", now="2026-11-20T11:00:00Z")
    store.write("export.csv", EXPORT)
    brought = store.json("backfill", "--service", "csv", str(store.path / "export.csv"), now="2026-11-21T08:00:00Z")
    ids = [one["id"] for one in store.json("list")["finishes"]]
    emma, persuasion = (next(one for one in ids if one.endswith(end)) for end in ("e1", "e2"))
    store.good("correct", "letterboxd:viewing:3", "--title", "Late Spring", "--on", "2026-11-19",
               now="2026-11-21T09:00:00Z")
    store.good("hide", "letterboxd:viewing:1", now="2026-11-21T09:10:00Z")
    store.write("films.xml", films(4, 3, 2, 1))
    store.good("import", "--quiet", now="2026-11-22T12:00:00Z")
    store.good("merge", "letterboxd:viewing:4", "letterboxd:viewing:2", now="2026-11-22T12:10:00Z")
    store.good("forget", emma, now="2026-11-22T12:20:00Z")
    store.good("backfill", "--undo", brought["backfill"], now="2026-11-22T12:30:00Z")
    store.write("books.xml", "<html><title>Log in</title></html>")
    for hour in range(3):
        store.run("import", "--quiet", now="2026-11-23T%02d:00:00Z" % (3 + 4 * hour))
    return persuasion


# Whose members are named by what is in them, or told elsewhere: an event's fields, settings, a person's words.
OPEN = {"events", "settings", "identifiers", "fields", "passed_over"}


def members(value):
    """The names of all members of a document, but for those inside open ones."""
    if isinstance(value, list):
        return set().union(*map(members, value))
    if not isinstance(value, dict):
        return set()
    return set(value).union(*(members(inner) for name, inner in value.items() if name not in OPEN))


def explain(store, document, command):
    """What a program reads must be told to whoever writes it."""
    def told(command):
        return store.good(command, "--help").split("what --json prints")[1]

    text = told(command)
    for other in re.findall(r'as\s+"(\w+)\s+--json"\s+has', text):
        text += told(other)
    unknown = members(document) - set(re.findall(r"[\w-]+", text))
    check(not unknown, command, "--help does not tell of", sorted(unknown))


store = Store(SETTINGS)
try:
    persuasion = live(store)
    questions = {
        "list": ["list"], "list-ids": ["list", "--ids"], "list-kind": ["list", "--kind", "book"],
        "list-year": ["list", "--year", "2019"], "list-feed": ["list", "--feed", "films"],
        "state-day": ["state", "--at", "2026-11-20"], "state-month": ["state", "--at", "2026-11"],
        "state-instant": ["state", "--at", "2026-11-20T11:00:00Z"], "state-sequence": ["state", "--at", "6"],
        "state-nothing": ["state", "--at", "0"], "log": ["log"], "log-part": ["log", "--from", "4", "--to", "2026-11-20"],
        "log-type": ["log", "--type", "corrected"], "why": ["why", "letterboxd:viewing:2"],
        "why-corrected": ["why", "letterboxd:viewing:3"], "why-undone": ["why", persuasion],
        "diff": ["diff", "2026-11-20", "2026-11-23"], "diff-back": ["diff", "12", "5"],
        "status": ["status"], "verify": ["verify"], "repair": ["repair"],
    }
    answers = {}
    for place in PLACES:
        for name, words in questions.items():
            for suffix, more in (("txt", []), ("json", ["--json"])):
                done = store.run(*words, *more, now="2026-11-23T12:00:00Z", env=place)
                # A feed is failing, which `status` says with 1.
                check(done.returncode == (1 if name == "status" else 0), words, done.returncode, done.stderr)
                check(done.stderr == "", words, done.stderr)
                text = done.stdout.replace(str(store.path), "STORE")
                check(answers.setdefault(f"{name}.{suffix}", text) == text, words, "differs in", place)
    for suffix, more in (("txt", []), ("json", ["--json"])):
        answers["rebuild." + suffix] = store.good("rebuild", *more, now="2026-11-23T12:00:00Z")
    # Lines of text are meant to be looked at.
    for name, text in answers.items():
        if name.endswith(".txt") and not name.startswith(("log", "why", "status", "rebuild")):
            check(all(len(line) <= 80 for line in text.splitlines()), name, "is wider than 80 columns")
    for name, words in questions.items():
        if words[0] != "log":
            explain(store, json.loads(answers[name + ".json"]), words[0])
    for words in (["import", "--dry-run", "--announce"], ["check"], ["announce", "--dry-run"], ["tweets", "--all"],
                  ["reconsider", "--dry-run"], ["parse", str(store.path / "films.xml")],
                  ["parse", "--finishes", str(store.path / "films.xml")], ["parse", str(store.path / "feeds.toml")],
                  ["backfill", "--dry-run", "--service", "csv", str(store.path / "export.csv")], ["rebuild"]):
        explain(store, json.loads(store.run(*words, "--json", now="2026-11-23T13:00:00Z").stdout), words[0])
    if RECORDS:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        for name, text in answers.items():
            (GOLDEN / name).write_text(text, encoding="utf-8")
    known = {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.iterdir()}
    check(known.keys() == answers.keys(), sorted(known.keys() ^ answers.keys()))
    for name, text in answers.items():
        check(known[name] == text, name, "is not as it was agreed; it says now:\n" + text)
finally:
    store.remove()
print(f"answers: {len(answers)} answers, each the same in two zones and as it was agreed")
