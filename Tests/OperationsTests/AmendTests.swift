import Catalogue
import Formats
import HTTP
import Testing

@testable import Operations

/// PRODUCT section 3: `add`, `correct`, `hide`, `unhide`, `merge`, `forget`. A person's word is an event,
/// beats the feed, and is on the pages at once.
@Suite struct AmendTests {
    private static let films = "[[feed]]\nname = \"films\"\nurl = \"https://letterboxd.com/ada/rss/\"\n"

    private func store(_ numbers: [Int] = [3, 2, 1]) throws -> PlayedStore {
        let store = try PlayedStore(AmendTests.films) { .played($0, 200, body: PlayedFeed.films(numbers)) }
        try store.run(at: .start)
        return store
    }

    @discardableResult
    private func say(_ word: Amend.Word, _ store: PlayedStore, at hour: Int = 1) throws -> Amend.Outcome {
        try Amend.run(word, store.world(at: .after(hours: hour)), store.folder, store.settings)
    }

    private func state(_ store: PlayedStore) throws -> State {
        try Archive(store.world(at: .start), store.folder).state()
    }

    private func titles(_ store: PlayedStore) throws -> [String] {
        try state(store).newest().map(\.finish.title).sorted()
    }

    private func page(_ store: PlayedStore) -> String { store.disk.text("/store/public/feed.json") }

    // MARK: add

    @Test func `a finish by hand counts once a day, however often it is said`() throws {
        let store = try store([])
        let finish = Finish(kind: .book, title: "Emma", creator: "Jane Austen", day: Day("2026-01-04"))
        #expect(try say(.add(finish, isRepeat: false), store).events.count == 1)
        #expect(try say(.add(finish, isRepeat: false), store, at: 2).events == [])
        var again = finish
        again.day = Day("2026-01-05")
        #expect(try say(.add(again, isRepeat: true), store, at: 3).events.count == 1)
        #expect(try titles(store) == ["Emma", "Emma"])
        #expect(store.events("finished")[0].contains(#""id":"hand:book:Emma@2026-01-04""#))
        #expect(page(store).contains("Jane Austen"))
    }

    /// At 21:00 in Los Angeles it is tomorrow in Greenwich.
    @Test func `without a day it was finished today, where the site is`() throws {
        let zone = try store([])
        let header = Array("TZif".utf8) + [UInt8](repeating: 0, count: 35) + [1, 0, 0, 0, 4]
        // Eight hours west, and no summer (RFC 8536, version 1).
        let offset: [UInt8] = [0xFF, 0xFF, 0x8F, 0x80, 0, 0]
        zone.disk.put("/usr/share/zoneinfo/Far/West", header + offset + Array("PST\0".utf8))
        try zone.configure("[site]\ntime_zone = \"Far/West\"\n" + AmendTests.films)
        let finish = Finish(kind: .book, title: "Emma")
        try say(.add(finish, isRepeat: false), zone, at: 29)
        #expect(try state(zone).finish(withKey: "hand:book:Emma@2026-01-05")?.finish.day == Day("2026-01-05"))
    }

    // MARK: correct

    @Test func `a correction beats the feed from then on, and the log keeps the old fact`() throws {
        let store = try store()
        let title = Change(set: [FieldValue(.title, .string("The real title"))])
        try say(.correct(id: "letterboxd:viewing:2", title), store)
        #expect(page(store).contains("The real title") && !page(store).contains("Film 2"))
        store.network.play = {
            .played($0, 200, body: PlayedFeed.films([3, 2, 1]).replacing("Film 2", with: "Film II"))
        }
        try store.run(at: .after(days: 1))
        #expect(try titles(store) == ["Film 1", "Film 3", "The real title"])
        #expect(store.events("finished").contains { $0.contains("Film 2") })
    }

    @Test func `a correction may take a field away`() throws {
        let store = try store()
        try say(.correct(id: "letterboxd:viewing:2", Change(unset: [.year])), store)
        try store.run(at: .after(days: 1))
        #expect(try state(store).finish(withKey: "letterboxd:viewing:2")?.finish.year == nil)
    }

    // MARK: hide and unhide

