"""Bad input and bad days: each is said, and nothing is lost."""
import json
import os
import shutil
import subprocess
import threading
import time

from support import DEMONSTRATION, PROGRAM, Server, Store, check, sample

NOW = "2026-11-23T12:00:00Z"

# A mistake in feeds.toml: file, line, column, the nearest word; nothing fetched, nothing made.
store = Store('[[feed]]\nname = "films"\nurl = "https://example.org/"\nserivce = "letterboxd"\n')
told = store.run("import")
check(told.returncode == 78, "a mistake ended with", told.returncode)
check('feeds.toml:4:1: unknown key "serivce" (did you mean "service"?)' in told.stderr, told.stderr)
check(sorted(store.files()) == ["feeds.toml"], "something was made:", sorted(store.files()))
store.remove()

# A feed that answers HTML, 404, 500, nothing, garbage, hangs up: named, and the others go on.
HTML = b"<!DOCTYPE html><html><head><title>Down for maintenance</title></head><body>soon</body></html>"
answers = {
    "/html": (200, {"Content-Type": "text/html"}, HTML),
    "/missing": (404, {}, b"no"),
    "/broken": (500, {}, b"oops"),
    "/empty": (200, {"Content-Type": "application/rss+xml"}, b""),
    "/garbage": (200, {"Content-Type": "application/rss+xml"}, bytes(range(256)) * 4),
    "/silent": (None, {}, b""),
}
server = Server(lambda path, headers: answers[path])
feeds = "".join('[[feed]]\nname = "%s"\nurl = "%s%s"\n' % (path[1:], server.address, path) for path in answers)
store = Store(DEMONSTRATION + feeds)
told = store.run("import", "--verbose", now=NOW)
check(told.returncode == 1, "failures ended with", told.returncode, told.stderr)
for name, words in [("html", "HTML page (\"Down for maintenance\")"), ("missing", "not found (404)"),
                    ("broken", "the server fails (500)"), ("empty", "empty"), ("garbage", "neither XML nor JSON"), ("silent", "hung up without an answer")]:
    line = next((line for line in told.stdout.splitlines() if line.startswith(name)), "")
    check("failed" in line and words in line, name, "was told as", line)
check("22 finishes in all" in told.stdout, told.stdout)
pages = {name: data for name, data in store.files().items() if name.startswith("public/")}
told = store.run("import", "--all", now="2026-11-23T14:00:00Z")
check(told.stdout == "" and told.stderr == "", "a second failure is no news:", told.stdout, told.stderr)
told = store.run("import", "--all", now="2026-11-23T16:00:00Z")
check(told.returncode == 1 and told.stderr.count("three times in a row") == 6, "the third failure:", told)
check(pages == {name: data for name, data in store.files().items() if name.startswith("public/")},
      "failures changed what is published")
store.good("verify", "--quiet")
check(store.run("status").returncode == 1, "status of failing feeds")
server.stop()
store.remove()

# A run that died while it read a feed, after one that had died as well, has left its name in the lock: that one is asked
# when the others are told of, and where it has done so twice, it is told and not asked. A good run leaves the lock alone.
item = '<item><title>%s</title><guid isPermaLink="false">%s</guid><pubDate>Sun, 22 Nov 2026 10:00:00 GMT</pubDate></item>'
channel, books = "T", ["one"]
server = Server(lambda path, headers: (200, {}, (
    "<rss><channel><title>%s</title>%s</channel></rss>" % (channel, "".join(item % (b + path, b + path) for b in books))).encode()))
store = Store("".join('[[feed]]\nname = "%s"\nurl = "%s/%s"\nkind = "book"\n' % (n, server.address, n) for n in "abc"))
store.good("import", now=NOW)
lock = (store.path / "log/lock").stat()
channel = "Another title"
store.good("import", now="2026-11-23T13:00:00Z")
check((lock.st_size, lock.st_mtime_ns) == (0, (store.path / "log/lock").stat().st_mtime_ns), "a good run wrote to the lock")
books.append("two")
(store.path / "log/lock").write_text("b")
told = store.good("import", "--verbose", now="2026-11-23T14:00:00Z").splitlines()
feeds = [line.split()[0] for line in told if line.startswith(("a ", "b ", "c "))]
check(feeds == ["a", "c", "b"] and len(store.json("list")["finishes"]) == 6, "read last:", told)
check((store.path / "log/lock").read_bytes() == b"", "the lock still names a feed")
books.append("three")
for hour in "45":
    # Nobody's hour has come, but the deaths count.
    (store.path / "log/lock").write_text("b")
    store.good("import", now="2026-11-23T14:0%s:00Z" % hour)
asked = len(server.requests)
told = store.run("import", "--json", now="2026-11-23T16:00:00Z")
answer = json.loads(told.stdout)
check([feed["feed"] for feed in answer["feeds"]] == ["a", "b", "c"], "not in the order of feeds.toml:", answer)
check(answer["feeds"][1]["outcome"] == "failed" and "ended, twice, while it read" in answer["feeds"][1]["reason"], answer)
check(len(server.requests) == asked + 2 and answer["finishes"] == 8, "it was asked all the same:", server.requests[asked:])
told = store.good("import", "b", "--all", "--verbose", now="2026-11-23T17:00:00Z")
check("9 finishes in all" in told, "a person who names it is not obeyed:", told)
server.stop()
store.remove()

