import CXML

/// Comments, instructions, document types and sections, which libxml2 takes only where they end as they
/// should.
extension RepairPass {
    mutating func markup() {
        let start = index
        switch source[start + 1] {
        case UInt8(ascii: "!"):
            if source[start + 2] == UInt8(ascii: "[") {
                section()
            } else if source[start + 2] == UInt8(ascii: "-") {
                let end = commentEnd(start)
                if let end { noteComment(start..<end) }
                drop(to: end, opening: 4)
            } else {
                note(.declaration, at: start)
                doctypeSeen ? replace(1, with: "&#60;", .bareAngle) : drop(to: documentType(start), opening: 9)
            }
        case UInt8(ascii: "?"):
            if isDeclaration(start) { note(.declaration, at: start) }
            let end = instructionEnd(start)
            if let end { noteInstruction(start..<end) }
            drop(to: end, opening: 2)
        case UInt8(ascii: "/"):
            endTag()
        default:
            startTag()
        }
    }

    /// Leaves out a comment or instruction; its line ends stay, in a comment, where they are no text. One
    /// that never ends loses only its opening.
    private mutating func drop(to found: Int?, opening: Int) {
        copy(to: index)
        if found == nil { note(.bareAngle, at: index) }
        let end = min(found ?? index + opening, source.count)
        let lines = source[index..<end].count { $0 == UInt8(ascii: "\n") }
        if lines > 0 {
            append("<!--")
            out.append(contentsOf: repeatElement(UInt8(ascii: "\n"), count: lines))
            append("-->")
        }
        index = end
        copied = end
    }

    // MARK: Faults

    /// Of a comment, in which XML allows no `--`.
    mutating func noteComment(_ comment: Range<Int>) {
        noteIllegal(comment)
        var position = comment.lowerBound + 4
        while let dash = next(UInt8(ascii: "-"), from: position, to: comment.upperBound - 3) {
            if source[dash + 1] == UInt8(ascii: "-") { return note(.spelling, at: comment.lowerBound) }
            position = dash + 1
        }
    }

    /// Of an instruction, which says first whom it is for.
    mutating func noteInstruction(_ instruction: Range<Int>) {
        guard !isDeclaration(instruction.lowerBound) else { return }
        noteIllegal(instruction)
        let name = instruction.lowerBound + 2
        let end = endOfName(name)
        if end < source.count, isNameStart(at: name), isSpace(source[end]) || isAt(end, "?>") { return }
        note(.spelling, at: instruction.lowerBound)
    }

    private mutating func noteIllegal(_ range: Range<Int>) {
        guard let base = source.baseAddress else { return }
        var position = range.lowerBound
        while position < range.upperBound {
            position += cxml_plain(base + position, range.upperBound - position, 0)
            guard position < range.upperBound else { return }
            let byte = source[position]
            if byte < 0x20 || isAt(position, "\u{FFFE}") || isAt(position, "\u{FFFF}") {
                return note(.illegalCharacter, at: position)
            }
            position += 1
        }
    }

    // MARK: Ends

    /// Behind the end of the comment that begins at `start`; many write `-- >`, and in HTML `--!>` will do.
    mutating func commentEnd(_ start: Int) -> Int? {
        guard !commentEndIsAbsent else { return nil }
        var position = start + 4
        while let close = next(UInt8(ascii: ">"), from: position) {
            var before = close - 1
            while before > position, isSpace(source[before]) || source[before] == UInt8(ascii: "!") { before -= 1 }
            if before > start + 4, source[before] == UInt8(ascii: "-"), source[before - 1] == UInt8(ascii: "-") {
                if before != close - 1 { note(.markup, at: start) }
                return close + 1
            }
            position = close + 1
        }
        commentEndIsAbsent = true
        return nil
    }

    func isDeclaration(_ start: Int) -> Bool { isAtFolded(start + 1, "?xml") }

    /// Behind the end of the instruction that begins at `start`. One without a `?` at its end must not swallow
    /// entries up to the end of another.
    mutating func instructionEnd(_ start: Int) -> Int? {
        if isDeclaration(start) || scanLeft <= 0 {
            guard let first = find(.tag, from: start) else { return nil }
            if source[first - 1] != UInt8(ascii: "?") { note(.declaration, at: start) }
            return first + 1
        }
        guard let end = find(.instruction, from: start + 2) else {
            note(.markup, at: start)
            let angle = next(UInt8(ascii: "<"), from: start + 1) ?? source.count
            return next(UInt8(ascii: ">"), from: start, to: angle).map { $0 + 1 }
        }
        guard let first = next(UInt8(ascii: ">"), from: start, to: end) else { return end + 2 }
        scanLeft -= end - start
        if isWhole(start, to: end, first) { return end + 2 }
        var position = start + 1
        while let angle = next(UInt8(ascii: "<"), from: position), angle < end {
            if let behind = valueEnd(around: angle, from: position, to: end) {
                position = behind
                continue
            }
            let nameStart = isAt(angle, "</") ? angle + 2 : angle + 1
            position = endOfName(nameStart)
            switch part(nameStart..<position) {
            case .unknown:
                continue
            default:
                note(.markup, at: start)
                return angle < first ? angle : first + 1
            }
        }
        return end + 2
    }

