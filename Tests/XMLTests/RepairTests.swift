import Testing

@testable import XML

@Suite struct RepairTests {
    private func mended(_ text: String) -> String {
        String(decoding: Repair.mend(Array(text.utf8), outline: Outline(roots: ["rss"])).bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("<a>Salt & Pepper</a>", "<a>Salt &#38; Pepper</a>"),
        ("<a>?x=1&y=2</a>", "<a>?x=1&#38;y=2</a>"),
        ("<a>&lt;b&gt; &amp;</a>", "<a>&#60;b&#62; &#38;</a>"),
        ("<a>caf&eacute;</a>", "<a>café</a>"),
        ("<a>&nonsense;</a>", "<a>&#38;nonsense;</a>"),
        ("<a>it&#146;s</a>", "<a>it’s</a>"),
        ("<a>&#226;&#128;&#166;</a>", "<a>…</a>"),
        ("<a>x&#0;y</a>", "<a>xy</a>"),
        ("<a>x\u{8}y</a>", "<a>xy</a>"),
        ("<a><b\0b>x\0</bb\0></a>", "<a><bb>x</bb></a>"),
        ("<a>1 < 2</a>", "<a>1 &#60; 2</a>"),
        ("<a>b]]>c</a>", "<a>b]]&#62;c</a>"),
        ("<a><b>x</a>", "<a><b>x</b></a>"),
        ("<a>x</i></a>", "<a>x</a>"),
        ("<a><b><i>x</b></i></a>", "<a><b><i>x</i></b></a>"),
        ("<a b=c d>x</a>", "<a b=\"c\" d=\"\">x</a>"),
        ("<a b=\"x<y\">z</a>", "<a b=\"x&#60;y\">z</a>"),
        ("<a><![CDATA[x", "<a><![CDATA[x]]></a>"),
        ("<a><b>x", "<a><b>x</b></a>"),
        ("<a>x</a> junk", "<a>x</a>"),
        ("Warning!\n<?xml version='1.0'?><rss/>", "\n<rss/>"),
        ("<a><!-- a -- b -->x</a>", "<a>x</a>"),
        ("<!DOCTYPE a [<!ENTITY me \"Ada\">]><a>&me;</a>", "<a>Ada</a>"),
        ("<!DOCTYPE a [<!ENTITY me \"&you;\">]><a>&me;</a>", "<a>&#38;me;</a>"),
    ])
    func `mends what libxml2 would lose`(before: String, after: String) {
        #expect(mended(before) == after)
        #expect(mended(after) == after, "the pass is idempotent")
    }

    @Test(arguments: [
        ("<a>1<∞ and b>2</a>", "<a>1&#60;∞ and b>2</a>"),
        ("<a><b\u{A0}c=\"d\">x</b></a>", "<a><b c=\"d\">x</b></a>"),
        ("<a><b\u{2028}>x</b></a>", "<a><b>x</b></a>"),
        ("<a><b ×></a>", "<a><b ></b></a>"),
        ("<a><b→c>x</b→c></a>", "<a><b c=\"\">x</b></a>"),
        ("<a><· b>x</a>", "<a>&#60;· b>x</a>"),
        ("<a><é·>x</é·></a>", "<a><é·>x</é·></a>"),
        ("<a><img width=10 × height=20></a>", "<a><img width=\"10\"  height=\"20\"></img></a>"),
    ])
    func `a name is what XML calls one`(before: String, after: String) {
        #expect(mended(before) == after)
        #expect(mended(after) == after)
        let reading = XMLReader.read(Array(before.utf8)) { Journal(recording: []) }
        #expect(reading.error == nil)
    }

    @Test(arguments: [
        ("<a>Read <urn:isbn:978> twice</a>", "<a>Read &#60;urn:isbn:978> twice</a>"),
        ("<a><x:y:2>v</x:y:2>w</a>", "<a><x:y_2>v</x:y_2>w</a>"),
        ("<a><x:y:-2>v<b>w</x:y:-2></a>", "<a><x:y_-2>v<b>w</b></x:y_-2></a>"),
        ("<a><x:y:2/>w</a>", "<a><x:y_2/>w</a>"),
        ("<a><b x:y:1='2'>w</b></a>", "<a><b x:y_1='2'>w</b></a>"),
        ("<a><b xmlns:y:1='u'/></a>", "<a><b xmlns:y_1='u'/></a>"),
        ("<a><x:y:z>v</x:y:z><x:2>v</x:2><x::2/></a>", "<a><x:y:z>v</x:y:z><x:2>v</x:2><x::2/></a>"),
    ])
    func `no name may begin behind a second colon`(before: String, after: String) {
        #expect(mended(before) == after)
        #expect(mended(after) == after)
        let reading = XMLReader.read(Array(before.utf8)) { Journal(recording: []) }
        #expect(reading.handler.lines.count { $0 == ">" } == reading.handler.lines.count { $0 != ">" })
    }

