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
    private enum Content: Sendable {
        case bytes([UInt8])
        case words([UInt32])
        case longWords([Int64])
    }

    public let reducerVersion: Int
    /// The batch whose state this is.
    public let position: LogPosition
    public let writtenAt: Instant
    private let sections: [(tag: UInt32, content: Content)]

    /// Reads a file's bytes; throws why it is of no use.
    public init(_ bytes: [UInt8]) throws(SnapshotFlaw) {
        try self.init(size: bytes.count) { offset, count in Array(bytes[offset..<offset + count]) }
    }

    /// Reads a file array by array, so that its bytes are in memory once.
    ///
    /// - Parameter read: `count` bytes from `offset` on; `nil` where that fails.
    init(
        size: Int, read: @escaping (_ offset: Int, _ count: Int) -> [UInt8]?
    ) throws(SnapshotFlaw) {
        guard size >= SnapshotLayout.headerBytes,
            let header = read(0, SnapshotLayout.headerBytes), header.count == SnapshotLayout.headerBytes,
            header.starts(with: SnapshotLayout.magic)
        else { throw .notASnapshot }
        func number(_ offset: Int, _ width: Int) -> UInt64 { get(width, in: header, at: offset) }
        var headerCRC = CRC32C()
        headerCRC.update(header, 0..<124)
        guard number(124, 4) == UInt64(headerCRC.value) else { throw .damaged }
        guard number(8, 4) == UInt64(SnapshotLayout.format) else {
            throw .format(Int(number(8, 4)))
        }
        var reader = SectionReader(size: size, read: read)
        guard number(72, 8) == UInt64(size - SnapshotLayout.headerBytes),
            let sequence = Int(exactly: number(16, 8)),
            let first = Int(exactly: number(24, 8)), let end = Int(exactly: number(32, 8)),
            let sections = reader.sections(count: Int(number(84, 4))),
            number(80, 4) == UInt64(reader.crc.value)
        else { throw .damaged }
        reducerVersion = Int(number(12, 4))
        position = LogPosition(
            sequence: sequence, segmentFirst: first, end: end, sha: Array(header[40..<72]))
        writtenAt = Instant(seconds: Int64(bitPattern: number(88, 8)))
        self.sections = sections
    }

    /// Goes through the payload from its beginning to its end.
    private struct SectionReader {
        /// Of the numbers that are taken from the file at a time, in bytes: they stay in the processor's cache,
        /// and the memory allocator uses the same piece again instead of asking for new pages.
        static let chunkBytes = 1 << 16

        let size: Int
        let read: (_ offset: Int, _ count: Int) -> [UInt8]?
        var place = SnapshotLayout.headerBytes
        var crc = CRC32C()

        /// The next bytes, summed; `nil` where the file has fewer.
        mutating func take(_ count: Int) -> [UInt8]? {
            guard count <= size - place, let bytes = read(place, count), bytes.count == count else {
                return nil
            }
            crc.update(bytes)
            place += count
            return bytes
        }

        mutating func sections(count: Int) -> [(tag: UInt32, content: Content)]? {
            guard count <= (size - place) / SnapshotLayout.sectionBytes,
                let table = take(count * SnapshotLayout.sectionBytes)
            else { return nil }
            var sections: [(tag: UInt32, content: Content)] = []
            for index in 0..<count {
                let row = index * SnapshotLayout.sectionBytes
                guard take(SnapshotLayout.aligned(place) - place) != nil,
                    let length = Int(exactly: get(8, in: table, at: row + 8)),
                    let content = content(of: Int(get(4, in: table, at: row + 4)), length)
                else { return nil }
                sections.append((UInt32(get(4, in: table, at: row)), content))
            }
            return place == size ? sections : nil
        }

        private mutating func content(of elementBytes: Int, _ count: Int) -> Content? {
            guard [1, 4, 8].contains(elementBytes), count <= (size - place) / elementBytes else {
                return nil
            }
            if elementBytes == 1 { return take(count).map { .bytes($0) } }
            var words: [UInt32] = []
            var longWords: [Int64] = []
            if elementBytes == 4 { words.reserveCapacity(count) } else { longWords.reserveCapacity(count) }
            var left = count * elementBytes
            while left > 0 {
                guard let chunk = take(min(left, SectionReader.chunkBytes)) else { return nil }
                left -= chunk.count
                let bytes = chunk.span
                if elementBytes == 4 {
                    for index in 0..<chunk.count / 4 { words.append(word(bytes, index)) }
                } else {
                    for index in 0..<chunk.count / 8 {
                        longWords.append(Int64(bitPattern: longWord(bytes, index)))
                    }
                }
            }
            return elementBytes == 4 ? .words(words) : .longWords(longWords)
        }
    }

    /// An array by its tag; `nil` when there is none of that element size.
    public func bytes(_ tag: UInt32) -> [UInt8]? {
        if case .bytes(let array) = content(tag) { array } else { nil }
    }

    public func words(_ tag: UInt32) -> [UInt32]? {
        if case .words(let array) = content(tag) { array } else { nil }
    }

    public func longWords(_ tag: UInt32) -> [UInt64]? {
        integers(tag).map { $0.map { UInt64(bitPattern: $0) } }
    }

    public func integers(_ tag: UInt32) -> [Int64]? {
        if case .longWords(let array) = content(tag) { array } else { nil }
    }

    private func content(_ tag: UInt32) -> Content? {
        for section in sections where section.tag == tag { return section.content }
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

@inline(__always)
private func word(_ bytes: Span<UInt8>, _ index: Int) -> UInt32 {
    let word = bytes.extracting(index &* 4..<index &* 4 &+ 4)
    return UInt32(word[0]) | UInt32(word[1]) << 8 | UInt32(word[2]) << 16 | UInt32(word[3]) << 24
}

@inline(__always)
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
