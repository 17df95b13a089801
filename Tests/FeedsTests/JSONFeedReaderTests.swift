import Formats
import Testing
import XML

@testable import Feeds

@Suite struct JSONFeedReaderTests {
    private func read(_ items: String, version: String = "1.1") throws(FeedError) -> FeedDocument {
        let text = "{\"version\":\"https://jsonfeed.org/version/\(version)\",\"title\":\"T\",\"items\":[\(items)]}"
        return try FeedReader.read(Array(text.utf8), address: "https://example.org/feed.json")
    }

    @Test(arguments: [("1", "json10"), ("1.1", "json11")])
    func `the version is the one that is stated`(stated: String, version: String) throws {
        let feed = try read("", version: stated)
        #expect(feed.format == .json && feed.version == version && feed.entries.isEmpty)
    }

    @Test(arguments: ["\"version\":1.1,", "\"version\":[],", ""])
    func `a feed is one whose version says nothing, too`(version: String) throws {
        let text = "{\(version)\"title\":\"T\",\"items\":[{\"id\":1,\"title\":\"A\"},{\"title\":\"B\"}]}"
        let feed = try FeedReader.read(Array(text.utf8), address: nil)
        #expect(feed.entries.map(\.id) == ["1"] && feed.malformed)
        #expect(
            feed.defects == [
                "a JSON Feed that does not say so in its version", "1 of 2 items have no id, and are left out",
            ])
        #expect(throws: FeedError.otherJSON) {
            try FeedReader.read(Array("{\(version)\"items\":[{\"name\":\"x\"}]}".utf8), address: nil)
        }
    }

    @Test func `lists of items are joined`() throws {
        let feed = try read("{\"id\":1}],\"title\":\"U\",\"items\":7,\"items\":[{\"id\":2},{\"id\":3}")
        #expect(feed.entries.map(\.id) == ["1", "2", "3"] && feed.title == "T")
        #expect(feed.malformed && feed.defects == ["it has 2 lists of items, which were read as one"])
    }

    @Test func `an item with everything`() throws {
        let feed = try read(
            """
            {"id":"1","url":"/one","title":"One","summary":"S","content_html":"<p>x</p>","content_text":"no",
            "date_published":"2026-05-24T10:00:00+02:00","date_modified":"2026-05-25T10:00:00Z",
            "authors":[{"name":"Ada","url":"/ada"}],"tags":["a","b"],
            "attachments":[{"url":"/x.mp3","mime_type":"audio/mpeg","size_in_bytes":12}]}
            """)
        let entry = try #require(feed.entries.first)
        #expect(entry.link == "https://example.org/one")
        #expect(entry.summary == Body("S", isHTML: false))
        #expect(entry.content == Body("<p>x</p>", isHTML: true))
        #expect(entry.published?.description == "2026-05-24T08:00:00Z")
        #expect(entry.updated?.description == "2026-05-25T10:00:00Z")
        #expect(entry.authors == [Person(name: "Ada", uri: "https://example.org/ada")])
        #expect(entry.categories.map(\.term) == ["a", "b"])
        #expect(
            entry.enclosures == [
                Enclosure(url: "https://example.org/x.mp3", type: "audio/mpeg", length: "12")
            ])
    }

    @Test func `a member of the wrong type costs that member`() throws {
        let feed = try read(
            """
            {"id":"1","title":["no"],"url":7,"date_published":"soon","authors":"no","tags":{},
            "attachments":[{"mime_type":"a/b"}],"content_text":"kept"}
            """)
        let entry = try #require(feed.entries.first)
        #expect(entry.title == nil && entry.published == nil && entry.enclosures.isEmpty)
        #expect(entry.content == Body("kept", isHTML: false))
    }

    @Test(arguments: ["{\"title\":\"x\"}", "{\"id\":null}", "{\"id\":{}}", "7", "null"])
    func `what is no object with an id is no entry`(item: String) throws {
        #expect(try read("\(item),{\"id\":2}").entries.map(\.id) == ["2"])
    }

    /// Sixteen megabytes of them took 478.
    @Test func `a document of very many values is not read`() {
        let values = String(repeating: "[[[[1]]]],", count: 200_001)
        #expect {
            try read("{\"id\":1,\"title\":\"A\",\"_x\":[\n\(values)1]}")
        } throws: { error in
            (error as? FeedError)?.description
                == "the answer is broken JSON: line 2: found more than 800000 values, expected a document with fewer"
        }
    }

    @Test func `so is one with very many names of members`() {
        let error = FeedError.tooManyNames(namesMax: 20_000)
        let items = (0..<30).map { item in
            "{\"id\":\(item)," + (0..<1_000).map { "\"k\(item)_\($0)\":1" }.joined(separator: ",") + "}"
        }
        #expect(throws: error) { try read(items.joined(separator: ",")) }
        #expect(throws: Never.self) { try read(items.prefix(19).joined(separator: ",")) }
    }

    @Test func `what was only changed was published then`() throws {
        let item = #"{"id":"1","date_modified":"2026-05-25"}"#
        #expect(try read(item).entries[0].published?.description == "2026-05-25T00:00:00Z")
    }

    @Test func `a published date that is missing is never made up`() throws {
        #expect(try read("{\"id\":\"1\"}").entries[0].published == nil)
    }

    @Test func `extensions are elements that a service can read`() throws {
        let entry = try read("{\"id\":\"1\",\"_shelf\":{\"pages\":300,\"read\":true}}").entries[0]
        #expect(entry.text(of: "_shelf/pages") == "300")
        #expect(entry.text(of: "_shelf/read") == "true")
    }

    @Test(arguments: [("{\"id\":1}", "its items are no list"), (nil, "it has no items")])
    func `that there are no items is told`(items: String?, defect: String) throws {
        let member = items.map { ",\"items\":\($0)" } ?? ""
        let text = "{\"version\":\"https://jsonfeed.org/version/1.1\"\(member)}"
        let feed = try FeedReader.read(Array(text.utf8))
        #expect(feed.entries.isEmpty && feed.malformed && feed.defects == [defect])
    }

    @Test func `items share what their names mean`() throws {
        let feed = try read("{\"id\":1,\"_a\":1},{\"id\":2,\"_a\":2},{\"_a\":3,\"id\":3}")
        let tags = feed.entries.compactMap { $0.element("_a")?.tag }
        #expect(tags.count == 3 && tags[0] === tags[1] && tags[1] === tags[2])
        #expect(feed.entries.map { $0.text(of: "_a") } == ["1", "2", "3"])
    }

    private static let answers = (
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

    @Test func `what is kept of a long text is told`() throws {
        let long = String(repeating: "x", count: FeedLimits.standard.fieldBytesMax + 1)
        let text = Self.answers.first.replacing("\"title\":\"A\"", with: "\"title\":\"A\",\"_n\":\"" + long + "\"")
        let feed = try FeedReader.read(Array(text.utf8))
        #expect(feed.defects == ["a field is longer than what is read of one"] && !feed.malformed)
        #expect(feed.entries[0].elements.first { $0.name == "_n" }?.text.utf8.count == FeedLimits.standard.fieldBytesMax)
    }

    @Test func `its bytes are let go when it has been read, and left where it is none`() throws {
        for text in [Self.answers.first, Self.answers.first + "x", Self.answers.first + Self.answers.second] {
            var decoded = DecodedText(bytes: Array(text.utf8), encoding: "utf-8")
            _ = try JSONFeedReader.read(&decoded, base: Base(nil), limits: .standard)
            #expect(decoded.bytes.isEmpty)
        }
        var decoded = DecodedText(bytes: Array("{\"a\":1,}".utf8), encoding: "utf-8")
        #expect(throws: FeedError.self) { try JSONFeedReader.read(&decoded, base: Base(nil), limits: .standard) }
        #expect(!decoded.bytes.isEmpty)
    }
}
