import Catalogue
import Formats
import Testing

@testable import Operations

/// An entry that is damaged in its feed: what of it is sure is taken, and the rest when it comes whole.
@Suite struct PollingDamageTests {
    private static let toml = PollingFailureTests.one

    private func titles(_ store: PlayedStore) throws -> [String] {
        try Archive(store.world(at: .start), store.folder).state().known.map(\.finish.title).sorted()
    }

    private func announced(_ store: PlayedStore) throws -> [Announcement] {
        try Archive(store.world(at: .start), store.folder).state().announcements
    }

    /// What is written instead of what in the item of Delta.
    struct Slip: CustomTestStringConvertible {
        var before: String
        var after: String
        /// Whether its id and its title are still sure.
        var isNamed = false
        init(_ before: String, _ after: String, isNamed: Bool = false) {
            (self.before, self.after, self.isNamed) = (before, after, isNamed)
        }
        var testDescription: String { after }
    }

    static let slips = [
        Slip("\"Delta\",", "\"Delta,"), Slip("\"title\":\"D", "\"title\":D"), Slip("\"title\":", "\"title\""),
        Slip("\"Delta\",", "\"Delta\" lost\" , zz,"), Slip("\"Delta\",\"content", "\"Deltax,\"content"),
        Slip("\"Delta\",\"content", "\"Delta\"x\"content"),
        Slip("\"id-Delta\",", "\"id-Delta,"), Slip("\"id-Delta\",", "\"id-Delta\" zz q\" , yy,"),
        Slip("\"id-Delta\",\"url", "\"id-Delta\"x\"url"), Slip("\"id\":", "\"id\""), Slip("\"id\":", ":"),
        Slip(",\"title\":", ",title:", isNamed: true), Slip(",\"title\":", ",title\":", isNamed: true),
        Slip(",\"title\":", ",\"title:", isNamed: true), Slip(",\"url\":", ",url:", isNamed: true),
        Slip(",\"url\":", ",url\":", isNamed: true), Slip(",\"content_text\":", ",\"content_text:", isNamed: true),
        Slip("Delta.\"", "Delta.", isNamed: true), Slip("Delta.\"", "Delta.\" and \" , zz", isNamed: true),
        Slip("[\"read\"]}", "[\"read\"]", isNamed: true), Slip("[\"read\"]}", "[\"read\"}", isNamed: true),
        Slip(".\",\"date", ".\"},\"date", isNamed: true), Slip("/Delta\",", "/Delta,", isNamed: true),
        Slip("lta\",\"url\":\"https://site.example/Delta\",\"title\":\"De", String(repeating: "\0", count: 51)),
        Slip("Delta\",\"content", "D\0\0\0\0\",\"content"), Slip("long", "l\0\0g", isNamed: true),
    ]

