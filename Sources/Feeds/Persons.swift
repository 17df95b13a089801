import Formats
import XML

/// People as feeds name them.
enum Persons {
    /// Atom's person construct (RFC 4287 §3.2), or a text as RSS has it.
    static func read(_ element: Element, base: Base, room: FeedRoom) -> Person? {
        guard element.hasChildren else { return person(element.lead) }
        var person = Person()
        for child in element.children {
            switch child.name.lowercased() {
            case "name": person.name = person.name ?? name(child.bytes)
            case "email": person.email = person.email ?? Text.stated(child.bytes)
            case "uri", "url", "homepage":
                person.uri = person.uri ?? room.resolve(child.text, base.entering(child))
            default: break
            }
        }
        if person == Person() { return Persons.person(element.bytes) }
        return person
    }

    /// On one line, and cut off where it is longer than names are.
    static func name(_ bytes: ArraySlice<UInt8>) -> String? {
        Text.line(bytes).map { Text.prefix($0, nameBytesMax) }
    }

    /// Two names with the addresses of their pages were the longest that is known: 130.
    private static let nameBytesMax = 256

    // MARK: Name and address in one text

    /// `ada@example.org (Ada)`, `Ada <ada@example.org>`, `Ada (ada@example.org)`, either alone.
    static func person(_ bytes: ArraySlice<UInt8>) -> Person? {
        let bytes = Text.trimmed(bytes)
        guard !bytes.isEmpty else { return nil }
        // In what is longer nobody has put name and address.
        guard bytes.count <= textBytesMax, let email = email(in: bytes) else { return Person(name: name(bytes)) }
        let rest = Array(bytes[..<email.startIndex] + bytes[email.endIndex...])
        let address = email.starts(with: "mailto:".utf8) ? email.dropFirst(7) : email
        return Person(name: stripped(rest), email: String(decoding: address, as: UTF8.self))
    }

    static func person(_ text: String) -> Person? { person(Array(text.utf8)[...]) }

    private static let textBytesMax = 4_096

    /// The first word with an `@` between a name and a host.
    private static func email(in text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        text.split { $0 <= 0x20 || wordEnds.contains($0) }.first { word in
            guard let at = word.firstIndex(of: UInt8(ascii: "@")), at > word.startIndex else { return false }
            let host = word[(at + 1)...]
            return host.contains(UInt8(ascii: ".")) && !host.contains(UInt8(ascii: "@"))
                && !word.contains(UInt8(ascii: "/"))
        }
    }

    private static let wordEnds = Array("()<>[],;\"".utf8)

    /// What is left of a name without the brackets that held the address or the name itself.
    private static func stripped(_ text: [UInt8]) -> String? {
        var text = text
        for (open, close) in brackets {
            if let place = text.indices.first(where: { text[$0] == open && isEmptyPair(text[$0...], close) }),
                let end = text[place...].firstIndex(of: close)
            {
                text.removeSubrange(place...end)
            }
        }
        var rest = Text.trimmed(text[...])
        if rest.count > 1, rest.first == UInt8(ascii: "("), rest.last == UInt8(ascii: ")") {
            rest = rest.dropFirst().dropLast()
        }
        while let last = rest.last, last <= 0x20 || nameEnds.contains(last) { rest.removeLast() }
        return name(rest)
    }

    private static let brackets: [(open: UInt8, close: UInt8)] = [
        (UInt8(ascii: "("), UInt8(ascii: ")")), (UInt8(ascii: "<"), UInt8(ascii: ">")),
        (UInt8(ascii: "["), UInt8(ascii: "]")),
    ]
    private static let nameEnds = Array(",;:-".utf8)

    /// Whether nothing but blanks stands between a bracket and the one that closes it.
    private static func isEmptyPair(_ text: ArraySlice<UInt8>, _ close: UInt8) -> Bool {
        text.dropFirst().first { $0 > 0x20 } == close
    }

    static func add(_ person: Person?, to list: inout [Person], max: Int) {
        if let person, list.count < max { list.append(person) }
    }
}
