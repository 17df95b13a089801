import Files
import Formats
import Storage

/// Makes a store look as if a check were not there: what the mistakes of a program that reads cannot be
/// done by dropping its calls.
enum Forgery {
    /// The head follows the log, whatever became of it: as if there were none.
    static func makeHead(_ disk: FaultyDisk, _ root: String) {
        guard let last = batches(disk, root).last, let store = identity(disk, root) else { return }
        disk.plant("\(root)/log/head.json", Head(store: store, position: last).encoded)
    }

    /// Every snapshot gets the place and the chain that the log has at its sequence.
    static func bindSnapshots(_ disk: FaultyDisk, _ root: String) {
        let batches = batches(disk, root)
        for name in snapshots(disk, root) {
            let path = "\(root)/snapshots/\(name)"
            guard let sequence = Int(name.prefix(20)), var bytes = disk.peek(path), bytes.count >= 128,
                let found = batches.first(where: { $0.sequence == sequence })
            else { continue }
            put(UInt64(found.segmentFirst), at: 24, in: &bytes)
            put(UInt64(found.end), at: 32, in: &bytes)
            bytes.replaceSubrange(40..<72, with: found.sha)
            seal(&bytes)
            disk.plant(path, bytes)
        }
    }

    /// Not those that a program is about to publish.
    private static func snapshots(_ disk: FaultyDisk, _ root: String) -> [String] {
        disk.names(root + "/snapshots").filter { $0.hasSuffix(".snapshot") && !$0.hasPrefix(unfinishedPrefix) }
    }

    /// Every snapshot says that this reducer wrote it.
    static func claimSnapshots(_ disk: FaultyDisk, _ root: String, version: Int) {
        for name in snapshots(disk, root) {
            let path = "\(root)/snapshots/\(name)"
            guard var bytes = disk.peek(path), bytes.count >= 128 else { continue }
            bytes.replaceSubrange(12..<16, with: [UInt8(version), 0, 0, 0])
            seal(&bytes)
            disk.plant(path, nil)
            disk.plant("\(root)/snapshots/\(name.prefix(20)).r\(version).snapshot", bytes)
        }
    }

