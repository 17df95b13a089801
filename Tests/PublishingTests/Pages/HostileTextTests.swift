import Catalogue
import Formats
import Testing

@testable import Publishing

/// Every text of a feed is a stranger's. Here each of them attacks.
struct HostileTextTests {
    static let attack =
        "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>]]>&amp;\u{0}\u{202E}"
        + "{{title}}{%raw%}{#<!--\u{2028}"

    static var state: State { state(titleTail: "") }

    private static func state(titleTail: String) -> State {
        var sample = SampleState {
            $0.site.title = attack
            $0.site.authorName = attack
            $0.site.authorURL = "javascript:alert(3)"
            $0.site.homePageURL = "https://example.org/\"><script>"
            $0.site.language = "en\"><script>"
            $0.publish.jsonLD = true
            $0.publish.covers = .link
        }
        sample.finish(
            "letterboxd:viewing:" + attack,
            Finish(
                kind: .book, title: attack + titleTail,
                creator: attack, day: Day("2026-11-20"), review: attack + "<p onclick=x>Hi<svg/onload=x>",
                cover: "data:image/svg+xml,<svg onload=alert(4)>", url: "javascript:alert(5)",
                identifiers: [Identifier(attack, attack)]))
        sample.finish(
            "letterboxd:viewing:2",
            Finish(
                title: " ", review: "<a href=\"java&#115;cript:alert(6)\">a</a>",
                cover: "https://img.example/\"onerror=\"alert(7)", url: " https://ok.example/\"><b>"))
        return sample.state
    }

    @Test func `no markup of a stranger reaches a page`() throws {
        for file in try Pages.render(HostileTextTests.state) where file.name.hasSuffix(".html") {
            let html = String(decoding: file.bytes, as: UTF8.self)
            for danger in ["<script>", "<img src=x", "<svg/", "javascript:alert(3", "href=\"java"] {
                #expect(!html.contains(danger), "\(file.name): \(danger)")
            }
            #expect(!html.contains("\u{0}"))
            let scripts = html.split(separator: "<script").count - 1
            #expect(scripts == html.split(separator: "</script>").count - 1)
        }
    }

    @Test func `no site generator takes a title for its own template`() throws {
        let file = try #require(
            try Pages.render(HostileTextTests.state).first { $0.name == "widget.html" })
        let html = String(decoding: file.bytes, as: UTF8.self)
        #expect(html.contains("&#123;{title}}"))
        #expect(html.contains("\\u007b{title}}"))
        for sign in ["{{", "{%", "{#"] { #expect(!html.contains(sign)) }
    }

    @Test func `no site generator takes a title for Markdown`() throws {
        var sample = SampleState { $0.publish.itemTemplate = "<li>\n\n{{title}}\n \t\r\n{{{review}}}</li>\n\n" }
        sample.finish("a:b:c", Finish(title: "![T](https://evil.example/)", review: "One\n\n![r](https://evil.example/)"))
        let file = try #require(try Pages.render(sample.state).first { $0.name == "widget.html" })
        let html = String(decoding: file.bytes, as: UTF8.self)
        #expect(html.contains("<li>\n![T](https://evil.example/)\nOne\n![r](https://evil.example/)</li>\n</ul>\n"))
    }

    @Test func `a million letters are a title`() throws {
        let state = HostileTextTests.state(titleTail: String(repeating: "A", count: 1_000_000))
        #expect(try Pages.render(state).count > 6)
        #expect(throws: Never.self) { try PendingTweets.render(state) }
    }

    @Test func `the pages are those that validators were shown`() throws {
        for file in try Pages.render(HostileTextTests.state) {
            #expect(file.bytes == Fixture.golden("hostile/" + file.name, file.bytes), "\(file.name)")
        }
    }

