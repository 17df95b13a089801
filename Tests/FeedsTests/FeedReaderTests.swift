import Formats
import Testing

@testable import Feeds

@Suite struct FeedReaderTests {
    private func read(
        _ text: String, address: String? = nil, limits: FeedLimits = .standard
    ) throws(FeedError) -> FeedDocument {
        try FeedReader.read(Array(text.utf8), address: address, limits: limits)
    }

    @Test func `an RSS item with its service's elements`() throws {
        let feed = try read(
            """
            <rss version="2.0" xmlns:s="urn:s"><channel><title>T</title><ttl>60</ttl>
            <skipDays><day>Sunday</day></skipDays>
            <item><title>A &amp;amp; B</title><guid isPermaLink="false"> g1 </guid>
            <link>/a</link><pubDate>Sun, 24 May 2026 10:00:00 +1200</pubDate>
            <s:day kind="seen">2026-05-24</s:day><undeclared:x>y</undeclared:x>
            <book><num_pages>300</num_pages></book></item></channel></rss>
            """, address: "https://example.org/feed")
        let entry = try #require(feed.entries.first)
        #expect(feed.version == "rss20" && feed.timeToLiveMinutes == 60 && feed.skipDays == [0])
        #expect(entry.title == "A & B")
        #expect(entry.id == "g1" && !entry.idIsPermalink)
        #expect(entry.link == "https://example.org/a")
        #expect(entry.published?.description == "2026-05-23T22:00:00Z")
        #expect(entry.text(of: "day", namespace: "urn:s") == "2026-05-24")
        #expect(entry.element("day")?.attribute("kind") == "seen")
        #expect(entry.text(of: "x") == "y")
        #expect(entry.text(of: "book/num_pages") == "300")
        #expect(entry.elements.map(\.name).prefix(3) == ["title", "guid", "link"])
        #expect(feed.malformed, "a prefix is not declared")
    }

    @Test(arguments: [
        ("<rss version='2.0'><channel>", "<item><title>#</title><guid>#</guid></item>", "</channel></rss>"),
        ("<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry><id>#</id><title>#</title></entry>", "</feed>"),
    ])
    func `two entries whose border is lost are damaged, unless most are written so`(
        head: String, entry: String, end: String
    ) throws {
        func document(_ entries: String) throws -> FeedDocument { try FeedReader.read(Array((head + entries + end).utf8)) }
        let whole = ["a", "b", "c", "d"].map { entry.replacing("#", with: $0) }.joined()
        let border = entry.hasPrefix("<item") ? "</item><item>" : "</entry><entry>"
        #expect(try document(whole).entries.allSatisfy { !$0.isDamaged })
        let lost = try document(whole.replacing(border, with: "", maxReplacements: 1))
        #expect(lost.entries.map(\.isNameDamaged) == [true, false, false] && lost.lack == .part && lost.malformed)
        let written = whole.replacing(border, with: "")
        let style = try document(written + written + entry.replacing("#", with: "e"))
        #expect(style.entries.count == 3 && style.entries.allSatisfy { !$0.isDamaged } && style.lack == nil)
        // Two titles alone, or two ids, say nothing.
        for name in ["title", "guid", "id"] where entry.contains("<\(name)>") {
            let twice = entry.replacing("</\(name)>", with: "</\(name)><\(name)>x</\(name)>").replacing("#", with: "z")
            #expect(try document(twice + whole).entries.allSatisfy { !$0.isDamaged })
        }
    }

    /// What is left of an end tag goes, and the mark of the tear must not end up in the tag that is written instead.
    @Test(arguments: ["Dune/</foo>title>", "Dunet</foo>itle>", "Dune</</foo>title>", "Dune<foo></title>"])
    func `a torn tag leaves its entry whole`(title: String) throws {
        let feed = try read(
            "<rss version='2.0'><channel><title>T</title><item><title>\(title)<link>http://x.example/2</link><guid>g2</guid></item></channel></rss>")
        #expect(feed.entries.map(\.id) == ["g2"] && feed.entries[0].link == "http://x.example/2")
        #expect(feed.entries[0].title?.hasPrefix("Dune") == true && feed.defects.allSatisfy { !$0.contains("expected '>'") })
    }

