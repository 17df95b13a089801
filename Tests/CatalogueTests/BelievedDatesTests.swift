import Formats
import Testing

@testable import Catalogue

/// Now is 2026-11-23T14:00:00Z.
@Suite struct BelievedDatesTests {
    private func day(_ day: String, _ instant: String? = nil, _ arrival: Arrival? = nil) -> String? {
        var log = Chronicle(feed("films"))
        let sighting = seen("a:b:1", on: day) { $0.instant = instant.flatMap { Instant(rfc3339: $0) } }
        let finish = log.see(sighting, arrival).finished?.finish
        if finish?.day == nil { #expect(finish?.instant == nil) }
        return finish?.day?.description
    }

    @Test(arguments: ["9999-12-31", "0001-01-01", "1899-12-31", "2026-11-25", "2026-12", "2027"])
    func `a day that cannot be is no day of a finish, of a feed or of an export`(text: String) {
        #expect(day(text) == nil)
        #expect(day(text, nil, Arrival(backfill: "b")) == nil)
    }

    @Test(arguments: ["1969-12-31", "1969", "1900-01-01"])
    func `before 1970 a day is believed of an export alone`(text: String) {
        #expect(day(text) == nil)
        #expect(day(text, nil, Arrival(backfill: "b")) == text)
    }

    @Test(arguments: ["1970-01-01", "1970", "2026-11-23", "2026-11-24", "2026-11", "2026"])
    func `any other is`(text: String) {
        #expect(day(text) == text)
    }

    @Test func `an instant is believed until it is more than a day ahead`() {
        #expect(day("2026-11-24", "2026-11-24T14:00:00Z") == "2026-11-24")
        #expect(day("2026-11-24", "2026-11-24T14:00:01Z") == nil)
        // On Kiritimati.
        #expect(day("2026-11-25", "2026-11-24T13:00:00Z") == "2026-11-25")
        // The first second of Unix, in New York.
        #expect(day("1969-12-31", "1970-01-01T00:00:00Z") == nil)
    }

    @Test func `a person's word stands`() {
        #expect(day("1965-07-01", nil, Arrival()) == "1965-07-01")
    }

    @Test func `it is as new as an entry without a date, and held for being as old as one`() {
        var log = Chronicle(feed("films"))
        let ahead = seen("a:b:1", on: "9999-12-31", logged: "9999-12-31T23:59:59Z")
        #expect(log.state.believed(ahead, now: log.now).isUndated)
        #expect(log.see(ahead).finished?.announce == ["x"])
        // Nothing is said again while the feed says it again.
        #expect(log.see(ahead).isEmpty)
    }

    @Test func `the day is taken when the feed has mended it, and when it has come`() {
        var log = Chronicle(feed("films"))
        log.see(seen("a:b:1", on: "0001-01-01"))
        #expect(log.see(seen("a:b:1", on: "2026-11-20")).revised?.change.set.count == 1)
        log.see(seen("a:b:2", on: "2026-12-24"))
        log.days(40)
        log.see(seen("a:b:2", on: "2026-12-24"))
        #expect(log.finish("a:b:2")?.day?.description == "2026-12-24")
    }

    @Test func `a clock that stands still in the past takes no day away`() {
        var log = Chronicle(feed("films"))
        log.see(seen("a:b:1", on: "2026-11-20"))
        log.now = Instant(seconds: 0)
        #expect(log.see(seen("a:b:2", on: "2026-11-22")).finished?.finish.day?.description == "2026-11-22")
    }
}
