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

    private struct Frame {
        var role: Role
        var element: Element
    }

    private let limits: FeedLimits
    private var frames: [Frame] = []
    private var tags: [Tag?] = []
    private var home: String?

    /// The document element, or what turned out to be the feed's inside it.
    private(set) var root: Tag?
    /// Whether `root` is one of a feed.
    private(set) var hasRoot = false
    private(set) var feed = FeedFields()
    private(set) var entries: [Entry] = []
    /// Of the first channel or item that has one: what tells RSS 0.90 from 1.0.
    private(set) var itemNamespace: String?
    private(set) var versionAttribute: String?
    private(set) var hasTooManyEntries = false
    private(set) var hasLongField = false
    private(set) var hasUndeclaredPrefix = false
    /// Of what stands directly in the feed.
    private var base: Base

    init(address: WebAddress?, limits: FeedLimits) {
        self.limits = limits
        base = Base(address)
    }

    // MARK: Events

    func start(_ name: XMLName, _ attributes: [XMLAttribute]) {
        if !hasRoot { home = name.namespace }
        let tag = tag(name)
        var element = Element(tag: tag, attributes: attributes)
        let role = role(tag)
        if !hasRoot, role != .spent || root == nil {
            hasRoot = role != .spent
            root = tag
            versionAttribute = element.attribute("version")
        }
        if role == .entry { closeEntry() }
        if role == .channel || role == .entry, itemNamespace == nil { itemNamespace = tag.namespace }
        if role == .root || role == .channel, !attributes.isEmpty {
            base = base.entering(element)
            feed.start(element)
        }
        if role == .entry, entries.count >= limits.entriesMax { hasTooManyEntries = true }
        if hasTooManyEntries { element.attributes = [] }
        frames.append(Frame(role: role, element: element))
    }

    func text(_ text: String) {
        guard let last = frames.indices.last, !hasTooManyEntries else { return }
        switch frames[last].role {
        case .field, .entry:
            let count = frames[last].element.children.count
            var text = text
            if text.utf8.count > limits.fieldBytesMax {
                hasLongField = true
                text = Text.prefix(text, limits.fieldBytesMax)
            }
            if count == 0 {
                frames[last].element.lead += text
            } else {
                frames[last].element.children[count - 1].tail += text
            }
        case .root, .channel, .spent:
            break
        }
    }

    func end() {
        guard let frame = frames.popLast() else { return }
        switch frame.role {
        case .root, .channel, .spent:
            break
        case .entry:
            finish(frame.element)
        case .field:
            guard let last = frames.indices.last else { return }
            switch frames[last].role {
            case .root, .channel:
                feed.read(frame.element, isAtom: isAtom, isRDF: isRDF, base: base, limits: limits)
            case .entry, .field:
                frames[last].element.children.append(frame.element)
            case .spent:
                break
            }
        }
    }

    // MARK: Structure

    private func tag(_ name: XMLName) -> Tag {
        while tags.count <= name.index { tags.append(nil) }
        if let tag = tags[name.index] { return tag }
        let tag = Tag(name, home: home)
        tags[name.index] = tag
        if name.prefix != nil, name.namespace == nil { hasUndeclaredPrefix = true }
        return tag
    }

    private func role(_ tag: Tag) -> Role {
        guard hasRoot else {
            switch tag.field {
            case .rss, .feed, .rdf, .channel: return .root
            case .item: return .entry
            // A page or a wrapper around the feed: what is in it may be one.
            default: return .spent
            }
        }
        let parent = frames.last?.role ?? .spent
        switch tag.field {
        case .item:
            return holdsForeignXML ? .field : .entry
        case .channel:
            return parent == .root ? .channel : .field
        default:
            return parent == .spent ? .spent : .field
        }
    }

    private var isRDF: Bool { root?.field == .rdf }
    private var isAtom: Bool { root?.field == .feed || root?.field == .item && root?.name == "entry" }

    /// Whether an Atom content of an XML type is open: an entry in it is somebody else's.
    private var holdsForeignXML: Bool {
        frames.contains { frame in
            frame.role == .field && frame.element.tag.field == .content
                && (frame.element.attribute("type") ?? "").contains("xml")
        }
    }

    /// An entry that another begins in has not been closed: it ends here, with what it has.
    private func closeEntry() {
        guard let place = frames.lastIndex(where: { $0.role == .entry }) else { return }
        var last = frames.count - 1
        while last > place {
            let element = frames[last].element
            frames[last - 1].element.children.append(element)
            frames[last] = Frame(role: .spent, element: Element(tag: element.tag, attributes: []))
            last -= 1
        }
        let element = frames[place].element
        frames[place] = Frame(role: .spent, element: Element(tag: element.tag, attributes: []))
        finish(element)
    }

    private func finish(_ element: Element) {
        guard !hasTooManyEntries else { return }
        entries.append(
            EntryFields.read(element, isAtom: isAtom, isRDF: isRDF, base: base, limits: limits))
    }
}
