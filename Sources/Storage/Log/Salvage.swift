import Formats

// What can still be read of a segment that nothing mends (STORE section 2, rows 5 and 8). Batches whose
// checksum is right are whole, wherever they stand; what lies between two of them is a damaged stretch, and
// of that single lines may still be read. The chain is not asked: behind a damaged batch it cannot be.

/// A piece of a segment.
enum Stretch {
    case whole(WholeBatch)
    case damaged(DamagedStretch)
}

struct WholeBatch {
    /// Event lines without line feeds.
    var lines: [Range<Int>]
    var commit: Commit
    /// The commit line up to its checksum, as it stands: a newer writer may have said more in it.
    var front: Range<Int>
}

struct DamagedStretch {
    /// In bytes of the segment's file.
    var bytes: Range<Int>
    /// The events that stood there; `nil`: none, the bytes are no part of the log.
    var sequences: ClosedRange<Int>?
    /// Lines that look like events of these numbers. Nothing proves them.
    var lines: [(sequence: Int, range: Range<Int>)] = []
    /// When and by whom it was written and the chain behind it, as its last commit line still says.
    var at: Instant?
    var writer: Int?
    var sha: [UInt8]?
}

struct Salvage {
    let bytes: [UInt8]
    let segment: Int

    /// The pieces of the segment in order.
    ///
    /// `last`: the last event that was acknowledged in it, as its successor's name or the head says; `nil`:
    /// nobody says, and what any line names may have been. A whole batch behind that is a piece, too; what is
    /// not whole there was never acknowledged.
    func stretches(last stated: Int?) -> [Stretch] {
        let last = stated ?? lastNamed
        var stretches: [Stretch] = []
        var next = segment
        var offset = 0
        if let header = try? Segment.readHeader(bytes, to: bytes.count), header.first == segment {
            offset = header.end
        }
        while offset < bytes.count {
            if let (batch, end) = batch(at: offset, next) {
                stretches.append(.whole(batch))
                next = batch.commit.sequences.upperBound + 1
                offset = end
                continue
            }
            guard let found = nextWholeBatch(from: offset, next) else { break }
            stretches.append(.damaged(damaged(offset..<found.offset, next, found.sequence - 1)))
            (offset, next) = (found.offset, found.sequence)
        }
        if next <= last || offset < bytes.count && !stretches.isEmpty {
            stretches.append(.damaged(damaged(offset..<bytes.count, next, last)))
        }
        return stretches
    }

    /// The highest number that a line names. One that is higher than the events that could stand before it
    /// was misread: none has fewer than 32 bytes.
    private var lastNamed: Int {
        var last = 0
        for line in lines(0..<bytes.count) {
            let named = sequence(of: line) ?? sequences(ofCommit: line)?.upperBound ?? 0
            if named - segment <= line.upperBound / 32 { last = max(last, named) }
        }
        return last
    }

    private func batch(at offset: Int, _ next: Int) -> (WholeBatch, end: Int)? {
        var reader = BatchReader(
            bytes, segmentFirst: segment, from: offset, to: bytes.count, next: next, sha: [],
            checksChain: false)
        guard let commit = try? reader.read(), let last = reader.events.last else { return nil }
        let front = (last.upperBound + 1)..<(reader.offset - Batch.fixedTailBytes)
        return (WholeBatch(lines: reader.events, commit: commit, front: front), reader.offset)
    }

    /// The first batch from `offset` on that is whole and begins with event `next` or a later one.
    private func nextWholeBatch(from offset: Int, _ next: Int) -> (offset: Int, sequence: Int)? {
        var begins: [Int: Int] = [:]
        for line in lines(offset..<bytes.count) {
            if let sequence = sequence(of: line) {
                if begins[sequence] == nil { begins[sequence] = line.lowerBound }
            } else if let first = sequences(ofCommit: line)?.lowerBound, first >= next, let begin = begins[first],
                let (_, end) = batch(at: begin, first), end == line.upperBound + 1
            {
                return (begin, first)
            }
        }
        return nil
    }

    private func damaged(_ range: Range<Int>, _ first: Int, _ last: Int) -> DamagedStretch {
        guard first <= last else { return DamagedStretch(bytes: range, sequences: nil) }
        var stretch = DamagedStretch(bytes: range, sequences: first...last)
        var known = first - 1
        for line in lines(range) {
            if let sequence = sequence(of: line), sequence > known, sequence <= last {
                stretch.lines.append((sequence, line))
                known = sequence
            } else if sequences(ofCommit: line) != nil {
                var fields = FieldReader(bytes, line)
                _ = fields.literal("{\"commit\":") && fields.integer() != nil
                _ = fields.literal(",\"n\":") && fields.integer() != nil
                stretch.at = fields.literal(",\"at\":\"") ? fields.instant() : nil
                stretch.writer = fields.literal("\",\"writer\":") ? fields.integer() : nil
                var tail = FieldReader(bytes, (line.upperBound - 66)..<line.upperBound)
                stretch.sha = tail.hexadecimal(byteCount: 32)
            }
        }
        return stretch
    }

    /// Lines without their line feeds; the last may lack one. One by one as they are asked for: who looks for the
    /// next whole batch stops there, and a segment may have a thousand damaged ones.
    private func lines(_ range: Range<Int>) -> some Sequence<Range<Int>> {
        Swift.sequence(state: range.lowerBound) { start in
            guard start < range.upperBound else { return nil }
            let end = bytes[start..<range.upperBound].firstIndex(of: 0x0A) ?? range.upperBound
            defer { start = end + 1 }
            return start..<end
        }
    }

    private func sequence(of line: Range<Int>) -> Int? {
        var fields = FieldReader(bytes, line)
        guard line.count <= LogLimits.lineBytesMax, fields.literal("{\"seq\":"),
            let sequence = fields.integer(), fields.literal(","), bytes[line.upperBound - 1] == 0x7D
        else { return nil }
        return sequence
    }

    /// Of the batch that this commit line closes.
    private func sequences(ofCommit line: Range<Int>) -> ClosedRange<Int>? {
        var fields = FieldReader(bytes, line)
        guard line.count >= Batch.fixedTailBytes, fields.literal("{\"commit\":"),
            let last = fields.integer(), fields.literal(",\"n\":"), let count = fields.integer(),
            count > 0, count <= last
        else { return nil }
        return (last - count + 1)...last
    }
}
