import Formats
import XML

/// A text whose kind its element states: Atom's text constructs and content (RFC 4287 §3.1, §4.1.3;
/// Atom 0.3 `mode`), and RSS's, which state nothing.
struct TextConstruct {
    enum Kind: Equatable {
        case text, html, markup
        /// HTML of which a part was not escaped: text is source, elements are markup.
        case looseHTML
        case base64(isHTML: Bool?), outOfLine, unstated
    }

    let element: Element
    let kind: Kind

    /// - Parameter isAtom: whether an element without type is plain text, and not to be guessed at.
    init(_ element: Element, isAtom: Bool) {
        self.element = element
        kind = TextConstruct.kind(element, isAtom: isAtom)
    }

    private static func kind(_ element: Element, isAtom: Bool) -> Kind {
        let hasMarkup = element.hasChildren
        guard isAtom else {
            if element.tag.field == .content || element.tag.field == .xhtml {
                return hasMarkup ? .markup : .html
            }
            return hasMarkup ? .markup : .unstated
        }
        if element.attribute("src") != nil { return .outOfLine }
        // Only content may be of any media type (RFC 4287 §3.1.1).
        let isContent = element.tag.field == .content
        let type = Text.trimmed(element.attribute("type") ?? "text").lowercased()
        let mode = element.attribute("mode").map { Text.trimmed($0).lowercased() }
        if mode == "base64" { return .base64(isHTML: isHTML(type)) }
        if mode == "escaped", !hasMarkup { return isHTML(type) ? .html : .text }
        switch type {
        case "text", "": return .text
        case "html": return hasMarkup ? .looseHTML : .html
        case "xhtml": return .markup
        default: break
        }
        let isXML = type.hasSuffix("+xml") || type.hasSuffix("/xml")
        if isHTML(type) { return hasMarkup || isXML ? .markup : .html }
        if isXML { return .markup }
        if type.hasPrefix("text/") || !type.contains("/") { return .text }
        // Elsewhere such a type is a mistake, but for the one that says "bytes" and nothing else.
        return isContent || type == "application/octet-stream" ? .base64(isHTML: nil) : .text
    }

    private static func isHTML(_ type: String) -> Bool {
        type == "html" || type == "xhtml" || type == "text/html" || type == "application/xhtml+xml"
            || type == "text/x-html"
    }

    /// Plain text on one line, for titles; `nil` when it is empty.
    func title(_ room: FeedRoom) -> String? {
        switch kind {
        case .text: Text.line(element.hasChildren ? element.bytes : element.lead)
        case .html: TextConstruct.line(ofHTML: element.lead, room)
        case .markup, .looseHTML:
            TextConstruct.line(
                ofHTML: Markup.bytes(in: element, base: Base(nil), isSource: kind == .looseHTML)[...], room)
        case .unstated: line(element.lead, isHTML: nil, room)
        case .base64(let isHTML):
            if let text = TextConstruct.decode64(element.lead) {
                line(text[...], isHTML: isHTML, room)
            } else {
                Text.line(element.lead)
            }
        case .outOfLine: nil
        }
    }

    private func line(_ text: ArraySlice<UInt8>, isHTML: Bool?, _ room: FeedRoom) -> String? {
        isHTML ?? Text.looksLikeHTML(text, isTitle: true) ? TextConstruct.line(ofHTML: text, room) : Text.line(text)
    }

    private static func line(ofHTML text: ArraySlice<UInt8>, _ room: FeedRoom) -> String? {
        let plain = room.takes(markup: text.count) ? Text.stated(HTMLText.plain(Array(text))) : nil
        return plain ?? Text.stated(HTMLText.plain(TextConstruct.withoutTags(text)))
    }

    /// What stands outside of tags, where a tag with a quote too few ends at its first `>`: nothing is left else. Nothing
    /// where something may be hidden by purpose.
    private static func withoutTags(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var words: [UInt8] = []
        var hasQuotes = true
        var index = text.startIndex
        while index < text.endIndex {
            guard text[index] == UInt8(ascii: "<") else {
                words.append(text[index])
                index += 1
                continue
            }
            let name = text[(index + 1)...].prefix(6).map { $0 | 0x20 }
            let isHidden = ["script", "style", "applet"].contains { name.starts(with: $0.utf8) }
            guard let first = text[(index + 1)...].first, first != UInt8(ascii: "!"), first != UInt8(ascii: "?"), !isHidden
            else { return [] }
            if hasQuotes, let end = endOfTag(text[index...], hasQuotes: true) {
                index = end
            } else {
                hasQuotes = false
                index = endOfTag(text[index...], hasQuotes: false) ?? text.endIndex
            }
        }
        return words
    }

    /// Behind its `>`; `nil` when there is none.
    private static func endOfTag(_ text: ArraySlice<UInt8>, hasQuotes: Bool) -> Int? {
        var quote: UInt8?
        for index in text.indices {
            let byte = text[index]
            if byte == quote {
                quote = nil
            } else if quote == nil {
                if byte == UInt8(ascii: ">") { return index + 1 }
                if hasQuotes, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte }
            }
        }
        return nil
    }

    /// The body, trimmed; `nil` when it is empty or out of line.
    func body(base: Base) -> Body? {
        switch kind {
        case .text:
            return .plain(element.hasChildren ? Text.prefix(element.bytes) : element.lead)
        case .html:
            return .html(element.lead, base: base)
        case .markup, .looseHTML:
            let content = TextConstruct.unwrapped(element, base: base)
            return .markup(content.element, base: content.base, isSource: kind == .looseHTML)
        case .unstated:
            return body(element.lead, isHTML: nil, base: base)
        case .base64(let isHTML):
            // What is no text stays as it stands.
            guard let text = TextConstruct.decode64(element.lead) else { return .plain(element.lead) }
            return body(text[...], isHTML: isHTML, base: base)
        case .outOfLine:
            return nil
        }
    }

    /// Whether there is more plain text in several elements than a body holds.
    var isCut: Bool { kind == .text && element.bytes.count > FeedLimits.standard.fieldBytesMax }

    private func body(_ text: ArraySlice<UInt8>, isHTML: Bool?, base: Base) -> Body? {
        isHTML ?? Text.looksLikeHTML(text) ? .html(text, base: base) : .plain(text)
    }

    /// The `div` that wraps XHTML is no part of it (RFC 4287 §3.1.1.3).
    private static func unwrapped(_ element: Element, base: Base) -> (element: Element, base: Base) {
        var children = element.children.makeIterator()
        guard let div = children.next(), children.next() == nil,
            div.name.lowercased() == "div", div.tag.space == .xhtml || div.tag.space == .core,
            Text.trimmed(element.lead).isEmpty, Text.trimmed(element.tail(of: div)).isEmpty
        else { return (element, base) }
        return (div, base.entering(div))
    }

    /// UTF-8 in base64 (RFC 4648 §4), white space anywhere; `nil` when it is not that.
    private static func decode64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for byte in text where byte > 0x20 && byte != UInt8(ascii: "=") {
            let digit: UInt8
            switch byte {
            case 0x41...0x5A: digit = byte - 0x41
            case 0x61...0x7A: digit = byte - 0x61 + 26
            case 0x30...0x39: digit = byte - 0x30 + 52
            case UInt8(ascii: "+"): digit = 62
            case UInt8(ascii: "/"): digit = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(digit)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
    }
}
