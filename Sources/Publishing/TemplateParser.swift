import Formats

/// Reads a template's text into its parts.
struct TemplateParser {
    private let bytes: [UInt8]
    private let name: String
    private var index = 0
    private var literal: [UInt8] = []
    /// The sections that are open, innermost last, each with the parts that came before it.
    private var open: [Open] = []
    private var parts: [Template.Part] = []
    /// The names that a template may use; empty: any.
    var variables: [String] = []

    private struct Open {
        var path: [String]
        var isInverted: Bool
        var offset: Int
        var outer: [Template.Part]
    }

    init(_ bytes: [UInt8], name: String) {
        self.bytes = bytes
        self.name = name
    }

    mutating func parse() throws(PageError) -> [Template.Part] {
        while index < bytes.count {
            if isTag(at: index) {
                try readTag()
            } else {
                literal.append(bytes[index])
                index += 1
            }
        }
        flush()
        if let section = open.last {
            let name = section.path.joined(separator: ".")
            throw error(
                at: section.offset, "section \"\(name)\" without an end", "add {{/\(name)}}")
        }
        return parts
    }

    private func isTag(at place: Int) -> Bool {
        place + 1 < bytes.count && bytes[place] == UInt8(ascii: "{")
            && bytes[place + 1] == UInt8(ascii: "{")
    }

    private mutating func readTag() throws(PageError) {
        let start = index
        let isTriple = start + 2 < bytes.count && bytes[start + 2] == UInt8(ascii: "{")
        let closing: [UInt8] = Array((isTriple ? "}}}" : "}}").utf8)
        var end = start + (isTriple ? 3 : 2)
        while end + closing.count <= bytes.count,
            !bytes[end..<(end + closing.count)].elementsEqual(closing)
        {
            end += 1
        }
        guard end + closing.count <= bytes.count else {
            throw error(at: start, "a tag without an end", isTriple ? "add }}}" : "add }}")
        }
        var inside = bytes[(start + (isTriple ? 3 : 2))..<end]
        index = end + closing.count
        if isTriple {
            flush()
            parts.append(.variable(try path(inside, start), isEscaped: false))
            return
        }
        let sigil = inside.first ?? 0
        switch sigil {
        case UInt8(ascii: "!"): skipLineIfAlone(start)
        case UInt8(ascii: "#"), UInt8(ascii: "^"):
            inside.removeFirst()
            let path = try path(inside, start)
            skipLineIfAlone(start)
            flush()
            open.append(
                Open(
                    path: path, isInverted: sigil == UInt8(ascii: "^"), offset: start, outer: parts))
            parts = []
        case UInt8(ascii: "/"):
            inside.removeFirst()
            skipLineIfAlone(start)
            try closeSection(try path(inside, start), start)
        case UInt8(ascii: "&"):
            inside.removeFirst()
            flush()
            parts.append(.variable(try path(inside, start), isEscaped: false))
        case UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: "$"):
            let found = String(decoding: [sigil], as: UTF8.self)
            throw error(
                at: start, "a tag that begins with \"{{\(found)\"",
                "only variables, sections, inverted sections and comments are known")
        default:
            flush()
            parts.append(.variable(try path(inside, start), isEscaped: true))
        }
    }

    private mutating func closeSection(_ path: [String], _ start: Int) throws(PageError) {
        let name = path.joined(separator: ".")
        guard let section = open.popLast() else {
            throw error(at: start, "the end of \"\(name)\", which is not open", "remove it")
        }
        guard section.path == path else {
            let wanted = section.path.joined(separator: ".")
            throw error(
                at: start, "the end of \"\(name)\" inside \"\(wanted)\"", "close it by {{/\(wanted)}}")
        }
        flush()
        let inner = parts
        parts = section.outer
        parts.append(.section(path, isInverted: section.isInverted, inner))
    }

    /// A tag alone on its line takes the whole line with it (mustache/spec, "standalone").
    private mutating func skipLineIfAlone(_ start: Int) {
        var before = start
        while before > 0, bytes[before - 1] == 0x20 || bytes[before - 1] == 0x09 { before -= 1 }
        guard before == 0 || bytes[before - 1] == 0x0A else { return }
        var after = index
        while after < bytes.count, bytes[after] == 0x20 || bytes[after] == 0x09 { after += 1 }
        if after + 1 < bytes.count, bytes[after] == 0x0D, bytes[after + 1] == 0x0A { after += 1 }
        guard after == bytes.count || bytes[after] == 0x0A else { return }
        literal.removeLast(start - before)
        index = min(after + 1, bytes.count)
    }

    private mutating func flush() {
        guard !literal.isEmpty else { return }
        parts.append(.literal(String(decoding: literal, as: UTF8.self)))
        literal = []
    }

    /// The names of a dotted path; none for the implicit iterator, a dot alone.
    private func path(_ bytes: ArraySlice<UInt8>, _ start: Int) throws(PageError) -> [String] {
        var bytes = bytes
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        if bytes.elementsEqual([UInt8(ascii: ".")]) { return [] }
        var path: [String] = []
        for part in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard !part.isEmpty, !part.contains(where: isSpace), !part.contains(UInt8(ascii: "{")) else {
                let found = String(decoding: bytes, as: UTF8.self)
                throw error(
                    at: start, bytes.isEmpty ? "a tag without a name" : "the name \"\(found)\"",
                    "write one name, as in {{title}}")
            }
            path.append(String(decoding: part, as: UTF8.self))
        }
        if let first = path.first, !variables.isEmpty, !variables.contains(first) {
            let known = variables.joined(separator: ", ")
            throw error(at: start, "the unknown name \"\(first)\"", "known are \(known)")
        }
        return path
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private func error(at offset: Int, _ found: String, _ mend: String) -> PageError {
        let place = SyntaxError(in: bytes, at: offset, found: found, expected: mend)
        return PageError(
            file: name, line: place.line, column: place.column, found: found, mend: mend)
    }
}
