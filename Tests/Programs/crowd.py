"""http 43, 47 and 55: a thousand feeds of which ten hang, ten hang up and ten send a bomb: the run ends within its limits, which
are the true ones, the other 970 are in, and its memory stays small. Takes about a minute, most of it waiting."""
import os
import socket
import socketserver
import struct
import subprocess
import threading
import time
import zlib

from support import PROGRAM, Store, check

FEEDS, BAD = 1000, 10
MEMORY_MB = 128
# Ten hang, eight at once: twice the 20 s for which nothing may come, and room for a busy machine.
SECONDS = 90
# Bit by bit: what this program once took in memory would count for the one it starts.
PACKER = zlib.compressobj(9, zlib.DEFLATED, 31)
BOMB = b"".join([PACKER.compress(bytes(1 << 20)) for _ in range(256)] + [PACKER.flush()])
over = threading.Event()
# All documents together are more than the memory that the run may take.
PAGES = "<description>%s</description>" % ("Pages and pages of it. " * 7000)


def document(number):
    items = "".join(
        "<item><title>Book %d-%d</title><guid isPermaLink='false'>b%d-%d</guid></item>"
        % (number, item, number, item) for item in range(3))
    return ("<rss version='2.0'><channel><title>T</title>%s%s</channel></rss>" % (PAGES, items)).encode()


class Visitor(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            self.serve()
        except OSError:
            # The program had enough of it.
            pass

    def serve(self):
        while line := self.rfile.readline():
            while self.rfile.readline() not in (b"\r\n", b""):
                pass
            kind, number = line.split()[1].decode().strip("/").split("/")
            if kind == "hang":
                over.wait(300)
                return
            if kind == "reset":
                self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            body, coding = (BOMB, "Content-Encoding: gzip\r\n") if kind == "bomb" else (document(int(number)), "")
            head = "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n%sContent-Length: %d\r\n\r\n"
            self.wfile.write((head % (coding, len(body))).encode() + body)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads, request_queue_size, block_on_close = True, 256, False


server = Server(("127.0.0.1", 0), Visitor)
threading.Thread(target=server.serve_forever, daemon=True).start()


def kind(number):
    """The bad ones side by side, so that as many as can be are asked at once."""
    block = (number - 500) // BAD
    return {0: "bomb", 1: "hang", 2: "reset"}.get(block, "good") if number >= 500 else "good"


store = Store("".join(
    '[[feed]]\nname = "f%d"\nurl = "http://127.0.0.1:%d/%s/%d"\nkind = "book"\n'
    % (number, server.server_address[1], kind(number), number) for number in range(FEEDS)))
log = open(store.path / "told", "w+")
began = time.monotonic()
child = subprocess.Popen([PROGRAM, "import", "--verbose", "--store", str(store.path)], stdout=log,
                         stderr=subprocess.STDOUT, env={"PATH": "/usr/bin:/bin"})
_, status, usage = os.wait4(child.pid, 0)
seconds, megabytes = time.monotonic() - began, usage.ru_maxrss / 1024
over.set()
log.seek(0)
told = log.read().splitlines()
# To somebody who watches, a failure is an exit of 1.
check(os.waitstatus_to_exitcode(status) == 1, "the run ended with", status, told[-3:])
for words, count in [("less than 100 bytes a second for 20 s", BAD), ("hung up without an answer", BAD),
                     ("answers with a bomb", BAD), ("adopted", FEEDS - 3 * BAD)]:
    found = sum(words in line for line in told)
    check(found == count, found, "feeds were told with", words, told[495:535])
finishes = len(store.json("list")["finishes"])
check(finishes == 3 * (FEEDS - 3 * BAD), finishes, "finishes")
check(seconds < SECONDS, "the run took %.0f s" % seconds)
check(megabytes < MEMORY_MB, "the run took %.0f MB" % megabytes)
server.shutdown()
store.remove()
print("crowd: 970 of 1,000 feeds are in, 30 are named, after %.0f s and %.0f MB" % (seconds, megabytes))
