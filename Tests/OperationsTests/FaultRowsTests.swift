import Catalogue
import Files
import Formats
import Foundation
import HTTP
import Simulation
import Storage
import Testing

@testable import Operations

/// Rows of STORE section 2 that concern a whole run. `script/rows` lists the tests of all of them.
@Suite struct FaultRowsTests {
    private static let feed = """
        [[feed]]
        name = "films"
        url = "https://letterboxd.com/ada/rss/"
        [store]
        snapshot_every = 1
        """

    /// What the feed gives at the moment.
    private final class Window {
        var films: [Int]
        init(_ films: [Int]) { self.films = films }
    }

    private func store(_ window: Window, _ toml: String = FaultRowsTests.feed) throws -> PlayedStore {
        try PlayedStore(toml) { .played($0, 200, body: PlayedFeed.films(window.films)) }
    }

    private func titles(_ store: PlayedStore) throws -> [String] {
        try Archive(store.world(at: .start), store.folder).state().newest().map(\.finish.title).sorted()
    }

    private func all(_ store: PlayedStore, in folder: String) -> [String: [UInt8]] {
        store.disk.files.filter { $0.key.hasPrefix(folder) }.mapValues(\.bytes)
    }

    /// As a person does who copies files over those that are there.
    private func putBack(_ files: [String: [UInt8]], _ store: PlayedStore, emptying folders: [String]) {
        for path in store.disk.files.keys where folders.contains(where: { path.hasPrefix($0) }) {
            store.disk.remove(path)
        }
        for (path, bytes) in files { store.disk.put(path, bytes) }
    }

    @Test(arguments: ["feed.json", "index.html", "pending-tweets.json"])
    func `row 10: a page for which there is no space is exit 74, the old one stays, the next run mends it`(
        name: String
    ) throws {
        let window = Window([1])
        let store = try store(window)
        try store.run(at: .start)
        let path = name == "pending-tweets.json" ? "/store/\(name)" : "/store/public/\(name)"
        let old = store.disk.text(path)
        // A new film is owed an announcement, so that every file changes.
        window.films = [4, 1]
        store.disk.fault = (.rename, "/" + name, ENOSPC)
        let error = #expect(throws: OperationError.self) { try store.run(at: .after(hours: 2)) }
        #expect(error?.exitStatus == 74)
        #expect(store.disk.text(path) == old)
        #expect(!store.disk.files.keys.contains { $0.contains(unfinishedPrefix) })
        #expect(store.events("finished").count == 2, "the log has it already")
        store.disk.fault = nil
        let report = try store.run(at: .after(hours: 4))
        #expect(report.events.isEmpty && report.changed.contains(name))
        #expect(store.disk.text(path) != old)
    }

    @Test func `row 10: a snapshot for which there is no space is a warning`() throws {
        let window = Window([1])
        let store = try store(window)
        store.disk.fault = (.rename, ".snapshot", ENOSPC)
        let report = try store.run(at: .start)
        #expect(report.warnings.count == 1 && report.warnings[0].hasPrefix("no snapshot was saved"))
        #expect(report.shown == 1)
        store.disk.fault = nil
        window.films = [2, 1]
        #expect(try store.run(at: .after(hours: 2)).warnings.isEmpty)
        #expect(store.disk.files.keys.contains { $0.hasSuffix(".snapshot") })
    }

    @Test(arguments: [(EACCES, 77), (EROFS, 73)] as [(Int32, Int32)])
    func `row 13: a store that may not be written is said before anything is asked, and is read as ever`(
        code: Int32, status: Int32
    ) throws {
        let window = Window([1])
        let store = try store(window)
        try store.run(at: .start)
        window.films = [2, 1]
        let before = all(store, in: "/store/")
        store.disk.fault = (.examine, "/store", code)
        let error = #expect(throws: OperationError.self) { try store.run(at: .after(hours: 2)) }
        #expect(error?.exitStatus == status)
        #expect(store.network.lastAsked.isEmpty)
        let archive = try Archive(store.world(at: .start), store.folder)
        var events = 0
        try archive.events { _, _ in events += 1 }
        #expect(events == store.events.count)
        #expect(try Verify.run(store.world(at: .start), store.folder, directory: "public").isGood)
        #expect(all(store, in: "/store/") == before)
    }

