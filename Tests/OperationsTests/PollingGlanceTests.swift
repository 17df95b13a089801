import Catalogue
import Formats
import Foundation
import HTTP
import Storage
import Testing

@testable import Operations

/// A run to which nobody has anything to say needs neither the state nor the pages: what it costs grows
/// with the feeds asked, and not with the age of the log.
@Suite struct PollingGlanceTests {
    private static func store(
        _ server: PollingConditionalTests.Server, since: String = ""
    ) throws -> PlayedStore {
        let store = try PlayedStore(PollingConditionalTests.toml + since + "\n[store]\nsnapshot_every = 1\n") {
            server.answer($0)
        }
        try store.run(at: .start)
        store.disk.forgetOpened()
        return store
    }

    private static func loadsState(_ store: PlayedStore) -> Bool {
        store.disk.opened.contains { $0.hasSuffix(".snapshot") }
    }

    @Test func `a run without news opens no snapshot and no page`() throws {
        let store = try Self.store(PollingConditionalTests.Server())
        let report = try store.run(at: .after(hours: 1))
        #expect(report.feeds.map(\.outcome) == [.unchanged])
        #expect(report.shown == 2 && report.pending == 0 && report.events.isEmpty)
        #expect(!Self.loadsState(store))
        #expect(!store.disk.opened.contains { $0.hasPrefix("/store/public/") })
    }

