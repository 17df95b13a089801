import Catalogue
import Formats
import Testing
@testable import Services

/// SERVICES section 6.
@Suite struct MyAnimeListTests {
    private func item(_ title: String, _ body: String, list: String = "anime") throws -> Recognised {
        try Fixture.item(
            """
            <title>\(title)</title><link>https://myanimelist.net/\(list)/5114/Name</link>\
            <guid>https://myanimelist.net/\(list)/5114/Name</guid><description>\(body)</description>\
            <pubDate>Sat, 07 Nov 2026 21:03:00 +0900</pubDate>
            """, at: "https://myanimelist.net/rss.php?type=rw&u=kim")
    }

    @Test(arguments: [
        ("Completed - 64 of 64 episodes", true, ""), ("Watching - 3 of 12 episodes", false, "watching"),
        ("Plan to Watch - 0 of ? episodes", false, "plan to watch"), ("On-Hold - 3 of 12", false, "on-hold"),
        ("Dropped - 1 of 12 episodes", false, "dropped"), ("", false, "without a status"),
    ])
    func `only what is completed is finished`(body: String, finished: Bool, reason: String) throws {
        let found = try item("Name - TV", body)
        #expect(found.finished == finished)
        #expect(found.reason == reason)
    }

    @Test(arguments: [
        ("Name - TV", "anime", Kind.tv, "Name"), ("Name - Movie", "anime", .movie, "Name"),
        ("A - B - ONA", "anime", .tv, "A - B"), ("Name - Music", "anime", .music, "Name"),
        ("Name - Manga", "manga", .book, "Name"),
    ])
    func `the type stands behind the last dash`(
        title: String, list: String, kind: Kind, name: String
    ) throws {
        let finish = try item(title, "Completed - 1 of 1 episodes", list: list).finish
        #expect(finish.kind == kind)
        #expect(finish.title == name)
        #expect(finish.identifiers == [Identifier("mal", "5114")])
    }

    @Test func `a title comes again under its page, so only a month makes a repeat`() throws {
        let found = try item("Name - TV", "Completed - 64 of 64 episodes")
        #expect(found.keys == ["mal:anime:5114", "mal:anime:5114:completed"])
        #expect(found.sighting.repeatPolicy == .afterDays(30))
        #expect(found.finish.day == Day("2026-11-07"))
    }

    @Test func `it is told by its pages`() throws {
        #expect(
            try Fixture.service(of: "<title>N - TV</title><guid>https://myanimelist.net/anime/1/N</guid>")
                == "myanimelist")
    }
}
