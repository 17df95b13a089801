import Catalogue
import Formats
import HTTP
import Testing

@testable import Operations

/// Lives of feeds that went wrong slowly: what no single poll shows.
@Suite struct PollingLivesTests {
    private static func feed(_ name: String, _ address: String, _ more: String = "") -> String {
        PollingFailureTests.feed(name, address) + more
    }

    private static let address = "https://site.example/feed"

    /// Runs every quarter of an hour; the quarters in which something was asked.
    @discardableResult
    private func asked(_ store: PlayedStore, _ quarters: Range<Int>) throws -> [Int] {
        try quarters.filter { quarter in
            try store.run(at: .after(minutes: quarter * 15))
            return !store.network.lastAsked.isEmpty
        }
    }

    @Test(arguments: [200, 404]) func `who is to be asked every sixty days is not asked before`(status: Int) throws {
        let store = try PlayedStore(Self.feed("a", Self.address, "every = \"60d\"\n")) {
            .played($0, status, body: PlayedFeed.rss(["A"]))
        }
        #expect(try asked(store, 0..<96) == [0])
        try store.run(at: .after(days: 59))
        #expect(store.network.lastAsked.isEmpty)
        try store.run(at: .after(days: 61))
        #expect(store.network.lastAsked.count == 1)
    }

    @Test func `another interval counts from the next run on`() throws {
        let store = try PlayedStore(Self.feed("a", Self.address, "every = \"30d\"\n")) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        try store.run(at: .start)
        try store.configure(Self.feed("a", Self.address, "every = \"2h\"\n"))
        #expect(try asked(store, 1..<20) == [8, 16])
        try store.configure(Self.feed("a", Self.address, "every = \"4h\"\n"))
        #expect(try asked(store, 20..<40) == [32])
    }

    @Test func `a feed that is cut off each time is asked as before, and told the third time`() throws {
        var number = 9
        let store = try PlayedStore(Self.feed("a", Self.address)) { request in
            let titles = (0...number).reversed().map { "N\($0)" }
            let whole = PlayedFeed.rss(titles)
            return .played(request, 200, body: number == 9 ? whole : String(whole.split(separator: "<title>N3").first ?? ""))
        }
        try store.run(at: .start)
        var told: [Int] = []
        for hour in 1..<10 {
            number += 1
            let turns = try store.run(at: .after(hours: hour)).turns
            #expect(store.network.lastAsked.count == 1)
            if !turns.isEmpty { told.append(hour) }
        }
        #expect(told == [3] && store.poll("a").cuts == 9 && store.poll("a").failures == 0)
        #expect(store.events("feed-failing").first?.contains("the document is cut off, and what it has before is taken") == true)
        // Nothing was lost by it.
        #expect(store.events("finished").count == 19)
        number = 9
        #expect(try store.run(at: .after(hours: 12)).turns.map(\.turn) == [.recovered])
    }

    @Test func `who leads to a house that turns everybody away is told as failing`() throws {
        let toml = Self.feed("g", "https://t.example/g") + Self.feed("f", "https://a.example/f")
        let store = try PlayedStore(toml) { request in
            if request.address.hasSuffix("/f") {
                return .failure(TransferError(kind: .hostStopped, message: "t.example has asked to be left alone", redirects: 1, house: "t.example"))
            }
            return .played(request, 429, ["Retry-After": "7200"])
        }
        var told: [String] = []
        for quarter in 0..<(96 * 3) { told += try store.run(at: .after(minutes: quarter * 15)).turns.map(\.feed) }
        #expect(told.sorted() == ["f", "g"])
    }

    @Test func `nor does it matter that nothing else happens`() throws {
        var isAway = false
        let store = try PlayedStore(Self.feed("f", "https://a.example/f")) { request in
            if !isAway { return .played(request, 200, body: PlayedFeed.rss(["A"])) }
            return .failure(TransferError(kind: .hostStopped, message: "t.example has asked to be left alone", redirects: 1, house: "t.example"))
        }
        for day in 0..<3 { try store.run(at: .after(days: day)) }
        isAway = true
        var told: [Int] = []
        for hour in 72..<96 where try !store.run(at: .after(hours: hour)).turns.isEmpty { told.append(hour) }
        #expect(told.count == 1)
        isAway = false
        #expect(try store.run(at: .after(hours: 120)).turns.map(\.turn) == [.recovered])
    }

