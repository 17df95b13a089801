"""A feed's polls and the same account's export give one history, whichever comes first: the distinct
viewings of both, and what was deleted is withdrawn in both orders."""
import csv
import hashlib
import re
import sys

from support import SHARED, Server, Store, check

home = SHARED / "feeds/real/letterboxd"
export = home / "michaellamb-export-20260413-diary.csv"
if not export.exists():
    print("join: left out, ../shared is not there")
    sys.exit(0)
polls = sorted(home.glob("michaellamb-series-*.xml"))
current = {}


def answer(path, headers):
    body = current["poll"].read_bytes()
    return 200, {"ETag": '"%s"' % hashlib.sha256(body).hexdigest(), "Content-Type": "application/rss+xml"}, body


def in_feed(text):
    """The viewings of a poll: what has a film, by its number."""
    items = re.findall(r"<item>(.*?)</item>", text, re.S)
    return {re.search(r"letterboxd-(?:watch|review)-(\d+)</guid>", item).group(1)
            for item in items if "<letterboxd:filmTitle>" in item}


def in_export():
    """The same number is the code's, in base 62, less its last decimal digit."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    numbers = set()
    for row in csv.DictReader(export.open(encoding="utf-8", newline="")):
        value = 0
        for letter in row["Letterboxd URI"].rsplit("/", 1)[1]:
            value = value * 62 + digits.index(letter)
        numbers.add(str(value // 10))
    return numbers


def time_of(name):
    stamp = name.split("-")[-1][:-4]
    return "%s-%s-%sT%s:%s:00Z" % (stamp[:4], stamp[4:6], stamp[6:8], stamp[9:11], stamp[11:13])


def take_export(store, now):
    told = store.json("backfill", "--service", "letterboxd", str(export), now=now)
    again = store.json("backfill", "--service", "letterboxd", str(export), now=now)
    check(again["events"] == 0 and "backfill" not in again, "a second run of the backfill adds", again["events"])
    return told


def numbers(lines):
    return {line["id"].rsplit(":", 1)[1] for line in lines}


server = Server(answer)
settings = '[[feed]]\nname = "films"\nurl = "%s/michaellamb/rss/"\nservice = "letterboxd"\n' % server.address
wanted = in_export().union(*(in_feed(poll.read_text(encoding="utf-8")) for poll in polls))
totals = []
try:
    for order in ("between", "first"):
        store = Store(settings + '[publish]\ncovers = "none"\n')
        if order == "first":
            take_export(store, "2025-04-01T00:00:00Z")
        for index, poll in enumerate(polls):
            if order == "between" and index == 8:
                told = take_export(store, "2026-04-13T12:00:00Z")
                check(told["sources"][0]["finished"] > 0, "the export had nothing new")
            current["poll"] = poll
            done = store.run("import", "--all", now=time_of(poll.name))
            check(done.returncode in (0, 1), poll.name, done.stderr)
        lines = store.json_lines("log")
        finished = [line for line in lines if line["type"] == "finished"]
        check(len(finished) == len(numbers(finished)), order, "a viewing came twice")
        check(numbers(finished) == wanted, order, "differ from the union:", numbers(finished) ^ wanted)
        gone = set()
        for line in lines:
            if line["type"] == "withdrawn":
                gone |= numbers([line])
            elif line["type"] == "restored":
                gone -= numbers([line])
        shown = {finish["id"].rsplit(":", 1)[1] for finish in store.json("list")["finishes"]}
        check(shown == wanted - gone, order, "shown:", shown ^ (wanted - gone))
        check(all("announce" not in line for line in finished if "backfill" in line), "a backfill is announced")
        store.good("verify", "--quiet")
        totals.append((len(finished), sorted(gone)))
        store.remove()
    check(totals[0] == totals[1], "the orders differ:", totals)
finally:
    server.stop()
print("join: %d viewings of feed and export, %d of them withdrawn, in both orders" % (totals[0][0], len(totals[0][1])))
