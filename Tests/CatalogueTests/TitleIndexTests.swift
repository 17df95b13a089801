import Formats
import Testing

@testable import Catalogue

@Suite struct TitleIndexTests {
    /// With an index and without one the same finish is found.
    @Test(arguments: ["Ran", "\"Quoted\" \\ title", "é", "A, B", "\",\"year\":7"])
    func `an undated row meets its viewing with an index as without`(title: String) {
        for isIndexed in [false, true] {
            var log = Chronicle(feed("films"))
            log.see(seen("letterboxd:viewing:1", titled: "Other", on: "2026-11-01") { $0.year = 1985 })
            log.see(seen("letterboxd:viewing:2", titled: "Working title", on: "2026-11-02") { $0.year = 1985 })
            if isIndexed { log.state.prepareForMany() }
            log.see(seen("letterboxd:viewing:2", titled: title, on: "2026-11-02") { $0.year = 1985 })
            let facts = log.see(
                seen("letterboxd:film:9", in: "letterboxd", titled: title) { $0.year = 1985 },
                Arrival(backfill: "b"))
            #expect(facts.revised?.id.text == "letterboxd:viewing:2")
        }
    }

    @Test func `a remake is found by its year, whatever else bears the title`() {
        for isIndexed in [false, true] {
            var log = Chronicle(feed("films"))
            for year in [1937, 1954, 1976, 2018] {
                log.see(
                    seen("letterboxd:viewing:\(year)", titled: "A Star Is Born", on: "2026-11-01") {
                        ($0.year, $0.creator) = (year, "\",\"year\":1976")
                    })
            }
            if isIndexed { log.state.prepareForMany() }
            for (code, year) in [(9, 1954), (8, 2018), (7, 1900)] {
                let facts = log.see(
                    seen("letterboxd:film:\(code)", in: "letterboxd", titled: "A Star Is Born") { $0.year = year },
                    Arrival(backfill: "b"))
                let found = (facts.revised?.id ?? facts.finished?.id)?.text
                #expect(found == (year == 1900 ? "letterboxd:film:7" : "letterboxd:viewing:\(year)"))
            }
        }
    }

    /// Also of what came after the index was made.
    @Test(arguments: ["Ran", "The Thing (1982)", "\"Quoted\" \\ title", "É", "★"])
    func `a duplicate is merged with an index as without`(title: String) {
        for (isIndexed, comesLater) in [(false, false), (true, false), (true, true)] {
            var log = Chronicle(feed("films")) { $0.mergesDuplicates = true }
            if isIndexed, comesLater { log.state.prepareForMany() }
            log.see(seen("letterboxd:viewing:1", titled: title, on: "2026-11-12"))
            log.see(seen("letterboxd:viewing:2", titled: title, on: "2026-10-12"))
            if isIndexed, !comesLater { log.state.prepareForMany() }
            log.see(
                seen("trakt:play:7", in: "trakt", titled: title, on: "2026-11-14"), Arrival(backfill: "b"))
            #expect(log.state.finish(withKey: "trakt:play:7")?.id.text == "letterboxd:viewing:1")
        }
    }
}
