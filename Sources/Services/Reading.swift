public import Catalogue
public import Formats

/// What a service's room makes of one entry of a feed or one row of an export.
public struct Recognised: Sendable, Equatable {
    /// As complete as the entry allows, also when it is no finish.
    public var sighting: Sighting
    /// `nil`: neither the service nor the feed's address says; only `[feed.finished]` can.
    public var finished: Bool?
    /// Why it is no finish, in words for a person: "a list", "currently reading". Empty for a
    /// finish.
    public var reason: String
    /// Whether its entry may say less than its feed does: see `Entry.isDamaged`.
    public var isDamaged = false
    /// Whether that may have been what it is known by: see `Entry.isNameDamaged`.
    public var isNameDamaged = false
    /// Whether it is two that came as one: see `Entry.isDoubled`.
    public var isDoubled = false
    /// Where the row begins in its file, from 1; `nil` for an entry of a feed.
    public var line: Int?
    /// The row's bytes in its file, where the file is a table in UTF-8: for keeping it as it was.
    public var bytes: Range<Int>?

    public init(
        sighting: Sighting, finished: Bool?, reason: String = "", line: Int? = nil,
        bytes: Range<Int>? = nil
    ) {
        self.sighting = sighting
        self.finished = finished
        self.reason = reason
        self.line = line
        self.bytes = bytes
    }
}

/// A feed or an export as its service means it.
public struct Reading: Sendable, Equatable {
    /// One of `Services.names`.
    public var service: String
    /// In document order, one for each entry or row.
    public var recognised: [Recognised]
    /// Whether the feed is a window on a list with the newest first, so that an entry that is gone
    /// from its middle was taken away (PRODUCT section 5, `withdrawn`).
    public var isWindowOrdered: Bool
    /// How the service was told: "address", "guid letterboxd-watch-…", "setting".
    public var why: String

    public init(
        service: String, recognised: [Recognised], isWindowOrdered: Bool = false, why: String
    ) {
        self.service = service
        self.recognised = recognised
        self.isWindowOrdered = isWindowOrdered
        self.why = why
    }
}

/// The rows of an export as its service means them; going through them is reading the file, done once.
public struct RecognisedRows: Sequence, IteratorProtocol {
    var rows: ExportedRows
    let feed: String

    public mutating func next() -> Recognised? {
        rows.next().map { Exports.recognised($0, feed: feed) }
    }
}

/// What a room must know beside the document.
public struct FeedContext: Sendable {
    public var feed: Configuration.Feed
    /// Where the document came from; may hold secrets, so it never reaches a sighting.
    public var address: String
    /// The addresses that led there, the configured one among them; their secrets do not either.
    public var way: [String]
    /// Whether the person keeps the address apart from what is shown to others.
    public var isPrivate: Bool
    /// Seconds east of UTC that the person's clock stands at an instant; gives the day of an entry
    /// that states an instant.
    public var timeZone: @Sendable (Instant) -> Int
    /// Whether single tracks and episodes are taken whatever `count` says: for showing what a
    /// document states, without anybody's settings.
    public var countsEverything: Bool

    public init(
        feed: Configuration.Feed, address: String = "", way: [String] = [], isPrivate: Bool = false,
        countsEverything: Bool = false,
        timeZone: @escaping @Sendable (Instant) -> Int = { _ in 0 }
    ) {
        self.feed = feed
        self.address = address
        self.way = way
        self.isPrivate = isPrivate
        self.countsEverything = countsEverything
        self.timeZone = timeZone
    }
}

/// The feed that belongs to a person's page at a service.
public struct ProfileFeed: Sendable, Equatable {
    /// A name for it in `feeds.toml`: "films".
    public var name: String
    public var address: String
    public var service: String
    /// Which export holds what the feed has forgotten; `nil` where there is none.
    public var exportHint: String?

    public init(name: String, address: String, service: String, exportHint: String? = nil) {
        self.name = name
        self.address = address
        self.service = service
        self.exportHint = exportHint
    }
}
