import Catalogue
import Feeds
import Files
import Formats
import Services
import Storage

/// What a document says: entries become sightings, sightings events; and what its window shows beside them.
extension Intake {
    mutating func recognise(
        _ read: FeedDocument, _ document: Answer.Document, _ feed: FollowedFeed, _ poll: inout Poll,
        _ store: Store
    ) {
        let zone = TimeZones.rules(settings.configuration.site.timeZone, world.disk) ?? .utc
        let reading = Services.read(read, context: feed.context(document.circumstances, zone))
        let standing = store.state.feed(named: feed.name)
        let isAdoption = standing?.adopted == nil
        let isElsewhere = isElsewhere(standing, feed, poll)
        let isQuiet = isAdoption || isElsewhere && isStranger(reading, feed, store.state)
        if isAdoption || isElsewhere { store.record(newAddress(of: feed, reading, isAdoption: isAdoption), at: world.now) }
        let hasRest = !isQuiet && poll.isAdoptedInPart
        if isQuiet || read.lack == nil { poll.isAdoptedInPart = read.lack != nil }
        let before = store.state.sequence
        var outcome = FeedReport.Counts(service: reading.service, entries: reading.recognised.count)
        outcome.isAdoption = isAdoption
        outcome.lack = read.lack
        outcome.defects = read.defects.map { feed.withoutSecrets($0, document.circumstances) }
        var known = 0
        // Feeds have the newest first: what has no date and stands below is older than what is known.
        var isBelowKnown = false
        // Of a feed that had nothing yet, many at once are its history.
        let mayAllBeOld = !isAdoption && poll.window.isEmpty && reading.joined.count > 1 && !hasGivenFinishes(feed)
        let own = OwnWords(store.state, now: world.now)
        var waiting: [Poll.Waiting] = []
        for entry in reading.joined {
            let isOurs = entry.finished == true && own.areIn(entry, store.state)
            let isRest = hasRest && wasThereAtAdoption(entry.sighting, isBelowKnown, adopted: standing?.adopted, zone, store.state)
            let arrival = Arrival(feed: feed.settings, isAdoption: isQuiet || isRest, zone: zone)
            let hasWaited = entry.isNameDamaged && poll.hasWaited(entry.sighting, at: world.now)
            let isTold = entry.mayTell(store.state, hasWaited: hasWaited)
            if !isTold, entry.waits(store.state) { waiting.append(poll.waiting(entry.sighting, at: world.now)) }
            let facts = isTold ? facts(of: entry, isOurs: isOurs, arrival, store.state) : []
            if !facts.contains(where: \.isFirstSight), !entry.isDamaged || store.state.knows(entry.sighting) {
                known += 1
                isBelowKnown = true
            }
            var reason: String?
            if isDoubtful(entry.sighting, isBelowKnown, poll, zone, store.state) {
                reason = AnnouncementStep.logPutBack
            } else if entry.isNameDamaged {
                reason = AnnouncementStep.damagedName
            } else if isBelowKnown || mayAllBeOld || entry.isDamaged,
                store.state.believed(entry.sighting, now: world.now).isUndated
            {
                let perhapsOld = isBelowKnown ? AnnouncementStep.perhapsOld : AnnouncementStep.firstOfFeed
                reason = entry.isDamaged ? AnnouncementStep.damaged : perhapsOld
            }
            for fact in facts + (reason.map { holding(facts, because: $0) } ?? []) {
                store.record(fact, at: world.now)
                outcome.count(fact)
                if case .announcement(let step) = fact, step.step == .held { held.append(step) }
            }
        }
        poll.waiting = Array(waiting.prefix(Poll.waitingCountMax))
        if read.lack != nil {
            poll.prependToWindow(reading.window)
        } else {
            poll.doubted = nil
            watchWindow(reading, feed, &poll, isAdoption: isAdoption, isElsewhere: isElsewhere, known: known, &outcome)
        }
        if store.state.sequence > before { poll.news = world.now }
        if read.lack == nil || reading.recognised.count >= Drought.newest {
            watchDrought(reading, feed, &poll, isAdoption: isAdoption)
        }
        feeds.append(FeedReport(feed.name, .read(outcome)))
    }

    /// What the log notes of a feed that is read first, or first at another address.
    private func newAddress(of feed: FollowedFeed, _ reading: Reading, isAdoption: Bool) -> Fact {
        if isAdoption {
            return .feedAdopted(
                feed: feed.name, service: reading.service, entries: reading.recognised.count, address: feed.addressMark)
        }
        return .feedCondition(
            FeedCondition(
                .moved, feed: feed.name, reason: "feeds.toml names another address", host: feed.address.host ?? "",
                address: feed.addressMark))
    }

