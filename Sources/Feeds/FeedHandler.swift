import Formats
import XML

/// Builds a `FeedDocument` from the events of a document: an element belongs to what it stands in,
/// and only direct children of a feed or an entry fill their fields.
final class FeedHandler: XMLHandler {
    /// What an open element is.
    private enum Role {
        /// rss, rdf:RDF, feed: holds a channel or entries.
        case root
        case channel
        case entry
        /// Anything else, kept with all that is in it.
        case field
        /// Not to be kept: what is left of an entry after another began inside it, and what stands
        /// around the feed.
        case spent
    }

    private let limits: FeedLimits
    let room: FeedRoom
    /// Whether every element of the document ends where its author ended it, but for those that are open where it is
    /// cut off. Then an entry in an element of an entry belongs to that (a list of shelves, a review of somebody else's
    /// entry); else something was not closed.
    private let isSound: Bool
    /// Of the open elements, as far as we are told of them: those inside an entry or a field are
    /// recorded with it.
    private var roles: [Role] = []
    private var tags: [Tag?] = []
    /// What the names of the last fragments mean.
    private var recentTags: [(names: XMLNames, tags: [Tag])] = []
    private var homes: Set<String?> = []

    /// The document element, or what turned out to be the feed's inside it.
    private(set) var root: Tag?
    /// Whether `root` is one of a feed.
    private(set) var hasRoot = false
    private(set) var feed = FeedFields()
    private var entries: [Entry] = []
    private var keys = EntryKeys()
    private var entriesMet = 0
    /// Whether an entry began where another was open.
    private(set) var hasNestedEntries = false
    /// Whether a tag was torn in the entry that is open.
    private var isTorn = false
    /// Whether the document is cut off in an entry.
    private(set) var isCutInEntry = false
    /// Of the first channel or item that has one: what tells RSS 0.90 from 1.0.
    private(set) var itemNamespace: String?
    private(set) var versionAttribute: String?
    private(set) var hasTooManyEntries = false
    private(set) var hasUndeclaredPrefix = false
    /// Of what stands directly in the feed.
    private var base: Base
    /// Around the open root and channel.
    private var bases: [Base] = []
    /// The xml:base of the last root in an entry: where an entry begins behind it, that is another answer, and this one
    /// broke off.
    private var answerBase: String?
    /// The base around each of them, and where in `roles` the entry stands that it began in.
    private var answers: [(place: Int, base: Base)] = []

    init(address: WebAddress?, limits: FeedLimits, isSound: Bool = false) {
        self.limits = limits
        self.isSound = isSound
        room = FeedRoom(limits)
        base = Base(address)
    }

    // MARK: Events

    func concern(_ name: XMLName) -> XMLConcern {
        switch tag(name).field {
        case .item, .rss, .feed, .rdf: .interrupts
        case .content: .mayEnclose
        default: .none
        }
    }

    /// Whether it is an Atom content of an XML type: an entry in it is somebody else's.
    func encloses(_ name: XMLName, _ attributes: [XMLAttribute]) -> Bool {
        let type = attributes.first { $0.local == "type" && $0.prefix == nil }
        guard let value = type.map({ Text.trimmed($0.value).lowercased() }) else { return false }
        return value == "xhtml" || value.contains("xml")
    }

    func start(_ name: XMLName, on tape: XMLTape) -> XMLDecision {
        if !hasRoot { homes = [name.namespace] }
        let tag = tag(name)
        let role = role(tag, on: tape)
        if !hasRoot, role != .spent || root == nil {
            hasRoot = role != .spent
            root = tag
            // A root that is of another vocabulary makes that none of the feed's.
            if tag.space != .core { homes = [] }
            tags.removeAll()
            versionAttribute = tape.attributes.first { $0.local == "version" && $0.prefix == nil }?.value
        }
        if role == .channel || role == .entry {
            if itemNamespace == nil { itemNamespace = tag.namespace }
            if tag.isForeign { settle(in: tag.namespace) }
        }
        switch role {
        case .root, .channel:
            bases.append(base)
            begin(tape.attributes)
        case .entry:
            closeEntry(on: tape)
            countEntry()
        case .field:
            if roles.last == .entry || roles.last == .field {
                answerBase = tag.field == .item ? nil : base(of: tape.attributes)
                return .part
            }
        case .spent:
            break
        }
        roles.append(role)
        let isKept = role == .entry || role == .field
        return isKept && !hasTooManyEntries ? .record : .pass
    }

    func end(_ fragment: XMLFragment?) {
        guard let role = roles.popLast() else { return }
        if role == .root || role == .channel, let outer = bases.popLast() { base = outer }
        if let outer = answers.last, roles.count == outer.place { base = answers.removeLast().base }
        guard let fragment else { return }
        if role == .entry {
            finish(fragment, in: roles.last)
        } else {
            feed.read(
                Element(piece(fragment)), isAtom: isAtom, isRDF: isRDF, base: base, limits: limits, room: room)
        }
    }

    func tear() { isTorn = roles.contains(.entry) }

    func endEarly() { isCutInEntry = roles.contains(.entry) }

