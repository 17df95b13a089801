"""What can befall a run, on the real system: every call of it killed or failing, power cut, a full disk, company.

    torture.py PROGRAM [all | SECONDS]

Without a word a few moments of each kind are tried (half a minute); with `all` every call of every command, until a
run ends without meeting its fault; with a number of seconds as many as fit, in a random order whose seed is printed.

Whatever happened: what was acknowledged is there, readers read, every published file is an old or a new one and whole;
and the same command once more, undisturbed, leaves the store as if nothing had been: log, pages and announcements to
the byte, nothing twice, nothing unfinished, and `verify` content. A run that ended well has done all that at once.

Rows 1, 2, 9, 10, 11 and 12 of the faults that a store survives are met here."""
import atexit
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from support import DEMONSTRATION, PROGRAM, Store, check

NOW, LATER = "2026-11-23T12:00:00Z", "2026-11-24T09:00:00Z"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "COLOPHON_SEED": "7"}
# Every call that can change something, fail for the disk's sake, or be what is left undone.
CALLS = ["pwrite64", "fsync", "fdatasync", "ftruncate", "rename", "unlink", "mkdir", "openat", "pread64", "flock", "close",
         "newfstatat", "faccessat2", "statfs", "getdents64", "read", "ioctl", "getrandom"]
# Of these the trace has numbers of files only, or none.
UNNAMED = ["pread64", "close", "getdents64", "read", "ioctl", "getrandom"]
FAULTS = ["signal=KILL", "error=EIO", "error=ENOSPC"]
EXPORT = "Name,Year,Letterboxd URI,Rating,Watched Date,Date\n" + "".join(
    "Old Film %d,%d,https://boxd.it/x%d,4,2020-01-%02d,2020-01-%02d\n" % (n, 1960 + n, n, 1 + n % 28, 1 + n % 28)
    for n in range(40))
MARKED = '<item><title>Torture Film, 2025 - ★★★</title><link>https://letterboxd.com/ada-example/film/torture/</link>' \
    '<guid isPermaLink="false">letterboxd-watch-990000001</guid><pubDate>Mon, 23 Nov 2026 20:00:00 +0000</pubDate>' \
    '<letterboxd:watchedDate>2026-11-23</letterboxd:watchedDate><letterboxd:filmTitle>Torture Film</letterboxd:filmTitle>' \
    '<letterboxd:filmYear>2025</letterboxd:filmYear><letterboxd:memberRating>3.0</letterboxd:memberRating></item>'


def run(store, words, now=LATER):
    return subprocess.run([PROGRAM, *words, "--store", str(store), "--now", now], capture_output=True, text=True,
                          env=ENVIRONMENT, timeout=60)


def good(store, words, now=LATER):
    done = run(store, words, now)
    check(done.returncode == 0, words, "ended with", done.returncode, done.stdout, done.stderr)
    return done.stdout


def files(store):
    """What must be the same in the end: not the polls' times, not what was put aside."""
    return {str(path.relative_to(store)): path.read_bytes() for path in sorted(store.rglob("*"))
            if path.is_file() and path.name not in ("lock", "polls.json") and not path.name.startswith("quarantine-")}


def prepare(store):
    """A store of yesterday, with a snapshot, and something new in a feed."""
    films = store / "films.xml"
    source = (pathlib.Path(__file__).parents[1] / "Fixtures/feeds/letterboxd-sample.xml").read_text(encoding="utf-8")
    films.write_text(source, encoding="utf-8")
    settings = DEMONSTRATION.split("[[feed]]")
    (store / "feeds.toml").write_text(
        '[[feed]]\nname = "films"\nurl = "file:films.xml"\nservice = "letterboxd"\nannounce_since = 2026-11-01\n[[feed]]'
        + settings[2] + "[store]\nsnapshot_every = 1\n", encoding="utf-8")
    (store / "export.csv").write_text(EXPORT, encoding="utf-8")
    good(store, ["import"], NOW)
    films.write_text(source.replace("<item>", MARKED + "<item>", 1), encoding="utf-8")


def begun(store):
    """The settings and feeds alone."""
    prepare(store)
    for name in ("log", "snapshots", "public"):
        shutil.rmtree(store / name)
    for name in ("polls.json", "pending-tweets.json"):
        (store / name).unlink()


def spoiled(store):
    """A batch that nothing mends."""
    prepare(store)
    segment = store / "log/00000000000000000001.ndjson"
    data = segment.read_bytes()
    segment.write_bytes(data[:9000] + b"\0" * 2000 + data[11000:])