    @Test func `where many entries are torn, that is how the feed is written`() throws {
        let items = (1...6).map { "<item>\($0 == 3 ? "" : "<title>a\($0)</title>")<guid>\($0)</guid><description>a <foo> b</description></item>" }
        let feed = try read("<rss version='2.0'><channel><title>T</title>\(items.joined())</channel></rss>")
        #expect(feed.entries.count == 6 && feed.entries.allSatisfy { !$0.isDamaged && $0.isTorn } && feed.lack == nil)
    }

    @Test(arguments: [
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", 604_800), ("<sy:updateFrequency>4</sy:updateFrequency>", 21_600),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 1_800),
        ("<sy:updatePeriod>never</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", nil), ("", nil),
    ])
    func `how often a feed is written anew is daily where it states no period`(elements: String, seconds: Int?) throws {
        let feed = try read(
            "<rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>\(elements)<item><title>a</title></item></channel></rss>")
        #expect(feed.updateIntervalSeconds == seconds)
    }

    /// A tag is torn between the two.
    @Test func `an entry with a second id and a torn tag is two of which the border is lost`() throws {
        let items = ["a", "b", "c", "d"].map { "<item><title>\($0)</title><guid>\($0)</guid></item>" }.joined()
        let feed = try read(
            "<rss version='2.0'><channel><title>T</title>\(items.replacing("</item><item><title>b", with: ""))</channel></rss>")
        #expect(feed.entries.map(\.isNameDamaged) == [true, false, false] && feed.lack == .part)
    }

    /// What a torn tag takes along: a tag, or the whole field that is swallowed by the one before.
    @Test(arguments: [
        ("<guid>id-b", "guid>id-b", "id"), ("</title><guid>id-b", "guid>id-b", "id"), ("<title>b", "title>b", "title"),
        ("</guid><pubDate>Fri, 02", "pubDate>Fri, 02", "date"), ("<pubDate>Fri, 02", "Date>Fri, 02", "date"),
    ])
    func `the one entry that has lost a field where tags are torn is damaged`(piece: String, rest: String, name: String) throws {
        let items = [("a", 3), ("b", 2), ("c", 1)].map { name, day in
            "<item><title>\(name)</title><guid>id-\(name)</guid><pubDate>Fri, 0\(day) Jan 2026 10:00:00 GMT</pubDate></item>"
        }
        func document(_ items: [String]) throws -> FeedDocument {
            try read("<rss version='2.0'><channel><title>T</title>\(items.joined())</channel></rss>")
        }
        let torn = items.map { $0.replacing(piece, with: rest) }
        let feed = try document(torn)
        #expect(feed.entries.map(\.isNameDamaged) == [false, true, false] && feed.lack == .part)
        #expect(feed.defects.contains("an entry has lost its \(name), which all others have"))
        // Two entries are none to compare with, others may lack it, too, and a whole document is as it was meant.
        #expect(try document(Array(torn.prefix(2))).entries.allSatisfy { !$0.isDamaged })
        let bare = "<item><description>x</description></item>"
        #expect(try document(torn + [bare, bare]).entries.allSatisfy { !$0.isDamaged })
        #expect(try document(items + [bare]).entries.allSatisfy { !$0.isDamaged })
        #expect(try document(items + [bare.replacing("x", with: "a & b")]).entries.allSatisfy { !$0.isDamaged })
        // Nor does HTML that nobody escaped tell of a loss, or a tear in another entry.
        let other = items[0].replacing("</guid>", with: "<foo></guid>")
        #expect(try document([other, items[1], bare]).entries.allSatisfy { !$0.isDamaged })
        for html in ["a<br>b", "<p>a<p>b", "a</p>", "<img src=a>", "<ul><li>a</ul>", "a</b", "a<wbr>b", "<section>a"] {
            #expect(try document(items + [bare.replacing("x", with: html)]).entries.allSatisfy { !$0.isDamaged })
        }
    }

