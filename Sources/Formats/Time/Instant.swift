/// A point in time, to the second, in UTC.
public struct Instant: Comparable, Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public var seconds: Int64

    public init(seconds: Int64) {
        self.seconds = seconds
    }

    public static func < (left: Instant, right: Instant) -> Bool { left.seconds < right.seconds }

    public func adding(seconds more: Int64) -> Instant { Instant(seconds: seconds + more) }

    /// What four digits of a year can write in UTC: from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z. Readers of
    /// dates give nothing else, or a feed could make us write what nobody can read again.
    public static var writable: ClosedRange<Instant> {
        Instant(seconds: -62_135_596_800)...Instant(seconds: 253_402_300_799)
    }

    /// `nil` where it cannot be written.
    public init?(stated seconds: Int64) {
        self.init(seconds: seconds)
        guard Instant.writable.contains(self) else { return nil }
    }

    /// The nearest that can be written.
    var written: Instant { min(max(self, Instant.writable.lowerBound), Instant.writable.upperBound) }
}

/// Date and time of day as a calendar and a clock write them, in no zone.
public struct CivilTime: Equatable, Sendable {
    public var year: Int
    public var month: Int
    public var day: Int
    public var hour: Int
    public var minute: Int
    public var second: Int

    public init(year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
    }

    /// Days from 1970-01-01 to this date in the proleptic Gregorian calendar. The year is taken to
    /// begin in March, so that the leap day is the last of it and a month's start is a linear formula.
    public var daysSince1970: Int64 {
        let fromMarch = month > 2 ? month - 3 : month + 9
        let marchYear = Int64(month > 2 ? year : year - 1)
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = Int64((153 * fromMarch + 2) / 5 + day - 1)
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The instant at which a clock that stands `offset` seconds east of UTC shows this.
    public func instant(offset: Int = 0) -> Instant {
        let clock = Int64(hour * 3600 + minute * 60 + second)
        return Instant(seconds: daysSince1970 * 86_400 + clock - Int64(offset))
    }

    /// Whether every part is in its range; 24:00 is not, a leap second (60) is.
    public var isValid: Bool {
        (1...9999).contains(year) && (1...12).contains(month) && day >= 1
            && day <= CivilTime.days(ofMonth: month, year: year) && (0...23).contains(hour)
            && (0...59).contains(minute) && (0...60).contains(second)
    }

    public static func days(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }
}

extension Instant {
    /// What a clock that stands `offset` seconds east of UTC shows at this instant.
    public func civil(offset: Int = 0) -> CivilTime {
        let local = seconds + Int64(offset)
        var days = local / 86_400
        var clock = Int(local % 86_400)
        if clock < 0 {
            clock += 86_400
            days -= 1
        }
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = Int(fromMarch < 10 ? fromMarch + 3 : fromMarch - 9)
        return CivilTime(
            year: Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month: month,
            day: Int(dayOfYear - (153 * fromMarch + 2) / 5) + 1, hour: clock / 3600,
            minute: clock / 60 % 60, second: clock % 60)
    }

    /// 0 is Sunday.
    public var weekday: Int {
        let days = (seconds - ((seconds % 86_400) + 86_400) % 86_400) / 86_400
        return Int(((days + 4) % 7 + 7) % 7)
    }
}
