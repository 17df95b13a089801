import Catalogue
import Files
import Formats
import Glibc
import HTTP
import Testing

@testable import Operations

/// Validators and bytes: PRODUCT section 4, http-politeness section 2.
@Suite struct PollingConditionalTests {
    static let toml = """
        [[feed]]
        name = "books"
        url = "https://site.example/feed"
        kind = "book"
        """

    /// A server that says what it is told to, and notes nothing.
    final class Server {
        var headers: [String: String] = ["ETag": "W/\"one\"", "Last-Modified": "Mon, 5 Jan 2026 0:00:00 GMT"]
        var body = PlayedFeed.rss(["B", "A"])
        var status = 200
        var saysNotModified = true
        var hops: [Hop] = []

        func answer(_ request: Request) -> Result<Response, TransferError> {
            if saysNotModified, request.isConditional {
                return .played(request, 304, headers, hops: hops)
            }
            return .played(request, status, headers, body: body, hops: hops)
        }
    }

    func store(_ server: Server) throws -> PlayedStore {
        try PlayedStore(Self.toml) { server.answer($0) }
    }

    @Test func `both validators are sent back verbatim from the second poll on`() throws {
        let server = Server()
        let store = try store(server)
        try store.run(at: .start)
        #expect(store.network.lastAsked.map(\.isConditional) == [false])
        try store.run(at: .after(hours: 1))
        #expect(store.network.lastAsked.count == 1)
        #expect(store.network.lastAsked[0].header("If-None-Match") == "W/\"one\"")
        #expect(store.network.lastAsked[0].header("If-Modified-Since") == "Mon, 5 Jan 2026 0:00:00 GMT")
    }

    @Test func `a validator that was not given is not sent`() throws {
        let server = Server()
        server.headers = ["ETag": "\"only\""]
        let store = try store(server)
        try store.run(at: .start)
        try store.run(at: .after(hours: 1))
        #expect(store.network.lastAsked[0].header("If-None-Match") == "\"only\"")
        #expect(store.network.lastAsked[0].header("If-Modified-Since") == nil)
    }

    @Test func `the new headers of a 304 replace the old`() throws {
        let server = Server()
        let store = try store(server)
        try store.run(at: .start)
        server.headers = ["ETag": "\"two\"", "Cache-Control": "max-age=7200"]
        try store.run(at: .after(hours: 1))
        let poll = store.poll("books")
        #expect(poll.etag == "\"two\"")
        #expect(poll.lastModified == "Mon, 5 Jan 2026 0:00:00 GMT")
        #expect(poll.next == .after(hours: 3))
        #expect(poll.answersNotModified)
    }

    @Test func `headers of a 304 that validate nothing are not taken over`() throws {
        let server = Server()
        let store = try store(server)
        try store.run(at: .start)
        server.headers = ["ETag": "", "Last-Modified": "Tue, 19 Jan 2038 03:14:07 GMT"]
        try store.run(at: .after(hours: 1))
        #expect(store.poll("books").etag == "W/\"one\"")
        #expect(store.poll("books").lastModified == "Mon, 5 Jan 2026 0:00:00 GMT")
    }

    @Test func `what the document asks for outlives a 304`() throws {
        let server = Server()
        server.body = PlayedFeed.rss(["A"], extra: "<ttl>180</ttl>")
        server.headers["Cache-Control"] = "max-age=60"
        let store = try store(server)
        try store.run(at: .start)
        try store.run(at: .after(hours: 3))
        #expect(store.network.lastAsked.count == 1)
        #expect(store.poll("books").next == .after(hours: 6))
    }

    /// http 5
    @Test func `without a commit there are no validators`() throws {
        let server = Server()
        let store = try store(server)
        store.disk.fault = (.rename, "head.json", ENOSPC)
        #expect(throws: OperationError.self) { try store.run(at: .start) }
        store.disk.fault = nil
        #expect(!store.poll("books").hasValidators)
        // What the dead run promised holds: it is not asked at once.
        try store.run(at: .after(minutes: 15))
        #expect(store.network.lastAsked.isEmpty)
        try store.run(at: .after(hours: 1))
        #expect(store.network.lastAsked.map(\.isConditional) == [false])
        #expect(store.events("finished").count == 2)
    }

