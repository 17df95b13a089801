/// What stands before the root: skipped, and the entities that it declares remembered.
extension RepairPass {
    mutating func skipToStart() {
        let start = startOfDocument()
        var position = 0
        var isFirst = true
        while position < start {
            if isSpace(source[position]) || isAt(position, "\u{FEFF}") {
                isFirst = isFirst && !isSpace(source[position])
                position += scalar(at: position).count
                continue
            }
            if isAt(position, "<!--"), let end = commentEnd(position) {
                noteComment(position..<end)
                position = end
            } else if isAt(position, "<?") {
                if isDeclaration(position), !isFirst { note(.declaration, at: position) }
                let end = instructionEnd(position)
                if let end { noteInstruction(position..<end) }
                position = end ?? position + 2
            } else if isDocumentType(position), !doctypeSeen {
                position = documentType(position)
            } else {
                note(.junkBefore, at: position)
                position += 1
            }
            isFirst = false
        }
        if position > start { note(.declaration, at: start) }
        skip(to: start)
    }

    /// Leaves out what lies before; its line ends stay.
    mutating func skip(to end: Int) {
        for position in index..<end where source[position] == UInt8(ascii: "\n") {
            out.append(UInt8(ascii: "\n"))
        }
        index = end
        copied = end
    }

    /// The first tag near the beginning that a feed consists of, for the root's may be broken, else the first
    /// of all.
    mutating func startOfDocument() -> Int {
        guard var first = firstTag(isFrame: true) else { return firstTag(isFrame: false) ?? source.count }
        var typeSeen = false
        while let root = rootBehind(first, &typeSeen) { first = root }
        return first
    }

    /// The root that follows this tag before any other of a feed's, or, where an entry seems to begin, before any end:
    /// then it is only spoken of (`Warning: <item> not closed in …`).
    private mutating func rootBehind(_ start: Int, _ typeSeen: inout Bool) -> Int? {
        var position = start + 1
        let limit = min(source.count, start + RepairPass.junkBytesMax)
        let first = tagName(start).name
        let isEntry = part(first) == .entry
        while let angle = next(UInt8(ascii: "<"), from: position, to: limit) {
            position = angle + 1
            if isAt(angle, "<![CDATA[") { return nil }
            let isType = isDocumentType(angle)
            if !isType || !typeSeen, let end = prologMarkEnd(angle) { position = end }
            typeSeen = typeSeen || isType
            guard position == angle + 1 else { continue }
            let (name, isEnd) = tagName(angle)
            learnOwnPrefix(angle)
            switch part(name) {
            case .unknown: continue
            case .root where !isEnd: return angle
            case .entry, .field, .body: if isEnd || !isEntry { return nil }
            case .root, .list: return nil
            }
        }
        return nil
    }

    /// The first tag that a feed consists of, or of all. Comments, instructions, document types and white
    /// space are no junk, however long they are: some put a licence before their feed.
    private mutating func firstTag(isFrame: Bool) -> Int? {
        guard !isFrame || !outline.isEmpty else { return nil }
        var junkLeft = RepairPass.junkBytesMax
        var typeSeen = false
        var position = 0
        while let angle = next(UInt8(ascii: "<"), from: position) {
            for byte in source[position..<angle] where !isSpace(byte) {
                junkLeft -= 1
                guard junkLeft > 0 else { return nil }
            }
            let isType = isDocumentType(angle)
            let isSecondType = isType && typeSeen
            typeSeen = typeSeen || isType
            if !isSecondType, let end = prologMarkEnd(angle) {
                position = end
                continue
            }
            junkLeft -= 1
            guard junkLeft > 0 else { return nil }
            position = angle + 1
            if !isFrame {
                if opensMarkup(angle) { return angle }
            } else if opensFrame(angle) {
                return angle
            } else if isAt(angle, "<![CDATA["), let end = sectionEnd(from: angle), end - angle < junkLeft,
                nextSection(from: angle + 9, to: end) == nil
            {
                // What it shows is text; where another begins in it, its own end is lost.
                junkLeft -= end - angle
                position = end
            }
        }
        return nil
    }
    static let junkBytesMax = 65_536

    private mutating func opensFrame(_ angle: Int) -> Bool {
        let name = (angle + 1)..<endOfName(angle + 1)
        guard !name.isEmpty, name.upperBound == source.count || endsName(source[name.upperBound]) else { return false }
        learnOwnPrefix(angle)
        return part(name).isFrame
    }

    private func endsName(_ byte: UInt8) -> Bool {
        isSpace(byte) || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "/")
    }

    /// Behind the comment, instruction or document type that begins at `start`, where it has an end and no
    /// tag can have been meant in it.
    private mutating func prologMarkEnd(_ start: Int) -> Int? {
        if isAt(start, "<!--") { return commentEnd(start) }
        if isDocumentType(start) { return documentTypeEnd(start) }
        guard isAt(start, "<?"), let end = instructionEnd(start) else { return nil }
        if isDeclaration(start), let angle = next(UInt8(ascii: "<"), from: start + 1), angle < end { return nil }
        return end
    }

    func isDocumentType(_ at: Int) -> Bool { isAt(at, "<!DOCTYPE") || isAt(at, "<!doctype") }

    /// Remembers the entities in a document type that are plain text (feedparser does the same): short
    /// ones and few, so that nothing grows beyond reason.
    /// - Returns: where it ends.
    mutating func documentType(_ start: Int) -> Int {
        doctypeSeen = true
        if let end = walkDocumentType(start, isWary: false, entity: { $0.entity($1) }) { return end }
        // A quote or bracket that nothing closes.
        note(.declaration, at: start)
        return find(.tag, from: start).map { $0 + 1 } ?? source.count
    }

    /// Behind the document type that begins at `start`; `nil` where a quote may be missing, for what follows
    /// would lie in it up to the next.
    private mutating func documentTypeEnd(_ start: Int) -> Int? {
        walkDocumentType(start, isWary: true) { _, _ in }
    }

    private mutating func walkDocumentType(
        _ start: Int, isWary: Bool, entity: (inout RepairPass, Int) -> Void
    ) -> Int? {
        var position = start + 9
        var quote: UInt8 = 0
        var bracket = false
        while position < source.count {
            let byte = source[position]
            if quote != 0 {
                if byte == quote { quote = 0 }
                if isWary, !bracket, byte == UInt8(ascii: "<") { return nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "<") {
                if isAt(position, "<!--") {
                    position = (commentEnd(position) ?? source.count) - 1
                } else if isAt(position, "<?") {
                    position = (instructionEnd(position) ?? position + 2) - 1
                } else if isAt(position, "<!ENTITY") {
                    entity(&self, position + 8)
                } else if isWary, !bracket || !isAt(position, "<!") {
                    return nil
                }
            } else if byte == UInt8(ascii: "[") {
                bracket = true
            } else if byte == UInt8(ascii: "]") {
                bracket = false
            } else if byte == UInt8(ascii: ">") && !bracket {
                return position + 1
            }
            position += 1
        }
        return nil
    }

    private mutating func entity(_ at: Int) {
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
