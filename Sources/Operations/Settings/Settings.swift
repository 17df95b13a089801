public import Catalogue
public import Formats

/// `feeds.toml` as it was read: PRODUCT section 2.
public struct Settings: Sendable {
    /// What shapes state and outputs.
    public var configuration = Configuration()
    public var feeds: [FollowedFeed] = []
    /// Where announcements go; empty: they are owed to `x`, and only the file is written.
    public var networks: [AnnouncedNetwork] = []
    public var fetch = FetchSettings()
    /// Events between two snapshots.
    public var snapshotEvery = 4096
    public var allowsNetworkFileSystem = false
    /// Relative to the store, or absolute.
    public var publishDirectory = "public"
    /// A command and its arguments, run when a published byte changed. Empty: none.
    public var after: [String] = []
    /// SHA-256 of what the configuration was read from; empty: it was not read.
    var digest = ""
    /// Where the zone of the site is written, for a word about one that does not exist.
    var timeZonePosition = TOMLPosition(line: 0, column: 0)

    public init() {}
}

/// A feed and how to ask for it, as `feeds.toml` says. A class, for a run hands a thousand of them around: with a value
/// each of its twenty references would be counted each time.
public final class FollowedFeed: Sendable {
    public let settings: Configuration.Feed
    /// Absolute: http, https or file. May hold a secret: never to be told, stored or published.
    public let address: WebAddress
    /// Whether `url_file` holds it, so that it is kept apart from what is shown to others.
    public let isPrivate: Bool
    /// The least seconds between two polls; `nil`: PRODUCT section 4 decides.
    public let every: Int?
    public let userAgent: String?
    public let position: TOMLPosition

    init(
        settings: Configuration.Feed, address: WebAddress, isPrivate: Bool, every: Int? = nil, userAgent: String? = nil,
        position: TOMLPosition
    ) {
        self.settings = settings
        self.address = address
        self.isPrivate = isPrivate
        self.every = every
        self.userAgent = userAgent
        self.position = position
    }

    public var name: String { settings.name }

    /// The same feed, for another of its pages.
    func at(_ address: WebAddress) -> FollowedFeed {
        FollowedFeed(
            settings: settings, address: address, isPrivate: isPrivate, every: every, userAgent: userAgent,
            position: position)
    }
}

/// A network and where its credentials are.
public struct AnnouncedNetwork: Equatable, Sendable {
    public var name: String
    /// A file, relative to the store or absolute. Empty: none, a person posts by hand.
    public var credentials: String
    public var position: TOMLPosition

    public var hasCredentials: Bool { !credentials.isEmpty }
}

public struct FetchSettings: Equatable, Sendable {
    /// An address at which the person can be reached, the site's own unless another is named; goes into the
    /// User-Agent. Empty: neither is known.
    public var contact = ""
    public var perHost = 1
    public var hostPauseMilliseconds = 1000
}

/// Something in `feeds.toml` that cannot be used: where it stands, and what would be right.
public struct SettingsMistake: Equatable, Sendable {
    public var file: String
    /// 0: the file as a whole.
    public var line: Int
    public var column: Int
    public var message: String

    /// `feeds.toml:3:1: what is wrong there`
    public var words: String {
        line == 0 ? "\(file): \(message)" : "\(file):\(line):\(column): \(message)"
    }
}

/// All mistakes of a file, in its order.
public struct SettingsError: Error, Equatable, Sendable {
    public var mistakes: [SettingsMistake]
}
