import XML

/// Elements written out as HTML again: XHTML bodies, and markup that nobody escaped.
enum Markup {
    /// What is in an element, without its own tags.
    /// - Parameter isSource: whether its text is HTML already, so that nothing is to be escaped.
    static func inside(_ element: Element, base: Base, isSource: Bool = false) -> String {
        String(decoding: bytes(in: element, base: base, isSource: isSource), as: UTF8.self)
    }

    /// The same as UTF-8.
    /// - Parameter bytesMax: behind so many the rest is left out; what is open is closed all the same.
    static func bytes(
        in element: Element, base: Base, isSource: Bool, bytesMax: Int = FeedLimits.standard.fieldBytesMax
    ) -> [UInt8] {
        written(element, base: base, isSource: isSource, bytesMax: bytesMax).out
    }

    /// Whether that is not all of it.
    static func isCut(_ element: Element, base: Base, isSource: Bool) -> Bool {
        // Most are far below, and are not written for this.
        guard element.isLarge else { return false }
        return written(element, base: base, isSource: isSource, bytesMax: FeedLimits.standard.fieldBytesMax).isCut
    }

    private static func written(_ element: Element, base: Base, isSource: Bool, bytesMax: Int) -> MarkupWriter {
        var writer = MarkupWriter(isSource: isSource, bytesMax: bytesMax)
        writer.write(content: element, base: base)
        return writer
    }

    static func isAddress(_ attribute: String) -> Bool {
        attribute == "href" || attribute == "src"
    }
}

private struct MarkupWriter {
    let isSource: Bool
    let bytesMax: Int
    private(set) var out: [UInt8] = []
    /// Behind this nothing but ends of elements was written.
    private(set) var isCut = false
    private var resolvedBytes = 0

    init(isSource: Bool, bytesMax: Int) {
        self.isSource = isSource
        self.bytesMax = bytesMax
    }

    mutating func write(content element: Element, base: Base) {
        write(text: element.lead)
        for child in element.children where hasRoom {
            write(child, base: base.entering(child))
            write(text: element.tail(of: child))
        }
    }

    /// Whether there is room for more; that there is none is noted.
    private var hasRoom: Bool {
        mutating get {
            if out.count < bytesMax { return true }
            isCut = true
            return false
        }
    }

    private mutating func write(text: ArraySlice<UInt8>) {
        guard !text.isEmpty, hasRoom else { return }
        if isSource { out.append(contentsOf: text) } else { escape(text) }
    }

    private mutating func escape(_ text: some Sequence<UInt8>) {
        for byte in text {
            switch byte {
            case 0x26: out.append(contentsOf: "&amp;".utf8)
            case 0x3C: out.append(contentsOf: "&lt;".utf8)
            case 0x3E: out.append(contentsOf: "&gt;".utf8)
            case 0x22: out.append(contentsOf: "&quot;".utf8)
            default: out.append(byte)
            }
        }
    }

    private mutating func write(_ element: Element, base: Base) {
        // A prefix for XHTML says nothing in HTML; others say what would be lost.
        let name =
            element.tag.space == .xhtml || element.prefix == nil
            ? element.name : (element.prefix ?? "") + ":" + element.name
        out.append(UInt8(ascii: "<"))
        out.append(contentsOf: name.utf8)
        for attribute in element.attributes where attribute.prefix != "xml" {
            var value = attribute.value
            if Markup.isAddress(attribute.local),
                Base.hasRoom(resolved: resolvedBytes, read: out.count - resolvedBytes),
                let resolved = base.resolve(value)
            {
                value = resolved
                resolvedBytes += resolved.utf8.count
            }
            out.append(UInt8(ascii: " "))
            out.append(contentsOf: attribute.name.utf8)
            out.append(contentsOf: "=\"".utf8)
            escape(value.utf8)
            out.append(UInt8(ascii: "\""))
        }
        out.append(UInt8(ascii: ">"))
        if !element.hasChildren, element.lead.isEmpty,
            MarkupWriter.empty.contains(name.lowercased()) {
            return
        }
        write(content: element, base: base)
        out.append(contentsOf: "</".utf8)
        out.append(contentsOf: name.utf8)
        out.append(UInt8(ascii: ">"))
    }

    /// Void elements of HTML: an end tag would be wrong.
    private static let empty: Set = ["br", "hr", "img", "input", "wbr", "col", "area", "embed"]
}
