import Testing

@testable import XML

@Suite struct DecodingTests {
    private func decode(_ bytes: [UInt8], _ charset: String? = nil) -> (String, String) {
        let text = Decoding.decode(bytes, charset: charset)
        return (String(decoding: text.bytes, as: UTF8.self), text.encoding)
    }

    @Test func `a byte order mark wins over the declaration`() {
        let bytes = [0xEF, 0xBB, 0xBF] + Array("<?xml encoding='iso-8859-1'?><a>é</a>".utf8)
        #expect(decode(bytes) == ("<?xml encoding='iso-8859-1'?><a>é</a>", "utf-8"))
    }

    @Test(arguments: [
        ("utf-16le", [0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E, 0] as [UInt8]),
        ("utf-16be", [0, 0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E]),
        ("utf-16le", [0xFF, 0xFE, 0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E, 0]),
        ("utf-32be", [0, 0, 0, 0x3C, 0, 0, 0, 0x61, 0, 0, 0, 0x2F, 0, 0, 0, 0x3E]),
    ])
    func `wide text is known by its zeros`(encoding: String, bytes: [UInt8]) {
        #expect(decode(bytes) == ("<a/>", encoding))
    }

    @Test(arguments: [
        ("iso-8859-1", [0x93, 0xE9, 0x94] as [UInt8], "“é”", "windows-1252"),
        ("\"windows-1251\"", [0xCC, 0xE0], "Ма", "windows-1251"),
        ("x-sjis", [0x8C, 0xE1], "吾", "cp932"),
        ("gb2312", [0xC4, 0xE3], "你", "gb18030"),
    ])
    func `a stated charset is read as what people mean by it`(
        charset: String, bytes: [UInt8], text: String, encoding: String
    ) {
        #expect(decode(bytes, charset) == (text, encoding))
    }

    @Test func `valid UTF-8 stays UTF-8 whatever single-byte encoding is stated`() {
        #expect(decode(Array("é".utf8), "iso-8859-1") == ("é", "utf-8"))
    }

    @Test func `a declared utf-16 on one-byte text is ignored`() {
        #expect(decode(Array("<?xml encoding='utf-16'?><é/>".utf8)).1 == "utf-8")
    }

    @Test func `a stray byte in declared UTF-8 is replaced`() {
        let bytes = Array("éééé".utf8) + [0xFF]
        #expect(decode(bytes, "utf-8") == ("éééé\u{FFFD}", "utf-8"))
    }

    @Test func `without a statement what is not UTF-8 is windows-1252`() {
        #expect(decode([0x4C, 0x92, 0xE9]) == ("L’é", "windows-1252"))
    }
}
