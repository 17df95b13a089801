import XML

/// Small operations on the texts of feeds.
enum Text {
    /// Without white space at its ends.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var start = bytes.startIndex
        var end = bytes.endIndex
        while start < end, bytes[start] <= 0x20 { start += 1 }
        while start < end, bytes[end - 1] <= 0x20 { end -= 1 }
        return bytes[start..<end]
    }

    static func trimmed(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last, first <= 0x20 || last <= 0x20
        else { return text }
        return String(decoding: trimmed(Array(text.utf8)[...]), as: UTF8.self)
    }

    /// Trimmed; `nil` when nothing is left.
    static func stated(_ bytes: ArraySlice<UInt8>) -> String? {
        let bytes = trimmed(bytes)
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    static func stated(_ text: String) -> String? {
        let text = trimmed(text)
        return text.isEmpty ? nil : text
    }

    /// Without white space of any kind at its ends, nor marks that no one sees: neither is part of an address or an id,
    /// and both are pasted with them. `nil` when nothing is left.
    static func name(_ text: String) -> String? {
        guard let text = stated(text), let first = text.utf8.first, let last = text.utf8.last else { return nil }
        if first < 0x80, last < 0x80 { return text }
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        return scalars.isEmpty ? nil : String(scalars)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ...0x20, 0xA0, 0x2000...0x200F, 0x2028...0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF: true
        default: false
        }
    }

    /// Trimmed, runs of white space as one blank; `nil` when nothing is left.
    static func line(_ bytes: ArraySlice<UInt8>) -> String? {
        let bytes = trimmed(bytes)
        guard !bytes.isEmpty else { return nil }
        if isLine(bytes) { return String(decoding: bytes, as: UTF8.self) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte > 0x20 {
                result.append(byte)
            } else if result.last != 0x20 {
                result.append(0x20)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static func line(_ text: String) -> String? { line(Array(text.utf8)[...]) }

    /// Whether single blanks are all the white space there is.
    private static func isLine(_ bytes: ArraySlice<UInt8>) -> Bool {
        var before: UInt8 = 0
        for byte in bytes {
            if byte <= 0x20, byte != 0x20 || before == 0x20 { return false }
            before = byte
        }
        return true
    }

    /// A text of a feed that does not say what it is — RSS — is taken for HTML when it holds a
    /// closing or empty tag that HTML knows, or an entity (feedparser's rule).
    /// - Parameter isTitle: in a body an opening tag is enough: old pages never close their paragraphs. In a title it
    ///   is what the title speaks of: "The <p> element".
    static func looksLikeHTML(_ bytes: ArraySlice<UInt8>, isTitle: Bool = false) -> Bool {
        var lastEnd: Int?
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == 0x26 {
                if isReference(bytes[(index + 1)...]) { return true }
            } else if byte == 0x3C, isKnownTag(bytes[(index + 1)...], canOpen: !isTitle) {
                let end = lastEnd ?? bytes.lastIndex(of: 0x3E) ?? bytes.startIndex
                if index < end { return true }
                lastEnd = end
            }
        }
        return false
    }

    static func looksLikeHTML(_ text: String) -> Bool { looksLikeHTML(Array(text.utf8)[...]) }

    private static func isReference(_ rest: ArraySlice<UInt8>) -> Bool {
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

    /// `</b>`, `<br>`, `<img …>`, `<p>`: a name of HTML.
    private static func isKnownTag(_ rest: ArraySlice<UInt8>, canOpen: Bool) -> Bool {
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
        let tag = String(decoding: name, as: UTF8.self)
        return (canOpen || isEnd || emptyTags.contains(tag)) && knownTags.contains(tag)
    }

    private static let emptyTags: Set = ["br", "hr", "img"]

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

    /// What a field holds of a text that several elements give.
    static func prefix(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard text.count > FeedLimits.standard.fieldBytesMax else { return text }
        var end = text.startIndex + FeedLimits.standard.fieldBytesMax
        while end > text.startIndex, text[end] & 0xC0 == 0x80 { end -= 1 }
        return text[..<end]
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
