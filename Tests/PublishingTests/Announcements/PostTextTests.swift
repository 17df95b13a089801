import Testing

@testable import Publishing

@Suite struct PostTextTests {
    @Test func `a post of Mastodon reads as it was sent`() {
        let html = "<p>Finished Tom &amp; Jerry ★★★½<br />by &quot;A&quot; &#39;B&#39; <a href=\"https://example.org/a-very-long\">"
            + "<span class=\"invisible\">https://</span><span class=\"ellipsis\">example.org/a-ve</span>"
            + "<span class=\"invisible\">ry-long</span></a></p><p>Two</p>"
        #expect(PostText.normal(PostText.plain(html))
            == "Finished Tom & Jerry ★★★½ by \"A\" 'B' https://example.org/a-very-long Two")
    }

    @Test(arguments: [
        (" a \n\t b ", "a b"), ("ASP.\u{2060}NET", "ASP.NET"), ("Cafe\u{301}", "Caf\u{E9}"), ("", ""),
    ])
    func `one form for all`(text: String, normal: String) {
        #expect(Array(PostText.normal(text).utf8) == Array(normal.utf8))
    }

    @Test(arguments: [("a & b &; &nope; &#x41;&#66;", "a & b &; &nope; AB"), ("&", "&"), ("&#xD800;", "&#xD800;")])
    func `what is no reference stays`(text: String, plain: String) {
        #expect(PostText.unescaped(text) == plain)
    }

    @Test(arguments: [
        ("Finished “Dune” – again…", "Finished \"Dune\" - again...", true), ("Dune @ada@social.example", "Dune @ada", true),
        ("Finished +", "Finished \u{D7}", false), ("Finished Dune ★★★", "finished dune?! ★", false),
        ("Finished 7", "Finished 8", false), ("❤\u{FE0F}", "❤", true),
    ])
    func `what a server may have made of a text is the same, and nothing else is`(
        sent: String, shown: String, isSame: Bool
    ) {
        #expect((PostText.core(sent) == PostText.core(shown)) == isSame)
    }

    @Test func `links are marked, whatever they are`() {
        #expect(PostText.withoutLinks("Finished https://example.org/b today") == "Finished \u{FFFC} today")
    }
}
