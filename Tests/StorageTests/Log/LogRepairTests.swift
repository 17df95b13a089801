import Files
import Formats
import Simulation
import Testing

@testable import Storage

/// STORE section 2, rows 5, 6, 8: one changed byte never stops Colophon for good, and no mend is done that
/// the chain does not prove.
struct LogRepairTests {
    let store = StoreOnDisk(segmentFullBytes: 500)

    private func repair(_ source: RepairSource = .itself) throws(StoreError) -> [Mend] {
        try Log.repair(store.disk, root: StoreOnDisk.root, from: source)
    }

    /// Segments of three batches, of one, and of two.
    private func fill() throws -> [String: [UInt8]] {
        try store.append([2, 1, 3, 4, 1, 2], filler: 40)
        return store.files
    }

    private func segments(_ files: [String: [UInt8]]) -> [String] {
        files.keys.filter { $0.hasSuffix(".ndjson") }.sorted()
    }

    @Test func `row 5: any flipped bit is found and put right, and the damaged bytes are kept`() throws {
        let files = try fill()
        var mended = 0
        for name in segments(files) {
            let bytes = try #require(files[name])
            for offset in bytes.indices {
                let path = store.folder + "/" + name
                store.disk.change(path) { $0[offset] ^= 1 << UInt8(offset % 8) }
                let damaged = store.disk.peek(path)
                guard let mends = try? repair() else {
                    Issue.record("\(name): bit \(offset % 8) of byte \(offset) is not found")
                    store.disk.change(path) { $0 = bytes }
                    continue
                }
                #expect(store.disk.peek(path) == bytes, "\(name) at \(offset)")
                guard case .byte(path, offset, let was, let copy)? = mends.first, mends.count == 1 else {
                    Issue.record("\(name) at \(offset): \(mends)")
                    return
                }
                #expect(was == damaged?[offset])
                #expect(store.disk.peek(copy) == damaged)
                try store.disk.unlink(copy)
                mended += 1
            }
        }
        #expect(mended > 1500)
        #expect(try store.events(checkingChain: true).count == 13)
        #expect(try repair() == [])
    }

    @Test func `row 5: a byte that became quite another is found by the checksum`() throws {
        let files = try fill()
        let name = try #require(segments(files).first)
        let path = store.folder + "/" + name
        for difference in UInt8(1)...255 {
            // Within the filler of the second event, where every byte but a line feed goes unnoticed.
            store.disk.change(path) { $0[200] ^= difference }
            guard store.disk.peek(path)?[200] != 0x0A else { continue }
            #expect(try repair().count == 1, "\(difference)")
            #expect(store.files[name] == files[name])
        }
    }

    /// A line feed more, a line feed less, a number, a digit of a checksum: the search does not ask what it was.
    @Test func `row 5: every bit of every byte is found, whatever it makes of the lines`() throws {
        let files = try fill()
        let head = try #require(try LogFolder(disk: store.disk, path: store.folder).head())
        let name = try #require(segments(files).first)
        let good = try #require(files[name])
        for offset in good.indices {
            for bit in 0..<8 {
                var bytes = good
                bytes[offset] ^= 1 << UInt8(bit)
                let search = ChangedByteSearch(bytes, 1, after: StoreOnDisk.identity, LogExtent(head))
                #expect(search.bytes == good && search.changes?.map(\.offset) == [offset], "bit \(bit) of byte \(offset)")
            }
        }
    }

