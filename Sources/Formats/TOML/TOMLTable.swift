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
        place(of: key).map { entries[$0].value }
    }

    /// Where the value of a key begins.
    public func position(of key: String) -> TOMLPosition? {
        guard let place = place(of: key) else { return nil }
        return entries[place].value.position
    }

    private func place(of key: String) -> Int? {
        let entries = entries.span
        for place in entries.indices where sameName(entries[place].key, key) { return place }
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

/// Whether two keys are the same bytes: `String` takes a composed é for a decomposed one.
func sameName(_ one: String, _ other: String) -> Bool {
    let (one, other) = (one.utf8.span, other.utf8.span)
    guard one.count == other.count else { return false }
    for index in one.indices where one[index] != other[index] { return false }
    return true
}
