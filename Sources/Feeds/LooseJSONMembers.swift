import Formats

/// What objects and lists of broken JSON hold, and where they end.
extension LooseJSON {
    mutating func members() -> [JSONMember] {
        let isItem = isInItems && depth == 3
        let doubtsBefore = doubts
        var members: [JSONMember] = []
        if isItem { damage = Damage(slips: slips) }
        defer { if isItem { damage.note(members.last?.name, slips) } }
        var stated: [String: JSONValue] = [:]
        while true {
            if depth == 1 {
                isLeavingItem = false
                if offset > limit { findLimit() }
            }
            if ends(with: UInt8(ascii: "}"), other: UInt8(ascii: "]")) {
                guard depth == 1, findRest(members) else { return members }
                resume(&members)
                continue
            }
            if depth == 1, offset == limit {
                mismatch()
                resume(&members)
                continue
            }
            if bytes[offset] == UInt8(ascii: "{"), isName(afterSpace(offset + 1)) {
                mismatch()
                if isLeavingItem { return members }
                guard offset < bytes.count else { continue }
                if depth == 1, startsItem(offset) {
                    resume(&members)
                } else if isItem && isBehindComma(offset, orEnd: true) || isInItems && startsItem(offset) {
                    isLeavingItem = true
                    return members
                } else if isItem, !members.isEmpty {
                    _ = value()
                } else {
                    offset += 1
                }
                continue
            }
            let start = offset
            if isItem { damage.note(members.last?.name, slips) }
            guard let name = name() ?? bareName() else {
                guard LooseJSON.isBracket(bytes[offset]) else {
                    passOver()
                    continue
                }
                mismatch()
                if isLeavingItem || offset >= bytes.count || offset == limit { continue }
                // A value without a name; but before a name a bracket is one too many.
                if isName(afterSpace(offset + 1, orCommas: true)) { offset += 1 } else { _ = value() }
                continue
            }
            if depth == 1 {
                // Behind the items it is the document's, and no item's that seemed to be over.
                if isBehindItems, !starts.isListWhole, !memberNames.contains(name) { findLimit(isOver: true) }
                member = name
            }
            if isItem, members.isEmpty, firstNames.count < LooseJSON.firstNamesMax { firstNames.insert(name) }
            if isItem, memberNames.count < LooseJSON.innerNamesMax { memberNames.insert(name) }
            while offset < bytes.count, bytes[offset] <= 0x20 || bytes[offset] == UInt8(ascii: ":") { offset += 1 }
            isQuoteLeft = false
            let value = value()
            // In a text it may be an inch.
            if isItem, isQuoteLeft, name == "id" { lose() }
            if isItem { damage.note(name, slips) }
            if isItem, LooseJSON.itemNames.contains(name) {
                if doubts > doubtsBefore || !isBehindComma(start), let before = stated[name], before != value {
                    // The next item's: what stood between them is missing.
                    offset = start
                    mismatch()
                    isLeavingItem = true
                    return members
                }
                stated[name] = value
            }
            members.append(JSONMember(name, value))
        }
    }

    private static let firstNamesMax = 8
    /// All that an item may have (JSON Feed 1.0 and 1.1, items).
    static let definedNames: Set = itemNames.union([
        "image", "banner_image", "author", "authors", "tags", "language", "attachments",
    ])
    /// An item has each of them once.
    private static let itemNames: Set = [
        "id", "url", "external_url", "title", "summary", "content_html", "content_text", "date_published",
        "date_modified",
    ]

    mutating func elements() -> [JSONValue] {
        var elements: [JSONValue] = []
        let doubtsBefore = doubts
        while !ends(with: UInt8(ascii: "]"), other: UInt8(ascii: "}")) {
            if !elements.isEmpty, isName(offset) {
                // Its own end is missing.
                mismatch()
                break
            }
            if isInItems, doubts > doubtsBefore, startsItem(offset), innerNames.isDisjoint(with: firstNames) {
                mismatch()
                isLeavingItem = true
                break
            }
            if LooseJSON.beginsValue(bytes[offset]) { elements.append(value()) } else { passOver() }
        }
        return elements
    }

    /// Whether an object or an array ends here, behind any commas; the end of what is around it ends it as well.
    mutating func ends(with end: UInt8, other: UInt8) -> Bool {
        if isLeavingItem { return true }
        while offset < bytes.count {
            switch bytes[offset] {
            case ...0x20, UInt8(ascii: ","): offset += 1
            case end:
                offset += 1
                return true
            case other:
                mismatch()
                guard depth == 1 else { return true }
                if offset < bytes.count, bytes[offset] == other { offset += 1 }
            default:
                guard offset >= limit, depth > (isInItems ? 2 : 1) else { return false }
                mismatch()
                leave()
                return true
            }
        }
        stop()
        return true
    }
}
