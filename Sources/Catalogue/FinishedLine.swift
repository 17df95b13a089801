/// Finds its way through the line of a `finished` event without decoding it: where things stand that
/// the table needs. The line is one that we wrote (its batch's checksum is right), so its form is known;
/// anything else is an error and never a guess.
struct FinishedLine {
    /// Between the quotes, still escaped.
    var id = 0..<0
    /// Between the quotes, one a key.
    var keys: [Range<Int>] = []
    var feed = 0..<0
    /// The array; empty when nothing is owed.
    var announce = 0..<0
    var hasBackfill = false
    /// Between the quotes; empty when absent.
    var day = 0..<0
    var instant = 0..<0
    /// Where `,"stated":` begins, or the closing brace: all before it is the body.
    var bodyEnd = 0
    /// Whether a string above holds an escape.
    var hasEscape = false
    private var hasTitle = false

    /// `nil` for a line that does not have the form, or that says anything this program does not know:
    /// a standing may have members of that name, and only decoding tells an unknown kind or rule.
    init?(_ line: [UInt8], _ range: Range<Int>) {
        var walk = Walk(line: line, index: range.lowerBound, end: range.upperBound)
        guard walk.take(UInt8(ascii: "{")) else { return nil }
        bodyEnd = range.upperBound - 1
        repeat {
            let start = walk.index
            guard let name = walk.string(), walk.take(UInt8(ascii: ":")) else { return nil }
            let value = walk.index
            switch walk.word(name) {
            case Word.id:
                guard id.isEmpty, let text = walk.string() else { return nil }
                id = text
            case Word.keys:
                guard keys.isEmpty, list(&walk) else { return nil }
            case Word.feed:
                guard feed.isEmpty, let text = walk.string() else { return nil }
                feed = text
            case Word.finish:
                guard finish(&walk) else { return nil }
            case Word.stated:
                // Always the last, and nothing of it is kept.
                bodyEnd = start - 1
                walk.index = range.upperBound - 1
            case Word.announce:
                guard walk.skip() else { return nil }
                announce = value..<walk.index
            case Word.backfill:
                hasBackfill = true
                guard walk.skip() else { return nil }
            case Word.rule:
                guard let text = walk.string(), Word.rules.contains(walk.word(text)) else { return nil }
            case Word.seq, Word.at, Word.type, Word.entry:
                guard walk.skip() else { return nil }
            default:
                return nil
            }
        } while walk.take(UInt8(ascii: ","))
        hasEscape = walk.hasEscape
        guard walk.take(UInt8(ascii: "}")), walk.index == range.upperBound, !id.isEmpty, !feed.isEmpty,
            hasTitle
        else { return nil }
    }

    /// Whether a key is the id's text.
    func isID(_ key: Range<Int>, _ line: [UInt8]) -> Bool {
        guard key.count == id.count else { return false }
        let bytes = line.span
        for offset in 0..<id.count where bytes[key.lowerBound + offset] != bytes[id.lowerBound + offset] {
            return false
        }
        return true
    }

    private mutating func list(_ walk: inout Walk) -> Bool {
        guard walk.take(UInt8(ascii: "[")) else { return false }
        repeat {
            guard let key = walk.string() else { return false }
            keys.append(key)
        } while walk.take(UInt8(ascii: ","))
        return walk.take(UInt8(ascii: "]"))
    }

    private mutating func finish(_ walk: inout Walk) -> Bool {
        guard walk.take(UInt8(ascii: "{")) else { return false }
        repeat {
            guard let name = walk.string(), walk.take(UInt8(ascii: ":")) else { return false }
            let isText = walk.index < walk.end && walk.line[walk.index] == UInt8(ascii: "\"")
            switch walk.word(name) {
            case Word.day:
                guard let text = walk.string() else { return false }
                day = text
            case Word.instant:
                guard let text = walk.string() else { return false }
                instant = text
            case Word.kind:
                guard let text = walk.string(), Word.kinds.contains(walk.word(text)) else {
                    return false
                }
            case Word.title:
                let start = walk.index
                guard isText, walk.skip(), walk.index > start + 2 else { return false }
                hasTitle = true
            case Word.creator, Word.review, Word.cover, Word.url:
                guard isText, walk.skip() else { return false }
            case Word.year, Word.season, Word.episode, Word.rating, Word.repeated, Word.spoiler,
                Word.identifiers:
                guard !isText, walk.skip() else { return false }
            default:
                return false
            }
        } while walk.take(UInt8(ascii: ","))
        return walk.take(UInt8(ascii: "}"))
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
    static var identifiers: UInt64 { of(11, "i", "d", "e", "n", "t", "i", "f") }
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
        return of(bytes, 0..<bytes.count)
    }

    static func of(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        let count = UInt64(min(range.count, 255))
        // Names stand in the midst of a line, so there is nearly always more to read behind them.
        if range.lowerBound + 8 <= bytes.count {
            let word = longWord(bytes.span, range.lowerBound)
            let kept = UInt64(8 * min(range.count, 7))
            return word & (1 << kept &- 1) | count << 56
        }
        var word: UInt64 = 0
        for index in range.prefix(7).reversed() { word = word << 8 | UInt64(bytes[index]) }
        return word | count << 56
    }
}

/// Steps over JSON without white space.
private struct Walk {
    let line: [UInt8]
    var index: Int
    let end: Int
    var hasEscape = false

    mutating func take(_ byte: UInt8) -> Bool {
        guard index < end, line[index] == byte else { return false }
        index += 1
        return true
    }

    func word(_ name: Range<Int>) -> UInt64 { Word.of(line, name) }

    /// The range between the quotes.
    mutating func string() -> Range<Int>? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = index
        let line = self.line
        let bytes = line.span
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

    mutating func skip() -> Bool {
        guard index < end else { return false }
        switch line[index] {
        case UInt8(ascii: "\""):
            let escape = hasEscape
            defer { hasEscape = escape }
            return string() != nil
        case UInt8(ascii: "{"), UInt8(ascii: "["): return skipNested()
        default:
            let start = index
            while index < end, line[index] != UInt8(ascii: ","), line[index] != UInt8(ascii: "}"),
                line[index] != UInt8(ascii: "]")
            {
                index += 1
            }
            return index > start
        }
    }

    private mutating func skipNested() -> Bool {
        var depth = 0
        repeat {
            guard index < end else { return false }
            switch line[index] {
            case UInt8(ascii: "\""):
                let escape = hasEscape
                guard string() != nil else { return false }
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

/// The highest bit of each byte of `word` that is zero, up to the first; above that one it may be wrong.
private func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
}
