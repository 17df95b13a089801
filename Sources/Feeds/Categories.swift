import XML

/// Subjects as feeds name them.
enum Categories {
    /// Adds what an element states, nested ones included.
    static func add(_ element: Element, to list: inout [Category], max: Int) {
        guard list.count < max else { return }
        switch element.tag.field {
        case .category: core(element, &list)
        case .subject: one(element.text, &list)
        case .mediaCategory:
            one(
                element.text, scheme: element.attribute("scheme") ?? Categories.mediaScheme,
                label: element.attribute("label"), &list)
        case .itunesCategory: nested(element, &list, max)
        case .keywords: words(element, &list, max)
        default: return
        }
        if list.count > max { list.removeLast(list.count - max) }
    }

    /// Media RSS 1.5.1, media:category: the default of `scheme`.
    private static let mediaScheme = "http://search.yahoo.com/mrss/category_schema"
    private static let itunesScheme = "http://www.itunes.com/"

    /// RSS: text and `domain`. Atom: `term`, `scheme`, `label` (RFC 4287 §4.2.2).
    private static func core(_ element: Element, _ list: inout [Category]) {
        one(
            element.attribute("term") ?? element.text,
            scheme: element.attribute("scheme") ?? element.attribute("domain"),
            label: element.attribute("label"), &list)
    }

    /// Its own text alone: that of those in it would be told once for each level.
    private static func nested(_ element: Element, _ list: inout [Category], _ max: Int) {
        one(element.attribute("text") ?? String(decoding: element.lead, as: UTF8.self), scheme: itunesScheme, &list)
        for child in element.children where child.tag.field == .itunesCategory && list.count < max {
            nested(child, &list, max)
        }
    }

    /// A list in one text: media:keywords, itunes:keywords. What is behind the last that is kept is not looked at.
    private static func words(_ element: Element, _ list: inout [Category], _ max: Int) {
        let scheme = element.tag.space == .itunes ? itunesScheme : nil
        var rest = element.bytes
        while list.count < max, !rest.isEmpty {
            let word = rest.prefix { $0 != UInt8(ascii: ",") }
            if let term = Text.line(word) { list.append(Category(term: term, scheme: scheme)) }
            rest = rest.dropFirst(word.count + 1)
        }
    }

    private static func one(
        _ term: String, scheme: String? = nil, label: String? = nil, _ list: inout [Category]
    ) {
        guard let term = Text.line(term) ?? label.flatMap(Text.stated) else { return }
        list.append(Category(term: term, scheme: scheme.flatMap(Text.stated), label: label))
    }
}
