"""What the programs' tests share: a store in a temporary folder, the program as a child, a feed server.

Each test is a program of its own: `python3 Tests/Programs/NAME.py PROGRAM`. It ends with 1 and says what
was wrong, or prints one line."""
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
PROGRAM = os.path.abspath(sys.argv[1])


def check(condition, *words):
    if not condition:
        print(pathlib.Path(sys.argv[0]).name + ": FAILED:", *words)
        sys.exit(1)


def stores_in_memory():
    """Where no power fails a disk shows nothing, and syncing it at each run makes hours of a played year."""
    if os.path.isdir("/dev/shm"):
        tempfile.tempdir = "/dev/shm"


class Store:
    """A store of its own, verified and thrown away in the end."""

    def __init__(self, settings):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="colophon-test-"))
        self.write("feeds.toml", settings)

    def write(self, name, text):
        (self.path / name).write_text(text, encoding="utf-8")

    def run(self, *words, now=None, env=None, timeout=60):
        variables = {"PATH": "/usr/bin:/bin", "HOME": str(self.path), "COLOPHON_SEED": "7"}
        if now:
            variables["COLOPHON_NOW"] = now
        variables.update(env or {})
        return subprocess.run([PROGRAM, *words, "--store", str(self.path)], capture_output=True,
                              text=True, timeout=timeout, env=variables, stdin=subprocess.DEVNULL)

    def good(self, *words, **options):
        done = self.run(*words, **options)
        check(done.returncode == 0, words, "ended with", done.returncode, done.stdout, done.stderr)
        return done.stdout

    def json(self, *words, **options):
        return json.loads(self.good(*words, "--json", **options))

    def json_lines(self, *words, **options):
        return [json.loads(line) for line in self.good(*words, "--json", **options).splitlines()]

    def files(self):
        """Every file's bytes by its path, but the lock's."""
        return {str(path.relative_to(self.path)): path.read_bytes()
                for path in sorted(self.path.rglob("*")) if path.is_file() and path.name != "lock"}

    def times(self):
        return {str(path.relative_to(self.path)): path.stat().st_mtime_ns
                for path in sorted(self.path.rglob("*")) if path.is_file()}

    def remove(self, is_damaged=False):
        if not is_damaged and (self.path / "log/head.json").exists() and sys.exc_info()[0] is None:
            self.good("verify", "--quiet")
        shutil.rmtree(self.path, ignore_errors=True)


class Server:
    """Serves whatever `answer` gives: (status, headers, body) for a path and a request's headers; a status
    of None hangs up without a word."""

    def __init__(self, answer):
        outer = self
        self.requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.requests.append((self.path, dict(self.headers)))
                status, headers, body = answer(self.path, self.headers)
                if status is None:
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if status != 304:
                    self.wfile.write(body)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()


def sample(name):
    return (ROOT / "Tests/Fixtures/feeds" / name).as_uri()


DEMONSTRATION = """
[[feed]]
name = "films"
url = "%s"
announce_since = 2026-11-01

[[feed]]
name = "books"
url = "%s"
announce_since = 2026-11-01

[announce]
max_age_days = 0

[publish]
covers = "none"
""" % (sample("letterboxd-sample.xml").replace("file:///", "file:/"),
       sample("goodreads-sample.xml").replace("file:///", "file:/"))
