import Catalogue
import Formats
import Testing
@testable import Services

/// SERVICES section 8: BookWyrm and NeoDB.
@Suite struct BookWyrmTests {
    private func item(_ title: String, at path: String, link: String = "https://books.example/book/4711/s/x") throws
        -> Recognised
    {
        try Fixture.item(
            """
            <title>\(title)</title><link>\(link)</link><guid>\(link)</guid>\
            <description>ISBN 13: 9780306406157 and more</description>\
            <pubDate>Sat, 07 Nov 2026 12:00:00 GMT</pubDate>
            """, at: "https://books.example/user/kim/" + path)
    }

    @Test(arguments: [
        ("books/read/rss", true, ""), ("shelf/read/rss", true, ""),
        ("books/to-read/rss", false, "on the shelf \"to-read\""),
    ])
    func `the shelf stands in the address`(path: String, finished: Bool, reason: String) throws {
        let found = try item("Ines Aldarin: The Bell: Founders", at: path)
        #expect(found.finished == finished)
        #expect(found.reason == reason)
        #expect(found.finish.creator == "Ines Aldarin")
        #expect(found.finish.title == "The Bell: Founders")
        #expect(found.keys == ["bookwyrm:book:books.example/4711"])
        #expect(found.finish.identifiers == [Identifier("isbn13", "9780306406157")])
        // Its date may be that of another shelf.
        #expect(found.finish.day == nil)
    }

    @Test func `a post counts when it says finished reading`() throws {
        let post = "https://books.example/user/kim/status/9"
        let found = try item("Kim finished reading The Bell", at: "rss", link: post)
        #expect(found.finished == true)
        #expect(found.finish.title == "The Bell")
        #expect(found.finish.day == Day("2026-11-07"))
        let other = try item("Kim started reading The Bell", at: "rss", link: post)
        #expect(other.finished == false && other.reason == "a post that does not say finished")
        let review = try item("Ding, dong", at: "rss-reviews", link: post)
        #expect(review.finished == nil)
        #expect(review.reason == "a review, under a name of its own and not the book's")
    }

    @Test func `NeoDB names the work behind the review, and warns of spoilers`() throws {
        let found = try Fixture.item(
            "<title>Ding - a review of The Bell (may contain spoilers)</title><guid>1</guid>"
                + "<pubDate>Sat, 07 Nov 2026 12:00:00 GMT</pubDate>",
            at: "https://neodb.social/users/kim/feed/reviews/")
        #expect(found.finished == true)
        #expect(found.finish.title == "The Bell")
        #expect(found.finish.spoiler)
    }
}
