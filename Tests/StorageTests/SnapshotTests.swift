import Files
import Formats
import Simulation
import Testing

@testable import Storage

struct SnapshotTests {
    private let position = LogPosition(
        sequence: 4096, segmentFirst: 4000, end: 70_000, sha: (0..<32).map { UInt8($0) })

    private func bytes() -> [UInt8] {
        var writer = SnapshotWriter()
        writer.add(1, [1, 2, 3] as [UInt8])
        writer.add(2, [0x0403_0201, .max] as [UInt32])
        writer.add(7, [0x0807_0605_0403_0201, .max] as [UInt64])
        writer.add(8, [-2, .min, .max] as [Int64])
        writer.add(9, [] as [UInt32])
        return writer.encode(reducerVersion: 3, position: position, at: StoreOnDisk.start)
    }

    @Test func `what was put in comes out`() throws {
        let snapshot = try Snapshot(bytes())
        #expect(snapshot.reducerVersion == 3)
        #expect(snapshot.position == position)
        #expect(snapshot.writtenAt == StoreOnDisk.start)
        #expect(snapshot.bytes(1) == [1, 2, 3])
        #expect(snapshot.words(2) == [0x0403_0201, .max])
        #expect(snapshot.longWords(7) == [0x0807_0605_0403_0201, .max])
        #expect(snapshot.integers(8) == [-2, .min, .max])
        #expect(snapshot.words(9) == [])
        #expect(snapshot.words(1) == nil)
        #expect(snapshot.bytes(3) == nil)
    }

    @Test func `the fields lie where the specification has them, arrays at multiples of 64`() {
        let bytes = bytes()
        #expect(Array(bytes[0..<16]) == Array("COLSNAP1".utf8) + [1, 0, 0, 0, 3, 0, 0, 0])
        #expect(Array(bytes[16..<24]) == [0, 16, 0, 0, 0, 0, 0, 0])
        #expect(Array(bytes[24..<32]) == [160, 15, 0, 0, 0, 0, 0, 0])
        #expect(Array(bytes[32..<40]) == [112, 17, 1, 0, 0, 0, 0, 0])
        #expect(Array(bytes[40..<72]) == position.sha)
        #expect(Array(bytes[84..<88]) == [5, 0, 0, 0])
        #expect(Array(bytes[128..<144]) == [1, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0])
        #expect(Array(bytes[256..<259]) == [1, 2, 3])
        #expect(Array(bytes[320..<325]) == [1, 2, 3, 4, 255])
        #expect(Array(bytes[384..<393]) == [1, 2, 3, 4, 5, 6, 7, 8, 255])
        #expect(Array(bytes[448..<456]) == [254, 255, 255, 255, 255, 255, 255, 255])
        #expect(bytes.count == 512)
    }

    @Test func `row 19: every flipped bit and every cut is found`() {
        let bytes = bytes()
        for offset in bytes.indices {
            var changed = bytes
            changed[offset] ^= 16
            #expect(throws: SnapshotFlaw.self) { _ = try Snapshot(changed) }
            #expect(throws: SnapshotFlaw.self) { _ = try Snapshot(Array(bytes[..<offset])) }
        }
    }

    @Test func `row 19: a newer format is named`() {
        var bytes = bytes()
        bytes[8] = 2
        var crc = CRC32C()
        crc.update(bytes, 0..<124)
        for index in 0..<4 { bytes[124 + index] = UInt8(crc.value >> UInt32(index * 8) & 255) }
        #expect(throws: SnapshotFlaw.format(2)) { _ = try Snapshot(bytes) }
    }
}

struct SnapshotFolderTests {
    let store = StoreOnDisk()
    var folder: SnapshotFolder { SnapshotFolder(store.disk, root: StoreOnDisk.root) }

    private func publish(_ position: LogPosition, reducer: Int = 3) throws(StoreError) {
        var writer = SnapshotWriter()
        writer.add(1, [UInt64(position.sequence)])
        try folder.publish(
            writer.encode(reducerVersion: reducer, position: position, at: StoreOnDisk.start),
            sequence: position.sequence, reducerVersion: reducer)
    }

    private func name(_ sequence: Int, reducer: Int = 3) -> String {
        SnapshotFolder.Name(sequence: sequence, reducerVersion: reducer).text
    }

    private var names: [String] { store.disk.names(folder.path) }

    private func newest(
        through: Int = .max, acceptsRollback: Bool = false
    ) throws(StoreError) -> (Int?, [SnapshotFolder.Note]) {
        var notes: [SnapshotFolder.Note] = []
        let found = try folder.newest(
            reducerVersion: 3, of: store.read(), through: through,
            acceptsRollback: acceptsRollback, notes: &notes)
        return (found?.position.sequence, notes)
    }

