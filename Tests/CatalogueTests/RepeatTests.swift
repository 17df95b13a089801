import Formats
import Testing

@testable import Catalogue

/// Finishing a work again: repeat policies (PRODUCT section 6).
@Suite struct RepeatTests {
    private func read(_ day: String?, in feed: String = "books", keys: [String] = ["goodreads:review:1"]) -> Sighting {
        var sighting = seen("x:y:z", in: feed, titled: "Piranesi", on: day, repeats: .afterDays(30))
        sighting.keys = keys.map { Key($0) }
        return sighting
    }

    private func played(_ day: String?, in feed: String = "list", keys: [String] = ["mal:anime:5"]) -> Sighting {
        var sighting = seen("x:y:z", in: feed, titled: "Mushishi", on: day, repeats: .perDay)
        sighting.keys = keys.map { Key($0) }
        return sighting
    }

    // MARK: afterDays

    @Test func `a reread is at least 30 days later and later than the first sight`() {
        for (first, second, isReread) in [
            ("2026-11-20", "2026-12-24", true), ("2026-10-20", "2026-11-30", true),
            // Not 30 days.
            ("2026-11-20", "2026-12-19", false),
            // 30 days, but not later than the day on which it was first seen (2026-11-23).
            ("2026-10-01", "2026-11-20", false), ("2026-10-01", "2026-11-23", false),
            ("2026-10-01", "2026-11-24", true),
            // Earlier: an edit.
            ("2026-11-20", "2026-01-02", false),
        ] {
            var log = Chronicle(feed("books"))
            log.see(read(first))
            log.days(40)
            let facts = log.see(read(second))
            #expect(facts.types == [isReread ? "finished" : "revised"], "\(first), then \(second)")
            if isReread {
                #expect(facts.finished?.id.text == "goodreads:review:1@" + second)
                #expect(facts.finished?.finish.isRepeat == true)
                #expect(log.finish("goodreads:review:1")?.day == Day(first))
            } else {
                #expect(log.finish("goodreads:review:1")?.day == Day(second))
            }
            #expect(log.see(read(second)).isEmpty)
        }
    }

    @Test func `an undated book gets its day later`() {
        var log = Chronicle(feed("books"))
        log.see(read(nil))
        log.days(100)
        #expect(log.see(read("2027-02-20")).types == ["revised"])
        #expect(log.shown.count == 1)
    }

    @Test func `a reread stays a reread`() {
        var log = Chronicle(feed("books"))
        log.see(read("2026-10-01"))
        log.days(60)
        log.see(read("2027-01-10"))
        #expect(log.see(read("2027-01-10")).isEmpty)
        #expect(log.finish("goodreads:review:1@2027-01-10")?.isRepeat == true)
    }

    @Test func `the day of a reread is edited and edited back`() {
        var log = Chronicle(feed("books"))
        log.see(read("2026-10-01"))
        log.days(60)
        log.see(read("2027-01-10"))
        #expect(log.see(read("2027-01-12")).revised?.id.text == "goodreads:review:1@2027-01-10")
        #expect(log.see(read("2027-01-10")).revised?.id.text == "goodreads:review:1@2027-01-10")
        #expect(log.shown.count == 2)
        #expect(log.finish("goodreads:review:1")?.day == Day("2026-10-01"))
    }

    @Test func `a corrected day does not make its source's day a reread`() {
        var log = Chronicle(feed("books"))
        log.see(read(nil))
        log.days(30)
        log.see(read("2026-12-20"))
        log.record([.corrected(
            id: FinishID("goodreads:review:1"),
            change: Change(set: [FieldValue(.day, .string("2026-08-30"))]))])
        #expect(log.see(read("2026-12-20")).isEmpty)
        #expect(log.shown.count == 1)
        #expect(log.finish("goodreads:review:1")?.day == Day("2026-08-30"))
    }

