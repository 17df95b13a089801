"""Started by script/check-pages, which installs what is imported here. Prints a line a problem; 1 when there is one."""
import argparse
import os
import pathlib
import sys

sys.dont_write_bytecode = True
import feeds  # noqa: E402
import generators  # noqa: E402
import markup  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="script/check-pages")
    parser.add_argument("folders", nargs="+", type=pathlib.Path, metavar="FOLDER")
    for option in ("quick", "hostile", "mistakes"):
        parser.add_argument("--" + option, action="store_true")
    options = parser.parse_args()
    if options.mistakes:
        import mistakes
        sys.exit(mistakes.main(options.folders[0], options.quick))
    found = problems(options.folders, options.quick, options.hostile)
    for text in found:
        print(text)
    if not found:
        names = feeds.CHECKERS + markup.CHECKERS + generators.CHECKERS
        if not options.quick:
            import browser
            import java
            names = names + java.CHECKERS + browser.CHECKERS
        print(f"check-pages: {len(options.folders)} folders, nothing found by " + ", ".join(names))
    sys.exit(1 if found else 0)


def problems(folders, is_quick, is_hostile):
    schema = feeds.schema()
    if schema is None:
        # As script/test: a clone alone has no public suites beside it, and CI always has.
        print("check-pages: the JSON Feed schema is not checked: there is no ../shared", file=sys.stderr)
        if os.environ.get("CI") == "true":
            return ["the JSON Feed schema is missing, and this is CI"]
    found = []
    for folder in folders:
        if not (folder / "index.html").exists():
            found.append(f"{folder}: has no index.html")
            continue
        for name, text in [*feeds.problems(folder, schema), *markup.problems(folder, is_hostile), *generators.problems(folder)]:
            found.append(f"{folder}: {name}: {text}")
    if not is_quick and not found:
        import browser
        import java
        looks = (folders, ("light",), (320, 1280)) if is_hostile else (folders,)
        for folder, name, text in [*java.problems(folders), *browser.problems(*looks)]:
            found.append(f"{folder}: {name}: {text}")
    return found


if __name__ == "__main__":
    main()
