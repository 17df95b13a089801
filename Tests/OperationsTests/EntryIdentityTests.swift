import Catalogue
import Formats
import HTTP
import Testing

@testable import Operations

/// Whole lives of a feed that no service names: how many finishes it has given after each poll. PRODUCT section 6,
/// "One finishing, one finish"; R9 of the feed reader.
@Suite struct EntryIdentityTests {
    struct Life: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let polls: [[Item]]
        let finishes: [Int]

        init(_ name: String, _ finishes: [Int], _ polls: [Item]...) {
            testDescription = name
            self.polls = polls
            self.finishes = finishes
        }
    }

    /// An RSS item; what is empty is not there.
    struct Item: Sendable {
        let text: String

        init(_ title: String = "", id: String = "", link: String = "", on day: String = "", body: String = "") {
            func element(_ name: String, _ value: String) -> String { value.isEmpty ? "" : "<\(name)>\(value)</\(name)>" }
            let guid = id.isEmpty ? "" : "<guid isPermaLink='false'>\(id)</guid>"
            let address = link.isEmpty ? "" : "http" + (link.hasPrefix("s:") ? "" : ":") + link
            text = "<item>" + element("title", title) + guid + element("link", address)
                + element("pubDate", day.isEmpty ? "" : day + "T08:00:00Z") + element("description", body) + "</item>"
        }
    }

    static let lives = [
        Life("the same entry twice in one document", [1, 2],
            [Item("A", id: "1", link: "//b.example/a", on: "2025-05-01"), Item("A", id: "1", link: "//b.example/a", on: "2025-05-01")],
            [Item("B", id: "2", link: "//b.example/b", on: "2025-05-02"), Item("A", id: "1", link: "//b.example/a", on: "2025-05-01"),
                Item("B", id: "2", link: "//b.example/b", on: "2025-05-02")]),
        Life("entries with nothing in them", [0], [Item(), Item()]),
        Life("titles with nothing else", [1], [Item("A"), Item("A")]),
        Life("a book that is read again under its one link", [1, 2],
            [Item("Dune", id: "1", link: "//b.example/5", on: "2025-01-01")],
            [Item("Dune", id: "2", link: "//b.example/5", on: "2025-05-20")]),
        Life("the home page is every entry's link", [1, 2, 3],
            [Item("Dune", id: "1", link: "//b.example/", on: "2025-05-01")],
            [Item("Emma", id: "2", link: "//b.example/", on: "2025-05-02")],
            [Item("Kim", id: "3", link: "//b.example/", on: "2025-05-03")]),
        Life("the same without guids", [1, 2, 3],
            [Item("Dune", link: "//b.example/", on: "2025-05-01")], [Item("Emma", link: "//b.example/", on: "2025-05-02")],
            [Item("Kim", link: "//b.example/", on: "2025-05-03")]),
        Life("one guid for all, one entry at a time", [1, 2, 3],
            [Item("Dune", id: "x", link: "//b.example/1", on: "2025-05-01")],
            [Item("Emma", id: "x", link: "//b.example/2", on: "2025-05-02")],
            [Item("Kim", id: "x", link: "//b.example/3", on: "2025-05-03")]),
        Life("two entries that change their links", [2, 2],
            [Item("Dune", id: "1", link: "//b.example/x", on: "2025-05-01"), Item("Emma", id: "2", link: "//b.example/y", on: "2025-05-02")],
            [Item("Dune", id: "1", link: "//b.example/y", on: "2025-05-01"), Item("Emma", id: "2", link: "//b.example/x", on: "2025-05-02")]),
        Life("a link that an edit has left free", [1, 2],
            [Item("Dune", id: "1", link: "//b.example/new", on: "2025-05-01")],
            [Item("Dune", id: "1", link: "//b.example/dune", on: "2025-05-01"), Item("Emma", id: "2", link: "//b.example/new", on: "2025-05-05")]),
        Life("other guids altogether", [2, 2],
            [Item("Dune", id: "1", link: "//b.example/x", on: "2025-05-01"), Item("Emma", id: "2", link: "//b.example/y", on: "2025-05-02")],
            [Item("Dune", id: "n1", link: "//b.example/x", on: "2025-05-01"), Item("Emma", id: "n2", link: "//b.example/y", on: "2025-05-02")]),
        Life("a guid and a date that are made at each poll", [1, 1, 1],
            [Item("Dune", id: "1", link: "//b.example/x", on: "2025-05-01")], [Item("Dune", id: "2", link: "//b.example/x", on: "2025-05-02")],
            [Item("Dune", id: "3", link: "//b.example/x", on: "2025-05-03")]),
        Life("an entry that is edited, and moves", [1, 1, 1],
            [Item("Dune", id: "1", link: "//b.example/x", on: "2025-05-01")], [Item("Wüste", id: "1", link: "//b.example/x", on: "2025-05-01")],
            [Item("Wüste", id: "1", link: "//b.example/y", on: "2025-05-09")]),
        Life("guids are added, with the date of the day", [2, 2],
            [Item("Dune", on: "2025-05-01", body: "one"), Item("Emma", on: "2025-05-01", body: "two")],
            [Item("Dune", id: "1", on: "2025-05-02", body: "one"), Item("Emma", id: "2", on: "2025-05-02", body: "two")]),
        Life("http turns into https, and tracking changes", [1, 1, 1],
            [Item("Dune", link: "//b.example/x#utm_source=a")], [Item("Dune", link: "s://b.example/x#utm_source=a")],
            [Item("Dune", link: "s://b.example/x?UTM_source=b")]),
    ]

    @Test(arguments: lives) func `each finishing is one finish`(life: Life) throws {
        var body = ""
        let store = try PlayedStore(PollingFailureTests.one) { .played($0, 200, body: body) }
        var finishes: [Int] = []
        for (day, items) in life.polls.enumerated() {
            body = "<rss version='2.0'><channel><title>T</title>" + items.map(\.text).joined() + "</channel></rss>"
            try store.run(at: .after(hours: day * 24))
            finishes.append(store.events("finished").count - store.events("merged").count)
        }
        #expect(finishes == life.finishes)
    }
}
