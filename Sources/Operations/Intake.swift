import Catalogue
import Feeds
import Files
import Formats
import Services
import Storage
import XML

/// What the answers of feeds mean: events in the store, polls as they are afterwards, and what there is
/// to tell. One feed's failure stays its own.
struct Intake {
    let settings: Settings
    var world: World
    /// `nil`: nothing in the answers is to be recorded (`Glance.suffices`).
    private let store: Store?
    var polls: Polls
    /// Nobody can be reached: no failure of any feed.
    private(set) var isOffline = false
    /// Since when, and it is time to tell a person.
    private(set) var outageNews: Instant?
    private(set) var feeds: [FeedReport] = []
    private(set) var turns: [FeedCondition] = []
    private(set) var reminders: [Failure] = []
    /// Announcements that wait for a person's word from now on.
    private(set) var held: [AnnouncementStep] = []
    private(set) var notes: [String] = []

    init(settings: Settings, world: World, store: Store?, polls: Polls) {
        self.settings = settings
        self.world = world
        self.store = store
        self.polls = polls
    }

    /// What the answers mean: events in the store, and the polls as they are afterwards.
    mutating func take(_ asked: [Asked], _ answers: [Answer]) {
        noteOutage(asked, answers)
        for (asked, answer) in zip(asked, answers) {
            var poll = asked.poll
            take(answer, of: asked.feed, &poll)
            polls.set(poll)
        }
        for (asked, answer) in zip(asked, answers) { waitForHouse(asked.feed, answer) }
    }

    private func record(_ fact: Fact) {
        guard let store else { preconditionFailure("what is to be recorded needs the state") }
        store.record(fact, at: world.now)
    }

    /// Whoever leads to a house that has asked to be left alone waits as long as that does, or it would be asked for
    /// nothing in every run until then.
    private mutating func waitForHouse(_ feed: FollowedFeed, _ answer: Answer) {
        guard case .failure(let failure) = answer, let house = failure.closedHouse,
            let until = polls.pause(ofHouse: house, at: world.now), var poll = polls.poll(named: feed.name)
        else { return }
        poll.attempted = world.now
        poll.next = until
        polls.set(poll)
    }

    /// What the log knows of a feed.
    private func standing(_ feed: String) -> FeedStanding? { store?.state.feed(named: feed) }

    /// When nobody at all can be reached it is us who have no network: no feed's failure. Of a single host nobody can
    /// tell, but while it is known that nobody can be reached.
    private mutating func noteOutage(_ asked: [Asked], _ answers: [Answer]) {
        var hosts: Set<String> = []
        var isReached = false
        for (asked, answer) in zip(asked, answers) where asked.feed.address.scheme != "file" {
            if case .failure(let failure) = answer {
                if failure.wasNotAsked { continue }
                if failure.isUnreachable {
                    hosts.insert(failure.host)
                    continue
                }
            }
            isReached = true
        }
        if isReached {
            if polls.outage?.said != nil { notes.append("there are answers again") }
            polls.outage = nil
        }
        guard !isReached, hosts.count > (polls.outage == nil ? 1 : 0) else { return }
        isOffline = true
        if polls.outage == nil {
            polls.outage = Outage(since: world.now)
        } else if polls.outage?.goOn(at: world.now) == true {
            outageNews = polls.outage?.since
        }
    }

