import Formats

/// The numbers of a date: by themselves, or a day or a time in one piece.
extension DateReading {
    mutating func number() -> Bool {
        let start = index
        guard let (value, count) = digits() else { return false }
        let next = peek()
        // 19:48, 10:14:55.12; in the Dutch way 10.14 is no time but a day and a month.
        if next == UInt8(ascii: ":"), isDigit(1), count <= 2 { return clock(hour: value) }
        if parts.isEmpty || monthMayBeDay && parts.year == nil && parts.day == nil {
            if count == 14 || count == 8 || count == 12 { return compact(value, count) }
            let joins = next == UInt8(ascii: "-") || next == UInt8(ascii: "/")
            if count == 4, joins || next == UInt8(ascii: ".") && isDigit(1) { return yearFirst(value) }
            if count <= 2, next == UInt8(ascii: "."), isDigit(1) { return dotted(value) }
            // 02/01/2006 is January or February, and nobody can tell.
            if count <= 2, next == UInt8(ascii: "/"), parts.isEmpty { return false }
        }
        if count == 6 || count == 4 || count == 2, parts.clock == nil, parts.day != nil, start > bytes.startIndex,
            bytes[start - 1] | 0x20 == UInt8(ascii: "t")
        {
            return compactClock(value, count)
        }
        return place(value, count)
    }

    /// A number by itself: `2006`, `04`, `2nd`, `2004년`, `2004年`.
    private mutating func place(_ value: Int, _ count: Int) -> Bool {
        if let unit = DateWords.unit(in: bytes[index...]) {
            index += unit.length
            parts.impliedOffsetSeconds = unit.offsetSeconds
            switch unit.part {
            case .year: return DateParts.set(&parts.year, value)
            case .month: return DateParts.set(&parts.month, value)
            case .day: return DateParts.set(&parts.day, value)
            }
        }
        if count == 4 { return DateParts.set(&parts.year, value) }
        // RFC 2822 §4.3: a program that writes the years since 1900.
        if count == 3, parts.day != nil, parts.month != nil {
            return DateParts.set(&parts.year, 1900 + value)
        }
        guard count <= 2 else { return false }
        guard parts.day == nil else {
            return DateParts.set(&parts.year, DateParts.year(ofTwoDigits: value))
        }
        guard (1...31).contains(value) else { return false }
        if let suffix = DateWords.ordinalSuffix(in: bytes[index...]) { index += suffix }
        parts.day = value
        return true
    }

    // MARK: Dates in one piece

    /// After `2003-` or `2006/`; a day may follow, or a month's name. Behind `2006.` both must: `2026.1` is a version.
    private mutating func yearFirst(_ value: Int) -> Bool {
        parts.year = value
        let mark = bytes[index]
        index += 1
        guard isDigit(0) else { return true }
        guard let (second, count) = digits() else { return false }
        let isDotted = mark == UInt8(ascii: ".")
        if count == 3, peek() != mark, !isDotted {
            // 2003-335: the day of the year.
            guard second >= 1, second <= (CivilTime.isLeap(value) ? 366 : 365) else { return false }
            let first = CivilTime(year: value, month: 1, day: 1).instant()
            let civil = first.adding(seconds: Int64(second - 1) * 86_400).civil()
            parts.month = civil.month
            parts.day = civil.day
            return true
        }
        // Three digits once stood for a month: 2003-012-31.
        guard count <= 3 else { return false }
        parts.month = second
        guard peek() == mark, isDigit(1) else { return !isDotted }
        index += 1
        guard let (third, thirdCount) = digits(), thirdCount <= 2 else { return false }
        parts.day = third
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
        parts.day = value
        parts.month = second
        parts.year = thirdCount == 4 ? third : DateParts.year(ofTwoDigits: third)
        return true
    }

    /// 20060102, 200601021504 and 20060102150405.
    private mutating func compact(_ value: Int, _ count: Int) -> Bool {
        var date = value
        if count > 8 {
            let time = count == 14 ? value % 1_000_000 : value % 10_000 * 100
            date = count == 14 ? value / 1_000_000 : value / 10_000
            parts.clock = (time / 10_000, time / 100 % 100, time % 100)
        }
        parts.year = date / 10_000
        parts.month = date / 100 % 100
        parts.day = date % 100
        return true
    }

    private mutating func compactClock(_ value: Int, _ count: Int) -> Bool {
        let time = count == 6 ? value : count == 4 ? value * 100 : value * 10_000
        parts.clock = (time / 10_000, time / 100 % 100, time % 100)
        return true
    }

    /// From the colon after the hour on.
    private mutating func clock(hour: Int) -> Bool {
        guard parts.clock == nil else { return false }
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
        parts.clock = (hour, minute, second)
        if let pendingHalf { return shift(hour, pendingHalf) }
        return hour < 24 || (hour, minute, second) == (24, 0, 0)
    }
}
