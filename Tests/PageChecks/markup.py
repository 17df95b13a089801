"""widget.html and index.html as markup: strict HTML, what a content security policy would refuse, microformats."""
import html.parser
import json
import re
import unicodedata

import html5lib
import mf2py

from feeds import is_web

# Decimal kilobytes, the widget with twelve items of common length.
BUDGETS = {"widget.html": 12_000, "widget.css": 4_000}
KINDS = {"book": "read-of", "article": "read-of", "movie": "watch-of", "tv": "watch-of", "game": "play-of",
         "podcast": "listen-of", "music": "listen-of"}
CHECKERS = ["html5lib", "mf2py"]


def problems(folder, is_hostile):
    items = []
    for path in sorted(folder.glob("*.json")):
        items += json.loads(path.read_text(encoding="utf-8"))["items"]
    newest = json.loads((folder / "feed.json").read_text(encoding="utf-8"))["items"]
    for name in ("widget.html", "index.html"):
        data = (folder / name).read_bytes()
        text = data.decode("utf-8")
        reader = Strict()
        reader.feed(text)
        yield from ((name, found) for found in reader.found)
        yield from ((name, found) for found in linked_data_problems(text))
        parser = html5lib.HTMLParser()
        parser.parse(text) if name == "index.html" else parser.parseFragment(text)
        for position, code, words in parser.errors:
            yield name, f"html5lib: {position}: {code} {words}"
        parsed = mf2py.parse(doc=text, html_parser="html5lib")["items"]
        yield from ((name, found) for found in microformat_problems(parsed, items))
        shown = len(parsed[0].get("children", [])) if len(parsed) == 1 else 0
        if name == "index.html" and shown != len(newest):
            yield name, f"shows {shown} of the feed's {len(newest)}"
    for name, budget in BUDGETS.items():
        size = (folder / name).stat().st_size
        if size >= budget and not (is_hostile and name == "widget.html"):
            yield name, f"has {size} bytes, where fewer than {budget} are allowed"
    for name in ("widget.css", "index.css"):
        style = (folder / name).read_text(encoding="utf-8")
        if re.search(r"url\(|@import|expression", style):
            yield name, "asks for something"


class Strict(html.parser.HTMLParser):
    """What a strict content security policy would refuse, and what must be there."""

    def __init__(self):
        super().__init__()
        self.found, self.ids = [], set()

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if len(values) != len(attributes):
            self.found.append(f"<{tag}> has an attribute twice")
        if tag == "script" and values != {"type": "application/ld+json"}:
            self.found.append("has a script")
        if tag in ("style", "iframe", "object", "embed", "base", "form", "template", "noscript", "math"):
            self.found.append(f"has <{tag}>")
        for name, value in attributes:
            if name in ("style", "srcdoc", "formaction", "ping") or name.startswith("on"):
                self.found.append(f"<{tag}> has {name}=")
            if name in ("href", "src") and ":" in (value or "").split("/")[0] and not is_web(value):
                self.found.append(f"<{tag}> leads to {value[:60]}")
        if tag == "a" and "p-name" in (values.get("class") or "") and values.get("rel") != "nofollow ugc":
            self.found.append("a link of a stranger without rel=nofollow ugc")
        if tag == "img" and not {"alt", "width", "height"} <= set(values):
            self.found.append("an image without alt, width or height")
        if "id" in values:
            if values["id"] in self.ids:
                self.found.append(f"id {values['id']} occurs twice")
            self.ids.add(values["id"])


def linked_data_problems(text):
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.S):
        if re.search(r"[<>&\u2028\u2029]", block):
            yield "a data block holds a character that can end it"
        data = json.loads(block)
        if data["@type"] != "ItemList" or [item["position"] for item in data["itemListElement"]] \
                != list(range(1, len(data["itemListElement"]) + 1)):
            yield "a data block that is no list"


def microformat_problems(parsed, items):
    """Each entry says what the JSON Feed says of it, in the form of the specification's examples: an h-entry whose
    read-of, watch-of, play-of or listen-of is an h-cite with name, url, author and photo."""
    if [item["type"] for item in parsed] != [["h-feed"]]:
        yield f"mf2py: has not one h-feed, but {[item['type'] for item in parsed]}"
        return
    if len(parsed[0]["properties"].get("name", [])) != 1:
        yield "mf2py: the h-feed has not one name"
    known = {}
    for item in items:
        known.setdefault((one(item["title"]), item.get("url") or item.get("external_url")), []).append(item)
    for entry in parsed[0].get("children", []):
        if entry["type"] != ["h-entry"]:
            yield f"mf2py: an item is {entry['type']}"
            continue
        yield from ("mf2py: " + found for found in entry_problems(entry, known))


def one(text):
    return " ".join(text.split())


def entry_problems(entry, known):
    properties = entry["properties"]
    of = [name for name in properties if name.endswith("-of")]
    cites = [cite for name in of for cite in properties[name]] or entry.get("children", [])
    if len(cites) != 1 or not isinstance(cites[0], dict) or cites[0].get("type") != ["h-cite"]:
        yield f"an h-entry without its one h-cite: {str(entry)[:120]}"
        return
    work = cites[0]["properties"]
    key = (one(work.get("name", [""])[0]), work.get("url", [None])[0])
    if key not in known:
        yield f"an item that the JSON Feed has not: {key[0][:60]!r} {key[1]}"
        return
    wanted = [expected(item) for item in known[key]]
    found = {"of": of, "published": properties.get("published", []), "category": properties.get("category", []),
             "rating": [number(text) for text in properties.get("rating", [])],
             "author": [one(str(person["properties"]["name"][0] if isinstance(person, dict) else person))
                        for person in work.get("author", [])],
             "photo": [photo["alt"] if isinstance(photo, dict) else None for photo in work.get("photo", [])]}
    if found not in wanted:
        yield f"{key[0][:60]!r} is read as {found}, not as {wanted[0]}"
    allowed = {"name", "url", "author", "photo"}
    if not set(work) <= allowed:
        yield f"the h-cite of {key[0][:60]!r} has {sorted(set(work) - allowed)}"


def expected(item):
    """What an entry must say, from the JSON Feed. An alt that is empty: the title stands beside the picture."""
    facts = item["_colophon"]
    published = facts.get("finished")
    instant = item["date_published"]
    if published and instant[:10] == published and not instant.endswith("T12:00:00Z"):
        published = instant
    return {"of": [KINDS[facts["kind"]]] if "kind" in facts else [],
            "published": [published] if published else [],
            "category": [{"movie": "film", "tv": "series", "music": "album"}.get(facts["kind"], facts["kind"])]
            if "kind" in facts else [],
            "rating": [float(facts["rating"]["value"])] if "rating" in facts else [],
            "author": [one(facts["creator"])] if is_visible(facts.get("creator", "")) else [],
            "photo": [""] if "cover" in facts else []}


def is_visible(text):
    """A maker of marks that no eye sees is none."""
    return any(unicodedata.category(letter) not in ("Cf", "Cc", "Cn", "Cs", "Zs", "Zl", "Zp", "Mn", "Me") for letter in text)


def number(text):
    return float(text)
