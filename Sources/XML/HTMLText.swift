/// A fragment of HTML as plain text.
public enum HTMLText {
    /// Text without markup, references resolved once, white space collapsed to single blanks and
    /// trimmed; script, style and comments are left out, block elements and breaks part words.
    public static func plain(_ html: String) -> String {
        plain(Array(html.utf8))
    }

    public static func plain(_ html: [UInt8]) -> String {
        guard html.contains(UInt8(ascii: "<")) else {
            let text =
                html.contains(UInt8(ascii: "&")) ? HTMLReferences.decoded(html[...]) : html
            return String(decoding: collapsed(text), as: UTF8.self)
        }
        var text: [UInt8] = []
        var hidden = 0
        HTMLEvents.read(guarded(html)) { event in
            switch event {
            case .start(let name, _):
                if isHidden(name) { hidden += 1 }
                if parts.contains(name) { text.append(0x20) }
            case .end(let name):
                if isHidden(name), hidden > 0 { hidden -= 1 }
                if parts.contains(name) { text.append(0x20) }
            case .text(let bytes):
                if hidden == 0 { text.append(contentsOf: bytes) }
            case .again:
                text.removeAll()
                hidden = 0
            }
        }
        return String(decoding: collapsed(text), as: UTF8.self)
    }

    /// Runs of white space, no-break spaces too, as one blank; none at the ends.
    static func collapsed(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isPending = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte <= 0x20 {
                isPending = true
            } else if byte == 0xC2, index + 1 < bytes.count, bytes[index + 1] == 0xA0 {
                isPending = true
                index += 1
            } else {
                if isPending, !result.isEmpty { result.append(0x20) }
                isPending = false
                result.append(byte)
            }
            index += 1
        }
        return result
    }

    /// A `<` that opens no tag, or that no `>` follows, is text, as browsers have it; libxml2 2.9.14 drops what follows one.
    static func guarded(_ html: [UInt8]) -> [UInt8] { guarded(html, sectionsAreText: false) }

    /// - Parameter sectionsAreText: whether the marks of sections have been left out. One that came of that, by what
    ///   stood around another, is text: else each time over one more would.
    private static func guarded(_ html: [UInt8], sectionsAreText: Bool) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(html.count + 16)
        let lastEnd = html.lastIndex(of: UInt8(ascii: ">")) ?? -1
        for (index, byte) in html.enumerated() {
            if byte == UInt8(ascii: "<") {
                let next = index + 1 < html.count ? html[index + 1] : 0x20
                let isSection = next == UInt8(ascii: "!") && html[index...].starts(with: sectionStart)
                if isSection, !sectionsAreText { return guarded(withoutSectionMarks(html), sectionsAreText: true) }
                switch next {
                case _ where index > lastEnd || isSection:
                    result.append(contentsOf: "&#60;".utf8)
                    continue
                case 0x41...0x5A, 0x61...0x7A: break
                case UInt8(ascii: "/"), UInt8(ascii: "!"), UInt8(ascii: "?"): break
                default:
                    result.append(contentsOf: "&#60;".utf8)
                    continue
                }
            }
            result.append(byte)
        }
        return result
    }

    /// HTML has no sections of CDATA: who wraps a text twice means what is in them.
    private static func withoutSectionMarks(_ html: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(html.count)
        var isOpen = false
        var index = 0
        while index < html.count {
            if html[index] == UInt8(ascii: "<"), html[index...].starts(with: sectionStart) {
                isOpen = true
                index += sectionStart.count
            } else if isOpen, html[index] == UInt8(ascii: "]"), html[index...].starts(with: "]]>".utf8) {
                isOpen = false
                index += 3
            } else {
                result.append(html[index])
                index += 1
            }
        }
        return result
    }
    private static let sectionStart = Array("<![CDATA[".utf8)

    static func isHidden(_ name: String) -> Bool {
        name == "script" || name == "style" || name == "applet"
    }

    /// Elements at whose borders a reader sees a gap.
    static let parts: Set = [
        "address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "dialog",
        "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hgroup", "hr", "img", "legend", "li", "main", "menu", "nav", "ol",
        "option", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "title",
        "tr", "ul",
    ]
}
