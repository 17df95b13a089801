import XML

/// The tags of a piece of HTML with what stands between them: enough to find a picture, a link of
/// some class or a paragraph in the small descriptions that services write.
struct Fragment {
    struct Tag {
        /// Lower case.
        var name: String
        var attributes: [(name: String, value: String)]
        var isEnd: Bool
        /// Of the bytes from `<` to `>`.
        var range: Range<Int>

        func value(of name: String) -> String? {
            for attribute in attributes where attribute.name == name { return attribute.value }
            return nil
        }
    }

    let bytes: [UInt8]
    let tags: [Tag]

    init(_ html: String) {
        bytes = Array(html.utf8)
        tags = Fragment.scan(bytes)
    }

    /// The value of an attribute of the first such tag, references decoded.
    func attribute(_ attribute: String, of name: String) -> String? {
        for tag in tags where tag.name == name && !tag.isEnd {
            if let value = tag.value(of: attribute), !value.isEmpty { return HTMLText.plain(value) }
        }
        return nil
    }

    /// The first element of that name with that class, and what it holds as plain text.
    func element(_ name: String, class wanted: String? = nil) -> (tag: Tag, text: String)? {
        for (index, tag) in tags.enumerated() where tag.name == name && !tag.isEnd {
            if let wanted {
                let classes = (tag.value(of: "class") ?? "").split(separator: " ")
                guard classes.contains(Substring(wanted)) else { continue }
            }
            for end in tags[(index + 1)...] where end.isEnd && end.name == name {
                let inside = bytes[tag.range.upperBound..<end.range.lowerBound]
                return (tag, HTMLText.plain(Array(inside)))
            }
            return nil
        }
        return nil
    }

    /// The paragraphs in front, as long as nothing but white space stands between them.
    var leadingParagraphs: [Range<Int>] {
        var found: [Range<Int>] = []
        var place = 0
        var index = 0
        while index < tags.count {
            let tag = tags[index]
            guard tag.name == "p", !tag.isEnd,
                bytes[place..<tag.range.lowerBound].allSatisfy({ $0 <= 0x20 }),
                let close = tags[index...].firstIndex(where: { $0.name == "p" && $0.isEnd })
            else { break }
            place = tags[close].range.upperBound
            found.append(tag.range.lowerBound..<place)
            index = close + 1
        }
        return found
    }

    func text(_ range: Range<Int>) -> String { HTMLText.plain(Array(bytes[range])) }

    func markup(from offset: Int) -> String { String(decoding: bytes[offset...], as: UTF8.self) }

    private static func scan(_ bytes: [UInt8]) -> [Tag] {
        var tags: [Tag] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "<") else {
                index += 1
                continue
            }
            let start = index
            index += 1
            let isEnd = index < bytes.count && bytes[index] == UInt8(ascii: "/")
            if isEnd { index += 1 }
            let name = word(bytes, &index)
            guard !name.isEmpty else {
                if let end = endOfComment(bytes, from: index) { index = end }
                continue
            }
            var attributes: [(String, String)] = []
            while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
                let before = index
                let attribute = word(bytes, &index)
                if attribute.isEmpty {
                    index = before + 1
                } else {
                    attributes.append((attribute, value(bytes, &index)))
                }
            }
            if index < bytes.count { index += 1 }
            tags.append(Tag(name: name, attributes: attributes, isEnd: isEnd, range: start..<index))
            // What is in them is no markup.
            if !isEnd, name == "style" || name == "script" { index = endOfRawText(name, bytes, from: index) }
        }
        return tags
    }

    /// Behind a comment whose `<` stands right before `start`; one without end hides all. `<!-->` and `<!--->` are
    /// comments of nothing (HTML §13.2.5.43).
    private static func endOfComment(_ bytes: [UInt8], from start: Int) -> Int? {
        guard bytes[start...].starts(with: "!--".utf8) else { return nil }
        var index = start + 1
        while index + 2 < bytes.count {
            if bytes[index] == 0x2D, bytes[index + 1] == 0x2D, bytes[index + 2] == 0x3E { return index + 3 }
            index += 1
        }
        return bytes.count
    }

    /// Where the end tag begins; one without hides all.
    private static func endOfRawText(_ name: String, _ bytes: [UInt8], from start: Int) -> Int {
        var index = start
        while index + 2 + name.utf8.count <= bytes.count {
            if bytes[index] == UInt8(ascii: "<"), bytes[index + 1] == UInt8(ascii: "/"),
                bytes[(index + 2)...].prefix(name.utf8.count).elementsEqual(name.utf8, by: { $0 | 0x20 == $1 })
            {
                return index
            }
            index += 1
        }
        return bytes.count
    }

    private static func word(_ bytes: [UInt8], _ index: inout Int) -> String {
        var word: [UInt8] = []
        while index < bytes.count {
            switch bytes[index] {
            case 0x41...0x5A: word.append(bytes[index] | 0x20)
            case 0x61...0x7A, 0x30...0x39, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                word.append(bytes[index])
            default: return String(decoding: word, as: UTF8.self)
            }
            index += 1
        }
        return String(decoding: word, as: UTF8.self)
    }

    private static func value(_ bytes: [UInt8], _ index: inout Int) -> String {
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
        guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { return "" }
        index += 1
        while index < bytes.count, bytes[index] <= 0x20 { index += 1 }
        guard index < bytes.count else { return "" }
        let quote = bytes[index]
        let start: Int
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            index += 1
            start = index
            while index < bytes.count, bytes[index] != quote { index += 1 }
        } else {
            start = index
            while index < bytes.count, bytes[index] > 0x20, bytes[index] != UInt8(ascii: ">") {
                index += 1
            }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if index < bytes.count, bytes[index] == quote { index += 1 }
        return text
    }
}
