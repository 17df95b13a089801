public import Formats

// A snapshot: the state after one batch, as flat arrays; a cache that may be deleted at any time
// (STORE section 3). Little endian.
//
//      0  8  magic COLSNAP1        40  32  chain sha
//      8  4  format = 1            72   8  payload length
//     12  4  reducer version       80   4  payload CRC32C
//     16  8  sequence              84   4  section count
//     24  8  segment first         88   8  written at (unix seconds, information only)
//     32  8  end in segment        96  28  zero
//                                 124   4  CRC32C of bytes 0-123
//    128     payload: per section u32 tag, u32 element size, u64 count; then the arrays in that
//            order, each beginning at a multiple of 64 bytes, zeroes between

/// Makes the bytes of a snapshot, an array at a time.
public struct SnapshotWriter: Sendable {
    private struct Section: Sendable {
        var tag: UInt32
        var content: Content
    }

    fileprivate enum Content: Sendable {
        case bytes([UInt8])
        case words([UInt32])
        case longWords([UInt64])
        case integers([Int64])
    }

    private var sections: [Section] = []

    public init() {}

    /// A tag names its array, and is used once.
    public mutating func add(_ tag: UInt32, _ bytes: [UInt8]) { add(tag, .bytes(bytes)) }
    public mutating func add(_ tag: UInt32, _ words: [UInt32]) { add(tag, .words(words)) }
    public mutating func add(_ tag: UInt32, _ words: [UInt64]) { add(tag, .longWords(words)) }
    public mutating func add(_ tag: UInt32, _ integers: [Int64]) { add(tag, .integers(integers)) }

    private mutating func add(_ tag: UInt32, _ content: Content) {
        precondition(!sections.contains { $0.tag == tag }, "a tag names one array")
        sections.append(Section(tag: tag, content: content))
    }

    /// The file's bytes. `at` is information only: the same state at another time differs in it.
    public func encode(reducerVersion: Int, position: LogPosition, at: Instant) -> [UInt8] {
        precondition(position.sha.count == 32, "a chain has 32 bytes")
        let starts = layOut()
        var bytes = [UInt8](repeating: 0, count: starts.last ?? SnapshotLayout.headerBytes)
        var place = SnapshotLayout.headerBytes
        for section in sections {
            let (elementBytes, count) = section.content.shape
            put(UInt64(section.tag), 4, in: &bytes, at: place)
            put(UInt64(elementBytes), 4, in: &bytes, at: place + 4)
            put(UInt64(count), 8, in: &bytes, at: place + 8)
            place += SnapshotLayout.sectionBytes
        }
        for (section, start) in zip(sections, starts) {
            section.content.write(into: &bytes, at: start)
        }
        var crc = CRC32C()
        crc.update(bytes, SnapshotLayout.headerBytes..<bytes.count)
        bytes.replaceSubrange(0..<8, with: SnapshotLayout.magic)
        put(UInt64(SnapshotLayout.format), 4, in: &bytes, at: 8)
        put(UInt64(reducerVersion), 4, in: &bytes, at: 12)
        put(UInt64(position.sequence), 8, in: &bytes, at: 16)
        put(UInt64(position.segmentFirst), 8, in: &bytes, at: 24)
        put(UInt64(position.end), 8, in: &bytes, at: 32)
        bytes.replaceSubrange(40..<72, with: position.sha)
        put(UInt64(bytes.count - SnapshotLayout.headerBytes), 8, in: &bytes, at: 72)
        put(UInt64(crc.value), 4, in: &bytes, at: 80)
        put(UInt64(sections.count), 4, in: &bytes, at: 84)
        put(UInt64(bitPattern: at.seconds), 8, in: &bytes, at: 88)
        var headerCRC = CRC32C()
        headerCRC.update(bytes, 0..<124)
        put(UInt64(headerCRC.value), 4, in: &bytes, at: 124)
        return bytes
    }

    /// Where each array begins, and behind them where the file ends.
    private func layOut() -> [Int] {
        var starts: [Int] = []
        var place =
            SnapshotLayout.headerBytes + sections.count * SnapshotLayout.sectionBytes
        for section in sections {
            let start = SnapshotLayout.aligned(place)
            starts.append(start)
            let (elementBytes, count) = section.content.shape
            place = start + elementBytes * count
        }
        return starts + [place]
    }
}

