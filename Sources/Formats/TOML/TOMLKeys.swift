/// Keys: bare, quoted, and several joined by dots (TOML 1.0.0, Keys).
extension TOMLCursor {
    /// `a.b."c d"`, with the white space around its dots, up to what follows it. At least one part.
    mutating func readKey() throws(SyntaxError) -> [TOMLKey] {
        var parts: [TOMLKey] = []
        repeat {
            skipSpace()
            let position = position()
            parts.append(TOMLKey(name: try readSimpleKey(), position: position))
            skipSpace()
        } while take(".")
        return parts
    }

    private mutating func readSimpleKey() throws(SyntaxError) -> String {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard !startsMultiLineString else {
                throw error(
                    at: offset, found: "a multi-line string as a key",
                    expected: "a key in one pair of quotes")
            }
            return try readString()
        default:
            let start = offset
            while let byte, TOMLCursor.isBareKey(byte) { advance() }
            guard offset > start else {
                throw unexpected(expected: "a key of A-Z a-z 0-9 _ -, or one in quotes")
            }
            // What touches a bare key and cannot follow one was meant to be part of it.
            if let byte, byte >= 0x80 || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":") {
                throw unexpected(
                    " in a bare key", expected: "only A-Z a-z 0-9 _ -, or the key in quotes")
            }
            return String(decoding: bytes[start..<offset], as: UTF8.self)
        }
    }

    private static func isBareKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }
}
