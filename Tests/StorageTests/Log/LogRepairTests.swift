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

    @Test func `row 6: no head is made from a damaged log`() throws {
        _ = try fill()
        try store.disk.unlink(store.head)
        store.disk.change(store.segment(1)) { $0[200] ^= 1 }
        let damaged = store.files
        #expect(throws: StoreError.self) { try Log.repairHead(store.disk, root: StoreOnDisk.root) }
        #expect(store.files == damaged)
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
