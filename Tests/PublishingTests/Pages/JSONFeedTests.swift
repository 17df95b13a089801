import Catalogue
import Formats
import Testing

@testable import Publishing

struct JSONFeedTests {
    private func feed(_ sample: SampleState, _ name: String = "feed.json") throws -> JSONValue {
        let file = try #require(try Pages.render(sample.state).first { $0.name == name })
        return try JSONReader.read(file.bytes)
    }

    private func item(
        _ finish: Finish, at time: String = "2026-11-23T14:00:00Z",
        _ change: (inout Configuration) -> Void = { _ in }
    ) throws -> JSONValue {
        var sample = SampleState(change)
        sample.finish("a:b:c", finish, at: time)
        return try #require(try feed(sample)["items"]?.arrayValue?.first)
    }

    @Test func `has the members of version 1.1 in their order`() throws {
        let feed = try feed(.dozen)
        #expect(
            feed.objectValue?.map(\.name) == [
                "version", "title", "home_page_url", "feed_url", "authors", "language", "items",
            ])
        #expect(feed["version"] == .string("https://jsonfeed.org/version/1.1"))
        for item in feed["items"]?.arrayValue ?? [] {
            #expect(item["id"]?.stringValue?.hasPrefix("urn:uuid:") == true)
            #expect((item["content_html"] == nil) != (item["content_text"] == nil))
            #expect(item["date_published"]?.stringValue.flatMap { Instant(rfc3339: $0) } != nil)
        }
        var one = SampleState()
        one.finish(
            "a:b:c",
            Finish(
                kind: .book, title: "T", creator: "C", year: 2019, day: Day("2026-11-20"),
                rating: Rating(value: 450, best: 500), isRepeat: true, cover: "https://i.example/",
                identifiers: [Identifier("isbn13", "9780000000019")]))
        one.add(
            .coverSaved(
                id: FinishID("a:b:c"),
                cover: SavedCover(
                    sha256: String(repeating: "0a", count: 32), mediaType: "image/png", width: 4,
                    height: 6)), at: "2026-11-23T14:00:00Z")
        let first = try #require(try self.feed(one)["items"]?.arrayValue?.first)
        #expect(
            first["_colophon"]?.objectValue?.map(\.name) == [
                "about", "id", "kind", "title", "creator", "year", "finished", "rating", "repeat",
                "cover", "identifiers",
            ])
        let abouts = (feed["items"]?.arrayValue ?? []).filter { $0["_colophon"]?["about"] != nil }
        #expect(abouts.count == 1)
    }

    @Test func `an id is the digest of the finish's, as a UUID of version 8`() throws {
        // sha256("colophon:a:b:c") by another program; its version and variant bits replaced.
        #expect(try item(Finish(title: "T"))["id"] == .string("urn:uuid:28779c7f-f522-87db-988b-455f9a239ffe"))
    }

    @Test func `the date is the instant, else noon of the day, else first sight`() throws {
        let instant = Instant(rfc3339: "2026-11-20T21:30:00Z")
        let day = Day("2026-11-20")
        #expect(
            try item(Finish(title: "T", day: day, instant: instant))["date_published"]
                == .string("2026-11-20T21:30:00Z"))
        #expect(
            try item(Finish(title: "T", day: day))["date_published"]
                == .string("2026-11-20T12:00:00Z"))
        #expect(
            try item(Finish(title: "T", day: Day("2026-11")))["date_published"]
                == .string("2026-11-01T12:00:00Z"))
        #expect(
            try item(Finish(title: "T"))["date_published"] == .string("2026-11-23T14:00:00Z"))
        #expect(
            try item(Finish(title: "T", day: Day("2062-11-20")))["date_published"]
                == .string("2026-11-23T12:00:00Z"))
    }

    @Test func `a change moves the modification and nothing else`() throws {
        var sample = SampleState()
        sample.finish("a:b:c", Finish(title: "T", day: Day("2026-11-20")))
        sample.add(
            .corrected(
                id: FinishID("a:b:c"),
                change: Change(set: [FieldValue(.title, .string("U"))])),
            at: "2026-12-01T08:00:00Z")
        let item = try #require(try feed(sample)["items"]?.arrayValue?.first)
        #expect(item["title"] == .string("U"))
        #expect(item["date_published"] == .string("2026-11-20T12:00:00Z"))
        #expect(item["date_modified"] == .string("2026-12-01T08:00:00Z"))
    }

    @Test func `a page of the site is the item's address, any other what it is about`() throws {
        let own = try item(Finish(title: "T", url: "https://example.org/notes/1"))
        #expect(own["url"] != nil && own["external_url"] == nil)
        let other = try item(Finish(title: "T", url: "https://films.example/1"))
        #expect(other["url"] == nil && other["external_url"] != nil)
    }

    @Test func `the content is the review, else a line of text`() throws {
        let plain = try item(
            Finish(title: "T <i>", creator: "C", rating: Rating(value: 450, best: 500)))
        #expect(plain["content_text"] == .string("T <i> by C ★★★★½"))
        let spoiler = try item(Finish(title: "T", review: "<p>dies</p>", spoiler: true))
        #expect(spoiler["content_html"]?.stringValue?.hasPrefix("<details><summary>") == true)
    }

    @Test func `ratings are decimals of hundredths`() throws {
        let rated = try item(Finish(title: "T", rating: Rating(value: 425, best: 1000)))
        #expect(
            rated["_colophon"]?["rating"]
                == .object([
                    JSONMember("value", .number("4.25")), JSONMember("best", .integer(10)),
                ]))
    }

    @Test func `covers are copies, links or nothing`() throws {
        let finish = Finish(title: "T", cover: "https://img.example/1.jpg")
        #expect(try item(finish)["image"] == nil)
        #expect(
            try item(finish) { $0.publish.covers = .link }["image"]
                == .string("https://img.example/1.jpg"))
        #expect(try item(finish) { $0.publish.covers = .none }["image"] == nil)
        let copied = try feed(.dozen)["items"]?.arrayValue?.compactMap { $0["image"]?.stringValue }
        #expect(
            copied == ["https://example.org/media/covers/\(String(repeating: "0a", count: 32)).jpg"])
    }

    @Test func `what the site does not say is left out`() throws {
        let empty = SampleState {
            $0.site.homePageURL = ""
            $0.site.feedURL = ""
            $0.site.authorName = ""
            $0.site.authorURL = ""
        }
        #expect(
            try feed(empty).objectValue?.map(\.name) == ["version", "title", "language", "items"])
    }

    @Test(arguments: [
        (Finish(title: "The Wire", season: 2), "The Wire, season 2"),
        (Finish(title: "The Wire", season: 2, episode: 3), "The Wire, season 2, episode 3"),
        (Finish(title: "The Wire: Season 2", season: 2), "The Wire: Season 2"),
        (Finish(title: " A\n  B "), "A B"),
    ])
    func `a title says which season`(finish: Finish, expected: String) throws {
        #expect(try item(finish)["title"] == .string(expected))
    }
}
