"""Announcing by the real program, to X, Mastodon and Bluesky as their specifications describe them, on this
machine: requests and answers that are lost, late or doubled, servers that are down or refuse, a program killed
while it waits, a person's word, and the talk of `announce --connect` on a terminal of 80 columns."""
import base64
import datetime
import hashlib
import hmac
import http.server
import json
import os
import pty
import re
import select
import signal
import subprocess
import termios
import threading
import time
import urllib.parse

from support import PROGRAM, Store, check

SECRETS = {"consumer_key": "xck-31", "consumer_secret": "xcs-41", "access_token": "4711-xat-59",
           "access_token_secret": "xas-26", "token": "mastodon-53", "password": "abcd-efgh-ijkl-mnop"}
said = []  # All that the program ever printed.


class Clock:
    """Ours and every server's."""
    now = datetime.datetime(2026, 11, 23, 14, 0, tzinfo=datetime.timezone.utc)

    def wait(self, minutes):
        self.now += datetime.timedelta(minutes=minutes)

    def __str__(self):
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")


clock = Clock()


class Network:
    """A server that forgets nothing. `weather`: what befalls the next requests that post something."""

    def __init__(self):
        self.posts, self.asked, self.weather, self.late = [], 0, [], []
        self.arrived, self.hold = threading.Event(), None
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.asked += 1
                self.tell(*outer.read(self))

            def do_POST(self):
                outer.asked += 1
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.close_connection = True
                if self.path.endswith("createSession"):
                    return self.tell(*outer.session(body))
                what = outer.weather.pop(0) if outer.weather else "clear"
                post = lambda: outer.write(self, body)
                if what == "clear":
                    self.tell(*post())
                elif what == "request lost":
                    pass
                elif what == "answer lost":
                    post()
                elif what == "late":
                    outer.late.append(post)
                elif what == "doubled":
                    post()
                    self.tell(*post())
                elif what == "error afterwards":
                    post()
                    self.tell(503, {})
                elif what == "held back":
                    post()
                    outer.arrived.set()
                    outer.hold.wait(20)
                else:
                    self.tell(what, {}, {"Retry-After": "1800"} if what == 429 else {})

            def tell(self, status, body, headers={}):
                data = json.dumps(body).encode()
                self.send_response_only(status)
                self.send_header("Date", clock.now.strftime("%a, %d %b %Y %H:%M:%S GMT"))
                self.send_header("Content-Length", str(len(data)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *words):
                pass

        self.handler, self.port = Handler, 0
        self.up()

    def up(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), self.handler)
        self.port = self.server.server_address[1]
        self.address = "http://127.0.0.1:%d" % self.port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def down(self):
        self.server.shutdown()
        self.server.server_close()

    def settle(self):
        for post in self.late:
            post()
        self.late = []

    def number(self):
        return str(1000 + len(self.posts))

    def texts(self):
        return [post["text"] for post in self.posts]


class X(Network):
    name = "x"

    def is_signed(self, request):
        """RFC 5849 section 3.4, written once more."""
        given = dict(re.findall(r'(\w+)="([^"]*)"', request.headers["Authorization"]))
        quote = lambda text: urllib.parse.quote(text, safe="-._~")
        signature = urllib.parse.unquote(given.pop("oauth_signature"))
        place, _, query = request.path.partition("?")
        pairs = [(name, urllib.parse.unquote(value)) for name, value in given.items()]
        pairs += urllib.parse.parse_qsl(query, keep_blank_values=True)
        text = "&".join(sorted(quote(name) + "=" + quote(value) for name, value in pairs))
        base = "&".join([request.command, quote(self.address + place), quote(text)])
        key = SECRETS["consumer_secret"] + "&" + SECRETS["access_token_secret"]
        right = base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()
        age = abs(int(given["oauth_timestamp"]) - clock.now.timestamp())
        return right == signature and given["oauth_token"] == SECRETS["access_token"] and age <= 300

    def write(self, request, body):
        if not self.is_signed(request):
            return 401, {"title": "Unauthorized", "status": 401}
        if body["text"] in self.texts():
            return 403, {"detail": "You are not allowed to create a Tweet with duplicate content.", "status": 403}
        self.posts.append({"id": self.number(), "text": body["text"], "created_at": str(clock)})
        return 201, {"data": {"id": self.posts[-1]["id"], "text": "https://t.co/x"}}

    def read(self, request):
        if not self.is_signed(request):
            return 401, {"title": "Unauthorized", "status": 401}
        if "/users/me" in request.path:
            return 200, {"data": {"id": "4711", "username": "ada"}}
        query = urllib.parse.parse_qs(request.path.partition("?")[2])
        shown = [post for post in self.posts if post["id"] > query.get("since_id", ["0"])[0]]
        return 200, {"data": shown[::-1], "meta": {"result_count": len(shown)}}


