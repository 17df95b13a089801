import Formats
import Testing

@Suite struct WebAddressTests {
    // RFC 3986 section 5.4.1 and 5.4.2; the empty reference is none here, for in a feed it states nothing.
    @Test(arguments: [
        ("g:h", "g:h"), ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"), ("//g", "http://g"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"), ("g#s", "http://a/b/c/g#s"), ("g?y#s", "http://a/b/c/g?y#s"),
        (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("g;x?y#s", "http://a/b/c/g;x?y#s"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("../../../../g", "http://a/g"), ("/./g", "http://a/g"),
        ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."), (".g", "http://a/b/c/.g"),
        ("g..", "http://a/b/c/g.."), ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"), ("g/./h", "http://a/b/c/g/h"), ("g/../h", "http://a/b/c/h"),
        ("g;x=1/./y", "http://a/b/c/g;x=1/y"), ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/./x", "http://a/b/c/g?y/./x"), ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/./x", "http://a/b/c/g#s/./x"), ("g#s/../x", "http://a/b/c/g#s/../x"), ("http:g", "http:g"),
    ])
    func `references are resolved as the RFC has it`(reference: String, resolved: String) {
        let base = WebAddress("http://a/b/c/d;p?q")
        #expect(WebAddress(reference, relativeTo: base)?.text == resolved)
    }

    @Test(arguments: ["", " ", "\n\t", "a/b", "//host/a", "#s", "?q", "http", "http://[::1", "http://a b/"])
    func `what is relative, empty or broken is no address`(text: String) {
        #expect(WebAddress(text) == nil)
    }

    @Test func `an empty reference states nothing`() {
        let base = WebAddress("http://a/b")
        #expect(WebAddress("", relativeTo: base) == nil)
        #expect(WebAddress(" \n", relativeTo: base) == nil)
    }

    @Test func `its parts are as they stand`() throws {
        let address = try #require(WebAddress(" \tHTTPS://User:pw@Example.ORG:8443/a%20b/?q=%C3%A9&r#f\r\n"))
        #expect(address.scheme == "https")
        #expect(address.host == "example.org")
        #expect(address.port == 8443)
        #expect(address.path == "/a%20b/")
        #expect(address.query == "q=%C3%A9&r")
        #expect(address.hasCredentials)
        #expect(address.isWeb)
        #expect(address.origin == "https://example.org:8443")
        let plain = try #require(WebAddress("http://example.org"))
        #expect(plain.port == nil)
        #expect(plain.path == "")
        #expect(plain.query == nil)
        #expect(!plain.hasCredentials)
        #expect(plain.origin == "http://example.org")
        #expect(WebAddress("http://example.org/?")?.query == "")
        #expect(WebAddress("http://@example.org/")?.isWeb == true)
    }

    @Test func `letters outside ASCII are encoded`() {
        let address = WebAddress("https://bücher.example/straße?q=ä b")
        #expect(address?.text == "https://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%A4%20b")
        #expect(address?.host == "bücher.example" || address?.host == "xn--bcher-kva.example")
        #expect(WebAddress("/é/%7e", relativeTo: address)?.text == "https://xn--bcher-kva.example/%C3%A9/%7e")
    }

    @Test(arguments: [
        ("http://a/é%20b c?x=%41 é#ü%20", "http://a/%C3%A9%20b%20c?x=%41%20%C3%A9#%C3%BC%20"),
        ("http://a/100%", "http://a/100%25"), ("http://a/5% of%20é", "http://a/5%25%20of%20%C3%A9"),
        ("http://a/%zz?%", "http://a/%25zz?%25"), ("http://a/#b#c", "http://a/#b%23c"),
        ("http://a/b|c\\d\"<>^`{}[]", "http://a/b%7Cc%5Cd%22%3C%3E%5E%60%7B%7D%5B%5D"),
        ("http://bücher.example/%C3%9F ß", "http://xn--bcher-kva.example/%C3%9F%20%C3%9F"),
        ("http://a/@:!$&'()*+,;=-._~/?", "http://a/@:!$&'()*+,;=-._~/?"),
    ])
    func `what is encoded is not encoded again`(text: String, encoded: String) {
        #expect(WebAddress(text)?.text == encoded)
    }

    @Test(arguments: [
        ("http://[2001:DB8::1]:81/a", "2001:db8::1", 81), ("http://[::1]/", "::1", nil),
        ("http://127.0.0.1/", "127.0.0.1", nil),
    ])
    func `a number of the network is a host`(text: String, host: String, port: Int?) {
        let address = WebAddress(text)
        #expect(address?.host == host)
        #expect(address?.port == port)
        #expect(address?.isWeb == true)
    }

    @Test(arguments: [
        ("mailto:a@b.example", "mailto"), ("javascript:alert(1)", "javascript"), ("data:text/html,x", "data"),
        ("http:g", "http"), ("http:///path", "http"), ("file:///etc/passwd", "file"), ("urn:isbn:978", "urn"),
    ])
    func `only http and https with a host lead to the web`(text: String, scheme: String) {
        let address = WebAddress(text)
        #expect(address == nil || address?.scheme == scheme)
        #expect(address?.isWeb != true)
    }

    @Test func `bytes of any kind are an address or none`() {
        var dice = Dice(seed: 3986)
        let base = WebAddress("http://a/b/c")
        for _ in 0..<2000 {
            let text = String(decoding: dice.bytes(dice.below(30)), as: UTF8.self)
            for found in [WebAddress(text, relativeTo: base), WebAddress("http://" + text)] {
                guard let found else { continue }
                #expect(found.text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "\(Array(text.utf8))")
                #expect(WebAddress(found.text)?.text == found.text, "\(Array(text.utf8))")
            }
        }
    }
}
