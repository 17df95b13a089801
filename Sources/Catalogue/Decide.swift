public import Formats

/// How a sighting came to us: what `decide` must know beside the state and the sighting itself.
public struct Arrival: Equatable, Sendable {
    /// The feed's settings; `nil` for an import or an entry by hand.
    public var feed: Configuration.Feed?
    /// The feed has just given its first good answer: what comes with it is taken quietly.
    public var isAdoption: Bool
    /// The backfill it belongs to; never announced.
    public var backfill: String?
    /// The site's clocks: they say which day it is.
    public var zone: ZoneRules

    public init(
        feed: Configuration.Feed? = nil, isAdoption: Bool = false, backfill: String? = nil,
        zone: ZoneRules = .utc
    ) {
        self.feed = feed
        self.isAdoption = isAdoption
        self.backfill = backfill
        self.zone = zone
    }

    /// The site's day at an instant.
    public func day(of instant: Instant) -> Day { Day(of: instant, offset: zone.offset(at: instant)) }

    /// Whether what this source says is the word of `owner`: the same, also under an earlier name.
    func speaksFor(_ owner: String, _ source: String) -> Bool {
        owner == source || backfill == nil && feed?.renamedFrom.contains(owner) == true
    }
}

/// What a sighting tells us that we did not know: PRODUCT section 6, "One finishing, one finish". Pure;
/// it knows no service. The caller folds the facts before it asks about the next sighting, so that two
/// entries of one document meet each other.
extension State {
    public func decide(_ sighting: Sighting, _ arrival: Arrival, now: Instant) -> [Fact] {
        var sighting = sighting.bounded()
        // A person's word stands as it is.
        if arrival.feed != nil || arrival.backfill != nil {
            sighting = believed(sighting, now: now, isExport: arrival.backfill != nil)
        }
        let known = places(of: sighting)
        let place: Int? =
            switch sighting.repeatPolicy {
            case .never: known.first ?? vague(sighting, arrival)
            case .afterDays(let days): finishing(of: sighting, known, days: days)
            case .perDay: finishing(of: sighting, known, days: nil)
            }
        guard let place else {
            if let reason = lack(of: sighting, known) {
                return decide(
                    Passed(
                        feed: sighting.feed, entry: sighting.entry, title: sighting.finish.title,
                        reason: reason, stated: sighting.stated))
            }
            return newFinish(sighting, arrival, of: known.first, now: now)
        }
        var facts = revise(place, sighting, arrival, work: known.first)
        var joined = [place]
        for other in known where !joined.contains(other) {
            facts += mergeByIdentity(&joined, other)
        }
        return facts
    }

    /// Why a finish cannot be taken in: it is recorded as passed over, and taken when that has changed.
    private func lack(of sighting: Sighting, _ known: [Int]) -> String? {
        if sighting.keys.isEmpty { return "nothing tells it from other entries" }
        return sighting.finish.title.isEmpty ? "it has no title" : nil
    }

    /// An entry that is no finish is recorded once, so that it can be asked about and looked at again.
    public func decide(_ passed: Passed) -> [Fact] {
        let passed = passed.bounded()
        for name in configuration.feed(named: passed.feed)?.names ?? [passed.feed]
        where hasPassed(feed: name, entry: passed.entry) {
            return []
        }
        return [.passedOver(passed)]
    }

    /// Whether an entry was met before, as a finish or as none.
    public func knows(_ sighting: Sighting) -> Bool {
        let sighting = sighting.bounded()
        return hasPassed(feed: sighting.feed, entry: sighting.entry)
            || sighting.keys.contains { finishes.place(of: $0.text) != nil }
    }

    /// The places that the keys of a sighting name, strongest first, each once.
    private func places(of sighting: Sighting) -> [Int] {
        var places: [Int] = []
        for (index, key) in sighting.keys.enumerated() {
            guard let place = finishes.place(of: key.text), !places.contains(place) else { continue }
            // A second viewing of a film shares the film's key with the first, but not its own.
            if sighting.repeatPolicy == .never,
                isOther(finishes.standing(at: place), than: sighting.keys[..<index])
                    || isOtherEntry(place, than: sighting, by: key)
            {
                continue
            }
            places.append(place)
        }
        if places.isEmpty, let hint = sighting.hint, let place = finishes.place(of: hint.text), hasNoName(place) {
            places.append(place)
        }
        return places
    }

