import CXML

/// The bytes of a document as libxml2 asks for them, some thousand at a time: given as a whole they
/// would be copied as a whole.
///
/// CDATA sections are lifted out of a document that is read as it stands: libxml2 2.9.14 decodes them
/// character by character, which takes as long as all the rest. In the place of one stands an instruction,
/// at which its text is taken straight from the document. Only a section that libxml2 would take as it is
/// is lifted: no carriage return, which it would drop, no character that XML forbids.
struct DocumentSource {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let state: UnsafeMutablePointer<TapeState>
    private let context: xmlParserCtxtPtr
    private var position = 0
    /// How much had been given when an element or text was told of last.
    private var quietSince = 0
    /// The next section that is lifted out, `<![CDATA[` to `]]>`; empty, at the end, when there is none.
    private var section = 0..<0

    init(
        _ bytes: UnsafeBufferPointer<UInt8>, _ state: UnsafeMutablePointer<TapeState>,
        _ context: xmlParserCtxtPtr
    ) {
        self.bytes = bytes
        self.state = state
        self.context = context
        section = state.pointee.isStrict ? nextSection(from: 0) : bytes.count..<bytes.count
    }

    static let read: xmlInputReadCallback = { source, buffer, length in
        guard let source = source?.assumingMemoryBound(to: DocumentSource.self), let buffer else {
            return -1
        }
        return source.pointee.give(buffer, Int(length))
    }

    private mutating func give(_ buffer: UnsafeMutablePointer<CChar>, _ length: Int) -> Int32 {
        if state.pointee.hasEvents {
            state.pointee.hasEvents = false
            quietSince = position
        }
        // One tag of a hundred thousand attributes, each compared with all before it (libxml2
        // 2.9.14), is told of only when that is over. The repair pass cuts such tags short.
        if state.pointee.isStrict, position - quietSince > DocumentSource.quietBytesMax {
            state.pointee.isStopped = true
            return 0
        }
        // Its dictionary stops growing at some thousand chains (2.9.14): 1.5 million names took 80 s.
        if cxml_names(context) > DocumentSource.namesMax {
            if state.pointee.isStrict { state.pointee.isStopped = true }
            state.pointee.hasTooManyNames = true
            state.pointee.firstError = XMLError(
                line: Int(cxml_line(context)) + state.pointee.linesLifted,
                message: "more than \(DocumentSource.namesMax) different names; it is read up to here",
                isFatal: true)
            return 0
        }
        if state.pointee.isStopped { return 0 }
        return Int32(fill(buffer, length))
    }
    private static let quietBytesMax = 65_536
    /// A feed has some dozens.
    static let namesMax: Int32 = 20_000