# A library is loaded when it is first called; where it is broken or not installed, that is said then, in one line and
# with what brings it, and nothing is lost by it. What reads no document and asks nobody needs none.
nobody = '[[feed]]\nname = "far"\nurl = "http://127.0.0.1:9/"\n'
for library, package, more in [("libxml2.so.2", "libxml2", ""), ("libcurl.so.4", "libcurl4", nobody)]:
    store = Store(DEMONSTRATION + more)
    store.write(library, "")
    broken = {"LD_LIBRARY_PATH": str(store.path)}
    told = store.run("import", now=NOW, env=broken)
    check(told.returncode == 127 and library + " cannot be loaded" in told.stderr and told.stderr.count("\n") == 1
          and "apt-get install %s\"" % package in told.stderr, told)
    check(store.run("status", now=NOW, env=broken).returncode == 0, "status needs", library)
    check("22 finishes in all" in store.run("import", "--verbose", now=NOW).stdout, "the next run did not take what came")
    store.remove()

# http 47: a feed that hangs is named, and the others do not lose by it.
over = threading.Event()
server = Server(lambda path, headers: (over.wait(50), (None, {}, b""))[1])
store = Store(DEMONSTRATION + '[[feed]]\nname = "stalled"\nurl = "%s/"\n' % server.address)
told = store.run("import", "--verbose", now=NOW)
over.set()
line = next((line for line in told.stdout.splitlines() if line.startswith("stalled")), "")
check("less than 100 bytes a second for 20 s" in line, "a feed that hangs was told as", line)
check("22 finishes in all" in told.stdout, told.stdout)
server.stop()
store.remove()

# Row 14: a second run at the same time: exit 75, silent, no harm.
slow = Server(lambda path, headers: (time.sleep(3), (404, {}, b""))[1])
store = Store(DEMONSTRATION + '[[feed]]\nname = "slow"\nurl = "%s/"\n' % slow.address)
first = subprocess.Popen([PROGRAM, "import", "--store", str(store.path)], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env={"PATH": "/usr/bin:/bin"})
time.sleep(1)
told = store.run("import")
check(told.returncode == 75 and told.stderr == "", "a second run:", told)
told = store.run("import", "--verbose")
check(told.returncode == 75 and "another run" in told.stderr, "a second run, asked to talk:", told)
first.wait()
store.good("verify", "--quiet")
slow.stop()
store.remove()

