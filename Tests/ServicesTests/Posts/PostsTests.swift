import Catalogue
import Formats
import Testing
@testable import Services

/// SERVICES sections 8 and 9: Mastodon, Bluesky, Micro.blog and RateYourMusic.
@Suite struct PostsTests {
    private func post(
        _ html: String, at address: String = "https://social.example/@kim.rss",
        setting: (inout Configuration.Feed) -> Void = { _ in }
    ) throws -> Recognised {
        try Fixture.item(
            "<link>https://social.example/@kim/1</link><guid>https://social.example/@kim/1</guid>"
                + "<description><![CDATA[\(html)]]></description><pubDate>Sat, 07 Nov 2026 12:00:00 GMT</pubDate>",
            at: address, setting: setting)
    }

    @Test(arguments: [
        ("<p>Finished reading: The Bell by Ines Aldarin #books</p>", true, "The Bell"),
        ("<p>Finished watching “Kestrel”</p>", true, "Kestrel"),
        ("<p>Currently reading: The Bell</p>", false, "The Bell"),
        ("<p>What a day</p>", false, "What a day"),
    ])
    func `a post counts when it begins as people begin`(html: String, finished: Bool, title: String) throws {
        let found = try post(html)
        #expect(found.finished == finished)
        #expect(found.finish.title == title)
    }

    @Test func `following a tag says that what is in it counts`() throws {
        #expect(try post("<p>The Bell</p>", at: "https://social.example/@kim/tagged/finished.rss").finished == true)
    }

    @Test func `rules of the feed beat the wording`() throws {
        let rules: (inout Configuration.Feed) -> Void = { $0.finished.titlePrefix = ["Done: "] }
        #expect(try post("<p>Done: The Bell</p>", setting: rules).finish.title == "The Bell")
        let found = try post("<p>Finished reading: The Bell</p>", setting: rules)
        #expect(found.finished == false && found.reason == "no rule of [feed.finished] holds")
    }

    @Test func `Micro dot blog links the book by its number`() throws {
        let found = try post(
            "<p>Finished reading: <a href=\"https://micro.blog/books/9780306406157\">The Bell</a> by Ines Aldarin 📚</p>",
            at: "https://kim.micro.blog/feed.xml")
        #expect(found.finished == true)
        #expect(found.finish.title == "The Bell" && found.finish.creator == "Ines Aldarin")
        #expect(found.finish.identifiers == [Identifier("isbn", "9780306406157")])
    }

    @Test func `a rating at RateYourMusic is an album that was heard`() throws {
        let found = try Fixture.item(
            "<title>Rated Says by Nils 4.5 stars</title><guid>1</guid>", at: "https://rateyourmusic.com/~kim/data/rss")
        #expect(found.finished == true && found.finish.kind == .music)
        #expect(found.finish.title == "Says" && found.finish.creator == "Nils")
        #expect(found.finish.rating == Rating(value: 450, best: 500))
        let other = try Fixture.item(
            "<title>Wished for Says</title><guid>1</guid>", at: "https://rateyourmusic.com/~kim/data/rss")
        #expect(other.finished == false && other.reason == "not a rating")
    }
}