    private mutating func take(_ answer: Answer, of feed: FollowedFeed, _ poll: inout Poll) {
        let before = poll.attempted
        switch answer {
        case .failure(let failure):
            // Not asked, so nothing is known that was not known before.
            if isOffline || failure.wasNotAsked {
                feeds.append(FeedReport(feed.name, .failed(failure, inARow: poll.failures)))
                if isOffline, polls.outage?.isLasting(at: world.now) == true {
                    poll.attempted = world.now
                    poll.next = Schedule.afterSilence(feed, poll, now: world.now)
                }
                return
            }
            poll.attempted = world.now
            fail(failure, feed, &poll, before: before)
        case .unchanged(let unchanged):
            poll.attempted = world.now
            poll.answersNotModified = poll.answersNotModified || unchanged.isNotModified
            if let etag = unchanged.etag { poll.etag = etag }
            if let lastModified = unchanged.lastModified { poll.lastModified = lastModified }
            if let maxAge = unchanged.maxAge { poll.maxAge = max(maxAge, 0) }
            feeds.append(FeedReport(feed.name, .unchanged))
            follow(unchanged.circumstances, feed, &poll)
            // The same document given again is a second look at its window; a 304 gives none, and writes
            // nothing but `polls.json`. About every eight days a poll is unconditional.
            if !unchanged.isNotModified { confirmMissing(feed, &poll) }
            succeed(feed, &poll, unchanged.circumstances, before: before)
        case .document(let document):
            poll.attempted = world.now
            let read: FeedDocument
            switch Intake.read(document, feed) {
            case .success(let good): read = good
            case .failure(let failure): return fail(failure, feed, &poll, before: before)
            }
            if read.entries.isEmpty, !poll.window.isEmpty {
                let failure = Failure(
                    feed, .read, "the feed is empty, where \(poll.window.count) entries were before")
                return fail(failure, feed, &poll, before: before)
            }
            follow(document.circumstances, feed, &poll)
            let isWhole = !read.isCutOff
            guard let store else { preconditionFailure("a document needs the state") }
            recognise(read, document, feed, &poll, store)
            poll.note(document, read, isWhole: isWhole)
            succeed(feed, &poll, document.circumstances, before: before)
        }
    }

    /// The document as a feed, or in words why it is none.
    static func read(
        _ document: Answer.Document, _ feed: FollowedFeed
    ) -> Result<FeedDocument, Failure> {
        var failure: Failure
        do {
            let read = try FeedReader.read(
                document.bytes, contentType: document.contentType, address: document.address)
            if !read.isCutOff || !read.entries.isEmpty { return .success(read) }
            failure = Failure(feed, .read, "the document is cut off before its first entry")
        } catch {
            let (words, isWall) = Refusal.words(error, document, feed)
            failure = Failure(feed, .read, words)
            failure.isWall = isWall
        }
        failure.wasUnconditional = document.circumstances.wasUnconditional
        return .failure(failure)
    }

    // MARK: what a document says

    /// Entries become sightings, sightings events.
    private mutating func recognise(
        _ read: FeedDocument, _ document: Answer.Document, _ feed: FollowedFeed, _ poll: inout Poll,
        _ store: Store
    ) {
        let zone = TimeZones.rules(settings.configuration.site.timeZone, world.disk) ?? .utc
        let reading = Services.read(read, context: feed.context(document.circumstances, zone))
        let standing = store.state.feed(named: feed.name)
        let isAdoption = standing?.adopted == nil
        let isElsewhere = isElsewhere(standing, feed, poll)
        let isQuiet = isAdoption || isElsewhere && isStranger(reading, feed, store.state)
        if isAdoption {
            store.record(
                .feedAdopted(
                    feed: feed.name, service: reading.service, entries: reading.recognised.count,
                    address: feed.addressMark),
                at: world.now)
        } else if isElsewhere {
            let condition = FeedCondition(
                .moved, feed: feed.name, reason: "feeds.toml names another address",
                host: feed.address.host ?? "", address: feed.addressMark)
            store.record(.feedCondition(condition), at: world.now)
        }
        let before = store.state.sequence
        let arrival = Arrival(feed: feed.settings, isAdoption: isQuiet, zone: zone)
        var outcome = FeedReport.Counts(service: reading.service, entries: reading.recognised.count)
        outcome.isAdoption = isAdoption
        outcome.defects = read.defects.map { feed.withoutSecrets($0, document.circumstances) }
        var known = 0
        // Feeds have the newest first: what has no date and stands below is older than what is known.
        var isBelowKnown = false
        let own = OwnWords(store.state, now: world.now)
        for entry in reading.joined {
            let isOurs = entry.finished == true && own.areIn(entry, store.state)
            let facts =
                entry.finished == true && !isOurs
                ? store.state.decide(entry.sighting, arrival, now: world.now)
                : store.state.decide(isOurs ? entry.passed(because: OwnWords.reason) : entry.passed)
            if !facts.contains(where: \.isFirstSight) {
                known += 1
                isBelowKnown = true
            }
            var steps: [Fact] = []
            if poll.isDoubtful {
                steps = holding(facts, because: AnnouncementStep.logPutBack)
            } else if isBelowKnown, entry.sighting.isUndated {
                steps = holding(facts, because: AnnouncementStep.perhapsOld)
            }
            for fact in facts + steps {
                store.record(fact, at: world.now)
                outcome.count(fact)
                if case .announcement(let step) = fact, step.step == .held { held.append(step) }
            }
        }
        poll.isDoubtful = false
        watchWindow(reading, feed, &poll, isAdoption: isAdoption, known: known, &outcome)
        if store.state.sequence > before { poll.news = world.now }
        watchDrought(reading, feed, &poll, isAdoption: isAdoption)
        feeds.append(FeedReport(feed.name, .read(outcome)))
    }

