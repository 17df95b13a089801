import Catalogue
import Formats
import Testing
@testable import Services

/// SERVICES section 8.
@Suite struct LastFMTests {
    private func item(_ title: String, count: String = "") throws -> Recognised {
        try Fixture.item(
            """
            <title>\(title)</title><link>https://www.last.fm/music/A/_/B</link>\
            <guid>http://www.last.fm/user/kim#1762516800</guid>\
            <pubDate>Sat, 07 Nov 2026 12:00:00 GMT</pubDate>
            """, at: "https://lfm.xiffy.nl/kim"
        ) { if !count.isEmpty { $0.count = count } }
    }

    @Test func `a play is no finished album, unless tracks are wanted`() throws {
        let passed = try item("Nils – Says")
        #expect(passed.finished == false)
        #expect(passed.reason == "a single track; count = \"track\" takes it")
        let taken = try item("Nils – Says", count: "track")
        #expect(taken.finished == true)
        #expect(taken.finish.kind == .music)
        #expect(taken.finish.day == Day("2026-11-07"))
    }

    @Test(arguments: [
        ("Nils – Says", "Nils", "Says"), ("Nils - Says", "Nils", "Says"), ("A - B – C - D", "A - B", "C - D"),
        ("Says", nil, "Says"),
    ])
    func `the artist stands before the dash`(title: String, artist: String?, track: String) throws {
        let finish = try item(title, count: "track").finish
        #expect(finish.creator == artist)
        #expect(finish.title == track)
    }

    @Test func `a play is known by its moment, and told by its guid`() throws {
        #expect(try item("Nils – Says").keys == ["lastfm:play:kim#1762516800"])
        #expect(
            try Fixture.service(of: "<title>A – B</title><guid>http://www.last.fm/user/kim#1</guid>") == "lastfm")
    }
}
