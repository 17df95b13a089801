import Catalogue
import Formats
import HTTP
import Testing

@testable import Operations

/// What a run makes of its pages (PRODUCT section 7): no more than what its news changed.
@Suite struct PublishTests {
    private static func films(_ days: [String]) -> String {
        let items = days.enumerated().map { index, day in
            """
            <item><title>Film \(index)</title><guid isPermaLink="false">letterboxd-watch-\(index + 1)</guid>\
            <letterboxd:watchedDate>\(day)</letterboxd:watchedDate>\
            <letterboxd:filmTitle>Film \(index)</letterboxd:filmTitle></item>
            """
        }
        return "<rss version=\"2.0\" xmlns:letterboxd=\"https://letterboxd.com\"><channel><title>L</title>"
            + items.reversed().joined() + "</channel></rss>"
    }

    private final class Life {
        var days = ["2024-05-01", "2025-05-01", "2025-11-02"]
        lazy var store: PlayedStore? = try? PlayedStore(
            """
            [[feed]]
            name = "films"
            url = "https://feeds.example.org/rss/"
            service = "letterboxd"
            """
        ) { [unowned self] in .played($0, 200, body: PublishTests.films(self.days)) }
    }

    /// A page that is made is compared with what stands there, or written anew: its file is opened.
    private func made(_ store: PlayedStore) -> [String] {
        store.disk.opened.filter { $0.hasPrefix("/store/public/") }
            .map { String($0.dropFirst("/store/public/".count).replacing(".tmp-", with: "")) }
    }

    @Test func `a run makes only the year's page to which its news belongs`() throws {
        let life = Life()
        let store = try #require(life.store)
        try store.run(at: .start)
        life.days.append("2024-06-01")
        store.disk.forgetOpened()
        let report = try store.run(at: .after(hours: 2))
        #expect(report.changed.contains("2024.json") && !report.changed.contains("2025.json"))
        #expect(made(store).contains("2024.json") && !made(store).contains("2025.json"))

        // One that somebody wrote into since is looked at, and made again.
        let page = store.disk.text("/store/public/2025.json")
        store.disk.change("/store/public/2025.json") { $0[$0.count - 2] = UInt8(ascii: "x") }
        #expect(try store.run(at: .after(hours: 4)).changed == ["2025.json"])
        #expect(store.disk.text("/store/public/2025.json") == page)
    }

    @Test func `a run that changed nothing makes nothing`() throws {
        let life = Life()
        let store = try #require(life.store)
        try store.run(at: .start)
        for hour in 1..<50 {
            store.disk.forgetOpened()
            #expect(try store.run(at: .after(hours: hour)).changed == [])
            #expect(made(store) == [])
        }
    }

    @Test func `another program makes every page`() throws {
        let life = Life()
        let store = try #require(life.store)
        try store.run(at: .start)
        var polls = store.polls
        polls.published.program = "another"
        try polls.write(store.disk, store.folder.polls)
        store.disk.forgetOpened()
        #expect(try store.run(at: .after(hours: 2)).changed == [])
        for name in ["2024.json", "2024.atom", "2025.json", "feed.json"] { #expect(made(store).contains(name)) }
    }

    @Test func `what polls.json keeps of pages comes back`() throws {
        let life = Life()
        let store = try #require(life.store)
        try store.run(at: .start)
        let published = store.polls.published
        #expect(published.files.filter { $0.stamp != nil }.map(\.name).sorted() == ["2024.atom", "2024.json", "2025.atom", "2025.json"])
        #expect(Publication(json: published.json) == published)
    }
}
