"""Checks the checkers: each deliberate mistake in a copy of a good folder must be found, by the checker it is meant for."""
import json
import pathlib
import shutil
import tempfile

import check


def swap(name, old, new):
    """A change of a file: the first `old` becomes `new`."""
    def change(folder):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise SystemExit(f"check-pages --mistakes: {name} has no {old!r}; take another folder")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return change


def item(change):
    def apply(folder):
        path = folder / "feed.json"
        feed = json.loads(path.read_text(encoding="utf-8"))
        change(feed["items"][0])
        path.write_text(json.dumps(feed, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return apply


PAGE, WIDGET = "index.html", "widget.html"
LI = '<ul class="colophon-list" role="list">'
# What is done, and what must be said.
QUICK = [
    (item(lambda one: one.pop("id")), "schema: $.items[0]: 'id' is a required property"),
    (item(lambda one: one.update(title="")), "has an empty member"),
    (item(lambda one: one.update(date_published="yesterday")), "no RFC 3339 instant"),
    (item(lambda one: one.update(external_url="javascript:hurt=1")), "leads to javascript"),
    (swap(WIDGET, "<bdi>", "<bdi>Another "), "an item that the JSON Feed has not"),
    (swap("feed.json", "\n}\n", "\n}"), "must end with one newline"),
    (swap("feed.atom", "</author>", ""), "not well-formed"),
    (swap("feed.atom", "  <id>urn:uuid:", "  <ID>urn:uuid:"), "not well-formed"),
    (swap("feed.atom", "<updated>2", "<updated>yesterday 2"), "schema: "),
    (swap("feed.atom", "    <published>", "    <subject>x</subject><published>"), "schema: "),
    (swap("feed.atom", '<link rel="', '<link rel="un'), "schema: "),
    (swap("feed.atom", "<entry>", "<entry><!-- --><author><name>x</name></author>"), "schema: "),
    (swap(PAGE, LI, LI + "<script>hurt = 1</script>"), "has a script"),
    (swap(PAGE, LI, LI[:-1] + " onclick=\"hurt = 1\">"), "has onclick="),
    (swap(WIDGET, LI, LI[:-1] + " style=\"color: red\">"), "has style="),
    (swap(WIDGET, ' width="', ' data-width="'), "without alt, width or height"),
    (swap(WIDGET, ' rel="nofollow ugc"', ""), "without rel=nofollow ugc"),
    (swap(PAGE, "</li>", "</li></div>"), "html5lib"),
    (swap(PAGE, " h-cite\"", "\""), "without its one h-cite"),
    (swap(PAGE, "<bdi class=\"p-author", "<bdi class=\"p-maker"), "is read as"),
    (swap(PAGE, "dt-published", "published"), "is read as"),
    (swap(WIDGET, "h-feed", "feed"), "has not one h-feed"),
    (swap(WIDGET, "</h2>", "{{x}}</h2>"), "which a site generator takes for its own"),
    (swap(WIDGET, "</h2>", " {{ 'x' }}</h2>"), "Liquid: does not leave it"),
    (swap(WIDGET, "</h2>", "{% if %}</h2>"), "Liquid: refuses it"),
    (swap(WIDGET, "</h2>", "{# x #}</h2>"), "Jinja: does not leave it"),
    (swap(WIDGET, "</h2>", "</h2>\n \n*x*"), "CommonMark: does not leave it"),
    (swap(PAGE, '<script type="application/ld+json">{', '<script type="application/ld+json">{"x":"<!--",'), "can end it"),
    (lambda folder: (folder / WIDGET).write_text((folder / WIDGET).read_text() + " " * 12_000), "where fewer than 12000"),
    (lambda folder: (folder / "widget.css").write_text("/*" + " " * 4_000 + "*/"), "where fewer than 4000"),
    (swap("index.css", ":root {", "@import 'x.css';\n:root {"), "asks for something"),
]
# What only a browser or Java sees, and every sign by which a script is noticed.
JAVA = [
    (swap(WIDGET, "<h2 ", "<h2 role=\"nothing\" "), "Nu: "),
    (swap(PAGE, "<main>", "<main><table><tr><td>x<td>y<tr><td colspan=3>z</table>"), "Nu: "),
    (swap("feed.atom", "    <published>", "    <subject>x</subject><published>"), "jing: "),
]
BROWSER = [
    (swap(PAGE, LI, "<script>hurt = 1</script>" + LI), "a script was parsed"),
    (swap(PAGE, LI, "<script>hurt = 1</script>" + LI), "a script ran and left 1"),
    (swap(WIDGET, LI, '<img src="widget.css" onerror="alert(2)">' + LI), "a dialog was opened: 2"),
    (swap(WIDGET, LI, "<svg onload=\"console.log('here')\"></svg>" + LI), "the console says: here"),
    (swap(WIDGET, LI, "<svg onload=\"fetch('/there')\"></svg>" + LI), "/there"),
    (swap(WIDGET, LI, "<svg onload=\"throw Error('no')\"></svg>" + LI), "a script failed: no"),
    (swap(WIDGET, LI, '<a href="java\nscript:hurt=1">x</a>' + LI), "<a> leads to java"),
    (swap(WIDGET, LI, LI[:-1] + ' style="color: inherit">'), "violates"),
    (swap(WIDGET, LI, '<img alt="" src="https://elsewhere.example/1.gif">' + LI), "asks for https://elsewhere.example/1.gif"),
    (swap(PAGE, LI, '<img alt="" src="feed.json">' + LI), "a broken picture: feed.json"),
    (swap(PAGE, "<main>", "<main><h2></h2>"), "axe: empty-heading"),
    (swap("index.css", "--soft: #5d574e", "--soft: #c9c5be"), "axe: color-contrast"),
    (swap("index.css", ":root {", "main { min-width: 1000px }\n:root {"), "pixels too wide at 320"),
    (swap("index.css", "display: none; }", "}"), "the filter"),
]


def main(folder, is_quick):
    missed = 0
    for change, words in QUICK:
        missed += is_missed(folder, change, words, lambda copy: check.problems([copy], True, False))
    count = len(QUICK)
    if not is_quick:
        import browser
        import java
        for change, words in JAVA:
            missed += is_missed(folder, change, words, lambda copy: java.problems([copy]))
        for change, words in BROWSER:
            missed += is_missed(folder, change, words, lambda copy: browser.problems([copy], ("light",), (320,)))
        count += len(JAVA) + len(BROWSER)
    if not missed:
        print(f"check-pages: {count} deliberate mistakes, each found")
    return 1 if missed else 0


def is_missed(folder, change, words, problems):
    with tempfile.TemporaryDirectory() as work:
        copy = pathlib.Path(work) / "public"
        shutil.copytree(folder, copy)
        change(copy)
        found = [one if isinstance(one, str) else f"{one[1]}: {one[2]}" for one in problems(copy)]
    if any(words in text for text in found):
        return False
    print(f"not found: \"{words}\", only {found}")
    return True
