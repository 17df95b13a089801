/// What a byte can be, by table: the pass looks at each byte of a document once.
enum TextByte {
    /// Where plain text may not simply go on.
    static let isSpecial = table { byte in
        isIllegalByte(byte) || byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&")
            || byte == UInt8(ascii: "]")
    }
    /// Forbidden by XML 1.0 §2.2, or perhaps the beginning of U+FFFE or U+FFFF (0xEF), or of one of
    /// the C1 controls (0xC2).
    static let isIllegal = table(isIllegalByte)
    /// Part of a name, of ASCII; see `RepairPass.endOfName` for the rest.
    static let isName = table { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func isIllegalByte(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0xEF
            || byte == 0xC2
    }
    private static func table(_ predicate: (UInt8) -> Bool) -> [Bool] {
        (0...255).map { predicate(UInt8($0)) }
    }
}
