public import Formats

// A batch: what one run learned, framed for the disk (STORE section 3).
//
//     {"seq":1,…}⏎                                       ┐ event lines, counting up by one
//     {"seq":2,…}⏎                                       │
//     {"commit":2,"n":2,"at":"2026-01-15T12:00:00Z",     │ the commit line
//      "writer":1,"cause":"import","version":"1.0.0"     ┘ ← `body` ends here
//      ,"crc":"e6727969","sha":"49b3…3eb0"}⏎               ← 92 bytes, fixed width
//
//     crc = CRC32C(body)        sha = SHA-256(previous sha ‖ body)
//
// A batch counts only if its commit line is whole and right. The batch looks at `seq` alone: what
// else an event says is not known here. Keys that a newer writer puts after `version` are let be.

/// Limits of STORE section 2, row 28. Reaching one on write is a programmer's mistake.
public enum LogLimits {
    public static let lineBytesMax = 1 << 20
    public static let batchBytesMax = 64 << 20
    public static let batchLinesMax = 65_536
    /// A run that learned more than this writes several batches, in order.
    public static let runLinesMax = 16_384
    /// A segment longer than this takes no further batch.
    public static let segmentFullBytes = 1 << 20
    static let segmentBytesMax = segmentFullBytes + batchBytesMax + 4096
}

/// The commit line of a batch.
public struct Commit: Equatable, Sendable {
    /// The sequence numbers of the batch's events.
    public var sequences: ClosedRange<Int>
    /// As the writer's clock said it, raw: see `Log.lastCommit(notAfter:)` for clocks that lie.
    public var at: Instant
    /// A counter that a take-over of the store by another machine raises.
    public var writer: Int
    /// Which operation wrote it: `import`, `backfill`, `correct`, …
    public var cause: String
    /// The version of the program that wrote it.
    public var version: String
    /// The place after this batch.
    public var position: LogPosition
}

enum Batch {
    /// From `,"crc":"` to the line feed, included.
    static let fixedTailBytes = 92

    /// The bytes of a batch and the chain after it.
    ///
    /// `lines` are event lines without their line feed, the first of them `{"seq":first,…}`.
    static func encode(
        _ lines: [[UInt8]], first: Int, at: Instant, writer: Int, cause: String, version: String,
        after previous: [UInt8]
    ) -> (bytes: [UInt8], sha: [UInt8]) {
        precondition(
            isWord(cause) && isWord(version), "cause and version are short plain words")
        let front =
            "{\"commit\":\(first + lines.count - 1),\"n\":\(lines.count),\"at\":\"\(at)\","
            + "\"writer\":\(writer),\"cause\":\"\(cause)\",\"version\":\"\(version)\""
        return seal(lines, first: first, front: Array(front.utf8), after: previous)
    }

    /// The same with a commit line that is known up to its checksum.
    static func seal(
        _ lines: [[UInt8]], first: Int, front: [UInt8], after previous: [UInt8]
    ) -> (bytes: [UInt8], sha: [UInt8]) {
        precondition(
            (1...LogLimits.batchLinesMax).contains(lines.count),
            "a batch has 1 to \(LogLimits.batchLinesMax) lines, not \(lines.count)")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(lines.reduce(512) { $0 + $1.count + 1 })
        for (index, line) in lines.enumerated() {
            precondition(
                line.count <= LogLimits.lineBytesMax && !line.contains(0x0A)
                    && line.starts(with: "{\"seq\":\(first + index),".utf8)
                    && line.last == UInt8(ascii: "}"),
                "an event line is one line of JSON that begins with its sequence number")
            bytes += line
            bytes.append(0x0A)
        }
        bytes += front
        let crc = CRC32C.checksum(bytes)
        let sha = chain(after: previous, bytes, 0..<bytes.count)
        bytes += tail(crc, sha)
        precondition(
            bytes.count <= LogLimits.batchBytesMax,
            "a batch has at most \(LogLimits.batchBytesMax) bytes, not \(bytes.count)")
        return (bytes, sha)
    }

