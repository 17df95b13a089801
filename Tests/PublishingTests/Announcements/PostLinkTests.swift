import Testing

@testable import Publishing

struct PostLinkTests {
    @Test(arguments: [
        ("https://example.org/a.b", "https://example.org/a.b"),
        ("https://en.example.org/wiki/Yahoo!", "https://en.example.org/wiki/Yahoo%21"),
        ("https://example.org/Vol.", "https://example.org/Vol%2E"),
        ("https://example.org/wiki/Primer_(film)", "https://example.org/wiki/Primer_(film)"),
        ("https://example.org/wiki/Primer_(film", "https://example.org/wiki/Primer_%28film"),
        ("https://example.org/?q=a'", "https://example.org/?q=a%27"),
        ("https://example.org/a...", "https://example.org/a%2E%2E%2E"),
        ("http://localhost/a.", "http://localhost/a."), ("https://example.org.", "https://example.org."),
    ])
    func `a link is taken whole by the networks, or not at all`(address: String, expected: String) throws {
        let link = try #require(PostLink.text(address))
        #expect(link == expected)
        let found = LinkFinder.links(in: Array(("a " + link + " b").unicodeScalars))
        if address.contains("org/") { #expect(found == [2..<(2 + link.unicodeScalars.count)]) }
    }

    @Test func `an address that holds a password is no link`() {
        #expect(PostLink.text("https://user:pw@example.org/") == nil)
        #expect(PostLink.text("https://user@example.org/") == nil)
        #expect(PostLink.text("https://example.org/@user:pw") == "https://example.org/@user:pw")
    }

    @Test func `what is no address is no link`() {
        #expect(PostLink.text("javascript:alert(1)") == nil)
        #expect(PostLink.text(nil) == nil)
    }
}
