import Testing

@testable import Formats

@Suite struct TOMLDatesTests {
    static let civil = CivilTime(year: 2026, month: 11, day: 23, hour: 14, minute: 5, second: 9)

    @Test(arguments: [
        ("2026-11-23T14:05:09Z", TOMLContent.offsetDateTime(civil, nanoseconds: 0, offset: 0)),
        ("2026-11-23t14:05:09z", .offsetDateTime(civil, nanoseconds: 0, offset: 0)),
        (
            "2026-11-23 14:05:09.5-07:30",
            .offsetDateTime(civil, nanoseconds: 500_000_000, offset: -27_000)
        ),
        ("2026-11-23T14:05:09+02:00", .offsetDateTime(civil, nanoseconds: 0, offset: 7200)),
        (
            "2026-11-23 14:05:09.123456789987",
            .localDateTime(civil, nanoseconds: 123_456_789)
        ),
        (
            "14:05:09.25",
            .localTime(TOMLTime(hour: 14, minute: 5, second: 9, nanoseconds: 250_000_000))
        ),
        ("23:59:60", .localTime(TOMLTime(hour: 23, minute: 59, second: 60))),
    ])
    func `a date-time keeps its written clock`(notation: String, content: TOMLContent) throws {
        #expect(try tomlTable("a = " + notation + " # c")["a"]?.content == content)
    }

    @Test(arguments: ["2026-11-23", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])
    func `a date is a day`(notation: String) throws {
        let day = try #require(Day(notation))
        #expect(try tomlTable("a = " + notation + " # c")["a"]?.content == .localDate(day))
    }

    @Test(arguments: [
        ("2026-02-29", "a date that the calendar has"),
        ("1900-02-29", "a date that the calendar has"),
        ("0000-01-01", "a date that the calendar has"),
        ("2026-11", "a date like 1979-05-27"),
        ("2026-1-2", "a date like 1979-05-27"),
        ("2026-11-23x", "a date like 1979-05-27, with T before a time"),
        ("2026-11-23T", "a time like 07:32:00"),
        ("7:32:00", "a time like 07:32:00"),
        ("24:00:00", "a time from 00:00:00 to 23:59:60"),
        ("07:32:61", "a time from 00:00:00 to 23:59:60"),
        ("07:32:00.", "a digit after the point of the seconds"),
        ("07:32:00Z", "a time like 07:32:00 and nothing after it"),
        ("2026-11-23T07:32:00+2", "an offset like Z or +02:00 after the time"),
        ("2026-11-23T07:32:00+24:00", "an offset from -23:59 to +23:59"),
        ("2026-11-23T07:32:00Zulu", "a date-time and nothing after it"),
    ])
    func `a mistake in a date is said with its place`(notation: String, expected: String) {
        #expect(
            tomlMessage("a = \(notation) # c") == "1:5: found \"\(notation)\", expected \(expected)"
        )
    }
}