    @Test func `an export that knows only the book meets the reread by its day`() {
        var log = Chronicle(feed("books"))
        log.see(read("2026-10-01", keys: ["goodreads:review:1"]))
        log.days(60)
        log.see(read("2027-01-10", keys: ["goodreads:review:1", "goodreads:book:2"]))
        let export = Arrival(backfill: "b")
        for day in ["2027-01-10", "2026-10-01", nil] {
            let facts = log.see(read(day, in: "goodreads", keys: ["goodreads:book:2"]), export)
            #expect(facts.finished == nil, "\(day ?? "undated")")
        }
        #expect(log.shown.count == 2)
        #expect(log.state.finish(withKey: "goodreads:book:2")?.id.text == "goodreads:review:1@2027-01-10"
            || log.state.finish(withKey: "goodreads:book:2")?.id.text == "goodreads:review:1")
    }

    @Test func `a later new key of the work goes to the work, not to its reread`() {
        var log = Chronicle(feed("books"))
        log.see(read("2026-10-01"))
        log.days(60)
        log.see(read("2027-01-10"))
        let facts = log.see(read("2027-01-10", keys: ["goodreads:review:1", "goodreads:book:2"]))
        #expect(facts.types == ["revised"])
        #expect(log.state.finish(withKey: "goodreads:book:2")?.id.text == "goodreads:review:1")
        #expect(log.see(read("2027-01-10", keys: ["goodreads:review:1", "goodreads:book:2"])).isEmpty)
    }

    // MARK: perDay

    @Test func `each day is a finishing of its own, once`() {
        var log = Chronicle(feed("list"))
        for day in ["2026-11-01", "2026-11-02", "2026-11-03"] { log.see(played(day)) }
        #expect(log.shown == ["mal:anime:5", "mal:anime:5@2026-11-02", "mal:anime:5@2026-11-03"])
        for day in ["2026-11-03", "2026-11-01", nil, "2026-11-02"] {
            #expect(log.see(played(day)).finished == nil)
        }
        #expect(log.shown.count == 3)
    }

    @Test func `a corrected day is still the source's day`() {
        var log = Chronicle(feed("list"))
        log.see(played("2026-11-01"))
        log.see(played("2026-11-05"))
        for (id, day) in [("mal:anime:5", "2026-08-01"), ("mal:anime:5@2026-11-05", "2026-08-02")] {
            log.record([.corrected(id: FinishID(id), change: Change(set: [FieldValue(.day, .string(day))]))])
        }
        #expect(log.see(played("2026-11-01")).isEmpty)
        #expect(log.see(played("2026-11-05")).isEmpty)
        #expect(log.shown.count == 2)
    }

    @Test func `a month is a day of it known less well`() {
        var log = Chronicle(feed("list"))
        log.see(played("2026-11"))
        #expect(log.see(played("2026-11-20")).types == ["revised"])
        #expect(log.finish("mal:anime:5")?.day == Day("2026-11-20"))
        #expect(log.see(played("2026-11", in: "mal"), Arrival(backfill: "b")).isEmpty)
        #expect(log.see(played("2026", in: "mal"), Arrival(backfill: "b")).finished == nil)
        log.days(8)
        #expect(log.see(played("2026-12-01")).finished?.id.text == "mal:anime:5@2026-12-01")
    }

    @Test func `a repeat known by its month is a repeat of its work`() {
        var log = Chronicle(feed("list"))
        log.see(played("2025-03"))
        log.see(played("2026-11"))
        #expect(log.see(played("2026-11-20")).types == ["revised"])
        #expect(log.shown.count == 2)
        #expect(log.finish("mal:anime:5@2026-11")?.isRepeat == true)
        #expect(log.finish("mal:anime:5@2026-11")?.day == Day("2026-11-20"))
    }

    @Test func `an undated finish becomes the first dated one`() {
        var log = Chronicle(feed("list"))
        log.see(played(nil))
        #expect(log.see(played("2026-11-02")).types == ["revised"])
        #expect(log.see(played("2026-11-04")).types == ["finished"])
        #expect(log.shown.count == 2)
    }

    // MARK: forgetting

    @Test func `a forgotten repeat is taken again, quietly, and once`() {
        var log = Chronicle(feed("list"))
        log.see(played("2026-11-10"))
        log.see(played("2026-11-20"))
        log.record([.forgotten(FinishID("mal:anime:5@2026-11-20"))])
        #expect(log.shown == ["mal:anime:5"])
        let facts = log.see(played("2026-11-20"))
        #expect(facts.types == ["finished"])
        #expect(facts.finished?.announce == [])
        #expect(log.see(played("2026-11-20")).isEmpty)
        #expect(log.shown.count == 2)
    }

    @Test func `a forgotten work leaves its repeats, and does not double them when it comes back`() {
        var log = Chronicle(feed("list"))
        log.see(played("2026-11-10"))
        log.see(played("2026-11-20"))
        log.record([.forgotten(FinishID("mal:anime:5"))])
        #expect(log.see(played("2026-11-20")).finished == nil)
        #expect(log.see(played("2026-11-10")).types == ["finished"])
        #expect(log.shown == ["mal:anime:5@2026-11-10", "mal:anime:5@2026-11-20"])
        #expect(log.see(played("2026-11-20")).isEmpty)
        #expect(log.see(played("2026-11-10")).isEmpty)
        // They are one family again: a third day is a repeat, a known one is met.
        #expect(log.see(played("2026-11-22")).finished?.finish.isRepeat == true)
    }

    // MARK: merging

    @Test func `the repeats of a merged work are the repeats of the other`() {
        var log = Chronicle(feed("list"), feed("other"))
        log.see(played("2026-11-01"))
        log.see(played("2026-11-01", in: "other", keys: ["anilist:anime:8"]))
        log.see(played("2026-11-09", in: "other", keys: ["anilist:anime:8"]))
        log.record([.merged(id: FinishID("anilist:anime:8"), into: FinishID("mal:anime:5"), by: .person)])
        #expect(log.see(played("2026-11-09")).finished == nil)
        #expect(log.see(played("2026-11-09", in: "other", keys: ["anilist:anime:8"])).finished == nil)
        let repeated = log.see(played("2026-11-15", in: "other", keys: ["anilist:anime:8"]))
        #expect(repeated.finished?.id.text == "anilist:anime:8@2026-11-15")
        #expect(log.see(played("2026-11-15")).finished == nil)
        #expect(log.shown.count == 3)
    }
}
