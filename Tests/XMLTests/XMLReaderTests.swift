import Testing

@testable import XML

private final class Journal: XMLHandler {
    var lines: [String] = []
    func start(_ name: XMLName, _ attributes: [XMLAttribute]) {
        let list = attributes.map { " \($0.name)=\($0.value)" }.joined()
        lines.append("<\(name.prefix ?? "-"):\(name.local) \(name.namespace ?? "-")\(list)")
    }
    func text(_ text: String) { lines.append(text) }
    func end() { lines.append(">") }
}

@Suite struct XMLReaderTests {
    private func read(_ text: String, textBytesMax: Int = .max) -> ([String], XMLError?) {
        let journal = Journal()
        let error = XMLReader.read(Array(text.utf8), textBytesMax: textBytesMax, to: journal)
        return (journal.lines, error)
    }

    @Test func `elements, attributes and text come in order, text in one piece`() {
        let (lines, error) = read("<a xmlns:p='urn:p' x='1&#38;2'>b&#38;<![CDATA[<c>]]><p:d/></a>")
        #expect(lines == ["<-:a - x=1&2", "b&<c>", "<p:d urn:p", ">", ">"])
        #expect(error == nil)
    }

    @Test func `an undeclared prefix keeps its name and is an error`() {
        let (lines, error) = read("<a><p:b/></a>")
        #expect(lines == ["<-:a -", "<p:b -", ">", ">"])
        #expect(error?.line == 1)
    }

    @Test func `a document that is cut off is closed`() {
        let (lines, error) = read("<a><b>x")
        #expect(lines == ["<-:a -", "<-:b -", "x", ">", ">"])
        #expect(error?.isFatal == true)
    }

    @Test func `a declared entity is never expanded`() {
        let (lines, _) = read("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>x&e;y</a>")
        #expect(lines == ["<-:a -", "xy", ">"])
    }

    @Test func `a run of text is cut between characters`() {
        #expect(read("<a>xéy</a>", textBytesMax: 2).0 == ["<-:a -", "x", ">"])
    }
}
