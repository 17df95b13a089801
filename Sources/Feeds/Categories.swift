import XML

/// Subjects as feeds name them.
enum Categories {
    /// What an element states, nested ones included.
    static func read(_ element: Element) -> [Category] {
        switch element.tag.field {
        case .category: core(element)
        case .subject: one(element.text)
        case .mediaCategory:
            one(
                element.text, scheme: element.attribute("scheme") ?? Categories.mediaScheme,
                label: element.attribute("label"))
        case .itunesCategory: nested(element)
        case .keywords:
            // A list in one text: media:keywords, itunes:keywords.
            element.text.split(separator: ",").flatMap {
                one(String($0), scheme: element.tag.space == .itunes ? itunesScheme : nil)
            }
        default: []
        }
    }

    /// Media RSS 1.5.1, media:category: the default of `scheme`.
    private static let mediaScheme = "http://search.yahoo.com/mrss/category_schema"
    private static let itunesScheme = "http://www.itunes.com/"

    /// RSS: text and `domain`. Atom: `term`, `scheme`, `label` (RFC 4287 §4.2.2).
    private static func core(_ element: Element) -> [Category] {
        one(
            element.attribute("term") ?? element.text,
            scheme: element.attribute("scheme") ?? element.attribute("domain"),
            label: element.attribute("label"))
    }

    private static func nested(_ element: Element) -> [Category] {
        var list = one(element.attribute("text") ?? element.text, scheme: itunesScheme)
        for child in element.children where child.tag.field == .itunesCategory {
            list += nested(child)
        }
        return list
    }

    private static func one(
        _ term: String, scheme: String? = nil, label: String? = nil
    ) -> [Category] {
        guard let term = Text.line(term) ?? label.flatMap(Text.stated) else { return [] }
        return [Category(term: term, scheme: scheme.flatMap(Text.stated), label: label)]
    }
}
