import Catalogue
import Formats
import Testing
@testable import Services

/// SERVICES section 7.
@Suite struct DoubanTests {
    private func item(_ title: String, _ body: String = "") throws -> Recognised {
        try Fixture.item(
            """
            <title>\(title)</title><link>https://movie.douban.com/subject/1291546/</link>\
            <guid>https://www.douban.com/people/kim/interests/4001</guid>\
            <description><![CDATA[\(body)]]></description>\
            <pubDate>Sat, 07 Nov 2026 12:00:00 GMT</pubDate>
            """, at: "https://www.douban.com/feed/people/kim/interests")
    }

    @Test(arguments: [
        ("看过Name", true, nil, ""), ("读过Name", true, Kind.book, ""), ("听过Name", true, .music, ""),
        ("玩过Name", true, .game, ""), ("想看Name", false, nil, "wants to watch"),
        ("在读Name", false, .book, "in progress"), ("最近在玩Name", false, .game, "in progress"),
        ("Name", false, nil, "no mark"),
    ])
    func `the verb stands before the name with nothing between`(
        title: String, finished: Bool, kind: Kind?, reason: String
    ) throws {
        let found = try item(title)
        #expect(found.finished == finished)
        #expect(found.reason == reason)
        #expect(found.finish.title == "Name")
        #expect(found.finish.kind == kind)
    }

    @Test func `only one verb is taken off`() throws {
        #expect(try item("看过想看").finish.title == "想看")
    }

    @Test(arguments: [("很差", 100), ("较差", 200), ("还行", 300), ("推荐", 400), ("力荐", 500)])
    func `the recommendation is a rating of five`(words: String, value: Int) throws {
        let finish = try item("看过Name", "<table><p>推荐: \(words)</p><p>备注: 很好</p></table>").finish
        #expect(finish.rating == Rating(value: value, best: 500))
        #expect(finish.review == "很好")
    }

    @Test func `a mark keeps its number when a wish becomes a finish`() throws {
        #expect(try item("想看Name").keys == ["douban:mark:4001"])
        let found = try item("看过Name")
        #expect(found.keys == ["douban:mark:4001"])
        #expect(found.sighting.repeatPolicy == .never)
        #expect(found.finish.identifiers == [Identifier("doubanSubject", "1291546")])
        #expect(found.finish.day == Day("2026-11-07"))
    }
}
