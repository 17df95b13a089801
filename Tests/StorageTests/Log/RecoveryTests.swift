import Files
import Formats
import Simulation
import Testing

@testable import Storage

struct RecoveryTests {
    let store = StoreOnDisk()

    /// A store whose last batch is written, and a head that does not know it.
    private func unacknowledged(
        _ counts: [Int], filler: Int = 0
    ) throws -> (acknowledged: Head, full: [UInt8]) {
        try store.append(Array(counts.dropLast()), filler: filler)
        let head = store.disk.peek(store.head)!
        try store.append([counts.last!], filler: filler)
        let full = store.disk.peek(store.head)!
        store.disk.change(store.head) { $0 = head }
        return (try Head.read(head, file: "head"), full)
    }

    @Test func `row 4: a whole batch beyond the head is adopted, once`() throws {
        let (_, full) = try unacknowledged([2, 1])
        let log = try store.open()
        #expect(log.notes == [.adopted(file: store.segment(1), sequences: 3...3)])
        #expect(store.disk.peek(store.head) == full)
        #expect(try StoreOnDisk.events(of: log, checkingChain: true).count == 3)
        store.disk.restart(after: .powerLoss)
        #expect(try store.open().notes == [])
    }

    @Test func `row 4: a whole new segment beyond the head is adopted`() throws {
        let (_, full) = try unacknowledged([11, 1], filler: StoreOnDisk.filler)
        let log = try store.open()
        #expect(log.notes == [.adopted(file: store.segment(12), sequences: 12...12)])
        #expect(store.disk.peek(store.head) == full)
        #expect(try StoreOnDisk.events(of: log, checkingChain: true).count == 12)
    }

    @Test func `row 7: a log of one batch does without a head`() throws {
        try store.append([3])
        let head = store.disk.peek(store.head)
        let events = try store.events()
        try store.disk.unlink(store.head)
        // Who reads sees what the next run will take up, and changes nothing.
        #expect(try store.events(checkingChain: true) == events)
        #expect(store.disk.peek(store.head) == nil)
        let log = try store.open()
        #expect(log.notes == [.adopted(file: store.segment(1), sequences: 1...3)])
        #expect(store.disk.peek(store.head) == head)
    }

