import Formats
import XML

/// The fields of an entry, read from its direct children when it is complete.
struct EntryFields {
    private var entry = Entry()
    private let isAtom: Bool
    private let isRDF: Bool
    private let base: Base
    private let limits: FeedLimits
    private let room: FeedRoom

    // Candidates in order of rank; what the format itself says comes before what modules say.
    private var title: String?
    private var otherTitle: String?
    private var description: Body?
    private var statedSummary: Body?
    private var otherSummary: Body?
    private var shortText: Body?
    private var groupTitle: String?
    private var groupSummary: Body?
    private var groupCategories: [Category] = []
    private var created: Instant?
    private var textLink: String?
    private var otherLink: String?
    private var pageLink: String?
    private var anyLink: String?
    private var idBase: Base
    private var personsRead = 0
    private var idElement: String?

    /// - Parameters:
    ///   - isAtom: the format of the document, which decides what a text without a type is.
    ///   - base: of the feed around it.
    ///   - isRDF: whether the document is RSS 1.0.
    static func read(
        _ element: Element, isAtom: Bool, isRDF: Bool, base: Base, limits: FeedLimits, room: FeedRoom
    ) -> Entry {
        var fields = EntryFields(
            isAtom: isAtom, isRDF: isRDF, base: base.entering(element), limits: limits, room: room)
        fields.entry.elements = element.children
        if element.hasAttributes {
            for attribute in element.attributes where attribute.isAbout {
                fields.entry.id = Text.name(attribute.value)
            }
        }
        for child in element.children { fields.read(child) }
        return fields.finish()
    }

    private init(isAtom: Bool, isRDF: Bool, base: Base, limits: FeedLimits, room: FeedRoom) {
        self.isAtom = isAtom
        self.isRDF = isRDF
        self.base = base
        self.limits = limits
        self.room = room
        idBase = base
    }

    private mutating func read(_ element: Element) {
        switch element.tag.field {
        case .title:
            if let title { entry.hasOtherTitle = entry.hasOtherTitle || isOther(text(element).title(room), title) }
            title = title ?? text(element).title(room)
        case .otherSummary where isAtom && element.tag.space == .dublinCore:
            statedSummary = body(element) ?? statedSummary
        case .otherTitle: otherTitle = otherTitle ?? text(element).title(room)
        case .description: description = description ?? body(element)
        case .summary: statedSummary = statedSummary ?? body(element)
        case .otherSummary: otherSummary = otherSummary ?? body(element)
        case .subtitle: shortText = shortText ?? body(element)
        case .content, .xhtml: entry.content = entry.content ?? body(element)
        case .link: link(element)
        case .id: identify(element)
        // Of several the last: it is what a publisher's program added to correct the first.
        case .published: entry.published = date(element) ?? entry.published
        case .created: created = date(element) ?? created
        case .updated, .otherDate: entry.updated = date(element) ?? entry.updated
        case .author, .creator:
            guard entry.authors.count < limits.listMax, personsRead < limits.personsReadMax else { return }
            personsRead += 1
            Persons.add(
                Persons.read(element, base: base.entering(element), room: room), to: &entry.authors,
                max: limits.listMax)
        case .category, .subject, .mediaCategory, .itunesCategory, .keywords:
            // One more than are kept: that there were more is to be told.
            Categories.add(element, to: &entry.categories, max: room.hasRoomToList ? limits.listMax + 1 : 1)
        case .enclosure:
            enclose(element, url: element.attribute("url"))
        case .mediaGroup:
            // The wall holds, but for an entry that has nothing of its own.
            media(element)
        case .rss, .feed, .rdf, .channel, .item, .contributor, .language, .timeToLive, .skipHours,
            .skipDays, .updatePeriod, .updateFrequency, .complete, .archive, .walled, .html, .none:
            break
        }
    }

    private mutating func media(_ element: Element) {
        for child in element.children {
            switch child.tag.field {
            case .otherTitle: groupTitle = groupTitle ?? text(child).title(room)
            case .otherSummary: groupSummary = groupSummary ?? body(child)
            case .mediaCategory: Categories.add(child, to: &groupCategories, max: limits.listMax + 1)
            case .mediaGroup: media(child)
            default: break
            }
        }
    }

