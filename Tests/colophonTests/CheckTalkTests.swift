import Catalogue
import Formats
import Testing

@testable import Operations
@testable import colophon

/// What `check` prints, for people and for programs.
@Suite struct CheckTalkTests {
    private var check: Check {
        var films = Check.Feed(name: "films", host: "letterboxd.com")
        films.status = 200
        films.address = "https://letterboxd.com/ada/rss/"
        films.redirects = 1
        films.milliseconds = 212
        films.bytes = 34_211
        films.format = "rss20"
        films.service = "letterboxd"
        films.why = "address"
        films.entries = 13
        films.finishes = 12
        films.reasons = [("a list is no finish", 1)]
        films.validators = ["ETag", "Last-Modified"]
        films.advisedSeconds = 1800
        films.intervalSeconds = 1800
        films.skipHours = [1, 2, 3, 5]
        films.skipDays = [0, 6]
        films.movedTo = "letterboxd.com"
        films.oddities = ["it has moved for good: let feeds.toml name the new address"]

        var books = Check.Feed(name: "books", host: "www.goodreads.com")
        books.status = 200
        books.address = "https://www.goodreads.com"
        books.milliseconds = 6100
        books.bytes = 2_412_000
        books.format = "rss20"
        books.service = "goodreads"
        books.why = "setting"
        books.entries = 100
        books.finishes = 1
        books.reasons = [("the shelf is \"to-read\"", 98), ("it has no title", 1)]
        books.intervalSeconds = 3600
        books.oddities = [
            "it gives neither ETag nor Last-Modified, so every poll fetches the whole feed",
            "it took 6 s to answer", "it is 2 MB long",
        ]

        var blog = Check.Feed(name: "blog", host: "site.example")
        let feed = FollowedFeed(
            settings: .init(name: "blog"), address: WebAddress("https://site.example/feed")!,
            isPrivate: false, position: TOMLPosition(line: 1, column: 1))
        blog.failure = Failure(feed, .fetch, "asks us to wait (429)")
        blog.status = 429
        blog.address = "https://site.example/feed"
        blog.advisedSeconds = 7200

        var local = Check.Feed(name: "local", host: "")
        local.address = "file:///srv/feeds/local.xml"
        local.bytes = 812
        local.format = "atom10"
        local.service = "blog"
        local.why = "no sign of a service"
        local.entries = 1
        local.finishes = 1
        return Check(
            feeds: [films, books, blog, local],
            networks: [
                Credentials(network: "mastodon", account: "@ada@social.example", problem: nil),
                Credentials(network: "x", account: "", problem: "the token was refused (401)"),
            ])
    }

    private func terminal(columns: Int) -> Terminal {
        Terminal(environment: ["COLUMNS": "\(columns)"], refusesColor: true)
    }

    @Test(arguments: [80, 50])
    func `check fits its columns and is as it was agreed`(_ columns: Int) throws {
        let lines = CheckTalk(check, terminal(columns: columns)).lines
        for line in lines { #expect(line.count <= columns, "\(line)") }
        try expectGolden("check-\(columns).txt", lines.joined(separator: "\n") + "\n", in: "check")
    }

    @Test func `check's JSON is as it is documented`() throws {
        let json = check.json
        try expectGolden(
            "check.json", String(decoding: JSONWriter.indented(json), as: UTF8.self), in: "check")
        // Every member has a word in the help.
        let help = Command.check.json ?? ""
        for feed in json["feeds"]?.arrayValue ?? [] {
            for member in feed.objectValue ?? [] { #expect(help.contains(member.name), "\(member.name)") }
        }
        for network in json["networks"]?.arrayValue ?? [] {
            for member in network.objectValue ?? [] { #expect(help.contains(member.name), "\(member.name)") }
        }
    }

    @Test func `a title cannot move the cursor, nor a store without feeds say nothing`() {
        var odd = Check.Feed(name: "odd", host: "a.example")
        odd.reasons = [("\u{1B}[2Jcleared", 1)]
        #expect(!CheckTalk(Check(feeds: [odd]), terminal(columns: 80)).lines.joined().contains("\u{1B}"))
        #expect(CheckTalk(Check(), terminal(columns: 80)).lines == ["feeds.toml names no feed"])
    }

    @Test(arguments: [
        (59, "59 seconds"), (60, "1 minute"), (900, "15 minutes"), (3600, "1 hour"), (5400, "1 h 30 min"),
        (86_400, "1 day"), (90_000, "25 hours"), (172_800, "2 days"),
    ])
    func `times are told as people say them`(_ seconds: Int, _ words: String) {
        #expect(CheckTalk.duration(seconds) == words)
    }

    @Test(arguments: [(1, "1 byte"), (999, "999 bytes"), (34_499, "34 kB"), (2_149_999, "2.1 MB")])
    func `sizes are told in round numbers`(_ bytes: Int, _ words: String) {
        #expect(CheckTalk.size(bytes) == words)
    }
}
