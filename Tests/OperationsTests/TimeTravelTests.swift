import Catalogue
import Files
import Formats
import Testing

@testable import Operations
@testable import Storage

/// Every past state, from the nearest snapshot where one helps, and always what the events alone say.
struct TimeTravelTests {
    /// Twelve runs, an hour apart, each with a new film; a snapshot every five events, and many segments.
    private func history() throws -> PlayedStore {
        var shown = 1
        let store = try PlayedStore(
            """
            [store]
            snapshot_every = 5
            [[feed]]
            name = "films"
            url = "https://films.example/feed"
            """
        ) { .played($0, 200, body: PlayedFeed.films(Array((1...shown).reversed()))) }
        store.segmentFullBytes = 1_500
        for hour in 0..<12 {
            shown = hour + 1
            var options = Import.Options()
            options.ignoresSchedule = true
            try store.run(at: .after(hours: hour), options)
        }
        return store
    }

    private func archive(_ store: PlayedStore) throws -> Archive {
        try Archive(store.world(at: .after(days: 1)), store.folder)
    }

    @Test func `each past state is what the events up to it say, and no older segment is read for it`() throws {
        let store = try history()
        let archive = try archive(store)
        let last = Int(archive.store.state.sequence)
        #expect(last >= 13)
        for sequence in 0...last {
            let state = try archive.state(at: .sequence(sequence))
            #expect(state == (try Store.fold(archive.store.log, through: sequence)))
            #expect(Int(state.sequence) == sequence)
        }
        // What the older snapshot has folded is not read again: the segments before it may be gone.
        let snapshots = store.disk.files.keys.filter { $0.hasSuffix(".snapshot") }.sorted()
        let older = try #require(Int(snapshots[0].dropFirst("/store/snapshots/".count).prefix(20)))
        #expect(snapshots.count == 2 && older < last - 5)
        let wanted = try archive.state(at: .sequence(older + 1))
        let segments = store.disk.files.keys.filter { $0.hasSuffix(".ndjson") }.sorted()
        #expect(segments.count > 3)
        for segment in segments where Int(segment.suffix(27).prefix(20))! < older - 4 {
            store.disk.remove(segment)
        }
        let later = try self.archive(store)
        #expect(try later.state(at: .sequence(older + 1)) == wanted)
        #expect(try later.state() == (try archive.state()))
        #expect(throws: OperationError.self) { try later.state(at: .sequence(older - 1)) }
        store.endsUnwell = true
    }

    @Test func `a snapshot that lies, or is damaged, is found by verify and made anew by rebuild`() throws {
        let store = try history()
        let world = store.world(at: .after(days: 1))
        let snapshots = store.disk.files.keys.filter { $0.hasSuffix(".snapshot") }.sorted()
        func verify() throws -> [String] {
            try Verify.run(world, store.folder, directory: "public").wrongSnapshots
        }
        #expect(try verify() == [])
        let good = store.disk.files.filter { $0.key.hasPrefix("/store/public/") }
        let bytes = try #require(store.disk.bytes(snapshots[0]))
        // The older one, which no run would use: a byte of it.
        var damaged = bytes
        damaged[bytes.count / 2] ^= 1
        store.disk.put(snapshots[0], damaged)
        #expect(try verify() == [snapshots[0]])
        // And those whose sums are right, of a state that was at another place, or never.
        let archive = try archive(store)
        store.disk.put(snapshots[0], bytes)
        for snapshot in snapshots {
            let place = try Snapshot(try #require(store.disk.bytes(snapshot))).position
            var lie = try Store.fold(archive.store.log, through: place.sequence - 1)
            let wrongPlace = lie.snapshot(at: place, now: .start)
            let line = EventCoding.encode(
                Event(
                    sequence: Int64(place.sequence), at: .start,
                    fact: .feedAdopted(feed: "never", service: "", entries: 1)))
            try lie.apply(line, 0..<line.count)
            for wrong in [wrongPlace, lie.snapshot(at: place, now: .start)] {
                store.disk.put(snapshot, wrong)
                #expect(try verify() == [snapshot])
            }
            store.disk.put(snapshots[0], bytes)
        }

        let rebuilt = try Rebuild.run(world, store.folder, directory: "public")
        #expect(try verify() == [])
        let last = Int(archive.store.state.sequence)
        #expect(rebuilt.snapshot == last && rebuilt.published.contains("feed.json"))
        #expect(rebuilt.json["snapshot"] == .integer(Int64(last)))
        #expect(rebuilt.json["published"] == .array(rebuilt.published.map { .string($0) }))
        #expect(store.disk.files.filter { $0.key.hasPrefix("/store/public/") }.mapValues(\.bytes) == good.mapValues(\.bytes))
        #expect(store.disk.files.keys.filter { $0.hasSuffix(".snapshot") }.count == 1)
    }

    @Test func `a log that cannot be read costs rebuild neither pages nor snapshots`() throws {
        let store = try history()
        let first = store.disk.files.keys.filter { $0.hasSuffix(".ndjson") }.sorted()[0]
        var bytes = try #require(store.disk.bytes(first))
        bytes[300] ^= 4
        store.disk.put(first, bytes)
        let before = store.disk.files.mapValues(\.bytes)
        let error = #expect(throws: OperationError.self) {
            _ = try Rebuild.run(store.world(at: .after(days: 1)), store.folder, directory: "public")
        }
        #expect(error?.exitStatus == 65)
        #expect(store.disk.files.mapValues(\.bytes) == before)
        store.endsUnwell = true
    }

