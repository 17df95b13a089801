import Testing

@testable import XML

@Suite struct RepairMarksTests {
    private static let outline = Outline(
        roots: ["rss"], lists: ["channel"], entries: ["item"], fields: ["title", "link", "author"],
        bodies: ["content"])

    private func mended(_ text: String) -> String {
        return String(decoding: Repair.mend(Array(text.utf8), outline: Self.outline).bytes, as: UTF8.self)
    }

    @Test(arguments: [
        // Behind the end of its element, whatever that is, something is known.
        ("<title>#a</title><link>b</link>", "<title>[a]</title><link>b</link>"),
        ("<author><name>#a</name></author><link>b</link>", "<author><name>[a]</name></author><link>b</link>"),
        ("<content><div><p>#a</p></div></content>", "<content><div><p>[a]</p></div></content>"),
        ("<content>#a<b>c</content>d</content>", "<content>[a<b>c</content>d]</content>"),
        // Where it stands in no field, or its field has no end, before what is known next.
        ("#a<title>b</title>", "[a]<title>b</title>"), ("<title>#a", "<title>[a]</title>"),
        ("<author><name>#a</author>", "<author><name>[a</author>]</name></author>"),
    ])
    func `a section that nothing closes swallows no entry`(before: String, after: String) {
        func document(_ item: String) -> String {
            "<rss><channel><item>\(item)</item><item><title>next</title></item></channel></rss>"
        }
        let text = document(before.replacing("#", with: "<![CDATA["))
        let wanted = document(after.replacing("[", with: "<![CDATA[").replacing("]", with: "]]>"))
        #expect(mended(text) == wanted)
        #expect(mended(wanted) == wanted)
    }

    @Test(arguments: [
        ("<?p <item> ?>", ""), ("<?p </item> ?>", ""), ("<?php echo '<item>' ?>", ""), ("<?p x><item><?q?>", "<item>"),
        ("<?p <item><?q?>", "<item>"), ("<?p x><item>what ?>", "<item>what ?>"),
    ])
    func `an instruction may show tags, and without an end swallows none`(before: String, after: String) {
        let rss = "<rss><channel><item><title>a</title>#<link>b</link>"
        #expect(mended(rss.replacing("#", with: before) + "&").hasPrefix(rss.replacing("#", with: after)))
        // Nor does one further on close what is open here.
        let open = mended("<rss><channel><item><title>a<link>b</link>" + before + "</item></channel></rss>")
        #expect(open.hasPrefix("<rss><channel><item><title>a</title><link>b</link>"))
    }

    @Test func `a section between entries that nothing closes ends before the next`() {
        let head = "<rss><channel><![CDATA[a<b>"
        #expect(mended(head + "<item>c</item></channel></rss>") == head + "]]><item>c</item></channel></rss>")
        #expect(mended("<rss><![CDATA[a</rss>") == "<rss><![CDATA[a]]></rss>")
    }

    @Test func `a document that ends in a section keeps it`() {
        let text = "<rss><channel><item><content><![CDATA[a <p>b</p> c"
        #expect(mended(text) == text + "]]></content></item></channel></rss>")
    }

    @Test(arguments: [
        // The next section's end is not this one's, in an entry and beyond it.
        ("<content>#a</content></item><item><content>#b]]></content>",
         "<content>[a]</content></item><item><content>[b]</content>"),
        ("<title>#a</title><link>#b]]></link>", "<title>[a]</title><link>[b]</link>"),
        ("<author><name>#a</name><id_of_book>#b]]></id_of_book></author>",
         "<author><name>[a]</name><id_of_book>[b]</id_of_book></author>"),
        ("<number>#a</number><of_pages>#b]]></of_pages>", "<number>[a]</number><of_pages>[b]</of_pages>"),
        ("<title>#a]]</title><link>#b]></link>", "<title>[a]</title><link>[b]</link>"),
        ("<content>#a</item><item><content>#b]]></content>",
         "<content>[a]</content></item><item><content>[b]</content>"),
    ])
    func `a section whose end was forgotten does not take that of the next`(before: String, after: String) {
        func document(_ item: String) -> String { "<rss><channel><item>\(item)</item></channel></rss>" }
        let text = document(before.replacing("#", with: "<![CDATA["))
        let wanted = document(after.replacing("[", with: "<![CDATA[").replacing("]", with: "]]>"))
        #expect(mended(text) == wanted)
        #expect(mended(wanted) == wanted)
    }

    @Test(arguments: [
        // A page with a script; a feed that is quoted, with the end of its own sections in two halves.
        "<content><![CDATA[a<script>//<![CDATA[ b //]]&gt;</script>]]></content><title>c</title>",
        "<content><![CDATA[<item><content><![CDATA[a]]]]><![CDATA[></content></item> <item>]]></content>",
        "<content><![CDATA[<item/><content><![CDATA[a]]]]><![CDATA[></content></item><item><content><![CDATA[b"
            + "]]]]><![CDATA[></content></item>]]></content>",
        "<title><![CDATA[Behind </title> stands <![CDATA[ or not]]></title>",
        "<content><![CDATA[<![CDATA[a</p><p>b]]]]><![CDATA[>]]></content>",
    ])
    func `a section in which others are quoted stays whole`(item: String) {
        let text = "<rss><channel><item>\(item)</item></channel></rss>"
        #expect(mended(text) == text)
    }

    /// Half of a feed, quoted: the section ends where its author ended it.
    @Test(arguments: [
        "<item><title>A</title></item><item><title><![CDATA[B</title>",
        "</description></item><item><title><![CDATA[B",
        "<title><![CDATA[x]]]]><![CDATA[></title></item>",
    ])
    func `half a section that is quoted does not end the one around it`(quoted: String) throws {
        let text = "<rss><channel><item><description><![CDATA[\(quoted)]]></description><guid>a</guid></item></channel></rss>"
        let mended = Repair.mend(Array(text.utf8), outline: Self.outline)
        #expect(mended.defects.isEmpty && !mended.bytes.isEmpty)
    }

    @Test func `a root is found behind an instruction that quotes another`() {
        #expect(!Repair.isCutOff(Array("<?x <feed><item>?><rss><channel></channel></rss>".utf8)))
    }
}
