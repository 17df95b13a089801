import Formats
import Testing

@testable import Feeds

@Suite struct BaseTests {
    private let base = Base(WebAddress("https://example.org/a/feed?x=1"))

    @Test(arguments: [
        ("b", "https://example.org/a/b"), ("/b", "https://example.org/b"),
        ("?y", "https://example.org/a/feed?y"), ("//other.example/b", "https://other.example/b"),
        (" \n http://example.net/c ", "http://example.net/c"),
        ("https://example.org/one\n two", "https://example.org/one%20two"),
        ("\u{A0}http://example.net/c\u{FEFF}", "http://example.net/c"), ("\u{200B}b\u{200E} ", "https://example.org/a/b"),
    ])
    func `a relative address is resolved, an absolute one stands`(text: String, link: String) {
        #expect(base.link(text) == link)
    }

    /// Every reference of up to five of these parts, as `URL` resolves it.
    @Test(arguments: [
        "https://example.org", "https://example.org/", "http://example.org:8080/a/feed", "https://example.org/a/b/?x=/y", "https://example.org?x",
        "https://example.org/a/../b/c", "https://example.org/a/b/c/d/e/f", "https://example.org/a/.b/c", "https://example.org/a//b", "https://example.org/a%20b/c#d", "http://[::1]/a/b",
        "HTTPS://Example.ORG/A/b", "https://bücher.example/ä/b", "file:///a/b",
    ])
    func `a plain reference is resolved as any other`(address: String) throws {
        let parts = ["a", "/", ".", "..", "../", "~-_9"]
        let base = try #require(WebAddress(address))
        var references = [""]
        for _ in 0..<5 {
            references = references.flatMap { one in parts.map { one + $0 } } + references
            references = Array(Set(references))
        }
        for reference in references where !reference.isEmpty {
            #expect(Base(base).resolve(reference) == WebAddress(reference, relativeTo: base)?.text, "\(reference)")
        }
    }

    @Test(arguments: ["javascript:alert(1)", "mailto:a@example.org", "ftp://example.org/x", "data:,x", " ", ""])
    func `nothing but the web's addresses are links`(text: String) {
        #expect(base.link(text) == nil)
    }

    @Test func `other schemes can be resolved, but are no links`() {
        #expect(base.resolve("ftp://example.org/x") == "ftp://example.org/x")
        #expect(base.link("ftp://example.org/x") == nil)
    }

    @Test func `xml base counts from the one around it`() {
        #expect(base.entering("b/").entering("c/").link("d") == "https://example.org/a/b/c/d")
    }

    @Test func `a base that is no address of the web changes nothing`() {
        #expect(base.entering("javascript:x").link("d") == "https://example.org/a/d")
        #expect(base.entering("").link("d") == "https://example.org/a/d")
    }

    @Test func `a base longer than addresses are changes nothing`() {
        let long = String(repeating: "a", count: 600) + "/"
        #expect(base.entering(long).link("d") == "https://example.org/a/d")
        // Nor may bases grow beyond that inside one another.
        let half = String(repeating: "a", count: 300) + "/"
        #expect(base.entering(half).entering(half).link("d") == base.entering(half).link("d"))
    }

    @Test func `links under a long base do not make a body grow without end`() throws {
        let long = base.entering(String(repeating: "a", count: 450) + "/")
        let html = Array(String(repeating: "<a href=x>", count: 10_000).utf8)
        let resolved = HTMLAddresses.resolved(html[...], base: long)
        #expect(resolved.count < 10 * html.count)
        #expect(HTMLAddresses.resolved(html[...], base: base).count == html.count + 10_000 * 22)
    }

    @Test func `without a base a relative address stays as it is stated`() {
        #expect(Base(nil).link("a/b") == "a/b")
    }

    @Test func `no white space stands around an id`() throws {
        let text = "<rss><item><guid>\u{A0} http://a.example/\u{A0}b\u{FEFF}\n</guid></item><item><guid>\u{A0}</guid></item></rss>"
        let feed = try FeedReader.read(Array(text.utf8))
        #expect(feed.entries.map(\.id) == ["http://a.example/\u{A0}b", nil])
    }

    @Test func `an id is never resolved`() throws {
        let text = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a/b</id><title>T</title></entry></feed>"
        let feed = try FeedReader.read(Array(text.utf8), address: "https://example.org/")
        #expect(feed.entries[0].id == "a/b")
    }
}
