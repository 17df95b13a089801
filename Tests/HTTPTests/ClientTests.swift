import Foundation
import Testing

@testable import HTTP

private let server = PlayServer.shared

@Suite struct `A client that is answered` {
    @Test(arguments: [
        200, 201, 203, 204, 205, 206, 226, 300, 304, 400, 401, 403, 404, 406, 407, 408, 410, 414,
        415, 425, 429, 451, 500, 502, 503, 504,
    ])
    func `hands on every status as an answer`(status: Int) throws {
        let condition = [Header("If-None-Match", "\"x\"")]
        let response = try ask(
            .trusted(server.address("status", "answer?status=\(status)"), headers: condition)
        ).get()
        #expect(response.status == status)
        #expect(response.hops.isEmpty)
        #expect(response.remoteAddress == "127.0.0.1")
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `hands on a redirect that leads nowhere`(status: Int) throws {
        let address = server.address("nowhere", "answer?status=\(status)")
        #expect(try ask(.trusted(address)).get().status == status)
    }

    @Test func `keeps the order of requests, whatever the order of answers`() throws {
        let waits = [200, 0, 150, 50, 100, 0, 20, 60]
        let requests = waits.enumerated().map {
            Request.trusted(server.address("order", "slow?ms=\($1)&place=\($0)"))
        }
        let results = Client().perform(requests, pace: .brisk)
        for (place, result) in results.enumerated() {
            #expect(try result.get().address.hasSuffix("place=\(place)"))
        }
    }

    @Test func `asks many more hosts than it keeps connections to`() throws {
        let requests = (1...100).map {
            Request.trusted(server.address("hosts", "answer?body=\($0)", host: "127.0.0.\($0)"))
        }
        let pace = Pace(perHost: 1, hostPauseMilliseconds: 60_000, total: 4)
        for (place, result) in Client().perform(requests, pace: pace).enumerated() {
            let response = try result.get()
            #expect(String(decoding: response.body, as: UTF8.self) == "\(place + 1)")
            #expect(response.remoteAddress == "127.0.0.\(place + 1)")
        }
    }

    @Test func `answers an empty batch with nothing`() {
        #expect(Client().perform([], pace: .brisk).isEmpty)
    }

    @Test func `gives headers in order, unfolded, of the last answer, and no trailer`() throws {
        let response = try ask(.trusted(server.address("odd", "oddhead"))).get()
        #expect(
            response.headers == [
                Header("X-Folded", "one two"), Header("x-twice", "1"), Header("X-Twice", "2"),
                Header("ETag", "\"café\""), Header("X-Empty", ""),
                Header("Transfer-Encoding", "chunked"), Header("Trailer", "X-Late"),
            ])
        #expect(response.header("x-TWICE") == "1")
        #expect(response.headers("X-Twice") == ["1", "2"])
        #expect(response.header("Link") == nil)
        #expect(String(decoding: response.body, as: UTF8.self) == "hello")
    }

    @Test(arguments: ["gzip", "deflate"])
    func `decompresses`(coding: String) throws {
        let address = server.address("coding", "\(coding)?body=a%20feed")
        #expect(try ask(.trusted(address)).get().body == Array("a feed".utf8))
    }

    @Test(arguments: ["brotli", "zstd"])
    func `decompresses what not every build can`(coding: String) throws {
        let group = "offer-\(coding)"
        _ = ask(.trusted(server.address(group, "answer")))
        let offered = try #require(try server.seen(group).first?.value("Accept-Encoding"))
        #expect(offered.contains("gzip"))
        guard offered.contains(coding == "brotli" ? "br" : coding) else { return }
        let response = try ask(.trusted(server.address(group, coding))).get()
        #expect(String(decoding: response.body, as: UTF8.self) == "hello")
    }

    @Test func `stops reading where the announced length ends`() throws {
        let response = try ask(.trusted(server.address("overlong", "overlong"))).get()
        #expect(String(decoding: response.body, as: UTF8.self) == "hello")
    }

    @Test func `reports progress, and in the end that all is done`() throws {
        var reports: [HTTP.Progress] = []
        let requests = [0, 300].map { Request.trusted(server.address("progress", "slow?ms=\($0)")) }
        _ = Client().perform(requests, pace: .brisk) { reports.append($0) }
        #expect(reports.last == HTTP.Progress(finished: 2, total: 2, running: []))
        #expect(reports.contains { $0.running.contains { $0.index == 1 } })
    }
}

