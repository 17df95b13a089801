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

    private static let rest =
        "},{\"id\":2,\"title\":\"B\",\"url\":\"http://a.example/2\"},{\"id\":3,\"title\":\"C\"}]}"

    @Test(arguments: [
        "\"_n\":5\"", "\"_n\":x\"", "\"_n\":2024-01-01\"", "\"_n\":5 \"", "\"_n\":5\"\"", "\"_n\":http://a.example/1\"",
        "\"_n\":text with \"quotes\", and more\"", "\"_n\":\"A", "\"_n\":\"A\" \"_a\":1",
        "\"_n\":[\"A", "\"_n\":{\"_a\":[{\"_b\":\"A}]}",
        "\"_n:\"A\"", "_n\":\"A\"", "\"_n\":\"A\",_a\":1,\"_b\":1", "\"_\"n\":\"A\"", "\"_n\":\"\"A\"",
    ])
    func `a quote too many or too few costs no other item, and gives it nothing of one`(slip: String) throws {
        for item in ["\"id\":1,\(slip)", "\"id\":1,\(slip),\"language\":\"en\""] {
            let feed = try read(Self.head + "{" + item + Self.rest)
            #expect(feed.entries.map(\.id) == ["1", "2", "3"] && feed.entries.map(\.title) == [nil, "B", "C"])
            #expect(feed.entries.map(\.link) == [nil, "http://a.example/2", nil])
            #expect(feed.malformed && !feed.lastEntryIsCut)
        }
    }

    @Test(arguments: [
        "{\"id\":1,\"title\" \"A\"", "{\"id\":1,title:\"A\"", "{\"id\":1,\"_n\":5 books\"",
        "{\"id\":1,\"_n\":<p>A</p>", "{\"id\":1,\"_n\":'A'", "{\"id\":1} /* \"old\" */,{\"_n\":1",
        "{\"id\":1,\"_n\":{\"_a\":1", "{{\"id\":1", "[{\"id\":1", "[[{\"id\":1}],{\"_n\":1", "\"id\":1", "{\"id\":1}",
        "{\"id\":1,\"_n\":[1]]", "{\"id\":1,\"_n\":1],\"title\":\"A\"", "{\"id\":1,\"_n\":{\"_a\":1}},\"url\":\"/1\"",
        "{\"id\":1,[\"_n\":1", "{\"id\":1,\"_n\":[\"_a\":1}]", "{\"id\":1,\"_n\":\"_a\":1}",
    ])
    func `so does no other slip, and it is told that something may be missing`(item: String) throws {
        let feed = try read(Self.head + item + Self.rest)
        #expect(feed.entries.map(\.id) == ["1", "2", "3"] && feed.entries.suffix(2).map(\.title) == ["B", "C"])
        #expect(feed.title == "T" && feed.malformed && !feed.lastEntryIsCut)
        #expect(feed.defects.contains { $0.hasSuffix("told apart, and something may be missing") })
    }

    @Test(arguments: ["\u{A0}", ";", "\u{FEFF}", "\\"])
    func `a mark between items costs nothing`(mark: String) throws {
        let feed = try read(Self.head + "{\"id\":1}" + mark + ",{\"id\":2}" + mark + "]}")
        #expect(feed.entries.map(\.id) == ["1", "2"] && feed.malformed && feed.defects.count == 1)
    }

    @Test(arguments: [
        "{\"id\":1,\"_n\":1 \"id\":2,", "{\"id\":1,\"title\":\"A\" \"title\":\"B\",\"url\":\"/2\",\"id\":2,",
    ])
    func `where the next item begins unseen, what it says is not given to the one before`(items: String) throws {
        let feed = try read(Self.head + items + "\"summary\":\"S\"},{\"id\":3}]}")
        #expect(feed.entries.map(\.id) == ["1", "2", "3"] && feed.entries[0].link == nil)
        #expect(feed.entries.map(\.summary?.value) == [nil, "S", nil])
    }

    @Test(arguments: ["\"authors\":\" [", "\"authors\":\"\"[", "uthors\":["])
    func `a slip before a list of objects that say what items say costs none behind it`(start: String) throws {
        let items = (1...4).map { number in
            "{\"id\":\"\(number)\",\"url\":\"http://h.example/\(number)\",\"title\":\"T\","
                + (number == 2 ? start : "\"authors\":[") + "{\"name\":\"A\",\"url\":\"http://a.example/\"}],\"tags\":[\"x\"]}"
        }
        let feed = try read(Self.head + items.joined(separator: ",") + "]}")
        #expect(feed.entries.map(\.id) == ["1", "2", "3", "4"] && feed.lack == .part)
        #expect(feed.entries.map(\.link) == (1...4).map { "http://h.example/\($0)" })
    }

    /// Of five items that hold what begins like them, and of five that hold lists of others; the third has the slip.
    private static func items(_ slip: String, isNested: Bool, separator: String) -> String {
        (1...5).map { number in
            let list = isNested ? "\"_b\":[{\"id\":\"b\",\"title\":\"B\"},{\"id\":\"c\"}]" : "\"attachments\":[{\"url\":\"http://b.example/\"}]"
            return "{\"id\":\"\(number)\",\"url\":\"http://h.example/\(number)\"," + list
                + (number == 3 ? "," + slip : "") + ",\"title\":\"T\",\"tags\":[\"x\",\"y\"]}"
        }.joined(separator: separator)
    }

    @Test(arguments: [
        "\"_n\"[1]", "\"_n\":\"a\\\"", "tags\":[", "title\":", "\"_n\":tags\":[", "\"_n\":\"[{\"url\":1}]", "\"_n\":\"x \"} y\"",
        "\"_n\":\"x \"] y\"", "\"_n\":\"x \"}]} y\"", "\"_n\":\"x \"}]}\"", "\"_n\":1]", "\"_n\":{", "\"_n\":[", "\"_n\":\"x", "{", "}", "[", "]", "}]}",
        "\"_n\":[{\"id\":\"q\"},\"id\":\"q\"}]", "\"_n\":{\"a\":1},{\"_m\":1",
    ])
    func `one slip costs none of the other items, whatever they hold`(slip: String) throws {
        for isNested in [true, false] {
            for separator in [",", ",\n", " ,\n    "] {
                let feed = try read(Self.head + Self.items(slip, isNested: isNested, separator: separator) + "]}")
                let whole = feed.entries.filter { !$0.isDamaged }
                #expect(whole.map(\.id) == ["1", "2", "4", "5"], "\(isNested) \(feed.entries.map(\.id))")
                #expect(whole.allSatisfy { $0.link == "http://h.example/" + ($0.id ?? "") && $0.title == "T" })
                #expect(feed.entries.count == 5 && feed.entries[2].id == "3" && feed.title == "T")
                #expect(feed.lack == .part && !feed.lastEntryIsCut)
            }
        }
    }

    @Test(arguments: ["tags\":[", "{", "}"])
    func `nor does one between two`(slip: String) throws {
        for (isNested, separator) in [(true, ","), (true, ",\n"), (false, ","), (false, ",\n")] {
            let items = Self.items("\"_n\":1", isNested: isNested, separator: separator)
            let feed = try read(Self.head + items.replacing("{\"id\":\"3\"", with: slip + "{\"id\":\"3\"") + "]}")
            let ids = feed.entries.map(\.id)
            #expect(ids == ["1", "2", "3", "4", "5"] || isNested && ids == ["1", "2", "4", "5"] || slip == "tags\":[" && ids == ["1", "2", "4", "5"])
            #expect(feed.lack == .part)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `where the beginning of the items is lost nothing is made of their rest`() throws {
        let lost = "{\"version\":\"https://jsonfeed.org/version/1\",\"items\": x/1\\\",\\\"items\\\":[{\\\"id\\\":\\\"7\\\"}]} a: \\\"b\\\"\"},"
        for rest in ["{\"id\":\"2\",\"_n\":{\"id\":\"b\"}},{\"id\":\"3\"}]}", "{\"id\":\"2\",\"_n\":{\"a\":[\"A\"]}},{\"id\":\"3\"}]}", Self.items("\"_n\":1", isNested: true, separator: ",") + "]}"] {
            #expect(try read(lost + rest).entries.allSatisfy { $0.id != "7" && $0.id != "b" })
        }
    }

    @Test func `half a name before another costs nothing`() throws {
        let text = Self.head + "{\"id\":1,title\":\"url\":\"http://a.example/1\",\"title\":\"A\"" + Self.rest
        for text in [text, text.replacing("\"items\"", with: "title\":\"items\"")] {
            let feed = try read(text)
            #expect(feed.entries.map(\.id) == ["1", "2", "3"] && feed.entries.map(\.title) == ["A", "B", "C"])
            #expect(feed.entries[0].link == "http://a.example/1" && feed.lack == .part)
        }
    }

    @Test(arguments: ["\"hubs\"", "\"_related\""])
    func `what a list behind the items holds is none of them`(name: String) throws {
        let list = ",\(name):[{\"id\":\"7\",\"url\":\"http://a.example/\",\"title\" \"X\"},{\"id\":\"8\",\"title\":\"Y\"}]}"
        for separator in [",", ",\n"] {
            let feed = try read(Self.head + Self.items("\"_n\":1", isNested: true, separator: separator) + "]" + list)
            #expect(feed.entries.map(\.id) == ["1", "2", "3", "4", "5"])
        }
    }

    @Test(arguments: ["{\"id\":\"1\",title\":\"A\"", "{\"id\":\"1\" , title\" : \"A, \\\"b\\\"\""])
    func `an id ends where the next name has no quote before it`(item: String) throws {
        #expect(try read(Self.head + item + Self.rest).entries.map(\.id) == ["1", "2", "3"])
    }

    @Test(arguments: [
        "{\"id\":\"1\",title:\"A\"", "{\"id\":\"1\",title\":\"A\"", "{\"id\":\"1\",\"title:\"A\"", "{\"id\":\"1\", title: \"A\"",
        "{\"id\":\"1\",\n title : \"A\"", "{id:\"1\",title:\"A\"", "{\"id:\"1\",\"title\":\"A\"", "{\"id\":1,tags:[\"x\"],title:\"A\"",
    ])
    func `so it does before a member's name without quotes, and that is told`(item: String) throws {
        let feed = try read(Self.head + item + ",\"summary\":\"S\"" + Self.rest)
        #expect(feed.entries.map(\.id) == ["1", "2", "3"] && feed.entries.map(\.title) == ["A", "B", "C"])
        #expect(feed.entries[0].summary?.value == "S" && feed.lack == .part)
        #expect(feed.entries.map(\.isDamaged) == [true, false, false] && !feed.entries[0].isNameDamaged)
    }

    @Test(arguments: ["say \"no\", namely: \"x\"", "say \"no\", title: x", "say \"no\", subtitle: \"x\"", "a \"title\" b"])
    func `words behind a comma are no names of members`(text: String) throws {
        let feed = try read(Self.head + "{\"id\":1,\"title\":\"A\",\"content_text\":\"" + text + "\"" + Self.rest)
        #expect(feed.entries[0].content?.value == text && feed.lack == nil)
    }

    @Test func `objects in an item do not become items`() throws {
        let nested = "{\"id\":1,\"title\" \"A\",\"_n\":[{\"id\":7,\"title\":\"X\"},{\"id\":8,\"title\":\"Y\"}]"
        #expect(try read(Self.head + nested + Self.rest).entries.map(\.id) == ["1", "2", "3"])
    }

    @Test func `where nothing can be told apart any more the document is cut off`() throws {
        let feed = try read(Self.head + "{\"id\":1}],\"_n\":\"A}")
        #expect(feed.entries.map(\.id) == ["1"] && !feed.lastEntryIsCut)
        #expect(feed.defects.contains { $0.hasSuffix("the document is cut off") })
    }

    @Test(arguments: ["{", "[Error] no database", "{{ page }}", "{\"a\":1", "[{\"id\":1,\"title\":\"A\"},"])
    func `what is no feed stays broken JSON`(text: String) {
        #expect {
            _ = try read(text)
        } throws: { error in
            (error as? FeedError)?.description.hasPrefix("the answer is broken JSON: line 1:") == true
        }
    }

    @Test(arguments: [
        ("caf\\u00e9\\user", "café\\user"), ("\\u00e9\\u00E8\\u", "éè\\u"), ("\\ud83d\\ude00\\uno", "😀\\uno"),
        ("\\udc00\\user", "\u{FFFD}\\user"), ("\\ud83d\\user", "\\ud83d\\user"),
    ])
    func `an escape is one whatever follows it`(text: String, meant: String) throws {
        #expect(try read(Self.head + "{\"id\":1,\"title\":\"" + text + "\"}]}").entries.map(\.title) == [meant])
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

    @Test(.timeLimit(.minutes(5)), arguments: [
        "\"   ", "{", "[\"", "\" , ", "\\u", "{\"a\":[", "\", \"", "\\\"", "\"},", "{\"id\":", "{\"id\":1}},",
        "\"id\":1,\"a\" ", "\"a\":", "\"a\":{", "\",}\"a\":", "], ", "<", "\",id:", "\",title   ", "title", "title:\"", ",id:{",
    ])
    func `many quotes and brackets are read at once`(junk: String) throws {
        let many = String(repeating: junk, count: 300_000 / junk.utf8.count)
        for start in ["{\"_x\":\"", "", "{\"id\":1}}"] { _ = try? read(Self.head + start + many) }
    }

    /// Each with one slip; what stands in an item, or in a text, never becomes an entry.
    @Test(arguments: [
        "{\"id\":\"1\",\"_n\":[{\"id\":\"7\"}},{\"id\":\"8\"}]},{\"id\":\"2\"}]}",
        "{\"id\":\"1\",\"_n\":[{\"id\":\"7\"}],{\"id\":\"8\"}]},{\"id\":\"2\"}]}",
        "{\"id\":\"1\",\"_n\":[\"{\"id\":\"7\"},{\"id\":\"8\"}]},{\"id\":\"2\",\"_n\":[{\"id\":\"9\"}]}]}",
        "{\"id\":\"1\",\"_n\":{\"id\":\"7\",{\"id\":\"8\"}},{\"id\":\"2\"}]}",
        "{\"id\":\"1\",\"content_text\":\"say \"{\"id\":\"7\",\"title\":\"X\"}\" so\"},{\"id\":\"2\"}]}",
    ])
    func `what is no item becomes none`(items: String) throws {
        let ids = try read(Self.head + items).entries.compactMap(\.id)
        #expect(Set(ids).isSubset(of: ["1", "2"]) && ids.first == "1", "\(ids)")
    }

    @Test func `a sound name may hold brackets, and an item may say something twice`() throws {
        let item = "{\"id\":\"1\",\"title\":\"A\",\"url\":\"https://site.example/1\",\"title\":\"B\",\"_[x]\":{\"id\":\"7\"}}"
        let feed = try read(Self.head + item + ",{\"id\":\"2\",\"title\":\"C\"},]}")
        #expect(feed.entries.map(\.id) == ["1", "2"] && feed.entries[0].link != nil)
    }
}
