import Formats
import Testing

@testable import Catalogue

/// What is owed is decided once (PRODUCT sections 5 and 8). Now is 2026-11-23; feeds were adopted on
/// 2026-01-01.
@Suite struct AnnouncingTests {
    private func announced(
        _ sighting: Sighting, _ settings: Configuration.Feed = feed("films"), maxAgeDays: Int = 14,
        isAdoption: Bool = false, backfill: String? = nil
    ) -> Bool {
        var log = Chronicle(settings) { $0.announce.maxAgeDays = maxAgeDays }
        let facts = log.see(
            sighting, Arrival(feed: settings, isAdoption: isAdoption, backfill: backfill))
        #expect(log.owed.count == (facts.finished?.announce.count ?? 0))
        return facts.finished?.announce == ["x"]
    }

    @Test func `a new finish is owed to every network`() {
        var log = Chronicle(feed("films")) {
            $0.announce.networks = [Configuration.Network("mastodon"), Configuration.Network("bluesky")]
        }
        #expect(log.see(seen("a:b:1", on: "2026-11-20")).finished?.announce == ["mastodon", "bluesky"])
        #expect(log.state.outbox.map(\.id) == ["mastodon/a:b:1", "bluesky/a:b:1"])
    }

    @Test func `what came with the adoption is taken quietly, unless a date was named`() {
        #expect(!announced(seen("a:b:1", on: "2026-11-22"), isAdoption: true))
        let since = feed("films") { $0.announceSince = Day("2026-11-20") }
        #expect(announced(seen("a:b:1", on: "2026-11-22"), since, isAdoption: true))
        #expect(!announced(seen("a:b:1", on: "2026-11-19"), since, isAdoption: true))
        #expect(announced(seen("a:b:1", on: "2026-11-20"), since))
    }

    @Test func `what came with the adoption and says nothing of its day is taken quietly, whatever date was named`() {
        let since = feed("films") { $0.announceSince = Day("2026-11-20") }
        #expect(!announced(seen("a:b:1"), since, isAdoption: true))
        #expect(announced(seen("a:b:1", logged: "2026-11-22T10:00:00Z"), since, isAdoption: true))
        #expect(announced(seen("a:b:1"), since))
    }

    @Test func `what is older than the adoption is not announced`() {
        #expect(!announced(seen("a:b:1", on: "2025-12-30"), maxAgeDays: 0))
        // At 08:00 in Greenwich on the first of January it was still the 31st in Los Angeles.
        #expect(announced(seen("a:b:1", on: "2025-12-31"), maxAgeDays: 0))
        #expect(announced(seen("a:b:1", on: "2026-01-01"), maxAgeDays: 0))
    }

    /// At 18:00 in Los Angeles on the 25th it is the 26th in Greenwich.
    @Test(arguments: [("2026-11-25", true), ("2026-11-24", false)])
    func `what was finished in the evening of the adoption is announced`(day: String, isOwed: Bool) {
        var log = Chronicle()
        var settings = log.state.configuration
        settings.feeds = [feed("films")]
        log.now = Instant(rfc3339: "2026-11-26T02:00:00Z")!
        log.record([.configured(settings), .feedAdopted(feed: "films", service: "", entries: 0)])
        log.now = Instant(rfc3339: "2026-11-26T05:00:00Z")!
        #expect(log.see(seen("a:b:1", on: day)).finished?.announce == (isOwed ? ["x"] : []))
    }

    /// 14 days before the 25th, where the site is.
    @Test(arguments: [
        ("2026-11-26T05:00:00Z", -8, "2026-11-11", true), ("2026-11-26T05:00:00Z", -8, "2026-11-10", false),
        ("2026-11-24T16:00:00Z", 9, "2026-11-11", true), ("2026-11-24T16:00:00Z", 9, "2026-11-10", false),
        // Undated, logged on the 10th or 11th there.
        ("2026-11-26T05:00:00Z", -8, "2026-11-12T07:00:00Z", true),
        ("2026-11-26T05:00:00Z", -8, "2026-11-11T07:00:00Z", false),
    ])
    func `how old a finish is, the site's clocks tell`(now: String, hours: Int, stated: String, isOwed: Bool) {
        var log = Chronicle(feed("films"))
        log.now = Instant(rfc3339: now)!
        let arrival = Arrival(feed: feed("films"), zone: .played(hoursEast: hours))
        let sighting = stated.contains("T") ? seen("a:b:1", logged: stated) : seen("a:b:1", on: stated)
        #expect(log.see(sighting, arrival).finished?.announce == (isOwed ? ["x"] : []))
    }

