"""Documents made to hurt: each is read or refused within 2 seconds and 128 MB beyond its own size."""
import json
import os
import subprocess
import sys
import tempfile
import time

SECONDS_MAX = 2
BYTES_MAX = 128 << 20

ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
ITEM = "<item><title>Kept</title><guid>kept</guid></item>"


def rss(inside, before=""):
    return f'{before}<rss version="2.0"><channel><title>T</title>{inside}</channel></rss>'


# Name, what makes the document, whether the entry before the attack must still be there. A document is made
# when its turn comes and forgotten before the program starts: a child's peak begins with its parent's size.
CASES = [
    ("entities in entities", lambda: rss(ITEM + "<item><title>&e11;</title></item>",
                                 f'<!DOCTYPE rss [<!ENTITY e0 "lol">{ENTITIES}]>'), True),
    ("one long entity, often", lambda: rss(ITEM + f"<item><title>{'&a;' * 100_000}</title></item>",
                                   f'<!DOCTYPE rss [<!ENTITY a "{"x" * 100_000}">]>'), True),
    ("a file as an entity", lambda: rss(ITEM + "<item><title>&f;</title></item>",
                                '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>'), True),
    ("200,000 elements deep", lambda: rss(ITEM + "<item>" + "<a>" * 200_000), True),
    ("200,000 elements deep and out again", lambda: rss(ITEM + "<a>" * 200_000 + "</a>" * 200_000), True),
    ("20,000 attributes", lambda: rss(ITEM + "<item " + " ".join(f"a{n}='1'" for n in range(20_000)) + "/>"), True),
    ("one attribute 20,000 times", lambda: rss(ITEM + "<item " + "a='1' " * 20_000 + "/>"), True),
    ("50,000 namespaces", lambda: rss(
        ITEM + "<item " + " ".join(f"xmlns:n{n}='urn:{n}'" for n in range(50_000)) + "/>"), True),
    ("a text of 15 MB", lambda: rss(ITEM + "<item><description>" + "lorem ipsum " * 1_250_000
                            + "</description></item>"), True),
    ("CDATA of 15 MB", lambda: rss(ITEM + "<item><description><![CDATA[" + "lorem <b> " * 1_500_000
                           + "]]></description></item>"), True),
    ("an attribute of 11 MB", lambda: rss(ITEM + "<item a='" + "x" * 11_000_000 + "'/>"), True),
    ("a name of 1 MB", lambda: rss(ITEM + "<" + "n" * 1_000_000 + "/>"), True),
    ("a comment that never ends", lambda: rss(ITEM + "<!-- " + "- " * 2_000_000), True),
    ("a million open angles", lambda: rss(ITEM + "<item><title>" + "< " * 1_000_000), True),
    ("a million ampersands", lambda: rss(ITEM + "<item><title>" + "&" * 1_000_000 + "</title></item>"), True),
    ("a million end tags", lambda: rss(ITEM + "</x>" * 1_000_000), True),
    ("quotes that never close", lambda: rss(ITEM + "<item a='" + "<b c='" * 300_000), True),
    ("30,000 items in one another", lambda: rss(ITEM + "<item><title>x" * 30_000), True),
    ("categories without end", lambda: rss(ITEM + "<item><title>x</title>" + "<category>c</category>" * 300_000
                                   + "</item>"), True),
    ("more entries than are read", lambda: rss("<item/>" * 1_000_000), False),
    ("more bytes than are read", lambda: rss(" " * (17 << 20)), False),
    ("a page of titles that begin", lambda: "<html><body>" + "<title" * 2_500_000, False),
    ("a page of titles that begin and attributes", lambda: "<html><body>" + "<title a='" * 1_500_000, False),
    ("zeros", lambda: "\0" * 8_000_000, False),
    ("wide entries, cut off", lambda: rss(
        ITEM + ("<item>" + "<a/>" * 120 + "</item>") * 32_000).partition("</channel>")[0], True),
    ("wide entries in others, cut off", lambda: rss(
        ITEM + "<item><item/></item>" + ("<item>" + "<a/>" * 120 + "</item>") * 16_000).partition("</channel>")[0], True),
    ("end tags that begin in a section", lambda: rss(
        ITEM + "<item><title><![CDATA[" + "</title " * 1_900_000), True),
    ("tags that begin in attributes", lambda: rss(ITEM + "<item><zz" + ' w x="<zz w"' * 1_250_000), True),
    ("sections of which the last one ends", lambda: rss(
        ITEM + "<item>" + "<title><![CDATA[a</title>" * 600_000 + "]]>"), True),
    ("marks of sections in one another", lambda: rss(ITEM + "<item><title>" + "&lt;![CDA" * 80_000 + "&lt;![CDATA["
                                            + "TA[" * 80_000 + "&gt;</title></item>"), True),
    ("a JSON Feed of quotes", lambda: '{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","_x":"' + '"   ' * 3_500_000,
     False),
    ("a JSON Feed of broken escapes", lambda: '{"version":"https://jsonfeed.org/version/1","items":[{"id":"1","_x":"'
                                      + "\\u" * 7_000_000, False),
    ("JSON in JSON", lambda: "[" * 2_000_000, False),
    ("a JSON Feed of 900,000 names", lambda: '{"version":"https://jsonfeed.org/version/1","items":[' + ",".join(
        f'{{"id":{n},' + ",".join(f'"k{n}_{m}":1' for m in range(30)) + "}" for n in range(30_000)) + "]}", False),
    ("a JSON Feed of small objects", lambda: '{"version":"https://jsonfeed.org/version/1","items":[{"id":"kept","_x":['
                                     + '{"a234567890123456":"b234567890123456"},' * 399_000 + "{}]}]}", True),
    ("a JSON Feed of slips", lambda: '{"version":"https://jsonfeed.org/version/1","items":[{"id":"kept"},'
                             + ('{"id":1,' + ('"a" "b":5[' + "; " * 25) * 15 + '}},[{') * 15_000, True),
    ("entries of long authors", lambda: rss(ITEM + ("<item>" + ("<author>" + "a " * 2_000 + "a@b.c</author>") * 60
                                            + "</item>") * 66), True),
    ("a feed of long authors", lambda: rss(ITEM + ("<managingEditor>" + "e\u0301 " * 1_000 + "a@b.c</managingEditor>")
                                           * 3_900), True),
]


