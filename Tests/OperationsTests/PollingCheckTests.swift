import Formats
import HTTP
import Testing

@testable import Operations

@Suite struct PollingCheckTests {
    private func check(
        _ play: @escaping PlayedNetwork.Play, _ toml: String = PollingFailureTests.one
    ) throws -> (Check, PlayedStore) {
        let store = try PlayedStore(toml, play)
        let before = store.disk.files.keys.sorted()
        let check = Check.run(store.settings, store.folder, store.world(at: .start))
        #expect(store.disk.files.keys.sorted() == before)
        return (check, store)
    }

    @Test func `an answer that fails behind a redirect is shown with its own address`() throws {
        let store = try PlayedStore(PollingFailureTests.one) {
            .played($0, 404, hops: [Hop(status: 302, from: $0.address, to: "https://b.example/gone")])
        }
        let feed = Check.run(store.settings, store.folder, store.world(at: .start)).feeds[0]
        #expect(feed.address == "https://b.example/gone" && feed.status == 404 && feed.redirects == 1)
    }

    @Test func `check tells how a feed answered, what it is, and what it would give`() throws {
        let (check, _) = try check { request in
            .played(
                request, 200,
                [
                    "ETag": "\"1\"", "Last-Modified": "Mon, 05 Jan 2026 00:00:00 GMT",
                    "Content-Type": "application/rss+xml", "Cache-Control": "max-age=1800",
                ],
                body: PlayedFeed.rss(["B", "A"], extra: "<skipHours><hour>3</hour></skipHours>"),
                hops: [
                    Hop(status: 301, from: request.address, to: "https://www.site.example/feed")
                ])
        }
        let feed = check.feeds[0]
        #expect(check.isGood)
        #expect(feed.address == "https://www.site.example/feed")
        #expect((feed.status, feed.redirects, feed.entries, feed.finishes) == (200, 1, 2, 2))
        #expect(feed.validators == ["ETag", "Last-Modified"])
        #expect((feed.advisedSeconds, feed.intervalSeconds) == (1800, 1800))
        #expect(feed.skipHours == [3])
        #expect(feed.movedTo == "www.site.example")
        #expect(feed.format == "rss20")
        #expect(feed.oddities == ["it has moved for good: let feeds.toml name the new address"])
    }

