import Catalogue
import Files
import Formats
import HTTP
import Testing

@testable import Operations

/// Bad spells of feeds, hosts and machines: each passes, and leaves nothing behind that outlives it.
@Suite struct PollingSpellsTests {
    private static func feed(_ name: String, _ address: String, _ more: String = "") -> String {
        PollingFailureTests.feed(name, address) + more
    }

    private static let address = "https://site.example/feed"

    private static func cut(_ titles: [String]) -> String { String(PlayedFeed.rss(titles).dropLast(60)) }

    // MARK: machines

    /// Days of runs at these minutes; how many of them asked.
    private func days(_ store: PlayedStore, _ count: Int, at minutes: [Int]) throws -> Int {
        var asked = 0
        for day in 0..<count {
            for minute in minutes {
                try store.run(at: .after(minutes: day * 1440 + minute))
                asked += store.network.lastAsked.count
            }
        }
        return asked
    }

    @Test func `a machine that is awake in the skipped hours alone asks all the same`() throws {
        func store(_ skipped: [Int]) throws -> PlayedStore {
            let hours = skipped.map { "<hour>\($0)</hour>" }.joined()
            let body = PlayedFeed.rss(["A"], extra: "<skipHours>\(hours)</skipHours>")
            return try PlayedStore(Self.feed("a", Self.address)) { .played($0, 200, body: body) }
        }
        // Once a day at half past four; and from eight in the morning until ten at night.
        #expect(try days(store(Array(0..<8)), 21, at: [270]) == 11)
        #expect(try days(store(Array(0..<24).filter { $0 != 3 }), 30, at: Array(stride(from: 480, to: 1320, by: 15))) >= 14)
        // Whoever is awake then asks in the hours that are left, each day.
        let always = try store([0, 1, 2])
        var hours: Set<Int> = []
        for quarter in 0..<(96 * 4) {
            try always.run(at: .after(minutes: quarter * 15))
            if quarter > 0, !always.network.lastAsked.isEmpty { hours.insert(quarter / 4 % 24) }
        }
        #expect(hours == Set(3..<24))
    }

    @Test func `no day that is skipped, and no minute of a late run, makes it wait for two`() throws {
        let hours = (0..<23).map { "<hour>\($0)</hour>" }.joined()
        let body = PlayedFeed.rss(["A"], extra: "<skipHours>\(hours)</skipHours><skipDays><day>Monday</day></skipDays>")
        let store = try PlayedStore(Self.feed("a", Self.address)) { .played($0, 200, body: body) }
        // On Sunday at a quarter to midnight, and some seconds; the runs after it some seconds sooner.
        let sunday = Instant.after(minutes: 7 * 1440 - 15)
        try store.run(at: sunday.adding(seconds: 5))
        var asked: [Int] = []
        for quarter in 1...200 {
            try store.run(at: sunday.adding(seconds: Int64(quarter) * 900))
            if !store.network.lastAsked.isEmpty { asked.append(quarter) }
        }
        #expect(asked.first.map { $0 <= 96 } == true, "\(asked)")
    }