/// A snapshot that was read: its sums are right, and it says what it is bound to.
public struct Snapshot: Sendable {
    private struct Section: Sendable {
        var tag: UInt32
        var elementBytes: Int
        var start: Int
        var count: Int
    }

    public let reducerVersion: Int
    /// The batch whose state this is.
    public let position: LogPosition
    public let writtenAt: Instant
    private let file: [UInt8]
    private let sections: [Section]

    /// Reads a file's bytes; throws why it is of no use.
    public init(_ bytes: [UInt8]) throws(SnapshotFlaw) {
        guard bytes.count >= SnapshotLayout.headerBytes,
            bytes.starts(with: SnapshotLayout.magic)
        else { throw .notASnapshot }
        func number(_ offset: Int, _ width: Int) -> UInt64 { get(width, in: bytes, at: offset) }
        var headerCRC = CRC32C()
        headerCRC.update(bytes, 0..<124)
        guard number(124, 4) == UInt64(headerCRC.value) else { throw .damaged }
        guard number(8, 4) == UInt64(SnapshotLayout.format) else {
            throw .format(Int(number(8, 4)))
        }
        let payload = SnapshotLayout.headerBytes..<bytes.count
        var crc = CRC32C()
        crc.update(bytes, payload)
        guard number(72, 8) == UInt64(payload.count), number(80, 4) == UInt64(crc.value),
            let sequence = Int(exactly: number(16, 8)),
            let first = Int(exactly: number(24, 8)), let end = Int(exactly: number(32, 8)),
            let sections = Snapshot.sections(bytes, count: Int(number(84, 4)))
        else { throw .damaged }
        reducerVersion = Int(number(12, 4))
        position = LogPosition(
            sequence: sequence, segmentFirst: first, end: end, sha: Array(bytes[40..<72]))
        writtenAt = Instant(seconds: Int64(bitPattern: number(88, 8)))
        file = bytes
        self.sections = sections
    }

    private static func sections(_ bytes: [UInt8], count: Int) -> [Section]? {
        var table = SnapshotLayout.headerBytes
        guard count <= (bytes.count - table) / SnapshotLayout.sectionBytes else { return nil }
        var sections: [Section] = []
        var place = table + count * SnapshotLayout.sectionBytes
        for _ in 0..<count {
            let size = Int(get(4, in: bytes, at: table + 4))
            let start = SnapshotLayout.aligned(place)
            guard [1, 4, 8].contains(size), start <= bytes.count,
                let length = Int(exactly: get(8, in: bytes, at: table + 8)),
                length <= (bytes.count - start) / size
            else { return nil }
            sections.append(Section(
                tag: UInt32(get(4, in: bytes, at: table)), elementBytes: size, start: start,
                count: length))
            place = start + length * size
            table += SnapshotLayout.sectionBytes
        }
        return place == bytes.count ? sections : nil
    }

    /// An array by its tag; `nil` when there is none of that element size.
    public func bytes(_ tag: UInt32) -> [UInt8]? {
        section(tag, 1).map { Array(file[$0.start..<$0.start + $0.count]) }
    }

    public func words(_ tag: UInt32) -> [UInt32]? {
        section(tag, 4).map { section in
            let span = file.span.extracting(section.start..<section.start + section.count * 4)
            return [UInt32](capacity: section.count) { words in
                for index in 0..<section.count {
                    let word = span.extracting(index &* 4..<index &* 4 &+ 4)
                    words.append(
                        UInt32(word[0]) | UInt32(word[1]) << 8 | UInt32(word[2]) << 16
                            | UInt32(word[3]) << 24)
                }
            }
        }
    }

    public func longWords(_ tag: UInt32) -> [UInt64]? {
        section(tag, 8).map { section in
            let span = file.span.extracting(section.start..<section.start + section.count * 8)
            return [UInt64](capacity: section.count) { words in
                for index in 0..<section.count { words.append(longWord(span, index)) }
            }
        }
    }