    @Test func `it says what a run that looks at the state would say`() throws {
        let server = PollingConditionalTests.Server()
        let glancing = try Self.store(server)
        let looking = try Self.store(server)
        looking.disk.change("/store/polls.json") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            // Noted with other settings; another chain would be a log from another time.
            let state = text.range(of: "\"state\":{")?.upperBound ?? text.endIndex
            let start = text[state...].range(of: "\"settings\":\"")?.upperBound ?? text.endIndex
            bytes = Array((text[..<start] + "0" + text[start...].dropFirst()).utf8)
        }
        for turn in 1...4 {
            let now = Instant.after(hours: turn)
            #expect(try glancing.run(at: now) == looking.run(at: now))
            #expect(glancing.polls.feeds == looking.polls.feeds)
        }
        #expect(!Self.loadsState(glancing))
        #expect(Self.loadsState(looking))
    }

    @Test func `a damaged document that stays is told without news`() throws {
        let whole = PlayedFeed.json(["B", "A"])
        var body = whole
        let store = try PlayedStore(PollingFailureTests.one) { .played($0, 200, body: body) }
        try store.run(at: .start)
        body = whole.replacing("\"title\":\"A\"", with: "\"title\":\"A")
        for hour in 1...5 { try store.run(at: .after(hours: hour)) }
        #expect(store.events("feed-failing").count == 1)
    }

    @Test func `another event, another setting or another page needs the state`() throws {
        let hidden = try Self.store(PollingConditionalTests.Server())
        _ = try Amend.run(
            .hide("feed:books:id:id-A"), hidden.world(at: .after(minutes: 5)), hidden.folder, hidden.settings)
        hidden.disk.forgetOpened()
        #expect(try hidden.run(at: .after(hours: 1)).shown == 1)
        #expect(Self.loadsState(hidden))

        let renamed = try Self.store(PollingConditionalTests.Server())
        try renamed.configure(PollingConditionalTests.toml + "\n[site]\ntitle = \"Read\"\n")
        #expect(try renamed.run(at: .after(hours: 1)).events.count == 1)
        #expect(renamed.disk.text("/store/public/feed.json").contains("\"title\": \"Read\""))

        let deleted = try Self.store(PollingConditionalTests.Server())
        let page = deleted.disk.text("/store/public/feed.json")
        deleted.disk.remove("/store/public/feed.json")
        #expect(try deleted.run(at: .after(hours: 1)).changed == ["feed.json"])
        #expect(deleted.disk.text("/store/public/feed.json") == page)
    }

    @Test func `a log that was put back to where polls json knows it is found out all the same`() throws {
        let server = PollingConditionalTests.Server()
        let store = try Self.store(server)
        let polls = store.disk.text("/store/polls.json")
        let log = store.disk.files.filter { $0.key.hasPrefix("/store/log/") && !$0.key.hasSuffix("lock") }
            .mapValues { String(decoding: $0.bytes, as: UTF8.self) }
        server.saysNotModified = false
        server.body = PlayedFeed.rss(["D", "C", "B", "A"])
        try store.run(at: .after(hours: 1))
        store.disk.put("/store/polls.json", polls, mode: 0o600)
        for (path, text) in log { store.disk.put(path, text) }
        store.endsUnwell = true
        #expect {
            try store.run(at: .after(hours: 2))
        } throws: { error in
            guard case .store(.rolledBack)? = error as? OperationError else { return false }
            return true
        }
    }

    @Test func `a page that was changed by a byte is written anew, one that was only touched is not`() throws {
        let store = try Self.store(PollingConditionalTests.Server())
        let page = store.disk.text("/store/public/feed.json")
        store.disk.change("/store/public/feed.json") { $0[20] ^= 1 }
        #expect(try store.run(at: .after(hours: 1)).changed == ["feed.json"])
        #expect(store.disk.text("/store/public/feed.json") == page)
        store.disk.change("/store/public/feed.json") { $0 += [] }
        #expect(try store.run(at: .after(hours: 2)).changed == [])
        store.disk.forgetOpened()
        #expect(try store.run(at: .after(hours: 3)).changed == [])
        #expect(!store.disk.opened.contains("/store/public/feed.json"))
    }

    @Test func `two failures need no state, the third, which is an event, does`() throws {
        let server = PollingConditionalTests.Server()
        let store = try Self.store(server)
        server.saysNotModified = false
        server.status = 500
        for turn in 1...2 { try store.run(at: .after(hours: turn * 5)) }
        #expect(!Self.loadsState(store))
        #expect(try store.run(at: .after(hours: 15)).turns.map(\.turn) == [.failing])
        #expect(Self.loadsState(store))
        // Well again, which is an event, too.
        server.status = 200
        server.saysNotModified = true
        #expect(try store.run(at: .after(hours: 40)).turns.map(\.turn) == [.recovered])
    }

    @Test(arguments: [true, false])
    func `a document that stays damaged is told the third time, though nothing of it is read again`(isNotModified: Bool) throws {
        let server = PollingConditionalTests.Server()
        func document(_ middle: String) -> String {
            let items = ["A", "B"].map { "{\"id\":\"\($0)\",\"title\":\"\($0)\"}" }
            return "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[\(items.joined(separator: middle))]}"
        }
        server.body = document(",")
        let store = try Self.store(server)
        server.saysNotModified = false
        server.body = document(",{\"id\":\"S\" \"x\": [}, \"title\":\"S\"},")
        try store.run(at: .after(hours: 1))
        server.saysNotModified = isNotModified
        #expect(try store.run(at: .after(hours: 2)).turns.isEmpty)
        #expect(try store.run(at: .after(hours: 3)).turns.map(\.turn) == [.failing])
        #expect(try store.run(at: .after(hours: 4)).feeds.map(\.outcome) == [.unchanged])
    }

    @Test func `an announcement that waited too long is skipped by a run without news, too`() throws {
        let server = PollingConditionalTests.Server()
        server.body = PlayedFeed.rss(["A"])
        let store = try Self.store(server, since: "\nannounce_since = 2025-12-01")
        #expect(try store.run(at: .after(hours: 24)).pending == 1)
        #expect(try store.run(at: .after(hours: 24 * 14)).pending == 1)
        #expect(!Self.loadsState(store))
        let report = try store.run(at: .after(hours: 24 * 14 + 1))
        #expect(report.pending == 0 && report.events.count == 1)
    }
}