    @Test(arguments: [("2026-11-09", true), ("2026-11-08", false), ("2026-11", true), ("2026-10", false)])
    func `it is at most so many days from the finish to its record`(day: String, isOwed: Bool) {
        #expect(announced(seen("a:b:1", on: day)) == isOwed)
        #expect(announced(seen("a:b:1", on: day), maxAgeDays: 0))
    }

    @Test func `an undated finish is as old as its entry says`() {
        #expect(announced(seen("a:b:1", logged: "2026-11-20T10:00:00Z")))
        #expect(!announced(seen("a:b:1", logged: "2026-11-01T10:00:00Z")))
        #expect(announced(seen("a:b:1")))
    }

    @Test func `a feed that does not announce, and a backfill, owe nothing`() {
        #expect(!announced(seen("a:b:1", on: "2026-11-20"), feed("films") { $0.announces = false }))
        #expect(!announced(seen("a:b:1", on: "2026-11-20"), backfill: "b1"))
    }

    @Test func `what a person adds by hand is announced`() {
        var log = Chronicle()
        #expect(log.see(seen("hand:add:1", in: "hand", on: "2026-11-23"), Arrival()).finished?.announce == ["x"])
    }

    @Test func `an edit and a network added later announce nothing`() {
        var log = Chronicle(feed("films"))
        log.see(seen("a:b:1", on: "2026-11-20"))
        var settings = log.state.configuration
        settings.announce.networks.append(Configuration.Network("mastodon"))
        log.record([.configured(settings)])
        log.see(seen("a:b:1", titled: "Ran!", on: "2026-11-21"))
        #expect(log.owed == ["a:b:1"])
    }

    @Test func `what was forgotten is taken quietly when it is seen again`() {
        var log = Chronicle(feed("films"))
        log.see(seen("a:b:1", on: "2026-11-20"))
        log.record([.forgotten(FinishID("a:b:1"))])
        #expect(log.state.outbox.isEmpty)
        #expect(log.state.announcements.map(\.status) == [.skipped])
        let facts = log.see(seen("a:b:1", on: "2026-11-20"))
        #expect(facts.types == ["finished"])
        #expect(facts.finished?.announce == [])
        #expect(log.state.outbox.isEmpty)
        #expect(log.see(seen("a:b:1", on: "2026-11-20")).isEmpty)
    }

    // MARK: likeness

    private func twins(
        _ day: String, merges: Bool = false, _ change: (inout Finish) -> Void = { _ in }
    ) -> (Chronicle, [Fact]) {
        var log = Chronicle(feed("films"), feed("plays")) {
            ($0.mergesDuplicates, $0.announce.maxAgeDays) = (merges, 0)
        }
        log.see(seen("letterboxd:viewing:1", titled: "The Thing (1982)", on: "2026-11-20"))
        log.days(14)
        let facts = log.see(seen("trakt:play:7", in: "plays", titled: "Thing", on: day, change))
        return (log, facts)
    }

    @Test func `the same work from two services within 14 days is held for a person`() {
        let (log, facts) = twins("2026-11-18")
        #expect(facts.types == ["finished", "announcement-held"])
        #expect(log.state.announcements.map(\.status) == [.pending, .held])
        #expect(log.shown.count == 2)
        #expect(log.state.outbox.count == 1)
    }

    @Test func `what has no day counts as finished when it was noted`() {
        var log = Chronicle(feed("films"), feed("plays"))
        log.see(seen("letterboxd:viewing:1", titled: "The Thing (1982)"))
        let facts = log.see(seen("trakt:play:7", in: "plays", titled: "Thing", on: "2026-11-22"))
        #expect(facts.types == ["finished", "announcement-held"])
        #expect(log.state.suspicions().map(\.younger.id.text) == ["trakt:play:7"])
        log.now = log.now.adding(seconds: 15 * 86_400)
        #expect(log.see(seen("simkl:play:7", in: "plays", titled: "The Thing")).types == ["finished"])
    }

