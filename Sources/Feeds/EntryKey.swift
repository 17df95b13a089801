/// One of the names by which an entry can be known again (specs/feed-parsing.md R9). A feed that
/// gains or loses guids keeps some of them, so all are looked up.
public struct EntryKey: Equatable, Sendable {
    public enum Rule: String, Sendable, CaseIterable {
        /// guid, atom:id or rdf:about.
        case id
        case linkDate
        case link
        case titleDate
        /// SHA-256 of title and beginning of the body; only where an entry lacks a title or a date,
        /// or both id and link.
        case hash
    }

    public var rule: Rule
    public var value: String
    /// The same without scheme and `utm_*`: what stays when a site turns to https or a link gains
    /// tracking (NetNewsWire#324, feedbin#431).
    public var loose: String
    /// Whether no other entry of the document has it by this rule; only then does it identify
    /// (FreshRSS#1887: one guid for all items).
    public var isUnique: Bool

    public init(rule: Rule, value: String, loose: String, isUnique: Bool) {
        self.rule = rule
        self.value = value
        self.loose = loose
        self.isUnique = isUnique
    }
}
