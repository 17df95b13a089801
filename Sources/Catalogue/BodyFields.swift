import Formats

/// Where in the body of a standing the fields stand that a list, a count or a page needs, found without
/// decoding it. The one reader of bodies beside `Standing(body:)`, which reads them whole and is what this is
/// tested against.
public struct BodyFields: Sendable {
    /// Between the quotes, still escaped; empty when absent, as all below.
    public private(set) var id = 0..<0
    private(set) var feed = 0..<0
    /// The keys, one behind the other with their quotes and commas.
    private(set) var keys = 0..<0
    /// As `keys`.
    private(set) var sources = 0..<0
    /// First sight, in the form of RFC 3339.
    public private(set) var at = 0..<0
    /// As `at`; empty: at first sight.
    public private(set) var modified = 0..<0
    private(set) var kind = 0..<0
    public private(set) var title = 0..<0
    public private(set) var creator = 0..<0
    public private(set) var day = 0..<0
    public private(set) var instant = 0..<0
    /// The digits, and a sign, of this and the next two.
    public private(set) var year = 0..<0
    public private(set) var season = 0..<0
    public private(set) var episode = 0..<0
    public private(set) var rating: (value: Int, best: Int)?
    public private(set) var isRepeat = false
    public private(set) var review = 0..<0
    public private(set) var isSpoiler = false
    public private(set) var cover = 0..<0
    public private(set) var url = 0..<0
    /// The object with its braces.
    public private(set) var identifiers = 0..<0
    /// As `identifiers`.
    private(set) var savedCover = 0..<0

    /// `nil`: only decoding helps.
    init?(_ bytes: Span<UInt8>, _ body: Range<Int>) {
        var walk = Walk(index: body.lowerBound, end: body.upperBound)
        guard walk.take(UInt8(ascii: "{"), bytes) else { return nil }
        repeat {
            guard let name = walk.name(bytes) else { return nil }
            switch name {
            case Word.id:
                guard let text = walk.string(bytes) else { return nil }
                id = text
            case Word.at:
                guard let text = walk.string(bytes) else { return nil }
                at = text
            case Word.modified:
                guard let text = walk.string(bytes) else { return nil }
                modified = text
            case Word.feed:
                guard let text = walk.string(bytes) else { return nil }
                feed = text
            case Word.keys:
                guard let list = BodyFields.list(&walk, bytes) else { return nil }
                keys = list
            case Word.sources:
                guard let list = BodyFields.list(&walk, bytes) else { return nil }
                sources = list
            case Word.savedCover:
                guard let object = BodyFields.value(&walk, bytes) else { return nil }
                savedCover = object
            case Word.finish:
                guard finish(&walk, bytes) else { return nil }
            default:
                guard walk.skip(bytes) else { return nil }
            }
        } while walk.take(UInt8(ascii: ","), bytes)
        guard walk.take(UInt8(ascii: "}"), bytes) else { return nil }
    }

    /// Kind and day alone, which come early: all that counting ten thousand finishes needs. Empty where absent;
    /// `nil`: only decoding helps.
    static func kindAndDay(
        _ bytes: Span<UInt8>, _ body: Range<Int>
    ) -> (kind: Range<Int>, day: Range<Int>)? {
        var walk = Walk(index: body.lowerBound, end: body.upperBound)
        guard walk.take(UInt8(ascii: "{"), bytes) else { return nil }
        repeat {
            guard let name = walk.name(bytes) else { return nil }
            guard name == Word.finish else {
                guard walk.skip(bytes) else { return nil }
                continue
            }
            guard walk.take(UInt8(ascii: "{"), bytes) else { return nil }
            var (kind, day) = (0..<0, 0..<0)
            repeat {
                guard let name = walk.name(bytes) else { return nil }
                switch name {
                case Word.kind:
                    guard let text = walk.string(bytes) else { return nil }
                    kind = text
                case Word.day:
                    guard let text = walk.string(bytes) else { return nil }
                    day = text
                default:
                    guard walk.skip(bytes) else { return nil }
                }
                if !kind.isEmpty, !day.isEmpty { return (kind, day) }
            } while walk.take(UInt8(ascii: ","), bytes)
            return (kind, day)
        } while walk.take(UInt8(ascii: ","), bytes)
        return nil
    }