class Mastodon(Network):
    name = "mastodon"
    keys = {}

    def write(self, request, body):
        if request.headers["Authorization"] != "Bearer " + SECRETS["token"]:
            return 401, {"error": "The access token is invalid"}
        key, hour = request.headers["Idempotency-Key"], datetime.timedelta(hours=1)
        if key in self.keys and self.keys[key] > clock.now - hour:
            return 500, {"error": "There was a problem"}
        self.keys[key] = clock.now
        self.posts.append({"id": self.number(), "text": body["status"]})
        self.posts[-1].update(url=self.address + "/@ada/" + self.posts[-1]["id"], created_at=str(clock),
                              content="<p>" + body["status"] + "</p>")
        return 200, self.posts[-1]

    def read(self, request):
        if request.headers["Authorization"] != "Bearer " + SECRETS["token"]:
            return 401, {"error": "The access token is invalid"}
        if "verify_credentials" in request.path:
            return 200, {"id": "42", "acct": "ada"}
        if request.path == "/api/v2/instance":
            return 200, {"configuration": {"statuses": {"max_characters": 1000}}}
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(request.path).query)
        before = int(query.get("max_id", ["9" * 18])[0])
        return 200, [post for post in self.posts[::-1] if int(post["id"]) < before][:3]


class Bluesky(Network):
    name = "bluesky"

    def session(self, body):
        if body["password"] != SECRETS["password"]:
            return 401, {"error": "AuthenticationRequired", "message": "Invalid password"}
        return 200, {"accessJwt": "jwt-58", "did": "did:plc:ada", "handle": "ada.example", "active": True}

    def write(self, request, body):
        if request.headers["Authorization"] != "Bearer jwt-58":
            return 401, {"error": "AuthMissing"}
        for post in self.posts:
            if post["key"] == body["rkey"]:
                same = post["record"] == body["record"]
                return (200, {"uri": post["uri"]}) if same else (400, {"error": "InvalidSwap"})
        uri = "at://did:plc:ada/app.bsky.feed.post/" + body["rkey"]
        self.posts.append({"key": body["rkey"], "record": body["record"], "text": body["record"]["text"], "uri": uri})
        return 200, {"uri": uri, "cid": "bafy"}

    def read(self, request):
        if "listRecords" in request.path:
            return 200, {"records": [{"uri": post["uri"], "value": post["record"]} for post in self.posts[::-1]][:50]}
        key = urllib.parse.parse_qs(request.path.partition("?")[2])["rkey"][0]
        for post in self.posts:
            if post["key"] == key:
                return 200, {"uri": post["uri"], "cid": "bafy"}
        return 400, {"error": "RecordNotFound"}


networks = [X(), Mastodon(), Bluesky()]
x, mastodon, bluesky = networks
CREDENTIALS = {
    "x": "".join('%s = "%s"\n' % (key, SECRETS[key]) for key in list(SECRETS)[:4]) + 'server = "%s"\n' % x.address,
    "mastodon": 'server = "%s"\ntoken = "%s"\n' % (mastodon.address, SECRETS["token"]),
    "bluesky": 'server = "%s"\nidentifier = "ada.example"\npassword = "%s"\n' % (bluesky.address, SECRETS["password"]),
}


def feed(numbers):
    items = "".join("<item><title>Post %d</title><guid>p%d</guid><pubDate>%s</pubDate></item>"
                    % (n, n, clock.now.strftime("%a, %d %b %Y %H:%M:%S +0000")) for n in numbers)
    return '<rss version="2.0"><channel><title>Essays</title>%s</channel></rss>' % items


def new_store(limits=""):
    settings = '[[feed]]\nname = "essays"\nurl = "file:essays.xml"\nservice = "generic"\nkind = "article"\n'
    settings += '[announce]\ntemplate = "Finished {{title}}"\n' + limits + "\n"
    for network in networks:
        settings += '[announce.%s]\ncredentials = "secrets/%s.toml"\n' % (network.name, network.name)
    store = Store(settings + '[publish]\ncovers = "none"\n')
    (store.path / "secrets").mkdir()
    for name, text in CREDENTIALS.items():
        store.write("secrets/%s.toml" % name, text)
        (store.path / "secrets" / (name + ".toml")).chmod(0o600)
    store.write("essays.xml", feed(range(1, 4)))
    return store


