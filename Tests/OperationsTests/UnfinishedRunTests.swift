import Formats
import HTTP
import Testing

@testable import Operations

/// A document that ends the program must not take the other feeds along, run after run.
@Suite("After a run that died") struct UnfinishedRunTests {
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
            .played(request, 200, body: PlayedFeed.rss(titles.map { "\($0) \(request.address.utf8.count)" }))
        }
        try store.run(at: .start)
        titles = ["New", "Old"]
        return store
    }

    /// The files as they were at a moment of a run: what stays when the program dies then.
    private func files(of store: PlayedStore) -> [String: [UInt8]] { store.disk.files.mapValues(\.bytes) }

    /// The files in the moment in which `isMoment` holds first, `polls.json` having been written.
    private func files(
        of store: PlayedStore, at now: Instant, when isMoment: @escaping (Polls) -> Bool
    ) throws -> [String: [UInt8]] {
        var found: [String: [UInt8]]?
        store.disk.afterRename = { path in
            if path.hasSuffix("/polls.json"), found == nil, isMoment(store.polls) { found = self.files(of: store) }
        }
        defer { store.disk.afterRename = { _ in } }
        try store.run(at: now)
        return try #require(found)
    }

    private func put(back files: [String: [UInt8]], in store: PlayedStore) {
        for path in store.disk.files.keys where files[path] == nil { store.disk.remove(path) }
        for (path, bytes) in files { store.disk.put(path, bytes) }
    }

    private func finished(_ feed: String, _ store: PlayedStore) -> Int {
        store.events("finished").filter { $0.contains("\"feed\":\"\(feed)\"") }.count
    }

    @Test func `the document that ends the program is found, and the others are taken`() throws {
        let store = try store()
        #expect(["a", "b", "c"].map { finished($0, store) } == [1, 1, 1])

        // The first run reads all of them together, and nobody knows at which one it died.
        put(back: try files(of: store, at: .after(hours: 2)) { $0.poll(named: "b")?.unfinished == 1 }, in: store)
        #expect(["a", "b", "c"].map { store.poll($0).unfinished } == [1, 1, 1])
        #expect(["a", "b", "c"].map { finished($0, store) } == [1, 1, 1])

        // The next one reads one after the other, and dies at the second.
        put(back: try files(of: store, at: .after(hours: 4)) { $0.poll(named: "b")?.unfinished == 2 }, in: store)
        #expect(["a", "b", "c"].map { store.poll($0).unfinished } == [0, 2, 1])
        #expect(["a", "b", "c"].map { finished($0, store) } == [2, 1, 1])

        // It is known by now: the third is taken, the second is told of.
        let report = try store.run(at: .after(hours: 6))
        #expect(["a", "b", "c"].map { finished($0, store) } == [2, 1, 2])
        guard case .failed(let failure, inARow: 1) = report.feeds[1].outcome else {
            Issue.record("\(report.feeds[1])")
            return
        }
        #expect(failure.reason == Intake.deadly)
        #expect(failure.reason.hasPrefix("reading it has ended the program twice; "))
        #expect(store.poll("b").unfinished == 1)

        // Another day it has perhaps another document: that one is read, alone.
        try store.run(at: .after(hours: 12))
        #expect(["a", "b", "c"].map { finished($0, store) } == [2, 2, 2])
        #expect(["a", "b", "c"].map { store.poll($0).unfinished } == [0, 0, 0])
    }

    @Test func `it fails each time, and is told as failing, as long as it ends the program`() throws {
        let store = try store()
        put(back: try files(of: store, at: .after(hours: 2)) { $0.poll(named: "b")?.unfinished == 1 }, in: store)
        var hour = 4
        var deaths = 0
        while store.events("feed-failing").isEmpty, hour < 24 * 14 {
            let moment = files(of: store)
            let isDeadly = store.poll("b").unfinished == 1
            if isDeadly, let found = try? files(of: store, at: .after(hours: hour), when: { $0.poll(named: "b")?.unfinished == 2 }) {
                put(back: found, in: store)
                deaths += 1
            } else {
                put(back: moment, in: store)
                try store.run(at: .after(hours: hour))
            }
            hour += 2
        }
        #expect(deaths == 3)
        #expect(store.events("feed-failing").count == 1)
        #expect(["a", "b", "c"].map { finished($0, store) } == [2, 1, 2])
    }

    @Test(arguments: [304, 500]) func `whoever gives no document has not ended the program`(status: Int) throws {
        var gives = true
        let store = try PlayedStore(Self.toml) { request in
            gives
                ? .played(request, 200, ["ETag": "\"1\""], body: PlayedFeed.rss(["Old"]))
                : .played(request, status)
        }
        try store.run(at: .start)
        gives = false
        put(back: try files(of: store, at: .after(hours: 2)) { $0.poll(named: "b")?.unfinished == 1 }, in: store)
        try store.run(at: .after(hours: 6))
        #expect(["a", "b", "c"].map { store.poll($0).unfinished } == [0, 0, 0])
    }
}