    @Test func `check knows how long an answer wants it to wait, and what is not whole`() throws {
        let (check, _) = try check { request in
            .played(
                request, 200, ["ETag": "\"1\"", "Retry-After": "7200", "Content-Type": "application/rss+xml"],
                body: String(PlayedFeed.rss(["B", "A"]).dropLast(8)))
        }
        #expect(check.feeds[0].intervalSeconds == 7200 && check.feeds[0].firstIntervalSeconds == 7200)
        #expect(check.feeds[0].oddities.contains(
            "the document is cut off, and what it has before is taken: one that stays so is told as failing"))
    }

    @Test func `check does not promise a finish of an entry whose name is damaged`() throws {
        let (check, store) = try check {
            .played($0, 200, body: PlayedFeed.json(["C", "B", "A"]).replacing("\"title\":\"B\"", with: "\"title\":B\""))
        }
        let feed = check.feeds[0]
        #expect((feed.entries, feed.finishes) == (3, 2))
        #expect(feed.reasons.map(\.reason) == ["it is damaged: it is taken when it comes whole"])
        for day in 0..<3 { try store.run(at: .after(days: day)) }
        #expect(store.events("finished").count == 2)
    }

    @Test func `check tells whose page was named which feed was meant`() throws {
        let links = ["/feed.xml", "/comments.xml", "/c", "/d"].map { "<link rel=alternate type=application/rss+xml href=\($0)>" }
        let page = "<html><head><title>Ada</title>\(links.joined())</head><body>Hello</body></html>"
        let (check, _) = try check { .played($0, 200, ["Content-Type": "text/html", "ETag": "\"1\""], body: page) }
        let feed = check.feeds[0]
        #expect(!check.isGood && feed.failure?.reason == "the answer is an HTML page (\"Ada\") instead of a feed")
        #expect(feed.oddities.suffix(3) == ["/feed.xml", "/comments.xml", "/c"].map {
            "this page names a feed: https://site.example" + $0
        })
        // Where the page's own address is a secret, that of its feed may be one.
        let secret = try self.check(
            { .played($0, 200, ["Content-Type": "text/html"], body: page.replacing("/feed.xml", with: "/feed?key=abcd1234abcd1234")) },
            PollingFailureTests.feed("books", "https://site.example/feed?key=abcd1234abcd1234")).0
        #expect(secret.feeds[0].oddities.contains("this page names a feed: https://site.example"))
        #expect(!secret.feeds[0].oddities.joined().contains("abcd1234"))
    }

    @Test func `check names what is impolite or odd`() throws {
        let (check, _) = try check({ request in
            .played(
                request, 200,
                ["Content-Type": "text/html; charset=utf-8", "Expires": "0", "ETag": "\"a\""],
                body: "<rss version=\"2.0\"><channel><title>T</title></channel></rss>")
        }, PollingFailureTests.feed("books", "http://site.example/feed?key=abcd1234abcd1234"))
        #expect(check.feeds[0].oddities == [
            "the address seems to hold a password: keep it in a file that \"url_file\" names",
            "asked without encryption (http)",
            "its validators are not kept: it says \"Expires: 0\", so what it answers is never the same",
            "it calls itself text/html, which is no feed", "it is empty",
        ])
        #expect(check.feeds[0].address == "http://site.example")
    }

    @Test(arguments: [
        ("[site]\nhome_page_url = \"https://me.example/\"\n", "Colophon/0.1.0 (+https://me.example/)"),
        ("[site]\nauthor = { url = \"https://me.example/\" }\n", "Colophon/0.1.0 (+https://me.example/)"),
        (
            "[site]\nhome_page_url = \"https://me.example/\"\n[fetch]\ncontact = \"https://you.example/\"\n",
            "Colophon/0.1.0 (+https://you.example/)"
        ),
        ("", "Colophon/0.1.0"),
    ])
    func `a server is told whom to write to, or check says that it is not`(toml: String, name: String) throws {
        let (check, store) = try check(
            { .played($0, 200, body: PlayedFeed.rss(["A"])) }, toml + PollingFailureTests.one)
        #expect(store.network.asked.map(\.userAgent) == [name])
        #expect(
            check.oddities
                == (toml.isEmpty
                    ? ["servers are not told whom to write to: [fetch] contact or [site] home_page_url in feeds.toml says it"]
                    : []))
    }

    @Test(arguments: [
        ("[announce.x]\ncredentials = \"x\"\nlink = true\n", true), ("[announce.x]\ncredentials = \"x\"\n", false),
        ("[announce.templates]\nbook = \"{{title}}, example.com\"\n[announce.x]\ncredentials = \"x\"\n", true),
        ("[announce]\ntemplate = \"{{title}}: {{link}}\"\n[announce.x]\ncredentials = \"x\"\n", false),
        ("[announce.x]\nlink = true\n", false), ("[announce.mastodon]\ncredentials = \"m\"\nlink = true\n", false),
        ("[announce.x]\ncredentials = \"x\"\n[announce.mastodon]\ncredentials = \"m\"\nlink = true\n", false),
    ])
    func `check says what costs more at X`(toml: String, isSaid: Bool) throws {
        let (check, _) = try check({ .played($0, 404) }, toml)
        #expect(
            check.oddities
                == (isSaid ? ["posts to X have a link: X charges more than ten times as much for one with a link"] : []))
    }

    @Test func `check does not say that validators are refused which were never given`() throws {
        let (check, _) = try check({ request in
            .played(
                request, 200, ["Expires": "0"],
                body: "<rss version=\"2.0\"><channel><item><title>A</title></item></channel></rss>")
        })
        #expect(check.feeds[0].oddities == [
            "it gives neither ETag nor Last-Modified, so every poll fetches the whole feed",
            "it does not say what it is (Content-Type)",
        ])
    }

    @Test func `check asks nobody who wants to be left alone`() throws {
        let store = try PlayedStore(PollingFailureTests.one) {
            .played($0, 429, ["Retry-After": "3600"])
        }
        try store.run(at: .start)
        let count = store.network.asked.count
        let check = Check.run(store.settings, store.folder, store.world(at: .after(minutes: 30)))
        #expect(store.network.asked.count == count)
        #expect(check.feeds[0].failure?.reason == "asked to be left alone until 2026-01-05T01:00:00Z")
    }

    @Test func `progress names feeds by their place among those asked`() throws {
        final class Slow: Transport {
            func perform(
                _ requests: [Request], pace: Pace, progress: ((HTTP.Progress) -> Void)?
            ) -> [Result<Response, TransferError>] {
                progress?(
                    HTTP.Progress(
                        finished: 0, total: requests.count,
                        running: [.init(index: requests.count - 1, milliseconds: 3000)]))
                return requests.map { .played($0, 404) }
            }
        }
        let toml =
            PollingFailureTests.feed("local", "file:local.xml")
            + PollingFailureTests.feed("slow", "https://slow.example/")
        let store = try PlayedStore(toml) { .played($0, 404) }
        var world = store.world(at: .start)
        world.network = Slow()
        var named: [String] = []
        _ = try Import.run(store.settings, store.folder, Import.Options(), world) { names, progress in
            named += progress.running.map { names[$0.index] }
        }
        #expect(named == ["slow"])
    }
}
