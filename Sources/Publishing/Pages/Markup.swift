/// Texts of strangers on their way into a document. Everything that leaves for HTML, XML or a feed
/// goes through here.
public enum Markup {
    /// For element content and for attributes in double quotes, in HTML and in XML.
    public static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        escape(text, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func escape(_ text: String, into bytes: inout [UInt8]) {
        // Most texts have nothing to escape, and are taken in one piece.
        for byte in text.utf8 where isMark(byte) { return escape(Array(text.utf8), into: &bytes) }
        bytes.append(contentsOf: text.utf8)
    }

    /// The same of UTF-8.
    static func escape(_ text: [UInt8], into bytes: inout [UInt8]) {
        let span = text.span
        guard holdsMark(span) else { return bytes.append(contentsOf: text) }
        var start = 0
        for index in span.indices where isMark(span[index]) {
            if start < index { bytes.append(contentsOf: text[start..<index]) }
            start = index + 1
            switch span[index] {
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
            default: bytes.append(contentsOf: "&#39;".utf8)
            }
        }
        if start < text.count { bytes.append(contentsOf: text[start...]) }
    }

    /// Whether any byte has to be escaped, looked at to the end: so the compiler takes many at a time.
    private static func holdsMark(_ text: Span<UInt8>) -> Bool {
        var found: UInt8 = 0
        for index in text.indices {
            let byte = text[index]
            // `&` and `'` differ in one bit, as do `<` and `>`.
            found |= (byte | 1 == 0x27 ? 1 : 0) | (byte | 2 == 0x3E ? 1 : 0) | (byte == 0x22 ? 1 : 0)
        }
        return found != 0
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
        default: false
        }
    }

