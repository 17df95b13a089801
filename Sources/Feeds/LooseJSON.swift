import Formats

/// JSON with the slips that programs make which put it together from text: line ends and tabs in strings, quotes that
/// nobody escaped, a comma too many or too few, `NaN`, `01`, `\x`, a note behind the end, no end. What JSON itself is,
/// `JSONReader` reads; this is for what that refused, and what can be told apart is kept.
struct LooseJSON {
    let bytes: [UInt8]
    private let valuesMax: Int
    var offset = 0
    private var depth = 0
    private var values = 0
    /// The member of the outermost object that is read.
    private var member = ""
    /// Whether a `]` stood where a `}` should, or the other way round.
    private var isMismatched = false
    /// Where nothing more could be told apart, or the document ends too early.
    private var cut: Int?
    private var isCutInItem = false
    private var isOver = false

    private init(_ bytes: [UInt8], _ valuesMax: Int) {
        self.bytes = bytes
        self.valuesMax = valuesMax
    }

    struct Reading {
        var value: JSONValue
        /// The line where it ends too early; `nil` where it has its end.
        var cutLine: Int?
        /// Whether that is in the last of the `items`.
        var isCutInItem: Bool
    }

    /// - Returns: `nil` when it has more values than may be read.
    static func read(_ bytes: [UInt8], valuesMax: Int) -> Reading? {
        var reader = LooseJSON(bytes, valuesMax)
        reader.skipSpace()
        let value = reader.value()
        if reader.isMismatched, reader.cut == nil {
            // What is behind the end may have been meant to be before it.
            reader.skipSpace()
            if reader.offset < bytes.count { reader.stop() }
        }
        guard !reader.isOver else { return nil }
        let line = reader.cut.map { cut in bytes[..<cut].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 } }
        return Reading(value: value, cutLine: line, isCutInItem: reader.isCutInItem)
    }

    /// Nothing is read from here on.
    mutating func stop() {
        if cut == nil {
            cut = offset
            isCutInItem = member == "items" && depth >= 3
        }
        offset = bytes.count
    }

    // MARK: Values

    private mutating func value() -> JSONValue {
        values += 1
        if values > valuesMax {
            isOver = true
            stop()
        }
        guard offset < bytes.count else {
            stop()
            return .null
        }
        switch bytes[offset] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            if depth >= JSONReader.depthMax { return skipDeep() }
            depth += 1
            let isObject = bytes[offset] == UInt8(ascii: "{")
            offset += 1
            let value: JSONValue = isObject ? .object(members()) : .array(elements())
            depth -= 1
            return value
        case UInt8(ascii: "\""): return string().map { .string($0) } ?? .null
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            let text = word { LooseJSON.isNumeric($0) }
            return Int64(text).map { .integer($0) } ?? .number(text)
        case 0x41...0x5A, 0x61...0x7A:
            let text = word { LooseJSON.isLetter($0) }.lowercased()
            return text == "true" ? .bool(true) : text == "false" ? .bool(false) : .null
        default:
            stop()
            return .null
        }
    }

    private mutating func members() -> [JSONMember] {
        var members: [JSONMember] = []
        while !ends(with: UInt8(ascii: "}"), other: UInt8(ascii: "]")) {
            guard let name = name() else {
                guard isStrayQuote(offset) else {
                    stop()
                    break
                }
                offset += 1
                continue
            }
            if depth == 1 { member = name }
            skipSpace()
            members.append(JSONMember(name, value()))
        }
        return members
    }

    private mutating func elements() -> [JSONValue] {
        var elements: [JSONValue] = []
        while !ends(with: UInt8(ascii: "]"), other: UInt8(ascii: "}")) { elements.append(value()) }
        return elements
    }

    /// Whether an object or an array ends here, behind any commas; the end of what is around it ends it as well.
    private mutating func ends(with end: UInt8, other: UInt8) -> Bool {
        while offset < bytes.count, bytes[offset] <= 0x20 || bytes[offset] == UInt8(ascii: ",") { offset += 1 }
        guard offset < bytes.count else {
            stop()
            return true
        }
        if bytes[offset] == other {
            isMismatched = true
            if depth == 1 { stop() }
            return true
        }
        guard bytes[offset] == end else { return false }
        offset += 1
        return true
    }

    /// A value that is nested too deeply is none.
    private mutating func skipDeep() -> JSONValue {
        var open = 0
        repeat {
            switch bytes[offset] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            case UInt8(ascii: "\""):
                if name() == nil { _ = string() }
                continue
            default: break
            }
            offset += 1
        } while open > 0 && offset < bytes.count
        if open > 0 { stop() }
        return .null
    }

    private mutating func word(_ isPart: (UInt8) -> Bool) -> String {
        let start = offset
        while offset < bytes.count, isPart(bytes[offset]) { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): true
        default: false
        }
    }

    private mutating func skipSpace() { offset = afterSpace(offset) }

    func afterSpace(_ start: Int) -> Int {
        var place = start
        while place < bytes.count, bytes[place] <= 0x20 { place += 1 }
        return place
    }
}
