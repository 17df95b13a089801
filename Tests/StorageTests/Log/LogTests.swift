import Catalogue
import Files
import Formats
import Glibc
import Simulation
import Testing

@testable import Storage

struct LogTests {
    let store = StoreOnDisk()

    // MARK: Appending and reading

    @Test func `a new store has no events and makes no segment`() throws {
        let log = try store.open()
        #expect(log.head == nil)
        #expect(log.nextSequence == 1)
        #expect(store.disk.names(store.folder) == ["lock"])
        #expect(try store.events() == [])
    }

    @Test func `reading a store that has no log is reading an empty one`() throws {
        #expect(try store.events() == [])
        #expect(store.disk.names(StoreOnDisk.root) == [])
    }

    @Test func `what is appended is read, in order, by this run and the next`() throws {
        let log = try store.open()
        try log.add(2)
        try log.add(3)
        #expect(try StoreOnDisk.events(of: log) == StoreOnDisk.lines(1...5))
        try log.add(1)
        #expect(try store.events(checkingChain: true) == StoreOnDisk.lines(1...6))
        #expect(log.last?.sequences == 6...6)
        #expect(try store.read().last == log.last)
        #expect(store.disk.names(store.folder)
            == ["00000000000000000001.ndjson", "head.json", "lock"])
    }

    @Test func `the specification's segment is what a first batch makes`() throws {
        let log = try Log.openForWriting(
            store.disk, root: StoreOnDisk.root, newStore: zeroes)
        try log.append(
            vector[1...2].map { Array($0.utf8) }, cause: "import", version: "1.0.0",
            at: vectorAt)
        #expect(store.disk.peek(store.segment(1)) == vectorBytes)
        #expect(log.head?.position.end == 712)
    }

    @Test func `a segment of more than a mebibyte is followed by another`() throws {
        let store = StoreOnDisk(segmentFullBytes: LogLimits.segmentFullBytes)
        let commits = try store.append([10, 1, 1, 1], filler: 104_000)
        #expect(commits.map(\.position.segmentFirst) == [1, 1, 12, 12])
        #expect(commits[1].position.end > LogLimits.segmentFullBytes)
        #expect(store.disk.names(store.folder) == [
            "00000000000000000001.ndjson", "00000000000000000012.ndjson", "head.json", "lock",
        ])
        #expect(try store.events(checkingChain: true).count == 13)
        try store.append([1])
        #expect(try store.events(checkingChain: true).count == 14)
    }

    @Test func `replay begins behind a position and ends at a sequence number`() throws {
        let commits = try store.append([4, 7, 2, 2, 3], filler: StoreOnDisk.filler)
        let log = try store.read()
        let all = try StoreOnDisk.events(of: log)
        for commit in commits {
            let from = commit.position.sequence
            #expect(try StoreOnDisk.events(of: log, after: commit.position) == Array(all[from...]))
            for through in from...all.count {
                #expect(
                    try StoreOnDisk.events(of: log, after: commit.position, through: through)
                        == Array(all[from..<through]))
            }
        }
        #expect(try StoreOnDisk.events(of: log, through: 5) == Array(all[..<5]))
    }

    @Test func `replay hands out the batches that hold the events`() throws {
        try store.append([2, 3, 1])
        var seen: [ClosedRange<Int>] = []
        try store.read().replay(through: 4) { part in
            seen += part.commits.map(\.sequences)
            #expect(part.first == 1)
            #expect(part.events.count == 4)
        }
        #expect(seen == [1...2, 3...5])
    }

    @Test func `a reader sees nothing of a batch that the head does not know`() throws {
        try store.append([2])
        let before = store.disk.peek(store.head)!
        let reader = try store.read()
        try store.append([3])
        #expect(try StoreOnDisk.events(of: reader).count == 2)
        store.disk.change(store.head) { $0 = before }
        let files = store.files
        #expect(try store.events().count == 2)
        #expect(store.files == files)
    }

    // MARK: Opening alone

    @Test func `row 14: a second writer is told that the store is busy, exit 75`() throws {
        let first = try store.open()
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error?.exitStatus == 75)
        #expect(error?.description == "another run holds /home/store/log/lock")
        try first.add(1)
    }

    @Test func `row 15: a network file system is refused unless it is allowed`() throws {
        store.disk.kind = .network("NFS")
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error == .networkFileSystem(path: StoreOnDisk.root, name: "NFS"))
        #expect(error?.exitStatus == 78)
        #expect(store.disk.names(StoreOnDisk.root) == [])
        _ = try Log.openForWriting(
            store.disk, root: StoreOnDisk.root, newStore: zeroes, allowsNetworkFileSystem: true)
        #expect(throws: Never.self) { _ = try store.read() }
    }

    @Test func `row 22: unfinished files are removed when the store is opened`() throws {
        try store.append([1])
        try store.disk.open(store.folder + "/.tmp-head.json", for: .creating(mode: 0o644))
            .write([1], at: 0)
        _ = try store.open()
        #expect(store.disk.names(store.folder)
            == ["00000000000000000001.ndjson", "head.json", "lock"])
    }

    @Test func `row 27: a first batch outlives a power cut with the folders it is in`() throws {
        let disk = FaultyDisk(seed: 3)
        try disk.makeFolder("/home")
        try disk.sync(folder: "/")
        try disk.makeFolder(StoreOnDisk.root)
        let log = try Log.openForWriting(disk, root: StoreOnDisk.root, newStore: zeroes)
        try log.add(1)
        for _ in 1...20 { disk.restart(after: .powerLoss) }
        #expect(try StoreOnDisk.events(
            of: Log.openForReading(disk, root: StoreOnDisk.root)).count == 1)
    }

    @Test func `row 28: a run longer than a batch is a programmer's mistake`() {
        #expect(LogLimits.runLinesMax < LogLimits.batchLinesMax)
        #expect(LogLimits.runLinesMax == 16_384)
    }

    @Test func `row 28: a run of more than 16,384 events is several batches, in order`() throws {
        let store = try Store.openForWriting(
            self.store.disk, root: StoreOnDisk.root, newStore: StoreOnDisk.identity, now: StoreOnDisk.start)
        for number in 0..<LogLimits.runLinesMax + 5 {
            store.record(
                .passedOver(Passed(feed: "f", entry: "\(number)", title: "", reason: "a list")),
                at: StoreOnDisk.start)
        }
        try store.commit(cause: "import", version: "1", at: StoreOnDisk.start)
        var batches: [ClosedRange<Int>] = []
        try store.log.replay { part in batches += part.commits.map(\.sequences) }
        #expect(batches == [1...16_384, 16_385...16_389])
    }

    // MARK: A disk that refuses

    /// The number of calls made by an open and one append to a store with one batch.
    private func callsOfAppend() throws -> Int {
        let store = StoreOnDisk()
        try store.append([1])
        let before = store.disk.callCount
        try store.append([1])
        return store.disk.callCount - before
    }

    @Test func `row 9: at whatever call the disk is full, nothing is lost or half there`() throws {
        var struck = 0
        for call in 1...(try callsOfAppend()) {
            let store = StoreOnDisk()
            try store.append([1])
            let log = try store.open()
            let acknowledged = log.head
            store.disk.fault = (store.disk.callCount + call, .full)
            do {
                try log.add(1)
                #expect(!store.disk.faultStruck)
                continue
            } catch {
                struck += 1
                #expect(error.exitStatus == 74)
                #expect(log.head == acknowledged)
            }
            store.disk.restart(after: .kill)
            #expect(try store.read().head == acknowledged)
            let next = try store.open()
            try next.add(1)
            let count = try StoreOnDisk.events(of: next, checkingChain: true).count
            #expect(count == next.head?.position.sequence)
            #expect((2...3).contains(count))
        }
        #expect(struck == 4)
    }

    @Test func `row 9: a log whose disk was full goes on when there is space`() throws {
        try store.append([1])
        let log = try store.open()
        let size = store.disk.peek(store.segment(1))?.count
        store.disk.fault = (store.disk.callCount + 1, .full)
        let error = #expect(throws: StoreError.self) { try log.add(5) }
        #expect(error?.exitStatus == 74)
        #expect(store.disk.peek(store.segment(1))?.count == size)
        try log.add(1)
        #expect(try store.events(checkingChain: true).count == 2)
    }

    @Test func `row 11: after a sync that failed the log takes no more`() throws {
        try store.append([1])
        let log = try store.open()
        store.disk.fault = (store.disk.callCount + 2, .inputOutput)
        let error = #expect(throws: StoreError.self) { try log.add(1) }
        #expect(error == .disk(DiskError(.sync, store.segment(1), EIO)))
        #expect(error?.exitStatus == 74)
        let refusal = #expect(throws: StoreError.self) { try log.add(1) }
        #expect(refusal == .unusable(file: store.folder))
        #expect(refusal?.exitStatus == 74)
        #expect(log.head?.position.sequence == 1)
    }

    @Test func `row 11: bytes that a failed sync only seemed to write are written again`() throws {
        for seed in 1...50 {
            let store = StoreOnDisk(seed: UInt64(seed))
            try store.append([1])
            let log = try store.open()
            store.disk.fault = (store.disk.callCount + 2, .inputOutput)
            #expect(throws: StoreError.self) { try log.add(1) }
            store.disk.restart(after: .kill)
            let next = try store.open()
            #expect(next.notes.count == 1)
            #expect(next.head?.position.sequence == 2)
            store.disk.restart(after: .powerLoss)
            #expect(try store.events(checkingChain: true).count == 2)
        }
    }

    @Test func `row 12: a read that fails is not the end of the log`() throws {
        try store.append([1, 1])
        let files = store.files
        var struck = 0
        for call in 1...40 {
            store.disk.fault = (store.disk.callCount + call, .inputOutput)
            do {
                _ = try store.open()
            } catch {
                struck += 1
                #expect(error.exitStatus == 74)
            }
            store.disk.restart(after: .kill)
            #expect(store.files == files)
        }
        // Three reads, and what else opening asks of the disk and cannot do without.
        #expect(struck == 14)
    }
}
