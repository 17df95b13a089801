public import Formats

/// What can be said of a finish without decoding it: enough to count, and to draw a calendar.
public struct Glance: Equatable, Sendable {
    let place: Int
    public let kind: Kind?
    /// Of the place in the order: the finish's year, else that of its first sight; `nil` for what was
    /// taken without a day at adoption or by backfill.
    public let year: Int?
    /// Only where the day itself is known, not just its month or year.
    public let day: Day?
}

extension State {
    /// All that is shown, newest first.
    public func glances() -> [Glance] {
        // In the order in which they lie in memory, which is where the time goes.
        let places = finishes.newest()
        var numbers = Array(repeating: -1, count: finishes.count)
        for (number, place) in places.enumerated() { numbers[place] = number }
        var glances = Array(repeating: Glance(place: 0, kind: nil, year: nil, day: nil), count: places.count)
        for place in numbers.indices where numbers[place] >= 0 {
            glances[numbers[place]] = finishes.glance(at: place)
        }
        return glances
    }

    /// A checksum of the settings and of all that is known of these finishes, in their order.
    public func checksum(of glances: [Glance], seed: UInt32) -> UInt32 {
        var settings = LineWriter(sequence: Int64(seed), at: Instant(seconds: 0), type: "configured")
        settings.add(.configured(configuration))
        var checksum = CRC32C()
        let bytes = settings.finished()
        checksum.update(bytes, 0..<bytes.count)
        for glance in glances { finishes.update(&checksum, withBodyAt: glance.place) }
        return checksum.value
    }

    public func standing(of glance: Glance) -> Standing { finishes.standing(at: glance.place) }
}

extension FinishTable {
    fileprivate func update(_ checksum: inout CRC32C, withBodyAt place: Int) {
        let start = Int(starts[place])
        checksum.update(arena, start..<(start + Int(lengths[place])))
    }

    fileprivate func glance(at place: Int) -> Glance {
        let fields = BodyFields.kindAndDay(arena.span, body(at: place))
        let kind = fields.flatMap { Kind(arena.span, $0.kind) }
        guard days[place] != Int64.min else {
            return Glance(place: place, kind: kind, year: nil, day: nil)
        }
        let today = Instant(seconds: days[place] * 86_400).civil()
        // Ten bytes are a whole date; what is shorter names a month or a year.
        let isWhole = has(.dated, at: place) && fields?.day.count == 10
        return Glance(
            place: place, kind: kind, year: today.year,
            day: isWhole ? Day(year: today.year, month: today.month, day: today.day) : nil)
    }

    fileprivate func kind(of fields: BodyFields) -> Kind? {
        Kind(arena.span, fields.kind)
    }
}

/// What a list says of a finish.
public struct Listed: Equatable, Sendable {
    let place: Int
    public let kind: Kind?
    public let title: String
    public let creator: String?
    public let day: Day?
    public let rating: Rating?
    public let isRepeat: Bool
}

/// What is shown, newest first, read one by one: a long list takes the memory of a line.
public struct Listing: Sequence {
    fileprivate let finishes: FinishTable
    fileprivate let places: [Int]
    fileprivate let kind: Kind?
    fileprivate let year: Int?
    fileprivate let feeds: [String]?

    public func makeIterator() -> AnyIterator<Listed> {
        var rest = places.makeIterator()
        return AnyIterator {
            while let place = rest.next() {
                if let listed = listed(at: place) { return listed }
            }
            return nil
        }
    }

    public var isEmpty: Bool { first { _ in true } == nil }

    /// `nil`: not wanted.
    private func listed(at place: Int) -> Listed? {
        guard let fields = finishes.fields(at: place) else {
            let standing = finishes.standing(at: place)
            let one = Listed(standing, at: place)
            let isWanted = (kind == nil || one.kind == kind) && (year == nil || one.day?.year == year)
            return isWanted && feeds.map(standing.isShown(by:)) ?? true ? one : nil
        }
        if let kind, finishes.kind(of: fields) != kind { return nil }
        if let feeds, !finishes.isShown(by: feeds, fields) { return nil }
        let one = finishes.listed(fields, at: place)
        return year == nil || one.day?.year == year ? one : nil
    }
}

extension State {
    /// What is shown, newest first; `nil` wants every kind, year (of the finish's day) or source.
    ///
    /// - Parameter feeds: the names under which one feed is known.
    public func listed(kind: Kind? = nil, year: Int? = nil, feeds: [String]? = nil) -> Listing {
        Listing(finishes: finishes, places: finishes.newest(), kind: kind, year: year, feeds: feeds)
    }

