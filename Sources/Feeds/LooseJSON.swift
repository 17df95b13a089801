import Formats

/// JSON with the slips that programs make which put it together from text: line ends and tabs in strings, quotes that
/// nobody escaped, a comma, a quote or a bracket too many or too few, `NaN`, `01`, `\x`, a note behind the end, no end.
/// What JSON itself is, `JSONReader` reads; this is for what that refused, and what can be told apart is kept.
struct LooseJSON {
    let bytes: [UInt8]
    private let valuesMax: Int
    var offset = 0
    var depth = 0
    private var values = 0
    /// The member of the outermost object that is read.
    var member = ""
    var isInItems = false
    /// Whether the list of items seems to be over.
    var isBehindItems = false
    /// The names that the items so far began with.
    var firstNames: Set = ["id"]
    /// The names of the members that items so far had.
    var memberNames = LooseJSON.definedNames
    /// The names that objects within others begin with, by a look at what stands before them.
    var innerNames: Set<String> = []
    /// How often something was lost.
    var slips = 0
    /// The same, and how often it may have been.
    var doubts = 0
    /// How often until the end of the last item.
    var slipsOfItems = 0
    /// How many items there are in all lists of them.
    var itemCount = 0
    /// Whether the last string has an odd number of quotes in it that nobody escaped.
    var isQuoteLeft = false
    /// What could not be told apart in items, by their place among all.
    var damages: [Int: Damage] = [:]
    /// What of the item that is read.
    var damage = Damage()
    /// All is left that is open in an item, for the next begins here.
    var isLeavingItem = false
    /// Whether there was a bracket too many or too few.
    var isMismatched = false
    /// Where items begin, as far as the end tells.
    let starts: ItemStarts
    private var startIndex = 0
    /// The next of those places behind the beginning of this item, or the end: nothing that is open goes beyond it.
    private(set) var limit: Int
    /// The first place where something may be missing.
    private var lost: Int?
    /// Where nothing more could be told apart, or the document ends too early.
    private(set) var cut: Int?
    private var isCutInItem = false
    private var isOver = false

    private init(_ bytes: [UInt8], _ valuesMax: Int) {
        self.bytes = bytes
        self.valuesMax = valuesMax
        let starts = ItemStarts(in: bytes, before: bytes.count)
        // Those of a document behind this one are none of it.
        let isOthers = starts.root.map { bytes[..<$0].contains { byte in byte > 0x20 } } == true
        self.starts = isOthers ? ItemStarts() : starts
        limit = bytes.count
    }

    struct Reading {
        var value: JSONValue
        /// The line where it ends too early; `nil` where it has its end.
        var cutLine: Int?
        /// Whether that is in the last of the `items`.
        var isCutInItem: Bool
        /// The line of the first that nobody can tell apart, so that something may be missing; `nil` where all can be.
        var lostLine: Int?
        /// The items in which something could not be told apart, by their place in all lists of items.
        var damages: [Int: Damage]
    }

    /// - Parameter line: where it begins in what was answered.
    /// - Returns: `nil` when it has more values than may be read.
    static func read(_ bytes: [UInt8], line firstLine: Int = 1, valuesMax: Int) -> Reading? {
        var reader = LooseJSON(bytes, valuesMax)
        reader.findInnerNames()
        reader.skipSpace()
        let value = reader.value()
        if reader.isMismatched, reader.cut == nil {
            // What is behind the end may have been meant to be before it.
            while reader.offset < bytes.count, isBracketOrSpace(bytes[reader.offset]) { reader.offset += 1 }
            if reader.offset < bytes.count { reader.stop() }
        }
        guard !reader.isOver else { return nil }
        func line(_ place: Int) -> Int { bytes[..<place].reduce(firstLine) { $1 == 0x0A ? $0 + 1 : $0 } }
        return Reading(
            value: value, cutLine: reader.cut.map(line), isCutInItem: reader.isCutInItem,
            lostLine: reader.lost.map(line), damages: reader.damages)
    }

    private static func isBracketOrSpace(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }

    /// Nothing is read from here on.
    mutating func stop() {
        if cut == nil {
            cut = offset
            isCutInItem = member == "items" && depth >= 3
        }
        offset = bytes.count
    }

