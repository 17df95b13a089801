import Catalogue
import Feeds
import Files
import Formats
public import HTTP
import Services
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
        takeOffline(answers)
        for ((feed, poll), answer) in zip(asked, answers) {
            let after = take(answer, of: feed, poll, store, &polls)
            polls.set(after, order: settings.feeds)
        }

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
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        report.directory = folder.path(settings.publishDirectory)
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
    private mutating func takeOffline(_ answers: [Answer]) {
        var hosts: [String] = []
        for answer in answers {
            guard case .failure(let failure) = answer, failure.isUnreachable else { return }
            if !hosts.contains(failure.host) { hosts.append(failure.host) }
        }
        report.isOffline = hosts.count > 1
    }

    // MARK: one feed's answer

    /// What the answer means: events in the store, and the poll as it is afterwards.
    private mutating func take(
        _ answer: Answer, of feed: FollowedFeed, _ poll: Poll, _ store: Store, _ polls: inout Polls
    ) -> Poll {
        var poll = poll
        let before = poll.attempted
        poll.attempted = world.now
        switch answer {
        case .failure(let failure):
            return fail(failure, feed, poll, store, &polls, before: before)
        case .unchanged(let unchanged):
            poll.answersNotModified = poll.answersNotModified || unchanged.isNotModified
            if let etag = unchanged.etag { poll.etag = etag }
            if let lastModified = unchanged.lastModified { poll.lastModified = lastModified }
            if let advised = unchanged.advised { poll.advised = max(advised, 0) }
            if !unchanged.isNotModified { poll.unconditional = world.now }
            report.feeds.append(FeedReport(feed.name, .unchanged))
            return succeed(feed, poll, store)
        case .document(let document):
            let read: FeedDocument
            do {
                read = try FeedReader.read(
                    document.bytes, contentType: document.contentType, address: document.address)
            } catch {
                let failure = Failure(feed, .read, error.description)
                return fail(failure, feed, poll, store, &polls, before: before)
            }
            if read.entries.isEmpty, !poll.window.isEmpty {
                let failure = Failure(
                    feed, .read, "the feed is empty, where \(poll.window.count) entries were before")
                return fail(failure, feed, poll, store, &polls, before: before)
            }
            poll.note(document, read, now: world.now)
            follow(document.movedTo, feed, &poll, store)
            recognise(read, document, feed, &poll, store)
            return succeed(feed, poll, store)
        }
    }

    /// Entries become sightings, sightings events.
    private mutating func recognise(
        _ read: FeedDocument, _ document: Answer.Document, _ feed: FollowedFeed, _ poll: inout Poll,
        _ store: Store
    ) {
        let zone = TimeZones.rules(settings.configuration.site.timeZone, world.disk) ?? .utc
        let reading = Services.read(
            read,
            context: FeedContext(feed: feed.settings, address: document.address) {
                zone.offset(at: $0)
            })
        let isAdoption = store.state.feed(named: feed.name)?.adopted == nil
        if isAdoption {
            store.record(
                .feedAdopted(
                    feed: feed.name, service: reading.service, entries: reading.recognised.count),
                at: world.now)
        }
        let arrival = Arrival(feed: feed.settings, isAdoption: isAdoption)
        var outcome = FeedReport.Counts(service: reading.service, entries: reading.recognised.count)
        outcome.isAdoption = isAdoption
        outcome.defects = read.defects
        for entry in reading.recognised {
            let facts =
                entry.finished == true
                ? store.state.decide(entry.sighting, arrival, now: world.now)
                : store.state.decide(entry.passed)
            for fact in facts {
                store.record(fact, at: world.now)
                outcome.count(fact)
            }
        }
        watchWindow(reading, feed, &poll, store, isAdoption: isAdoption, &outcome)
        report.feeds.append(FeedReport(feed.name, .read(outcome)))
    }

    /// What the window lost, and whether entries may have gone by unseen.
    private mutating func watchWindow(
        _ reading: Reading, _ feed: FollowedFeed, _ poll: inout Poll, _ store: Store,
        isAdoption: Bool, _ outcome: inout FeedReport.Counts
    ) {
        // Letterboxd mixes lists that never move into its window; where the order tells, finishes do.
        let window = reading.recognised
            .filter { $0.finished == true || !reading.isWindowOrdered }
            .map { $0.sighting.keys.first?.text ?? $0.sighting.entry }
        let present = Set(window)
        if !isAdoption, !poll.window.isEmpty, !window.isEmpty,
            !poll.window.contains(where: { present.contains($0) })
        {
            let hint = Services.exportHint(reading.service).map { "; " + $0 } ?? ""
            let condition = FeedCondition(
                .gap, feed: feed.name,
                reason: "no entry is shared with the last poll: some may have gone by unseen" + hint,
                host: feed.address.host ?? "")
            store.record(.feedCondition(condition), at: world.now)
            report.turns.append(condition)
        }
        if reading.isWindowOrdered, !isAdoption {
            let found = Withdrawals.find(before: poll.window, now: window, missing: poll.missing)
            poll.missing = found.missing
            for fact in store.state.withdraw(found.gone, feed: feed.name) {
                store.record(fact, at: world.now)
                outcome.count(fact)
            }
        }
        poll.window = window
    }

    private mutating func follow(
        _ movedTo: String?, _ feed: FollowedFeed, _ poll: inout Poll, _ store: Store
    ) {
        guard let movedTo else {
            if poll.moved?.isBelieved != true { poll.moved = nil }
            return
        }
        if poll.moved?.to != movedTo { poll.moved = Poll.Move(to: movedTo, first: world.now, times: 0) }
        if poll.moved?.seen(at: world.now) == true {
            let condition = FeedCondition(
                .moved, feed: feed.name, reason: "a permanent redirect, seen for a day",
                host: WebAddress(movedTo)?.host ?? "")
            store.record(.feedCondition(condition), at: world.now)
            report.turns.append(condition)
        }
    }

    private mutating func succeed(_ feed: FollowedFeed, _ poll: Poll, _ store: Store) -> Poll {
        var poll = poll
        poll.succeeded = world.now
        poll.failures = 0
        if store.state.feed(named: feed.name)?.isUnwell == true {
            let condition = FeedCondition(.recovered, feed: feed.name, host: feed.address.host ?? "")
            store.record(.feedCondition(condition), at: world.now)
            report.turns.append(condition)
        }
        let news = store.state.feed(named: feed.name)?.news ?? world.now
        poll.next = Schedule.afterSuccess(
            feed, poll, newsAge: world.now.seconds - news.seconds, now: world.now)
        return poll
    }

    private mutating func fail(
        _ failure: Failure, _ feed: FollowedFeed, _ poll: Poll, _ store: Store, _ polls: inout Polls,
        before: Instant?
    ) -> Poll {
        var poll = poll
        if let host = feed.address.host, let wait = failure.retryAfter, !options.isDryRun {
            polls.stop(host: host, until: world.now.adding(seconds: Int64(wait)))
        }
        if !failure.wasNotAsked, !report.isOffline { poll.failures += 1 }
        poll.next = Schedule.afterFailure(
            feed, poll, retryAfter: failure.retryAfter, now: world.now, random: &world.random)
        // A remembered address that fails is forgotten: the one in `feeds.toml` is asked again.
        if poll.failures >= Schedule.failuresUntilFailing { poll.moved = nil }
        report.feeds.append(FeedReport(feed.name, .failed(failure, inARow: poll.failures)))
        complain(failure, feed, poll, store, before: before)
        return poll
    }

    /// Said when it is news: the third failure in a row, and again each week.
    private mutating func complain(
        _ failure: Failure, _ feed: FollowedFeed, _ poll: Poll, _ store: Store, before: Instant?
    ) {
        let standing = store.state.feed(named: feed.name)
        let turn: FeedCondition.Turn = failure.isGone ? .gone : .failing
        if failure.isGone || poll.failures == Schedule.failuresUntilFailing, standing?.condition != turn {
            let condition = FeedCondition(
                turn, feed: feed.name, reason: failure.reason, host: failure.host)
            store.record(.feedCondition(condition), at: world.now)
            report.turns.append(condition)
        } else if let standing, standing.condition == .failing, let before {
            let week: Int64 = 7 * 86_400
            let weeks = (world.now.seconds - standing.changed.seconds) / week
            if weeks > max(0, before.seconds - standing.changed.seconds) / week {
                report.reminders.append(failure)
            }
        }
    }
}

extension Recognised {
    /// The entry as one that was passed over.
    var passed: Passed {
        var stated: [Stated] = []
        var bytes = 0
        for element in sighting.stated {
            bytes += element.name.utf8.count + element.text.utf8.count + 6
            if bytes > Bounds.passedOverStatedMax { break }
            stated.append(element)
        }
        return Passed(
            feed: sighting.feed, entry: Bounds.cut(sighting.entry, to: Bounds.addressMax),
            title: Bounds.cut(sighting.finish.title, to: Bounds.titleMax), reason: reason,
            stated: stated)
    }
}