    @Test(arguments: ["<", "</", "<!", "<!-", "<![CDA", "<!D", "</b", "<b c=\"d"])
    func `a tag that is cut off is no text`(rest: String) {
        #expect(mended("<a>x<b>y" + rest) == "<a>x<b>y</b></a>")
        let defects = Repair.mend(Array(("<a>x<b>y" + rest).utf8)).defects
        #expect(defects.map(\.fault).contains(.cutOff))
    }

    @Test(arguments: [
        ("QUALIT&#201;&#160;: x", "QUALITÉ\u{A0}: x"), ("&#171;CAF&#201;&#187;", "«CAFÉ»"),
        ("CAF&Eacute;&nbsp;!", "CAFÉ\u{A0}!"), ("&#171; caf&#233;&#160;&#187;", "« café\u{A0}»"),
        ("voil&#224;&#160;&#187;", "voilà\u{A0}»"), ("IRM&#195;&#187; x", "IRMÃ» x"),
        ("caf&#195;&#169;", "café"), ("CAF&#195;&#137;", "CAFÉ"), ("a&#194;&#160;b", "a\u{A0}b"),
        ("C&#195;&#148;TE", "CÔTE"), ("don&#226;&#128;&#153;t", "don’t"),
        ("&#208;&#187;&#209;&#131;&#208;&#186;", "лук"), ("&#230;&#151;&#165;&#230;&#156;&#172;", "日本"),
    ])
    func `references to bytes are told from Latin-1`(before: String, after: String) {
        #expect(mended("<a>" + before + "</a>") == "<a>" + after + "</a>")
    }

    @Test func `entities at most double a document`() {
        let head = "<!DOCTYPE a [<!ENTITY e \"" + String(repeating: "x", count: 127) + "\">]><a>"
        let text = head + String(repeating: "&e;", count: 200_000) + "</a>"
        #expect(mended(text).utf8.count < text.utf8.count * 4)
    }

    @Test func `what is well-formed has no defect`() {
        let text = "<?xml version='1.0'?>\n<rss a='&quot;'><b>x &amp; <![CDATA[<y>]]></b>\n<c/></rss>\n"
        #expect(Repair.mend(Array(text.utf8)).defects.isEmpty)
    }

    @Test(arguments: [
        "<a>x</a>\n", "<a\nb='>'></a >", "<a/>", "<a/><!-- b --><?p?>", "<?xml?>\n<?p?> <a>x</a>", "<!-- --><a></a>",
    ])
    func `a whole document is not taken for one that is cut off`(text: String) {
        #expect(!Repair.isCutOff(Array(text.utf8)) && Repair.mend(Array(text.utf8)).cut == nil)
    }

    @Test(arguments: ["", "<a>x", "<a><b>x</b>", "<a>x</a", "<?xml?><a><aa></aa>\n", "<a><b"])
    func `a document that is cut off is known by its end`(text: String) {
        #expect(Repair.isCutOff(Array(text.utf8)))
    }

    @Test func `a defect has the line where it stood first`() {
        let defects = Repair.mend(Array("<a>\n&\n<b>\n&</a>".utf8)).defects
        #expect(
            defects == [
                RepairedText.Defect(line: 2, fault: .bareAmpersand),
                RepairedText.Defect(line: 4, fault: .missingEnd),
            ])
    }

    /// Names of which only the end differed were each compared with all that are open.
    @Test(.timeLimit(.minutes(5)))
    func `many end tags without a start are told apart by their names`() {
        let name = String(repeating: "a", count: 900)
        let text = String(repeating: "<\(name)b>", count: 250) + String(repeating: "</\(name)c>", count: 4_000)
        #expect(mended("<r>" + text).hasSuffix("b></r>"))
    }

    @Test func `elements beyond the depth limit lose their tags and keep their text`() {
        let deep = String(repeating: "<b>", count: 400) + "x" + String(repeating: "</b>", count: 400)
        let text = mended("<a>" + deep + "<c>y</c></a>")
        #expect(text.hasSuffix("<c>y</c></a>"))
        #expect(text.contains("x"))
        #expect(text.split(separator: "<b>", omittingEmptySubsequences: false).count == 255)
    }
}
