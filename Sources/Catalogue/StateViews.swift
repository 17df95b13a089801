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
        var glances: [Glance] = []
        for place in finishes.newest() { glances.append(finishes.glance(at: place)) }
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

    /// The body is a line that we wrote, so `"finish":{"kind":` cannot occur in it but as these members:
    /// inside a string the quotes would be escaped.
    fileprivate func glance(at place: Int) -> Glance {
        let start = Int(starts[place])
        let end = start + Int(lengths[place])
        var index = find(FinishTable.finishMark, start, end)
        var kind: Kind?
        if let value = string(after: FinishTable.kindMark, at: index, end) {
            kind = Kind(rawValue: String(decoding: arena[value], as: UTF8.self))
            index = value.upperBound
        }
        guard days[place] != Int64.min else {
            return Glance(place: place, kind: kind, year: nil, day: nil)
        }
        let today = Instant(seconds: days[place] * 86_400).civil()
        var day: Day?
        if has(.dated, at: place) {
            let mark = find(FinishTable.dayMark, index, end)
            // Ten bytes are a whole date; what is shorter names a month or a year.
            if mark + 10 < end, arena[mark + 10] == UInt8(ascii: "\"") {
                day = Day(year: today.year, month: today.month, day: today.day)
            }
        }
        return Glance(place: place, kind: kind, year: today.year, day: day)
    }

    private static let finishMark = Array(",\"finish\":{".utf8)
    private static let kindMark = Array("\"kind\":\"".utf8)
    private static let dayMark = Array(",\"day\":\"".utf8)

    /// The offset behind the next occurrence of `mark`; `end` where there is none.
    private func find(_ mark: [UInt8], _ start: Int, _ end: Int) -> Int {
        var index = start
        while index + mark.count <= end {
            var matched = 0
            while matched < mark.count, arena[index + matched] == mark[matched] { matched += 1 }
            if matched == mark.count { return index + matched }
            index += 1
        }
        return end
    }

    /// What stands between the quotes when `mark` stands at `index`.
    private func string(after mark: [UInt8], at index: Int, _ end: Int) -> Range<Int>? {
        guard index + mark.count < end,
            arena[index..<(index + mark.count)].elementsEqual(mark)
        else { return nil }
        let start = index + mark.count
        var stop = start
        while stop < end, arena[stop] != UInt8(ascii: "\"") { stop += 1 }
        return start..<stop
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
