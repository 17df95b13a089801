/// Writes JSON whose bytes depend on the value alone: members in the order given, integers without
/// fraction, only the escapes that RFC 8259 section 7 demands, `/` never escaped (`specs/json-feed.md` section 5).
public enum JSONWriter {
    /// On one line, without a space: the form of the log.
    public static func compact(_ value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        write(value, to: &bytes)
        return bytes
    }

    /// Two spaces a level, one member a line, a newline at the end: the form of what people may read.
    public static func indented(_ value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        // Where a large one grows, the old and the new stand side by side.
        let count = size(value, level: 0)
        bytes.reserveCapacity(count + count / 16)
        write(value, to: &bytes, level: 0)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    public static func write(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let flag): bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let number): bytes.append(contentsOf: String(number).utf8)
        case .number(let text): bytes.append(contentsOf: text.utf8)
        case .string(let text): write(text, to: &bytes)
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                write(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                write(member.value, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func write(_ value: JSONValue, to bytes: inout [UInt8], level: Int) {
        switch value {
        case .array(let values) where !values.isEmpty:
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                breakLine(index > 0, level + 1, &bytes)
                write(value, to: &bytes, level: level + 1)
            }
            breakLine(false, level, &bytes)
            bytes.append(UInt8(ascii: "]"))
        case .object(let members) where !members.isEmpty:
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                breakLine(index > 0, level + 1, &bytes)
                write(member.name, to: &bytes)
                bytes.append(contentsOf: ": ".utf8)
                write(member.value, to: &bytes, level: level + 1)
            }
            breakLine(false, level, &bytes)
            bytes.append(UInt8(ascii: "}"))
        default:
            write(value, to: &bytes)
        }
    }

    /// About as many bytes as `indented` writes, without what it escapes.
    private static func size(_ value: JSONValue, level: Int) -> Int {
        switch value {
        case .string(let text), .number(let text): text.utf8.count + 2
        case .null, .bool, .integer: 8
        case .array(let values): values.reduce(4 * level) { $0 + size($1, level: level + 1) + 2 * level + 4 }
        case .object(let members):
            members.reduce(4 * level) { $0 + size($1.value, level: level + 1) + $1.name.utf8.count + 2 * level + 8 }
        }
    }

    private static func breakLine(_ comma: Bool, _ level: Int, _ bytes: inout [UInt8]) {
        if comma { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<level { bytes.append(contentsOf: "  ".utf8) }
    }

    /// A string in quotes.
    public static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        escape(text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// A string's characters as they stand between the quotes.
    public static func escape(_ text: String, to bytes: inout [UInt8]) {
        // Most texts need none: they are taken in one piece and looked through where they lie then, for a
        // String gives its bytes one by one.
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        guard holdsEscaped(bytes.span.extracting(start..<bytes.count)) else { return }
        bytes.removeSubrange(start...)
        escape(Array(text.utf8), to: &bytes)
    }

    /// A string in quotes, from its UTF-8.
    public static func write(_ text: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        escape(text, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    /// The same without the quotes.
    public static func escape(_ text: [UInt8], to bytes: inout [UInt8]) {
        let span = text.span
        guard holdsEscaped(span) else { return bytes.append(contentsOf: text) }
        var start = 0
        for index in span.indices where isEscaped(span[index]) {
            if start < index { bytes.append(contentsOf: text[start..<index]) }
            start = index + 1
            bytes.append(0x5C)
            switch span[index] {
            case 0x08: bytes.append(UInt8(ascii: "b"))
            case 0x09: bytes.append(UInt8(ascii: "t"))
            case 0x0A: bytes.append(UInt8(ascii: "n"))
            case 0x0C: bytes.append(UInt8(ascii: "f"))
            case 0x0D: bytes.append(UInt8(ascii: "r"))
            case 0..<0x20: bytes.append(contentsOf: ("u00" + hex([span[index]])).utf8)
            case let mark: bytes.append(mark)
            }
        }
        if start < text.count { bytes.append(contentsOf: text[start...]) }
    }

    /// Whether any byte has to be escaped, looked at to the end: so the compiler takes many at a time.
    private static func holdsEscaped(_ text: Span<UInt8>) -> Bool {
        var found: UInt8 = 0
        for index in text.indices {
            let byte = text[index]
            found |= (byte < 0x20 ? 1 : 0) | (byte == 0x22 ? 1 : 0) | (byte == 0x5C ? 1 : 0)
        }
        return found != 0
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }
}
