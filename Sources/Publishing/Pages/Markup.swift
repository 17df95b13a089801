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
        var isPlain = true
        for byte in text.utf8 where isMark(byte) {
            isPlain = false
            break
        }
        if isPlain {
            bytes.append(contentsOf: text.utf8)
            return
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): bytes.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): bytes.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): bytes.append(contentsOf: "&quot;".utf8)
            case UInt8(ascii: "'"): bytes.append(contentsOf: "&#39;".utf8)
            default: bytes.append(byte)
            }
        }
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
        var isClean = true
        for byte in text.utf8 where mayBeForbidden(byte) {
            isClean = false
            break
        }
        if isClean { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where !isForbidden(scalar.value) { clean.append(scalar) }
        return String(clean)
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

    /// The same as `line`, or nothing where no eye sees anything: a title of soft hyphens would be a link
    /// that has no name.
    static func visibleLine(_ text: String) -> String {
        let line = line(text)
        for scalar in line.unicodeScalars where isVisible(scalar) { return line }
        return ""
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
        var clean = clean(text)
        if clean.unicodeScalars.contains(where: isLineEnd) {
            clean = String(String.UnicodeScalarView(clean.unicodeScalars.map { isLineEnd($0) ? " " : $0 }))
        }
        var isPlain = true
        var last: UInt8 = 0x20
        for byte in clean.utf8 {
            if byte == 0x09 || byte == 0x0A || (byte == 0x20 && last == 0x20) { isPlain = false }
            last = byte
        }
        if isPlain, last != 0x20 { return clean }
        var bytes: [UInt8] = []
        for byte in clean.utf8 {
            if byte == 0x09 || byte == 0x0A || byte == 0x20 {
                if let last = bytes.last, last != 0x20 { bytes.append(0x20) }
            } else {
                bytes.append(byte)
            }
        }
        if bytes.last == 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x2028 || scalar.value == 0x2029
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
