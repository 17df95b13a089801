"""The log is plain text: grep, jq and wc work on every file of it. And a run that learns nothing writes nothing but
its notes on when it asked: no sync and no byte in log/, snapshots/ or public/."""
import json
import re
import shutil
import subprocess
import sys

from support import DEMONSTRATION, PROGRAM, Server, Store, check, sample

if shutil.which("jq") is None or shutil.which("strace") is None:
    print("plain_log: left out, jq or strace is not installed")
    sys.exit(0)


def said(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    check(done.returncode == 0, words, "ended with", done.returncode, done.stderr)
    return done.stdout


# A store of several segments: two feeds, two exports, a person's words, and what a dead run left.
store = Store(DEMONSTRATION + "[store]\nsnapshot_every = 8\n")
store.good("import", now="2026-11-23T12:00:00Z")
for turn in range(2):
    rows = "".join("Film %d of %d,%d,https://boxd.it/%d%04d,4,2020-01-01,2020-01-01\n" % (n, turn, 1950 + n % 70, turn, n)
                   for n in range(2000))
    store.write("diary.csv", "Name,Year,Letterboxd URI,Rating,Watched Date,Date\n" + rows)
    store.good("backfill", "--service", "letterboxd", str(store.path / "diary.csv"), now="2026-11-23T13:00:00Z")
store.good("add", "book", "Ein „Buch“\twith\nlines \\ and \"quotes\" 📚", now="2026-11-23T14:00:00Z")
segments = sorted((store.path / "log").glob("0*.ndjson"))
with segments[-1].open("ab") as tail:
    tail.write(b'{"seq":99999,"at":"2026-11-23T15:00:00Z","type":"fin')
store.good("import", now="2026-11-23T15:00:00Z")

check(len(segments) >= 2, "only", len(segments), "segments")
events = commits = 0
for path in segments + [store.path / "log/head.json"]:
    lines = path.read_bytes().splitlines()
    check(path.read_bytes().endswith(b"\n"), path, "does not end with a line")
    check(int(said("wc", "-l", path).split()[0]) == len(lines), path, "wc -l")
    check(said("jq", "-c", ".", path).encode().splitlines() == lines, path, "jq -c . prints something else")
    events += int(said("grep", "-c", "^{\"seq\":", path)) if path.suffix == ".ndjson" else 0
    commits += int(said("grep", "-c", "^{\"commit\":", path)) if path.suffix == ".ndjson" else 0
verified = store.json("verify")
check((events, commits) == (verified["events"], verified["batches"]), "grep counts", events, commits, verified)
check(len(said("jq", "-r", 'select(.type == "finished") | .finish.title', *segments).splitlines()) >= 4022, "jq select")
# What is put aside is the bytes as they were: whole lines are lines still, and the last may be half of one.
aside = sorted((store.path / "log").glob("quarantine-*"))
check([path.read_bytes() for path in aside] == [b'{"seq":99999,"at":"2026-11-23T15:00:00Z","type":"fin'], aside)
check(said("grep", "-c", "seq", aside[0]).strip() == "1" and said("wc", "-l", aside[0]).split()[0] == "0", aside)
store.remove()

# A run that learns nothing. Feeds over HTTP, which answer 304, and as files.
tag = '"one"'
body = open(sample("goodreads-sample.xml").replace("file://", ""), "rb").read()
server = Server(lambda path, headers: (304, {"ETag": tag}, b"") if headers.get("If-None-Match") == tag
                else (200, {"ETag": tag, "Content-Type": "application/rss+xml"}, body))
for kind, settings in (("http", '[[feed]]\nname = "books"\nurl = "%s/feed"\nservice = "goodreads"\n[publish]\ncovers = "none"\n' % server.address),
                       ("file", DEMONSTRATION)):
    store = Store(settings + "[store]\nsnapshot_every = 1\n")
    store.good("import", now="2026-11-23T12:00:00Z")
    before, times = store.files(), store.times()
    trace = store.path / "trace"
    subprocess.run(["strace", "-f", "-y", "-qq", "-o", trace, "-e",
                    "trace=fsync,fdatasync,sync_file_range,pwrite64,write,rename,renameat,unlink,mkdir,ftruncate", PROGRAM,
                    "import", "--all", "--quiet", "--store", str(store.path), "--now", "2026-11-23T13:00:00Z"],
                   env={"PATH": "/usr/bin:/bin"}, check=True, capture_output=True)
    calls = trace.read_text(errors="replace").splitlines()
    trace.unlink()
    in_store = [line for line in calls if str(store.path) in line]
    for folder in ("log", "snapshots", "public"):
        # Opening the log makes its folder's names durable, whatever the run before has died of: STORE, fault 27.
        touched = [line for line in in_store if "%s/%s" % (store.path, folder) in line
                   and not re.search(r"fsync\(\d+<[^>]*/log>\)", line)]
        check(touched == [], kind, folder, "was written by a run that learned nothing:", touched)
    after = store.files()
    check({name: data for name, data in before.items() if name != "polls.json"}
          == {name: data for name, data in after.items() if name != "polls.json"}, kind, "other files")
    check({name: at for name, at in times.items() if name not in ("polls.json", "log/lock")}
          == {name: at for name, at in store.times().items() if name not in ("polls.json", "log/lock")}, kind, "other times")
    syncs = len([line for line in in_store if re.search(r" f(data)?sync\(", line)])
    written = sum(int(line.rsplit("=", 1)[1]) for line in in_store if re.search(r" p?write(64)?\(", line))
    print("plain_log: a run that learns nothing (%s): %d syncs, %d bytes, all of them polls.json" % (kind, syncs, written))
    store.remove()
server.stop()
print("plain_log: grep, jq and wc on %d events in %d segments" % (events, len(segments)))
