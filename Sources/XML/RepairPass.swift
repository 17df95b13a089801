import CXML
import Glibc

/// The state of one pass of `Repair`. Everything before `copied` is in `out` as it should be; what
/// lies between `copied` and `index` is right as it stands and is copied when something is not.
struct RepairPass {
    private let source: UnsafeBufferPointer<UInt8>
    /// The tables of `TextByte`, held here: a global is asked for once more at each use.
    private let isSpecial = TextByte.isSpecial
    private let isIllegal = TextByte.isIllegal
    private let isName = TextByte.isName
    private var out: [UInt8] = []
    private var copied = 0
    private var index = 0
    /// Names of the open elements, as ranges of the source.
    private var open: [Range<Int>] = []
    /// How many namespaces each of them declares, and the tag that is being read.
    private var namespaces: [Int] = []
    private var namespacesOfTag = 0
    private var namespacesOpen = 0
    /// How many open elements, sunken ones too, have a name of each `kind`: a stray end tag is told
    /// without a search, however many there are.
    private var openOfKind = [Int](repeating: 0, count: 1024)
    /// Open elements below the depth limit, whose tags are left out.
    private var sunken: [Range<Int>] = []
    private var rootHasClosed = false
    private var entities: [[UInt8]: [UInt8]] = [:]
    private var faults: [(fault: RepairedText.Fault, offset: Int)] = []
    private var seen: Set<RepairedText.Fault> = []
    private var absent: Set<Mark> = []
    private var doctypeSeen = false

    init(_ source: UnsafeBufferPointer<UInt8>) {
        self.source = source
        // Each of these may become five bytes. Room that stays untouched costs nothing; growing would
        // hold two copies for a while.
        let marks = source.reduce(into: 0) { $0 += $1 == 0x26 || $1 == 0x3C ? 1 : 0 }
        out.reserveCapacity(source.count + source.count / 16 + marks * 4 + 64)
    }

    var result: RepairedText {
        var line = 1
        var counted = 0
        var defects: [RepairedText.Defect] = []
        for (fault, offset) in faults.sorted(by: { $0.offset < $1.offset }) {
            while counted < offset {
                if source[counted] == UInt8(ascii: "\n") { line += 1 }
                counted += 1
            }
            defects.append(RepairedText.Defect(line: line, fault: fault))
        }
        return RepairedText(bytes: out, defects: defects)
    }

    mutating func run(roots: [String]) {
        skipToStart(roots: roots)
        while index < source.count, !rootHasClosed {
            text()
            if index < source.count { markup() }
        }
        copy(to: min(index, source.count))
        if rootHasClosed {
            if isMeant(from: index) { note(.textAfter, at: index) }
        } else if !open.isEmpty {
            note(.cutOff, at: source.count)
            while let name = open.popLast() { writeEnd(name) }
        }
    }

    // MARK: Text

    /// Everything up to the next `<` that opens a tag.
    private mutating func text() {
        while true {
            skipPlain(to: source.count, inMarkup: true)
            guard index < source.count else { return }
            switch source[index] {
            case UInt8(ascii: "<"):
                if opensMarkup(index) { return }
                replace(1, with: "&#60;", .bareAngle)
            case UInt8(ascii: "&"):
                reference()
            case UInt8(ascii: "]"):
                if isAt(index, "]]>") {
                    index += 2
                    replace(1, with: "&#62;", .sectionEnd)
                } else {
                    index += 1
                }
            default:
                control()
            }
        }
    }

    /// To the next byte before `end` that text may not simply go on at.
    private mutating func skipPlain(to end: Int, inMarkup: Bool) {
        guard let base = source.baseAddress, index < end else { return }
        index += cxml_plain(base + index, end - index, inMarkup ? 1 : 0)
    }

