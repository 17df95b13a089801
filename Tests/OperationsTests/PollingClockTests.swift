import Formats
import HTTP
import Testing

@testable import Operations

/// One run at a time when the clock was decades ahead, and what it left behind in `polls.json` and the log.
@Suite struct PollingClockTests {
    static let ahead = Instant(rfc3339: "2099-01-01T00:00:00Z") ?? .start
    private static let day: Int64 = 86_400

    @Test func `a clock that was ahead once ends no unconditional polls`() throws {
        let store = try PlayedStore(PollingFailureTests.one) { request in
            .played(request, request.isConditional ? 304 : 200, ["ETag": "\"1\""], body: PlayedFeed.rss(["A"]))
        }
        try store.run(at: .start)
        try store.run(at: Self.ahead)
        var bare: [Int] = []
        for day in 1..<40 {
            try store.run(at: .after(days: day))
            #expect(store.network.lastAsked.count == 1)
            if store.network.lastAsked.first?.isConditional == false { bare.append(day) }
        }
        #expect(bare.count >= 4 && bare.first == 1, "\(bare)")
        #expect(zip(bare, bare.dropFirst()).allSatisfy { (7...9).contains($1 - $0) }, "\(bare)")
    }

    @Test func `nor reminders, nor the slowing down of a quiet feed`() throws {
        let store = try PlayedStore(PollingFailureTests.one) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        try store.run(at: .start)
        store.network.play = { .played($0, 500) }
        for day in 0..<4 { try store.run(at: Self.ahead.adding(seconds: Int64(day) * Self.day)) }
        #expect(store.events("feed-failing").count == 1)
        var reminded: [Int] = []
        for day in 1..<60 {
            if try !store.run(at: .after(days: day)).reminders.isEmpty { reminded.append(day) }
        }
        #expect((8...10).contains(reminded.count), "\(reminded)")
        store.network.play = { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        for day in 60..<100 { try store.run(at: .after(days: day)) }
        #expect(store.poll("books").next == .after(hours: 99 * 24 + 6))
    }

    @Test func `nor belief in a move`() throws {
        let store = try PlayedStore(PollingFailureTests.one) { request in
            let to = "https://new.example/feed"
            let hops = request.address == to ? [] : [Hop(status: 301, from: request.address, to: to)]
            return .played(request, 200, body: PlayedFeed.rss(["A"]), hops: hops)
        }
        try store.run(at: .start)
        try store.run(at: Self.ahead)
        store.disk.change("/store/polls.json") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            bytes = Array(text.replacing("\"first\":\"2026-01-05T00:00:00Z\"", with: "\"first\":\"2099-01-01T00:00:00Z\"").utf8)
        }
        for day in 1..<5 { try store.run(at: .after(days: day)) }
        #expect(store.events("feed-moved").count == 1)
    }

    @Test func `nor is a pause that it noted kept, of a feed or of a host`() throws {
        let store = try PlayedStore(PollingFailureTests.one) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        try store.run(at: .start)
        store.network.play = { .played($0, 429, ["Retry-After": "3600"]) }
        try store.run(at: .after(days: 20))
        #expect(store.polls.hosts.count == 1)
        // The clock is right again; the feed fails in another way.
        store.network.play = { .played($0, 500) }
        try store.run(at: .after(days: 1))
        #expect(store.network.lastAsked.count == 1)
        try store.run(at: .after(days: 2))
        #expect(store.network.lastAsked.count == 1)
        // A new wish counts although a longer one is noted.
        store.network.play = { .played($0, 429, ["Retry-After": "7200"]) }
        try store.run(at: .after(days: 3))
        #expect(store.polls.pause(ofHouse: "site.example", at: .after(days: 3)) == .after(hours: 74))
    }
}