    /// Whether `feeds.toml` names another address than the one of which a document was read last. The log knows:
    /// `polls.json` may be deleted.
    private func isElsewhere(_ standing: FeedStanding?, _ feed: FollowedFeed, _ poll: Poll) -> Bool {
        guard let standing, !standing.address.isEmpty else {
            // An earlier version noted none. Whoever has never read a window there may be elsewhere.
            return poll.keys.isEmpty
        }
        return standing.address != feed.addressMark
    }

    /// A feed that was given another address, where nobody knows a single entry: it is a new one, and what it has
    /// by now is taken quietly, as at adoption.
    private mutating func isStranger(_ reading: Reading, _ feed: FollowedFeed, _ state: State) -> Bool {
        guard feed.settings.announceSince == nil, !reading.joined.isEmpty,
            !reading.joined.contains(where: { state.knows($0.sighting) }), hasGivenFinishes(feed)
        else { return false }
        notes.append("\(feed.name): the address is new, and so is all that it gives: taken quietly, as from a new feed")
        return true
    }

    /// New finishes wait for a person's word.
    private func holding(_ facts: [Fact], because reason: String) -> [Fact] {
        facts.flatMap { fact -> [Fact] in
            guard case .finished(let one) = fact else { return [] }
            return one.announce.map {
                .announcement(
                    AnnouncementStep(.held, id: one.id, network: $0, reason: reason))
            }
        }
    }

    /// What the window lost, and whether entries may have gone by unseen.
    /// - Parameter known: entries of the document that were known before it came.
    private mutating func watchWindow(
        _ reading: Reading, _ feed: FollowedFeed, _ poll: inout Poll, isAdoption: Bool, known: Int,
        _ outcome: inout FeedReport.Counts
    ) {
        // Letterboxd mixes lists that never move into its window; where the order tells, finishes do.
        let window = reading.recognised
            .filter { $0.finished == true || !reading.isWindowOrdered }
            .map { $0.sighting.keys.first?.text ?? $0.sighting.entry }
        let present = Set(window)
        // A site that gives all its entries new ids has lost none: then their other keys are known.
        if !isAdoption, known == 0, !poll.window.isEmpty, !window.isEmpty,
            !poll.window.contains(where: { present.contains($0) })
        {
            sayGap(feed, &poll, reading.service)
        } else if known > 0, known < reading.joined.count, let said = poll.gapSaid,
            said > world.now || world.now >= said.adding(seconds: Intake.gapAgain)
        {
            // New entries stand beside known ones again, so the next gap is another one.
            poll.gapSaid = nil
        }
        guard reading.isWindowOrdered, !isAdoption else {
            poll.window = window
            return
        }
        let found = Withdrawals.find(before: poll.window, now: window, missing: poll.missing)
        withdraw(found.gone, feed, found.window, &outcome)
        poll.missing = found.missing
        poll.window = found.window
    }

