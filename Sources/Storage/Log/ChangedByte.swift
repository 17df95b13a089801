import Formats

/// A byte that is not what was written, and how it differs.
struct ChangedByte {
    /// In one segment; more is no accident of a single cell.
    static let changesMax = 16

    var offset: Int
    var difference: UInt8

    /// All that have to be put right for the segment to be whole: one in the header, one in a batch;
    /// `nil`: that does not make it whole.
    static func all(
        _ bytes: [UInt8], _ segment: Int, _ sha: [UInt8], _ extent: LogExtent
    ) -> [ChangedByte]? {
        var bytes = bytes
        var changes: [ChangedByte] = []
        while changes.count < changesMax {
            let walk = ChainWalk(bytes, segment, after: sha, extent)
            guard let flaw = walk.flaw else { return changes.isEmpty ? nil : changes }
            let change =
                walk.offset == 0
                ? inHeader(bytes, Segment.header(first: segment, previous: sha))
                : inBatch(bytes, walk, flaw)
            guard let change else { return nil }
            bytes[change.offset] ^= change.difference
            changes.append(change)
        }
        return nil
    }

    /// Of what may have been changed, that which makes a whole batch of the chain.
    private static func inBatch(_ bytes: [UInt8], _ walk: ChainWalk, _ flaw: Flaw) -> ChangedByte? {
        var work = bytes
        for change in candidates(bytes, from: walk.offset, to: walk.limit, flaw) {
            work[change.offset] ^= change.difference
            var reader = BatchReader(
                work, segmentFirst: walk.segment, from: walk.offset, to: walk.limit, next: walk.next,
                sha: walk.sha, checksChain: true)
            if (try? reader.read()) != nil { return change }
            work[change.offset] ^= change.difference
        }
        return nil
    }

    /// The header is known to the byte.
    private static func inHeader(_ bytes: [UInt8], _ header: [UInt8]) -> ChangedByte? {
        guard bytes.count >= header.count else { return nil }
        var found: ChangedByte?
        for (offset, byte) in header.enumerated() where bytes[offset] != byte {
            guard found == nil else { return nil }
            found = ChangedByte(offset: offset, difference: bytes[offset] ^ byte)
        }
        return found
    }

    /// What to try: the byte that the checksum points to, then the bits of the lines around the place
    /// where the batch stops making sense, and of the commit line's own checksums.
    private static func candidates(
        _ bytes: [UInt8], from start: Int, to limit: Int, _ flaw: Flaw
    ) -> [ChangedByte] {
        let wrong = min(flaw.offset, limit - 1)
        var changes = lostLineFeeds(bytes, start..<limit)
        var lines: [Range<Int>] = []
        var place = start
        while place < limit {
            let end = bytes[place..<limit].firstIndex(of: 0x0A) ?? limit - 1
            lines.append(place..<(end + 1))
            let isCommit = bytes[place...end].starts(with: "{\"commit\":".utf8)
            place = end + 1
            guard isCommit else { continue }
            let body = start..<(place - Batch.fixedTailBytes)
            if body.upperBound > start {
                changes += pointedTo(bytes, body, stated: bytes[body.upperBound..<place])
            }
            if place > wrong { break }
        }
        for (index, line) in lines.enumerated() {
            let around = lines[max(0, index - 1)...min(lines.count - 1, index + 1)]
            let isNear = around.contains { $0.contains(wrong) }
            guard isNear || index == lines.count - 1 else { continue }
            let tail = max(line.lowerBound, line.upperBound - Batch.fixedTailBytes)..<line.upperBound
            for offset in isNear ? line : tail {
                for bit in 0..<8 { changes.append(ChangedByte(offset: offset, difference: 1 << UInt8(bit))) }
            }
        }
        return changes
    }

    /// A line feed that is lost joins two lines, and what is wrong shows far behind them.
    private static func lostLineFeeds(_ bytes: [UInt8], _ range: Range<Int>) -> [ChangedByte] {
        var changes: [ChangedByte] = []
        for offset in range.dropFirst() where bytes[offset] != 0x0A && bytes[offset - 1] == 0x7D {
            let next = bytes[(offset + 1)..<range.upperBound]
            if next.starts(with: "{\"seq\":".utf8) || next.starts(with: "{\"commit\":".utf8) {
                changes.append(ChangedByte(offset: offset, difference: bytes[offset] ^ 0x0A))
            }
        }
        return changes
    }

    /// A checksum is linear: the stated and the computed one differ by what the changed byte, and as many
    /// zeros as bytes follow it, add to it. So the difference is taken back zero by zero; where it is what
    /// one byte adds, that byte may be it.
    private static func pointedTo(
        _ bytes: [UInt8], _ body: Range<Int>, stated tail: ArraySlice<UInt8>
    ) -> [ChangedByte] {
        var fields = FieldReader(bytes, tail.startIndex..<tail.endIndex)
        guard fields.literal(",\"crc\":\""), let stated = fields.checksum() else { return [] }
        var computed = CRC32C()
        computed.update(bytes, body)
        var difference = computed.value ^ stated
        guard difference != 0 else { return [] }
        let zero = CRC32C.checksum([0])
        let added = (0...255).map { CRC32C.checksum([UInt8($0)]) ^ zero }
        // The highest byte tells which of them it is.
        var byHighest = [Int](repeating: 0, count: 256)
        for (byte, sum) in added.enumerated() { byHighest[Int(sum >> 24)] = byte }
        var found: [ChangedByte] = []
        for offset in body.reversed() {
            let byte = byHighest[Int(difference >> 24)]
            if added[byte] == difference { found.append(ChangedByte(offset: offset, difference: UInt8(byte))) }
            difference = (difference ^ added[byte]) << 8 | UInt32(byte)
        }
        return found
    }
}
