/// A place in a document that only moves forward. The bytes are valid UTF-8, so it may stop at any
/// ASCII byte and cut there. What it reads is in the extensions: keys, strings, words, values.
struct TOMLCursor {
    let bytes: [UInt8]
    /// From 0, in bytes; never decreases.
    private(set) var offset = 0
    /// The last place whose line and column were counted. Counting on from here keeps a long line
    /// of many values linear.
    private var counted = (offset: 0, position: TOMLPosition(line: 1, column: 1))

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// `nil` at the end of the document.
    var byte: UInt8? { byte(ahead: 0) }

    func byte(ahead count: Int) -> UInt8? {
        offset + count < bytes.count ? bytes[offset + count] : nil
    }

    mutating func advance(by count: Int = 1) {
        offset += count
    }

    /// Line and column of `offset`.
    mutating func position() -> TOMLPosition {
        var (index, position) = counted
        while index < offset {
            if bytes[index] == UInt8(ascii: "\n") {
                position.line += 1
                position.column = 1
            } else if bytes[index] & 0xC0 != 0x80 {
                position.column += 1
            }
            index += 1
        }
        counted = (index, position)
        return position
    }

    /// Steps over `expected` when it comes next, so many times.
    mutating func take(_ expected: Unicode.Scalar, times: Int = 1) -> Bool {
        for place in 0..<times where byte(ahead: place) != UInt8(ascii: expected) { return false }
        offset += times
        return true
    }

    mutating func skipSpace() {
        while let byte, byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { offset += 1 }
    }

    /// `true` when a line break (LF or CRLF) was there and is passed.
    mutating func takeNewline() -> Bool {
        if byte == UInt8(ascii: "\n") {
            offset += 1
            return true
        }
        guard byte == UInt8(ascii: "\r"), byte(ahead: 1) == UInt8(ascii: "\n") else { return false }
        offset += 2
        return true
    }

    /// To the end of the line, but not over it; nothing when no comment begins here.
    mutating func skipComment() throws(SyntaxError) {
        guard byte == UInt8(ascii: "#") else { return }
        while let byte, byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "\r"), self.byte(ahead: 1) == UInt8(ascii: "\n") { return }
            guard !TOMLCursor.isControl(byte) else {
                throw unexpected(" in a comment", expected: "text")
            }
            offset += 1
        }
    }

    /// Over space, comments and line breaks, as arrays allow them between their values.
    mutating func skipLines() throws(SyntaxError) {
        repeat {
            skipSpace()
            try skipComment()
        } while takeNewline()
    }

    /// Passes the rest of the line, which may hold nothing but a comment.
    mutating func endLine(expected: String) throws(SyntaxError) {
        skipSpace()
        try skipComment()
        guard takeNewline() || byte == nil else {
            throw unexpected(expected: expected)
        }
    }

    /// U+0000 to U+001F and U+007F, the tab excepted: they may stand nowhere (TOML 1.0.0, Comment).
    static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7F
    }
}

/// What is said about a place.
extension TOMLCursor {
    func error(at offset: Int, found: String, expected: String) -> SyntaxError {
        SyntaxError(in: bytes, at: offset, found: found, expected: expected)
    }

    /// What stands at the cursor is wrong; `place` follows its description, as in ` in a comment`.
    func unexpected(_ place: String = "", expected: String) -> SyntaxError {
        error(at: offset, found: describe() + place, expected: expected)
    }

    private func describe() -> String {
        guard let byte else { return "end of file" }
        switch byte {
        case UInt8(ascii: "\n"):
            return "end of line"
        case UInt8(ascii: "\r"):
            return self.byte(ahead: 1) == UInt8(ascii: "\n")
                ? "end of line" : "carriage return without line feed"
        case UInt8(ascii: "\""):
            return "'\"'"
        case _ where TOMLCursor.isWord(byte):
            return TOMLCursor.quoted(word())
        default:
            return describeScalar()
        }
    }

    /// A character that cannot be seen is named by its number: an editor shows a no-break space
    /// like any other, and the person would look for the mistake in vain.
    private func describeScalar() -> String {
        let next = bytes[offset..<min(offset + 4, bytes.count)]
        let scalar = String(decoding: next, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
        switch scalar.properties.generalCategory {
        case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator, .unassigned,
            .privateUse, .surrogate:
            return "character \(codePoint(scalar))"
        default:
            return "\"\(scalar)\""
        }
    }

    private func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }

    /// At most this many bytes of the document appear in a message.
    private static let quotedBytesMax = 40

    /// Text of the document between quotes, cut when long, without control characters.
    static func quoted(_ text: [UInt8]) -> String {
        var end = min(text.count, quotedBytesMax)
        while end < text.count, end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        let shown = text[..<end].map { isControl($0) ? UInt8(ascii: "?") : $0 }
        return "\"" + String(decoding: shown, as: UTF8.self) + (end < text.count ? "…\"" : "\"")
    }
}
