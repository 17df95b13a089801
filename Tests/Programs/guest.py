"""Every row of the reference on polling politely that a program can be shown on one machine, played to it by a
server on the loopback: what the server answers, what the program says of it, and when and how it asks again.

The rows are numbered as `script/rows` lists them; those that need a certificate, a name service or a server's
twenty seconds of silence are played in HTTPTests and in bad_days.py. The feed's address holds a secret in each
row, and after each nothing that was printed or written may hold it."""
import datetime
import email.utils
import gzip
import json
import os
import re
import signal
import socket
import socketserver
import struct
import subprocess
import sys
import threading
import zlib

from support import PROGRAM, Store, check, stores_in_memory

START = datetime.datetime(2026, 1, 5, tzinfo=datetime.timezone.utc)  # a Monday
SECRET = "s3cr3tT0k3n9x7q2w4"
RESET = object()
ROWS = []


def row(name):
    def note(function):
        ROWS.append((name, function))
        return function
    return note


def date(hours):
    return email.utils.format_datetime(START + datetime.timedelta(hours=hours), usegmt=True)


def rss(titles=("B", "A"), extra=""):
    items = "".join("<item><title>%s</title><guid isPermaLink='false'>%s</guid></item>" % (title, title)
                    for title in titles)
    return ("<rss version='2.0'><channel><title>T</title>%s%s</channel></rss>" % (extra, items)).encode()


def reply(status, *headers, body=b"", length=None):
    """As a server writes it. 304 and 204 have no body, and so no length."""
    lines = ["HTTP/1.1 %d Played" % status, *headers]
    if status not in (204, 304):
        lines.append("Content-Length: %s" % (len(body) if length is None else length))
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (b"" if status in (204, 304) else body)


def conditional(request, *headers, body=rss()):
    """304 as nginx gives it: whatever was given is sent back to the byte, and nothing else."""
    given = {name.lower(): value for name, value in (line.split(": ", 1) for line in headers)}
    for question, answer in (("if-none-match", "etag"), ("if-modified-since", "last-modified")):
        if request.headers.get(question) != given.get(answer):
            return reply(200, *headers, body=body)
    return reply(304, *headers)


class Cut(bytes):
    """Bytes after which the server hangs up."""


# polls.json: PRODUCT section 4, and what PollsJSON.swift adds to it. Members in this order, each of this form, and no
# others; a feed has the first two always.
HEX, ID, INSTANT = r"[0-9a-f]{64}", r"[a-z0-9-]+", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"
FEED = {"name": ID, "address": HEX, "etag": ".+", "last_modified": ".+", "validators_of": HEX, "body": HEX, "reader": 1, "attempted": INSTANT,
        "succeeded": INSTANT, "next": INSTANT, "unconditional": INSTANT, "failures": 1, "cuts": 1, "adopted_in_part": True,
        "moved": {"to": "https?://.+", "first": INSTANT, "times": 1}, "unborne": 1, "unborne_trials": 1, "moved_said": HEX, "window": [".+"], "missing": {}, "answers_not_modified": True,
        "max_age": 1, "ttl": 1, "skip_hours": [1], "skip_days": [1], "paused_until": INSTANT, "gone": True, "gone_settings": HEX,
        "gone_elsewhere": {"first": INSTANT, "times": 1}, "unreached": INSTANT, "gap_said": INSTANT, "reminded": INSTANT,
        "news": INSTANT,
        "ordinary": [".+"], "dry": True, "dry_settings": HEX, "doubtful": INSTANT}
POLLS = {"format": 1, "feeds": [FEED], "hosts": [{"host": ".+", "until": INSTANT, "times": 1}],
         "published": {"sha": HEX, "settings": HEX, "program": ".+", "owes_command": True,
                       "command_failure": {"reason": ".+", "said": INSTANT}, "files": {}},
         "state": {"sha": HEX, "settings": HEX, "program": ".+", "shown": 1, "pending": 1, "overdue": INSTANT, "unwell": [ID]},
         "covers": {"settled": HEX, "files": [".+"], "failed": [{"address": HEX, "failures": 1, "next": INSTANT}], "unkept": INSTANT, "unkept_said": INSTANT},
         "damage_said": INSTANT, "unpublished_said": INSTANT, "doubted": INSTANT, "overdue_seen": INSTANT, "lapses": [{"from": INSTANT, "to": INSTANT}], "clock_said": INSTANT, "outage": {"since": INSTANT, "runs": 1, "said": INSTANT}}


def misfit(value, form, place="polls.json"):
    """Where a document is not of this form, in words; "" where it is."""
    if isinstance(form, str):
        return "" if isinstance(value, str) and re.fullmatch(form, value, re.DOTALL) else "%s: %r" % (place, value)
    if type(value) is not type(form):
        return "%s: %r" % (place, value)
    if isinstance(form, list):
        return next(filter(None, (misfit(element, form[0], place + "[]") for element in value)), "")
    if isinstance(form, dict) and form:
        if [name for name in form if name in value] != list(value):
            return "%s has the members %s" % (place, list(value))
        return next(filter(None, (misfit(value[name], form[name], place + "." + name) for name in value)), "")
    return ""


class Request:
    def __init__(self, path, headers):
        self.path, self.headers = path, headers
        self.conditions = {name: headers[name] for name in ("if-none-match", "if-modified-since") if name in headers}


