import Catalogue
import Files
import Formats
public import HTTP
import Storage

/// The main line: read it from `run` downwards.
///
///     feeds.toml ▸ Fetch ▸ Read ▸ Recognise ▸ Decide ▸ Append ▸ polls.json ▸ Publish ▸ Snapshot
public struct Import {
    public struct Options: Sendable {
        /// Names of feeds; empty: all.
        public var feeds: [String] = []
        /// Ask also what is not due.
        public var ignoresSchedule = false
        /// Say what would be appended and published, and do neither.
        public var isDryRun = false

        public init() {}
    }

    let settings: Settings
    let folder: StoreFolder
    let options: Options
    var world: World
    private var report: ImportReport

    /// - Parameter progress: called while feeds are asked, with their names and how far they are.
    public static func run(
        _ settings: Settings, _ folder: StoreFolder, _ options: Options, _ world: World,
        progress: (([String], Progress) -> Void)? = nil
    ) throws(OperationError) -> ImportReport {
        var run = Import(
            settings: settings, folder: folder, options: options, world: world,
            report: ImportReport(isDryRun: options.isDryRun))
        try run.perform(progress)
        return run.report
    }

    private mutating func perform(
        _ progress: (([String], Progress) -> Void)?
    ) throws(OperationError) {
        let chosen = try chosenFeeds()
        let store = try openStore()
        report.notes = store.notes
        var polls = Polls.read(world.disk, folder.polls)
        if store.state.configuration != settings.configuration {
            store.record(.configured(settings.configuration), at: world.now)
        }

        let asked = due(chosen, polls, store.state)
        try announceAsking(asked, &polls)
        let names = asked.map(\.feed.name)
        let fetch = Fetch(settings: settings.fetch, program: Program.version, now: world.now)
        let answers = fetch.perform(asked, world) { progress?(names, $0) }
        var intake = Intake(settings: settings, world: world, store: store, polls: polls)
        intake.isOffline = isOffline(answers)
        for ((feed, poll), answer) in zip(asked, answers) { intake.take(answer, of: feed, poll) }
        polls = intake.polls
        report.take(intake, order: settings.feeds.map(\.name))

        report.events = store.pendingLines
        report.pending = store.state.outbox.count
        report.shown = store.state.shownCount
        if options.isDryRun {
            report.changed = try publisher.changes(store.state)
            return
        }
        if store.hasPending {
            try inStore { () throws(StoreError) in
                try store.commit(cause: "import", version: Program.version, at: world.now)
            }
        }
        // Only now: a crash before this line asks again, and finds nothing new.
        polls.forgetPauses(before: world.now)
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        report.changed = try publisher.perform(store, &polls.published)
        report.directory = folder.path(settings.publishDirectory)
        tellSite(&polls.published)
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        saveSnapshot(store)
    }

    /// The command of `[publish] after`, until it succeeds.
    private mutating func tellSite(_ publication: inout Publication) {
        guard publication.owesCommand else { return }
        if settings.after.isEmpty {
            publication.owesCommand = false
            return
        }
        switch world.run(settings.after) {
        case .success: publication.owesCommand = false
        case .failure(let reason):
            report.warnings.append(
                "the command of [publish] after (\(settings.after[0])) failed: \(reason); "
                    + "the next run tries again")
        }
    }

    /// May fail: the log has everything, and the next start takes longer.
    private mutating func saveSnapshot(_ store: Store) {
        do {
            try store.saveSnapshotIfDue(every: settings.snapshotEvery, now: world.now)
        } catch {
            report.warnings.append("no snapshot was saved: " + error.description)
        }
    }

    private var publisher: Publish {
        Publish(disk: world.disk, folder: folder, directory: settings.publishDirectory)
    }

    // MARK: before asking

    private func chosenFeeds() throws(OperationError) -> [FollowedFeed] {
        guard !options.feeds.isEmpty else { return settings.feeds }
        var chosen: [FollowedFeed] = []
        for name in options.feeds {
            guard let feed = settings.feeds.first(where: { $0.name == name }) else {
                throw .noFeed(name: name, nearest: nearest(to: name, in: settings.feeds.map(\.name)))
            }
            chosen.append(feed)
        }
        return chosen
    }

    private mutating func openStore() throws(OperationError) -> Store {
        let disk = world.disk
        let now = world.now
        if options.isDryRun {
            return try inStore { () throws(StoreError) in
                try Store.openForReading(disk, root: folder.root)
            }
        }
        try onDisk { () throws(DiskError) in try disk.requireWritable(folder: folder.root) }
        let identity = world.random.bytes(32)
        return try inStore { () throws(StoreError) in
            try Store.openForWriting(
                disk, root: folder.root, newStore: identity,
                allowsNetworkFileSystem: settings.allowsNetworkFileSystem, now: now)
        }
    }

    /// The feeds to ask now, each with what is known of its address.
    private mutating func due(
        _ chosen: [FollowedFeed], _ polls: Polls, _ state: State
    ) -> [(feed: FollowedFeed, poll: Poll)] {
        var due: [(feed: FollowedFeed, poll: Poll)] = []
        for feed in chosen {
            let poll = polls.poll(of: feed)
            let isGone = state.feed(named: feed.name)?.condition == .gone && poll.attempted != nil
            if isGone {
                report.feeds.append(FeedReport(feed.name, .gone))
            } else if let host = feed.address.host,
                let until = polls.pause(ofHost: host, at: world.now)
            {
                report.feeds.append(FeedReport(feed.name, .notDue(until)))
            } else if !options.ignoresSchedule, !Schedule.isDue(poll, now: world.now) {
                report.feeds.append(FeedReport(feed.name, .notDue(poll.next ?? world.now)))
            } else {
                due.append((feed, poll))
            }
        }
        return due
    }

    /// Before a request leaves: should this run die, the next ones do not ask again at once.
    private func announceAsking(
        _ asked: [(feed: FollowedFeed, poll: Poll)], _ polls: inout Polls
    ) throws(OperationError) {
        let remote = asked.filter { $0.feed.address.scheme != "file" }
        guard !remote.isEmpty, !options.isDryRun else { return }
        for (feed, poll) in remote {
            var poll = poll
            poll.attempted = world.now
            poll.next = Schedule.whileAsking(feed, poll, now: world.now)
            polls.set(poll, order: settings.feeds)
        }
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
    }

    /// When nobody at all can be reached it is us who have no network: nothing to complain of.
    private func isOffline(_ answers: [Answer]) -> Bool {
        var hosts: [String] = []
        for answer in answers {
            guard case .failure(let failure) = answer, failure.isUnreachable else { return false }
            if !hosts.contains(failure.host) { hosts.append(failure.host) }
        }
        return hosts.count > 1
    }
}
