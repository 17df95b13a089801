import Testing

@testable import Feeds

@Suite struct DocumentStartTests {
    private static let json = """
        {"title":"T","version":"https:\\/\\/jsonfeed.org\\/version\\/1.1",
        "items":[{"id":"1","content_html":"<?xml version='1.0'?><rss><item>"},{"id":"2"}]}
        """
    private static let xml = """
        <?xml version="1.0"?>
        <rss version="2.0"><channel><title>T</title><item><guid>1</guid>
        <description>{"version":"https://jsonfeed.org/version/1","items":[]}</description></item>
        <item><guid>2</guid></item></channel></rss>
        """

    private func read(_ text: String) throws(FeedError) -> FeedDocument { try FeedReader.read(Array(text.utf8)) }

    @Test(arguments: [
        "Notice: x in /y.php on line 1\n#", "<br />\n<b>Warning</b>: \"x\" in <b>/y.php</b> on line <b>1</b><br />\n#",
        "[21-Nov-2026 10:00:00 UTC] PHP Fatal error: 0 {main}\n#", "1f4\r\n#\r\n0\r\n\r\n", ")]}'\n#", "callback(#);",
        "while(1);#", "// feed\n#", "/* {\"a\": 1} */ #", "<!-- <rss> -->#", "{\"level\":\"warn\",\"text\":\"<rss>\"}\n#",
    ])
    func `what stands before a JSON Feed and behind it is skipped`(frame: String) throws {
        let feed = try read(frame.replacing("#", with: Self.json))
        #expect(feed.format == .json && feed.entries.map(\.id) == ["1", "2"] && feed.lack == nil)
        #expect(feed.malformed && feed.defects.first == "line 1: text before the document was skipped")
        #expect(feed.defects.count == (frame.hasSuffix("#") ? 1 : 2))
    }

    @Test(arguments: [
        "[21-Nov-2026 10:00:00 UTC] PHP Warning:  Undefined variable $x in /f.php on line 12\n",
        "[21-Nov-2026 10:00:00 UTC] PHP Warning:  Undefined index \"x\" in /f.php\n", "{{ page }}\n", "[CDATA[\n",
        "{\"error\":\"x\"}\n", "[]",
    ])
    func `a feed in XML behind what begins like JSON is read`(junk: String) throws {
        let feed = try read(junk + Self.xml)
        #expect(feed.format == .rss && feed.entries.map(\.id) == ["1", "2"])
        #expect(feed.defects.contains("line 1: text before the document was skipped"))
    }

    @Test func `a feed without a JSON Feed's version is none behind junk`() {
        #expect(throws: FeedError.unreadable(beginning: "x {\"items\":[{\"id\":\"1\",\"title\":\"T\"}]}")) {
            try read("x {\"items\":[{\"id\":\"1\",\"title\":\"T\"}]}")
        }
    }

    @Test(arguments: ["<!DOCTYPE html><title>P</title>#", "<HTML><title>P</title><pre>#</pre></HTML>"])
    func `JSON in a page is a part of the page`(page: String) {
        #expect(throws: FeedError.page(title: "P")) { try read(page.replacing("#", with: Self.json.replacing("<", with: "&lt;"))) }
    }

    @Test(arguments: ["<title>P</title><pre>#</pre>", "<div>#</div>", "<svg><desc>#</desc></svg>", "# A feed\n<pre>\n#\n</pre>"])
    func `nor is JSON in any other markup a feed`(page: String) {
        let text = page.replacing(#/#$|#(?=[<\n])/#, with: Self.json.replacing("<", with: "&lt;"))
        #expect(throws: FeedError.self) { try read(text) }
    }

    @Test(arguments: ["{'version':'1','items':[{'id':'1','html':'a <rss><item><title>q</title></item></rss>'}]}", "{version: 1, html: '<rss><item>q'}"])
    func `an object of another language is none, whatever it shows`(text: String) {
        #expect(throws: FeedError.self) { try read(text) }
    }

    @Test(arguments: ["[\"<rss><item>a</item></rss>\"]", "{\"text\":\"<rss><item>a</item></rss>\"}"])
    func `JSON that shows a feed in XML is none`(text: String) {
        #expect(throws: FeedError.otherJSON) { try read(text) }
    }

    @Test func `JSON that is broken stays that where it shows a feed in XML`() throws {
        for text in ["[1,\"<rss><item><title>a</title></item></rss>\",]", "{\"a\":\"<rss><item>b</item></rss>\",}"] {
            let error = #expect(throws: FeedError.self) { try read(text) }
            #expect(error?.description.hasPrefix("the answer is broken JSON") == true)
        }
        let feed = try read("{\"title\":\"about <rss> and \"<feed>\"\",\"items\":[{\"id\":\"1\",\"title\":\"<rss><item>\"}]}")
        #expect(feed.format == .json && feed.entries.map(\.id) == ["1"])
    }

    @Test(arguments: [
        "[{\"a\":\"<item><title>q</title></item>\"}]\n", "[\"<item><title>q</title></item>\",\"<rss>\"]\n",
        "x {\"a\":\"<item><title>q</title></item>\"}\n", "{\"a\":\"<channel>\"}\n{\"level\":\"info\",\n", "{\"level\":\"info\"\n",
        "{\"time\":1,\"error\":{\n\"text\":\"<item>\",\n",
    ])
    func `what JSON before a feed shows, or lacks, is nothing of it`(line: String) throws {
        let feed = try read(line + "<rss version='2.0'><channel><title>F</title><item><guid>1</guid></item></channel></rss>")
        #expect(feed.title == "F" && feed.entries.map(\.id) == ["1"])
        #expect(feed.defects.contains("line 1: text before the document was skipped"))
    }

    @Test(arguments: ["{\"text\":\"a\n<rss><item><guid>1</guid></item></rss>", "{\"text\":'\n<rss><item><guid>1</guid></item></rss>"])
    func `a feed shown in a text that has no end is none`(text: String) {
        #expect(throws: FeedError.self) { try read(text) }
    }

    @Test func `a version may be written in escapes`() throws {
        let version = "https://jsonfeed.org/version/1".unicodeScalars.map {
            "\\u00" + ($0.value < 16 ? "0" : "") + String($0.value, radix: 16)
        }
        let text = "{\"version\":\"" + version.joined() + "\",\"items\":[{\"id\":\"1\"}]}"
        for mark in ["\u{FEFF}\u{FEFF}", "x\n"] {
            let feed = try read(mark + text)
            #expect(feed.version == "json10" && feed.entries.map(\.id) == ["1"])
        }
    }

    /// Each bracket was the beginning of a search to the end.
    @Test(.timeLimit(.minutes(5)), arguments: ["{", "{\"a\":", "{\"a\":1}", "<!-- ", "\"a\"  ", "{\"a", "<br {\"a\":[", "{\"version\":\"1\"}\n", "\\\"", "{\n"])
    func `many brackets cost no more than others`(junk: String) {
        let text = String(repeating: junk, count: 50_000)
        #expect(throws: FeedError.self) { try read("x" + text) }
        #expect(throws: FeedError.self) { try read("[" + text) }
    }
}
