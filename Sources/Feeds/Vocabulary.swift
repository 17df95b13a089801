import XML

/// A name of a document, with what it means to us; one object for each distinct name.
final class Tag: Sendable {
    let namespace: String?
    let prefix: String?
    let name: String
    let space: Space
    let field: Field
    /// In a namespace of Atom's, also where the document is RSS.
    let isAtom: Bool
    /// A channel or an entry by its name, in a namespace that nobody knows or that has none: where it stands decides.
    let isForeign: Bool
    /// A name of feeds in a vocabulary that we know and that has no such name: the default namespace is that of a page
    /// or a module that the feed was put into, or that was put into the feed.
    let isMisplaced: Bool

    /// - Parameter homes: the namespaces of the document element, and of the channel and the entries in it. Elements
    ///   without a prefix that stand in one belong to the format itself, whatever address somebody gave it.
    init(_ name: XMLName, homes: Set<String?> = []) {
        let (declared, found) = Space.meant(by: name.namespace, prefix: name.prefix)
        namespace = declared
        prefix = name.prefix
        self.name = name.local
        let core = Field(.core, name.local.lowercased())
        let own = Field(found, name.local.lowercased())
        let isLost = own == .none && core != .none && name.prefix == nil
        isMisplaced = isLost && found != .other
        let isHome = name.prefix == nil && homes.contains(declared)
        space = isHome && (isLost || found == .other) ? .core : found
        isForeign = isLost && !isHome && (core == .item || core == .channel)
        field = isForeign ? core : Field(space, name.local.lowercased())
        isAtom = declared.map { $0.hasSuffix("2005/Atom") || $0.hasPrefix("http://purl.org/atom/") }
            ?? false
    }
}

/// The vocabularies that we read; what an address is compared without, `plain` says.
enum Space: Sendable {
    /// RSS of every version, Atom of both, and elements without a namespace.
    case core
    case rdf, content, dublinCore, dublinTerms, media, itunes, xhtml, syndication, history, xml
    case other

    /// What a name's declared address and prefix mean, and the address of that. An address that nobody knows behind a
    /// prefix that everybody does is mistyped (`…/modules/contents/`): nobody made another vocabulary of that name.
    static func meant(by namespace: String?, prefix: String?) -> (address: String?, space: Space) {
        let stated = namespace.map { Text.trimmed($0) }
        let space = Space(address: stated, prefix: prefix)
        guard space == .other, let prefix, let known = wellKnown[prefix.lowercased()] else { return (stated, space) }
        return (known, Space(address: known, prefix: prefix))
    }

    private init(address: String?, prefix: String?) {
        guard let address, !address.isEmpty else {
            self = prefix == nil ? .core : .other
            return
        }
        self = Space.addresses[Space.plain(address)] ?? .other
    }

    /// What stands before the names of the namespace with this address where it is declared as usual: nothing before the
    /// feed's own. `nil` for one that we do not read.
    static func usualPrefix(of address: String) -> String? {
        switch addresses[plain(Text.trimmed(address))] {
        case .core: ""
        case .rdf: "rdf"
        case .content: "content"
        case .dublinCore: "dc"
        case .dublinTerms: "dcterms"
        case .media: "media"
        case .itunes: "itunes"
        case .xhtml: "xhtml"
        case .syndication: "sy"
        case .history: "fh"
        case .xml, .other, nil: nil
        }
    }

    /// Without what people get wrong: the case, https, a slash at the end.
    private static func plain(_ address: String) -> String {
        var text = Substring(address.lowercased())
        if text.hasPrefix("https:") { text = "http:" + text.dropFirst("https:".count) }
        if text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }

    private static let addresses = Dictionary(
        uniqueKeysWithValues: known.map { (plain($0.key), $0.value) })
    private static let known: KeyValuePairs<String, Space> = [
        // The userland addresses are those that their RSS 2.0 feeds had for a while.
        "http://backend.userland.com/rss": .core, "http://backend.userland.com/rss2": .core,
        "http://backend.userland.com/rss091": .core, "http://backend.userland.com/rss092": .core,
        "http://backend.userland.com/rss093": .core, "http://backend.userland.com/rss094": .core,
        "http://blogs.law.harvard.edu/tech/rss": .core,
        "http://cyber.law.harvard.edu/rss/rss.html": .core,
        "http://my.netscape.com/rdf/simple/0.9/": .core,
        "http://channel.netscape.com/rdf/simple/0.9/": .core,
        "http://my.netscape.com/publish/formats/rss-0.91.dtd": .core,
        "http://purl.org/rss/1.0/": .core, "http://purl.org/net/rss1.1#": .core,
        "http://purl.org/echo/": .core, "http://purl.org/pie/": .core,
        "http://purl.org/atom/ns#": .core, "http://purl.org/atom/": .core,
        "http://www.w3.org/2005/atom": .core,
        "http://purl.org/rss/1.0/modules/rss091#": .core,
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#": .rdf,
        "http://purl.org/rss/1.0/modules/content/": .content,
        "http://purl.org/dc/elements/1.0/": .dublinCore,
        "http://purl.org/dc/elements/1.1/": .dublinCore,
        "http://purl.org/dc/terms/": .dublinTerms,
        "http://search.yahoo.com/mrss/": .media,
        "http://www.itunes.com/dtds/podcast-1.0.dtd": .itunes,
        "http://www.w3.org/1999/xhtml": .xhtml,
        "http://purl.org/rss/1.0/modules/syndication/": .syndication,
        "http://purl.org/syndication/history/1.0": .history,
        "http://www.w3.org/xml/1998/namespace": .xml,
    ]