    @Test func `who has lost polls json is still told of a page that is not what the log says`() throws {
        let store = try history()
        store.disk.remove("/store/polls.json")
        let world = store.world(at: .after(days: 1))
        #expect(try Verify.run(world, store.folder, directory: "public").isGood)
        store.disk.put("/store/public/feed.json", Array("{}".utf8))
        #expect(try Verify.run(world, store.folder, directory: "public").outdated == ["feed.json"])
        store.endsUnwell = true
    }

    @Test func `events are read from where they are asked for`() throws {
        let store = try history()
        let archive = try archive(store)
        let last = Int(archive.store.state.sequence)
        var all: [[UInt8]] = []
        try archive.events { _, line in all.append(line) }
        #expect(all.count == last)
        for first in 1...last {
            for end in [first, first + 3, .max] {
                var lines: [[UInt8]] = []
                try archive.events(in: first..<(end == .max ? end : end + 1)) { _, line in lines.append(line) }
                #expect(lines == Array(all[(first - 1)..<min(end, last)]))
            }
        }
        var adopted = 0
        try archive.events(holding: ["feed-adopted", "\"no\" such"]) { event, _ in
            adopted += 1
            #expect(event.fact.type == "feed-adopted")
        }
        #expect(adopted == 1)
        for segment in store.disk.files.keys.filter({ $0.hasSuffix(".ndjson") }).sorted().dropLast(3) {
            store.disk.remove(segment)
        }
        var lines: [[UInt8]] = []
        try archive.events(in: last..<Int.max) { _, line in lines.append(line) }
        #expect(lines == [all[last - 1]])
        store.endsUnwell = true
    }

    @Test func `between two moments in which nothing happened there is nothing, and no time runs backwards`() throws {
        let store = try history()
        let archive = try archive(store)
        let last = Int(archive.store.state.sequence)
        #expect(try archive.range(from: .sequence(last), to: .sequence(last)) == last..<(last + 1))
        let quiet = try archive.range(from: .day(Day("2031-01-01")!), to: .day(Day("2031-01-02")!))
        #expect(quiet.isEmpty)
        try archive.events(in: quiet) { _, _ in Issue.record("an event of another day") }
        for (from, to) in [
            (When.sequence(3), When.sequence(2)), (.day(Day("2026-01-02")!), .day(Day("2026-01-01")!)),
            (.instant(.start), .instant(.start.adding(seconds: -1))),
        ] {
            let error = #expect(throws: OperationError.self) { try archive.range(from: from, to: to) }
            guard case .unreadable("--to", to.text, "nothing before --from, \(from.text)")? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    /// A run has its batch on the disk before it has its pages: who looks in between must not be told that they
    /// are wrong, nor that they are right.
    @Test func `verify calls no page wrong while a run is under way`() throws {
        let store = try history()
        store.disk.put("/store/public/feed.json", Array("{}".utf8))
        let world = store.world(at: .after(days: 1))
        let lock = try #require(try Republish.hold(world, store.folder))
        let found = try Verify.run(world, store.folder, directory: "public")
        #expect(found.isUnderWay && found.outdated == [] && found.isGood)
        #expect(found.json["under_way"] == .bool(true))
        try lock.close()
        let alone = try Verify.run(world, store.folder, directory: "public")
        #expect(!alone.isUnderWay && alone.outdated == ["feed.json"])
        store.endsUnwell = true
    }

    @Test func `why tells also of an import that was undone, and of what was merged`() throws {
        let store = try history()
        let rows = "kind,title,finished,id\nbook,Emma,2019-01-01,1\nbook,Emma,2019-01-02,2\n"
        let brought = try Backfill.run(
            .export(service: "csv", [.bytes(Array(rows.utf8))]), Backfill.Options(),
            store.world(at: .after(days: 1)), store.folder, store.settings)
        let state = try archive(store).state()
        let emmas = state.known.filter { $0.finish.title == "Emma" }
        #expect(emmas.count == 2)
        _ = try Amend.run(
            .merge(emmas[1].id.text, into: emmas[0].id.text), store.world(at: .after(days: 2)), store.folder,
            store.settings)
        let merged = try Why.find(emmas[0].id.text, archive(store))
        #expect(merged.events.map(\.event.fact.type) == ["finished", "finished", "merged"])
        _ = try Amend.run(
            .undo(try #require(brought.id)), store.world(at: .after(days: 3)), store.folder, store.settings)
        let undone = try Why.find(emmas[0].id.text, archive(store))
        #expect(undone.events.map(\.event.fact.type) == ["finished", "finished", "merged", "backfill-undone"])
    }
}
