import Catalogue
import Formats
import Testing

@testable import Publishing

struct WordsTests {
    @Test(arguments: [
        ("en", "2026-11-20", "20 November 2026"), ("en", "2026-11", "November 2026"),
        ("en-GB", "2026", "2026"), ("en-US", "2026-11-20", "November 20, 2026"),
        ("", "2026-01-02", "2 January 2026"), ("de", "2026-11-20", "2026-11-20"),
        ("de", "2026-11", "2026-11"),
    ])
    func `a date is as precise as it is known`(language: String, day: String, expected: String) throws {
        #expect(Words(language: language).date(try #require(Day(day))) == expected)
    }

    @Test func `words of ours in a page of another language say that they are English`() throws {
        var sample = SampleState { $0.site.language = "de" }
        sample.finish("a:b:c", Finish(title: "T", day: Day("2026-11-20")))
        let file = try #require(try Pages.render(sample.state).first { $0.name == "widget.html" })
        let html = String(decoding: file.bytes, as: UTF8.self)
        #expect(html.contains("aria-labelledby=\"colophon-heading\" lang=\"en\">"))
        #expect(html.contains("<h2 class=\"p-name\" id=\"colophon-heading\" lang=\"de\">"))
        #expect(html.contains(">2026-11-20</time>"))
    }

    @Test(arguments: [
        ("de_DE", "de-DE"), ("en_US.UTF-8", "en"), ("PT-BR", "pt-BR"), ("english", nil), ("", nil),
    ] as [(String, String?)])
    func `the feeds name the language that a person meant`(stated: String, tag: String?) throws {
        let files = try Pages.render(SampleState { $0.site.language = stated }.state)
        let json = try #require(files.first { $0.name == "feed.json" })
        #expect(try JSONReader.read(json.bytes)["language"]?.stringValue == tag)
        let atom = try #require(files.first { $0.name == "feed.atom" })
        let says = tag.map { " xml:lang=\"\($0)\"" } ?? "xml:lang"
        #expect(String(decoding: atom.bytes, as: UTF8.self).contains(says) == (tag != nil))
    }

    @Test(arguments: [(1, Kind.book, "1 book"), (2, .movie, "2 films"), (1, nil, "1 other")]
        as [(Int, Kind?, String)])
    func `one is not many`(count: Int, kind: Kind?, expected: String) {
        #expect(Words(language: "en").count(count, kind) == expected)
    }
}
