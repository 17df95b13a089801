"""Cron's runs day after day, 96 of them, against a server that keeps books and a clock that is the program's:
`python3 Tests/Programs/year.py PROGRAM [DAYS]`, three days unless told otherwise. Each request is judged by
what the server asked for before: none while Retry-After or max-age runs, none without a condition but the one
of about every eight days, none twice within a run, none in skipped hours or on skipped days, none after 410."""
import collections
import email.utils
import socketserver
import sys
import threading

from support import Store, check, stores_in_memory

DAYS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
START = 1767571200  # Monday, 2026-01-05T00:00:00Z
HOUR, DAY = 3600, 86400
now = START
stores_in_memory()


def date(instant):
    return email.utils.formatdate(instant, usegmt=True)


class Feed:
    """What one server knows of its feed. Each is a host of its own, for a 429 stops a host."""

    def __init__(self, name, max_age=0, expires=0, ttl=0, hours=(), days=(), etag=True, modified=True,
                 news_hours=50, trouble=None, weekly=None, gone_after=None):
        self.__dict__.update(locals())
        self.sins, self.requests, self.unconditional = [], 0, 0
        self.last = self.last_unconditional = None
        self.rest_until, self.answered, self.is_gone = 0, False, False
        self.newest = -1

    def sin(self, words):
        self.sins.append("%s: %s" % (date(now), words))

    def answer(self, headers):
        self.requests += 1
        hour = (now - START) // HOUR
        if self.last == now:
            self.sin("twice within a run")
        before, self.last = self.last, now
        is_ill = self.trouble and hour % 240 in range(40, 70)
        if now < self.rest_until:
            self.sin("%d s before it wanted to be asked" % (self.rest_until - now))
        if self.is_gone:
            self.sin("after it said that it is gone")
        if self.answered and now // HOUR % 24 in self.hours:
            self.sin("in a skipped hour")
        # A day is the longest that anybody waits.
        if self.answered and (now // DAY + 4) % 7 in self.days and now - before < DAY:
            self.sin("on a skipped day")
        condition = {name: headers.get(name) for name in ("if-none-match", "if-modified-since")}
        if not any(condition.values()):
            known = self.answered and (self.etag or self.modified)
            # Whoever fails with 500 may do so because of the condition: then once without.
            if known and now - self.last_unconditional < 7 * DAY and self.name != "down":
                self.sin("without a condition")
            # One that failed is tried again.
            if not is_ill:
                self.unconditional += 1
                self.last_unconditional = now
        if self.gone_after and hour >= self.gone_after:
            self.is_gone = True
            return 410, {}, b""
        if is_ill:
            return self.trouble(self, hour)
        newest = hour // self.news_hours
        tag = 'W/"%s-%d"' % (self.name, newest) if self.etag else None
        modified = date(START + newest * self.news_hours * HOUR) if self.modified else None
        advice = {"Date": date(now)}
        if self.max_age:
            advice["Cache-Control"] = "public, max-age=%d" % self.max_age
        if self.expires:
            advice["Expires"] = date(now + self.expires)
        # A day is the longest that anybody is taken at his word.
        self.rest_until = now + min(max(self.max_age, self.expires, self.ttl * 60), DAY)
        if tag:
            advice["ETag"] = tag
        if modified:
            advice["Last-Modified"] = modified
        # As nginx does it: the tag matches and the date is the same, and nothing else was sent.
        if condition["if-none-match"] not in (None, tag) or condition["if-modified-since"] not in (None, modified):
            return self.document(newest, advice)
        if any(condition.values()):
            return 304, advice, b""
        return self.document(newest, advice)

    def document(self, newest, advice):
        self.answered, self.newest = True, newest
        extra = "<ttl>%d</ttl>" % self.ttl if self.ttl else ""
        if self.hours:
            extra += "<skipHours>%s</skipHours>" % "".join("<hour>%d</hour>" % hour for hour in self.hours)
        if self.days:
            names = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
            extra += "<skipDays>%s</skipDays>" % "".join("<day>%s</day>" % names[day] for day in self.days)
        items = "".join(
            "<item><title>%s %d</title><guid isPermaLink='false'>%s-%d</guid></item>"
            % (self.name, number, self.name, number) for number in range(newest + 10, newest, -1))
        return 200, advice, ("<rss version='2.0'><channel><title>T</title>%s%s</channel></rss>"
                             % (extra, items)).encode()


def busy(status, form):
    """503 or 429, for 5,000 s by a number or by a date."""
    def trouble(feed, hour):
        feed.rest_until = now + 5000
        return status, {"Retry-After": "5000" if form == "seconds" else date(now + 5000), "Date": date(now)}, b""
    return trouble


def limited(feed, hour):
    """429 without a time: an hour, then twice as long each time."""
    feed.rest_until = now + HOUR
    return 429, {}, b""


FEEDS = [
    Feed("plain"), Feed("tagged", modified=False), Feed("dated", etag=False), Feed("bare", etag=False, modified=False),
    Feed("aged", max_age=5000), Feed("expiring", expires=7000), Feed("ttl", ttl=90), Feed("yearly", max_age=365 * DAY),
    Feed("nightly", hours=(0, 1, 2, 3, 22, 23)), Feed("weekday", days=(0, 6)),
    Feed("busy", trouble=busy(503, "seconds")), Feed("dating", trouble=busy(503, "date")),
    Feed("many", trouble=busy(429, "date")), Feed("limited", trouble=limited),
    Feed("down", trouble=lambda feed, hour: (500, {}, b"")), Feed("quiet", news_hours=24 * 100),
    Feed("gone", gone_after=30),
]


class Visitor(socketserver.StreamRequestHandler):
    def handle(self):
        while line := self.rfile.readline():
            headers = {}
            while (head := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = head.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            feed = next(feed for feed in FEEDS if "/" + feed.name == line.split()[1].decode())
            status, answer, body = feed.answer(headers)
            lines = ["HTTP/1.1 %d Played" % status] + ["%s: %s" % pair for pair in answer.items()]
            if status != 304:
                lines.append("Content-Length: %d" % len(body))
            self.wfile.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads, block_on_close = True, False


servers = [Server(("127.0.0.%d" % (number + 2), 0), Visitor) for number in range(len(FEEDS))]
for server in servers:
    threading.Thread(target=server.serve_forever, daemon=True).start()
store = Store("".join(
    '[[feed]]\nname = "%s"\nurl = "http://%s:%d/%s"\nkind = "book"\n' % (feed.name, *server.server_address, feed.name)
    for server, feed in zip(servers, FEEDS)))

mails = collections.Counter()
for turn in range(96 * DAYS):
    now = START + turn * 900
    told = store.run("import", now="%s" % email.utils.parsedate_to_datetime(date(now)).strftime("%Y-%m-%dT%H:%M:%SZ"))
    check(told.stdout == "", date(now), "a run of cron says", told.stdout)
    lines = told.stderr.splitlines()
    mails.update(line.split(":")[0] for line in lines)
    worse = [line for line in lines if "recovered" not in line and "is well again" not in line]
    check(told.returncode == (1 if worse else 0), date(now), "ended with", told.returncode, lines)

for feed in FEEDS:
    check(not feed.sins, feed.name, "was asked", len(feed.sins), "times when it should not:", feed.sins[:3])
    if not feed.gone_after:
        check(feed.newest == (now - START) // HOUR // feed.news_hours or feed.rest_until > now or feed.hours or feed.days
              or feed.trouble, feed.name, "was last read at", feed.newest)
    if (feed.etag or feed.modified) and not feed.gone_after:
        check(DAYS // 9 <= feed.unconditional <= DAYS / 7 + 2 + (DAYS / 10 if feed.name == "down" else 0), feed.name, "asked without a condition", feed.unconditional)
feeds = {feed.name: feed for feed in FEEDS}
# Polite, and not asleep: each quarter of an hour where 304 is known, each hour where it is not.
check(feeds["plain"].requests >= 96 * DAYS * 9 // 10 - 4, "plain was asked", feeds["plain"].requests)
check(DAYS - 1 <= feeds["yearly"].requests <= DAYS, "yearly was asked", feeds["yearly"].requests)
check(24 * DAYS * 9 // 10 <= feeds["bare"].requests <= 24 * DAYS, "bare was asked", feeds["bare"].requests)
check(set(mails) <= {"busy", "dating", "many", "limited", "down", "gone"} and mails["gone"] == 1, "cron's mails:", mails)
store.good("verify", now="2027-12-31T00:00:00Z")
for server in servers:
    server.shutdown()
store.remove()
print("year: %d runs in %d days, %d requests (%d unconditional), none unwanted; mails of %s"
      % (96 * DAYS, DAYS, sum(feed.requests for feed in FEEDS), sum(feed.unconditional for feed in FEEDS),
         ", ".join("%s %d" % pair for pair in sorted(mails.items()))))
