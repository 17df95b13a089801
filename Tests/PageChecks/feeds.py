"""feed.json, feed.atom and their pages by year: by schema, by a foreign reader, and beside each other."""
import json
import pathlib
import re
import urllib.parse

import feedparser
import jsonschema
from lxml import etree

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parents[2] / "shared/conformance/json-feed/schema-v1.1.json"
ATOM = "{http://www.w3.org/2005/Atom}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
UUID8 = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
FACTS = ["about", "id", "kind", "title", "creator", "year", "finished", "rating", "repeat", "cover", "identifiers"]
CHECKERS = ["the JSON Feed schema", "the Atom schema", "feedparser"]


def schema():
    return json.loads(SCHEMA.read_text(encoding="utf-8")) if SCHEMA.exists() else None


def problems(folder, schema):
    grammar = etree.RelaxNG(etree.parse(HERE / "atom.rng"))
    for path in sorted(folder.glob("*.json")):
        try:
            feed = json.loads(path.read_bytes().decode("utf-8"))
        except ValueError as error:
            yield path.name, f"no JSON in UTF-8: {error}"
            continue
        yield from ((path.name, text) for text in json_problems(path, feed, schema))
        atom = path.with_suffix(".atom")
        if not atom.exists():
            yield atom.name, "is missing beside " + path.name
            continue
        yield from ((atom.name, text) for text in atom_problems(atom, feed, grammar))
    # Every page by year can be reached from the feed, once.
    name, met = "feed", []
    while name:
        if name in met:
            yield name + ".json", "next_url goes round in a circle"
            break
        met.append(name)
        older = json.loads((folder / (name + ".json")).read_text(encoding="utf-8")).get("next_url")
        name = older and pathlib.PurePosixPath(urllib.parse.urlsplit(older).path).stem


def json_problems(path, feed, schema):
    data = path.read_bytes()
    if not data.endswith(b"}\n") or b"\r" in data or data.startswith(b"\xef\xbb\xbf"):
        yield "must end with one newline, without carriage returns and byte order mark"
    if schema:
        for error in jsonschema.Draft7Validator(schema).iter_errors(feed):
            yield f"schema: {error.json_path}: {error.message[:200]}"
            return
    if list(feed)[:2] != ["version", "title"] or feed["version"] != "https://jsonfeed.org/version/1.1":
        yield "must begin with version and title"
    ids = [item["id"] for item in feed["items"]]
    if len(set(ids)) != len(ids):
        yield "an id occurs twice"
    for place, item in enumerate(feed["items"]):
        name = item["id"]
        if not UUID8.fullmatch(name):
            yield f"{name} is no UUID of version 8"
        if ("content_html" in item) == ("content_text" in item):
            yield f"{name} must have one content"
        for member in ("date_published", "date_modified"):
            if not INSTANT.fullmatch(item.get(member, "")):
                yield f"{name}: {member} is no RFC 3339 instant in UTC"
        for member in ("url", "external_url", "image"):
            if member in item and not is_web(item[member]):
                yield f"{name}: {member} leads to {item[member][:60]}"
        facts = item["_colophon"]
        for value in [*item.values(), *facts.values()]:
            if value in (None, "", [], {}):
                yield f"{name} has an empty member"
        if ("about" in facts) != (place == 0):
            yield f"{name}: _colophon is explained by the first item and no other"
        if list(facts) != [member for member in FACTS if member in facts]:
            yield f"{name}: _colophon has other members, or in another order"


def is_web(address):
    parts = urllib.parse.urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"[\s<>\"\x00-\x20]", address)


def atom_problems(path, feed, grammar):
    try:
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        yield f"not well-formed: {error}"
        return
    if not grammar.validate(root):
        yield f"schema: {grammar.error_log.last_error}"
        return
    entries = root.findall(ATOM + "entry")
    # RFC 4287 section 4.1.2: an entry without an author has the feed's.
    if root.find(ATOM + "author") is None:
        yield "has no author"
    if [entry.findtext(ATOM + "id") for entry in entries] != [item.get("id") for item in feed["items"]]:
        yield "has other entries than the JSON Feed"
    updates = [entry.findtext(ATOM + "updated") for entry in entries]
    if entries and root.findtext(ATOM + "updated") != max(updates):
        yield "updated is not that of the entry that was changed last"
    for element in root.iter(ATOM + "link", ATOM + "uri", ATOM + "icon"):
        address = element.get("href") or element.text
        if not is_web(address):
            yield f"leads to {address[:60]}"
    # Section 4.1.1: at most one alternate of a type and language.
    for element in [root, *entries]:
        kinds = [(link.get("type"), link.get("hreflang")) for link in element.findall(ATOM + "link")
                 if link.get("rel", "alternate") == "alternate"]
        if len(kinds) != len(set(kinds)):
            yield "has two alternates of one type"
    read = feedparser.parse(path.read_bytes())
    if read.bozo or read.version != "atom10":
        yield f"feedparser: {read.version or 'no feed'}: {read.get('bozo_exception')}"
    if [entry.id for entry in read.entries] != [item.get("id") for item in feed["items"]]:
        yield "feedparser sees other entries"