    @Test func `what a server says in seconds begins when it says so`() throws {
        for status in [200, 429, 503] {
            let store = try PlayedStore(Self.feed("a", Self.address)) { request in
                .success(
                    Response(
                        status: status, headers: [Header("Retry-After", "7200")], body: Array(PlayedFeed.rss(["A"]).utf8),
                        address: request.address, millisecondsIntoBatch: 4100))
            }
            try store.run(at: .start)
            #expect(store.poll("a").pausedUntil == Instant.start.adding(seconds: 7204))
        }
    }

    @Test func `many without a date, in the first document of a feed that had nothing, wait for a word`() throws {
        func items(_ titles: [String]) -> String {
            let items = titles.map { "<item><title>\($0)</title><guid>https://site.example/\($0)</guid></item>" }
            return "<rss version=\"2.0\"><channel><title>T</title>\(items.joined())</channel></rss>"
        }
        for titles in [["A", "B", "C"], ["A"]] {
            var body = items([])
            let store = try PlayedStore("[announce.x]\ncredentials = \"x\"\n\n" + Self.feed("a", Self.address)) {
                .played($0, 200, body: body)
            }
            try store.run(at: .start)
            #expect(store.events("feed-adopted").count == 1)
            body = items(titles)
            let report = try store.run(at: .after(hours: 2))
            #expect(report.held.count == (titles.count == 1 ? 0 : 3) && store.events("finished").count == titles.count)
        }
    }

    @Test func `who cannot bear conditions is asked without for days`() throws {
        let store = try PlayedStore(Self.feed("a", Self.address)) { request in
            request.isConditional ? .played(request, 400) : .played(request, 200, ["ETag": "\"1\""], body: PlayedFeed.rss(["A"]))
        }
        var failed: [Int] = []
        for hour in 0..<(24 * 30) {
            try store.run(at: .after(hours: hour))
            if store.network.lastAsked.first?.isConditional == true { failed.append(hour) }
        }
        #expect(failed.count <= 7 && failed.first == 1, "\(failed)")
        #expect(store.events("feed-failing").isEmpty)
    }

    @Test func `a hiccup of who cannot bear conditions is one`() throws {
        var isIll = false
        let store = try PlayedStore(Self.feed("a", Self.address)) { request in
            isIll || request.isConditional ? .played(request, 500) : .played(request, 200, ["ETag": "\"1\""], body: PlayedFeed.rss(["A"]))
        }
        for hour in 0..<(24 * 7) {
            isIll = hour == 100
            try store.run(at: .after(hours: hour))
        }
        #expect(store.events("feed-failing").isEmpty && store.poll("a").isUnborne)
    }

    @Test(arguments: [true, false])
    func `ten feeds at a host that says come back at once are told together, and the host is left alone`(areKnown: Bool) throws {
        let toml = (0..<10).map { Self.feed("f\($0)", "https://site.example/\($0)") }.joined()
        var isClosed = !areKnown
        let store = try PlayedStore(toml) { request in
            isClosed ? .played(request, 429, ["Retry-After": "0"]) : .played(request, 200, body: PlayedFeed.rss(["A\(request.address)"]))
        }
        try store.run(at: .start)
        isClosed = true
        var mails: [ImportReport] = []
        var requests: [Int] = []
        for quarter in 8..<96 {
            let report = try store.run(at: .after(minutes: quarter * 15))
            if !report.turns.isEmpty { mails.append(report) }
            if !store.network.lastAsked.isEmpty { requests.append(quarter) }
        }
        #expect(mails.count == 1 && mails.first?.turns.count == 10)
        #expect(mails.first?.turns.first?.reason.hasPrefix(Failure.turnedAway) == true)
        #expect(requests.count <= 6, "\(requests)")
        isClosed = false
        for hour in 24..<72 { try store.run(at: .after(hours: hour)) }
        #expect(store.events("feed-recovered").count == 10 && store.events("feed-adopted").count == 10)
    }

    @Test func `no run asks in an hour that is skipped, however late it comes`() throws {
        var poll = Poll(name: "a", address: "")
        let feed = try PlayedStore(Self.feed("a", Self.address, "every = \"2d\"\n")) { .played($0, 404) }.settings.feeds[0]
        poll.skipHours = [0, 1, 2]
        (poll.attempted, poll.next) = (.after(hours: 3), .after(hours: 4))
        // The machine was off until Wednesday at one.
        #expect(Schedule.dueAt(feed, poll, ignoresInterval: false, now: .after(hours: 49)) == .after(hours: 51))
        (poll.attempted, poll.next) = (.after(minutes: 15), .after(minutes: 48 * 60 + 15))
        #expect(Schedule.dueAt(feed, poll, ignoresInterval: false, now: .after(minutes: 48 * 60 + 15)) == .after(hours: 51))
        poll.skipHours = []
        poll.skipDays = [3]
        #expect(Schedule.dueAt(feed, poll, ignoresInterval: false, now: .after(hours: 49)) == .after(hours: 49))
    }

