import Testing

@testable import Feeds

/// Feeds with faults, and what is kept of their entries.
@Suite struct FeedOutlineTests {
    private func read(_ text: String) throws -> FeedDocument { try FeedReader.read(Array(text.utf8)) }

    private static let two = "<item><guid>a</guid><title>1</title></item><item><guid>b</guid><title>2</title></item>"

    @Test(arguments: [
        "<title>A<link>http://e/1</link><guid>g</guid>", "<link>http://e/1</link><guid>g<title>A</title>",
        "<title>A<title><link>http://e/1</link><guid>g<guid>", "<guid>g</guid><title>A</titel><link>http://e/1",
        "<title>A/title><link>http://e/1link><guid>g/guid>\n",
        "<pubDate>x<title>A</title><guid>g</guid><link>http://e/1</link>",
        "<title A</title><guid isPermaLink=\"false\"g</guid><link>http://e/1</link>",
        "<titleA</title><guid>g</guid><link>http://e/1</link>",
        "<enclosure url=\"http://e/x\" / ><title>A</title><guid>g</guid><link>http://e/1</link>",
        "<guid>g</guid><description>a <b>c<title>A</title><link>http://e/1</link>",
        "<read_at>x<date_added>y</date_added><title>A</title><guid>g</guid><link>http://e/1</link>",
        "<guid>g</guid><description>the </rss> tag</description><title>A</title><link>http://e/1</link>",
        "<guid>g</guid><description>the </item> tag</description><title>A</title><link>http://e/1</link>",
        "<guid>g</guid><title>A</title><link>http://e/1</link><description><svg><title>S</title></svg> &</description>",
        "<guid>g</guid><title>A</title><link>http://e/1</link><image><title>I</title><link>http://e/i</link></image>&",
    ])
    func `a field that is not closed ends where the next begins`(fields: String) throws {
        let text = "<rss><channel><item>\(fields)</item><item><guid>z</guid></item></channel></rss>"
        let found = try read(text).entries
        #expect(found.map(\.id) == ["g", "z"])
        #expect(found.first?.title == "A" && found.first?.link == "http://e/1")
    }

