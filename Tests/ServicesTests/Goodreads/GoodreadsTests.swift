import Catalogue
import Formats
import Testing
@testable import Services

@Suite struct GoodreadsShelfTests {
    let key = "Zk3vQ9mXw27TbLrP5nYc"
    var address: String {
        "https://www.goodreads.com/review/list_rss/900123?key=\(key)&shelf=%23ALL%23"
    }

    @Test func `the shelves tell what is read`() throws {
        let reading = try Fixture.read("feeds/goodreads-shelf-window.xml", address: address)
        #expect(reading.service == "goodreads")
        #expect(reading.finished == [true, true, false, false, false])
        #expect(reading.reasons == ["", "", "wants to read", "currently reading", "abandoned"])
    }

    @Test func `the shelf that was asked for counts most`() throws {
        let read = try Fixture.read(
            "feeds/goodreads-shelf-window.xml",
            address: "https://www.goodreads.com/review/list_rss/900123?shelf=read")
        #expect(read.finished == [true, true, true, true, true])
        let wanted = try Fixture.read(
            "feeds/goodreads-shelf-window.xml",
            address: "https://www.goodreads.com/review/list_rss/900123?shelf=to-read")
        #expect(wanted.finished == [false, false, false, false, false])
    }

    @Test func `a book is known by its review and by its number, and may be read again`() throws {
        let sighting = try Fixture.read("feeds/goodreads-shelf-window.xml").recognised[0].sighting
        #expect(sighting.keys.map(\.text) == ["goodreads:review:7000001", "goodreads:book:810001"])
        #expect(sighting.repeatPolicy == .afterDays(30))
    }

    @Test func `the read day is the one written, in its own offset`() throws {
        let reading = try Fixture.read("feeds/goodreads-shelf-window.xml", offset: 3600)
        #expect(reading.days == ["2026-11-13", nil, nil, "2025-02-14", nil])
        #expect(reading.recognised[0].sighting.finish.instant == nil)
    }

    @Test func `white space in names is one blank and a review is reduced`() throws {
        let reading = try Fixture.read("feeds/goodreads-shelf-window.xml")
        let finish = reading.recognised[0].sighting.finish
        #expect(finish.title == "The Glass Orchard (Orchard Cycle, #2)")
        #expect(finish.creator == "Odile Farrow")
        #expect(finish.review == "Slow, then <b>not</b>.")
        #expect(finish.rating == Rating(value: 400, best: 500))
        #expect(finish.cover == "https://i.example.org/books/810001.jpg")
        #expect(
            finish.identifiers == [
                Identifier("goodreadsBook", "810001"), Identifier("isbn", "0316000001"),
            ])
        let old = reading.recognised[1].sighting.finish
        #expect(old.year == -350)
        #expect(old.rating == nil)
        #expect(old.cover == nil)
        #expect(old.identifiers == [Identifier("goodreadsBook", "810002")])
    }

    @Test func `the key of a private shelf reaches no sighting`() throws {
        let reading = try Fixture.read("feeds/goodreads-shelf-window.xml", address: address)
        #expect(!"\(reading)".contains(key))
        let unaddressed = try Fixture.read("feeds/goodreads-shelf-window.xml")
        #expect(!"\(unaddressed)".contains(key))
    }

    @Test func `evidence keeps the shelves of what was passed over within a kilobyte`() throws {
        let passed = try Fixture.read("feeds/goodreads-shelf-window.xml").recognised[4].sighting
        #expect(passed.stated.contains(Stated("user_shelves", "abandoned")))
        let bytes = passed.stated.reduce(0) { $0 + $1.name.utf8.count + $1.text.utf8.count }
        #expect(bytes <= 1024)
    }

    @Test func `a profile leads to the shelf of read books`() {
        let profile = Services.profile("https://www.goodreads.com/user/show/900123-ivo")
        #expect(profile?.address == "https://www.goodreads.com/review/list_rss/900123?shelf=read")
        #expect(profile?.name == "books")
    }
}

@Suite struct GoodreadsUpdatesTests {
    @Test func `only what was finished is a finish`() throws {
        let reading = try Fixture.read("feeds/goodreads-updates.xml")
        #expect(reading.service == "goodreads")
        #expect(reading.why == "guid ReadStatus50001")
        #expect(reading.finished == [true, false, false, false, false, false])
        #expect(
            reading.reasons == [
                "", "wants to read", "rated or reviewed, which does not say finished",
                "a note of progress", "not about a book of theirs", "not about a book of theirs",
            ])
    }

    @Test func `the book is read out of the description and its day is the person's`() throws {
        let reading = try Fixture.read("feeds/goodreads-updates.xml", offset: -8 * 3600)
        let sighting = reading.recognised[0].sighting
        #expect(sighting.finish.title == "Ten O'Clock Bread")
        #expect(sighting.finish.creator == "Rosa Lund")
        #expect(sighting.finish.day == Day("2026-11-12"))
        #expect(sighting.finish.instant == Instant(rfc3339: "2026-11-13T07:39:35Z"))
        #expect(sighting.keys.map(\.text) == ["goodreads:review:7000010", "goodreads:book:810010"])
        #expect(reading.recognised[2].sighting.finish.rating == Rating(value: 400, best: 500))
    }
}
