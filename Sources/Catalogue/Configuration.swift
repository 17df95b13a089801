public import Formats

/// The settings that shape state or outputs, as the last `configured` event states them. Pages know no
/// others. Never an address of a feed, a credential or a secret.
public struct Configuration: Equatable, Sendable {
    public var site = Site()
    public var publish = Publish()
    public var announce = Announce()
    public var mergesDuplicates = false
    public var feeds: [Feed] = []

    public init() {}

    /// What the outputs say about themselves.
    public struct Site: Equatable, Sendable {
        public var title = "Recently finished"
        public var homePageURL = ""
        public var feedURL = ""
        public var authorName = ""
        public var authorURL = ""
        public var authorAvatar = ""
        public var language = "en"
        /// A name of the zone database.
        public var timeZone = "UTC"

        public init() {}
    }

    public struct Publish: Equatable, Sendable {
        /// Newest so many in the feeds.
        public var items = 50
        public var widgetItems = 12
        /// In the widget only, so that articles do not push out books. In the order of `Kind`.
        public var atMost: [KindLimit] = []
        public var covers = Covers.copy
        /// In the widget; `index.html` always has it.
        public var jsonLD = false
        /// The text of the template, not its path. Empty: the built-in markup.
        public var itemTemplate = ""

        public init() {}
    }

    public struct KindLimit: Equatable, Sendable {
        public var kind: Kind
        public var count: Int

        public init(_ kind: Kind, _ count: Int) {
            self.kind = kind
            self.count = count
        }
    }

    public enum Covers: String, CaseIterable, Sendable {
        case copy, link, none
    }

    public struct Announce: Equatable, Sendable {
        public static let defaultTemplate =
            "Finished {{title}}{{#creator}} by {{creator}}{{/creator}}{{#rating}} {{rating}}{{/rating}}"

        /// From the finish date to the moment it is recorded; 0: no limit.
        public var maxAgeDays = 14
        public var waitSeconds = 3600
        public var maxPerRun = 3
        public var maxPerDay = 10
        /// Of a finish whose kind nobody states, or has no template of its own.
        public var template = defaultTemplate
        /// By kind, in the order of `Kind`. A log that is older than these has none.
        public var templates: [KindTemplate] = []
        /// None configured: announcements are owed to `x`.
        public var networks: [Network] = [Network("x")]

        public init() {}
    }

    public struct KindTemplate: Equatable, Sendable {
        public var kind: Kind
        public var template: String

        public init(_ kind: Kind, _ template: String) {
            self.kind = kind
            self.template = template
        }
    }

    public struct Network: Equatable, Sendable {
        public var name: String
        /// Whether a post carries the finish's address.
        public var link: Bool
        /// How long the server lets a post be; `nil`: as is usual there.
        public var charactersMax: Int?

        public init(_ name: String, link: Bool = false, charactersMax: Int? = nil) {
            self.name = name
            self.link = link
            self.charactersMax = charactersMax
        }
    }

    /// A feed as `feeds.toml` names it.
    public struct Feed: Equatable, Sendable {
        public var name: String
        /// Earlier names, newest first; the last is part of generic keys.
        public var renamedFrom: [String] = []
        /// Empty: told by address or document.
        public var service = ""
        public var kind: Kind?
        public var announces = true
        /// `nil`: the moment the feed was adopted.
        public var announceSince: Day?
        /// `season` or `episode`, `album` or `track`; empty: the service's default.
        public var count = ""
        public var finished = FinishedRules()

        public init(name: String) {
            self.name = name
        }

        /// Its own and its earlier ones.
        public var names: [String] { [name] + renamedFrom }

        /// The name that generic keys carry: it outlives renaming.
        public var keyName: String { renamedFrom.last ?? name }
    }

    /// Which entries of a generic feed count (`[feed.finished]`). Empty lists: every entry counts.
    public struct FinishedRules: Equatable, Sendable {
        /// Stripped from the title when matched.
        public var titlePrefix: [String] = []
        public var titleRegex: [String] = []
        public var category: [String] = []
        public var bodyContains: [String] = []

        public init() {}

        public var isEmpty: Bool {
            titlePrefix.isEmpty && titleRegex.isEmpty && category.isEmpty && bodyContains.isEmpty
        }
    }

    public func feed(named name: String) -> Feed? {
        for feed in feeds where feed.name == name { return feed }
        return nil
    }
}
