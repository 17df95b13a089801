import Formats
import Testing

@testable import Catalogue

/// PRODUCT section 6, "What a finish is".
@Suite struct DecideTests {
    @Test func `one finishing under a new guid, title and address is one finish`() {
        var log = Chronicle(feed("films"))
        #expect(log.see(seen("letterboxd:viewing:1", titled: "Obsession 2025", on: "2026-11-20")).types == ["finished"])
        var again = seen("letterboxd:viewing:1", titled: "Obsession", on: "2026-11-20") { $0.url = "https://l.example/o" }
        again.entry = "letterboxd-review-1"
        #expect(log.see(again).types == ["revised"])
        #expect(log.shown == ["letterboxd:viewing:1"])
        #expect(log.finish("letterboxd:viewing:1")?.title == "Obsession")
        #expect(log.see(again).isEmpty)
    }

    @Test(arguments: [
        ("ab", "a<br/>b", true), ("<b>a</b>b<br/>c", "<b>a</b><br/>b<br/>c", true),
        ("a b", "a<br/>b", false), ("ab", "a b", false), ("a<br/>b", "ab", false), ("ab", "a<br/>bc", false),
        ("abc", "a<br/>b", false), ("ab", "a<br/>c", false),
    ])
    func `breaks between words that an earlier version joined are no revision`(
        old: String, new: String, isSame: Bool
    ) {
        var log = Chronicle(feed("films"))
        log.see(seen("letterboxd:viewing:1", on: "2026-11-20") { $0.review = old })
        let facts = log.see(seen("letterboxd:viewing:1", on: "2026-11-20") { $0.review = new })
        #expect(facts.isEmpty == isSame)
    }

    @Test func `export and feed meet by a key they share`() {
        var log = Chronicle(feed("books"))
        log.see(seen("goodreads:review:7", "goodreads:book:9", in: "books", on: "2026-11-02"))
        let row = seen("goodreads:book:9", in: "goodreads", on: "2026-11-02") { $0.year = 2020 }
        let facts = log.see(row, Arrival(backfill: "b1"))
        #expect(facts.types == ["revised"])
        #expect(facts.revised?.change.set == [FieldValue(.year, .integer(2020))])
        #expect(log.shown.count == 1)
    }

    @Test func `the id is the first key and never changes, and all keys are kept`() {
        var log = Chronicle(feed("books"))
        log.see(seen("goodreads:book:9", in: "books", on: "2026-11-02"))
        let facts = log.see(seen("goodreads:review:7", "goodreads:book:9", in: "books", on: "2026-11-02"))
        #expect(facts.revised?.keys == ["goodreads:review:7"])
        let standing = log.state.finish(withKey: "goodreads:review:7")
        #expect(standing?.id.text == "goodreads:book:9")
        #expect(standing?.keys == ["goodreads:book:9", "goodreads:review:7"])
    }

