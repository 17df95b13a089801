/// HTML that strangers wrote, reduced to what can do no harm: paragraphs, breaks, lists, quotations,
/// emphasis, code and links to the web. Whatever is kept stands without attributes, but for the
/// `href` of a link; everything else loses its tags and keeps its text, and where that would join two
/// words of two blocks a break stands between them; script, style and the like go whole. What comes out is
/// well-formed, escaped, and the same when it is reduced again.
public enum HTMLReduction {
    /// The elements that stay.
    public static let allowed: Set = [
        "p", "br", "em", "strong", "i", "b", "a", "blockquote", "ul", "ol", "li", "code",
    ]

    /// Reduced; `nil` when a reader would see nothing of it. A picture alone is nothing here, for none is kept.
    public static func visible(_ html: String) -> String? {
        let text = reduce(html)
        return hasWord(text) || HTMLText.plain(text).unicodeScalars.contains(where: isVisible) ? text : nil
    }

    /// Whether ASCII stands between the tags of reduced HTML, as nearly always.
    private static func hasWord(_ reduced: String) -> Bool {
        var isTag = false
        for byte in reduced.utf8 {
            switch byte {
            case UInt8(ascii: "<"): isTag = true
            case UInt8(ascii: ">"): isTag = false
            case 0x21...0x7E: if !isTag && byte != UInt8(ascii: "&") { return true }
            default: break
            }
        }
        return false
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value > 0x20 && scalar.value != 0x7F }
        let properties = scalar.properties
        return !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
            && properties.generalCategory != .control
    }

    public static func reduce(_ html: String) -> String {
        var text = once(html)
        // What loses the tags between them may become paragraphs in paragraphs, which a reader of HTML
        // takes apart; then what it makes of them is what is meant.
        for _ in 0..<passesMax {
            let again = once(text)
            if again == text { return text }
            text = again
        }
        return once(escaped(HTMLText.plain(text)))
    }
    /// All reviews that we have seen are whole after the first.
    private static let passesMax = 3

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }

    private static func once(_ html: String) -> String {
        let bytes = HTMLText.guarded(Array(html.utf8))
        var shown: Set<Int> = []
        while true {
            var pass = Pass(shown: shown)
            HTMLEvents.read(bytes) { event in
                switch event {
                case .start(let name, let href): pass.start(name, href)
                case .end(let name): pass.end(name)
                case .text(let bytes): pass.text(bytes)
                case .again: pass = Pass(shown: shown)
                }
            }
            pass.finish()
            guard let last = pass.hiddenLast, shown.count < shownMax, !endsElsewhere(last.name, bytes) else {
                return String(decoding: pass.out, as: UTF8.self)
            }
            shown.insert(last.number)
        }
    }
    /// So many are looked into one after the other, each in a pass of its own.
    private static let shownMax = 4

    /// Whether an end tag of this name stands behind the last of its start tags.
    private static func endsElsewhere(_ name: String, _ html: [UInt8]) -> Bool {
        html.withUnsafeBufferPointer { html in
            var isClosed = true
            var tags = HTMLTags(html)
            while let piece = tags.next() {
                switch piece {
                case .start(let range, _) where HTMLTags.isNamed(html[range], name): isClosed = false
                case .end(let range) where HTMLTags.isNamed(html[range], name): isClosed = true
                default: break
                }
            }
            return isClosed
        }
    }

    /// Elements whose content is no text for a reader.
    private static let dropped: Set = [
        "script", "style", "head", "title", "iframe", "object", "applet", "embed", "noscript",
        "template", "svg", "math", "select", "textarea", "audio", "video", "canvas",
    ]

    /// Of these nothing is shown though nothing closes them: what follows was never written as text.
    private static let alwaysDropped: Set = ["script", "style", "head", "title"]

    private struct Pass {
        var out: [UInt8] = []
        private var open: [String] = []
        private var hidden: [String] = []
        /// Elements that would be dropped, by their number among all such: they never end, and what follows
        /// them is all the rest of a text.
        private let shown: Set<Int>
        private var hiddenCount = 0
        /// The dropped element, with text, behind which nothing more has come.
        private(set) var hiddenLast: (name: String, number: Int)?
        private var hidesText = false
        /// White space before the first word and after the last is left out.
        private var gap = false
        /// Whether a word of this line stands last, be it inside tags, and the next would join it.
        private var hasWord = false
        /// Where this line would end, had a block that is left out ended before the next word.
        private var lineEnd: Int?

        init(shown: Set<Int>) { self.shown = shown }

        mutating func start(_ name: String, _ href: String?) {
            if !hidden.isEmpty || dropped.contains(name) {
                if hidden.isEmpty {
                    hiddenCount += 1
                    if shown.contains(hiddenCount) { return noteBlock(name) }
                    hidesText = false
                    hiddenLast = alwaysDropped.contains(name) ? nil : (name, hiddenCount)
                }
                if name != "embed", hidden.count < 256 { hidden.append(name) }
                return
            }
            hiddenLast = nil
            guard allowed.contains(name) else { return noteBlock(name) }
            if name == "br" {
                endLine()
                out.append(contentsOf: "<br/>".utf8)
                return
            }
            if name == "a" {
                // Links do not nest, and one that leads nowhere is none.
                guard let href, let address = HTMLReduction.web(href), !open.contains("a") else {
                    return
                }
                flushGap()
                out.append(contentsOf: "<a href=\"".utf8)
                escape(Array(address.utf8))
                out.append(contentsOf: "\">".utf8)
            } else {
                if isBlock(name) { endLine() } else { flushGap() }
                out.append(contentsOf: "<\(name)>".utf8)
            }
            open.append(name)
        }

        mutating func end(_ name: String) {
            if let place = hidden.lastIndex(of: name) {
                hidden.removeSubrange(place...)
                if hidden.isEmpty, !hidesText { hiddenLast = nil }
                return
            }
            guard hidden.isEmpty else { return }
            noteBlock(name)
            guard let place = open.lastIndex(of: name) else { return }
            if isBlock(name) { endLine() }
            while open.count > place { out.append(contentsOf: "</\(open.removeLast())>".utf8) }
        }

        mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
            guard hidden.isEmpty else {
                hidesText = hidesText || bytes.contains { $0 > 0x20 }
                return
            }
            hiddenLast = nil
            var word = 0
            for (index, byte) in bytes.enumerated() where byte <= 0x20 {
                if word < index { write(bytes[word..<index]) }
                gap = true
                word = index + 1
            }
            if word < bytes.count { write(bytes[word...]) }
        }

        mutating func finish() {
            while let name = open.popLast() { out.append(contentsOf: "</\(name)>".utf8) }
        }

        private mutating func write(_ word: Slice<UnsafeBufferPointer<UInt8>>) {
            flushGap()
            if let place = lineEnd, hasWord { out.insert(contentsOf: "<br/>".utf8, at: place) }
            lineEnd = nil
            hasWord = true
            escape(Array(word))
        }

        /// White space parts words as well as the border of a block does.
        private mutating func flushGap() {
            if gap {
                if !out.isEmpty, !endsBlock { out.append(0x20) }
                hasWord = false
                lineEnd = nil
            }
            gap = false
        }

        /// A block begins or ends whose tags are left out.
        private mutating func noteBlock(_ name: String) {
            guard lineEnd == nil, name != "img", HTMLText.parts.contains(name), !allowed.contains(name) else {
                return
            }
            lineEnd = out.count
        }

        private mutating func endLine() {
            gap = false
            hasWord = false
            lineEnd = nil
        }

        /// Whether a tag stands last after which white space means nothing.
        private var endsBlock: Bool {
            for tag in ["<br/>", "<p>", "</p>", "<li>", "</li>", "<ul>", "</ul>", "<ol>", "</ol>"]
            where out.suffix(tag.utf8.count).elementsEqual(tag.utf8) {
                return true
            }
            return out.suffix(12).elementsEqual("<blockquote>".utf8)
                || out.suffix(13).elementsEqual("</blockquote>".utf8)
        }

        private mutating func escape(_ bytes: [UInt8]) {
            for byte in bytes {
                switch byte {
                case UInt8(ascii: "&"): out.append(contentsOf: "&amp;".utf8)
                case UInt8(ascii: "<"): out.append(contentsOf: "&lt;".utf8)
                case UInt8(ascii: ">"): out.append(contentsOf: "&gt;".utf8)
                case UInt8(ascii: "\""): out.append(contentsOf: "&quot;".utf8)
                default: out.append(byte)
                }
            }
        }

        private func isBlock(_ name: String) -> Bool {
            switch name {
            case "p", "blockquote", "ul", "ol", "li", "br": true
            default: false
            }
        }
    }

    /// The address, when it is absolute and of the web.
    private static func web(_ href: String) -> String? {
        let bytes = href.utf8.filter { $0 > 0x20 && $0 != 0x7F }
        let text = String(decoding: bytes, as: UTF8.self)
        let lower = text.lowercased()
        return lower.hasPrefix("http://") || lower.hasPrefix("https://") ? text : nil
    }
}