    private mutating func fill(_ buffer: UnsafeMutablePointer<CChar>, _ length: Int) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var filled = 0
        while filled < length, position < bytes.count {
            if position < section.lowerBound || section.isEmpty {
                let end = section.isEmpty ? bytes.count : section.lowerBound
                let count = min(length - filled, end - position)
                memcpy(buffer + filled, base + position, count)
                filled += count
                position += count
            } else {
                let mark = DocumentSource.mark
                guard length - filled >= mark.utf8CodeUnitCount else { break }
                memcpy(buffer + filled, mark.utf8Start, mark.utf8CodeUnitCount)
                filled += mark.utf8CodeUnitCount
                let text = section.lowerBound + DocumentSource.opening.utf8CodeUnitCount
                state.pointee.sections.put(base + text, count: section.upperBound - 3 - text)
                quietSince += section.count
                position = section.upperBound
                section = nextSection(from: position)
            }
        }
        return filled
    }

    // MARK: Sections

    private static let opening: StaticString = "<![CDATA["
    /// Stands where a section was. A document that has it itself is mended, which drops all instructions.
    private static let mark: StaticString = "<?colophon-section?>"

    /// Whether an instruction of this target is ours.
    static func isMark(_ target: UnsafePointer<xmlChar>) -> Bool {
        let count = mark.utf8CodeUnitCount - 4
        return strlen(UnsafeRawPointer(target).assumingMemoryBound(to: CChar.self)) == count
            && memcmp(target, mark.utf8Start + 2, count) == 0
    }

    /// Comments and instructions are passed over, for a section in them is none; from a document type on,
    /// and from what has no end, all is given as it stands.
    private mutating func nextSection(from start: Int) -> Range<Int> {
        var index = start
        while let open = find("<", from: index) {
            index = open + 1
            guard index < bytes.count else { break }
            if bytes[index] == UInt8(ascii: "?") {
                if isAt(open, "<?colophon-section") { state.pointee.isStopped = true }
                guard let end = find("?>", from: index) else { break }
                index = end + 2
            } else if bytes[index] == UInt8(ascii: "!") {
                if isAt(open, "<!--") {
                    guard let end = find("-->", from: open + 4) else { break }
                    index = end + 3
                } else if isAt(open, DocumentSource.opening) {
                    let text = open + DocumentSource.opening.utf8CodeUnitCount
                    guard let end = find("]]>", from: text) else { break }
                    // It may be the other's end, and this one's was forgotten: mending tells.
                    if holdsSection(text..<end) { state.pointee.isStopped = true }
                    if isPlain(text..<end) { return open..<(end + 3) }
                    index = end + 3
                } else {
                    break
                }
            }
        }
        return bytes.count..<bytes.count
    }

    /// Whether another section begins in the text of one.
    private func holdsSection(_ range: Range<Int>) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        var index = range.lowerBound
        while let found = memchr(base + index, 0x5B, range.upperBound - index) {
            index = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base + 1
            if index >= 3, isAt(index - 3, DocumentSource.opening) { return true }
        }
        return false
    }

    /// Whether libxml2 would give this text as it stands.
    private func isPlain(_ range: Range<Int>) -> Bool {
        guard let base = bytes.baseAddress, !range.isEmpty else { return true }
        if memchr(base + range.lowerBound, 0x0D, range.count) != nil { return false }
        var index = range.lowerBound
        while true {
            index += cxml_plain(base + index, range.upperBound - index, 0)
            guard index < range.upperBound else { return true }
            // U+FFFE and U+FFFF; what 0xC2 begins has been looked at (`Repair.changesMeaning`).
            let isForbidden = bytes[index] == 0xEF && bytes[index + 1] == 0xBF && bytes[index + 2] >= 0xBE
            guard bytes[index] >= 0xC2, !isForbidden else { return false }
            index += 1
        }
    }

    private func find(_ text: StaticString, from start: Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        var index = start
        while index < bytes.count, let found = memchr(base + index, Int32(text.utf8Start[0]), bytes.count - index) {
            index = UnsafePointer(found.assumingMemoryBound(to: UInt8.self)) - base
            if isAt(index, text) { return index }
            index += 1
        }
        return nil
    }

    private func isAt(_ index: Int, _ text: StaticString) -> Bool {
        guard let base = bytes.baseAddress, index + text.utf8CodeUnitCount <= bytes.count else { return false }
        return memcmp(base + index, text.utf8Start, text.utf8CodeUnitCount) == 0
    }
}

/// Texts of sections that were lifted out and whose marks libxml2 has yet to come to: it reads some
/// thousand bytes ahead.
struct LiftedSections {
    private var texts: [UnsafeBufferPointer<UInt8>] = []
    private var taken = 0

    mutating func put(_ text: UnsafePointer<UInt8>, count: Int) {
        texts.append(UnsafeBufferPointer(start: text, count: count))
    }

    /// - Returns: `nil` when there is none.
    mutating func take() -> (text: UnsafePointer<UInt8>, count: Int, lines: Int)? {
        guard taken < texts.count, let text = texts[taken].baseAddress else { return nil }
        let bytes = texts[taken]
        taken += 1
        if taken == texts.count {
            texts.removeAll(keepingCapacity: true)
            taken = 0
        }
        var lines = 0
        var rest = text
        while let end = memchr(rest, 0x0A, text + bytes.count - rest) {
            lines += 1
            rest = UnsafePointer(end.assumingMemoryBound(to: UInt8.self)) + 1
        }
        return (text, bytes.count, lines)
    }
}
