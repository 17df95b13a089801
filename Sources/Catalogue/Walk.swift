/// Steps over JSON without white space, in bytes that we wrote. The bytes come with each call, so that a
/// walk is a few numbers and costs no count of who holds them.
struct Walk {
    var index: Int
    let end: Int
    var hasEscape = false

    mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        guard index < end, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// The range between the quotes.
    mutating func string(_ bytes: Span<UInt8>) -> Range<Int>? {
        guard take(UInt8(ascii: "\""), bytes) else { return nil }
        let start = index
        var at = index
        while at < end {
            // Eight bytes a step, up to the first quote or backslash among them.
            if at + 8 <= end {
                let word = longWord(bytes, at)
                let marks = zeroBytes(word ^ 0x2222_2222_2222_2222) | zeroBytes(word ^ 0x5C5C_5C5C_5C5C_5C5C)
                if marks == 0 {
                    at += 8
                    continue
                }
                at += marks.trailingZeroBitCount / 8
            }
            let byte = bytes[at]
            at += 1
            if byte == UInt8(ascii: "\"") {
                index = at
                return start..<(at - 1)
            }
            if byte == UInt8(ascii: "\\") {
                hasEscape = true
                at += 1
            }
        }
        return nil
    }

    /// The name of the next member, its colon taken.
    mutating func name(_ bytes: Span<UInt8>) -> UInt64? {
        guard let name = string(bytes), take(UInt8(ascii: ":"), bytes) else { return nil }
        return Word.of(bytes, name)
    }

    /// The digits of a number without fraction.
    mutating func integer(_ bytes: Span<UInt8>) -> Int? {
        var value = 0
        let start = index
        while index < end, index - start < 18, bytes[index] &- 0x30 <= 9 {
            value = value &* 10 &+ Int(bytes[index] &- 0x30)
            index += 1
        }
        return index > start ? value : nil
    }

    mutating func skip(_ bytes: Span<UInt8>) -> Bool {
        guard index < end else { return false }
        switch bytes[index] {
        case UInt8(ascii: "\""):
            let escape = hasEscape
            defer { hasEscape = escape }
            return string(bytes) != nil
        case UInt8(ascii: "{"), UInt8(ascii: "["): return skipNested(bytes)
        default:
            let start = index
            while index < end, bytes[index] != UInt8(ascii: ","), bytes[index] != UInt8(ascii: "}"),
                bytes[index] != UInt8(ascii: "]")
            {
                index += 1
            }
            return index > start
        }
    }

