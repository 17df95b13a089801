public import Formats

/// How a sighting came to us: what `decide` must know beside the state and the sighting itself.
public struct Arrival: Equatable, Sendable {
    /// The feed's settings; `nil` for an import or an entry by hand.
    public var feed: Configuration.Feed?
    /// The feed has just given its first good answer: what comes with it is taken quietly.
    public var isAdoption: Bool
    /// The backfill it belongs to; never announced.
    public var backfill: String?

    public init(feed: Configuration.Feed? = nil, isAdoption: Bool = false, backfill: String? = nil) {
        self.feed = feed
        self.isAdoption = isAdoption
        self.backfill = backfill
    }

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
        var sighting = sighting
        sighting.finish = sighting.finish.bounded()
        let known = places(of: sighting)
        guard let strongest = known.first else { return newFinish(sighting, arrival, now: now) }
        let place: Int
        switch sighting.repeatPolicy {
        case .never:
            place = strongest
        case .afterDays(let days):
            guard let found = finishing(of: sighting, first: strongest, days: days) else {
                return newFinish(asRepeat(sighting), arrival, now: now)
            }
            place = found
        case .perDay:
            guard let found = finishing(of: sighting, first: strongest, days: nil) else {
                return newFinish(asRepeat(sighting), arrival, now: now)
            }
            place = found
        }
        var facts = revise(place, sighting, arrival)
        for other in known.dropFirst() where other != place {
            facts += mergeByIdentity(place, other, sighting)
        }
        return facts
    }

    /// An entry that is no finish is recorded once, so that it can be asked about and looked at again.
    public func decide(_ passed: Passed) -> [Fact] {
        for name in [passed.feed] + (configuration.feed(named: passed.feed)?.renamedFrom ?? [])
        where hasPassed(feed: name, entry: passed.entry) {
            return []
        }
        return [.passedOver(passed)]
    }

    /// The places that the keys of a sighting name, strongest first, each once.
    private func places(of sighting: Sighting) -> [Int] {
        var places: [Int] = []
        for key in sighting.keys {
            guard let place = finishes.place(of: key.text), !places.contains(place) else { continue }
            places.append(place)
        }
        return places
    }

    // MARK: a finish we know

    /// Which finishing of the work a sighting with a day means; `nil`: one that is not known yet.
    /// - Parameter days: how far a day must lie behind the known one to be another; `nil`: any other day.
    private func finishing(of sighting: Sighting, first: Int, days: Int?) -> Int? {
        let family = finishes.family(of: first).map { ($0, finishes.standing(at: $0)) }
        let latest = family.max { left, right in
            (left.1.finish.day?.first.daysSince1970 ?? .min) < (right.1.finish.day?.first.daysSince1970 ?? .min)
        } ?? (first, finishes.standing(at: first))
        guard let day = sighting.finish.day else { return latest.0 }
        for (place, standing) in family where standing.finish.day == day { return place }
        // One without a day may become this one; a key that ends in the day was given to it before.
        for (place, standing) in family where standing.finish.day == nil { return place }
        for (place, standing) in family
        where standing.keys.contains(sighting.keys[0].text + "@" + day.description) {
            return place
        }
        guard let days, let known = latest.1.finish.day else { return nil }
        let isLater = known.days(to: day) >= days
        let isAfterFirstSight = day > Day(of: latest.1.firstSight)
        return isLater && isAfterFirstSight ? nil : latest.0
    }

    /// A further finishing: its key is the work's with the day.
    private func asRepeat(_ sighting: Sighting) -> Sighting {
        var sighting = sighting
        let day = sighting.finish.day?.description ?? ""
        sighting.keys = [Key(sighting.keys[0].text + "@" + day, rule: sighting.keys[0].rule)]
        sighting.finish.isRepeat = true
        return sighting
    }

    private func revise(_ place: Int, _ sighting: Sighting, _ arrival: Arrival) -> [Fact] {
        let standing = finishes.standing(at: place)
        let source = Standing.source(feed: sighting.feed, backfill: arrival.backfill)
        var facts: [Fact] = []
        if finishes.has(.withdrawn, at: place), arrival.backfill == nil {
            facts.append(.restored(id: standing.id, feed: sighting.feed))
        }
        let change = change(of: standing, by: sighting.finish, source, arrival)
        var newKeys: [String] = []
        for key in sighting.keys where finishes.place(of: key.text) == nil { newKeys.append(key.text) }
        // What an import brought is undone with it, unless a feed has shown it since: so that is a fact.
        let isNewSource =
            standing.backfill != nil && source != standing.origin
            && !standing.sources.contains(source)
        if !change.isEmpty || !newKeys.isEmpty || isNewSource {
            facts.append(
                .revised(
                    Revision(
                        id: standing.id, keys: newKeys, feed: sighting.feed,
                        backfill: arrival.backfill, change: change,
                        stated: change.isEmpty ? [] : sighting.stated)))
        }
        return facts
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
            if field == .isRepeat, standing.finish.isRepeat, isRepeatKey(standing.id) { continue }
            let old = standing.finish.value(of: field)
            let new = finish.value(of: field)
            if old == new || field == .cover && isSameCover(old, new) { continue }
            let mayChange = old == nil || arrival.speaksFor(standing.owner(of: field), source)
            guard mayChange else { continue }
            if let new {
                change.set.append(FieldValue(field, new))
            } else if field != .title {
                change.unset.append(field)
            }
        }
        return change
    }

    private func isRepeatKey(_ id: FinishID) -> Bool {
        let bytes = Array(id.text.utf8)
        return bytes.count > 11 && bytes[bytes.count - 11] == UInt8(ascii: "@")
    }

    /// Letterboxd renews the query of its posters' addresses; the picture stays.
    private func isSameCover(_ old: JSONValue?, _ new: JSONValue?) -> Bool {
        guard let old = old?.stringValue, let new = new?.stringValue else { return false }
        return old.utf8.prefix { $0 != UInt8(ascii: "?") }
            .elementsEqual(new.utf8.prefix { $0 != UInt8(ascii: "?") })
    }

    /// One sighting names both: they are one, unless they are proven separate.
    private func mergeByIdentity(_ place: Int, _ other: Int, _ sighting: Sighting) -> [Fact] {
        let (older, younger) = (min(place, other), max(place, other))
        let left = finishes.standing(at: older)
        let right = finishes.standing(at: younger)
        if areSeparate(left, right) { return [] }
        if finishes.family(of: older).contains(younger) { return [] }
        return [.merged(id: right.id, into: left.id, by: .identity)]
    }

    /// Two numbers of one service for one noun (two viewings), or two days a month or more apart.
    private func areSeparate(_ left: Standing, _ right: Standing) -> Bool {
        for key in left.keys {
            guard let noun = State.noun(of: key) else { continue }
            for other in right.keys where other != key && State.noun(of: other) == noun { return true }
        }
        if let one = left.finish.day, let two = right.finish.day { return abs(one.days(to: two)) >= 30 }
        return false
    }

    /// `letterboxd:viewing` of `letterboxd:viewing:844110986`; `nil` for generic keys, several of which
    /// may name one entry.
    private static func noun(of key: String) -> String? {
        let parts = key.split(separator: ":", maxSplits: 2)
        guard parts.count == 3, parts[0] != "feed" else { return nil }
        return parts[0] + ":" + parts[1]
    }

    // MARK: a finish we did not know

    private func newFinish(_ sighting: Sighting, _ arrival: Arrival, now: Instant) -> [Fact] {
        var keys: [String] = []
        for key in sighting.keys where finishes.place(of: key.text) == nil && !keys.contains(key.text) {
            keys.append(key.text)
        }
        guard let first = keys.first, let rule = sighting.keys.first(where: { $0.text == first })?.rule
        else { return [] }
        let id = FinishID(first)
        let announce = owed(sighting, arrival, now: now)
        var facts: [Fact] = [
            .finished(
                Finished(
                    id: id, keys: keys, feed: sighting.feed, entry: sighting.entry, rule: rule,
                    announce: announce, backfill: arrival.backfill, finish: sighting.finish,
                    stated: sighting.stated))
        ]
        if let alike = alike(sighting) {
            if configuration.mergesDuplicates {
                facts.append(.merged(id: id, into: alike.id, by: .likeness))
            } else {
                for network in announce {
                    facts.append(
                        .announcement(
                            AnnouncementStep(
                                .held, id: id, network: network,
                                reason: "perhaps the same as \(alike.id)")))
                }
            }
        }
        return facts
    }

    /// The networks to which an announcement is owed: decided here, once (PRODUCT section 5).
    private func owed(_ sighting: Sighting, _ arrival: Arrival, now: Instant) -> [String] {
        guard arrival.backfill == nil, arrival.feed?.announces != false else { return [] }
        let today = Day(of: now)
        // An undated finish counts as old as its entry.
        let day = sighting.finish.day ?? sighting.logged.map { Day(of: $0) } ?? today
        if let feed = arrival.feed {
            if let since = feed.announceSince {
                if day.last.daysSince1970 < since.first.daysSince1970 { return [] }
            } else {
                if arrival.isAdoption { return [] }
                let adopted = self.feed(named: feed.name)?.adopted ?? now
                if day.last.daysSince1970 < Day(of: adopted).first.daysSince1970 { return [] }
            }
        }
        let maxAge = Int64(configuration.announce.maxAgeDays)
        if maxAge > 0, today.first.daysSince1970 - day.last.daysSince1970 > maxAge { return [] }
        return configuration.announce.networks.map(\.name)
    }

    /// A finish of the same work that another source gave within 14 days: kind, title and creator agree.
    private func alike(_ sighting: Sighting) -> Standing? {
        guard let day = sighting.finish.day else { return nil }
        let title = Likeness.normalised(sighting.finish.title)
        for place in finishes.places(within: 14, of: day) {
            let standing = finishes.standing(at: place)
            guard standing.feed != sighting.feed, standing.finish.kind == sighting.finish.kind,
                Likeness.normalised(standing.finish.title) == title,
                Likeness.agree(standing.finish.creator, sighting.finish.creator)
            else { continue }
            return standing
        }
        return nil
    }
}

/// When two names mean one work.
enum Likeness {
    /// Letters and digits in lower case, without what stands in brackets at the end (a series, a year)
    /// and without an article in front.
    static func normalised(_ title: String) -> String {
        var text = title.lowercased()
        while text.hasSuffix(")"), let open = text.lastIndex(of: "("), open != text.startIndex {
            text = String(text[..<open])
            while text.hasSuffix(" ") { text.removeLast() }
        }
        var words = text.split { !($0.isLetter || $0.isNumber) }
        if words.count > 1, ["the", "a", "an"].contains(words[0]) { words.removeFirst() }
        return words.joined(separator: " ")
    }

    /// A creator that one of them does not name contradicts nothing.
    static func agree(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right else { return true }
        return normalised(left) == normalised(right)
    }
}

extension FinishTable {
    /// What is shown and happened at most so many days before or after.
    func places(within span: Int64, of day: Day) -> [Int] {
        let middle = day.first.daysSince1970
        var places: [Int] = []
        for place in days.indices
        where abs(middle - max(days[place], -1 << 40)) <= span && has(.dated, at: place) && isShown(at: place) {
            places.append(place)
        }
        return places
    }
}