    /// In document order, once: they are many, and a second owner would cost a copy of all.
    func takeEntries() -> [Entry] {
        defer { entries = [] }
        keys.mark(&entries)
        return entries
    }

    // MARK: Structure

    private func tag(_ name: XMLName) -> Tag {
        while tags.count <= name.index { tags.append(nil) }
        if let tag = tags[name.index] { return tag }
        let tag = Tag(name, homes: homes)
        tags[name.index] = tag
        if name.prefix != nil, name.namespace == nil { hasUndeclaredPrefix = true }
        return tag
    }

    /// A namespace that nobody knows turns out to be that of the feed itself: names in it mean what they say.
    private func settle(in namespace: String?) {
        guard homes.insert(namespace).inserted else { return }
        tags.removeAll()
        recentTags.removeAll()
    }

    private func role(_ tag: Tag, on tape: XMLTape) -> Role {
        guard hasRoot else {
            switch tag.field {
            // A page may have elements of any name; a feed in one is Atom's where it says so.
            case .channel where tag.isMisplaced, .item where tag.isMisplaced: return .spent
            case .feed where tag.isMisplaced && root != nil: return .spent
            case .rss, .feed, .rdf, .channel: return .root
            case .item: return .entry
            // A page or a wrapper around the feed: what is in it may be one.
            default: return .spent
            }
        }
        let parent = roles.last ?? .spent
        switch tag.field {
        // An item of another vocabulary, unless it stands where one of the feed's own would.
        case .item where tag.isForeign && parent != .root && parent != .channel && !isAstray(tag, in: parent):
            return parent == .spent ? .spent : .field
        case .item: return tape.isEnclosed || isPart(of: parent, on: tape) ? .field : .entry
        case .channel where parent == .root: return .channel
        // A second document behind the end of the first.
        case .rss where parent == .root, .feed where parent == .root, .rdf where parent == .root: return .root
        // Nothing of a feed is read from it, but an entry may stand in it.
        case .none where parent == .root || parent == .channel: return .spent
        default: return parent == .spent ? .spent : .field
        }
    }

    /// Whether an item of a vocabulary that we know, and that has none, stands in something of the feed itself; in an
    /// entry it is a part of that, of a page that it quotes.
    private func isAstray(_ tag: Tag, in parent: Role) -> Bool {
        tag.isMisplaced && !roles.contains(.entry) && (parent == .field || !hasNestedEntries)
    }

    /// Whether an entry in an entry or a field is a part of that.
    private func isPart(of parent: Role, on tape: XMLTape) -> Bool {
        isSound && (parent == .field || parent == .entry) && !tape.isUnclosed
    }

    private var isRDF: Bool { root?.field == .rdf }
    private var isAtom: Bool { root?.field == .feed || root?.field == .item && root?.name == "entry" }

    private func begin(_ attributes: [XMLAttribute]) {
        if let stated = base(of: attributes) { base = base.entering(stated) }
        feed.start(attributes)
    }

    private func base(of attributes: [XMLAttribute]) -> String? {
        attributes.last { $0.local == "base" && $0.prefix == "xml" }?.value
    }

    /// An entry that another begins in has not been closed: it ends here, with what it has.
    private func closeEntry(on tape: XMLTape) {
        defer { answerBase = nil }
        guard let place = roles.lastIndex(of: .entry) else { return }
        hasNestedEntries = true
        for index in place..<roles.count { roles[index] = .spent }
        if let fragment = tape.cut() { finish(fragment, in: place > 0 ? roles[place - 1] : nil) }
        guard let answerBase else { return }
        answers.append((place, base))
        base = base.entering(answerBase)
    }

    private func countEntry() {
        hasTooManyEntries = hasTooManyEntries || entriesMet >= limits.entriesMax
        entriesMet += 1
    }

    private func finish(_ fragment: XMLFragment, in parent: Role?) {
        finish(Element(piece(fragment)), base: base, isAtHome: parent != .spent && parent != .field)
    }

    /// - Parameter isAtHome: whether it stands where entries do. Elsewhere it is one when it says anything.
    private func finish(_ element: Element, base: Base, isAtHome: Bool) {
        entries.append(EntryFields.read(element, isAtom: isAtom, isRDF: isRDF, base: base, limits: limits, room: room))
        entries[entries.count - 1].isTorn = isTorn
        isTorn = false
        if isAtHome || entries[entries.count - 1].isStated {
            keys.add(entries[entries.count - 1])
        } else {
            entries.removeLast()
        }
        guard isSound else { return }
        // Those directly in it, which nothing but an entry is meant by.
        for child in element.children where child.tag.field == .item && !child.tag.isForeign {
            countEntry()
            if !hasTooManyEntries { finish(child, base: base.entering(element), isAtHome: false) }
        }
    }

    private func piece(_ fragment: XMLFragment) -> Piece {
        for known in recentTags where known.names === fragment.names { return Piece(fragment, tags: known.tags) }
        let tags = fragment.names.list.map { tag($0) }
        if recentTags.count == FeedHandler.recentMax { recentTags.removeFirst() }
        recentTags.append((fragment.names, tags))
        return Piece(fragment, tags: tags)
    }
    private static let recentMax = 4
}