    @Test(arguments: slips)
    func `a damaged entry makes no finish with another's name, and none twice`(slip: Slip) throws {
        let whole = PlayedFeed.json(["Delta", "Gamma", "Beta"])
        let list = try #require(whole.firstRange(of: "[")).lowerBound
        let damaged = String(whole[..<list] + whole[list...].replacing(slip.before, with: slip.after, maxReplacements: 1))
        #expect(damaged != whole)
        for isKnown in [false, true] {
            var body = isKnown ? whole : PlayedFeed.json(["Gamma", "Beta"])
            let store = try PlayedStore(Self.toml) { .played($0, 200, body: body) }
            try store.run(at: .start)
            let revisions = store.events("revised")
            body = damaged
            for hour in [1, 2] { try store.run(at: .after(hours: hour)) }
            #expect(try titles(store) == (isKnown || slip.isNamed ? ["Beta", "Delta", "Gamma"] : ["Beta", "Gamma"]))
            let posts = try announced(store)
            #expect(posts.allSatisfy { $0.finish.text.hasSuffix("id-Delta") } && posts.count == (isKnown || !slip.isNamed ? 0 : 1))
            #expect(store.events("revised") == revisions && store.events("withdrawn").isEmpty)
            let page = store.disk.text("/store/public/feed.json")
            #expect(!page.contains("\"title\":\"A long review") && !page.contains("\"title\": \"A long review"))
            body = whole
            for hour in [3, 4, 5] { try store.run(at: .after(hours: hour)) }
            #expect(try titles(store) == ["Beta", "Delta", "Gamma"])
            #expect(store.events("finished").count == 3 && store.events("withdrawn").isEmpty)
            #expect(try announced(store).count == (isKnown ? 0 : 1))
            if isKnown { #expect(store.events("revised").isEmpty) }
            let end = store.disk.text("/store/public/feed.json")
            #expect(end.contains("A long review of Delta.") && end.contains("2026-01-04"))
        }
    }

    /// By their titles, which share a word, they would be one.
    @Test(arguments: [["Older Book"], ["Book One", "Older Book"], ["Book Two", "Older Book"], ["Book Two", "Book One", "Older Book"]])
    func `two entries whose border is lost wait for a whole document`(before: [String]) throws {
        let whole = PlayedFeed.rss(["Book Two", "Book One", "Older Book"])
        var body = PlayedFeed.rss(before)
        let store = try PlayedStore(Self.toml) { .played($0, 200, body: body) }
        try store.run(at: .start)
        body = whole.replacing("</item><item>", with: "", maxReplacements: 1)
        for hour in [1, 2] { try store.run(at: .after(hours: hour)) }
        #expect(try titles(store) == before.sorted())
        body = whole
        try store.run(at: .after(days: 1))
        #expect(try titles(store) == ["Book One", "Book Two", "Older Book"])
        #expect(store.events("finished").count == 3 && store.events("merged").isEmpty && store.events("feed-failing").isEmpty)
    }

    /// Without a link its id is all that there is, and with half a tag lost that has swallowed the date.
    @Test(arguments: [("</guid><pub", "pub"), ("</title><gu", "gu"), ("<title>", "itle>"), ("<guid isP", " isP")])
    func `an entry whose tags are torn makes no finish of another name`(piece: String, rest: String) throws {
        let whole = PlayedFeed.rss(["Delta", "Gamma", "Beta"]).replacing(/<link>[^<]*<.link>/, with: "")
        for isKnown in [false, true] {
            var body = isKnown ? whole : PlayedFeed.rss(["Gamma", "Beta"])
            let store = try PlayedStore(Self.toml) { .played($0, 200, body: body) }
            try store.run(at: .start)
            let start = try #require(whole.firstRange(of: "<item>")).lowerBound
            body = String(whole[..<start] + whole[start...].replacing(piece, with: rest, maxReplacements: 1))
            for hour in [1, 2] { try store.run(at: .after(hours: hour)) }
            #expect(try titles(store) == (isKnown ? ["Beta", "Delta", "Gamma"] : ["Beta", "Gamma"]))
            body = whole
            try store.run(at: .after(days: 1))
            #expect(try titles(store) == ["Beta", "Delta", "Gamma"])
            #expect(store.events("finished").count == 3 && store.events("merged").isEmpty)
        }
    }

    @Test func `what is new and damaged, and has lost its date, waits for a person`() throws {
        var body = PlayedFeed.json(["Gamma", "Beta"])
        let store = try PlayedStore(Self.toml) { .played($0, 200, body: body) }
        try store.run(at: .start)
        body = PlayedFeed.json(["Delta", "Gamma", "Beta"]).replacing("04T10:00:00Z\"", with: "04T10:00:00Z")
        try store.run(at: .after(hours: 1))
        #expect(try titles(store) == ["Beta", "Delta", "Gamma"])
        #expect(try announced(store).map(\.status) == [.held])
    }

    @Test func `an entry that seems to be none is looked at when it is whole`() throws {
        let toml = Self.toml + "[feed.finished]\ncategory = [\"read\"]\n"
        var body = PlayedFeed.json(["Gamma", "Beta"])
        let store = try PlayedStore(toml) { .played($0, 200, body: body) }
        try store.run(at: .start)
        let whole = PlayedFeed.json(["Delta", "Gamma", "Beta"])
        body = whole.replacing("Z\",\"tags\":[\"read\"]},{\"id\":\"id-Gamma", with: "Z\",\"tags:[read]},{\"id\":\"id-Gamma")
        try store.run(at: .after(hours: 1))
        #expect(try titles(store) == ["Beta", "Gamma"] && store.events("passed-over").isEmpty)
        body = whole
        try store.run(at: .after(hours: 2))
        #expect(try titles(store) == ["Beta", "Delta", "Gamma"] && announced(store).map(\.status) == [.pending])
    }

    @Test(arguments: [0, 1, 2]) func `what was damaged when its feed was adopted is no news when it is whole`(place: Int) throws {
        let titles = ["Delta", "Gamma", "Beta"]
        let whole = PlayedFeed.json(titles)
        var body = whole.replacing("\"title\":\"\(titles[place])", with: "\"title\":\(titles[place])")
        let store = try PlayedStore(Self.toml) { .played($0, 200, body: body) }
        for hour in [0, 12, 24] { try store.run(at: .after(hours: hour)) }
        #expect(try self.titles(store).count == 2)
        body = PlayedFeed.json(["Epsilon"] + titles).replacing("05T10", with: "10T10")
        try store.run(at: .after(days: 6))
        #expect(try self.titles(store) == ["Beta", "Delta", "Epsilon", "Gamma"])
        let posts = try announced(store).map(\.finish.text)
        #expect(posts == ["feed:books:id:id-Epsilon"])
    }

    /// Of what waits for a whole document nothing is left in the end: the feed rolls on. So it waits for a day.
    @Test(arguments: ["json", "rss"]) func `an entry that stays damaged is taken after a day, and its post waits for a person`(format: String) throws {
        func document(_ titles: [String]) -> String {
            format == "json" ? PlayedFeed.json(titles) : PlayedFeed.rss(titles).replacing("Mon, ", with: "")
        }
        let whole = document(["Delta", "Gamma", "Beta"])
        let item = try #require(whole.firstRange(of: format == "json" ? "[" : "<item>")).lowerBound
        let (good, bad) = format == "json" ? ("\"title\":\"D", "\"title\":D") : ("</title><gu", "gu")
        let damaged = String(whole[..<item] + whole[item...].replacing(good, with: bad, maxReplacements: 1))
        var body = document(["Gamma", "Beta"])
        let store = try PlayedStore(Self.toml) { request in
            let tag = "\"\(body.hashValue)\""
            return request.header("If-None-Match") == tag ? .played(request, 304) : .played(request, 200, ["ETag": tag], body: body)
        }
        try store.run(at: .start)
        body = damaged
        var whenTaken: [Int] = []
        var unconditional: [Int] = []
        for hour in 1..<72 {
            let before = store.events("finished").count
            try store.run(at: .after(hours: hour))
            if store.events("finished").count > before { whenTaken.append(hour) }
            if store.network.lastAsked.contains(where: { !$0.isConditional }) { unconditional.append(hour) }
        }
        #expect(whenTaken == [25] && unconditional == [25])
        #expect(store.poll("books").waiting.isEmpty)
        #expect(try announced(store).allSatisfy { $0.status == .held && $0.reason == AnnouncementStep.damagedName })
        body = whole
        try store.run(at: .after(hours: 73))
        #expect(store.events("finished").count == 3)
        #expect(try titles(store) == ["Beta", "Delta", "Gamma"])
    }

    /// Each waits a day of its own, and two that came as one wait for ever: with the keys of both they would be one for good.
    @Test func `an entry waits from its own first sight, and one that is two is never taken`() throws {
        func damaged(_ titles: [String], _ title: String) -> String {
            PlayedFeed.json(titles).replacing("\"title\":\"\(title)\"", with: "\"title\":\(title)\"")
        }
        var body = PlayedFeed.json(["Beta"])
        let store = try PlayedStore(Self.toml) { .played($0, 200, body: body) }
        try store.run(at: .start)
        body = damaged(["Gamma", "Beta"], "Gamma")
        try store.run(at: .after(hours: 1))
        body = damaged(["Delta", "Gamma", "Beta"], "Delta")
        try store.run(at: .after(hours: 72))
        #expect(try titles(store) == ["Beta", "Gamma"] && store.poll("books").waiting.count == 1)
        body = PlayedFeed.json(["Delta", "Gamma", "Beta"])
        try store.run(at: .after(hours: 80))
        #expect(try titles(store) == ["Beta", "Delta", "Gamma"] && store.poll("books").waiting.isEmpty)
        #expect(try announced(store).allSatisfy { $0.status != .held })
    }

    @Test func `two entries whose border stays lost are not taken for one`() throws {
        let whole = PlayedFeed.rss(["Book Two", "Book One", "Older Book"])
        var body = PlayedFeed.rss(["Older Book"])
        let store = try PlayedStore(Self.toml) { .played($0, 200, body: body) }
        try store.run(at: .start)
        body = whole.replacing("</item><item>", with: "", maxReplacements: 1)
        for hour in 1..<60 { try store.run(at: .after(hours: hour)) }
        #expect(try titles(store) == ["Older Book"] && store.poll("books").waiting.isEmpty)
        body = whole
        try store.run(at: .after(days: 3))
        #expect(try titles(store) == ["Book One", "Book Two", "Older Book"])
    }
}