def run(store, *words, status=0):
    done = store.run(*words, now=str(clock))
    said.append(done.stdout + done.stderr)
    check(status is None or done.returncode == status, words, "ended with", done.returncode, done.stdout, done.stderr)
    return done


def told(store, *words):
    return json.loads(run(store, *words, "--json", status=None).stdout)


def asked():
    return sum(network.asked for network in networks)


# A feed is adopted quietly; what it brings then is owed, and leaves once it has waited.
store = new_store("max_per_day = 99")
run(store, "import", "--announce")
run(store, "announce")
check(asked() == 0, "adoption asked a network")
store.write("essays.xml", feed(range(1, 6)))
clock.wait(90)
run(store, "import", "--announce")
check(asked() == 0, "something left before its wait was over")
clock.wait(61)
plan = told(store, "announce", "--dry-run")
check([one["outcome"] for one in plan["announcements"]] == ["would-send"] * 6, plan)
after = told(store, "import", "--announce", "--dry-run")
check(after["announced"] == plan and after["dry_run"], "the import's document does not hold the announcing's", after)
check(asked() == 0, "a dry run asked a network")
quiet = run(store, "import", "--announce")
check(quiet.stdout + quiet.stderr == "", "a good run said", quiet)
for network in networks:
    check(sorted(network.texts()) == ["Finished Post 4", "Finished Post 5"], network.name, network.texts())

# What only reads, or makes again what is there, asks nobody.
before = asked()
clock.wait(60)
store.write("older.csv", "kind,title,finished,id\nbook,Old,2019-01-01,1\n")
for words in (["announce"], ["import"], ["import", "--announce"], ["publish"], ["rebuild"], ["verify"], ["tweets", "--all"],
              ["publish", "--at", "2026-11-23", "--to", str(store.path / "past")], ["status"], ["state"], ["log"],
              ["backfill", "--service", "csv", str(store.path / "older.csv")], ["reconsider"], ["announce", "--dry-run"]):
    run(store, *words)
    for path in store.path.glob("snapshots/*.snapshot"):
        path.unlink()
check(asked() == before, "posts were asked for by what only reads")

# Whatever becomes of a request: once on Mastodon and Bluesky; on X never twice, and a person knows.
for number, what in enumerate(["request lost", "answer lost", "late", "doubled", "error afterwards", "down"]):
    title = "Book %d" % number
    run(store, "add", "book", title)
    clock.wait(61)
    for network in networks:
        network.weather = [what]
        if what == "down":
            network.weather = []
            network.down()
    run(store, "announce", status=None)
    for network in networks:
        # What was slow arrives once the program has given up.
        network.settle()
        check(sum(title in text for text in network.texts()) <= 1, what, network.name, "has it twice")
        if what == "down":
            network.up()
    if what in ("request lost", "answer lost", "late", "error afterwards"):
        check(len(told(store, "status")["unresolved"]) >= 1, what, "is not shown by status")
        check(any(one["status"] == "attempted" for one in told(store, "tweets")["announcements"]), what, "is silent")
    for _ in range(4):
        clock.wait(15)
        run(store, "import", "--announce", status=None)
    for network in networks:
        count = sum(title in text for text in network.texts())
        if network is x and what == "request lost":
            check(count == 0, "X was sent a second time what may have arrived")
            row = [one for one in told(store, "tweets")["announcements"] if title in one["text"]]
            check(len(row) == 1 and row[0]["status"] == "held" and "nobody knows" in row[0]["reason"], "X is silent:", row)
            check(told(store, "status")["held"][0]["network"] == "x", "status does not say so")
            run(store, "tweets", "--retry", row[0]["name"])
            run(store, "announce")
            count = sum(title in text for text in x.texts())
        check(count == 1, what, network.name, "has it", count, "times")
    check(told(store, "tweets")["announcements"] == [], what, "something is left")

# A program that is killed while it waits for the answer.
run(store, "add", "book", "Killed")
clock.wait(61)
for network in networks:
    network.weather, network.hold = ["held back"], threading.Event()
for network in networks:
    child = subprocess.Popen([PROGRAM, "announce", "--store", str(store.path)], stdin=subprocess.DEVNULL,
                             env={"PATH": "/usr/bin:/bin", "COLOPHON_NOW": str(clock)})
    check(network.arrived.wait(20), "nothing came to", network.name)
    child.send_signal(signal.SIGKILL)
    child.wait()
    network.hold.set()
    # The next run looks for what the last one may have sent, and goes on to the next network.
    clock.wait(15)
