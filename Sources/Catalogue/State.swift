public import Formats

/// What all events up to `sequence` add up to. The same events give the same state, byte for byte, in
/// every process and on every day: it knows no clock and walks no dictionary.
public struct State: Equatable, Sendable {
    /// Of the last event; 0 before the first.
    public internal(set) var sequence: Int64 = 0
    /// The instant of the last event, as it was stated.
    public internal(set) var at = Instant(seconds: 0)
    public internal(set) var configuration = Configuration()

    /// As if a run had noted these settings.
    public func with(_ configuration: Configuration?) -> State {
        var state = self
        if let configuration { state.configuration = configuration }
        return state
    }
    /// In the order of adoption.
    public internal(set) var feeds: [FeedStanding] = []
    public internal(set) var finishes = FinishTable()
    /// All that were ever owed, in the order in which they became it.
    public internal(set) var announcements: [Announcement] = []
    /// Where the newest of each network and finish is among them: network, a zero byte, finish.
    private var announcementPlaces = KeyIndex()
    /// Entries that were looked at and are no finishes: feed, a zero byte, entry.
    var passed = KeyIndex()

    public init() {}

    /// Makes room for the fold of so many events of so many bytes: nothing that can be seen changes.
    public mutating func reserve(count: Int, bytes: Int) { finishes.reserve(count, bytes: bytes) }
}

extension State {
    /// The only way in for an announcement.
    mutating func owe(_ announcement: Announcement) {
        let key = State.announcementKey(announcement.finish, announcement.network)
        announcementPlaces.set(key, 0..<key.count, to: UInt32(announcements.count))
        announcements.append(announcement)
    }

    /// Looked up, not searched: thousands may be owed at once, and each takes several steps.
    func placeOfAnnouncement(_ finish: FinishID, _ network: String) -> Int? {
        announcementPlaces.number(of: State.announcementKey(finish, network)).map { Int($0) }
    }

    private static func announcementKey(_ finish: FinishID, _ network: String) -> [UInt8] {
        Array(network.utf8) + [0] + Array(finish.text.utf8)
    }
}

/// What the state knows of one feed.
public struct FeedStanding: Equatable, Sendable {
    public var name: String
    public var service: String
    /// When it gave its first good answer; `nil`: not yet.
    public var adopted: Instant?
    /// A mark of the address of which a document was read last; empty: not known.
    public var address = ""
    /// The last turn that its condition took; `nil`: it has been well ever since.
    public var condition: FeedCondition.Turn?
    public var reason: String
    /// When it took that turn, or was first met.
    public var changed: Instant
    /// When it last gave a finish we did not know.
    public var news: Instant

    init(name: String, at: Instant) {
        self.name = name
        service = ""
        reason = ""
        changed = at
        news = at
    }

    /// Whether it is known to be failing or gone.
    public var isUnwell: Bool { condition == .failing || condition == .gone }
}

extension State {
    /// What a feed is known as, its earlier names included.
    public func feed(named name: String) -> FeedStanding? {
        place(ofFeed: name).map { feeds[$0] }
    }

    func place(ofFeed name: String) -> Int? {
        for (place, feed) in feeds.enumerated() where feed.name == name { return place }
        guard let settings = configuration.feed(named: name) else { return nil }
        for earlier in settings.renamedFrom {
            for (place, feed) in feeds.enumerated() where feed.name == earlier { return place }
        }
        return nil
    }

    /// The finish that has this key, merges followed; `nil` also when it was forgotten.
    public func finish(withKey key: String) -> Standing? {
        finishes.place(of: key).map { finishes.standing(at: $0) }
    }

    /// Finishes whose id begins with `prefix`: what a person may type instead of the whole.
    public func finishes(withIDPrefix prefix: String) -> [Standing] {
        var found: [Standing] = []
        for place in 0..<finishes.count where !finishes.has(.forgotten, at: place) {
            if finishes.has(.merged, at: place) { continue }
            if let fields = finishes.fields(at: place), !finishes.text(fields.id).hasPrefix(prefix) { continue }
            let standing = finishes.standing(at: place)
            if standing.id.text.hasPrefix(prefix) { found.append(standing) }
        }
        return found
    }

    /// What is shown, newest first.
    public func newest(_ limit: Int = .max) -> [Standing] {
        finishes.newest(limit).map { finishes.standing(at: $0) }
    }

    /// What is shown, newest first, with at most so many of each kind that `limits` names.
    public func newest(_ limit: Int, atMost limits: [Configuration.KindLimit]) -> [Standing] {
        guard !limits.isEmpty else { return newest(limit) }
        var chosen: [Standing] = []
        var counts = Array(repeating: 0, count: limits.count)
        for place in finishes.newest() {
            if chosen.count == limit { break }
            let standing = finishes.standing(at: place)
            if let index = limits.firstIndex(where: { $0.kind == standing.finish.kind }) {
                if counts[index] == limits[index].count { continue }
                counts[index] += 1
            }
            chosen.append(standing)
        }
        return chosen
    }

    /// How many finishes are shown.
    public var shownCount: Int {
        var count = 0
        for place in 0..<finishes.count where finishes.isShown(at: place) { count += 1 }
        return count
    }

    public func isHidden(_ id: FinishID) -> Bool { has(.hidden, id) }

    public func isWithdrawn(_ id: FinishID) -> Bool { has(.withdrawn, id) }

    private func has(_ flag: FinishTable.Flags, _ id: FinishID) -> Bool {
        finishes.place(of: id.text).map { finishes.has(flag, at: $0) } ?? false
    }

    /// Whether an entry was recorded as passed over.
    public func hasPassed(feed: String, entry: String) -> Bool {
        passed.number(of: State.passedKey(feed: feed, entry: entry)) != nil
    }

    static func passedKey(feed: String, entry: String) -> [UInt8] {
        Array(feed.utf8) + [0] + Array(Bounds.key(entry).utf8)
    }
}

extension State {
    /// The backfills of which something still stands, in the order in which they are first met.
    public var backfills: [String] {
        var known: Set<String> = []
        var backfills: [String] = []
        for place in 0..<finishes.count where finishes.isKnown(at: place) {
            let standing = finishes.standing(at: place)
            for source in [standing.origin] + standing.sources where source.hasPrefix("backfill:") {
                let backfill = String(source.dropFirst("backfill:".count))
                if known.insert(backfill).inserted { backfills.append(backfill) }
            }
        }
        return backfills
    }

    /// All finishes that are neither merged into another nor forgotten, in the order of their events;
    /// also what is hidden or withdrawn.
    public var known: [Standing] {
        var standings: [Standing] = []
        for place in 0..<finishes.count where finishes.isKnown(at: place) {
            standings.append(finishes.standing(at: place))
        }
        return standings
    }
}