    /// A byte below 32 that is no white space, or the first of a character that may have to go.
    private mutating func control() {
        if source[index] == 0xC2 {
            // U+0080 to U+009F: windows-1252 that was taken for latin-1 on its way to UTF-8.
            guard index + 1 < source.count, source[index + 1] < 0xA0 else {
                index += 1
                return
            }
            let scalar = Windows1252.high[Int(source[index + 1]) - 0x80]
            replace(2, with: "", .misreadCharacter)
            if scalar > 0x9F { UTF8Check.append(scalar, to: &out) }
        } else if source[index] != 0xEF {
            replace(1, with: "", .illegalCharacter)
        } else if index + 2 < source.count, source[index + 1] == 0xBF, source[index + 2] >= 0xBE {
            replace(3, with: "", .illegalCharacter)
        } else {
            index += 1
        }
    }

    private mutating func reference() {
        let start = index
        let (reading, end) = CharacterReference.read(source, at: start)
        switch reading {
        case .scalar(let scalar):
            let isNumber = source[start + 1] == UInt8(ascii: "#")
            if scalar >= 0xC2, scalar < 0xF5, let whole = byteReferences(scalar, at: end) {
                copy(to: start)
                note(.misreadCharacter, at: start)
                UTF8Check.append(whole.scalar, to: &out)
                index = whole.end
                copied = index
                return
            }
            if isNumber, scalar < 0x80, source[end - 1] == UInt8(ascii: ";"),
                source[start + 2] != UInt8(ascii: "X")
            {
                index = end
                return
            }
            copy(to: start)
            if scalar < 0x80 {
                append("&#")
                out.append(contentsOf: String(scalar).utf8)
                append(";")
            } else {
                UTF8Check.append(scalar, to: &out)
                if !isNumber { note(.htmlEntity, at: start) }
            }
            index = end
            copied = end
        case .nothing:
            replace(end - start, with: "", .illegalReference)
        case .unknown(let name):
            if let value = entities[Array(source[name])] {
                copy(to: start)
                out.append(contentsOf: value)
                index = end
                copied = end
            } else {
                replace(1, with: "&#38;", .unknownEntity)
            }
        case .bare:
            replace(1, with: "&#38;", .bareAmpersand)
        }
    }

    /// `&#226;&#128;&#166;`: the bytes of one character in UTF-8, each written as a reference by a
    /// program that took them for characters. Nobody means the characters of such a row.
    private func byteReferences(_ first: UInt32, at start: Int) -> (scalar: UInt32, end: Int)? {
        var bytes = [UInt8(first)]
        var position = start
        let count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        while bytes.count < count {
            guard position + 1 < source.count, source[position] == UInt8(ascii: "&"),
                let (byte, end) = CharacterReference.byte(source, at: position), byte & 0xC0 == 0x80
            else { return nil }
            bytes.append(byte)
            position = end
        }
        guard let text = String(validating: bytes, as: UTF8.self),
            let scalar = text.unicodeScalars.first
        else { return nil }
        return (scalar.value, position)
    }

    // MARK: Markup

    private func opensMarkup(_ at: Int) -> Bool {
        guard at + 1 < source.count else { return false }
        switch source[at + 1] {
        case UInt8(ascii: "!"):
            return isAt(at, "<!--") || isAt(at, "<![CDATA[") || isAt(at, "<!DOCTYPE")
                || isAt(at, "<!doctype") || isAt(at, "<![cdata[")
        case UInt8(ascii: "?"):
            return true
        case UInt8(ascii: "/"):
            return at + 2 < source.count && isNameStart(source[at + 2])
        case let byte:
            return isNameStart(byte)
        }
    }

    private mutating func markup() {
        switch source[index + 1] {
        case UInt8(ascii: "!"):
            if source[index + 2] == UInt8(ascii: "[") {
                section()
            } else if source[index + 2] == UInt8(ascii: "-") {
                drop(through: find(.comment, from: index + 4), .comment)
            } else {
                documentType()
            }
        case UInt8(ascii: "?"):
            drop(through: find(.instruction, from: index + 2), .instruction)
        case UInt8(ascii: "/"):
            endTag()
        default:
            startTag()
        }
    }

