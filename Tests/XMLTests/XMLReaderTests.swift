import Testing

@testable import XML

@Suite struct XMLReaderTests {
    private func read(
        _ text: String, recording: Set<String> = ["a"], interrupting: Set<String> = [],
        textBytesMax: Int = .max
    ) -> XMLReading<Journal> {
        XMLReader.read(Array(text.utf8), textBytesMax: textBytesMax) {
            Journal(recording: recording, interrupting: interrupting)
        }
    }

    @Test func `elements, attributes and text are recorded in order`() {
        let reading = read("<a xmlns:p='urn:p' x='1&#38;2'>b&#38;<![CDATA[<c>]]><p:d y='&lt;'>e</p:d>f</a>")
        #expect(reading.handler.lines == ["<a x=1&2", "(-:a - x=1&2 b&<c>ef(p:d urn:p y=< e))"])
        #expect(reading.error == nil && reading.defects.isEmpty)
    }

    @Test func `what is passed is told, element by element`() {
        let reading = read("<r>x<a>1</a><b><a>2</a></b></r>")
        #expect(reading.handler.lines == ["<r", "<a", "(-:a - 1)", "<b", "<a", "(-:a - 2)", ">", ">"])
    }

    @Test func `an element that interrupts may cut what is recorded`() {
        let reading = read("<r><a>1<b>2<a>3</a>4</b>5</a></r>", interrupting: ["a"])
        #expect(
            reading.handler.lines == [
                "<r", "<a", "cut (-:a - 12(-:b - 2))", "<a", "(-:a - 3)", ">", ">",
            ])
    }

    @Test func `an element that interrupts may be a part all the same`() {
        let reading = read("<r><a><keep><a>1</a></keep></a></r>", interrupting: ["a"])
        #expect(reading.handler.lines == ["<r", "<a", "(-:a - 1(-:keep - 1(-:a - 1)))", ">"])
    }

    @Test func `an undeclared prefix keeps its name and is an error`() {
        let reading = read("<a><p:b>&amp;</p:b></a>")
        #expect(reading.handler.lines == ["<a", "(-:a - &(p:b - &))"])
        #expect(reading.error?.line == 1 && reading.defects.isEmpty)
    }

    @Test func `what libxml2 says repeats no long name`() throws {
        let name = String(repeating: "n", count: 1000)
        let error = try #require(read("<a xmlns:\(name)='u' \(name):b='1' xmlns:c='\(name)^:'><d/></a>").error)
        #expect(error.message.count == 161 && error.message.hasSuffix("n…"))
    }

    @Test(arguments: ["<p:b:2>x", "<p:b:2/>", "<c p:b:2='x'/>", "<c p:b:2='x'>y", "<b><c d</b>"])
    func `what libxml2 takes back is ended`(inside: String) {
        // As it stands, for it is to be so whatever mending leaves.
        let journal = Journal(recording: [])
        let tape = XMLTape(handler: journal, textBytesMax: .max, isStrict: false)
        _ = XMLReader.parse(Array("<r><a>\(inside)</a><e/><e/></r>".utf8), tape)
        #expect(journal.lines.suffix(5) == ["<e", ">", "<e", ">", ">"])
    }

    @Test func `a document that is cut off is closed`() {
        let reading = read("<a><b>x")
        #expect(reading.handler.lines == ["<a", "(-:a - x(-:b - x))"])
        #expect(reading.defects == [RepairedText.Defect(line: 1, fault: .cutOff)])
    }

    @Test func `a declared entity is never expanded`() {
        let reading = read("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>x&e;y</a>")
        #expect(reading.handler.lines.last == "(-:a - x&e;y)")
    }

    @Test func `a run of text is cut between characters`() {
        let reading = read("<a>xéy</a>", textBytesMax: 2)
        #expect(reading.handler.lines.last == "(-:a - x)")
        #expect(reading.hasLongText)
    }

    /// Each is well-formed, and is read as it stands or mended first; both must say the same.
    @Test(arguments: [
        "<a>b &amp; &lt;c&gt; &#8217; é<!-- d --><?e f?><![CDATA[<g>]]></a>",
        "<?xml version='1.0' encoding='x-unknown'?>\n<a x='&quot;&#10;&amp;lt;' y=\"'\"><b/><b></b> </a>\n",
        "<a xmlns='urn:a' xmlns:b='urn:b'><b:c b:d='1' d='2'/></a>",
        "\n<!-- x --><a>\r\n1\r2</a>",
    ])
    func `what is well-formed means the same when it is mended`(text: String) {
        let plain = Journal(recording: ["a"])
        let tape = XMLTape(handler: plain, textBytesMax: .max, isStrict: true)
        #expect(XMLReader.parse(Array(text.utf8), tape))
        let mended = Journal(recording: ["a"])
        let second = XMLTape(handler: mended, textBytesMax: .max, isStrict: false)
        #expect(XMLReader.parse(Repair.mend(Array(text.utf8)).bytes, second))
        #expect(plain.lines == mended.lines)
    }

    @Test(arguments: [
        ("<a>it&#146;s</a>", "it’s"), ("<a>it&#x0000092;s</a>", "it’s"),
        ("<a>it\u{92}s</a>", "it’s"), ("<a>&#226;&#128;&#166;</a>", "…"),
    ])
    func `what is well-formed and misread is mended`(text: String, said: String) {
        #expect(read(text).handler.lines.last == "(-:a - \(said))")
    }

    @Test func `what has very many names is read up to there, and very many elements are left out`() {
        let names = (0..<30_000).map { "<b\($0)/>" }.joined()
        let reading = read("<r><a>1</a>" + names + "<a>2</a></r>")
        #expect(reading.handler.lines.contains("(-:a - 1)"))
        #expect(!reading.handler.lines.contains("(-:a - 2)"))
        #expect(reading.error?.message.hasPrefix("more than 20000 different names") == true)
        let elements = String(repeating: "<b/>", count: XMLFragment.nodesMax + 5)
        let long = read("<r><c>\(elements)</c><a>2</a></r>", recording: ["c", "a"])
        #expect(long.hasLongText && long.handler.lines.contains("(-:a - 2)"))
    }

    @Test func `what stands in an element that is left out is left out, but for what interrupts`() {
        let elements = String(repeating: "<b/>", count: XMLFragment.nodesMax)
        let reading = read(
            "<r><c>\(elements)<d><e><f/><a>2</a></e></d></c><a>3</a></r>", recording: ["c", "a"], interrupting: ["a"])
        #expect(reading.hasLongText && reading.handler.lines.suffix(2) == ["(-:a - 3)", ">"])
        #expect(reading.handler.lines.contains("(-:a - 2)") && !reading.handler.lines.contains("<e"))
    }

    @Test func `very many attributes and namespaces are cut short`() {
        let attributes = (0..<20_000).map { " x\($0)='1'" }.joined()
        let lines = read("<a\(attributes)>b</a>").handler.lines
        #expect(lines.last?.hasSuffix(" x255=1 b)") == true)
        let spaces = (0..<300).map { " xmlns:n\($0)='urn:\($0)'" }.joined()
        #expect(read("<a\(spaces)>b</a>").handler.lines.last == "(-:a - b)")
        // Each of the elements has a few, and all are open.
        let nested = (0..<100).map { level in
            "<e" + (0..<9).map { " xmlns:n\(level * 9 + $0)='urn:\(level * 9 + $0)'" }.joined() + ">"
        }.joined()
        let inner = "<n255:in/><n256:out/>"
        let last = read("<a>" + nested + inner).handler.lines.last
        #expect(last?.contains("(n255:in urn:255 )(n256:out - )") == true)
    }
}
