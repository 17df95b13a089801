import Testing

@testable import Feeds

@Suite struct CutOffTests {
    private static let one = "<item><title>One</title><shelves><item>x</item></shelves></item>"

    @Test(arguments: [
        ("", false), ("\n", false), ("<it", false), ("<!-- a", false), ("</channel", false), ("</channel>", false),
        ("<item", false), ("<item>", true), ("<item><title>Tw", true), ("<item><title>Two</title><gu", true),
        ("<item><title><![CDATA[Two <b>x</b> a", true), ("<item><title>Two</title></item", true),
        ("<item><title>Two</title><enclosure url='a", true), ("<item><title>Two</title><!-- a", true),
        ("<item><title>Two</title></item><image><url>x", false), ("<description><![CDATA[a", false),
        ("<item><title>Two<item><title>Three</title></item>", false),
    ])
    func `the last entry is cut where the cut goes through it`(end: String, isCut: Bool) throws {
        let feed = try FeedReader.read(Array(("<rss><channel><title>T & T</title>" + Self.one + end).utf8))
        #expect(feed.lastEntryIsCut == isCut && feed.defects.contains { $0.hasSuffix("the document is cut off") })
        let sound = try FeedReader.read(Array(("<rss><channel>" + Self.one + end).utf8))
        #expect(sound.lastEntryIsCut == isCut && sound.entries.first?.title == "One")
    }

    @Test func `nothing is cut of a whole document, nor of one without entries`() throws {
        #expect(try !FeedReader.read(Array("<rss><channel>\(Self.one)</channel></rss>".utf8)).lastEntryIsCut)
        #expect(try !FeedReader.read(Array("<rss><channel><title>T".utf8)).lastEntryIsCut)
    }

    @Test(arguments: ["<x:rating>5", "<rating>5 stars "])
    func `what has words and is open at the cut takes no entry after it`(field: String) throws {
        let next = "<item><title>Two</title><guid>b</guid></item><item><guid>c</guid></item>"
        let feed = try FeedReader.read(Array(("<rss><channel>\(Self.one)<item><guid>a</guid>\(field)\(next)").utf8))
        #expect(feed.entries.map(\.id) == [nil, "a", "b", "c"] && feed.entries.map(\.title) == ["One", nil, "Two", nil])
        #expect(!feed.lastEntryIsCut)
    }

    @Test(arguments: ["<similar>", "<x:list n='2'>\n"])
    func `a list of entries in an entry is one at the cut, too`(list: String) throws {
        let next = "<item><title>Two</title><guid>b</guid></item><item><guid>c</guid></item>"
        let feed = try FeedReader.read(Array(("<rss><channel>\(Self.one)<item><guid>a</guid>\(list)\(next)").utf8))
        #expect(feed.entries.map(\.id) == [nil, "a"])
    }

    @Test(arguments: ["<title>Zero</title>", "<title>Zero</title><description>Ze", "<title>Zero", ""], ["", "<?xml version='1.0'?>"])
    func `a second document behind a cut has entries of its own`(field: String, declaration: String) throws {
        let entries = "<item><guid>a</guid></item><item><guid>b</guid></item>"
        let cut = "<rss><channel>\(entries)<item>\(field)\n\(declaration)"
        for end in ["</channel></rss>", "</channel></rss>\n<!-- 0.1 s -->", "<item><guid>c"] {
            let feed = try FeedReader.read(Array((cut + "<rss><channel><title>T</title>" + entries + end).utf8))
            let ids = ["a", "b", nil, "a", "b", "c"].prefix(end.hasSuffix("c") ? 6 : 5)
            #expect(feed.entries.map(\.id).filter { $0 != nil } == ids.filter { $0 != nil })
            #expect(feed.entries[2].title?.hasPrefix("Zero") ?? field.isEmpty)
            #expect(feed.lastEntryIsCut == end.hasSuffix("c") && feed.lack == .end)
        }
        let third = try FeedReader.read(Array((cut + cut + "<rss><channel>" + entries + "</channel></rss>").utf8))
        #expect(third.entries.compactMap(\.id) == ["a", "b", "a", "b", "a", "b"])
    }

    @Test(arguments: ["", "<title>x"])
    func `a second document has a base of its own`(field: String) throws {
        let second = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://h/blog/'><title>F</title>"
            + "<entry><id>a</id><link href='p/1'/></entry><entry><id>b</id><link href='p/2'/></entry></feed>"
        let first = "<rss xml:base='http://g/'><channel><item><link>a</link></item><item>"
        let feed = try FeedReader.read(Array((first + field + second).utf8))
        #expect(feed.entries.compactMap(\.link) == ["http://g/a", "http://h/blog/p/1", "http://h/blog/p/2"])
        let quoted = first + field + second + "</item><item><link>b</link></item></channel></rss>&"
        #expect(try FeedReader.read(Array(quoted.utf8)).entries.compactMap(\.link).last == "http://g/b")
    }

    @Test func `a feed that an entry quotes before the cut is a part of it`() throws {
        let quote = "<x:list><rss><channel><item><guid>q</guid></item></channel></rss></x:list>"
        let feed = try FeedReader.read(Array("<rss><channel>\(Self.one)<item><guid>a</guid>\(quote)<link>".utf8))
        #expect(feed.entries.map(\.id) == [nil, "a"])
    }
}
