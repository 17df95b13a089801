import Catalogue
import Feeds
import Files
import Formats
import Storage
import XML

/// What the answers of feeds mean: events in the store, polls as they are afterwards, and what there is
/// to tell. One feed's failure stays its own.
struct Intake {
    let settings: Settings
    var world: World
    /// `nil`: nothing in the answers is to be recorded (`Glance.suffices`).
    let store: Store?
    var polls: Polls
    /// Whether it is noted whose document is read: see `Polling/Deadly`.
    let isCareful: Bool
    /// Nobody can be reached: no failure of any feed.
    var isOffline = false
    /// Since when, and it is time to tell a person.
    var outageNews: Instant?
    var feeds: [FeedReport] = []
    var turns: [FeedCondition] = []
    var reminders: [Failure] = []
    /// Houses that have turned us away too often, with the last of these failures.
    var turnedAwayBy: [String: Failure] = [:]
    /// How many pauses in a row that makes, of the houses that asked for one in this run: once in a run, however many
    /// of their feeds were asked.
    var strikes: [String: Int] = [:]
    /// Announcements that wait for a person's word from now on.
    var held: [AnnouncementStep] = []
    var notes: [String] = []

    init(settings: Settings, world: World, store: Store?, polls: Polls, isCareful: Bool) {
        self.settings = settings
        self.world = world
        self.store = store
        self.polls = polls
        self.isCareful = isCareful
    }

    /// What the answers mean: events in the store, and the polls as they are afterwards.
    ///
    /// - Parameter isOffline: what an earlier part of the run has found; a feed alone cannot tell.
    mutating func take(_ asked: [Asked], _ answers: [Answer], isOffline: Bool? = nil) {
        noteOutage(asked, answers, isOffline)
        noteWelcome(answers)
        for (asked, answer) in zip(asked, answers) {
            var poll = asked.poll
            take(answer, of: asked.feed, &poll)
            polls.set(consume poll)
        }
        for (asked, answer) in zip(asked, answers) { waitForHouse(asked.feed, answer) }
        complainOfHouses()
        remindOfOthers()
    }

    func record(_ fact: Fact) {
        guard let store else { preconditionFailure("what is to be recorded needs the state") }
        store.record(fact, at: world.now)
    }

    /// What the log knows of a feed.
    func standing(_ feed: String) -> FeedStanding? { store?.state.feed(named: feed) }

    private mutating func take(_ answer: Answer, of feed: FollowedFeed, _ poll: inout Poll) {
        switch answer {
        case .failure(let failure): take(failure, feed, &poll)
        case .unchanged(let unchanged): take(unchanged, feed, &poll)
        case .document(let document): take(document, feed, &poll)
        }
    }

    private mutating func take(_ failure: Failure, _ feed: FollowedFeed, _ poll: inout Poll) {
        // Not asked, so nothing is known that was not known before. Whoever leads to a house that has asked to be left
        // alone was asked, and gave nothing.
        if failure.wasNotAsked, failure.closedHouse == nil {
            feeds.append(FeedReport(feed.name, .failed(failure, inARow: poll.failures)))
            return
        }
        if isOffline, failure.isUnreachable, let outage = polls.outage,
            Outage.excuses(poll, outage, at: world.now)
        {
            feeds.append(FeedReport(feed.name, .failed(failure, inARow: poll.failures)))
            poll.attempted = world.now
            poll.unreached = poll.unreached ?? outage.since
            poll.next = Schedule.afterSilence(feed, poll, outage, now: world.now)
            return
        }
        poll.attempted = world.now
        // The next time it is read, alone.
        if failure.isDeadly { poll.deaths = 1 }
        if !failure.isUnreachable { poll.unreached = nil }
        fail(failure, feed, &poll)
    }

