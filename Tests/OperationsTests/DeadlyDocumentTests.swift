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

    /// A run that dies while it reads what `feed` gives: what it had written by then stays, and nothing else. One before
    /// it has died as well, so that it is careful.
    ///
    /// - Parameter isLast: when the others are told.
    /// - Returns: what was told by then.
    @discardableResult
    private func die(at feed: String, _ store: PlayedStore, _ now: Instant, isLast: Bool = false) throws -> [ImportReport] {
        let polls = "/store/polls.json"
        var announced: [UInt8]?
        var log: [String: [UInt8]] = [:]
        func expectDeath() {
            log = store.disk.files.filter { $0.key.hasPrefix("/store/log/") }.mapValues(\.bytes)
            store.network.beforeSending = { announced = store.disk.bytes(polls) }
            store.disk.fault = (.rename, "head.json", 5)
        }
        defer { (store.network.beforeSending, store.disk.fault) = ({}, nil) }
        var told: [ImportReport] = []
        if !isLast {
            store.disk.put(polls, store.disk.text(polls).replacing("{\"format\":1,", with: "{\"format\":1,\"asking\":\"\(now)\","))
            expectDeath()
        }
        #expect(throws: OperationError.self) {
            try Import.run(store.settings, store.folder, Import.Options(), store.world(at: now), tell: { report in
                told.append(report)
                expectDeath()
            })
        }
        for path in store.disk.files.keys where path.hasPrefix("/store/log/") { store.disk.remove(path) }
        for (path, bytes) in log { store.disk.put(path, bytes) }
        store.disk.put(polls, try #require(announced))
        store.disk.put("/store/log/lock", feed)
        return told
    }

    @Test func `it is read when all others are taken, and then not at all`() throws {
        let store = try store()
        #expect(finished(store) == [1, 1, 1])
        try die(at: "b", store, .after(hours: 2))
        #expect(finished(store) == [1, 1, 1])

        // The others are taken and told before.
        let told = try die(at: "b", store, .after(hours: 4), isLast: true)
        #expect(told.map { $0.feeds.map(\.feed) } == [["a", "c"]])
        #expect(finished(store) == [2, 1, 2])

        // It has done so twice: told, and not asked.
        let asked = store.network.asked.count
        let report = try store.run(at: .after(hours: 8))
        #expect(report.feeds.map(\.feed) == ["a", "b", "c"])
        guard case .failed(let failure, inARow: 1) = report.feeds[1].outcome else {
            Issue.record("\(report.feeds)")
            return
        }
        #expect(
            failure.reason.hasPrefix("the program has ended, twice, while it read what this feed gives; it is tried again later"))
        #expect(store.network.asked.count == asked + 2 && store.poll("b").deaths == 1)

        // Another day it has perhaps another document.
        try store.run(at: .after(hours: 24))
        #expect(finished(store) == [2, 2, 2] && store.poll("b").deaths == 0)
    }

    @Test func `as long as it ends the program it is told as failing, as any other failure is`() throws {
        let store = try store()
        try die(at: "b", store, .after(hours: 2))
        var hour = 4
        while store.events("feed-failing").isEmpty, hour < 24 * 14 {
            let deaths = store.poll("b").deaths + (store.disk.text("/store/log/lock") == "b" ? 1 : 0)
            let isRead = deaths < Poll.deathsUntilSpared
            let isDue = Schedule.dueAt(store.settings.feeds[1], store.poll("b"), ignoresInterval: false, now: .after(hours: hour)) == .after(hours: hour)
            if isRead, isDue {
                try die(at: "b", store, .after(hours: hour), isLast: true)
            } else {
                try store.run(at: .after(hours: hour))
            }
            hour += 2
        }
        #expect(store.events("feed-failing").count == 1)
        #expect(finished(store) == [2, 1, 2])
    }

    @Test func `a newer program tries it at once, and so does who names it`() throws {
        let store = try store()
        try die(at: "b", store, .after(hours: 2))
        try die(at: "b", store, .after(hours: 4), isLast: true)
        try store.run(at: .after(hours: 4).adding(seconds: 1))
        #expect(store.poll("b").deaths == 2)
        let before = store.disk.text("/store/polls.json")
        var options = Import.Options()
        (options.feeds, options.ignoresSchedule) = (["b"], true)
        try store.run(at: .after(hours: 8), options)
        #expect(finished(store) == [2, 2, 2] && store.poll("b").deaths == 0)

        store.disk.put("/store/polls.json", before.replacing("\"program\":\"\(Program.version)\"", with: "\"program\":\"0\""))
        #expect(store.poll("b").deaths == 2)
        let asked = store.network.asked.count
        try store.run(at: .after(hours: 8).adding(seconds: 1))
        #expect(store.network.asked.count == asked + 3 && store.poll("b").deaths == 0)
    }

    @Test func `what is read is noted only after a run that has not ended, and in its own part`() throws {
        let store = try store()
        func isNoted(_ now: Instant) throws -> Bool {
            let before = try #require(store.disk.files["/store/log/lock"]).changed
            try store.run(at: now)
            #expect(store.polls.asking == nil && store.disk.bytes("/store/log/lock") == [])
            return store.disk.files["/store/log/lock"]?.changed != before
        }
        #expect(try !isNoted(.after(hours: 2)) && finished(store) == [2, 2, 2])
        var announced: [UInt8]?
        store.network.beforeSending = { announced = store.disk.bytes("/store/polls.json") }
        try store.run(at: .after(hours: 4))
        store.network.beforeSending = {}
        store.disk.put("/store/polls.json", try #require(announced))
        #expect(store.polls.asking == .after(hours: 4))
        store.network.play = { .played($0, 200, body: PlayedFeed.rss(["Newer \($0.address)", "New \($0.address)"])) }
        #expect(try isNoted(.after(hours: 6)) && finished(store) == [3, 3, 3])

        store.network.play = { .played($0, 200, body: PlayedFeed.rss(["Newest \($0.address)", "Newer \($0.address)"])) }
        try die(at: "b", store, .after(hours: 8))
        #expect(try parts(store, .after(hours: 10)).count == 2 && store.polls.asking == nil && store.poll("b").deaths == 0)
    }

    @Test func `a run that could not write, or ended well, accuses nobody`() throws {
        let store = try store()
        store.disk.fault = (.rename, "head.json", 5)
        #expect(throws: (any Error).self) { try store.run(at: .after(hours: 2)) }
        store.disk.fault = nil
        #expect(store.disk.bytes("/store/log/lock") == [])
        #expect(try parts(store, .after(hours: 4)).count == 1 && finished(store) == [2, 2, 2])
        #expect(store.disk.bytes("/store/log/lock") == [])
    }

    @Test(arguments: ["nobody", "", "\u{FFFD}"]) func `words that name no feed are nobody's`(words: String) throws {
        let store = try store()
        store.disk.put("/store/log/lock", words)
        #expect(try parts(store, .after(hours: 2)).count == 1 && finished(store) == [2, 2, 2])
        #expect(store.disk.bytes("/store/log/lock") == [])
    }

    @Test func `each of several has a part of its own, so that one does not hold up the other`() throws {
        let store = try store()
        try die(at: "b", store, .after(hours: 2))
        store.disk.put("/store/polls.json", store.disk.text("/store/polls.json").replacing("\"name\":\"c\",", with: "\"name\":\"c\",\"deaths\":1,"))
        // The first of them is deadly.
        #expect(try die(at: "b", store, .after(hours: 4), isLast: true).map { $0.feeds.map(\.feed) } == [["a"]])
        let told = try parts(store, .after(hours: 8))
        #expect(told.map { $0.feeds.map(\.feed) } == [["a"], ["b"], ["c"]])
        #expect(finished(store) == [2, 1, 2] && store.poll("b").deaths == 1 && store.poll("c").deaths == 0)
    }

    private func parts(_ store: PlayedStore, _ now: Instant, _ options: Import.Options = Import.Options()) throws -> [ImportReport] {
        var told: [ImportReport] = []
        _ = try Import.run(store.settings, store.folder, options, store.world(at: now), tell: { told.append($0) })
        return told
    }

    @Test func `whoever is given the same bytes waits as well`() throws {
        let twin = Self.toml + "[[feed]]\nname = \"d\"\nurl = \"https://b.example/rss\"\nkind = \"book\"\n"
        let store = try store()
        try store.configure(twin)
        try die(at: "b", store, .after(hours: 2))
        #expect(try parts(store, .after(hours: 4)).map { $0.feeds.map(\.feed) } == [["a", "c"], ["b"], ["d"]])
    }

    @Test func `a feed that is spared was not reached, and one alone does not begin an outage`() throws {
        let store = try store()
        try die(at: "b", store, .after(hours: 2))
        try die(at: "b", store, .after(hours: 4), isLast: true)
        store.network.play = { .failure(TransferError(kind: .resolve, message: "no such host (\($0.address))")) }
        let report = try store.run(at: .after(hours: 8))
        #expect(report.isOffline && store.polls.outage?.since == .after(hours: 8))
        #expect(["a", "c"].map { store.poll($0).failures } == [0, 0] && store.poll("b").failures == 1)
    }

    @Test func `a dry run has one part`() throws {
        let store = try store()
        try die(at: "b", store, .after(hours: 2))
        try store.run(at: .after(hours: 2).adding(seconds: 1))
        var options = Import.Options()
        options.isDryRun = true
        let told = try parts(store, .after(hours: 4), options)
        #expect(told.map { $0.feeds.map(\.feed) } == [["a", "b", "c"]])
    }

    @Test func `the site's command that failed is not tried again in the same run, and stays news`() throws {
        let store = try store()
        try store.configure("[publish]\nafter = [\"push\"]\n" + Self.toml)
        try die(at: "b", store, .after(hours: 2))
        var world = store.world(at: .after(hours: 4))
        var runs = 0
        world.run = { _ in
            runs += 1
            return .failure(CommandError("broken"))
        }
        var parts = 0
        let report = try Import.run(store.settings, store.folder, Import.Options(), world, tell: { _ in parts += 1 })
        #expect(parts == 2 && runs == 1 && report.site?.isNews == true && report.isWorse)
    }

    @Test func `a death is told, once`() throws {
        let store = try store()
        try die(at: "b", store, .after(hours: 2))
        #expect(try store.run(at: .after(hours: 2).adding(seconds: 1)).notes == [
            "the run before ended while it read what \"b\" gives: that is asked last from now on"
        ])
        #expect(try store.run(at: .after(hours: 4)).notes.isEmpty)
    }
}
