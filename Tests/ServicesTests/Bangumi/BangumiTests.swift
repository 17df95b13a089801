import Catalogue
import Formats
import Testing
@testable import Services

/// SERVICES sections 6 and 11.
@Suite struct BangumiTests {
    private func item(
        _ title: String, at address: String = "https://bgm.tv/feed/user/kim/interests"
    ) throws -> Recognised {
        try Fixture.item(
            """
            <title>\(title)</title><link>https://bgm.tv/subject/253</link>\
            <guid>https://bgm.tv/subject/253</guid><pubDate>Sat, 07 Nov 2026 12:00:00 GMT</pubDate>
            """, at: address)
    }

    @Test(arguments: [
        ("看过:Name", true, Kind.tv, ""), ("读过:Name", true, .book, ""), ("玩过:Name", true, .game, ""),
        ("听过:Name", true, .music, ""), ("在看:Name", false, nil, "in progress"),
        ("想读:Name", false, .book, "wants to read"), ("搁置:Name", false, nil, "on hold"),
        ("抛弃:Name", false, nil, "dropped"),
    ])
    func `the verb says what became of it`(
        title: String, finished: Bool, kind: Kind?, reason: String
    ) throws {
        let found = try item(title)
        #expect(found.finished == finished)
        #expect(found.reason == reason)
        #expect(found.finish.title == "Name")
        if finished { #expect(found.finish.kind == kind) }
    }

    @Test func `a full-width colon belongs to the name`() throws {
        #expect(try item("看过:Steins：Gate").finish.title == "Steins：Gate")
    }

    @Test func `the route of RSSHub says by its address what has no verb`() throws {
        let done = try item("Name", at: "https://rsshub.example/bangumi.tv/user/collections/kim/1/2")
        #expect(done.finished == true && done.finish.kind == .book)
        let wished = try item("Name", at: "https://rsshub.example/bangumi.tv/user/collections/kim/1/1")
        #expect(wished.finished == false && wished.reason == "no mark")
    }

    @Test func `a subject comes again at each mark, so only a month makes a repeat`() throws {
        let found = try item("看过:Name")
        #expect(found.keys == ["bangumi:subject:253", "bangumi:subject:253:done"])
        #expect(found.sighting.repeatPolicy == .afterDays(30))
        #expect(found.finish.day == Day("2026-11-07"))
    }

    @Test func `it is told by its subjects`() throws {
        #expect(
            try Fixture.service(of: "<title>看过:N</title><guid>https://bgm.tv/subject/1</guid>") == "bangumi")
    }
}