    /// Whether one of these keys numbers something that a finish has under another number.
    private func isOther(_ standing: Standing, than keys: ArraySlice<Key>) -> Bool {
        for key in keys where !standing.has(key.text) {
            guard let name = KeyName(key.text) else { continue }
            for other in standing.keys where KeyName(other)?.isOther(than: name) == true { return true }
        }
        return false
    }

    /// A row that names a film and no viewing, and a viewing of that film, share no key: the name and
    /// the year tie them (PRODUCT section 6, `watched.csv`). One of them is an undated row of an import.
    private func vague(_ sighting: Sighting, _ arrival: Arrival) -> Int? {
        guard let first = sighting.keys.first, let name = KeyName(first.text) else { return nil }
        let isRow = arrival.backfill != nil && sighting.finish.day == nil
        guard let year = sighting.finish.year, !sighting.finish.title.isEmpty else { return nil }
        for place in finishes.places(perhapsTitled: sighting.finish.title, year)
        where isRow || !finishes.has(.dated, at: place) {
            guard finishes.isKnown(at: place), finishes.mayBear(sighting.finish.title, at: place) else {
                continue
            }
            let standing = finishes.standing(at: place)
            guard isRow || standing.backfill != nil && standing.sources.isEmpty,
                standing.finish.title == sighting.finish.title, standing.finish.year == year,
                standing.finish.kind == sighting.finish.kind
            else { continue }
            let names = standing.keys.compactMap { KeyName($0) }
            let isSameService = names.contains { $0.service == name.service }
            let hasSameNoun = names.contains { $0.service == name.service && $0.noun == name.noun }
            if isSameService, !hasSameNoun { return place }
        }
        return nil
    }

    // MARK: a finish we know

    /// Which finishing of the work a sighting means; `nil`: one that is not known yet.
    /// - Parameter days: how far a day must lie behind the known one to be another; `nil`: any other day.
    private func finishing(of sighting: Sighting, _ known: [Int], days: Int?) -> Int? {
        if let day = sighting.finish.day {
            // The work's key with the day was given to it before, whatever its day is now.
            for key in sighting.keys {
                if let place = finishes.place(of: key.on(day).text) { return place }
            }
        }
        guard let first = known.first else { return nil }
        let family = finishes.family(of: first).map { ($0, finishes.standing(at: $0)) }
        var latest = (first, finishes.standing(at: first))
        for member in family where (latest.1.finish.day?.first.daysSince1970 ?? .min)
            < (member.1.finish.day?.first.daysSince1970 ?? .min)
        {
            latest = member
        }
        guard let day = sighting.finish.day else { return latest.0 }
        for (place, standing) in family where standing.finish.day == day { return place }
        // The same day known less well, or better.
        for (place, standing) in family where standing.finish.day?.gap(to: day) == 0 { return place }
        for (place, standing) in family where standing.finish.day == nil { return place }
        guard let days, let known = latest.1.finish.day else { return nil }
        let isLater = known < day && known.gap(to: day) >= days
        let isAfterFirstSight = day > Day(of: latest.1.firstSight)
        return isLater && isAfterFirstSight ? nil : latest.0
    }