    /// Every snapshot has the sums of the bytes that stand there.
    static func sealSnapshots(_ disk: FaultyDisk, _ root: String) {
        for name in snapshots(disk, root) {
            disk.change("\(root)/snapshots/\(name)") { bytes in
                guard bytes.count >= 128 else { return }
                let sum = CRC32C.checksum(Array(bytes[128...]))
                for place in 0..<4 { bytes[80 + place] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(place))) }
                seal(&bytes)
            }
        }
    }

    /// Every batch below the head has the checksum of the bytes that stand there.
    static func sealBatches(_ disk: FaultyDisk, _ root: String) {
        guard let head = head(disk, root) else { return }
        let batches = batches(disk, root)
        for (name, limit) in segments(disk, root, head) {
            let path = "\(root)/log/\(name)"
            guard let text = disk.peek(path), var start = text.firstIndex(of: 0x0A).map({ $0 + 1 }) else { continue }
            for batch in batches where batch.segmentFirst == Int(name.prefix(20)) && batch.end <= limit {
                defer { start = batch.end }
                let tail = batch.end - 92
                guard tail > start else { continue }
                let sum = CRC32C.checksum(Array(text[start..<tail]))
                let digits = hex((0..<4).map { UInt8(truncatingIfNeeded: sum >> (24 - 8 * UInt32($0))) })
                // `,"crc":"` stands before it.
                disk.change(path) { $0.replaceSubrange(tail + 8..<tail + 16, with: digits.utf8) }
            }
        }
    }

    /// Whether there is more in the log than its head witnesses.
    static func goesOnBeyondHead(_ disk: FaultyDisk, _ root: String) -> Bool {
        guard let head = head(disk, root) else { return false }
        return disk.names(root + "/log").contains { name in
            guard name.hasSuffix(".ndjson"), let first = Int(name.prefix(20)) else { return false }
            return first > head.segment
                || first == head.segment && disk.peek("\(root)/log/\(name)")?.count ?? 0 > head.end
        }
    }

    /// Puts the log back to its first batch, as from a backup. Answers how long it was; `nil`: it has no
    /// second batch.
    static func cutToFirstBatch(_ disk: FaultyDisk, _ root: String) -> Int? {
        let batches = batches(disk, root)
        guard batches.count > 1, let store = identity(disk, root) else { return nil }
        let first = batches[0]
        for name in disk.names(root + "/log") where name.hasSuffix(".ndjson") && Int(name.prefix(20)) != 1 {
            disk.plant("\(root)/log/\(name)", nil)
        }
        disk.change(segment(root, 1)) { $0.removeSubrange(first.end...) }
        disk.plant("\(root)/log/head.json", Head(store: store, position: first).encoded)
        return batches[batches.count - 1].sequence
    }

    /// Takes the last batch away, as if it had not been written yet, where it has such a word.
    static func dropLastBatch(_ disk: FaultyDisk, _ root: String, saying word: String) {
        let batches = batches(disk, root)
        guard batches.count > 1, let last = batches.last, let store = identity(disk, root) else { return }
        let before = batches[batches.count - 2]
        // A segment's first batch stays: too few of them to matter.
        guard before.segmentFirst == last.segmentFirst else { return }
        let path = segment(root, last.segmentFirst)
        guard let text = disk.peek(path), text.count == last.end,
            String(decoding: text[before.end...], as: UTF8.self).contains(word)
        else { return }
        disk.plant(path, Array(text[..<before.end]))
        disk.plant("\(root)/log/head.json", Head(store: store, position: before).encoded)
    }

    // MARK: the log, read without the code that is tried

    /// The last event, the segment it is in, and where that ends, in bytes.
    typealias Extent = (sequence: Int, segment: Int, end: Int)

    /// Where the head says that the log ends; `nil`: there is none that can be read.
    static func head(_ disk: FaultyDisk, _ root: String) -> Extent? {
        guard let bytes = disk.peek(root + "/log/head.json"), let head = try? JSONReader.read(bytes),
            let sequence = head["commit"]?.integerValue, let first = head["first"]?.integerValue,
            let end = head["end"]?.integerValue
        else { return nil }
        return (Int(sequence), Int(first), Int(end))
    }

    /// The segments that the head vouches for, and with how many bytes of each.
    static func segments(_ disk: FaultyDisk, _ root: String, _ head: Extent) -> [(name: String, limit: Int)] {
        disk.names(root + "/log").compactMap { name in
            guard name.hasSuffix(".ndjson"), let first = Int(name.prefix(20)), first <= head.segment else { return nil }
            return (name, first == head.segment ? head.end : .max)
        }
    }

    private static func segment(_ root: String, _ first: Int) -> String {
        let digits = String(first)
        return "\(root)/log/" + String(repeating: "0", count: 20 - digits.utf8.count) + digits + ".ndjson"
    }

    private static func identity(_ disk: FaultyDisk, _ root: String) -> [UInt8]? {
        guard let text = disk.peek(segment(root, 1)), let feed = text.firstIndex(of: 0x0A) else { return nil }
        return try? JSONReader.read(Array(text[..<feed]))["prev"]?.stringValue.flatMap(bytes(hex:))
    }

    /// Every line that looks like a commit, in order.
    private static func batches(_ disk: FaultyDisk, _ root: String) -> [LogPosition] {
        var found: [LogPosition] = []
        for name in disk.names(root + "/log") where name.hasSuffix(".ndjson") {
            guard let first = Int(name.prefix(20)) else { continue }
            let text = disk.peek("\(root)/log/\(name)") ?? []
            var start = 0
            while let feed = text[start...].firstIndex(of: 0x0A) {
                let line = Array(text[start..<feed])
                start = feed + 1
                guard line.starts(with: Array("{\"commit\":".utf8)),
                    let value = try? JSONReader.read(line), let sequence = value["commit"]?.integerValue,
                    let sha = value["sha"]?.stringValue.flatMap(bytes(hex:))
                else { continue }
                found.append(
                    LogPosition(sequence: Int(sequence), segmentFirst: first, end: start, sha: sha))
            }
        }
        return found
    }

    private static func put(_ number: UInt64, at offset: Int, in bytes: inout [UInt8]) {
        for place in 0..<8 { bytes[offset + place] = UInt8(truncatingIfNeeded: number >> (8 * UInt64(place))) }
    }

    /// The header's checksum, as STORE section 3 lays it down.
    private static func seal(_ bytes: inout [UInt8]) {
        let sum = CRC32C.checksum(Array(bytes[..<124]))
        for place in 0..<4 { bytes[124 + place] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(place))) }
    }
}
