"""index.html, and the widget in a page, in a real browser: no script runs, nothing is asked for but the stylesheets and
the covers, nothing is refused by the strictest policy, no picture is broken, nothing is too wide, axe finds nothing.

A script is noticed by five signs of its own: the debugger sees every script that the page's world parses, and the
browser tells of dialogs, lines in the console, errors, and requests. `window.hurt` is what the hostile texts set."""
import contextlib
import functools
import http.server
import json
import pathlib
import shutil
import sys
import threading
import urllib.parse

from axe_playwright_python.sync_playwright import Axe
from playwright import sync_api

from java import hosted

CHECKERS = ["axe-core", "Chromium's debugger, console and network log"]
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
PAGES = ("index.html", "widget.html")
# A picture for covers that lie on a server that is not there: 1 pixel, GIF.
DOT = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
IS_AS_IT_SHOULD_BE = """() => {
  const found = [];
  for (const element of document.querySelectorAll('*')) {
    for (const attribute of element.attributes)
      if (attribute.name.startsWith('on') || attribute.name == 'style') found.push(`<${element.localName}> has ${attribute.name}=`);
    for (const name of ['href', 'src', 'action'])
      if (element.hasAttribute(name) && !/^https?:$/.test(new URL(element.getAttribute(name), document.baseURI).protocol))
        found.push(`<${element.localName}> leads to ${element.getAttribute(name).slice(0, 60)}`);
  }
  for (const image of document.images)
    if (image.complete && image.naturalWidth == 0) found.push(`a broken picture: ${image.getAttribute('src')}`);
  const scripts = [...document.scripts].filter(script => script.type != 'application/ld+json');
  if (scripts.length) found.push('has a script');
  if ('hurt' in window) found.push(`a script ran and left ${window.hurt}`);
  return found;
}"""


def problems(folders, schemes=("light", "dark"), widths=(320, 768, 1280)):
    chromium = shutil.which("chromium")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for folder in folders:
            with served(folder) as (address, log):
                for page in PAGES:
                    look = functools.partial(Look, browser, folder, address, log, page)
                    found = []
                    for scheme in schemes:
                        for width in widths:
                            found += look(scheme, width).problems()
                    found += look("light", 768, policy=POLICY).problems()
                    if page == "index.html":
                        found += look("light", 768).filter_problems()
                    # What is wrong at every width is said once.
                    yield from ((folder, page, text) for text in dict.fromkeys(found))
        browser.close()


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *words):
        """A page that is closed takes no more of its covers; that is no problem of anyone's."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(*words)


@contextlib.contextmanager
def served(folder):
    """The folder on a loopback port, the widget inside a page; every request is noted."""
    log = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        policy = None

        def do_GET(self):
            path, _, query = self.path.partition("?")
            log.append(path)
            if path != "/widget.html" and query != "policy":
                return super().do_GET()
            name = path.lstrip("/")
            text = (folder / name).read_text(encoding="utf-8")
            data = (hosted(text) if name == "widget.html" else text).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            if query == "policy":
                self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *words):
            pass

    server = Server(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield "http://127.0.0.1:%d/" % server.server_address[1], log
    finally:
        server.shutdown()


class Look:
    """One look at one page: in a scheme, at a width, under a policy."""

    def __init__(self, browser, folder, address, log, name, scheme, width, policy=None):
        self.folder, self.address, self.log, self.name = folder, address, log, name
        self.scheme, self.width, self.policy = scheme, width, policy
        self.found, self.scripts, self.asked = [], [], []
        self.page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})
        page, note = self.page, self.found.append
        # A thousand covers take their time on a machine that does something else as well.
        page.set_default_timeout(180_000)
        page.on("dialog", lambda dialog: (note(f"a dialog was opened: {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda line: note(f"the console says: {line.text}"))
        page.on("pageerror", lambda error: note(f"a script failed: {error}"))
        page.on("popup", lambda _: note("a window was opened"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.route(lambda url: not url.startswith(address), self.answer)
        self.watch_scripts()
        page.goto(address + name + ("?policy" if policy else ""), wait_until="load")
        # Lazy covers come when they are near.
        page.mouse.wheel(0, 1_000_000)
        page.wait_for_load_state("networkidle")

    def watch_scripts(self):
        session = self.page.context.new_cdp_session(self.page)

        def parsed(script):
            # What the checker itself evaluates has no address.
            if script.get("executionContextAuxData", {}).get("isDefault") and script["url"]:
                self.scripts.append(script["url"])

        session.on("Debugger.scriptParsed", parsed)
        session.send("Debugger.enable")

    def answer(self, route):
        """A cover as its folder has it, or a dot where it only leads elsewhere; nothing else is on the net."""
        address = route.request.url
        if plain(address) not in covers(self.folder):
            return route.abort()
        copy = self.folder / "covers" / pathlib.PurePosixPath(urllib.parse.urlsplit(address).path).name
        if copy.exists():
            return route.fulfill(path=copy)
        return route.fulfill(body=DOT, content_type="image/gif")

    def problems(self):
        for url in self.asked:
            name = url.removeprefix(self.address).split("?")[0]
            styles = {"index.html": ["widget.css", "index.css"], "widget.html": ["widget.css"]}[self.name]
            if name in [self.name, *styles] or name.startswith("covers/") or plain(url) in covers(self.folder):
                continue
            self.found.append(f"asks for {url}")
        self.found += [f"a script was parsed: {url}" for url in self.scripts]
        if self.policy:
            # Covers that lie elsewhere are the site's to allow.
            self.found = [text for text in self.found if "violates" not in text or "img-src" not in text]
            return self.end()
        self.found += self.page.evaluate(IS_AS_IT_SHOULD_BE)
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            self.found.append(f"is {wide} pixels too wide at {self.width}")
        for details in self.page.query_selector_all("details"):
            details.evaluate("element => element.open = true")
        for violation in Axe().run(self.page).response["violations"]:
            targets = [node["target"][0] for node in violation["nodes"]][:3]
            self.found.append(f"axe: {violation['id']}: {violation['help']}: {targets} ({self.scheme})")
        return self.end()

    def filter_problems(self):
        """The radio buttons work without a script: what is chosen is what is seen."""
        for button in self.page.query_selector_all(".colophon-filter input"):
            button.check(force=True)
            kind = button.get_attribute("id").removeprefix("colophon-show-")
            seen = self.page.evaluate(
                "[...document.querySelectorAll('.colophon-item')].filter(i => i.checkVisibility()).map(i => i.dataset.kind)")
            items = json.loads((self.folder / "feed.json").read_text(encoding="utf-8"))["items"]
            kinds = [item["_colophon"].get("kind") for item in items]
            if seen != [one for one in kinds if kind in ("all", one)]:
                self.found.append(f"the filter \"{kind}\" shows {len(seen)} items: {sorted(set(map(str, seen)))}")
        return self.end()

    def end(self):
        self.page.close()
        return self.found


@functools.cache
def covers(folder):
    """The addresses of the covers, as the JSON Feed knows them: its own copies, or links."""
    addresses = set()
    for path in folder.glob("*.json"):
        for item in json.loads(path.read_text(encoding="utf-8"))["items"]:
            address = item.get("image") or item["_colophon"].get("cover") or ""
            # A browser asks for an address without its fragment.
            addresses.add(plain(urllib.parse.urldefrag(address).url))
    return addresses


def plain(address):
    """A browser encodes a few more characters than RFC 3986 asks for."""
    return urllib.parse.unquote(address)
