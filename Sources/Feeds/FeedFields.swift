import Formats
import XML

/// What a feed says of itself, gathered from the direct children of its root and channel.
struct FeedFields {
    private(set) var title: String?
    private var otherTitle: String?
    private var description: Body?
    private var shortText: Body?
    private var otherSummary: Body?
    private(set) var id: String?
    private(set) var language: String?
    private(set) var updated: Instant?
    private(set) var published: Instant?
    private(set) var created: Instant?
    private(set) var authors: [Person] = []
    private(set) var categories: [Category] = []
    private(set) var links: [Link] = []
    private(set) var isComplete = false
    private(set) var isArchive = false
    private(set) var timeToLiveMinutes: Int?
    private(set) var skipHours: Set<Int> = []
    private(set) var skipDays: Set<Int> = []
    private var updatePeriod: String?
    private var updateFrequency: Int?
    private var personsRead = 0
    private var textLink: String?
    private var pageLink: String?
    private var anyLink: String?
    private(set) var otherLink: String?

    var subtitle: Body? { description ?? shortText ?? otherSummary }
    var link: String? { textLink ?? pageLink ?? anyLink }
    var name: String? { title.flatMap { $0.isEmpty ? nil : $0 } ?? otherTitle ?? title }
    /// Syndication module: without a period an update is daily, and so is it without a frequency.
    var updateIntervalSeconds: Int? {
        guard updatePeriod != nil || updateFrequency != nil else { return nil }
        return FeedFields.periods[updatePeriod ?? "daily"].map { $0 / (updateFrequency ?? 1) }
    }

    /// The attributes of root or channel.
    mutating func start(_ attributes: [XMLAttribute]) {
        for attribute in attributes {
            if attribute.local == "lang", attribute.prefix == "xml", language == nil {
                language = Text.stated(attribute.value)
            } else if attribute.isAbout, id == nil {
                id = Text.stated(attribute.value)
            }
        }
    }

    /// - Parameter isRDF: whether the document is RSS 1.0, whose own metadata are Dublin Core's: what
    ///   they say goes before the elements that it keeps for older readers.
    mutating func read(
        _ element: Element, isAtom: Bool, isRDF: Bool, base: Base, limits: FeedLimits, room: FeedRoom
    ) {
        let inner = base.entering(element)
        let isTyped = element.tag.isAtom || (isAtom && element.tag.space == .core)
        let text = TextConstruct(element, isAtom: isTyped)
        switch element.tag.field {
        // Empty when there is one without any text.
        case .title: title = title ?? text.title(room) ?? ""
        case .otherTitle where isRDF && element.tag.space == .dublinCore:
            title = text.title(room) ?? title
        case .otherTitle: otherTitle = otherTitle ?? text.title(room)
        case .description: description = description ?? text.body(base: inner)
        case .subtitle: shortText = shortText ?? text.body(base: inner)
        case .otherSummary, .summary, .content:
            otherSummary = otherSummary ?? text.body(base: inner)
        case .link: link(element, base: inner, room: room)
        case .id: id = Text.stated(element.bytes) ?? id
        case .published: published = EntryDates.read(element.bytes)?.instant ?? published
        case .created: created = EntryDates.read(element.bytes)?.instant ?? created
        case .updated, .otherDate: updated = EntryDates.read(element.bytes)?.instant ?? updated
        case .author, .creator:
            guard authors.count < limits.listMax, personsRead < limits.personsReadMax else { return }
            personsRead += 1
            Persons.add(Persons.read(element, base: inner, room: room), to: &authors, max: limits.listMax)
        case .category, .subject, .mediaCategory, .itunesCategory, .keywords:
            Categories.add(element, to: &categories, max: limits.listMax)
        case .language: language = Text.stated(element.bytes) ?? language
        case .timeToLive: timeToLiveMinutes = timeToLiveMinutes ?? number(element, 0...Int(Int32.max))
        case .skipHours:
            for child in element.children {
                // 24 is what RSS 0.91 called midnight.
                if let hour = number(child, 0...24) { skipHours.insert(hour % 24) }
            }
        case .skipDays:
            for child in element.children {
                if let day = FeedFields.days[child.text.lowercased()] { skipDays.insert(day) }
            }
        case .updatePeriod: updatePeriod = element.text.lowercased()
        case .updateFrequency: updateFrequency = number(element, 1...100_000)
        case .complete: isComplete = true
        case .archive: isArchive = true
        case .rss, .feed, .rdf, .channel, .item, .contributor, .enclosure, .xhtml, .mediaGroup,
            .walled, .html, .none:
            break
        }
    }

    private func number(_ element: Element, _ range: ClosedRange<Int>) -> Int? {
        Int(element.text).flatMap { range.contains($0) ? $0 : nil }
    }

    private mutating func link(_ element: Element, base: Base, room: FeedRoom) {
        guard let href = element.attribute("href") else {
            let address = room.resolve(element.text, base)
            textLink = address.flatMap(Base.link) ?? textLink
            otherLink = otherLink ?? address
            return
        }
        guard let address = room.link(href, base) else { return }
        let rel = Text.trimmed(element.attribute("rel") ?? "alternate").lowercased()
        let type = element.attribute("type")?.lowercased()
        if links.count < 64 { links.append(Link(rel: rel, href: address, type: type)) }
        guard rel == "alternate" else { return }
        anyLink = anyLink ?? address
        if Base.isPage(type: type) { pageLink = address }
    }

    private static let days = [
        "sunday": 0, "monday": 1, "tuesday": 2, "wednesday": 3, "thursday": 4, "friday": 5,
        "saturday": 6,
    ]
    private static let periods = [
        "hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_629_800,
        "yearly": 31_557_600,
    ]
}
