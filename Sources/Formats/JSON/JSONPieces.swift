/// Reads one JSON document piece by piece, for those who need not have all of it as values: as strict as
/// `JSONReader` in what it reads. Each step takes one value, and what its visitor leaves, it does not see.
public struct JSONPieces {
    private var reader: JSONReader

    /// Begins at the document's one value.
    public init(_ bytes: [UInt8]) {
        reader = JSONReader(bytes)
        reader.skipSpace()
    }

    /// Goes through an object; `visit` gets each member's name and takes its value.
    ///
    /// - Parameter likely: names that cost little where they stand as `JSONWriter` writes them, in this order.
    public mutating func eachMember(
        likely: [MemberName] = [], _ visit: (String, inout JSONPieces) throws(SyntaxError) -> Void
    ) throws(SyntaxError) {
        guard reader.offset < reader.bytes.count, reader.bytes[reader.offset] == UInt8(ascii: "{") else {
            throw reader.unexpected("an object")
        }
        try reader.descend()
        reader.skipSpace()
        if !reader.take("}") {
            var next = 0
            repeat {
                reader.skipSpace()
                let name: String
                if let place = likely.indices[next...].first(where: { reader.take(likely[$0].bytes) }) {
                    name = likely[place].text
                    next = place + 1
                } else {
                    name = try memberName()
                }
                reader.skipSpace()
                try visit(name, &self)
                reader.skipSpace()
            } while reader.take(",")
            guard reader.take("}") else { throw reader.unexpected("\",\" or \"}\"") }
        }
        reader.ascend()
    }

    /// Up to what follows the colon.
    private mutating func memberName() throws(SyntaxError) -> String {
        guard reader.offset < reader.bytes.count, reader.bytes[reader.offset] == UInt8(ascii: "\"") else {
            throw reader.unexpected("a member's name in quotes")
        }
        let name = try reader.string()
        reader.skipSpace()
        guard reader.take(":") else { throw reader.unexpected("\":\"") }
        return name
    }

    /// Goes through an array; `visit` takes each element.
    public mutating func eachElement(
        _ visit: (inout JSONPieces) throws(SyntaxError) -> Void
    ) throws(SyntaxError) {
        guard reader.offset < reader.bytes.count, reader.bytes[reader.offset] == UInt8(ascii: "[") else {
            throw reader.unexpected("an array")
        }
        try reader.descend()
        reader.skipSpace()
        if !reader.take("]") {
            repeat {
                reader.skipSpace()
                try visit(&self)
                reader.skipSpace()
            } while reader.take(",")
            guard reader.take("]") else { throw reader.unexpected("\",\" or \"]\"") }
        }
        reader.ascend()
    }

    /// Takes any value.
    public mutating func value() throws(SyntaxError) -> JSONValue { try reader.value() }

    /// Takes any value; `nil` when it is no string.
    public mutating func string() throws(SyntaxError) -> String? {
        guard reader.offset < reader.bytes.count, reader.bytes[reader.offset] == UInt8(ascii: "\"") else {
            _ = try value()
            return nil
        }
        return try reader.string()
    }

    /// Takes any value; `nil` when it is no instant in a string.
    public mutating func instant() throws(SyntaxError) -> Instant? {
        let start = reader.offset + 1
        let end = start + 20
        // As we write it, it needs no string.
        if end < reader.bytes.count, reader.bytes[start - 1] == UInt8(ascii: "\""),
            reader.bytes[end] == UInt8(ascii: "\""), let instant = Instant(written: reader.bytes, at: start)
        {
            reader.offset = end + 1
            return instant
        }
        return try value().stringValue.flatMap { Instant(rfc3339: $0) }
    }

    /// Takes an array of strings as it stands. Only that it is one is looked at, so it costs little.
    ///
    /// - Returns: its bytes, and whether there is no space between them.
    public mutating func stringsUnread() throws(SyntaxError) -> (bytes: ArraySlice<UInt8>, isCompact: Bool) {
        let bytes = reader.bytes
        let start = reader.offset
        var isCompact = true
        func skipSpace() {
            let before = reader.offset
            reader.skipSpace()
            isCompact = isCompact && reader.offset == before
        }
        guard reader.take("[") else { throw reader.unexpected("an array of strings") }
        skipSpace()
        if !reader.take("]") {
            repeat {
                skipSpace()
                guard reader.take("\"") else { throw reader.unexpected("a string") }
                reader.offset = JSONPieces.endOfString(bytes.span, from: reader.offset)
                guard reader.take("\"") else { throw reader.unexpected("the closing quote of a string") }
                skipSpace()
            } while reader.take(",")
            guard reader.take("]") else { throw reader.unexpected("\",\" or \"]\"") }
        }
        return (bytes[start..<reader.offset], isCompact)
    }

    /// Where the closing quote stands; the end where there is none.
    private static func endOfString(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var offset = start
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") { return offset }
            // Whatever is escaped does not end the string.
            offset &+= byte == UInt8(ascii: "\\") ? 2 : 1
        }
        return bytes.count
    }

    /// To be called behind the value: nothing but white space may follow.
    public mutating func end() throws(SyntaxError) {
        reader.skipSpace()
        guard reader.offset == reader.bytes.count else {
            throw reader.unexpected("the end of the document")
        }
    }
}
