/// One part of a key, before the table is known that it belongs to.
struct TOMLKey {
    var name: String
    var position: TOMLPosition
}

/// The tables of a document while it is read, and the rules about which of them may still grow
/// (TOML 1.0.0, Table and Array of Tables):
///
/// - `.header`: has had its one `[header]`, or is an element of `[[header]]`.
/// - `.implied`: only named on the way to a deeper header; may have its own header once.
/// - `.dotted`: made by a dotted key; takes further dotted keys and deeper headers, but no header.
///
/// Inline tables and arrays in brackets are plain values here, so nothing can be added to them.
/// An inline table is read with a tree of its own.
struct TOMLTree {
    private enum Origin { case header, implied, dotted }

    private enum Slot {
        case value(TOMLValue)
        case table(Int)
        case tables(Int)
    }

    private struct Entry {
        var key: TOMLKey
        var slot: Slot
    }

    private struct Table {
        var position: TOMLPosition
        var origin: Origin
        private(set) var entries: [Entry] = []
        /// Names, as `exact` has them, to their indices in `entries`.
        private var places: [String: Int] = [:]

        /// Most tables are a feed's, with a handful of keys: those are looked through.
        private static let searchedMax = 8

        init(position: TOMLPosition, origin: Origin) {
            self.position = position
            self.origin = origin
            entries.reserveCapacity(4)
        }

        func place(of name: String) -> Int? {
            if entries.count > Table.searchedMax { return places[Table.exact(name)] }
            return entries.firstIndex { sameName($0.key.name, name) }
        }

        mutating func add(_ key: TOMLKey, _ slot: Slot) {
            entries.append(Entry(key: key, slot: slot))
            if entries.count <= Table.searchedMax { return }
            for place in (places.isEmpty ? 0 : entries.count - 1)..<entries.count {
                places[Table.exact(entries[place].key.name)] = place
            }
        }

        /// Its UTF-8 as Latin-1, of which no two texts are equal that differ: `String` takes a composed é for a
        /// decomposed one. A dictionary by bytes would do, but the first of its kind in a run costs a tenth of a
        /// millisecond, and each run has some by strings.
        private static func exact(_ name: String) -> String {
            if name.utf8.allSatisfy({ $0 < 0x80 }) { return name }
            var text = ""
            for byte in name.utf8 { text.unicodeScalars.append(Unicode.Scalar(byte)) }
            return text
        }
    }

    /// Index of the table that has no name.
    static let root = 0

    private var tables = [Table(position: TOMLPosition(line: 1, column: 1), origin: .header)]
    /// Elements of each array of tables, as indices into `tables`.
    private var lists: [[Int]] = []

    /// `path = value`, seen from the table in whose section it stands.
    mutating func set(_ value: TOMLValue, at path: [TOMLKey], in section: Int) throws(SyntaxError) {
        var table = section
        for key in path.dropLast() {
            switch slot(of: key, in: table) {
            case nil: table = addTable(key, to: table, origin: .dotted, position: key.position)
            case .table(let next) where tables[next].origin == .dotted: table = next
            case let slot?: throw notExtensible(key, slot)
            }
        }
        let key = path[path.count - 1]
        if slot(of: key, in: table) != nil { throw repeated(key, in: table) }
        add(key, .value(value), to: table)
    }

    /// `[path]`; answers the table that the following lines fill.
    mutating func openTable(_ path: [TOMLKey], at position: TOMLPosition) throws(SyntaxError) -> Int
    {
        let parent = try parent(of: path)
        let key = path[path.count - 1]
        switch slot(of: key, in: parent) {
        case nil:
            return addTable(key, to: parent, origin: .header, position: position)
        case .table(let table) where tables[table].origin == .implied:
            tables[table].origin = .header
            tables[table].position = position
            return table
        case .table(let table):
            let line = tables[table].position.line
            let byKeys = tables[table].origin == .dotted
            throw error(
                at: key,
                found: "table \(quoted(key)) again, "
                    + (byKeys ? "made by a dotted key on line \(line)" : "first on line \(line)"),
                expected: byKeys ? "its keys where the dotted key stands" : "one header a table")
        case .tables(let list):
            throw error(
                at: key,
                found: "table \(quoted(key)), an array of tables since line \(line(ofList: list))",
                expected: "[[ ]] around the name")
        case .value(let value):
            throw notTable(key, value, expected: "a name that is not taken")
        }
    }

