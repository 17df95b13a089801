import Catalogue
import Files
import Formats
import Foundation
import Simulation
import Testing

@testable import Storage

/// Stores as every version has written them (`Tests/Fixtures/golden/store`), and as a newer one may
/// (`golden/newer`). Nothing there is ever written again: an event's meaning never changes.
///
/// After `State.reducerVersion` was raised, `COLOPHON_RECORD=1` adds the snapshot of the new reducer; the
/// files that are there stay as they are.
@Suite struct GoldenStoreTests {
    private static let golden = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/golden")
    private static let root = "/store"
    private static let now = Instant(rfc3339: "2026-12-24T18:00:00Z")!
    /// As the golden store's segments were filled.
    private static let segmentFullBytes = 6_000

    private let disk = FaultyDisk(seed: 1)

    /// Puts a golden store on the disk.
    private func put(_ name: String, snapshots: Bool = true) throws {
        try disk.makeFolder(Self.root)
        for folder in ["log"] + (snapshots ? ["snapshots"] : []) {
            let from = Self.golden.appending(path: "\(name)/\(folder)")
            guard let files = try? FileManager.default.contentsOfDirectory(atPath: from.path) else { continue }
            try disk.makeFolder("\(Self.root)/\(folder)")
            for file in files.sorted() {
                try disk.publish(
                    Array(Data(contentsOf: from.appending(path: file))), at: "\(Self.root)/\(folder)/\(file)")
            }
        }
        try disk.sync(folder: Self.root)
    }

    private var files: [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in disk.names(Self.root + "/log") { files[name] = disk.peek(Self.root + "/log/" + name) }
        return files
    }

    private var snapshot: String {
        SnapshotFolder.Name(sequence: 79, reducerVersion: State.reducerVersion).text
    }