    /// - Parameter work: the place that the sighting's strongest key names: not always this finishing of it.
    private func revise(
        _ place: Int, _ sighting: Sighting, _ arrival: Arrival, work: Int?
    ) -> [Fact] {
        let standing = finishes.standing(at: place)
        let source = Standing.source(feed: sighting.feed, backfill: arrival.backfill)
        var facts: [Fact] = []
        if finishes.has(.withdrawn, at: place), arrival.backfill == nil {
            facts.append(.restored(id: standing.id, feed: sighting.feed))
        }
        // Once from each feed that shows it, too: what an import brought is undone with it unless a feed
        // has shown it since, and what another feed shows is not withdrawn.
        let isNewSource =
            arrival.backfill == nil && !arrival.speaksFor(standing.origin, source)
            && !standing.sources.contains { arrival.speaksFor($0, source) }
        var change = change(of: standing, by: sighting.finish, source, arrival)
        // A day that another source confirms has not moved.
        let isNewDay = change.touches(.day)
        if isNewSource { change.set += confirmed(standing, by: sighting.finish, but: change) }
        var keys = unknown(sighting.keys)
        var workKeys: [String] = []
        if let work, work != place, finishes.family(of: work).contains(place) {
            swap(&keys, &workKeys)
        }
        keys += unknown(dayKeys(of: sighting, isNewDay: isNewDay))
        if !change.isEmpty || !keys.isEmpty || isNewSource {
            facts.append(
                .revised(
                    Revision(
                        id: standing.id, keys: keys, feed: sighting.feed,
                        backfill: arrival.backfill, change: change,
                        stated: change.isEmpty ? [] : sighting.stated)))
        }
        if let work, !workKeys.isEmpty {
            facts.append(
                .revised(
                    Revision(
                        id: finishes.standing(at: work).id, keys: workKeys, feed: sighting.feed,
                        backfill: arrival.backfill)))
        }
        return facts
    }

    /// The keys that name nothing yet, each once.
    private func unknown(_ keys: [Key]) -> [String] {
        var texts: [String] = []
        for key in keys where finishes.place(of: key.text) == nil && !texts.contains(key.text) {
            texts.append(key.text)
        }
        return texts
    }

    /// The keys that name a finishing by the day that its source states. With them it is met again after
    /// a person, or another source, has said another day.
    private func dayKeys(of sighting: Sighting, isNewDay: Bool) -> [Key] {
        guard let day = sighting.finish.day else { return [] }
        switch sighting.repeatPolicy {
        case .never: return []
        case .perDay: return sighting.keys.map { $0.on(day) }
        // Until its day has moved, the distance between days tells.
        case .afterDays: return isNewDay ? sighting.keys.map { $0.on(day) } : []
        }
    }

    /// What a feed states exactly as the import did that brought it: from now on it is the feed's word.
    private func confirmed(
        _ standing: Standing, by finish: Finish, but change: Change
    ) -> [FieldValue] {
        var values: [FieldValue] = []
        for field in FinishField.allCases
        where !change.touches(field) && !standing.corrected.contains(field)
            && standing.owner(of: field).hasPrefix("backfill:")
        {
            guard let value = finish.value(of: field), value == standing.finish.value(of: field) else {
                continue
            }
            values.append(FieldValue(field, value))
        }
        return values
    }

    /// Field by field: another source fills what is absent, a field's own source may change it, and a
    /// person's correction beats both.
    private func change(
        of standing: Standing, by finish: Finish, _ source: String, _ arrival: Arrival
    ) -> Change {
        var change = Change()
        // The day of an entry that states an instant was decided when it was first seen; a zone that
        // changes later does not move it.
        let sameInstant = finish.instant != nil && finish.instant == standing.finish.instant
        for field in FinishField.allCases {
            if standing.corrected.contains(field) { continue }
            if field == .day, sameInstant { continue }
            // A repeat stays one: the work's entry does not say so again.
            if field == .isRepeat, standing.finish.isRepeat, Key.namesDay(standing.id.text) { continue }
            let old = standing.finish.value(of: field)
            let new = finish.value(of: field)
            if old == new || field == .cover && isSameCover(old, new)
                || field == .review && isSameReview(old, new)
            {
                continue
            }
            // Nor does a backfill change what an earlier row or page of it has said: the first is the
            // strongest, and a second run, which has another name, would find it otherwise.
            let isOwnWord = arrival.backfill == nil
                && arrival.speaksFor(standing.owner(of: field), source)
            guard old == nil || isOwnWord else { continue }
            // A time belongs to its day: it is worth nothing beside another source's, or a person's.
            if field == .instant, new != nil, !change.sets(.day), finish.day != standing.finish.day
                || standing.corrected.contains(.day)
            {
                continue
            }
            if let new {
                change.set.append(FieldValue(field, new))
            } else if field != .title {
                change.unset.append(field)
            }
        }
        return change
    }

