import Formats
import Testing

@testable import Feeds

@Suite struct LooseJSONTests {
    private static let head = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":["

    private func read(_ text: String) throws -> FeedDocument { try FeedReader.read(Array(text.utf8)) }

    @Test(arguments: [
        "{\"id\":1,\"title\":\"A\nb\"}", "{\"id\":1,\"title\":\"A\tb\"}", "{\"id\":1,\"title\":\"A \u{0}b\"}",
        "{\"id\":1,\"title\":\"A b\",}", "{\"id\":1,\"title\":\"A b\",\"_n\":NaN}", "{\"id\":01,\"title\":\"A b\"}",
        "{\"id\":1 \"title\":\"A b\"}", "{\"id\":1,\"_x\":\"\\x\",\"title\":\"A b\"}",
        "{\"id\":1,\"_x\":\"say \"hi\", and go\",\"title\":\"A b\"}", "{\"id\":1,\"_x\":\"a\"\n\"title\":\"A b\"}",
        "{\"id\":1,\"title\":\"A b\",\"_x\":\(String(repeating: "[", count: 600))\"]\"\(String(repeating: "]", count: 600))}",
    ])
    func `a slip in an item costs nothing`(item: String) throws {
        let feed = try read(Self.head + item + ",{\"id\":2,\"title\":\"B\"}],\"language\":\"en\"}")
        #expect(feed.entries.map(\.id) == ["1", "2"] && feed.entries.map(\.title) == ["A b", "B"])
        #expect(feed.language == "en" && feed.malformed && !feed.lastEntryIsCut)
        #expect(feed.defects.count == 1 && feed.defects[0].contains("found") && !feed.defects[0].hasSuffix("cut off"))
    }

    @Test(arguments: ["\u{0}", "<!-- cached -->", "}", "\n{\"id\":3}"])
    func `what stands behind the end does not matter`(junk: String) throws {
        let feed = try read(Self.head + "{\"id\":1}]}" + junk)
        #expect(feed.entries.map(\.id) == ["1"] && feed.malformed && feed.defects.count == 1)
    }

    @Test(arguments: [
        ("{\"id\":1,\"title\":\"A\"},{\"id\":2,\"tit", ["1", "2"], true),
        ("{\"id\":1,\"title\":\"A\"},{\"id\":2,\"title\":\"B", ["1", "2"], true),
        ("{\"id\":1,\"title\":\"A\"},{\"id\":2,\"title\":\"B\"", ["1", "2"], true),
        ("{\"id\":1,\"title\":\"A\"},{\"id\":2}", ["1", "2"], false), ("{\"id\":1},{\"id\":2},\n", ["1", "2"], false),
        ("{\"id\":1},{\"id\":2},{", ["1", "2"], false), ("{\"id\":1},{\"id\":2},{\"id\":", ["1", "2"], false),
        ("{\"id\":1},{\"id\":2}],\"title\":\"T", ["1", "2"], false), ("{\"id\":1},{\"id\":2}]", ["1", "2"], false),
    ])
    func `a document that is cut off is kept up to the cut`(items: String, ids: [String], isCut: Bool) throws {
        let feed = try read(Self.head + items)
        #expect(feed.entries.map(\.id) == ids && feed.lastEntryIsCut == isCut && feed.malformed)
        let cut = feed.defects.filter { $0.hasSuffix("the document is cut off") }
        #expect(cut.count == 1 && feed.defects.count <= 2)
    }

    @Test(arguments: ["{\"id\":1}},{\"id\":2}]}", "{\"id\":1},{id:2}]}"])
    func `where nothing can be told apart any more the document is cut off`(items: String) throws {
        let feed = try read(Self.head + items)
        #expect(feed.entries.map(\.id) == ["1"] && !feed.lastEntryIsCut)
        #expect(feed.defects.contains { $0.hasSuffix("the document is cut off") })
    }

    private static let rest =
        "},{\"id\":2,\"title\":\"B\",\"url\":\"http://a.example/2\"},{\"id\":3,\"title\":\"C\"}]}"

    @Test(arguments: [
        "\"_n\":5\"", "\"_n\":x\"", "\"_n\":2024-01-01\"", "\"_n\":5 \"", "\"_n\":\"A", "\"_n\":[\"A",
        "\"_n\":{\"_a\":[{\"_b\":\"A}]}",
    ])
    func `a quote too many or too few costs no other item, and gives it nothing of one`(slip: String) throws {
        let feed = try read(Self.head + "{\"id\":1," + slip + Self.rest)
        #expect(feed.entries.map(\.id) == ["1", "2", "3"] && feed.entries.map(\.title) == [nil, "B", "C"])
        #expect(feed.entries.map(\.link) == [nil, "http://a.example/2", nil] && feed.malformed && !feed.lastEntryIsCut)
    }

    @Test(arguments: ["{", "[Error] no database", "{{ page }}", "{\"a\":1", "[{\"id\":1,\"title\":\"A\"},"])
    func `what is no feed stays broken JSON`(text: String) {
        #expect {
            _ = try read(text)
        } throws: { error in
            (error as? FeedError)?.description.hasPrefix("the answer is broken JSON: line 1:") == true
        }
    }

    @Test func `what JSON itself says is read alike`() throws {
        let texts = [
            "{\"a\":[1,-2,3.5,1e3,true,false,null],\"b\":{\"c\":\"x\\n\\u00e9\\ud83d\\ude00\\ud800\\\"\\/\"},\"\":[]}",
            "[\"a , b\", \"c: d\", \"e } f\" , {}]", " \"a\" ",
        ]
        for text in texts {
            let loose = try #require(LooseJSON.read(Array(text.utf8), valuesMax: 100))
            #expect(try loose.value == JSONReader.read(Array(text.utf8)) && loose.cutLine == nil)
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["\"   ", "{", "[\"", "\" , ", "\\u", "{\"a\":[", "\", \""])
    func `many quotes and brackets are read at once`(junk: String) throws {
        let text = Self.head + "{\"_x\":\"" + String(repeating: junk, count: 300_000 / junk.utf8.count)
        _ = try read(text)
    }
}
