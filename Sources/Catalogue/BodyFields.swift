import Formats

/// Where in the body of a standing the fields stand that a list or a count needs, found without decoding it.
/// The one reader of bodies beside `Standing(body:)`, which reads them whole and is what this is tested
/// against.
struct BodyFields {
    /// Between the quotes, still escaped; empty when absent, as all below.
    var id = 0..<0
    var feed = 0..<0
    /// The keys, one behind the other with their quotes and commas.
    var keys = 0..<0
    /// As `keys`.
    var sources = 0..<0
    var kind = 0..<0
    var title = 0..<0
    var creator = 0..<0
    var day = 0..<0
    /// The digits, and a sign.
    var year = 0..<0
    var rating: (value: Int, best: Int)?
    var isRepeat = false

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
            case Word.feed:
                guard let text = walk.string(bytes) else { return nil }
                feed = text
            case Word.keys:
                guard let list = BodyFields.list(&walk, bytes) else { return nil }
                keys = list
            case Word.sources:
                guard let list = BodyFields.list(&walk, bytes) else { return nil }
                sources = list
            case Word.finish:
                guard finish(&walk, bytes) else { return nil }
            default:
                guard walk.skip(bytes) else { return nil }
            }
        } while walk.take(UInt8(ascii: ","), bytes)
        guard walk.take(UInt8(ascii: "}"), bytes) else { return nil }
    }

    /// What stands between the brackets.
    private static func list(_ walk: inout Walk, _ bytes: Span<UInt8>) -> Range<Int>? {
        let start = walk.index + 1
        guard walk.skip(bytes) else { return nil }
        return start..<(walk.index - 1)
    }

    private mutating func finish(_ walk: inout Walk, _ bytes: Span<UInt8>) -> Bool {
        guard walk.take(UInt8(ascii: "{"), bytes) else { return false }
        repeat {
            guard let name = walk.name(bytes) else { return false }
            switch name {
            case Word.kind:
                guard let text = walk.string(bytes) else { return false }
                kind = text
            case Word.title:
                guard let text = walk.string(bytes) else { return false }
                title = text
            case Word.creator:
                guard let text = walk.string(bytes) else { return false }
                creator = text
            case Word.day:
                guard let text = walk.string(bytes) else { return false }
                day = text
            case Word.year:
                let start = walk.index
                guard walk.skip(bytes) else { return false }
                year = start..<walk.index
            case Word.rating:
                guard rating(&walk, bytes) else { return false }
            case Word.repeated:
                // Written only where it is true.
                isRepeat = true
                guard walk.skip(bytes) else { return false }
            default:
                guard walk.skip(bytes) else { return false }
            }
        } while walk.take(UInt8(ascii: ","), bytes)
        return walk.take(UInt8(ascii: "}"), bytes)
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
            let quoted = Array(arena[(range.lowerBound - 1)...range.upperBound])
            // Our own line: only a bug gets to the other side.
            return (try? JSONReader.read(quoted).stringValue) ?? ""
        }
        return String(decoding: arena[range], as: UTF8.self)
    }
}
