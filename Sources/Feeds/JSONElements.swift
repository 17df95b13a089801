import Formats
import XML

/// The members of JSON's items as elements of their names, so that services read extensions (`_shelf`) alike. Many
/// items lie in one fragment: nearly all have the same names, which it holds once.
struct JSONElements {
    private var builder = XMLFragment.Builder()
    private var nodes = 0
    /// Where the items in `builder` begin.
    private var places: [Int] = []
    private var tags: [String: Tag] = [:]
    /// So that one more item has all the room that a fragment gives.
    private static let nodesMax = 2_000
    /// What grows is copied, so that for a moment it is there three times.
    private static let bytesMax = 1 << 20
    private var bytes = 0
    private let namesMax: Int
    private let textBytesMax: Int
    /// Whether there was a longer text than may be read.
    private(set) var hasLongText = false
    /// Whether there were more different names than may be read.
    private(set) var hasTooManyNames = false

    init(namesMax: Int, textBytesMax: Int) {
        self.namesMax = namesMax
        self.textBytesMax = textBytesMax
    }

    mutating func add(_ members: [JSONMember]) {
        if places.isEmpty { start("items") }
        places.append(nodes)
        build(JSONMember("item", .object(members)), depth: 0)
    }

    /// Gives the last entries what was added for them, when that is enough for a fragment.
    mutating func give(to entries: inout [Entry], isLast: Bool) {
        guard nodes > JSONElements.nodesMax || bytes > JSONElements.bytesMax || isLast && !places.isEmpty else { return }
        builder.end()
        let fragment = builder.finish()
        let piece = Piece(fragment, tags: fragment.names.list.map { tag($0) })
        let first = entries.count - places.count
        for (index, place) in places.enumerated() {
            entries[first + index].elements = Element(piece, at: place).children
        }
        builder = XMLFragment.Builder()
        nodes = 0
        bytes = 0
        places = []
    }

    private mutating func start(_ name: String) {
        builder.start(name: name)
        nodes += 1
    }

    private mutating func build(_ member: JSONMember, depth: Int) {
        if depth > 16 || builder.isFull || member.value == .null { return }
        start(member.name)
        switch member.value {
        case .object(let members):
            for inner in members { build(inner, depth: depth + 1) }
        case .array(let values):
            for value in values { build(JSONMember("item", value), depth: depth + 1) }
        case .bool(let value):
            builder.add(value ? "true" : "false")
        case .string, .integer, .number:
            let text = Optional(member.value).stated ?? ""
            hasLongText = hasLongText || text.utf8.count > textBytesMax
            bytes += text.utf8.count
            builder.add(Text.prefix(text, textBytesMax))
        case .null:
            break
        }
        builder.end()
    }

    private mutating func tag(_ name: XMLName) -> Tag {
        if let known = tags[name.local] { return known }
        let tag = Tag(name)
        tags[name.local] = tag
        hasTooManyNames = hasTooManyNames || tags.count > namesMax
        return tag
    }
}
