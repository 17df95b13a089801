import Formats

/// Reads the few lines that this program writes in one fixed form: segment header, commit line,
/// head. Each step moves on when it fits and answers `false` or `nil` when it does not.
struct FieldReader {
    private let bytes: [UInt8]
    private(set) var offset: Int
    private let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { offset == end }

    mutating func literal(_ text: String) -> Bool {
        var index = offset
        for byte in text.utf8 {
            guard index < end, bytes[index] == byte else { return false }
            index += 1
        }
        offset = index
        return true
    }

    /// Digits without a leading zero, at most 18 of them: it fits and cannot overflow.
    mutating func integer() -> Int? {
        let start = offset
        var value = 0
        while offset < end, (0x30...0x39).contains(bytes[offset]), offset - start < 18 {
            value = value * 10 + Int(bytes[offset] - 0x30)
            offset += 1
        }
        guard offset > start, bytes[start] != 0x30 || offset == start + 1 else { return nil }
        return value
    }

    /// Up to the next quotation mark; none of our words needs an escape.
    mutating func word() -> String? {
        let start = offset
        while offset < end, bytes[offset] != UInt8(ascii: "\"") {
            guard isWordByte(bytes[offset]) else { return nil }
            offset += 1
        }
        guard offset > start, offset < end else { return nil }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// Bytes written as lower-case hexadecimal digits.
    mutating func hexadecimal(byteCount: Int) -> [UInt8]? {
        guard offset + byteCount * 2 <= end else { return nil }
        var read: [UInt8] = []
        read.reserveCapacity(byteCount)
        for index in stride(from: offset, to: offset + byteCount * 2, by: 2) {
            guard let high = digit(bytes[index]), let low = digit(bytes[index + 1]) else {
                return nil
            }
            read.append(high << 4 | low)
        }
        offset += byteCount * 2
        return read
    }

    mutating func checksum() -> UInt32? {
        hexadecimal(byteCount: 4).map { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    mutating func instant() -> Instant? {
        guard offset + 20 <= end, let read = Instant(rfc3339: Array(bytes[offset..<offset + 20]))
        else { return nil }
        offset += 20
        return read
    }

    private func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

/// What a `cause` or `version` may be made of: printable ASCII that JSON need not escape.
func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
}

/// Short enough that a commit line is found within `LogFolder.commitLineBytesMax`.
func isWord(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count) && text.utf8.allSatisfy(isWordByte)
}

/// A checksum as eight digits.
func hex(_ checksum: UInt32) -> String {
    hex([
        UInt8(checksum >> 24), UInt8(checksum >> 16 & 255), UInt8(checksum >> 8 & 255),
        UInt8(checksum & 255),
    ])
}
