public import XML

/// An element of an entry with all that is in it.
public struct Element: Equatable, Sendable {
    let tag: Tag
    public var attributes: [XMLAttribute]
    /// Its own text before the first child.
    var lead: String
    public var children: [Element]
    /// Text between its end and the next tag; belongs to the parent.
    var tail: String

    init(tag: Tag, attributes: [XMLAttribute]) {
        self.tag = tag
        self.attributes = attributes
        lead = ""
        children = []
        tail = ""
    }

    /// For tests and for readers of other notations.
    public init(
        namespace: String? = nil, prefix: String? = nil, name: String, text: String = "",
        attributes: [XMLAttribute] = [], children: [Element] = []
    ) {
        self.init(
            tag: Tag(XMLName(namespace: namespace, prefix: prefix, local: name, index: 0)),
            attributes: attributes)
        lead = text
        self.children = children
    }

    /// The declared address, or that of a well-known prefix that is not declared, else `nil`.
    public var namespace: String? { tag.namespace }
    public var prefix: String? { tag.prefix }
    /// Local name, in the case of the document.
    public var name: String { tag.name }

    /// All text within it in document order, trimmed.
    public var text: String {
        guard !children.isEmpty else { return Text.trimmed(lead) }
        var all = ""
        gather(into: &all)
        return Text.trimmed(all)
    }

    private func gather(into all: inout String) {
        all += lead
        for child in children {
            child.gather(into: &all)
            all += child.tail
        }
    }

    /// The value of the first attribute of that local name without a namespace.
    public func attribute(_ name: String) -> String? {
        for attribute in attributes where attribute.local == name && attribute.prefix == nil {
            return attribute.value
        }
        return nil
    }

    public static func == (left: Element, right: Element) -> Bool {
        left.tag.name == right.tag.name && left.tag.namespace == right.tag.namespace
            && left.attributes == right.attributes && left.lead == right.lead
            && left.children == right.children && left.tail == right.tail
    }
}