    @Test func `two are kept, of this reducer`() throws {
        let commits = try store.append([1, 1, 1, 1])
        try publish(commits[0].position, reducer: 2)
        for commit in commits { try publish(commit.position) }
        #expect(names == [name(3), name(4)])
        #expect(try newest() == (4, []))
        #expect(try newest(through: 3).0 == 3)
        #expect(try newest(through: 2).0 == nil)
    }

    @Test func `row 19: a damaged one takes no good one's place`() throws {
        let commits = try store.append([1, 1, 1])
        for commit in commits.prefix(2) { try publish(commit.position) }
        store.disk.change(folder.path + "/" + name(2)) { $0[$0.count / 2] ^= 1 }
        try publish(commits[2].position)
        #expect(names == [name(1), name(3)])
    }

    @Test func `row 17: a snapshot older than the log is taken, and the rest replayed`() throws {
        let commits = try store.append([2, 3])
        try publish(commits[0].position)
        #expect(try newest() == (2, []))
        let tail = try StoreOnDisk.events(of: store.read(), after: commits[0].position)
        #expect(tail == StoreOnDisk.lines(3...5))
    }

    @Test func `row 18: a snapshot newer than the log is refused, unless a person says`() throws {
        let commits = try store.append([1])
        let old = store.files
        let later = try store.append([1])
        try publish(commits[0].position)
        try publish(later[0].position)
        for (name, bytes) in old { store.disk.change(store.folder + "/" + name) { $0 = bytes } }
        let error = #expect(throws: StoreError.self) { _ = try newest() }
        #expect(error == .rolledBack(
            snapshot: folder.path + "/" + name(2), sequence: 2, logSequence: 1))
        #expect(error?.exitStatus == 65)
        #expect(try newest(acceptsRollback: true).0 == 1)
    }

    @Test func `row 18: a snapshot of another log of the same length is refused`() throws {
        let other = StoreOnDisk(seed: 2)
        let theirs = try Log.openForWriting(
            other.disk, root: StoreOnDisk.root, newStore: zeroes).add(2)
        try store.append([2, 1])
        try publish(theirs.position)
        #expect(throws: StoreError.self) { _ = try newest() }
    }

    @Test func `row 19: damaged, cut, misnamed and foreign files are passed over`() throws {
        let commits = try store.append([1, 1])
        try publish(commits[0].position)
        try publish(commits[1].position)
        let newestFile = folder.path + "/" + name(2)
        let whole = store.disk.peek(newestFile)!
        store.disk.change(newestFile) { $0[195] ^= 1 }
        #expect(try newest()
            == (1, [SnapshotFolder.Note(file: newestFile, flaw: .damaged)]))
        store.disk.change(newestFile) { $0.removeSubrange(100...) }
        #expect(try newest()
            == (1, [SnapshotFolder.Note(file: newestFile, flaw: .notASnapshot)]))
        store.disk.change(folder.path + "/" + name(1)) { $0 = whole }
        #expect(try newest().0 == nil)
        #expect(try newest().1.map(\.flaw) == [.notASnapshot, .otherName])
        try store.disk.publish([1], at: folder.path + "/README.md")
        #expect(try newest().1.count == 2)
    }

    @Test func `row 10: at whatever call the disk is full, the old snapshot stays`() throws {
        let commits = try store.append([1, 1])
        try publish(commits[0].position)
        for call in [2, 3, 6] {
            store.disk.fault = (store.disk.callCount + call, .full)
            do throws(StoreError) {
                try publish(commits[1].position)
                Issue.record("call \(call) is one that a full disk refuses")
            } catch {
                #expect(error.exitStatus == 74)
            }
            store.disk.restart(after: .kill)
            #expect(names == [name(1)])
        }
        try publish(commits[1].position)
        #expect(try newest().0 == 2)
    }

    @Test func `row 22: unfinished snapshots are removed`() throws {
        let commits = try store.append([1])
        try publish(commits[0].position)
        try store.disk.publish([1], at: folder.path + "/.tmp-x")
        try folder.removeUnfinished()
        #expect(names == [name(1)])
        try folder.empty()
        #expect(names == [])
    }

    @Test func `row 2: once they are deleted for another log, no power cut brings snapshots back`() throws {
        let commits = try store.append([1, 1])
        try publish(commits[0].position)
        try publish(commits[1].position)
        try folder.empty()
        for seed in 1...20 as ClosedRange<UInt64> {
            let disk = store.disk.copy()
            disk.reseed(seed)
            disk.restart(after: .powerLoss)
            #expect(disk.names(folder.path) == [])
        }
    }
}
