public import Catalogue
import Feeds
import Files
import Formats
import Services
import Storage

/// Today's rules meet the evidence that past events kept (PRODUCT section 5, `stated`): what was passed
/// over and is a finish now is taken, quietly; what is read otherwise now is revised. Once: a second run
/// finds nothing.
public struct Reconsider {
    public struct Outcome: Equatable, Sendable {
        public var isDryRun = false
        /// What `backfill --undo` takes; `nil`: nothing was taken that had been passed over.
        public var id: String?
        /// Entries of which there is evidence.
        public var entries = 0
        public var finished: [Finished] = []
        public var revised: [Revision] = []
        public var changed: [String] = []
        public var notes: [String] = []
    }

    /// What was kept of one entry.
    private struct Evidence {
        var event: Int64
        var run: Instant
        var feed: String
        var backfill: String?
        /// `nil`: it was passed over.
        var finish: FinishID?
        var stated: [Stated]
    }

    private let settings: Settings
    private let world: World
    private let store: Store
    private let id: String
    private var outcome = Outcome()

    /// - Parameter feed: only what this one has shown; `nil`: all that `feeds.toml` names.
    public static func run(
        _ feed: String?, isDryRun: Bool, _ world: World, _ folder: StoreFolder, _ settings: Settings
    ) throws(OperationError) -> Outcome {
        if let feed, !settings.feeds.contains(where: { $0.name == feed }) {
            let names = settings.feeds.map(\.name)
            throw .noFeed(name: feed, nearest: nearest(to: feed, in: names))
        }
        var world = world
        let archive = try Archive(world, folder)
        let identity = world.random.bytes(32)
        let store =
            isDryRun
            ? archive.store
            : try inStore { () throws(StoreError) in
                try Store.openForWriting(
                    world.disk, root: folder.root, newStore: identity,
                    allowsNetworkFileSystem: settings.allowsNetworkFileSystem,
                    segmentFullBytes: world.segmentFullBytes, now: world.now)
            }
        if store.state.configuration != settings.configuration {
            store.record(.configured(settings.configuration), at: world.now)
        }
        var run = Reconsider(settings, world, store)
        run.outcome.isDryRun = isDryRun
        run.outcome.notes = store.notes
        let evidence = try gather(archive)
        for followed in settings.feeds where feed == nil || followed.name == feed {
            run.look(at: evidence, of: followed)
        }
        if run.outcome.finished.isEmpty { run.outcome.id = nil }
        if isDryRun { return run.outcome }
        try inStore { () throws(StoreError) in
            try store.commit(cause: "reconsider", version: Program.version, at: world.now)
        }
        var polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        let publish = Publish(disk: world.disk, folder: folder, directory: settings.publishDirectory)
        run.outcome.changed = try publish.perform(store, &polls)
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        return run.outcome
    }

    private init(_ settings: Settings, _ world: World, _ store: Store) {
        self.settings = settings
        self.world = world
        self.store = store
        id = "reconsider-\(store.state.sequence + 1)"
        outcome.id = id
    }

    /// The newest evidence of each finish from the source that brought it, and all that was passed over,
    /// in the order of their first events.
    private static func gather(_ archive: Archive) throws(OperationError) -> [Evidence] {
        var all: [Evidence] = []
        var places: [String: Int] = [:]
        try archive.events { event, _ in
            switch event.fact {
            case .finished(let finished):
                places[finished.id.text] = all.count
                all.append(
                    Evidence(
                        event: event.sequence, run: event.at, feed: finished.feed,
                        backfill: finished.backfill, finish: finished.id, stated: finished.stated))
            case .revised(let revision):
                guard !revision.stated.isEmpty, let place = places[revision.id.text],
                    all[place].feed == revision.feed, all[place].backfill == revision.backfill
                else { return }
                all[place].stated = revision.stated
            case .passedOver(let passed):
                all.append(
                    Evidence(
                        event: event.sequence, run: event.at, feed: passed.feed, stated: passed.stated))
            default: break
            }
        }
        return all
    }

    /// Entries that one run took in stood in one document: together they show what a single one does
    /// not, as a date that they share.
    private mutating func look(at evidence: [Evidence], of feed: FollowedFeed) {
        let names = feed.settings.names
        let own = evidence.filter { names.contains($0.feed) && !$0.stated.isEmpty }
        var settings = feed.settings
        if settings.service.isEmpty {
            settings.service = store.state.feed(named: feed.name)?.service ?? ""
        }
        let zone = TimeZones.rules(self.settings.configuration.site.timeZone, world.disk) ?? .utc
        let context = FeedContext(feed: settings, address: feed.address.text) { zone.offset(at: $0) }
        var start = 0
        while start < own.count {
            var end = start
            while end < own.count, own[end].run == own[start].run { end += 1 }
            let document = own[start..<end]
            let reading = Services.reread(document.map(\.stated), context: context)
            for (entry, read) in zip(document, reading.recognised) {
                outcome.entries += 1
                guard read.finished == true else { continue }
                if let finish = entry.finish {
                    let sighting = store.state.believed(read.sighting, now: world.now)
                    revise(finish, entry, sighting, isDated: reading.statesDays)
                } else {
                    take(read.sighting, settings)
                }
            }
            start = end
        }
    }

    private mutating func take(_ sighting: Sighting, _ feed: Configuration.Feed) {
        let facts = store.state.decide(sighting, Arrival(feed: feed, backfill: id), now: world.now)
        guard case .finished(let finished)? = facts.first else { return }
        for fact in facts { store.record(fact, at: world.now) }
        outcome.finished.append(finished)
    }

    /// Evidence is cut to a size: what it lacks says nothing, nor does a long text that may end early.
    private mutating func revise(
        _ id: FinishID, _ evidence: Evidence, _ sighting: Sighting, isDated: Bool
    ) {
        guard let standing = store.state.finish(withKey: id.text) else { return }
        let source = Standing.source(feed: evidence.feed, backfill: evidence.backfill)
        var change = Change()
        for field in FinishField.allCases where !standing.corrected.contains(field) {
            let old = standing.finish.value(of: field)
            guard let new = sighting.finish.value(of: field), new != old else { continue }
            switch field {
            case .review, .cover, .url: if old != nil { continue }
            case .day: if old != nil && !isDated { continue }
            case .instant: if sighting.finish.day != standing.finish.day { continue }
            case .isRepeat, .kind, .title, .creator, .year, .season, .episode, .rating, .spoiler,
                .identifiers:
                break
            }
            guard old == nil || standing.owner(of: field) == source else { continue }
            change.set.append(FieldValue(field, new))
        }
        var keys: [String] = []
        for key in sighting.keys
        where key.rule == .service && store.state.finish(withKey: key.text) == nil {
            keys.append(key.text)
        }
        guard !change.isEmpty || !keys.isEmpty else { return }
        let revision = Revision(
            id: standing.id, keys: keys, feed: evidence.feed, backfill: evidence.backfill,
            change: change)
        store.record(.revised(revision), at: world.now)
        outcome.revised.append(revision)
    }
}

extension Reading {
    /// Whether its service states the day itself; of other feeds it is told by what stands around an
    /// entry in its document, and that was seen only then.
    fileprivate var statesDays: Bool { !["blog", "generic"].contains(service) }
}