    /// `[[path]]`; answers the new element, which the following lines fill.
    mutating func appendTable(_ path: [TOMLKey], at position: TOMLPosition) throws(SyntaxError)
        -> Int
    {
        let parent = try parent(of: path)
        let key = path[path.count - 1]
        switch slot(of: key, in: parent) {
        case nil:
            tables.append(Table(position: position, origin: .header))
            lists.append([tables.count - 1])
            add(key, .tables(lists.count - 1), to: parent)
            return tables.count - 1
        case .tables(let list):
            tables.append(Table(position: position, origin: .header))
            lists[list].append(tables.count - 1)
            return tables.count - 1
        case .table(let table):
            throw error(
                at: key, found: "\(quoted(key)), a table since line \(tables[table].position.line)",
                expected: "[ ] for a table, or a name that is not taken")
        case .value(let value):
            throw notTable(key, value, expected: "a name that is not taken")
        }
    }

    /// The finished table, with everything below it.
    func table(_ index: Int = TOMLTree.root) -> TOMLTable {
        var result = TOMLTable()
        result.entries.reserveCapacity(tables[index].entries.count)
        for entry in tables[index].entries {
            let value: TOMLValue
            switch entry.slot {
            case .value(let plain):
                value = plain
            case .table(let table):
                value = tableValue(table)
            case .tables(let list):
                let elements = lists[list].map(tableValue)
                value = TOMLValue(position: elements[0].position, content: .array(elements))
            }
            result.entries.append(TOMLEntry(key: entry.key.name, position: entry.key.position, value: value))
        }
        return result
    }

    private func tableValue(_ index: Int) -> TOMLValue {
        TOMLValue(position: tables[index].position, content: .table(table(index)))
    }

    /// The table that a header's last name belongs to; of an array of tables the newest element.
    private mutating func parent(of path: [TOMLKey]) throws(SyntaxError) -> Int {
        var table = TOMLTree.root
        for key in path.dropLast() {
            switch slot(of: key, in: table) {
            case nil: table = addTable(key, to: table, origin: .implied, position: key.position)
            case .table(let next): table = next
            case .tables(let list): table = lists[list][lists[list].count - 1]
            case .value(let value): throw notTable(key, value, expected: "the name of a table")
            }
        }
        return table
    }

    private func slot(of key: TOMLKey, in table: Int) -> Slot? {
        tables[table].place(of: key.name).map { tables[table].entries[$0].slot }
    }

    private mutating func add(_ key: TOMLKey, _ slot: Slot, to table: Int) {
        tables[table].add(key, slot)
    }

    private mutating func addTable(
        _ key: TOMLKey, to parent: Int, origin: Origin, position: TOMLPosition
    ) -> Int {
        tables.append(Table(position: position, origin: origin))
        add(key, .table(tables.count - 1), to: parent)
        return tables.count - 1
    }
}

/// What is said when a name is taken.
extension TOMLTree {
    private func error(at key: TOMLKey, found: String, expected: String) -> SyntaxError {
        SyntaxError(
            line: key.position.line, column: key.position.column, found: found, expected: expected)
    }

    private func quoted(_ key: TOMLKey) -> String { TOMLCursor.quoted(Array(key.name.utf8)) }

    private func line(ofList list: Int) -> Int { tables[lists[list][0]].position.line }

    private func repeated(_ key: TOMLKey, in table: Int) -> SyntaxError {
        let index = tables[table].place(of: key.name) ?? 0
        let line = tables[table].entries[index].key.position.line
        return error(
            at: key, found: "key \(quoted(key)) again, first on line \(line)",
            expected: "each key once in its table")
    }

    private func notExtensible(_ key: TOMLKey, _ slot: Slot) -> SyntaxError {
        switch slot {
        case .value(let value):
            notTable(key, value, expected: "a table before the dot")
        case .table(let table):
            error(
                at: key,
                found: "\(quoted(key)), a table by the header on line "
                    + String(tables[table].position.line),
                expected: "its keys below that header")
        case .tables(let list):
            error(
                at: key,
                found: "\(quoted(key)), an array of tables since line \(line(ofList: list))",
                expected: "its keys below its headers")
        }
    }

    private func notTable(_ key: TOMLKey, _ value: TOMLValue, expected: String) -> SyntaxError {
        let line = value.position.line
        return switch value.content {
        case .table:
            error(
                at: key, found: "\(quoted(key)), an inline table closed on line \(line)",
                expected: "all of its keys between its braces")
        default:
            error(
                at: key, found: "\(quoted(key)), \(value.content.typeName) since line \(line)",
                expected: expected)
        }
    }
}
