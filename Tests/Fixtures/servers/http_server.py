"""A web server that plays every misbehaviour the client must survive. Made up for these tests.

Prints three ports, serves all of 127.0.0.0/8 on two of them, the second with TLS (HTTP/2 where offered);
on the third no connection ever comes about. It ends when its standard input does, so that it never outlives the tests. The path is /GROUP/PLAY, the query its parameters; /GROUP/seen tells what
was asked of a group so far, as JSON:
    [{"method", "target", "version", "headers": [[name, value]...], "body" (its first
     1,000 bytes as Latin-1), "connection",
      "busy": requests of the group at once when this one came}]
Each answer is written byte by byte as the play wants it, so no framework stands between.
"""
import gzip, json, os, socket, ssl, struct, sys, threading, time, zlib
from urllib.parse import parse_qs, quote, urlsplit

lock = threading.Lock()
seen, busy = {}, {}
ETERNITY = 30


class Gone(Exception):
    pass


class Visitor(threading.Thread):
    def __init__(self, connection, number):
        super().__init__(daemon=True)
        self.socket, self.number, self.buffer, self.answered = connection, number, b"", 0

    def run(self):
        try:
            if isinstance(self.socket, ssl.SSLSocket):
                self.socket.do_handshake()
                if self.socket.selected_alpn_protocol() == "h2":
                    return self.serve_frames()
            while self.serve():
                pass
        except (Gone, OSError):
            pass
        finally:
            self.socket.close()

    def read_until(self, mark):
        while mark not in self.buffer:
            self.more()
        found, self.buffer = self.buffer.split(mark, 1)
        return found

    def read_count(self, count):
        while len(self.buffer) < count:
            self.more()
        found, self.buffer = self.buffer[:count], self.buffer[count:]
        return found

    def more(self):
        block = self.socket.recv(65536)
        if not block:
            raise Gone
        if block[0] == 0x16 and not self.buffer:
            # The hello of TLS. Web servers without it answer as if it were a bad request.
            self.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            raise Gone
        self.buffer += block

    def send(self, data):
        self.socket.sendall(data)

    def serve(self):
        lines = self.read_until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        method, target, version = lines[0].split(" ")
        headers = [[part.strip() for part in line.split(":", 1)] for line in lines[1:]]
        self.headers = {name.lower(): value for name, value in headers}
        body = self.read_count(int(self.headers.get("content-length", "0")))
        self.method, url = method, urlsplit(target)
        self.query = {name: values for name, values in parse_qs(url.query, True).items()}
        _, self.group, play = url.path.split("/", 2)
        play, _, self.rest = play.partition("/")
        if play == "seen":
            with lock:
                told = json.dumps(seen.get(self.group, [])).encode()
            return self.answer(200, body=told)
        with lock:
            busy[self.group] = busy.get(self.group, 0) + 1
            seen.setdefault(self.group, []).append({
                "method": method, "target": target, "version": version, "headers": headers,
                "body": body[:1000].decode("latin-1"), "connection": self.number,
                "busy": busy[self.group]})
        try:
            return getattr(self, "play_" + play)()
        finally:
            with lock:
                busy[self.group] -= 1

    def one(self, name, default=""):
        return self.query.get(name, [default])[0]

    def answer(self, status, headers=(), body=b"", length=True):
        lines = ["HTTP/1.1 %d Played" % status]
        if length and status not in (204, 304):
            lines.append("Content-Length: %d" % len(body))
        lines += headers
        head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
        self.send(head + (b"" if self.method == "HEAD" or status == 304 else body))
        return True

    # ?status= &h=Name:%20value (any number) &body=
    def play_answer(self):
        return self.answer(
            int(self.one("status", "200")), self.query.get("h", []), self.one("body").encode())

    # ?etag= &modified= : 304 only when all that was sent back is equal to the byte
    def play_conditional(self):
        etag, modified = self.one("etag"), self.one("modified")
        asked_etag = self.headers.get("if-none-match")
        asked_modified = self.headers.get("if-modified-since")
        lines = ["ETag: " + etag] if etag else []
        lines += ["Last-Modified: " + modified] if modified else []
        is_same = (asked_etag or asked_modified) and asked_etag in (None, etag) \
            and asked_modified in (None, modified)
        return self.answer(304, lines) if is_same else self.answer(200, lines, b"full")

    def play_slow(self):
        time.sleep(int(self.one("ms")) / 1000)
        return self.answer(200, body=b"slow")

    def play_redirect(self):
        return self.answer(int(self.one("status", "302")), ["Location: " + self.one("to")], b"moved")

    # /hops/3 leads to /hops/2 … to /hops/0
    def play_hops(self):
        left = int(self.rest)
        if left == 0:
            return self.answer(200, body=b"arrived")
        return self.answer(302, ["Location: %d" % (left - 1)])

    def play_circle(self):
        return self.answer(302, ["Location: " + ("b" if self.rest == "a" else "a")])

    def play_endless(self):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        while True:
            self.send(chunk)

    def play_hang(self):
        time.sleep(ETERNITY)

    def play_stall(self):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhello")
        time.sleep(ETERNITY)

    def play_trickle(self):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(ETERNITY * 10):
            self.send(b"x")
            time.sleep(0.1)

    def play_reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone

    def play_hangup(self):
        raise Gone

    # A connection that was kept is closed without a word when the next request has come.
    def play_once(self):
        if self.answered:
            raise Gone
        self.answered += 1
        return self.answer(200, body=b"once")

    def play_truncated(self):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 500)
        raise Gone

    def play_shortchunks(self):
        self.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        raise Gone

    def play_overlong(self):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, and more than was said")
        raise Gone

    def play_badlength(self):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello")
        raise Gone

    def play_announced(self):
        self.send(b"HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n" % self.one("bytes").encode())
        time.sleep(ETERNITY)

    def play_bigheader(self):
        self.send(b"HTTP/1.1 200 OK\r\nX-Big: " + b"x" * 1_000_000 + b"\r\n\r\n")
        raise Gone

    def play_manyheaders(self):
        lines = b"".join(b"X-%d: %s\r\n" % (number, b"x" * 1000) for number in range(1000))
        self.send(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n")
        raise Gone

    def play_garbage(self):
        self.send(b"SSH-2.0-OpenSSH_9.2\r\n")
        raise Gone

    # Heads that are legal and seldom seen: interim answers, a folded line, a trailer, Latin-1.
    def play_oddhead(self):
        self.send(b"HTTP/1.1 103 Early Hints\r\nLink: </early>\r\n\r\n"
                  b"HTTP/1.1 200 OK\r\nX-Folded: one\r\n  two\r\nx-twice: 1\r\nX-Twice: 2\r\n"
                  b"ETag:   \"caf\xe9\"  \r\nX-Control: a\x01b\r\nX-Empty:\r\n"
                  b"Transfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n"
                  b"5\r\nhello\r\n0\r\nX-Late: trailer\r\n\r\n")
        return True

    def play_gzip(self):
        return self.answer(200, ["Content-Encoding: gzip"], gzip.compress(self.one("body").encode()))

    def play_deflate(self):
        return self.answer(
            200, ["Content-Encoding: deflate"], zlib.compress(self.one("body").encode()))

    # "hello" as brotli and as zstd would store it.
    def play_brotli(self):
        return self.answer(200, ["Content-Encoding: br"], bytes.fromhex("0b028068656c6c6f03"))

    def play_zstd(self):
        return self.answer(
            200, ["Content-Encoding: zstd"], bytes.fromhex("28b52ffd200529000068656c6c6f"))

    def play_notgzip(self):
        return self.answer(200, ["Content-Encoding: gzip"], b"plain text, whatever the head says")

    # ?mb= of zeros, a thousandth of it on the wire
    def play_bomb(self):
        return self.answer(200, ["Content-Encoding: gzip"], bomb(int(self.one("mb"))))

    # ?mb= of zeros as they are
    def play_plain(self):
        return self.answer(200, body=bytes(int(self.one("mb")) << 20))

    # HTTP/2. The frames are read no further than to see that a request has come; which play is
    # wanted is told by the first label of the host's name, for paths come compressed.
    def serve_frames(self):
        self.read_count(24)
        self.frame(4, 0, 0)
        while True:
            head = self.read_count(9)
            self.read_count(int.from_bytes(head[:3], "big"))
            kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
            if kind == 4 and not flags & 1:
                self.frame(4, 1, 0)
            if kind == 1:
                getattr(self, "frames_" + self.socket.asked_name.split(".")[0])(stream)

    def frame(self, kind, flags, stream, payload=b""):
        self.send(len(payload).to_bytes(3, "big") + bytes([kind, flags])
                  + stream.to_bytes(4, "big") + payload)

    # ":status: 200" is number 8 of HPACK's table, "content-length" number 28.
    def frame_head(self, stream, length):
        digits = str(length).encode()
        self.frame(1, 4, stream, b"\x88\x0f\x0d" + bytes([len(digits)]) + digits)

    def frames_whole(self, stream):
        self.frame_head(stream, 5)
        self.frame(0, 1, stream, b"hello")

    def frames_once(self, stream):
        if self.answered:
            raise Gone
        self.answered += 1
        self.frames_whole(stream)

    # Asks to be asked again (RFC 9113 section 8.7).
    def frames_refused(self, stream):
        self.frame(3, 0, stream, (7).to_bytes(4, "big"))

    def frames_hangup(self, stream):
        raise Gone

    def frames_truncated(self, stream):
        self.frame_head(stream, 10)
        self.frame(0, 0, stream, b"hello")
        raise Gone

    def frames_short(self, stream):
        self.frame_head(stream, 10)
        self.frame(0, 1, stream, b"hello")

    def frames_reset(self, stream):
        self.frame_head(stream, 10)
        self.frame(0, 0, stream, b"hello")
        self.frame(3, 0, stream, (2).to_bytes(4, "big"))

    def frames_calm(self, stream):
        self.frame(7, 0, 0, stream.to_bytes(4, "big") + (11).to_bytes(4, "big"))
        raise Gone


bombs = {}


def bomb(megabytes):
    with lock:
        if megabytes not in bombs:
            bombs[megabytes] = gzip.compress(b"\0" * (megabytes << 20), 9)
        return bombs[megabytes]


numbers = iter(range(1, 1 << 30))


def welcome(listener, secure=None):
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if secure:
            connection = secure.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False)
        Visitor(connection, next(numbers)).start()


def deaf():
    """A listener whose queue is full and stays so: who connects hears nothing, not even a refusal."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=0)
    waiting = []
    for _ in range(8):
        caller = socket.socket()
        caller.setblocking(False)
        caller.connect_ex(listener.getsockname())
        waiting.append(caller)
    return listener, waiting


def remember_name(connection, name, _):
    connection.asked_name = name or "whole"


def main():
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(os.path.join(os.path.dirname(os.path.abspath(__file__)), "played.pem"))
    secure.set_alpn_protocols(["h2", "http/1.1"])
    secure.sni_callback = remember_name
    listeners = [socket.create_server(("0.0.0.0", 0), backlog=512) for _ in range(2)]
    threading.Thread(target=welcome, args=(listeners[1], secure), daemon=True).start()
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    silent = deaf()
    print(*[listener.getsockname()[1] for listener in listeners + [silent[0]]], flush=True)
    welcome(listeners[0])


main()
