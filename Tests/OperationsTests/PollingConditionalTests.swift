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

    private func store(_ server: Server) throws -> PlayedStore {
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
        #expect(seen == [.start, .after(hours: 1)])
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
        #expect(try store.run(at: .after(hours: 3)).turns.isEmpty)
        #expect(store.events("finished").count == 2 && store.events("finished")[1].contains("Piranesi"))
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
        for hour in [0, 2, 6] {
            #expect(store.events("feed-adopted").isEmpty)
            #expect(try store.run(at: .after(hours: hour)).turns.isEmpty)
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

    @Test func `validators of another site, to which it redirects, are not sent to this one`() throws {
        let server = Server()
        server.hops = [
            Hop(status: 302, from: "https://site.example/feed", to: "https://cdn.example/feed")
        ]
        let store = try store(server)
        try store.run(at: .start)
        #expect(!store.poll("books").hasValidators)
        server.hops = [
            Hop(status: 302, from: "https://site.example/feed", to: "https://www.site.example/feed")
        ]
        try store.run(at: .after(hours: 1))
        #expect(store.poll("books").hasValidators)
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