    private func text(_ element: Element) -> TextConstruct {
        // An Atom element in RSS says its type itself.
        TextConstruct(element, isAtom: element.tag.isAtom || (isAtom && element.tag.space == .core))
    }

    private mutating func body(_ element: Element) -> Body? {
        let construct = text(element)
        let body = construct.body(base: base.entering(element))
        if element.hasChildren, body?.isCut == true || construct.isCut { entry.isCutShort = true }
        return body
    }

    private func date(_ element: Element) -> Instant? { EntryDates.read(element.bytes)?.instant }

    private mutating func link(_ element: Element) {
        let base = base.entering(element)
        guard let href = element.attribute("href") else {
            guard textLink == nil || otherLink == nil else { return }
            let address = room.resolve(element.text, base)
            textLink = textLink ?? address.flatMap(Base.link)
            otherLink = otherLink ?? address
            return
        }
        let rel = Text.trimmed(element.attribute("rel") ?? "alternate").lowercased()
        if rel == "enclosure" { return enclose(element, url: href) }
        guard rel == "alternate" || rel.hasSuffix("/alternate") else { return }
        let resolved = room.resolve(href, base)
        otherLink = otherLink ?? resolved
        guard let address = resolved.flatMap(Base.link) else { return }
        anyLink = anyLink ?? address
        if pageLink == nil, Base.isPage(type: element.attribute("type")) { pageLink = address }
    }

    private func isOther(_ text: String?, _ known: String) -> Bool { text.map { !$0.isEmpty && $0 != known } ?? false }

    private mutating func identify(_ element: Element) {
        if let id = entry.id, idElement == element.name {
            entry.hasOtherID = entry.hasOtherID || isOther(Text.name(element.text), id)
        }
        guard entry.id == nil || element.tag.name.lowercased() == "guid",
            let id = Text.name(element.text)
        else { return }
        entry.id = id
        idElement = element.name
        entry.idIsPermalink =
            element.tag.name.lowercased() == "guid"
            && Text.trimmed(element.attribute("isPermaLink") ?? "").lowercased() != "false"
        idBase = base.entering(element)
    }

    private mutating func enclose(_ element: Element, url: String?) {
        guard let url else { return }
        guard entry.enclosures.count < limits.listMax else {
            entry.isCutShort = true
            return
        }
        entry.enclosures.append(
            Enclosure(
                url: room.resolve(url, base.entering(element)) ?? "", type: element.attribute("type").flatMap(Text.stated),
                length: element.attribute("length").map(Text.trimmed)))
    }

    private mutating func finish() -> Entry {
        entry.title = title ?? otherTitle ?? groupTitle
        // With both, `summary` is the short one and `description` the whole.
        entry.summary = statedSummary ?? description ?? otherSummary ?? shortText ?? groupSummary
        if entry.categories.isEmpty { entry.categories = groupCategories }
        if entry.categories.count > limits.listMax {
            entry.categories.removeLast(entry.categories.count - limits.listMax)
            entry.isCutShort = true
        }
        room.bound(&entry)
        if entry.content == nil, statedSummary != nil { entry.content = description }
        // In RSS 1.0 the second description, Dublin Core's, is the fuller one.
        if entry.content == nil, isRDF, description != nil { entry.content = otherSummary }
        entry.published = entry.published ?? created ?? entry.updated
        entry.link = pageLink.flatMap { isAtom ? $0 : nil } ?? textLink ?? pageLink ?? anyLink
        if entry.link == nil, entry.idIsPermalink, let id = entry.id {
            let address = room.resolve(id, idBase)
            entry.link = address.flatMap(Base.link)
            otherLink = otherLink ?? address
        }
        if entry.link == nil { entry.otherLink = otherLink }
        // Handed on, not copied: it holds a dozen objects, and there are many entries.
        var finished = Entry()
        swap(&finished, &entry)
        return finished
    }
}

extension XMLAttribute {
    /// `rdf:about`, also where the prefix was forgotten.
    var isAbout: Bool {
        local == "about" && (prefix == nil || Space.meant(by: namespace, prefix: prefix).space == .rdf)
    }
}