    /// A feed of one entry, or one that turns faster than it is asked, never shares any: that is said once, and not at
    /// each poll.
    private mutating func sayGap(_ feed: FollowedFeed, _ poll: inout Poll, _ service: String) {
        guard poll.gapSaid == nil else { return }
        poll.gapSaid = world.now
        let hint = Services.exportHint(service).map { "; " + $0 } ?? ""
        turn(.gap, feed, "no entry is shared with the last poll: some may have gone by unseen" + hint)
    }

    private static let gapAgain: Int64 = 7 * 86_400

    /// The document has come again as it was: what was missed once is missed twice by it.
    private mutating func confirmMissing(_ feed: FollowedFeed, _ poll: inout Poll) {
        guard !poll.missing.isEmpty else { return }
        let missing = poll.missing
        let found = Withdrawals.find(
            before: poll.window, now: poll.window.filter { !missing.contains($0) }, missing: missing)
        var outcome = FeedReport.Counts(service: "", entries: 0)
        withdraw(found.gone, feed, found.window, &outcome)
        poll.missing = found.missing
        poll.window = found.window
    }

    private func withdraw(
        _ gone: [String], _ feed: FollowedFeed, _ window: [String],
        _ outcome: inout FeedReport.Counts
    ) {
        guard let store else { preconditionFailure("what is missing needs the state") }
        for fact in store.state.withdraw(gone, feed: feed.name, window: window) {
            store.record(fact, at: world.now)
            outcome.count(fact)
        }
    }

    private func watchDrought(
        _ reading: Reading, _ feed: FollowedFeed, _ poll: inout Poll, isAdoption: Bool
    ) {
        let isFound = Drought.isFound(in: reading.recognised, ordinary: &poll.ordinary)
        // A feed that never gave a finish has not run dry; looking through all of them costs time, so
        // it is the last question.
        poll.isDry = isFound && !isAdoption && (poll.isDry || hasGivenFinishes(feed))
    }

    private func hasGivenFinishes(_ feed: FollowedFeed) -> Bool {
        let names = [feed.name] + feed.settings.renamedFrom
        return store?.state.known.contains { standing in
            names.contains(standing.feed) || standing.sources.contains { names.contains($0) }
        } ?? false
    }

    /// A permanent redirect that ends in a feed, and whether it is believed by now.
    private mutating func follow(
        _ circumstances: Answer.Circumstances, _ feed: FollowedFeed, _ poll: inout Poll
    ) {
        guard let movedTo = circumstances.movedTo else {
            if poll.moved?.isBelieved != true { poll.moved = nil }
            return
        }
        if poll.moved?.to != movedTo { poll.moved = Poll.Move(to: movedTo, first: world.now, times: 0) }
        if poll.moved?.seen(at: world.now) == true {
            turn(
                .moved, feed, "a permanent redirect, seen for a day: feeds.toml should name the new address",
                host: WebAddress(movedTo)?.host)
        }
    }

    // MARK: how the feed stands afterwards

    private mutating func turn(
        _ turn: FeedCondition.Turn, _ feed: FollowedFeed, _ reason: String = "", host: String? = nil
    ) {
        let condition = FeedCondition(
            turn, feed: feed.name, reason: reason, host: host ?? feed.address.host ?? "")
        record(.feedCondition(condition))
        turns.append(condition)
    }

    private mutating func succeed(
        _ feed: FollowedFeed, _ poll: inout Poll, _ circumstances: Answer.Circumstances, before: Instant?
    ) {
        poll.succeeded = world.now
        poll.failures = 0
        poll.isGone = false
        poll.goneSettings = ""
        poll.pausedUntil = nil
        if circumstances.wasUnconditional { poll.unconditional = world.now }
        let standing = standing(feed.name)
        if poll.isDry {
            if standing?.isUnwell != true {
                turn(.failing, feed, Drought.reason)
            } else {
                remind(Failure(feed, .read, Drought.reason), before: before)
            }
        } else if standing?.isUnwell == true {
            turn(.recovered, feed)
        }
        let news = [standing?.news, poll.news].compactMap { $0 }.filter { $0 <= world.now }.max() ?? world.now
        poll.news = news
        poll.next = Schedule.afterSuccess(
            feed, poll, newsAge: world.now.seconds - news.seconds,
            delay: circumstances.delaySeconds, now: world.now)
        if let wait = circumstances.retryAfter, wait > 0 {
            let seconds = min(wait + circumstances.delaySeconds, Schedule.dayMax)
            let until = world.now.adding(seconds: Int64(seconds))
            poll.pausedUntil = until
            poll.next = Schedule.afterSkips(max(until, poll.next ?? until), poll)
        }
    }

