import XML

/// Elements written out as HTML again: XHTML bodies, and markup that nobody escaped.
enum Markup {
    /// What is in an element, without its own tags.
    /// - Parameter isSource: whether its text is HTML already, so that nothing is to be escaped.
    static func inside(_ element: Element, base: Base, isSource: Bool = false) -> String {
        var writer = MarkupWriter(isSource: isSource)
        writer.write(content: element, base: base)
        return writer.out
    }

    static func isAddress(_ attribute: String) -> Bool {
        attribute == "href" || attribute == "src"
    }

    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0x26 || $0 == 0x3C || $0 == 0x3E || $0 == 0x22 })
        else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 32)
        for byte in text.utf8 {
            switch byte {
            case 0x26: bytes.append(contentsOf: "&amp;".utf8)
            case 0x3C: bytes.append(contentsOf: "&lt;".utf8)
            case 0x3E: bytes.append(contentsOf: "&gt;".utf8)
            case 0x22: bytes.append(contentsOf: "&quot;".utf8)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

private struct MarkupWriter {
    let isSource: Bool
    var out = ""
    private var resolvedBytes = 0
    /// What is left of the field is left out then; what is open is closed all the same.
    private var isFull: Bool { out.utf8.count >= FeedLimits.standard.fieldBytesMax }

    init(isSource: Bool) { self.isSource = isSource }

    mutating func write(content element: Element, base: Base) {
        write(text: element.lead)
        for child in element.children {
            if isFull { return }
            write(child, base: base.entering(child))
            write(text: element.tail(of: child))
        }
    }

    private mutating func write(text: ArraySlice<UInt8>) {
        let text = String(decoding: text, as: UTF8.self)
        out += isSource ? text : Markup.escaped(text)
    }

    private mutating func write(_ element: Element, base: Base) {
        // A prefix for XHTML says nothing in HTML; others say what would be lost.
        let name =
            element.tag.space == .xhtml || element.prefix == nil
            ? element.name : (element.prefix ?? "") + ":" + element.name
        out += "<" + name
        for attribute in element.attributes where attribute.prefix != "xml" {
            var value = attribute.value
            if Markup.isAddress(attribute.local),
                Base.hasRoom(resolved: resolvedBytes, read: out.utf8.count - resolvedBytes),
                let resolved = base.resolve(value)
            {
                value = resolved
                resolvedBytes += resolved.utf8.count
            }
            out += " " + attribute.name + "=\"" + Markup.escaped(value) + "\""
        }
        out += ">"
        if !element.hasChildren, element.lead.isEmpty,
            MarkupWriter.empty.contains(name.lowercased()) {
            return
        }
        write(content: element, base: base)
        out += "</" + name + ">"
    }

    /// Void elements of HTML: an end tag would be wrong.
    private static let empty: Set = ["br", "hr", "img", "input", "wbr", "col", "area", "embed"]
}