    private mutating func skipNested(_ bytes: Span<UInt8>) -> Bool {
        var depth = 0
        repeat {
            guard index < end else { return false }
            switch bytes[index] {
            case UInt8(ascii: "\""):
                let escape = hasEscape
                guard string(bytes) != nil else { return false }
                hasEscape = escape
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            index += 1
        } while depth > 0
        return true
    }
}

/// A name as one number: its first seven bytes and its length, which tell all the names here apart from
/// each other and from any other name but one with the same beginning and length. Computed, not stored: the
/// compiler makes numbers of them, and a stored one would be asked for a dozen times a line.
enum Word {
    static var seq: UInt64 { of(3, "s", "e", "q") }
    static var at: UInt64 { of(2, "a", "t") }
    static var type: UInt64 { of(4, "t", "y", "p", "e") }
    static var id: UInt64 { of(2, "i", "d") }
    static var keys: UInt64 { of(4, "k", "e", "y", "s") }
    static var feed: UInt64 { of(4, "f", "e", "e", "d") }
    static var entry: UInt64 { of(5, "e", "n", "t", "r", "y") }
    static var rule: UInt64 { of(4, "r", "u", "l", "e") }
    static var stated: UInt64 { of(6, "s", "t", "a", "t", "e", "d") }
    static var announce: UInt64 { of(8, "a", "n", "n", "o", "u", "n", "c") }
    static var backfill: UInt64 { of(8, "b", "a", "c", "k", "f", "i", "l") }
    static var finish: UInt64 { of(6, "f", "i", "n", "i", "s", "h") }
    static var kind: UInt64 { of(4, "k", "i", "n", "d") }
    static var title: UInt64 { of(5, "t", "i", "t", "l", "e") }
    static var creator: UInt64 { of(7, "c", "r", "e", "a", "t", "o", "r") }
    static var year: UInt64 { of(4, "y", "e", "a", "r") }
    static var season: UInt64 { of(6, "s", "e", "a", "s", "o", "n") }
    static var episode: UInt64 { of(7, "e", "p", "i", "s", "o", "d", "e") }
    static var day: UInt64 { of(3, "d", "a", "y") }
    static var instant: UInt64 { of(7, "i", "n", "s", "t", "a", "n", "t") }
    static var rating: UInt64 { of(6, "r", "a", "t", "i", "n", "g") }
    static var repeated: UInt64 { of(6, "r", "e", "p", "e", "a", "t") }
    static var review: UInt64 { of(6, "r", "e", "v", "i", "e", "w") }
    static var spoiler: UInt64 { of(7, "s", "p", "o", "i", "l", "e", "r") }
    static var cover: UInt64 { of(5, "c", "o", "v", "e", "r") }
    static var url: UInt64 { of(3, "u", "r", "l") }
    static var sources: UInt64 { of(7, "s", "o", "u", "r", "c", "e", "s") }
    static var value: UInt64 { of(5, "v", "a", "l", "u", "e") }
    static var best: UInt64 { of(4, "b", "e", "s", "t") }
    static var identifiers: UInt64 { of(11, "i", "d", "e", "n", "t", "i", "f") }
    static var modified: UInt64 { of(8, "m", "o", "d", "i", "f", "i", "e") }
    static var savedCover: UInt64 { of(11, "s", "a", "v", "e", "d", "_", "c") }
    static var sha256: UInt64 { of(6, "s", "h", "a", "2", "5", "6") }
    static var mediaType: UInt64 { of(10, "m", "e", "d", "i", "a", "_", "t") }
    static var width: UInt64 { of(5, "w", "i", "d", "t", "h") }
    static var height: UInt64 { of(6, "h", "e", "i", "g", "h", "t") }
    static let rules = Rule.allCases.map { of($0.rawValue) }
    static let kinds = Kind.allCases.map { of($0.rawValue) }

    private static func of(
        _ count: UInt64, _ a: Unicode.Scalar, _ b: Unicode.Scalar, _ c: Unicode.Scalar = "\0",
        _ d: Unicode.Scalar = "\0", _ e: Unicode.Scalar = "\0", _ f: Unicode.Scalar = "\0",
        _ g: Unicode.Scalar = "\0"
    ) -> UInt64 {
        let front = UInt64(a.value) | UInt64(b.value) << 8 | UInt64(c.value) << 16
        let middle = UInt64(d.value) << 24 | UInt64(e.value) << 32
        return front | middle | UInt64(f.value) << 40 | UInt64(g.value) << 48 | count << 56
    }

    static func of(_ name: String) -> UInt64 {
        let bytes = Array(name.utf8)
        return of(bytes.span, 0..<bytes.count)
    }

    static func of(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64 {
        let count = UInt64(min(range.count, 255))
        // Names stand in the midst of a line, so there is nearly always more to read behind them.
        if range.lowerBound + 8 <= bytes.count {
            let word = longWord(bytes, range.lowerBound)
            let kept = UInt64(8 * min(range.count, 7))
            return word & (1 << kept &- 1) | count << 56
        }
        var word: UInt64 = 0
        for index in range.prefix(7).reversed() { word = word << 8 | UInt64(bytes[index]) }
        return word | count << 56
    }
}

/// The highest bit of each byte of `word` that is zero, up to the first; above that one it may be wrong.
private func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
}
