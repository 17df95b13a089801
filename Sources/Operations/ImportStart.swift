import Catalogue
import Files
import Formats
import Storage

/// What an import does before it asks: whose store it is, what the run before has left, and who is due.
extension Import {
    func chosenFeeds() throws(OperationError) -> [FollowedFeed] {
        if let deadly { return settings.feeds.filter { $0.name == deadly } }
        guard !options.feeds.isEmpty else { return settings.feeds }
        var chosen: [FollowedFeed] = []
        for name in options.feeds {
            guard let feed = settings.feeds.first(where: { $0.name == name }) else {
                throw .noFeed(name: name, nearest: nearest(to: name, in: settings.feeds.map(\.name)))
            }
            if !chosen.contains(where: { $0.name == name }) { chosen.append(feed) }
        }
        return chosen
    }

    mutating func holdStore() throws(OperationError) -> HeldStore {
        let disk = world.disk
        let now = world.now
        let segmentFullBytes = world.segmentFullBytes
        try onDisk { () throws(DiskError) in try disk.requireWritable(folder: folder.root) }
        let identity = world.random.bytes(32)
        return try tellingDamage { () throws(StoreError) in
            try HeldStore(
                disk, root: folder.root, newStore: identity,
                allowsNetworkFileSystem: settings.allowsNetworkFileSystem,
                segmentFullBytes: segmentFullBytes, now: now)
        }
    }

    mutating func load(_ held: HeldStore) throws(OperationError) -> Store {
        let store = try tellingDamage { () throws(StoreError) in try held.load() }
        report.notes += store.notes.dropFirst(held.notes.count)
        noteSettings(store)
        return store
    }

    /// The settings of this run are the first that it records.
    func noteSettings(_ store: Store) {
        if store.state.configuration != settings.configuration {
            store.record(.configured(settings.configuration), at: world.now)
        }
    }

    private func tellingDamage<Answer>(
        _ body: () throws(StoreError) -> Answer
    ) throws(OperationError) -> Answer {
        do throws(StoreError) {
            return try body()
        } catch {
            throw isNews(error) ? .store(error) : .saidToday(.store(error))
        }
    }

    /// What is held is told; what is skipped because it was said already is not news.
    mutating func note(_ steps: [AnnouncementStep], _ store: Store) {
        for step in steps {
            store.record(.announcement(step), at: world.now)
            if step.step == .held { report.held.append(step) }
        }
    }

    /// A damaged log stays damaged until a person comes, who need not hear of it every quarter of an
    /// hour: once a day will do. So it is with a clock that was never set: of a board without a battery and a network.
    private func isNews(_ error: StoreError) -> Bool {
        switch error {
        case .clockTooEarly: isNews(\.clockSaid)
        case _ where error.exitStatus == 65: isNews(\.damageSaid)
        default: true
        }
    }

    func isNews(_ said: WritableKeyPath<Polls, Instant?>) -> Bool {
        guard var polls = try? Polls.read(world.disk, folder.polls) else { return true }
        guard polls.isNews(said, at: world.now) else { return false }
        // Where even that fails it is said again, and rightly so.
        try? polls.write(world.disk, folder.polls)
        return true
    }

    /// The feeds to ask now, each with what is known of its address.
    mutating func due(
        _ chosen: [FollowedFeed], _ polls: Polls
    ) -> [Asked] {
        var due: [Asked] = []
        for feed in chosen {
            var poll = polls.poll(of: feed)
            poll.endWaiting(at: world.now)
            let isWanted = poll.isGone && isAskedForAgain(feed, poll)
            let next = Schedule.dueAt(
                feed, poll, ignoresInterval: options.ignoresSchedule || isWanted, now: world.now)
            if poll.isGone, !isWanted {
                report.feeds.append(FeedReport(feed.name, .gone))
            } else if let until = polls.pause(of: feed.requestAddress(poll), at: world.now) {
                report.feeds.append(FeedReport(feed.name, .notDue(max(until, next))))
            } else if next > world.now {
                report.feeds.append(FeedReport(feed.name, .notDue(next)))
            } else {
                let isSpared = deadly != nil && poll.deaths >= Poll.deathsUntilSpared
                due.append(Asked(feed, consume poll, isSpared: isSpared))
            }
        }
        return withoutDeadly(due)
    }

    /// Those that have ended the program are left for last, with whoever else is given the same. What a dry run reads it
    /// reads at once, for the parts of one would not know of each other.
    private mutating func withoutDeadly(_ due: [Asked]) -> [Asked] {
        guard options.feeds.isEmpty, deadly == nil, !options.isDryRun else { return due }
        func address(_ asked: Asked) -> String { asked.feed.requestAddress(asked.poll).text }
        let addresses = due.filter { $0.poll.deaths > 0 }.map(address)
        guard !addresses.isEmpty else { return due }
        report.deadly = due.filter { addresses.contains(address($0)) }.map(\.feed.name)
        return due.filter { !addresses.contains(address($0)) }
    }

    /// What the run before died of, written down before anything else is read.
    mutating func noteDeath(_ log: Log, _ polls: inout Polls) throws(OperationError) {
        if let name = log.lastWords,
            let feed = settings.feeds.first(where: { $0.settings.names.contains(name) })
        {
            polls.noteDeath(at: feed)
            report.notes.append("the run before ended while it read what \"\(feed.name)\" gives: that is asked last from now on")
        }
        polls.forgiveDeaths(unlessOf: Program.version)
        guard log.lastWords != nil else { return }
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        log.note(nil)
    }

    /// What an import could not say that ended too early (`Polls.unsaid`).
    mutating func retell(_ numbers: Range<Int>, _ store: Store) throws(OperationError) {
        try Archive(world, folder, store).events(in: numbers) { event, _ in
            switch event.fact {
            // Of a feed to which feeds.toml gives another address nothing was to be said.
            case .feedCondition(let condition) where condition.address.isEmpty: report.turns.append(condition)
            case .announcement(let step) where step.step == .held: report.held.append(step)
            case .announcement(let step) where step.isOverdue: tellOverdue(step)
            default: break
            }
        }
    }

    /// What has waited too long for its network.
    mutating func tellOverdue(_ step: AnnouncementStep) {
        if settings.names(step.network) { report.overdue.append(step) } else { report.lapsed.append(step) }
    }

    /// Of a feed that is gone: the person has named it, or said something else of it.
    private func isAskedForAgain(_ feed: FollowedFeed, _ poll: Poll) -> Bool {
        options.feeds.contains(feed.name)
            || !poll.goneSettings.isEmpty && poll.goneSettings != feed.digest
    }

    /// Before a request leaves: should this run die, the next ones do not ask again at once.
    func announceAsking(_ asked: [Asked], _ polls: Polls) throws(OperationError) {
        guard !asked.isEmpty else { return }
        let remote = asked.filter { $0.feed.address.scheme != "file" }
        try onDisk { () throws(DiskError) in
            try polls.announce(remote, at: world.now, like: settings.feeds, world.disk, folder.polls)
        }
    }
}