    @Test func `attempts are on the disk before a request leaves`() throws {
        let server = Server()
        let store = try store(server)
        var seen: [Instant?] = []
        store.network.beforeSending = {
            seen = [store.poll("books").attempted, store.poll("books").next]
        }
        try store.run(at: .start)
        #expect(seen == [.start, .after(hours: 2)])
        // About to ask, recorded, about to publish, published.
        #expect(store.disk.publications["/store/polls.json"] == 4)
        try store.run(at: .after(hours: 1))
        // Twice in a run that asks and publishes nothing.
        #expect(store.disk.publications["/store/polls.json"] == 6)
        try store.run(at: .after(minutes: 61))
        #expect(store.disk.publications["/store/polls.json"] == 6)
        #expect(try store.disk.status(of: "/store/polls.json")?.mode == 0o600)
    }

    @Test func `bytes that are known are not read again, and their validators are taken over`() throws {
        let server = Server()
        server.saysNotModified = false
        let store = try store(server)
        try store.run(at: .start)
        server.headers = ["ETag": "\"other node\""]
        let report = try store.run(at: .after(hours: 1))
        #expect(report.feeds.map(\.outcome) == [.unchanged])
        #expect(store.poll("books").etag == "\"other node\"")
        #expect(store.poll("books").lastModified == "")
        #expect(!store.poll("books").answersNotModified)
    }

    @Test func `a feed that gives validators no more is fetched by the hour again`() throws {
        let server = Server()
        let store = try store(server)
        for quarter in 0..<8 { try store.run(at: .after(minutes: quarter * 15)) }
        #expect(store.poll("books").answersNotModified && store.network.asked.count == 5)
        (server.headers, server.saysNotModified, server.body) = ([:], false, PlayedFeed.rss(["C", "B", "A"]))
        for quarter in 8..<(8 + 96) { try store.run(at: .after(minutes: quarter * 15)) }
        #expect(store.network.asked.count == 5 + 24)
    }

    @Test func `about every eight days one poll is unconditional`() throws {
        let server = Server()
        let store = try store(server)
        var unconditional: [Int] = []
        for hour in 0..<(24 * 34) {
            try store.run(at: .after(hours: hour))
            if store.network.lastAsked.contains(where: { !$0.isConditional }) {
                unconditional.append(hour)
            }
        }
        #expect(unconditional.count == 5)
        for (one, two) in zip(unconditional, unconditional.dropFirst()) {
            #expect((180...204).contains(two - one))
        }
    }

    @Test(arguments: [(500, ""), (200, "<html><title>Oops</title>")])
    func `an unconditional poll stays due until one succeeds, and its failures are told`(
        _ status: Int, _ page: String
    ) throws {
        let server = Server()
        let store = try store(server)
        try store.run(at: .start)
        (server.status, server.body) = (status, page)
        var told: [Int] = []
        for hour in 1..<(24 * 30) {
            for turn in try store.run(at: .after(hours: hour)).turns where turn.turn == .failing { told.append(hour / 24) }
        }
        #expect(told.count == 1 && (7...9).contains(told[0]))
        // By then once a day, and no server is told of validators that it may only pretend to know.
        #expect(store.network.asked.suffix(10).allSatisfy { !$0.isConditional })
        #expect(store.network.asked.count < 24 * 9 + 40)
        (server.status, server.body) = (200, PlayedFeed.rss(["C", "B", "A"]))
        #expect(try store.run(at: .after(days: 32)).turns.map(\.turn) == [.recovered])
        #expect(store.events("finished").count == 3)
    }

    @Test func `one failure in the place of an unconditional poll is made good by the next`() throws {
        let server = Server()
        let store = try store(server)
        try store.run(at: .start)
        for hour in 1..<(24 * 7) { try store.run(at: .after(hours: hour)) }
        server.status = 503
        var hour = 24 * 7
        while store.network.lastAsked.allSatisfy(\.isConditional) {
            try store.run(at: .after(hours: hour))
            hour += 1
        }
        (server.status, server.body) = (200, PlayedFeed.rss(["C", "B", "A"]))
        for later in hour..<(hour + 3) { try store.run(at: .after(hours: later)) }
        #expect(store.events("finished").count == 3)
    }

