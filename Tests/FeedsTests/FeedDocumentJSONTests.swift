import Formats
import Testing

@testable import Feeds

@Suite struct FeedDocumentJSONTests {
    private func json(_ text: String, address: String? = "https://a.example/feed") throws -> JSONValue {
        try FeedReader.read(Array(text.utf8), address: address).json
    }

    @Test(arguments: [
        ("javascript:alert(1)", false), ("JavaScript:alert(1)", false), ("data:text/html,x", false),
        ("mailto:ada@a.example", false), ("ftp://a.example/1", true), ("urn:x:1", true), ("tag:a.example,2026:1", true),
    ])
    func `an address that is not of the web is a link where it names something, and never a file`(
        address: String, isLink: Bool
    ) throws {
        let enclosure = "<enclosure url='\(address)' type='audio/mpeg'/>"
        let text = "<rss><item><title>A</title><link>\(address)</link>\(enclosure)</item></rss>"
        let entry = try #require(try json(text)["entries"]?.arrayValue?.first)
        #expect(entry["link"]?.stringValue == (isLink ? address : nil))
        #expect(entry["enclosures"] == .array([.object([JSONMember("type", .string("audio/mpeg"))])]))
    }

    @Test(arguments: [("/1", "https://a.example/feed", "https://a.example/1"), ("/1", nil, "/1")])
    func `a relative one is one as well`(link: String, address: String?, stated: String) throws {
        let text = "<rss><item><title>A</title><link>\(link)</link><enclosure url='\(link)'/></item></rss>"
        let entry = try #require(try json(text, address: address)["entries"]?.arrayValue?.first)
        #expect(entry["link"]?.stringValue == stated)
        #expect(entry["enclosures"]?.arrayValue?.first?["url"]?.stringValue == stated)
    }
}
