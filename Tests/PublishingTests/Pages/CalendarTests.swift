import Catalogue
import Formats
import Testing

@testable import Publishing

struct CalendarTests {
    private func page(_ days: [(Kind?, String)]) throws -> String {
        var sample = SampleState()
        for (number, (kind, day)) in days.enumerated() {
            sample.finish("a:b:\(number)", Finish(kind: kind, title: "T", day: Day(day)))
        }
        let file = try #require(try Pages.render(sample.state).first { $0.name == "index.html" })
        return String(decoding: file.bytes, as: UTF8.self)
    }

    @Test func `a day is a square, and shared by the kinds of that day`() throws {
        let html = try page([(.book, "2025-01-01"), (.movie, "2025-01-02"), (.book, "2025-01-02")])
        #expect(html.contains("<path class=\"colophon-book\" d=\"M0 7h12M14 7h6\"/>"))
        #expect(html.contains("<path class=\"colophon-movie\" d=\"M20 7h6\"/>"))
        #expect(html.contains("aria-label=\"2025: 2 books, 1 film\""))
    }

    @Test func `the table says what the picture shows`() throws {
        let html = try page([(.book, "2025-03-09"), (.book, "2025-03-09"), (.movie, "2025-03-20")])
        #expect(
            html.contains(
                "<tr><th scope=\"row\">March</th><td>2</td><td>1</td><td>9 (2), 20</td></tr>"))
    }

    @Test func `a month or a year is counted but no day is drawn for it`() throws {
        let html = try page([(.book, "2025-03"), (.movie, "2025")])
        #expect(!html.contains("<path class=\"colophon-book\" d=\"M0 7"))
        #expect(
            html.contains("<tr><th scope=\"row\">not known</th><td>1</td><td>1</td><td></td></tr>"))
    }

    @Test func `a leap year has its day`() throws {
        #expect(try page([(.book, "2024-02-29")]).contains("M0 21h404"))
        #expect(try page([(.book, "2023-02-28")]).contains("M0 21h390"))
    }
}