    /// The finishes that are shown in this state or in another one of the same log and are not the same in both, in
    /// the order of their events; `nil` where one does not show it. Only these are decoded.
    public func changes(since before: State) -> [(before: Standing?, after: Standing?)] {
        var changes: [(before: Standing?, after: Standing?)] = []
        for place in 0..<max(before.finishes.count, finishes.count) {
            let wasShown = place < before.finishes.count && before.finishes.isShown(at: place)
            let isShown = place < finishes.count && finishes.isShown(at: place)
            if wasShown, isShown, finishes.hasSameBody(as: before.finishes, at: place) { continue }
            if wasShown || isShown {
                changes.append(
                    (
                        wasShown ? before.finishes.standing(at: place) : nil,
                        isShown ? finishes.standing(at: place) : nil
                    ))
            }
        }
        return changes
    }

    public func standing(of listed: Listed) -> Standing { finishes.standing(at: listed.place) }

    /// How many finishes, also hidden and withdrawn ones, each feed brought, under the name it had then.
    public func countsByFeed() -> [(feed: String, count: Int)] {
        var counts: [(feed: String, count: Int)] = []
        var last = 0
        for place in 0..<finishes.count where finishes.isKnown(at: place) {
            let name = finishes.fields(at: place).map { finishes.text($0.feed) } ?? finishes.standing(at: place).feed
            if counts.isEmpty || counts[last].feed != name {
                last = counts.firstIndex { $0.feed == name } ?? counts.count
                if last == counts.count { counts.append((name, 0)) }
            }
            counts[last].count += 1
        }
        return counts
    }
}

extension Listed {
    fileprivate init(_ standing: Standing, at place: Int) {
        let finish = standing.finish
        self.init(
            place: place, kind: finish.kind, title: finish.title, creator: finish.creator, day: finish.day,
            rating: finish.rating, isRepeat: finish.isRepeat)
    }
}

extension Standing {
    fileprivate func isShown(by feeds: [String]) -> Bool {
        feeds.contains(feed) || sources.contains { feeds.contains($0) }
    }
}

extension FinishTable {
    fileprivate func listed(_ fields: BodyFields, at place: Int) -> Listed {
        Listed(
            place: place, kind: kind(of: fields), title: text(fields.title),
            creator: fields.creator.isEmpty ? nil : text(fields.creator), day: Day(arena, fields.day),
            rating: fields.rating.flatMap { Rating(value: $0.value, best: $0.best) },
            isRepeat: fields.isRepeat)
    }

    fileprivate func hasSameBody(as other: FinishTable, at place: Int) -> Bool {
        let (own, others) = (body(at: place), other.body(at: place))
        guard own.count == others.count else { return false }
        let (bytes, theirs) = (arena.span, other.arena.span)
        for offset in 0..<own.count where bytes[own.lowerBound + offset] != theirs[others.lowerBound + offset] {
            return false
        }
        return true
    }

    fileprivate func isShown(by feeds: [String], _ fields: BodyFields) -> Bool {
        feeds.contains(text(fields.feed)) || texts(fields.sources).contains { feeds.contains($0) }
    }

    /// The texts of a list between its brackets.
    func texts(_ list: Range<Int>) -> [String] {
        var texts: [String] = []
        var walk = Walk(index: list.lowerBound, end: list.upperBound)
        while let text = walk.string(arena.span) {
            texts.append(self.text(text))
            _ = walk.take(UInt8(ascii: ","), arena.span)
        }
        return texts
    }
}

extension State {
    /// What the `finished` event of this number recorded, as it is known now: for a log that has lost the
    /// event. `nil`: that was no finish, or it was forgotten since. Each finish keeps the keys by which it
    /// was first known, also one that was merged into another.
    public func finishedEvent(_ sequence: Int64) -> Event? {
        guard let place = finishes.place(ofEvent: sequence), !finishes.has(.forgotten, at: place) else {
            return nil
        }
        let standing = finishes.standing(at: place)
        var keys = standing.keys.filter { finishes.keys.number(of: Array($0.utf8)) == UInt32(place) }
        if keys.isEmpty { keys = [standing.id.text] }
        let owed = announcements.filter { $0.finish == standing.id }.map(\.network)
        return Event(
            sequence: sequence, at: standing.firstSight,
            fact: .finished(
                Finished(
                    id: standing.id, keys: keys, feed: standing.feed, entry: standing.entry,
                    rule: standing.rule, announce: owed, backfill: standing.backfill,
                    finish: standing.finish)))
    }
}

extension FinishTable {
    /// Places are in the order of their events.
    fileprivate func place(ofEvent sequence: Int64) -> Int? {
        var range = 0..<count
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            let found = standing(at: middle).sequence
            if found == sequence { return middle }
            range = found < sequence ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }
}