    /// Whether the `?>` at `end` is sure to be that of the instruction that begins at `start`: had it lost its own `?`, a
    /// `>` would stand before any `<`, and another's would have a beginning behind this one's.
    private func isWhole(_ start: Int, to end: Int, _ first: Int) -> Bool {
        guard end - start <= RepairPass.doubtfulBytesMax,
            var position = next(UInt8(ascii: "<"), from: start + 1, to: first)
        else { return false }
        while let mark = next(UInt8(ascii: "?"), from: position, to: end) {
            if source[mark - 1] == UInt8(ascii: "<") { return false }
            position = mark + 1
        }
        return true
    }

    /// Behind the value in quotes, on one line, in which this place lies: `title="<item>"`.
    private func valueEnd(around place: Int, from start: Int, to end: Int) -> Int? {
        var position = start
        while position < place {
            let quote = source[position]
            position += 1
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), source[position - 2] == UInt8(ascii: "=")
            else { continue }
            var close = position
            while close < end, source[close] != quote, source[close] != UInt8(ascii: "\n") { close += 1 }
            guard close < end, source[close] == quote else { continue }
            if close > place { return close + 1 }
            position = close + 1
        }
        return nil
    }

    // MARK: Sections

    /// A CDATA section stays one; outside the root it means nothing.
    private mutating func section() {
        let start = index
        if source[start + 3] != UInt8(ascii: "C") { note(.markup, at: start) }
        let found = sectionEnd(from: start + 9)
        let lost = found.map { endOfSwallowingSection(start + 9, to: $0) } ?? endOfUnclosedSection(start + 9)
        // Of a `]]>` that lost a byte the rest is no text.
        let rest = lost.map { isAt($0 - 2, "]]") || isAt($0 - 2, "]>") ? 2 : 0 } ?? 0
        let end = max(start + 9, (lost ?? found ?? source.count) - rest)
        if open.isEmpty {
            index = min(end + 3, source.count)
            copied = index
            return
        }
        copy(to: start)
        append("<![CDATA[")
        index = start + 9
        copied = index
        // libxml2 gives up at a section of ten million bytes.
        var pieceEnd = index + RepairPass.sectionBytesMax
        while index < end {
            skipPlain(to: min(end, pieceEnd), inMarkup: false)
            if index < min(end, pieceEnd) {
                control()
            } else if index < end {
                while index < end, source[index] & 0xC0 == 0x80 || source[index] == 0x3E { index += 1 }
                copy(to: index)
                append("]]><![CDATA[")
                pieceEnd = index + RepairPass.sectionBytesMax
            }
        }
        copy(to: end)
        append("]]>")
        if let lost {
            note(.markup, at: start)
            tear(nil)
            index = lost
        } else if found == nil {
            note(.cutOff, at: start)
            index = source.count
        } else {
            index = end + 3
        }
        copied = index
    }
    static let sectionBytesMax = 4_000_000

    /// Where the `]]>` stands that is next. Sections that begin before one and the same look for it once.
    mutating func sectionEnd(from start: Int) -> Int? {
        if lastSectionEnd < start { lastSectionEnd = find(.section, from: start) ?? source.count }
        return lastSectionEnd < source.count ? lastSectionEnd : nil
    }

    /// Where a section ends that another begins in, when its own `]]>` was forgotten and the one that is found is
    /// the other's: before an end tag that is not its own text's, of its element or its entry, and that is followed
    /// as such a tag is. Who quotes XML quotes it whole, or goes on behind a `]]>` of the quotation, which
    /// `]]]]><![CDATA[>` stands for.
    private mutating func endOfSwallowingSection(_ start: Int, to end: Int) -> Int? {
        let inner = nextSection(from: start, to: end)
        guard let inner, let element = open.last, !isContinuation(start), isOfLastSection(end, from: start)
        else { return nil }
        let entry = open.last { $0.part == .entry }
        var depth = 0
        var entries = 0
        var position = start
        while let angle = next(UInt8(ascii: "<"), from: position, to: inner) {
            let (name, isEnd) = tagName(angle)
            position = max(name.upperBound, angle + 1)
            if !element.part.isFrame, isSameFolded(name, element.name) {
                if isEnd, depth == 0, isFollowedByTag(name) { return angle }
                depth = max(0, depth + (isEnd ? -1 : isEmptyTag(name.upperBound) ? 0 : 1))
            } else if let entry, isSameFolded(name, entry.name) {
                if isEnd, entries == 0, isFollowedByKnown(name.upperBound) { return angle }
                entries = max(0, entries + (isEnd ? -1 : 1))
            }
        }
        return nil
    }

    /// Whether the `]]>` at `end` is that of the last section that seems to begin before it: right behind a start tag,
    /// as it is right before the end tag of that element. Who quotes half a section writes on behind it, or ends the
    /// element that all of it stands in.
    private mutating func isOfLastSection(_ end: Int, from start: Int) -> Bool {
        if lastSectionPaired.end != end { lastSectionPaired = (end, isPaired(end, from: start)) }
        return lastSectionPaired.isPaired
    }

    private func isPaired(_ end: Int, from start: Int) -> Bool {
        if isAt(end - 2, "]]"), isAt(end + 3, "<![CDATA[>") { return false }
        var behind = end + 3
        while behind < source.count, isSpace(source[behind]) { behind += 1 }
        guard isAt(behind, "</") else { return false }
        let closed = (behind + 2)..<endOfName(behind + 2)
        var bracket = end - 1
        while bracket >= start + 8, source[bracket] != UInt8(ascii: "[") || !isAt(bracket - 8, "<![CDATA[") {
            bracket -= 1
        }
        guard bracket >= start + 8 else { return false }
        var tag = bracket - 9
        while tag > start, isSpace(source[tag]) { tag -= 1 }
        guard source[tag] == UInt8(ascii: ">") else { return false }
        let least = max(start, tag - RepairPass.doubtfulBytesMax)
        while tag > least, source[tag] != UInt8(ascii: "<") { tag -= 1 }
        guard source[tag] == UInt8(ascii: "<") else { return false }
        return isSame((tag + 1)..<endOfName(tag + 1), closed)
    }

    /// Of the tag whose `<` stands here.
    func tagName(_ angle: Int) -> (name: Range<Int>, isEnd: Bool) {
        let isEnd = isAt(angle, "</")
        let start = isEnd ? angle + 2 : angle + 1
        return (start..<endOfName(start), isEnd)
    }

    /// Where another section begins before `end`.
    func nextSection(from start: Int, to end: Int) -> Int? {
        var position = start
        while let bracket = next(UInt8(ascii: "["), from: position, to: end) {
            if isAt(bracket - 2, "<![CDATA[") { return bracket - 2 }
            position = bracket + 1
        }
        return nil
    }

    /// Whether the section whose text begins here goes on with that of one before it.
    private func isContinuation(_ start: Int) -> Bool { start >= 12 && isAt(start - 12, "]]><![CDATA[") }

    /// Whether behind an end tag of this name stands a tag that may follow it: one that we know; behind one that is
    /// none of HTML's, any.
    private func isFollowedByTag(_ name: Range<Int>) -> Bool {
        if isFollowedByKnown(name.upperBound) { return true }
        guard let after = tagBehind(name.upperBound) else { return false }
        return !isHTML(name) && opensMarkup(after)
    }

    /// Where a section ends that nothing closes, for the rest of the document is no part of it: before the end
    /// tag of its element, when what follows that is an end or a beginning that we know; else before the next
    /// entry, or where this one ends.
    private func endOfUnclosedSection(_ start: Int) -> Int? {
        guard let element = open.last else { return nil }
        let isField = !element.part.isFrame
        var position = start
        while let angle = next(UInt8(ascii: "<"), from: position) {
            position = angle + 1
            let (name, isEnd) = tagName(angle)
            if isField, isEnd, isSameFolded(name, element.name), isFollowedByKnown(name.upperBound) { return angle }
            switch part(name) {
            case .unknown: continue
            case .entry: return angle
            case .root, .list: if isEnd { return angle }
            case .field, .body: if !isField { return angle }
            }
        }
        return nil
    }

    /// Whether behind the end tag whose name ends here stands a tag that we know, or the end of what is around
    /// its element.
    private func isFollowedByKnown(_ nameEnd: Int) -> Bool {
        guard var after = tagBehind(nameEnd) else { return false }
        let isEnd = isAt(after, "</")
        after += isEnd ? 2 : 1
        let name = after..<endOfName(after)
        if isEnd, open.count > 1, isSameFolded(name, open[open.count - 2].name) { return true }
        return part(name) != .unknown
    }

    /// Where a `<` stands behind the tag whose name ends here, with nothing but white space between.
    private func tagBehind(_ nameEnd: Int) -> Int? {
        guard let angle = next(UInt8(ascii: "<"), from: nameEnd),
            let close = next(UInt8(ascii: ">"), from: nameEnd, to: angle)
        else { return nil }
        return source[(close + 1)..<angle].allSatisfy(isSpace) ? angle : nil
    }
}