class Guest:
    """A store whose feeds are asked of one handler, and what both sides saw of it."""
    handlers = {}

    def __init__(self, answer, path="feed", names=("books",), settings="", is_many=False):
        # Many hosts are played by a proxy.
        proxy = "http://127.0.0.1:%d" % server.server_address[1]
        self.env = {"http_proxy": proxy} if is_many else {}
        self.number = len(Guest.handlers)
        Guest.handlers[str(self.number)] = self
        self.answer, self.requests, self.printed = answer, [], []
        self.address = "http://127.0.0.1:%d/%d/%s" % (server.server_address[1], self.number, path)
        self.store = Store("")
        self.follow(*(self.address + ("" if len(names) == 1 else name) for name in names), names=names, settings=settings)

    def at(self, host, path):
        """An address at one of many hosts."""
        return "http://%s.g%d.test/%s" % (host, self.number, path)

    def follow(self, *addresses, names=("books",), settings=""):
        self.store.write("feeds.toml", settings + "".join(
            '[[feed]]\nname = "%s"\nurl = "%s?key=%s"\nkind = "book"\n' % (name, address, SECRET)
            for name, address in zip(names, addresses)))

    def run(self, *words, hours):
        now = (START + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
        done = self.store.run(*words, now=now, env=self.env)
        self.printed += [done.stdout, done.stderr]
        return done

    def poll(self, hours=0, asked=None, **expected):
        """One run of cron; how many requests it made, and members of what it tells of its first feed."""
        before = len(self.requests)
        done = self.run("import", "--json", hours=hours)
        try:
            told = json.loads(done.stdout)["feeds"]
        except ValueError:
            check(False, self.row, "an import printed", done.stdout, done.stderr)
        if asked is not None:
            check(len(self.requests) - before == asked, self.row, "hour", hours, "asked",
                  [request.path for request in self.requests[before:]], told)
        for name, value in expected.items():
            check(told[0].get(name) == value, self.row, "hour", hours, name, "is not", repr(value), "in", told[0])
        return told

    def failed(self, reason, hours=0, asked=1, stage="fetch"):
        """One run of cron in which the first feed fails with these words."""
        told = self.poll(hours, asked=asked, outcome="failed", stage=stage)[0]
        check(told["reason"].replace("http://127.0.0.1:%d" % server.server_address[1], "HOST") == reason,
              self.row, "was told as", repr(told["reason"]))
        return self

    def known(self, place=0):
        return json.loads((self.store.path / "polls.json").read_text())["feeds"][place]

    def next(self, place=0):
        """In hours from the start."""
        return (datetime.datetime.fromisoformat(self.known(place)["next"].replace("Z", "+00:00")) - START) \
            .total_seconds() / 3600

    def sleeps(self, least, most, place=0):
        """Nobody is asked before, and the next run afterwards asks."""
        check(least - 1e-6 <= self.next(place) <= most + 1e-6, self.row, "is asked again after", self.next(place), "hours")

    def titles(self):
        return sorted(finish["title"] for finish in self.store.json("list")["finishes"])

    def events(self, kind):
        return self.store.json_lines("log", "--type", kind)

    def end(self, is_last):
        """All that there is to print, and all that was written, without the secret."""
        for words in (["import", "--all", "--verbose"], ["check"]) if not is_last else (
                ["import", "--all", "--verbose"], ["status"], ["status", "--json"], ["list", "--json"], ["log"],
                ["log", "--json"], ["state", "--json"], ["tweets", "--json"], ["check"], ["check", "--json"]):
            self.run(*words, hours=24 * 40)
        for text in self.printed:
            check(SECRET not in text, self.row, "printed the secret:", text)
        for name, data in self.store.files().items():
            if name == "polls.json":
                # Where a feed has moved to is kept for the next request, in a file that is its owner's alone.
                check((self.store.path / name).stat().st_mode & 0o777 == 0o600, "polls.json is open to others")
                polls = json.loads(data)
                check(not misfit(polls, POLLS), self.row, misfit(polls, POLLS))
                check(list(polls)[:5] == ["format", "feeds", "hosts", "published", "state"], self.row, list(polls))
                check(all(list(feed)[:2] == ["name", "address"] for feed in polls["feeds"]), self.row, polls)
                for feed in polls["feeds"]:
                    feed.get("moved", {}).pop("to", None)
                data = json.dumps(polls).encode()
            check(name == "feeds.toml" or SECRET.encode() not in data, self.row, "wrote the secret into", name)
        self.store.remove()


class Visitor(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while self.serve():
                pass
        except OSError:
            # The program had enough of it.
            pass

    def serve(self):
        line = self.rfile.readline().decode("latin-1").split()
        if len(line) < 2:
            return False
        headers = {}
        while (head := self.rfile.readline()) not in (b"\r\n", b""):
            name, _, value = head.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        # To a proxy the whole address is said: http://HOST.gNUMBER.test/PATH
        whole = re.match(r"http://([a-z]+)\.g(\d+)\.test/(.*)", line[1])
        host, number, path = whole.groups() if whole else ("", *re.sub("^http://[^/]*", "", line[1]).split("/", 2)[1:])
        guest = Guest.handlers[number]
        request = Request(path.partition("?")[0], headers)
        request.target, request.host = line[1], host
        guest.requests.append(request)
        answer = guest.answer(request)
        if answer is RESET:
            self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return False
        for piece in answer if isinstance(answer, list) else [answer]:
            self.wfile.write(piece)
        return not isinstance(answer, (Cut, list))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads, request_queue_size, block_on_close = True, 128, False


server = Server(("127.0.0.1", 0), Visitor)
threading.Thread(target=server.serve_forever, daemon=True).start()

ETAG, MODIFIED = 'ETag: "one"', "Last-Modified: Sun, 04 Jan 2026 00:00:00 GMT"


# Conditions

@row("http 1: both validators go back verbatim, from the second poll on")
def _(play):
    guest = play(lambda request: conditional(request, ETAG, MODIFIED))
    guest.poll(0, asked=1, outcome="read", finished=2)
    guest.poll(1, asked=1, outcome="unchanged")
    check([request.conditions for request in guest.requests]
          == [{}, {"if-none-match": '"one"', "if-modified-since": "Sun, 04 Jan 2026 00:00:00 GMT"}], "conditions")
    # Its manner is known now: a quarter of an hour.
    guest.sleeps(1.25, 1.25)


@row("http 2: a validator that was not given is not sent, nor one made up")
def _(play):
    for headers, sent in [((ETAG,), ["if-none-match"]), ((MODIFIED,), ["if-modified-since"]), ((), [])]:
        guest = play(lambda request: conditional(request, *headers) if headers else reply(200, body=rss()))
        guest.poll(0, asked=1, outcome="read")
        guest.poll(1, asked=1, outcome="unchanged")
        check(list(guest.requests[1].conditions) == sent, "sent", guest.requests[1].conditions)


@row("http 3: weak, unquoted, empty and odd tags are the server's own business")
def _(play):
    for tag in ['W/"weak"', "unquoted", '"with-gzip"-gzip', 'W/"x;y=z"', '"a, b"', '""', "2026-01-05 odd date"]:
        guest = play(lambda request: conditional(request, "ETag: " + tag, "Last-Modified: yesterday, at tea time"))
        guest.poll(0, asked=1, outcome="read")
        guest.poll(1, asked=1, outcome="unchanged")
        check(guest.requests[1].conditions == {"if-none-match": tag, "if-modified-since": "yesterday, at tea time"},
              "sent", guest.requests[1].conditions)


@row("validators go back by the byte, also where they are not ASCII")
def _(play):
    # As Latin-1 writes it, as UTF-8 does, and as nobody does.
    for odd in ("caf\xe9", "caf\xc3\xa9", "\xff\xfe\x80\xbf"):
        guest = play(lambda request: conditional(request, 'ETag: "%s"' % odd, "Last-Modified: d\xe9c %s" % odd))
        guest.poll(0, asked=1, outcome="read")
        guest.poll(1, asked=1, outcome="unchanged")
        check(guest.requests[1].conditions == {"if-none-match": '"%s"' % odd, "if-modified-since": "d\xe9c %s" % odd},
              "sent", guest.requests[1].conditions)


@row("http 4: a tag that changes with each answer: the same bytes are not read again, the newest tag is sent")
def _(play):
    def answer(request):
        packed = len(guest.requests) % 2 == 0
        body = gzip.compress(rss()) if packed else rss()
        tag = 'ETag: "%d%s"' % (len(guest.requests), "-gzip" if packed else "")
        return reply(200, tag, *(["Content-Encoding: gzip"] if packed else []), body=body)
    guest = play(answer)
    guest.poll(0, asked=1, outcome="read")
    for hour in range(1, 5):
        guest.poll(hour, asked=1, outcome="unchanged")
        sent = guest.requests[-1].conditions
        check(sent == {"if-none-match": '"%d%s"' % (hour, "-gzip" if hour % 2 == 0 else "")}, "sent", sent)


@row("http 6: validators go with another address, a broken document, a constant date and Expires: 0")
def _(play):
    guest = play(lambda request: conditional(request, ETAG))
    guest.poll(0, asked=1)
    guest.follow(guest.address.replace("feed", "other"))
    guest.poll(0.25, asked=1)
    check(guest.requests[1].conditions == {}, "another address was sent", guest.requests[1].conditions)
    for headers in [("Last-Modified: Tue, 19 Jan 2038 03:14:07 GMT",), (ETAG, "Expires: 0")]:
        guest = play(lambda request: reply(200, *headers, body=rss()))
        guest.poll(0, asked=1, outcome="read")
        guest.poll(1, asked=1)
        check(guest.requests[1].conditions == {}, headers, "were sent back")
    guest = play(lambda request: reply(200, ETAG, body=rss()[:-40]) if len(guest.requests) > 1 else reply(200, body=rss()))
    for hour in range(3):
        guest.poll(hour, asked=1, outcome="read")
    check(guest.requests[2].conditions == {}, "the tag of a broken document was sent back")


@row("http 7: what a 304 says anew replaces the old")
def _(play):
    tags = ['"one"', '"one"', '"two"', '"two"']

    def answer(request):
        tag = tags[min(len(guest.requests), 4) - 1]
        return reply(304 if request.conditions else 200, "ETag: " + tag, "Cache-Control: max-age=7200", body=rss())
    guest = play(answer)
    for hour in (0, 2, 4, 6):
        guest.poll(hour, asked=1)
    sent = [request.conditions.get("if-none-match") for request in guest.requests]
    check(sent == [None, '"one"', '"one"', '"two"'], "sent", sent)


@row("http 8: a 304 to a question without a condition is an error")
def _(play):
    guest = play(lambda request: reply(304, ETAG))
    guest.failed('HOST says "not modified" to a request without a condition')
    guest.failed('HOST says "not modified" to a request without a condition', hours=3)
    check(guest.requests[1].conditions == {}, "a tag was kept")


@row("http 9: who says 304 for ever is asked without a condition about every eight days")
def _(play):
    guest = play(lambda request: reply(304 if request.conditions else 200, ETAG, body=rss()))
    for hour in range(0, 24 * 26, 6):
        guest.poll(hour, asked=1)
    bare = [place * 6 for place, request in enumerate(guest.requests) if not request.conditions]
    check(bare[0] == 0 and len(bare) == 4, "without a condition in hours", bare)
    check(all(24 * 7 <= later - sooner <= 24 * 9 for sooner, later in zip(bare, bare[1:])), bare)


# Statuses

@row("http 10: 200 and 203 are read")
def _(play):
    for status in (200, 203):
        guest = play(lambda request: reply(status, body=rss()))
        guest.poll(0, asked=1, outcome="read", finished=2)


@row("http 11: no document: 204, 205 and an empty body are failures, and their validators worth nothing")
def _(play):
    for status, words, stage in [(204, "answered without a document (204)", "fetch"),
                                 (205, "answered without a document (205)", "fetch"),
                                 (200, "the document is empty", "read")]:
        guest = play(lambda request: reply(status, ETAG))
        guest.failed(words, stage=stage).sleeps(1.8, 2.2)
        guest.failed(words, hours=3, stage=stage)
        check(guest.requests[1].conditions == {}, "a tag was kept")


@row("http 12: a part (206) was not asked for, and is no document")
def _(play):
    guest = play(lambda request: reply(206, ETAG, "Content-Range: bytes 0-99/100", body=rss()))
    guest.failed("answered with a part alone, which nobody asked for (206)")
    check("range" not in guest.requests[0].headers, "asked for a range")


@row("http 13: what is new alone (226) was not asked for, and is no document")
def _(play):
    guest = play(lambda request: reply(226, ETAG, "IM: feed", body=rss()))
    guest.failed("answered with what is new alone, which nobody asked for (226)")
    check("a-im" not in guest.requests[0].headers, "asked for a delta")


@row("http 14: a choice is no feed")
def _(play):
    play(lambda request: reply(300, "Location: other", body=rss())).failed("offers a choice and no feed (300)")


@row("http 18: a redirect without a Location leads nowhere")
def _(play):
    for status in (301, 302, 303, 307, 308):
        play(lambda request: reply(status, body=rss())).failed("redirects to nowhere (%d)" % status)


def moving(status):
    return lambda request: reply(status, "Location: new?key=" + SECRET) if request.path == "feed" \
        else conditional(request, ETAG)


@row("http 15: 301 and 308 are followed, and believed when seen three times over a day")
def _(play):
    for status in (301, 308):
        guest = play(moving(status))
        for hour in (0, 1, 2, 23):
            guest.poll(hour, asked=2)
        check(guest.events("feed-moved") == [], "believed too soon")
        guest.poll(25, asked=2)
        check(len(guest.events("feed-moved")) == 1, "not believed after a day")
        guest.poll(26, asked=1, outcome="unchanged")
        check(guest.requests[-1].path == "new", "asked", guest.requests[-1].path)


@row("http 16: a way that is temporary in part, and one that ends in no feed, move nothing")
def _(play):
    def portal(request):
        return reply(301, "Location: welcome") if request.path == "feed" \
            else reply(200, "Content-Type: text/html", body=b"<html><title>Hotel</title></html>")

    def mixed(request):
        target = {"feed": (301, "middle"), "middle": (302, "new")}.get(request.path)
        return reply(target[0], "Location: " + target[1]) if target else reply(200, body=rss())
    for answer, asked in ((portal, 2), (mixed, 3)):
        guest = play(answer)
        for hour in (0, 30, 60, 90, 120):
            guest.poll(hour, asked=asked)
        check(guest.events("feed-moved") == [], "it was believed")


@row("http 17: 302, 303 and 307 are followed and never remembered")
def _(play):
    for status in (302, 303, 307):
        guest = play(moving(status))
        for hour in (0, 30, 60, 90):
            guest.poll(hour, asked=2)
        check(guest.requests[-2].path == "feed" and guest.events("feed-moved") == [], "it was remembered")


def refused(play, status, words):
    """Told in words, asked ever less often, and nothing of it is kept."""
    guest = play(lambda request: reply(status, ETAG, body=b"no"))
    guest.failed(words).sleeps(1.8, 2.2)
    guest.failed(words, hours=3).sleeps(3 + 3.6, 3 + 4.4)
    check(guest.requests[1].conditions == {}, "a tag was kept")


@row("http 19: who does not understand us (400, 406, 414, 415) is asked ever less often")
def _(play):
    for status in (400, 406, 414, 415):
        refused(play, status, "does not understand the request, or refuses it (%d)" % status)


@row("http 20: who keeps us out (401, 403, 407, 451) is told in words, and asked ever less often")
def _(play):
    for status, words in [(401, "wants a login"), (403, "refuses us"), (407, "wants a login"),
                          (451, "withheld for legal reasons")]:
        refused(play, status, "%s (%d)" % (words, status))


@row("http 22: a feed that is not found (404) is asked ever less often, and never given up")
def _(play):
    refused(play, 404, "not found (404)")
    down = True
    guest = play(lambda request: reply(404) if down else reply(200, body=rss()))
    for day in range(0, 40, 2):
        guest.failed("not found (404)", hours=24 * day)
    check(len(guest.events("feed-failing")) == 1, "said more than once, or never")
    down = False
    guest.poll(24 * 42, asked=1, outcome="read")


@row("http 21: a wall against programs is called one, and asked once a day")
def _(play):
    for answer, words, stage in [
        (reply(403, "cf-mitigated: challenge", body=b"<html>"), "keeps programs out with a challenge (403): only a "
         "browser gets past it", "fetch"),
        (reply(503, body=b"<html><script src='/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1'></script>"),
         "keeps programs out with a challenge (503): only a browser gets past it", "fetch"),
        (reply(200, "Content-Type: text/html", body=b"<html><title>Just a moment...</title></html>"),
         'a wall against programs answers instead of the feed ("Just a moment...")', "read"),
    ]:
        play(lambda request: answer).failed(words, stage=stage).sleeps(24, 24)


@row("http 23: 410 is the end, until feeds.toml names another address")
def _(play):
    guest = play(lambda request: reply(410) if request.path == "feed" else reply(200, body=rss()))
    guest.failed("gone for good (410)")
    for day in range(1, 20, 3):
        guest.poll(24 * day, asked=0, outcome="gone")
    check(len(guest.events("feed-gone")) == 1, "said more than once, or never")
    guest.follow(guest.address.replace("feed", "new"))
    guest.poll(24 * 20, asked=1, outcome="read")


@row("410: another word in its part of feeds.toml, or its name, asks again at the same address, once")
def _(play):
    status = 410
    guest = play(lambda request: reply(status, body=rss()))
    guest.failed("gone for good (410)")
    guest.run("import", "books", hours=0.1)
    check(len(guest.requests) == 2, "its name did not ask again")
    guest.run("import", "--all", hours=24)
    check(len(guest.requests) == 2, "--all asked again")
    settings = (guest.store.path / "feeds.toml").read_text()
    guest.store.write("feeds.toml", settings + 'every = "2h"\n')
    guest.poll(24.1, asked=1, outcome="failed")
    guest.poll(72, asked=0, outcome="gone")
    # What is said of others is no reason.
    guest.store.write("feeds.toml", '[site]\ntitle = "Other"\n' + settings + 'every = "2h"\n')
    guest.poll(96, asked=0, outcome="gone")
    check(len(guest.events("feed-gone")) == 1, "said more than once")
    told = guest.run("import", "--verbose", hours=97).stdout
    check('gone for good; asked again when its part of feeds.toml changes, or by "colophon import books"' in told, told)
    status = 200
    guest.run("import", "books", hours=98)
    check(len(guest.requests) == 4 and guest.titles() == ["A", "B"], "its name did not ask again")
    check(len(guest.events("feed-recovered")) == 1, "its recovery was not said")
    guest.poll(120, asked=1)


@row("http 24: trouble that passes (408, 425, 5xx) is told in words, and tried again in two hours or so")
def _(play):
    for status, words in [(408, "waited for us too long (408)"), (425, "wants to be asked later (425)"),
                          (500, "the server fails (500)"), (502, "the server fails (502)"),
                          (503, "is not available for now (503)"), (504, "the server fails (504)")]:
        play(lambda request: reply(status)).failed(words).sleeps(1.8, 2.2)


@row("http 32: failures double the wait, to a day at most, and one good answer ends it")
def _(play):
    down = True
    guest = play(lambda request: reply(500) if down else reply(200, body=rss()))
    hour = 0
    for wait in (2, 4, 8, 16, 24, 24):
        guest.failed("the server fails (500)", hours=hour)
        # A tenth more or less, so that not all who found it down come back at once.
        guest.sleeps(hour + wait * 0.9, hour + min(24, wait * 1.1))
        guest.poll(guest.next() - 0.01, asked=0)
        hour = guest.next()
    check(hour != round(hour), "all come back on the hour")
    down = False
    guest.poll(hour, asked=1, outcome="read")
    guest.sleeps(hour + 1, hour + 1)


# Retry-After

@row("http 25: Retry-After holds with each status that is a failure")
def _(play):
    for status in (503, 429, 404, 500):
        guest = play(lambda request: reply(status, "Retry-After: 18000"))
        guest.poll(0, asked=1, outcome="failed")
        guest.sleeps(5, 5)
        guest.run("import", "--all", hours=4.9)
        check(len(guest.requests) == 1, "a person's impatience broke it")
        guest.poll(5, asked=1)


@row("Retry-After holds with each status that is none, and with a redirect")
def _(play):
    def redirecting(request):
        return reply(301, "Retry-After: 18000", "Location: new") if request.path == "feed" else reply(200, body=rss())
    for answer, asked in ((lambda request: reply(200, "Retry-After: 18000", body=rss()), 1), (redirecting, 2),
                          (lambda request: reply(200, "Retry-After: " + date(5), body=rss()), 1)):
        guest = play(answer)
        guest.poll(0, asked=asked, outcome="read", finished=2)
        guest.sleeps(5, 5)
        guest.run("import", "--all", hours=4.9)
        check(len(guest.requests) == asked, "a person's impatience broke it")
        guest.poll(5, asked=asked)
    wish = ["Retry-After: 18000"]
    guest = play(lambda request: conditional(request, ETAG) if len(guest.requests) != 2 else reply(304, ETAG, *wish))
    guest.poll(0, asked=1)
    guest.poll(1, asked=1, outcome="unchanged")
    guest.sleeps(6, 6)
    # It only lengthens, to a day at most.
    for wish, least in ((["Retry-After: 60"], 1), (["Retry-After: 999999"], 24), (["Retry-After: soon"], 1)):
        guest = play(lambda request: reply(200, *wish, body=rss()))
        guest.poll(0, asked=1)
        guest.sleeps(least, least)


@row("http 26: 429 stops the whole host, in this run and until its time has come")
def _(play):
    guest = play(lambda request: reply(429, "Retry-After: 7200") if request.path.endswith("a")
                 else (wait.wait(0.3), reply(200, body=rss()))[1], names=tuple("abcdefghijkl"),
                 settings="[fetch]\nper_host = 1\n")
    wait = threading.Event()
    guest.poll(0)
    # Eight are asked at once of a loopback address that feeds.toml names; the others not at all.
    first = len(guest.requests)
    check(first <= 8, "asked", first)
    guest.run("import", "--all", hours=1.9)
    check(len(guest.requests) == first, "asked during a 429")
    guest.poll(2)
    check(len(guest.requests) > first, "never asked again")


@row("a pause outlives the run: no redirect leads to the host, and no backfill asks it")
def _(play):
    def answer(request):
        if request.host == "away":
            return reply(302, "Location: " + guest.at("shop", "other"))
        return reply(429, "Retry-After: 36000") if guest.busy else reply(200, body=rss())
    guest = play(answer, is_many=True)
    guest.busy = True
    guest.follow(guest.at("shop", "feed"), guest.at("away", "feed"), names=("shop", "away"))
    guest.poll(0, asked=2)
    for hour in (1, 3, 9.9):
        guest.poll(hour, asked=0, outcome="not-due")
        before = len(guest.requests)
        done = guest.run("backfill", "shop", hours=hour)
        check(len(guest.requests) == before, "a backfill asked during a pause")
        check("has asked to be left alone until 2026-01-05T10:00:00Z" in done.stdout + done.stderr, done)
    check(guest.known(1).get("failures") == 1, "who leads to a paused host has not failed once:", guest.known(1))
    guest.busy = False
    told = guest.poll(10, asked=3)
    check([feed["outcome"] for feed in told] == ["read", "read"], told)


@row("a cover at a private server is asked for only by the feed that is asked there")
def _(play):
    def answer(request):
        if request.path == "feed":
            return reply(200, body=rss(("A",)).replace(b"</item>", b"<description>&lt;img src='%s'&gt;</description></item>"
                                                       % guest.address.replace("feed", "admin").encode()))
        return reply(200, "Content-Type: image/gif", body=b"GIF89a") if request.path == "admin" else reply(200, body=rss(("B",)))
    for is_own in (False, True):
        guest = play(answer, is_many=True)
        near = guest.address if is_own else guest.address.replace("feed", "near")
        guest.follow(guest.at("a", "near" if is_own else "feed"), near, names=("far", "near"))
        guest.poll(0)
        asked = [request.path for request in guest.requests]
        check(asked.count("admin") == is_own, "asked", asked)


@row("http 27: 429 without a time is an hour, then two")
def _(play):
    guest = play(lambda request: reply(429))
    guest.failed("asks us to wait (429)").sleeps(1, 1.1)
    hour = guest.next()
    guest.failed("asks us to wait (429)", hours=hour).sleeps(hour + 1.8, hour + 2.2)


def asks_to_wait(play, *answers):
    for value, least, most in answers:
        guest = play(lambda request: reply(503, "Retry-After: " + value))
        guest.poll(0, asked=1, outcome="failed")
        guest.sleeps(least, most)
        guest.poll(least - 0.01, asked=0)
        guest.poll(most, asked=1)


@row("http 28: Retry-After in seconds is kept to the second")
def _(play):
    asks_to_wait(play, ("36000", 10, 10), ("5400", 1.5, 1.5))


@row("http 29: Retry-After as a date, in each of its three forms")
def _(play):
    asks_to_wait(play, ("Mon, 05 Jan 2026 10:00:00 GMT", 10, 10), ("Monday, 05-Jan-26 10:00:00 GMT", 10, 10),
                 ("Mon Jan  5 10:00:00 2026", 10, 10))


@row("http 30: Retry-After that is past, negative or nonsense is a failure's wait, more than a day is a day")
def _(play):
    asks_to_wait(play, ("0", 1.8, 2.2), ("-60", 1.8, 2.2), ("1e9", 1.8, 2.2), ("soon", 1.8, 2.2),
                 ("Mon, 05 Jan 1998 00:00:00 GMT", 1.8, 2.2), ("Mon, 99 Jan 2026 10:00:00 GMT", 1.8, 2.2),
                 ("99999999999999999999", 24, 24), ("Tue, 05 Jan 2038 00:00:00 GMT", 24, 24))


@row("http 31: a date counts by the server's own clock where that is another")
def _(play):
    guest = play(lambda request: reply(503, "Date: " + date(48), "Retry-After: " + date(53)))
    guest.poll(0, asked=1, outcome="failed")
    guest.sleeps(5, 5)


# How often

@row("http 33: max-age only lengthens, also by a 304; s-maxage, no-cache, no-store and nonsense do not")
def _(play):
    for value, hours in [("max-age=18000", 5), ("public, MAX-AGE=18000, must-revalidate", 5), ('max-age="18000"', 5),
                         ("max-age=60", 1), ("s-maxage=18000", 1), ("no-cache", 1), ("no-store, max-age=0", 1),
                         ("max-age=soon", 1), ("max-age=-5", 1)]:
        guest = play(lambda request: conditional(request, ETAG, "Cache-Control: " + value))
        guest.poll(0, asked=1, outcome="read")
        guest.sleeps(hours, hours)
        guest.poll(hours, asked=1, outcome="unchanged")
        later = hours + (5 if hours == 5 else 0.25)
        guest.sleeps(later, later)


@row("http 34: Expires less Date counts where there is no max-age")
def _(play):
    for headers, hours in [(("Date: " + date(0), "Expires: " + date(5)), 5),
                           (("Date: " + date(0), "Expires: " + date(5), "Cache-Control: max-age=7200"), 2),
                           (("Date: " + date(0), "Expires: " + date(-5)), 1), (("Expires: -1",), 1)]:
        guest = play(lambda request: reply(200, *headers, body=rss()))
        guest.poll(0, asked=1, outcome="read")
        guest.sleeps(hours, hours)


def lengthened(play, *documents):
    for extra, hours in documents:
        guest = play(lambda request: reply(200, body=rss(extra=extra)))
        guest.poll(0, asked=1, outcome="read")
        guest.sleeps(hours, hours)


def updated(period, frequency):
    return ('<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">%s</sy:updatePeriod>'
            '<sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">%s</sy:updateFrequency>'
            % (period, frequency))


@row("http 35: ttl lengthens, and never shortens")
def _(play):
    lengthened(play, ("<ttl>300</ttl>", 5), ("<ttl>5</ttl>", 1), ("<ttl>-3</ttl>", 1), ("<ttl>x</ttl>", 1))


@row("http 36: sy: lengthens, and never shortens")
def _(play):
    lengthened(play, (updated("daily", 4), 6), (updated("hourly", 1), 1), (updated("hourly", 60), 1),
               (updated("daily", 0), 24))


@row("http 38: a day is the most that anybody gets, whoever asks for it and in what way")
def _(play):
    lengthened(play, ("<ttl>400000</ttl>", 24), (updated("weekly", 1), 24), (updated("yearly", 1), 24))
    for advice in ("Cache-Control: max-age=31536000", "Expires: Tue, 05 Jan 2038 00:00:00 GMT"):
        guest = play(lambda request: reply(200, "Date: " + date(0), advice, body=rss()))
        guest.poll(0, asked=1, outcome="read")
        guest.sleeps(24, 24)


@row("http 37: skipped hours and days are left out, unless they are all there are")
def _(play):
    def hours(*numbers):
        return "<skipHours>%s</skipHours>" % "".join("<hour>%d</hour>" % number for number in numbers)
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    # For a day at most: PRODUCT section 4.
    for extra, least in [(hours(1, 2, 3), 4), (hours(*range(1, 24)), 24), (hours(*range(24)), 1),
                         (hours(*range(1, 25)), 1), ("<skipDays><day>Monday</day></skipDays>", 24),
                         ("<skipDays>%s</skipDays>" % "".join("<day>%s</day>" % day for day in days[:3]), 24),
                         ("<skipDays>%s</skipDays>" % "".join("<day>%s</day>" % day for day in days), 1)]:
        guest = play(lambda request: reply(200, body=rss(extra=extra)))
        guest.poll(0, asked=1, outcome="read")
        guest.sleeps(least, least)


@row("http 39: one request an address and run, with a name to write to, and nothing that gives a guest away")
def _(play):
    guest = play(lambda request: conditional(request, ETAG, "Set-Cookie: visitor=1"),
                 settings='[fetch]\ncontact = "https://example.org/about/"\n')
    guest.store.write("feeds.toml", (guest.store.path / "feeds.toml").read_text() + '[[feed]]\nname = "again"\n'
                      'url = "%s?key=%s#fragment"\nkind = "book"\n' % (guest.address, SECRET))
    guest.poll(0, asked=1)
    guest.poll(1, asked=1)
    first, second = guest.requests
    check(first.target == second.target and "#" not in first.target, "targets", first.target, second.target)
    check(set(first.headers) == {"host", "user-agent", "accept-encoding", "accept"}, "sent", first.headers)
    check(set(second.headers) == {"host", "user-agent", "accept-encoding", "accept", "if-none-match"}, second.headers)
    name = first.headers["user-agent"]
    check(name.startswith("Colophon/") and name.endswith(" (+https://example.org/about/)"), name)


@row("http 40: compressed answers are asked for and understood")
def _(play):
    packed = {"gzip": gzip.compress(rss()), "deflate": zlib.compress(rss())}
    for coding, body in packed.items():
        guest = play(lambda request: reply(200, "Content-Encoding: " + coding, body=body))
        guest.poll(0, asked=1, outcome="read", finished=2)
        check("gzip" in guest.requests[0].headers["accept-encoding"], "gzip is not asked for")
    twice = play(lambda request: reply(200, "Content-Encoding: gzip, gzip", body=gzip.compress(packed["gzip"])))
    twice.poll(0, asked=1, outcome="read", finished=2)


@row("http 41: a run that dies while it asks has asked: the next one waits as after a failure")
def _(play):
    guest = play(lambda request: (os.kill(child.pid, signal.SIGKILL), b"")[1])
    for hour, asks in [(0, 1), (0.25, 0), (0.9, 0), (1, 1), (1.5, 0)]:
        now = (START + datetime.timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%SZ")
        before = len(guest.requests)
        child = subprocess.Popen([PROGRAM, "import", "--store", str(guest.store.path)], stdin=subprocess.DEVNULL,
                                 env={"PATH": "/usr/bin:/bin", "COLOPHON_NOW": now})
        check(child.wait() == (-signal.SIGKILL if asks else 0), "ended with", child.returncode)
        check(len(guest.requests) - before == asks, "hour", hour, "asked", len(guest.requests) - before)
    guest.answer = lambda request: conditional(request, ETAG)
    guest.poll(3, asked=1, outcome="read", finished=2)
    check(guest.requests[-1].conditions == {}, "a tag of a run that died")


# Bodies and heads

def bomb(megabytes):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([packer.compress(bytes(1 << 20)) for _ in range(megabytes)] + [packer.flush()])


@row("http 43: a bomb of gzip is told long before it fills the memory")
def _(play):
    packed = bomb(64)
    play(lambda request: reply(200, "Content-Encoding: gzip", body=packed)).failed(
        "HOST answers with a bomb: a body that is more than a hundred times as long as what was sent")


@row("http 44: a body without an end is cut")
def _(play):
    def endless(request):
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        return [head] + [b"10000\r\n" + b"x" * 65536 + b"\r\n"] * 400
    play(endless).failed("HOST answers with more than 16777216 bytes")


@row("http 45: a body announced as too long is not even begun")
def _(play):
    play(lambda request: Cut(reply(200, length=16777217))).failed("HOST answers with more than 16777216 bytes")


@row("http 48: a body that ends too soon is no body, and leaves what was known")
def _(play):
    whole = rss(("C", "B", "A"))
    for cut in [Cut(reply(200, 'ETag: "cut"', body=whole[:-50], length=len(whole))),
                Cut(b"HTTP/1.1 200 OK\r\nETag: \"cut\"\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n" + whole[:32] + b"\r\n"),
                Cut(b"HTTP/1.1 200 OK\r\nETag: \"cut\"\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + whole),
                Cut(reply(200, 'ETag: "cut"', "Content-Encoding: gzip", body=gzip.compress(whole)[:-20], length=200))]:
        guest = play(lambda request: cut if len(guest.requests) == 2 else conditional(request, ETAG, body=rss()))
        guest.poll(0, asked=1, outcome="read", finished=2)
        guest.failed("HOST hung up in the middle of its answer", hours=1)
        guest.poll(3, asked=1, outcome="unchanged")
        check(guest.requests[2].conditions == {"if-none-match": '"one"'}, "sent", guest.requests[2].conditions)
        check(guest.titles() == ["A", "B"], "finishes", guest.titles())


@row("http 49: a body that only the end of the connection ends may be cut: its entries are taken, no validator")
def _(play):
    body = rss(("C", "B", "A"))
    guest = play(lambda request: Cut(b"HTTP/1.0 200 OK\r\n" + ETAG.encode() + b"\r\n\r\n"
                                     + (body[:-80] if len(guest.requests) in (1, 3) else body)))
    # Of a feed that was never read the rest would be news.
    guest.poll(0, asked=1, outcome="failed")
    guest.poll(2, asked=1, outcome="read")
    check(guest.requests[1].conditions == {}, "a tag of half a document was kept")
    check(guest.titles() == ["A", "B", "C"], guest.titles())
    body = rss(("D", "C", "B", "A"))
    guest.poll(3, asked=1, outcome="read")
    check(guest.requests[2].conditions == {"if-none-match": '"one"'}, "the tag of the whole was not kept")
    guest.poll(4, asked=1, outcome="read")
    check(guest.requests[3].conditions == {}, "a tag of half a document was kept")
    check(guest.titles() == ["A", "B", "C", "D"], guest.titles())


@row("http 51: a wrong Content-Length: no number, too long, too short")
def _(play):
    play(lambda request: Cut(reply(200, body=rss(), length="five"))).failed("HOST does not answer in HTTP")
    play(lambda request: Cut(reply(200, body=rss(), length="-5"))).failed("HOST does not answer in HTTP")
    play(lambda request: Cut(reply(200, body=rss(), length=len(rss()) + 9))).failed(
        "HOST hung up in the middle of its answer")
    guest = play(lambda request: Cut(reply(200, ETAG, body=rss(), length=len(rss()) - 9)))
    guest.poll(0, asked=1, outcome="failed")
    guest.poll(2, asked=1, outcome="failed")
    # It gives no other.
    guest.poll(6, asked=1, outcome="read")
    check("etag" not in guest.known(), "a tag of half a document was kept")


@row("http 52: headers of a megabyte, in one line or in many")
def _(play):
    play(lambda request: Cut(reply(200, "X-Big: " + "x" * 1_000_000, body=rss()))).failed(
        "HOST answers with endless headers")
    many = ["X-%d: %s" % (number, "x" * 1000) for number in range(1000)]
    play(lambda request: Cut(reply(200, *many, body=rss()))).failed("HOST answers with endless headers")


@row("http 53: a coding that is none, or another than was said")
def _(play):
    for coding in ("gzip", "deflate", "br", "zstd"):
        guest = play(lambda request: Cut(reply(200, "Content-Encoding: " + coding, body=rss())))
        check(guest.poll(0, asked=1)[0]["outcome"] == "failed", coding, "was believed")
    guest = play(lambda request: Cut(reply(200, "Content-Encoding: klingon", body=rss())))
    check(guest.poll(0, asked=1)[0]["outcome"] == "failed", "an unknown coding was believed")
    six = rss()
    for _ in range(6):
        six = gzip.compress(six)
    guest = play(lambda request: Cut(reply(200, "Content-Encoding: " + ", ".join(["gzip"] * 6), body=six)))
    check(guest.poll(0, asked=1)[0]["outcome"] == "failed", "six codings on each other were unpacked")


@row("http 54: what is not HTTP, and HTTP without a head")
def _(play):
    play(lambda request: Cut(b"SSH-2.0-OpenSSH_9.2\r\n")).failed("HOST does not answer in HTTP")
    play(lambda request: Cut(rss())).failed("HOST does not answer in HTTP")


@row("http 55: who hangs up or resets without an answer")
def _(play):
    play(lambda request: Cut()).failed("HOST hung up without an answer")
    play(lambda request: RESET).failed("HOST hung up without an answer")


@row("http 67: a validator with a control character in it is not sent back, and makes no second header")
def _(play):
    guest = play(lambda request: reply(200, "ETag: \"a\x01b\"", body=rss()))
    guest.poll(0, asked=1, outcome="read")
    guest.poll(1, asked=1)
    check(guest.requests[1].conditions == {}, "sent", guest.requests[1].conditions)


# Redirects

@row("http 56: circles, and more than ten steps")
def _(play):
    play(lambda request: reply(302, "Location: %s?key=%s" % ("b" if request.path == "feed" else "feed", SECRET))).failed(
        "HOST redirects in a circle", asked=2)
    play(lambda request: reply(302, "Location: x%d" % len(guests[-1].requests))).failed(
        "HOST redirects more than 10 times", asked=11)


@row("http 57: redirects to other schemes")
def _(play):
    for target, scheme in [("ftp://example.org/x", "ftp"), ("file:///etc/passwd", "file"), ("gopher://127.0.0.1/", "gopher"),
                           ("feed://example.org/", "feed"), ("dict://127.0.0.1:11211/stats", "dict")]:
        play(lambda request: reply(302, "Location: " + target)).failed(
            'HOST redirects astray: only http and https addresses are asked, not "%s"' % scheme)
    for target in ("javascript:alert(1)", "mailto:a@example.org", "http://", "http://user:sesame@example.org/"):
        guest = play(lambda request: reply(302, "Location: " + target))
        told = guest.poll(0, asked=1, outcome="failed")[0]
        check("redirects astray" in told["reason"] and "sesame" not in told["reason"], told)


@row("http 58: redirects to private addresses, however they are written, and to other ports")
def _(play):
    port = server.server_address[1]
    targets = ["http://10.1.2.3/", "http://192.168.1.1/admin", "http://169.254.169.254/latest/meta-data/",
               "http://127.0.0.2:%d/" % port, "http://[::1]:%d/" % port, "http://[::ffff:127.0.0.1]:%d/" % port,
               "http://[fe80::1]/", "http://2130706434:%d/" % port, "http://0x7f.2:%d/" % port, "http://127.2:%d/" % port,
               "http://localhost:%d/" % port, "http://0.0.0.0:%d/" % port, "http://100.64.0.1/", "http://[64:ff9b::a00:1]/",
               "http://0177.0.0.2:%d/" % port, "http://0:%d/" % port, "http://%%31%%32%%37.0.0.2:%d/" % port,
               "http://127.000.000.002:%d/" % port, "//127.0.0.2:%d/" % port, "http:/127.0.0.2:%d/" % port,
               "http://[::]:%d/" % port, "http://[::127.0.0.1]:%d/" % port, "http://[2002:7f00:1::]/", "http://[fd00::1]/",
               "http://[fe80::1%25lo]/", "http://LOCALHOST.:%d/" % port, "http://printer.localhost:%d/" % port]
    try:
        # A name that this machine gives a private address to, and that no list of names would hold.
        if socket.getaddrinfo("ip6-loopback", port):
            targets.append("http://ip6-loopback:%d/" % port)
    except OSError:
        pass
    for target in targets:
        guest = play(lambda request: reply(302, "Location: " + target))
        told = guest.poll(0, asked=1, outcome="failed")[0]
        check(told["reason"].endswith("is a private address, and not one that was named"), target, told)
    guest = play(lambda request: reply(302, "Location: http://127.0.0.1:22/"))
    guest.failed("HOST redirects to an unusual port: http://127.0.0.1:22")


@row("http 64: nobody is there")
def _(play):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        empty = probe.getsockname()[1]
    guest = play(lambda request: b"")
    guest.follow("http://127.0.0.1:%d/feed" % empty)
    guest.poll(0, asked=0, outcome="failed", reason="http://127.0.0.1:%d refuses to be connected to" % empty)


@row("http 66: a user, a password or another scheme in an address are a mistake in feeds.toml, a blank is encoded")
def _(play):
    guest = play(lambda request: reply(200, body=rss()))
    for address in ("http://user:sesame@127.0.0.1/feed", "ftp://example.org/feed"):
        guest.follow(address)
        done = guest.run("import", hours=0)
        check(done.returncode == 78 and "feeds.toml:3:" in done.stderr, address, done)
        check("sesame" not in done.stderr, done.stderr)
    guest.follow(guest.address + " 1")
    guest.poll(0, asked=1)
    check(guest.requests[0].path == "feed%201", guest.requests[0].path)


@row("http 68: pages for people where a feed was: a login, another document, an error in words")
def _(play):
    for body, words in [
        (b"<html><title>Sign in to Site</title></html>", 'a login page answers instead of the feed ("Sign in to Site")'),
        (b"<!doctype html><title>Welcome</title><input type=password>", 'a login page answers instead of the feed ("Welcome")'),
        (b"<html><title>My blog</title></html>", 'the answer is an HTML page ("My blog") instead of a feed'),
        (b"<opml/>", 'the answer is XML with the root "opml", which is no feed'),
        (b'{"error":"no"}', "the answer is JSON without the version of JSON Feed"),
        (b"gone fishing", 'the answer is neither XML nor JSON; it begins "gone fishing"'),
    ]:
        guest = play(lambda request: reply(200, ETAG, body=body))
        guest.failed(words, stage="read").sleeps(1.8, 2.2)
        guest.failed(words, hours=2, stage="read")
        check(guest.requests[1].conditions == {}, "a tag of no feed was kept")


# What PRODUCT section 4 says besides.

@row("bad bytes cost at most their entry")
def _(play):
    for bad in (b"\xff\xfe\x80", b"\x00\x01\x1b", b"caf\xe9", b"\xed\xa0\x80", b"&nosuch; & &#x110000;", b"a < b <br> c",
                b"<![CDATA[ ]] ", b"<!-- -- --", b"</title></item></channel>"):
        body = rss(("A", "@", "C")).replace(b">@</title>", b">" + bad + b"</title>")
        guest = play(lambda request: reply(200, ETAG, body=body))
        # What swallows the end of the document cuts it off, and what ends an entry early tears it: a feed is begun with a
        # whole one, where it gives any.
        if guest.poll(-6, asked=1)[0]["outcome"] == "failed":
            check(bad[:3] in (b"<![", b"<!-", b"</t"), bad, "was refused")
            guest.poll(-4, asked=1, outcome="failed")
            guest.poll(0, asked=1, outcome="read")
        kept = guest.titles()
        # What swallows the end of its own entry may take along what it swallowed, but nothing before it.
        check("A" in kept and ("C" in kept or bad[:3] in (b"<![", b"<!-", b"</t")), bad, "left", kept)
        check(guest.poll(2, asked=1)[0]["outcome"] in ("read", "unchanged"), bad)


@row("a month without news halves the pace, two halve it again, and news ends that")
def _(play):
    tag, titles = 'ETag: "1"', ("A",)
    guest = play(lambda request: conditional(request, tag, body=rss(titles)))
    guest.poll(0, asked=1)
    guest.poll(1, asked=1, outcome="unchanged")
    for day, pause in ((29, 0.25), (31, 0.5), (61, 1), (200, 6)):
        guest.poll(24 * day, asked=1)
        guest.sleeps(24 * day + pause, 24 * day + pause)
    tag, titles = 'ETag: "2"', ("B", "A")
    guest.poll(24 * 201, asked=1, outcome="read")
    guest.sleeps(24 * 201 + 0.25, 24 * 201 + 0.25)


@row("an empty answer where entries were is a failure, and nothing that is published changes")
def _(play):
    body = rss()
    guest = play(lambda request: reply(200, body=body))
    guest.poll(0, asked=1, outcome="read")
    before = {name: data for name, data in guest.store.files().items() if name != "polls.json"}
    for hours, body in ((2, rss(())), (6, b""), (12, b"<html><title>Soon</title></html>"), (24, b"<rss><channel>")):
        told = guest.poll(hours, asked=1, outcome="failed")[0]
        check(told["reason"], told)
        after = {name: data for name, data in guest.store.files().items() if name != "polls.json"}
        if told["failures"] < 3:
            check(after == before, "a failure wrote", sorted(after))
        check(all(after[name] == data for name, data in before.items() if name.startswith("public/")), "published anew")
    check(guest.titles() == ["A", "B"], guest.titles())


stores_in_memory()
guests = []
for name, function in ROWS:
    def play(*words, **options):
        guests.append(Guest(*words, **options))
        guests[-1].row = name
        return guests[-1]
    function(play)
    for guest in guests:
        guest.end(guest is guests[-1])
    guests.clear()
server.shutdown()
print("guest: %d rows, %d servers: each was asked, told and left alone as it should be" % (len(ROWS), len(Guest.handlers)))
