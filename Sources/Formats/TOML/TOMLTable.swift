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
        // Most keys differ in length already, which costs nothing to know.
        let count = key.utf8.count
        for entry in entries
        where entry.key.utf8.count == count && entry.key.utf8.elementsEqual(key.utf8) {
            return entry.value
        }
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
