import Testing

@testable import XML

@Suite struct RepairPrologTests {
    private func mended(_ text: String) -> String {
        let outline = Outline(roots: ["rss"], entries: ["item"], fields: ["title"])
        return String(decoding: Repair.mend(Array(text.utf8), outline: outline).bytes, as: UTF8.self)
    }

    @Test(arguments: [
        "<!--#-->", "<?p #?>", " # ", "<!-- # --><!DOCTYPE rss [<!-- # --><!ENTITY a \"b\">]>\n<?p #?>",
    ])
    func `a prolog may be long`(pattern: String) {
        let filling = pattern.hasPrefix(" ") ? " " : "x "
        let prolog = pattern.replacing("#", with: String(repeating: filling, count: 50_000))
        let root = "<rss><item><title>a &amp; b</title></item></rss>"
        #expect(mended(prolog + root).hasSuffix(root.replacing("&amp;", with: "&#38;")))
        #expect(Repair.mend(Array((prolog + root).utf8)).defects.isEmpty)
        let reading = XMLReader.read(Array((prolog + root).utf8)) { Journal(recording: ["title"]) }
        #expect(reading.handler.lines.contains("(-:title - a & b)") && reading.defects.isEmpty)
    }

    @Test(arguments: [
        "<!DOCTYPE rss [<!ENTITY a '<item>x</item>'>]>", "<?p title=\"<item>\"?>", "<?p a='<item>' b=\"<rss>\" ?>",
        "<!-- <item> -->", "<!DOCTYPE rss [<!-- it's <item> --><?p <x ?>]>",
    ])
    func `a tag that is shown in the prolog begins nothing`(prolog: String) {
        #expect(mended(prolog + "<rss>a & b</rss>") == "<rss>a &#38; b</rss>")
    }

    @Test(arguments: [
        "<?xml version='1.0' ", "<?xml version='1.0'?", "<?p title='", "<?p title=\"a>", "<!DOCTYPE rss PUBLIC \"x>",
        "<!DOCTYPE rss [ ", "<!DOCTYPE rss ", "<!DOCTYPE rss [ <!ENTITY a \"x> ]>", "<!-- x ", "<!DOCTYPE a><!DOCTYPE b>",
    ])
    func `a prolog that is broken swallows no root`(prolog: String) {
        #expect(mended(prolog + "<rss b=\"c\">a & b</rss><?q?>") == "<rss b=\"c\">a &#38; b</rss>")
    }

    /// Sixteen million of them were compared with each name of a root.
    @Test(arguments: ["x", "<", "x<"])
    func `junk is looked through for a root up to a bound`(junk: String) {
        let root = "<rss>a</rss>"
        #expect(mended(String(repeating: junk, count: 30_000) + root) == root)
        #expect(mended(String(repeating: junk, count: 70_000) + root) != root)
    }

    /// The document was looked through to its end for each.
    @Test(.timeLimit(.minutes(5)), arguments: ["<!DOCTYPE a [ <?p <item=' ", "<?p ", "<?xml ", "<!-- ", "<?p a='"])
    func `many marks that nothing closes cost no more than others`(mark: String) {
        let marks = String(repeating: mark, count: 200_000)
        #expect(mended(marks).utf8.count < marks.utf8.count * 2)
    }

    @Test(arguments: [
        "Warning: <item> not closed in /f.php\n<?xml version='1.0'?>", "An <item>, or <rss> ? ", "No <item>, no <title>: ", "<b>No <item></b><!-- <item> --> ",
    ])
    func `a tag that is spoken of before the root begins nothing`(junk: String) {
        #expect(mended(junk + "<rss>a &amp; b</rss>").hasSuffix("<rss>a &#38; b</rss>"))
        #expect(!mended(junk + "<rss>a</rss>").contains("item"))
    }

    @Test(arguments: ["<item><title>1</title></item><rss/>", "<item><![CDATA[<rss>]]></item>", "<item><title/></item><rss/>", "<item>1</item><rss></rss>"])
    func `a feed may begin with an entry all the same`(text: String) { #expect(mended(text).hasPrefix("<item>")) }
}
