/// Keys and their values in the order in which the document first names them.
public struct TOMLTable: Equatable, Sendable {
    /// No key stands twice.
    public var entries: [TOMLEntry]

    public init(entries: [TOMLEntry] = []) {
        self.entries = entries
    }

    /// The value of a key, compared by code points: a composed and a decomposed é are two keys, as
    /// TOML 1.0.0 (Keys) has it. Takes time in proportion to the number of entries.
    public subscript(key: String) -> TOMLValue? {
        for entry in entries where sameName(entry.key, key) { return entry.value }
        return nil
    }
}

/// One key of a table with the place where the document first names it.
public struct TOMLEntry: Equatable, Sendable {
    /// Unescaped, without quotes.
    public var key: String
    public var position: TOMLPosition
    public var value: TOMLValue

    public init(key: String, position: TOMLPosition, value: TOMLValue) {
        self.key = key
        self.position = position
        self.value = value
    }
}

/// Whether two keys are the same bytes. Most differ in length already, and that short ones are equal is seen at a
/// glance; only then is it looked whether `String` took a composed é for a decomposed one.
func sameName(_ one: String, _ other: String) -> Bool {
    one.utf8.count == other.utf8.count && one == other && one.utf8.elementsEqual(other.utf8)
}
