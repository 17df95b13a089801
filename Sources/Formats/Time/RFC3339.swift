/// `2026-11-23T14:05:00Z`: the only form of an instant that we write, and the strict reader of it.
extension Instant: CustomStringConvertible {
    /// UTC, no fraction, upper-case `T` and `Z`. Years outside 1 to 9999 do not occur: readers refuse them.
    public var description: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `2026-11-23 14:05`, in UTC: as a person is told of it.
    public var toTheMinute: String { String(description.prefix(16)).replacing("T", with: " ") }

    /// `description` in ASCII, without a string: a run writes some of each feed.
    public func write(to bytes: inout [UInt8]) {
        let civil = civil()
        bytes.append(addingCapacity: 20) { text in
            func add(_ number: Int) {
                let number = UInt8(truncatingIfNeeded: number)
                text.append(0x30 &+ number / 10)
                text.append(0x30 &+ number % 10)
            }
            add(civil.year / 100)
            add(civil.year % 100)
            text.append(UInt8(ascii: "-"))
            add(civil.month)
            text.append(UInt8(ascii: "-"))
            add(civil.day)
            text.append(UInt8(ascii: "T"))
            add(civil.hour)
            text.append(UInt8(ascii: ":"))
            add(civil.minute)
            text.append(UInt8(ascii: ":"))
            add(civil.second)
            text.append(UInt8(ascii: "Z"))
        }
    }

    /// Reads a date-time of RFC 3339 section 5.6, with any offset; a fraction is dropped and a leap
    /// second counts as the first second of the next minute. `nil` for everything else.
    public init?(rfc3339 text: String) {
        self.init(rfc3339: text.utf8.span)
    }

    /// Reads the one form that we write, `2026-11-23T14:05:00Z`, in the twenty bytes from `start` on.
    public init?(written bytes: [UInt8], at start: Int) {
        guard start >= 0, start + 20 <= bytes.count else { return nil }
        self.init(written: bytes.span.extracting(start..<start + 20))
    }

    /// - Parameter text: twenty bytes.
    private init?(written text: Span<UInt8>) {
        var isDigits = true
        func two(_ index: Int) -> Int {
            let tens = text[index] &- 0x30
            let ones = text[index + 1] &- 0x30
            isDigits = isDigits && tens <= 9 && ones <= 9
            return Int(tens) &* 10 &+ Int(ones)
        }
        let civil = CivilTime(
            year: two(0) * 100 + two(2), month: two(5), day: two(8), hour: two(11), minute: two(14),
            second: two(17))
        guard isDigits, text[4] == 0x2D, text[7] == 0x2D, text[10] == 0x54, text[13] == 0x3A,
            text[16] == 0x3A, text[19] == 0x5A, civil.isValid
        else { return nil }
        self.init(stated: civil.instant().seconds)
    }

    public init?(rfc3339 bytes: [UInt8]) {
        self.init(rfc3339: bytes.span)
    }

    private init?(rfc3339 bytes: Span<UInt8>) {
        guard bytes.count >= 20 else { return nil }
        // Most were written by us.
        if bytes.count == 20, let written = Instant(written: bytes) {
            self = written
            return
        }
        func number(_ from: Int, _ count: Int) -> Int? {
            var value = 0
            for index in from..<(from + count) {
                guard index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 else { return nil }
                value = value * 10 + Int(bytes[index] - 0x30)
            }
            return value
        }
        guard let year = number(0, 4), bytes[4] == 0x2D, let month = number(5, 2), bytes[7] == 0x2D,
            let day = number(8, 2), bytes[10] | 0x20 == 0x74, let hour = number(11, 2),
            bytes[13] == 0x3A, let minute = number(14, 2), bytes[16] == 0x3A,
            let second = number(17, 2)
        else { return nil }
        let civil = CivilTime(
            year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        guard civil.isValid else { return nil }
        var index = 19
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            let digits = index
            while index < bytes.count, bytes[index] >= 0x30, bytes[index] <= 0x39 { index += 1 }
            guard index > digits, index < bytes.count else { return nil }
        }
        if bytes[index] | 0x20 == UInt8(ascii: "z") {
            guard index + 1 == bytes.count else { return nil }
            self.init(stated: civil.instant().seconds)
            return
        }
        guard bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-"),
            bytes.count == index + 6, bytes[index + 3] == 0x3A, let hours = number(index + 1, 2),
            let minutes = number(index + 4, 2), hours < 24, minutes < 60
        else { return nil }
        let offset = (hours * 60 + minutes) * 60
        self.init(
            stated: civil.instant(offset: bytes[index] == UInt8(ascii: "-") ? -offset : offset).seconds)
    }
}
