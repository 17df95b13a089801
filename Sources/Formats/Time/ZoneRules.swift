/// How far a place's clocks stand from UTC, and when that changes: a file of the zone database
/// (RFC 8536), the form in which the system keeps them.
///
///     header ▸ version-1 data (skipped) ▸ header ▸ data in 64 bits ▸ "\n" rule for later times "\n"
public struct ZoneRules: Equatable, Sendable {
    /// Clocks that never leave UTC.
    public static let utc = ZoneRules(transitions: [], offsets: [], first: 0, later: nil)

    /// Seconds since 1970, ascending.
    private var transitions: [Int64]
    /// From each transition on, in seconds east of UTC.
    private var offsets: [Int]
    /// Before the first transition.
    private var first: Int
    /// After the last one.
    private var later: RecurringRule?

    private init(transitions: [Int64], offsets: [Int], first: Int, later: RecurringRule?) {
        self.transitions = transitions
        self.offsets = offsets
        self.first = first
        self.later = later
    }

    /// `nil` for bytes that are no such file.
    public init?(_ bytes: [UInt8]) {
        guard let old = ZoneHeader(bytes, at: 0) else { return nil }
        var at = 44
        var header = old
        var width = 4
        if old.version >= 2 {
            at += old.dataCount(width: 4)
            guard let new = ZoneHeader(bytes, at: at) else { return nil }
            header = new
            at += 44
            width = 8
        }
        guard header.types > 0, at + header.dataCount(width: width) <= bytes.count else { return nil }
        var transitions: [Int64] = []
        for index in 0..<header.times {
            transitions.append(bigEndian(bytes, at + index * width, width))
        }
        let indexes = at + header.times * width
        let types = indexes + header.times
        func offset(_ type: Int) -> Int? {
            type < header.types ? Int(bigEndian(bytes, types + type * 6, 4)) : nil
        }
        var offsets: [Int] = []
        for index in 0..<header.times {
            guard let offset = offset(Int(bytes[indexes + index])) else { return nil }
            offsets.append(offset)
        }
        let footer = at + header.dataCount(width: width)
        var rule: RecurringRule?
        if width == 8, footer < bytes.count, bytes[footer] == 0x0A {
            let end = bytes[(footer + 1)...].firstIndex(of: 0x0A) ?? bytes.count
            rule = RecurringRule(Array(bytes[(footer + 1)..<end]))
        }
        self.init(transitions: transitions, offsets: offsets, first: offset(0) ?? 0, later: rule)
    }

    /// Seconds east of UTC at an instant.
    public func offset(at instant: Instant) -> Int {
        guard let last = transitions.last else { return later?.offset(at: instant) ?? first }
        if instant.seconds >= last, let later { return later.offset(at: instant) }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= instant.seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }
}

/// RFC 8536 section 3.1.
private struct ZoneHeader {
    let version: Int
    let counts: [Int]

    init?(_ bytes: [UInt8], at start: Int) {
        guard start + 44 <= bytes.count, Array(bytes[start..<(start + 4)]) == Array("TZif".utf8) else {
            return nil
        }
        version = bytes[start + 4] >= 0x32 ? 2 : 1
        counts = (0..<6).map { Int(bigEndian(bytes, start + 20 + $0 * 4, 4)) }
        for count in counts where count < 0 || count > 1 << 20 { return nil }
    }

    var times: Int { counts[3] }
    var types: Int { counts[4] }

    func dataCount(width: Int) -> Int {
        times * width + times + types * 6 + counts[5] + counts[2] * (width + 4) + counts[1] + counts[0]
    }
}

private func bigEndian(_ bytes: [UInt8], _ at: Int, _ width: Int) -> Int64 {
    var value: UInt64 = 0
    for index in at..<(at + width) { value = value << 8 | UInt64(bytes[index]) }
    return width == 4
        ? Int64(Int32(truncatingIfNeeded: value)) : Int64(truncatingIfNeeded: value)
}

/// What holds after the last transition: a rule of POSIX's `TZ`, `CET-1CEST,M3.5.0,M10.5.0/3`.
private struct RecurringRule: Equatable, Sendable {
    private struct Change: Equatable, Sendable {
        var month: Int
        /// 1 to 5; 5 is the last.
        var week: Int
        /// 0 is Sunday.
        var weekday: Int
        /// Seconds after midnight by the clock that ends then; may be negative or beyond a day.
        var time: Int

        func instant(year: Int, offset: Int) -> Int64 {
            let first = CivilTime(year: year, month: month, day: 1)
            let weekdayOfFirst = first.instant().weekday
            var day = 1 + (weekday - weekdayOfFirst + 7) % 7 + (week - 1) * 7
            while day > CivilTime.days(ofMonth: month, year: year) { day -= 7 }
            let midnight = CivilTime(year: year, month: month, day: day).instant().seconds
            return midnight + Int64(time - offset)
        }
    }

    private var standard: Int
    private var summer: Int
    private var start: Change?
    private var end: Change?

    init?(_ bytes: [UInt8]) {
        var reader = RuleReader(bytes: bytes)
        guard reader.skipName(), let west = reader.clock() else { return nil }
        standard = -west
        summer = standard + 3600
        guard reader.index < bytes.count else { return }
        guard reader.skipName() else { return nil }
        if reader.index < bytes.count, bytes[reader.index] != 0x2C {
            guard let west = reader.clock() else { return nil }
            summer = -west
        }
        guard let start = RecurringRule.change(&reader), let end = RecurringRule.change(&reader) else {
            return nil
        }
        self.start = start
        self.end = end
    }

    /// `,M3.5.0/2`: the only form that the zone database uses for rules that go on for ever, but for two
    /// that give days of the year, which stay at their last transition.
    private static func change(_ reader: inout RuleReader) -> Change? {
        guard reader.take(","), reader.take("M"), let month = reader.number(), reader.take("."),
            let week = reader.number(), reader.take("."), let weekday = reader.number(),
            (1...12).contains(month), (1...5).contains(week), (0...6).contains(weekday)
        else { return nil }
        var time = 7200
        if reader.take("/") {
            guard let clock = reader.clock() else { return nil }
            time = clock
        }
        return Change(month: month, week: week, weekday: weekday, time: time)
    }

    func offset(at instant: Instant) -> Int {
        guard let start, let end else { return standard }
        let year = instant.civil(offset: standard).year
        let begins = start.instant(year: year, offset: standard)
        let ends = end.instant(year: year, offset: summer)
        let isSummer =
            begins < ends
            ? instant.seconds >= begins && instant.seconds < ends
            : instant.seconds >= begins || instant.seconds < ends
        return isSummer ? summer : standard
    }
}

private struct RuleReader {
    let bytes: [UInt8]
    var index = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func number() -> Int? {
        let start = index
        var value = 0
        while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39, index - start < 4 {
            value = value * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        return index > start ? value : nil
    }

    /// Letters, or anything in angle brackets.
    mutating func skipName() -> Bool {
        let start = index
        if take("<") {
            while index < bytes.count, !take(">") { index += 1 }
            return true
        }
        while index < bytes.count, bytes[index] | 0x20 >= 0x61, bytes[index] | 0x20 <= 0x7A { index += 1 }
        return index > start
    }

    /// `-10`, `+5:30`, `3:00:00`, in seconds.
    mutating func clock() -> Int? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard let hours = number() else { return nil }
        var seconds = hours * 3600
        if take(":") {
            guard let minutes = number() else { return nil }
            seconds += minutes * 60
            if take(":") {
                guard let rest = number() else { return nil }
                seconds += rest
            }
        }
        return isNegative ? -seconds : seconds
    }
}
