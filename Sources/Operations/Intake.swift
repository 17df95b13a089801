import Catalogue
import Feeds
import Files
import Formats
import Services
import Storage

/// What the answers of feeds mean: events in the store, polls as they are afterwards, and what there is
/// to tell. One feed's failure stays its own.
struct Intake {
    let settings: Settings
    var world: World
    let store: Store
    var polls: Polls
    /// Nobody can be reached: no failure of any feed.
    var isOffline = false
    private(set) var feeds: [FeedReport] = []
    private(set) var turns: [FeedCondition] = []
    private(set) var reminders: [Failure] = []

    init(settings: Settings, world: World, store: Store, polls: Polls) {
        self.settings = settings
        self.world = world
        self.store = store
        self.polls = polls
    }

    /// What the answer means: events in the store, and the poll as it is afterwards.
    mutating func take(_ answer: Answer, of feed: FollowedFeed, _ poll: Poll) {
        polls.set(pollAfter(answer, of: feed, poll), order: settings.feeds)
    }

    private mutating func pollAfter(_ answer: Answer, of feed: FollowedFeed, _ poll: Poll) -> Poll {
        var poll = poll
        let before = poll.attempted
        poll.attempted = world.now
        switch answer {
        case .failure(let failure):
            return fail(failure, feed, poll, before: before)
        case .unchanged(let unchanged):
            poll.answersNotModified = poll.answersNotModified || unchanged.isNotModified
            if let etag = unchanged.etag { poll.etag = etag }
            if let lastModified = unchanged.lastModified { poll.lastModified = lastModified }
            if let advised = unchanged.advised { poll.advised = max(advised, 0) }
            if !unchanged.isNotModified { poll.unconditional = world.now }
            feeds.append(FeedReport(feed.name, .unchanged))
            return succeed(feed, poll)
        case .document(let document):
            let read: FeedDocument
            do {
                read = try FeedReader.read(
                    document.bytes, contentType: document.contentType, address: document.address)
            } catch {
                let failure = Failure(feed, .read, error.description)
                return fail(failure, feed, poll, before: before)
            }
            if read.entries.isEmpty, !poll.window.isEmpty {
                let failure = Failure(
                    feed, .read, "the feed is empty, where \(poll.window.count) entries were before")
                return fail(failure, feed, poll, before: before)
            }
            poll.note(document, read, now: world.now)
            follow(document.movedTo, feed, &poll)
            recognise(read, document, feed, &poll)
            return succeed(feed, poll)
        }
    }

    /// Entries become sightings, sightings events.
    private mutating func recognise(
        _ read: FeedDocument, _ document: Answer.Document, _ feed: FollowedFeed, _ poll: inout Poll
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
        watchWindow(reading, feed, &poll, isAdoption: isAdoption, &outcome)
        feeds.append(FeedReport(feed.name, .read(outcome)))
    }

    /// What the window lost, and whether entries may have gone by unseen.
    private mutating func watchWindow(
        _ reading: Reading, _ feed: FollowedFeed, _ poll: inout Poll, isAdoption: Bool,
        _ outcome: inout FeedReport.Counts
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
            turns.append(condition)
        }
        if reading.isWindowOrdered, !isAdoption {
            let found = Withdrawals.find(before: poll.window, now: window, missing: poll.missing)
            poll.missing = found.missing
            poll.window = found.window
            for fact in store.state.withdraw(found.gone, feed: feed.name, window: window) {
                store.record(fact, at: world.now)
                outcome.count(fact)
            }
        } else {
            poll.window = window
        }
    }

    private mutating func follow(
        _ movedTo: String?, _ feed: FollowedFeed, _ poll: inout Poll
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
            turns.append(condition)
        }
    }

    private mutating func succeed(_ feed: FollowedFeed, _ poll: Poll) -> Poll {
        var poll = poll
        poll.succeeded = world.now
        poll.failures = 0
        if store.state.feed(named: feed.name)?.isUnwell == true {
            let condition = FeedCondition(.recovered, feed: feed.name, host: feed.address.host ?? "")
            store.record(.feedCondition(condition), at: world.now)
            turns.append(condition)
        }
        let news = store.state.feed(named: feed.name)?.news ?? world.now
        poll.next = Schedule.afterSuccess(
            feed, poll, newsAge: world.now.seconds - news.seconds, now: world.now)
        return poll
    }

    private mutating func fail(
        _ failure: Failure, _ feed: FollowedFeed, _ poll: Poll, before: Instant?
    ) -> Poll {
        var poll = poll
        if let host = feed.address.host, let wait = failure.retryAfter {
            polls.stop(host: host, until: world.now.adding(seconds: Int64(wait)))
        }
        if !failure.wasNotAsked, !isOffline { poll.failures += 1 }
        poll.next = Schedule.afterFailure(
            feed, poll, retryAfter: failure.retryAfter, now: world.now, random: &world.random)
        // A remembered address that fails is forgotten: the one in `feeds.toml` is asked again.
        if poll.failures >= Schedule.failuresUntilFailing { poll.moved = nil }
        feeds.append(FeedReport(feed.name, .failed(failure, inARow: poll.failures)))
        complain(failure, feed, poll, before: before)
        return poll
    }

    /// Said when it is news: the third failure in a row, and again each week.
    private mutating func complain(
        _ failure: Failure, _ feed: FollowedFeed, _ poll: Poll, before: Instant?
    ) {
        let standing = store.state.feed(named: feed.name)
        let turn: FeedCondition.Turn = failure.isGone ? .gone : .failing
        if failure.isGone || poll.failures == Schedule.failuresUntilFailing, standing?.condition != turn {
            let condition = FeedCondition(
                turn, feed: feed.name, reason: failure.reason, host: failure.host)
            store.record(.feedCondition(condition), at: world.now)
            turns.append(condition)
        } else if let standing, standing.condition == .failing, let before {
            let week: Int64 = 7 * 86_400
            let weeks = (world.now.seconds - standing.changed.seconds) / week
            if weeks > max(0, before.seconds - standing.changed.seconds) / week {
                reminders.append(failure)
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
