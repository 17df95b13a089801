import Catalogue
import Formats
import Testing
@testable import Services

/// SERVICES section 6.
@Suite struct BackloggdTests {
    private func item(_ title: String, _ more: String = "") throws -> Recognised {
        try Fixture.item(
            """
            <title>\(title)</title><link>https://backloggd.com/u/kim/review/77/</link>\
            <guid>backloggd-review-77</guid><pubDate>Sat, 07 Nov 2026 12:00:00 GMT</pubDate>\(more)
            """, at: "https://backloggd.com/u/kim/reviews/rss/")
    }

    @Test func `a review is a finished game`() throws {
        let found = try item("Fen (2019) - ★★★★")
        #expect(found.finished == true)
        #expect(found.keys == ["backloggd:review:77"])
        #expect(found.sighting.repeatPolicy == .never)
        #expect(found.finish.kind == .game)
        #expect(found.finish.title == "Fen" && found.finish.year == 2019)
        #expect(found.finish.day == Day("2026-11-07"))
    }

    @Test(arguments: [
        ("Fen (2019) - ★★★★", "", 400, 500),
        ("Fen (2019) - ★★★★", "<backloggd:user_rating>9</backloggd:user_rating>", 900, 1000),
        ("Fen (2019)", "<backloggd:user_rating>7</backloggd:user_rating>", 700, 1000),
    ])
    func `its own element rates, else the stars`(
        title: String, more: String, value: Int, best: Int
    ) throws {
        #expect(try item(title, more).finish.rating == Rating(value: value, best: best))
    }

    @Test func `zero is no rating, and a dash may belong to the name`() throws {
        let found = try item("Ico - Redux (2001)", "<backloggd:user_rating>0</backloggd:user_rating>")
        #expect(found.finish.rating == nil)
        #expect(found.finish.title == "Ico - Redux" && found.finish.year == 2001)
    }

    @Test func `it is told by its guids`() throws {
        #expect(try Fixture.service(of: "<title>Fen</title><guid>backloggd-review-1</guid>") == "backloggd")
    }
}
