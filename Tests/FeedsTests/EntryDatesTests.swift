import Formats
import Testing

@testable import Feeds

@Suite struct EntryDatesTests {
    @Test(arguments: [
        ("Thu, 01 Jan 2004 19:48:21 GMT", "2004-01-01T19:48:21Z"),
        ("1 Jan 04 19:48 +0200", "2004-01-01T17:48:00Z"),
        ("Tue, 01 Jun 2004 19:48:21 EDT", "2004-06-01T23:48:21Z"),
        ("Wed, 19 Feb 2012 22:40:00 GMT-01:01", "2012-02-19T23:41:00Z"),
        ("Wed, 19 Aug 2009 18:28:00 Etc/GMT", "2009-08-19T18:28:00Z"),
        ("Mon, 02 Jan 2006 15:04:05 -0700 (MST)", "2006-01-02T22:04:05Z"),
        ("Thurs 01 January 2004", "2004-01-01T00:00:00Z"),
        ("Thursday, 01-Jan-04 19:48:21 GMT", "2004-01-01T19:48:21Z"),
        ("Sun Jan  4 16:29:06 2004", "2004-01-04T16:29:06Z"),
        ("Sun Jul 15 01:16:00 +0000 2012", "2012-07-15T01:16:00Z"),
        ("2003-12-31t10:14:55.123-08:00", "2003-12-31T18:14:55Z"),
        ("2003-12-31 10:14", "2003-12-31T10:14:00Z"),
        ("20060102T150405Z", "2006-01-02T15:04:05Z"),
        ("January 2, 2006 3:04 PM", "2006-01-02T15:04:00Z"),
        ("2nd Jan 2006", "2006-01-02T00:00:00Z"),
        ("1136214245", "2006-01-02T15:04:05Z"),
        ("Fri, 2006/09/15 08:19:53 EDT", "2006-09-15T12:19:53Z"),
        ("13. März 2012 08:00", "2012-03-13T08:00:00Z"),
        ("Mon, 2 Jan 2006 24:00:00 GMT", "2006-01-03T00:00:00Z"),
        ("2003-06-31", "2003-07-01T00:00:00Z"),
        ("January 2, 2006 3:04 a.m.", "2006-01-02T03:04:00Z"),
        ("January 2, 2006 12:04 p.m.", "2006-01-02T12:04:00Z"),
        ("January 2, 2006 12:04 A.M.", "2006-01-02T00:04:00Z"),
        ("January 2, 2006 7:48 p.m. GMT", "2006-01-02T19:48:00Z"),
        ("2 enero 2006 3:04 p.\u{A0}m.", "2006-01-02T15:04:00Z"),
        ("Mon, 02 Jan 2006 15:04:05 A", "2006-01-02T16:04:05Z"),
        ("mar., 07 mars 2006 10:00:00 +0100", "2006-03-07T09:00:00Z"),
        ("Mar, 07 Feb 2006 10:00:00 +0100", "2006-02-07T09:00:00Z"),
        ("mar 7 marzo 2006", "2006-03-07T00:00:00Z"), ("mar. 07.03.2006", "2006-03-07T00:00:00Z"),
        ("Mar, 07 2006", "2006-03-07T00:00:00Z"), ("07 mar 2006", "2006-03-07T00:00:00Z"),
        ("lundi 2006-03-06", "2006-03-06T00:00:00Z"), ("Xyz 06 Mar 2006", "2006-03-06T00:00:00Z"),
        ("1 Jan 104", "2004-01-01T00:00:00Z"), ("Mon, 1 Jan 99 10:00 GMT", "1999-01-01T10:00:00Z"),
        ("2003-12-31-05:00", "2003-12-31T05:00:00Z"), ("2003-12-31+05:00", "2003-12-30T19:00:00Z"),
        ("2003-12-31Z", "2003-12-31T00:00:00Z"), ("2003-12-31-10:14:55", "2003-12-31T10:14:55Z"),
        ("Thu, 01 Jan 2004 19:48:21 Eastern", "2004-01-01T19:48:21Z"),
        ("2004-01-01 19:48 America/New_York", "2004-01-01T19:48:00Z"),
        ("2004-01-01T19:48:21+01:00[Europe/Paris]", "2004-01-01T18:48:21Z"),
        ("Thu,\u{A0}01\u{A0}Jan\u{A0}2004\u{A0}19:48:21\u{A0}GMT", "2004-01-01T19:48:21Z"),
        ("January 2, 2006 3:04\u{202F}PM", "2006-01-02T15:04:00Z"),
        ("Thu, 01 Jan 2004 19:48:21 -0500 (EST (New York) -5)", "2004-01-02T00:48:21Z"),
    ])
    func `a date as feeds write it`(text: String, instant: String) {
        #expect(EntryDates.read(text)?.instant.description == instant)
    }

    @Test(arguments: [
        "", "yesterday", "Sun, 16 zzz 2012 11:47:32 GMT", "Sun, 99 Jun 2009 12:00:00 GMT",
        "2003-12-31T25:14:55Z", "2003-12-31T10:61:55Z", "2013-01-28T11:30:00-06:00Textra",
        "02/01/2006", "12:30", "0000-01-01", "2012-02-40", "0001-01-01T00:30:00+01:00",
        "Mon, 01 Jan 0001 00:00 +0100", "9999-12-31T23:30:00-01:00", "9999-12-31T24:00:00Z",
        "9999-12-31T23:59:60Z", "Thu, 99 Jan 04 19:48:21 GMT", "32 Jan 04", "00 Jan 04", "Jan 99 04", "0", "99",
        "123", "00 Jan", "20060102 15", "1136 214245", "-2004-01-01", "junk 2003-12-31", "junk 2003",
        "Thu, 01 Jan 2004 19:48:21 EST PST", "2004-01-01T19:48:21 two words", "2004-01-01T19:48:21Europe/London",
    ])
    func `what is no date is none`(text: String) {
        #expect(EntryDates.read(text) == nil)
    }

    @Test func `the day is the one that is written, in its own zone`() {
        let date = EntryDates.read("Fri, 04 Feb 2022 23:12:15 -0800")
        #expect(date?.day.description == "2022-02-04")
        #expect(date?.instant.description == "2022-02-05T07:12:15Z")
    }

    @Test func `what is not stated is told apart from midnight UTC`() {
        #expect(EntryDates.read("2024-05-26")?.hasTime == false)
        #expect(EntryDates.read("2024-05-26T10:00:00")?.hasZone == false)
        #expect(EntryDates.read("2024-05")?.day.description == "2024-05")
        let day = EntryDates.read("2024-05-26-05:00")
        #expect(day?.hasTime == false && day?.hasZone == true && day?.day.description == "2024-05-26")
    }
}