def read(program, name, make, keeps):
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        size = file.write(make().encode())
        file.flush()
        with tempfile.TemporaryFile() as out:
            began = time.monotonic()
            child = subprocess.Popen([program, "parse", "--json", file.name], stdout=out, stderr=subprocess.DEVNULL)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.monotonic() - began
            out.seek(0)
            answer = out.read()
    beyond = usage.ru_maxrss * 1024 - size
    print(f"{name:38} {size / 1e6:6.1f} MB {seconds:6.2f} s {max(0, beyond) / (1 << 20):5.0f} MB beyond")
    wrong = []
    if child.returncode < 0:
        wrong.append(f"died of signal {-child.returncode}")
    if seconds > SECONDS_MAX:
        wrong.append(f"took {seconds:.2f} s")
    if beyond > BYTES_MAX:
        wrong.append(f"took {beyond >> 20} MB beyond the input")
    if b"root:x:0:0" in answer:
        wrong.append("read a file")
    try:
        ids = [entry.get("id") for entry in json.loads(answer).get("entries", [])]
        if keeps and "kept" not in ids:
            wrong.append("lost the entry before the attack: " + answer[:200].decode(errors="replace"))
    except ValueError:
        wrong.append("answered no JSON")
    return [f"{name}: {fault}" for fault in wrong]


faults = [fault for case in CASES for fault in read(sys.argv[1], *case)]
for fault in faults:
    print("hostile:", fault, file=sys.stderr)
sys.exit(1 if faults else 0)
