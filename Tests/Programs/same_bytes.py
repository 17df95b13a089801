"""Two renders of one state, in two processes, two time zones and two languages: the same bytes."""
import shutil
import sys

from support import ROOT, Store, check

sys.path.insert(0, str(ROOT / "Tests/Fixtures/sample"))
import sample  # noqa: E402

# A day apart on the clock's face; and where i is not the small letter of I, and a comma parts the decimals.
PLACES = [{"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
          {"TZ": "Pacific/Pago_Pago", "LANG": "C", "LC_ALL": "C"}]

store = Store("")
try:
    (store.path / "feeds.toml").unlink()
    sample.begin(store.path)
    store.write("feeds.toml", sample.SETTINGS + "\n[store]\nsnapshot_every = 100\n")
    store.good("import", "--quiet", now=sample.NOW)
    for words in sample.corrections(store.json("list")["finishes"]):
        store.good(*words, now=sample.NOW)

    renders = []
    for hour, place in enumerate(PLACES):
        copy = Store("")
        try:
            shutil.rmtree(copy.path)
            shutil.copytree(store.path, copy.path)
            shutil.rmtree(copy.path / "public")
            # From the snapshot and from the log alone: one state has many pasts.
            if hour:
                shutil.rmtree(copy.path / "snapshots")
            copy.good("publish", now=f"2026-12-31T{11 + hour}:30:00Z", env=place)
            renders.append({name: data for name, data in copy.files().items() if name.startswith("public/")})
        finally:
            copy.remove()
    one, other = renders
    check(one.keys() == other.keys() and len(one) == 16, sorted(one), sorted(other))
    for name in one:
        check(one[name] == other[name], name, "differs between", PLACES)
    check("夜の灯台".encode() in one["public/widget.html"], "the sample is not in the widget")
    check(len(one["public/widget.html"]) < 12_000, "widget.html has", len(one["public/widget.html"]), "bytes")
    check(len(one["public/widget.css"]) < 4_000, "widget.css has", len(one["public/widget.css"]), "bytes")
finally:
    store.remove()
print("same_bytes: %d files of %d finishes, alike in two zones, languages and pasts" % (len(one), len(sample.finishes())))
