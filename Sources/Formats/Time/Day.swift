/// A date without a time of day, as precisely as it is known: a day, a month or a year.
/// It belongs to no zone and is never shifted between zones.
public struct Day: Hashable, Sendable {
    public var year: Int
    /// `nil`: only the year is known.
    public var month: Int?
    /// `nil`: only the month is known.
    public var day: Int?

    /// `nil` when it is no date of the Gregorian calendar, years 1 to 9999.
    public init?(year: Int, month: Int? = nil, day: Int? = nil) {
        guard month != nil || day == nil,
            CivilTime(year: year, month: month ?? 1, day: day ?? 1).isValid
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day that a clock `offset` seconds east of UTC shows at an instant; the first day of year 1 and the last
    /// of 9999 where it would show one beyond them.
    public init(of instant: Instant, offset: Int = 0) {
        let civil = instant.written.adding(seconds: Int64(offset)).written.civil()
        year = civil.year
        month = civil.month
        day = civil.day
    }

    /// Reads `2026-11-20`, `2026-11` or `2026`, and nothing else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes, 0..<bytes.count)
    }

    /// The same from the bytes of a buffer.
    public init?(_ bytes: [UInt8], _ range: Range<Int>) {
        guard range.count == 4 || range.count == 7 || range.count == 10 else { return nil }
        var (year, month, day) = (0, 0, 0)
        for (index, place) in range.enumerated() {
            let digit = bytes[place] &- 0x30
            switch index {
            case 4, 7: guard bytes[place] == UInt8(ascii: "-") else { return nil }
            case _ where digit > 9: return nil
            case 0...3: year = year * 10 + Int(digit)
            case 5...6: month = month * 10 + Int(digit)
            default: day = day * 10 + Int(digit)
            }
        }
        self.init(
            year: year, month: range.count > 4 ? month : nil, day: range.count > 7 ? day : nil)
    }

    /// The first day it can mean; what is not known counts as the first.
    public var first: CivilTime { CivilTime(year: year, month: month ?? 1, day: day ?? 1) }

    /// The last day it can mean.
    public var last: CivilTime {
        let month = month ?? 12
        return CivilTime(
            year: year, month: month, day: day ?? CivilTime.days(ofMonth: month, year: year))
    }

    /// Noon UTC of its first day: inside that day in every zone from -12:00 to +11:59.
    public var noon: Instant { first.instant().adding(seconds: 43_200) }

    /// Whole days from this day's first to the other's first; negative when the other is earlier.
    public func days(to other: Day) -> Int {
        Int(other.first.daysSince1970 - first.daysSince1970)
    }
}

extension Day: CustomStringConvertible {
    public var description: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Its description, behind what is there.
    public func write(to bytes: inout [UInt8]) {
        func add(_ number: Int) { bytes.append(UInt8(truncatingIfNeeded: 0x30 + number)) }
        add(year / 1000)
        add(year / 100 % 10)
        add(year / 10 % 10)
        add(year % 10)
        func add(part: Int) {
            bytes.append(UInt8(ascii: "-"))
            add(part / 10)
            add(part % 10)
        }
        if let month { add(part: month) }
        if let day { add(part: day) }
    }
}

/// By first day; what is known less precisely comes before what is known better.
extension Day: Comparable {
    public static func < (left: Day, right: Day) -> Bool {
        (left.year, left.month ?? 0, left.day ?? 0) < (right.year, right.month ?? 0, right.day ?? 0)
    }
}

/// Decimal digits of a number that is not negative, with zeros in front.
func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