    /// What stands between the brackets.
    private static func list(_ walk: inout Walk, _ bytes: Span<UInt8>) -> Range<Int>? {
        let start = walk.index + 1
        guard walk.skip(bytes) else { return nil }
        return start..<(walk.index - 1)
    }

    private static func value(_ walk: inout Walk, _ bytes: Span<UInt8>) -> Range<Int>? {
        let start = walk.index
        guard walk.skip(bytes) else { return nil }
        return start..<walk.index
    }

    private mutating func finish(_ walk: inout Walk, _ bytes: Span<UInt8>) -> Bool {
        guard walk.take(UInt8(ascii: "{"), bytes) else { return false }
        repeat {
            guard let name = walk.name(bytes) else { return false }
            switch name {
            case Word.year, Word.season, Word.episode, Word.identifiers:
                guard let value = BodyFields.value(&walk, bytes) else { return false }
                switch name {
                case Word.year: year = value
                case Word.season: season = value
                case Word.episode: episode = value
                default: identifiers = value
                }
            case Word.rating:
                guard rating(&walk, bytes) else { return false }
            case Word.repeated:
                guard let value = BodyFields.value(&walk, bytes) else { return false }
                isRepeat = bytes[value.lowerBound] == UInt8(ascii: "t")
            case Word.spoiler:
                guard let value = BodyFields.value(&walk, bytes) else { return false }
                isSpoiler = bytes[value.lowerBound] == UInt8(ascii: "t")
            case Word.kind, Word.title, Word.creator, Word.day, Word.instant, Word.review, Word.cover, Word.url:
                guard let text = walk.string(bytes) else { return false }
                take(name, text)
            default:
                guard walk.skip(bytes) else { return false }
            }
        } while walk.take(UInt8(ascii: ","), bytes)
        return walk.take(UInt8(ascii: "}"), bytes)
    }

    private mutating func take(_ name: UInt64, _ text: Range<Int>) {
        switch name {
        case Word.kind: kind = text
        case Word.title: title = text
        case Word.creator: creator = text
        case Word.day: day = text
        case Word.instant: instant = text
        case Word.review: review = text
        case Word.cover: cover = text
        default: url = text
        }
    }

    /// `{"value":450,"best":500}`
    private mutating func rating(_ walk: inout Walk, _ bytes: Span<UInt8>) -> Bool {
        guard walk.take(UInt8(ascii: "{"), bytes), walk.name(bytes) == Word.value,
            let value = walk.integer(bytes), walk.take(UInt8(ascii: ","), bytes),
            walk.name(bytes) == Word.best, let best = walk.integer(bytes),
            walk.take(UInt8(ascii: "}"), bytes)
        else { return false }
        rating = (value, best)
        return true
    }
}

extension FinishTable {
    /// Where the fields of a finish stand in the arena.
    func fields(at place: Int) -> BodyFields? { BodyFields(arena.span, body(at: place)) }

    /// Where the body of a finish stands in the arena.
    func body(at place: Int) -> Range<Int> {
        let start = Int(starts[place])
        return start..<(start + Int(lengths[place]))
    }

    /// A text of the arena, its escapes undone.
    func text(_ range: Range<Int>) -> String {
        let bytes = arena.span
        for index in range where bytes[index] == UInt8(ascii: "\\") {
            var text: [UInt8] = []
            JSONReader.unescape(arena, range, onto: &text)
            return String(decoding: text, as: UTF8.self)
        }
        return String(decoding: arena[range], as: UTF8.self)
    }
}