    /// Letterboxd renews the query of its posters' addresses; the picture stays.
    private func isSameCover(_ old: JSONValue?, _ new: JSONValue?) -> Bool {
        guard let old = old?.stringValue, let new = new?.stringValue else { return false }
        return old.utf8.prefix { $0 != UInt8(ascii: "?") }
            .elementsEqual(new.utf8.prefix { $0 != UInt8(ascii: "?") })
    }

    /// An earlier version joined the words of two blocks where it left the tags between them out. That a
    /// review of then has breaks now is our doing: it is no word of its feed, and no revision of each entry.
    private func isSameReview(_ old: JSONValue?, _ new: JSONValue?) -> Bool {
        guard let old = old?.stringValue, let new = new?.stringValue else { return false }
        var rest = old.utf8[...]
        var text = new.utf8[...]
        while let byte = text.first {
            if text.starts(with: "<br/>".utf8), !rest.starts(with: "<br/>".utf8) {
                text = text.dropFirst(5)
                continue
            }
            guard rest.first == byte else { return false }
            rest = rest.dropFirst()
            text = text.dropFirst()
        }
        // What the breaks have pushed over the end.
        return rest.isEmpty || new.utf8.count > Bounds.reviewMax - 64
    }

    /// One sighting names both: they are one, unless they are proven separate.
    /// - Parameter joined: what has been found to be one so far.
    private func mergeByIdentity(_ joined: inout [Int], _ other: Int) -> [Fact] {
        let standing = finishes.standing(at: other)
        for place in joined {
            if areSeparate(finishes.standing(at: place), standing) { return [] }
            if finishes.family(of: place).contains(other) { return [] }
        }
        let oldest = joined.min() ?? other
        joined.append(other)
        return [
            .merged(
                id: finishes.standing(at: max(oldest, other)).id,
                into: finishes.standing(at: min(oldest, other)).id, by: .identity)
        ]
    }

    /// Two numbers of one service for one noun (two viewings), two ids of one feed, or two days a month or more apart.
    private func areSeparate(_ left: Standing, _ right: Standing) -> Bool {
        if haveOtherNumbers(left.keys, right.keys) || haveOtherEntryIDs(left, right) { return true }
        if let one = left.finish.day, let two = right.finish.day { return one.gap(to: two) >= 30 }
        return false
    }

    private func haveOtherNumbers(_ left: [String], _ right: [String]) -> Bool {
        let names = right.compactMap { KeyName($0) }
        for key in left {
            guard let name = KeyName(key) else { continue }
            for other in names where name.isOther(than: other) { return true }
        }
        return false
    }

    // MARK: a finish we did not know

    /// - Parameter work: the place of a finishing of the same work: then this is a repeat of it, and its
    ///   keys are the work's with the day.
    private func newFinish(
        _ sighting: Sighting, _ arrival: Arrival, of work: Int?, now: Instant
    ) -> [Fact] {
        var sighting = sighting
        let isRepeat = work != nil && sighting.repeatPolicy != .never
        let days = dayKeys(of: sighting, isNewDay: isRepeat)
        let named = isRepeat ? days : sighting.keys + days
        if isRepeat { sighting.finish.isRepeat = true }
        let keys = unknown(named)
        guard let first = keys.first, let rule = named.first(where: { $0.text == first })?.rule else {
            // Its keys name no finish, or another one would have been found.
            preconditionFailure("a finish with no key of its own: \(sighting.entry)")
        }
        let id = FinishID(first)
        let announce = owed(sighting, arrival, keys: named, now: now)
        var facts: [Fact] = [
            .finished(
                Finished(
                    id: id, keys: keys, feed: sighting.feed, entry: sighting.entry, rule: rule,
                    announce: announce, backfill: arrival.backfill, finish: sighting.finish,
                    stated: sighting.stated))
        ]
        guard configuration.mergesDuplicates || !announce.isEmpty else { return facts }
        let family = work.map { finishes.family(of: $0) } ?? []
        if let alike = alike(sighting, arrival, keys: keys, but: family, now: now) {
            if configuration.mergesDuplicates {
                facts.append(.merged(id: id, into: alike.id, by: .likeness))
            } else {
                for network in announce {
                    facts.append(
                        .announcement(
                            AnnouncementStep(
                                .held, id: id, network: network,
                                reason: AnnouncementStep.perhapsTheSame + "\(alike.id)")))
                }
            }
        }
        return facts
    }