    /// Takes the next item that the end tells of for the limit. Where the list of `items` is over, none of them is in it.
    mutating func findLimit(isOver: Bool = false) {
        if isOver { startIndex = starts.places.count }
        while startIndex < starts.places.count, starts.places[startIndex] <= offset { startIndex += 1 }
        limit = startIndex < starts.places.count ? starts.places[startIndex] : bytes.count
    }

    /// Leaves all that is open in an item, or behind the items, for the next begins at the limit.
    mutating func leave() {
        if offset > limit { findLimit() }
        guard limit < bytes.count else { return stop() }
        offset = limit
        isLeavingItem = depth > (isInItems ? 2 : 1)
    }

    mutating func mismatch() {
        isMismatched = true
        loseTrack()
    }

    mutating func lose(_ place: Int? = nil) {
        slips += 1
        doubts += 1
        lost = lost ?? place ?? offset
    }

    /// The same, where it is rather a word in a text.
    mutating func suspect() {
        doubts += 1
        lost = lost ?? offset
    }

    /// A bracket or a quote is missing, or one is too many. Where objects in items begin as the items do, nobody can
    /// tell which of them comes next, unless the end does.
    mutating func loseTrack(_ place: Int? = nil) {
        lose(place)
        if member == "items", !innerNames.isDisjoint(with: firstNames) { leave() }
    }

    // MARK: Values

    mutating func count() {
        values += 1
        if values > valuesMax {
            isOver = true
            stop()
        }
    }

    mutating func value() -> JSONValue {
        count()
        guard offset < bytes.count else {
            stop()
            return .null
        }
        switch bytes[offset] {
        case UInt8(ascii: "{"):
            if depth >= JSONReader.depthMax { return skipDeep() }
            offset += 1
            return object()
        case UInt8(ascii: "["):
            if depth >= JSONReader.depthMax { return skipDeep() }
            offset += 1
            depth += 1
            defer { depth -= 1 }
            guard depth == 2, member == "items" else { return .array(elements()) }
            slipsOfItems = slips
            return .array(items())
        case UInt8(ascii: "\""): return quoted()
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
            let text = word { LooseJSON.isNumeric($0) }
            if endsNumber(offset) { return Int64(text).map { .integer($0) } ?? .number(text) }
        case 0x41...0x5A, 0x61...0x7A:
            switch word({ LooseJSON.isLetter($0) }).lowercased() {
            case "true": return .bool(true)
            case "false": return .bool(false)
            case "null", "nan", "infinity", "undefined": return .null
            default: break
            }
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): break
        default: passOver()
        }
        lose()
        return .null
    }

    /// From behind its bracket on.
    mutating func object() -> JSONValue {
        depth += 1
        defer { depth -= 1 }
        return .object(members())
    }

    private mutating func quoted() -> JSONValue {
        if isName(offset) {
            // The bracket before the name is missing.
            loseTrack()
            return !isLeavingItem && depth < JSONReader.depthMax ? object() : .null
        }
        if let text = string() {
            // A quote that somebody has put before a bracket takes the beginning of an object along.
            if member == "items", let first = text.utf8.first, LooseJSON.isBracket(first),
                text.utf8.contains(UInt8(ascii: "\""))
            {
                loseTrack()
            }
            return .string(text)
        }
        loseTrack()
        isLeavingItem = isLeavingItem || offset == limit && limit < bytes.count || isInItems && startsItem(offset)
        return .null
    }

    /// Whether a number can be over here: of `5 books"` it is not the value.
    private func endsNumber(_ start: Int) -> Bool {
        let place = afterSpace(start)
        guard place < bytes.count, !bytes[start..<place].contains(0x0A) else { return true }
        switch bytes[place] {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"): return true
        case UInt8(ascii: "\""): return isName(place) || isEnd(place + 1)
        default: return false
        }
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

    static func beginsValue(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || isBracket(byte) || isLetter(byte) || isNumeric(byte)
    }

    static func isBracket(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") }

    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): true
        default: false
        }
    }

    private mutating func skipSpace() { offset = afterSpace(offset) }

    func afterSpace(_ start: Int, orCommas: Bool = false) -> Int {
        var place = start
        while place < bytes.count, bytes[place] <= 0x20 || orCommas && bytes[place] == UInt8(ascii: ",") {
            place += 1
        }
        return place
    }
}
