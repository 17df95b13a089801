import Formats

/// All finishes, in the order of their events, as flat arrays: the part of the state that grows. The
/// only file that knows how they lie in memory; everything else sees `Standing`.
public struct FinishTable: Equatable, Sendable {
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt32
        static let hidden = Flags(rawValue: 1)
        static let withdrawn = Flags(rawValue: 2)
        static let merged = Flags(rawValue: 4)
        /// As if never seen: its keys name nothing any more.
        static let forgotten = Flags(rawValue: 8)
        /// Taken at adoption or by a backfill.
        static let quiet = Flags(rawValue: 16)
        static let dated = Flags(rawValue: 32)
        /// Forgotten with the backfill that brought it, not by a person's word on it.
        static let undone = Flags(rawValue: 64)
    }

    /// The bodies of all standings, one behind the other.
    private(set) var arena: [UInt8] = []
    private(set) var starts: [Int64] = []
    private(set) var lengths: [UInt32] = []
    private(set) var flags: [UInt32] = []
    /// The finish into which a merged one went.
    private(set) var targets: [UInt32] = []
    /// The next finishing of the same work: all of them form a ring, in which one alone follows itself.
    private(set) var repeats: [UInt32] = []
    /// What the order is made of: days since 1970, seconds since 1970, first sight.
    private(set) var days: [Int64] = []
    private(set) var instants: [Int64] = []
    private(set) var firsts: [Int64] = []
    private(set) var keys = KeyIndex()
    /// Bytes of the arena that no standing uses any more.
    private(set) var waste: Int64 = 0
    /// Kept only while very much is decided.
    private var titles: TitleIndex?

    public init() {}

    init?(
        arena: [UInt8], starts: [Int64], lengths: [UInt32], flags: [UInt32], targets: [UInt32],
        repeats: [UInt32], days: [Int64], instants: [Int64], firsts: [Int64], keys: KeyIndex,
        waste: Int64
    ) {
        let counts = [
            lengths.count, flags.count, targets.count, repeats.count, days.count, instants.count,
            firsts.count,
        ]
        for count in counts where count != starts.count { return nil }
        self.arena = arena
        self.starts = starts
        self.lengths = lengths
        self.flags = flags
        self.targets = targets
        self.repeats = repeats
        self.days = days
        self.instants = instants
        self.firsts = firsts
        self.keys = keys
        self.waste = waste
    }

    /// How many there have ever been, also merged and forgotten ones.
    public var count: Int { starts.count }

    /// The place of the finish that a key names, merges followed; `nil` also when it was forgotten.
    func place(of key: String) -> Int? {
        let bytes = Array(key.utf8)
        return place(of: bytes, 0..<bytes.count)
    }

    func place(of buffer: [UInt8], _ range: Range<Int>) -> Int? {
        guard let number = keys.number(of: buffer, range) else { return nil }
        let place = target(Int(number))
        return has(.forgotten, at: place) ? nil : place
    }

    /// Whether a key named a finish of which a person said: forget it.
    func wasForgotten(_ key: String) -> Bool {
        guard let number = keys.number(of: Array(key.utf8)) else { return false }
        let place = target(Int(number))
        return has(.forgotten, at: place) && !has(.undone, at: place)
    }

    /// The places that were merged into this one, directly or through another.
    func merged(into place: Int) -> [Int] {
        var places: [Int] = []
        for other in flags.indices where other != place && target(other) == place {
            places.append(other)
        }
        return places
    }

    /// Whether a key was first that of a finish which has been merged into another.
    func isMerged(_ key: String) -> Bool {
        guard let number = keys.number(of: Array(key.utf8)) else { return false }
        return has(.merged, at: Int(number))
    }

    private func target(_ place: Int) -> Int {
        var place = place
        while Flags(rawValue: flags[place]).contains(.merged) { place = Int(targets[place]) }
        return place
    }

    func has(_ flag: Flags, at place: Int) -> Bool { Flags(rawValue: flags[place]).contains(flag) }

    mutating func set(_ flag: Flags, _ on: Bool, at place: Int) {
        if on { flags[place] |= flag.rawValue } else { flags[place] &= ~flag.rawValue }
    }

    /// Whether it counts: not hidden, withdrawn, merged or forgotten.
    func isShown(at place: Int) -> Bool {
        Flags(rawValue: flags[place]).isDisjoint(with: [.hidden, .withdrawn, .merged, .forgotten])
    }

    func standing(at place: Int) -> Standing {
        let start = Int(starts[place])
        let body = Array(arena[start..<(start + Int(lengths[place]))])
        guard let standing = Standing(body: body) else {
            // The line was checked by its CRC and its decoding is tested; only a bug gets here.
            preconditionFailure("finish \(place) has a body that cannot be read")
        }
        return standing
    }

    /// From now on titles are found without looking through all finishes.
    mutating func indexTitles(alsoNormalised: Bool) {
        var index = TitleIndex(alsoNormalised: alsoNormalised)
        for place in starts.indices {
            let start = Int(starts[place])
            index.add(place, in: arena, start..<(start + Int(lengths[place])))
        }
        titles = index
    }

    /// The places that may have this title and year, in order: all of them where no index is kept.
    func places(perhapsTitled title: String, _ year: Int) -> [Int] {
        titles?.places(of: title, year) ?? Array(starts.indices)
    }

    /// The places that may have a title like this one, in order.
    func places(perhapsLike normalisedTitle: String) -> [Int] {
        titles?.places(normalised: normalisedTitle) ?? Array(starts.indices)
    }

    /// Takes a finish in that nobody has seen. Its keys must be new: the caller has looked. The brace that closes
    /// a body is not in `range`: in a line `stated` may stand before it.
    mutating func append(
        body: [UInt8], _ range: Range<Int>, isQuiet: Bool, order: Order
    ) -> Int {
        let place = starts.count
        starts.append(Int64(arena.count))
        lengths.append(UInt32(range.count + 1))
        arena.append(contentsOf: body[range])
        arena.append(UInt8(ascii: "}"))
        flags.append((isQuiet ? Flags.quiet.rawValue : 0) | (order.isDated ? Flags.dated.rawValue : 0))
        targets.append(0)
        repeats.append(UInt32(place))
        days.append(order.day)
        instants.append(order.instant)
        firsts.append(order.first)
        titles?.add(place, in: arena, Int(starts[place])..<arena.count)
        return place
    }

    mutating func name(_ place: Int, _ buffer: [UInt8], _ range: Range<Int>) {
        keys.set(buffer, range, to: UInt32(place))
    }

    mutating func name(_ place: Int, _ buffer: [UInt8], _ range: Range<Int>, newWithHash hash: UInt32) {
        keys.add(buffer, range, hash: hash, UInt32(place))
    }

    /// Whether what a key names, merges followed, was not forgotten.
    func isKnown(target place: Int) -> Bool { !has(.forgotten, at: target(place)) }

    /// Makes room for so many more, with bodies of so many bytes; it changes nothing that can be seen.
    mutating func reserve(_ more: Int, bytes: Int) {
        let count = starts.count + more
        arena.reserveCapacity(arena.count + bytes)
        starts.reserveCapacity(count)
        lengths.reserveCapacity(count)
        flags.reserveCapacity(count)
        targets.reserveCapacity(count)
        repeats.reserveCapacity(count)
        days.reserveCapacity(count)
        instants.reserveCapacity(count)
        firsts.reserveCapacity(count)
        keys.reserve(keys: 2 * more, bytes: bytes / 4)
    }

    mutating func name(_ place: Int, _ key: String) {
        keys.set(key, to: UInt32(place))
    }

    mutating func replace(_ place: Int, with standing: Standing, order: Order) {
        waste += Int64(lengths[place])
        let body = standing.body
        starts[place] = Int64(arena.count)
        lengths[place] = UInt32(body.count)
        arena.append(contentsOf: body)
        titles?.add(place, in: arena, Int(starts[place])..<arena.count)
        days[place] = order.day
        instants[place] = order.instant
        set(.dated, order.isDated, at: place)
        if waste > 1 << 20, waste * 2 > Int64(arena.count) { compact() }
    }

    mutating func merge(_ place: Int, into target: Int) {
        set(.merged, true, at: place)
        targets[place] = UInt32(target)
        join(place, target)
    }

    /// Says that two places are finishings of one work, and with them all that were known as theirs.
    mutating func join(_ place: Int, _ other: Int) {
        // Changing the successors of two places joins two rings, but cuts one in two.
        if !ring(of: place).contains(other) { repeats.swapAt(place, other) }
    }

    /// The finishings of the work of `place`, oldest sight first; merged and forgotten ones are none.
    func family(of place: Int) -> [Int] {
        ring(of: place).filter { isKnown(at: $0) }.sorted()
    }

    private func ring(of place: Int) -> [Int] {
        var places = [place]
        while let last = places.last, Int(repeats[last]) != place { places.append(Int(repeats[last])) }
        return places
    }

    /// When it happened is decided by events alone, so this keeps the state a function of the log.
    private mutating func compact() {
        var packed: [UInt8] = []
        packed.reserveCapacity(arena.count - Int(waste))
        for place in starts.indices {
            let start = Int(starts[place])
            starts[place] = Int64(packed.count)
            packed.append(contentsOf: arena[start..<(start + Int(lengths[place]))])
        }
        arena = packed
        waste = 0
    }
}

