/// Tags that balance: what is not closed is closed, what was not opened is dropped, and what is
/// nested too deeply is opened up.
extension RepairPass {
    struct Open {
        var name: Range<Int>
        /// `Outline.key` of the name.
        var key: Int
        /// How many namespaces it declares.
        var namespaces: Int
        /// Whether it is of HTML by its name and declares one.
        var isPage = false
        var part: Outline.Part
        /// Its `brokenColon`, which is written as "_".
        var colon: Int?
        /// The `spine` before this became it; `nil` when it did not.
        var spineBefore: Int?
        /// Whether its end tag has been seen further on, where it belongs.
        var hasEnd = false
    }

    // MARK: End tags

    mutating func endTag() {
        let start = index
        copy(to: start)
        let name = (start + 2)..<endOfName(start + 2)
        endOfEndTag(name)
        copied = index
        // Half a tag is none.
        if index == source.count, source[index - 1] != UInt8(ascii: ">") { return note(.cutOff, at: start) }
        let key = key(name)
        guard openOfSlot[Outline.slot(key)] > 0 else { return noteStray(name) }
        if let place = sunken.lastIndex(where: { $0.key == key && isSame($0.name, name) }) {
            while sunken.count > place { openOfSlot[Outline.slot(sunken.removeLast().key)] -= 1 }
            return
        }
        guard let place = open.lastIndex(where: { $0.key == key && isSame($0.name, name) })
            ?? open.lastIndex(where: { $0.key == key && isSameFolded($0.name, name) })
        else { return noteStray(name) }
        if !isSame(open[place].name, name) { note(.spelling, at: start) }
        if isStray(place) {
            note(.strayEnd, at: start)
            // Somebody writes about tags.
            index = start + 1
            copied = index
            return append("&#60;")
        }
        if place < open.count - 1 {
            note(.missingEnd, at: start)
            dropRemnant()
            for element in open[(place + 1)...] { tear(element.name) }
        }
        if place == 0, continues() {
            close(to: 1)
        } else {
            close(to: place)
            rootHasClosed = open.isEmpty
        }
    }

    private mutating func noteStray(_ name: Range<Int>) {
        note(.strayEnd, at: name.lowerBound - 2)
        tear(name)
    }

    /// From the end of the name through `>`, or to the next `<`.
    private mutating func endOfEndTag(_ name: Range<Int>) {
        index = name.upperBound
        while index < source.count, source[index] != UInt8(ascii: ">"), source[index] != UInt8(ascii: "<") {
            index += 1
        }
        let isWhole = index < source.count && source[index] == UInt8(ascii: ">")
        if !isWhole && index < source.count || source[name.upperBound..<index].contains(where: { !isSpace($0) }) {
            note(.markup, at: name.upperBound)
            tear(name)
        }
        if isWhole { index += 1 }
    }

    /// Writes the ends of all elements from this place on.
    mutating func close(to place: Int) {
        if open.count > place { while let element = sunken.popLast() { openOfSlot[Outline.slot(element.key)] -= 1 } }
        while open.count > place {
            let element = open.removeLast()
            namespacesOpen -= element.namespaces
            openOfSlot[Outline.slot(element.key)] -= 1
            if let before = element.spineBefore { spine = before }
            if open.count == innerRoot.place, innerRoot.end < 0 { innerRoot.end = index }
            writeEnd(element.name, colon: element.colon)
        }
    }

    // MARK: Start tags

    mutating func startTag() {
        let start = index
        if rereadLeft <= 0, !endsBeforeNext(start) { return replace(1, with: "&#60;", .bareAngle) }
        copy(to: start)
        let mark = out.count
        var name = (start + 1)..<endOfName(start + 1)
        index = name.upperBound
        tag = Tag(valuesEnd: index)
        let colon = brokenColon(name)
        if let colon, !writeColon(colon, of: name) { return replaceOpening(start) }
        var isEmpty = attributes()
        if isEmpty == nil, index < source.count, !isCutOff(start) {
            isEmpty = endTagEarly(&name, mark)
            if isEmpty != nil {
                note(.markup, at: start)
                tear(name, at: mark)
            }
        }
        guard var isEmpty else { return dropTag(start, mark) }
        let key = key(name)
        let part = outline.part(source[name], key: key)
        if !isEmpty, part.isFrame, isOnlyNamed(part, start) { return takeBack(start, mark) }
        closeBefore(name, part, start, mark)
        if open.isEmpty, isEmpty {
            // A root without content, after which the document goes on: `<rss a=http://x/>`.
            copy(to: index)
            let end = out.count
            rootHasClosed = !continues()
            guard !rootHasClosed else { return }
            out.replaceSubrange((end - 2)..<end, with: [UInt8(ascii: ">")])
            isEmpty = false
        }
        if open.count >= Repair.depthMax {
            note(.tooDeep, at: start)
            out.removeSubrange(mark...)
            copied = index
            guard !isEmpty, sunken.count < RepairPass.sunkenMax else { return }
            sunken.append((name, key))
            openOfSlot[Outline.slot(key)] += 1
        } else if !isEmpty {
            push(name, key, part, colon)
        }
    }
    /// So that a search for the start of an end tag stays short.
    static let sunkenMax = 64

