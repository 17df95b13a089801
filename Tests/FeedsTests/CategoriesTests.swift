import Formats
import Testing

@testable import Feeds

@Suite struct CategoriesTests {
    private func categories(_ inside: String) throws(FeedError) -> [Feeds.Category] {
        let text = """
            <rss xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"
             xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
             xmlns:a="http://www.w3.org/2005/Atom"><channel><item><title>T</title>\(inside)</item></channel></rss>
            """
        return try FeedReader.read(Array(text.utf8)).entries[0].categories
    }

    @Test func `RSS states a text and a domain`() throws {
        #expect(
            try categories("<category domain=\" urn:d \"> Sea\n birds </category>")
                == [Category(term: "Sea birds", scheme: "urn:d")])
    }

    @Test func `Atom states a term, a scheme and a label`() throws {
        #expect(
            try categories("<a:category term=\"t\" scheme=\"urn:s\" label=\"L\"/>")
                == [Category(term: "t", scheme: "urn:s", label: "L")])
    }

    @Test func `a label stands in for a term that is missing`() throws {
        #expect(try categories("<a:category term=\"\" label=\"L\"/>").map(\.term) == ["L"])
    }

    @Test func `a category without any word is none`() throws {
        #expect(try categories("<category> </category><category/><dc:subject/>").isEmpty)
    }

    @Test func `subjects and categories stand in the order of the document`() throws {
        #expect(
            try categories("<dc:subject>b</dc:subject><category>a</category>").map(\.term)
                == ["b", "a"])
    }

    @Test func `keywords are a list with commas`() throws {
        #expect(
            try categories("<media:keywords>one, two ,,three</media:keywords>").map(\.term)
                == ["one", "two", "three"])
    }

    @Test func `a category inside another is one as well`() throws {
        let nested = "<itunes:category text=\"Arts\"><itunes:category text=\"Books\"/></itunes:category>"
        #expect(try categories(nested).map(\.term) == ["Arts", "Books"])
    }

    @Test func `the 65th and all later ones are left out`() throws {
        let many = (1...70).map { "<category>c\($0)</category>" }.joined()
        #expect(try categories(many).map(\.term) == (1...64).map { "c\($0)" })
    }
}
