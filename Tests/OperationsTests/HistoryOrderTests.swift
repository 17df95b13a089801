import Catalogue
import Formats
import Foundation
import HTTP
import Testing

@testable import Operations

/// PRODUCT section 6, "One finishing, one finish": whatever order polls and backfills of the same entries
/// come in, and however often, they give the same set of finishes, told by all their keys.
///
/// `COLOPHON_ORDERS=FIRST-LAST` asks for other seeds; a seed is enough to repeat an order.
@Suite struct HistoryOrderTests {
    private static let toml = """
        [[feed]]
        name = "films"
        url = "https://letterboxd.com/ada/rss/"

        [[feed]]
        name = "books"
        url = "https://www.goodreads.com/review/list_rss/9?shelf=read"

        [[feed]]
        name = "blog"
        url = "https://blog.example/feed"
        kind = "article"
        """

    private static var seeds: ClosedRange<UInt64> {
        let words = ProcessInfo.processInfo.environment["COLOPHON_ORDERS"]?.split(separator: "-")
        guard let first = words?.first.flatMap({ UInt64($0) }), let last = words?.last.flatMap({ UInt64($0) }),
            first <= last
        else { return 1...40 }
        return first...last
    }

    /// One thing that happens to the store.
    private enum Step: Equatable {
        /// All feeds show the entries from this one on, eight of them.
        case poll(Int)
        case export(service: String, path: String)
    }

    private static let numbers = Array(1...20)

    private static let steps: [Step] =
        stride(from: 1, through: 13, by: 3).map { .poll($0) }
        + [
            .export(service: "letterboxd", path: "/exports/diary.csv"),
            .export(service: "letterboxd", path: "/exports/reviews.csv"),
            .export(service: "letterboxd", path: "/exports/watched.csv"),
            .export(service: "goodreads", path: "/exports/goodreads.csv"),
        ]

    // MARK: the same entries, as feeds and exports write them

    private static func goodreads(_ numbers: [Int]) -> String {
        let items = numbers.map { number in
            """
            <item><guid>https://www.goodreads.com/review/show/77\(number)?utm_medium=api</guid>\
            <title>Book \(number)</title><link>https://www.goodreads.com/review/show/77\(number)?utm_medium=api</link>\
            <book_id>51\(number)</book_id><author_name>Ines Aldarin</author_name>\
            <user_read_at>2025/11/\(String(format: "%02d", number))</user_read_at>\
            <user_shelves>read</user_shelves></item>
            """
        }
        return "<rss version=\"2.0\"><channel><title>Ada’s bookshelf: read</title>\(items.joined())</channel></rss>"
    }

    private static func blog(_ numbers: [Int]) -> String {
        let items = numbers.map { number in
            """
            <item><title>Article \(number)</title><guid isPermaLink="false">a\(number)</guid>\
            <link>https://blog.example/\(number)</link>\
            <pubDate>\(String(format: "%02d", number)) Dec 2025 10:00:00 GMT</pubDate></item>
            """
        }
        return "<rss version=\"2.0\"><channel><title>T</title>\(items.joined())</channel></rss>"
    }

    private static func boxd(_ number: Int, _ digit: Int) -> String {
        let digits = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        var rest = number * 10 + digit
        var code = ""
        while rest > 0 {
            code = String(digits[rest % 62]) + code
            rest /= 62
        }
        return "https://boxd.it/" + code
    }

    private static func tables() -> [(path: String, text: String)] {
        var diary = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
        var reviews = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
        var watched = "Date,Name,Year,Letterboxd URI\n"
        var shelf = "Book Id,Title,Author,My Rating,Date Read,Date Added,Exclusive Shelf,My Review\n"
        for number in numbers {
            let day = "2026-01-0\(number % 9 + 1)"
            diary += "\(day),Film \(number),2001,\(boxd(number, 1)),4,,,\(day)\n"
            if number % 3 == 0 { reviews += "\(day),Film \(number),2001,\(boxd(number, 1)),4,,Good,,\(day)\n" }
            watched += "\(day),Film \(number),2001,\(boxd(1000 + number, 0))\n"
            shelf += "51\(number),Book \(number),Ines Aldarin,5,2025/11/\(String(format: "%02d", number)),"
                + "2025/10/01,read,\n"
        }
        return [
            ("/exports/diary.csv", diary), ("/exports/reviews.csv", reviews),
            ("/exports/watched.csv", watched), ("/exports/goodreads.csv", shelf),
        ]
    }

    // MARK: orders

    /// The keys of every finish after all the steps, sorted.
    private func finishes(after steps: [Step]) throws -> [[String]] {
        var window: [Int] = []
        let store = try PlayedStore(HistoryOrderTests.toml) { request in
            if request.address.contains("letterboxd") {
                return .played(request, 200, body: PlayedFeed.films(window))
            }
            if request.address.contains("goodreads") {
                return .played(request, 200, body: HistoryOrderTests.goodreads(window))
            }
            return .played(request, 200, body: HistoryOrderTests.blog(window))
        }
        for table in HistoryOrderTests.tables() { store.disk.put(table.path, table.text) }
        var options = Import.Options()
        options.ignoresSchedule = true
        for (hour, step) in steps.enumerated() {
            switch step {
            case .poll(let first):
                window = HistoryOrderTests.numbers.filter { ($0 - first) >= 0 && $0 - first < 8 }.reversed()
                try store.run(at: .after(hours: hour), options)
            case .export(let service, let path):
                _ = try Backfill.run(
                    .export(service: service, [.path(path)]), Backfill.Options(),
                    store.world(at: .after(hours: hour)), store.folder, store.settings)
            }
        }
        let state = try Archive(store.world(at: .start), store.folder).state()
        return state.known.map { $0.keys.sorted() }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    @Test(arguments: seeds)
    func `any order, and any repetition, gives the same finishes`(seed: UInt64) throws {
        let expected = try finishes(after: HistoryOrderTests.steps)
        #expect(expected.count == 60)
        var random = Randomness(seed: seed)
        var order = HistoryOrderTests.steps
        for _ in 0..<4 { order += order.randomElement(using: &random).map { [$0] } ?? [] }
        order.shuffle(using: &random)
        let found = try finishes(after: order)
        let (more, less) = (found.filter { !expected.contains($0) }, expected.filter { !found.contains($0) })
        #expect(more == [] && less == [], "seed \(seed)")
    }
}