    @Test func `what is hidden is on no page until it is shown again, and twice is once`() throws {
        let store = try store()
        let before = page(store)
        #expect(try say(.hide("letterboxd:viewing:2"), store).events.count == 1)
        #expect(try say(.hide("letterboxd:viewing:2"), store, at: 2).events == [])
        #expect(!page(store).contains("Film 2"))
        try store.run(at: .after(days: 1))
        #expect(!page(store).contains("Film 2"))
        #expect(try say(.unhide("letterboxd:viewing:2"), store, at: 30).events.count == 1)
        #expect(try say(.unhide("letterboxd:viewing:2"), store, at: 31).events == [])
        #expect(page(store) == before)
    }

    // MARK: merge

    @Test(arguments: [false, true])
    func `two become one under the older one's id, whichever way it is said`(isTurned: Bool) throws {
        let store = try store()
        let finish = Finish(kind: .movie, title: "Film 2", day: Day("2026-01-03"))
        try say(.add(finish, isRepeat: false), store)
        let ids = ["hand:movie:Film 2@2026-01-03", "letterboxd:viewing:2"]
        let (one, into) = isTurned ? (ids[1], ids[0]) : (ids[0], ids[1])
        try say(.merge(one, into: into), store, at: 2)
        #expect(try say(.merge(one, into: into), store, at: 3).events == [])
        #expect(try titles(store) == ["Film 1", "Film 2", "Film 3"])
        let found = try state(store).finish(withKey: ids[0])
        #expect(found?.id.text == "letterboxd:viewing:2")
        #expect(found?.keys.contains(ids[0]) == true)
        try store.run(at: .after(days: 1))
        #expect(store.events("finished").count == 4)
    }

    @Test func `a correction said twice is recorded once`() throws {
        let store = try store([1])
        let word = Amend.Word.correct(
            id: "letterboxd:viewing:1",
            Change(set: [FieldValue(.title, .string("Ran"))], unset: [.rating]))
        #expect(try say(word, store).events.count == 1)
        #expect(try say(word, store, at: 2).events == [])
        let other = Amend.Word.correct(
            id: "letterboxd:viewing:1", Change(set: [FieldValue(.title, .string("Kagemusha"))]))
        #expect(try say(other, store, at: 3).events.count == 1)
        #expect(try say(word, store, at: 4).events.count == 1)
    }

    // MARK: forget

    @Test func `what is forgotten is as never seen, and the next sight takes it quietly`() throws {
        let store = try store([2, 1])
        try say(.forget("letterboxd:viewing:2"), store)
        #expect(try titles(store) == ["Film 1"])
        #expect(!page(store).contains("Film 2"))
        // As long as the document stays as it is, nobody looks at its entries.
        store.network.play = { .played($0, 200, body: PlayedFeed.films([2, 1]) + "<!-- later -->") }
        try store.run(at: .after(days: 1))
        #expect(try titles(store) == ["Film 1", "Film 2"])
        #expect(try state(store).announcements == [])
    }

    // MARK: names

    @Test func `the beginning of an id is enough where it is the only one`() throws {
        let store = try store([31, 32, 4])
        try say(.hide("letterboxd:viewing:4"), store)
        #expect(throws: OperationError.ambiguous(
            id: "letterboxd:viewing:3",
            candidates: ["letterboxd:viewing:32", "letterboxd:viewing:31"].sorted())
        ) { try say(.hide("letterboxd:viewing:3"), store) }
        try say(.hide("letterboxd:viewing:32"), store)
        #expect(try titles(store) == ["Film 31"])
    }

    @Test(arguments: [
        Amend.Word.hide("nobody"), .unhide("nobody"), .forget("nobody"), .correct(id: "nobody", Change()),
        .merge("nobody", into: "letterboxd:viewing:1"), .merge("letterboxd:viewing:1", into: "nobody"),
    ])
    func `an id that nothing has changes nothing`(word: Amend.Word) throws {
        let store = try store()
        let before = store.events
        #expect(throws: OperationError.noFinish(id: "nobody")) { try say(word, store) }
        #expect(store.events == before)
    }

    @Test func `a backfill that never was is answered with those that were`() throws {
        let store = try store()
        #expect(throws: OperationError.unreadable(
            what: "backfill", found: "csv-1", expected: "none: there is no backfill to take back")
        ) { try say(.undo("csv-1"), store) }
    }
}
