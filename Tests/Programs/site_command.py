"""The command of [publish] after: run when a published byte changed, tried again by each run until it succeeds, never
through a shell, and a failure is said once, in plain words."""
import json

from support import DEMONSTRATION, Store, check

HOUR = "2026-11-23T%02d:00:00Z"
# What the command prints goes to standard error: the answer is ours.
LOUD = "loud\n"
# Each would mean something to a shell.
WORDS = ["two words", "$HOME", "`id`", "; touch broken", "*", "a\"b'c", "&& false", "-n", "", "é 夜"]

store = Store("")
# Writes down what it was given, and what it finds published when it is called.
command = store.path / "tell me.py"
store.write(command.name, """#!/usr/bin/python3
import json, os, pathlib, sys
root = pathlib.Path(__file__).parent
with open(root / "told.jsonl", "a") as told:
    public = {path.name: path.stat().st_size for path in (root / "public").iterdir() if path.is_file()}
    print(json.dumps({"words": sys.argv[1:], "public": public, "input": sys.stdin.read()}), file=told)
print("loud")
sys.exit(3 if (root / "down").exists() else 0)
""")
command.chmod(0o755)


def settings(program):
    after = ", ".join(json.dumps(word, ensure_ascii=False) for word in [str(program), *WORDS])
    store.write("feeds.toml", DEMONSTRATION.replace("[publish]", f"[publish]\nafter = [{after}]"))


def told():
    path = store.path / "told.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def run(hour, count, *options):
    done = store.run("import", "--all", *options, now=HOUR % hour)
    check(len(told()) == count, "at", hour, "it was called", len(told()), "times instead of", count, done.stdout, done.stderr)
    return done


try:
    settings(command)
    run(0, 0, "--dry-run")
    done = run(0, 1)
    check(done.returncode == 0, done)
    call = told()[0]
    check(call["words"] == WORDS, "it was given", call["words"])
    check(call["input"] == "", "it was given an input")
    published = {path.name: path.stat().st_size for path in (store.path / "public").iterdir() if path.is_file()}
    check(call["public"] == published, "it ran before the pages were whole:", call["public"], published)
    check(not (store.path / "broken").exists(), "a shell read its words")

    # Nothing changed, nothing is told; what another command publishes the next run tells.
    run(1, 1)
    run(2, 1)
    store.good("hide", store.json("list")["finishes"][0]["id"], now=HOUR % 2)
    done = run(3, 2)
    check(done.returncode == 0 and done.stderr == LOUD, done)

    # It fails: said once, in plain words, tried by every run, and silent once it succeeds.
    store.write("down", "")
    store.good("add", "book", "A book by hand", now=HOUR % 3)
    done = run(4, 3)
    check(done.returncode == 1, "a command that fails ended with", done.returncode)
    check("the command of [publish] after" in done.stderr and "exit status 3" in done.stderr and "each run tries it again" in done.stderr,
          "its failure was said as", done.stderr)
    check(done.stderr.count("[publish] after") == 1, done.stderr)
    for hour, count in ((5, 4), (6, 5)):
        done = run(hour, count)
        check(done.returncode == 0 and done.stderr == LOUD and done.stdout == "", "a failure that is no news was said again:", done.stdout, done.stderr)
    (store.path / "down").unlink()
    done = run(7, 6)
    check(done.returncode == 0 and "succeeded again" in done.stderr, done)
    run(8, 6)

    # One that is not there, and one that may not be run.
    for hour, program, words in ((9, store.path / "none", "cannot be started: No such file"), (11, store.path / "feeds.toml", "cannot be started: Permission denied")):
        settings(program)
        store.good("add", "book", f"At {hour}", now=HOUR % hour)
        done = run(hour, 6)
        check(done.returncode == 1 and words in done.stderr, program, "was said as", done.stderr)
    settings(command)
    run(13, 7)
    run(14, 7)
finally:
    store.remove()
print("site_command: called 7 times, for 4 changes and 3 failures")