    @Test func `what the own network answers tells nothing of the rest`() throws {
        let toml = Self.feed("bridge", "http://127.0.0.1/feed")
            + (0..<4).map { Self.feed("f\($0)", "https://site\($0).example/feed") }.joined()
        let store = try PlayedStore(toml) { request in
            request.address.contains("127.0.0.1")
                ? .played(request, 200, body: PlayedFeed.rss(["A"]))
                : .failure(TransferError(kind: .resolve, message: "the host cannot be found"))
        }
        for quarter in 0..<32 { #expect(try store.run(at: .after(minutes: quarter * 15)).turns.isEmpty) }
        #expect(store.polls.outage?.since == .start)
        #expect(store.polls.feeds.allSatisfy { $0.failures == 0 })
    }

    @Test func `an outage is over when nobody is left who could tell`() throws {
        let far = (0..<2).map { Self.feed("f\($0)", "https://site\($0).example/feed") }.joined()
        let bridge = Self.feed("bridge", "http://127.0.0.1/feed")
        let store = try PlayedStore(bridge + far) { request in
            request.address.contains("127.0.0.1")
                ? .played(request, 200, body: PlayedFeed.rss(["A"]))
                : .failure(TransferError(kind: .resolve, message: "the host cannot be found"))
        }
        try store.run(at: .start)
        #expect(store.polls.outage != nil)
        try store.configure(bridge)
        try store.run(at: .after(hours: 1))
        #expect(store.polls.outage == nil)
    }

    @Test func `an address that cannot be asked does not count as an answer`() throws {
        let toml = (0..<3).map { Self.feed("f\($0)", "https://site\($0).example/feed") }.joined()
        let store = try PlayedStore(toml) { request in
            request.address.contains("site0")
                ? .failure(TransferError(kind: .refusedAddress, message: "10.0.0.1 is a private address"))
                : .failure(TransferError(kind: .resolve, message: "the host cannot be found"))
        }
        #expect(try store.run(at: .start).isOffline)
    }

    // MARK: hosts

    @Test(arguments: [8, 2]) func `many feeds at one refusing host make a mail a week`(count: Int) throws {
        let toml = (0..<count).map { Self.feed("f\($0)", "https://site.example/\($0)") }.joined()
        let store = try PlayedStore(toml) { .played($0, 429) }
        var mails: [Int] = []
        for quarter in 0..<(96 * 40) {
            let report = try store.run(at: .after(minutes: quarter * 15))
            if !report.turns.isEmpty || !report.reminders.isEmpty { mails.append(quarter / 96) }
        }
        #expect(mails.count <= 7, "\(mails)")
        #expect(store.events("feed-failing").count == count)
    }

    @Test func `a feed that is well is not told for the sake of its neighbour`() throws {
        let toml = Self.feed("d", "https://site.example/1") + Self.feed("w", "https://site.example/2", "every = \"7d\"\n")
        var isClosed = false
        let store = try PlayedStore(toml) { request in
            isClosed && request.address.hasSuffix("1")
                ? .played(request, 429) : .played(request, 200, body: PlayedFeed.rss(["A\(request.address)"]))
        }
        try store.run(at: .start)
        isClosed = true
        for quarter in 4..<(96 * 21) { try store.run(at: .after(minutes: quarter * 15)) }
        #expect(store.events("feed-failing").allSatisfy { $0.contains("\"feed\":\"d\"") })
        #expect(store.events("feed-recovered").isEmpty)
    }

    @Test(arguments: [false, true])
    func `a feed that has failed by itself and waits is not told what its host says to others`(hasPause: Bool) throws {
        let toml = Self.feed("own", "https://site.example/1") + Self.feed("d", "https://site.example/2", "every = \"15m\"\n")
        var statuses = [404, 200]
        let store = try PlayedStore(toml) { request in
            let isOwn = request.address.hasSuffix("1")
            return .played(
                request, statuses[isOwn ? 0 : 1], hasPause && isOwn ? ["Retry-After": "14400"] : [:], body: PlayedFeed.rss(["A"]))
        }
        for hour in [0, 2] { try store.run(at: .after(hours: hour)) }
        statuses = [404, 429]
        for minutes in [135, 200, 325] { try store.run(at: .after(minutes: minutes)) }
        let told = store.events("feed-failing")
        #expect(told.count == 1 && told.allSatisfy { $0.contains("\"feed\":\"d\"") }, "\(told)")
    }

    @Test(arguments: [["1", "2"], ["2", "1"]])
    func `a house that answers one of its feeds turns nobody away`(_ order: [String]) throws {
        let toml = order.map { Self.feed("f\($0)", "https://site.example/\($0)") }.joined()
        var isClosed = false
        let store = try PlayedStore(toml) { request in
            isClosed && request.address.hasSuffix("1")
                ? .played(request, 429) : .played(request, 200, body: PlayedFeed.rss(["A\(request.address)"]))
        }
        for hour in 0..<24 { try store.run(at: .after(hours: hour)) }
        isClosed = true
        for half in 48..<(48 * 9) { try store.run(at: .after(minutes: half * 30)) }
        #expect(store.events("feed-failing").allSatisfy { $0.contains("\"feed\":\"f1\"") })
        #expect(store.events("feed-failing").count == 1 && store.events("feed-recovered").isEmpty)
    }

    @Test func `one run counts once, however many feeds it asked for`() throws {
        let toml = (0..<3).map { Self.feed("f\($0)", Self.address) }.joined()
        let store = try PlayedStore(toml) { .played($0, 429, ["Retry-After": "0"]) }
        try store.run(at: .start)
        #expect(store.polls.hosts.map(\.times) == [1])
        for quarter in 1..<24 where store.polls.hosts.first?.times != 2 {
            #expect(try store.run(at: .after(minutes: quarter * 15)).turns.isEmpty)
        }
        #expect(store.polls.hosts.map(\.times) == [2])
    }

    @Test func `a part of a run waits like any other before it asks a host`() throws {
        let toml = Self.feed("a", Self.address) + Self.feed("b", "https://site.example/b")
        let store = try PlayedStore(toml) { .played($0, 200, body: PlayedFeed.rss(["A\($0.address)"])) }
        var polls = Polls()
        var poll = polls.poll(of: store.settings.feeds[1])
        poll.deaths = 1
        polls.set(poll)
        polls.glance.program = Program.version
        store.disk.put("/store/polls.json", polls.json)
        try store.run(at: .start)
        #expect(store.network.openings == [0, store.settings.fetch.hostPauseMilliseconds])
        #expect(store.network.lastAsked.count == 2)
    }

    // MARK: strangers

    @Test func `a stranger that says once that a feed is gone is not believed after other failures`() throws {
        let portal = "https://portal.example/"
        var status = 200
        let store = try PlayedStore(Self.feed("a", Self.address)) { request in
            if status != 410 { return .played(request, status, body: PlayedFeed.rss(["A"])) }
            return .played(request, 410, hops: [Hop(status: 301, from: request.address, to: portal)])
        }
        try store.run(at: .start)
        status = 503
        for hour in 1..<31 { try store.run(at: .after(hours: hour)) }
        for hour in [60, 90] {
            status = 410
            try store.run(at: .after(hours: hour))
            status = hour == 60 ? 503 : 200
            try store.run(at: .after(hours: hour + 25))
        }
        #expect(store.events("feed-gone").isEmpty && !store.poll("a").isGone)
        // Nor where polls.json was deleted.
        store.disk.remove("/store/polls.json")
        status = 410
        for hour in 120..<132 { try store.run(at: .after(hours: hour)) }
        #expect(!store.poll("a").isGone)
        // Who says so for a day is.
        for hour in 132..<160 { try store.run(at: .after(hours: hour)) }
        #expect(store.poll("a").isGone && store.events("feed-gone").count == 1)
    }

    @Test func `a timeout says nothing of conditions`() throws {
        var isSlow = false
        let store = try PlayedStore(Self.feed("a", Self.address)) { request in
            if isSlow { return .played(request, 504) }
            return request.isConditional ? .played(request, 500) : .played(request, 200, ["ETag": "\"1\""], body: PlayedFeed.rss(["A"]))
        }
        for hour in 0..<(24 * 7) {
            isSlow = hour % 24 == 23
            try store.run(at: .after(hours: hour))
        }
        #expect(store.events("feed-failing").isEmpty)
        #expect(store.network.asked.count(where: \.isConditional) <= 4)
    }

    // MARK: settings

    @Test func `a drought ends when the rule is mended, though the feed stays as it is`() throws {
        var titles = ["Finished B", "Finished A"]
        let toml = Self.feed("a", Self.address) + "[feed.finished]\ntitle_prefix = [\"Finished \"]\n"
        let store = try PlayedStore(toml) { request in
            request.isConditional && request.header("If-None-Match") == "\"\(titles.count)\""
                ? .played(request, 304) : .played(request, 200, ["ETag": "\"\(titles.count)\""], body: PlayedFeed.rss(titles))
        }
        try store.run(at: .start)
        titles = ["Read E", "Read D", "Read C"] + titles
        #expect(try store.run(at: .after(hours: 1)).turns.map(\.turn) == [.failing])
        #expect(try store.run(at: .after(hours: 2)).turns.isEmpty && store.network.lastAsked.map(\.isConditional) == [true])
        try store.configure(toml.replacing("[\"Finished \"]", with: "[\"Finished \", \"Read \"]"))
        #expect(try store.run(at: .after(hours: 4)).turns.map(\.turn) == [.recovered])
    }

    @Test func `a longer interval counts for a feed that fails, too`() throws {
        let store = try PlayedStore(Self.feed("a", Self.address)) { .played($0, 404) }
        try store.run(at: .start)
        try store.configure(Self.feed("a", Self.address, "every = \"3d\"\n"))
        try store.run(at: .after(hours: 71))
        #expect(store.network.lastAsked.isEmpty)
        try store.run(at: .after(hours: 72))
        #expect(store.network.lastAsked.count == 1)
    }

    @Test func `the pause of a feed that was taken out outlives a run that dies, and another name`() throws {
        let toml = Self.feed("a", Self.address) + Self.feed("b", "https://other.example/feed")
        let store = try PlayedStore(toml) { request in
            request.address == Self.address
                ? .played(request, 404, ["Retry-After": "72000"]) : .played(request, 200, body: PlayedFeed.rss(["A"]))
        }
        try store.run(at: .start)
        try store.configure(Self.feed("b", "https://other.example/feed"))
        // It has announced whom it asks, and writes nothing more.
        store.network.beforeSending = { store.disk.fault = (.rename, "head.json", 28) }
        #expect(throws: OperationError.self) { try store.run(at: .after(hours: 3)) }
        (store.network.beforeSending, store.disk.fault) = ({}, nil)
        try store.configure(toml.replacing("name = \"a\"", with: "name = \"c\""))
        try store.run(at: .after(hours: 19))
        #expect(!store.network.lastAsked.contains { $0.address == Self.address })
        try store.run(at: .after(hours: 21))
        #expect(store.network.lastAsked.contains { $0.address == Self.address })
    }

    // MARK: documents that are cut off

    @Test func `what is cut off makes no later failure last longer`() throws {
        var status = 200
        let store = try PlayedStore(Self.feed("a", Self.address) + Self.feed("b", "https://site.example/b")) { request in
            request.address == Self.address && status == 200
                ? .played(request, 200, body: Self.cut(["C", "B", "A"])) : .played(request, request.address == Self.address ? status : 200, body: PlayedFeed.rss(["Z"]))
        }
        for hour in 0..<30 { try store.run(at: .after(hours: hour)) }
        status = 429
        try store.run(at: .after(hours: 30))
        #expect(store.poll("a").failures == 1)
        #expect(store.polls.hosts.map(\.until) == [.after(hours: 31)])
    }

    @Test func `who never gives a whole document does not fill the window`() throws {
        var number = 0
        let store = try PlayedStore(Self.feed("a", Self.address)) { request in
            let titles = (0..<200).map { "N\(number)-\($0)" }
            return .played(request, 200, body: number == 0 ? PlayedFeed.rss(titles) : Self.cut(titles))
        }
        for hour in 0..<16 {
            number = hour
            try store.run(at: .after(hours: hour))
        }
        #expect(store.poll("a").window.count == 2000)
        #expect(store.poll("a").window[0].contains("N15-0"))
    }

    @Test(arguments: [[502, 502, 206, 200], [206, 206, 206, 200], [206, 206, 206, 206, 200]])
    func `the rest of a feed that was adopted in part is no news`(_ statuses: [Int]) throws {
        func items(_ numbers: [Int]) -> String {
            let items = numbers.map { "<item><title>T\($0)</title><guid>https://site.example/\($0)</guid></item>" }
            return "<rss version=\"2.0\"><channel><title>T</title>\(items.joined())</channel></rss>"
        }
        let all = Array((1...30).reversed())
        var (status, numbers) = (0, all)
        let store = try PlayedStore("[announce.x]\ncredentials = \"x\"\n\n" + Self.feed("a", Self.address)) { request in
            let body = items(numbers)
            return switch status {
            case 206: .played(request, 200, body: String(body.prefix(body.count / 3)))
            default: .played(request, status, body: body)
            }
        }
        for (turn, one) in statuses.enumerated() {
            status = one
            // News that come while it is still cut off are news.
            if turn == 3, one == 206 { numbers = [31] + all }
            try store.run(at: .after(hours: turn * 12))
        }
        #expect(store.events("finished").count == numbers.count)
        let quiet = store.events("finished").count { !$0.contains("\"announce\":[\"x\"]") }
        #expect(quiet == 30)
        #expect(store.events("announcement-held").isEmpty)
    }

    @Test func `what is dated behind the adoption in part is news wherever it stands, and nothing else is`() throws {
        func item(_ name: String, hours: Int) -> String {
            "<item><title>\(name)</title><guid>https://site.example/\(name)</guid><dc:date>\(Instant.after(hours: hours))</dc:date></item>"
        }
        func document(_ items: [String], isCut: Bool) -> String {
            let text = "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>T</title>\(items.joined())"
            return text + (isCut ? "" : "</channel></rss>")
        }
        let (pinned, b) = (item("P", hours: -500), item("B", hours: -30))
        var body = document([pinned, b], isCut: true)
        let store = try PlayedStore("[announce.x]\ncredentials = \"x\"\n\n" + Self.feed("a", Self.address)) {
            .played($0, 200, body: body)
        }
        for hour in [0, 4, 10] { try store.run(at: .after(hours: hour)) }
        body = document([pinned, b, item("A", hours: -3), item("Z", hours: -4)], isCut: true)
        try store.run(at: .after(hours: 14))
        #expect(store.events("finished").count == 4 && store.poll("a").isAdoptedInPart)
        #expect(!store.events("finished").contains { $0.contains("\"announce\":[\"x\"]") })
        body = document([pinned, item("N", hours: 239), b, item("A", hours: -3)], isCut: false)
        try store.run(at: .after(hours: 240))
        #expect(store.events("finished").filter { $0.contains("\"announce\":[\"x\"]") }.map { $0.contains("\"N\"") } == [true])
        #expect(!store.poll("a").isAdoptedInPart)
    }

    @Test func `who never gives a whole document is not doubted for ever`() throws {
        func item(_ name: String, days: Int) -> String {
            "<item><title>\(name)</title><guid>https://site.example/\(name)</guid><dc:date>\(Instant.after(days: days))</dc:date></item>"
        }
        var items: [String] = []
        let store = try PlayedStore("[announce.x]\ncredentials = \"x\"\n\n" + Self.feed("a", Self.address)) { request in
            let head = "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>T</title>"
            return .played(request, 200, body: head + items.joined())
        }
        items = [item("A", days: -9)]
        for hour in [0, 4, 10] { try store.run(at: .after(hours: hour)) }
        let log = store.disk.files.filter { $0.key.hasPrefix("/store/log/") && !$0.key.hasSuffix("lock") }
            .mapValues { String(decoding: $0.bytes, as: UTF8.self) }
        items = [item("B", days: 1)] + items
        try store.run(at: .after(days: 1))
        for (path, text) in log { store.disk.put(path, text) }
        try store.run(at: .after(days: 2))
        #expect(store.poll("a").doubted == .after(days: 2))
        // It may have been said, too; what is dated behind cannot have been.
        items = [item("C", days: 3)] + items
        try store.run(at: .after(days: 3))
        items = [item("D", days: 5)] + items
        let report = try store.run(at: .after(days: 5))
        #expect(store.poll("a").isDoubtful && report.held.isEmpty)
        let held = store.events("announcement-held")
        #expect(held.count == 2, "\(held)")
        #expect(store.events("finished").count == 4)
    }

    /// C was announced, and the log is put back to before; the feed is down then, and back later.
    @Test(arguments: ["", "renamed", "moved", "renamed and moved", "away for a run", "away before", "under another name", "dated ahead"])
    func `what a log that was put back has forgotten is doubted whatever becomes of the feed`(_ change: String) throws {
        func item(_ name: String, days: Int) -> String {
            "<item><title>\(name)</title><guid>https://site.example/\(name)</guid><dc:date>\(Instant.after(days: days))</dc:date></item>"
        }
        var (items, isDown) = ([item("A", days: -9)], false)
        let head = "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>T</title>"
        let announce = "[announce.x]\ncredentials = \"x\"\n\n"
        let store = try PlayedStore(announce + Self.feed("a", Self.address)) { request in
            .played(request, isDown ? 502 : 200, body: head + items.joined() + "</channel></rss>")
        }
        try store.run(at: .start)
        let log = store.disk.files.filter { $0.key.hasPrefix("/store/log/") && !$0.key.hasSuffix("lock") }
            .mapValues { String(decoding: $0.bytes, as: UTF8.self) }
        items = [item("C", days: change == "dated ahead" ? 4 : 1)] + items
        try store.run(at: .after(days: 1))
        if change == "away before" {
            try store.configure(announce)
            try store.run(at: .after(hours: 26))
        }
        for (path, text) in log { store.disk.put(path, text) }
        isDown = true
        try store.run(at: .after(days: 2))
        if change == "under another name" {
            try store.configure(announce + Self.feed("b", Self.address))
            try store.run(at: .after(hours: 50))
        }
        isDown = false
        let name = change.hasPrefix("renamed") || change.hasPrefix("under") ? "b" : "a"
        let former = name == "b" ? "renamed_from = \"a\"\n" : ""
        if change == "away for a run" {
            try store.configure(announce)
            try store.run(at: .after(hours: 50))
        }
        try store.configure(announce + Self.feed(name, change.hasSuffix("moved") ? Self.address + "2" : Self.address, former))
        let report = try store.run(at: .after(days: 6))
        #expect(report.held.map(\.reason) == [AnnouncementStep.logPutBack])
        #expect(store.events("finished").count { $0.contains("\"C\"") } == 1)
    }

    @Test func `what was read whole since a log was put back is not doubted at another address`() throws {
        var titles = ["B", "A"]
        let announce = "[announce.x]\ncredentials = \"x\"\n\n"
        func undated() -> String {
            "<rss version=\"2.0\"><channel><title>T</title>"
                + titles.map { "<item><title>\($0)</title><guid>https://site.example/\($0)</guid></item>" }.joined() + "</channel></rss>"
        }
        let store = try PlayedStore(announce + Self.feed("a", Self.address)) { .played($0, 200, body: undated()) }
        try store.run(at: .start)
        let log = store.disk.files.filter { $0.key.hasPrefix("/store/log/") && !$0.key.hasSuffix("lock") }
            .mapValues { String(decoding: $0.bytes, as: UTF8.self) }
        titles = ["C"] + titles
        try store.run(at: .after(days: 1))
        for (path, text) in log { store.disk.put(path, text) }
        #expect(try store.run(at: .after(days: 2)).held.map(\.reason) == [AnnouncementStep.logPutBack])
        titles = ["D"] + titles
        #expect(try store.run(at: .after(days: 3)).held.isEmpty)
        try store.configure(announce + Self.feed("a", Self.address + "2"))
        titles = ["E"] + titles
        let report = try store.run(at: .after(days: 180))
        #expect(report.held.isEmpty && store.events("finished").count == 5)
    }

    @Test func `a document that is damaged for ever is asked for with its validators`() throws {
        func document(_ items: String...) -> String {
            "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[\(items.joined(separator: ","))]}"
        }
        func item(_ name: String) -> String { "{\"id\":\"\(name)\",\"title\":\"\(name)\"}" }
        let slip = "{\"id\":\"S\" \"x\": [}, \"title\":\"S\"}"
        let server = PollingConditionalTests.Server()
        let store = try PollingConditionalTests().store(server)
        server.body = document(item("C"), item("B"), item("A"))
        try store.run(at: .start)
        let window = store.poll("books").window
        server.body = document(item("D"), item("C"), slip, item("A"))
        let failing = try (1...3).map { hour in
            server.saysNotModified = hour > 1
            return try store.run(at: .after(hours: hour)).turns.map(\.turn)
        }
        #expect(failing == [[], [], [.failing]])
        // From the second time on with a condition; and what the slip hides is not missed.
        #expect(store.network.lastAsked.map(\.isConditional) == [true])
        server.saysNotModified = false
        #expect(try store.run(at: .after(hours: 4)).turns.isEmpty)
        #expect(store.poll("books").cuts == 4 && store.poll("books").window.suffix(3) == window[...])
        #expect(store.poll("books").missing.isEmpty)
        server.body = document(item("D"), item("C"), item("S"), item("A"))
        #expect(try store.run(at: .after(hours: 5)).turns.map(\.turn) == [.recovered])
        #expect(store.events("finished").count == 5)
    }

    @Test func `a damaged document without entries is no feed's first`() throws {
        var body = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",/* the items */\"items\":[{\"id\":\"1\",\"title\":\"A\"}]}"
        let store = try PlayedStore(Self.feed("a", Self.address)) { .played($0, 200, body: body) }
        for hour in [0, 4, 10, 24] { try store.run(at: .after(hours: hour)) }
        let isRead = !store.events("finished").isEmpty
        #expect(store.events("feed-adopted").isEmpty || isRead)
        body = body.replacing("/* the items */", with: "")
        try store.run(at: .after(hours: 72))
        #expect(store.events("finished").count == 1 && store.events("feed-gap").isEmpty)
    }

    @Test func `a clock that was ahead does not move what is skipped along`() throws {
        let hours = (0..<24).filter { $0 != 3 }.map { "<hour>\($0)</hour>" }.joined()
        let store = try PlayedStore(Self.feed("a", Self.address)) {
            .played($0, 200, body: PlayedFeed.rss(["A"], extra: "<skipHours>\(hours)</skipHours>"))
        }
        try store.run(at: .start)
        try store.run(at: .after(days: 400))
        #expect(try days(store, 20, at: Array(stride(from: 480, to: 1320, by: 30))) >= 9)
    }

    @Test func `what a cut document shows has not been missed`() throws {
        let films = PlayedFeed.films([3, 2, 1])
        var body = films
        let store = try PlayedStore(Self.feed("a", "https://letterboxd.com/me/rss/").replacing("kind = \"book\"\n", with: "")) {
            .played($0, 200, body: body)
        }
        try store.run(at: .start)
        body = PlayedFeed.films([3, 1])
        try store.run(at: .after(hours: 1))
        #expect(store.poll("a").missing.count == 1)
        body = String(films.dropLast(40))
        try store.run(at: .after(hours: 2))
        #expect(store.poll("a").missing.isEmpty)
    }
}
