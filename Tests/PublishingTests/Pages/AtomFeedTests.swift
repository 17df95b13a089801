import Catalogue
import Formats
import Testing

@testable import Publishing

struct AtomFeedTests {
    private func atom(_ sample: SampleState, _ name: String = "feed.atom") throws -> String {
        let file = try #require(try Pages.render(sample.state).first { $0.name == name })
        return String(decoding: file.bytes, as: UTF8.self)
    }

    @Test func `a feed that never had an entry has never changed`() throws {
        let empty = try atom(SampleState())
        #expect(empty.contains("<updated>1970-01-01T00:00:00Z</updated>"))
    }

    @Test func `its update is that of the entry changed last`() throws {
        var sample = SampleState.dozen
        #expect(try atom(sample).contains("  <updated>2026-11-23T14:00:00Z</updated>\n  <link"))
        sample.add(
            .corrected(
                id: FinishID("letterboxd:viewing:10"),
                change: Change(set: [FieldValue(.title, .string("Ten Bells"))])),
            at: "2026-12-01T08:00:00Z")
        #expect(try atom(sample).contains("  <updated>2026-12-01T08:00:00Z</updated>\n  <link"))
    }

    @Test func `without a name of the author the site stands in`() throws {
        let sample = SampleState { $0.site.authorName = "" }
        #expect(try atom(sample).contains("<author>\n    <name>Recently finished</name>"))
    }

    @Test func `its id does not change with anything but the address of the feed`() throws {
        let first = SampleState()
        let second = SampleState { $0.site.title = "Else" }
        let third = SampleState { $0.site.feedURL = "https://example.org/else.json" }
        let id = { (text: String) in text.split(separator: "id>")[1] }
        #expect(try id(atom(first)) == id(atom(second)))
        #expect(try id(atom(first)) != id(atom(third)))
    }

    @Test func `a year is an archive that names the current feed`() throws {
        let archive = try atom(.dozen, "2025.atom")
        #expect(archive.contains("<fh:archive/>"))
        #expect(
            archive.contains(
                "<link rel=\"current\" type=\"application/atom+xml\" href=\"https://example.org/media/feed.atom\"/>"))
        #expect(
            archive.contains(
                "<link rel=\"prev-archive\" type=\"application/atom+xml\" href=\"https://example.org/media/2024.atom\"/>"))
    }
}
