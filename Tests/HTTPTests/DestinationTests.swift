import Formats
import Testing

@testable import HTTP

@Suite struct `A destination` {
    @Test(arguments: [
        ("HTTPS://Example.ORG", "https://Example.ORG/", "https://example.org", "example.org", 443),
        (
            "http://example.org:80/a?b#c", "http://example.org:80/a?b", "http://example.org",
            "example.org", 80
        ),
        (
            "http://example.org:8080/a/../b", "http://example.org:8080/b",
            "http://example.org:8080",
            "example.org", 8080
        ),
        (
            "http://[2001:DB8::1]:81/", "http://[2001:DB8::1]:81/", "http://[2001:db8::1]:81",
            "2001:db8::1", 81
        ),
        (
            "http://example.org./caf\u{e9}", "http://example.org./caf%c3%a9", "http://example.org",
            "example.org", 80
        ),
    ])
    func `is taken apart`(address: String, text: String, spoken: String, host: String, port: Int)
        throws
    {
        let destination = try Destination(address)
        #expect(destination.text == text)
        #expect(destination.spoken == spoken)
        #expect(destination.host == host)
        #expect(destination.port == port)
    }

    @Test(arguments: [
        ("http://a.test/x", "http://A.test:80/y", true),
        ("http://a.test/", "https://a.test/", false),
        ("http://a.test/", "http://b.test/", false), ("http://a.test/", "http://a.test:81/", false),
    ])
    func `has the origin of another or has not`(one: String, other: String, isSame: Bool) throws {
        #expect(try Destination(one).hasOrigin(of: Destination(other)) == isSame)
    }

    @Test(arguments: [
        ("https://www.example.org/", "http://example.org:8080/", true),
        ("https://feeds.example.org/", "https://example.org/", false),
    ])
    func `shares its pace with the same house`(one: String, other: String, isSame: Bool) throws {
        #expect(try (Destination(one).house == Destination(other).house) == isSame)
    }

    @Test(arguments: [
        ("http://b\u{FC}cher.example/1", "http://xn--bcher-kva.example/1"), ("http://B\u{DC}CHER.example/", "http://xn--bcher-kva.example/"),
        ("http://b%C3%BCcher.example/", "http://xn--bcher-kva.example/"), ("https://\u{4F8B}\u{3048}.jp/a", "https://xn--r8jz45g.jp/a"),
    ])
    func `a name in other letters is spelt in ASCII`(address: String, asked: String) throws {
        #expect(try Destination(address).text == asked)
        #expect(WebAddress(address)?.inASCII.text == asked)
    }

    @Test func `libcurl gets the text where it forgets a part`() throws {
        #expect(try Destination("http://[fe80::1%25eth0]/").parts == nil)
        #expect(try Destination("http://[fe80::1]/").parts != nil)
    }

    @Test(arguments: ["nas", "printer.local", "www.nas", "router.home.arpa", "10.0.0.1", "localhost"])
    func `names of the own network are known by sight`(host: String) throws {
        #expect(try Destination("http://\(host)/").isOfOwnNetwork)
    }
}
