/// Reads a document of TOML 1.0.0, strictly: what only TOML 1.1 allows is refused as such.
///
///     document   = line*            line = ( header | pair | nothing ) comment? newline
///     header     = "[" key "]"      opens a table: the pairs below it belong there
///                | "[[" key "]]"    appends a table to an array
///     pair       = key "=" value    key  = part ( "." part )*
///
/// Which tables may be opened or extended again is the business of `TOMLTree`.
public enum TOMLReader {
    /// Largest document read. Settings are written by hand; a megabyte is some 20,000 lines.
    public static let bytesMax = 1 << 20
    /// Deepest nesting of tables and arrays: each part of a key counts, each bracket and brace.
    public static let nestingMax = 128

    /// A byte order mark in front is passed over and counts as no column.
    ///
    /// Throws for the first mistake in the document. Two departures, both within what the standard
    /// leaves open: the year 0000 is refused, as it is no date of our calendar, and a float too
    /// large for a double is infinite.
    public static func read(_ bytes: [UInt8]) throws(SyntaxError) -> TOMLTable {
        guard bytes.count <= bytesMax else {
            throw SyntaxError(
                line: 1, column: 1, found: "a document of \(bytes.count) bytes",
                expected: "at most \(bytesMax)")
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        try requireUTF8(text)

        var cursor = TOMLCursor(text)
        var tree = TOMLTree()
        var section = (table: TOMLTree.root, depth: 0)
        while true {
            cursor.skipSpace()
            switch cursor.byte {
            case nil:
                return tree.table()
            case UInt8(ascii: "["):
                section = try cursor.readHeader(into: &tree)
                try cursor.endLine(expected: "the end of the line after a table header")
            case UInt8(ascii: "#"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                try cursor.endLine(expected: "a line break")
            default:
                try cursor.readPair(into: &tree, table: section.table, depth: section.depth)
                try cursor.endLine(expected: "the end of the line after a value")
            }
        }
    }

    private static func requireUTF8(_ bytes: [UInt8]) throws(SyntaxError) {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let offset = error.byteOffsets.lowerBound
            let byte = String(bytes[offset], radix: 16, uppercase: true)
            throw SyntaxError(
                in: bytes, at: offset, found: "byte 0x\(byte)", expected: "UTF-8 text")
        }
    }
}

extension TOMLCursor {
    /// `[key]` or `[[key]]`; answers the table it opens and how deep that lies.
    mutating func readHeader(into tree: inout TOMLTree) throws(SyntaxError) -> (
        table: Int, depth: Int
    ) {
        let position = position()
        let isArray = take("[", times: 2)
        if !isArray { advance() }
        let path = try readKey()
        try requireDepth(path.count)
        guard take("]", times: isArray ? 2 : 1) else {
            throw unexpected(expected: isArray ? "\"]]\" after the name" : "\"]\" after the name")
        }
        let table =
            isArray
            ? try tree.appendTable(path, at: position) : try tree.openTable(path, at: position)
        return (table, path.count)
    }

    /// `key = value` into a table that lies `depth` deep.
    mutating func readPair(into tree: inout TOMLTree, table: Int, depth: Int) throws(SyntaxError) {
        let path = try readKey()
        try requireDepth(depth + path.count - 1)
        guard take("=") else {
            let name = TOMLCursor.quoted(Array(path[path.count - 1].name.utf8))
            throw unexpected(expected: "\"=\" after the key \(name)")
        }
        skipSpace()
        let value = try readValue(depth: depth + path.count - 1)
        try tree.set(value, at: path, in: table)
    }

    func requireDepth(_ depth: Int) throws(SyntaxError) {
        guard depth <= TOMLReader.nestingMax else {
            throw error(
                at: offset, found: "tables and arrays nested \(depth) deep",
                expected: "at most \(TOMLReader.nestingMax)")
        }
    }
}