    @Test(arguments: [404, 429, 503])
    func `who is not there or has no time is asked conditionally for as long as that lasts`(_ status: Int) throws {
        let server = Server()
        let store = try store(server)
        try store.run(at: .start)
        store.network.play = { .played($0, status) }
        for hour in 1..<96 { try store.run(at: .after(hours: hour)) }
        #expect(store.network.asked.count > 5 && store.network.asked.dropFirst().allSatisfy(\.isConditional))
    }

    @Test(arguments: [412, 400, 431, 500])
    func `who cannot bear our validators is asked without them after two failures`(_ status: Int) throws {
        var day = 0
        let store = try PlayedStore(Self.toml) { request in
            if request.isConditional { return .played(request, status) }
            let titles = (0..<5).map { "E\(day + 5 - $0)" }
            return .played(request, 200, ["ETag": "\"\(day)\""], body: PlayedFeed.rss(titles))
        }
        for hour in 0..<(24 * 30) {
            day = hour / 24
            #expect(try store.run(at: .after(hours: hour)).turns.isEmpty)
        }
        #expect(store.events("finished").count == 34)
    }

    @Test(arguments: [[96], [96, 98], [96, 98, 99, 100], Array(96..<128)])
    func `an outage costs few questions without a condition`(_ outage: [Int]) throws {
        let server = Server()
        let store = try store(server)
        store.network.play = { server.answer($0) }
        var unconditional = 0
        for quarter in 0..<(96 * 4) {
            store.network.play = outage.contains(quarter) ? { .played($0, 500) } : { server.answer($0) }
            try store.run(at: .after(minutes: quarter * 15))
            unconditional += store.network.lastAsked.count { !$0.isConditional }
        }
        #expect(unconditional <= 4 && !store.poll("books").isUnborne)
    }

    @Test(arguments: 0..<5) func `a server that fails now and then is asked with conditions`(_ seed: UInt64) throws {
        let server = Server()
        let store = try store(server)
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        var isFailing: Bool {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33 % 10 == 0
        }
        store.network.play = { isFailing ? .played($0, 500) : server.answer($0) }
        var (unconditional, all) = (0, 0)
        for quarter in 0..<(96 * 10) {
            try store.run(at: .after(minutes: quarter * 15))
            unconditional += store.network.lastAsked.count { !$0.isConditional }
            all += store.network.lastAsked.count
        }
        #expect(all > 500 && unconditional < all / 20)
    }

    @Test func `a 304 to a question without a condition is an error, and spoils the validators`() throws {
        let server = Server()
        let store = try store(server)
        try store.run(at: .start)
        server.status = 304
        // Nine days later the question has no condition.
        let report = try store.run(at: .after(days: 9))
        #expect(store.network.lastAsked.map(\.isConditional) == [false])
        guard case .failed(let failure, inARow: 1) = report.feeds[0].outcome else {
            Issue.record("it was believed: \(report.feeds[0].outcome)")
            return
        }
        #expect(failure.reason == "answered \"not modified\" (304) to a question without a condition")
        #expect(!store.poll("books").hasValidators)
    }

    @Test func `a document that was cut off gives its whole entries, and no validators`() throws {
        let server = Server()
        server.body = PlayedFeed.rss(["A"])
        server.saysNotModified = false
        let store = try store(server)
        try store.run(at: .start)
        let whole = PlayedFeed.rss(["D", "C", "A"])
        // Behind the second title, before its guid.
        server.body = String(whole.prefix(upTo: whole.firstRange(of: "<title>C</title>")?.upperBound ?? whole.endIndex))
        try store.run(at: .after(hours: 1))
        #expect(!store.poll("books").hasValidators)
        #expect(store.poll("books").body == "")
        #expect(store.events("finished").count == 2)
        server.body = whole
        try store.run(at: .after(hours: 2))
        #expect(store.network.lastAsked.map(\.isConditional) == [false])
        #expect(store.poll("books").hasValidators)
        #expect(store.events("finished").count == 3)
        #expect(store.events("feed-gap").isEmpty)
    }