    @Test func `row 20: the log of every version is read, and its snapshot is what this reducer makes of it`()
        throws
    {
        try put("store", snapshots: false)
        let log = try Log.openForReading(disk, root: Self.root)
        var segments = 0
        try log.replay(checkingChain: true) { _ in segments += 1 }
        #expect(segments == 4)
        let store = try Store.openForWriting(
            disk, root: Self.root, newStore: StoreOnDisk.identity, now: Self.now)
        #expect(store.state.sequence == 79)
        try store.saveSnapshotIfDue(every: 0, now: Self.now)
        let made = disk.peek("\(Self.root)/snapshots/\(snapshot)")
        let place = Self.golden.appending(path: "store/snapshots/\(snapshot)")
        if ProcessInfo.processInfo.environment["COLOPHON_RECORD"] == "1",
            !FileManager.default.fileExists(atPath: place.path)
        {
            try Data(made ?? []).write(to: place)
        }
        let golden = try? Array(Data(contentsOf: place))
        #expect(
            made == golden,
            """
            The same events give another state than before, or a snapshot has another form: those on people's \
            disks would be wrong. If that is meant, raise State.reducerVersion and run this test once more \
            with COLOPHON_RECORD=1; never change a snapshot that is there.
            """)
    }

    @Test func `every segment and the head are written again, byte for byte`() throws {
        try put("store")
        let golden = files
        let read = try Log.openForReading(disk, root: Self.root)
        let other = FaultyDisk(seed: 2)
        try other.makeFolder(Self.root)
        let log = try Log.openForWriting(
            other, root: Self.root, newStore: read.store, segmentFullBytes: Self.segmentFullBytes)
        var batches = 0
        try read.replay { part throws(StoreError) in
            for commit in part.commits {
                batches += 1
                try log.append(
                    commit.sequences.map { Array(part.bytes[part.events[$0 - part.first]]) },
                    cause: commit.cause, version: commit.version, at: commit.at)
            }
        }
        #expect(batches == 24)
        for (name, bytes) in golden where name != "lock" {
            #expect(other.peek("\(Self.root)/log/\(name)") == bytes, "\(name)")
        }
    }

    @Test func `every event is written again, byte for byte`() throws {
        try put("store")
        var types: Set<String> = []
        try Log.openForReading(disk, root: Self.root).replay { part in
            for range in part.events {
                let line = Array(part.bytes[range])
                guard let event = try? EventCoding.decode(line) else {
                    Issue.record("unreadable: \(String(decoding: line, as: UTF8.self))")
                    continue
                }
                types.insert(event.fact.type)
                #expect(EventCoding.encode(event) == line)
            }
        }
        #expect(types == Set(Fact.types), "the golden log has an event of every type")
    }

    @Test func `row 17: the golden snapshot is taken, and gives the state that all events give`() throws {
        try put("store")
        let store = try Store.openForReading(disk, root: Self.root)
        #expect(store.snapshotSequence == 79)
        #expect(store.notes == [])
        #expect(try store.state == Store.fold(store.log))
    }

    @Test func `row 19, row 20: a snapshot of another reducer is passed over without a word`() throws {
        try put("store", snapshots: false)
        try disk.makeFolder(Self.root + "/snapshots")
        let golden = Self.golden.appending(path: "store/snapshots")
        for name in try FileManager.default.contentsOfDirectory(atPath: golden.path) {
            var bytes = try Array(Data(contentsOf: golden.appending(path: name)))
            bytes[12] = UInt8(State.reducerVersion + 1)
            let crc = CRC32C.checksum(Array(bytes[..<124]))
            for index in 0..<4 { bytes[124 + index] = UInt8(crc >> UInt32(index * 8) & 255) }
            let other = SnapshotFolder.Name(sequence: 79, reducerVersion: State.reducerVersion + 1)
            try disk.publish(bytes, at: "\(Self.root)/snapshots/\(other.text)")
        }
        let store = try Store.openForReading(disk, root: Self.root)
        #expect(store.snapshotSequence == 0)
        #expect(store.notes == [])
        #expect(store.state.sequence == 79)
    }

    // MARK: a newer writer

    @Test func `row 21: unknown fields everywhere and an optional type of a newer writer are kept and ignored`()
        throws
    {
        try put("newer")
        let before = files
        let store = try Store.openForWriting(
            disk, root: Self.root, newStore: StoreOnDisk.identity, now: Self.now)
        #expect(store.notes == [])
        #expect(store.state.sequence == 6)
        #expect(store.state.newest().map(\.finish.title) == ["Ran"])
        store.record(.hidden(FinishID("letterboxd:viewing:1")), at: Self.now)
        try store.commit(cause: "hide", version: "1.0.0", at: Self.now)
        let segment = Segment.name(first: 1)
        #expect(files[segment]?.starts(with: before[segment] ?? [0]) == true)
        let again = try Store.openForReading(disk, root: Self.root)
        #expect(again.state.sequence == 7)
        try again.log.replay(checkingChain: true) { _ in }
    }

    @Test func `row 21: a type that must not be skipped is refused, and names a newer Colophon`() throws {
        try put("newer")
        let log = try Log.openForWriting(disk, root: Self.root, newStore: StoreOnDisk.identity)
        try log.append(
            [Array(#"{"seq":7,"at":"2026-12-01T10:00:00Z","type":"mood-noted","id":"a"}"#.utf8)],
            cause: "mood", version: "9.0.0", at: Self.now)
        disk.restart(after: .kill)
        let before = files
        let error = #expect(throws: StoreError.self) {
            _ = try Store.openForWriting(
                disk, root: Self.root, newStore: StoreOnDisk.identity, now: Self.now)
        }
        #expect(error?.exitStatus == 65)
        #expect("\(error!)".contains("event 7"))
        #expect("\(error!)".contains("needs a newer Colophon"))
        #expect(files == before)
        #expect(throws: StoreError.self) { _ = try Store.openForReading(disk, root: Self.root) }
    }
}
