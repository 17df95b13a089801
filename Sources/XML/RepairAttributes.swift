import Glibc

/// Attributes with a value in quotes, in which no `<` stands; no more of them than libxml2 can bear.
extension RepairPass {
    /// From the end of the name through `>`, mended; `nil` when a `<` or the end comes first.
    /// - Returns: whether the element is empty (`/>`).
    mutating func attributes() -> Bool? {
        var count = 0
        namespacesOfTag = 0
        while true {
            while index < source.count, isSpace(source[index]) { index += 1 }
            guard index < source.count else { return nil }
            switch source[index] {
            case UInt8(ascii: ">"):
                index += 1
                return false
            case UInt8(ascii: "/"):
                var end = index + 1
                while end < source.count, isSpace(source[end]) { end += 1 }
                if end < source.count, source[end] == UInt8(ascii: ">") {
                    if end > index + 1 {
                        copy(to: index + 1)
                        note(.markup, at: index)
                        copied = end
                    }
                    index = end + 1
                    return true
                }
                tag.slash = index
                replace(1, with: "", .attribute)
            case UInt8(ascii: "<"):
                return nil
            default:
                let start = index
                guard attributeOrJunk() else { return nil }
                if isNameStart(at: start) { count += 1 }
                if count >= Repair.attributesMax { return restOfTag() }
            }
        }
    }

    /// - Returns: whether the document goes on.
    @discardableResult
    mutating func attributeOrJunk() -> Bool {
        guard isNameStart(at: index) else {
            replace(scalar(at: index).count, with: "", .attribute)
            return true
        }
        return isAt(index, "xmlns") ? declaration() : attribute()
    }

    /// Leaves out what follows the last attribute that is read.
    mutating func restOfTag() -> Bool? {
        copy(to: index)
        note(.attribute, at: index)
        guard let end = find(.tag, from: index) else { return nil }
        let isEmpty = source[end - 1] == UInt8(ascii: "/")
        index = end + 1
        copied = index
        append(isEmpty ? "/>" : ">")
        return isEmpty
    }

    /// Of a namespace; one too many is left out, so that its prefix counts as not declared.
    mutating func declaration() -> Bool {
        guard namespacesOpen + namespacesOfTag >= Repair.namespacesMax else {
            namespacesOfTag += 1
            let start = index
            guard attribute() else { return false }
            // What stands in a field is hardly a part of the feed, and there may be many.
            if spine < 0 || spine == open.count - 1 { learnPrefix(start) }
            return true
        }
        copy(to: index)
        note(.attribute, at: index)
        let mark = out.count
        guard attribute() else { return false }
        out.removeSubrange(mark...)
        copied = index
        return true
    }

    mutating func attribute() -> Bool {
        let start = index
        if !isSpace(source[start - 1]) {
            copy(to: start)
            append(" ")
            note(.attribute, at: start)
        }
        index = endOfName(start)
        let nameEnd = index
        if let colon = brokenColon(start..<nameEnd) {
            copyColons(from: colon, to: nameEnd)
            note(.attribute, at: colon)
        }
        while index < source.count, isSpace(source[index]) { index += 1 }
        guard index < source.count else { return false }
        guard source[index] == UInt8(ascii: "=") else {
            // HTML's `<option selected>`.
            copy(to: nameEnd)
            append("=\"\"")
            note(.attribute, at: start)
            tag.hasWords = true
            return true
        }
        index += 1
        tag.hasValues = true
        while index < source.count, isSpace(source[index]) { index += 1 }
        guard index < source.count else { return false }
        let quote = source[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            if let end = endOfValue(index + 1, quote) {
                index += 1
                value(to: end)
                index = end + 1
                tag.valuesEnd = index
                return true
            }
            // A quote that nothing closes: the value ends where an unquoted one would.
            copy(to: index)
            index += 1
            copied = index
        }
        copy(to: index)
        append("\"")
        note(.attribute, at: start)
        var end = index
        while end < source.count, !isSpace(source[end]), source[end] != UInt8(ascii: ">"),
            source[end] != UInt8(ascii: "<"), source[end] != UInt8(ascii: "\"")
        {
            end += 1
        }
        if end < source.count, end > index, source[end] == UInt8(ascii: ">"),
            source[end - 1] == UInt8(ascii: "/")
        {
            end -= 1
        }
        value(to: end)
        copy(to: end)
        append("\"")
        if index < source.count, source[index] == UInt8(ascii: "\"") {
            index += 1
            copied = index
        }
        return true
    }

    /// Where the quote is closed. When a `<` comes first, the quote counts only if it is near and
    /// looks like the end of a value: a forgotten quote must not swallow what follows.
    func endOfValue(_ start: Int, _ quote: UInt8) -> Int? {
        guard let base = source.baseAddress, start < source.count else { return nil }
        let span = min(source.count - start, RepairPass.valueBytesMax)
        guard let found = memchr(base + start, Int32(quote), span) else { return nil }
        let end = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
        guard memchr(base + start, 0x3C, end - start) != nil else { return end }
        guard end - start <= RepairPass.doubtfulBytesMax, !opensValue(end), isBehindValue(end + 1) else { return nil }
        return end
    }

    /// Whether the quote that stands here is the first of a value: `<a href="x><b href="y">`.
    private func opensValue(_ quote: Int) -> Bool {
        var before = quote - 1
        while before > 0, isSpace(source[before]) { before -= 1 }
        return source[before] == UInt8(ascii: "=")
    }

    /// Whether what stands here follows a value: the end of the tag, or white space and that or another attribute.
    private func isBehindValue(_ start: Int) -> Bool {
        var position = start
        while position < source.count, isSpace(source[position]) { position += 1 }
        guard position < source.count else { return false }
        if source[position] == UInt8(ascii: ">") || isAt(position, "/>") || isAt(position, "?>") { return true }
        guard position > start, isNameStart(at: position) else { return false }
        position = endOfName(position)
        while position < source.count, isSpace(source[position]) { position += 1 }
        return position < source.count && source[position] == UInt8(ascii: "=")
    }

    /// libxml2 gives up at ten million bytes.
    static let valueBytesMax = 1_000_000
    static let doubtfulBytesMax = 4_096

    /// The text of a value up to `end`, with its references mended.
    mutating func value(to end: Int) {
        while index < end {
            let byte = source[index]
            if !isSpecial[Int(byte)] || byte == UInt8(ascii: "]") {
                index += 1
            } else if byte == UInt8(ascii: "<") {
                replace(1, with: "&#60;", .attribute)
            } else if byte == UInt8(ascii: "&") {
                reference()
            } else {
                control()
            }
        }
    }
}