    @Test(arguments: ["<item><title>Pira", "<item><title>Piranesi</title>", "<item><title>Piranesi</title><guid>g1"])
    func `no finish is made of half an entry, and nothing is missed for its sake`(_ half: String) throws {
        let server = Server()
        server.saysNotModified = false
        server.body = "<rss version='2.0'><channel><title>T</title><item><title>Old</title></item></channel></rss>"
        let store = try store(server)
        try store.run(at: .start)
        let whole = server.body
        server.body = "<rss version='2.0'><channel><title>T</title>" + half
        let report = try store.run(at: .after(hours: 1))
        #expect(report.turns.isEmpty && store.events("finished").count == 1)
        guard case .failed(let failure, inARow: 1) = report.feeds[0].outcome else {
            Issue.record("\(report.feeds[0].outcome)")
            return
        }
        #expect(failure.reason == "the document is cut off in its first entry or before")
        server.body = whole.replacing("<item>", with: "<item><title>Piranesi</title><guid>g1</guid></item><item>")
        #expect(try store.run(at: .after(hours: 4)).turns.isEmpty)
        #expect(store.events("finished").count == 2 && store.events("finished")[1].contains("Piranesi"))
    }

    @Test func `behind the end of an entry a cut costs none`() throws {
        let server = Server()
        server.body = PlayedFeed.rss(["A"])
        server.saysNotModified = false
        let store = try store(server)
        try store.run(at: .start)
        let whole = PlayedFeed.rss(["C", "A"])
        server.body = String(whole.prefix(upTo: whole.firstRange(of: "</channel>")?.lowerBound ?? whole.endIndex))
        try store.run(at: .after(hours: 1))
        #expect(store.events("finished").count == 2)
        #expect(!store.poll("books").hasValidators)
        // The first of a feed's, and nothing behind it.
        let first = whole.firstRange(of: "</item>")?.upperBound ?? whole.endIndex
        server.body = String(whole.prefix(upTo: first)).replacing("C", with: "D")
        try store.run(at: .after(hours: 2))
        #expect(store.events("finished").count == 3)
    }

    @Test func `a cut document takes nothing out of the window`() throws {
        let server = Server()
        server.saysNotModified = false
        server.body = PlayedFeed.rss(["C", "B", "A"])
        let store = try store(server)
        try store.run(at: .start)
        let window = store.poll("books").window
        server.body = String(PlayedFeed.rss(["D", "C", "B", "A"]).split(separator: "<title>B").first ?? "")
        try store.run(at: .after(hours: 1))
        #expect(Array(store.poll("books").window.dropFirst()) == window && store.poll("books").window.count == 4)
        // Nothing known is before the cut.
        server.body = String(PlayedFeed.rss(["F", "E", "D", "C", "B", "A"]).split(separator: "<title>E").first ?? "")
        #expect(try store.run(at: .after(hours: 2)).turns.isEmpty)
    }

    @Test func `a feed is adopted from a cut document only where it gives no other`() throws {
        let server = Server()
        server.body = String(PlayedFeed.rss(["C", "B", "A"]).dropLast(60))
        let store = try store(server)
        for hour in [0, 3, 8] {
            #expect(store.events("feed-adopted").isEmpty)
            #expect(try store.run(at: .after(hours: hour)).turns.map(\.turn) == (hour == 8 ? [.failing] : []))
        }
        #expect(store.events("feed-adopted").count == 1 && store.events("finished").count == 2)
    }

    @Test(arguments: [
        ["ETag": "", "Last-Modified": "Tue, 19 Jan 2038 03:14:07 GMT"],
        ["ETag": "\"x\"", "Expires": "0"],
    ])
    func `validators of no worth are not kept`(_ headers: [String: String]) throws {
        let server = Server()
        server.headers = headers
        let store = try store(server)
        try store.run(at: .start)
        #expect(!store.poll("books").hasValidators)
    }

    /// Each address has a document with the tag "1"; `/feed` redirects to the one that `target` names.
    private func redirecting(
        _ target: @escaping () -> String, _ status: Int = 302
    ) -> PlayedNetwork.Play {
        { request in
            let end = target().isEmpty ? request.address : target()
            let hops = end == request.address ? [] : [Hop(status: status, from: request.address, to: end)]
            let isKnown = hops.isEmpty ? request.isConditional : request.isConditional(at: end)
            if isKnown { return .played(request, 304, ["ETag": "\"1\""], hops: hops) }
            let title = end.split(separator: "/").last.map(String.init) ?? ""
            return .played(request, 200, ["ETag": "\"1\""], body: PlayedFeed.rss([title, "Old"]), hops: hops)
        }
    }

