import Formats

/// After a slip reading goes on with the next item: a bracket or a quote costs at most the item that it stands in, and
/// what one item says never becomes another's.
extension LooseJSON {
    /// What of an item could not be told apart.
    struct Damage: Equatable {
        /// The members whose values it may have changed: those with a slip in them, or right behind them.
        private(set) var names: Set<String> = []
        /// How often something was lost until what was looked at last.
        var slips = 0

        mutating func note(_ name: String?, _ slips: Int) {
            guard slips > self.slips else { return }
            self.slips = slips
            if let name { names.insert(name) }
        }
    }

    /// From behind the bracket of the list on.
    mutating func items() -> [JSONValue] {
        var items: [JSONValue] = []
        isInItems = true
        defer { isInItems = false }
        while !ends(with: UInt8(ascii: "]"), other: UInt8(ascii: "}")) {
            let isSound = offset == limit
            findLimit()
            switch bytes[offset] {
            case UInt8(ascii: "{"):
                count()
                offset += 1
                // What was lost before it was not of it.
                if isSound, slips > slipsOfItems {
                    damageItem(itemCount - 1)
                    slipsOfItems = slips
                }
                item(to: &items)
            case UInt8(ascii: "\"") where isName(offset):
                // Its bracket is missing.
                count()
                mismatch()
                if offset < limit { item(to: &items) }
            case UInt8(ascii: "["):
                mismatch()
                if offset < limit { offset += 1 }
            default: passOver()
            }
        }
        if slips > slipsOfItems { damageItem(itemCount - 1) }
        isBehindItems = true
        return items
    }

    private mutating func item(to items: inout [JSONValue]) {
        let slipsBefore = slips
        let item = object()
        isLeavingItem = false
        // One without members was a bracket too many, but at a cut.
        guard item != .object([]) || cut != nil else { return }
        items.append(item)
        itemCount += 1
        // What was lost between two may have been of both.
        if slipsBefore > slipsOfItems { damageItem(itemCount - 2) }
        if slips > slipsOfItems { damages[itemCount - 1] = damage }
        slipsOfItems = slips
    }

    private mutating func damageItem(_ index: Int) {
        if index >= 0 { damages[index] = damages[index] ?? Damage() }
    }

    /// Goes on with the items at the start of one. What the document seemed to say of itself behind its items was said
    /// by the one before.
    mutating func resume(_ members: inout [JSONMember]) {
        guard let index = members.lastIndex(where: { $0.name == "items" }),
            case .array(var known) = members[index].value
        else {
            offset += 1
            return
        }
        members.removeSubrange(index...)
        member = "items"
        depth += 1
        known += items()
        depth -= 1
        members.append(JSONMember("items", .array(known)))
    }

    /// `innerNames`: of the first object of a list, and of one that a member's name stands before; not of the first
    /// item.
    mutating func findInnerNames() {
        var place = 0
        var before: UInt8 = 0
        var isBeforeItems = true
        while place < bytes.count {
            let byte = bytes[place]
            if byte == UInt8(ascii: "{"), before == UInt8(ascii: "[") || before == UInt8(ascii: ":") {
                let name = afterSpace(place + 1)
                if let end = nameEnd(name), innerNames.count < LooseJSON.innerNamesMax {
                    let text = String(decoding: bytes[(name + 1)..<end], as: UTF8.self)
                    if isBeforeItems, before == UInt8(ascii: "["), follows(place, "items") {
                        isBeforeItems = false
                    } else {
                        innerNames.insert(text)
                    }
                }
            }
            if byte > 0x20 { before = byte }
            place += 1
        }
    }

    static let innerNamesMax = 256

    /// Whether a list begins right before this place that is this member's.
    private func follows(_ start: Int, _ name: String) -> Bool {
        var place = start - 1
        while place > 0, bytes[place] != UInt8(ascii: "\"") {
            guard bytes[place] <= 0x20 || bytes[place] == UInt8(ascii: ":") || bytes[place] == UInt8(ascii: "[")
            else { return false }
            place -= 1
        }
        return place >= name.utf8.count && bytes[(place - name.utf8.count)..<place].elementsEqual(name.utf8)
    }

    /// Whether an object begins here like the items do, behind another or a comma.
    func startsItem(_ start: Int) -> Bool {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "{"), isBehindComma(start, orEnd: true)
        else { return false }
        let name = afterSpace(start + 1)
        guard let end = nameEnd(name) else { return false }
        return firstNames.contains(String(decoding: bytes[(name + 1)..<end], as: UTF8.self))
    }

    /// Whether a comma stands before this place, or the end of an object.
    func isBehindComma(_ start: Int, orEnd: Bool = false) -> Bool {
        var before = start - 1
        while before > 0, bytes[before] <= 0x20 { before -= 1 }
        return before > 0 && (bytes[before] == UInt8(ascii: ",") || orEnd && bytes[before] == UInt8(ascii: "}"))
    }

    /// Goes on with an item where the document seems to be over.
    mutating func findRest(_ members: [JSONMember]) -> Bool {
        if offset > limit { findLimit() }
        let hasRest = cut == nil && isBehindItems && limit < bytes.count && members.contains { $0.name == "items" }
        if isMismatched, !hasRest || innerNames.isDisjoint(with: firstNames) { return findItem() }
        guard hasRest else { return false }
        // Its end stood in a text.
        lose()
        offset = limit
        return true
    }

    /// The next item, behind the end of the document; what stands before it is left out.
    mutating func findItem() -> Bool {
        let start = offset
        while offset < bytes.count {
            if startsItem(offset) || offset == limit { return true }
            if bytes[offset] == UInt8(ascii: "\""), name() != nil {
                lose(start)
            } else {
                passOver()
            }
        }
        if cut == nil { offset = start }
        return false
    }

    /// Passes over what is neither a value nor a member, a byte or up to the next quote.
    mutating func passOver() {
        let start = offset
        switch bytes[offset] {
        case UInt8(ascii: "\""): offset = shortEnd(offset) ?? offset + 1
        // Its quote is of a string whose beginning is missing.
        case UInt8(ascii: "\\") where offset + 1 < bytes.count && bytes[offset + 1] == UInt8(ascii: "\""): offset += 2
        default: offset += 1
        }
        // A sign by itself says nothing.
        if bytes[start..<offset].contains(where: { LooseJSON.isLetter($0) || (0x30...0x39).contains($0) }) {
            // Of a quote by itself nobody knows what it opens.
            let isWord = offset < bytes.count && bytes[offset] == UInt8(ascii: "\"")
            bytes[start] == UInt8(ascii: "\"") && !isWord ? loseTrack(start) : lose(start)
        }
    }
}
