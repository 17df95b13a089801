import Catalogue
import Formats
import Testing
@testable import Services

@Suite struct GenericFeedTests {
    @Test func `one date on all items is the site's build and no finish date`() throws {
        let reading = try Fixture.read("feeds/blog-built-at-once.xml")
        #expect(reading.service == "blog")
        #expect(reading.why == "no sign of a service")
        #expect(reading.days == ["2026-11-01", "2026-10-11", nil])
        #expect(reading.recognised[0].sighting.finish.instant == nil)
    }

    @Test func `a description that is a status tells kind and end`() throws {
        let reading = try Fixture.read("feeds/blog-built-at-once.xml")
        #expect(reading.finished == [true, false, true])
        #expect(reading.reasons == ["", "book dropped", ""])
        #expect(reading.recognised.map(\.sighting.finish.kind) == [.book, .book, .book])
        #expect(reading.recognised[0].sighting.finish.review == "<p>Worth the wait.</p>")
        #expect(reading.recognised[2].sighting.finish.review == nil)
    }

    @Test func `without rules every entry counts but one that says otherwise`() throws {
        let reading = try Fixture.read("feeds/blog-posts.xml")
        #expect(reading.finished == [true, false, true, true])
        #expect(reading.reasons[1] == "currently reading")
        #expect(reading.titles[0] == "The Salt Road")
        #expect(reading.recognised[0].sighting.finish.creator == "Ada Kerr")
        #expect(reading.recognised[0].sighting.finish.review == "<p>Salty &amp; long.</p>")
    }

    @Test func `the day is the person's, but a date at midnight is the day written`() throws {
        let reading = try Fixture.read("feeds/blog-posts.xml", offset: 3600)
        #expect(reading.days == ["2026-11-16", "2026-11-14", "2026-11-13", "2026-11-12"])
        let instants = reading.recognised.map { $0.sighting.finish.instant?.description }
        #expect(instants[0] == "2026-11-15T23:30:00Z")
        #expect(instants[2] == nil)
    }

    @Test func `a prefix that matches is taken off the title, in any case`() throws {
        let reading = try Fixture.read("feeds/blog-posts.xml") {
            $0.finished.titlePrefix = ["finished reading: ", "Watched "]
        }
        #expect(reading.finished == [true, false, true, false])
        #expect(reading.titles[0] == "The Salt Road by Ada Kerr 📚")
        #expect(reading.titles[2] == "“Hill of Bees” (1988)")
        #expect(reading.reasons[3] == "no rule of [feed.finished] holds")
    }

    @Test func `named groups of a pattern say what of the title is which`() throws {
        let reading = try Fixture.read("feeds/blog-posts.xml") {
            $0.kind = .movie
            $0.finished.titleRegex = ["^Watched “(?<title>.+)” \\((?<year>\\d+)\\)$"]
        }
        #expect(reading.finished == [false, false, true, false])
        let finish = reading.recognised[2].sighting.finish
        #expect(finish.title == "Hill of Bees")
        #expect(finish.year == 1988)
        #expect(finish.kind == .movie)
    }

    @Test(arguments: [["Books"], ["books"], ["nothing", "BOOKS"]])
    func `a category counts in any case`(categories: [String]) throws {
        let reading = try Fixture.read("feeds/blog-posts.xml") { $0.finished.category = categories }
        #expect(reading.finished == [true, false, false, false])
    }

    @Test func `words of the body count`() throws {
        let reading = try Fixture.read("feeds/blog-posts.xml") {
            $0.finished.bodyContains = ["salty & long", "PINCH"]
        }
        #expect(reading.finished == [true, false, false, true])
    }

    @Test func `keys stand in their order and only where they are unique`() throws {
        let reading = try Fixture.read("feeds/blog-posts.xml") {
            $0.renamedFrom = ["notes", "old"]
        }
        let keys = reading.recognised[0].sighting.keys
        #expect(
            keys.prefix(2).map(\.text) == [
                "feed:old:id:https://nora.example/2026/salt-road",
                "feed:old:id://nora.example/2026/salt-road",
            ])
        var rules: [Rule] = []
        for key in keys where rules.last != key.rule { rules.append(key.rule) }
        #expect(rules == [.id, .linkDate, .link, .titleDate])
        #expect(keys.contains { $0.text == "feed:old:link://nora.example/2026/salt-road" })
        #expect(reading.recognised[1].sighting.keys.allSatisfy { $0.rule != .id })
        #expect(reading.recognised[1].sighting.entry == "https://nora.example/same")
    }

    @Test func `a setting overrides what the document shows`() throws {
        let reading = try Fixture.read("feeds/letterboxd-window.xml", service: "blog")
        #expect(reading.service == "blog")
        #expect(reading.why == "setting")
        #expect(reading.titles[0] == "The Lamplighter's Daughter, 1968 - ★★★★½")
    }

    @Test func `a pattern that is none has a problem`() {
        #expect(Services.problem(inTitleRegex: "^Read (?<title>.+)$") == nil)
        #expect(Services.problem(inTitleRegex: "(unclosed") != nil)
    }

    @Test(arguments: [
        ("<svg><style><img src='http://e.example/1'></style></svg><img src='http://e.example/2'>", "http://e.example/2"),
        ("<!-- <img src='http://e.example/1'> --><img src='http://e.example/2'>", "http://e.example/2"),
        ("<SCRIPT>'<img src=http://e.example/1>'</Script ><img src='http://e.example/2'>", "http://e.example/2"),
        ("<style><img src='http://e.example/1'>", nil), ("<style/><img src='http://e.example/2'>", nil),
        ("<!--><img src='http://e.example/2'>", "http://e.example/2"),
        ("<p><!-- --><img src='http://e.example/2'></p>", "http://e.example/2"),
    ])
    func `a cover is a picture that is shown`(body: String, cover: String?) {
        #expect(Fragment(body).attribute("src", of: "img") == cover)
    }
}
