import Testing

@testable import Publishing

@Suite struct RichTextTests {
    @Test func `links and tags are told by their bytes`() {
        let post = RichText("Finished “Dune” by Frank Herbert 📚 https://example.org/dune #books")
        #expect(post.facets == [
            RichText.Facet(range: 42..<66, feature: .link("https://example.org/dune")),
            RichText.Facet(range: 67..<73, feature: .tag("books")),
        ])
    }

    @Test func `a title with a dot is no link, a number no tag, and C# none`() {
        let post = RichText("Finished ASP.NET in C# and #1")
        #expect(post.text == "Finished ASP.NET in C# and #1")
        #expect(post.facets.isEmpty)
    }

    @Test func `a tag may stand anywhere between spaces`() {
        let post = RichText("#Alive again")
        #expect(post.facets == [RichText.Facet(range: 0..<6, feature: .tag("Alive"))])
    }

    @Test func `where the whole would be too long, links are shown short and meant whole`() {
        let link = "https://example.org/b/" + String(repeating: "a", count: 200)
        let post = RichText(String(repeating: "x", count: 250) + " " + link)
        #expect(post.text.count == 250 + 1 + 23)
        #expect(post.text.hasSuffix(" example.org/b/aaaaaaaa…"))
        #expect(post.facets == [RichText.Facet(range: 251..<(251 + 25), feature: .link(link))])
    }

    @Test func `what fits is left as it is`() {
        let text = "Finished Dune https://books.example/" + String(repeating: "a", count: 100)
        #expect(RichText(text).text == text)
    }
}
