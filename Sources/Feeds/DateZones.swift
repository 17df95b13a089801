/// What a date says of its zone, by an offset or a name.
extension DateReading {
    /// Whether what begins here follows the last digit of a whole day at once.
    func followsDay(_ start: Int) -> Bool {
        parts.isWhole && start > bytes.startIndex && (0x30...0x39).contains(bytes[start - 1])
    }

    /// A hyphen between parts of a date, or an offset after a time: `+0200`, `-05:30`, `+02`.
    mutating func sign() -> Bool {
        let isEast = bytes[index] == UInt8(ascii: "+")
        guard parts.clock != nil || isOffsetOfDay, isDigit(1), !hasNumericOffset else {
            // Nothing stands before the first part, and no year is negative: PHP's zero date is 30 Nov -0001.
            let isFirst = bytes[..<index].allSatisfy { $0 <= 0x20 }
            let isYear = parts.year == nil && isDigit(1) && !isFirst && bytes[index - 1] <= 0x20
            index += 1
            return !isEast && !isFirst && !isYear
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
        parts.offsetSeconds = hours * 3600 + minutes * 60
        hasNumericOffset = true
        return true
    }

    /// XML Schema §3.3.9: `2003-12-31-05:00` is a day in a zone. `2003-12-31-10:14` is a time: no zone is like
    /// that, and some put a hyphen before it.
    private var isOffsetOfDay: Bool {
        guard followsDay(index), bytes.endIndex - index >= 6, isDigit(1), isDigit(2), isDigit(4), isDigit(5),
            peek(3) == UInt8(ascii: ":"), bytes[(index + 6)...].allSatisfy({ $0 <= 0x20 })
        else { return false }
        func number(_ ahead: Int) -> Int {
            Int(bytes[index + ahead] - 0x30) * 10 + Int(bytes[index + ahead + 1] - 0x30)
        }
        return number(1) <= 14 && number(4) % 15 == 0
    }

    /// A name that we do not know counts as UTC, once, as a word by itself.
    mutating func zone(_ word: String, _ start: Int) -> Bool {
        let minutes = DateWords.zones[word]
        if peek() == UInt8(ascii: "/") {
            // Etc/GMT: what stands before the slash is no zone. Europe/London is a name as a whole.
            index += 1
            return minutes != nil || unknownZone(start, isPath: true)
        }
        if let minutes {
            guard namedZone == nil || namedZone == minutes else { return false }
            namedZone = minutes
            if !hasNumericOffset { parts.offsetSeconds = minutes * 60 }
            return true
        }
        return unknownZone(start, isPath: false)
    }

    private mutating func unknownZone(_ start: Int, isPath: Bool) -> Bool {
        while isPath, let byte = peek(), DateWords.isLetter(byte) || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "/")
        {
            index += 1
        }
        let name = bytes[start..<index]
        // Short, or like a name: `Eastern`. Behind an offset, which has said it, in capitals.
        let isName: Bool
        if isPath {
            isName = true
        } else if hasNumericOffset {
            isName = (2...5).contains(name.count) && name.allSatisfy { (0x41...0x5A).contains($0) }
        } else {
            isName = (2...5).contains(name.count)
                || name.count > 5 && (0x41...0x5A).contains(bytes[start])
                    && name.dropFirst().allSatisfy { (0x61...0x7A).contains($0) }
        }
        guard !hasUnknownZone, isName, bytes[start - 1] <= 0x20,
            hasNumericOffset || parts.offsetSeconds == nil
        else { return false }
        hasUnknownZone = true
        if !hasNumericOffset { parts.offsetSeconds = 0 }
        return true
    }
}
