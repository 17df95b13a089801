import Formats
import Testing

@Suite struct DayTests {
    @Test(arguments: ["2026-11-20", "2026-11", "2026", "0001-01-01", "9999-12-31", "2024-02-29"])
    func `a day is written as precisely as it is known`(text: String) {
        #expect(Day(text)?.description == text)
    }

    @Test(arguments: [
        "", "26", "2026-", "2026-1", "2026-11-", "2026-11-2", "2026-11-31", "2026-00", "2026-13", "0000",
        "2026/11/20", "2026-11-200", " 2026", "２０２６", "-026", "2026-11-20T", "20261120", "2026-02-29",
    ])
    func `nothing else is one`(text: String) {
        #expect(Day(text) == nil)
    }

    @Test func `what is not known counts as the first, or the last`() {
        #expect(Day("2024")?.first == CivilTime(year: 2024, month: 1, day: 1))
        #expect(Day("2024")?.last == CivilTime(year: 2024, month: 12, day: 31))
        #expect(Day("2024-02")?.last == CivilTime(year: 2024, month: 2, day: 29))
        #expect(Day("2023-02")?.last == CivilTime(year: 2023, month: 2, day: 28))
        #expect(Day("2024-02-10")?.first == Day("2024-02-10")?.last)
        #expect(Day("2024-02-10")?.noon.description == "2024-02-10T12:00:00Z")
        #expect(Day("2024-02-28")!.days(to: Day("2024-03-01")!) == 2)
        #expect(Day("2024-03")!.days(to: Day("2024-02-28")!) == -2)
        #expect(Day(year: 2024, day: 3) == nil)
    }

    @Test func `days are ordered by their first, the less precise before`() {
        let days = ["2023-12-31", "2024", "2024-01", "2024-01-01", "2024-01-02", "2024-02"].map { Day($0)! }
        #expect(days.shuffled().sorted() == days)
    }

    @Test(arguments: [
        ("2026-11-23T23:30:00Z", 3600, "2026-11-24"), ("2026-11-23T23:30:00Z", 0, "2026-11-23"),
        ("2026-01-01T00:30:00Z", -3600, "2025-12-31"), ("1969-12-31T23:59:59Z", 0, "1969-12-31"),
    ])
    func `the day of an instant is that of the clock there`(text: String, offset: Int, day: String) {
        #expect(Day(of: Instant(rfc3339: text)!, offset: offset).description == day)
    }

    /// .NET writes `DateTime.MaxValue` and `MinValue` where it has no date.
    @Test(arguments: [
        ("9999-12-31T23:59:59Z", 3600, "9999-12-31"), ("0001-01-01T00:00:00Z", -18_000, "0001-01-01"),
    ])
    func `no clock shows a day that cannot be written`(text: String, offset: Int, day: String) {
        #expect(Day(of: Instant(rfc3339: text)!, offset: offset).description == day)
        for seconds in [Int64.min, Int64.max] {
            #expect(Day(Day(of: Instant(seconds: seconds), offset: offset).description) != nil)
        }
    }
}
