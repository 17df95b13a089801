import Formats
import XML

/// People as feeds name them.
enum Persons {
    /// Atom's person construct (RFC 4287 §3.2), or a text as RSS has it.
    static func read(_ element: Element, base: Base, room: FeedRoom) -> Person? {
        guard element.hasChildren else {
            return person(String(decoding: element.lead, as: UTF8.self))
        }
        var person = Person()
        for child in element.children {
            switch child.name.lowercased() {
            case "name": person.name = person.name ?? Text.line(child.text)
            case "email": person.email = person.email ?? Text.stated(child.text)
            case "uri", "url", "homepage":
                person.uri = person.uri ?? room.resolve(child.text, base.entering(child))
            default: break
            }
        }
        if person == Person() { return Persons.person(element.text) }
        return person
    }

    /// `ada@example.org (Ada)`, `Ada <ada@example.org>`, `Ada (ada@example.org)`, either alone.
    static func person(_ text: String) -> Person? {
        guard let text = Text.line(text) else { return nil }
        // In what is longer nobody has put name and address.
        guard text.utf8.count <= textBytesMax, text.utf8.contains(UInt8(ascii: "@")) else { return Person(name: text) }
        let words = text.split(whereSeparator: { " ()<>[],;\"".contains($0) })
        guard let email = words.first(where: isEmail) else { return Person(name: text) }
        var name = text
        if let range = name.firstRange(of: email) { name.removeSubrange(range) }
        let address = email.hasPrefix("mailto:") ? email.dropFirst(7) : email
        return Person(name: stripped(name), email: String(address))
    }

    private static let textBytesMax = 4_096

    private static func isEmail(_ word: Substring) -> Bool {
        let parts = word.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].contains(".")
            && !word.contains("/")
    }

    /// What is left of a name without the brackets that held the address or the name itself.
    private static func stripped(_ text: String) -> String? {
        var text = text
        for empty in ["()", "<>", "[]", "( )", "< >"] {
            if let range = text.firstRange(of: empty) { text.removeSubrange(range) }
        }
        text = Text.trimmed(text)
        if text.hasPrefix("("), text.hasSuffix(")") { text = String(text.dropFirst().dropLast()) }
        while let last = text.last, ",;:-".contains(last) { text.removeLast() }
        return Text.line(text)
    }

    static func add(_ person: Person?, to list: inout [Person], max: Int) {
        if let person, list.count < max { list.append(person) }
    }
}
