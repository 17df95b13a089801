/// Dates and times (TOML 1.0.0, Offset Date-Time to Local Time; RFC 3339 section 5.6), as pure
/// functions of a word. A leap second is accepted at the end of any minute, as in RFC 3339.
///
///     date = 1979-05-27     time = 07:32:00 ( "." digits )?     offset = Z | ( + | - ) 07:00
///     word = date ( ( T | space ) time offset? )? | time
enum TOMLDates {
    /// `dddd-dd-dd` and nothing more: the space that follows may part it from a time.
    static func isDate(_ word: ArraySlice<UInt8>) -> Bool {
        word.count == 10 && looksLikeDateOrTime(Array(word))
    }

    /// Digits and then `-` or `:`, which begins no number.
    static func looksLikeDateOrTime(_ word: [UInt8]) -> Bool {
        var index = 0
        while index < word.count, word[index] >= 0x30, word[index] <= 0x39 { index += 1 }
        guard index > 0, index < word.count else { return false }
        return word[index] == UInt8(ascii: "-") || word[index] == UInt8(ascii: ":")
    }

    static func read(_ word: [UInt8]) throws(TOMLWordError) -> TOMLContent {
        var scan = Scan(word: word)
        if word.first(where: { $0 < 0x30 || $0 > 0x39 }) == UInt8(ascii: ":") {
            let time = try scan.time()
            try scan.end(expected: "a time like 07:32:00 and nothing after it")
            return .localTime(time)
        }
        let day = try scan.day()
        guard scan.index < word.count else { return .localDate(day) }
        guard scan.take("T") || scan.take("t") || scan.take(" ") else {
            throw TOMLWordError(expected: "a date like 1979-05-27, with T before a time")
        }
        let time = try scan.time()
        var civil = day.first
        (civil.hour, civil.minute, civil.second) = (time.hour, time.minute, time.second)
        guard scan.index < word.count else {
            return .localDateTime(civil, nanoseconds: time.nanoseconds)
        }
        let offset = try scan.offset()
        try scan.end(expected: "a date-time and nothing after it")
        return .offsetDateTime(civil, nanoseconds: time.nanoseconds, offset: offset)
    }

    private struct Scan {
        let word: [UInt8]
        var index = 0

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard index < word.count, word[index] == UInt8(ascii: character) else { return false }
            index += 1
            return true
        }

        mutating func digits(_ count: Int) -> Int? {
            var value = 0
            for index in index..<(index + count) {
                guard index < word.count, word[index] >= 0x30, word[index] <= 0x39 else {
                    return nil
                }
                value = value * 10 + Int(word[index] - 0x30)
            }
            index += count
            return value
        }

        mutating func day() throws(TOMLWordError) -> Day {
            guard let year = digits(4), take("-"), let month = digits(2), take("-"),
                let day = digits(2)
            else { throw TOMLWordError(expected: "a date like 1979-05-27") }
            guard let date = Day(year: year, month: month, day: day) else {
                throw TOMLWordError(expected: "a date that the calendar has")
            }
            return date
        }

        mutating func time() throws(TOMLWordError) -> TOMLTime {
            guard let hour = digits(2), take(":"), let minute = digits(2) else {
                throw TOMLWordError(expected: "a time like 07:32:00")
            }
            guard take(":") else {
                throw TOMLWordError(
                    expected: "seconds after 07:32 (leaving them out is TOML 1.1 only)")
            }
            guard let second = digits(2) else {
                throw TOMLWordError(expected: "a time like 07:32:00")
            }
            guard hour < 24, minute < 60, second <= 60 else {
                throw TOMLWordError(expected: "a time from 00:00:00 to 23:59:60")
            }
            return TOMLTime(
                hour: hour, minute: minute, second: second, nanoseconds: try fraction())
        }

        /// What follows the seconds, in nanoseconds; further digits are dropped, never rounded.
        private mutating func fraction() throws(TOMLWordError) -> Int {
            guard take(".") else { return 0 }
            var nanoseconds = 0
            var unit = 100_000_000
            let start = index
            while let digit = digits(1) {
                nanoseconds += digit * unit
                unit /= 10
            }
            guard index > start else {
                throw TOMLWordError(expected: "a digit after the point of the seconds")
            }
            return nanoseconds
        }

        /// In seconds east of UTC.
        mutating func offset() throws(TOMLWordError) -> Int {
            if take("Z") || take("z") { return 0 }
            let isWest = take("-")
            guard isWest || take("+"), let hours = digits(2), take(":"), let minutes = digits(2)
            else { throw TOMLWordError(expected: "an offset like Z or +02:00 after the time") }
            guard hours < 24, minutes < 60 else {
                throw TOMLWordError(expected: "an offset from -23:59 to +23:59")
            }
            let seconds = (hours * 60 + minutes) * 60
            return isWest ? -seconds : seconds
        }

        func end(expected: String) throws(TOMLWordError) {
            guard index == word.count else { throw TOMLWordError(expected: expected) }
        }
    }
}