    /// How a commit line ends: `fixedTailBytes`.
    static func tail(_ crc: UInt32, _ sha: [UInt8]) -> [UInt8] {
        Array(",\"crc\":\"\(hex(crc))\",\"sha\":\"\(hex(sha))\"}\n".utf8)
    }

    static func chain(after sha: [UInt8], _ bytes: [UInt8], _ body: Range<Int>) -> [UInt8] {
        var hash = SHA256()
        hash.update(sha)
        hash.update(bytes, body)
        return hash.finish()
    }
}

/// What is wrong with the bytes of a segment, and where.
struct Flaw: Error, Equatable {
    var reason: DamageReason
    /// In bytes from the segment's beginning.
    var offset: Int
}

/// Walks the batches of one segment: the one parser of replay, `verify`, recovery and repair.
struct BatchReader {
    let bytes: [UInt8]
    let segmentFirst: Int
    /// Nothing is looked at from here on.
    let end: Int
    /// Where the next batch begins.
    private(set) var offset: Int
    /// The sequence number it must begin with.
    private(set) var next: Int
    /// The chain before it.
    private(set) var sha: [UInt8]
    /// The event lines read so far, without their line feeds.
    private(set) var events: [Range<Int>] = []
    let checksChain: Bool

    init(
        _ bytes: [UInt8], segmentFirst: Int, from offset: Int, to end: Int, next: Int,
        sha: [UInt8], checksChain: Bool
    ) {
        self.bytes = bytes
        self.segmentFirst = segmentFirst
        self.offset = offset
        self.end = end
        self.next = next
        self.sha = sha
        self.checksChain = checksChain
    }

    /// Reads one batch and moves behind it; when it throws, nothing has moved.
    mutating func read() throws(Flaw) -> Commit {
        let known = events.count
        do {
            let (line, last) = try readEvents()
            let commit = try readCommit(line, last: last)
            offset = commit.position.end
            next = commit.position.sequence + 1
            sha = commit.position.sha
            return commit
        } catch {
            events.removeSubrange(known...)
            throw error
        }
    }

    /// Takes the event lines in; answers the line after them, which must be the commit.
    private mutating func readEvents() throws(Flaw) -> (commit: Range<Int>, last: Int) {
        let bytes = self.bytes
        let span = bytes.span
        var start = offset
        var sequence = next
        while true {
            let limit = min(end, start + LogLimits.lineBytesMax + 1)
            guard let lineEnd = lineFeed(in: span, start, limit) else {
                throw Flaw(reason: limit == end ? .cutOff : .lineTooLong, offset: start)
            }
            guard lineEnd - start > 8 else { throw Flaw(reason: .unknownLine, offset: start) }
            // `{"commit":` and `{"seq":` differ in their third byte.
            if span[start + 2] == UInt8(ascii: "c") { return (start..<lineEnd, sequence - 1) }
            guard isEvent(span, start, lineEnd) else {
                throw Flaw(reason: .unknownLine, offset: start)
            }
            guard number(in: span, start + 7, lineEnd) == sequence else {
                throw Flaw(reason: .sequence(expected: sequence), offset: start)
            }
            guard sequence - next < LogLimits.batchLinesMax else {
                throw Flaw(reason: .tooManyLines, offset: start)
            }
            events.append(start..<lineEnd)
            sequence += 1
            start = lineEnd + 1
        }
    }

