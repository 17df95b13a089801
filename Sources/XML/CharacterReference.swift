/// `&name;` and `&#number;`, as XML, HTML and careless writers use them.
enum CharacterReference {
    /// What stands at an ampersand.
    enum Reading: Equatable {
        /// One character.
        case scalar(UInt32)
        /// A number that is no character of XML: nothing is meant by it.
        case nothing
        /// A well-formed name that HTML does not know.
        case unknown(Range<Int>)
        /// A bare ampersand.
        case bare
    }

    /// Reads the reference whose ampersand stands at `start`; `end` is where the text goes on.
    /// A number may lack its semicolon; a name may not: `?a=1&copy=2` means no copyright sign.
    static func read(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> (reading: Reading, end: Int) {
        var index = start + 1
        guard index < bytes.count else { return (.bare, index) }
        if bytes[index] == UInt8(ascii: "#") { return number(bytes, at: start) }
        while index < bytes.count, index - start <= 32, isNameByte(bytes[index]) { index += 1 }
        guard index > start + 1, index < bytes.count, bytes[index] == UInt8(ascii: ";"),
            bytes[start + 1] > 0x39
        else { return (.bare, start + 1) }
        let name = (start + 1)..<index
        if let scalar = scalar(named: bytes, name) { return (.scalar(scalar), index + 1) }
        return (.unknown(name), index + 1)
    }

    /// A reference below 256, by number or name, as the byte that it may stand for.
    static func byte(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> (byte: UInt8, end: Int)? {
        guard start + 1 < bytes.count else { return nil }
        if bytes[start + 1] == UInt8(ascii: "#") {
            let (value, end) = value(bytes, at: start)
            return value.flatMap { $0 < 256 ? (UInt8($0), end) : nil }
        }
        let (reading, end) = read(bytes, at: start)
        guard case .scalar(let scalar) = reading, scalar < 256 else { return nil }
        return (UInt8(scalar), end)
    }

    private static func number(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> (reading: Reading, end: Int) {
        let (stated, end) = value(bytes, at: start)
        guard var value = stated else { return (.bare, end) }
        // 128 to 159 are control characters that nobody means; browsers read windows-1252.
        if (0x80...0x9F).contains(value) { value = Windows1252.high[Int(value) - 0x80] }
        return (isCharacter(value) ? .scalar(value) : .nothing, end)
    }

    /// The number as it is written, at most one above the last of Unicode; `nil` without digits.
    private static func value(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int
    ) -> (value: UInt32?, end: Int) {
        var index = start + 2
        let isHex = index < bytes.count && bytes[index] | 0x20 == UInt8(ascii: "x")
        if isHex { index += 1 }
        let digits = index
        var value: UInt32 = 0
        while index < bytes.count, let digit = digit(bytes[index], isHex: isHex) {
            value = min(value * (isHex ? 16 : 10) + digit, 0x11_0000)
            index += 1
        }
        guard index > digits else { return (nil, start + 1) }
        if index < bytes.count, bytes[index] == UInt8(ascii: ";") { index += 1 }
        return (value, index)
    }

    /// Char of XML 1.0 §2.2, without the C1 controls that windows-1252 leaves as they are.
    static func isCharacter(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x9, 0xA, 0xD, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }

    /// The names of HTML 4, of which XML's five are a part.
    private static func scalar(
        named bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
    ) -> UInt32? {
        switch range.count {
        case 2 where bytes[range.lowerBound + 1] == UInt8(ascii: "t"):
            if bytes[range.lowerBound] == UInt8(ascii: "l") { return 0x3C }
            if bytes[range.lowerBound] == UInt8(ascii: "g") { return 0x3E }
        case 3 where bytes[range.lowerBound] == UInt8(ascii: "a"):
            if bytes[range.lowerBound + 1] == UInt8(ascii: "m"),
                bytes[range.lowerBound + 2] == UInt8(ascii: "p")
            {
                return 0x26
            }
        default:
            break
        }
        return EntityNames.scalar(bytes[range])
    }

    private static func digit(_ byte: UInt8, isHex: Bool) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte - 0x30)
        case 0x41...0x46 where isHex: UInt32(byte - 0x41) + 10
        case 0x61...0x66 where isHex: UInt32(byte - 0x61) + 10
        default: nil
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }
}
