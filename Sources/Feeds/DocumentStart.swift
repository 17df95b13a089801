import XML

/// Where a document begins, behind what stands before it that is none of it: notices of PHP, lines of a log, the size of
/// a chunk, `)]}'`, the name of a function.
///
/// A JSON Feed is known there by its version. Without one a bracket is as likely a part of the junk.
struct DocumentStart {
    enum Kind {
        /// The bracket of a JSON Feed that has its version.
        case json
        /// Markup: of a feed or of a page, in which JSON is none of ours.
        case markup
    }

    var kind: Kind
    var place: Int
    /// Whether a quote stands before it: it may be shown in a text.
    var isBehindQuote: Bool
    /// From the first value of JSON before it to the end of the last: what they show is no markup of the document.
    var values: Range<Int>?

    /// Whether the object that begins here has a JSON Feed's version.
    static func isFeed(_ bytes: [UInt8], at place: Int) -> Bool {
        var search = Search(bytes: bytes)
        search.place = place
        return search.isFeed()
    }

    /// - Returns: `nil` where neither is found.
    static func find(in bytes: [UInt8]) -> DocumentStart? {
        var search = Search(bytes: bytes)
        return search.find().map {
            DocumentStart(kind: $0, place: search.place, isBehindQuote: search.isBehindQuote, values: search.values)
        }
    }
}

/// Each byte is looked at once, or a few hundred times: an object that has no end ends the search.
private struct Search {
    let bytes: [UInt8]
    var place = 0
    var isBehindQuote = false
    private(set) var values: Range<Int>?

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// As far as `Repair` looks for a root; white space, comments and whole objects do not count.
    private static let junkBytesMax = 65_536

    mutating func find() -> DocumentStart.Kind? {
        var junkLeft = Search.junkBytesMax
        var hasComments = true
        var hasStrings = bytes.first { $0 > 0x20 } == UInt8(ascii: "[")
        while place < bytes.count, junkLeft > 0 {
            switch bytes[place] {
            case ...0x20: break
            case UInt8(ascii: "<"):
                // Right behind a quote it is the text of one who shows it.
                if opensDocument(place) { return place > 0 && Search.isQuote(bytes[place - 1]) ? nil : .markup }
                if hasComments, bytes[place...].starts(with: "<!--".utf8) {
                    if let end = commentEnd() { place = end } else { hasComments = false }
                }
                junkLeft -= 1
            case UInt8(ascii: "{") where isName(afterSpace(place + 1)):
                isBehindQuote = true
                switch object() {
                case .feed: return .json
                case .open: return findBehindCut() ? .markup : nil
                case .other(let end): pass(to: end)
                }
            case UInt8(ascii: "{") where isOtherObject(afterSpace(place + 1)): return nil
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                isBehindQuote = true
                junkLeft -= 1
                if hasStrings, bytes[place] == UInt8(ascii: "\"") {
                    if let end = lineStringEnd() {
                        junkLeft -= end - place
                        pass(to: end)
                    } else {
                        hasStrings = false
                    }
                }
            default: junkLeft -= 1
            }
            place += 1
        }
        return nil
    }

    private mutating func pass(to end: Int) {
        values = (values?.lowerBound ?? place)..<(end + 1)
        place = end
    }

    // MARK: Markup

