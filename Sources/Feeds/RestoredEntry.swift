import XML

/// An entry made again from the elements that the log kept of it.
enum RestoredEntry {
    static func read(_ evidence: [(name: String, text: String)], base: Base) -> Entry {
        var root = Branch(prefix: nil, name: "item")
        for (name, text) in evidence {
            let parts = name.split(separator: "@", maxSplits: 1)
            guard let path = parts.first else { continue }
            add(
                text, attribute: parts.count > 1 ? String(parts[1]) : nil,
                at: path.split(separator: "/")[...], to: &root)
        }
        // Evidence does not say whether a guid is an address; one that looks like none is none.
        for index in root.children.indices
        where root.children[index].name == "guid" && !root.children[index].text.contains("://") {
            root.children[index].attributes.append(XMLAttribute(local: "isPermaLink", value: "false"))
        }
        // What JSON Feed calls otherwise than the others do.
        var renamed = root
        renamed.children = root.children.map { child in
            guard child.prefix == nil, let name = names[child.name] else { return child }
            return Branch(prefix: nil, name: name, text: child.text)
        }
        var entry = EntryFields.read(
            renamed.element, isAtom: false, isRDF: false, base: base, limits: .standard, room: FeedRoom(.standard))
        entry.elements = root.element.children
        return entry
    }

    private static let names = [
        "url": "link", "content_html": "content", "content_text": "content",
        "date_published": "published", "date_modified": "updated",
    ]

    /// An element that is still growing.
    private struct Branch {
        var prefix: String?
        var name: String
        var text = ""
        var attributes: [XMLAttribute] = []
        var children: [Branch] = []

        var element: Element {
            Element(
                prefix: prefix, name: name, text: text, attributes: attributes,
                children: children.map(\.element))
        }
    }

    /// Evidence names an attribute before the text of its element, and the children of one element one
    /// after the other; an element that has what comes already is another of that name.
    private static func add(
        _ text: String, attribute: String?, at path: ArraySlice<Substring>, to parent: inout Branch
    ) {
        guard let step = path.first else { return }
        let parts = step.split(separator: ":", maxSplits: 1)
        let (prefix, name) = parts.count > 1 ? (String(parts[0]), String(parts[1])) : (nil, String(step))
        let isLeaf = path.count == 1
        let place = parent.children.lastIndex { child in
            guard child.name == name, child.prefix == prefix else { return false }
            guard isLeaf else { return child.text.isEmpty }
            if let attribute {
                return child.text.isEmpty && !child.attributes.contains { $0.local == attribute }
            }
            return child.text.isEmpty && child.children.isEmpty
        }
        if place == nil { parent.children.append(Branch(prefix: prefix, name: name)) }
        let index = place ?? parent.children.count - 1
        if !isLeaf {
            add(text, attribute: attribute, at: path.dropFirst(), to: &parent.children[index])
        } else if let attribute {
            parent.children[index].attributes.append(XMLAttribute(local: attribute, value: text))
        } else {
            parent.children[index].text = text
        }
    }
}