    public func integers(_ tag: UInt32) -> [Int64]? {
        section(tag, 8).map { section in
            let span = file.span.extracting(section.start..<section.start + section.count * 8)
            return [Int64](capacity: section.count) { integers in
                for index in 0..<section.count {
                    integers.append(Int64(bitPattern: longWord(span, index)))
                }
            }
        }
    }

    private func section(_ tag: UInt32, _ elementBytes: Int) -> Section? {
        for section in sections where section.tag == tag && section.elementBytes == elementBytes {
            return section
        }
        return nil
    }
}

/// Why a file is no snapshot for us. Never an error of the store: a snapshot is a cache.
public enum SnapshotFlaw: Error, Equatable, Sendable {
    case notASnapshot
    case damaged
    /// Written by a newer version of this program.
    case format(Int)
    /// Its name says another sequence number or reducer than its bytes.
    case otherName
}

private enum SnapshotLayout {
    static let magic = Array("COLSNAP1".utf8)
    static let format = 1
    static let headerBytes = 128
    static let sectionBytes = 16

    static func aligned(_ place: Int) -> Int { (place + 63) / 64 * 64 }
}

extension SnapshotWriter.Content {
    fileprivate var shape: (elementBytes: Int, count: Int) {
        switch self {
        case .bytes(let bytes): (1, bytes.count)
        case .words(let words): (4, words.count)
        case .longWords(let words): (8, words.count)
        case .integers(let integers): (8, integers.count)
        }
    }

    fileprivate func write(into bytes: inout [UInt8], at start: Int) {
        switch self {
        case .bytes(let array): bytes.replaceSubrange(start..<start + array.count, with: array)
        case .words(let words):
            var span = bytes.mutableSpan
            var place = start
            for word in words {
                span[place] = UInt8(truncatingIfNeeded: word)
                span[place + 1] = UInt8(truncatingIfNeeded: word >> 8)
                span[place + 2] = UInt8(truncatingIfNeeded: word >> 16)
                span[place + 3] = UInt8(truncatingIfNeeded: word >> 24)
                place += 4
            }
        case .longWords(let words):
            storeLongWords(words.count, in: &bytes, at: start) { words[$0] }
        case .integers(let integers):
            storeLongWords(integers.count, in: &bytes, at: start) {
                UInt64(bitPattern: integers[$0])
            }
        }
    }
}

private func storeLongWords(
    _ count: Int, in bytes: inout [UInt8], at start: Int, _ word: (Int) -> UInt64
) {
    var span = bytes.mutableSpan
    var place = start
    for index in 0..<count {
        let word = word(index)
        span[place] = UInt8(truncatingIfNeeded: word)
        span[place + 1] = UInt8(truncatingIfNeeded: word >> 8)
        span[place + 2] = UInt8(truncatingIfNeeded: word >> 16)
        span[place + 3] = UInt8(truncatingIfNeeded: word >> 24)
        span[place + 4] = UInt8(truncatingIfNeeded: word >> 32)
        span[place + 5] = UInt8(truncatingIfNeeded: word >> 40)
        span[place + 6] = UInt8(truncatingIfNeeded: word >> 48)
        span[place + 7] = UInt8(truncatingIfNeeded: word >> 56)
        place += 8
    }
}

private func longWord(_ bytes: Span<UInt8>, _ index: Int) -> UInt64 {
    let word = bytes.extracting(index &* 8..<index &* 8 &+ 8)
    let low =
        UInt64(word[0]) | UInt64(word[1]) << 8 | UInt64(word[2]) << 16 | UInt64(word[3]) << 24
    let high =
        UInt64(word[4]) << 32 | UInt64(word[5]) << 40 | UInt64(word[6]) << 48
        | UInt64(word[7]) << 56
    return low | high
}

/// A field of the header or of the section table, `width` bytes wide.
private func put(_ value: UInt64, _ width: Int, in bytes: inout [UInt8], at offset: Int) {
    for index in 0..<width {
        bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(index * 8))
    }
}

private func get(_ width: Int, in bytes: [UInt8], at offset: Int) -> UInt64 {
    (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64($1 * 8) }
}
