"""A real web server: nginx, whose tag becomes a weak one when it compresses, and which answers 304 only where the
tag and the date both fit. Polls it for a fortnight: nothing is fetched twice, news is taken at once."""
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

from support import Store, check


def feed(titles):
    items = "".join("<item><title>%s</title><guid isPermaLink='false'>%s</guid><description>%s</description></item>"
                    % (title, title, "A sentence or two, as people write them. " * 20) for title in titles)
    return "<rss version='2.0'><channel><title>T</title>%s</channel></rss>" % items


folder = pathlib.Path(tempfile.mkdtemp(prefix="colophon-nginx-"))
folder.chmod(0o755)
(folder / "www").mkdir()
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
(folder / "www/feed.xml").write_text(feed(["B", "A"]))
os.utime(folder / "www/feed.xml", (1767571200, 1767571200))
(folder / "nginx.conf").write_text(f"""
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
    log_format told escape=none '$status|$sent_http_etag|$sent_http_content_encoding|$http_if_none_match|$http_if_modified_since';
    access_log {folder}/access.log told;
    types {{ application/rss+xml xml; }}
    gzip on; gzip_types application/rss+xml;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
}}
""")
server = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"], stderr=subprocess.DEVNULL)
store = Store('[[feed]]\nname = "books"\nurl = "http://127.0.0.1:%d/feed.xml"\nkind = "book"\n' % port)
try:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.05)

    def poll(hour):
        """One run of cron, and what the server said of it: status, tag, coding, and whether it was asked on condition."""
        before = len((folder / "access.log").read_text().splitlines()) if (folder / "access.log").exists() else 0
        store.good("import", now="2026-01-%02dT%02d:00:00Z" % (5 + hour // 24, hour % 24))
        told = [line.split("|") for line in (folder / "access.log").read_text().splitlines()[before:]]
        check(len(told) == 1, "hour", hour, "was asked", told)
        return told[0]

    first = poll(0)
    check(first[0] == "200" and first[1].startswith('W/"') and first[2] == "gzip" and first[3] == "", "first", first)
    # A 304 names the strong tag, for it is compressed nowhere; that one is sent from then on, and fits as well.
    both = (first[1], first[1].removeprefix("W/"))
    for hour in range(1, 24 * 6):
        told = poll(hour)
        check(told[0] == "304" and told[3] == both[hour > 1] and told[4] == "Mon, 05 Jan 2026 00:00:00 GMT", "hour", hour, told)
    check(sorted(one["title"] for one in store.json("list")["finishes"]) == ["A", "B"], "finishes")
    (folder / "www/feed.xml").write_text(feed(["C", "B", "A"]))
    told = poll(24 * 6)
    check(told[0] == "200" and told[1] not in both and told[3] == both[1], "news", told)
    check(sorted(one["title"] for one in store.json("list")["finishes"]) == ["A", "B", "C"], "the news was not taken")
    second = told[1].removeprefix("W/")
    bare = 0
    for hour in range(24 * 6 + 1, 24 * 14):
        told = poll(hour)
        check(told[1].removeprefix("W/") == second, "tag", told)
        bare += told[3] == ""
    check(bare == 1, "without a condition it was asked", bare, "times in eight days")
finally:
    server.terminate()
    server.wait()
    store.remove()
    shutil.rmtree(folder)
print("nginx: a weak tag by gzip, 304 for 13 days but for the news and the one question without a condition")
