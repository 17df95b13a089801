import Formats

// One changed byte, found without trying (STORE section 2, row 5). What a batch must be follows from itself:
//
//     a header       is known to the byte
//     a tail         the two checksums at a commit line's end, follows from what stands before it
//     a body         its checksum is linear: the stated and the computed one differ by what the changed byte adds,
//                    which says where it is and what it was, however far behind it the lines stop making sense
//
// So a damaged batch is gone through a few times, whatever its length and whatever has become of it; what no
// single byte explains is given up there. A byte that is found counts only when it makes a whole batch of the chain.

/// A byte that is not what was written, and how it differs.
struct ChangedByte: Equatable {
    var offset: Int
    var difference: UInt8
}

/// Looks for the bytes that have to be put right for a segment to be whole: one in the header, one in a batch.
struct ChangedByteSearch {
    /// In one segment; more is no accident of a single cell.
    static let changesMax = 16

    /// As it was found, or with the changes put right.
    private(set) var bytes: [UInt8]
    /// `nil`: they do not make it whole, or it is.
    private(set) var changes: [ChangedByte]?
    /// What it cost: bytes walked, looked through, summed and hashed.
    private(set) var bytesRead = 0

    /// Up to what is still wrong.
    private(set) var walk: ChainWalk

    init(_ bytes: [UInt8], _ segment: Int, after sha: [UInt8], _ extent: LogExtent) {
        self.bytes = bytes
        walk = ChainWalk(bytes, segment, after: sha, extent)
        bytesRead += walk.offset
        var found: [ChangedByte] = []
        while let change = walk.offset == 0 ? inHeader(Segment.header(first: segment, previous: sha)) : inBatch() {
            self.bytes[change.offset] ^= change.difference
            found.append(change)
            let start = walk.offset
            walk.goOn(self.bytes)
            bytesRead += walk.offset - start
            guard walk.flaw != nil else {
                changes = found
                return
            }
            guard found.count < ChangedByteSearch.changesMax else { return }
        }
    }

    private func inHeader(_ header: [UInt8]) -> ChangedByte? {
        guard walk.flaw != nil, bytes.count >= header.count else { return nil }
        return onlyDifference(from: header, at: 0)
    }

    /// In the batch at which the walk stopped.
    private mutating func inBatch() -> ChangedByte? {
        guard walk.flaw != nil else { return nil }
        let limit = min(walk.limit, walk.offset + LogLimits.batchBytesMax)
        guard let tail = firstTail(walk.offset..<limit) else {
            bytesRead += 2 * (limit - walk.offset)
            return nil
        }
        let body = walk.offset..<tail
        var computed = CRC32C()
        computed.update(bytes, body)
        let expected = Batch.tail(computed.value, Batch.chain(after: walk.sha, bytes, body))
        // The walk that stopped here, the search for the tail, the sum, the hash.
        bytesRead += 4 * body.count
        if let change = onlyDifference(from: expected, at: tail) { return isMend(change, body.count) ? change : nil }
        var fields = FieldReader(bytes, tail..<(tail + Batch.fixedTailBytes))
        guard fields.literal(",\"crc\":\""), let stated = fields.checksum() else { return nil }
        bytesRead += body.count
        // In the longest batch of all, four or so that are none add the same by chance.
        return pointedTo(body, computed.value ^ stated).first { isMend($0, body.count) }
    }

    private func onlyDifference(from expected: [UInt8], at start: Int) -> ChangedByte? {
        var found: ChangedByte?
        for (index, byte) in expected.enumerated() where bytes[start + index] != byte {
            guard found == nil else { return nil }
            found = ChangedByte(offset: start + index, difference: bytes[start + index] ^ byte)
        }
        return found
    }

    /// Whether the batch is whole then, and of the chain.
    private mutating func isMend(_ change: ChangedByte, _ count: Int) -> Bool {
        bytesRead += count
        bytes[change.offset] ^= change.difference
        defer { bytes[change.offset] ^= change.difference }
        var reader = BatchReader(
            bytes, segmentFirst: walk.segment, from: walk.offset, to: walk.limit, next: walk.next, sha: walk.sha,
            checksChain: true)
        return (try? reader.read()) != nil
    }

    /// Where a commit line's fixed end begins; one byte of it may have changed. In an event, whose quotation
    /// marks are escaped, nothing looks like it.
    private func firstTail(_ range: Range<Int>) -> Int? {
        let data = bytes.span
        let pattern = ChangedByteSearch.tailPattern.span
        var place = range.lowerBound + 1
        while place + pattern.count <= range.upperBound {
            var strangers = 0
            var index = 0
            while index < pattern.count, strangers < 2 {
                let byte = data[place + index]
                let wanted = pattern[index]
                let fits = wanted == 0x30 ? isHexDigit(byte) : byte == wanted
                if !fits { strangers += 1 }
                index += 1
            }
            if strangers < 2 { return place }
            place += 1
        }
        return nil
    }

    /// Each digit a 0.
    private static let tailPattern = Batch.tail(0, [UInt8](repeating: 0, count: 32))

    /// The difference of two checksums is taken back over the body, zero by zero; where it is what one byte adds,
    /// that byte may be it.
    private func pointedTo(_ body: Range<Int>, _ difference: UInt32) -> [ChangedByte] {
        guard difference != 0 else { return [] }
        var difference = difference
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

private func isHexDigit(_ byte: UInt8) -> Bool {
    byte >= 0x30 && byte <= 0x39 || byte >= 0x61 && byte <= 0x66
}
