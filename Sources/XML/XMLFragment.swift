/// An element with all that is in it, flat: a handful of allocations, however many elements.
///
/// ```
/// <item><title>A</title> b <link rel="x">c</link></item>
/// nodes   0 item 0..<4    1 title 0..<1    2 link 3..<4       (each with its range of the text)
/// bytes   A b c x                                             (all text in order, then all values)
/// ```
/// So the text of an element, its children's included, is one range, and so is what stands between
/// two children.
public final class XMLFragment: Sendable {
    /// An element. Its children begin right behind it, each where the one before ends.
    public struct Node: Equatable, Sendable {
        /// In `names`.
        public var name: Int32
        /// The place behind its last descendant.
        public var end: Int32
        public var textStart: Int32
        public var textEnd: Int32
        /// In `attributes`: of its own or, where it has none, of a node after it. There may be a hundred thousand nodes
        /// in each of many entries, so that where they end is left to the next node.
        var firstAttribute: Int32
    }

    struct Attribute: Equatable, Sendable {
        /// In `names`.
        var name: Int32
        var valueStart: Int32
        var valueEnd: Int32
    }

    /// How many elements one holds; what comes after them is left out. An entry has some dozens.
    public static let nodesMax = 100_000

    /// In document order; the first holds all others.
    public let nodes: [Node]
    /// Those that occur in it.
    public let names: XMLNames
    /// Clean UTF-8.
    public let bytes: [UInt8]
    let attributes: [Attribute]

    init(nodes: [Node], names: XMLNames, bytes: [UInt8], attributes: [Attribute]) {
        self.nodes = nodes
        self.names = names
        self.bytes = bytes
        self.attributes = attributes
    }

    /// The range in `bytes` of all text within an element.
    public func text(of place: Int) -> Range<Int> {
        Int(nodes[place].textStart)..<Int(nodes[place].textEnd)
    }

    /// The range in `bytes` of an element's text before its first child.
    public func lead(of place: Int) -> Range<Int> {
        let node = nodes[place]
        let hasChild = Int(node.end) > place + 1
        return Int(node.textStart)..<Int(hasChild ? nodes[place + 1].textStart : node.textEnd)
    }

    /// The places of an element's children, in document order.
    public func children(of place: Int) -> [Int] {
        var children: [Int] = []
        var child = place + 1
        while child < nodes[place].end {
            children.append(child)
            child = Int(nodes[child].end)
        }
        return children
    }

    public func hasChildren(_ place: Int) -> Bool { Int(nodes[place].end) > place + 1 }
    public func hasAttributes(_ place: Int) -> Bool { !attributePlaces(place).isEmpty }

    private func attributePlaces(_ place: Int) -> Range<Int> {
        let end = place + 1 < nodes.count ? Int(nodes[place + 1].firstAttribute) : attributes.count
        return Int(nodes[place].firstAttribute)..<end
    }

    public func name(of place: Int) -> XMLName { names.list[Int(nodes[place].name)] }

    /// In document order.
    public func attributes(of place: Int) -> [XMLAttribute] {
        attributePlaces(place).map { index in
            let attribute = attributes[index]
            let name = names.list[Int(attribute.name)]
            return XMLAttribute(
                namespace: name.namespace, prefix: name.prefix, local: name.local,
                value: value(attribute))
        }
    }

    /// The value of the first attribute of that local name and prefix.
    public func attribute(_ local: String, prefix: String? = nil, of place: Int) -> String? {
        for index in attributePlaces(place) {
            let name = names.list[Int(attributes[index].name)]
            if name.local == local, name.prefix == prefix { return value(attributes[index]) }
        }
        return nil
    }

    /// The same, of a name without a prefix that differs in its case alone (RSS: `isPermalink`, `URL`).
    public func attribute(likeName local: String, of place: Int) -> String? {
        for index in attributePlaces(place) {
            let name = names.list[Int(attributes[index].name)]
            if name.prefix == nil, name.local.utf8.count == local.utf8.count, name.local.lowercased() == local.lowercased() {
                return value(attributes[index])
            }
        }
        return nil
    }

    private func value(_ attribute: Attribute) -> String {
        let range = Int(attribute.valueStart)..<Int(attribute.valueEnd)
        return String(decoding: bytes[range], as: UTF8.self)
    }
}

extension XMLFragment {
    /// Makes a fragment of what was no document: tests, and readers of other notations.
    public struct Builder {
        private var nodes: [Node] = []
        private var names: [XMLName] = []
        private var places: [[String?]: Int32] = [:]
        private var text: [UInt8] = []
        private var values: [UInt8] = []
        private var attributes: [Attribute] = []
        private var open: [Int] = []

        public init() {}

        /// Whether it holds all that a fragment may.
        public var isFull: Bool { nodes.count >= nodesMax }

        public mutating func start(
            namespace: String? = nil, prefix: String? = nil, name: String,
            attributes stated: [XMLAttribute] = []
        ) {
            let first = Int32(attributes.count)
            for attribute in stated {
                let start = Int32(values.count)
                values.append(contentsOf: attribute.value.utf8)
                attributes.append(
                    Attribute(
                        name: place(attribute.namespace, attribute.prefix, attribute.local),
                        valueStart: start, valueEnd: Int32(values.count)))
            }
            open.append(nodes.count)
            let at = Int32(text.count)
            nodes.append(
                Node(
                    name: place(namespace, prefix, name), end: 0, textStart: at, textEnd: at,
                    firstAttribute: first))
        }

        public mutating func add(_ addition: String) { text.append(contentsOf: addition.utf8) }

        public mutating func end() {
            guard let place = open.popLast() else { return }
            nodes[place].end = Int32(nodes.count)
            nodes[place].textEnd = Int32(text.count)
        }

        /// What was started and ended; there must have been one element around all others.
        public func finish() -> XMLFragment {
            precondition(!nodes.isEmpty && open.isEmpty, "a fragment is one whole element")
            let shift = Int32(text.count)
            let moved = attributes.map {
                Attribute(
                    name: $0.name, valueStart: $0.valueStart + shift, valueEnd: $0.valueEnd + shift)
            }
            return XMLFragment(nodes: nodes, names: XMLNames(names), bytes: text + values, attributes: moved)
        }

        private mutating func place(_ namespace: String?, _ prefix: String?, _ local: String) -> Int32 {
            if let known = places[[namespace, prefix, local]] { return known }
            let place = Int32(names.count)
            names.append(
                XMLName(namespace: namespace, prefix: prefix, local: local, index: Int(place)))
            places[[namespace, prefix, local]] = place
            return place
        }
    }
}