    /// Leaves out a comment or processing instruction, but for its line ends. One that never ends
    /// loses only its opening.
    private mutating func drop(through found: Int?, _ mark: Mark) {
        copy(to: index)
        let end: Int
        if let found {
            end = found + mark.rawValue.utf8.count
        } else {
            note(.bareAngle, at: index)
            end = min(index + (mark == .comment ? 4 : 2), source.count)
        }
        for position in index..<end where source[position] == UInt8(ascii: "\n") {
            out.append(UInt8(ascii: "\n"))
        }
        index = end
        copied = end
    }

    /// A CDATA section stays one; outside the root it means nothing.
    private mutating func section() {
        let start = index
        let found = find(.section, from: start + 9)
        let end = found ?? source.count
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
        if found == nil {
            note(.cutOff, at: start)
            index = source.count
        } else {
            index = end + 3
        }
        copied = index
    }
    private static let sectionBytesMax = 4_000_000

    private mutating func endTag() {
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

    private mutating func startTag() {
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
    private static let sunkenMax = 64

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

    // MARK: Attributes

    /// From the end of the name through `>`, mended; `nil` when a `<` or the end comes first.
    /// - Returns: whether the element is empty (`/>`).
    private mutating func attributes() -> Bool? {
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
                if index + 1 < source.count, source[index + 1] == UInt8(ascii: ">") {
                    index += 2
                    return true
                }
                replace(1, with: "", .attribute)
            case UInt8(ascii: "<"):
                return nil
            case let byte where isNameStart(byte):
                if isAt(index, "xmlns") {
                    guard declaration() else { return nil }
                } else {
                    guard attribute() else { return nil }
                }
                count += 1
                if count >= Repair.attributesMax { return restOfTag() }
            default:
                replace(1, with: "", .attribute)
            }
        }
    }