    @Test func `an Atom entry with typed texts and xml:base`() throws {
        let feed = try read(
            """
            <feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/a/">
            <title type="html">&lt;b>T&lt;/b></title><link rel="next" href="2"/>
            <entry xml:base="b/"><id> urn:x </id><title>1 &lt; 2 &amp;amp;</title><link href="c"/>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><a href="d">e</a></div>
            </content><updated>2026-01-01T00:00:00Z</updated></entry></feed>
            """)
        let entry = try #require(feed.entries.first)
        #expect(feed.title == "T" && feed.version == "atom10")
        #expect(feed.links == [Link(rel: "next", href: "https://example.org/a/2")])
        #expect(entry.id == "urn:x" && entry.title == "1 < 2 &amp;")
        #expect(entry.link == "https://example.org/a/b/c")
        #expect(
            entry.content == Body("<a href=\"https://example.org/a/b/d\">e</a>", isHTML: true))
        #expect(entry.published == entry.updated, "published falls back to updated")
    }

    @Test(arguments: [
        ([0x1F, 0x8B, 0x08, 0x00] as [UInt8], FeedError.packed(kind: "gzip data")),
        ([0x50, 0x4B, 0x03, 0x04, 0x14], .packed(kind: "a zip archive")), (Array("BZh91AY&SY".utf8), .packed(kind: "bzip2 data")),
        (Array("%PDF-1.7".utf8), .otherFile(kind: "a PDF document")),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D], .otherFile(kind: "a PNG image")),
    ])
    func `bytes that are no text are told by what they begin with`(bytes: [UInt8], error: FeedError) {
        #expect(throws: error) { try FeedReader.read(bytes) }
    }

    @Test func `RSS 1.0 has its items beside the channel`() throws {
        let feed = try read(
            """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
             xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel>
            <item rdf:about="urn:1"><title>One</title><link>javascript:x</link></item></rdf:RDF>
            """)
        #expect(feed.format == .rdf && feed.version == "rss10")
        #expect(feed.entries.map(\.id) == ["urn:1"])
        #expect(feed.entries[0].link == nil, "only addresses of the web are links")
    }

    @Test func `JSON Feed is read field by field`() throws {
        let feed = try read(
            """
            {"version":"https://jsonfeed.org/version/1","title":"T","next_url":"/2","items":[
            {"id":7,"title":"One","author":{"name":"Ada"},"content_html":"<p>x</p>","tags":"no"},
            {"id":""}]}
            """, address: "https://example.org/")
        #expect(feed.version == "json10" && feed.nextURL == "https://example.org/2")
        #expect(feed.entries.map(\.id) == ["7"])
        #expect(feed.entries[0].authors == [Person(name: "Ada")])
    }

    @Test func `an entry that begins in another ends it, and both are kept`() throws {
        let feed = try read(
            "<rss><channel><item><title>One<item><title>Two</title></item></channel></rss>")
        #expect(feed.entries.map(\.title) == ["One", "Two"])
    }

    @Test func `a document that is cut off is kept up to the cut`() throws {
        let feed = try read("<rss><channel><item><title>One</title></item><item><title>Tw")
        #expect(feed.entries.map(\.title) == ["One", "Tw"])
        #expect(feed.defects == ["line 1: the document is cut off"])
    }

    @Test func `image, source and media titles do not overwrite the entry's own`() throws {
        let feed = try read(
            """
            <rss xmlns:media="http://search.yahoo.com/mrss/"><channel><item><image><title>no</title>
            </image><media:title>no</media:title><title>yes</title></item></channel></rss>
            """)
        #expect(feed.entries[0].title == "yes")
    }

    @Test(arguments: [
        (" \n", "the document is empty"),
        (
            "<!DOCTYPE html><html><head><title>Down &amp; out</title></head><body><p>x<br></body>",
            "the answer is an HTML page (\"Down & out\") instead of a feed"
        ),
        ("<html><body/></html>", "the answer is an HTML page instead of a feed"),
        (
            "<html><titles>no</titles><TITLE lang='en'\n>yes</TITLE>",
            "the answer is an HTML page (\"yes\") instead of a feed"
        ),
        ("<opml version='2'/>", "the answer is XML with the root \"opml\", which is no feed"),
        ("hello there", "the answer is neither XML nor JSON; it begins \"hello there\""),
        ("{\"a\":1}", "the answer is JSON without the version of JSON Feed"),
    ])
    func `what is no feed says what it is`(text: String, message: String) {
        #expect {
            _ = try read(text)
        } throws: { error in
            (error as? FeedError)?.description == message
        }
    }

    @Test func `a page of nothing but titles that begin has none`() {
        let page = "<html><body>" + String(repeating: "<title", count: 10_000)
        #expect(throws: FeedError.page(title: nil)) { try read(page) }
    }

    @Test(arguments: [
        ("text/xml; charset=utf-8", "utf-8"), ("text/xml;charset = \"GBK\"; q=1", "\"GBK\""),
        ("text/xml charset=koi8-r", "koi8-r"), ("text/xml; Charset= 'us-ascii'", "'us-ascii'"),
        ("text/xml; charset=utf-8, text/html", "utf-8"), ("text/xml; charset:utf-8", nil),
        ("text/xml; xcharset=utf-8", nil), ("text/xml", nil),
    ])
    func `the charset of a Content-Type`(type: String, charset: String?) {
        #expect(FeedReader.charset(type) == charset)
    }

    @Test func `broken JSON names its line`() {
        #expect {
            _ = try read("{\n\"a\": }")
        } throws: { error in
            (error as? FeedError)?.description.hasPrefix("the answer is broken JSON: line 2:") == true
        }
    }

    @Test func `limits refuse a document as a whole`() {
        var limits = FeedLimits.standard
        limits.inputBytesMax = 10
        #expect(throws: FeedError.tooLarge(bytes: 11, bytesMax: 10)) {
            try read("<rss></rss>", limits: limits)
        }
        #expect(
            FeedError.tooLarge(bytes: 11, bytesMax: 10).description
                == "the document has 11 bytes, more than the 10 that are read")
        limits = .standard
        limits.entriesMax = 1
        for items in ["<item/><item/>", "<item><title>A</title></item><item><title>B</title><x><y/></x></item>"] {
            #expect(throws: FeedError.tooManyEntries(entriesMax: 1)) {
                try read("<rss>\(items)</rss>", limits: limits)
            }
        }
        #expect(
            FeedError.tooManyEntries(entriesMax: 1).description
                == "the document has more than the 1 entries that are read")
    }

    @Test func `very many names refuse it as well`() throws {
        let names = (0..<30_000).map { "<b\($0)/>" }.joined()
        let error = FeedError.tooManyNames(namesMax: 20_000)
        #expect(throws: error) { try read("<rss><item><title>1</title>\(names)</item><item/></rss>") }
        #expect(error.description == "the document has more than 20000 different names of elements")
    }

    @Test(arguments: [
        "<rss><channel xmlns='urn:x'><item><title>1</title></item></channel></rss>",
        "<rss><channel><item xmlns='urn:x'><title>1</title></item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry xmlns='urn:x'><title>1</title></entry></feed>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='https://purl.org/rss/9/'>"
            + "<channel/><item><title>1</title></item></rdf:RDF>",
    ])
    func `a namespace that nobody knows is the feed's own where an entry stands in its place`(text: String) throws {
        #expect(try read(text).entries.map(\.title) == ["1"])
    }

    @Test func `an item of another vocabulary inside an entry is none`() throws {
        let feed = try read(
            "<rss><channel><item><l xmlns='urn:x'><item><title>2</title></item></l><title>1</title></item></channel></rss>")
        #expect(feed.entries.map(\.title) == ["1"])
    }

    @Test func `an address of a vocabulary may be https and lack its slash`() throws {
        let feed = try read(
            "<rss xmlns:c='https://purl.org/rss/1.0/modules/content' xmlns:dc='https://purl.org/dc/elements/1.1'>"
                + "<item><title>1</title><c:encoded>b</c:encoded><dc:creator>Ann</dc:creator></item></rss>")
        #expect(feed.entries[0].content?.value == "b" && feed.entries[0].authors == [Person(name: "Ann")])
    }

    @Test func `behind a prefix that everybody knows an address may be mistyped`() throws {
        let feed = try read(
            "<rss xmlns:dc=' http://purl.org/dc/elements/1.1/ ' xmlns:content='http://purl.org/rss/1.0/modules/contents/'>"
                + "<item><title>1</title><content:encoded>b</content:encoded><dc:creator>Ann</dc:creator></item></rss>")
        #expect(feed.entries[0].content?.value == "b" && feed.entries[0].authors == [Person(name: "Ann")])
        #expect(feed.entries[0].text(of: "encoded", namespace: "http://purl.org/rss/1.0/modules/content/") == "b")
        let rdf = try read(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax' xmlns='http://purl.org/rss/1.0/'><channel/>"
                + "<item rdf:about='urn:1'><title>1</title></item></rdf:RDF>")
        #expect(rdf.format == .rdf && rdf.entries.map(\.id) == ["urn:1"] && !rdf.malformed)
    }

    @Test func `an attribute about counts where it is RDF's`() throws {
        let atom = try read(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry xmlns:z='urn:z' z:about='x'><id>1</id></entry></feed>")
        #expect(atom.entries[0].id == "1")
        #expect(try read("<rss><item rdf:about='x'><title>1</title></item></rss>").entries[0].id == "x")
    }

    @Test func `attributes of RSS are known in any case`() throws {
        let feed = try read(
            """
            <rss><item><guid ispermalink=" False ">g</guid><ENCLOSURE URL="http://e.example/x"/></item></rss>
            """, address: "http://e.example/")
        #expect(feed.entries[0].link == nil && feed.entries[0].enclosures.map(\.url) == ["http://e.example/x"])
    }

    @Test func `the base of a channel ends with it`() throws {
        let feed = try read(
            "<rss><channel xml:base='http://a.example/'><item><link>1</link></item></channel><item><link>2</link></item></rss>",
            address: "http://b.example/")
        #expect(feed.entries.map(\.link) == ["http://a.example/1", "http://b.example/2"])
    }

    @Test(arguments: [
        ("The &lt;p&gt; element", "The <p> element"), ("Use &lt;a&gt; or &lt;s&gt;", "Use <a> or <s>"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"), ("One&lt;br&gt;two", "One two"),
    ])
    func `a title is HTML when it closes a tag`(written: String, title: String) throws {
        #expect(try read("<rss><item><title>\(written)</title></item></rss>").entries[0].title == title)
    }

    @Test func `an Atom title in RSS says its type itself`() throws {
        let feed = try read(
            "<rss xmlns:a='http://www.w3.org/2005/Atom'><item><a:title type='text'>a &lt;b>b&lt;/b></a:title></item></rss>")
        #expect(feed.entries[0].title == "a <b>b</b>")
    }

    @Test func `a field ends at its limit`() throws {
        var limits = FeedLimits.standard
        limits.fieldBytesMax = 3
        let feed = try read("<rss><item><description>abcdef</description></item></rss>", limits: limits)
        #expect(feed.entries[0].summary?.value == "abc")
    }

    @Test(arguments: [
        ("<description>%</description>", "<b>é of a field</b> <b>", "</b>"),
        ("<content type='xhtml' xmlns='http://www.w3.org/2005/Atom'><p>%</p></content>", "<p><b>é", "</p>"),
        ("<content type='text' xmlns='http://www.w3.org/2005/Atom'>%</content>", "é of a field é", ""),
    ])
    func `a field of many elements ends there, too, and whole`(field: String, begins: String, ends: String) throws {
        let text = String(repeating: "<b>é of a field</b> ", count: 90_000)
        let feed = try read("<rss><item>\(field.replacing("%", with: text))<title>After</title></item></rss>")
        let entry = feed.entries[0]
        let body = try #require(entry.content?.value ?? entry.summary?.value)
        #expect((999_900...1_000_100).contains(body.utf8.count))
        #expect(body.hasPrefix(begins) && body.hasSuffix(ends))
        #expect(entry.title == "After")
        #expect(feed.defects == [Self.cutShort])
    }

    private static let cutShort =
        "an entry states more than is read of one: 1000000 bytes of a field, 64 categories and 64 enclosures"

    @Test(arguments: [
        ("<category>%</category>", 65), ("<media:group><media:category>%</media:category></media:group>", 65),
        ("<category>%</category>", 64), ("<enclosure url='/%'/>", 65), ("<enclosure url='/%'/>", 64),
    ])
    func `that an entry has too many of them is told`(one: String, count: Int) throws {
        let all = (0..<count).map { one.replacing("%", with: "\($0)") }.joined()
        let feed = try read("<rss xmlns:media='http://search.yahoo.com/mrss/'><item>\(all)</item></rss>")
        #expect(feed.defects == (count > 64 ? [Self.cutShort] : []) && !feed.malformed)
        #expect(max(feed.entries[0].categories.count, feed.entries[0].enclosures.count) == 64)
    }

    /// The text alone would have room.
    @Test(arguments: [34_000, 37_000]) func `that tags make a field too long is told`(count: Int) throws {
        let text = String(repeating: "<b title='attributes'>a</b> ", count: count)
        let feed = try read("<rss><item><description>\(text)</description></item></rss>")
        #expect(feed.defects == (count > 35_000 ? [Self.cutShort] : []))
    }

    @Test(arguments: [64, 65]) func `so it is of an item of JSON`(count: Int) throws {
        let tags = (0..<count).map { "\"\($0)\"" }.joined(separator: ",")
        let feed = try read(
            "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"1\",\"tags\":[\(tags)]}]}")
        #expect(feed.entries[0].categories.count == 64 && feed.defects == (count > 64 ? [Self.cutShort] : []))
    }

    @Test(arguments: [
        "<summary>Read <urn:isbn:9780000000001> and <urn:isbn:9780000000002></summary>", "<x:y:2>v</x:y:2>",
        "<a:b:1/>", "<category term='x' b:c:1='x'/>", "<content type='html' b:c:1='x'>y</content>",
        "<app:edited2026-11-02T10:02:00Z</app:edited>", "<summary>Read <urn:isbn:978:12 x='y'></summary>",
        "<category term='x' b:c:1:2='x'/>",
    ])
    func `a name that libxml2 stumbles over costs no entry`(inside: String) throws {
        let feed = try read(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>1</id>\(inside)<title>A</title></entry>"
                + "<entry><id>2</id></entry><entry><id>3</id></entry></feed>")
        #expect(feed.entries.map(\.id) == ["1", "2", "3"] && feed.entries[0].title == "A" && feed.malformed)
    }

    @Test func `a tag in a warning before the document is no entry`() throws {
        let feed = try read(
            "Warning: <item> not closed\n<?xml version='1.0'?><rss><channel><item><guid>1</guid></item></channel></rss>")
        #expect(feed.entries.map(\.id) == ["1"])
    }

    @Test(arguments: [
        "<rss><item><guid>1</GUID></item></rss>", "<rss><item><guid>1</guid><!-- a -- b --></item></rss>",
        "<rss><item><guid>1</guid><!-- a ---></item></rss>", "<rss><item><guid>&#X31;</guid></item></rss>",
        "<rss><item><guid>1</guid></item><? x?></rss>", "<rss><!-- \u{1} --><item><guid>1</guid></item></rss>",
        "<?p \u{FFFE}?><rss><item><guid>1</guid></item></rss>", "<?p#x?><rss><item><guid>1</guid></item></rss>",
        "<rss><item><guid>1</guid></item></rss><?xml version='1.0'?>", "<!-- -- --><rss><item><guid>1</guid></item></rss>",
        "<rss><item><guid>1</guid></item></rss><!-- -- -->",
    ])
    func `what XML spells otherwise is read, and told`(text: String) throws {
        for prolog in ["", "<!DOCTYPE rss>"] {
            let feed = try read(prolog + text)
            #expect(feed.entries.map(\.id) == ["1"] && feed.malformed && feed.defects.count == 1)
        }
    }

    @Test(arguments: [
        "<?xml version='1.0' foo?><rss/>", "<?xml encoding='utf-8' version='1.0'?><rss/>", "<rss><?xml-?></rss>x",
    ])
    func `what libxml2 alone has noticed is told too`(text: String) throws {
        #expect(try read(text).malformed)
    }

    @Test(arguments: [
        "<?xml version='1.0' encoding='utf-8' standalone='yes' ?><!-- - --><rss/>", "<rss><?p?><?p a--b ?><!----><!-- -a- --></rss>",
        "<!DOCTYPE rss [<!-- a --><!ENTITY b 'c'><?d e?>]><rss><!-- \u{85} --></rss><!-- a --><?b?>",
    ])
    func `what is as XML has it is not told of`(text: String) throws {
        #expect(try read(text).defects == [])
    }
}
