public import Catalogue
import Files
public import Formats
import Storage

/// How everything stands: each feed, what waits for a person, and the store itself.
public struct Status: Equatable, Sendable {
    public struct Feed: Equatable, Sendable {
        public var name: String
        public var service: String
        public var adopted: Instant?
        /// Whatever came of it.
        public var wasAsked = false
        public var succeeded: Instant?
        /// `nil` also of one that is gone, which is not asked again.
        public var next: Instant?
        public var failures: Int
        public var condition: FeedCondition.Turn?
        public var reason: String
        /// Finishes that it brought.
        public var finishes: Int
        /// Entries that the last good poll showed.
        public var entries: Int
    }

    /// A network that could not be asked while something was owed to it.
    public struct Silence: Equatable, Sendable {
        public var network: String
        public var since: Instant
        public var reason: String
    }

    public var feeds: [Feed] = []
    public var finishes = 0
    public var events = 0
    public var segments = 0
    public var pending = 0
    /// Announcements that wait for a person.
    public var held: [Announcement] = []
    /// Attempts of which nobody knows what became.
    public var unresolved: [Announcement] = []
    public var silent: [Silence] = []
    /// Since when nobody at all could be reached; `nil`: somebody was.
    public var outage: Instant?
    /// For so long that it is no matter of a short pause.
    public var isLastingOutage = false
    /// When it was last said that the pages could not be written; `nil`: since then they were.
    public var unpublished: Instant?
    /// Pairs that a person may want to merge.
    public var suspicions: [Suspicion] = []
    /// Sequence of the newest snapshot that fits; `nil`: none.
    public var snapshot: Int?
    public var lastRun: Instant?

    /// Whether a feed is failing or gone, nobody was reached for a day, or the pages cannot be written.
    public var isFailing: Bool {
        isLastingOutage || unpublished != nil
            || feeds.contains {
                $0.condition == .failing || $0.condition == .gone || $0.failures >= Schedule.failuresUntilFailing
            }
    }

    public static func read(
        _ world: World, _ folder: StoreFolder, _ settings: Settings?
    ) throws(OperationError) -> Status {
        let archive = try Archive(world, folder)
        let state = archive.store.state
        let polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        var status = Status()
        let feeds = settings?.feeds.map(\.name) ?? state.feeds.map(\.name)
        let counts = state.countsByFeed()
        for name in feeds {
            let standing = state.feed(named: name)
            let poll = polls.feeds.first { $0.name == name }
            let feed = settings?.feeds.first { $0.name == name }
            let names = (feed?.settings.names ?? [name]) + [standing?.name ?? name]
            status.feeds.append(
                Feed(
                    name: name, service: standing?.service ?? "", adopted: standing?.adopted,
                    wasAsked: poll?.attempted != nil, succeeded: poll?.succeeded,
                    next: poll.flatMap { polls.next($0, feed, at: world.now) },
                    failures: poll?.failures ?? 0, condition: standing?.condition, reason: standing?.reason ?? "",
                    finishes: counts.filter { names.contains($0.feed) }.map(\.count).reduce(0, +),
                    entries: poll?.window.count ?? 0))
        }
        status.finishes = state.shownCount
        status.events = Int(state.sequence)
        status.segments = try inStore { () throws(StoreError) in try archive.store.log.segmentCount() }
        // As `pending-tweets.json` has them; an attempt is told by itself.
        status.pending = state.outbox.count { $0.status != .attempted }
        status.held = state.announcements.filter { $0.status == .held }
        status.unresolved = state.announcements.filter { $0.status == .attempted }
        status.silent = silences(polls)
        status.outage = polls.outage?.since
        status.isLastingOutage = polls.outage?.isLasting(at: world.now) == true
        status.unpublished = polls.unpublishedSaid
        status.suspicions = state.suspicions()
        let snapshot = archive.store.snapshotSequence
        status.snapshot = snapshot > 0 ? snapshot : nil
        status.lastRun = archive.store.log.last?.at
        return status
    }

    /// The networks that could not be asked.
    public static func silences(_ world: World, _ folder: StoreFolder) throws(OperationError) -> [Silence] {
        silences(try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) })
    }

    private static func silences(_ polls: Polls) -> [Silence] {
        polls.networks.map { Silence(network: $0.network, since: $0.since, reason: $0.reason) }
    }

    public var json: JSONValue {
        var members = [
            JSONMember("finishes", .integer(Int64(finishes))),
            JSONMember("events", .integer(Int64(events))),
            JSONMember("segments", .integer(Int64(segments))),
            JSONMember("pending", .integer(Int64(pending))),
            JSONMember("held", .array(held.map(\.json))),
            JSONMember("unresolved", .array(unresolved.map(\.json))),
        ]
        members.append(
            JSONMember(
                "suspicions",
                .array(
                    suspicions.map {
                        .object([
                            JSONMember("id", .string($0.younger.id.text)),
                            JSONMember("into", .string($0.older.id.text)),
                        ])
                    })))
        members.append(
            JSONMember(
                "silent",
                .array(
                    silent.map {
                        .object([
                            JSONMember("network", .string($0.network)),
                            JSONMember("since", .string($0.since.description)),
                            JSONMember("reason", .string($0.reason)),
                        ])
                    })))
        if let outage { members.append(JSONMember("nobody_reached_since", .string(outage.description))) }
        if let unpublished { members.append(JSONMember("unpublished", .string(unpublished.description))) }
        if let snapshot { members.append(JSONMember("snapshot", .integer(Int64(snapshot)))) }
        if let lastRun { members.append(JSONMember("last_commit", .string(lastRun.description))) }
        members.append(JSONMember("feeds", .array(feeds.map(\.json))))
        return .object(members)
    }
}

extension Status.Feed {
    var json: JSONValue {
        var members = [JSONMember("name", .string(name)), JSONMember("service", .string(service))]
        for (name, instant) in [("adopted", adopted), ("succeeded", succeeded), ("next", next)] {
            if let instant { members.append(JSONMember(name, .string(instant.description))) }
        }
        members.append(JSONMember("failures", .integer(Int64(failures))))
        members.append(JSONMember("finishes", .integer(Int64(finishes))))
        members.append(JSONMember("entries", .integer(Int64(entries))))
        if let condition {
            members.append(JSONMember("condition", .string(condition.rawValue)))
            members.append(JSONMember("reason", .string(reason)))
        }
        return .object(members)
    }
}