    private mutating func take(_ unchanged: Answer.Unchanged, _ feed: FollowedFeed, _ poll: inout Poll) {
        poll.attempted = world.now
        poll.deaths = 0
        poll.answersNotModified = poll.answersNotModified || unchanged.isNotModified
        if let etag = unchanged.etag { poll.etag = etag }
        if let lastModified = unchanged.lastModified { poll.lastModified = lastModified }
        if let validatorsOf = unchanged.validatorsOf { poll.validatorsOf = validatorsOf }
        if let maxAge = unchanged.maxAge { poll.maxAge = max(maxAge, 0) }
        feeds.append(FeedReport(feed.name, .unchanged))
        follow(unchanged.circumstances, feed, &poll)
        // The same document given again is a second look at its window; a 304 gives none, and writes
        // nothing but `polls.json`. About every eight days a poll is unconditional.
        let isDamaged = poll.cuts > 0
        if isDamaged { poll.cuts += 1 }
        if !unchanged.isNotModified, !isDamaged { confirmMissing(feed, &poll) }
        noteUnchanged(&poll)
        succeed(feed, &poll, unchanged.circumstances, but: isDamaged ? Failure.lack(.part, feed) : nil)
    }

    private mutating func take(_ document: Answer.Document, _ feed: FollowedFeed, _ poll: inout Poll) {
        guard let store else { preconditionFailure("a document needs the state") }
        poll.attempted = world.now
        poll.deaths = 0
        // Where it cannot be opened, the document is not to blame.
        LibXML.open()
        if isCareful { store.note(feed.name) }
        defer { if isCareful { store.note(nil) } }
        let brought: Answer.Document
        do { brought = try document.brought() } catch {
            return fail(Failure(feed, .read, "what it gave could not be kept: \(error.reason)"), feed, &poll)
        }
        let read: FeedDocument
        switch Intake.read(brought, feed) {
        case .success(let good): read = good
        case .failure(let failure): return fail(failure, feed, &poll)
        }
        if read.entries.isEmpty, !poll.window.isEmpty {
            let failure = Failure(
                feed, .read, "the feed is empty, where \(poll.window.count) entries were before")
            return fail(failure, feed, &poll)
        }
        if let lack = read.lack, poll.cuts < Intake.cutOffTries, isNew(feed, poll, store) {
            poll.cuts += 1
            return fail(Failure(feed, .read, "the document is \(lack.words)"), feed, &poll)
        }
        follow(document.circumstances, feed, &poll)
        recognise(read, document, feed, &poll, store)
        poll.note(document, read)
        succeed(feed, &poll, document.circumstances, but: read.lack.map { Failure.lack($0, feed) })
    }

    /// What a feed has when it is read first is taken quietly, and better from a whole document; but some never give one.
    private static let cutOffTries = 2

    /// The document as a feed, or in words why it is none.
    ///
    /// The last entry of one that is cut off is left out where the cut goes through it: half a title is another's, and
    /// an id that is missing makes one finish two. It comes whole with a whole document.
    static func read(
        _ document: Answer.Document, _ feed: FollowedFeed
    ) -> Result<FeedDocument, Failure> {
        var failure: Failure
        do {
            var read = try FeedReader.read(
                document.bytes, contentType: document.contentType, address: document.address)
            if read.lastEntryIsCut { _ = read.entries.popLast() }
            guard let lack = read.lack, read.entries.allSatisfy(\.isNameDamaged) else { return .success(read) }
            failure = Failure(feed, .read, "the document is \(lack.words) in its first entry or before")
        } catch {
            let (words, isWall) = Refusal.words(error, document, feed)
            failure = Failure(feed, .read, words)
            failure.isWall = isWall
        }
        return .failure(failure)
    }

    /// A permanent redirect that ends in a feed, and whether it is believed by now.
    private mutating func follow(
        _ circumstances: Answer.Circumstances, _ feed: FollowedFeed, _ poll: inout Poll
    ) {
        guard let movedTo = circumstances.movedTo else {
            if poll.moved?.isBelieved != true { (poll.moved, poll.movedSaid) = (nil, "") }
            return
        }
        if poll.moved?.to != movedTo { poll.moved = Poll.Move(to: movedTo, sight: Poll.Sight(first: world.now)) }
        let digest = SHA256.hexDigest(of: movedTo)
        // An address that fails now and then is forgotten and believed again: said once.
        if poll.moved?.sight.seen(at: world.now) == true, poll.movedSaid != digest {
            poll.movedSaid = digest
            turn(
                .moved, feed, "a permanent redirect, seen for a day: feeds.toml should name the new address",
                host: WebAddress(movedTo)?.host.map { feed.withoutSecretsOfHosts($0, of: circumstances.way) })
        }
    }

