import Formats

/// One of the names by which an entry can be known again (specs/feed-parsing.md R9). A feed that
/// gains or loses guids keeps some of them, so all are looked up.
///
/// It is kept as the parts that it is made of and written out when it is asked for: most entries of a
/// feed are known by their first.
public struct EntryKey: Sendable {
    public enum Rule: String, Sendable, CaseIterable {
        /// guid, atom:id or rdf:about.
        case id
        case linkDate
        case link
        case titleDate
        /// SHA-256 of title and beginning of the body.
        case hash
    }

    public let rule: Rule
    /// Whether no other entry of the document has it by this rule; only then does it identify
    /// (FreshRSS#1887: one guid for all items).
    public internal(set) var isUnique = true
    private let parts: Parts

    private enum Parts {
        case text(String)
        case dated(String, Instant)
        /// Title and body.
        case hashed(String, Body?)
    }

    static func id(_ id: String) -> EntryKey { EntryKey(rule: .id, parts: .text(id)) }
    static func link(_ link: String) -> EntryKey { EntryKey(rule: .link, parts: .text(link)) }
    static func link(_ link: String, on date: Instant) -> EntryKey {
        EntryKey(rule: .linkDate, parts: .dated(link, date))
    }
    static func title(_ title: String, on date: Instant) -> EntryKey {
        EntryKey(rule: .titleDate, parts: .dated(title, date))
    }
    static func hash(title: String?, body: Body?) -> EntryKey {
        EntryKey(rule: .hash, parts: .hashed(title ?? "", body))
    }

    public var value: String {
        switch parts {
        case .text(let text): text
        case .dated(let text, let date): text + " " + String(date.seconds)
        case .hashed(let title, let body): hex(SHA256.digest(EntryKey.hashedText(title, body)))
        }
    }

    /// The same without scheme and `utm_*`: what stays when a site turns to https or a link gains
    /// tracking (NetNewsWire#324, feedbin#431).
    public var loose: String {
        switch parts {
        case .text(let text): EntryKey.loose(text)
        case .dated(let text, let date) where rule == .linkDate:
            EntryKey.loose(text) + " " + String(date.seconds)
        case .dated, .hashed: value
        }
    }

    /// A number that equal keys of one rule have in common, and hardly any others.
    var digest: UInt64 {
        var digest = Digest(seed: rule.rank)
        switch parts {
        case .text(let text):
            digest.add(text.utf8Span.span)
        case .dated(let text, let date):
            digest.add(UInt64(bitPattern: date.seconds))
            digest.add(text.utf8Span.span)
        case .hashed(let title, let body):
            digest.add(title.utf8Span.span)
            if let body { digest.add(body.beginning(EntryKey.hashedBytes).span) }
        }
        return digest.value
    }

    /// The same of all keys of an entry.
    static func digest(of keys: ArraySlice<UInt64>) -> UInt64 {
        var digest = Digest(seed: UInt64(keys.count))
        for key in keys { digest.add(key) }
        return digest.value
    }

    /// Of the title and the beginning of the first body: what follows tells no entries apart, and much of
    /// it costs time.
    private static func hashedText(_ title: String, _ body: Body?) -> [UInt8] {
        var text = Array(title.utf8)
        text.append(0)
        if let body { text.append(contentsOf: body.beginning(hashedBytes)) }
        return text
    }
    private static let hashedBytes = 256

    /// An address without its scheme and without parameters that begin with `utm_`; other text as it
    /// is.
    static func loose(_ text: String) -> String {
        guard Base.isWeb(text), let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            return text
        }
        let rest = text[text.utf8.index(after: colon)...]
        var fragment = ""
        var whole = rest
        if let hash = whole.utf8.firstIndex(of: UInt8(ascii: "#")) {
            if !isTracking(whole[whole.utf8.index(after: hash)...]) { fragment = String(whole[hash...]) }
            whole = whole[..<hash]
        }
        guard let mark = whole.utf8.firstIndex(of: UInt8(ascii: "?")) else { return String(whole) + fragment }
        let query = whole[whole.utf8.index(after: mark)...].split(separator: "&")
        let kept = query.filter { !isTracking($0) }
        let path = String(whole[..<mark])
        return path + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&")) + fragment
    }

    /// `utm_source=…`, also shouted, and behind an ampersand that was escaped twice.
    private static func isTracking(_ parameter: Substring) -> Bool {
        let name = parameter.hasPrefix("amp;") ? parameter.dropFirst("amp;".count) : parameter
        return name.prefix(4).lowercased() == "utm_"
    }
}

extension EntryKey: Equatable {
    public static func == (left: EntryKey, right: EntryKey) -> Bool {
        left.rule == right.rule && left.isUnique == right.isUnique && left.value == right.value
    }
}

extension EntryKey.Rule {
    /// From the strongest, which is 0.
    fileprivate var rank: UInt64 {
        switch self {
        case .id: 0
        case .linkDate: 1
        case .link: 2
        case .titleDate: 3
        case .hash: 4
        }
    }
}

/// A fast digest of bytes, eight at a time; not against people who look for two texts of one digest.
private struct Digest {
    private(set) var value: UInt64

    init(seed: UInt64) { value = (seed &+ 1) &* 0x9E37_79B9_7F4A_7C15 }

    mutating func add(_ word: UInt64) {
        let product = (value ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        value = product.high ^ product.low ^ 0x2545_F491_4F6C_DD1D
    }

    mutating func add(_ bytes: Span<UInt8>) {
        var index = 0
        while index + 8 <= bytes.count {
            var word: UInt64 = 0
            for offset in 0..<8 { word |= UInt64(bytes[index + offset]) << UInt64(offset * 8) }
            add(word)
            index += 8
        }
        var rest: UInt64 = UInt64(bytes.count - index) << 56
        var shift: UInt64 = 0
        while index < bytes.count {
            rest |= UInt64(bytes[index]) << shift
            shift += 8
            index += 1
        }
        add(rest)
    }
}
