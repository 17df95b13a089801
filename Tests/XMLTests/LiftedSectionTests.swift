import Simulation
import Testing

@testable import XML

/// CDATA sections of a well-formed document go past libxml2 (`DocumentSource`). Nothing may tell of it.
@Suite struct LiftedSectionTests {
    /// Read as it stands; `nil`: it is refused and would be mended.
    private func plain(_ text: String) -> (lines: [String], tape: XMLTape)? {
        let journal = Journal(recording: ["a"])
        let tape = XMLTape(handler: journal, textBytesMax: .max, isStrict: true)
        return XMLReader.parse(Array(text.utf8), tape) ? (journal.lines, tape) : nil
    }

    private func mended(_ text: String) -> (lines: [String], repaired: RepairedText) {
        let journal = Journal(recording: ["a"])
        let tape = XMLTape(handler: journal, textBytesMax: .max, isStrict: false)
        let repaired = Repair.mend(Array(text.utf8))
        _ = XMLReader.parse(repaired.bytes, tape)
        return (journal.lines, repaired)
    }

    @Test(arguments: [
        ("<a>1<![CDATA[<b>&amp;]]>2<![CDATA[]]>3<![CDATA[]]]]><![CDATA[>]]></a>", "1<b>&amp;23]]>"),
        // libxml2 makes one line end of two, so these are left to it.
        ("<a><![CDATA[1\r\n2]]><![CDATA[3]]></a>", "1\n23"),
        ("<a><!-- <![CDATA[ -->1<?p <![CDATA[?>2<![CDATA[ --> ?> ]]></a>", "12 --> ?> "),
        ("<a>é<![CDATA[\u{A0}é\u{FFFD}漢😀]]></a>", "é\u{A0}é\u{FFFD}漢😀"),
    ])
    func `a section stands where it stood`(text: String, said: String) throws {
        #expect(try #require(plain(text)).lines.last == "(-:a - \(said))")
        #expect(mended(text).lines.last == "(-:a - \(said))")
    }

    @Test(arguments: [
        "<![CDATA[1]]><a/>", "<a/><![CDATA[1]]>", "<a><![CDATA[1</a>", "<a b='<![CDATA[1]]>'/>",
        "<a><![CDATA[1<![CDATA[2]]></a>",
        "<a><![CDATA[\u{1}]]></a>", "<a><![CDATA[\u{FFFE}]]></a>", "<a><![CDATA[1]]>]]></a>",
        // The mark that stands for a section is nobody else's.
        "<a><?colophon-section?></a>", "<a><![CDATA[1]]><?colophon-section 2?><![CDATA[3]]></a>",
        "<?colophon-section?><a><![CDATA[1]]></a>",
    ])
    func `what is not well-formed, or speaks as we do, is not read as it stands`(text: String) {
        #expect(plain(text) == nil)
    }

    @Test func `a document with our mark is mended`() {
        let text = "<a>1<?colophon-section?><![CDATA[2]]></a>"
        let reading = XMLReader.read(Array(text.utf8)) { Journal(recording: ["a"]) }
        #expect(reading.handler.lines.last == "(-:a - 12)" && reading.error == nil)
    }

    @Test func `lines are counted through sections`() throws {
        let text = "<a>\n<![CDATA[1\n2\n\n]]>\n<p:b/></a>"
        let tape = try #require(plain(text)).tape
        // The memory is the tape's, and goes with it.
        #expect(withExtendedLifetime(tape) { tape.state.pointee.firstError?.line } == 6)
    }

    @Test func `a section of twenty megabytes is one text`() throws {
        let text = String(repeating: "lorem & <b>ipsum</b>\n", count: 1 << 20)
        let lines = try #require(plain("<a><![CDATA[" + text + "]]></a>")).lines
        #expect(lines.last == "(-:a - " + text + ")")
    }

    /// Pieces of documents in any order, most of them not well-formed: what is read as it stands has no
    /// fault, and says what it says when it is mended.
    @Test func `reading as it stands and mending agree`() {
        let pieces = [
            "<a>", "</a>", "<b>", "</b>", "<b/>", "<![CDATA[", "]]>", "<!--", "-->", "<?p ", "?>", "]]", ">", "<",
            "-", "?", "\n", "\r\n", "\r", "x", "é", "\u{A0}", "&amp;", "&", "<!", "colophon-section", "\u{FFFF}",
            String(repeating: "y", count: 4090), "<![CDATA[z]]>", "<![CDATA[]]>", "<b c='", "'>", "<b c='1'>",
        ]
        var accepted = 0
        for seed in 1...20_000 {
            var random = SeededGenerator(seed: UInt64(seed))
            // Half of them are made so that they are mostly well-formed.
            let isTame = seed % 2 == 0
            let safe = ["x", "é", "<b/>", "<![CDATA[", "]]>", "-->", "\n", "<![CDATA[z]]>", pieces[27], "<!--", "?>"]
            var text = "<a>"
            for _ in 0..<(1 + random.below(9)) {
                text += isTame ? safe[random.below(safe.count)] : pieces[random.below(pieces.count)]
            }
            text += "</a>"
            guard let plain = plain(text) else { continue }
            accepted += 1
            let mended = mended(text)
            #expect(plain.lines == mended.lines && mended.repaired.defects.isEmpty, "seed \(seed): \(text)")
        }
        #expect(accepted > 2000)
    }
}
