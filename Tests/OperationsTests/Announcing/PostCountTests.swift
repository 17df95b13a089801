import Catalogue
import Files
import Formats
import Foundation
import HTTP
import Simulation
import Testing

@testable import Operations

/// How many posts each thing makes that happens to feeds: PRODUCT sections 5, 6 and 8.
@Suite struct PostCountTests {
    private static let empty = feed([])

    private static func feed(_ items: [String]) -> String {
        "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:letterboxd=\"https://letterboxd.com\"><channel>"
            + "<title>Letterboxd - ada</title><link>https://letterboxd.com/ada/</link>"
            + items.joined() + "</channel></rss>"
    }

    private static func film(
        _ number: Int, watched: String = "2026-11-22", guid: String? = nil, stars: String = "3.0",
        review: String = ""
    ) -> String {
        """
        <item><title>Film \(number), 2001</title>
        <link>https://letterboxd.com/ada/film/film-\(number)/</link>
        <guid isPermaLink="false">\(guid ?? "letterboxd-watch-\(900_000 + number)")</guid>
        <pubDate>Sun, 22 Nov 2026 10:00:00 +0000</pubDate>
        <letterboxd:watchedDate>\(watched)</letterboxd:watchedDate><letterboxd:rewatch>No</letterboxd:rewatch>
        <letterboxd:filmTitle>Film \(number)</letterboxd:filmTitle><letterboxd:filmYear>2001</letterboxd:filmYear>
        <letterboxd:memberRating>\(stars)</letterboxd:memberRating>
        <description><![CDATA[<p>\(review)</p>]]></description></item>
        """
    }

    /// A store that follows one feed in a file.
    private struct Follower {
        let announcer = Announcer(networks: ["mastodon"])
        var feed: Configuration.Feed

        init(since: Day? = nil) {
            feed = Configuration.Feed(name: "films")
            feed.service = "letterboxd"
            feed.announceSince = since
            announcer.follow(feed, in: "films.xml")
        }

        @discardableResult
        func poll(_ document: String) throws -> ImportReport {
            announcer.write("films.xml", document)
            return try announcer.poll()
        }

        /// A day and more of runs, as cron makes them.
        func announceForADay() throws -> Int {
            let before = announcer.network.servers.mastodon.count
            for _ in 0..<110 {
                announcer.wait(900)
                try announcer.announce()
            }
            return announcer.network.servers.mastodon.count - before
        }
    }

    @Test func `adopting a feed of 100 entries makes none`() throws {
        let follower = Follower()
        let report = try follower.poll(Self.feed((1...100).map { Self.film($0) }))
        #expect(report.shown == 100)
        #expect(try follower.announceForADay() == 0)
    }

    @Test func `a new film makes one; an edit of it, whatever changes, none`() throws {
        let follower = Follower()
        try follower.poll(Self.feed([Self.film(1)]))
        try follower.poll(Self.feed([Self.film(2, watched: "2026-11-23"), Self.film(1)]))
        #expect(try follower.announceForADay() == 1)
        #expect(follower.announcer.network.servers.mastodon.map(\.text) == ["Finished Film 2 ★★★"])
        let report = try follower.poll(
            Self.feed([Self.film(2, watched: "2026-11-24", stars: "4.5", review: "Better now."), Self.film(1)]))
        #expect(!report.events.isEmpty)
        #expect(try follower.announceForADay() == 0)
    }

    /// In Los Angeles: the feed is adopted at 18:00, at 21:00 a film is noted, both on the 22nd.
    @Test(arguments: [("2026-11-22", 1), ("2026-11-21", 0)])
    func `a film of the evening on which its feed was adopted makes one`(watched: String, posts: Int) throws {
        let follower = Follower()
        follower.announcer.now = Instant(rfc3339: "2026-11-23T02:00:00Z")!
        try follower.poll(Self.feed([Self.film(1, watched: "2026-11-20")]))
        follower.announcer.wait(3 * 3600)
        try follower.poll(Self.feed([Self.film(2, watched: watched), Self.film(1, watched: "2026-11-20")]))
        #expect(try follower.announceForADay() == posts)
    }

