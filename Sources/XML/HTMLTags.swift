/// The tags of HTML and the text between them, as libxml2 tells them apart. Comments, declarations and
/// instructions are left out, and so is what stands in scripts and styles.
struct HTMLTags {
    enum Piece {
        /// The range of its name, and how many attributes it has.
        case start(Range<Int>, attributes: Int)
        case end(Range<Int>)
        case text(Range<Int>)
    }

    /// Whether something stood there of which it is not certain where it ends.
    private(set) var isUnclear = false
    private let html: UnsafeBufferPointer<UInt8>
    private var index = 0
    /// Right behind a document type libxml2 takes end tags and further types for text.
    private var isBehindType = false

    init(_ html: UnsafeBufferPointer<UInt8>) { self.html = html }

    /// - Parameter text: lower-case letters.
    static func isNamed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ text: String) -> Bool {
        bytes.count == text.utf8.count && bytes.elementsEqual(text.utf8) { $0 | 0x20 == $1 }
    }

    static func name(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        String(decoding: bytes, as: UTF8.self).lowercased()
    }

    mutating func next() -> Piece? {
        while index < html.count {
            guard html[index] == UInt8(ascii: "<"), index + 1 < html.count else { return text() }
            if isBehindType, isAt(index, "</") || isAt(index, "<!") && !isAt(index, "<!--") { return text() }
            isBehindType = false
            switch html[index + 1] {
            case UInt8(ascii: "/") where beginsName(index + 2): return end()
            case UInt8(ascii: "?") where beginsName(index + 2): skip(to: UInt8(ascii: ">"))
            case UInt8(ascii: "?") where index + 2 < html.count && html[index + 2] >= 0x80:
                isUnclear = true
                skip(to: UInt8(ascii: ">"))
            case UInt8(ascii: "/"), UInt8(ascii: "?"): index += 2
            case UInt8(ascii: "!") where isAt(index + 2, "--"): comment()
            case UInt8(ascii: "!") where isAtFolded(index + 2, "doctype"): documentType()
            case 0x41...0x5A, 0x61...0x7A: return start()
            default: return text()
            }
        }
        return nil
    }

    /// Up to the next `<`, the first byte whatever it is.
    private mutating func text() -> Piece {
        let from = index
        isBehindType = false
        index += 1
        while index < html.count, html[index] != UInt8(ascii: "<") { index += 1 }
        return .text(from..<index)
    }

    private mutating func start() -> Piece {
        index += 1
        let name = takeName()
        var count = 0
        while true {
            skipSpace()
            guard index < html.count, !isTagEnd else { break }
            if beginsName(index) {
                count += 1
                attribute()
            } else {
                while index < html.count, html[index] > 0x20, !isTagEnd { index += 1 }
            }
        }
        if index < html.count {
            let isClosed = html[index] == UInt8(ascii: "/")
            index += isClosed ? 2 : 1
            if !isClosed { skipHidden(name) }
        }
        return .start(name, attributes: count)
    }

    private mutating func end() -> Piece {
        index += 2
        let name = takeName()
        skip(to: UInt8(ascii: ">"))
        return .end(name)
    }

    private mutating func attribute() {
        _ = takeName()
        skipSpace()
        guard index < html.count, html[index] == UInt8(ascii: "=") else { return }
        index += 1
        skipSpace()
        guard index < html.count else { return }
        let quote = html[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            index += 1
            skip(to: quote)
        } else {
            while index < html.count, html[index] > 0x20, html[index] != UInt8(ascii: ">") { index += 1 }
        }
    }

    private var isTagEnd: Bool {
        html[index] == UInt8(ascii: ">")
            || html[index] == UInt8(ascii: "/") && index + 1 < html.count && html[index + 1] == UInt8(ascii: ">")
    }

    private mutating func comment() {
        index += 4
        while index < html.count {
            if html[index] == UInt8(ascii: "-"), isAt(index, "-->") || isAt(index, "--!>") {
                return skip(to: UInt8(ascii: ">"))
            }
            index += 1
        }
    }

    private mutating func documentType() {
        let from = index
        skip(to: UInt8(ascii: ">"))
        isBehindType = true
        for quote in [UInt8(ascii: "\""), UInt8(ascii: "'")]
        where html[from..<index].count(where: { $0 == quote }) % 2 == 1 {
            isUnclear = true
        }
    }

    /// What stands in a script or style up to its end tag is no markup.
    private mutating func skipHidden(_ name: Range<Int>) {
        guard let lower = ["script", "style"].first(where: { HTMLTags.isNamed(html[name], $0) }) else {
            return
        }
        let from = index
        let end = "</" + lower
        while index < html.count, !isAt(index, "</") || !isAtFolded(index, end) {
            // Another end tag may close it where it begins, or where one like its own stands.
            if index == from, isAt(index, "</") { isUnclear = true }
            index += 1
        }
        let next = index + end.utf8.count
        if next < html.count, HTMLTags.isOfName(html[next]) { isUnclear = true }
    }

    private mutating func skip(to byte: UInt8) {
        while index < html.count, html[index] != byte { index += 1 }
        index = min(index + 1, html.count)
    }

    private mutating func skipSpace() {
        while index < html.count, html[index] <= 0x20 { index += 1 }
    }

    /// A longer name counts as several.
    private mutating func takeName() -> Range<Int> {
        let from = index
        while index < html.count, index - from < HTMLTags.nameBytesMax, HTMLTags.isOfName(html[index]) { index += 1 }
        return from..<index
    }
    private static let nameBytesMax = 100

    private func isAt(_ place: Int, _ text: String) -> Bool {
        guard place + text.utf8.count <= html.count else { return false }
        return html[place..<(place + text.utf8.count)].elementsEqual(text.utf8)
    }

    /// - Parameter text: in lower case.
    private func isAtFolded(_ place: Int, _ text: String) -> Bool {
        guard place + text.utf8.count <= html.count else { return false }
        return html[place..<(place + text.utf8.count)].elementsEqual(text.utf8) { $0 | 0x20 == $1 }
    }

    private func beginsName(_ place: Int) -> Bool {
        guard place < html.count else { return false }
        switch html[place] {
        case 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "."): return true
        default: return false
        }
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3A, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }
}
