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
        case .itunesCategory: nested(element, &list)
        case .keywords:
            // A list in one text: media:keywords, itunes:keywords.
            for word in element.text.split(separator: ",") {
                one(String(word), scheme: element.tag.space == .itunes ? itunesScheme : nil, &list)
            }
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

    private static func nested(_ element: Element, _ list: inout [Category]) {
        one(element.attribute("text") ?? element.text, scheme: itunesScheme, &list)
        for child in element.children where child.tag.field == .itunesCategory { nested(child, &list) }
    }

    private static func one(
        _ term: String, scheme: String? = nil, label: String? = nil, _ list: inout [Category]
    ) {
        guard let term = Text.line(term) ?? label.flatMap(Text.stated) else { return }
        list.append(Category(term: term, scheme: scheme.flatMap(Text.stated), label: label))
    }
}
