import Formats

/// One date being read: numbers, words and signs, each put in its place.
struct DateReading {
    let bytes: ArraySlice<UInt8>
    var index: Int
    var parts = DateParts()
    var hasNumericOffset = false
    /// Minutes east of UTC by a name that we know.
    var namedZone: Int?
    /// The name of a day in some language, and of a zone somewhere: one each may be unknown.
    private var hasUnknownDay = false
    var hasUnknownZone = false
    /// A word that only a date with a day and the name of a month makes the name of a day.
    private var hasLooseWord = false
    private var hasNamedMonth = false
    /// The month was told by a word that begins the text and is the name of a day as well.
    var monthMayBeDay = false
    var pendingHalf: Bool?

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    mutating func run() -> WrittenDate? {
        while let byte = peek() {
            switch byte {
            case 0x30...0x39:
                guard number() else { return nil }
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard sign() else { return nil }
            case UInt8(ascii: "("):
                skipComment()
            case UInt8(ascii: "["):
                guard skipSuffix() else { return nil }
            case 0x00...0x20, UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "/"),
                UInt8(ascii: ";"):
                index += 1
            case 0x41...0x5A, 0x61...0x7A, 0x80...:
                guard word() else { return nil }
            default:
                return nil
            }
        }
        return hasLooseWord && (!hasNamedMonth || parts.day == nil) ? nil : parts.written()
    }

    // MARK: Tokens

    func peek(_ ahead: Int = 0) -> UInt8? {
        index + ahead < bytes.endIndex ? bytes[index + ahead] : nil
    }

    func isDigit(_ ahead: Int) -> Bool {
        guard let byte = peek(ahead) else { return false }
        return byte >= 0x30 && byte <= 0x39
    }

    private mutating func skipBlanks() {
        while let byte = peek(), byte <= 0x20 { index += 1 }
    }

    /// Digits from here; `nil` when there are none or too many for a date.
    mutating func digits() -> (value: Int, count: Int)? {
        var value = 0
        var count = 0
        while isDigit(0), count < 15 {
            value = value * 10 + Int(bytes[index] - 0x30)
            count += 1
            index += 1
        }
        return count > 0 && !isDigit(0) ? (value, count) : nil
    }

    /// RFC 2822 §3.2.3: a comment, here always the zone's name; one may hold another.
    private mutating func skipComment() {
        var depth = 0
        while let byte = peek() {
            index += 1
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { return }
        }
    }

    /// RFC 9557 §4.1, as Java writes it: `10:14:55+01:00[Europe/Paris]`. The offset has said it.
    private mutating func skipSuffix() -> Bool {
        guard hasNumericOffset || parts.offsetSeconds != nil,
            let end = bytes[index...].firstIndex(of: UInt8(ascii: "]"))
        else { return false }
        index = end + 1
        return true
    }

    // MARK: Words

    private mutating func word() -> Bool {
        let start = index
        while let byte = peek(), DateWords.isLetter(byte) { index += 1 }
        let word = DateWords.folded(bytes[start..<index])
        if let number = DateWords.month(word), parts.month == nil || monthMayBeDay {
            monthMayBeDay = word == DateWords.dayOrMonth && parts.isEmpty
            hasNamedMonth = true
            parts.month = number
            return true
        }
        if word == "t", parts.day != nil, parts.clock == nil {
            skipBlanks()
            return isDigit(0)
        }
        if let isAfternoon = DateWords.halves[word] ?? dottedHalf(word) { return half(isAfternoon) }
        if DateWords.fillers.contains(word) { return true }
        if parts.clock != nil { return zone(word, start) }
        // XML Schema §3.3.9: 2003-12-31Z.
        if word == "z", followsDay(start) {
            parts.offsetSeconds = 0
            return true
        }
        return dayName(word, start)
    }

    /// The name of a day says nothing new, and is often wrong.
    private mutating func dayName(_ word: String, _ start: Int) -> Bool {
        guard parts.isEmpty, word.utf8.count > 1 else { return false }
        if DateWords.isDay(word) { return true }
        guard !hasUnknownDay else { return false }
        hasUnknownDay = true
        // Of a language that we do not know; but `junk 2003-12-31` is none, nor is `Copyright 12 May 2006`.
        let isMarked = peek() == UInt8(ascii: ",") || peek() == UInt8(ascii: ".")
        hasLooseWord = !isMarked && bytes[start..<index].allSatisfy { $0 < 0x80 }
        return !hasLooseWord || index - start <= 4
    }

    /// `3:04 p.m.`, in Spanish `3:04 p. m.`
    private mutating func dottedHalf(_ word: String) -> Bool? {
        guard word == "a" || word == "p", parts.clock != nil, peek() == UInt8(ascii: ".") else { return nil }
        var ahead = 1
        while let byte = peek(ahead), byte <= 0x20 { ahead += 1 }
        guard let byte = peek(ahead), byte | 0x20 == UInt8(ascii: "m"),
            peek(ahead + 1).map(DateWords.isLetter) != true
        else { return nil }
        index += ahead + 1
        return word == "p"
    }

    /// Before the time in Korean, after it elsewhere.
    private mutating func half(_ isAfternoon: Bool) -> Bool {
        guard let time = parts.clock else {
            pendingHalf = isAfternoon
            return true
        }
        return shift(time.hour, isAfternoon)
    }

    mutating func shift(_ hour: Int, _ isAfternoon: Bool) -> Bool {
        // `15:04 PM`: the hour says it already.
        if hour > 12 { return isAfternoon }
        parts.clock?.hour = hour % 12 + (isAfternoon ? 12 : 0)
        return true
    }
}
