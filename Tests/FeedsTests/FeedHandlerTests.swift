import Testing

@testable import Feeds

/// Entries that stand in entries: whose they are.
@Suite struct FeedHandlerTests {
    private func read(_ text: String) throws -> FeedDocument { try FeedReader.read(Array(text.utf8)) }

    private func item(_ inside: String) throws -> FeedDocument {
        try read(
            "<rss><channel><title>F</title><item><title>Dune</title>\(inside)<guid>g</guid>"
                + "<pubDate>2024-01-01</pubDate></item></channel></rss>")
    }

    @Test(arguments: [
        "<shelves><item>fav</item></shelves>", "<list><item><title>x</title></item><item/></list>",
        "<x:meta xmlns:x='u'><entry>q</entry></x:meta>", "<description>a <item>b</item> c</description>",
        "<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>a<entry><id>z</id></entry></content:encoded>",
        "<source><item><guid>h</guid></item></source>",
        "<m:group xmlns:m='http://search.yahoo.com/mrss/'><item><title>x</title></item></m:group>",
    ])
    func `what is called an entry in an element of an entry is a part of that`(inside: String) throws {
        for rest in ["", "<link>http://e/?a=1&b=2</link>"] {
            let feed = try item(inside + rest)
            #expect(feed.entries.map(\.title) == ["Dune"])
            #expect(feed.entries.map(\.id) == ["g"] && feed.entries[0].published != nil)
            #expect(feed.entries[0].elements.contains { $0.children.contains { $0.tag.field == .item } })
            #expect(feed.malformed == !rest.isEmpty)
        }
    }

    @Test func `so it is where the document is cut off behind it`() throws {
        let feed = try read(
            "<rss><channel><item><title>Dune</title><shelves><item>fav</item></shelves><guid>g</guid></item>\n")
        #expect(feed.entries.map(\.title) == ["Dune"] && feed.entries.map(\.id) == ["g"])
    }

    @Test func `an entry directly in another is one, and leaves that whole`() throws {
        let feed = try item("<item><title>Emma</title><item><title>Ulysses</title></item></item>")
        #expect(feed.entries.map(\.title) == ["Dune", "Emma", "Ulysses"])
        #expect(feed.entries.map(\.id) == ["g", nil, nil] && !feed.malformed)
    }

    @Test(arguments: ["xhtml", " XHTML ", "application/atom+xml"])
    func `an entry in content of an XML type is somebody else's`(type: String) throws {
        let entry = "<entry><id>1</id><title>Dune</title><content type='\(type)'><div xmlns='http://www.w3.org/1999/xhtml'>I "
            + "<entry xmlns='http://www.w3.org/2005/Atom'><id>9</id><title>Emma</title></entry> end.</div></content>"
            + "<link href='http://a/1'/></entry>"
        // The second is broken in another place.
        for after in ["", "<entry><id>2</id><title>x</entry>"] {
            let feed = try read("<feed xmlns='http://www.w3.org/2005/Atom'>\(entry)\(after)</feed>")
            #expect(feed.entries.map(\.id) == (after.isEmpty ? ["1"] : ["1", "2"]))
            #expect(feed.entries[0].link == "http://a/1" && feed.entries[0].content?.value.contains("end.") == true)
        }
    }

    @Test func `what says nothing is an entry where entries stand`() throws {
        #expect(try read("<rss><item/><channel><item>x</item></channel><p><item>x</item></p></rss>").entries.count == 2)
        // This leaves it open whose it is.
        #expect(try item("<shelves><item>fav</item></shelves><a><b></a>").entries.map(\.title) == ["Dune"])
        #expect(try item("<item/><item/>").entries.map(\.id) == ["g"])
    }

    @Test func `entries in entries count as the others do`() {
        var limits = FeedLimits.standard
        limits.entriesMax = 2
        for text in ["<rss><item><guid>1</guid><item><guid>2</guid></item><item/></item></rss>", "<rss><item/><item/><item/></rss>"] {
            #expect(throws: FeedError.tooManyEntries(entriesMax: 2)) {
                try FeedReader.read(Array(text.utf8), limits: limits)
            }
        }
    }
}
