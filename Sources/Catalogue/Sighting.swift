public import Formats

/// The identity of a finish: the first key it was seen under, never changed.
public struct FinishID: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public var description: String { text }

    /// By bytes: a String holds composed and decomposed letters for equal, and two entries may differ in
    /// nothing else.
    public static func == (left: FinishID, right: FinishID) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

/// By which rule a key was made (PRODUCT section 5, `rule`).
public enum Rule: String, CaseIterable, Sendable {
    case service, id
    case linkDate = "link-date"
    case link
    case titleDate = "title-date"
    case hash
    /// Entered by a person.
    case hand
}

/// A name under which a finish can be met again: `SERVICE:NOUN:VALUE`.
public struct Key: Equatable, Sendable {
    public let text: String
    public let rule: Rule

    /// A key over 512 bytes is kept as `sha256:` and its hex (PRODUCT section 5).
    public init(_ text: String, rule: Rule = .service) {
        self.text = Bounds.key(text)
        self.rule = rule
    }

    /// The key of the work's finishing on a day: `KEY@2026-11-20`.
    func on(_ day: Day) -> Key { Key(text + "@" + day.description, rule: rule) }

    /// Where the work's key ends in a key that names a finishing by its day; `nil` for any other.
    static func workEnd(_ buffer: [UInt8], _ key: Range<Int>) -> Int? {
        for length in [10, 7, 4] where key.count > length + 1 {
            let mark = key.upperBound - length - 1
            guard buffer[mark] == UInt8(ascii: "@") else { continue }
            let day = String(decoding: buffer[(mark + 1)..<key.upperBound], as: UTF8.self)
            return Day(day) == nil ? nil : mark
        }
        return nil
    }

    /// Whose it is: `letterboxd`; of a feed of nobody's in particular `feed:NAME`. `nil` for the empty text.
    static func service(_ key: String) -> String? {
        let parts = key.split(separator: ":", maxSplits: 2)
        guard let first = parts.first else { return nil }
        return first == "feed" && parts.count > 1 ? "feed:" + parts[1] : String(first)
    }

    static func namesDay(_ key: String) -> Bool {
        let bytes = Array(key.utf8)
        return workEnd(bytes, 0..<bytes.count) != nil
    }
}

/// When a key that is known already means another finishing of the same work (PRODUCT section 6).
public enum RepeatPolicy: Equatable, Sendable {
    /// Its keys name one finishing.
    case never
    /// A later day is a repeat when it is at least so many days after the known one and later than the
    /// day on which the known one was first seen.
    case afterDays(Int)
    /// Each day is a finishing of its own.
    case perDay
}

/// An element of an entry as it was read: evidence that lets a later rule look again.
public struct Stated: Equatable, Sendable {
    public var name: String
    public var text: String

    public init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }
}

/// A finish as one entry or row states it.
public struct Sighting: Equatable, Sendable {
    /// Strongest first; the first becomes the id of a finish we did not know.
    public var keys: [Key]
    /// A key that tells too little to be kept, and by which a finish is met that has no better one.
    public var hint: Key?
    /// The feed's name in `feeds.toml`, or the name of an import.
    public var feed: String
    /// The entry's own id, or what stands for it.
    public var entry: String
    public var repeatPolicy: RepeatPolicy
    public var finish: Finish
    /// When the entry says it was published or logged: never the finish date, but the best guess of
    /// how old an undated one is.
    public var logged: Instant?
    /// Whether nothing tells when it was.
    public var isUndated: Bool { finish.day == nil && logged == nil }
    public var stated: [Stated]

    public init(
        keys: [Key], feed: String, entry: String, repeatPolicy: RepeatPolicy = .never,
        finish: Finish, logged: Instant? = nil, stated: [Stated] = []
    ) {
        self.keys = keys
        self.feed = feed
        self.entry = entry
        self.repeatPolicy = repeatPolicy
        self.finish = finish
        self.logged = logged
        self.stated = stated
    }
}

/// An entry that is no finish, and why.
public struct Passed: Equatable, Sendable {
    public var feed: String
    public var entry: String
    public var title: String
    public var reason: String
    public var stated: [Stated]

    public init(feed: String, entry: String, title: String, reason: String, stated: [Stated] = []) {
        self.feed = feed
        self.entry = entry
        self.title = title
        self.reason = reason
        self.stated = stated
    }
}