# Name, the store before it, the command.
COMMANDS = [
    ("first import", begun, ["import", "--all"]),
    ("import", prepare, ["import", "--all"]),
    ("backfill", prepare, ["backfill", "--service", "letterboxd", "EXPORT"]),
    ("correct", prepare, ["correct", "letterboxd:viewing:901200417", "--title", "Another title"]),
    ("publish", lambda store: (prepare(store), (store / "public/feed.json").write_text("{}")), ["publish"]),
    ("rebuild", prepare, ["rebuild"]),
    ("repair", spoiled, ["repair", "--accept-loss"]),
]


class Case:
    """A command, the store before it, and what it makes when nothing disturbs it."""

    def __init__(self, name, begin, words, folder):
        self.name = name
        self.before = folder / name
        self.before.mkdir()
        begin(self.before)
        self.words = [str(self.before / "export.csv") if word == "EXPORT" else word for word in words]
        self.old = files(self.before)
        whole = folder / "whole"
        shutil.copytree(self.before, whole)
        trace = folder / "trace"
        subprocess.run(["strace", "-f", "--seccomp-bpf", "-qq", "-o", trace, "-e", "trace=" + ",".join(CALLS), PROGRAM, *self.words,
                        "--store", whole, "--now", LATER], env=ENVIRONMENT, check=True, capture_output=True)
        self.wanted = files(whole)
        self.finishes = good(whole, ["list", "--ids"])
        self.moments = list(self.find_moments(trace.read_text(errors="replace").splitlines(), str(whole)))
        shutil.rmtree(whole)

    def find_moments(self, trace, store):
        """Call and number: strace counts each kind of call on its own. The loader's, long before ours, are left out."""
        for call in CALLS:
            places = [line.split(None, 1)[1] for line in trace if line.split(None, 1)[1].startswith(call + "(")]
            begin = next((index for index, line in enumerate(places) if store in line), 0)
            if call in UNNAMED:
                # The loader has closed and read as often as an idle program does.
                begin = next((index for index, line in enumerate(trace) if store in line), 0)
                begin = sum(1 for line in trace[:begin] if line.split(None, 1)[1].startswith(call + "("))
            for number in range(begin + 1, len(places) + 2):
                for fault in FAULTS:
                    yield call, number, fault

    def check_disturbed(self, store, moment, ended_well):
        """What must hold before anybody has mended anything."""
        what = (self.name,) + moment
        now = files(store)
        for name, data in now.items():
            if name.startswith("public/") and ".tmp-" not in name or name == "pending-tweets.json":
                check(data in (self.old.get(name), self.wanted.get(name)), *what, name, "is neither old nor new")
        if self.name != "repair":
            known = [line for line in self.old.get("log/00000000000000000001.ndjson", b"").splitlines() if line.startswith(b'{"seq"')]
            lines = good(store, ["log", "--json"]).encode().splitlines()
            check(lines[:len(known)] == known, *what, "an acknowledged event is not there")
            wanted = [line for line in self.wanted["log/00000000000000000001.ndjson"].splitlines() if line.startswith(b'{"seq"')]
            check(lines in (known, wanted), *what, "half of a run was acknowledged")
        if ended_well:
            check({name: data for name, data in now.items() if not name.startswith("snapshots/")}
                  == {name: data for name, data in self.wanted.items() if not name.startswith("snapshots/")},
                  *what, "it ended well and has not done all")

    def check_mended(self, store, moment, is_same=True):
        """The same once more, undisturbed; the same to the byte where it had the same to say."""
        what = (self.name,) + moment
        done = run(store, self.words)
        check(done.returncode == 0, *what, "the next run ended with", done.returncode, done.stdout, done.stderr)
        good(store, ["verify", "--quiet"]) if self.name != "repair" else good(store, ["log"])
        now = files(store)
        left = [name for name in now if ".tmp-" in name]
        check(left == [], *what, "unfinished files stay:", left)
        check(good(store, ["list", "--ids"]) == self.finishes, *what, "other finishes")
        for name in sorted(set(now) | set(self.wanted)) if is_same else []:
            # A repair that died says more of what it met; a snapshot may be due a run later.
            if name.startswith("snapshots/") or self.name == "repair" and name.startswith("log/"):
                continue
            check(now.get(name) == self.wanted.get(name), *what, name, "differs from that of an undisturbed run")

    def meet(self, moment, folder):
        """Whether the run met its fault."""
        call, number, fault = moment
        store = folder / "store"
        shutil.copytree(self.before, store)
        trace = folder / "met"
        done = subprocess.run(
            ["strace", "-f", "--seccomp-bpf", "-y", "-qq", "-o", trace, "-e", "trace=" + call, "-e", "inject=%s:%s:when=%d" % (call, fault, number),
             PROGRAM, *self.words, "--store", store, "--now", LATER], env=ENVIRONMENT, capture_output=True, text=True)
        text = trace.read_text(errors="replace")
        met = "(INJECTED)" in text or "killed by SIGKILL" in text
        # A feed that cannot be read is that feed's failure, of which the third in a row is news.
        is_feed = any("(INJECTED)" in line and ".xml" in line for line in text.splitlines())
        # An injected close does not happen, and the program is in its own way; Linux always lets a lock go.
        is_held = call == "close" and any("(INJECTED)" in line and "/lock>" in line for line in text.splitlines())
        if done.returncode != 0 and fault != "signal=KILL" and not (is_held and done.returncode == 75):
            check(done.stderr.strip() != "", *((self.name,) + moment), "ended with", done.returncode, "and said nothing")
            check(done.returncode in (1, 65, 73, 74, 77, 78, 127), *((self.name,) + moment), "ended with", done.returncode, done.stderr)
        if not is_feed:
            self.check_disturbed(store, moment, done.returncode == 0)
        self.check_mended(store, moment, is_same=not is_feed)
        shutil.rmtree(store)
        return met


