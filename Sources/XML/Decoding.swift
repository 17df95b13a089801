/// A document's bytes as UTF-8, and how they came to be that.
public struct DecodedText: Equatable, Sendable {
    /// Clean UTF-8 without a byte order mark.
    public var bytes: [UInt8]
    /// What they were decoded as, lower case: `utf-8`, `windows-1252`, `gb18030`…
    public var encoding: String
    /// What was named but did not hold, or what was replaced; `nil` when all was as it was said.
    public var defect: String?

    public init(bytes: [UInt8], encoding: String, defect: String? = nil) {
        self.bytes = bytes
        self.encoding = encoding
        self.defect = defect
    }
}

/// Bytes to UTF-8, in the order of specs/feed-parsing.md R2: byte order mark; the zeros of UTF-16
/// and UTF-32; the charset of Content-Type; the XML declaration; UTF-8 where it is valid; else UTF-8
/// where only little is wrong (`NearlyUTF8`), and windows-1252, in which nothing is.
///
/// A name holds only when the bytes are valid in it. Bytes that are UTF-8 with more than ASCII in
/// them stay UTF-8 whatever they are said to be in (miniflux's rule). Text in another encoding is hardly
/// ever valid UTF-8 by chance, but the other way round it says nothing: most of UTF-8 is valid GBK, too,
/// where `é` reads `茅` and the last letter of a section of CDATA takes a bracket of its end along.
public enum Decoding {
    /// - Parameters:
    ///   - charset: the parameter of Content-Type, quotes and all; `nil` when there was none.
    ///   - isXML: whether to look for an XML declaration.
    ///   - outline: what is known of such documents: a tag that is only spoken of before one is none of it.
    public static func decode(
        _ bytes: [UInt8], charset: String? = nil, isXML: Bool = true, outline: Outline = Outline()
    ) -> DecodedText {
        if let mark = byteOrderMark(bytes) ?? wideText(bytes) {
            guard mark.length == 2, isNarrow(bytes[2...]) else {
                return decode(bytes, wide: mark.encoding, from: mark.length)
            }
            var text = decode(Array(bytes[2...]), charset: charset, isXML: isXML, outline: outline)
            text.defect = "it begins with the mark of \(mark.encoding), and is \(text.encoding)"
            return text
        }
        let isUTF8 = UTF8Check.isValid(bytes)
        let isASCII = isUTF8 && UTF8Check.isASCII(bytes)
        let declared = isXML ? declaredName(bytes, outline) : nil
        var defect: String?
        var hopeful: [EncodingName] = []
        lazy var nearly = NearlyUTF8(bytes, isCounting: true)
        for stated in [charset, declared] {
            guard let stated, !stated.isEmpty else { continue }
            guard let name = EncodingName(stated) else {
                defect = defect ?? "encoding \"\(clipped(stated))\" is not one of this text"
                continue
            }
            if name.isUTF8 {
                if isUTF8 { return DecodedText(bytes: bytes, encoding: "utf-8", defect: defect) }
                hopeful.append(name)
            } else if isASCII && name.keepsASCII {
                return DecodedText(bytes: bytes, encoding: name.text, defect: defect)
            } else if !isASCII && isUTF8 && (name.text != "windows-1252" || !NearlyUTF8.isWordsAndQuotes(bytes)) {
                defect = defect ?? "encoding \"\(clipped(stated))\" was stated, and it is utf-8"
                continue
            } else if !isUTF8, nearly.isMeant(as: name) {
                // feedparser#421: a stray byte or two make no other encoding of it.
                return DecodedText(
                    bytes: NearlyUTF8(bytes).bytes, encoding: "utf-8",
                    defect: "encoding \"\(clipped(stated))\" was stated, and it is utf-8 with faults")
            } else if !name.isASCII, let text = name.decode(bytes) {
                return DecodedText(bytes: text, encoding: name.text, defect: defect)
            } else if !name.isASCII {
                hopeful.append(name)
            }
            defect = defect ?? "encoding \"\(clipped(stated))\" does not fit all bytes"
        }
        if isUTF8 { return DecodedText(bytes: bytes, encoding: "utf-8", defect: defect) }
        if nearly.isMeant(as: hopeful.first { $0.isUTF8 }) {
            return DecodedText(bytes: NearlyUTF8(bytes).bytes, encoding: "utf-8", defect: nearly.defect)
        }
        return guess(bytes, hopeful: hopeful.filter { !$0.isUTF8 }, defect: defect)
    }

    /// The last resort: no stated encoding fits, and it is not UTF-8 either.
    private static func guess(
        _ bytes: [UInt8], hopeful: [EncodingName], defect: String?
    ) -> DecodedText {
        for name in hopeful {
            if let text = name.decode(bytes, replacingAtMost: bytes.count / 200 + 2) {
                return DecodedText(bytes: text, encoding: name.text, defect: defect)
            }
        }
        return DecodedText(
            bytes: Windows1252.decode(bytes), encoding: "windows-1252",
            defect: defect ?? "no encoding stated, and it is not utf-8")
    }

    private static func decode(_ bytes: [UInt8], wide name: String, from: Int) -> DecodedText {
        if name == "utf-8" {
            let text = Array(bytes[from...])
            if UTF8Check.isValid(text) { return DecodedText(bytes: text, encoding: name) }
            let nearly = NearlyUTF8(text)
            return DecodedText(bytes: nearly.bytes, encoding: name, defect: nearly.defect)
        }
        let text = WideText.decode(bytes, from: from, encoding: name)
        return DecodedText(
            bytes: text.bytes, encoding: name,
            defect: text.isWhole ? nil : "characters that are not \(name) were replaced")
    }

