import Testing

@testable import XML

@Suite struct HTMLBoundsTests {
    private func isBeyond(_ html: String) -> Bool { !HTMLEvents.read(Array(html.utf8)) { _ in } }

    /// What libxml2 took seconds for, and for twice as much four times as long.
    @Test(arguments: [
        "attributes", "quoted", "ends", "paragraphs", "open", "blocked", "nested links", "styles",
    ])
    func `of what nobody wrote libxml2 is given the words alone`(kind: String) {
        let html = HTMLBoundsTests.hostile(kind, 2_000)
        #expect(isBeyond(html))
        let words = String(decoding: HTMLBounds.words(of: Array(html.utf8)), as: UTF8.self)
        #expect(words.hasPrefix("word") || kind == "styles")
        #expect(!words.contains("<a") && !words.contains("<i"))
        #expect(HTMLText.plain(html).contains("word"))
        #expect(HTMLReduction.reduce(html).contains("word"))
    }

    static func hostile(_ kind: String, _ count: Int) -> String {
        func many(_ text: String) -> String { String(repeating: text, count: count) }
        switch kind {
        case "attributes": return "<a " + (0..<count).map { "x\($0)" }.joined(separator: " ") + ">word"
        case "quoted": return "<a " + (0..<count).map { "x\($0)='>'" }.joined() + ">word"
        case "ends": return many("<i>") + many("</b>") + "word"
        case "paragraphs": return "<table><td>" + many("<table><td>") + many("</p>") + "word"
        case "open": return many("<i>") + "word"
        case "blocked": return many("<b><div></b>") + many("<p><h1></p>") + "word"
        case "nested links": return many("<i>") + many("<a href='https://example.org/'>") + "word"
        default: return many("<style></styles>") + "</style>word" + many("<i>")
        }
    }

    @Test func `a long body within bounds is read as it stands`() {
        let list = "<ul>" + String(repeating: "<li>a<p>b<br>c<li><b>d</b>", count: 400) + "</ul>"
        #expect(!isBeyond(list))
        let deep = String(repeating: "<blockquote>", count: 200) + "a" + String(repeating: "</div>", count: 300)
        #expect(!isBeyond(deep))
        let page = "<!DOCTYPE html><!-- x --><script></script>" + deep
        #expect(!isBeyond(page))
        let image = "<img src='data:" + String(repeating: "a", count: 5_000) + "' alt='"
            + String(repeating: "word ", count: 500) + "'>"
        #expect(!isBeyond(image))
    }

    @Test func `what was read before bounds were met does not count twice`() {
        let html = "<p>before</p><svg><style>" + String(repeating: "<i>", count: 300) + "</style></svg>"
            + String(repeating: "<i>", count: 300) + "<p>word"
        #expect(isBeyond(html))
        #expect(HTMLText.plain(html) == "before word")
        #expect(HTMLReduction.reduce("<ul><li>" + html).hasPrefix("before<br/>"))
    }

    @Test func `beyond bounds lines are still told apart, and scripts left out`() {
        let html = String(repeating: "<i>", count: 300) + "<p>a</p><p>b<br>1 &#60; 2<script>x</script><div>c"
        #expect(HTMLText.plain(html) == "a b 1 < 2 c")
        #expect(HTMLReduction.reduce(html) == "a<br/>b<br/>1 &lt; 2<br/>c")
    }

    /// A tag that libxml2 sees and we do not could hide any number of attributes.
    @Test func `tags are told apart as libxml2 does`() {
        let pieces = [
            "<a", "<b ", "<I", " x", " y=", "\"", "'", ">", "/>", "</a>", "</", "</b", "<!--", "-->", "--!>", "<!", "<?",
            "<?p", "<!doctype", " system ", "<script>", "</script>", "<style", "</style", "</scripts", "=", " ", "-", "t", "é",
            "/",
        ]
        var state: UInt64 = 20_261_126
        for _ in 0..<20_000 {
            var html = ""
            for _ in 0..<12 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                html += pieces[Int(state >> 33) % pieces.count]
            }
            let bytes = HTMLReferences.numeric(HTMLText.guarded(Array(html.utf8))[...])
            var ours: [String] = []
            let isUnclear = bytes.withUnsafeBufferPointer { buffer in
                var tags = HTMLTags(buffer)
                while let piece = tags.next() {
                    if case .start(let name, _) = piece { ours.append(HTMLTags.name(buffer[name])) }
                }
                return tags.isUnclear
            }
            if isUnclear { continue }
            var theirs: [String] = []
            HTMLEvents.read(HTMLText.guarded(Array(html.utf8))) { event in
                if case .start(let name, _) = event, name != "html", name != "body" { theirs.append(name) }
            }
            #expect(ours == theirs, "\(html)")
            if ours != theirs { return }
        }
    }
}