    /// A backfill is one batch of thousands of lines: what a search reads must not grow with what is wrong in it.
    @Test func `row 5: what no single byte explains is not searched for long, and what one does is found as quickly`()
        throws
    {
        let store = StoreOnDisk()
        try store.append([1, 3_000, 1], filler: 60)
        let good = try #require(store.files[Segment.name(first: 1)])
        let middle = good.count / 2
        let random = (0..<30).map { ($0 * 733 % good.count, UInt8($0 + 1)) }
        let damages: [(String, wanted: Int?, ([UInt8]) -> [UInt8])] = [
            ("nothing", nil, { $0 }),
            ("a bit", middle, { change($0, middle, 1) }),
            ("a line feed more", middle, { change($0, middle, $0[middle] ^ 0x0A) }),
            ("a line feed less", good[middle...].firstIndex(of: 0x0A), {
                change($0, $0[middle...].firstIndex(of: 0x0A)!, 0x2A)
            }),
            ("thirty bytes in a row", nil, { wipe($0, middle..<middle + 30, 0x23) }),
            ("thirty bytes here and there", nil, { bytes in random.reduce(bytes) { change($0, $1.0, $1.1) } }),
            ("512 zeroes", nil, { wipe($0, middle..<middle + 512, 0) }),
            ("64 KiB of zeroes", nil, { wipe($0, middle..<middle + 65_536, 0) }),
            ("64 KiB of line feeds", nil, { wipe($0, middle..<middle + 65_536, 0x0A) }),
            ("all but the first lines", nil, { wipe($0, 500..<$0.count, 0x20) }),
            ("cut off", nil, { Array($0.prefix(middle)) }),
        ]
        let head = try #require(try LogFolder(disk: store.disk, path: store.folder).head())
        for (name, wanted, damage) in damages {
            let search = ChangedByteSearch(damage(good), 1, after: StoreOnDisk.identity, LogExtent(head))
            #expect(search.changes?.map(\.offset) == wanted.map { [$0] }, "\(name)")
            #expect((search.bytes == good) == (wanted != nil || name == "nothing"), "\(name)")
            #expect(search.bytesRead >= min(good.count, damage(good).count), "\(name): not even read")
            #expect(search.bytesRead <= 8 * good.count, "\(name): \(search.bytesRead) of \(good.count) bytes")
        }
        func change(_ bytes: [UInt8], _ offset: Int, _ difference: UInt8) -> [UInt8] {
            var bytes = bytes
            bytes[offset] ^= difference
            return bytes
        }
        func wipe(_ bytes: [UInt8], _ range: Range<Int>, _ byte: UInt8) -> [UInt8] {
            var bytes = bytes
            bytes.replaceSubrange(range, with: [UInt8](repeating: byte, count: range.count))
            return bytes
        }
    }

    /// Each is found where the last left off, so that many cost no more than one.
    @Test func `row 5: sixteen batches with a changed byte each are mended in one walk, a seventeenth is refused`() throws {
        let store = StoreOnDisk(segmentFullBytes: 1 << 20)
        try store.append([Int](repeating: 20, count: 17), filler: 60)
        let good = try #require(store.files[Segment.name(first: 1)])
        let head = try #require(try LogFolder(disk: store.disk, path: store.folder).head())
        var damaged = good
        for number in 0..<17 {
            damaged[(number * 2 + 1) * good.count / 34] ^= 0x40
            let search = ChangedByteSearch(damaged, 1, after: StoreOnDisk.identity, LogExtent(head))
            #expect(search.changes?.count == (number < 16 ? number + 1 : nil))
            #expect(search.bytesRead <= 9 * good.count, "\(search.bytesRead) of \(good.count) bytes")
        }
    }

    @Test func `row 5: what the chain does not prove is refused, and nothing is changed`() throws {
        _ = try fill()
        store.disk.change(store.segment(1)) {
            $0[200] ^= 1
            $0[300] ^= 1
        }
        let damaged = store.files
        let error = #expect(throws: StoreError.self) { try repair() }
        #expect(error?.exitStatus == 65)
        #expect(store.files == damaged)
    }

    @Test(arguments: [[200, 300], [114], []])
    func `row 5, row 8: damaged and missing segments come from a copy whose chain fits`(
        offsets: [Int]
    ) throws {
        let files = try fill()
        try copy(files, to: "/home/copy")
        for name in segments(files) {
            let path = store.folder + "/" + name
            if offsets.isEmpty {
                try store.disk.unlink(path)
            } else {
                store.disk.change(path) { bytes in
                    for offset in offsets where offset < bytes.count { bytes[offset] = ~bytes[offset] }
                    bytes[20] ^= 1
                }
            }
        }
        #expect(try repair(.copy("/home/copy")).count >= segments(files).count)
        for name in segments(files) { #expect(store.files[name] == files[name], "\(name)") }
        #expect(try store.events(checkingChain: true).count == 13)
    }

    @Test func `row 5: a copy of another store is not taken`() throws {
        let files = try fill()
        let other = StoreOnDisk(segmentFullBytes: 500)
        try other.append([2, 1, 3, 4, 1, 2], filler: 41)
        try copy(other.files, to: "/home/copy")
        store.disk.change(store.segment(1)) {
            $0[200] ^= 1
            $0[300] ^= 1
        }
        let damaged = store.files
        #expect(throws: StoreError.self) { try repair(.copy("/home/copy")) }
        #expect(store.files == damaged)
        #expect(files != damaged)
    }

    @Test func `row 5: of a copy that went on only what the head knows is taken`() throws {
        let files = try fill()
        try store.append([1], filler: 1)
        try copy(store.files, to: "/home/copy")
        for (name, bytes) in files { store.disk.change(store.folder + "/" + name) { $0 = bytes } }
        let last = try #require(segments(files).last)
        store.disk.change(store.folder + "/" + last) { $0.removeLast(30) }
        #expect(try repair(.copy("/home/copy")).count == 1)
        #expect(store.files[last] == files[last])
    }

    private func copy(_ files: [String: [UInt8]], to root: String) throws {
        try store.disk.makeFolder(root)
        try store.disk.makeFolder(root + "/log")
        for (name, bytes) in files where name.hasSuffix(".ndjson") {
            try store.disk.publish(bytes, at: root + "/log/" + name)
        }
    }

    // MARK: the head

    @Test(arguments: [true, false])
    func `row 6, row 7: the head is made anew from a whole log`(isThere: Bool) throws {
        let files = try fill()
        if isThere {
            store.disk.change(store.head) { $0[40] ^= 1 }
        } else {
            try store.disk.unlink(store.head)
        }
        let mends = try Log.repairHead(store.disk, root: StoreOnDisk.root)
        #expect(mends.count == 1)
        #expect(store.disk.peek(store.head) == files["head.json"])
        #expect(try store.open().notes == [])
        #expect(try Log.repairHead(store.disk, root: StoreOnDisk.root) == [])
    }

    @Test func `row 6: no head is made from a damaged log, and it is said what is left to do`() throws {
        _ = try fill()
        try store.disk.unlink(store.head)
        store.disk.change(store.segment(1)) {
            $0[200] ^= 1
            $0[300] ^= 1
        }
        let damaged = store.files
        let error = #expect(throws: StoreError.self) {
            try Log.repairHead(store.disk, root: StoreOnDisk.root)
        }
        guard case .headAndLogDamaged(store.segment(1), _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.description.contains("\"colophon repair --head --from\" a copy, as a last resort") == true)
        #expect(store.files == damaged)
    }