run(store, "announce", status=None)
for network in networks:
    check(network.texts().count("Finished Killed") == 1, "after kill -9", network.name, network.texts())
check(told(store, "tweets")["announcements"] == [], "something is left after kill -9")

# What only a person can mend is held and said once; what asks to wait is left alone.
for status, words in [(401, "renews them"), (402, "top them up"), (403, "X refuses it")]:
    run(store, "add", "book", "Refused %d" % status)
    clock.wait(61)
    x.weather = [status]
    mail = run(store, "import", "--announce", status=1)
    # What is held says what lets it go.
    check(words in mail.stderr and mail.stderr.count("\n") == 2 and "--release" in mail.stderr, "cron was told", mail)
    clock.wait(60)
    check(run(store, "import", "--announce").stderr == "", "it was said twice")
    run(store, "tweets", "--release")
    run(store, "announce")
    check(x.texts().count("Finished Refused %d" % status) == 1, "released, and not posted after", status)
run(store, "add", "book", "Patience")
clock.wait(61)
x.weather = [429]
run(store, "announce")
count = x.asked
clock.wait(20)
run(store, "announce")
check(x.asked == count, "X was asked though it asked us to wait")
clock.wait(20)
run(store, "announce")
check(x.texts().count("Finished Patience") == 1, "not posted after 429")

# A clock that is wrong says nothing anywhere, and tells why.
run(store, "add", "book", "Clock")
right = clock.now
clock.wait(3 * 1440)
ahead = str(clock)
clock.now = right
mail = store.run("announce", now=ahead)
said.append(mail.stdout + mail.stderr)
check(mail.returncode == 1 and mail.stderr.count("clock is 72 hours ahead") == 3, "a wrong clock:", mail)
check(all("Finished Clock" not in network.texts() for network in networks), "posted by a wrong clock")
clock.wait(61)
run(store, "tweets", "--release")
run(store, "announce")
check(all(network.texts().count("Finished Clock") == 1 for network in networks), "not posted by the right clock")

# A person's word: posted by hand, not wanted.
for title in ("Hand", "Never"):
    run(store, "add", "book", title)
for network in networks:
    names = {one["text"]: one["name"] for one in told(store, "tweets")["announcements"] if one["network"] == network.name}
    run(store, "tweets", "--sent", names["Finished Hand"], "--post", "https://example.org/1")
    run(store, "tweets", "--skip", names["Finished Never"])
clock.wait(61)
before = asked()
run(store, "announce")
check(asked() == before, "asked for what a person has settled")

# Credentials: a file that others can read is refused before anything is asked; no secret is ever shown.
(store.path / "secrets/x.toml").chmod(0o644)
refused = run(store, "announce", status=78)
check("chmod 600 secrets/x.toml" in refused.stderr, refused)
check(asked() == before, "asked with credentials that others can read")
run(store, "add", "book", "Others")
clock.wait(61)
others = run(store, "import", "--announce", status=78)
check(others.stderr.count("\n") == 1 and "chmod 600 secrets/x.toml" in others.stderr, others)
check([network.texts().count("Finished Others") for network in networks] == [0, 1, 1], "one file stopped all networks")
tried = json.loads(run(store, "check", "--json", status=1).stdout)
check(len(tried["feeds"]) == 1 and ["problem" in one for one in tried["networks"]] == [True, False, False], tried)
(store.path / "secrets/x.toml").chmod(0o600)
kept = {name: data.decode("utf-8", "replace") for name, data in store.files().items() if not name.startswith("secrets/")}
for secret in list(SECRETS.values()) + ["jwt-58"]:
    check(not any(secret in text for text in said), "a secret was printed:", secret)
    check(not any(secret in text for text in kept.values()), "a secret was written:", secret)
store.remove()

# What a network did not take for max_age_days is skipped and said once, by whatever run comes, with the reason.
store = new_store("max_age_days = 2")
run(store, "add", "book", "Late")
clock.wait(61)
for network in networks:
    network.down()
done = told(store, "import", "--announce")
check([one["network"] for one in done["announced"]["silent"]] == [network.name for network in networks], done)
clock.wait(2 * 1440)
late = run(store, "import", status=1)
check(late.stderr.count("\n") == 3 and late.stderr.count("waited longer than 2 days; http://127.0.0.1:") == 3, late)
for network in networks:
    network.up()
check(run(store, "import", "--announce").stderr == "", "it was said twice")
check(all("Finished Late" not in network.texts() for network in networks), "something too old was posted")
store.remove()

