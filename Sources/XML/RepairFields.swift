import CXML

/// What is known of feeds: an entry is made of fields, and one that is never closed ends where the next
/// begins, lest a title swallow the link and the key behind it.
///
/// Nothing of this is done to an element that is closed where it should be: what a well-formed document
/// says stays as it is.
extension RepairPass {
    /// The field that is open: what stands directly in the innermost element of the spine, which is made
    /// of roots, lists and entries.
    var field: Int? { spine >= 0 && open.count > spine + 1 ? spine + 1 : nil }

    /// Ends what cannot go on where this element starts, before its tag, which stands at `mark`.
    mutating func closeBefore(_ name: Range<Int>, _ part: Outline.Part, _ start: Int, _ mark: Int) {
        guard let place = placeToClose(name, part, start) else { return }
        note(.missingEnd, at: start)
        copy(to: index)
        let tag = Array(out[mark...])
        out.removeSubrange(mark...)
        dropRemnant()
        tear(nil)
        close(to: place)
        out.append(contentsOf: tag)
    }

    /// Of an end tag that lost its `<`, or `</`, the rest is no text: `<guid>g/guid>`.
    mutating func dropRemnant() {
        guard let field, open.count == field + 1 else { return }
        let name = open[field].name
        let text = out.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? 0
        var start = text - name.count - 1
        guard start > 1, out[text - 1] == UInt8(ascii: ">"), out[start..<(text - 1)].elementsEqual(source[name])
        else { return }
        if out[start - 1] == UInt8(ascii: "/") { start -= 1 }
        // Else it is a tag, whole.
        guard out[start - 1] != UInt8(ascii: "<") else { return }
        out.removeSubrange(start..<text)
        // What was torn there is torn all the same.
        for index in torn.indices.reversed() where torn[index] > start { torn[index] = max(start, torn[index] - (text - start)) }
    }

    private mutating func placeToClose(_ name: Range<Int>, _ part: Outline.Part, _ start: Int) -> Int? {
        if part == .entry, open.count > RepairPass.entryDepthMax {
            // Hundreds of entries of which none was closed, or a page around them.
            let place = open.firstIndex { $0.spineBefore == nil || $0.part == .entry } ?? open.count
            return max(place, 1)
        }
        guard let place = field, !open[place].hasEnd else { return nil }
        let isNext: Bool
        switch (open[place].part, part) {
        case (.body, .field), (.body, .body), (.body, .entry), (.body, .root): isNext = true
        case (_, .entry): isNext = isInPage(from: place) && isOwnEntry(name)
        case (.body, _): isNext = false
        case (_, .field), (_, .body): isNext = true
        default: isNext = !isHTML(name)
        }
        guard isNext else { return nil }
        let entriesInside = open[place].part != .field || part == .entry
        open[place].hasEnd = ends(place, from: start, entriesInside: entriesInside) ?? true
        return open[place].hasEnd ? nil : place
    }
    static let entryDepthMax = 64

    /// Whether an element of a page that declares a namespace is open from this place on: `<div xmlns="…/xhtml">`.
    /// What begins in it is in that namespace, and an entry would be none.
    private func isInPage(from place: Int) -> Bool {
        open[place...].prefix(RepairPass.pageDepthMax).contains { $0.isPage }
    }
    /// Whether entries are called so here: an `<item>` in a title of Atom is spoken of.
    private func isOwnEntry(_ name: Range<Int>) -> Bool {
        guard let entry = open.last(where: { $0.part == .entry }) else { return true }
        return isSame(entry.name, name)
    }
    /// `<content:encoded><body><div xmlns=…>`
    static let pageDepthMax = 4

    /// Whether the start tag of an entry or a feed that ends here is only named in the text of the field that is open
    /// (`<title>The <item> element</title>`): that field's end comes before any other end or field.
    /// In the midst of an address it is neither, and of a root nothing is left there.
    mutating func isOnlyNamed(_ part: Outline.Part, _ start: Int) -> Bool {
        guard rereadLeft > 0, let place = field, open[place].part == .field || open[place].part == .body,
            part == .entry || isSpace(source[start - 1]) || source[start - 1] == UInt8(ascii: ">")
        else { return false }
        var position = index
        var namesLeft = RepairPass.namedMax
        while let tag = nextTag(from: position), tag.name.lowerBound - index < RepairPass.doubtfulBytesMax {
            if isSameFolded(tag.name, open[place].name) { return tag.isEnd }
            switch self.part(tag.name) {
            case .unknown: break
            case .root where !tag.isEnd, .list where !tag.isEnd, .entry where !tag.isEnd: namesLeft -= 1
            default: return false
            }
            guard namesLeft > 0 else { return false }
            position = tag.name.upperBound
        }
        return false
    }
    /// How many of them a text may name one behind the other.
    private static let namedMax = 8

    /// Whether an end tag closes more than its author can have meant: the field that is open, or the entry,
    /// goes on behind it and has an end of its own.
    mutating func isStray(_ place: Int) -> Bool {
        guard place <= spine, let top = open.indices.last, top > place else { return false }
        if let field, ends(field, from: index, entriesInside: false) ?? false { return true }
        guard let entry = open.lastIndex(where: { $0.part == .entry && $0.spineBefore != nil }), entry > place
        else { return false }
        return ends(entry, from: index, entriesInside: false) ?? false
    }