    /// A brace that would begin a tag of Liquid, Nunjucks or Handlebars (`{{`, `{%`, `{#`), as a character
    /// reference: a title must not become a program of the site that includes it.
    static func withoutTemplateSigns(_ html: String) -> String {
        let text = Array(html.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for (index, byte) in text.enumerated() {
            if isTemplateSign(text, at: index) {
                bytes.append(contentsOf: "&#123;".utf8)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isTemplateSign(_ text: [UInt8], at index: Int) -> Bool {
        guard text[index] == UInt8(ascii: "{"), index + 1 < text.count else { return false }
        switch text[index + 1] {
        case UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#"): return true
        default: return false
        }
    }

    /// Markdown reads HTML as it stands up to the first empty line (CommonMark section 4.6): behind one, a title
    /// could be an image, which tells a stranger who looks at the page. In HTML the line means nothing.
    static func withoutEmptyLines(_ html: String) -> String {
        html.utf8.split(separator: 0x0A).filter { line in line.contains { $0 > 0x20 } }
            .map { String(Substring($0)) + "\n" }.joined()
    }

    /// JSON as it may stand in a `script` element: no character of it can end the element or begin
    /// a comment (`specs/json-feed.md` section 5, rule 3).
    static func escapedForScript(_ json: [UInt8]) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(json.count)
        for (index, byte) in json.enumerated() {
            switch byte {
            case UInt8(ascii: "<"): bytes.append(contentsOf: "\\u003c".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "\\u003e".utf8)
            case UInt8(ascii: "&"): bytes.append(contentsOf: "\\u0026".utf8)
            case UInt8(ascii: "{") where isTemplateSign(json, at: index):
                // In JSON only a text can hold these.
                bytes.append(contentsOf: "\\u007b".utf8)
            case 0xA8, 0xA9:
                guard index > 1, json[index - 1] == 0x80, json[index - 2] == 0xE2 else {
                    bytes.append(byte)
                    break
                }
                // U+2028 and U+2029 end a line for readers that take JSON for a script.
                bytes.removeLast(2)
                bytes.append(contentsOf: (byte == 0xA8 ? "\\u2028" : "\\u2029").utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Without the characters that no document may hold: controls (but tab and newline) and
    /// noncharacters.
    static func clean(_ text: String) -> String {
        for byte in text.utf8 where mayBeForbidden(byte) {
            var bytes = Array(text.utf8)
            clean(&bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        return text
    }

    /// The same of UTF-8.
    static func clean(_ text: inout [UInt8]) {
        guard holds(text.span, where: mayBeForbidden) else { return }
        var clean = String.UnicodeScalarView()
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars where !isForbidden(scalar.value) {
            clean.append(scalar)
        }
        text = Array(String(clean).utf8)
    }

    @inline(__always)
    private static func holds(_ text: Span<UInt8>, where isSuch: (UInt8) -> Bool) -> Bool {
        for index in text.indices where isSuch(text[index]) { return true }
        return false
    }

    /// Whether a forbidden character can begin with this byte of UTF-8.
    private static func mayBeForbidden(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F, 0xC2, 0xEF, 0xF0...: true
        default: false
        }
    }

    private static func isForbidden(_ value: UInt32) -> Bool {
        if value < 0x20 { return value != 0x09 && value != 0x0A }
        if value < 0x7F { return false }
        return value < 0xA0 || (0xFDD0...0xFDEF).contains(value) || value & 0xFFFE == 0xFFFE
    }

    /// A clean text as a line of its own, or nothing where no eye sees anything: a title of soft hyphens would
    /// be a link that has no name.
    static func makeVisibleLine(_ clean: inout [UInt8]) {
        makeLine(&clean)
        // All but the space can be seen of what stands before DEL.
        if let first = clean.first, first > 0x20, first < 0x7F { return }
        for scalar in String(decoding: clean, as: UTF8.self).unicodeScalars where isVisible(scalar) { return }
        clean.removeAll(keepingCapacity: true)
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value > 0x20 }
        switch scalar.properties.generalCategory {
        case .format, .control, .spaceSeparator, .lineSeparator, .paragraphSeparator, .nonspacingMark,
            .enclosingMark, .unassigned, .surrogate:
            return false
        default: return !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// A clean text on one line: runs of white space are one space, and so are the two line ends that only
    /// Unicode knows (U+2028, U+2029).
    static func line(_ text: String) -> String {
        var bytes = Array(text.utf8)
        clean(&bytes)
        makeLine(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func makeLine(_ clean: inout [UInt8]) {
        if isLine(clean.span) { return }
        var line: [UInt8] = []
        line.reserveCapacity(clean.count)
        var index = 0
        while index < clean.count {
            let isEnd = isLineEnd(clean.span, index)
            if isEnd || clean[index] == 0x09 || clean[index] == 0x0A || clean[index] == 0x20 {
                if let last = line.last, last != 0x20 { line.append(0x20) }
            } else {
                line.append(clean[index])
            }
            index += isEnd ? 3 : 1
        }
        if line.last == 0x20 { line.removeLast() }
        clean = line
    }

    /// Whether a text is on one line as it should be: nearly all are.
    private static func isLine(_ text: Span<UInt8>) -> Bool {
        var last: UInt8 = 0x20
        for index in text.indices {
            let byte = text[index]
            switch byte {
            case 0x09, 0x0A: return false
            case 0x20: if last == 0x20 { return false }
            case 0xE2: if isLineEnd(text, index) { return false }
            default: break
            }
            last = byte
        }
        return last != 0x20
    }

    private static func isLineEnd(_ text: Span<UInt8>, _ index: Int) -> Bool {
        guard index + 2 < text.count, text[index] == 0xE2, text[index + 1] == 0x80 else { return false }
        return text[index + 2] == 0xA8 || text[index + 2] == 0xA9
    }

    /// Without the marks that turn the direction of all that follows them (U+202A…202E, U+2066…2069):
    /// where no element isolates a text, an unclosed one would turn what stands around it, too.
    static func withoutTurns(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value) {
                continue
            }
            kept.append(scalar)
        }
        return String(kept)
    }
}