    @Test func `the feeds stay readable`() throws {
        let files = try Pages.render(HostileTextTests.state)
        let json = try #require(files.first { $0.name == "feed.json" })
        let items = try #require(try JSONReader.read(json.bytes)["items"]?.arrayValue)
        #expect(items.count == 2)
        for item in items { #expect(item["url"] == nil && item["id"]?.stringValue != nil) }
        let atom = try #require(files.first { $0.name == "feed.atom" })
        let xml = String(decoding: atom.bytes, as: UTF8.self)
        #expect(!xml.contains("]]>") && !xml.contains("<script") && !xml.contains("\u{0}"))
    }

    @Test(arguments: [
        ("<p>A <em>b</em></p>", "<p>A <em>b</em></p>"),
        ("<p>A<p>B", "<p>A</p><p>B</p>"),
        ("</div></section>text", "text"),
        ("<b>x</i>", "<b>x</b>"),
        ("<SCRIPT>alert(1)</SCRIPT>after", "after"),
        ("<script>never ends", ""),
        ("<p onclick=\"x\" class=h-card>t</p>", "<p>t</p>"),
        (
            "<a href='https://a.example/?a=1&amp;b=2' target=_top>l</a>",
            "<a href=\"https://a.example/?a=1&amp;b=2\" rel=\"nofollow ugc\">l</a>"
        ),
        ("<a href=javascript:alert(1)>l</a>", "l"),
        ("<a>l</a>", "l"),
        ("x<a href=https://a.example/> <em>&nbsp;</em></a>y", "x <em>&nbsp;</em>y"),
        ("<p>x<a href=https://a.example/>", "<p>x</p>"),
        ("<a href=https://a.example/><em>l</em>", "<a href=\"https://a.example/\" rel=\"nofollow ugc\"><em>l</em></a>"),
        ("1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("&amp; &lt; &#233; &#xe9; &eacute; &#0;", "&amp; &lt; é é &amp;eacute;"),
        ("<!-- a --> b", " b"),
        ("<ul>x<li>a<li>b</ul>", "<ul><li>x</li><li>a</li><li>b</li></ul>"),
        ("<li>a", "a"),
        ("<p><blockquote>q", "<p></p><blockquote>q</blockquote>"),
        ("<em><p>x</p></em>", "<em></em><p>x</p>"),
        ("<a href=\"https://a.example/", "&lt;a href=&quot;https://a.example/"),
        ("a<br/>b", "a<br>b"),
    ])
    func `a review keeps its text and a short list of elements`(html: String, expected: String) {
        #expect(String(decoding: ReviewHTML.reduced(Array(html.utf8)), as: UTF8.self) == expected)
    }

    @Test(arguments: [
        ("https://a.example/x?y#z", "https://a.example/x?y#z"), ("https://a.example/@me", "https://a.example/@me"),
        ("https://a.example?b@c", "https://a.example?b@c"), ("http://[::1]:80/", "http://[::1]:80/"),
        (" HTTPS://a.example/ä", "https://a.example/%C3%A4"), ("javascript:alert(1)", nil), ("//a.example/", nil),
        ("data:text/html,x", nil), ("", nil), ("https://", nil), ("/x", nil),
        ("https://me:secret@a.example/", nil), ("https://me@a.example", nil), ("https://a.example@evil.example/ä", nil),
        ("https://@a.example/", nil), ("https://a.example\\@evil.example/", nil),
    ] as [(String, String?)])
    func `only web addresses without a password become links`(text: String, expected: String?) {
        #expect(Link.web(text) == expected)
    }

    @Test func `no page tells a password`() throws {
        let address = "https://me:secret@a.example/"
        var sample = SampleState {
            $0.publish.covers = .link
            ($0.site.homePageURL, $0.site.feedURL, $0.site.authorURL) = (address, address, address)
            $0.site.authorAvatar = address
        }
        sample.finish(
            "a:b:c",
            Finish(title: "T", review: "<a href=\"\(address)\">r</a>", cover: address, url: address))
        for file in try Pages.render(sample.state) {
            #expect(!String(decoding: file.bytes, as: UTF8.self).contains("secret"), "\(file.name)")
        }
    }
}
