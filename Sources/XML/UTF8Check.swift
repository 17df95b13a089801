import CXML

/// Whether bytes are UTF-8 (RFC 3629), and what of them is.
enum UTF8Check {
    static func isASCII(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { asciiEnd($0, from: 0) == $0.count }
    }

    static func isValid(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { cxml_is_utf8($0, buffer.count) != 0 } ?? true
        }
    }

    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        switch scalar {
        case ..<0x80:
            bytes.append(UInt8(scalar))
        case ..<0x800:
            bytes.append(UInt8(0xC0 | scalar >> 6))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            bytes.append(UInt8(0xE0 | scalar >> 12))
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        default:
            bytes.append(UInt8(0xF0 | scalar >> 18 & 0x07))
            bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        }
    }

    /// Where the next byte beyond ASCII stands; eight bytes at a time.
    static func asciiEnd(_ buffer: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index + 8 <= buffer.count {
            let word = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            index += 8
        }
        while index < buffer.count, buffer[index] < 0x80 { index += 1 }
        return index
    }

    /// Length of the character beyond ASCII at `index`; 0 when it is none (RFC 3629 section 4).
    static func sequence(_ buffer: UnsafeRawBufferPointer, at index: Int) -> Int {
        func isTail(_ offset: Int) -> Bool {
            index + offset < buffer.count && buffer[index + offset] & 0xC0 == 0x80
        }
        let first = buffer[index]
        switch first {
        case 0xC2...0xDF:
            return isTail(1) ? 2 : 0
        case 0xE0...0xEF:
            guard isTail(1), isTail(2) else { return 0 }
            let second = buffer[index + 1]
            if first == 0xE0 && second < 0xA0 || first == 0xED && second > 0x9F { return 0 }
            return 3
        case 0xF0...0xF4:
            guard isTail(1), isTail(2), isTail(3) else { return 0 }
            let second = buffer[index + 1]
            if first == 0xF0 && second < 0x90 || first == 0xF4 && second > 0x8F { return 0 }
            return 4
        default:
            return 0
        }
    }
}

/// UTF-16 and UTF-32, where what is no character becomes U+FFFD.
enum WideText {
    static func decode(
        _ bytes: [UInt8], from start: Int, encoding: String
    ) -> (bytes: [UInt8], isWhole: Bool) {
        let isBig = encoding.hasSuffix("be")
        let width = encoding.hasPrefix("utf-32") ? 4 : 2
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count / width * 2)
        var isWhole = true
        var index = start
        func unit(_ at: Int) -> UInt32 {
            var value: UInt32 = 0
            for offset in 0..<width {
                value = value << 8 | UInt32(bytes[at + (isBig ? offset : width - 1 - offset)])
            }
            return value
        }
        while index + width <= bytes.count {
            var scalar = unit(index)
            index += width
            if width == 2, scalar & 0xFC00 == 0xD800, index + 2 <= bytes.count {
                let low = unit(index)
                if low & 0xFC00 == 0xDC00 {
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
                    index += 2
                }
            }
            if scalar > 0x10FFFF || (0xD800...0xDFFF).contains(scalar) {
                isWhole = false
                scalar = 0xFFFD
            }
            UTF8Check.append(scalar, to: &result)
        }
        return (result, isWhole && index == bytes.count)
    }
}
