import Catalogue
import Formats
import Testing
@testable import Services

/// SERVICES section 6.
@Suite struct TraktTests {
    private func item(_ id: String, _ title: String, count: String = "") throws -> Recognised {
        try Fixture.item(
            """
            <title>\(title)</title><link>https://trakt.tv/x</link><guid isPermaLink="false">\(id)</guid>\
            <pubDate>Sat, 07 Nov 2026 23:30:00 GMT</pubDate>
            """, at: "https://trakt.tv/users/kim/history.atom"
        ) { if !count.isEmpty { $0.count = count } }
    }

    @Test func `the play of a film is a finish, and every play another`() throws {
        let found = try item("tag:trakt.tv,2005:Movie/11/534449", "Fen (2019)")
        #expect(found.finished == true)
        #expect(found.keys == ["trakt:play:534449"])
        #expect(found.sighting.repeatPolicy == .never)
        #expect(found.finish.kind == .movie)
        #expect(found.finish.title == "Fen" && found.finish.year == 2019)
        #expect(found.finish.identifiers == [Identifier("traktMovie", "11")])
        #expect(found.finish.day == Day("2026-11-07"))
        #expect(found.finish.instant == Instant(rfc3339: "2026-11-07T23:30:00Z"))
    }

    @Test func `an episode counts only where it is wanted`() throws {
        let (id, title) = ("tag:trakt.tv,2005:Episode/12/534450", "Harbour Nine 1x05 &quot;Fog&quot;")
        let passed = try item(id, title)
        #expect(passed.finished == false)
        #expect(passed.reason == "a single episode; count = \"episode\" takes it")
        let taken = try item(id, title, count: "episode")
        #expect(taken.finished == true)
        #expect(taken.finish.kind == .tv)
        #expect(taken.finish.title == "Harbour Nine")
        #expect(taken.finish.season == 1 && taken.finish.episode == 5)
    }

    @Test(arguments: [
        ("tag:trakt.tv,2005:Show/12/5", "a play of a show"), ("https://trakt.tv/other", "no play"),
    ])
    func `what is neither is told`(id: String, reason: String) throws {
        let found = try item(id, "X")
        #expect(found.finished == false)
        #expect(found.reason == reason)
    }

    @Test func `it is told by its ids`() throws {
        #expect(
            try Fixture.service(of: "<title>F</title><guid>tag:trakt.tv,2005:Movie/1/2</guid>") == "trakt")
    }
}