# A flood: so many a run, so many a day, the rest is held until a person lets it go.
store = new_store()
counts = [len(network.posts) for network in networks]
for number in range(12):
    run(store, "add", "book", "Flood %02d" % number)
clock.wait(61)
flood = run(store, "announce", status=1)
check(flood.stderr.count("a flood: more than 10 a day") == 6, flood)
check([len(network.posts) for network in networks] == [count + 3 for count in counts], "max_per_run")
for _ in range(6):
    clock.wait(15)
    run(store, "import", "--announce")
check([len(network.posts) for network in networks] == [count + 10 for count in counts], "max_per_day")
run(store, "tweets", "--release")
clock.wait(1440)
run(store, "announce")
check([len(network.posts) for network in networks] == [count + 12 for count in counts], "released")
store.remove()


BREAK = "\x03"


# `announce --connect` on a terminal of 80 columns: what a person sees, and the file that it leaves.
def talk(store, network, answers):
    """How it ended, what was shown, and whether the terminal shows again what is typed."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(PROGRAM, [PROGRAM, "announce", "--connect", network, "--store", str(store.path)],
                  {"PATH": "/usr/bin:/bin", "TERM": "xterm", "COLUMNS": "80", "COLOPHON_NOW": str(clock)})
    shown, end, left = "", time.monotonic() + 20, list(answers)
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 20)[0]:
            break
        try:
            data = os.read(terminal, 4096)
        except OSError:
            break
        if not data:
            break
        shown += data.decode()
        if left and shown.endswith(": "):
            time.sleep(0.05)
            answer = left.pop(0)
            os.write(terminal, answer.encode() + (b"" if answer == BREAK else b"\n"))
            shown += "\0"
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    echoes = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
    os.close(terminal)
    return status, shown.replace("\r\n", "\n").replace("\0", ""), echoes


for network, answers, account in [
    ("x", [SECRETS[key] for key in list(SECRETS)[:4]], "@ada"),
    ("mastodon", [mastodon.address, SECRETS["token"], ""], "@ada@127.0.0.1"),
    ("bluesky", ["ada.example", SECRETS["password"], bluesky.address], "@ada.example"),
]:
    store = Store('[announce]\nwait = "1h"\n')
    if network == "x":
        # Only a test says where X is; the file keeps it.
        (store.path / "secrets").mkdir()
        store.write("secrets/x.toml", 'server = "%s"\n' % x.address)
    status, shown, echoes = talk(store, network, answers)
    if os.environ.get("COLOPHON_SHOW"):
        print("-" * 80 + "\n" + shown)
    check(status == 0 and "connected as " + account in shown, network, "ended with", status, shown)
    check(max(map(len, shown.splitlines())) <= 80, network, "is wider than 80 columns:", shown)
    path = store.path / "secrets" / (network + ".toml")
    check(path.stat().st_mode & 0o777 == 0o600, oct(path.stat().st_mode))
    check(all(secret not in shown for secret in SECRETS.values()), "a secret was shown:", shown)
    check("credentials = \"secrets/%s.toml\"" % network in shown, "it does not say what to add:", shown)
    check(("max_characters = 1000" in shown) == (network == "mastodon"), network, shown)
    check(echoes, network, "left the terminal without an echo")
    store.write("feeds.toml", "[announce.%s]\ncredentials = \"secrets/%s.toml\"\n" % (network, network))
    tried = json.loads(store.run("check", "--json", now=str(clock)).stdout)["networks"]
    check([one.get("account") for one in tried] == [account], "check:", tried)
    # What is refused writes nothing.
    before = path.read_bytes()
    wrong = answers[:]
    wrong[1 if network != "x" else 3] = "aaaa-bbbb-cccc-dddd"
    status, shown, echoes = talk(store, network, wrong)
    if os.environ.get("COLOPHON_SHOW"):
        print("-" * 80 + "\n" + shown)
    check(status == 1 and "was not connected" in shown and path.read_bytes() == before, network, status, shown)
    check(max(map(len, shown.splitlines())) <= 80, network, "is wider than 80 columns:", shown)
    # Ctrl-C in the midst of a secret.
    secret = 0 if network == "x" else 1
    status, shown, echoes = talk(store, network, answers[:secret] + [BREAK])
    check(status == -signal.SIGINT and echoes and path.read_bytes() == before, network, status, echoes, shown)
    store.remove()
for network in networks:
    network.down()
print("announcing: six mishaps, kill -9, refusals, floods, a wrong clock, a person's word, %d requests; connected three"
      % asked())
