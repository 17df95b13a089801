public import XML

/// An element of an entry with all that is in it: a place in the entry's fragment.
public struct Element: Sendable {
    let piece: Piece
    private let place: Int

    init(_ piece: Piece, at place: Int = 0) {
        self.piece = piece
        self.place = place
    }

    /// For tests and for readers of other notations.
    public init(
        namespace: String? = nil, prefix: String? = nil, name: String, text: String = "",
        attributes: [XMLAttribute] = [], children: [Element] = []
    ) {
        var builder = XMLFragment.Builder()
        builder.start(namespace: namespace, prefix: prefix, name: name, attributes: attributes)
        builder.add(text)
        for child in children { child.copy(to: &builder) }
        builder.end()
        self.init(Piece(builder.finish()))
    }

    var tag: Tag { piece.tags[Int(piece.fragment.nodes[place].name)] }
    /// The declared address, or that of a well-known prefix that is not declared, else `nil`.
    public var namespace: String? { tag.namespace }
    public var prefix: String? { tag.prefix }
    /// Local name, in the case of the document.
    public var name: String { tag.name }

    // MARK: Text

    /// All text within it in document order, trimmed.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The same as clean UTF-8.
    var bytes: ArraySlice<UInt8> { Text.trimmed(slice(piece.fragment.text(of: place))) }
    /// Whether the entry around it has so much text, or so many elements, that this may be longer than what is read of
    /// a field. A character may become six.
    var isLarge: Bool {
        piece.fragment.bytes.count + piece.fragment.nodes.count * 32 > FeedLimits.standard.fieldBytesMax / 10
    }
    /// Its own text before the first child.
    var lead: ArraySlice<UInt8> { slice(piece.fragment.lead(of: place)) }

    /// What stands behind a child, up to the next.
    func tail(of child: Element) -> ArraySlice<UInt8> {
        let next = child.end
        let isLast = next >= end
        let start = piece.fragment.text(of: child.place).upperBound
        return slice(start..<(isLast ? piece.fragment.text(of: place).upperBound
            : piece.fragment.text(of: next).lowerBound))
    }

    private func slice(_ range: Range<Int>) -> ArraySlice<UInt8> { piece.fragment.bytes[range] }

    // MARK: Attributes

    public var attributes: [XMLAttribute] { piece.fragment.attributes(of: place) }
    var hasAttributes: Bool { piece.fragment.hasAttributes(place) }

    /// The value of the first attribute of that local name without a prefix; one in another case stands in for it.
    public func attribute(_ name: String) -> String? {
        guard hasAttributes else { return nil }
        return piece.fragment.attribute(name, of: place) ?? piece.fragment.attribute(likeName: name, of: place)
    }

    /// The value of the first attribute `xml:…` of that local name.
    func xmlAttribute(_ name: String) -> String? {
        hasAttributes ? piece.fragment.attribute(name, prefix: "xml", of: place) : nil
    }

    // MARK: Children

    /// The place behind its last descendant.
    private var end: Int { Int(piece.fragment.nodes[place].end) }
    var hasChildren: Bool { piece.fragment.hasChildren(place) }
    public var children: Elements { Elements(piece, from: place + 1, to: end) }

    fileprivate func copy(to builder: inout XMLFragment.Builder) {
        builder.start(namespace: namespace, prefix: prefix, name: name, attributes: attributes)
        builder.add(String(decoding: lead, as: UTF8.self))
        for child in children {
            child.copy(to: &builder)
            builder.add(String(decoding: tail(of: child), as: UTF8.self))
        }
        builder.end()
    }
}

extension Element: Equatable {
    /// Equal in names, attributes, text and order.
    public static func == (left: Element, right: Element) -> Bool {
        guard left.name == right.name, left.namespace == right.namespace, left.lead == right.lead,
            left.attributes == right.attributes
        else { return false }
        var others = right.children.makeIterator()
        for child in left.children {
            guard let other = others.next(), child == other,
                left.tail(of: child) == right.tail(of: other)
            else { return false }
        }
        return others.next() == nil
    }
}

/// Elements that stand in one element, in document order.
public struct Elements: Sequence, Sendable {
    private let piece: Piece?
    private let from: Int
    private let to: Int

    init(_ piece: Piece?, from: Int, to: Int) {
        self.piece = piece
        self.from = from
        self.to = to
    }

    /// None at all.
    public init() { self.init(nil, from: 0, to: 0) }

    var hasAny: Bool { from < to }

    public func makeIterator() -> Iterator { Iterator(piece: piece, place: from, end: to) }

    public struct Iterator: IteratorProtocol {
        fileprivate let piece: Piece?
        fileprivate var place: Int
        fileprivate let end: Int

        public mutating func next() -> Element? {
            guard let piece, place < end else { return nil }
            defer { place = Int(piece.fragment.nodes[place].end) }
            return Element(piece, at: place)
        }
    }
}

extension Elements: Equatable {
    public static func == (left: Elements, right: Elements) -> Bool { left.elementsEqual(right) }
}

/// A fragment with what its names mean to us.
final class Piece: Sendable {
    let fragment: XMLFragment
    /// One for each of the fragment's names.
    let tags: [Tag]

    init(_ fragment: XMLFragment, tags: [Tag]) {
        self.fragment = fragment
        self.tags = tags
    }

    convenience init(_ fragment: XMLFragment) {
        self.init(fragment, tags: fragment.names.list.map { Tag($0) })
    }
}