    @Test(arguments: [
        "The <item> element", "The <entry> element", "<item>", "An <entry id='x'> & <b>more</b>", "How <rss version='2.0'> begins", "A <feed>, a <channel>",
    ], ["title", "description"])
    func `what is only named in a field begins nothing`(text: String, field: String) throws {
        let rest = "<link>http://e/1</link><guid>a</guid></item><item><guid>b</guid></item></channel></rss>"
        let found = try read("<rss><channel><\(field)>\(text)</\(field)><item><\(field)>\(text)</\(field)>" + rest)
        #expect(found.entries.map(\.id) == ["a", "b"] && found.entries[0].link == "http://e/1")
        let named = text.prefix { $0 != "'" && $0 != "&" }
        for stated in field == "title" ? [found.title, found.entries[0].title] : [] { #expect(stated?.hasPrefix(named) ?? false) }
    }

    @Test(arguments: ["<item>", "<item><x:y>1</x:y>", "<item\n>text "], ["<title>B</title>", "<guid>b</guid>", "</item><item>", "</title>"])
    func `an entry behind a title that is not closed is none of it`(start: String, field: String) throws {
        let found = try read("<rss><channel><item><guid>a</guid><title>A\(start)\(field)<link>http://e/2</link></item></channel></rss>")
        #expect(found.entries.first?.id == "a" && found.entries.first?.title?.hasPrefix("A") ?? false)
        #expect(field == "</title>" ? found.entries[0].link == "http://e/2" : found.entries.last?.link == "http://e/2")
        #expect(field == "</title>" || found.entries.count > 1)
    }

    @Test func `a start tag ends at the next tag`() throws {
        #expect(try read("<rss><channel><item <guid>a</guid></item><item><guid>b</guid></item></channel></rss>").entries.map(\.id) == ["a", "b"])
        let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><link href=\"http://e/1\"/ <id>a</id></entry>"
            + "<entry><link href=\"http://e/2\"><id>b</id></entry></feed>"
        let found = try read(atom).entries
        #expect(found.map(\.id) == ["a", "b"] && found.map(\.link) == ["http://e/1", "http://e/2"])
    }

    @Test(arguments: [
        "<link href=\"/a\"/>", "<link href=\"/a/>", "<link href=\"/a />", "<link title='the dogs>' href='/a'/>",
        "<link href='/a/><title>the dogs' bowl</title>", "<link title=\"<title>\" href=\"/a\"/>",
    ])
    func `a value that is not closed ends before the next entry`(link: String) throws {
        let head = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><link rel=\"self\" href=\"http://e/\"/><entry>"
        let next = "<id>a</id></entry>\n<entry><title>B</title><link href=\"/b/\"/><id>b</id></entry></feed>"
        let found = try FeedReader.read(Array((head + link + next).utf8), address: "http://e/").entries
        #expect(found.map(\.id) == ["a", "b"] && found.map(\.link) == ["http://e/a", "http://e/b/"])
    }

    @Test(arguments: [
        "<description>the text", "<summary>the <b>text</b>", "<description>the text<content:encoded>more",
    ])
    func `entries of which nothing is closed are kept apart`(body: String) throws {
        let filler = String(repeating: "y", count: 500)
        let entries = (0..<200).map { "<item>\(body)\(filler)<link>http://e</link><title>T</title><guid>\($0)</guid>" }
        for end in ["", "</channel></rss>", "<description>x</description></channel></rss>"] {
            let found = try read("<rss><channel>" + entries.joined() + end).entries
            #expect(found.map(\.id) == (0..<200).map { "\($0)" })
            #expect(found.allSatisfy { $0.title == "T" && $0.link != nil })
        }
    }

    @Test(arguments: [
        "Notice: x", "<br /><b>Warning</b>: y", "\u{A0}", "&", "<!- x -->", "!-- x -->", "<!ELEMENT x>",
        "<!DOCTYPE a><!DOCTYPE b>", "<!DOCTYPE rss [<?p it's ?>]>", "<!-- <rss> -- >",
    ])
    func `what stands before the root is skipped`(junk: String) throws {
        let rss = "<rss><channel>\(Self.two)</channel></rss>"
        #expect(try read("<?xml version=\"1.0\"?>\n" + junk + rss).entries.map(\.id) == ["a", "b"])
    }

    @Test(arguments: [
        "<?xml version=\"1.0\"><rss><channel>", "<?xml version=\"1.0\"? ><rss><channel>", "<rss <channel>",
        "<rss version=2.0 xmlns:a=http://x/><channel>", "<rss version=\"2.0/><channel>",
        "<?xml version=\"1.0\"?><?xml version=\"1.0\"?><rss><channel>", "\n<?xml version=\"1.0\"?><rss><channel>",
    ])
    func `a broken declaration or root loses nothing`(head: String) throws {
        let found = try read(head + Self.two + "<item><title><?php ?></title></item></channel></rss>")
        #expect(found.entries.map(\.id) == ["a", "b", nil] && found.malformed)
    }

    @Test(arguments: [
        "<rss><channel><item><guid>a</guid></item></channel></rss><item><guid>b</guid></item>",
        "<rss><channel><item><guid>a</guid></item></channel></rss>\n<?xml version='1.0'?>\n<rss><channel><item><guid>b</guid></item></channel></rss>",
        "rss><channel><item><guid>a</guid></item></channel></rss><rss><channel><item><guid>b</guid></item></channel></rss>",
        "<channel><item><guid>a</guid></item></channel><item><guid>b</guid></item>",
        "<entry><id>a</id></entry><entry><id>b</id></entry>",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>a</id></entry></feed><rss><channel><item><guid>b</guid></item></channel></rss>",
        "<rss/><channel><item><guid>a</guid></item><item><guid>b</guid></item></channel>",
    ])
    func `what follows the end of the root is kept`(text: String) throws {
        let found = try read(text)
        #expect(found.entries.map(\.id) == ["a", "b"])
        #expect(found.defects.contains { $0.hasSuffix("taken for a part of it") })
    }

    private static let atom = "<ns0:feed xmlns:ns0=\"http://www.w3.org/2005/Atom\"><ns0:title>F</ns0:title><ns0:entry><ns0:id>a</ns0:id>#"
        + "<ns0:link href=\"http://e/a\"/></ns0:entry><ns0:entry><ns0:title>B</ns0:title><ns0:id>b</ns0:id></ns0:entry></ns0:feed>"

    /// Python's ElementTree gives every namespace a prefix of its own.
    @Test(arguments: [
        "", "<!DOCTYPE feed>", "Notice: x\n", "Warning: <item> not closed\n", "<![CDATA[<item>]]>", "<x xmlns:y='urn:y'>", "<y:feed xmlns:y='urn:y'>",
    ], [
        "<ns0:title>A &</ns0:title>", "<ns0:title>A<ns0:content><![CDATA[<item>]]></ns0:content>", "<ns0:title>A",
        "<ns0:title>A</ns0:title><ns0:summary><![CDATA[<item>]]></ns0:summary>",
        "<ns0:content>x <rss> y</ns0:content><ns0:title>A</ns0:title>",
    ])
    func `a feed may have a prefix of its own`(before: String, fields: String) throws {
        let found = try read(before + Self.atom.replacing("#", with: fields))
        #expect(found.format == .atom && found.title == "F")
        #expect(found.entries.map(\.id) == ["a", "b"] && found.entries.map(\.link) == ["http://e/a", nil])
        #expect(found.entries[0].title?.hasPrefix("A") ?? false)
        #expect(found.entries[1].title == "B")
    }

    @Test func `the root of RSS 1.0 may have a prefix of its own`() throws {
        let head = "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns=\"http://purl.org/rss/1.0/\" xmlns:d=\"http://purl.org/dc/elements/1.1/\">"
        let channel = "<channel r:about='http://e/'><title>F & G</title></channel>"
        let items = "<item r:about='a'><title>A<d:date>2026-11-02T10:00:00Z</d:date><d:creator>Ada</d:creator></item><item r:about='b'><title>B</title></item>"
        let found = try read(head + channel + items + "</r:RDF>")
        #expect(found.format == .rdf && found.entries.map(\.id) == ["a", "b"] && found.entries.map(\.title) == ["A", "B"])
        #expect(found.entries[0].updated != nil && found.entries[0].authors.map(\.name) == ["Ada"])
    }

    @Test(arguments: ["item", "entry"])
    func `three hundred entries without an end are three hundred`(name: String) throws {
        let head = name == "item" ? "<rss><channel>" : "<feed xmlns=\"http://www.w3.org/2005/Atom\">"
        let text = head + String(repeating: "<\(name)><title>T</title><id>g</id>", count: 300)
        #expect(try read(text).entries.count == 300)
    }

    @Test func `entries are found below any depth`() throws {
        let text = "<rss><channel>" + String(repeating: "<div>", count: 260) + Self.two + "</channel></rss>"
        #expect(try read(text).entries.map(\.id) == ["a", "b"])
    }

    @Test func `a content of an XML type that is not closed swallows no entry`() throws {
        let head = "<feed xmlns=\"http://purl.org/atom/ns#\"><entry><id>a</id><content type=\"text/xml\">"
        let text = head + "x<entry><id>b</id></entry><entry><id>c</id></entry></feed>"
        #expect(try read(text).entries.map(\.id) == ["a", "b", "c"])
        let inside = head + "<entry><id>b</id></entry></content></entry><entry><id>c</id></entry>&</feed>"
        #expect(try read(inside).entries.map(\.id) == ["a", "c"])
    }

    @Test func `a comment or section without a right end swallows no entry`() throws {
        let comment = "<rss><channel><!-- x -- ><item><guid>a</guid></item><!-- y --><item><guid>b</guid></item></channel></rss>"
        #expect(try read(comment).entries.map(\.id) == ["a", "b"])
        let section = "<rss><channel><item><title><![CDATA[1</title><guid>a</guid></item><item><guid>b</guid></item></channel></rss>"
        #expect(try read(section).entries.map(\.id) == ["a", "b"])
    }

    @Test(arguments: [
        "<title><![cdata[x]]></title>", "<title>&#8217 b</title>", "<title>a</title x=\"y\">", "<!DOCTYPE x><title>a</title>",
    ])
    func `what was mended is told`(fields: String) throws {
        #expect(try read("<rss><channel><item>\(fields)</item></channel></rss>").malformed)
    }
}
