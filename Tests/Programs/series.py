"""Twelve polls of one real feed over fifteen months: new and changed finishes are the expected ones."""
import hashlib
import json
import sys

from support import SHARED, Server, Store, check

cases = SHARED / "feeds/real/expected-series.jsonl"
if not cases.exists():
    print("series: left out, ../shared is not there")
    sys.exit(0)
steps = [json.loads(line) for line in cases.read_text().splitlines()]
names = [steps[0]["from"]] + [step["to"] for step in steps]
current = {}


def answer(path, headers):
    body = (SHARED / "feeds/real" / current["name"]).read_bytes()
    tag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
    if headers.get("If-None-Match") == tag:
        return 304, {"ETag": tag}, b""
    return 200, {"ETag": tag, "Content-Type": "application/rss+xml"}, body


server = Server(answer)
store = Store('[[feed]]\nname = "films"\nurl = "%s/michaellamb/rss/"\nservice = "letterboxd"\n[publish]\ncovers = "none"\n' % server.address)
# What an event's fields are called where the expectation calls them otherwise; its other fields are no
# fields of a finish: ids that change their prefix, and the moment of publication.
FIELDS = {"finishedAt": "day", "hasReview": "review", "year": "year", "spoiler": "spoiler", "url": "url"}
seen = set()
sequence = 0
try:
    for index, name in enumerate(names):
        stamp = name.split("-")[-1][:-4]
        now = "%s-%s-%sT%s:%s:00Z" % (stamp[:4], stamp[4:6], stamp[6:8], stamp[9:11], stamp[11:13])
        current["name"] = name
        # A gap between two polls of the series is said (exit 1); so are failures, and there are none.
        told = store.run("import", "--all", now=now)
        check(told.returncode in (0, 1), name, told.stderr)
        check("fail" not in told.stderr, name, told.stderr)
        lines = [json.loads(line) for line in store.good("log", "--json", "--from", str(sequence + 1)).splitlines()]
        sequence = lines[-1]["seq"] if lines else sequence
        finished = [line["id"] for line in lines if line["type"] == "finished"]
        check(len(finished) == len(set(finished)) and not seen & set(finished), name, "something came twice")
        if index:
            step = steps[index - 1]
            # What comes back at the end of a window was seen before: it is known, not new.
            new = [key for key in step["new"] if key not in seen]
            check(sorted(new) == sorted(finished), name, "new:", set(new) ^ set(finished))
            revised = {line["id"]: line for line in lines if line["type"] == "revised"}
            wanted = {change["dedupe"]: {FIELDS[field] for field in change["fields"] if field in FIELDS}
                      for change in step["changed"]}
            wanted = {key: fields for key, fields in wanted.items() if fields}
            check(set(wanted) <= set(revised), name, "not revised:", set(wanted) - set(revised))
            for key, fields in wanted.items():
                given = set(revised[key].get("set", {})) | set(revised[key].get("unset", []))
                check(fields <= given, name, key, "revised", given, "wanted", fields)
            for key in set(revised) - set(wanted):
                # Poster, review text and rating are compared by us and not by the expectation.
                given = set(revised[key].get("set", {})) | set(revised[key].get("unset", []))
                check(given <= {"review", "cover"}, name, key, "revised without being expected:", given)
            withdrawn = [line["id"] for line in lines if line["type"] == "withdrawn"]
            check(not set(withdrawn) & set(step["new"]), name, "withdrawn though new:", withdrawn)
        else:
            check(len(finished) == 50, name, len(finished), "finishes at adoption")
            check(all("announce" not in line for line in lines if line["type"] == "finished"), "adoption is not quiet")
        seen |= set(finished)

        before = store.times()
        later = now[:14] + "59:59Z"
        store.good("import", "--all", now=later)
        path, headers = server.requests[-1]
        check("If-None-Match" in headers, name, "asked without a condition")
        changed = [file for file, time in store.times().items() if time != before.get(file)]
        # Months after the poll before, a first run does not say yet what has waited too long: its clock may be wrong.
        late = [json.loads(line) for line in store.good("log", "--json", "--from", str(sequence + 1)).splitlines()]
        check(all(line["type"] == "announcement-skipped" and "waited longer" in line["reason"] for line in late),
              name, "a poll with nothing new recorded", late)
        sequence += len(late)
        check(bool(late) or changed in ([], ["polls.json"]), name, "a poll with nothing new changed", changed)
        store.good("verify", "--quiet")
    check(len(store.json("list")["finishes"]) <= len(seen), "more shown than known")
finally:
    server.stop()
    store.remove()
print("series: %d polls, %d finishes, none twice" % (len(names), len(seen)))