# Row 13: a store that cannot be written: exit 77 before anything is fetched.
server = Server(lambda path, headers: (404, {}, b""))
store = Store('[[feed]]\nname = "one"\nurl = "%s/feed"\n' % server.address)
if os.geteuid() == 0:
    # Permissions do not bind root: a child that gives it up is asked. The program may lie where nobody else can look.
    nobody = 65534
    program = shutil.copy(PROGRAM, store.path / "program")
    os.chmod(store.path, 0o555)
    done = subprocess.run([program, "import", "--store", str(store.path)], capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin"}, user=nobody, group=nobody, extra_groups=[])
else:
    os.chmod(store.path, 0o555)
    done = store.run("import")
check(done.returncode == 77, "a folder that cannot be written ended with", done.returncode, done.stderr)
check(server.requests == [], "something was fetched")
os.chmod(store.path, 0o755)
server.stop()
store.remove()

# Row 26, row 5: a line of the log flipped by hand: exit 65 with file, offset and sequence; nothing is changed.
store = Store(DEMONSTRATION + "[store]\nsnapshot_every = 1\n")
store.good("import", now=NOW)
segment = store.path / "log/00000000000000000001.ndjson"
data = bytearray(segment.read_bytes())
place = data.index(b"Kestrel")
data[place] ^= 1
segment.write_bytes(data)
for snapshot in (store.path / "snapshots").glob("*.snapshot"):
    snapshot.unlink()
before = store.files()
for command in ("import", "verify", "list", "status"):
    told = store.run(command, now="2026-11-24T12:00:00Z")
    check(told.returncode == 65, command, "on a damaged log ended with", told.returncode, told.stderr)
    check("00000000000000000001.ndjson" in told.stderr and "byte" in told.stderr and "event" in told.stderr,
          command, "said", told.stderr)
# That it was said is kept in polls.json, so that cron's mail tells it once a day; nothing else changes.
after = store.files()
before.pop("polls.json")
after.pop("polls.json")
check(after == before, "a damaged store was changed")

# One changed byte never stops Colophon for good: the chain proves what it was.
told = store.good("repair", now="2026-11-24T12:00:00Z")
check("had changed and is right again" in told and "quarantine-1-1" in told, "repair said", told)
data[place] ^= 1
check(segment.read_bytes() == bytes(data), "the segment is not what it was")
check("nothing to mend" in store.good("repair", now="2026-11-24T12:00:00Z"), "a second repair")
store.good("import", now="2026-11-24T12:00:00Z")

# More than a byte is taken from a copy, and only from one whose chain fits.
copy = Store("")
shutil.copytree(store.path / "log", copy.path / "log")
whole = segment.read_bytes()
segment.write_bytes(whole[:200] + b"#" * 400 + whole[600:])
damaged = store.files()
told = store.run("repair", now="2026-11-24T12:00:00Z")
check(told.returncode == 65 and "--from" in told.stderr, "repair without a copy:", told)
check(store.files() == damaged, "a repair that failed has changed something")
other = Store(DEMONSTRATION)
other.good("import", now=NOW, env={"COLOPHON_SEED": "8"})
told = store.run("repair", "--from", str(other.path), now="2026-11-24T12:00:00Z")
check(told.returncode == 65 and store.files() == damaged, "a copy of another store:", told)
told = store.good("repair", "--from", str(copy.path), now="2026-11-24T12:00:00Z")
check("taken from" in told and segment.read_bytes() == whole, "repair from a copy:", told)

# Without a copy a person may give up what cannot be read. All else stays under its number, nothing owed leaves
# by itself, the feeds tell again what they still show, and the log says from then on what it has lost.
lost = Store("")
shutil.copytree(store.path, lost.path, dirs_exist_ok=True)
spoilt = lost.path / "log/00000000000000000001.ndjson"
spoilt.write_bytes(whole[:9000] + b"\0" * 2500 + whole[11500:])
spoiled = spoilt.read_bytes()
for snapshot in (lost.path / "snapshots").glob("*.snapshot"):
    snapshot.unlink()
told = lost.run("import", "--verbose", now="2026-11-24T12:00:00Z")
check(told.returncode == 65 and "--accept-loss" in told.stderr, "a damaged log:", told)
lines = [line for line in whole.splitlines() if line.startswith(b'{"seq":')]
known = sorted(item["id"] for item in Store.json(copy, "list")["finishes"])
told = lost.json("repair", "--accept-loss", now="2026-11-24T12:00:00Z")
gone = [number for loss in told["losses"] for number in loss["gone"]] + [event["seq"] for event in told["unfit"]]
for event in told["unfit"]:
    line = open(event["kept"], "rb").read()[event["offset"]:][:event["bytes"]]
    check(line == lines[event["seq"] - 1] and "is not known" in event["problem"], "not to be said again:", event)
check(2 <= len(gone) <= 6 and told["held"] > 0, "repair --accept-loss:", told)
check(open(told["losses"][0]["kept"], "rb").read() == spoiled, "the damaged segment is not kept")
after = [line for line in spoilt.read_bytes().splitlines() if line.startswith(b'{"seq":')]
for number, line in enumerate(lines, 1):
    check((after[number - 1] == line) == (number not in gone), "event", number, "after --accept-loss")
check(len(lost.json_lines("log", "--type", "history-damaged")) == len(gone) + 1, "the log does not say what was lost")
told = lost.good("import", "--all", "--verbose", now="2026-11-24T13:00:00Z")
check(sorted(item["id"] for item in lost.json("list")["finishes"]) == known, "the feeds did not tell again")
check(lost.json("verify")["losses"][0]["to"] == len(lines), "verify does not say what was lost")
owed = lost.json("tweets")["announcements"]
check(owed and all(one["status"] == "held" for one in owed), "something would be announced a second time")
pages = {name: data for name, data in lost.files().items() if name.startswith("public/")}
lost.good("rebuild", now="2026-11-24T13:00:00Z")
check(pages == {name: data for name, data in lost.files().items() if name.startswith("public/")}, "rebuild differs")
lost.good("verify")
told = lost.run("repair", "--from", str(copy.path), now="2026-11-24T13:00:00Z")
check(told.returncode == 0, "a repair of what is whole", told)
lost.remove()

# The head from the log.
head = (store.path / "log/head.json").read_bytes()
(store.path / "log/head.json").write_bytes(head[:50] + b"#" + head[51:])
told = store.run("import", "--verbose", now="2026-11-24T12:15:00Z")
check(told.returncode == 65 and "repair --head" in told.stderr, "a damaged head:", told)
told = store.json("repair", "--head", now="2026-11-24T12:15:00Z")
check([mend["mend"] for mend in told["mends"]] == ["head"], "repair --head:", told)
check((store.path / "log/head.json").read_bytes() == head, "the head is another one")

# A log that was put back on purpose: a person says so once.
shutil.rmtree(store.path / "log")
shutil.copytree(other.path / "log", store.path / "log")
other.remove()
told = store.run("import", "--verbose", now="2026-11-24T12:30:00Z")
check(list((store.path / "snapshots").glob("*.snapshot")), "no snapshot was saved")
check(told.returncode == 65 and "repair --accept-rollback" in told.stderr, "another log:", told)
store.good("repair", "--accept-rollback", now="2026-11-24T12:30:00Z")
store.good("import", "--all", now="2026-11-24T12:30:00Z")
copy.remove(is_damaged=True)
store.remove()
print("bad_days: mistakes, failing feeds, two runs at once, no permission, a damaged log and its repair")
