import Formats

/// Strings and names, and where they can end when quotes are missing in them, or nobody escaped theirs.
extension LooseJSON {
    /// Nobody wrote a longer one.
    private static let nameBytesMax = 256

    // MARK: Names

    /// Up to behind the colon that follows it; `nil` where none stands, and nothing is read.
    mutating func name() -> String? {
        guard let end = nameEnd(offset), end < limit else { return nil }
        offset += 1
        var text: [UInt8] = []
        while offset < end {
            if bytes[offset] == UInt8(ascii: "\\") {
                escape(into: &text)
            } else {
                if bytes[offset] != 0 { text.append(bytes[offset]) }
                offset += 1
            }
        }
        offset = afterSpace(end + 1) + 1
        return String(decoding: text, as: UTF8.self)
    }

    /// The name of a member that has lost one of its quotes, or both, up to behind the colon that follows it.
    mutating func bareName() -> String? {
        guard let bare = bareName(offset) else { return nil }
        lose()
        // It is told all the same, and so is the value before it.
        if isInItems, depth == 3 { damage.slips = slips }
        offset = bare.value
        return bare.name
    }

    /// Where one begins, and its value. In prose words stand behind a comma, too, and a colon behind them: there they are
    /// none that JSON Feed gives an item, or what follows stands in no quotes or brackets.
    private func bareName(_ start: Int) -> (name: String, value: Int)? {
        guard start > 0, !LooseJSON.isLetter(bytes[start - 1]), bytes[start - 1] != UInt8(ascii: "_") else { return nil }
        var place = start
        if place < bytes.count, bytes[place] == UInt8(ascii: "\"") { place += 1 }
        let first = place
        while place < bytes.count, place - first < LooseJSON.bareNameMax,
            LooseJSON.isLetter(bytes[place]) || bytes[place] == UInt8(ascii: "_")
        {
            place += 1
        }
        guard place > first, place - first < LooseJSON.bareNameMax else { return nil }
        let end = place
        place = afterSpace(place)
        if place < bytes.count, bytes[place] == UInt8(ascii: "\"") { place = afterSpace(place + 1) }
        guard place < bytes.count, bytes[place] == UInt8(ascii: ":") else { return nil }
        place = afterSpace(place + 1)
        guard place < bytes.count,
            bytes[place] == UInt8(ascii: "\"") || bytes[place] == UInt8(ascii: "[") || bytes[place] == UInt8(ascii: "{"),
            // With the next name behind it it is a part of one, too many.
            !isName(place)
        else { return nil }
        let name = String(decoding: bytes[first..<end], as: UTF8.self)
        return LooseJSON.definedNames.contains(name) ? (name, place) : nil
    }

    private static let bareNameMax = 32

    func isName(_ start: Int) -> Bool { nameEnd(start) != nil }