    /// UTF-32 before UTF-16: the little-endian mark of the one begins with that of the other.
    private static func byteOrderMark(_ bytes: [UInt8]) -> (encoding: String, length: Int)? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return ("utf-8", 3) }
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) { return ("utf-32le", 4) }
        if bytes.starts(with: [0, 0, 0xFE, 0xFF]) { return ("utf-32be", 4) }
        if bytes.starts(with: [0xFF, 0xFE]) { return ("utf-16le", 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return ("utf-16be", 2) }
        return nil
    }

    /// Whether this is no UTF-16, whatever mark stands before it: a document begins, and not one of its first bytes is
    /// zero or beyond ASCII.
    private static func isNarrow(_ bytes: ArraySlice<UInt8>) -> Bool {
        let head = bytes.prefix(8)
        guard head.count == 8, head.allSatisfy({ $0 != 0 && $0 < 0x80 }) else { return false }
        return head.first { !Repair.isSpace($0) }.map(isBeginning) ?? false
    }

    /// White space, then what a document begins with and an ASCII character after it, as UTF-16 and
    /// UTF-32 write them without a mark (XML 1.0 appendix F.1; RFC 4627 §3 for JSON).
    private static func wideText(_ bytes: [UInt8]) -> (encoding: String, length: Int)? {
        guard bytes.count >= 4, bytes[0] == 0 || bytes[1] == 0 else { return nil }
        for (encoding, width, place) in wideForms {
            /// The character at `index` where it is one of ASCII, else 0.
            func character(_ index: Int) -> UInt8 {
                guard index + width <= bytes.count else { return 0 }
                for offset in 0..<width where offset != place && bytes[index + offset] != 0 { return 0 }
                return bytes[index + place]
            }
            var index = 0
            while Repair.isSpace(character(index)) { index += width }
            if isBeginning(character(index)), character(index + width) != 0 { return (encoding, 0) }
        }
        return nil
    }

    /// How wide a character is and where its lowest byte stands. None of them can be taken for another.
    private static let wideForms = [
        ("utf-32le", 4, 0), ("utf-32be", 4, 3), ("utf-16le", 2, 0), ("utf-16be", 2, 1),
    ]

    private static func isBeginning(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[")
    }

    /// The name in `<?xml … encoding="…"`, which may stand behind white space and a few bytes of junk, but
    /// not inside the document: a feed about XML shows such a line in its texts, and a JSON Feed may, too.
    static func declaredName(_ bytes: [UInt8], _ outline: Outline = Outline()) -> String? {
        let head = bytes[...].drop(while: Repair.isSpace).prefix(4096)
        guard let start = declaration(in: head, outline),
            let end = head[start...].firstIndex(of: UInt8(ascii: ">")),
            let name = head[start..<end].firstIndex(of: "encoding")
        else { return nil }
        var index = name + 8
        func skip(_ wanted: (UInt8) -> Bool) { while index < end, wanted(head[index]) { index += 1 } }
        skip { $0 <= 0x20 }
        guard index < end, head[index] == UInt8(ascii: "=") else { return nil }
        index += 1
        skip { $0 <= 0x20 || $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"") }
        let from = index
        skip { EncodingName.isNameByte($0) }
        return from < index ? String(decoding: head[from..<index], as: UTF8.self) : nil
    }

    /// Where `<?xml` stands before any root of a feed. A line of a log before it may begin as JSON does, but there it
    /// stands behind a quote.
    private static func declaration(in head: ArraySlice<UInt8>, _ outline: Outline) -> Int? {
        let first = head.first { !Repair.isSpace($0) }
        let isLikeJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        var end = head.endIndex
        for index in head.indices where head[index] == UInt8(ascii: "<") {
            guard index < end else { return nil }
            let rest = head[(index + 1)...]
            if rest.starts(with: "?xml".utf8), let next = rest.dropFirst(4).first, next <= 0x20 {
                let line = head[..<index].reversed().prefix { $0 != 0x0A }
                return isLikeJSON && line.contains(UInt8(ascii: "\"")) ? nil : index
            }
            if rest.starts(with: "![CDATA[".utf8) { return nil }
            // `Warning: <item> not closed in …`
            if end == head.endIndex, isRoot(rest) { end = head.startIndex + Repair.start(of: Array(head), outline) }
        }
        return nil
    }

    /// Whether a tag begins here that holds a feed or a part of one, under whatever prefix.
    private static func isRoot(_ rest: ArraySlice<UInt8>) -> Bool {
        let name = rest.prefix(32).prefix { EncodingName.isNameByte($0) }
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        return roots.contains(String(decoding: local, as: UTF8.self).lowercased())
    }
    private static let roots: Set = ["rss", "rdf", "feed", "channel", "item", "entry"]

    /// A stated name is somebody else's text: not much of it goes into a message.
    private static func clipped(_ name: String) -> String { String(name.prefix(40)) }
}

extension ArraySlice<UInt8> {
    /// Where ASCII text stands first.
    func firstIndex(of text: StaticString) -> Int? {
        let wanted = Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        guard count >= wanted.count else { return nil }
        return (startIndex...(endIndex - wanted.count)).first { start in
            for offset in 0..<wanted.count where self[start + offset] != wanted[offset] {
                return false
            }
            return true
        }
    }
}
