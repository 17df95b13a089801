import Testing

@testable import HTTP

@Suite struct `An address of a network` {
    @Test(arguments: [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255",
        "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.0", "172.31.255.255",
        "192.0.0.255", "192.0.2.1", "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.0",
        "198.19.255.255", "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.255",
        "240.0.0.0", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1", "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1", "2001:db8::1",
        "2002:a00:1::1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1",
    ])
    func `is private in each of these ranges`(text: String) throws {
        #expect(try #require(NetworkAddress(text)).isPrivate)
    }

    @Test(arguments: [
        "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
        "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2001:200::1", "2001:4860:4860::8888",
        "2002:808:808::1", "2a00::1", "fbff::1", "100:0:0:1::1",
    ])
    func `is public just beside them`(text: String) throws {
        #expect(try !#require(NetworkAddress(text)).isPrivate)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true),
        ("10.0.0.1", false), ("::", false), ("::2", false),
    ])
    func `of the own machine is known`(text: String, isLoopback: Bool) throws {
        #expect(try #require(NetworkAddress(text)).isLoopback == isLoopback)
    }

    @Test(arguments: [
        "", "example.org", "1.2.3", "1.2.3.4.5", "[::1]", "256.0.0.1", "fe80::1%eth0",
    ])
    func `is not read from anything else`(text: String) {
        #expect(NetworkAddress(text) == nil)
    }
}
