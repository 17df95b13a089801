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
        let text = text.contains { $0 >= 0x80 } ? withPlainSigns(text)[...] : text
        if let seconds = epoch(text) { return seconds }
        var reading = DateReading(text)
        return reading.run()
    }

    /// The blanks of typographers, which word processors and ICU put between the parts (`3:04 PM` has a narrow
    /// one), and marks that no one sees; their minus as a hyphen.
    private static func withPlainSigns(_ text: ArraySlice<UInt8>) -> [UInt8] {
        String(decoding: text, as: UTF8.self).unicodeScalars.reduce(into: []) { plain, scalar in
            switch scalar.value {
            case 0xA0, 0x2000...0x200F, 0x202F, 0x205F, 0x3000, 0xFEFF: plain.append(0x20)
            case 0x2212: plain.append(UInt8(ascii: "-"))
            default: plain.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    /// Nine or ten digits and nothing else are seconds since 1970, thirteen are milliseconds.
    private static func epoch(_ text: ArraySlice<UInt8>) -> WrittenDate? {
        var value: Int64 = 0
        var count = 0
        var isOver = false
        for byte in text {
            if byte <= 0x20 {
                isOver = count > 0
                continue
            }
            guard byte >= 0x30, byte <= 0x39, count < 13, !isOver else { return nil }
            value = value * 10 + Int64(byte - 0x30)
            count += 1
        }
        guard count == 9 || count == 10 || count == 13 else { return nil }
        let instant = Instant(seconds: count == 13 ? value / 1000 : value)
        return WrittenDate(instant: instant, day: Day(of: instant), hasTime: true, hasZone: true)
    }
}
