import Testing

@testable import Feeds

/// Many entries, each within its limits, from a small document.
@Suite struct FeedRoomTests {
    private static let defect = "its entries have more categories, addresses or markup than are read of all together"
    private static let base = "http://a.example/" + String(repeating: "b", count: 490) + "/"
    private static let small: FeedLimits = {
        var limits = FeedLimits.standard
        limits.resolvedBytesMax = 100_000
        limits.listedMax = 640
        limits.titleMarkupBytesMax = 10_000
        return limits
    }()

    private func read(_ items: String, base: String = base) throws -> FeedDocument {
        try FeedReader.read(Array("<rss xml:base='\(base)'>\(items)</rss>".utf8), limits: Self.small)
    }

    @Test(arguments: [
        "<enclosure url='x'/><enclosure url='x'/>", "<author><uri>x</uri></author>", "<link>x</link>",
        "<guid>x</guid>", "<link rel='alternate' href='x'/>",
    ])
    func `relative addresses under a long base do not make a document grow without end`(fields: String) throws {
        let feed = try read(String(repeating: "<item><title>T</title>\(fields)</item>", count: 300))
        let bytes = feed.entries.reduce(0) { sum, entry in
            sum + entry.enclosures.reduce(0) { $0 + $1.url.utf8.count } + (entry.link?.utf8.count ?? 0)
                + entry.authors.reduce(0) { $0 + ($1.uri?.utf8.count ?? 0) }
        }
        #expect((90_000...101_000).contains(bytes) && feed.defects == [Self.defect] && !feed.malformed)
        #expect(feed.entries.count == 300 && feed.entries[9].enclosures.allSatisfy { $0.url == Self.base + "x" })
    }

    @Test func `absolute addresses need no room`() throws {
        let item = "<item><link>x</link></item><item><link>\n http://a.example/1</link></item>"
        let feed = try read(String(repeating: item, count: 300))
        #expect(feed.entries.last?.link == "http://a.example/1" && feed.entries[598].link == nil)
    }

    @Test func `so it is with words`() throws {
        let words = (0..<64).map { "\($0)" }.joined(separator: ",")
        let feed = try read(String(repeating: "<item><keywords>\(words)</keywords></item>", count: 20))
        #expect(feed.entries.map(\.categories.count) == (0..<20).map { $0 < 10 ? 64 : 0 })
        #expect(feed.defects == [Self.defect])
    }

    @Test(arguments: ["<title type='xhtml'><div><p>a &lt; b</p>%</div></title>", "<title type='html'>&lt;p>a &amp;lt; b&lt;/p>%</title>"])
    func `and with titles of markup, of which the words stay`(title: String) throws {
        let paragraph = title.contains("<p>") ? "<p/>" : "&lt;p>&lt;/p>"
        let long = title.replacing("%", with: String(repeating: paragraph, count: 1_000))
        let items = String(repeating: "<entry>\(long)</entry>", count: 9)
        let feed = try FeedReader.read(Array("<feed xmlns='http://www.w3.org/2005/Atom'>\(items)</feed>".utf8), limits: Self.small)
        #expect(feed.entries.map(\.title) == [String](repeating: "a < b", count: 9) && feed.defects == [Self.defect])
    }

    @Test func `and with what JSON has`() throws {
        let attachments = String(repeating: "{\"url\":\"x\"},", count: 60) + "{}"
        let item = "{\"id\":1,\"attachments\":[\(attachments)]}"
        let text = "{\"version\":\"https://jsonfeed.org/version/1\",\"items\":["
            + [String](repeating: item, count: 9).joined(separator: ",") + "]}"
        let feed = try FeedReader.read(Array(text.utf8), address: Self.base, limits: Self.small)
        #expect(feed.defects == [Self.defect] && feed.entries[0].enclosures[0].url == Self.base + "x")
        #expect(feed.entries[8].enclosures.isEmpty)
    }

    @Test func `a category around others does not tell their text again`() throws {
        let depth = 100
        let nested = String(repeating: "<i:category> ", count: depth) + "word" + String(repeating: "</i:category>", count: depth)
        let feed = try FeedReader.read(
            Array("<rss xmlns:i='http://www.itunes.com/dtds/podcast-1.0.dtd'><item>\(nested)</item></rss>".utf8))
        #expect(feed.entries[0].categories.map(\.term) == ["word"])
    }

    @Test func `nobody's name is a book`() {
        let text = "a@example.org " + String(repeating: "b ", count: 5_000) + "c"
        #expect(Persons.person(text) == Person(name: String(text.prefix(256))))
        let long = String(repeating: "a", count: 255)
        #expect(Persons.person(long + "äb") == Person(name: long))
    }

    @Test func `nor has a feed very many authors`() throws {
        let nobody = String(repeating: "<managingEditor> </managingEditor>", count: 255)
        let many = String(repeating: "<managingEditor>A</managingEditor>", count: 100)
        #expect(try read(many).authors.count == 64)
        #expect(try read(nobody + many).authors == [Person(name: "A")])
    }

    @Test(.timeLimit(.minutes(5)), arguments: ["a ", "a\u{301}", "@", "a@b ", "(", "( ", ")", "a@b.c "])
    func `persons of many words are read at once`(word: String) throws {
        let person = "<author>" + String(repeating: word, count: 4_000 / word.utf8.count) + "a@b.c</author>"
        #expect(try read("<item>" + String(repeating: person, count: 60) + "</item>").entries[0].authors.count == 60)
    }
}
