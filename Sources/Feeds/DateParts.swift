import Formats

/// The parts of a date, as far as a text has told them, and what they come to.
struct DateParts {
    var year: Int?
    var month: Int?
    var day: Int?
    var clock: (hour: Int, minute: Int, second: Int)?
    var offsetSeconds: Int?
    /// The zone of a language, where the text states none.
    var impliedOffsetSeconds: Int?

    /// Whether nothing of the day is known.
    var isEmpty: Bool { year == nil && month == nil && day == nil }
    /// Whether all of the day is known.
    var isWhole: Bool { year != nil && month != nil && day != nil }

    /// RFC 2822 §4.3.
    static func year(ofTwoDigits value: Int) -> Int { value < 50 ? 2000 + value : 1900 + value }

    static func set(_ part: inout Int?, _ value: Int) -> Bool {
        guard part == nil else { return false }
        part = value
        return true
    }

    /// What they come to; `nil` where that is no date.
    func written() -> WrittenDate? {
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
}