    @Test(arguments: [301, 302], ["https://site.example/", "https://www.site.example/", "https://cdn.example/"])
    func `validators are sent to the address that gave them, and to no other`(_ status: Int, _ place: String) throws {
        var target = place + "a"
        let store = try PlayedStore(Self.toml, redirecting({ target }, status))
        try store.run(at: .start)
        #expect(store.poll("books").hasValidators && !store.poll("books").validatorsOf.isEmpty)
        #expect(try store.run(at: .after(hours: 1)).feeds.map(\.outcome) == [.unchanged])
        #expect(store.poll("books").answersNotModified)
        #expect(store.network.asked.allSatisfy { !$0.isConditional })
        for (hour, end, finishes) in [(2, place + "b", 3), (3, "https://site.example/c", 4), (4, "", 5)] {
            target = end
            try store.run(at: .after(hours: hour))
            #expect(store.events("finished").count == finishes)
        }
        #expect(store.poll("books").validatorsOf.isEmpty)
        target = place + "d"
        try store.run(at: .after(hours: 5))
        #expect(store.events("finished").count == 6)
    }

    @Test func `a permanent redirect to a page that answers 304 to anything is no feed`() throws {
        var hasMoved = false
        let page = "https://site.example/"
        let store = try PlayedStore(Self.toml) { request in
            let hops = hasMoved ? [Hop(status: 301, from: request.address, to: page)] : []
            if hasMoved, request.isConditional(at: page) || request.address == page && request.isConditional {
                return .played(request, 304, hops: hops)
            }
            let body = hasMoved ? "<html><title>Home</title>" : PlayedFeed.rss(["A"])
            return .played(request, 200, ["Last-Modified": "Mon, 5 Jan 2026 0:00:00 GMT"], body: body, hops: hops)
        }
        try store.run(at: .start)
        hasMoved = true
        var turns: [FeedCondition.Turn] = []
        for hour in 1..<72 { turns += try store.run(at: .after(hours: hour)).turns.map(\.turn) }
        #expect(turns == [.failing] && store.poll("books").moved == nil)
    }

    @Test func `an address to which it has moved keeps what it gave on the way`() throws {
        let target = "https://new.example/a"
        let store = try PlayedStore(Self.toml, redirecting({ target }, 301))
        for hour in 0..<30 { try store.run(at: .after(hours: hour)) }
        #expect(store.poll("books").moved?.isBelieved == true)
        #expect(store.network.lastAsked.map(\.address) == [target])
        #expect(store.network.lastAsked.map(\.isConditional) == [true])
    }

    @Test func `a broken answer leaves the validators of the bytes that were read`() throws {
        let server = Server()
        let store = try store(server)
        try store.run(at: .start)
        server.saysNotModified = false
        server.headers = ["ETag": "\"broken\""]
        server.body = "<html><title>Oops</title>"
        try store.run(at: .after(hours: 1))
        #expect(store.poll("books").etag == "W/\"one\"")
    }

    @Test func `another address begins anew`() throws {
        let server = Server()
        let store = try store(server)
        try store.run(at: .start)
        try store.configure(Self.toml.replacing("/feed", with: "/other"))
        try store.run(at: .after(minutes: 15))
        #expect(store.network.lastAsked.map(\.isConditional) == [false])
        #expect(store.events("finished").count == 2)
    }

    @Test func `feeds at one address are asked by one request`() throws {
        let server = Server()
        let two = Self.toml + "\n" + Self.toml.replacing("\"books\"", with: "\"again\"")
            .replacing("/feed", with: "/feed#never-sent")
        let store = try PlayedStore(two) { server.answer($0) }
        try store.run(at: .start)
        #expect(store.network.lastAsked.count == 1)
        #expect(store.poll("books").hasValidators && store.poll("again").hasValidators)
        try store.run(at: .after(hours: 1))
        #expect(store.network.lastAsked.map(\.isConditional) == [true])
        #expect(store.poll("again").answersNotModified)
    }

    @Test func `polls keep the order of feeds toml and read back as they were written`() throws {
        let server = Server()
        let two = Self.toml + "\n" + Self.toml.replacing("\"books\"", with: "\"again\"")
        let store = try PlayedStore(two) { server.answer($0) }
        try store.run(at: .start)
        #expect(store.polls.feeds.map(\.name) == ["books", "again"])
        let json = try JSONReader.read(store.disk.bytes("/store/polls.json") ?? [])
        #expect(json["format"] == .integer(1))
        #expect(store.polls == (try Polls(json: JSONWriter.indented(json))))
    }
}
