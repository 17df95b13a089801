public import Formats

/// What a feed's address answered, read and not judged: RSS 0.90 to 2.0 and RSS 1.0, Atom 0.3 and
/// 1.0, JSON Feed 1.0 and 1.1 in one shape.
public struct FeedDocument: Equatable, Sendable {
    public enum Format: String, Sendable {
        case rss, rdf, atom, json
    }

    public var format: Format
    /// rss090 rss091 rss092 rss093 rss094 rss10 rss20 rss, atom03 atom10 atom, json10 json11.
    public var version: String
    /// What the bytes were decoded as, lower case.
    public var encoding: String
    /// Whether anything had to be mended to read it.
    public var malformed: Bool
    /// What was mended: each kind of fault once, with the line where it stood first.
    public var defects: [String]

    /// Plain text.
    public var title: String?
    public var subtitle: Body?
    /// The page that the feed belongs to; resolved, http or https.
    public var link: String?
    /// Where there is no such link, one of another scheme; never to be published or followed.
    public var otherLink: String?
    /// As it stands.
    public var id: String?
    public var language: String?
    public var updated: Instant?
    public var published: Instant?
    public var authors: [Person]
    public var categories: [Category]
    /// Every link of the feed with a relation: `self`, `next`, `prev-archive`, `hub`, `current`…
    public var links: [Link]
    /// Holds all entries there are (RFC 5005 §2): what is not in it has been taken away.
    public var isComplete: Bool
    /// An archive that does not change any more (RFC 5005 §4).
    public var isArchive: Bool
    /// JSON Feed 1.1, `next_url`; resolved.
    public var nextURL: String?

    /// RSS 2.0, `<ttl>`.
    public var timeToLiveMinutes: Int?
    /// RSS 2.0, `<skipHours>`: 0 to 23, GMT, sorted.
    public var skipHours: [Int]
    /// RSS 2.0, `<skipDays>`: 0 is Sunday, sorted.
    public var skipDays: [Int]
    /// `sy:updatePeriod` divided by `sy:updateFrequency`.
    public var updateIntervalSeconds: Int?

    /// In document order.
    public var entries: [Entry]
    /// Whether the document is cut off before the end of the last of them.
    public var lastEntryIsCut = false
    /// Why some of them may be missing; `nil`: all are there.
    public var lack: Lack?

    public enum Lack: Sendable {
        /// The document is cut off.
        case end
        /// Something in it could not be told apart.
        case part
    }

    public init(
        format: Format, version: String, encoding: String = "utf-8", malformed: Bool = false,
        defects: [String] = [], title: String? = nil, subtitle: Body? = nil, link: String? = nil,
        otherLink: String? = nil, id: String? = nil, language: String? = nil, updated: Instant? = nil,
        published: Instant? = nil, authors: [Person] = [], categories: [Category] = [],
        links: [Link] = [], isComplete: Bool = false, isArchive: Bool = false,
        nextURL: String? = nil, timeToLiveMinutes: Int? = nil, skipHours: [Int] = [],
        skipDays: [Int] = [], updateIntervalSeconds: Int? = nil, entries: [Entry] = []
    ) {
        self.format = format
        self.version = version
        self.encoding = encoding
        self.malformed = malformed
        self.defects = defects
        self.title = title
        self.subtitle = subtitle
        self.link = link
        self.otherLink = otherLink
        self.id = id
        self.language = language
        self.updated = updated
        self.published = published
        self.authors = authors
        self.categories = categories
        self.links = links
        self.isComplete = isComplete
        self.isArchive = isArchive
        self.nextURL = nextURL
        self.timeToLiveMinutes = timeToLiveMinutes
        self.skipHours = skipHours
        self.skipDays = skipDays
        self.updateIntervalSeconds = updateIntervalSeconds
        self.entries = entries
    }
}
