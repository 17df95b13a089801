import Catalogue
import Formats
import Testing
@testable import Services

@Suite struct LetterboxdTests {
    let reading: Reading

    init() throws {
        reading = try Fixture.read(
            "feeds/letterboxd-window.xml", address: "https://letterboxd.com/miravt/rss/")
    }

    @Test func `viewings are finishes and lists are not`() {
        #expect(reading.service == "letterboxd")
        #expect(reading.why == "address")
        #expect(reading.isWindowOrdered)
        #expect(reading.finished == [true, true, true, true, true, false])
        #expect(reading.reasons.last == "a list")
    }

    @Test func `without an address the guids tell the service`() throws {
        let told = try Fixture.read("feeds/letterboxd-window.xml")
        #expect(told.service == "letterboxd")
        #expect(told.why == "guid letterboxd-watch-900000105")
    }

    @Test func `a viewing is known by its number whatever word stands before it`() {
        #expect(
            reading.firstKeys == [
                "letterboxd:viewing:900000105", "letterboxd:viewing:900000104",
                "letterboxd:viewing:900000103", "letterboxd:viewing:900000102",
                "letterboxd:viewing:900000101", "letterboxd:list:5000001",
            ])
        #expect(reading.recognised[1].sighting.entry == "letterboxd-review-900000104")
    }

    @Test func `the film's own elements are taken, not the item's title`() {
        let finish = reading.recognised[0].sighting.finish
        #expect(finish.title == "The Lamplighter's Daughter")
        #expect(finish.year == 1968)
        #expect(finish.creator == nil)
        #expect(finish.kind == .movie)
        #expect(finish.day == Day("2026-11-15"))
        #expect(finish.instant == nil)
        #expect(finish.rating == Rating(value: 450, best: 500))
        #expect(finish.cover == "https://a.example.org/poster/700001.jpg?v=1a")
        #expect(finish.identifiers == [Identifier("tmdbMovie", "700001")])
    }

    @Test func `poster, spoiler line and the line of the day are no review`() {
        let reviews = reading.recognised.map(\.sighting.finish.review)
        #expect(reviews[0] == nil)
        #expect(
            reviews[1]
                == "<p>The mine <b>was</b> the <a href=\"https://example.org/mine\">villain</a>.</p>"
                + "<p>Watched on a train.</p>")
        #expect(reviews[3] == "<p>Hum.</p>")
    }

    @Test func `a spoiler and a rewatch are marked`() {
        #expect(
            reading.recognised.map(\.sighting.finish.spoiler) == [
                false, true, false, false, false, false,
            ])
        #expect(reading.recognised[1].sighting.finish.isRepeat)
        #expect(!reading.recognised[0].sighting.finish.isRepeat)
    }

    @Test func `a number of the series catalogue makes it a series`() {
        let finish = reading.recognised[2].sighting.finish
        #expect(finish.kind == .tv)
        #expect(finish.identifiers == [Identifier("tmdbTv", "80003")])
    }

    @Test func `a review without a diary date is finished on a day nobody knows`() {
        let sighting = reading.recognised[3].sighting
        #expect(sighting.finish.day == nil)
        #expect(sighting.logged == Instant(rfc3339: "2026-11-10T20:00:00Z"))
    }

    @Test func `a year that is not known is absent`() {
        #expect(reading.recognised[4].sighting.finish.year == nil)
        #expect(reading.titles[4] == "Untitled Fog Film")
    }

    @Test(arguments: [
        ("https://letterboxd.com/miravt", "https://letterboxd.com/miravt/rss/"),
        ("letterboxd.com/miravt/films/diary/", "https://letterboxd.com/miravt/rss/"),
        ("https://letterboxd.com/miravt/rss/", "https://letterboxd.com/miravt/rss/"),
    ])
    func `a member's page leads to the feed`(page: String, feed: String) {
        let profile = Services.profile(page)
        #expect(profile?.address == feed)
        #expect(profile?.service == "letterboxd")
        #expect(profile?.exportHint == "Letterboxd: Settings → Data → Export your data")
    }

    @Test func `a page of the site itself is nobody's profile`() {
        #expect(Services.profile("https://letterboxd.com/films/") == nil)
    }
}