    /// The object that begins here is a log's, cut off at the end of its line, when a document begins on the next one:
    /// that line break stands in no text.
    private mutating func findBehindCut() -> Bool {
        var isInText = false
        var last: UInt8 = 0
        var index = place
        let end = min(bytes.count, place + Search.junkBytesMax)
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "\\") where isInText: index += 1
            case UInt8(ascii: "\""): isInText.toggle()
            case 0x0A:
                guard !isInText else { return false }
                let next = afterSpace(index)
                if next < bytes.count, bytes[next] == UInt8(ascii: "<") {
                    guard Search.cutSigns.contains(last), opensDocument(next) else { return false }
                    values = (values?.lowerBound ?? place)..<index
                    place = next
                    return true
                }
            default: break
            }
            if bytes[min(index, end - 1)] > 0x20 { last = bytes[min(index, end - 1)] }
            index += 1
        }
        return false
    }

    /// What may stand last on a line of an object that has no end.
    private static let cutSigns = Array("{}[],:\"".utf8)

    /// Where the string that begins here ends on its line.
    private func lineStringEnd() -> Int? {
        var index = place + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == 0x0A { return nil }
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index < bytes.count ? index : nil
    }

    /// Whether the root of anything stands here, or what stands before one; a notice has other tags.
    private func opensDocument(_ place: Int) -> Bool {
        let name = bytes[(place + 1)...].prefix(Search.tagBytesMax).prefix {
            $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
        }
        guard let first = name.first else { return false }
        switch first {
        case UInt8(ascii: "?"): return true
        case UInt8(ascii: "!"): return !name.starts(with: "!--".utf8)
        case 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), 0x80...:
            return !Search.noticeTags.contains(String(decoding: name, as: UTF8.self).lowercased())
        default: return false
        }
    }

    private static let tagBytesMax = 16
    /// As PHP and xdebug write theirs.
    private static let noticeTags: Set = ["br", "hr", "b", "i", "strong", "em", "font", "table", "tr", "th", "td", "span"]

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private func commentEnd() -> Int? {
        var index = place + 6
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: ">"), bytes[index - 1] == UInt8(ascii: "-"), bytes[index - 2] == UInt8(ascii: "-") {
                return index
            }
            index += 1
        }
        return nil
    }

    // MARK: Objects

    /// Whether an object begins here as JavaScript and Python write them, which may show a feed in a text.
    private func isOtherObject(_ start: Int) -> Bool {
        guard start < bytes.count else { return false }
        if bytes[start] == UInt8(ascii: "'") { return true }
        let end = bytes[start...].prefix(256).firstIndex { !LooseJSON.isLetter($0) && $0 != UInt8(ascii: "_") } ?? start
        let colon = afterSpace(end)
        return end > start && colon < bytes.count && bytes[colon] == UInt8(ascii: ":")
    }

    private enum Object {
        case feed
        /// Its closing bracket stands here.
        case other(end: Int)
        /// What stands behind it stands in it.
        case open
    }

    func isFeed() -> Bool {
        if case .feed = object() { true } else { false }
    }

    /// What the object is that begins here, by the version among its own members.
    private func object() -> Object {
        var depth = 0
        var index = place
        var versionsLeft = Search.versionsMax
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return .other(end: index) }
            case UInt8(ascii: "\""):
                guard let end = stringEnd(index) else { return .open }
                if depth == 1, versionsLeft > 0, bytes[(index + 1)..<end].elementsEqual("version".utf8), isName(index) {
                    if isVersion(end) { return .feed }
                    versionsLeft -= 1
                }
                index = end
            default: break
            }
            index += 1
        }
        return .open
    }

    /// It has one, but a text may be taken for another.
    private static let versionsMax = 8

    /// Whether JSON Feed's stands behind the name that ends here.
    private func isVersion(_ end: Int) -> Bool {
        JSONFeedReader.isVersion(bytes, at: afterSpace(afterSpace(end + 1) + 1))
    }

    private func stringEnd(_ start: Int) -> Int? {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return index < bytes.count ? index : nil
    }

    /// Whether a member's name stands here, as short as they are, and a colon behind it.
    private func isName(_ start: Int) -> Bool {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\""),
            let end = bytes[(start + 1)...].prefix(256).firstIndex(of: UInt8(ascii: "\""))
        else { return false }
        let colon = afterSpace(end + 1)
        return colon < bytes.count && bytes[colon] == UInt8(ascii: ":")
    }

    private func afterSpace(_ start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
        return index
    }
}

extension [UInt8] {
    /// Without the markup in a part of them.
    mutating func hideMarkup(in part: Range<Int>) {
        for index in part where self[index] == UInt8(ascii: "<") { self[index] = 0x20 }
    }

    /// With white space for what stands before `end`; its lines keep their numbers.
    ///
    /// - Returns: the first line with anything else; `nil` when there is none.
    mutating func blank(to end: Int) -> Int? {
        var line = 1
        var first: Int?
        for index in 0..<end {
            if self[index] == 0x0A {
                line += 1
            } else if self[index] > 0x20 {
                first = first ?? line
                self[index] = 0x20
            }
        }
        return first
    }
}
