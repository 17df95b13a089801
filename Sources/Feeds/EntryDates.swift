public import Formats

/// A date as a feed wrote it.
public struct WrittenDate: Equatable, Sendable {
    /// UTC. Midnight where there is no time of day, and UTC where there is no zone.
    public var instant: Instant
    /// The calendar day as written, in the date's own zone, as precise as it is: `2003` is a year.
    public var day: Day
    public var hasTime: Bool
    public var hasZone: Bool

    public init(instant: Instant, day: Day, hasTime: Bool, hasZone: Bool) {
        self.instant = instant
        self.day = day
        self.hasTime = hasTime
        self.hasZone = hasZone
    }
}

/// Dates as the web writes them: RFC 822 with all that became of it, RFC 850, asctime, RFC 3339 and
/// looser ISO 8601, English prose, epoch seconds, and months in a few other languages
/// (specs/feed-parsing.md §2, "Dates").
///
/// One tokenizer instead of a list of layouts: it cuts a text into numbers, words and signs, and
/// each token finds its place by what it is and by what is already known. What does not find one
/// makes the whole no date: `nil`, never "now".
public enum EntryDates {
    public static func read(_ text: String) -> WrittenDate? { read(Array(text.utf8)[...]) }

    static func read(_ text: ArraySlice<UInt8>) -> WrittenDate? {
        guard text.count <= 256 else { return nil }
        var reading = DateReading(text)
        return reading.run()
    }
}

