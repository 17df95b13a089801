/// Relative addresses inside a body of HTML, made absolute by its base; and a `<!` that begins no
/// declaration escaped, behind which browsers hide the text up to the next `>`.
enum HTMLAddresses {
    /// - Parameter bytesMax: at least so much is given, where there is so much; what follows may be
    ///   left out.
    static func resolved(
        _ bytes: ArraySlice<UInt8>, base: Base, bytesMax: Int = .max
    ) -> ArraySlice<UInt8> {
        var out: [UInt8] = []
        var copied = bytes.startIndex
        var index = bytes.startIndex
        var resolved = 0
        while out.count + (index - copied) < bytesMax, let open = next(UInt8(ascii: "<"), in: bytes, from: index) {
            index = open + 1
            guard index < bytes.endIndex else { break }
            if bytes[index] == UInt8(ascii: "!"), !beginsDeclaration(bytes[(index + 1)...]) {
                out.append(contentsOf: bytes[copied..<open])
                out.append(contentsOf: "&lt;".utf8)
                copied = index
            }
            guard isLetter(bytes[index]) else { continue }
            while index < bytes.endIndex, bytes[index] != UInt8(ascii: ">") {
                guard let value = attribute(in: bytes, at: &index) else { continue }
                guard !hasScheme(bytes[value]),
                    Base.hasRoom(resolved: resolved, read: index - bytes.startIndex)
                else { continue }
                let text = String(decoding: bytes[value], as: UTF8.self)
                guard let whole = base.link(text), whole != text else { continue }
                out.append(contentsOf: bytes[copied..<value.lowerBound])
                out.append(contentsOf: whole.utf8)
                resolved += whole.utf8.count
                copied = value.upperBound
            }
        }
        guard copied > bytes.startIndex || !out.isEmpty else { return bytes }
        out.append(contentsOf: bytes[copied...])
        return out[...]
    }

    /// A comment, a section, or a word: what HTML and its writers have after `<!`.
    private static func beginsDeclaration(_ rest: ArraySlice<UInt8>) -> Bool {
        guard let first = rest.first else { return false }
        return first == UInt8(ascii: "-") || first == UInt8(ascii: "[") || isLetter(first)
    }

    /// Steps over the next piece of a tag; the range of a value when it was `href` or `src`.
    private static func attribute(in bytes: ArraySlice<UInt8>, at index: inout Int) -> Range<Int>? {
        let start = index
        while index < bytes.endIndex, isLetter(bytes[index]) || bytes[index] == UInt8(ascii: "-") {
            index += 1
        }
        guard index > start else {
            index += 1
            return nil
        }
        let name = String(decoding: bytes[start..<min(index, start + 8)], as: UTF8.self).lowercased()
        while index < bytes.endIndex, bytes[index] <= 0x20 { index += 1 }
        guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "=") else { return nil }
        index += 1
        while index < bytes.endIndex, bytes[index] <= 0x20 { index += 1 }
        guard index < bytes.endIndex else { return nil }
        let quote = bytes[index]
        var value: Range<Int>
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            index += 1
            guard let end = next(quote, in: bytes, from: index) else {
                index = bytes.endIndex
                return nil
            }
            value = index..<end
            index = end + 1
        } else {
            let from = index
            while index < bytes.endIndex, bytes[index] > 0x20, bytes[index] != UInt8(ascii: ">") {
                index += 1
            }
            value = from..<index
        }
        return Markup.isAddress(name) ? value : nil
    }

    /// `mailto:`, `data:`, `javascript:`: not ours to resolve, nor `#here`.
    private static func hasScheme(_ value: ArraySlice<UInt8>) -> Bool {
        guard let first = value.first(where: { $0 > 0x20 }), first != UInt8(ascii: "#") else {
            return true
        }
        for byte in value {
            if byte == UInt8(ascii: ":") { return true }
            if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") { return false }
        }
        return false
    }

    private static func next(_ byte: UInt8, in bytes: ArraySlice<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.endIndex {
            if bytes[index] == byte { return index }
            index += 1
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
