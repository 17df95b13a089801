import Formats

/// A standing as it lies in memory, for those who show thousands of them: its fields are found, not decoded, and
/// a text that holds no escape is already what a JSON document says.
public struct StandingBody: Sendable {
    /// UTF-8. The ranges of `fields` and below are in it.
    public let bytes: [UInt8]
    public let fields: BodyFields

    /// `nil`: only decoding helps, as always where it is not in the form that we write.
    fileprivate init?(_ bytes: [UInt8], _ range: Range<Int>) {
        guard let fields = BodyFields(bytes.span, range),
            StandingBody.isUTF8(bytes.span.extracting(range))
        else { return nil }
        self.bytes = bytes
        self.fields = fields
    }

    /// Most of a body is ASCII, which goes by sixteen bytes at a time from both ends; what is between is checked.
    private static func isUTF8(_ text: Span<UInt8>) -> Bool {
        var start = 0
        var end = text.count
        while end - start >= 16, isASCII(text, from: start) { start += 16 }
        while end - start >= 16, isASCII(text, from: end - 16) { end -= 16 }
        return (try? UTF8Span(validating: text.extracting(start..<end))) != nil
    }

    private static func isASCII(_ text: Span<UInt8>, from start: Int) -> Bool {
        var all: UInt8 = 0
        for index in start..<start + 16 { all |= text[index] }
        return all < 0x80
    }

    public var kind: Kind? { Kind(bytes.span, fields.kind) }

    public var rating: Rating? { fields.rating.flatMap { Rating(value: $0.value, best: $0.best) } }

    /// A copy of the cover.
    public struct Cover {
        /// Between the quotes, as all ranges here.
        public fileprivate(set) var sha256 = 0..<0
        public fileprivate(set) var mediaType = 0..<0
        /// In pixels; 0: not known.
        public fileprivate(set) var width = 0
        public fileprivate(set) var height = 0
    }

    public var savedCover: Cover? {
        var cover = Cover()
        let isRead = eachMember(of: fields.savedCover) { name, walk in
            switch name {
            case Word.sha256: cover.sha256 = walk.string(bytes.span) ?? 0..<0
            case Word.mediaType: cover.mediaType = walk.string(bytes.span) ?? 0..<0
            case Word.width: cover.width = walk.integer(bytes.span) ?? 0
            case Word.height: cover.height = walk.integer(bytes.span) ?? 0
            default: _ = walk.skip(bytes.span)
            }
        }
        return isRead && !cover.sha256.isEmpty ? cover : nil
    }

    /// Names and values, in the order of the log.
    public var identifiers: [Identifier] {
        guard !fields.identifiers.isEmpty else { return [] }
        var identifiers: [Identifier] = []
        var walk = Walk(index: fields.identifiers.lowerBound + 1, end: fields.identifiers.upperBound)
        while let name = walk.string(bytes.span), walk.take(UInt8(ascii: ":"), bytes.span),
            let value = walk.string(bytes.span)
        {
            identifiers.append(Identifier(text(name), text(value)))
            _ = walk.take(UInt8(ascii: ","), bytes.span)
        }
        return identifiers
    }

    /// Whether a text is not yet what it means.
    public func holdsEscape(_ range: Range<Int>) -> Bool {
        let span = bytes.span
        for index in range where span[index] == UInt8(ascii: "\\") { return true }
        return false
    }

    /// A text with its escapes undone.
    public func text(_ range: Range<Int>) -> String {
        var text: [UInt8] = []
        JSONReader.unescape(bytes, range, onto: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private func eachMember(of object: Range<Int>, _ take: (UInt64, inout Walk) -> Void) -> Bool {
        guard !object.isEmpty else { return false }
        var walk = Walk(index: object.lowerBound + 1, end: object.upperBound)
        while let name = walk.name(bytes.span) {
            take(name, &walk)
            _ = walk.take(UInt8(ascii: ","), bytes.span)
        }
        return walk.take(UInt8(ascii: "}"), bytes.span)
    }
}

extension Standing {
    /// What it would lie in memory as.
    public var written: StandingBody {
        let body = self.body
        guard let written = StandingBody(body, 0..<body.count) else {
            // What it is written as is tested to be found.
            preconditionFailure("\(id.text) has a body whose fields are not found")
        }
        return written
    }
}

extension State {
    /// The same as `standing(of:)`, not decoded.
    public func written(_ glance: Glance) -> StandingBody {
        StandingBody(finishes.arena, finishes.body(at: glance.place)) ?? standing(of: glance).written
    }
}

extension Kind {
    /// By its name.
    init?(_ bytes: Span<UInt8>, _ name: Range<Int>) {
        let word = Word.of(bytes, name)
        guard let index = Word.kinds.firstIndex(of: word) else { return nil }
        self = Kind.allCases[index]
    }
}
