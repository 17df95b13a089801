import Testing

@testable import XML

@Suite struct NearlyUTF8Tests {
    private func decode(_ bytes: [UInt8], _ charset: String?) -> (String, String) {
        let text = Decoding.decode(bytes, charset: charset)
        return (String(decoding: text.bytes, as: UTF8.self), text.encoding)
    }

    private static let rows: [(bytes: [UInt8], text: String)] = [
        ([0x5A, 0x6F, 0x92], "Zo’"), ([0x93, 0x20, 0xFF], "“ ÿ"), ([0xE9, 0xE8, 0x2E], "éè."),
        ([0x63, 0xE9, 0xBB, 0x3C], "cé»<"),
        // No character of windows-1252.
        ([0x81], "\u{FFFD}"),
        // Cut by the byte, in the midst and at the end.
        ([0xE2, 0x80, 0x2E], "\u{FFFD}."), ([0xF0, 0x9F, 0x98, 0x2E], "\u{FFFD}."),
        ([0x63, 0xF0, 0x9F, 0x98], "c"), ([0x63, 0xC3], "c"),
        // The halves of a pair, and one alone.
        ([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], "😀"), ([0xED, 0xA0, 0xBD, 0x20], "\u{FFFD} "),
    ]

    @Test(arguments: rows)
    func `counting says the same and keeps no text`(bytes: [UInt8], text: String) {
        let source = Array("Zoë ".utf8) + bytes
        let (kept, counted) = (NearlyUTF8(source), NearlyUTF8(source, isCounting: true))
        #expect(String(decoding: kept.bytes, as: UTF8.self) == "Zoë " + text && counted.bytes.isEmpty)
        #expect(counted.defect == kept.defect)
        #expect([counted.rows, counted.characters] == [kept.rows, kept.characters])
    }

    @Test(arguments: rows)
    func `what is a character stays one, and stray bytes are windows-1252`(bytes: [UInt8], text: String) {
        let name = Array("Amélie, Zoë ".utf8)
        #expect(decode(name + bytes, "utf-8") == ("Amélie, Zoë " + text, "utf-8"))
        let document = Array("<?xml version='1.0' encoding='utf-8'?>".utf8) + name + bytes
        #expect(decode(document, nil).0.hasSuffix("Amélie, Zoë " + text))
    }

    @Test(arguments: [nil, "iso-8859-1", "us-ascii"])
    func `where nothing tells, most of it must be UTF-8`(charset: String?) {
        let name = Array("Amélie, Zoë ".utf8)
        #expect(decode(name + [0x92], charset) == ("Amélie, Zoë ’", "utf-8"))
        #expect(decode(name + [0xC3], charset) == ("Amélie, Zoë ", "utf-8"))
        #expect(decode(name + [0x92, 0x20, 0x92], charset).1 == "windows-1252")
        #expect(decode([0x63, 0xE9], charset) == ("cé", "windows-1252"))
        // `«CAFÉ»`, of which two bytes look like a character.
        #expect(decode([0xAB, 0x43, 0x41, 0x46, 0xC9, 0xBB], charset) == ("«CAFÉ»", "windows-1252"))
    }

    @Test(arguments: ["windows-1252", "iso-8859-1"])
    func `a quotation mark behind a word and a no-break space is no Chinese`(charset: String) {
        let end: [UInt8] = [0xE9, 0xA0, 0xBB]
        #expect(decode(Array("caf".utf8) + end + [0x3C], charset) == ("café\u{A0}»<", "windows-1252"))
        let created = [0xAB, 0xA0] + Array("cr".utf8) + [0xE9] + end
        #expect(decode(created, charset) == ("«\u{A0}créé\u{A0}»", "windows-1252"))
        // Among characters of UTF-8 it is windows-1252 all the same.
        let mixed = Array("«Amélie», Zoë, caf".utf8) + end + [0x2E, 0x92]
        #expect(decode(mixed, charset) == ("«Amélie», Zoë, café\u{A0}».’", "utf-8"))
        for text in ["Tube頻道", "頻", "é 頻", "Tube頻 é"] {
            #expect(decode(Array(text.utf8), charset) == (text, "utf-8"))
        }
    }

    @Test func `what is said to be UTF-8 and hardly is any is windows-1252`() {
        let bytes: [UInt8] = [0xE9, 0x20, 0xE8, 0x20, 0xC9, 0xBB, 0x20]
        #expect(decode(bytes, "utf-8") == ("é è É» ", "windows-1252"))
    }

    @Test func `what is wrong is said`() {
        func defect(_ bytes: [UInt8]) -> String? { Decoding.decode(bytes, charset: "utf-8").defect }
        #expect(defect(Array("é".utf8) + [0x92]) == "1 bytes that are not utf-8 were read as windows-1252 or replaced")
        #expect(defect(Array("é".utf8) + [0xC3]) == "it ends in the midst of a character")
        #expect(defect([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]) == "characters in halves were put together")
    }
}