    /// Whether the element at this place has an end further on, before what is around it ends or another
    /// entry begins; `nil` when too much has been looked at to tell.
    /// - Parameter entriesInside: whether there may be whole entries in it, of somebody else's, and whole feeds.
    private mutating func ends(_ place: Int, from start: Int, entriesInside: Bool) -> Bool? {
        let element = open[place]
        var depth = 0
        var entries = 0
        var roots = 0
        var position = start
        while let tag = nextTag(from: position) {
            position = tag.name.upperBound
            if entries == 0, tag.name.count == element.name.count, isSameFolded(tag.name, element.name) {
                if tag.isEnd {
                    if depth == 0 { return true }
                    depth -= 1
                } else if element.part == .entry {
                    return false
                } else if !isEmptyTag(tag.name.upperBound) {
                    depth += 1
                }
                continue
            }
            switch part(tag.name) {
            case .entry where tag.isEnd:
                if entries == 0 { return false }
                entries -= 1
            case .entry:
                guard entriesInside, entries < RepairPass.quotedDepthMax else { return false }
                entries += 1
            case .root, .list:
                if element.part == .entry || tag.isEnd && roots == 0 { return false }
                roots += tag.isEnd ? -1 : isEmptyTag(tag.name.upperBound) ? 0 : 1
            default:
                break
            }
        }
        return scanLeft > 0 ? false : nil
    }
    /// How deep entries stand in one another that somebody quotes; deeper, they are ones of which none was closed.
    static let quotedDepthMax = 8
    /// So much takes some milliseconds; a small document may be looked through as often as it has entries.
    static let scanBytesMin = 4_000_000

    /// The next tag, as long as there is leave to look ahead: all looks together are bounded.
    private mutating func nextTag(from start: Int) -> (name: Range<Int>, isEnd: Bool)? {
        var position = start
        while scanLeft > 0, let angle = next(UInt8(ascii: "<"), from: position), angle + 1 < source.count {
            var end = angle + 1
            if isAt(angle, "<![CDATA[") {
                end = find(.section, from: end) ?? end
            } else if isAt(angle, "<!--") {
                end = commentEnd(angle) ?? end
            } else if source[end] == UInt8(ascii: "?") {
                end = instructionEnd(angle) ?? end
            } else {
                let isEnd = source[end] == UInt8(ascii: "/")
                let name = (isEnd ? end + 1 : end)..<endOfName(isEnd ? end + 1 : end)
                scanLeft -= name.upperBound - start
                if !name.isEmpty { return (name, isEnd) }
            }
            scanLeft -= end - position
            position = end
        }
        return nil
    }

    func isEmptyTag(_ nameEnd: Int) -> Bool {
        var position = nameEnd
        while position < source.count, source[position] != UInt8(ascii: ">"), source[position] != UInt8(ascii: "<") {
            position += 1
        }
        return source[position - 1] == UInt8(ascii: "/")
    }

    /// Whether the document goes on behind the end of its root: an entry stands there, or a whole second
    /// document. What lies between is skipped.
    mutating func continues() -> Bool {
        guard !outline.isEmpty else { return false }
        var position = index
        while let angle = next(UInt8(ascii: "<"), from: position) {
            position = angle + 1
            if isAt(angle, "<!--") {
                position = commentEnd(angle) ?? position
                continue
            }
            let name = position..<endOfName(position)
            learnOwnPrefix(angle)
            switch part(name) {
            case .entry, .root, .list:
                note(.afterEnd, at: angle)
                copy(to: index)
                skip(to: angle)
                isContinued = true
                return true
            default:
                break
            }
        }
        return false
    }

    /// At the end of a document whose root is open: nobody quotes a feed as the last thing that they say. It is another
    /// answer, behind the one that broke off in an entry, and that entry was not closed.
    mutating func noteInnerRoot() {
        guard innerRoot.place >= 0, innerRoot.end < 0 || !isMeant(from: innerRoot.end) else { return }
        note(.missingEnd, at: innerRoot.start)
    }

    /// Whether anything but white space, comments and instructions follows.
    mutating func isMeant(from start: Int) -> Bool {
        var position = start
        while position < source.count {
            if isSpace(source[position]) {
                position += 1
            } else if isAt(position, "<!--"), let end = commentEnd(position) {
                noteComment(position..<end)
                position = end
            } else if isAt(position, "<?"), let end = instructionEnd(position) {
                if isDeclaration(position) { note(.declaration, at: position) }
                noteInstruction(position..<end)
                position = end
            } else {
                return true
            }
        }
        return false
    }

    /// Of those that libxml2, which knows HTML 4, has never heard of, what stands in texts.
    func isLaterHTML(_ name: Range<Int>) -> Bool {
        guard name.count <= 16 else { return false }
        return RepairPass.laterHTML.contains(String(decoding: source[name].map { fold($0) }, as: UTF8.self))
    }
    private static let laterHTML: Set = [
        "article", "aside", "audio", "bdi", "canvas", "data", "details", "dialog", "figcaption", "figure", "footer", "g",
        "header", "hgroup", "main", "mark", "math", "meter", "nav", "output", "path", "picture", "progress", "rp", "rt",
        "ruby", "search", "section", "slot", "source", "summary", "svg", "template", "time", "track", "use", "video", "wbr",
    ]

    func isHTML(_ name: Range<Int>) -> Bool {
        guard name.count <= 16 else { return false }
        var text = source[name].map { fold($0) }
        text.append(0)
        LibXML.open()
        return text.withUnsafeBufferPointer { cxml_is_html($0.baseAddress) != 0 }
    }
}
