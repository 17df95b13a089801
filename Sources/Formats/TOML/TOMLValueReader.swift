/// Values: which kind begins here, and the two kinds that hold others.
extension TOMLCursor {
    /// The value at the cursor, inside `depth` tables and arrays.
    mutating func readValue(depth: Int) throws(SyntaxError) -> TOMLValue {
        let position = position()
        let content: TOMLContent
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            content = .string(try startsMultiLineString ? readMultiLineString() : readString())
        case UInt8(ascii: "["):
            content = .array(try readArray(depth: depth + 1))
        case UInt8(ascii: "{"):
            content = .table(try readInlineTable(depth: depth + 1))
        case let byte? where TOMLCursor.isWord(byte):
            content = try readWord()
        default:
            throw unexpected(expected: "a value")
        }
        return TOMLValue(position: position, content: content)
    }

    private mutating func readArray(depth: Int) throws(SyntaxError) -> [TOMLValue] {
        try requireDepth(depth)
        let start = offset
        advance()
        var values: [TOMLValue] = []
        while true {
            try skipLines()
            if take("]") { return values }
            if byte == nil { throw neverClosed("array", from: start, by: "]") }
            if byte == UInt8(ascii: ",") { throw unexpected(expected: "a value or \"]\"") }
            values.append(try readValue(depth: depth))
            try skipLines()
            if take(",") { continue }
            if take("]") { return values }
            if byte == nil { throw neverClosed("array", from: start, by: "]") }
            throw unexpected(expected: "\",\" or \"]\" after a value of an array")
        }
    }

    /// Its own tree makes it complete and closed: outside it is a value like any other.
    private mutating func readInlineTable(depth: Int) throws(SyntaxError) -> TOMLTable {
        try requireDepth(depth)
        advance()
        var tree = TOMLTree()
        skipSpace()
        if take("}") { return tree.table() }
        while true {
            try requireSameLine()
            try readPair(into: &tree, table: TOMLTree.root, depth: depth)
            skipSpace()
            try requireSameLine()
            if take("}") { return tree.table() }
            let comma = offset
            guard take(",") else {
                throw unexpected(expected: "\",\" or \"}\" after a value of an inline table")
            }
            skipSpace()
            if byte == UInt8(ascii: "}") {
                throw error(
                    at: comma, found: "a comma before \"}\" (TOML 1.1 only)",
                    expected: "\"}\" right after the last value of an inline table")
            }
        }
    }

    private func requireSameLine() throws(SyntaxError) {
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#"):
            let isComment = byte == UInt8(ascii: "#")
            throw error(
                at: offset,
                found: (isComment ? "a comment" : "a line break")
                    + " in an inline table (TOML 1.1 only)",
                expected: "the whole inline table on one line")
        case nil:
            throw unexpected(expected: "\"}\" to close the inline table")
        default:
            return
        }
    }

    /// The end of the file says little about a bracket that was forgotten: name where it opened.
    func neverClosed(_ what: String, from start: Int, by closing: String) -> SyntaxError {
        error(
            at: start, found: "the start of \(what == "array" ? "an" : "a") \(what) without end",
            expected: "\(closing) before the end of the file")
    }
}

/// Words: whatever is written without quotes and brackets.
extension TOMLCursor {
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: ":"):
            true
        default:
            false
        }
    }

    /// The word that begins here, not passed. A date and a time parted by one space are one word.
    func word() -> [UInt8] {
        var end = offset
        while end < bytes.count, TOMLCursor.isWord(bytes[end]) { end += 1 }
        if TOMLDates.isDate(bytes[offset..<end]), end + 1 < bytes.count,
            bytes[end] == UInt8(ascii: " "), bytes[end + 1] >= 0x30, bytes[end + 1] <= 0x39
        {
            end += 1
            while end < bytes.count, TOMLCursor.isWord(bytes[end]) { end += 1 }
        }
        return Array(bytes[offset..<end])
    }

    private mutating func readWord() throws(SyntaxError) -> TOMLContent {
        let word = word()
        do {
            let content = try TOMLCursor.content(of: word)
            advance(by: word.count)
            return content
        } catch {
            throw self.error(
                at: offset, found: TOMLCursor.quoted(word), expected: error.expected)
        }
    }

    private static func content(of word: [UInt8]) throws(TOMLWordError) -> TOMLContent {
        switch String(decoding: word, as: UTF8.self) {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: break
        }
        if TOMLDates.looksLikeDateOrTime(word) { return try TOMLDates.read(word) }
        if TOMLNumbers.looksLikeNumber(word) { return try TOMLNumbers.read(word) }
        switch String(decoding: word.map { $0 | 0x20 }, as: UTF8.self) {
        case "true", "false", "inf", "nan":
            throw TOMLWordError(expected: "the same word in lower case, or text in quotes")
        default:
            throw TOMLWordError(expected: "a value (text goes in quotes)")
        }
    }
}

/// Why a word is no value. The cursor adds the place and the word.
struct TOMLWordError: Error {
    var expected: String
}
