import Testing

@testable import HTTP

private let server = PlayServer.shared

/// Every name is the test server's.
private func client(authorities: String? = server.certificate) -> Client {
    let names = ["whole", "hangup", "truncated", "short", "reset", "calm", "once", "refused"].map {
        "\($0).played.test"
    }
    return Client(
        authorities: authorities,
        pins: (names + ["other.test"]).map { "\($0):\(server.securePort):127.0.0.1" })
}

private func address(_ host: String, _ path: String = "") -> String {
    "https://\(host):\(server.securePort)/\(path)"
}

@Suite struct `A secure connection` {
    @Test func `is made with a server that can prove its name`() throws {
        let request = Request.trusted(address("127.0.0.1"))
        let response = try client().perform([request], pace: .brisk)[0].get()
        #expect(String(decoding: response.body, as: UTF8.self) == "hello")
    }

    /// http 63
    @Test func `is refused with a certificate that nobody vouches for`() {
        let request = Request.trusted(address("127.0.0.1", "vouch/answer"))
        let error = failure(client(authorities: nil).perform([request], pace: .brisk)[0])
        #expect(error?.kind == .tls)
        #expect(
            error?.message == "https://127.0.0.1:\(server.securePort) has a certificate that is "
                + "not to be trusted")
        #expect(error?.detail == "SSL certificate problem: self-signed certificate")
    }

    /// http 63
    @Test func `is refused with a certificate of another name`() throws {
        let request = Request.trusted(address("other.test", "other/answer"))
        #expect(failure(client().perform([request], pace: .brisk)[0])?.kind == .tls)
        #expect(try server.seen("other").isEmpty)
    }

    @Test func `is HTTP/1.1 for what must not be repeated`() throws {
        var request = Request.trusted(address("whole.played.test", "oneone/answer"))
        request.method = .post
        request.isUnrepeatable = true
        #expect(try client().perform([request], pace: .brisk)[0].get().status == 200)
        #expect(try server.seen("oneone").first?.version == "HTTP/1.1")
    }

    /// http 63
    @Test func `with no certificates at all says so`() {
        let request = Request.trusted(address("127.0.0.1", "none/answer"))
        let result = client(authorities: "/nonexistent/ca.pem").perform([request], pace: .brisk)[0]
        #expect(failure(result)?.kind == .tls)
    }
}

@Suite struct `A server of HTTP/2` {
    /// The server answers these names in HTTP/2 only, so an answer shows that it was spoken.
    @Test func `is asked in HTTP/2`() throws {
        let requests = (0..<3).map { _ in Request.trusted(address("whole.played.test")) }
        for result in client().perform(requests, pace: .brisk) {
            let response = try result.get()
            #expect(response.status == 200)
            #expect(response.header("Content-Length") == "5")
            #expect(String(decoding: response.body, as: UTF8.self) == "hello")
        }
    }

    /// http 50
    @Test(arguments: [
        ("truncated", TransferError.Kind.truncated), ("short", .truncated), ("reset", .truncated),
        ("hangup", .closed), ("calm", .closed), ("refused", .closed),
    ])
    func `that breaks off is told by name`(play: String, kind: TransferError.Kind) {
        let request = Request.trusted(address("\(play).played.test"))
        #expect(failure(client().perform([request], pace: .brisk)[0])?.kind == kind)
    }

    /// libcurl 7.88 does not ask again over HTTP/2.
    @Test func `that closes what was kept is asked once more`() throws {
        let pace = Pace(perHost: 1, hostPauseMilliseconds: 0, total: 1, loopbackPerHost: 1)
        let requests = Array(repeating: Request.trusted(address("once.played.test")), count: 6)
        for result in client().perform(requests, pace: pace) { #expect(try result.get().status == 200) }
    }
}