@Suite struct `A client that asks` {
    @Test func `sends what it was given, and nothing more`() throws {
        let request = Request.trusted(
            server.address("sent", "answer?a=b#fragment"),
            headers: [Header("Accept", "text/x"), Header("X-Empty", "")])
        _ = try ask(request).get()
        let seen = try #require(try server.seen("sent").first)
        #expect(seen.method == "GET")
        #expect(seen.target == "/sent/answer?a=b")
        #expect(
            seen.headers.map { $0[0] } == [
                "Host", "Accept-Encoding", "User-Agent", "Accept", "X-Empty",
            ])
        #expect(seen.value("User-Agent") == "Tests/1 (+https://example.org/)")
        #expect(seen.value("Accept") == "text/x")
        #expect(seen.value("X-Empty") == "")
    }

    @Test(arguments: [
        "\"plain\"", "W/\"weak\"", "unquoted", "\"with-gzip\"-gzip", "\"a, b\"", "\"\"",
        "W/\"x;y=z\"",
    ])
    func `sends validators back verbatim and is told that nothing changed`(etag: String) throws {
        let modified = "Sun, 06 Nov 1994 08:49:37 GMT"
        let play = "conditional?etag=\(percentEncoded(etag))&modified=\(percentEncoded(modified))"
        let address = server.address("etag", play)
        let first = try ask(.trusted(address)).get()
        #expect(first.status == 200)
        let received = try #require(first.header("ETag"))
        #expect(received == etag)
        let conditions = [
            Header("If-None-Match", received),
            Header("If-Modified-Since", try #require(first.header("Last-Modified"))),
        ]
        let second = try ask(.trusted(address, headers: conditions)).get()
        #expect(second.status == 304)
        #expect(second.body.isEmpty)
        #expect(second.header("ETag") == etag)
    }

    @Test func `does not believe "not modified" when it set no condition`() {
        let error = failure(ask(.trusted(server.address("forever", "answer?status=304"))))
        #expect(error?.kind == .unaskedNotModified)
        #expect(
            error?.message == "http://127.0.0.1:\(server.port) says \"not modified\" to a request "
                + "without a condition")
    }

    @Test(arguments: [Method.post, .put, .patch, .delete])
    func `sends a body with any method that has one`(method: HTTP.Method) throws {
        var request = Request.trusted(server.address("body-\(method)", "answer?status=201"))
        request.method = method
        request.body = Array("a=\u{e9}\0b".utf8)
        #expect(try ask(request).get().status == 201)
        let seen = try #require(try server.seen("body-\(method)").first)
        #expect(seen.method == method.rawValue)
        #expect(Array(seen.body.unicodeScalars.map { UInt8($0.value) }) == request.body)
        #expect(seen.value("Expect") == nil)
        #expect(seen.value("Content-Type") == nil)
    }

    @Test func `sends a body of megabytes at once, with the type it was given`() throws {
        var request = Request.trusted(
            server.address("large", "answer"), headers: [Header("content-type", "image/png")])
        request.method = .post
        request.body = [UInt8](repeating: 0x61, count: 3 << 20)
        _ = try ask(request).get()
        let seen = try #require(try server.seen("large").first)
        #expect(seen.values("Content-Type") == ["image/png"])
        #expect(seen.value("Content-Length") == "\(3 << 20)")
        #expect(seen.value("Expect") == nil)
    }

    @Test func `may be given limits without end`() throws {
        let endless = Limits(
            connectMilliseconds: .max, totalMilliseconds: .max, lowSpeedBytesPerSecond: .max,
            lowSpeedSeconds: .max, bodyBytesMax: .max, redirectsMax: .max)
        let pace = Pace(
            perHost: .max, hostPauseMilliseconds: .max, total: .max, loopbackPerHost: .max,
            runMilliseconds: .max)
        let request = Request.trusted(server.address("unlimited", "answer"), limits: endless)
        #expect(try ask(request, pace: pace).get().status == 200)
    }

    @Test(arguments: [nil, [UInt8]()])
    func `sends a post without bytes as one of length 0`(body: [UInt8]?) throws {
        let group = "empty-\(body == nil)"
        var request = Request.trusted(server.address(group, "answer"))
        request.method = .post
        request.body = body
        #expect(try ask(request).get().status == 200)
        #expect(try server.seen(group).first?.value("Content-Length") == "0")
    }

    @Test func `asks for a head alone`() throws {
        var request = Request.trusted(server.address("head", "answer?body=hello"))
        request.method = .head
        let response = try ask(request).get()
        #expect(response.header("Content-Length") == "5")
        #expect(response.body.isEmpty)
    }

    @Test func `deletes without a body`() throws {
        var request = Request.trusted(server.address("delete", "answer"))
        request.method = .delete
        _ = try ask(request).get()
        let seen = try #require(try server.seen("delete").first)
        #expect(seen.method == "DELETE")
        #expect(seen.value("Content-Length") == nil)
    }

    @Test(arguments: [("bare", "?"), ("marked", "#x"), ("bare-marked", "?#x"), ("dotted", "/../answer")])
    func `asks for what the text of the address says`(place: String, end: String) throws {
        let response = try ask(.trusted(server.address(place, "answer" + end))).get()
        #expect(response.address == server.address(place, "answer"))
        #expect(try server.seen(place).first?.target == "/\(place)/answer")
    }

    @Test func `lets nobody else fail with a name that cannot be resolved`() throws {
        // No name service is asked for a label of more than 63 letters.
        let nowhere = Request.stranger("http://\(String(repeating: "a", count: 64)).example/")
        let good = Request.trusted(server.address("unharmed", "slow?ms=20"))
        let pace = Pace(perHost: 1, hostPauseMilliseconds: 0, total: 2, loopbackPerHost: 1)
        let results = Client().perform([good, nowhere, good, nowhere, good, good], pace: pace)
        for place in [0, 2, 4, 5] { #expect(try results[place].get().status == 200) }
        for place in [1, 3] { #expect(failure(results[place])?.kind == .resolve) }
    }

    @Test func `uses a connection again, but not for what must not be repeated`() throws {
        let client = Client()
        let pace = Pace(perHost: 1, hostPauseMilliseconds: 0, total: 1, loopbackPerHost: 1)
        let plain = Request.trusted(server.address("reuse", "answer"))
        var alone = plain
        alone.method = .post
        alone.isUnrepeatable = true
        for result in client.perform([plain, plain, alone, plain, alone], pace: pace) {
            _ = try result.get()
        }
        let connections = try server.seen("reuse").map(\.connection)
        #expect(connections[0] == connections[1])
        #expect(connections[2] != connections[0])
        #expect(Set([connections[2], connections[4], connections[0]]).count == 3)
    }
}

@Suite struct `A client with a proxy` {
    private let client = Client(proxies: Proxies(http: "http://127.0.0.1:\(server.port)"))

    @Test func `asks the proxy for what it wants`() throws {
        let request = Request.stranger("http://far.test/proxy/answer?body=hello")
        #expect(try client.perform([request], pace: .brisk)[0].get().body == Array("hello".utf8))
        #expect(try server.seen("proxy").first?.target == request.address)
    }

    @Test func `still refuses a private address that is written out`() throws {
        let there = "http://10.0.0.1/written/answer"
        let target = percentEncoded(there)
        let requests = [there, "http://far.test/written/redirect?to=\(target)"]
        for result in client.perform(requests.map { .stranger($0) }, pace: .brisk) {
            #expect(failure(result)?.kind == .refusedAddress)
        }
        #expect(try server.seen("written").count == 1)
        // The proxy might know what no public server does.
        let inside = client.perform(
            [.stranger("http://far.test/inside/redirect?to=\(percentEncoded("http://printer.local/inside/answer"))")], pace: .brisk)
        #expect(failure(inside[0])?.kind == .refusedAddress)
        #expect(try server.seen("inside").count == 1)
    }

    @Test func `that is not there says so`() {
        let client = Client(proxies: Proxies(http: "http://\(noName):1"))
        let error = failure(client.perform([.stranger("http://far.test/")], pace: .brisk)[0])
        #expect(error?.kind == .resolve)
        #expect(error?.message == "the proxy could not be found")
    }

    @Test func `that does not answer is not taken for the site`() {
        let client = Client(proxies: Proxies(http: "http://127.0.0.1:1"))
        let error = failure(client.perform([.stranger("http://far.test/")], pace: .brisk)[0])
        #expect(error?.kind == .connect)
        #expect(error?.message == "the proxy on the way to http://far.test cannot be connected to, or does not lead there")
    }
}