    @Test(arguments: [[1, 1], [11, 1]])
    func `row 7: a log of two batches without a head is refused`(counts: [Int]) throws {
        try store.append(counts, filler: StoreOnDisk.filler)
        try store.disk.unlink(store.head)
        let files = store.files
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error == .headMissing(file: store.head))
        #expect(error?.exitStatus == 65)
        // A reader that saw an empty store there would empty the site.
        #expect(throws: StoreError.headMissing(file: store.head)) { try store.events() }
        #expect(store.files == files)
    }

    @Test func `row 7: a first segment that is not whole is refused without a head`() throws {
        try store.append([1])
        try store.disk.unlink(store.head)
        store.disk.change(store.segment(1)) { $0.removeLast() }
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error == .headMissing(file: store.head) && error?.exitStatus == 65)
        #expect(throws: StoreError.headMissing(file: store.head)) { try store.events() }
    }

    enum Tearing: CaseIterable {
        case short, zeroed, garbage, commitLineOnly, oneByte
    }

    @Test(arguments: Tearing.allCases)
    func `row 3: a torn batch is copied to quarantine and cut, once`(tearing: Tearing) throws {
        let (head, _) = try unacknowledged([2, 4])
        let end = head.position.end
        store.disk.change(store.segment(1)) { bytes in
            switch tearing {
            case .short: bytes.removeLast(10)
            case .zeroed: for index in end..<bytes.count { bytes[index] = 0 }
            case .garbage: for index in end..<bytes.count { bytes[index] = UInt8(index & 255) }
            case .commitLineOnly: for index in end..<end + 30 { bytes[index] = 0 }
            case .oneByte: bytes.removeSubrange((end + 1)...)
            }
        }
        let torn = Array(store.disk.peek(store.segment(1))![end...])
        let log = try store.open()
        let copy = store.folder + "/quarantine-3-1"
        #expect(log.notes == [
            .quarantined(file: store.segment(1), offset: end, bytes: torn.count, copy: copy)
        ])
        #expect(store.disk.peek(copy) == torn)
        #expect(store.disk.peek(store.segment(1))?.count == end)
        #expect(log.head == head)
        store.disk.restart(after: .powerLoss)
        #expect(store.disk.peek(store.segment(1))?.count == end)
        let next = try store.open()
        #expect(next.notes == [])
        try next.add(1)
        #expect(try store.events(checkingChain: true).count == 3)
    }

    @Test func `row 3: another torn batch at the same place gets another name`() throws {
        try store.append([2])
        for (number, rest) in [[1, 2], [3], [3]].enumerated() as EnumeratedSequence<[[UInt8]]> {
            store.disk.change(store.segment(1)) { $0 += rest }
            let log = try store.open()
            let copy = store.folder + "/quarantine-3-\(min(number, 1) + 1)"
            #expect(store.disk.peek(copy) == rest)
            #expect(log.notes.count == 1)
        }
        #expect(store.disk.names(store.folder).count { $0.hasPrefix("quarantine") } == 2)
    }

    @Test func `row 3: a new segment that is no batch goes to quarantine whole`() throws {
        let (head, _) = try unacknowledged([11, 1], filler: StoreOnDisk.filler)
        store.disk.change(store.segment(12)) { $0.removeLast() }
        let torn = store.disk.peek(store.segment(12))
        let log = try store.open()
        #expect(store.disk.peek(store.folder + "/quarantine-12-1") == torn)
        #expect(store.disk.peek(store.segment(12)) == nil)
        #expect(log.head == head)
        try log.add(1)
        #expect(try store.events(checkingChain: true).count == 12)
    }

    @Test func `row 3: what follows a whole batch is cut, and the batch adopted`() throws {
        _ = try unacknowledged([2, 1])
        store.disk.change(store.segment(1)) { $0 += [1, 2, 3] }
        let log = try store.open()
        #expect(log.notes.count == 2)
        #expect(log.head?.position.sequence == 3)
        #expect(store.disk.peek(store.folder + "/quarantine-3-1") == [1, 2, 3])
        #expect(try store.events(checkingChain: true).count == 3)
    }

    // MARK: Before the head

    @Test func `row 5: one flipped bit before the head names file, byte and events`() throws {
        let commits = try store.append([2, 3, 1])
        let size = store.disk.peek(store.segment(1))!.count
        let ends = commits.map(\.position.end)
        for offset in stride(from: 0, to: size, by: 3) {
            // A sum over the hashes is not kept: only the chain finds a bit flipped in them.
            let isHash = ends.contains { ($0 - 67..<$0 - 3).contains(offset) }
            store.disk.change(store.segment(1)) { $0[offset] ^= 4 }
            let files = store.files
            let error: StoreError?
            do throws(StoreError) {
                let log = try store.open()
                #expect(isHash)
                try log.replay(checkingChain: true) { _ in }
                error = nil
            } catch let found {
                error = found
            }
            #expect(error?.exitStatus == 65)
            #expect(store.files == files)
            if case .damaged(let file, let place, let sequences, _) = error {
                #expect(file == store.segment(1))
                #expect(place <= offset || isHash)
                #expect(sequences.upperBound == 6)
                let batch = ends.firstIndex { offset < $0 } ?? 0
                #expect(isHash || sequences.lowerBound == commits[batch].sequences.lowerBound)
            } else if case .headDiffers = error {
                #expect(isHash)
            } else if case .newerFormat = error {
                // The digit of the header's format became another one.
                #expect(offset == 27)
            } else {
                Issue.record("\(offset) not called damage: \(String(describing: error))")
            }
            store.disk.change(store.segment(1)) { $0[offset] ^= 4 }
        }
    }

    @Test func `row 5: damage in a sealed segment is found by replay, not by opening`() throws {
        try store.append([11, 2, 1], filler: StoreOnDisk.filler)
        store.disk.change(store.segment(1)) { $0[5_000] ^= 1 }
        let log = try store.open()
        let error = #expect(throws: StoreError.self) { try log.replay { _ in } }
        #expect(error == .damaged(
            file: store.segment(1), offset: Segment.header(first: 1, previous: zeroes).count,
            sequences: 1...11, .checksum))
        #expect(error?.description == """
            /home/store/log/00000000000000000001.ndjson is damaged at byte 114 (events 1 to 11): \
            a checksum is wrong; nothing was changed: run "colophon repair", if need be "--from" a copy, as a last resort "--accept-loss"
            """)
    }

    @Test func `row 5: damage before the head is refused before a torn tail is touched`() throws {
        _ = try unacknowledged([2, 4])
        store.disk.change(store.segment(1)) {
            $0.removeLast()
            $0[130] ^= 1
        }
        let files = store.files
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error?.exitStatus == 65)
        #expect(store.files == files)
    }

    @Test func `row 6: a damaged head is refused and nothing changed`() throws {
        try store.append([2])
        store.disk.change(store.head) { $0[40] ^= 1 }
        let files = store.files
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error == .headDamaged(file: store.head))
        #expect(error?.exitStatus == 65)
        #expect(throws: StoreError.headDamaged(file: store.head)) { _ = try store.read() }
        #expect(store.files == files)
    }

    @Test func `row 8: a log shorter than its head names the events that are missing`() throws {
        let commits = try store.append([2, 3, 1])
        store.disk.change(store.segment(1)) {
            $0.removeSubrange((commits[1].position.end - 5)...)
        }
        let files = store.files
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error == .missing(file: store.segment(1), sequences: 3...6))
        #expect(error?.exitStatus == 65)
        #expect(error?.description.hasPrefix("acknowledged events 3 to 6 are missing") == true)
        #expect(store.files == files)
    }

    @Test func `row 8: a log that ends at an earlier batch names what is missing`() throws {
        let commits = try store.append([2, 3, 1])
        store.disk.change(store.segment(1)) { $0.removeSubrange(commits[1].position.end...) }
        #expect(throws: StoreError.missing(file: store.segment(1), sequences: 6...6)) {
            _ = try store.open()
        }
    }

    @Test func `row 8: a lost last segment names what is missing`() throws {
        try store.append([11, 2, 1], filler: StoreOnDisk.filler)
        try store.disk.unlink(store.segment(12))
        #expect(throws: StoreError.missing(file: store.segment(12), sequences: 12...14)) {
            _ = try store.open()
        }
    }

    @Test func `row 8: a lost middle segment names what is missing`() throws {
        try store.append([11, 11, 11, 1], filler: StoreOnDisk.filler)
        try store.disk.unlink(store.segment(12))
        let log = try store.open()
        #expect(throws: StoreError.missing(file: store.segment(12), sequences: 12...22)) {
            try log.replay { _ in }
        }
        #expect(throws: StoreError.missing(file: store.segment(1), sequences: 1...22)) {
            try store.disk.unlink(store.segment(1))
            try log.replay { _ in }
        }
    }

    @Test func `row 8: a sealed segment that was cut names what is missing`() throws {
        try store.append([10, 1, 2], filler: StoreOnDisk.filler)
        store.disk.change(store.segment(1)) { $0.removeLast(200) }
        let log = try store.open()
        #expect(throws: StoreError.missing(file: store.segment(1), sequences: 11...11)) {
            try log.replay { _ in }
        }
    }

    @Test func `row 24: an old head beside a newer log is refused, not cut to`() throws {
        try store.append([2])
        let old = store.disk.peek(store.head)!
        try store.append([1, 1])
        store.disk.change(store.head) { $0 = old }
        let files = store.files
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error == .headDiffers(file: store.head, sequence: 2))
        #expect(error?.exitStatus == 65)
        #expect(store.files == files)
    }

    @Test func `row 24: an old head beside several newer segments is refused`() throws {
        try store.append([11], filler: StoreOnDisk.filler)
        let old = store.disk.peek(store.head)!
        try store.append([11, 1], filler: StoreOnDisk.filler)
        store.disk.change(store.head) { $0 = old }
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error == .headDiffers(file: store.head, sequence: 11))
    }

    @Test func `row 24: the segment of another store is refused`() throws {
        try store.append([1])
        let other = StoreOnDisk(seed: 2)
        try Log.openForWriting(other.disk, root: StoreOnDisk.root, newStore: zeroes).add(1)
        let theirs = other.disk.peek(other.segment(1))!
        store.disk.change(store.segment(1)) { $0 = theirs }
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error?.exitStatus == 65)
    }

    @Test func `row 26: a segment put in another's place breaks the chain`() throws {
        try store.append([11, 11, 1], filler: StoreOnDisk.filler)
        let other = StoreOnDisk(seed: 2)
        let log = try Log.openForWriting(
            other.disk, root: StoreOnDisk.root, newStore: zeroes, segmentFullBytes: 10_900)
        try log.add(11, filler: StoreOnDisk.filler)
        try log.add(11, filler: StoreOnDisk.filler)
        let theirs = other.disk.peek(other.segment(12))!
        store.disk.change(store.segment(12)) { $0 = theirs }
        let mine = try store.open()
        #expect(throws: StoreError.damaged(
            file: store.segment(12), offset: 0, sequences: 12...22, .chain)
        ) { try mine.replay { _ in } }
    }

    @Test func `row 28: a segment longer than any is refused unread`() throws {
        try store.append([1])
        store.disk.change(store.segment(1)) {
            $0 += [UInt8](repeating: 0, count: LogLimits.segmentBytesMax)
        }
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error?.exitStatus == 65)
    }

    @Test func `a segment of a newer format asks for a newer program`() throws {
        try store.append([1])
        store.disk.change(store.segment(1)) { $0[27] = UInt8(ascii: "2") }
        let error = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(error == .newerFormat(file: store.segment(1), format: 2))
        #expect(error?.exitStatus == 65)
    }

    @Test func `row 5: one flipped bit in the first instant does not send anybody to the clock`() throws {
        let now = Instant(rfc3339: "2026-02-01T08:00:00Z")!
        let log = try Log.openForWriting(
            store.disk, root: StoreOnDisk.root, newStore: StoreOnDisk.identity, segmentFullBytes: 100)
        for sequence in 1...2 {
            let line = "{\"seq\":\(sequence),\"at\":\"2026-01-15T12:00:00Z\"}"
            try log.append([Array(line.utf8)], cause: "import", version: "1", at: now)
        }
        store.disk.restart(after: .kill)
        let place = Segment.header(first: 1, previous: StoreOnDisk.identity).count + 17
        // 2026 becomes 2036, in a segment that no start reads.
        store.disk.change(store.segment(1)) { $0[place] ^= 1 }
        #expect(try store.read().begun() == Instant(rfc3339: "2036-01-15T12:00:00Z"))
        let error = #expect(throws: StoreError.self) {
            _ = try HeldStore(store.disk, root: StoreOnDisk.root, newStore: StoreOnDisk.identity, now: now)
        }
        #expect(error?.exitStatus == 65)
        guard case .damaged(store.segment(1), _, 1...1, .checksum) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `row 5: one flipped bit does not send anybody after a newer program`() throws {
        try store.append([1])
        store.disk.change(store.segment(1)) { $0[27] ^= 2 }
        let newer = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(newer?.description == """
            /home/store/log/00000000000000000001.ndjson is written in format 3: needs a newer Colophon; \
            if none has ever run here, byte 27 is damaged, and nothing was changed: run "colophon repair"
            """)
        // No version ever wrote 0.
        store.disk.change(store.segment(1)) { $0[27] = UInt8(ascii: "0") }
        let older = #expect(throws: StoreError.self) { _ = try store.open() }
        #expect(older == .damaged(file: store.segment(1), offset: 0, sequences: 1...1, .header))
        _ = try Log.repair(store.disk, root: StoreOnDisk.root, from: .itself)
        #expect(try store.events().count == 1)
    }
}