    @Test func `row 16: that the clock is behind is said once a day, until it has caught up`() throws {
        let window = Window([1])
        let store = try store(window)
        try store.run(at: .start)
        window.films = [2, 1]
        try store.run(at: .after(days: 30))
        let counts = try [1, 2, 12, 24, 26, 50].map { try store.run(at: .after(hours: $0)).notes.count }
        #expect(counts == [1, 0, 0, 0, 1, 1])
        #expect(try store.run(at: .after(days: 31)).notes.isEmpty)
    }

    @Test func `row 16: a clock that jumps ahead and back changes no order and no state`() throws {
        let window = Window([1])
        let store = try store(window)
        try store.run(at: .start)
        let lying = Instant(rfc3339: "2099-01-01T00:00:00Z")!
        window.films = [2, 1]
        try store.run(at: lying)
        window.films = [3, 2, 1]
        let report = try store.run(at: .after(days: 1))
        #expect(report.notes == [
            "the clock says 2026-01-06 00:00, but the newest event in the log is of 2099-01-01 00:00: if the clock is "
                + "wrong now, set it right; if it was wrong then, nothing has to be done, and this ends with the next event"
        ])
        #expect(try titles(store) == ["Film 1", "Film 2", "Film 3"])
        // The times are as the clock said them; what counts is the order of the numbers.
        let times = store.events("finished").map { line in String(line.split(separator: "\"")[5]) }
        #expect(times == [Instant.start, lying, .after(days: 1)].map { $0.description })
        // A commit's effective time is the smallest of it and all later ones: the lie is mended.
        let archive = try Archive(store.world(at: .start), store.folder)
        #expect(try archive.state(at: .instant(.after(days: 2))).shownCount == 3)
        #expect(try archive.state(at: .instant(.after(hours: 1))).shownCount == 1)
        // The state is the events' alone: the same on any day.
        let early = try Archive(store.world(at: .after(days: 1)), store.folder).state()
        let late = try Archive(store.world(at: lying), store.folder).state()
        #expect(early == late)
    }

    @Test func `row 23: a store restored whole is good, and its replica and its networks notice`() throws {
        let window = Window([1])
        let store = try store(window)
        try store.run(at: .start)
        let backup = all(store, in: "/store/")
        window.films = [4, 1]
        try store.run(at: .after(hours: 2))
        let owed = try Archive(store.world(at: .start), store.folder).state().outbox
        let later = try #require(try Store.openForReading(store.disk, root: "/store").log.head?.position)
        putBack(backup, store, emptying: ["/store/"])
        // By itself it cannot be told: the chain is whole, and the feed gives again what it still has.
        #expect(try Verify.run(store.world(at: .start), store.folder, directory: "public").isGood)
        // Whoever holds a later chain refuses it.
        #expect(try Store.openForReading(store.disk, root: "/store").log.contains(later) == false)
        try store.run(at: .after(hours: 3))
        #expect(try titles(store) == ["Film 1", "Film 4"])
        #expect(try Store.openForReading(store.disk, root: "/store").log.contains(later) == false)
        // What is owed bears the same name as before, which is what a network's key is made of.
        let again = try Archive(store.world(at: .start), store.folder).state().outbox
        #expect(again.map { "\($0.network)/\($0.finish)" } == owed.map { "\($0.network)/\($0.finish)" })
        #expect(again.count == 1)
    }

    @Test func `row 24, row 18: the log alone restored is exit 65 until a person says that it is meant`() throws {
        let window = Window([1])
        let store = try store(window)
        try store.run(at: .start)
        let old = all(store, in: "/store/log/")
        window.films = [3, 2, 1]
        try store.run(at: .after(hours: 2))
        putBack(old, store, emptying: ["/store/log/"])
        let before = all(store, in: "/store/log/")
        let error = #expect(throws: OperationError.self) { try store.run(at: .after(hours: 4)) }
        #expect(error?.exitStatus == 65)
        guard case .store(let said)? = error else { return }
        #expect(said.description.contains("--accept-rollback"))
        #expect(all(store, in: "/store/log/") == before)
        _ = try Repair.run(
            .acceptingRollback, store.world(at: .after(hours: 5)), store.folder, store.settings)
        try store.run(at: .after(hours: 6))
        #expect(try titles(store) == ["Film 1", "Film 2", "Film 3"])
    }

    @Test func `row 5: what comes back after a loss is held, also when the repair died before it was done`() throws {
        let store = try store(
            Window([3, 2, 1]), Self.feed.replacing("[store]", with: "announce_since = 2020-01-01\n[store]"))
        try store.run(at: .start)
        func announcements() throws -> [Announcement] {
            try Archive(store.world(at: .start), store.folder).state().announcements
        }
        #expect(try announcements().contains { $0.status == .pending })
        for path in all(store, in: "/store/snapshots/").keys { store.disk.remove(path) }
        let path = "/store/log/00000000000000000001.ndjson"
        var bytes = try #require(all(store, in: path)[path])
        let place = try #require(bytes.firstRange(of: Array(#""type":"finished""#.utf8))).lowerBound
        bytes.replaceSubrange(place..<place + 300, with: [UInt8](repeating: 0, count: 300))
        store.disk.put(path, bytes)
        func repair(hours: Int) throws -> Repair.Outcome {
            try Repair.run(.acceptingLoss(from: nil), store.world(at: .after(hours: hours)), store.folder, store.settings)
        }
        // The last step: all segments are those of the new chain by then.
        store.disk.fault = (.rename, "/head.json", EIO)
        let error = #expect(throws: OperationError.self) { try repair(hours: 1) }
        #expect(error?.exitStatus == 74)
        store.disk.fault = nil
        _ = try repair(hours: 2)
        try store.run(at: .after(hours: 3))
        #expect(try titles(store) == ["Film 1", "Film 2", "Film 3"])
        #expect(try announcements().allSatisfy { $0.status == .held })
    }

    @Test func `a store that has recorded nothing has nothing to repair, and none is what is no store`() throws {
        let store = try store(Window([1]))
        let world = store.world(at: .start)
        for means in [Repair.Means.itself, .head(from: nil), .acceptingLoss(from: nil), .acceptingRollback] {
            #expect(try Repair.run(means, world, store.folder, store.settings) == Repair.Outcome(), "\(means)")
        }
        #expect(all(store, in: "/store/log/").isEmpty && all(store, in: "/store/polls.json").isEmpty)
        // Nothing would tell that the copy is one of this store.
        for means in [Repair.Means.copy("/copy"), .head(from: "/copy"), .acceptingLoss(from: "/copy")] {
            let error = #expect(throws: OperationError.self) { try Repair.run(means, world, store.folder, store.settings) }
            #expect(error == .noLog(folder: "/store", copy: "/copy") && error?.exitStatus == 78)
        }
        store.disk.remove("/store/feeds.toml")
        #expect(throws: OperationError.noStore(folder: "/store")) {
            try Repair.run(.itself, world, store.folder, store.settings)
        }
    }

    /// Also with a snapshot that only another version of this program can read.
    @Test func `row 8: without a snapshot polls.json tells that a log is gone, and a person can begin anew`() throws {
        let store = try store(Window([1]))
        try store.run(at: .start)
        for path in store.disk.files.keys where path.hasPrefix("/store/log") || path.hasSuffix(".snapshot") {
            store.disk.remove(path)
        }
        for means in [Repair.Means.itself, .head(from: nil), .acceptingLoss(from: nil)] {
            let error = #expect(throws: OperationError.self) {
                try Repair.run(means, store.world(at: .after(hours: 1)), store.folder, store.settings)
            }
            #expect(error == .logLost(folder: "/store") && error?.exitStatus == 65)
        }
        let outcome = try Repair.run(
            .acceptingRollback, store.world(at: .after(hours: 2)), store.folder, store.settings)
        #expect(outcome.notes.count == 1)
        #expect(try Repair.run(.itself, store.world(at: .after(hours: 2)), store.folder, store.settings).notes.isEmpty)
        try store.run(at: .after(hours: 3))
        #expect(try titles(store) == ["Film 1"])
    }

    /// What the snapshot's error advises must be possible.
    @Test func `row 18: a log that is gone is exit 65 beside a snapshot until a person says that it is meant`() throws {
        let store = try store(Window([1]))
        try store.run(at: .start)
        for path in all(store, in: "/store/log").keys { store.disk.remove(path) }
        for means in [Repair.Means.itself, .head(from: nil), .acceptingLoss(from: nil)] {
            let error = #expect(throws: OperationError.self) {
                try Repair.run(means, store.world(at: .after(hours: 1)), store.folder, store.settings)
            }
            #expect(error?.exitStatus == 65)
            guard case .store(.rolledBack)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
        let outcome = try Repair.run(
            .acceptingRollback, store.world(at: .after(hours: 2)), store.folder, store.settings)
        #expect(outcome.notes == ["the log is meant as it stands: snapshots of another are gone, and every feed is asked anew"])
        try store.run(at: .after(hours: 3))
        #expect(try titles(store) == ["Film 1"])
    }

    /// Validators, and the digest of the bytes that were read last, speak of what the log has no more.
    @Test func `row 24: beside an older log polls.json is not believed, and every feed is asked anew`() throws {
        let window = Window([1])
        let store = try store(window)
        try store.run(at: .start)
        let old = all(store, in: "/store/log/")
        window.films = [2, 1]
        try store.run(at: .after(hours: 2))
        putBack(old, store, emptying: ["/store/log/"])
        let report = try store.run(at: .after(hours: 4))
        #expect(report.notes.count == 1 && report.notes[0].contains("older than polls.json"))
        // What the log forgot may have been announced.
        #expect(try Archive(store.world(at: .start), store.folder).state().announcements.allSatisfy { $0.status == .held })
        #expect(try titles(store) == ["Film 1", "Film 2"])
        #expect(try store.run(at: .after(hours: 6)).notes.isEmpty)
        // A log that went on without polls.json is none of that.
        _ = try Amend.run(
            .hide("letterboxd:viewing:1"), store.world(at: .after(hours: 7)), store.folder, store.settings)
        #expect(try store.run(at: .after(hours: 8)).notes.isEmpty)
    }

    @Test func `row 25: what a run could not publish any more the next publishes, and not twice`() throws {
        let window = Window([1])
        let store = try store(window)
        try store.run(at: .start)
        let page = store.disk.text("/store/public/feed.json")
        // The run ends between the head and the first page.
        window.films = [2, 1]
        store.disk.fault = (.rename, "/public/feed.json", EIO)
        #expect(throws: OperationError.self) { try store.run(at: .after(hours: 2)) }
        store.disk.fault = nil
        #expect(store.events("finished").count == 2)
        #expect(store.disk.text("/store/public/feed.json") == page)
        let report = try store.run(at: .after(hours: 4))
        #expect(report.events.isEmpty && report.changed.contains("feed.json"))
        #expect(try store.run(at: .after(hours: 6)).changed.isEmpty)
        // Nor is a page believed that is not what was published.
        store.disk.change("/store/public/feed.json") { $0[40] ^= 1 }
        #expect(try store.run(at: .after(hours: 8)).changed == ["feed.json"])
        store.disk.remove("/store/public/widget.css")
        #expect(try store.run(at: .after(hours: 10)).changed == ["widget.css"])
    }

    @Test func `row 27: what init has made outlives a power cut, with the folders it is in`() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let disk = FaultyDisk(seed: seed)
            let world = World(
                disk: disk, network: PlayedNetwork(), now: .start, random: Randomness(seed: 1),
                run: { _ in .success(()) })
            let folder = StoreFolder("/home/ada/finished")
            _ = try Initialise.run(world, folder, profiles: ["https://letterboxd.com/ada"])
            let made = disk.peek(folder.settings)
            #expect(made != nil)
            disk.restart(after: .powerLoss)
            #expect(disk.peek(folder.settings) == made)
        }
    }

    @Test func `row 29: one entry twice in a feed, in two feeds, and again after a stop is one event`() throws {
        let window = Window([2, 1, 2])
        let toml = FaultRowsTests.feed + """

            [[feed]]
            name = "films-again"
            url = "https://letterboxd.com/ada/rss/?again"
            """
        let store = try store(window, toml)
        // It stops after the commit, before polls.json: the same document is asked for once more.
        store.disk.fault = (.rename, "/public/feed.json", EIO)
        #expect(throws: OperationError.self) { try store.run(at: .start) }
        store.disk.fault = nil
        store.disk.remove("/store/polls.json")
        try store.run(at: .after(hours: 2))
        try store.run(at: .after(hours: 4))
        #expect(store.events("finished").count == 2)
        #expect(try titles(store) == ["Film 1", "Film 2"])
        #expect(store.network.asked.filter { !$0.isConditional }.count > 2)
    }

    @Test func `row 29: a known key in the log is refused, not skipped`() throws {
        let store = try store(Window([1]))
        store.endsUnwell = true
        try store.run(at: .start)
        let line = try #require(store.events("finished").first)
        let log = try Log.openForWriting(
            store.disk, root: "/store", newStore: [UInt8](repeating: 0, count: 32))
        let again = line.replacing("{\"seq\":3,", with: "{\"seq\":\(log.nextSequence),")
        try log.append([Array(again.utf8)], cause: "import", version: "1.0.0", at: .start)
        let error = #expect(throws: OperationError.self) {
            _ = try Archive(store.world(at: .start), store.folder)
        }
        #expect(error?.exitStatus == 65)
    }
}
