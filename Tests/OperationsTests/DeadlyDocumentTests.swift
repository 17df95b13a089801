import Files
import Formats
import HTTP
import Testing

@testable import Operations

/// A document that ends the program must not take the other feeds along, run after run.
@Suite("A document that ends the program") struct DeadlyDocumentTests {
    private static let toml = ["a", "b", "c"].map {
        """
        [[feed]]
        name = "\($0)"
        url = "https://\($0).example/rss"
        kind = "book"

        """
    }.joined()

    /// A store in which every feed has been adopted, and has news since.
    private func store() throws -> PlayedStore {
        var titles = ["Old"]
        let store = try PlayedStore(Self.toml) { request in
            .played(request, 200, body: PlayedFeed.rss(titles.map { "\($0) \(request.address)" }))
        }
        try store.run(at: .start)
        titles = ["New", "Old"]
        return store
    }

    private func finished(_ store: PlayedStore) -> [Int] {
        ["a", "b", "c"].map { feed in
            store.events("finished").filter { $0.contains("\"feed\":\"\(feed)\"") }.count
        }
    }

    /// A run that dies while it reads what `feed` gives: what it had written by then stays, and nothing else.
    private func die(at feed: String, _ store: PlayedStore, _ now: Instant, _ options: Import.Options = Import.Options()) throws {
        let polls = "/store/polls.json"
        var announced: [UInt8]?
        store.network.beforeSending = { announced = store.disk.bytes(polls) }
        store.disk.fault = (.rename, "head.json", 5)
        defer { (store.network.beforeSending, store.disk.fault) = ({}, nil) }
        let log = Dictionary(uniqueKeysWithValues: store.disk.files.filter { $0.key.hasPrefix("/store/log/") }.map { ($0.key, $0.value.bytes) })
        #expect(throws: (any Error).self) { try store.run(at: now, options) }
        for path in store.disk.files.keys where path.hasPrefix("/store/log/") { store.disk.remove(path) }
        for (path, bytes) in log { store.disk.put(path, bytes) }
        store.disk.put(polls, try #require(announced))
        store.disk.put("/store/log/lock", feed)
    }

    /// As the command does it: the run of all others, and the one of those that end the program.
    @discardableResult
    private func runs(_ store: PlayedStore, _ now: Instant, dyingAt feed: String? = nil) throws -> ImportReport {
        var report = try store.run(at: now)
        guard !report.deadly.isEmpty else { return report }
        var last = Import.Options()
        (last.feeds, last.spares) = (report.deadly, true)
        if let feed {
            try die(at: feed, store, now, last)
        } else {
            report.add(try store.run(at: now, last), order: store.settings.feeds.map(\.name))
        }
        return report
    }

    @Test func `it is read when all others are taken, and then not at all`() throws {
        let store = try store()
        #expect(finished(store) == [1, 1, 1])
        try die(at: "b", store, .after(hours: 2))
        #expect(finished(store) == [1, 1, 1])

        // The others are taken before, by a run of their own.
        let first = try runs(store, .after(hours: 4), dyingAt: "b")
        #expect(first.deadly == ["b"] && first.feeds.map(\.feed) == ["a", "c"])
        #expect(finished(store) == [2, 1, 2])

        // It has done so twice: told, and not asked.
        let asked = store.network.asked.count
        let second = try runs(store, .after(hours: 8))
        guard case .failed(let failure, inARow: 1) = second.feeds[1].outcome else {
            Issue.record("\(second.feeds)")
            return
        }
        #expect(
            failure.reason.hasPrefix("the program has ended, twice, while it read what this feed gives; it is tried again later"))
        #expect(store.network.asked.count == asked + 2 && store.poll("b").deaths == 1)

        // Another day it has perhaps another document.
        try runs(store, .after(hours: 24))
        #expect(finished(store) == [2, 2, 2] && store.poll("b").deaths == 0)
        #expect(try runs(store, .after(hours: 30)).deadly.isEmpty)
    }

    @Test func `as long as it ends the program it is told as failing, as any other failure is`() throws {
        let store = try store()
        try die(at: "b", store, .after(hours: 2))
        var hour = 4
        while store.events("feed-failing").isEmpty, hour < 24 * 14 {
            let deaths = store.poll("b").deaths + (store.disk.text("/store/log/lock") == "b" ? 1 : 0)
            let isRead = deaths < Poll.deathsUntilSpared
            let isDue = Schedule.dueAt(store.poll("b"), ignoresInterval: false, now: .after(hours: hour)) == .after(hours: hour)
            try runs(store, .after(hours: hour), dyingAt: isRead && isDue ? "b" : nil)
            hour += 2
        }
        #expect(store.events("feed-failing").count == 1)
        #expect(finished(store) == [2, 1, 2])
    }

    @Test func `a newer program tries it at once, and so does who names it`() throws {
        let store = try store()
        try die(at: "b", store, .after(hours: 2))
        try runs(store, .after(hours: 4), dyingAt: "b")
        try store.run(at: .after(hours: 4).adding(seconds: 1))
        #expect(store.poll("b").deaths == 2)
        let before = store.disk.text("/store/polls.json")
        var options = Import.Options()
        (options.feeds, options.ignoresSchedule) = (["b"], true)
        try store.run(at: .after(hours: 8), options)
        #expect(finished(store) == [2, 2, 2] && store.poll("b").deaths == 0)

        store.disk.put("/store/polls.json", before.replacing("\"program\":\"\(Program.version)\"", with: "\"program\":\"0\""))
        #expect(store.poll("b").deaths == 2)
        try store.run(at: .after(hours: 8).adding(seconds: 1))
        #expect(store.poll("b").deaths == 1)
    }

    @Test func `a run that could not write, or ended well, accuses nobody`() throws {
        let store = try store()
        store.disk.fault = (.rename, "head.json", 5)
        #expect(throws: (any Error).self) { try store.run(at: .after(hours: 2)) }
        store.disk.fault = nil
        #expect(store.disk.bytes("/store/log/lock") == [])
        let report = try runs(store, .after(hours: 4))
        #expect(report.deadly.isEmpty && finished(store) == [2, 2, 2])
        #expect(store.disk.bytes("/store/log/lock") == [])
    }

    @Test(arguments: ["nobody", "", "\u{FFFD}"]) func `words that name no feed are nobody's`(words: String) throws {
        let store = try store()
        store.disk.put("/store/log/lock", words)
        #expect(try runs(store, .after(hours: 2)).deadly.isEmpty)
        #expect(store.disk.bytes("/store/log/lock") == [])
    }
}