    private mutating func push(_ name: Range<Int>, _ key: Int, _ part: Outline.Part, _ colon: Int?) {
        var element = Open(name: name, key: key, namespaces: namespacesOfTag, part: part)
        element.isPage = namespacesOfTag > 0 && isHTML(name)
        // The name may have turned out to be shorter.
        element.colon = colon.flatMap { $0 < name.upperBound ? $0 : nil }
        let isOnSpine = spine == open.count - 1 || spine < 0
        if part == .root || part == .list, spine >= 0, open[spine].part == .entry,
            innerRoot.place < 0 || innerRoot.end >= 0
        {
            innerRoot = (open.count, name.lowerBound, -1)
        }
        if part == .entry || (part == .root || part == .list) && isOnSpine {
            element.spineBefore = spine
            spine = open.count
        }
        open.append(element)
        namespacesOpen += namespacesOfTag
        openOfSlot[Outline.slot(key)] += 1
    }

    /// Writes a name's broken colon as "_" where an element is meant: it has an end of its own, or attributes. Who
    /// tells a book's number in angles (`<urn:isbn:978>`) means none.
    /// - Returns: whether an element is meant.
    private mutating func writeColon(_ colon: Int, of name: Range<Int>) -> Bool {
        guard name.upperBound == source.count || source[name.upperBound] != UInt8(ascii: ">") || hasEndNear(name)
        else { return false }
        note(.markup, at: colon)
        copyColons(from: colon, to: name.upperBound)
        return true
    }

    private mutating func hasEndNear(_ name: Range<Int>) -> Bool {
        let limit = min(source.count, name.upperBound + min(RepairPass.doubtfulBytesMax, max(scanLeft, 0)))
        var position = name.upperBound
        defer { scanLeft -= position - name.upperBound }
        while let angle = next(UInt8(ascii: "<"), from: position, to: limit) {
            position = angle + 1
            if isAt(angle, "</"), isSame((angle + 2)..<endOfName(angle + 2), name) { return true }
        }
        position = limit
        return false
    }

    /// What begins at `start` is text.
    private mutating func replaceOpening(_ start: Int) {
        index = start
        replace(1, with: "&#60;", .bareAngle)
    }

    /// A tag that has been read is text.
    private mutating func takeBack(_ start: Int, _ mark: Int) {
        out.removeSubrange(mark...)
        rereadLeft -= index - start
        copied = start
        replaceOpening(start)
    }

    /// What seemed to be a tag is none, or the document ends in it.
    private mutating func dropTag(_ start: Int, _ mark: Int) {
        out.removeSubrange(mark...)
        rereadLeft -= index - start
        index = start
        copied = start
        if isCutOff(start) {
            note(.cutOff, at: start)
            index = source.count
            copied = index
        } else {
            replace(1, with: "&#60;", .bareAngle)
        }
    }

    /// Whether the tag that begins at `start` ends before another `<`.
    private func endsBeforeNext(_ start: Int) -> Bool {
        let angle = next(UInt8(ascii: "<"), from: start + 1) ?? source.count
        return next(UInt8(ascii: ">"), from: start + 1, to: angle) != nil
    }

    /// Whether the document ends inside the tag that begins at `start`.
    private func isCutOff(_ start: Int) -> Bool {
        var position = start + 1
        while position < source.count {
            if source[position] == UInt8(ascii: "<") || source[position] == UInt8(ascii: ">") {
                return false
            }
            position += 1
        }
        return true
    }

    // MARK: Without a ">"

    /// What is remembered of a tag while it is read.
    struct Tag {
        /// Behind the last value in quotes, or the name.
        var valuesEnd: Int
        var hasValues = false
        /// Whether words stood in it that have no value.
        var hasWords = false
        /// Where a `/` stood last.
        var slash = -1
    }

    /// A `<` stands where the tag should have ended; `name` may turn out to be shorter.
    /// - Returns: whether it ends there as an empty one; `nil` when it is no tag.
    private mutating func endTagEarly(_ name: inout Range<Int>, _ mark: Int) -> Bool? {
        if let text = textInTag(&name) {
            // `<title Something</title>`
            out.removeSubrange(mark...)
            copied = name.lowerBound - 1
            index = name.upperBound
            while index < text { if isSpace(source[index]) { index += 1 } else { attributeOrJunk() } }
            copy(to: text)
            append(">")
            return false
        }
        let isKnown = part(name) != .unknown
        let looksRight = !tag.hasWords && (tag.hasValues || spine == open.count - 1 || isHTML(name))
        guard open.isEmpty || isKnown || looksRight else { return nil }
        copy(to: index)
        let isEmpty = tag.slash >= name.upperBound && (tag.slash + 1..<index).allSatisfy { isSpace(source[$0]) }
        append(isEmpty ? "/>" : ">")
        return isEmpty
    }

    /// Where the text of a field begins that lies in its start tag, since the next thing is its end.
    private func textInTag(_ name: inout Range<Int>) -> Int? {
        guard isAt(index, "</") else { return nil }
        let end = (index + 2)..<endOfName(index + 2)
        let part = part(end)
        guard part == .field || part == .body, end.count <= name.count,
            isSameFolded(end, name.prefix(end.count))
        else { return nil }
        if end.count < name.count {
            name = name.prefix(end.count)
            return name.upperBound
        }
        return tag.hasWords ? tag.valuesEnd : nil
    }
}