    @Test func `a sighting that names two finishes makes them one, into the older`() {
        var log = Chronicle(feed("films"), feed("plays"))
        log.see(seen("letterboxd:viewing:1", in: "films", on: "2026-11-10"))
        log.see(seen("trakt:play:5", in: "plays", titled: "Ran (1985)", on: "2026-09-10") { $0.day = nil })
        let facts = log.see(
            seen("trakt:play:5", "letterboxd:viewing:1", in: "plays", titled: "Ran (1985)") { $0.rating = Rating(value: 4, best: 5) })
        #expect(facts.types == ["revised", "merged"])
        #expect(facts.contains(.merged(
            id: FinishID("trakt:play:5"), into: FinishID("letterboxd:viewing:1"), by: .identity)))
        #expect(log.shown == ["letterboxd:viewing:1"])
        #expect(log.finish("trakt:play:5")?.title == "Ran")
        #expect(log.finish("trakt:play:5")?.rating == Rating(value: 4, best: 5))
        #expect(log.see(seen("trakt:play:5", in: "plays", titled: "Ran (1985)") { $0.rating = Rating(value: 4, best: 5) }).isEmpty)
    }

    @Test func `two viewing numbers prove two finishes`() {
        var log = Chronicle(feed("films"))
        log.see(seen("letterboxd:viewing:1", on: "2026-11-10"))
        log.see(seen("letterboxd:viewing:2", on: "2026-11-11"))
        let both = seen("letterboxd:viewing:2", "letterboxd:viewing:1", on: "2026-11-11")
        #expect(log.see(both).isEmpty)
        #expect(log.shown.count == 2)
    }

    @Test func `two days a month apart prove two finishes, two halves of one year do not`() {
        for (first, second, count) in [
            ("2026-10-01", "2026-10-31", 2), ("2026-10-01", "2026-10-30", 1), ("2026", "2026-11-20", 1),
            ("2026-09", "2026-11", 2), ("2026-10", "2026-11", 1),
        ] {
            var log = Chronicle(feed("a"), feed("b"))
            log.see(seen("one:x:1", in: "a", on: first))
            log.see(seen("two:y:1", in: "b", titled: "Other", on: second))
            log.see(seen("one:x:1", "two:y:1", in: "a", on: first))
            #expect(log.shown.count == count, "\(first) and \(second)")
        }
    }

    @Test func `what is separate stays so when a third finish could join both`() {
        var log = Chronicle(feed("a"), feed("b"))
        log.see(seen("letterboxd:viewing:1", in: "a", on: "2026-11-10"))
        log.see(seen("letterboxd:viewing:2", in: "a", titled: "Ran again", on: "2026-11-11"))
        log.see(seen("imdb:title:9", in: "b", titled: "Ran, 1985"))
        log.see(seen("imdb:title:9", "letterboxd:viewing:1", "letterboxd:viewing:2", in: "b", titled: "Ran, 1985"))
        #expect(log.state.finish(withKey: "imdb:title:9")?.id.text == "letterboxd:viewing:1")
        #expect(log.shown == ["letterboxd:viewing:1", "letterboxd:viewing:2"])
    }

    @Test func `a second viewing that shares the film's key is not swallowed by the first`() {
        var log = Chronicle(feed("films"))
        log.see(seen("letterboxd:viewing:1", "letterboxd:film:77", on: "2026-11-01"))
        let facts = log.see(seen("letterboxd:viewing:2", "letterboxd:film:77", on: "2026-11-21"))
        #expect(facts.finished?.keys == ["letterboxd:viewing:2"])
        #expect(log.shown.count == 2)
    }

    @Test func `a row without a viewing is a finish once, and a later viewing becomes it`() {
        func film(_ key: String, _ feed: String, _ day: String?, _ year: Int = 1985) -> Sighting {
            seen(key, in: feed, on: day) { $0.year = year }
        }
        var log = Chronicle(feed("films"))
        log.see(film("letterboxd:viewing:1", "films", "2026-11-01"))
        // Of a film whose viewing is known: no finish.
        let known = log.see(film("letterboxd:film:aa", "letterboxd", nil), Arrival(backfill: "b"))
        #expect(known.revised?.keys == ["letterboxd:film:aa"])
        // Of another year: a finish.
        let other = log.see(film("letterboxd:film:bb", "letterboxd", nil, 1999), Arrival(backfill: "b"))
        #expect(other.types == ["finished"])
        let viewing = log.see(film("letterboxd:viewing:2", "films", "2026-11-20", 1999))
        #expect(viewing.types == ["revised"])
        #expect(log.state.finish(withKey: "letterboxd:viewing:2")?.id.text == "letterboxd:film:bb")
        #expect(log.finish("letterboxd:film:bb")?.day == Day("2026-11-20"))
        // A second viewing is a finish of its own.
        #expect(log.see(film("letterboxd:viewing:3", "films", "2026-11-22", 1999)).types == ["finished"])
        #expect(log.shown.count == 3)
    }

    @Test func `a row without a viewing is not another kind of the same name`() {
        var log = Chronicle(feed("list"))
        let anime = seen("mal:anime:1", in: "mal", titled: "Akira") { ($0.kind, $0.year) = (.movie, 1988) }
        let manga = seen("mal:manga:1", in: "mal", titled: "Akira") { ($0.kind, $0.year) = (.book, 1988) }
        log.see(anime, Arrival(backfill: "b"))
        log.see(manga, Arrival(backfill: "b"))
        #expect(log.shown.count == 2)
    }

    @Test func `what has no title or no key is passed over with its reason, and taken when it has`() {
        var log = Chronicle(feed("films"))
        let untitled = log.see(seen("letterboxd:viewing:1", titled: ""))
        #expect(untitled.types == ["passed-over"])
        #expect(log.see(seen("letterboxd:viewing:1", titled: "")).isEmpty)
        #expect(log.see(seen("letterboxd:viewing:1", titled: "Ran")).types == ["finished"])
        var keyless = seen("x:y:1", titled: "Ran")
        keyless.keys = []
        guard case .passedOver(let passed) = log.see(keyless).first else {
            Issue.record("nothing was recorded")
            return
        }
        #expect(passed.reason == "nothing tells it from other entries")
    }

    @Test func `an entry that is no finish is recorded once, also under the feed's new name`() {
        var log = Chronicle(feed("films"))
        let passed = Passed(feed: "films", entry: "letterboxd-list-1", title: "A list", reason: "a list")
        #expect(log.state.decide(passed) == [.passedOver(passed)])
        log.record(log.state.decide(passed))
        #expect(log.state.decide(passed).isEmpty)
        var settings = log.state.configuration
        settings.feeds = [feed("cinema") { $0.renamedFrom = ["films"] }]
        log.record([.configured(settings)])
        var renamed = passed
        renamed.feed = "cinema"
        #expect(log.state.decide(renamed).isEmpty)
    }

    @Test func `a long key, entry or title stays within its bounds and is met again`() {
        let long = String(repeating: "k", count: 600)
        var log = Chronicle(feed("films"))
        var sighting = seen("feed:films:id:" + long, titled: String(repeating: "é", count: 600))
        sighting.entry = String(repeating: "e", count: 20_000)
        let facts = log.see(sighting)
        #expect(facts.finished?.id.text.hasPrefix("sha256:") == true)
        #expect(facts.finished?.entry.utf8.count == 71)
        #expect(facts.finished?.finish.title.utf8.count == 1024)
        #expect(log.see(sighting).isEmpty)
        let passed = Passed(
            feed: "films", entry: sighting.entry, title: sighting.entry, reason: "no",
            stated: [Stated("a", "b"), Stated("c", String(repeating: "d", count: 1024))])
        log.record(log.state.decide(passed))
        #expect(log.lines.last!.count < 2000)
        #expect(log.state.hasPassed(feed: "films", entry: sighting.entry))
        #expect(log.state.decide(passed).isEmpty)
    }

    @Test func `withdrawn and seen again is restored, but not by an import`() {
        var log = Chronicle(feed("films"))
        let sighting = seen("letterboxd:viewing:1", on: "2026-11-10")
        log.see(sighting)
        log.record(log.state.withdraw(["letterboxd:viewing:1"], feed: "films"))
        #expect(log.shown.isEmpty)
        #expect(log.see(sighting, Arrival(backfill: "b")).isEmpty)
        #expect(log.see(sighting).types == ["restored"])
        #expect(log.shown.count == 1)
    }
}
