"""The line that counts while feeds are asked, as a terminal of 80 columns shows it: it names who is slow, never
breaks, is gone when the run is over, and is not there at all where nobody looks."""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time

from support import PROGRAM, Server, Store, check

COLUMNS = 80
SLOW = ["slow-%s" % ("x" * 40), "slow-b", "slow-c", "slow-d"]
over = threading.Event()


def answer(path, headers):
    if path.startswith("/slow"):
        over.wait(3)
    titles = "".join("<item><title>%s-%d</title></item>" % (path, number) for number in range(2))
    return 200, {}, ("<rss version='2.0'><channel><title>T</title>%s</channel></rss>" % titles).encode()


class Screen:
    """As much of a terminal as the program uses: anything else that moves the cursor fails the test."""

    def __init__(self):
        self.rows, self.column, self.lines, self.rest = [""], 0, [], ""

    def take(self, text):
        # A command to the terminal may come in two pieces.
        text = self.rest + text
        self.rest = re.search(r"(\x1b(\[[0-9;]*)?)?$", text).group()
        text = text[:len(text) - len(self.rest)]
        for token in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|[\r\n]|[^\x1b\r\n]+|\x1b", text):
            row = self.rows[-1]
            if token == "\r":
                self.column = 0
            elif token == "\n":
                self.rows.append("")
                self.column = 0
            elif token == "\x1b[K":
                self.rows[-1] = row[:self.column]
            elif re.fullmatch(r"\x1b\[[0-9;]*m", token):
                pass
            else:
                check(not token.startswith("\x1b"), "the terminal was sent", repr(token))
                self.rows[-1] = row[:self.column] + token + row[self.column + len(token):]
                self.column += len(token)
                if self.rows[-1].startswith("asked"):
                    check(len(self.rows[-1]) < COLUMNS, "a line that wraps:", self.rows[-1])
                    self.lines.append(self.rows[-1])


def heeded():
    """What runs in a shell's background is born deaf to Ctrl-C, and the program leaves it at that."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


def watched(*words, broken_off=None):
    """Runs the program on a terminal of its own, for standard output and talk; gives what was on the screen.
    broken_off: a signal that it gets as soon as the line is there."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    child = subprocess.Popen([PROGRAM, *words, "--store", str(store.path)], stdin=subprocess.DEVNULL, stdout=theirs,
                             stderr=theirs, env={"PATH": "/usr/bin:/bin", "TERM": "xterm"}, start_new_session=True,
                             preexec_fn=heeded)
    os.close(theirs)
    screen, end = Screen(), time.monotonic() + 30
    decoder = codecs.getincrementaldecoder("utf-8")()
    while time.monotonic() < end:
        if not select.select([ours], [], [], 1)[0]:
            continue
        try:
            data = os.read(ours, 4096)
        except OSError:
            break
        if not data:
            break
        screen.take(decoder.decode(data))
        if broken_off and screen.lines:
            child.send_signal(broken_off)
            broken_off = None
    os.close(ours)
    return child.wait(), screen


server = Server(answer)
names = ["quick-%d" % number for number in range(6)] + SLOW
store = Store("".join('[[feed]]\nname = "%s"\nurl = "%s/%s"\nkind = "book"\n' % (name, server.address, name) for name in names))
for command in (["import", "--all"], ["check"]):
    status, screen = watched(*command)
    check(status == 0, command, "ended with", status, screen.rows)
    counts = [int(re.match(r"asked (\d+) of 10", line).group(1)) for line in screen.lines]
    check(counts == sorted(counts) and counts[-1] == 10 and counts[0] < 10, "the line counted", counts)
    named = [line for line in screen.lines if "waiting for" in line]
    check(named, "who is slow was not named:", screen.lines)
    check(named[0].startswith("asked 6 of 10, waiting for slow-x"), "the slow ones were named", named[0])
    check("quick" not in "".join(named), "a quick one was called slow", named)
    # Gone: no row of the screen holds it, and what was printed stands at the margin.
    check(not any(re.match(r"asked \d", row) for row in screen.rows), "the line is still there:", screen.rows)
    check(any(row.startswith("quick-0") for row in screen.rows), "the answer is not at the margin:", screen.rows)
    if "--show" in sys.argv:
        print("\n".join(sorted(set(screen.lines), key=screen.lines.index) + screen.rows))
for number in (signal.SIGINT, signal.SIGTERM):
    status, screen = watched("import", "--all", broken_off=number)
    check(status == -number, "broken off it ended with", status)
    check(screen.rows == [""], "the line is still there when it was broken off:", screen.rows)
over.set()
status, screen = watched("import", "--all", "--quiet")
check(screen.rows == [""] and not screen.lines, "--quiet showed", screen.rows)
done = store.run("import", "--all")
check(done.stdout == "" and done.stderr == "", "without a terminal it said", done)
server.stop()
store.remove()
print("progress: it counts, names who is slow, fits %d columns, and is gone in the end" % COLUMNS)