    /// Where the closing quote of a name stands that begins here: a colon follows it, and it does not begin as an item
    /// ends: `},{"id":` behind a quote too many is no name.
    func nameEnd(_ start: Int) -> Int? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else { return nil }
        let first = afterSpace(start + 1)
        guard first < bytes.count, !LooseJSON.isBetween(bytes[first]) else { return nil }
        var end = start + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            guard end - start <= LooseJSON.nameBytesMax else { return nil }
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else { return nil }
        let colon = afterSpace(end + 1)
        return colon < bytes.count && bytes[colon] == UInt8(ascii: ":") ? end : nil
    }

    private static func isBetween(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"): true
        default: false
        }
    }

    /// The first quote or bracket behind a quote, as near as in a name.
    func shortEnd(_ start: Int) -> Int? {
        var place = start + 1
        let end = min(bytes.count, place + LooseJSON.nameBytesMax)
        while place < end {
            switch bytes[place] {
            case UInt8(ascii: "\\"): place += 2
            case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"):
                return place
            default: place += 1
            }
        }
        return nil
    }

    // MARK: Values

    /// - Returns: `nil` where its end is missing, and it runs on to the name of a member. That comes next, or the
    ///   brackets before it.
    mutating func string() -> String? {
        // Never back to what is passed.
        if offset >= limit { findLimit() }
        let beginning = offset
        var quote = offset
        offset += 1
        var text: [UInt8] = []
        var countBeforeQuote = 0
        var quotes = 0
        while offset < limit {
            let start = offset
            while offset < limit, bytes[offset] != UInt8(ascii: "\""), bytes[offset] != UInt8(ascii: "\\") {
                offset += 1
            }
            append(start..<offset, to: &text)
            guard offset < limit else { break }
            if bytes[offset] == UInt8(ascii: "\\") {
                escape(into: &text)
                continue
            }
            if isEnd(offset + 1) {
                offset += 1
                isQuoteLeft = quotes % 2 == 1
                // `"A"" "b":`: of two quotes one stands for the comma.
                let next = afterSpace(offset)
                if isQuoteLeft, quote == offset - 2, next < bytes.count, bytes[next] == UInt8(ascii: "\"") { lose() }
                return String(decoding: text, as: UTF8.self)
            }
            if nameEnd(quote) == offset {
                if let place = memberStart(quote, behind: beginning) {
                    offset = place
                    return nil
                }
                if quote > beginning, bytes[afterSpace(quote + 1)] == UInt8(ascii: ",") {
                    // It ended there, and the next name has no quote before it.
                    offset = quote + 1
                    return String(decoding: text[..<countBeforeQuote], as: UTF8.self)
                }
                // A name in a text, or a text that has swallowed members.
                isMemberName(String(decoding: bytes[(quote + 1)..<offset], as: UTF8.self)) ? lose() : suspect()
            }
            countBeforeQuote = text.count
            text.append(UInt8(ascii: "\""))
            quote = offset
            quotes += 1
            offset += 1
        }
        if limit < bytes.count {
            offset = limit
            return nil
        }
        stop()
        return String(decoding: text, as: UTF8.self)
    }

    /// NUL bytes are no text. One may be a slip, but several in a row are what a disk has lost, quotes and names with it.
    private mutating func append(_ range: Range<Int>, to text: inout [UInt8]) {
        var before: UInt8 = 1
        for place in range {
            let byte = bytes[place]
            if byte != 0 { text.append(byte) } else if before == 0 { lose(place) }
            before = byte
        }
    }

    private func isMemberName(_ name: String) -> Bool { name.hasPrefix("_") || memberNames.contains(name) }

    /// Where a member begins whose name does here, with all brackets before it: it stands behind a comma, or is the
    /// first of an object.
    private func memberStart(_ name: Int, behind beginning: Int) -> Int? {
        var place = name
        var (isMember, isOpened) = (false, false)
        while place - 1 > beginning {
            switch bytes[place - 1] {
            case ...0x20: break
            case UInt8(ascii: ","): isMember = true
            case UInt8(ascii: "{"): isOpened = true
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if !isMember, !isOpened { return nil }
                isMember = true
            default: return isMember ? place : nil
            }
            place -= 1
        }
        return isMember ? place : nil
    }

    /// Whether a string can end before this place: by what follows it there, on the same line or the next.
    func isEnd(_ start: Int) -> Bool {
        let place = afterSpace(start)
        guard place < bytes.count else { return true }
        switch bytes[place] {
        case UInt8(ascii: "}"), UInt8(ascii: "]"): return true
        case UInt8(ascii: "\""): return bytes[start..<place].contains(0x0A) || isName(place)
        case UInt8(ascii: ","): break
        default: return false
        }
        // A comma between values, or two, and not one in a sentence.
        let next = afterSpace(place + 1, orCommas: true)
        guard next < bytes.count else { return true }
        switch bytes[next] {
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"): return true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return true
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            return ["true", "false", "null"].contains { bytes[next...].starts(with: $0.utf8) } || bareName(next) != nil
        default: return bareName(next) != nil
        }
    }

    /// From the backslash on. Before a letter that it makes no escape of it is one itself, as in a path.
    private mutating func escape(into text: inout [UInt8]) {
        if isEscape(offset), let end = JSONReader.escape(bytes, offset, onto: &text) {
            offset = end
            return
        }
        offset += 1
        guard offset < bytes.count else { return }
        let byte = bytes[offset]
        if LooseJSON.isLetter(byte) || (0x30...0x39).contains(byte) { text.append(UInt8(ascii: "\\")) }
        text.append(byte)
        offset += 1
    }

    /// Looked at before, for what `JSONReader` refuses it tells by its line, which is counted each time.
    private func isEscape(_ start: Int) -> Bool {
        guard start + 1 < bytes.count else { return false }
        switch bytes[start + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return true
        case UInt8(ascii: "u"):
            guard isUnit(start + 2) else { return false }
            // Behind the first half of a pair the other half, or no escape.
            return !isHighSurrogate(start + 2) || !bytes[(start + 6)...].starts(with: "\\u".utf8) || isUnit(start + 8)
        default: return false
        }
    }

    private func isHighSurrogate(_ start: Int) -> Bool {
        bytes[start] | 0x20 == UInt8(ascii: "d") && "89abAB".utf8.contains(bytes[start + 1])
    }

    private func isUnit(_ start: Int) -> Bool {
        start + 4 <= bytes.count
            && bytes[start..<start + 4].allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) }
    }
}