    /// What a prefix stands for when a document forgets to say so (Backloggd, SERVICES.md §3.6), or says it wrongly.
    static let wellKnown = [
        "atom": "http://www.w3.org/2005/Atom", "a10": "http://www.w3.org/2005/Atom",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "content": "http://purl.org/rss/1.0/modules/content/",
        "dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/",
        "media": "http://search.yahoo.com/mrss/",
        "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "xhtml": "http://www.w3.org/1999/xhtml",
        "sy": "http://purl.org/rss/1.0/modules/syndication/",
        "fh": "http://purl.org/syndication/history/1.0",
        "rss": "http://backend.userland.com/rss2",
    ]
}

/// What an element is for, wherever it comes from. Where it stands decides whether it counts.
enum Field: Sendable {
    case rss, feed, rdf, channel, item
    case title, otherTitle, link, id, published, created, updated, otherDate
    case description, subtitle, summary, content, xhtml, otherSummary
    case author, creator, contributor, category, subject, mediaCategory, itunesCategory, keywords
    case enclosure, language, timeToLive, skipHours, skipDays, updatePeriod, updateFrequency
    case complete, archive, mediaGroup, walled, html, none

    init(_ space: Space, _ name: String) {
        switch space {
        case .core: self = Field.core[name] ?? .none
        case .rdf: self = name == "rdf" ? .rdf : .none
        case .content: self = name == "encoded" ? .content : .none
        case .dublinCore: self = Field.dublinCore[name] ?? .none
        case .dublinTerms: self = Field.dublinTerms[name] ?? .none
        case .media: self = Field.media[name] ?? .none
        case .itunes: self = Field.itunes[name] ?? .none
        case .xhtml: self = name == "body" || name == "div" ? .xhtml : name == "html" ? .html : .none
        case .syndication:
            self = name == "updateperiod" ? .updatePeriod
                : name == "updatefrequency" ? .updateFrequency : .none
        case .history: self = name == "complete" ? .complete : name == "archive" ? .archive : .none
        case .xml, .other: self = .none
        }
    }

    private static let core: [String: Field] = [
        "rss": .rss, "feed": .feed, "rdf": .rdf, "channel": .channel, "item": .item,
        "entry": .item, "html": .html,
        "title": .title, "link": .link, "guid": .id, "id": .id,
        "pubdate": .published, "published": .published, "issued": .published,
        "created": .created, "updated": .updated, "modified": .updated,
        "lastbuilddate": .updated, "date": .otherDate,
        "description": .description, "summary": .summary, "subtitle": .subtitle,
        "tagline": .description, "info": .otherSummary, "abstract": .otherSummary,
        "content": .content, "fullitem": .content, "body": .xhtml, "encoded": .content,
        "author": .author, "managingeditor": .author, "webmaster": .contributor,
        "contributor": .contributor, "category": .category, "keywords": .keywords, "tags": .keywords,
        "enclosure": .enclosure, "language": .language, "ttl": .timeToLive,
        "skiphours": .skipHours, "skipdays": .skipDays,
        "image": .walled, "textinput": .walled, "source": .walled,
    ]
    private static let dublinCore: [String: Field] = [
        "title": .otherTitle, "creator": .creator, "author": .creator, "publisher": .contributor,
        "contributor": .contributor, "subject": .subject, "date": .otherDate,
        "description": .otherSummary, "language": .language,
    ]
    private static let dublinTerms: [String: Field] = [
        "title": .otherTitle, "created": .created, "issued": .published, "modified": .updated,
        "date": .otherDate, "abstract": .otherSummary, "creator": .creator, "subject": .subject,
    ]
    private static let media: [String: Field] = [
        "title": .otherTitle, "description": .otherSummary, "category": .mediaCategory,
        "keywords": .keywords, "group": .mediaGroup, "content": .mediaGroup,
    ]
    private static let itunes: [String: Field] = [
        "title": .otherTitle, "author": .creator, "summary": .otherSummary,
        "subtitle": .subtitle, "category": .itunesCategory, "keywords": .keywords,
    ]
}