    @Test func `settings may merge it`() {
        let (log, facts) = twins("2026-11-18", merges: true)
        #expect(facts.last == .merged(
            id: FinishID("trakt:play:7"), into: FinishID("letterboxd:viewing:1"), by: .likeness))
        #expect(log.shown == ["letterboxd:viewing:1"])
        #expect(log.owed == ["letterboxd:viewing:1"])
    }

    @Test func `another kind, creator or season, or 15 days, is another work`() {
        #expect(twins("2026-12-04").1.types == ["finished", "announcement-held"])
        #expect(twins("2026-12-05").1.types == ["finished"])
        #expect(twins("2026-11-18") { $0.kind = .tv }.1.types == ["finished"])
        #expect(twins("2026-11-18") { $0.title = "The Things" }.1.types == ["finished"])
        var log = Chronicle(feed("a"), feed("b"))
        let first: (inout Finish) -> Void = { ($0.creator, $0.season) = ("A. Wirth", 1) }
        log.see(seen("one:x:1", in: "a", titled: "Dark", on: "2026-11-20", first))
        let other = seen("two:y:1", in: "b", titled: "Dark", on: "2026-11-20") { $0.creator = "B. Odar" }
        #expect(log.see(other).types == ["finished"])
        let second = seen("two:y:2", in: "b", titled: "Dark", on: "2026-11-20") { $0.season = 2 }
        #expect(log.see(second).types == ["finished"])
    }

    @Test func `two viewings of one service are never one, whatever brought them`() {
        var log = Chronicle(feed("films")) { $0.mergesDuplicates = true }
        log.see(seen("letterboxd:viewing:1", in: "letterboxd", on: "2026-11-15"), Arrival(backfill: "b"))
        #expect(log.see(seen("letterboxd:viewing:2", on: "2026-11-20")).types == ["finished"])
        #expect(log.shown.count == 2)
    }

    @Test func `two viewings under a feed's old and new name are two`() {
        var log = Chronicle(feed("films")) { $0.mergesDuplicates = true }
        log.see(seen("feed:films:id:1", on: "2026-11-19"))
        var settings = log.state.configuration
        settings.feeds = [feed("cinema") { $0.renamedFrom = ["films"] }]
        log.record([.configured(settings)])
        #expect(log.see(seen("feed:films:id:2", in: "cinema", on: "2026-11-20")).types == ["finished"])
        #expect(log.shown.count == 2)
    }

    @Test func `two viewings on two services stay two when they are merged by likeness`() {
        var log = Chronicle(feed("films"), feed("plays")) { $0.mergesDuplicates = true }
        log.see(seen("letterboxd:viewing:1", on: "2026-11-12"))
        log.see(seen("letterboxd:viewing:2", on: "2026-11-20"))
        log.see(seen("trakt:play:8", in: "plays", on: "2026-11-20"))
        log.see(seen("trakt:play:7", in: "plays", on: "2026-11-12"))
        #expect(log.shown == ["letterboxd:viewing:1", "letterboxd:viewing:2"])
        #expect(log.state.finish(withKey: "trakt:play:8")?.id.text == "letterboxd:viewing:2")
        #expect(log.state.finish(withKey: "trakt:play:7")?.id.text == "letterboxd:viewing:1")
    }

    @Test func `a repeat is not taken for its own work`() {
        var log = Chronicle(feed("list")) { $0.mergesDuplicates = true }
        log.see(seen("mal:anime:5", in: "mal", on: "2026-11-10", repeats: .perDay), Arrival(backfill: "b"))
        #expect(log.see(seen("mal:anime:5", in: "list", on: "2026-11-12", repeats: .perDay)).types == ["finished"])
        #expect(log.shown.count == 2)
    }

    @Test(arguments: [
        ("The Thing (1982)", "thing", true), ("Piranesi (Novel) (2020)", "PIRANESI", true),
        ("WALL·E", "wall e", true), ("A", "a", true), ("(500) Days of Summer", "500 days of summer", true),
        ("★", "★★", false), ("...", "!!!", false),
    ])
    func `titles are compared without brackets, articles and signs`(
        one: String, two: String, isSame: Bool
    ) {
        #expect((Likeness.normalised(one) == Likeness.normalised(two)) == isSame)
    }
}