    private func readCommit(_ line: Range<Int>, last: Int) throws(Flaw) -> Commit {
        // A damaged line may begin like a commit and be no longer than its end.
        guard line.upperBound + 1 - offset > Batch.fixedTailBytes else {
            throw Flaw(reason: .unknownLine, offset: line.lowerBound)
        }
        let body = offset..<(line.upperBound + 1 - Batch.fixedTailBytes)
        guard line.upperBound + 1 - offset <= LogLimits.batchBytesMax else {
            throw Flaw(reason: .batchTooLong, offset: offset)
        }
        guard body.upperBound > line.lowerBound,
            let (crc, sha) = fixedTail(body.upperBound..<line.upperBound),
            let front = commitFront(line.lowerBound..<body.upperBound)
        else { throw Flaw(reason: .unknownLine, offset: line.lowerBound) }
        guard front.last == last, front.count == last - next + 1, front.count > 0 else {
            throw Flaw(reason: .count, offset: offset)
        }
        var computed = CRC32C()
        computed.update(bytes, body)
        guard computed.value == crc else { throw Flaw(reason: .checksum, offset: offset) }
        if checksChain {
            guard Batch.chain(after: self.sha, bytes, body) == sha else {
                throw Flaw(reason: .chain, offset: offset)
            }
        }
        return Commit(
            sequences: next...last, at: front.at, writer: front.writer, cause: front.cause,
            version: front.version,
            position: LogPosition(
                sequence: last, segmentFirst: segmentFirst, end: line.upperBound + 1, sha: sha))
    }

    private func fixedTail(_ range: Range<Int>) -> (crc: UInt32, sha: [UInt8])? {
        var fields = FieldReader(bytes, range)
        guard fields.literal(",\"crc\":\""), let crc = fields.checksum(),
            fields.literal("\",\"sha\":\""), let sha = fields.hexadecimal(byteCount: 32),
            fields.literal("\"}"), fields.isAtEnd
        else { return nil }
        return (crc, sha)
    }

    private struct Front {
        var last: Int
        var count: Int
        var at: Instant
        var writer: Int
        var cause: String
        var version: String
    }

    private func commitFront(_ range: Range<Int>) -> Front? {
        var fields = FieldReader(bytes, range)
        guard fields.literal("{\"commit\":"), let last = fields.integer(),
            fields.literal(",\"n\":"), let count = fields.integer(),
            fields.literal(",\"at\":\""), let at = fields.instant(),
            fields.literal("\",\"writer\":"), let writer = fields.integer(),
            fields.literal(",\"cause\":\""), let cause = fields.word(),
            fields.literal("\",\"version\":\""), let version = fields.word(),
            fields.literal("\""), fields.isAtEnd || fields.literal(",")
        else { return nil }
        return Front(
            last: last, count: count, at: at, writer: writer, cause: cause, version: version)
    }
}

/// Whether the line `start..<end` begins as an event does and ends as an object does.
private func isEvent(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    bytes[start] == 0x7B && bytes[start + 1] == 0x22 && bytes[start + 2] == 0x73
        && bytes[start + 3] == 0x65 && bytes[start + 4] == 0x71 && bytes[start + 5] == 0x22
        && bytes[start + 6] == 0x3A && bytes[end - 1] == 0x7D
}

/// The digits from `start` up to a comma, without a leading zero.
private func number(in bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var value = 0
    var index = start
    while index < end, index - start < 18 {
        let digit = bytes[index] &- 0x30
        if digit > 9 { break }
        value = value &* 10 &+ Int(digit)
        index += 1
    }
    guard index > start, index < end, bytes[index] == 0x2C, bytes[start] != 0x30 else {
        return nil
    }
    return value
}

/// The first line feed in `start..<end`. Eight bytes a step; a byte of `word ^ feeds` is zero
/// where a line feed is, and the subtraction borrows through exactly the first such byte.
private func lineFeed(in bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var index = start
    while index + 8 <= end {
        let eight = bytes.extracting(index..<index &+ 8)
        let low =
            UInt64(eight[0]) | UInt64(eight[1]) << 8 | UInt64(eight[2]) << 16 | UInt64(eight[3]) << 24
        let high =
            UInt64(eight[4]) << 32 | UInt64(eight[5]) << 40 | UInt64(eight[6]) << 48
            | UInt64(eight[7]) << 56
        let word = (low | high) ^ 0x0A0A_0A0A_0A0A_0A0A
        let found = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
        if found != 0 { return index + found.trailingZeroBitCount / 8 }
        index += 8
    }
    while index < end {
        if bytes[index] == 0x0A { return index }
        index += 1
    }
    return nil
}
