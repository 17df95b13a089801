/// The four kinds of string (TOML 1.0.0, String): `"` takes escapes, `'` takes none; three of a
/// kind make it multi-line.
extension TOMLCursor {
    var startsMultiLineString: Bool {
        byte(ahead: 1) == byte && byte(ahead: 2) == byte
    }

    /// `"…"` or `'…'`.
    mutating func readString() throws(SyntaxError) -> String {
        let quote = byte
        advance()
        // Most hold nothing but text, which is taken in one piece.
        let start = offset
        while let byte, byte != quote, byte != UInt8(ascii: "\\"), !TOMLCursor.isControl(byte) { advance() }
        if let byte, byte == quote {
            advance()
            return String(decoding: bytes[start..<(offset - 1)], as: UTF8.self)
        }
        var text = Array(bytes[start..<offset])
        while let byte, byte != quote {
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                try readEscape(into: &text)
                continue
            }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
            try requireText(byte)
            text.append(byte)
            advance()
        }
        guard byte != nil, byte == quote else {
            let closing = quote == UInt8(ascii: "'") ? "\"'\"" : "'\"'"
            throw unexpected(" in a string", expected: "\(closing) to close it")
        }
        advance()
        return String(decoding: text, as: UTF8.self)
    }

    /// `"""…"""` or `'''…'''`. A line break right after the opening is no part of it.
    mutating func readMultiLineString() throws(SyntaxError) -> String {
        let start = offset
        let quote = bytes[offset]
        advance(by: 3)
        _ = takeNewline()
        var text: [UInt8] = []
        while let byte {
            if byte == quote {
                if takeClosing(quote, into: &text) { return String(decoding: text, as: UTF8.self) }
            } else if takeNewline() {
                text.append(UInt8(ascii: "\n"))
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                if !takeLineContinuation() { try readEscape(into: &text) }
            } else {
                try requireText(byte)
                text.append(byte)
                advance()
            }
        }
        throw neverClosed(
            "multi-line string", from: start, by: quote == UInt8(ascii: "'") ? "'''" : "\"\"\"")
    }

    /// One or two quotes are text, also right before the three that close: of up to five the last
    /// three close.
    private mutating func takeClosing(_ quote: UInt8, into text: inout [UInt8]) -> Bool {
        var count = 0
        while count < 5, byte(ahead: count) == quote { count += 1 }
        advance(by: count)
        let isClosing = count >= 3
        text.append(contentsOf: repeatElement(quote, count: isClosing ? count - 3 : count))
        return isClosing
    }

    /// `\` at the end of a line takes with it all white space and line breaks that follow.
    private mutating func takeLineContinuation() -> Bool {
        var ahead = 1
        while let next = byte(ahead: ahead), next == 0x20 || next == 0x09 { ahead += 1 }
        let next = byte(ahead: ahead)
        guard
            next == UInt8(ascii: "\n")
                || next == UInt8(ascii: "\r") && byte(ahead: ahead + 1) == UInt8(ascii: "\n")
        else { return false }
        advance(by: ahead)
        repeat { skipSpace() } while takeNewline()
        return true
    }

    private func requireText(_ byte: UInt8) throws(SyntaxError) {
        guard TOMLCursor.isControl(byte) else { return }
        throw unexpected(" in a string", expected: "text, or an escape like \\u001B")
    }

    private mutating func readEscape(into text: inout [UInt8]) throws(SyntaxError) {
        let escaped: UInt8
        switch byte(ahead: 1) {
        case UInt8(ascii: "b"): escaped = 0x08
        case UInt8(ascii: "t"): escaped = 0x09
        case UInt8(ascii: "n"): escaped = 0x0A
        case UInt8(ascii: "f"): escaped = 0x0C
        case UInt8(ascii: "r"): escaped = 0x0D
        case UInt8(ascii: "\""): escaped = 0x22
        case UInt8(ascii: "\\"): escaped = 0x5C
        case UInt8(ascii: "u"): return try readCodePoint(digits: 4, into: &text)
        case UInt8(ascii: "U"): return try readCodePoint(digits: 8, into: &text)
        case UInt8(ascii: "e"):
            throw error(at: offset, found: "escape \\e (TOML 1.1 only)", expected: "\\u001B")
        case UInt8(ascii: "x"):
            throw error(
                at: offset, found: "escape \\x (TOML 1.1 only)", expected: "\\u00 and two digits")
        case let next:
            let isVisible = next.map { $0 > 0x20 && $0 < 0x7F } ?? false
            throw error(
                at: offset,
                found: isVisible
                    ? "escape " + String(decoding: bytes[offset...(offset + 1)], as: UTF8.self)
                    : "a backslash that begins no escape",
                expected: "\\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX or \\UXXXXXXXX, or a string in '")
        }
        text.append(escaped)
        advance(by: 2)
    }

    private mutating func readCodePoint(digits count: Int, into text: inout [UInt8])
        throws(SyntaxError)
    {
        var value: UInt32 = 0
        for index in 0..<count {
            guard let byte = byte(ahead: 2 + index), let digit = TOMLNumbers.digit(byte, radix: 16)
            else {
                throw error(
                    at: offset, found: "an escape that is too short",
                    expected: "\(count) hexadecimal digits after \(count == 4 ? "\\u" : "\\U")")
            }
            value = value << 4 | UInt32(digit)
        }
        guard let scalar = Unicode.Scalar(value) else {
            let escape = String(decoding: bytes[offset..<(offset + 2 + count)], as: UTF8.self)
            throw error(
                at: offset, found: "escape \(escape)",
                expected: "a character of Unicode (no surrogate, at most 10FFFF)")
        }
        text.append(contentsOf: String(Character(scalar)).utf8)
        advance(by: 2 + count)
    }
}