    @Test func `a guid that gets a review's prefix makes none`() throws {
        let follower = Follower()
        try follower.poll(Self.feed([Self.film(1)]))
        try follower.poll(Self.feed([Self.film(2, watched: "2026-11-23"), Self.film(1)]))
        #expect(try follower.announceForADay() == 1)
        try follower.poll(
            Self.feed([
                Self.film(2, watched: "2026-11-23", guid: "letterboxd-review-900002", review: "Well."),
                Self.film(1),
            ]))
        #expect(try follower.announceForADay() == 0)
    }

    @Test func `a window that fills up again from below makes none`() throws {
        let follower = Follower()
        let old = (1...5).map { Self.film($0, watched: "2026-11-0\($0)") }
        try follower.poll(Self.feed(Array(old.suffix(3).reversed())))
        // One is deleted, and older ones come into sight.
        try follower.poll(Self.feed(Array(([old[4], old[2]] + [old[1], old[0]]))))
        #expect(try follower.announceForADay() == 0)
    }

    @Test func `a backfill makes none`() throws {
        let follower = Follower()
        try follower.poll(Self.empty)
        let announcer = follower.announcer
        let rows = (1...40).map { "movie,Film \($0),2026-11-2\($0 % 4),\($0)" }
        let table = "kind,title,finished,id\n" + rows.joined(separator: "\n") + "\n"
        _ = try Backfill.run(
            .export(service: "csv", [.bytes(Array(table.utf8))]), Backfill.Options(), announcer.world,
            announcer.folder, announcer.settings)
        let state = try announcer.state()
        #expect(state.shownCount == 40 && state.announcements.isEmpty)
        #expect(try follower.announceForADay() == 0)
        #expect(announcer.network.requests.isEmpty)
    }

    /// 35 viewings logged within 19 minutes, most of them of months ago.
    private static var bulk: String? {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "shared/feeds/real/letterboxd/aron-2022.xml")
        let text = try? String(contentsOf: file, encoding: .utf8)
        if ProcessInfo.processInfo.environment["CI"] == "true" { #expect(text != nil) }
        return text
    }

    /// The feed as it was before: less what was logged that night.
    private static func before(_ document: String) -> String {
        var rest = document[...]
        var kept = ""
        while let start = rest.firstRange(of: "<item>"),
            let end = rest[start.lowerBound...].firstRange(of: "</item>")
        {
            let item = rest[start.lowerBound..<end.upperBound]
            kept += rest[..<start.lowerBound]
            if !item.contains("24 Oct 2022 02:") { kept += item }
            rest = rest[end.upperBound...]
        }
        return kept + rest
    }

    @Test(arguments: [(14, 1), (0, 10)])
    func `35 films logged in 19 minutes: the old ones make none, and a flood waits for a person`(
        maxAgeDays: Int, posts: Int
    ) throws {
        guard let document = Self.bulk else { return }
        let follower = Follower(since: maxAgeDays == 0 ? Day("2020-01-01") : nil)
        follower.announcer.settings.configuration.announce.maxAgeDays = maxAgeDays
        follower.announcer.now = Instant(rfc3339: "2022-10-01T12:00:00Z")!
        if maxAgeDays == 0 { follower.announcer.settings.configuration.announce.networks = [] }
        try follower.poll(Self.before(document))
        follower.announcer.settings.configuration.announce.networks = [Configuration.Network("mastodon")]
        follower.announcer.now = Instant(rfc3339: "2022-10-23T13:30:00Z")!
        let report = try follower.poll(document)
        let counts = report.feeds.compactMap { feed in
            if case .read(let counts) = feed.outcome { counts } else { nil }
        }
        #expect(counts.first?.finished.count == 35)
        #expect(try follower.announceForADay() == posts)
        let state = try follower.announcer.state()
        #expect(state.announcements.filter { $0.status == .held }.count == (maxAgeDays == 0 ? 25 : 0))
    }

