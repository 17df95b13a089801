import Testing

@testable import XML

@Suite struct HTMLReductionTests {
    @Test(arguments: [
        ("<p class='x' onclick='y'>a <em>b</em></p>", "<p>a <em>b</em></p>"),
        ("<a href='https://example.org/?a=1&b=2' style='x'>l</a>",
            "<a href=\"https://example.org/?a=1&amp;b=2\">l</a>"),
        ("<a href='javascript:alert(1)'>l</a>", "l"),
        ("<a href=' java\nscript:x'>l</a>", "l"),
        ("x<script>alert('<p>')</script><style>p{}</style>y", "xy"),
        ("<div><ul><li>a<li>b</ul></div>", "<ul><li>a</li><li>b</li></ul>"),
        ("a<br>b", "a<br/>b"),
        ("<b><i>x", "<b><i>x</i></b>"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("<img src=x onerror=alert(1)>t", "t"),
        // Found by fuzzing: without what is around it, one paragraph would stand in the other.
        ("<p>a<x><p>b</p></x></p>", "<p>a</p><p>b</p>"),
    ])
    func `review HTML keeps only what can do no harm`(html: String, reduced: String) {
        #expect(HTMLReduction.reduce(html) == reduced)
        #expect(HTMLReduction.reduce(reduced) == reduced, "reduced again it is the same")
    }

    @Test(arguments: [
        // A scheme that only looks like the web's, an address without one, and one that hides its scheme.
        "<a href='//example.org/x'>l</a>", "<a href='/x'>l</a>", "<a href='data:text/html,x'>l</a>",
        "<a href='&#106;avascript:x'>l</a>", "<a href='httpx://example.org'>l</a>", "<a>l</a>",
    ])
    func `a link that does not lead to the web loses its tags and keeps its text`(html: String) {
        #expect(HTMLReduction.reduce(html) == "l")
    }

    @Test(arguments: [
        "script", "style", "iframe", "object", "noscript", "template", "svg", "math", "textarea", "select",
    ])
    func `what is no text for a reader goes whole`(name: String) {
        #expect(!HTMLReduction.reduce("a<\(name)>hidden</\(name)>b").contains("<\(name)"))
        #expect(!HTMLReduction.reduce("a<\(name)>hidden</\(name)>b").contains("hidden"))
    }

    @Test(arguments: [
        "iframe", "object", "noscript", "template", "svg", "math", "textarea", "select", "audio", "video", "canvas",
    ])
    func `what nothing closes takes no text along`(name: String) {
        #expect(HTMLReduction.reduce("<p>a</p><\(name) x='y'><p>b</p> c") == "<p>a</p><p>b</p>c")
        #expect(HTMLReduction.reduce("a <\(name)>b</\(name)> c <\(name)>d") == "a c d")
        #expect(HTMLReduction.reduce("a <\(name)><svg>b <i>c</i>") == "a b <i>c</i>")
        #expect(HTMLReduction.reduce("<p>a</p><\(name)>b</\(name)>") == "<p>a</p>")
    }

    @Test func `a script that nothing closes is still none of the text`() {
        #expect(HTMLReduction.reduce("a<svg><script>b c") == "a")
        #expect(HTMLReduction.reduce("a<style>b <p>c") == "a")
    }

    @Test func `a section of CDATA within HTML loses its marks`() {
        #expect(HTMLReduction.reduce("a <![CDATA[<b>b</b> c]]> d ]]>") == "a <b>b</b> c d ]]&gt;")
        #expect(HTMLReduction.reduce("<![CDATA[a < b]]>") == "a &lt; b")
        #expect(HTMLText.plain("<![CDATA[<p>a</p>") == "a")
    }

    @Test func `white space is kept between words and left out beside blocks`() {
        #expect(HTMLReduction.reduce("  a \n <em> b</em>  c <p> d </p> ") == "a <em> b</em> c<p>d</p>")
    }

    @Test(arguments: [
        ("<div>a</div><div>b</div>", "a<br/>b"), ("<table><tr><td>a<td>b</table>", "a<br/>b"),
        ("<dl><dt>a<dd>b</dl>", "a<br/>b"), ("<p>a<div>b</div>c</p>", "<p>a</p>b<br/>c"),
        ("<h1>a</h1>b<hr>c", "a<br/>b<br/>c"),
        ("<div><b>a</b></div><section><div><i>b</i></div></section>", "<b>a</b><br/><i>b</i>"),
        // Nothing ran together, so nothing changes.
        ("<div>a</div> <div>b</div>\n<div>c</div>", "a b c"), ("<div>a</div> <b><div>b</b>", "a <b>b</b>"),
        ("<div>a<br></div><div>b</div>", "a<br/>b"), ("<div>a</div><p>b</p><div>c</div>", "a<p>b</p>c"),
        ("<div><div></div>a</div><div><i></i></div>", "a<i></i>"), ("a<span>b</span><img src=x>c", "abc"),
    ])
    func `words of two blocks do not run together`(html: String, reduced: String) {
        #expect(HTMLReduction.reduce(html) == reduced)
        #expect(HTMLReduction.reduce(reduced) == reduced, "reduced again it is the same")
    }

    @Test(arguments: [
        "<strong></strong>", "<br>", "<p>&nbsp;</p>", "<img src=x>", "<i>&#8203;</i>", "", "<iframe>a</iframe>",
    ])
    func `what nobody sees is nothing`(html: String) {
        #expect(HTMLReduction.visible(html) == nil)
    }

    @Test(arguments: ["a", "<b>é</b>", "<p>&amp;</p>", "☆", "<i>中</i>"])
    func `a single letter is something`(html: String) {
        #expect(HTMLReduction.visible(html) != nil)
    }

    @Test func `what is escaped stays escaped`() {
        #expect(HTMLReduction.reduce("&lt;script&gt;alert(1)&lt;/script&gt;")
            == "&lt;script&gt;alert(1)&lt;/script&gt;")
    }

    @Test func `nothing is nothing`() {
        #expect(HTMLReduction.reduce("") == "")
        #expect(HTMLReduction.reduce(" <script>x</script> ") == "")
    }
}
