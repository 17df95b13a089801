import Formats
import Testing

@Suite struct PercentEncodingTests {
    // RFC 5849 section 3.6, RFC 3986 section 2.3.
    @Test(arguments: [
        ("abcXYZ019-._~", "abcXYZ019-._~"), ("a b+c", "a%20b%2Bc"), ("é/€😀", "%C3%A9%2F%E2%82%AC%F0%9F%98%80"),
        ("!*'();:@&=+$,/?#[]%\"", "%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%2F%3F%23%5B%5D%25%22"),
        ("\n\u{0}", "%0A%00"), ("", ""),
    ])
    func `everything but the unreserved is encoded`(text: String, encoded: String) {
        #expect(PercentEncoding.encoded(text) == encoded)
        #expect(PercentEncoding.decoded(encoded) == text)
    }

    @Test(arguments: [
        ("%", "%"), ("%4", "%4"), ("%41", "A"), ("%4g", "%4g"), ("%%41", "%A"), ("a%", "a%"), ("%c3%A9", "é"),
        ("%FF", "\u{FFFD}"), ("a+b", "a+b"), ("%2541", "%41"),
    ])
    func `what is no escape stays`(text: String, decoded: String) {
        #expect(PercentEncoding.decoded(text) == decoded)
    }

    @Test func `a path keeps its slashes`() {
        #expect(PercentEncoding.encodedPath("/a b//é/") == "/a%20b//%C3%A9/")
        #expect(PercentEncoding.encodedPath("") == "")
    }
}
