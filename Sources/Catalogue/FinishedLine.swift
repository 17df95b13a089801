/// Finds its way through the line of a `finished` event without decoding it: where things stand that
/// the table needs. The line is one that we wrote (its batch's checksum is right), so its form is known;
/// anything else is an error and never a guess.
struct FinishedLine {
    /// Between the quotes, still escaped.
    var id = 0..<0
    /// Between the quotes, one a key, the first `keyCount` of them. No service gives more; a line with more is
    /// decoded.
    private(set) var keys = InlineArray<6, Range<Int>>(repeating: 0..<0)
    private(set) var keyCount = 0
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
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var walk = Walk(index: range.lowerBound, end: range.upperBound)
        guard walk.take(UInt8(ascii: "{"), bytes) else { return nil }
        bodyEnd = range.upperBound - 1
        repeat {
            let start = walk.index
            guard let name = walk.name(bytes) else { return nil }
            let value = walk.index
            switch name {
            case Word.id:
                guard id.isEmpty, let text = walk.string(bytes) else { return nil }
                id = text
            case Word.keys:
                guard keyCount == 0, list(&walk, bytes) else { return nil }
            case Word.feed:
                guard feed.isEmpty, let text = walk.string(bytes) else { return nil }
                feed = text
            case Word.finish:
                guard finish(&walk, bytes) else { return nil }
            case Word.stated:
                // Always the last, and nothing of it is kept.
                bodyEnd = start - 1
                walk.index = range.upperBound - 1
            case Word.announce:
                guard walk.skip(bytes) else { return nil }
                announce = value..<walk.index
            case Word.backfill:
                hasBackfill = true
                guard walk.skip(bytes) else { return nil }
            case Word.rule:
                guard let text = walk.string(bytes), Word.rules.contains(Word.of(bytes, text)) else {
                    return nil
                }
            case Word.seq, Word.at, Word.type, Word.entry:
                guard walk.skip(bytes) else { return nil }
            default:
                return nil
            }
        } while walk.take(UInt8(ascii: ","), bytes)
        hasEscape = walk.hasEscape
        guard walk.take(UInt8(ascii: "}"), bytes), walk.index == range.upperBound, !id.isEmpty,
            !feed.isEmpty, hasTitle
        else { return nil }
    }

    /// Whether a key is the id's text.
    func isID(_ key: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
        guard key.count == id.count else { return false }
        for offset in 0..<id.count where bytes[key.lowerBound + offset] != bytes[id.lowerBound + offset] {
            return false
        }
        return true
    }

    private mutating func list(_ walk: inout Walk, _ bytes: Span<UInt8>) -> Bool {
        guard walk.take(UInt8(ascii: "["), bytes) else { return false }
        repeat {
            guard keyCount < keys.count, let key = walk.string(bytes) else { return false }
            keys[keyCount] = key
            keyCount += 1
        } while walk.take(UInt8(ascii: ","), bytes)
        return walk.take(UInt8(ascii: "]"), bytes)
    }

    private mutating func finish(_ walk: inout Walk, _ bytes: Span<UInt8>) -> Bool {
        guard walk.take(UInt8(ascii: "{"), bytes) else { return false }
        repeat {
            guard let name = walk.name(bytes) else { return false }
            let isText = walk.index < walk.end && bytes[walk.index] == UInt8(ascii: "\"")
            switch name {
            case Word.day:
                guard let text = walk.string(bytes) else { return false }
                day = text
            case Word.instant:
                guard let text = walk.string(bytes) else { return false }
                instant = text
            case Word.kind:
                guard let text = walk.string(bytes), Word.kinds.contains(Word.of(bytes, text)) else {
                    return false
                }
            case Word.title:
                let start = walk.index
                guard isText, walk.skip(bytes), walk.index > start + 2 else { return false }
                hasTitle = true
            case Word.creator, Word.review, Word.cover, Word.url:
                guard isText, walk.skip(bytes) else { return false }
            case Word.year, Word.season, Word.episode, Word.rating, Word.repeated, Word.spoiler,
                Word.identifiers:
                guard !isText, walk.skip(bytes) else { return false }
            default:
                return false
            }
        } while walk.take(UInt8(ascii: ","), bytes)
        return walk.take(UInt8(ascii: "}"), bytes)
    }
}
