import Formats
import Testing

@testable import Catalogue

/// PRODUCT section 5, `withdrawn`: gone from the middle of its feed's window in two good polls in a row
/// while an older entry of that window is still there.
@Suite struct WithdrawalsTests {
    /// Plays polls one after the other; what each withdrew.
    private func play(_ polls: [String]) -> [String] {
        var window: [String] = []
        var missing: [String] = []
        var gone: [String] = []
        for poll in polls {
            let now = poll.map { String($0) }
            let found = Withdrawals.find(before: window, now: now, missing: missing)
            gone.append(found.gone.joined())
            (window, missing) = (found.window, found.missing)
        }
        return gone
    }

    @Test(arguments: [
        // Each letter an entry, newest first.
        (["DCBA", "DCA", "DCA"], ["", "", "B"], "gone from the middle twice"),
        (["DCBA", "DCA"], ["", ""], "gone once"),
        (["DCBA", "DCA", "DCBA", "DCA"], ["", "", "", ""], "back in between"),
        (["DCBA", "DCB", "DCB"], ["", "", ""], "left at the end"),
        (["DCBA", "EDC", "FED"], ["", "", ""], "left at the end, one after the other"),
        (["DCBA", "DCA", "DC"], ["", "", ""], "no older entry is there the second time"),
        (["DCBA", "EDCA", "FEDCA"], ["", "", "B"], "news above changes nothing"),
        (["DCBA", "DA", "DA", "DA"], ["", "", "CB", ""], "two at once, said once"),
        (["DCBA", "DA", "DCA", "DCA"], ["", "", "B", ""], "one comes back"),
        (["DCBA", "ZYX", "ZYX"], ["", "", ""], "everything is new"),
        (["DCBA", "", "DCBA"], ["", "", ""], "nothing is there"),
        (["DCBA", "CDBA", "DCAB"], ["", "", ""], "another order"),
    ])
    func `windows tell what was taken away`(polls: [String], gone: [String], name: String) {
        #expect(play(polls) == gone, "\(name)")
    }

    @Test func `only what its feed alone has shown is withdrawn, once`() {
        var log = Chronicle(feed("films"), feed("plays"))
        log.see(seen("letterboxd:viewing:1", on: "2026-11-10"))
        let facts = log.state.withdraw(["letterboxd:viewing:1", "unknown"], feed: "films")
        #expect(facts == [.withdrawn(id: FinishID("letterboxd:viewing:1"), feed: "films")])
        #expect(log.state.withdraw(["letterboxd:viewing:1"], feed: "plays").isEmpty)
        log.record(facts)
        #expect(log.shown.isEmpty)
        #expect(log.state.isWithdrawn(FinishID("letterboxd:viewing:1")))
        #expect(log.state.withdraw(["letterboxd:viewing:1"], feed: "films").isEmpty)
    }

    @Test func `what another feed shows stays, even when it had nothing to add`() {
        var log = Chronicle(feed("films"), feed("plays"))
        log.see(seen("letterboxd:viewing:1", on: "2026-11-10"))
        #expect(log.see(seen("letterboxd:viewing:1", in: "plays", on: "2026-11-10")).types == ["revised"])
        #expect(log.see(seen("letterboxd:viewing:1", in: "plays", on: "2026-11-10")).isEmpty)
        #expect(log.state.withdraw(["letterboxd:viewing:1"], feed: "films").isEmpty)
    }

    @Test(arguments: [false, true])
    func `an export of the same service keeps nothing, whichever came first`(isFirst: Bool) {
        var log = Chronicle(feed("films"))
        let arrivals = [log.polled("films"), Arrival(backfill: "b")]
        for arrival in isFirst ? arrivals.reversed() : arrivals {
            let feed = arrival.backfill == nil ? "films" : "letterboxd"
            log.see(seen("letterboxd:viewing:1", in: feed, on: "2026-11-10"), arrival)
        }
        #expect(log.state.withdraw(["letterboxd:viewing:1"], feed: "films").types == ["withdrawn"])
    }

    @Test func `what a backfill alone brought stays, and what another service's export has`() {
        var log = Chronicle(feed("films"))
        log.see(seen("letterboxd:viewing:1", in: "letterboxd", on: "2026-11-10"), Arrival(backfill: "b"))
        #expect(log.state.withdraw(["letterboxd:viewing:1"], feed: "films").isEmpty)
        log.see(seen("letterboxd:viewing:1", on: "2026-11-10"))
        log.see(seen("imdb:title:tt1", in: "imdb", on: "2026-11-10"), Arrival(backfill: "c"))
        log.record([.merged(
            id: FinishID("imdb:title:tt1"), into: FinishID("letterboxd:viewing:1"), by: .person)])
        #expect(log.state.withdraw(["letterboxd:viewing:1"], feed: "films").isEmpty)
    }

    @Test func `a feed under its new name withdraws what it showed under the old one`() {
        var log = Chronicle(feed("films"))
        log.see(seen("letterboxd:viewing:1", on: "2026-11-10"))
        var settings = log.state.configuration
        settings.feeds = [feed("cinema") { $0.renamedFrom = ["films"] }]
        log.record([.configured(settings)])
        log.see(seen("letterboxd:viewing:1", in: "cinema", titled: "Ran!", on: "2026-11-10"))
        #expect(log.state.withdraw(["letterboxd:viewing:1"], feed: "cinema").types == ["withdrawn"])
    }

    @Test func `a merged finish stays while one of its entries is there`() {
        var log = Chronicle(feed("films"))
        log.see(seen("letterboxd:viewing:1", on: "2026-11-10"))
        log.see(seen("letterboxd:viewing:2", on: "2026-11-10"))
        log.record([.merged(
            id: FinishID("letterboxd:viewing:2"), into: FinishID("letterboxd:viewing:1"), by: .person)])
        let keys = ["letterboxd:viewing:1", "letterboxd:viewing:2"]
        for index in 0...1 {
            #expect(log.state.withdraw([keys[index]], feed: "films", window: [keys[1 - index]]).isEmpty)
        }
        #expect(log.state.withdraw(keys, feed: "films", window: []).types == ["withdrawn"])
    }

    @Test func `a withdrawn finish into which one that is there is merged is there again`() {
        var log = Chronicle(feed("films"))
        log.see(seen("letterboxd:viewing:1", on: "2026-11-10"))
        log.record(log.state.withdraw(["letterboxd:viewing:1"], feed: "films"))
        log.see(seen("letterboxd:viewing:2", on: "2026-11-10"))
        log.record([.merged(
            id: FinishID("letterboxd:viewing:2"), into: FinishID("letterboxd:viewing:1"), by: .person)])
        #expect(log.shown == ["letterboxd:viewing:1"])
    }
}