    /// Leaves out what follows the last attribute that is read.
    private mutating func restOfTag() -> Bool? {
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
    private mutating func declaration() -> Bool {
        guard namespacesOpen + namespacesOfTag >= Repair.namespacesMax else {
            namespacesOfTag += 1
            return attribute()
        }
        copy(to: index)
        note(.attribute, at: index)
        let mark = out.count
        guard attribute() else { return false }
        out.removeSubrange(mark...)
        copied = index
        return true
    }

    private mutating func attribute() -> Bool {
        let start = index
        if !isSpace(source[start - 1]) {
            copy(to: start)
            append(" ")
            note(.attribute, at: start)
        }
        index = endOfName(start)
        let nameEnd = index
        while index < source.count, isSpace(source[index]) { index += 1 }
        guard index < source.count else { return false }
        guard source[index] == UInt8(ascii: "=") else {
            // HTML's `<option selected>`.
            copy(to: nameEnd)
            append("=\"\"")
            note(.attribute, at: start)
            return true
        }
        index += 1
        while index < source.count, isSpace(source[index]) { index += 1 }
        guard index < source.count else { return false }
        let quote = source[index]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            if let end = endOfValue(index + 1, quote) {
                index += 1
                value(to: end)
                index = end + 1
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
    private func endOfValue(_ start: Int, _ quote: UInt8) -> Int? {
        guard let base = source.baseAddress, start < source.count else { return nil }
        let span = min(source.count - start, RepairPass.valueBytesMax)
        guard let found = memchr(base + start, Int32(quote), span) else { return nil }
        let end = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
        guard memchr(base + start, 0x3C, end - start) != nil else { return end }
        guard end - start <= RepairPass.doubtfulBytesMax, end + 1 < source.count else { return nil }
        let next = source[end + 1]
        let looksRight =
            isSpace(next) || next == UInt8(ascii: ">") || next == UInt8(ascii: "/")
            || next == UInt8(ascii: "?")
        return looksRight ? end : nil
    }
    /// libxml2 gives up at ten million bytes.
    private static let valueBytesMax = 1_000_000
    private static let doubtfulBytesMax = 4_096

    /// The text of a value up to `end`, with its references mended.
    private mutating func value(to end: Int) {
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

    // MARK: Before the root

    private mutating func skipToStart(roots: [String]) {
        let start = startOfDocument(roots: roots)
        if isMeant(from: 0, to: start) { note(.junkBefore, at: 0) }
        for position in 0..<start where source[position] == UInt8(ascii: "\n") {
            out.append(UInt8(ascii: "\n"))
        }
        index = start
        copied = start
    }

    /// The first declaration, DOCTYPE or known root near the beginning, else the first `<` of all.
    private func startOfDocument(roots: [String]) -> Int {
        let wanted = ["?xml", "!doctype"] + roots
        var first: Int?
        for position in 0..<min(source.count, RepairPass.junkBytesMax)
        where source[position] == UInt8(ascii: "<") {
            if first == nil, opensMarkup(position) { first = position }
            if wanted.contains(where: { isAtFolded(position + 1, $0) }) { return position }
        }
        return first ?? source.count
    }
    private static let junkBytesMax = 65_536

    /// Drops the declaration and remembers the entities in it that are plain text (feedparser does
    /// the same): short ones and few, so that nothing grows beyond reason.
    private mutating func documentType() {
        copy(to: index)
        let start = index
        guard !doctypeSeen else { return replace(1, with: "&#60;", .bareAngle) }
        doctypeSeen = true
        var position = start + 9
        var quote: UInt8 = 0
        var bracket = false
        while position < source.count {
            let byte = source[position]
            if quote != 0 {
                if byte == quote { quote = 0 }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if isAt(position, "<!--") {
                position = (find(.comment, from: position + 4) ?? source.count - 3) + 2
            } else if isAt(position, "<!ENTITY") {
                entity(position + 8)
            } else if byte == UInt8(ascii: "[") {
                bracket = true
            } else if byte == UInt8(ascii: "]") {
                bracket = false
            } else if byte == UInt8(ascii: ">") && !bracket {
                break
            }
            position += 1
        }
        if position >= source.count {
            // A quote or bracket that nothing closes.
            note(.attribute, at: start)
            position = find(.tag, from: start) ?? source.count - 1
        }
        for line in start..<position where source[line] == UInt8(ascii: "\n") {
            out.append(UInt8(ascii: "\n"))
        }
        index = position + 1
        copied = index
    }

    private mutating func entity(_ at: Int) {
        var position = at
        func skipSpace() { while position < source.count, isSpace(source[position]) { position += 1 } }
        skipSpace()
        let nameStart = position
        while position < source.count, isNameStart(source[position]) || isDigit(source[position]) {
            position += 1
        }
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

    // MARK: Small steps

    private mutating func copy(to end: Int) {
        if copied < end { out.append(contentsOf: source[copied..<end]) }
        copied = max(copied, end)
    }

    /// Puts `text` in the place of the next `count` bytes.
    private mutating func replace(
        _ count: Int, with text: StaticString, _ fault: RepairedText.Fault
    ) {
        copy(to: index)
        note(fault, at: index)
        append(text)
        index += count
        copied = index
    }

    private mutating func append(_ text: StaticString) {
        out.append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func writeEnd(_ name: Range<Int>) {
        append("</")
        out.append(contentsOf: source[name])
        append(">")
    }

    private mutating func note(_ fault: RepairedText.Fault, at offset: Int) {
        if seen.insert(fault).inserted { faults.append((fault, min(offset, source.count))) }
    }

    /// Where a closing mark stands next. A mark that was not found once is not there further on
    /// either: it is not looked for again, lest many unclosed comments cost a scan each.
    private mutating func find(_ mark: Mark, from start: Int) -> Int? {
        guard let base = source.baseAddress, !absent.contains(mark) else { return nil }
        let text = mark.rawValue.utf8
        let first = Int32(text[text.startIndex])
        var position = start
        while position < source.count,
            let found = memchr(base + position, first, source.count - position)
        {
            position = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
            if source[position...].starts(with: text) { return position }
            position += 1
        }
        absent.insert(mark)
        return nil
    }

    private enum Mark: String {
        case comment = "-->"
        case instruction = "?>"
        case section = "]]>"
        case tag = ">"
    }

    private func isAt(_ at: Int, _ text: StaticString) -> Bool {
        guard let base = source.baseAddress, at + text.utf8CodeUnitCount <= source.count else {
            return false
        }
        return memcmp(base + at, text.utf8Start, text.utf8CodeUnitCount) == 0
    }

    /// Whether a name, lower case, stands here in any case, and ends here.
    private func isAtFolded(_ at: Int, _ name: String) -> Bool {
        var position = at
        for byte in name.utf8 {
            guard position < source.count, fold(source[position]) == byte else { return false }
            position += 1
        }
        guard position < source.count else { return true }
        let next = source[position]
        return isSpace(next) || next == UInt8(ascii: ">") || next == UInt8(ascii: "/")
    }

    /// Whether anything but white space, byte order marks, comments and instructions stands there.
    private mutating func isMeant(from start: Int, to end: Int? = nil) -> Bool {
        var position = start
        while position < end ?? source.count {
            let byte = source[position]
            if isSpace(byte) || byte == 0xEF || byte == 0xBB || byte == 0xBF {
                position += 1
            } else if isAt(position, "<!--"), let close = find(.comment, from: position + 4) {
                position = close + 3
            } else if isAt(position, "<?"), let close = find(.instruction, from: position + 2) {
                position = close + 2
            } else {
                return true
            }
        }
        return false
    }

    private func endOfName(_ start: Int) -> Int {
        var end = start
        while end < source.count, isName[Int(source[end])] { end += 1 }
        return end
    }

    private func isSame(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count, let base = source.baseAddress else { return false }
        return memcmp(base + left.lowerBound, base + right.lowerBound, left.count) == 0
    }

    private func isSameFolded(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard left.count == right.count else { return false }
        for (one, other) in zip(left, right) where fold(source[one]) != fold(source[other]) {
            return false
        }
        return true
    }

    /// A number below 1024 that names alike but for case have in common.
    private func kind(_ name: Range<Int>) -> Int {
        var kind = name.count
        for position in name.prefix(12) { kind = (kind &* 31 &+ Int(fold(source[position]))) & 1023 }
        return kind
    }

    private func fold(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }
    private func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    private func isNameStart(_ byte: UInt8) -> Bool {
        isName[Int(byte)] && !isDigit(byte) && byte != UInt8(ascii: "-")
            && byte != UInt8(ascii: ".")
    }
}

/// What a byte can be, by table: the pass looks at each byte of a document once.
private enum TextByte {
    /// Where plain text may not simply go on.
    static let isSpecial = table { byte in
        isIllegalByte(byte) || byte == UInt8(ascii: "<") || byte == UInt8(ascii: "&")
            || byte == UInt8(ascii: "]")
    }
    /// Forbidden by XML 1.0 §2.2, or perhaps the beginning of U+FFFE or U+FFFF (0xEF), or of one of
    /// the C1 controls (0xC2).
    static let isIllegal = table(isIllegalByte)
    /// Part of a name; what exactly beyond ASCII libxml2 may judge.
    static let isName = table { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
        case UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private static func isIllegalByte(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0xEF
            || byte == 0xC2
    }
    private static func table(_ predicate: (UInt8) -> Bool) -> [Bool] {
        (0...255).map { predicate(UInt8($0)) }
    }
}
