/// Reads one JSON document (RFC 8259), strictly: no comments, no trailing commas, no byte order mark,
/// only valid UTF-8. An escaped surrogate that stands alone becomes U+FFFD, for a Swift string
/// cannot hold it and one bad character must not cost a document.
public struct JSONReader {
    /// Deeper nesting is refused: every level costs stack.
    public static let depthMax = 512

    let bytes: [UInt8]
    var offset = 0
    private var depth = 0
    private let valuesMax: Int
    private var values = 0

    init(_ bytes: [UInt8], valuesMax: Int = .max) {
        self.bytes = bytes
        self.valuesMax = valuesMax
    }

    /// - Parameter valuesMax: of a document with more of them nothing is read. Four bytes of a stranger's, `[1],`, are
    ///   a hundred here.
    public static func read(_ bytes: [UInt8], valuesMax: Int = .max) throws(SyntaxError) -> JSONValue {
        var reader = JSONReader(bytes, valuesMax: valuesMax)
        reader.skipSpace()
        let value = try reader.value()
        reader.skipSpace()
        guard reader.offset == bytes.count else {
            throw reader.unexpected("the end of the document")
        }
        return value
    }

    mutating func value() throws(SyntaxError) -> JSONValue {
        guard offset < bytes.count else { throw unexpected("a value") }
        guard values < valuesMax else {
            throw SyntaxError(
                in: bytes, at: offset, found: "more than \(valuesMax) values", expected: "a document with fewer")
        }
        values += 1
        switch bytes[offset] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw unexpected("a value")
        }
    }

    private mutating func object() throws(SyntaxError) -> JSONValue {
        try descend()
        var members: [JSONMember] = []
        skipSpace()
        if !take("}") {
            repeat {
                skipSpace()
                guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
                    throw unexpected("a member's name in quotes")
                }
                let name = try string()
                skipSpace()
                guard take(":") else { throw unexpected("\":\"") }
                skipSpace()
                members.append(JSONMember(name, try value()))
                skipSpace()
            } while take(",")
            guard take("}") else { throw unexpected("\",\" or \"}\"") }
        }
        depth -= 1
        return .object(members)
    }

    private mutating func array() throws(SyntaxError) -> JSONValue {
        try descend()
        var values: [JSONValue] = []
        skipSpace()
        if !take("]") {
            repeat {
                skipSpace()
                values.append(try value())
                skipSpace()
            } while take(",")
            guard take("]") else { throw unexpected("\",\" or \"]\"") }
        }
        depth -= 1
        return .array(values)
    }

    mutating func ascend() { depth -= 1 }

    mutating func descend() throws(SyntaxError) {
        guard depth < JSONReader.depthMax else {
            throw SyntaxError(
                in: bytes, at: offset, found: "a value nested more than \(JSONReader.depthMax) deep",
                expected: "a flatter document")
        }
        depth += 1
        offset += 1
    }

    private mutating func number() throws(SyntaxError) -> JSONValue {
        let start = offset
        var isInteger = true
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") {
            isInteger = false
            try digits()
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isInteger, text != "-0", let integer = Int64(text) { return .integer(integer) }
        return .number(text)
    }

    private mutating func digits() throws(SyntaxError) {
        let start = offset
        while offset < bytes.count, bytes[offset] >= 0x30, bytes[offset] <= 0x39 { offset += 1 }
        guard offset > start else { throw unexpected("a digit") }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(SyntaxError) -> JSONValue {
        for byte in word.description.utf8 {
            guard offset < bytes.count, bytes[offset] == byte else { throw unexpected(word.description) }
            offset += 1
        }
        return value
    }

    mutating func string() throws(SyntaxError) -> String {
        let start = offset + 1
        let bytes = bytes
        let span = bytes.span
        var end = start
        while end < span.count, span[end] != UInt8(ascii: "\""), span[end] != UInt8(ascii: "\\"), span[end] >= 0x20 {
            end += 1
        }
        offset = end
        if take("\"") { return try text(span.extracting(start..<end), at: start) }
        var plain = Array(bytes[start..<offset])
        while true {
            guard offset < bytes.count else { throw unexpected("the closing quote of a string") }
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return try text(plain.span, at: start)
            case UInt8(ascii: "\\"):
                offset += 1
                try escape(into: &plain)
            case 0..<0x20:
                throw unexpected("no control character in a string")
            default:
                plain.append(byte)
                offset += 1
            }
        }
    }

    /// The character that the escape at `start` means.
    ///
    /// - Returns: where it ends; `nil`: it means none.
    public static func escape(_ bytes: [UInt8], _ start: Int, onto text: inout [UInt8]) -> Int? {
        var reader = JSONReader(bytes)
        reader.offset = start + 1
        guard (try? reader.escape(into: &text)) != nil else { return nil }
        return reader.offset
    }

    /// What stands between the quotes of a string that was read before, as the characters that it means. An
    /// escape that means none ends it: of a line that we wrote nobody gets to know.
    public static func unescape(_ bytes: [UInt8], _ range: Range<Int>, onto text: inout [UInt8]) {
        let span = bytes.span
        var start = range.lowerBound
        var index = start
        while index < range.upperBound {
            guard span[index] == UInt8(ascii: "\\") else {
                index += 1
                continue
            }
            text.append(contentsOf: bytes[start..<index])
            guard let end = escape(bytes, index, onto: &text) else { return }
            index = end
            start = index
        }
        if start < range.upperBound { text.append(contentsOf: bytes[start..<range.upperBound]) }
    }

    private func text(_ span: Span<UInt8>, at start: Int) throws(SyntaxError) -> String {
        do {
            return String(copying: try UTF8Span(validating: span))
        } catch {
            throw SyntaxError(
                in: bytes, at: start, found: "a string that is not UTF-8", expected: "UTF-8")
        }
    }

    private mutating func escape(into plain: inout [UInt8]) throws(SyntaxError) {
        guard offset < bytes.count else { throw unexpected("an escape") }
        let byte = bytes[offset]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): plain.append(byte)
        case UInt8(ascii: "b"): plain.append(0x08)
        case UInt8(ascii: "t"): plain.append(0x09)
        case UInt8(ascii: "n"): plain.append(0x0A)
        case UInt8(ascii: "f"): plain.append(0x0C)
        case UInt8(ascii: "r"): plain.append(0x0D)
        case UInt8(ascii: "u"):
            offset += 1
            plain.append(contentsOf: String(try codePoint()).utf8)
            return
        default: throw unexpected("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
        }
        offset += 1
    }

    /// The scalar of `\uXXXX` or of a surrogate pair of them; the offset stands behind the first `\u`.
    private mutating func codePoint() throws(SyntaxError) -> Unicode.Scalar {
        let unit = try hexadecimal()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        if unit < 0xDC00, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
            bytes[offset + 1] == UInt8(ascii: "u")
        {
            let back = offset
            offset += 2
            let low = try hexadecimal()
            if low >= 0xDC00, low <= 0xDFFF,
                let scalar = Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
            {
                return scalar
            }
            offset = back
        }
        return "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(SyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard offset < bytes.count, let digit = hexadecimalDigit(bytes[offset]) else {
                throw unexpected("four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            offset += 1
        }
        return value
    }

    mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    /// All of these bytes, or none.
    mutating func take(_ expected: [UInt8]) -> Bool {
        guard offset + expected.count <= bytes.count else { return false }
        for index in expected.indices where bytes[offset + index] != expected[index] { return false }
        offset += expected.count
        return true
    }

    func unexpected(_ expected: String) -> SyntaxError {
        guard offset < bytes.count else {
            return SyntaxError(
                in: bytes, at: offset, found: "the end of the document", expected: expected)
        }
        let byte = bytes[offset]
        let found =
            byte > 0x20 && byte < 0x7F
            ? "\"\(Unicode.Scalar(byte))\"" : "byte 0x" + hex([byte])
        return SyntaxError(in: bytes, at: offset, found: found, expected: expected)
    }
}

func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
}