    @Test func `the same book from two services makes one`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        var feeds: [Configuration.Feed] = []
        for name in ["one", "two"] {
            var feed = Configuration.Feed(name: name)
            feed.service = "generic"
            feed.kind = .book
            feed.announceSince = Day("2026-11-01")
            feeds.append(feed)
            announcer.settings.feeds.append(
                FollowedFeed(
                    settings: feed, address: WebAddress("file:///home/store/\(name).xml")!, isPrivate: false,
                    every: nil, userAgent: nil, position: TOMLPosition(line: 1, column: 1)))
            announcer.write(
                "\(name).xml",
                "<rss version=\"2.0\"><channel><title>\(name)</title><item><title>Dune</title><guid>\(name)-1</guid>"
                    + "<pubDate>Sun, 22 Nov 2026 10:00:00 +0000</pubDate></item></channel></rss>")
        }
        announcer.settings.configuration.feeds = feeds
        _ = try Import.run(announcer.settings, announcer.folder, Import.Options(), announcer.world)
        announcer.wait(3600)
        try announcer.announce()
        announcer.wait(3600)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.count == 1)
        #expect(try announcer.state().announcements.map(\.status) == [.sent, .held])
    }

    // MARK: our own words

    /// Follows the account that it posts to.
    private func followed(
        _ announcer: Announcer, _ items: String, service: String = "mastodon"
    ) throws -> ImportReport {
        var feed = Configuration.Feed(name: "posts")
        feed.service = service
        feed.announceSince = Day("2026-01-01")
        announcer.follow(feed, in: "posts.xml")
        announcer.write(
            "posts.xml",
            "<rss version=\"2.0\"><channel><title>Ada</title><link>https://social.example/@ada</link>\(items)"
                + "</channel></rss>")
        return try announcer.poll()
    }

    private func item(_ id: String, _ text: String) -> String {
        "<item><guid isPermaLink=\"true\">https://social.example/@ada/\(id)</guid>"
            + "<link>https://social.example/@ada/\(id)</link><pubDate>Mon, 23 Nov 2026 15:00:00 +0000</pubDate>"
            + "<description>&lt;p&gt;\(text)&lt;/p&gt;</description></item>"
    }

    @Test func `our own post, read back through a feed, is no finish; another's is`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.template = "Finished reading {{title}}"
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        let id = announcer.network.servers.mastodon[0].id
        let report = try followed(
            announcer, item(id, "Finished reading Dune") + item("55", "Finished reading Ran"))
        let events = report.events.map { String(decoding: $0, as: UTF8.self) }
        #expect(events.filter { $0.contains("\"type\":\"finished\"") }.count == 1)
        #expect(events.contains {
            $0.contains("\"type\":\"passed-over\"") && $0.contains(OwnWords.reason) && $0.contains(id)
        })
    }

    @Test func `nor is it read back through Bluesky's feed`() throws {
        let announcer = Announcer(networks: ["bluesky"])
        announcer.settings.configuration.announce.template = "Finished reading {{title}}"
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        func item(_ key: String, _ text: String) -> String {
            "<item><link>https://bsky.app/profile/ada.example/post/\(key)</link><description>\(text)</description>"
                + "<pubDate>23 Nov 2026 15:00 +0000</pubDate>"
                + "<guid isPermaLink=\"false\">at://did:plc:ada/app.bsky.feed.post/\(key)</guid></item>"
        }
        let own = announcer.network.servers.bluesky[0].key
        let report = try followed(
            announcer, item(own, "Finished reading Dune") + item("3m6b4cicl222b", "Finished reading Ran"),
            service: "bluesky")
        let events = report.events.map { String(decoding: $0, as: UTF8.self) }
        #expect(events.filter { $0.contains("\"type\":\"finished\"") }.count == 1)
        #expect(events.contains { $0.contains(OwnWords.reason) && $0.contains(own) })
    }

    @Test func `a network that is added later owes nothing of what was there`() throws {
        let announcer = Announcer()
        let all = announcer.settings.networks
        announcer.settings.networks = [all[1]]
        announcer.settings.configuration.announce.networks = [Configuration.Network("mastodon")]
        try announcer.finish("Dune")
        announcer.settings.networks = all
        announcer.settings.configuration.announce.networks = all.map { Configuration.Network($0.name) }
        try announcer.finish("Ran")
        announcer.wait(3600)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.map(\.text) == ["Finished Dune", "Finished Ran"])
        #expect(announcer.network.servers.x.map(\.text) == ["Finished Ran"])
        #expect(announcer.network.servers.bluesky.map(\.text) == ["Finished Ran"])
    }

    @Test func `also when its answer was lost, so that nobody knows its address yet`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.template = "Finished reading {{title}}"
        announcer.network.mishap = { _ in .loseAnswer }
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        let report = try followed(
            announcer,
            item(announcer.network.servers.mastodon[0].id, "Finished reading Dune")
                + item("55", "Finished reading Ran"))
        #expect(report.shown == 2)
    }

    /// The same words elsewhere, or another time, are a finish: they must never be lost.
    @Test(arguments: [
        ("https://blog.example/dune/", "Mon, 23 Nov 2026 15:00:00 +0000", 2),
        ("https://social.example/@ada/115600000000000099", "Sun, 20 Jun 2027 15:00:00 +0000", 2),
        ("https://social.example/@ada/115600000000000099", "Mon, 23 Nov 2026 15:00:00 +0000", 1),
        ("https://social.example/users/ada/statuses/115600000000000099", "Mon, 23 Nov 2026 15:00:00 +0000", 1),
    ])
    func `the words of a post that may be anywhere are ours only in a post of that day`(
        address: String, day: String, shown: Int
    ) throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.template = "Finished reading {{title}}"
        try announcer.finish("Dune")
        let name = try #require(try announcer.announcement("mastodon", "Dune")).id
        announcer.wait(3600)
        // By hand: nobody said where it is.
        try announcer.say(.sent, name)
        announcer.now = Instant(rfc3339: "2027-07-01T12:00:00Z")!
        if shown == 1 { announcer.now = Instant(rfc3339: "2026-11-23T18:00:00Z")! }
        let report = try followed(
            announcer,
            "<item><guid>\(address)</guid><link>\(address)</link><pubDate>\(day)</pubDate>"
                + "<description>&lt;p&gt;Finished reading Dune&lt;/p&gt;</description></item>")
        #expect(report.shown == shown)
    }

    @Test func `the words of a post that was refused are anybody's`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.template = "Finished reading {{title}}"
        announcer.network.mishap = { _ in .refuse }
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        #expect(try announcer.status("mastodon", "Dune") == .held)
        #expect(try followed(announcer, item("115600000000000099", "Finished reading Dune")).shown == 2)
    }

    @Test(arguments: [
        ("https://mastodon.example/@ada/115600000000000099", true),
        ("https://social.example/users/ada/statuses/115600000000000099", true),
        ("https://x.com/ada/status/1889912345678901234?s=20", true),
        ("at://did:plc:ada/app.bsky.feed.post/3m6b4cicl222b", true),
        ("https://bsky.app/profile/ada.example/post/3m6b4cicl222b", true),
        ("https://pleroma.example/objects/3f1d2c4b-8a7e-4f10-9d7a-0123456789ab", true),
        ("https://ada.tumblr.example/post/741234567890", false), ("https://medium.example/@ada/3f8a9b1c2d3e", false),
        ("https://blog.example/post/on-dune", false), ("https://medium.example/@ada/dune-1234567890ab", false),
        ("https://www.goodreads.com/review/show/6543210987", false), ("https://letterboxd.com/ada/film/dune/", false),
        ("dune", false), ("", false),
    ])
    func `the address of a post has the form of one`(address: String, isPost: Bool) {
        #expect(OwnPosts.isPost(address) == isPost)
    }

    /// Pleroma shows a post under one address, and its feed names another: without the second it came back as a
    /// finish and was posted again without end.
    @Test func `a post is ours under each of the addresses that its server gave it`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.template = "Finished reading {{title}}"
        announcer.network.servers.isPleroma = true
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        let id = announcer.network.servers.mastodon[0].id
        let uri = FakeServers.uri(of: id, true)
        #expect(announcer.log.contains("/notice/\(id)\",\"uri\":\"\(uri)\""))
        // Whatever it says by now, and whoever serves it.
        for address in [uri, "https://relay.example/objects/" + uri.split(separator: "/").last!] {
            let report = try followed(announcer, post(address, "Mon, 23 Nov 2026 15:00:00 +0000", "Finished reading Dune. Edited."))
            #expect(report.shown == 1)
        }
        #expect(try announcer.announce().pending == 0)
    }

    private func post(_ address: String, _ day: String?, _ text: String) -> String {
        "<item><guid>\(address)</guid><link>\(address)</link>" + (day.map { "<pubDate>\($0)</pubDate>" } ?? "")
            + "<description>&lt;p&gt;\(text)&lt;/p&gt;</description></item>"
    }

    @Test(arguments: [
        // Another address of its own server, also one that no post of others has.
        ("https://social.example/display/dune", "Mon, 23 Nov 2026 15:00:00 +0000", "Finished reading Dune", 1),
        ("https://social.example/objects/8a7c6b1e-1111-4222-8333-123456789001", nil, "Finished reading Dune", 1),
        // Copied to another network, which sets its quotes and spaces otherwise.
        ("https://bsky.app/profile/ada.example/post/3m6b4cicl222b", "Mon, 23 Nov 2026 16:00:00 +0000", "Finished  reading Dune.", 1),
        // Other words, another time, another place: a finish.
        ("https://social.example/display/dune", "Mon, 23 Nov 2026 15:00:00 +0000", "Finished reading Ran", 2),
        ("https://social.example/display/dune", "Sun, 20 Jun 2027 15:00:00 +0000", "Finished reading Dune", 2),
        ("https://blog.example/dune/", "Mon, 23 Nov 2026 15:00:00 +0000", "Finished reading Dune", 2),
    ])
    func `the words of a post whose place is known are ours in another post of that day, and at its server`(
        address: String, day: String?, text: String, shown: Int
    ) throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.template = "Finished reading {{title}}"
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        #expect(try announcer.status("mastodon", "Dune") == .sent)
        #expect(try followed(announcer, post(address, day, text)).shown == shown)
    }

    /// A feed of posts may be what the person logs with.
    @Test func `a post that is a finish already stays one, whatever it says now`() throws {
        let announcer = Announcer(networks: ["x"])
        announcer.settings.configuration.announce.template = "Finished reading {{title}}"
        let id = "115600000000000099"
        #expect(try followed(announcer, item(id, "Finished reading Dune")).shown == 1)
        announcer.network.mishap = { _ in .loseRequest }
        announcer.wait(7200)
        try announcer.announce()
        #expect(try announcer.state().announcements.map(\.status) == [.attempted])
        let report = try followed(announcer, item(id, "Finished reading Dune. It was long."))
        #expect(!report.events.contains { String(decoding: $0, as: UTF8.self).contains(OwnWords.reason) })
    }

    @Test(arguments: [
        ("bluesky", "at://did:plc:ada/app.bsky.feed.post/", "https://bsky.app/profile/did:plc:ada/post/", ""),
        ("x", "https://x.com/ada/status/", "https://bridge.example/ada/status/", "?s=20#m"),
    ])
    func `wherever a bridge says that the post is`(
        network: String, id: String, address: String, tail: String
    ) throws {
        let announcer = Announcer(networks: [network])
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        let name = network == "x" ? announcer.network.servers.x[0].id : announcer.network.servers.bluesky[0].key
        let own = OwnPosts(try announcer.state())
        #expect(own.contains(id + name) && own.contains(address + name + tail))
        #expect(!own.contains(address + "3m6b4cicl222b") && !own.contains(nil) && !own.contains(""))
    }

    @Test func `an entry of our own feed is none`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.finish("Dune")
        _ = try Republish.run(announcer.world, announcer.folder, nil)
        let own = try #require(announcer.disk.peek(announcer.folder.path("public/feed.atom")))
        var feed = Configuration.Feed(name: "self")
        feed.kind = .book
        announcer.follow(feed, in: "self.xml")
        announcer.write("self.xml", String(decoding: own, as: UTF8.self))
        let report = try announcer.poll()
        #expect(report.shown == 1)
        #expect(report.events.contains { String(decoding: $0, as: UTF8.self).contains(OwnWords.reason) })
    }

    @Test func `a window of undated entries that fills up again from below makes none, and asks`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        func items(_ numbers: ClosedRange<Int>) -> [String] {
            numbers.reversed().map { "<item><title>No \($0)</title><guid>\($0)</guid></item>" }
        }
        try announcer.poll(items(30...40))
        let report = try announcer.poll(items(28...41))
        #expect(report.shown == 14)
        #expect(try announcer.state().outbox.map(\.finish.text) == ["feed:essays:id:41"])
        #expect(report.held.map(\.reason) == Array(repeating: AnnouncementStep.perhapsOld, count: 2))
        announcer.wait(3600)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.count == 1)
        // What a person lets go goes.
        _ = try Amend.run(.releaseAll, announcer.world, announcer.folder, announcer.settings)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.count == 3)
    }
}