    /// Whether it may have been announced by a log that was put back since (`Poll.doubted`).
    private func isDoubtful(
        _ sighting: Sighting, _ isBelowKnown: Bool, _ poll: Poll, _ zone: ZoneRules, _ state: State
    ) -> Bool {
        guard let doubted = poll.doubted else { return false }
        return isBelowKnown || poll.succeeded.map { $0 <= doubted } ?? false
            || !isLater(sighting, than: doubted.adding(seconds: 86_400), zone, state)
    }

    private func facts(of entry: Recognised, isOurs: Bool, _ arrival: Arrival, _ state: State) -> [Fact] {
        if isOurs { return state.decide(entry.passed(because: OwnWords.reason)) }
        return entry.finished == true
            ? state.decide(entry.sighting, arrival, now: world.now) : state.decide(entry.passed)
    }

    /// Whether a feed that was adopted in part had it by then. One that was damaged in its document may stand on top: then
    /// its day alone can tell, and that of the adoption does not.
    private func wasThereAtAdoption(
        _ sighting: Sighting, _ isBelowKnown: Bool, adopted: Instant?, _ zone: ZoneRules, _ state: State
    ) -> Bool {
        if isBelowKnown { return !isLater(sighting, than: adopted, zone, state) }
        guard let day = dayStated(sighting, zone, state), let adopted else { return false }
        return day.last.daysSince1970 < Arrival(zone: zone).day(of: adopted).first.daysSince1970
    }

    /// Whether it is dated behind a day; what has no date is not.
    private func isLater(_ sighting: Sighting, than day: Instant?, _ zone: ZoneRules, _ state: State) -> Bool {
        guard let own = dayStated(sighting, zone, state), let day else { return false }
        return own.first.daysSince1970 > Arrival(zone: zone).day(of: day).last.daysSince1970
    }

    private func dayStated(_ sighting: Sighting, _ zone: ZoneRules, _ state: State) -> Day? {
        let sighting = state.believed(sighting, now: world.now)
        return sighting.finish.day ?? sighting.logged.map { Arrival(zone: zone).day(of: $0) }
    }

    /// Whether nothing was ever read at this address.
    func isNew(_ feed: FollowedFeed, _ poll: Poll, _ store: Store) -> Bool {
        let standing = store.state.feed(named: feed.name)
        return standing?.adopted == nil || isElsewhere(standing, feed, poll)
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

    private func watchDrought(
        _ reading: Reading, _ feed: FollowedFeed, _ poll: inout Poll, isAdoption: Bool
    ) {
        let isFound = Drought.isFound(in: reading.recognised, ordinary: &poll.ordinary)
        // A feed that never gave a finish has not run dry; looking through all of them costs time, so
        // it is the last question.
        poll.isDry = isFound && !isAdoption && (poll.isDry || hasGivenFinishes(feed))
        poll.drySettings = poll.isDry ? feed.digest : ""
    }

    func hasGivenFinishes(_ feed: FollowedFeed) -> Bool {
        let names = feed.settings.names
        return store?.state.known.contains { standing in
            names.contains(standing.feed) || standing.sources.contains { names.contains($0) }
        } ?? false
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
    /// Each finishing once, at its first place, and all that is none. What a damaged entry says is joined with nothing.
    var joined: [Recognised] {
        let finished = recognised.indices.filter { recognised[$0].finished == true && !recognised[$0].isDamaged }
        var entries: [Recognised?] = recognised
        let sightings = Sighting.joined(finished.map { recognised[$0].sighting })
        for (index, sighting) in zip(finished, sightings) {
            if let sighting { entries[index]?.sighting = sighting } else { entries[index] = nil }
        }
        return entries.compactMap { $0 }
    }
}

extension Recognised {
    /// Whether it may be recorded, as far as its entry is damaged. What a damaged one does not say may have been lost on
    /// the way, so it changes nothing of what is known, and does not become an entry that is no finish. It becomes a new
    /// finish, for a feed may have a slip in each of its entries for ever, but where id and title are not sure it waits: half
    /// a title is another's, a review is none, and with half an id one finish is two. All else comes with the whole entry.
    ///
    /// - Parameter hasWaited: nobody has mended it.
    func mayTell(_ state: State, hasWaited: Bool = false) -> Bool {
        !isDamaged || (!isNameDamaged || hasWaited && !isDoubled) && finished == true && !state.knows(sighting)
    }

    /// Whether it is new, and would be told if its name were sure.
    func waits(_ state: State) -> Bool { isNameDamaged && mayTell(state, hasWaited: true) }

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
