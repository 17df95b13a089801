import Catalogue
import Formats
import Testing
@testable import Services

@Suite struct ExportErrorTests {
    private func error(_ text: String, _ service: String, _ name: String = "x.csv") -> String {
        do throws(ExportError) {
            _ = try Services.readExport(Array(text.utf8), service: service, fileName: name)
            return ""
        } catch {
            return error.description
        }
    }

    @Test func `a service without an export is named with those that have one`() {
        #expect(
            error("", "mastodon").hasPrefix(
                "no export of \"mastodon\" is known; there are letterboxd, "))
    }

    @Test(arguments: [
        (
            "letterboxd", "a,b",
            "found a table with the columns \"a, b\", expected diary.csv, reviews.csv, watched.csv or ratings.csv, as Letterboxd exports it"
        ),
        (
            "goodreads", "",
            "found an empty file, expected goodreads_library_export.csv, as Goodreads exports it"
        ),
        (
            "myanimelist", "<rss/>",
            "found a document <rss>, expected a document <myanimelist>, unpacked, as MyAnimeList exports it"
        ),
        (
            "myanimelist", "x",
            "found no XML, expected a document <myanimelist>, unpacked, as MyAnimeList exports it"
        ),
        (
            "trakt", "{}",
            "found JSON that is no list of objects, expected its history, watched or ratings as JSON, as Trakt exports it"
        ),
        (
            "csv", "name",
            "found a table with the columns \"name\", expected a column \"title\", as Colophon exports it"
        ),
    ])
    func `another file is refused with what was found and expected`(
        service: String, text: String, message: String
    ) {
        #expect(error(text, service) == message)
    }

    @Test(arguments: [
        "storygraph", "librarything", "imdb", "instapaper", "pocket", "rateyourmusic", "bookwyrm",
        "grouvee",
    ])
    func `no table is taken for another service's`(service: String) {
        #expect(
            error("a\n1\n", service).hasPrefix("found a table with the columns \"a\", expected "))
    }

    @Test func `broken JSON is named by its place`() {
        let message = error("[\n{", "trakt")
        #expect(message.hasPrefix("line 2, column 2: found the end of the document, expected "))
    }

    @Test func `a profile with an e-mail address is never read`() throws {
        let bytes = try Fixture.bytes("services/exports/letterboxd/profile.csv")
        #expect(throws: ExportError.privateFile(name: "profile.csv")) {
            try Services.readExport(
                bytes, service: "letterboxd", fileName: "letterboxd-kim/profile.csv")
        }
    }

    @Test func `private columns stay in the file`() throws {
        let goodreads = try Services.readExport(
            try Fixture.bytes("services/exports/goodreads.csv"), service: "goodreads", fileName: "x"
        )
        #expect(!"\(goodreads)".contains("lent to Bo"))
        let thing = try Services.readExport(
            try Fixture.bytes("services/exports/librarything.tsv"), service: "librarything",
            fileName: "x")
        #expect(!"\(thing)".contains("secret"))
    }
}
