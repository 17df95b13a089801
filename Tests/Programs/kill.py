"""kill -9 at many moments of an import: the next run completes it, and nothing is there twice.

`kill.py PROGRAM all`: at every call, and with each of them failing for a broken and for a full disk."""
import shutil
import signal
import subprocess
import sys

from support import DEMONSTRATION, PROGRAM, Store, check

NOW = "2026-11-23T12:00:00Z"
CALLS = ["pwrite64", "fsync", "fdatasync", "rename", "unlink", "mkdir", "openat", "close"]

if shutil.which("strace") is None:
    print("kill: left out, strace is not installed")
    sys.exit(0)

# What an undisturbed run makes, and how many calls it takes.
whole = Store(DEMONSTRATION)
subprocess.run(["strace", "-f", "-qq", "-o", str(whole.path / "trace"), "-e", "trace=" + ",".join(CALLS), PROGRAM, "import",
                "--store", str(whole.path), "--now", NOW], env={"PATH": "/usr/bin:/bin", "COLOPHON_SEED": "7"},
               check=True, capture_output=True)
trace = (whole.path / "trace").read_text().splitlines()
(whole.path / "trace").unlink()
wanted = sorted(item["id"] for item in whole.json("list")["finishes"])
whole.remove()

# strace counts each kind of call on its own. The loader opens and closes long before we do.
moments = []
for call in CALLS:
    places = [line for line in trace if line.split(None, 1)[1].startswith(call + "(")]
    begin = next((index for index, line in enumerate(places) if str(whole.path) in line or call != "openat"), 0)
    if call == "close":
        begin = len(places) - 12
    chosen = range(max(0, begin), len(places))
    step = 1 if "all" in sys.argv[2:] else max(1, len(chosen) // 6)
    moments += [(call, index + 1, "signal=KILL") for index in list(chosen)[::step]]
    if "all" in sys.argv[2:] and call != "close":
        moments += [(call, index + 1, "error=" + error) for index in chosen for error in ("EIO", "ENOSPC")]

kills = 0
for moment in moments:
    store = Store(DEMONSTRATION)
    died = subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + moment[0], "-e",
                           "inject=%s:%s:when=%d" % (moment[0], moment[2], moment[1]), PROGRAM, "import", "--store",
                           str(store.path), "--now", NOW], env={"PATH": "/usr/bin:/bin", "COLOPHON_SEED": "7"},
                          capture_output=True)
    kills += died.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)
    store.good("import", now="2026-11-23T12:15:00Z")
    store.good("verify", "--quiet")
    given = sorted(item["id"] for item in store.json("list")["finishes"])
    check(given == wanted, "after a kill at call", moment, set(given) ^ set(wanted))
    finished = [line for line in store.good("log", "--type", "finished", "--json").splitlines()]
    check(len(finished) == len(wanted), "after a kill at call", moment, len(finished), "finished events")
    left = [name for name in store.files() if ".tmp-" in name]
    check(left == [], "after a kill at call", moment, "unfinished files stay:", left)
    store.good("import", now="2026-11-23T12:30:00Z")
    store.remove()
check(kills >= 20, "only", kills, "runs were killed")
print("kill: %d runs killed at different calls of an import, each completed by the next" % kills)
