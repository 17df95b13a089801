import Catalogue
import Formats
import HTTP
import Testing

@testable import Operations

/// Permanent redirects: PRODUCT section 4.
@Suite struct PollingMovesTests {
    static let toml = PollingFailureTests.feed("books", "https://old.example/feed")
    static let new = "https://new.example/feed"

    final class Server {
        var status = 301
        var target: Int? = 200
        var body = PlayedFeed.rss(["A"])

        func answer(_ request: Request) -> Result<Response, TransferError> {
            let hops =
                request.address == PollingMovesTests.new
                ? [] : [Hop(status: status, from: request.address, to: PollingMovesTests.new)]
            guard let target else { return .failure(TransferError(kind: .connect, message: "down")) }
            return .played(request, target, ["ETag": "\"1\""], body: body, hops: hops)
        }
    }

    @Test func `a permanent redirect seen three times over a day is used from then on`() throws {
        let server = Server()
        let store = try PlayedStore(Self.toml) { server.answer($0) }
        var turns: [Int] = []
        for hour in 0..<48 {
            let report = try store.run(at: .after(hours: hour))
            if !report.turns.isEmpty { turns.append(hour) }
            let expected = hour <= 24 ? "https://old.example/feed" : Self.new
            #expect(store.network.lastAsked.map(\.address) == [expected])
        }
        #expect(turns == [24])
        #expect(store.events("feed-moved").count == 1)
        #expect(store.events("feed-moved")[0].contains("\"host\":\"new.example\""))
        #expect(!store.events("feed-moved")[0].contains("/feed\""))
    }

    @Test func `a temporary redirect is followed and never remembered`() throws {
        let server = Server()
        server.status = 302
        let store = try PlayedStore(Self.toml) { server.answer($0) }
        for hour in 0..<48 { try store.run(at: .after(hours: hour)) }
        #expect(store.network.asked.allSatisfy { $0.address == "https://old.example/feed" })
        #expect(store.events("feed-moved").isEmpty)
    }

    @Test func `a captive portal that ends in no feed moves nothing`() throws {
        let server = Server()
        server.body = "<html><title>Welcome</title></html>"
        let store = try PlayedStore(Self.toml) { server.answer($0) }
        for day in 0..<10 { try store.run(at: .after(days: day)) }
        #expect(store.poll("books").moved == nil)
        #expect(store.events("feed-moved").isEmpty)
    }

    @Test func `a redirect that goes away before a day has passed begins anew`() throws {
        let server = Server()
        let store = try PlayedStore(Self.toml) { server.answer($0) }
        for hour in 0..<20 { try store.run(at: .after(hours: hour)) }
        server.status = 302
        try store.run(at: .after(hours: 20))
        server.status = 301
        for hour in 21..<44 { try store.run(at: .after(hours: hour)) }
        #expect(store.events("feed-moved").isEmpty)
    }

    @Test func `when the new address fails three times the old one is asked again`() throws {
        let server = Server()
        let store = try PlayedStore(Self.toml) { server.answer($0) }
        for hour in 0..<30 { try store.run(at: .after(hours: hour)) }
        #expect(store.network.lastAsked.map(\.address) == [Self.new])
        server.target = nil
        for hour in 30..<60 { try store.run(at: .after(hours: hour)) }
        #expect(store.network.asked.last?.address == "https://old.example/feed")
        #expect(store.network.asked.last?.isConditional == false)
    }

    @Test func `a move to an address that is down now and then is said once`() throws {
        let server = Server()
        let store = try PlayedStore(Self.toml) { server.answer($0) }
        var said: [Int] = []
        for hour in 0..<(24 * 30) {
            server.target = hour % 72 >= 60 ? nil : 200
            if try store.run(at: .after(hours: hour)).turns.contains(where: { $0.turn == .moved }) { said.append(hour) }
        }
        #expect(said == [24])
        // There again, and later away once more.
        server.status = 302
        server.target = nil
        for hour in (24 * 30)..<(24 * 34) { try store.run(at: .after(hours: hour)) }
        server.target = 200
        for hour in (24 * 34)..<(24 * 36) { try store.run(at: .after(hours: hour)) }
        server.status = 301
        for hour in (24 * 36)..<(24 * 39) {
            if try store.run(at: .after(hours: hour)).turns.contains(where: { $0.turn == .moved }) { said.append(hour) }
        }
        #expect(said.count == 2)
    }

    @Test func `a 410 behind a redirect that is there for now is a failure like any other`() throws {
        let server = Server()
        let store = try PlayedStore(Self.toml) { server.answer($0) }
        try store.run(at: .start)
        (server.status, server.target) = (302, 410)
        for hour in 1..<3 { #expect(try store.run(at: .after(hours: hour)).turns.isEmpty) }
        #expect(!store.poll("books").isGone)
        server.target = 200
        try store.run(at: .after(hours: 6))
        #expect(store.network.lastAsked.count == 1 && store.poll("books").failures == 0)
        // Where all of them are there for good, so is this, if it is so for a day: a captive portal is not.
        (server.status, server.target) = (301, 410)
        for hour in 8..<14 { #expect(try !store.run(at: .after(hours: hour)).turns.contains { $0.turn == .gone }) }
        server.target = 200
        try store.run(at: .after(hours: 20))
        #expect(store.poll("books").failures == 0)
        server.target = 410
        var gone: [Int] = []
        for hour in 21..<80 {
            if try store.run(at: .after(hours: hour)).turns.contains(where: { $0.turn == .gone }) { gone.append(hour) }
        }
        #expect(gone.count == 1 && gone[0] >= 44, "\(gone)")
    }

    @Test func `a 410 at the new address asks the old one first`() throws {
        let server = Server()
        let store = try PlayedStore(Self.toml) { server.answer($0) }
        for hour in 0..<30 { try store.run(at: .after(hours: hour)) }
        server.target = 410
        try store.run(at: .after(hours: 30))
        #expect(store.events("feed-gone").isEmpty)
        try store.run(at: .after(hours: 32))
        #expect(store.network.lastAsked.map(\.address) == ["https://old.example/feed"])
        for hour in 33..<80 { try store.run(at: .after(hours: hour)) }
        #expect(store.events("feed-gone").count == 1)
    }
}
