/// Tags that balance: what is not closed is closed, what was not opened is dropped, and what is
/// nested too deeply is opened up.
extension RepairPass {
    mutating func endTag() {
        let start = index
        copy(to: start)
        let nameEnd = endOfName(start + 2)
        let name = (start + 2)..<nameEnd
        var end = nameEnd
        while end < source.count, source[end] != UInt8(ascii: ">"), source[end] != UInt8(ascii: "<") {
            end += 1
        }
        if end < source.count, source[end] == UInt8(ascii: ">") {
            end += 1
        } else {
            note(end < source.count ? .attribute : .cutOff, at: start)
        }
        index = end
        copied = end
        guard openOfKind[kind(name)] > 0 else { return note(.strayEnd, at: start) }
        if let place = sunken.lastIndex(where: { isSame($0, name) }) {
            while sunken.count > place { openOfKind[kind(sunken.removeLast())] -= 1 }
            return
        }
        guard let place = open.lastIndex(where: { isSame($0, name) })
            ?? open.lastIndex(where: { isSameFolded($0, name) })
        else {
            note(.strayEnd, at: start)
            return
        }
        while let name = sunken.popLast() { openOfKind[kind(name)] -= 1 }
        if place < open.count - 1 { note(.missingEnd, at: start) }
        while open.count > place {
            let name = open.removeLast()
            namespacesOpen -= namespaces.removeLast()
            openOfKind[kind(name)] -= 1
            writeEnd(name)
        }
        if open.isEmpty { rootHasClosed = true }
    }

    mutating func startTag() {
        let start = index
        copy(to: start)
        let mark = out.count
        let name = (start + 1)..<endOfName(start + 1)
        index = name.upperBound
        guard let isEmpty = attributes() else {
            // No end before the next tag: then it was no tag.
            out.removeSubrange(mark...)
            index = start
            copied = start
            if open.isEmpty || isCutOff(start) {
                note(.cutOff, at: start)
                index = source.count
                copied = index
            } else {
                replace(1, with: "&#60;", .bareAngle)
            }
            return
        }
        if open.count >= Repair.depthMax {
            note(.tooDeep, at: start)
            out.removeSubrange(mark...)
            copied = index
            if !isEmpty, sunken.count < RepairPass.sunkenMax {
                sunken.append(name)
                openOfKind[kind(name)] += 1
            }
        } else if !isEmpty {
            open.append(name)
            namespaces.append(namespacesOfTag)
            namespacesOpen += namespacesOfTag
            openOfKind[kind(name)] += 1
        } else if open.isEmpty {
            copy(to: index)
            rootHasClosed = true
        }
    }
    /// So that a search for the start of an end tag stays short.
    static let sunkenMax = 64

    /// Whether the document ends inside the tag that begins at `start`.
    func isCutOff(_ start: Int) -> Bool {
        var position = start + 1
        while position < source.count {
            if source[position] == UInt8(ascii: "<") || source[position] == UInt8(ascii: ">") {
                return false
            }
            position += 1
        }
        return true
    }
}
