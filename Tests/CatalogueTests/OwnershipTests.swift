import Formats
import Testing

@testable import Catalogue

/// PRODUCT section 6: who may state a field, and what a backfill leaves when it is undone.
@Suite struct OwnershipTests {
    private let key = "goodreads:book:9"

    private func row(_ feed: String, on day: String? = nil, _ change: (inout Finish) -> Void = { _ in })
        -> Sighting
    {
        seen("goodreads:book:9", in: feed, titled: "Emma", on: day, change)
    }

    @Test func `another feed and an export fill absent fields only`() {
        for arrival in [nil, Arrival(backfill: "b1")] {
            var log = Chronicle(feed("books"), feed("other"))
            log.see(row("books") { $0.rating = Rating(value: 300, best: 500) })
            let facts = log.see(
                row("other", on: "2026-11-05") { ($0.rating, $0.title) = (Rating(value: 500, best: 500), "EMMA") },
                arrival)
            #expect(facts.revised?.change.set == [FieldValue(.day, .string("2026-11-05"))])
            #expect(facts.revised?.change.unset == [])
        }
    }

    @Test func `a field changes and goes only by the word of its own source`() {
        var log = Chronicle(feed("books"), feed("other"))
        log.see(row("books", on: "2026-11-05") { $0.creator = "Austen" })
        log.see(row("other") { $0.year = 1815 })
        #expect(log.see(row("books", on: "2026-11-06") { $0.year = 1816 }).revised?.change
            == Change(set: [FieldValue(.day, .string("2026-11-06"))], unset: [.creator]))
        #expect(log.see(row("other") { $0.year = 1816 }).revised?.change
            == Change(set: [FieldValue(.year, .integer(1816))]))
        #expect(log.state.finish(withKey: key)?.owner(of: .year) == "other")
        #expect(log.finish(key)?.title == "Emma")
    }

    @Test func `a title never goes`() {
        var log = Chronicle(feed("books"))
        log.see(row("books", on: "2026-11-05"))
        #expect(log.see(seen("goodreads:book:9", in: "books", titled: "", on: "2026-11-05")).isEmpty)
    }

    @Test func `a person's correction beats both`() {
        var log = Chronicle(feed("books"), feed("other"))
        log.see(row("books", on: "2026-11-05"))
        log.record([.corrected(
            id: FinishID(key), change: Change(set: [FieldValue(.title, .string("Emma!"))], unset: [.day]))])
        #expect(log.see(row("books", on: "2026-11-06")).isEmpty)
        #expect(log.see(row("other", on: "2026-11-06")).types == ["revised"])
        #expect(log.finish(key)?.title == "Emma!")
        #expect(log.finish(key)?.day == nil)
    }

    @Test func `a feed under its new name speaks for the old one`() {
        var log = Chronicle(feed("books"))
        log.see(row("books", on: "2026-11-05"))
        var settings = log.state.configuration
        settings.feeds = [feed("shelf") { $0.renamedFrom = ["books"] }]
        log.record([.configured(settings)])
        #expect(log.see(row("shelf", on: "2026-11-05")).isEmpty)
        #expect(log.see(row("shelf", on: "2026-11-06")).types == ["revised"])
        #expect(log.see(row("shelf", on: "2026-11-07")).types == ["revised"])
        #expect(log.see(row("shelf", on: "2026-11-07")).isEmpty)
    }

    @Test func `an older import never undoes a newer fact`() {
        var log = Chronicle(feed("books"))
        log.see(row("books") { $0.rating = Rating(value: 400, best: 500) })
        log.see(row("books") { $0.rating = Rating(value: 500, best: 500) })
        let old = row("goodreads") { $0.rating = Rating(value: 400, best: 500) }
        #expect(log.see(old, Arrival(backfill: "b")).isEmpty)
    }

    @Test func `a cover's query does not count`() {
        var log = Chronicle(feed("books"))
        log.see(row("books") { $0.cover = "https://a.example/c.jpg?v=1" })
        #expect(log.see(row("books") { $0.cover = "https://a.example/c.jpg?v=2" }).isEmpty)
        #expect(log.see(row("books") { $0.cover = "https://a.example/d.jpg?v=2" }).types == ["revised"])
    }

    @Test func `the day of an instant is decided once`() {
        var log = Chronicle(feed("books"))
        let instant = Instant(rfc3339: "2026-11-05T23:30:00Z")
        log.see(row("books", on: "2026-11-05") { $0.instant = instant })
        #expect(log.see(row("books", on: "2026-11-06") { $0.instant = instant }).isEmpty)
        let moved = row("books", on: "2026-11-07") { $0.instant = Instant(rfc3339: "2026-11-07T01:00:00Z") }
        #expect(log.see(moved).revised?.change.set.map(\.field) == [.day, .instant])
    }

    @Test func `a time is taken only beside its own day`() {
        var log = Chronicle(feed("books"), feed("other"))
        log.see(row("books", on: "2026-11-05"))
        let later = Instant(rfc3339: "2026-11-08T10:00:00Z")
        #expect(log.see(row("other", on: "2026-11-08") { $0.instant = later }).revised?.change.isEmpty == true)
        let same = Instant(rfc3339: "2026-11-05T10:00:00Z")
        #expect(log.see(row("other", on: "2026-11-05") { $0.instant = same }).revised?.change.set.map(\.field)
            == [.instant])
        // A person's day has no time.
        log.record([.corrected(
            id: FinishID(key), change: Change(set: [FieldValue(.day, .string("2026-11-01"))]))])
        #expect(log.finish(key)?.instant == nil)
        #expect(log.see(row("other", on: "2026-11-05") { $0.instant = same }).isEmpty)
    }

    // MARK: backfills

    @Test func `a second run of a backfill adds nothing, also under another name`() {
        var log = Chronicle(feed("books"))
        let rows = [row("goodreads", on: "2026-11-05"), seen("goodreads:book:10", in: "goodreads")]
        for sighting in rows { log.see(sighting, Arrival(backfill: "b1")) }
        for sighting in rows {
            #expect(log.see(sighting, Arrival(backfill: "b1")).isEmpty)
            #expect(log.see(sighting, Arrival(backfill: "b2")).isEmpty)
        }
    }

    @Test func `undone, a backfill is as never seen, and what comes back is announced`() {
        var log = Chronicle(feed("books"))
        log.see(row("goodreads", on: "2026-11-20"), Arrival(backfill: "b1"))
        log.record([.backfillUndone("b1")])
        #expect(log.shown.isEmpty)
        #expect(log.state.finish(withKey: key) == nil)
        #expect(log.see(row("books", on: "2026-11-20")).finished?.announce == ["x"])
        log.record([.backfillUndone("b1")])
        #expect(log.shown == [key])
    }

    @Test func `what a feed has also shown stays with all that the feed stated`() {
        var log = Chronicle(feed("books"))
        let whole: (inout Finish) -> Void = { ($0.creator, $0.year) = ("Austen", 1815) }
        log.see(row("goodreads", on: "2026-11-20", whole), Arrival(backfill: "b1"))
        #expect(log.see(row("books", on: "2026-11-20") { $0.creator = "Austen" }).types == ["revised"])
        #expect(log.see(row("books", on: "2026-11-20") { $0.creator = "Austen" }).isEmpty)
        log.record([.backfillUndone("b1")])
        let standing = log.state.finish(withKey: key)
        #expect(standing?.finish == Finish(kind: .movie, title: "Emma", creator: "Austen", day: Day("2026-11-20")))
        #expect(standing?.origin == "books")
        #expect(standing?.sources == [])
        // It is the feed's now: the feed may change all of it.
        #expect(log.see(row("books", on: "2026-11-21") { $0.title = "Emma." }).revised?.change
            == Change(
                set: [FieldValue(.title, .string("Emma.")), FieldValue(.day, .string("2026-11-21"))],
                unset: [.creator]))
    }

    @Test func `a feed's finish loses what an undone backfill had filled in`() {
        var log = Chronicle(feed("books"))
        log.see(row("books", on: "2026-11-20"))
        log.see(row("goodreads", on: "2026-11-20") { $0.year = 1815 }, Arrival(backfill: "b1"))
        log.record([.corrected(id: FinishID(key), change: Change(set: [FieldValue(.creator, .string("J. A."))]))])
        #expect(log.finish(key)?.year == 1815)
        log.record([.backfillUndone("b1")])
        #expect(log.finish(key)?.year == nil)
        #expect(log.finish(key)?.creator == "J. A.")
        #expect(log.finish(key)?.day == Day("2026-11-20"))
    }

    @Test func `a finish merged into an undone one gives it what it stated itself`() {
        var log = Chronicle(feed("books"))
        log.see(row("goodreads", on: "2026-11-20"), Arrival(backfill: "b1"))
        log.see(seen("other:x:1", in: "books", titled: "Emma", on: "2026-11-20") { $0.year = 1815 })
        log.record([.merged(id: FinishID("other:x:1"), into: FinishID(key), by: .person)])
        log.record([.backfillUndone("b1")])
        #expect(log.shown == [key])
        #expect(log.finish(key)?.day == Day("2026-11-20"))
        #expect(log.finish(key)?.year == 1815)
        #expect(log.state.finish(withKey: key)?.origin == "books")
    }
}
