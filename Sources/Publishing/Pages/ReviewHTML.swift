/// Reviews arrive reduced to a short list of elements; what leaves is reduced to the same list again,
/// because a log may hold what an older or foreign program wrote. Elements are balanced, so that a review
/// cannot close what stands around it. Text is kept, attributes are not, but an address.
enum ReviewHTML {
    private static let inline: [String] = ["em", "strong", "i", "b", "a", "code"]
    private static let blocks: [String] = ["p", "blockquote", "ul", "ol", "li"]
    /// What is inside these is no text.
    private static let swallowed: [String] = [
        "script", "style", "template", "title", "textarea", "iframe", "noscript", "svg", "math",
    ]
    private static let references: [String] = ["amp", "lt", "gt", "quot", "apos", "nbsp"]

    private static let depthMax = 32
    /// An address of 4 KiB and what may stand beside it.
    private static let tagBytesMax = 16_384

    /// - Parameter html: clean UTF-8.
    static func reduced(_ html: [UInt8]) -> [UInt8] {
        var reader = Reader(bytes: html)
        reader.read()
        return reader.output
    }

    private struct Reader {
        let bytes: [UInt8]
        var index = 0
        var output: [UInt8] = []
        /// Elements that are open, innermost last.
        var open: [String] = []
        /// The tag of the link that is open, and whether anything can be read in it yet: a link without a
        /// text has no name for those who hear the page.
        private var linkTag = 0..<0
        private var linkHasText = false

        init(bytes: [UInt8]) {
            self.bytes = bytes
            output.reserveCapacity(bytes.count)
        }

        mutating func read() {
            while index < bytes.count {
                switch bytes[index] {
                case UInt8(ascii: "<"): readTag()
                case UInt8(ascii: "&"): readReference()
                case UInt8(ascii: ">"): put("&gt;")
                case UInt8(ascii: "\""): put("&quot;")
                case UInt8(ascii: "'"): put("&#39;")
                default: readText()
                }
            }
            while let name = open.last { closeElement(name) }
            while let last = output.last, last == 0x20 || last == 0x0A { output.removeLast() }
        }

        /// Up to the next byte that means something.
        private mutating func readText() {
            let start = index
            while index < bytes.count, !isMark(bytes[index]) { index += 1 }
            let seen = bytes[start..<index].firstIndex { $0 > 0x20 } ?? index
            output.append(contentsOf: bytes[start..<seen])
            guard seen < index else { return }
            standInItem()
            linkHasText = true
            output.append(contentsOf: bytes[seen..<index])
        }

        private func isMark(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "<"), UInt8(ascii: "&"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
            default: false
            }
        }

        private mutating func put(_ text: String) {
            standInItem()
            linkHasText = true
            output.append(contentsOf: text.utf8)
            index += 1
        }

        private mutating func readReference() {
            var end = index + 1
            while end < bytes.count, end - index < 10, isNameByte(bytes[end]) || bytes[end] == UInt8(ascii: "#") {
                end += 1
            }
            let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
            guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else { return put("&amp;") }
            if references.contains(name) {
                standInItem()
                if name != "nbsp" { linkHasText = true }
                output.append(contentsOf: bytes[index...end])
            } else if let scalar = scalar(of: name) {
                linkHasText = true
                output.append(contentsOf: Markup.escaped(Markup.clean(String(scalar))).utf8)
            } else {
                return put("&amp;")
            }
            index = end + 1
        }

        /// Of `#233` or `#xe9`.
        private func scalar(of name: String) -> Character? {
            guard name.hasPrefix("#") else { return nil }
            let digits = name.dropFirst()
            let number =
                digits.lowercased().hasPrefix("x")
                ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
            return number.flatMap { Unicode.Scalar($0) }.map { Character($0) }
        }

        private mutating func readTag() {
            let start = index
            if isComment(at: start) {
                index = find(Array("-->".utf8), from: start + 4)
                return
            }
            let isEnd = start + 1 < bytes.count && bytes[start + 1] == UInt8(ascii: "/")
            var end = start + (isEnd ? 2 : 1)
            let nameStart = end
            while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
            guard nameStart < end, bytes[nameStart] >= UInt8(ascii: "A"), let close = tagEnd(from: end)
            else { return put("&lt;") }
            let name = name(in: nameStart..<end)
            let inside = end..<close
            index = close + 1
            if isEnd {
                closeElement(name)
            } else if blocks.contains(name) {
                openBlock(name)
            } else if inline.contains(name) {
                openInline(name, inside)
            } else if name == "br" {
                standInItem()
                output.append(contentsOf: "<br>".utf8)
            } else if swallowed.contains(name) {
                index = find(Array("</\(name)".utf8), from: index)
                if let close = tagEnd(from: index) { index = close + 1 }
            }
        }

