import Glibc

/// The steps that all of the pass is made of: what is copied and written, and what stands where in the source.
extension RepairPass {
    mutating func copy(to end: Int) {
        if copied < end { out.append(contentsOf: source[copied..<end]) }
        copied = max(copied, end)
    }

    /// Puts `text` in the place of the next `count` bytes.
    mutating func replace(
        _ count: Int, with text: StaticString, _ fault: RepairedText.Fault
    ) {
        copy(to: index)
        note(fault, at: index)
        append(text)
        index += count
        copied = index
    }

    mutating func append(_ text: StaticString) {
        out.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func writeEnd(_ name: Range<Int>, colon: Int? = nil) {
        append("</")
        if let colon {
            out.append(contentsOf: source[name.lowerBound..<colon])
            out.append(contentsOf: source[colon..<name.upperBound].lazy.map { $0 == UInt8(ascii: ":") ? UInt8(ascii: "_") : $0 })
        } else {
            out.append(contentsOf: source[name])
        }
        append(">")
    }

    /// Where a byte stands next.
    func next(_ byte: UInt8, from start: Int) -> Int? { next(byte, from: start, to: source.count) }

    func next(_ byte: UInt8, from start: Int, to end: Int) -> Int? {
        guard let base = source.baseAddress, start < end,
            let found = memchr(base + start, Int32(byte), end - start)
        else { return nil }
        return UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
    }

    /// Where a closing mark stands next. A mark that was not found once is not there further on
    /// either: it is not looked for again, lest many unclosed comments cost a scan each.
    mutating func find(_ mark: Mark, from start: Int) -> Int? {
        guard !absent.contains(mark) else { return nil }
        let text = mark.rawValue.utf8
        var position = start
        while let found = next(text[text.startIndex], from: position) {
            if source[found...].starts(with: text) { return found }
            position = found + 1
        }
        absent.insert(mark)
        return nil
    }

    enum Mark: String {
        case instruction = "?>"
        case section = "]]>"
        case tag = ">"
    }

    func isAt(_ at: Int, _ text: StaticString) -> Bool {
        guard let base = source.baseAddress, at + text.utf8CodeUnitCount <= source.count else {
            return false
        }
        return memcmp(base + at, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// Whether a name, lower case, stands here in any case, and ends here.
    func isAtFolded(_ at: Int, _ name: String) -> Bool {
        var position = at
        for byte in name.utf8 {
            guard position < source.count, fold(source[position]) == byte else { return false }
            position += 1
        }
        guard position < source.count else { return true }
        let next = source[position]
        return isSpace(next) || next == UInt8(ascii: ">") || next == UInt8(ascii: "/")
    }

    func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count, let base = source.baseAddress else { return false }
        return memcmp(base + left.lowerBound, base + right.lowerBound, left.count) == 0
    }

    func isSameFolded(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for (one, other) in zip(left, right) where fold(source[one]) != fold(source[other]) {
            return false
        }
        return true
    }

    func key(_ name: Range<Int>) -> Int { Outline.key(source[name]) }

    /// What an element of this name is.
    func part(_ name: Range<Int>) -> Outline.Part { outline.part(source[name], key: key(name)) }

    func fold(_ byte: UInt8) -> UInt8 {
        Outline.folded(byte)
    }
    func isSpace(_ byte: UInt8) -> Bool { Repair.isSpace(byte) }
    func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
