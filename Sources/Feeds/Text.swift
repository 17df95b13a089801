import XML

/// Small operations on the texts of feeds.
enum Text {
    /// Without white space at its ends.
    static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return text }
        if first > 0x20, last > 0x20 { return text }
        var start = bytes.startIndex
        var end = bytes.endIndex
        while start < end, bytes[start] <= 0x20 { start = bytes.index(after: start) }
        while start < end, bytes[bytes.index(before: end)] <= 0x20 { end = bytes.index(before: end) }
        return String(text[start..<end])
    }

    /// Trimmed; `nil` when nothing is left.
    static func stated(_ text: String) -> String? {
        let text = trimmed(text)
        return text.isEmpty ? nil : text
    }

    /// Trimmed, runs of white space as one blank; `nil` when nothing is left.
    static func line(_ text: String) -> String? {
        var result: [UInt8] = []
        var isClean = true
        var before: UInt8 = 0x20
        for byte in text.utf8 {
            if byte <= 0x20, byte != 0x20 || before == 0x20 {
                isClean = false
                break
            }
            before = byte
        }
        if isClean, before != 0x20 { return text }
        var isPending = false
        for byte in text.utf8 {
            if byte <= 0x20 {
                isPending = true
            } else {
                if isPending, !result.isEmpty { result.append(0x20) }
                isPending = false
                result.append(byte)
            }
        }
        return result.isEmpty ? nil : String(decoding: result, as: UTF8.self)
    }

    /// A text of a feed that does not say what it is — RSS — is taken for HTML when it holds a
    /// closing or empty tag that HTML knows, or an entity (feedparser's rule).
    static func looksLikeHTML(_ text: String) -> Bool {
        let bytes = text.utf8
        var index = bytes.startIndex
        let lastEnd = bytes.lastIndex(of: 0x3E) ?? bytes.startIndex
        while let found = bytes[index...].firstIndex(where: { $0 == 0x3C || $0 == 0x26 }) {
            if bytes[found] == 0x26 {
                if isReference(bytes[bytes.index(after: found)...]) { return true }
            } else if found < lastEnd, isKnownTag(bytes[bytes.index(after: found)...]) {
                return true
            }
            index = bytes.index(after: found)
        }
        return false
    }

    private static func isReference(_ rest: Substring.UTF8View) -> Bool {
        var count = 0
        for byte in rest {
            if byte == 0x3B { return count > 1 }
            let isName =
                byte == 0x23 && count == 0 || (0x30...0x39).contains(byte)
                || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            guard isName, count < 12 else { return false }
            count += 1
        }
        return false
    }

    /// `</b>`, `<br>`, `<img …>`, `<p>`: a name of HTML; that a `>` follows is known.
    private static func isKnownTag(_ rest: Substring.UTF8View) -> Bool {
        var name: [UInt8] = []
        var isEnd = false
        for byte in rest {
            if name.isEmpty, !isEnd, byte == 0x2F {
                isEnd = true
            } else if (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || (!name.isEmpty && (0x30...0x39).contains(byte))
            {
                name.append(byte | 0x20)
                if name.count > 10 { return false }
            } else {
                guard byte == 0x3E || byte == 0x2F || byte <= 0x20 else { return false }
                break
            }
        }
        return knownTags.contains(String(decoding: name, as: UTF8.self))
    }

    private static let knownTags: Set = [
        "a", "abbr", "acronym", "address", "b", "bdo", "big", "blockquote", "br", "caption",
        "center", "cite", "code", "dd", "del", "dfn", "div", "dl", "dt", "em", "figure", "font",
        "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "iframe", "img", "ins", "kbd", "li", "ol",
        "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "table",
        "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul", "var",
    ]
}

extension Text {
    /// Text of a feed that states no kind: markup dropped where there is some.
    static func plain(_ text: String) -> String {
        looksLikeHTML(text) ? HTMLText.plain(text) : text
    }

    /// At most so many bytes, never half a character.
    static func prefix(_ text: String, _ bytesMax: Int) -> String {
        guard text.utf8.count > bytesMax else { return text }
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: bytesMax)
        while end > text.utf8.startIndex, text.utf8[end] & 0xC0 == 0x80 {
            end = text.utf8.index(before: end)
        }
        return String(text[..<end])
    }
}
