"""The first run, the second run, and a rebuild from the log alone, as a person would see them."""
import json
import shutil

import jsonschema

from support import DEMONSTRATION, ROOT, SHARED, Store, check

store = Store(DEMONSTRATION)
try:
    told = store.good("import", "--verbose", now="2026-11-23T12:00:00Z")
    check("22 finishes in all" in told, "first run:", told)
    check("7 announcements wait" in told, "first run:", told)
    check("index.html" in told, "first run:", told)

    feed = json.loads((store.path / "public/feed.json").read_text())
    check(len(feed["items"]) == 22, "feed.json has", len(feed["items"]))
    schema = SHARED / "conformance/json-feed/schema-v1.1.json"
    if schema.exists():
        jsonschema.validate(feed, json.loads(schema.read_text()))
    pending = json.loads((store.path / "pending-tweets.json").read_text())
    check(pending["format"] == 1 and len(pending["pending"]) == 7, "pending:", pending)
    check(list(pending["pending"][0]) == ["id", "network", "text", "weighted_length", "finish", "since",
                                          "not_before", "intent_url"], "pending:", pending["pending"][0])

    # Under cron a good run says nothing; and one that learned nothing touches polls.json alone.
    before = store.times()
    told = store.run("import", now="2026-11-23T12:15:00Z")
    check(told.returncode == 0 and told.stdout == "" and told.stderr == "", "quiet run:", told)
    after = store.times()
    changed = [name for name in after if after[name] != before.get(name)]
    check(changed in ([], ["polls.json"]), "a run that learned nothing changed", changed)
    check((store.path / "polls.json").stat().st_mode & 0o777 == 0o600, "polls.json can be read by others")
    store.good("verify", "--quiet")

    # From the log alone, in another zone, a year later, without feeds.toml.
    copy = Store("")
    try:
        (copy.path / "feeds.toml").unlink()
        shutil.copytree(store.path / "log", copy.path / "log")
        for command in (["rebuild"], ["publish"]):
            copy.good(*command, now="2027-11-23T12:00:00Z", env={"TZ": "Pacific/Auckland", "LC_ALL": "de_DE"})
            wanted = {name: data for name, data in store.files().items()
                      if name.startswith("public/") or name == "pending-tweets.json"}
            given = {name: data for name, data in copy.files().items()
                     if name.startswith("public/") or name == "pending-tweets.json"}
            check(wanted.keys() == given.keys(), command, sorted(wanted.keys() ^ given.keys()))
            for name in wanted:
                check(wanted[name] == given[name], command, name, "differs")
        for command in (["list"], ["status"], ["log"], ["state"], ["tweets"], ["verify"],
                        ["why", "letterboxd:viewing:901200417"], ["diff", "0", "5"]):
            copy.good(*command)
    finally:
        copy.remove()

    # What would be an empty answer to a typing mistake is refused instead.
    check(len(store.json("list", "--feed", "films")["finishes"]) == 12, "list --feed films")
    for words, told in [(["--feed", "flims"], 'no feed is called "flims" (did you mean "films"?)'),
                        (["--kind", "boook"], '"boook" is no kind (did you mean "book"?)'),
                        (["--kind", "film"], '"film" is no kind (there are book, movie, tv,')]:
        done = store.run("list", *words)
        check(done.returncode == 64 and told in done.stderr, words, done.returncode, done.stderr)

    check(len(store.json_lines("log", "--type", "feed-adopted")) == 2, "log --type feed-adopted")
    check(store.good("log", "--type", "merged") == "", "log --type merged")
    done = store.run("log", "--type", "finshed")
    check(done.returncode == 64 and 'no event is of the type "finshed" (did you mean "finished"?)' in done.stderr,
          done.returncode, done.stderr)

    # Two machines with the same log say the same bytes.
    check(store.good("state", "--json") == store.good("state", "--json"), "state --json differs")

    # grep and jq work on the log as it is.
    for segment in (store.path / "log").glob("*.ndjson"):
        for line in segment.read_text().splitlines():
            json.loads(line)
finally:
    store.remove()
print("first_run: the demonstration, a quiet second run, and a rebuild from the log alone")
