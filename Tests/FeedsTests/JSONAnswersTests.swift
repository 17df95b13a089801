import Formats
import Testing

@testable import Feeds

/// What stands behind a JSON Feed that breaks off.
@Suite struct JSONAnswersTests {
    static let answers = (
        first: "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"T\",\"items\":[{\"id\":\"1\",\"title\":\"A\"},{\"id\":\"2\",\"title\":\"B, \\\"b\\\"\"}]}",
        second: "{ \"version\" : \"https:\\/\\/jsonfeed.org\\/version\\/1.1\",\n\"title\":\"U\",\"items\":[{\"id\":\"2\",\"title\":\"B, \\\"b\\\"\"},{\"id\":\"3\",\"title\":\"C\"}]}"
    )

    @Test(arguments: ["", "\n", "<br />\n<b>Fatal error</b>: \"x\" in <b>/f.php</b><br />\n"])
    func `behind a JSON Feed that is cut off another answer is read`(between: String) throws {
        let first = Array(Self.answers.first.utf8)
        // Right behind a comma the other may be one of its values.
        for cut in 1...first.count where !between.allSatisfy(\.isNewline) || !Array(":,[".utf8).contains(first[..<cut].last { $0 > 0x20 } ?? 0) {
            let text = String(decoding: first[..<cut], as: UTF8.self) + between + Self.answers.second
            let feed = try FeedReader.read(Array(text.utf8))
            #expect(feed.entries.suffix(2).map(\.id) == ["2", "3"] && feed.entries.suffix(2).map(\.title) == ["B, \"b\"", "C"], "\(cut)")
            let before = feed.entries.dropLast(2)
            #expect(before.allSatisfy { $0.isDamaged || $0.id == "1" && $0.title == "A" || $0.id == "2" && $0.title == "B, \"b\"" }, "\(cut)")
            #expect(feed.malformed && !feed.lastEntryIsCut && feed.lack != .end)
            if cut > 60 { #expect(feed.defects.contains { $0.hasSuffix("another answer begins, and its items are read as well") }) }
        }
    }

    @Test func `all whole answers are read, and their items told apart`() throws {
        let text = Self.answers.first + "\n" + Self.answers.second + "\n" + Self.answers.first
        let feed = try FeedReader.read(Array(text.utf8))
        #expect(feed.title == "T" && feed.entries.map(\.id) == ["1", "2", "2", "3", "1", "2"])
        #expect(feed.entries.allSatisfy { $0.keys.first?.isUnique == true } && feed.lack == nil)
    }

    @Test func `a feed that an item shows, or holds, is no answer`() throws {
        let shown = Self.answers.second.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        for member in ["\"content_text\":\"see " + shown + "\"", "\"_n\":" + Self.answers.second, "\"_n\":[\n" + Self.answers.second + "]"] {
            let whole = Self.answers.first.replacing("\"title\":\"A\"", with: "\"title\":\"A\"," + member)
            let cut = whole.firstRange(of: "{\"id\":\"2\"").map { String(whole[..<$0.lowerBound]) } ?? ""
            for text in [whole, whole.replacing("\"id\":\"1\",", with: "\"id\":\"1\",,"), cut] {
                #expect(try FeedReader.read(Array(text.utf8)).entries.map(\.id) == (text == cut ? ["1"] : ["1", "2"]))
            }
        }
    }

    @Test(arguments: [
        ",\"_via\":{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"z\",\"title\":\"Z\"}]},\"date_published\":\"2026-1",
        ",\"_via\":{\"version\":\"https://jsonfeed.org/version/1\"},\"date_publi",
        ",\"_via\":[{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"z\"}]}",
        ",\"version\":\"https://jsonfeed.org/version/1.1\"}",
    ])
    func `a feed that an item tells of is no other answer`(rest: String) throws {
        let head = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[{\"id\":\"a\",\"title\":\"A\"},"
        let found = try FeedReader.read(Array((head + "{\"id\":\"b\",\"title\":\"B\"" + rest).utf8))
        #expect(found.entries.map(\.id) == ["a", "b"] && found.title == "T")
    }
}