    @Test func `a quiet feed is not asked more often for failing`() throws {
        let store = try PlayedStore(Self.feed("a", Self.address)) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        for day in 0..<200 { try store.run(at: .after(days: day)) }
        #expect(store.poll("a").next == .after(hours: 199 * 24 + 6))
        store.network.play = { .played($0, 500) }
        #expect(try asked(store, (200 * 96)..<(202 * 96)).count <= 4)
    }

    @Test func `under a new name what is known of the address stays`() throws {
        let store = try PlayedStore(Self.feed("a", Self.address)) { request in
            .played(request, request.isConditional ? 304 : 200, ["ETag": "\"1\"", "Cache-Control": "max-age=36000"], body: PlayedFeed.rss(["A"]))
        }
        try store.run(at: .start)
        try store.configure(Self.feed("b", Self.address, "renamed_from = [\"a\"]\n"))
        #expect(try asked(store, 1..<48) == [40])
        #expect(store.network.lastAsked.isEmpty && store.network.asked.last?.isConditional == true)
        #expect(store.events("finished").count == 1 && store.polls.feeds.map(\.name) == ["b"])
    }

    @Test(arguments: [-720, -7200]) func `a clock that is put back a little forgets no wish of a server`(seconds: Int) throws {
        let store = try PlayedStore(Self.feed("a", Self.address)) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        try store.run(at: .start)
        store.network.play = { .played($0, 503, ["Retry-After": "36000"]) }
        try store.run(at: .after(days: 1))
        let back = Instant.after(days: 1).adding(seconds: Int64(seconds))
        for quarter in 0..<40 {
            var options = Import.Options()
            options.ignoresSchedule = quarter % 2 == 0
            try store.run(at: back.adding(seconds: Int64(quarter) * 900), options)
            #expect(store.network.lastAsked.isEmpty)
        }
    }

    @Test func `what fails still is said once a week, and not each on its own day`() throws {
        let toml = (0..<8).map { Self.feed("f\($0)", "https://h\($0).example/\($0)") }.joined()
        var hour = 0
        let store = try PlayedStore(toml) { request in
            // One after the other, within half a day.
            let since = Int(request.address.last?.wholeNumberValue ?? 0) * 2
            return hour >= since ? .played(request, 500) : .played(request, 200, body: PlayedFeed.rss(["A\(request.address)"]))
        }
        var mails: [Int] = []
        while hour < 24 * 31 {
            if try !store.run(at: .after(hours: hour)).reminders.isEmpty { mails.append(hour / 24) }
            hour += 1
        }
        #expect(mails.count <= 5 && mails.count >= 3, "\(mails)")
    }

    @Test func `status tells of a host that is left alone`() throws {
        let store = try PlayedStore(Self.feed("a", "https://site.example/a") + Self.feed("b", "https://site.example/b")) { request in
            request.address.hasSuffix("/a") ? .played(request, 200, body: PlayedFeed.rss(["A"])) : .played(request, 429, ["Retry-After": "36000"])
        }
        try store.run(at: .start)
        let status = try Status.read(store.world(at: .after(hours: 2)), store.folder, store.settings)
        #expect(status.feeds.map(\.next) == [.after(hours: 10), .after(hours: 10)])
    }

    @Test func `two hosts that refuse us are no network that is missing`() throws {
        let store = try PlayedStore(Self.feed("a", "https://a.example/") + Self.feed("b", "https://b.example/")) {
            .failure(TransferError(kind: .refused, message: "\(WebAddress($0.address)?.host ?? "") refuses to be connected to"))
        }
        var told: [String] = []
        for quarter in 0..<(96 / 2) {
            let report = try store.run(at: .after(minutes: quarter * 15))
            #expect(!report.isOffline)
            told += report.turns.map(\.feed)
        }
        #expect(told.sorted() == ["a", "b"])
    }

    @Test func `a feed that is named twice is told once`() throws {
        let store = try PlayedStore(Self.feed("a", Self.address)) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        var options = Import.Options()
        options.feeds = ["a", "a"]
        #expect(try store.run(at: .start, options).feeds.count == 1)
    }

