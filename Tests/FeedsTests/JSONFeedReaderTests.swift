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

    @Test func `what is kept of a long text is told`() throws {
        let long = String(repeating: "x", count: FeedLimits.standard.fieldBytesMax + 1)
        let text = JSONAnswersTests.answers.first.replacing("\"title\":\"A\"", with: "\"title\":\"A\",\"_n\":\"" + long + "\"")
        let feed = try FeedReader.read(Array(text.utf8))
        #expect(feed.defects == ["a field is longer than what is read of one"] && !feed.malformed)
        #expect(feed.entries[0].elements.first { $0.name == "_n" }?.text.utf8.count == FeedLimits.standard.fieldBytesMax)
    }

    @Test func `its bytes are let go when it has been read, and left where it is none`() throws {
        for text in [JSONAnswersTests.answers.first, JSONAnswersTests.answers.first + "x", JSONAnswersTests.answers.first + JSONAnswersTests.answers.second] {
            var decoded = DecodedText(bytes: Array(text.utf8), encoding: "utf-8")
            _ = try JSONFeedReader.read(&decoded, base: Base(nil), limits: .standard)
            #expect(decoded.bytes.isEmpty)
        }
        var decoded = DecodedText(bytes: Array("{\"a\":1,}".utf8), encoding: "utf-8")
        #expect(throws: FeedError.self) { try JSONFeedReader.read(&decoded, base: Base(nil), limits: .standard) }
        #expect(!decoded.bytes.isEmpty)
    }
}
