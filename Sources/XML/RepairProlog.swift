/// What stands before the root: skipped, dropped, and the entities of it remembered.
extension RepairPass {
    mutating func skipToStart(roots: [String]) {
        let start = startOfDocument(roots: roots)
        if isMeant(from: 0, to: start) { note(.junkBefore, at: 0) }
        for position in 0..<start where source[position] == UInt8(ascii: "\n") {
            out.append(UInt8(ascii: "\n"))
        }
        index = start
        copied = start
    }

    /// The first declaration, DOCTYPE or known root near the beginning, else the first `<` of all.
    func startOfDocument(roots: [String]) -> Int {
        let wanted = ["?xml", "!doctype"] + roots
        var first: Int?
        for position in 0..<min(source.count, RepairPass.junkBytesMax)
        where source[position] == UInt8(ascii: "<") {
            if first == nil, opensMarkup(position) { first = position }
            if wanted.contains(where: { isAtFolded(position + 1, $0) }) { return position }
        }
        return first ?? source.count
    }
    static let junkBytesMax = 65_536

    /// Drops the declaration and remembers the entities in it that are plain text (feedparser does
    /// the same): short ones and few, so that nothing grows beyond reason.
    mutating func documentType() {
        copy(to: index)
        let start = index
        guard !doctypeSeen else { return replace(1, with: "&#60;", .bareAngle) }
        doctypeSeen = true
        var position = start + 9
        var quote: UInt8 = 0
        var bracket = false
        while position < source.count {
            let byte = source[position]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if isAt(position, "<!--") {
                position = (find(.comment, from: position + 4) ?? source.count - 3) + 2
            } else if isAt(position, "<!ENTITY") {
                entity(position + 8)
            } else if byte == UInt8(ascii: "[") {
                bracket = true
            } else if byte == UInt8(ascii: "]") {
                bracket = false
            } else if byte == UInt8(ascii: ">") && !bracket {
                break
            }
            position += 1
        }
        if position >= source.count {
            // A quote or bracket that nothing closes.
            note(.attribute, at: start)
            position = find(.tag, from: start) ?? source.count - 1
        }
        for line in start..<position where source[line] == UInt8(ascii: "\n") {
            out.append(UInt8(ascii: "\n"))
        }
        index = position + 1
        copied = index
    }

    mutating func entity(_ at: Int) {
        var position = at
        func skipSpace() { while position < source.count, isSpace(source[position]) { position += 1 } }
        skipSpace()
        let nameStart = position
        position = endOfName(position)
        let name = nameStart..<position
        skipSpace()
        guard !name.isEmpty, name.count <= 32, position < source.count, entities.count < 256 else {
            return
        }
        let quote = source[position]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return }
        let valueStart = position + 1
        position = valueStart
        while position < source.count, source[position] != quote {
            let byte = source[position]
            guard position - valueStart < 128, byte != UInt8(ascii: "<"), byte != UInt8(ascii: "&"),
                byte != UInt8(ascii: "%"), !isIllegal[Int(byte)]
            else { return }
            position += 1
        }
        entities[Array(source[name])] = Array(source[valueStart..<min(position, source.count)])
    }
}