    /// - Parameter failure: what it gave is taken, and is not all that there is: asked as often as a good one, and told as
    ///   failing when that goes on.
    private mutating func succeed(
        _ feed: FollowedFeed, _ poll: inout Poll, _ circumstances: Answer.Circumstances, but failure: Failure? = nil
    ) {
        poll.succeeded = world.now
        poll.failures = 0
        poll.goneElsewhere = nil
        poll.noteBorne(wasConditional: !circumstances.wasUnconditional)
        if !polls.hosts.isEmpty, let house = WebAddress(circumstances.address)?.house {
            polls.forgive(house: house, at: world.now)
        }
        poll.unreached = nil
        poll.isGone = false
        poll.goneSettings = ""
        poll.pausedUntil = nil
        if circumstances.wasUnconditional { poll.unconditional = world.now }
        let standing = standing(feed.name)
        if poll.isDry {
            // It answers again, and that is not yet well.
            if standing?.isUnwell != true || standing?.reason != Drought.reason {
                turn(.failing, feed, Drought.reason)
            } else {
                remind(feed, Drought.reason, host: nil, &poll)
            }
        } else if let failure {
            complain(failure, feed, &poll, inARow: poll.cuts)
        } else if standing?.isUnwell == true {
            turn(.recovered, feed)
        }
        let news = [standing?.news, poll.news].compactMap { $0 }.filter { $0 <= world.now }.max() ?? world.now
        poll.news = news
        poll.next = Schedule.afterSuccess(
            feed, poll, newsAge: world.now.seconds - news.seconds,
            delay: circumstances.delaySeconds, now: world.now)
        if let wait = circumstances.retryAfter, wait > 0 {
            let until = Schedule.pause(seconds: wait + circumstances.delaySeconds, from: world.now)
            poll.pausedUntil = until
            poll.next = Schedule.afterSkips(max(until, poll.next ?? until), poll, since: world.now)
        }
    }

    private mutating func fail(
        _ failure: Failure, _ feed: FollowedFeed, _ poll: inout Poll
    ) {
        var failure = failure
        poll.failures += 1
        if failure.perhapsForCondition { poll.noteUnborne(wasConditional: failure.wasConditional) }
        poll.pausedUntil = nil
        if failure.spoilsValidators { poll.forgetValidators() }
        if failure.isGoneElsewhere {
            var sight = poll.goneElsewhere ?? Poll.Sight(first: world.now)
            failure.isGone = sight.seen(at: world.now)
            poll.goneElsewhere = sight
        } else if !failure.isUnreachable {
            poll.goneElsewhere = nil
        }
        // Of many feeds at one host another is asked each time, and the others are spared: they fail together.
        let strikes = failure.stoppedHost.map { strike($0) } ?? 0
        let inARow = max(poll.failures, strikes)
        var wait = failure.retryAfter
        if let house = failure.stoppedHost {
            // Who says "in a minute" each time we come does not mean it.
            if wait == nil || strikes > 1 { wait = max(wait ?? 0, Schedule.pauseUnsaid(failures: inARow)) }
            if strikes >= Schedule.failuresUntilFailing {
                var common = failure
                common.reason = Failure.turnedAway + failure.reason
                turnedAwayBy[house] = common
                if poll.failures < strikes { failure = common }
            }
        }
        if let wait {
            let until = Schedule.pause(seconds: wait, from: world.now)
            poll.pausedUntil = until
            if let house = failure.stoppedHost { polls.stop(house: house, until: until, times: strikes) }
        }
        if failure.isWall { wait = max(wait ?? 0, Schedule.dayMax) }
        poll.next = Schedule.afterFailure(
            feed, poll, retryAfter: wait, now: world.now, random: &world.random)
        // A remembered address that fails is forgotten: the one in `feeds.toml` is asked again. It may
        // know better than to be gone.
        let isElsewhere = poll.moved?.isBelieved == true
        if poll.failures >= Schedule.failuresUntilFailing || failure.isGone { poll.forgetMove() }
        if isElsewhere { failure.isGone = false }
        if isElsewhere || failure.isGone { poll.goneElsewhere = nil }
        poll.isGone = failure.isGone
        poll.goneSettings = failure.isGone ? feed.digest : ""
        feeds.append(FeedReport(feed.name, .failed(failure, inARow: poll.failures)))
        complain(failure, feed, &poll, inARow: inARow)
    }
}