    /// Neither of the two faults alone stops Colophon for good, so both together do not.
    @Test(arguments: [true, false])
    func `rows 5 to 7: a lost head and a flipped bit, wherever it is, are mended together`(isThere: Bool) throws {
        let files = try fill()
        for name in segments(files) {
            let bytes = try #require(files[name])
            for offset in stride(from: 0, to: bytes.count, by: 41) {
                for (file, content) in files { store.disk.plant(store.folder + "/" + file, content) }
                if isThere {
                    store.disk.change(store.head) { $0[40] ^= 1 }
                } else {
                    try store.disk.unlink(store.head)
                }
                store.disk.change(store.folder + "/" + name) { $0[offset] ^= 1 << UInt8(offset % 8) }
                do {
                    let mends = try Log.repairHead(store.disk, root: StoreOnDisk.root)
                    #expect(mends.count == 2, "\(name) at \(offset)")
                    #expect(store.files[name] == bytes && store.files["head.json"] == files["head.json"])
                } catch {
                    // The line with which the log began is what tells whose it is.
                    #expect(name == Segment.name(first: 1) && offset < 120, "\(name) at \(offset): \(error)")
                }
            }
        }
    }

    @Test func `rows 5 to 7: with a copy at hand a lost head and more than one byte are mended, too`() throws {
        let files = try fill()
        try copy(files, to: "/home/copy")
        let last = try #require(segments(files).last)
        store.disk.change(store.folder + "/" + last) { $0.removeLast(30) }
        store.disk.change(store.segment(1)) { $0.replaceSubrange(0..<40, with: [UInt8](repeating: 0, count: 40)) }
        try store.disk.unlink(store.head)
        let mends = try Log.repairHead(store.disk, root: StoreOnDisk.root, from: .copy("/home/copy"))
        #expect(mends.count == 3)
        for name in segments(files) { #expect(store.files[name] == files[name], "\(name)") }
        #expect(store.files["head.json"] == files["head.json"])
    }

    @Test func `a file with the name of a segment that the chain does not come by is named, and put away`() throws {
        let files = try fill()
        let first = try #require(files[Segment.name(first: 1)])
        let stray = store.folder + "/" + Segment.name(first: 2)
        try store.disk.publish(first, at: stray)
        #expect(throws: StoreError.stray(file: stray)) { try store.events() }
        let mends = try repair()
        guard case .stray(stray, let kept)? = mends.first, mends.count == 1 else {
            Issue.record("\(mends)")
            return
        }
        #expect(store.disk.peek(kept) == first)
        #expect(try store.events(checkingChain: true).count == 13)
        #expect(try repair() == [])
    }

    @Test func `row 8: no head hides that events are missing`() throws {
        let files = try fill()
        let last = try #require(segments(files).last)
        try store.disk.unlink(store.folder + "/" + last)
        let error = #expect(throws: StoreError.self) {
            try Log.repairHead(store.disk, root: StoreOnDisk.root)
        }
        guard case .missing? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(store.disk.peek(store.head) == files["head.json"])
    }
}
