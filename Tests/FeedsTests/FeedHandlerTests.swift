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

    @Test func `an item that a title in XHTML speaks of begins no entry`() throws {
        let title = "<title type='xhtml'><div \(Self.page)>The <item> tag</div></title>"
        let feed = try FeedReader.read(Array(
            ("<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id>\(title)<link href='http://h.example/1'/></entry>"
                + "<entry><id>2</id></entry></feed>").utf8))
        #expect(feed.entries.map(\.id) == ["1", "2"] && feed.entries[0].link == "http://h.example/1")
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

    private static let page = "xmlns='http://www.w3.org/1999/xhtml'"
    private static func entries(_ name: String, _ numbers: ClosedRange<Int>, _ attributes: String = "") -> String {
        numbers.map { "<\(name) \(attributes)><title>T\($0)</title><guid>\($0)</guid><link>http://e/\($0)</link></\(name)>" }
            .joined()
    }

    @Test(arguments: [
        "http://www.w3.org/1999/xhtml", "http://www.itunes.com/dtds/podcast-1.0.dtd", "http://search.yahoo.com/mrss/",
        "http://purl.org/rss/1.0/modules/content/", "http://purl.org/dc/elements/1.1/",
        "http://purl.org/rss/1.0/modules/syndication/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    ])
    func `another vocabulary's default namespace hides nothing`(address: String) throws {
        let inside = Self.entries("item", 1...2) + Self.entries("item", 3...3, "xmlns='\(address)'")
        for text in [
            "<rss><channel><title>F</title>\(inside)</channel></rss>",
            "<rss xmlns='\(address)'><channel><title>F</title>\(inside)</channel></rss>",
            "<rss><channel xmlns='\(address)'><title>F</title>\(inside)</channel></rss>",
        ] {
            let feed = try read(text)
            #expect(feed.title == "F" && feed.entries.map(\.id) == ["1", "2", "3"] && !feed.malformed)
            #expect(feed.entries.map(\.title) == ["T1", "T2", "T3"] && feed.entries.allSatisfy { $0.link != nil })
        }
    }

    @Test func `an element of a page that is not closed swallows no entry`() throws {
        let div = "<div \(Self.page)><p>x"
        for (start, end) in [
            ("<rss><channel>\(Self.entries("item", 1...1))\(div)", "</channel></rss>"),
            ("<rss><channel>\(Self.entries("item", 1...1))\(div)", "</p></div></channel></rss>"),
            ("<rss><channel><item><guid>1</guid>\(div)", "</channel></rss>"),
        ] {
            let feed = try read(start + Self.entries("item", 2...3) + end)
            #expect(feed.entries.map(\.id) == ["1", "2", "3"] && feed.entries[2].title == "T3")
        }
        for field in ["title", "rights", "summary", "content"] {
            let feed = try read(
                "<feed xmlns='http://www.w3.org/2005/Atom'>\(field == "rights" ? "" : "<entry>")<\(field) type='xhtml'>"
                    + div + Self.entries("entry", 2...3) + "</feed>")
            #expect(feed.entries.compactMap(\.id) == ["2", "3"])
        }
    }

    @Test func `what a page in an entry calls an item is its own`() throws {
        let page = "<div \(Self.page)>a <item><title>b</title><guid>c</guid></item></div>"
        for content in [page, "<description>\(page)</description>", "<x:list xmlns:x='u'>\(page)</x:list>"] {
            for fault in ["", "<link>http://e/?a=1&b=2</link>", "<x></y></x>"] {
                let feed = try item(content + fault)
                #expect(feed.entries.map(\.id) == ["g"] && feed.entries[0].title == "Dune")
            }
        }
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id><content type='xhtml'>\(page)</content></entry>"
        #expect(try read(atom + "</feed>").entries.map(\.id) == ["1"] && read(atom).entries.map(\.id) == ["1"])
    }

    @Test func `a page is no feed for an item in it, but for a feed`() throws {
        let items = "<channel>\(Self.entries("item", 1...2))</channel>"
        for inside in [items, "<feed>\(items)</feed>"] {
            #expect(throws: FeedError.self) { try read("<html \(Self.page)><body>\(inside)</body></html>") }
        }
        #expect(try read("<html \(Self.page)><body><rss>\(items)</rss></body></html>").entries.map(\.id) == ["1", "2"])
    }
}
