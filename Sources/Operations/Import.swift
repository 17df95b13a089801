import Catalogue
import Files
import Formats
public import HTTP
import Storage

/// The main line: read it from `run` downwards.
///
///     feeds.toml ▸ Fetch ▸ Read ▸ Recognise ▸ Decide ▸ Append ▸ polls.json ▸ Covers ▸ Publish ▸ Snapshot
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

    /// Of its commits.
    static let cause = "import"

    let settings: Settings
    let folder: StoreFolder
    let options: Options
    /// This feed alone, for what it gives has ended the program; once more, and it is told as failing, and not asked. A
    /// person who names it is obeyed.
    let deadly: String?
    /// What the parts before did.
    private let earlier: ImportReport?
    var world: World
    var report: ImportReport
    private var isRecorded = false

    /// - Parameters:
    ///   - progress: called while feeds are asked, with their names and how far they are.
    ///   - record: called when what a part of the run has learned is in the log, and nothing is published of it: what is
    ///     said only once is said now, for the run may end before it does more.
    ///   - tell: called with what each part of the run did, also where it could not publish: feeds that have ended the
    ///     program are asked when all others are recorded, published and told. The answer is all of it.
    public static func run(
        _ settings: Settings, _ folder: StoreFolder, _ options: Options, _ world: World,
        progress: (([String], Progress) -> Void)? = nil, record: (ImportReport) -> Void = { _ in },
        tell: (ImportReport) -> Void = { _ in }
    ) throws(OperationError) -> ImportReport {
        var unpublished: OperationError?
        func part(_ deadly: String?, after earlier: ImportReport?) throws(OperationError) -> ImportReport {
            var run = Import(
                settings: settings, folder: folder, options: options, deadly: deadly, earlier: earlier, world: world,
                report: ImportReport(isDryRun: options.isDryRun))
            do { try run.perform(progress, record) } catch {
                guard run.isRecorded else { throw error }
                // The others are asked all the same.
                unpublished = unpublished ?? error
            }
            tell(run.report)
            return run.report
        }
        var report = try part(nil, after: nil)
        for feed in report.deadly {
            do {
                report.add(try part(feed, after: report), order: settings.feeds.map(\.name))
            } catch where error.exitStatus == 75 {
                // Another run has the store by now, and the feed waits for the next one.
                break
            }
        }
        if let unpublished { throw unpublished }
        return report
    }

    private mutating func perform(
        _ progress: (([String], Progress) -> Void)?, _ record: (ImportReport) -> Void
    ) throws(OperationError) {
        let chosen = try chosenFeeds()
        if options.isDryRun { return try rehearse(chosen, progress) }
        let held = try holdStore()
        var polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        report.notes = polls.news(in: held.notes, at: world.now)
        try noteDeath(held.log, &polls)
        let isCareful = deadly != nil || polls.asking != nil
        polls.asking = nil
        let isPutBack = try polls.forgetAnswers(ifOlder: held.log, at: world.now)
        if isPutBack {
            report.notes.append(Polls.putBack)
            // An older file would belong to this log, and nobody would know.
            try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        }
        let unsaid = isPutBack ? [] : try polls.unsaid(in: held.log, at: world.now)
        var store: Store?
        if isPutBack || !polls.glance.holds(held, settings, now: world.now) { store = try load(held) }
        if let store { for numbers in unsaid { try retell(numbers, store) } }
        if isPutBack, let store { note(store.state.holdingOwed(because: AnnouncementStep.logPutBack), store) }

        let lastRun = polls.lastRun
        polls.noteLapse(since: held.log.last?.at, now: world.now)
        let asked = due(chosen, polls)
        polls.arrange(like: settings.feeds, now: world.now)
        try announceAsking(asked, polls)
        let answers = ask(asked, polls, progress)
        if store == nil, !polls.glance.suffices(for: asked, answers) { store = try load(held) }
        take(asked, answers, store, &polls, lastRun: lastRun, isCareful: isCareful)
        if let store, store.hasPending {
            try inStore { () throws(StoreError) in
                try store.commit(cause: Import.cause, version: Program.version, at: world.now)
            }
        }
        isRecorded = true
        record(report)
        // Only now: a crash before this line asks again, and finds nothing new.
        if let store { polls.glance = Glance(store, settings) }
        report.pending = polls.glance.pending
        report.shown = polls.glance.shown
        polls.forgetPauses(before: world.now)
        polls.damageSaid = nil
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls, lightly: !polls.isDoubtful) }
        let before = polls
        let covers = Covers(publish: publisher, settings: settings, now: world.now)
        if !report.isOffline, try !covers.isSettled(&polls, held.log) {
            if store == nil { store = try load(held) }
            if let store {
                report.covers = try covers.perform(store, &polls, world.network, progress: progress)
                polls.glance = Glance(store, settings)
            }
        }
        if store == nil, !publisher.isCurrent(&polls.published, held.log) { store = try load(held) }
        if let store {
            do { report.changed = try publisher.perform(store, &polls) } catch {
                throw saidDaily(error, \.unpublishedSaid, &polls)
            }
        }
        report.directory = folder.path(settings.publishDirectory)
        // What has just failed is tried again by the next run.
        if earlier?.site?.failure == nil {
            report.site = SiteCommand(settings.after, folder).run(&polls.published, world)
        }
        if polls != before {
            try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls, lightly: !polls.isDoubtful) }
        }
        if let store { saveSnapshot(store) }
        if let error = report.covers.unkept { throw saidDaily(error, \.covers.unkeptSaid, &polls) }
    }

    /// All but the writing: what would be recorded and published.
    private mutating func rehearse(
        _ chosen: [FollowedFeed], _ progress: (([String], Progress) -> Void)?
    ) throws(OperationError) {
        let disk = world.disk
        let store = try inStore { () throws(StoreError) in
            try Store.openForReading(disk, root: folder.root)
        }
        report.notes = store.notes
        noteSettings(store)
        var polls = try onDisk { () throws(DiskError) in try Polls.read(disk, folder.polls) }
        let lastRun = polls.lastRun
        let asked = due(chosen, polls)
        take(asked, ask(asked, polls, progress), store, &polls, lastRun: lastRun, isCareful: false)
        report.pending = store.state.outbox.count
        report.shown = store.state.shownCount
        report.changed = try publisher.changes(store.state)
    }

    private func ask(
        _ asked: [Asked], _ polls: Polls,
        _ progress: (([String], Progress) -> Void)?
    ) -> [Answer] {
        let names = asked.map(\.feed.name)
        let cellar = options.isDryRun ? nil : Cellar(world.disk, folder)
        // A part that follows another knows nothing of whom that has just asked.
        let opening = earlier == nil ? 0 : settings.fetch.hostPauseMilliseconds
        let fetch = Fetch(
            settings: settings.fetch, program: Program.version, now: world.now, openingMilliseconds: opening,
            closed: polls.closed(at: world.now), cellar: cellar)
        return fetch.perform(asked, world, progress: progress.map { show in { show(names, $0) } })
    }

    /// What the answers mean, and what has waited too long: events in the store, and the polls as they
    /// are afterwards.
    ///
    /// - Parameters:
    ///   - store: `nil`: there is nothing in the answers to record.
    ///   - isCareful: notes whose document is read, for the program may die of one.
    private mutating func take(
        _ asked: [Asked], _ answers: [Answer], _ store: Store?, _ polls: inout Polls, lastRun: Instant?, isCareful: Bool
    ) {
        var intake = Intake(settings: settings, world: world, store: store, polls: polls, isCareful: isCareful)
        // It has them now: two owners would have each poll copied when one of them writes.
        polls = Polls()
        intake.take(asked, answers, isOffline: earlier?.isOffline)
        polls = intake.polls
        polls.arrange(like: settings.feeds, now: world.now)
        world.random = intake.world.random
        report.take(intake, order: settings.feeds.map(\.name))
        report.held += intake.held
        report.notes += intake.notes
        guard let store else {
            polls.overdueSeen = nil
            return
        }
        if polls.decidesAge(store.state, lastRun: lastRun, now: world.now) {
            for step in store.state.overdue(now: world.now, trouble: polls.trouble(with:)) {
                store.record(.announcement(step), at: world.now)
                tellOverdue(step)
            }
        }
        note(store.state.settlingMerged(), store)
        report.events = store.pendingLines
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

    /// Where the site's folder cannot be written, that stays so until a person comes, and is said once a day. What was
    /// asked for its sake was asked all the same.
    private func saidDaily(
        _ failure: OperationError, _ said: WritableKeyPath<Polls, Instant?>, _ polls: inout Polls
    ) -> OperationError {
        let isNews = polls.isNews(said, at: world.now)
        // Where even that fails it is said again, and rightly so.
        do { try polls.write(world.disk, folder.polls) } catch { return failure }
        return isNews ? failure : .saidToday(failure)
    }
}
