import Formats
import Testing

@testable import Feeds

@Suite struct PageFeedsTests {
    private func feeds(_ page: String, contentType: String? = "text/html; charset=utf-8") -> [String] {
        PageFeeds.addresses(
            in: Array(page.utf8), contentType: contentType, address: "https://ada.example/blog/index.html")
    }

    @Test func `are those of its head, resolved, each once`() {
        let page = """
            <!DOCTYPE html><html><head><title>Ada &amp; Co</title>
            <!-- <link rel="alternate" type="application/rss+xml" href="old.xml"> -->
            <LINK REL="Alternate Home" TYPE="Application/RSS+XML; charset=utf-8" HREF="feed.xml?a=1&amp;b=2">
            <link rel=alternate type=application/atom+xml href=/atom.xml>
            <link rel="alternate" type="application/feed+json" href="//cdn.example/feed.json">
            <link rel="alternate" type="application/rss+xml" href="feed.xml?a=1&b=2">
            <link rel="alternate" hreflang="de" type="text/html" href="/de/">
            <link rel="stylesheet" type="text/css" href="style.css">
            <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
            <link rel="alternate" type="application/rss+xml">
            </head><body><p>Hello<link rel="alternate" type="application/rss+xml" href="body.xml"></body></html>
            """
        #expect(
            feeds(page) == [
                "https://ada.example/blog/feed.xml?a=1&b=2", "https://ada.example/atom.xml",
                "https://cdn.example/feed.json", "https://ada.example/blog/body.xml",
            ])
    }

    @Test func `are relative to the page's own base`() {
        let link = "<link rel=alternate type=application/rss+xml href=rss>"
        #expect(feeds("<head><base href='/site/'>" + link) == ["https://ada.example/site/rss"])
        #expect(feeds("<head><base href='data:,x'>" + link) == ["https://ada.example/blog/rss"])
    }

    @Test func `are none where there is no page`() {
        #expect(feeds("") == [])
        #expect(feeds("{\"link\": 1}") == [])
        #expect(feeds(String(repeating: "<b>", count: 100_000)) == [])
        #expect(feeds(String(repeating: "<link rel='alternate' ", count: 100_000)).isEmpty)
    }
}