/// Where a finish stands in the order (PRODUCT section 6): by day, then instant (absent: noon), then
/// first sight, then sequence.
struct Order: Equatable, Sendable {
    var day: Int64
    var instant: Int64
    var first: Int64
    var isDated: Bool

    /// - Parameter isQuiet: taken at adoption or by backfill, where first sight says nothing: last.
    init(day: Day?, instant: Instant?, firstSight: Instant, isQuiet: Bool) {
        let today = (firstSight.seconds - (firstSight.seconds % 86_400 + 86_400) % 86_400) / 86_400
        first = firstSight.seconds
        isDated = day != nil
        if let day {
            // A day that lies ahead of the event counts as the event's own.
            self.day = min(day.first.daysSince1970, today)
            self.instant = instant?.seconds ?? self.day * 86_400 + 43_200
        } else {
            self.day = isQuiet ? Int64.min : today
            self.instant = firstSight.seconds
        }
    }
}

extension FinishTable {
    /// The places of what is shown, newest first, at most `limit` of them that `isWanted`.
    func newest(_ limit: Int = .max, where isWanted: (Int) -> Bool = { _ in true }) -> [Int] {
        var places: [Int] = []
        for place in starts.indices where isShown(at: place) { places.append(place) }
        if limit < places.count / 8 { places = top(places, limit, isWanted) }
        places.sort(by: isNewer)
        if limit == .max { return places.filter(isWanted) }
        var chosen: [Int] = []
        for place in places where chosen.count < limit && isWanted(place) { chosen.append(place) }
        return chosen
    }

    private func isNewer(_ left: Int, _ right: Int) -> Bool {
        if days[left] != days[right] { return days[left] > days[right] }
        if instants[left] != instants[right] { return instants[left] > instants[right] }
        if firsts[left] != firsts[right] { return firsts[left] > firsts[right] }
        return left > right
    }

    /// The newest few of many, without sorting them all.
    private func top(_ places: [Int], _ limit: Int, _ isWanted: (Int) -> Bool) -> [Int] {
        var best: [Int] = []
        for place in places {
            if best.count == limit, let last = best.last, !isNewer(place, last) { continue }
            guard isWanted(place) else { continue }
            var at = best.count
            while at > 0, isNewer(place, best[at - 1]) { at -= 1 }
            best.insert(place, at: at)
            if best.count > limit { best.removeLast() }
        }
        return best
    }
}
