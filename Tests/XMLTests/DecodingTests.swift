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

    @Test(arguments: [[0xFF, 0xFE] as [UInt8], [0xFE, 0xFF]], ["<?xml version='1.0'?><rss>é</rss>", "\n{\"title\":\"é\"}"])
    func `the mark of UTF-16 does not make it of bytes that are none`(mark: [UInt8], text: String) {
        let decoded = Decoding.decode(mark + Array(text.utf8), charset: nil)
        #expect(decoded.bytes == Array(text.utf8) && decoded.encoding == "utf-8")
        #expect(decoded.defect?.hasPrefix("it begins with the mark of utf-16") == true)
    }

    @Test(arguments: [
        ("[21-Nov-2026] PHP Warning: \"x\"\n#", "iso-8859-2"), ("{{ page }}#", "iso-8859-2"),
        ("{\"text\":\"#\"}", "windows-1252"), ("[\n\"#\"]", "windows-1252"),
    ])
    func `a declaration counts behind a bracket, but not in a text of JSON`(text: String, encoding: String) {
        let bytes = Array(text.replacing("#", with: "<?xml version='1.0' encoding='iso-8859-2'?>").utf8) + [0xB1]
        #expect(Decoding.decode(bytes).encoding == encoding)
    }

    @Test(arguments: [
        ("iso-8859-1", [0x93, 0xE9, 0x94] as [UInt8], "“é”", "windows-1252"),
        ("\"windows-1251\"", [0xCC, 0xE0], "Ма", "windows-1251"),
        ("x-sjis", [0x8C, 0xE1], "吾", "cp932"),
        ("gb2312", [0xC4, 0xE3], "你", "gb18030"), ("gb_2312", [0xC4, 0xE3], "你", "gb18030"),
        ("csbig5", [0xA7, 0x41], "你", "big5-hkscs"), ("dos-866", [0x80], "А", "ibm866"),
        ("windows1251", [0xCC, 0xE0], "Ма", "windows-1251"),
        ("x-windows-1251", [0xCC, 0xE0], "Ма", "windows-1251"),
        ("iso-8859-8-i", [0xE0], "א", "iso-8859-8"), ("iso-8859-8-e", [0xE0], "א", "iso-8859-8"),
        ("csiso88596e", [0xC7], "ا", "iso-8859-6"), ("logical", [0xE0], "א", "iso-8859-8"),
        ("latin1", [0x92], "’", "windows-1252"), ("iso_8859-9:1989", [0x92], "’", "windows-1254"),
        ("hz-gb-2312", Array("a~{Vw~}~~b~\n".utf8), "a主~b", "hz-gb-2312"),
        ("csiso2022jp", Array("\u{1B}$BF|K\\\u{1B}(B".utf8), "日本", "iso-2022-jp"),
    ])
    func `a stated charset is read as what people mean by it`(
        charset: String, bytes: [UInt8], text: String, encoding: String
    ) {
        #expect(decode(bytes, charset) == (text, encoding))
    }

    /// GBK reads the first as `茅`, the second as `涓枃` and the third as a word that has eaten the end of
    /// its section.
    @Test(arguments: ["iso-8859-1", "gb2312", "gbk", "shift_jis", "big5", "euc-kr", "iso-2022-jp"])
    func `valid UTF-8 stays UTF-8 whatever is stated`(charset: String) {
        for text in ["Beyoncé", "中文", "<![CDATA[é]]>"] {
            #expect(decode(Array(text.utf8), charset) == (text, "utf-8"))
            let document = "<?xml version='1.0' encoding='\(charset)'?>" + text
            #expect(decode(Array(document.utf8)) == (document, "utf-8"))
        }
    }

    @Test func `UTF-8 with a stray byte is no other encoding`() {
        let text = String(repeating: "中文", count: 10)
        #expect(decode(Array(text.utf8) + [0xE4, 0xB8], "gbk").0.hasPrefix(text))
    }

    @Test(arguments: [
        "unicode", "csunicode", "unicodelittle", "utf-16", "ucs-4", "iso-10646-ucs-2", "ibm037", "cp1047",
    ])
    func `a name under which nobody could read a declaration does not count`(name: String) {
        for blank in ["", " "] {
            let bytes = Array("<?xml version='1.0' encoding='\(name)'?>\(blank)<a>".utf8) + [0xE9, 0x31]
            #expect(decode(bytes).0.hasSuffix("<a>é1"))
            #expect(decode(bytes, name).0.hasSuffix("<a>é1"))
        }
    }

    @Test(arguments: [
        "<rss><![CDATA[<?xml version='1.0' encoding='koi8-r'?>]]>",
        "<!-- x --><rdf:RDF><a b='<?xml encoding=\"koi8-r\"?>'/>",
        " {\"content_html\":\"<?xml version='1.0' encoding='koi8-r'?>\"}",
        "<?xml-stylesheet encoding='koi8-r'?>",
    ])
    func `only a declaration before the document counts`(text: String) {
        #expect(Decoding.declaredName(Array(text.utf8)) == nil)
    }

    @Test func `a warning may stand before the declaration`() {
        let text = "<br />\n<b>Warning</b>: x\n<?xml version='1.0' encoding = \"koi8-r\" ?><rss>"
        #expect(Decoding.declaredName(Array(text.utf8)) == "koi8-r")
    }

    @Test(arguments: [
        ("Warning: <item> not closed in /a.php\n", true), ("An <item>, or <rss> ? ", true), ("<!-- <rss> -->", true), ("<item><title>", false),
        ("<rss><channel>", false), ("<item></item>", false), ("<item><![CDATA[ ", false), ("<item><title>x</title>", false),
    ])
    func `a tag may be spoken of before the declaration`(junk: String, isSpokenOf: Bool) {
        let outline = Outline(roots: ["rss"], lists: ["channel"], entries: ["item"], fields: ["title"])
        let text = junk + "<?xml version='1.0' encoding='koi8-r'?>" + (isSpokenOf ? "<rss>" : "</title><rss>")
        #expect(Decoding.declaredName(Array(text.utf8), outline) == (isSpokenOf ? "koi8-r" : nil))
    }

    @Test(arguments: [
        ("utf-16le", 2, 0), ("utf-16be", 2, 1), ("utf-32le", 4, 0), ("utf-32be", 4, 3),
    ])
    func `wide text may begin with white space`(encoding: String, width: Int, place: Int) {
        for text in ["\n<?xml version='1.0'?><a/>", " \r\n\t<rss/>", " {\"a\":1}"] {
            let bytes = text.utf8.flatMap { byte in (0..<width).map { $0 == place ? byte : 0 } }
            #expect(decode(bytes) == (text, encoding))
            #expect(decode(bytes, "utf-16") == (text, encoding))
        }
    }

    @Test func `any white space may stand before the declaration`() {
        let text = String(repeating: "\r\n", count: 9_000) + "<?xml version='1.0' encoding='koi8-r'?><rss>"
        #expect(Decoding.declaredName(Array(text.utf8)) == "koi8-r")
        #expect(Decoding.declaredName(Array(repeating: 0x20, count: 9_000)) == nil)
    }

    @Test func `a declared utf-16 on one-byte text is ignored`() {
        #expect(decode(Array("<?xml encoding='utf-16'?><é/>".utf8)).1 == "utf-8")
    }

    @Test func `a name of ASCII says nothing of other bytes`() {
        let bytes = Array("<?xml version='1.0' encoding='windows-1251'?>".utf8) + [0xCC, 0xE0]
        #expect(decode(bytes, "us-ascii").0.hasSuffix("Ма"))
        #expect(decode([0x92], "us-ascii") == ("’", "windows-1252"))
    }

    @Test func `the second name counts where the first does not fit`() {
        let bytes = Array("<?xml version='1.0' encoding='Shift_JIS'?>".utf8) + [0x8C, 0xE1, 0xFF]
        #expect(decode(bytes, "utf-8").0.hasSuffix("吾\u{FFFD}"))
    }

    @Test func `without a statement what is not UTF-8 is windows-1252`() {
        #expect(decode([0x4C, 0x92, 0xE9]) == ("L’é", "windows-1252"))
    }
}