    /// The networks to which an announcement is owed: decided here, once (PRODUCT section 5).
    private func owed(
        _ sighting: Sighting, _ arrival: Arrival, keys: [Key], now: Instant
    ) -> [String] {
        guard arrival.backfill == nil, arrival.feed?.announces != false else { return [] }
        // What a person wanted forgotten is taken quietly when it is seen again.
        for key in keys where finishes.wasForgotten(key.text) { return [] }
        let today = arrival.day(of: now)
        // An undated finish counts as old as its entry.
        let day = sighting.finish.day ?? sighting.logged.map { arrival.day(of: $0) } ?? today
        if let feed = arrival.feed {
            if let since = feed.announceSince {
                // Nothing tells of what day it is, and most of what comes with an adoption is old.
                if arrival.isAdoption, sighting.isUndated { return [] }
                if day.last.daysSince1970 < since.first.daysSince1970 { return [] }
            } else {
                if arrival.isAdoption { return [] }
                // A service states the day of its user's clock, and nobody says where that hangs: a film seen
                // in the evening in Los Angeles is a day older than a feed adopted an hour before it. So the
                // first day counts that it was anywhere; what was in the feed by then was taken quietly.
                let adopted = Day(of: self.feed(named: feed.name)?.adopted ?? now, offset: -43_200)
                if day.last.daysSince1970 < adopted.first.daysSince1970 { return [] }
            }
        }
        let maxAge = Int64(configuration.announce.maxAgeDays)
        if maxAge > 0, today.first.daysSince1970 - day.last.daysSince1970 > maxAge { return [] }
        return configuration.announce.networks.map(\.name)
    }

    /// A finish of the same work that another source gave within 14 days: kind, title and creator agree,
    /// and nothing proves that they are two. The nearest by day, then the one seen first.
    private func alike(
        _ sighting: Sighting, _ arrival: Arrival, keys: [String], but family: [Int], now: Instant
    ) -> Standing? {
        // As in the order: what has no day counts as finished at its first sight, but what is taken quietly has no
        // place in it.
        let isQuiet = arrival.isAdoption || arrival.backfill != nil
        guard let day = sighting.finish.day ?? (isQuiet ? nil : arrival.day(of: now)) else { return nil }
        let source = Standing.source(feed: sighting.feed, backfill: arrival.backfill)
        let title = Likeness.normalised(sighting.finish.title)
        var nearest: Standing?
        // Most of what is near is this feed's own, and need not be decoded.
        let own = JSONMark("feed", sighting.feed)
        for place in finishes.places(perhapsLike: title, within: 14, of: day)
        where !family.contains(place) && !own.stands(in: finishes.arena, finishes.body(at: place)) {
            let standing = finishes.standing(at: place)
            guard standing.feed != sighting.feed, !arrival.speaksFor(standing.origin, source),
                Likeness.normalised(standing.finish.title) == title,
                Likeness.agree(standing.finish, sighting.finish),
                !haveOtherNumbers(standing.keys, keys)
            else { continue }
            if let found = nearest?.finish.day, let other = standing.finish.day,
                abs(found.days(to: day)) <= abs(other.days(to: day))
            {
                continue
            }
            nearest = standing
        }
        return nearest
    }
}

extension Change {
    fileprivate func sets(_ field: FinishField) -> Bool { self.set.contains { $0.field == field } }
}
