import Testing

@testable import Feeds

@Suite struct TextConstructTests {
    private func atom(_ inside: String, namespace: String = "http://www.w3.org/2005/Atom") throws -> Entry {
        let text = "<feed xmlns='\(namespace)'><entry><id>1</id>\(inside)</entry></feed>"
        return try #require(try FeedReader.read(Array(text.utf8)).entries.first)
    }

    private func rss(_ inside: String) throws -> Entry {
        let text = "<rss version='2.0'><channel><item><guid>1</guid>\(inside)</item></channel></rss>"
        return try #require(try FeedReader.read(Array(text.utf8)).entries.first)
    }

    @Test(arguments: [
        ("<title>a &lt;b&gt;c&lt;/b&gt;</title>", "a <b>c</b>"),
        ("<title type='text'>AT&amp;amp;T</title>", "AT&amp;T"),
        ("<title type='html'>a &lt;b&gt;c&lt;/b&gt; &amp;amp; d</title>", "a c & d"),
        ("<title type='html'><![CDATA[1 &lt; 2]]></title>", "1 < 2"),
        ("<title type=' HTML '>a &lt;b&gt;c&lt;/b&gt;</title>", "a c"),
        (
            "<title type='xhtml'><x:div xmlns:x='http://www.w3.org/1999/xhtml'>a <x:b>c</x:b></x:div></title>",
            "a c"
        ),
    ])
    func `an Atom title is unescaped once, by its type`(inside: String, title: String) throws {
        #expect(try atom(inside).title == title)
    }

    @Test(arguments: [
        ("<title mode='escaped' type='text/html'>a &lt;i&gt;b&lt;/i&gt;</title>", "a b"),
        ("<title mode='escaped'>a &lt;i&gt;</title>", "a <i>"),
        ("<title mode='base64' type='text/plain'>aGVsbG8=</title>", "hello"),
    ])
    func `Atom 0-3 states mode and media type`(inside: String, title: String) throws {
        #expect(try atom(inside, namespace: "http://purl.org/atom/ns#").title == title)
    }

    @Test(arguments: [
        ("<title>1 &lt; 2</title>", "1 < 2"), ("<title>AT&amp;amp;T</title>", "AT&T"),
        ("<title>a &lt;b&gt;c&lt;/b&gt;</title>", "a c"), ("<title>x &lt;y&gt; z</title>", "x <y> z"),
    ])
    func `an RSS title is HTML when it closes a tag or has a reference`(inside: String, title: String) throws {
        #expect(try rss(inside).title == title)
    }

    @Test(arguments: [
        ("<a href=\"x>y</a> rest &amp; <b>z</b>", "y rest & z"), ("<img src='x' alt='a>b'>", nil), ("<style>a</style><b></b>", nil),
        ("<!-- a > b --><b></b>", nil), ("<b> </b>", nil),
    ])
    func `a quote that is missing costs no title`(written: String, title: String?) throws {
        #expect(try rss("<title><![CDATA[\(written)]]></title>").title == title)
    }

    @Test func `content elsewhere is no body`() throws {
        #expect(try atom("<content src='https://example.org/x' type='text/html'/>").content == nil)
    }

    @Test func `the div around XHTML is no part of it`() throws {
        let entry = try atom(
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>x</p></div></content>")
        #expect(entry.content == Body("<p>x</p>", isHTML: true))
    }

    @Test func `base64 that is none stays as it stands`() throws {
        let entry = try atom("<content type='application/octet-stream'>not base64!</content>")
        #expect(entry.content?.value == "not base64!")
    }
}