    private mutating func fail(
        _ failure: Failure, _ feed: FollowedFeed, _ poll: inout Poll, before: Instant?
    ) {
        var failure = failure
        poll.failures += 1
        poll.pausedUntil = nil
        if failure.wasUnconditional { poll.unconditional = world.now }
        if failure.spoilsValidators { poll.forgetValidators() }
        var wait = failure.retryAfter
        if failure.stoppedHost != nil, wait == nil {
            wait = Schedule.pauseUnsaid(failures: poll.failures)
        }
        if failure.isWall { wait = max(wait ?? 0, Schedule.dayMax) }
        poll.next = Schedule.afterFailure(
            feed, poll, retryAfter: wait, now: world.now, random: &world.random)
        if let until = failure.pause(failures: poll.failures, now: world.now) {
            poll.pausedUntil = until
            if let house = failure.stoppedHost { polls.stop(house: house, until: until) }
        }
        // A remembered address that fails is forgotten: the one in `feeds.toml` is asked again. It may
        // know better than to be gone.
        let isElsewhere = poll.moved?.isBelieved == true
        if poll.failures >= Schedule.failuresUntilFailing || failure.isGone { poll.forgetMove() }
        if isElsewhere { failure.isGone = false }
        poll.isGone = failure.isGone
        poll.goneSettings = failure.isGone ? feed.digest : ""
        feeds.append(FeedReport(feed.name, .failed(failure, inARow: poll.failures)))
        complain(failure, feed, poll, before: before)
    }

    /// Said when it is news: the third failure in a row, and again each week.
    private mutating func complain(
        _ failure: Failure, _ feed: FollowedFeed, _ poll: Poll, before: Instant?
    ) {
        let condition = standing(feed.name)?.condition
        if failure.isGone {
            if condition != .gone { turn(.gone, feed, failure.reason, host: failure.host) }
        } else if condition == .failing {
            remind(failure, before: before)
        } else if poll.failures >= Schedule.failuresUntilFailing {
            turn(.failing, feed, failure.reason, host: failure.host)
        }
    }

    /// Once a week counted from the day on which it was said first: by the first poll of each week.
    private mutating func remind(_ failure: Failure, before: Instant?) {
        guard let standing = standing(failure.feed), let before else { return }
        let week: Int64 = 7 * 86_400
        // What a clock noted that was ahead is no day to count from; any other is.
        let first = standing.changed <= world.now ? standing.changed.seconds : 0
        let weeks = (world.now.seconds - first) / week
        if before > world.now || weeks > max(0, before.seconds - first) / week { reminders.append(failure) }
    }
}

extension FeedDocument {
    /// Its end is missing, so entries may be, too.
    var isCutOff: Bool {
        defects.contains { $0.hasSuffix(RepairedText.Fault.cutOff.rawValue) }
    }
}

extension Fact {
    /// An entry was met that was not known.
    fileprivate var isFirstSight: Bool {
        switch self {
        case .finished, .passedOver: true
        default: false
        }
    }
}

extension Reading {
    /// Each finishing once, at its first place, and all that is none.
    var joined: [Recognised] {
        let finished = recognised.indices.filter { recognised[$0].finished == true }
        var entries: [Recognised?] = recognised
        let sightings = Sighting.joined(finished.map { recognised[$0].sighting })
        for (index, sighting) in zip(finished, sightings) {
            if let sighting { entries[index]?.sighting = sighting } else { entries[index] = nil }
        }
        return entries.compactMap { $0 }
    }
}

extension Recognised {
    /// The entry as one that was passed over.
    var passed: Passed { passed(because: reason) }

    func passed(because reason: String) -> Passed {
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
