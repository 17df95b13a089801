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

    /// `nil` for a line that does not have the form.
    init?(_ line: [UInt8], _ range: Range<Int>) {
        var walk = Walk(line: line, index: range.lowerBound, end: range.upperBound)
        guard walk.take(UInt8(ascii: "{")) else { return nil }
        bodyEnd = range.upperBound - 1
        repeat {
            let start = walk.index
            guard let name = walk.string(), walk.take(UInt8(ascii: ":")) else { return nil }
            let value = walk.index
            switch name.count {
            case 2 where line[name.lowerBound] == UInt8(ascii: "i"):
                guard let text = walk.string() else { return nil }
                id = text
            case 4 where line[name.lowerBound] == UInt8(ascii: "k"):
                guard list(&walk) else { return nil }
            case 4 where line[name.lowerBound] == UInt8(ascii: "f"):
                guard let text = walk.string() else { return nil }
                feed = text
            case 6 where line[name.lowerBound] == UInt8(ascii: "f"):
                guard finish(&walk) else { return nil }
            case 6 where line[name.lowerBound] == UInt8(ascii: "s"):
                bodyEnd = start - 1
                guard walk.skip() else { return nil }
            case 8 where line[name.lowerBound] == UInt8(ascii: "a"):
                guard walk.skip() else { return nil }
                announce = value..<walk.index
            case 8 where line[name.lowerBound] == UInt8(ascii: "b"):
                hasBackfill = true
                guard walk.skip() else { return nil }
            default:
                guard walk.skip() else { return nil }
            }
        } while walk.take(UInt8(ascii: ","))
        hasEscape = walk.hasEscape
        guard walk.take(UInt8(ascii: "}")), walk.index == range.upperBound, !id.isEmpty, !feed.isEmpty
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
            if name.count == 3, walk.line[name.lowerBound] == UInt8(ascii: "d") {
                guard let text = walk.string() else { return false }
                day = text
            } else if name.count == 7, walk.line[name.lowerBound] == UInt8(ascii: "i") {
                guard let text = walk.string() else { return false }
                instant = text
            } else if !walk.skip() {
                return false
            }
        } while walk.take(UInt8(ascii: ","))
        return walk.take(UInt8(ascii: "}"))
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
