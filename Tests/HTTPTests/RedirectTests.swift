import Formats
import Testing

@testable import HTTP

private let server = PlayServer.shared
private let port = server.port
private var place: String { "http://127.0.0.1:\(port)" }

/// 127.0.0.2 stands for a host of the public internet.
private func publicClient() throws -> Client {
    Client(
        gate: Gate(exempt: [try #require(NetworkAddress("127.0.0.2"))]),
        pins: ["inner.test:\(port):127.0.0.1", "outer.test:\(port):127.0.0.2"])
}

private func redirect(_ group: String, to target: String, status: Int = 302) -> String {
    server.address(group, "redirect?status=\(status)&to=\(percentEncoded(target))")
}

@Suite struct `A redirect` {
    @Test(arguments: [301, 302, 303, 307, 308])
    func `is followed and remembered with its status`(status: Int) throws {
        let from = redirect("hop", to: "/hop/answer?body=there", status: status)
        let to = server.address("hop", "answer?body=there")
        let response = try ask(.trusted(from)).get()
        #expect(response.status == 200)
        #expect(response.address == to)
        #expect(response.hops == [Hop(status: status, from: from, to: to)])
        #expect(response.hops[0].isPermanent == (status == 301 || status == 308))
    }

    @Test func `leaves the fragment behind`() throws {
        let from = redirect("fragment", to: "/fragment/answer#part")
        #expect(try ask(.trusted(from)).get().address == server.address("fragment", "answer"))
    }

    @Test func `is an answer where none is to be followed`() throws {
        var request = Request.trusted(redirect("stay", to: "/stay/answer"))
        request.followsRedirects = false
        #expect(try ask(request).get().status == 302)
        request.followsRedirects = true
        request.method = .post
        #expect(try ask(request).get().status == 302)
        request.method = .get
        request.isUnrepeatable = true
        #expect(try ask(request).get().status == 302)
        #expect(try server.seen("stay").count == 3)
    }

    @Test func `may come ten times, and no more`() throws {
        let ten = try ask(.trusted(server.address("ten", "hops/10"))).get()
        #expect(ten.body == Array("arrived".utf8))
        #expect(ten.hops.count == 10)
        let error = failure(ask(.trusted(server.address("eleven", "hops/11"))))
        #expect(error?.kind == .tooManyRedirects)
        #expect(error?.message == "\(place) redirects more than 10 times")
    }

    @Test func `in a circle is noticed at once`() throws {
        let error = failure(ask(.trusted(server.address("circle", "circle/a"))))
        #expect(error?.kind == .redirectLoop)
        #expect(error?.message == "\(place) redirects in a circle")
        #expect(try server.seen("circle").count == 2)
    }

    @Test(arguments: [
        ("ftp://example.org/x", "ftp"), ("file:///etc/passwd", "file"),
        ("gopher://127.0.0.1/", "gopher"), ("feed://example.org/", "feed"),
    ])
    func `to another scheme is refused`(target: String, scheme: String) {
        let error = failure(ask(.trusted(redirect("scheme", to: target))))
        #expect(error?.kind == .refusedScheme)
        #expect(
            error?.message == "\(place) redirects astray: only http and https addresses are asked, "
                + "not \"\(scheme)\"")
    }

    @Test(arguments: [
        "javascript:alert(1)", "mailto:a@example.org", "http://", "http://a:b@x.test/",
    ])
    func `to what is no web address is refused`(target: String) {
        let error = failure(ask(.trusted(redirect("nonsense", to: target))))
        #expect(error?.kind == .badAddress)
        #expect(error?.message.hasPrefix("\(place) redirects astray: ") == true)
    }

    @Test(arguments: [
        "http://10.1.2.3/", "http://192.168.1.1/admin", "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/", "http://[fe80::1]/", "http://[::ffff:10.0.0.1]/", "http://167772161/",
        "http://0x0a.1/", "http://localhost/", "http://127.0.0.2/",
    ])
    func `to a private address is refused, even from a host that was named`(target: String) {
        let error = failure(ask(.trusted(redirect("private", to: target))))
        #expect(error?.kind == .refusedAddress)
        #expect(error?.message.hasPrefix("\(place) redirects astray: ") == true)
        #expect(
            error?.message.hasSuffix("is a private address, and not one that was named") == true)
    }

    @Test func `from a public host to a private one is refused`() throws {
        let from = server.address(
            "inward", "redirect?to=\(percentEncoded("\(place)/inward/answer"))", host: "127.0.0.2")
        let error = failure(try publicClient().perform([.stranger(from)], pace: .brisk)[0])
        #expect(error?.kind == .refusedAddress)
        #expect(try server.seen("inward").count == 1)
    }

    /// http 62
    @Test func `that leads to nobody is told by both names`() throws {
        let client = Client(
            gate: Gate(exempt: [try #require(NetworkAddress("127.0.0.2"))]), pins: ["inner.test:8443:127.0.0.2"])
        let error = failure(
            client.perform([.trusted(redirect("nobody", to: "https://inner.test:8443/secret?key=1"))], pace: .brisk)[0])
        #expect(error?.kind == .refused)
        #expect(error?.message == "https://inner.test:8443 refuses to be connected to (\(place) redirects there)")
    }

    @Test func `to an unusual port is refused`() {
        let error = failure(ask(.trusted(redirect("port", to: "http://127.0.0.1:22/"))))
        #expect(error?.kind == .refusedAddress)
        #expect(error?.message == "\(place) redirects to an unusual port: http://127.0.0.1:22")
    }

    /// http 61
    @Test func `to another origin takes no secret and no validator along`() throws {
        let target = "http://127.0.0.2:\(port)/origin/answer"
        let headers = [
            Header("Accept", "text/x"), Header("Authorization", "Bearer sesame"),
            Header("Cookie", "a=b"), Header("X-Key", "sesame"), Header("If-None-Match", "\"x\""),
            Header("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ]
        let request = Request.trusted(redirect("origin", to: target), headers: headers)
        _ = try publicClient().perform([request], pace: .brisk)[0].get()
        let seen = try server.seen("origin")
        #expect(seen[0].value("Authorization") == "Bearer sesame")
        #expect(
            seen[1].headers.map { $0[0] } == ["Host", "Accept-Encoding", "User-Agent", "Accept"])
    }

    @Test func `within the origin takes all along but validators`() throws {
        let from = redirect("same", to: "/same/conditional?etag=tag")
        let headers = [Header("If-None-Match", "tag"), Header("Authorization", "Bearer x")]
        #expect(try ask(.trusted(from, headers: headers)).get().status == 200)
        #expect(try server.seen("same")[1].value("Authorization") == "Bearer x")
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.2"])
    func `takes the validators of the address to which it leads to that one alone`(host: String) throws {
        let group = "theirs" + String(host.suffix(1))
        let end = "http://\(host):\(port)/\(group)/conditional?etag=tag"
        var request = Request.trusted(redirect(group, to: end))
        let headers = [Header("If-None-Match", "tag")]
        request.foreignValidators = ForeignValidators(addressDigest: hex(SHA256.digest(Array(end.utf8))), headers: headers)
        #expect(request.isConditional(at: end) && !request.isConditional(at: request.address))
        #expect(try publicClient().perform([request], pace: .brisk)[0].get().status == 304)
        #expect(try server.seen(group).map { $0.value("If-None-Match") } == [nil, "tag"])
        // Another document of the same site.
        request.foreignValidators?.addressDigest = hex(SHA256.digest(Array((end + "&x").utf8)))
        #expect(try publicClient().perform([request], pace: .brisk)[0].get().status == 200)
        #expect(try server.seen(group).last?.value("If-None-Match") == nil)
    }

    @Test func `that dropped the condition makes "not modified" an error`() throws {
        let target = "http://127.0.0.2:\(port)/dropped/answer?status=304"
        let request = Request.trusted(
            redirect("dropped", to: target), headers: [Header("If-None-Match", "\"x\"")])
        let result = try publicClient().perform([request], pace: .brisk)[0]
        #expect(failure(result)?.kind == .unaskedNotModified)
    }
}

@Suite struct `A journey` {
    private func journey(_ address: String, _ headers: [Header] = []) throws -> Journey {
        try Journey(
            Request(address: address, headers: headers, userAgent: "x"), index: 0, gate: Gate())
    }

    /// http 60
    @Test func `is not led from https to http`() throws {
        let journey = try journey("https://example.org/a")
        let error = #expect(throws: TransferError.self) {
            try journey.follow(status: 301, to: "http://example.org/a", gate: Gate())
        }
        #expect(error?.kind == .downgrade)
        #expect(
            error?.message
                == "https://example.org redirects to the unprotected http://example.org")
    }

    /// http 61
    @Test(arguments: ["https://example.org/a", "https://www.example.org/b"])
    func `takes neither validators nor credentials along within a house`(target: String) throws {
        let headers = [Header("If-None-Match", "x"), Header("Authorization", "y"), Header("Accept", "z")]
        let journey = try journey("http://example.org/a", headers)
        #expect(journey.isConditional)
        #expect(try journey.follow(status: 301, to: target, gate: Gate()))
        #expect(journey.headers == [Header("Accept", "z")])
        #expect(!journey.isConditional)
    }

    @Test(arguments: [
        ("http://user:secret@example.org/", "an address must not hold a user or a password"),
        ("http://", "not an absolute web address"),
        ("/relative", "not an absolute web address"),
        ("http://exa mple.org/", "an address holds a blank or a control character"),
        ("http://example.org/\r\nX: y", "an address holds a blank or a control character"),
        ("http://example.org:99999/", "not an absolute web address"),
        ("", "not an absolute web address"),
    ])
    func `does not begin at a bad address`(address: String, message: String) {
        let error = #expect(throws: TransferError.self) { try journey(address) }
        #expect(error?.kind == .badAddress)
        #expect(error?.message == message)
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://example.org/", "FILE:/x", "feed://example.org/"])
    func `does not begin in another scheme`(address: String) {
        let error = #expect(throws: TransferError.self) { try journey(address) }
        #expect(error?.kind == .refusedScheme)
    }

    @Test(arguments: [
        "http://127.0.0.1/", "http://[::1]/", "http://localhost/", "http://a.localhost./", "http://nas/",
        "http://printer.local/",
    ])
    func `does not begin at a private address that nobody named`(address: String) {
        let error = #expect(throws: TransferError.self) { try journey(address) }
        #expect(error?.kind == .refusedAddress)
    }

    @Test(arguments: ["a\r\nHost: evil", "a\nb", "a\0b"])
    func `carries no header that would become two`(value: String) {
        let error = #expect(throws: TransferError.self) {
            try journey("http://example.org/", [Header("Authorization", value)])
        }
        #expect(error?.kind == .badHeader)
        #expect(
            error?.message
                == "the header \"Authorization\" to be sent holds a line break or the like")
    }

    @Test(arguments: ["", "a b", "a:b", "é"])
    func `carries no header without a proper name`(name: String) {
        let error = #expect(throws: TransferError.self) {
            try journey("http://example.org/", [Header(name, "x")])
        }
        #expect(error?.message == "a header to be sent has no proper name")
    }
}

/// Names that a name service would give private addresses to.
@Suite struct `A private address behind a name` {
    private let words = "inner.test is a private address, and not one that was named"

    /// http 59
    @Test func `is refused before anything is sent`() throws {
        let address = server.address("name", "answer", host: "inner.test")
        let error = failure(try publicClient().perform([.stranger(address)], pace: .brisk)[0])
        #expect(error?.kind == .refusedAddress)
        #expect(error?.message == words)
        #expect(try server.seen("name").isEmpty)
    }

    @Test func `is asked when the person named it`() throws {
        let address = server.address("trust", "answer", host: "inner.test")
        #expect(
            try publicClient().perform([.trusted(address)], pace: .brisk)[0].get().status == 200)
    }

    /// http 59
    @Test func `is refused also over a connection that a trusted request left open`() throws {
        let client = try publicClient()
        let address = server.address("left", "answer", host: "inner.test")
        _ = try client.perform([.trusted(address)], pace: .brisk)[0].get()
        let error = failure(client.perform([.stranger(address)], pace: .brisk)[0])
        #expect(error?.kind == .refusedAddress)
        #expect(error?.message == words)
        #expect(try server.seen("left").count == 1)
    }

    /// http 59
    @Test func `is refused as the end of a redirect`() throws {
        let target = percentEncoded("http://inner.test:\(port)/end/answer")
        let from = server.address("end", "redirect?to=\(target)", host: "outer.test")
        let error = failure(try publicClient().perform([.trusted(from)], pace: .brisk)[0])
        #expect(error?.kind == .refusedAddress)
        #expect(error?.message == "http://outer.test:\(port) redirects astray: \(words)")
        #expect(try server.seen("end").count == 1)
    }

    /// http 59: a name service that answers with a public address beside a private one, in either order, and
    /// with another each time it is asked (rebinding): what counts is the address that is connected to.
    @Test(arguments: ["127.0.0.1,127.0.0.2", "127.0.0.2,127.0.0.1"])
    func `beside a public one is passed over`(addresses: String) throws {
        let public2 = try #require(NetworkAddress("127.0.0.2"))
        let client = Client(gate: Gate(exempt: [public2]), pins: ["both.test:\(port):\(addresses)"])
        for round in 0..<4 {
            let address = server.address("both", "answer?round=\(round)", host: "both.test")
            let response = try client.perform([.stranger(address)], pace: .brisk)[0].get()
            #expect(response.remoteAddress == "127.0.0.2")
        }
        let rebound = Client(gate: Gate(exempt: [public2]), pins: ["both.test:\(port):127.0.0.1"])
        let again = server.address("rebound", "answer", host: "both.test")
        #expect(failure(rebound.perform([.stranger(again)], pace: .brisk)[0])?.kind == .refusedAddress)
        #expect(try server.seen("rebound").isEmpty)
    }
}