    @Test func `where a feed has moved to is told without its secret`() throws {
        let store = try PlayedStore(Self.feed("a", "https://site.example/feed?key=QwErTyUi")) { request in
            let to = "https://qwertyui.new.example/feed"
            return .played(request, 200, body: PlayedFeed.rss(["A"]), hops: [Hop(status: 301, from: request.address, to: to)])
        }
        for hour in 0..<30 { try store.run(at: .after(hours: hour)) }
        let moved = try #require(store.events("feed-moved").first)
        #expect(!moved.lowercased().contains("qwertyui"))
    }

    @Test func `a gap is told without polls json, too`() throws {
        var titles = ["B", "A"]
        let store = try PlayedStore(Self.feed("a", Self.address)) { .played($0, 200, body: PlayedFeed.rss(titles)) }
        try store.run(at: .start)
        store.disk.remove("/store/polls.json")
        #expect(try store.run(at: .after(hours: 2)).turns.isEmpty)
        store.disk.remove("/store/polls.json")
        titles = ["D", "C"]
        #expect(try store.run(at: .after(hours: 4)).turns.map(\.turn) == [.gap])
        #expect(try store.run(at: .after(hours: 6)).turns.isEmpty)
        // Another address is another window.
        try store.configure(Self.feed("a", "https://site.example/other"))
        titles = ["F", "E"]
        #expect(try store.run(at: .after(hours: 8)).turns.isEmpty)
    }

    @Test func `a feed that is taken out for a while is left alone as long as it asked for`() throws {
        let other = Self.feed("b", "https://b.example/feed")
        let store = try PlayedStore(other + Self.feed("a", Self.address)) { request in
            request.address == Self.address ? .played(request, 404, ["Retry-After": "36000"]) : .played(request, 200, body: PlayedFeed.rss(["B"]))
        }
        try store.run(at: .start)
        try store.configure(other)
        try store.run(at: .after(hours: 1))
        try store.configure(other + Self.feed("a", Self.address))
        for hour in 2..<10 {
            try store.run(at: .after(hours: hour))
            #expect(!store.network.lastAsked.contains { $0.address == Self.address })
        }
        try store.configure(other)
        try store.run(at: .after(hours: 12))
        #expect(store.polls.feeds.map(\.name) == ["b"])
    }

    @Test(arguments: [true, false], [true, false])
    func `what a run could not say that was killed behind its commit, the next one says`(isKilled: Bool, hasNext: Bool) throws {
        let other = "https://other.example/feed"
        var status = 200
        let store = try PlayedStore(Self.feed("a", Self.address) + Self.feed("b", other)) { request in
            .played(request, request.address == other ? 200 : status, body: PlayedFeed.rss(["A"]))
        }
        try store.run(at: .start)
        status = 410
        var left: [UInt8]?
        let report = try Import.run(
            store.settings, store.folder, Import.Options(), store.world(at: .after(hours: 1)),
            record: { _ in left = store.disk.bytes("/store/polls.json") })
        #expect(report.turns.map(\.turn) == [.gone])
        if isKilled { store.disk.put("/store/polls.json", try #require(left)) }
        if hasNext {
            // Whatever else is recorded before that.
            let world = store.world(at: .after(minutes: 70))
            _ = try Amend.run(.hide("feed:a:id:id-A"), world, store.folder, store.settings)
            _ = try Announce.run(store.settings, store.folder, world)
        }
        #expect(try store.run(at: .after(minutes: 75)).turns == (isKilled ? report.turns : []))
        #expect(try store.run(at: .after(minutes: 90)).turns.isEmpty)
        #expect(store.events("feed-gone").count == 1)
    }

    @Test func `an old polls.json that is put back repeats a day of words, and no more`() throws {
        var status = 200
        let store = try PlayedStore(Self.feed("a", Self.address)) { request in
            .played(request, status, body: PlayedFeed.rss(["A"]))
        }
        try store.run(at: .start)
        let old = try #require(store.disk.bytes("/store/polls.json"))
        var all = Import.Options()
        all.ignoresSchedule = true
        var hour = 1
        for answer in [404, 200, 404, 200] {
            status = answer
            for _ in 0..<4 {
                try store.run(at: .after(hours: hour), all)
                hour += 6
            }
        }
        #expect(store.events("feed-failing").count + store.events("feed-recovered").count == 4)
        store.disk.put("/store/polls.json", old)
        let report = try store.run(at: .after(hours: hour), all)
        #expect(report.turns.map(\.turn) == [.recovered])
    }
}
