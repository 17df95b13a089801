import Catalogue
import Formats
import Testing

@testable import Publishing

struct PagesTests {
    private func text(_ name: String, _ state: State) throws -> String {
        let file = try #require(try Pages.render(state).first { $0.name == name })
        return String(decoding: file.bytes, as: UTF8.self)
    }

    @Test func `every page is as promised, to the byte`() throws {
        let files = try Pages.render(SampleState.dozen.state)
        #expect(
            files.map(\.name) == [
                "feed.json", "feed.atom", "2026.json", "2026.atom", "2025.json", "2025.atom",
                "2024.json", "2024.atom", "widget.html", "widget.css", "index.html", "index.css",
            ])
        for file in files {
            #expect(file.bytes == Fixture.golden("dozen/" + file.name, file.bytes), "\(file.name)")
        }
    }

    @Test func `a state without a finish has pages, too`() throws {
        let files = try Pages.render(State())
        #expect(
            files.map(\.name) == [
                "feed.json", "feed.atom", "widget.html", "widget.css", "index.html", "index.css",
            ])
        for file in files {
            #expect(file.bytes == Fixture.golden("empty/" + file.name, file.bytes), "\(file.name)")
        }
    }

    @Test func `two renders are the same bytes`() throws {
        #expect(
            try Pages.render(SampleState.dozen.state) == Pages.render(SampleState.dozen.state))
    }

    @Test func `the widget and its style keep to their budget`() throws {
        var sample = SampleState()
        for number in 1...12 {
            sample.finish(
                "letterboxd:viewing:\(number)",
                Finish(
                    kind: .movie, title: "A Film of Ordinary Length \(number)",
                    creator: "Some Director", day: Day("2026-11-20"),
                    rating: Rating(value: 450, best: 500),
                    url: "https://films.example/ada/film/a-film-of-ordinary-length-\(number)/"))
            sample.add(
                .coverSaved(
                    id: FinishID("letterboxd:viewing:\(number)"),
                    cover: SavedCover(
                        sha256: String(repeating: "ab", count: 32), mediaType: "image/jpeg",
                        width: 600, height: 900)), at: "2026-11-23T14:00:00Z")
        }
        #expect(try text("widget.html", sample.state).utf8.count < 12_000)
        #expect(Stylesheet.widget.utf8.count < 4_000)
    }

    @Test func `long reviews do not make the widget heavy`() throws {
        let reviews = [
            12: String(repeating: "{{", count: 50), 11: String(repeating: "x", count: 4000),
            9: String(repeating: "x", count: 500),
        ]
        var sample = SampleState()
        for number in 1...12 {
            sample.finish(
                "letterboxd:viewing:\(number)",
                Finish(
                    kind: .movie, title: "Film \(number)", day: Day("2026-11-\(number + 10)"),
                    review: reviews[number] ?? String(repeating: "y", count: 3000)))
        }
        let numbers = { (html: String) in
            html.split(separator: "<li class=\"colophon-item").filter { $0.contains("<details class=\"colophon-review") }
                .compactMap { item in (1...12).last { item.contains("Film \($0)<") } }
        }
        let widget = try text("widget.html", sample.state)
        // Newest first, those that fit in.
        #expect(numbers(widget) == [12, 11, 9])
        #expect(widget.utf8.count > 10_000 && widget.utf8.count < 12_000)
        #expect(numbers(try text("index.html", sample.state)) == Array((1...12).reversed()))
    }

    @Test func `a year's page stays as it is when another year changes`() throws {
        var sample = SampleState.dozen
        let before = try Pages.render(sample.state)
        sample.finish("x:y:z", Finish(title: "New", day: Day("2026-11-22")))
        let after = try Pages.render(sample.state)
        for name in ["2025.json", "2025.atom", "2024.json", "2024.atom"] {
            #expect(before.first { $0.name == name } == after.first { $0.name == name })
        }
        #expect(before.first { $0.name == "2026.json" } != after.first { $0.name == "2026.json" })
    }

    @Test func `the stamp of a year's page holds as long as its bytes do`() throws {
        var sample = SampleState.dozen
        var before = try Pages.plan(sample.state)
        #expect(before.compactMap(\.stamp?.name) == ["2026", "2026", "2025", "2025", "2024", "2024"])
        var configuration = sample.state.configuration
        configuration.site.title = "Another"
        let cover = SavedCover(
            sha256: String(repeating: "1b", count: 32), mediaType: "image/png", width: 2, height: 3)
        let changes: [(Fact, [String])] = [
            (.hidden(FinishID("letterboxd:viewing:10")), ["2025"]),
            (.unhidden(FinishID("letterboxd:viewing:10")), ["2025"]),
            // The last of its year: 2025 links to nothing older any more.
            (.hidden(FinishID("goodreads:review:12")), ["2025"]),
            (.coverSaved(id: FinishID("goodreads:review:9"), cover: cover), ["2025"]),
            (.configured(configuration), ["2026", "2025"]),
        ]
        for (fact, years) in changes {
            sample.add(fact, at: "2026-11-24T08:00:00Z")
            let after = try Pages.plan(sample.state)
            for page in after where page.stamp != nil {
                guard let old = before.first(where: { $0.name == page.name }) else { continue }
                let isSame = page.stamp == old.stamp
                // Nothing but what was made of other facts may have other bytes.
                if isSame { #expect(page.render() == old.render()) }
                #expect(isSame == !years.contains(String(page.name.prefix(4))), "\(page.name)")
            }
            before = after
        }
    }

    @Test func `covers worth a copy are those of what is shown`() {
        let sample = SampleState.dozen
        #expect(Pages.shown(sample.state).count == 12)
        let hash = String(repeating: "0a", count: 32)
        let name = { (type: String, sha: String) in
            Pages.coverName(SavedCover(sha256: sha, mediaType: type, width: 1, height: 1))
        }
        #expect(name("image/jpeg", hash) == "covers/\(hash).jpg")
        #expect(name("image/svg+xml", hash) == nil)
        #expect(name("image/png", "../../etc") == nil)
    }

    @Test func `the pages hold everything, the feed the newest, and the chain ends`() throws {
        var sample = SampleState { $0.publish.items = 2 }
        for (number, day) in ["2026-03-01", "2026-02-01", "2026-01-01", "2024-05"].enumerated() {
            sample.finish("a:b:\(number)", Finish(title: "T\(number)", day: Day(day)))
        }
        let files = try Pages.render(sample.state)
        let titles = { (name: String) throws -> [String?] in
            let file = try #require(files.first { $0.name == name })
            return try JSONReader.read(file.bytes)["items"]?.arrayValue?.map {
                $0["title"]?.stringValue
            } ?? []
        }
        let next = { (name: String) throws -> String? in
            let file = try #require(files.first { $0.name == name })
            return try JSONReader.read(file.bytes)["next_url"]?.stringValue
        }
        #expect(try titles("feed.json") == ["T0", "T1"])
        #expect(try titles("2026.json") == ["T0", "T1", "T2"])
        #expect(try titles("2024.json") == ["T3"])
        #expect(try next("feed.json") == "https://example.org/media/2026.json")
        #expect(try next("2026.json") == "https://example.org/media/2024.json")
        #expect(try next("2024.json") == nil)
    }

    @Test func `what was taken at adoption without a day has a page of its own, the last`() throws {
        var sample = SampleState()
        sample.add(
            .feedAdopted(feed: "films", service: "letterboxd", entries: 1), at: "2026-11-23T14:00:00Z")
        sample.finish("a:b:1", Finish(kind: .movie, title: "Undated"))
        sample.finish("a:b:2", Finish(kind: .movie, title: "Dated", day: Day("1999-01-01")))
        let names = try Pages.render(sample.state).map(\.name)
        #expect(names[2...5] == ["1999.json", "1999.atom", "undated.json", "undated.atom"])
    }

    @Test func `at most so many of a kind, in the widget only`() throws {
        let sample = SampleState.dozen
        var limited = SampleState { $0.publish.atMost = [.init(.book, 1)] }
        for number in 1...3 {
            limited.finish("a:b:\(number)", Finish(kind: .book, title: "Book", day: Day("2026-01-0\(number)")))
        }
        #expect(try text("widget.html", limited.state).split(separator: "<li ").count == 2)
        #expect(try text("index.html", limited.state).split(separator: "<li class=\"colophon-item").count == 4)
        #expect(try text("widget.html", sample.state).split(separator: "<li ").count == 13)
    }

    @Test func `only a person's template can be wrong`() {
        let sample = SampleState { $0.publish.itemTemplate = "<li>{{#title}}</li>" }
        #expect(
            throws: PageError(
                file: "item_template", line: 1, column: 5, found: "section \"title\" without an end",
                mend: "add {{/title}}")
        ) { try Pages.render(sample.state) }
    }

    @Test func `an own template gets the same values, escaped`() throws {
        var sample = SampleState {
            $0.publish.itemTemplate = "<li>{{title}}|{{#rating}}{{stars}}{{/rating}}|{{date}}</li>\n"
        }
        sample.finish(
            "a:b:1",
            Finish(title: "<b>", day: Day("2026-11"), rating: Rating(value: 300, best: 500)))
        #expect(
            try text("widget.html", sample.state).contains("<li>&lt;b&gt;|★★★|November 2026</li>"))
        #expect(throws: PageError.self) { try ItemMarkup.check("{{titel}}") }
        #expect(throws: Never.self) { try ItemMarkup.check(ItemMarkup.standard) }
    }
}