        private func isComment(at start: Int) -> Bool {
            guard start + 3 < bytes.count else { return false }
            return bytes[start + 1] == UInt8(ascii: "!") && bytes[start + 2] == UInt8(ascii: "-")
                && bytes[start + 3] == UInt8(ascii: "-")
        }

        /// In lower case; most are.
        private func name(in range: Range<Int>) -> String {
            let name = String(decoding: bytes[range], as: UTF8.self)
            for index in range where (0x41...0x5A).contains(bytes[index]) { return name.lowercased() }
            return name
        }

        /// In a list, only items may stand.
        private mutating func standInItem() {
            if open.last == "ul" || open.last == "ol" { push("li") }
        }

        private mutating func push(_ name: String) {
            output.append(UInt8(ascii: "<"))
            output.append(contentsOf: name.utf8)
            output.append(UInt8(ascii: ">"))
            open.append(name)
        }

        /// A block ends the paragraph, and whatever stands in the line, before it.
        private mutating func openBlock(_ name: String) {
            while let last = open.last, last == "p" || inline.contains(last) { closeElement(last) }
            if name == "li" {
                if open.last == "li" { closeElement("li") }
                guard open.last == "ul" || open.last == "ol" else { return }
            } else {
                standInItem()
            }
            if open.count < ReviewHTML.depthMax { push(name) }
        }

        private mutating func openInline(_ name: String, _ inside: Range<Int>) {
            if name == "a" { closeElement("a") }
            guard open.count < ReviewHTML.depthMax else { return }
            standInItem()
            guard name == "a" else { return push(name) }
            guard let address = Link.web(address(in: inside)) else { return }
            let start = output.count
            output.append(contentsOf: "<a href=\"".utf8)
            Markup.escape(address, into: &output)
            output.append(contentsOf: "\" rel=\"nofollow ugc\">".utf8)
            linkTag = start..<output.count
            linkHasText = false
            open.append(name)
        }

        private mutating func closeElement(_ name: String) {
            guard open.contains(name) else { return }
            while let last = open.popLast() {
                if last == "a", !linkHasText {
                    output.removeSubrange(linkTag)
                } else {
                    output.append(contentsOf: "</".utf8)
                    output.append(contentsOf: last.utf8)
                    output.append(UInt8(ascii: ">"))
                }
                if last == name { return }
            }
        }

        /// The offset of the `>` that ends a tag, quoted values skipped.
        private func tagEnd(from start: Int) -> Int? {
            var quote: UInt8 = 0
            var at = start
            let end = min(bytes.count, start + ReviewHTML.tagBytesMax)
            while at < end {
                let byte = bytes[at]
                if quote != 0 {
                    if byte == quote { quote = 0 }
                } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                    quote = byte
                } else if byte == UInt8(ascii: ">") {
                    return at
                }
                at += 1
            }
            return nil
        }

        /// The value of `href`, its references read.
        private func address(in range: Range<Int>) -> String? {
            var at = range.lowerBound
            while at < range.upperBound {
                while at < range.upperBound, !isNameByte(bytes[at]) { at += 1 }
                let nameStart = at
                while at < range.upperBound, isNameByte(bytes[at]) { at += 1 }
                let name = name(in: nameStart..<at)
                guard at < range.upperBound, bytes[at] == UInt8(ascii: "=") else { continue }
                at += 1
                guard at < range.upperBound else { return nil }
                let quote = bytes[at]
                let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
                if isQuoted { at += 1 }
                let valueStart = at
                while at < range.upperBound, isQuoted ? bytes[at] != quote : bytes[at] > 0x20 { at += 1 }
                if name == "href" {
                    return String(decoding: withoutReferences(valueStart..<at), as: UTF8.self)
                }
                at += 1
            }
            return nil
        }

        /// An address, in which `&amp;` is the one reference that occurs.
        private func withoutReferences(_ range: Range<Int>) -> [UInt8] {
            let reference = Array("amp;".utf8)
            var value: [UInt8] = []
            value.reserveCapacity(range.count)
            var at = range.lowerBound
            while at < range.upperBound {
                value.append(bytes[at])
                at += 1
                guard value.last == UInt8(ascii: "&") else { continue }
                if bytes[at..<range.upperBound].starts(with: reference) { at += reference.count }
            }
            return value
        }

        /// The offset of `mark`, letters compared without case; the end where there is none.
        private func find(_ mark: [UInt8], from start: Int) -> Int {
            var at = start
            while at + mark.count <= bytes.count {
                var matched = 0
                while matched < mark.count, lower(bytes[at + matched]) == mark[matched] { matched += 1 }
                if matched == mark.count { return mark.last == UInt8(ascii: ">") ? at + matched : at }
                at += 1
            }
            return bytes.count
        }

        private func lower(_ byte: UInt8) -> UInt8 {
            (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
        }

        private func isNameByte(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
        }
    }
}