/// One date being read.
private struct DateReading {
    private let bytes: ArraySlice<UInt8>
    private var index: Int
    private var year: Int?
    private var month: Int?
    private var day: Int?
    private var clock: (hour: Int, minute: Int, second: Int)?
    private var offsetSeconds: Int?
    private var hasNumericOffset = false
    /// The zone of a language, where the text states none.
    private var impliedOffsetSeconds: Int?
    /// The name of a day in some language, and of a zone somewhere: one each may be unknown.
    private var hasUnknownDay = false
    private var hasUnknownZone = false
    private var pendingHalf: Bool?

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    mutating func run() -> WrittenDate? {
        if let seconds = epoch() { return seconds }
        while let byte = peek() {
            switch byte {
            case 0x30...0x39:
                guard number() else { return nil }
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard sign() else { return nil }
            case UInt8(ascii: "("):
                // RFC 2822 §3.2.3: a comment, here always the zone's name.
                while let byte = peek(), byte != UInt8(ascii: ")") {
                    _ = byte
                    index += 1
                }
                index += 1
            case 0x00...0x20, UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "/"),
                UInt8(ascii: ";"):
                index += 1
            case 0x41...0x5A, 0x61...0x7A, 0x80...:
                guard word() else { return nil }
            default:
                return nil
            }
        }
        return result()
    }

    private func result() -> WrittenDate? {
        guard var year, day == nil || month != nil else { return nil }
        var month = month
        var day = day
        carry(&year, &month, &day)
        guard clock == nil || day != nil, let written = Day(year: year, month: month, day: day)
        else { return nil }
        var civil = written.first
        var extra: Int64 = 0
        if let clock {
            civil.hour = clock.hour
            civil.minute = clock.minute
            civil.second = min(clock.second, 59)
            // 60 is a leap second, and POSIX once allowed for two.
            guard clock.second <= 61 else { return nil }
            extra = Int64(clock.second - civil.second)
            // ISO 8601: the end of the day.
            if clock == (24, 0, 0) {
                civil.hour = 0
                extra += 86_400
            }
        }
        guard civil.isValid else { return nil }
        let instant = civil.instant(offset: offsetSeconds ?? impliedOffsetSeconds ?? 0).adding(seconds: extra)
        // In UTC, too: the first hour of year 1 in Berlin belongs to a year that no date has.
        guard Instant.writable.contains(instant) else { return nil }
        return WrittenDate(
            instant: instant, day: written, hasTime: clock != nil, hasZone: offsetSeconds != nil)
    }

    /// The 31st of June is the 1st of July, and month 13 is January: programs that count on write
    /// such dates. More than one too many is a mistake that nobody can read.
    private func carry(_ year: inout Int, _ month: inout Int?, _ day: inout Int?) {
        if month == 13 {
            month = 1
            year += 1
        }
        guard let current = month, let last = day, (1...12).contains(current), current != 2,
            last == CivilTime.days(ofMonth: current, year: year) + 1
        else { return }
        day = 1
        month = current == 12 ? 1 : current + 1
        if current == 12 { year += 1 }
    }

    // MARK: Tokens

    private func peek(_ ahead: Int = 0) -> UInt8? {
        index + ahead < bytes.endIndex ? bytes[index + ahead] : nil
    }

    private func isDigit(_ ahead: Int) -> Bool {
        guard let byte = peek(ahead) else { return false }
        return byte >= 0x30 && byte <= 0x39
    }

    /// Digits from here; `nil` when there are none or too many for a date.
    private mutating func digits() -> (value: Int, count: Int)? {
        var value = 0
        var count = 0
        while isDigit(0), count < 15 {
            value = value * 10 + Int(bytes[index] - 0x30)
            count += 1
            index += 1
        }
        return count > 0 && !isDigit(0) ? (value, count) : nil
    }

    /// Nine or ten digits and nothing else are seconds since 1970, thirteen are milliseconds.
    private func epoch() -> WrittenDate? {
        var value: Int64 = 0
        var count = 0
        for byte in bytes where byte > 0x20 {
            guard byte >= 0x30, byte <= 0x39, count < 13 else { return nil }
            value = value * 10 + Int64(byte - 0x30)
            count += 1
        }
        guard count == 9 || count == 10 || count == 13 else { return nil }
        let instant = Instant(seconds: count == 13 ? value / 1000 : value)
        return WrittenDate(instant: instant, day: Day(of: instant), hasTime: true, hasZone: true)
    }

    private mutating func number() -> Bool {
        let start = index
        guard let (value, count) = digits() else { return false }
        let next = peek()
        // 19:48, 10:14:55.12; in the Dutch way 10.14 is no time but a day and a month.
        if next == UInt8(ascii: ":"), isDigit(1), count <= 2 { return clock(hour: value) }
        if year == nil, month == nil, day == nil {
            if count == 14 || count == 8 || count == 12 { return compact(value, count) }
            let joins = next == UInt8(ascii: "-") || next == UInt8(ascii: "/")
            if count == 4, joins { return yearFirst(value) }
            if count <= 2, next == UInt8(ascii: "."), isDigit(1) { return dotted(value) }
            // 02/01/2006 is January or February, and nobody can tell.
            if count <= 2, next == UInt8(ascii: "/") { return false }
        }
        if count == 6 || count == 4, clock == nil, day != nil, start > bytes.startIndex,
            bytes[start - 1] | 0x20 == UInt8(ascii: "t")
        {
            return compactClock(value, count)
        }
        return place(value, count)
    }

    /// A number by itself: `2006`, `04`, `2nd`, `2004년`.
    private mutating func place(_ value: Int, _ count: Int) -> Bool {
        if let unit = DateWords.unit(in: bytes[index...]) {
            index += unit.length
            impliedOffsetSeconds = DateWords.koreanOffsetSeconds
            switch unit.part {
            case .year: return Self.set(&year, value)
            case .month: return Self.set(&month, value)
            case .day: return Self.set(&day, value)
            }
        }
        if count == 4 || count == 3 && value > 31 { return Self.set(&year, value) }
        guard count <= 2 else { return false }
        if day == nil, (1...31).contains(value) {
            if let suffix = DateWords.ordinalSuffix(in: bytes[index...]) { index += suffix }
            day = value
            return true
        }
        // RFC 2822 §4.3.
        if year == nil { return Self.set(&year, value < 50 ? 2000 + value : 1900 + value) }
        return false
    }

    private static func set(_ part: inout Int?, _ value: Int) -> Bool {
        guard part == nil else { return false }
        part = value
        return true
    }

    // MARK: Dates in one piece

    /// After `2003-` or `2006/`; a day may follow, or a month's name.
    private mutating func yearFirst(_ value: Int) -> Bool {
        year = value
        let mark = bytes[index]
        index += 1
        guard isDigit(0) else { return true }
        guard let (second, count) = digits() else { return false }
        if count == 3, peek() != mark {
            // 2003-335: the day of the year.
            guard second >= 1, second <= (CivilTime.isLeap(value) ? 366 : 365) else { return false }
            let first = CivilTime(year: value, month: 1, day: 1).instant()
            let civil = first.adding(seconds: Int64(second - 1) * 86_400).civil()
            month = civil.month
            day = civil.day
            return true
        }
        // Three digits once stood for a month: 2003-012-31.
        guard count <= 3 else { return false }
        month = second
        guard peek() == mark, isDigit(1) else { return true }
        index += 1
        guard let (third, thirdCount) = digits(), thirdCount <= 2 else { return false }
        day = third
        return true
    }

    /// 13.02.2012, as German writes it and no other order is written.
    private mutating func dotted(_ value: Int) -> Bool {
        index += 1
        guard let (second, count) = digits(), count <= 2, peek() == UInt8(ascii: "."), isDigit(1)
        else { return false }
        index += 1
        guard let (third, thirdCount) = digits(), thirdCount == 4 || thirdCount == 2 else {
            return false
        }
        day = value
        month = second
        year = thirdCount == 4 ? third : third < 50 ? 2000 + third : 1900 + third
        return true
    }

    /// 20060102, 200601021504 and 20060102150405.
    private mutating func compact(_ value: Int, _ count: Int) -> Bool {
        var date = value
        if count > 8 {
            let time = count == 14 ? value % 1_000_000 : value % 10_000 * 100
            date = count == 14 ? value / 1_000_000 : value / 10_000
            clock = (time / 10_000, time / 100 % 100, time % 100)
        }
        year = date / 10_000
        month = date / 100 % 100
        day = date % 100
        return true
    }

    private mutating func compactClock(_ value: Int, _ count: Int) -> Bool {
        let time = count == 6 ? value : value * 100
        clock = (time / 10_000, time / 100 % 100, time % 100)
        return true
    }

    /// From the colon after the hour on.
    private mutating func clock(hour: Int) -> Bool {
        guard clock == nil else { return false }
        index += 1
        guard let (minute, minuteCount) = digits(), minuteCount <= 2 else { return false }
        var second = 0
        if peek() == UInt8(ascii: ":"), isDigit(1) {
            index += 1
            guard let (value, count) = digits(), count <= 2 else { return false }
            second = value
            if peek() == UInt8(ascii: ".") || peek() == UInt8(ascii: ","), isDigit(1) {
                index += 1
                while isDigit(0) { index += 1 }
            }
        }
        clock = (hour, minute, second)
        if let pendingHalf { return shift(hour, pendingHalf) }
        return hour < 24 || (hour, minute, second) == (24, 0, 0)
    }

    // MARK: Zones and words

    /// A hyphen between parts of a date, or an offset after a time: `+0200`, `-05:30`, `+02`.
    private mutating func sign() -> Bool {
        let isEast = bytes[index] == UInt8(ascii: "+")
        guard clock != nil, isDigit(1), !hasNumericOffset else {
            index += 1
            return !isEast
        }
        index += 1
        guard let (value, count) = digits(), count <= 4 else { return false }
        var hours = count <= 2 ? value : value / 100
        var minutes = count <= 2 ? 0 : value % 100
        if count <= 2, peek() == UInt8(ascii: ":"), isDigit(1) {
            index += 1
            guard let (value, count) = digits(), count <= 2 else { return false }
            minutes = value
        }
        guard hours < 24, minutes < 60 else { return false }
        if !isEast {
            hours = -hours
            minutes = -minutes
        }
        offsetSeconds = hours * 3600 + minutes * 60
        hasNumericOffset = true
        return true
    }

    private mutating func word() -> Bool {
        let start = index
        while let byte = peek(), DateWords.isLetter(byte) { index += 1 }
        let word = DateWords.folded(bytes[start..<index])
        if month == nil, let number = DateWords.month(word) {
            month = number
            return true
        }
        if word == "t", day != nil, clock == nil {
            while let byte = peek(), byte <= 0x20 { index += 1 }
            return isDigit(0)
        }
        if let isAfternoon = DateWords.halves[word] { return half(isAfternoon) }
        if DateWords.fillers.contains(word) { return true }
        if clock != nil { return zone(word, start) }
        // The name of a day, which says nothing new and is often wrong.
        guard year == nil, month == nil, day == nil, !hasUnknownDay, word.utf8.count > 1 else {
            return false
        }
        hasUnknownDay = true
        return true
    }

    /// Before the time in Korean, after it elsewhere.
    private mutating func half(_ isAfternoon: Bool) -> Bool {
        guard let time = clock else {
            pendingHalf = isAfternoon
            return true
        }
        return shift(time.hour, isAfternoon)
    }

    private mutating func shift(_ hour: Int, _ isAfternoon: Bool) -> Bool {
        // `15:04 PM`: the hour says it already.
        if hour > 12 { return isAfternoon }
        clock?.hour = hour % 12 + (isAfternoon ? 12 : 0)
        return true
    }

    /// A name that we do not know counts as UTC, once, as a word by itself.
    private mutating func zone(_ word: String, _ start: Int) -> Bool {
        // Etc/GMT: what stands before the slash is no zone.
        if peek() == UInt8(ascii: "/") {
            index += 1
            return true
        }
        if let minutes = DateWords.zones[word] {
            if !hasNumericOffset { offsetSeconds = minutes * 60 }
            return true
        }
        guard !hasUnknownZone, (2...5).contains(word.utf8.count), bytes[start - 1] <= 0x20,
            hasNumericOffset || offsetSeconds == nil
        else { return false }
        hasUnknownZone = true
        if !hasNumericOffset { offsetSeconds = 0 }
        return true
    }
}