def faults(cases, folder, mode, end):
    """Kills and failing calls; how many were met."""
    moments = [(case, moment) for case in cases for moment in case.moments]
    if mode == "seconds":
        random.shuffle(moments)
    elif mode == "short":
        moments = [pair for case in cases for kind in sorted(set((call, fault) for call, _, fault in case.moments))
                   for pair in few(case, kind, 2 if case.name == "import" else 1)]
        random.Random(len(moments)).shuffle(moments)
    met = 0
    for case, moment in moments:
        if time.monotonic() > end:
            break
        met += case.meet(moment, folder)
    return met


def few(case, kind, count):
    found = [moment for moment in case.moments if (moment[0], moment[2]) == kind and moment[2] != "error=ENOSPC"]
    step = max(1, len(found) // count)
    return [(case, moment) for moment in found[step // 2::step][:count]]


# ---- power cuts

def mounts():
    """Whether this machine lets us mount: root, and loop devices."""
    return os.geteuid() == 0 and pathlib.Path("/dev/loop-control").exists() and shutil.which("mkfs.ext4") \
        and shutil.which("mount")


def mount(kind, source, place, options):
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", kind, "-o", options, source, place], capture_output=True)
    if done.returncode == 0:
        atexit.register(unmount, place)
    return done.returncode == 0


def unmount(place):
    subprocess.run(["umount", place], capture_output=True)


def is_stopped(process):
    """By our signal, and not just on its way through a call that strace looks at."""
    for _ in range(3):
        try:
            state = pathlib.Path("/proc/%d/stat" % process).read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return False
        if state not in "tT":
            return False
        time.sleep(0.002)
    return True


def power_cuts(cases, folder, end, options, most):
    """Stops the program at its calls, copies the disk as it is then, and reads that as the next boot would."""
    cuts = 0
    image, copy = folder / "disk", folder / "copy"
    place, after = folder / "mounted", folder / "after"
    for case in cases:
        if time.monotonic() > end or cuts >= most:
            break
        with open(image, "wb") as file:
            file.truncate(24 << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
        if not mount("ext4", image, place, "loop," + options):
            return None
        store = place / "store"
        shutil.copytree(case.before, store)
        os.sync()
        calls = "pwrite64,fsync,fdatasync,ftruncate,rename,unlink,mkdir"
        tracer = subprocess.Popen(
            ["strace", "-f", "-qq", "-o", folder / "met", "-e", "trace=" + calls, "-e", "inject=%s:signal=STOP:when=1+1" % calls,
             PROGRAM, *case.words, "--store", store, "--now", LATER], env=ENVIRONMENT, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        number = 0
        while tracer.poll() is None:
            children = pathlib.Path("/proc/%d/task/%d/children" % (tracer.pid, tracer.pid)).read_text().split()
            if not children or not is_stopped(int(children[0])):
                time.sleep(0.001)
                continue
            number += 1
            if time.monotonic() < end and cuts < most:
                subprocess.run(["cp", "--sparse=always", image, copy], check=True)
                check(mount("ext4", copy, after, "loop"), case.name, "power cut", number, "the copy cannot be mounted")
                moment = ("power cut with " + options, number)
                case.check_disturbed(after / "store", moment, False)
                case.check_mended(after / "store", moment)
                unmount(after)
                cuts += 1
            os.kill(int(children[0]), signal.SIGCONT)
            time.sleep(0.001)
        check(tracer.returncode == 0, case.name, "ended with", tracer.returncode, "on the disk")
        unmount(place)
    return cuts


def full_disk(cases, folder, end, step):
    """A disk of memory with too little room, a little more each time, until it is enough."""
    met = 0
    place = folder / "small"
    for case in cases:
        room = 4
        while time.monotonic() < end:
            if not mount("tmpfs", "none", place, "size=32m"):
                return None
            store = place / "store"
            shutil.copytree(case.before, store)
            used = int(subprocess.run(["du", "-sk", place], capture_output=True, text=True).stdout.split()[0])
            subprocess.run(["mount", "-o", "remount,size=%dk" % (used + room), place], check=True)
            done = run(store, case.words)
            moment = ("full disk, %d kB free" % room,)
            if done.returncode != 0:
                check(done.returncode in (73, 74) and done.stderr, case.name, *moment, "ended with", done.returncode, done.stderr)
            case.check_disturbed(store, moment, done.returncode == 0 and "no snapshot" not in done.stdout + done.stderr)
            subprocess.run(["mount", "-o", "remount,size=32m", place], check=True)
            case.check_mended(store, moment)
            unmount(place)
            if done.returncode == 0:
                break
            met += 1
            room += step
    return met


def company(folder, rounds):
    """Many processes at once: one works, the others go away with 75, and what a process was told is true."""
    store = folder / "company"
    store.mkdir()
    (store / "feeds.toml").write_text("")
    told = []
    for turn in range(rounds):
        runs = [(title, subprocess.Popen([PROGRAM, "add", "book", title, "--store", str(store), "--now", NOW], env=ENVIRONMENT,
                                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True))
                for title in ("Book %d of round %d" % (number, turn) for number in range(6))]
        for title, process in runs:
            said = process.communicate()[1]
            check(process.returncode in (0, 75), "in company:", process.returncode, said)
            if process.returncode == 0:
                told.append(title)
    known = [finish["title"] for finish in json.loads(good(store, ["list", "--json"], NOW))["finishes"]]
    check(sorted(known) == sorted(told) and len(told) >= rounds, "in company:", len(told), "were told,", len(known), "are there")
    good(store, ["verify"], NOW)
    return len(told)


def main():
    if shutil.which("strace") is None:
        print("torture: left out, strace is not installed")
        return
    word = sys.argv[2] if len(sys.argv) > 2 else ""
    mode = "all" if word == "all" else "seconds" if word else "short"
    seconds = {"all": 3600, "short": 40}.get(mode) or int(word)
    if mode == "seconds":
        seed = int(os.environ.get("TORTURE_SEED", time.time_ns() % 1_000_000))
        random.seed(seed)
        print("torture: %d seconds, TORTURE_SEED=%d" % (seconds, seed), flush=True)
    start = time.monotonic()
    # In memory: what a sync does is tried with power cuts; here only that it is asked for and may fail.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 200 << 20 else None
    with tempfile.TemporaryDirectory(prefix="colophon-torture-", dir=memory) as name:
        folder = pathlib.Path(name)
        cases = [Case(title, begin, words, folder) for title, begin, words in COMMANDS]
        writers = [case for case in cases if case.name in ("first import", "import", "backfill", "repair")]
        told = ["%d runs killed or with a failing call" % faults(cases, folder, mode, start + seconds * 0.6)]
        told.append("%d of %d in company" % (company(folder, 4 if mode == "short" else 20), (4 if mode == "short" else 20) * 6))
        if mounts():
            most = 12 if mode == "short" else 10_000
            chosen = [case for case in writers if case.name == "import"] if mode == "short" else writers
            for options, share in ([("commit=300", 0.9)] if mode == "short" else
                                   [("commit=300", 0.75), ("data=writeback,commit=300", 0.88)]):
                cuts = power_cuts(chosen, folder, start + seconds * share, options, most)
                told.append("no power cuts: an image cannot be mounted" if cuts is None
                            else "%d power cuts (%s)" % (cuts, options))
            full = full_disk(chosen, folder, start + seconds, 32 if mode == "short" else 4)
            told.append("no full disk: tmpfs cannot be mounted" if full is None else "%d times on a full disk" % full)
        else:
            told.append("no power cuts and no full disk: these need root, loop devices and mkfs.ext4")
    print("torture: " + ", ".join(told))


main()
