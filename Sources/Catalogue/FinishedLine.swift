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
                bodyEnd = start - 1
                guard walk.skip(), walk.index == range.upperBound - 1 else { return nil }
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
/// each other and from any other name but one with the same beginning and length.
private enum Word {
    static let seq = of("seq"), at = of("at"), type = of("type"), id = of("id"), keys = of("keys")
    static let feed = of("feed"), entry = of("entry"), rule = of("rule"), stated = of("stated")
    static let announce = of("announce"), backfill = of("backfill"), finish = of("finish")
    static let kind = of("kind"), title = of("title"), creator = of("creator"), year = of("year")
    static let season = of("season"), episode = of("episode"), day = of("day")
    static let instant = of("instant"), rating = of("rating"), repeated = of("repeat")
    static let review = of("review"), spoiler = of("spoiler"), cover = of("cover"), url = of("url")
    static let identifiers = of("identifiers")
    static let rules = Rule.allCases.map { of($0.rawValue) }
    static let kinds = Kind.allCases.map { of($0.rawValue) }

    static func of(_ name: String) -> UInt64 {
        let bytes = Array(name.utf8)
        return of(bytes, 0..<bytes.count)
    }

    static func of(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
        var word = UInt64(min(range.count, 255))
        for index in range.prefix(7) { word = word << 8 | UInt64(bytes[index]) }
        return word
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
        var at = index
        while at < end {
            let byte = line[at]
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
