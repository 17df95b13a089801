import Testing

@testable import XML

@Suite struct HTMLTextTests {
    @Test(arguments: [
        ("plain", "plain"),
        ("The <i>Iliad</i> &amp; the Odyssey", "The Iliad & the Odyssey"),
        ("a<br>b<p>c", "a b c"),
        ("1 < 2 &eacute;", "1 < 2 é"),
        ("it&#146;s", "it’s"),
        ("x<script>alert(1)</script>y<!-- z -->", "xy"),
        ("  a \n b\u{A0} ", "a b"), ("<div>a</div><div>b</div>", "a b"), ("<dl><dt>a<dd>b</dl>", "a b"),
        ("<details><summary>a</summary>b</details>c<fieldset><legend>d</legend>e", "a b c d e"),
    ])
    func `HTML as plain text`(html: String, text: String) {
        #expect(HTMLText.plain(html) == text)
    }

    @Test func `marks of sections are left out, and what they leave is text`() {
        #expect(HTMLText.plain("<![CDATA[a <b>b</b>]]> <![CDATA[c]]>") == "a b c")
        #expect(HTMLText.plain("<![CDA<![CDATA[TA[a <b>b</b>]]>") == "<![CDATA[a b")
    }

    @Test(.timeLimit(.minutes(5)))
    func `marks of sections in one another are left out once`() {
        let depth = 80_000
        let html = String(repeating: "<![CDA", count: depth) + "<![CDATA[" + String(repeating: "TA[", count: depth)
        let text = HTMLText.guarded(Array((html + "<b>").utf8))
        #expect(text.count < html.utf8.count * 2 && text.suffix(3).elementsEqual("<b>".utf8))
    }
}
