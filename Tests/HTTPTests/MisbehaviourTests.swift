import Testing

@testable import HTTP

private let server = PlayServer.shared
private var place: String { "http://127.0.0.1:\(server.port)" }

@Suite struct `A server that misbehaves` {
    /// http 43 to 45, 48 and 51 to 55
    @Test(arguments: [
        ("truncated", TransferError.Kind.truncated, "hung up in the middle of its answer"),
        ("shortchunks", .truncated, "hung up in the middle of its answer"),
        ("hangup", .closed, "hung up without an answer"),
        ("reset", .closed, "hung up without an answer"),
        ("endless", .tooLarge, "answers with more than 1048576 bytes"),
        ("bomb?mb=8", .tooLarge, "answers with more than 1048576 bytes"),
        ("announced?bytes=1048577", .tooLarge, "answers with more than 1048576 bytes"),
        ("bigheader", .tooLarge, "answers with endless headers"),
        ("manyheaders", .tooLarge, "answers with endless headers"),
        ("notgzip", .protocolError, "sent a body that cannot be decompressed"),
        ("garbage", .protocolError, "does not answer in HTTP"),
        ("badlength", .protocolError, "does not answer in HTTP"),
    ])
    func `is told by name`(play: String, kind: TransferError.Kind, words: String) {
        let error = failure(ask(.trusted(server.address("misbehave", play))))
        #expect(error?.kind == kind)
        #expect(error?.message == "\(place) \(words)")
    }

    /// libcurl asks again by itself, but of all requests of one handle the first five alone, and without a pause.
    @Test func `that closes what was kept is asked once more, in its turn`() throws {
        let pace = Pace(perHost: 1, hostPauseMilliseconds: 0, total: 1, loopbackPerHost: 1)
        let requests = Array(repeating: Request.trusted(server.address("kept", "once")), count: 16)
        for result in Client().perform(requests, pace: pace) { #expect(try result.get().body == Array("once".utf8)) }
        let connections = try server.seen("kept").map(\.connection)
        #expect(connections.count == 31)
        #expect(Set(connections).count == 16)
    }

    @Test func `is asked no second time what must not be repeated`() throws {
        var request = Request.trusted(server.address("posted", "hangup"))
        request.method = .post
        let pace = Pace(perHost: 1, hostPauseMilliseconds: 0, total: 1, loopbackPerHost: 1)
        let first = Request.trusted(server.address("posted", "answer"))
        let results = Client().perform([first, request], pace: pace)
        #expect(failure(results[1])?.kind == .closed)
        #expect(try server.seen("posted").count == 2)
    }

    /// http 46 and 47
    @Test(arguments: ["hang", "stall", "trickle"])
    func `has only so much time in all`(play: String) {
        let limits = Limits.totalMilliseconds(300)
        let error = failure(ask(.trusted(server.address("late", play), limits: limits)))
        #expect(error?.kind == .timeout)
        #expect(error?.message == "\(place) did not finish within 300 ms")
    }

    /// http 46
    @Test(arguments: ["stall", "trickle"])
    func `may not be too slow for too long`(play: String) {
        var limits = Limits.brisk
        limits.lowSpeedSeconds = 1
        let error = failure(ask(.trusted(server.address("slow", play), limits: limits)))
        #expect(error?.kind == .stalled)
        #expect(error?.message == "\(place) sent less than 100 bytes a second for 1 s")
    }

    @Test func `that sends a bomb is told long before the limit`() throws {
        var limits = Limits.brisk
        limits.bodyBytesMax = 64 << 20
        let error = failure(ask(.trusted(server.address("tight", "bomb?mb=32"), limits: limits)))
        #expect(error?.kind == .tooLarge)
        #expect(
            error?.message == "\(place) answers with a bomb: a body that is more than a hundred times as "
                + "long as what was sent")
        // Four megabytes may be packed as tightly as they like, and plain text is never suspected.
        let small = ask(.trusted(server.address("tight", "bomb?mb=4"), limits: limits))
        #expect(try small.get().body.count == 4 << 20)
        let plain = ask(.trusted(server.address("tight", "plain?mb=6"), limits: limits))
        #expect(try plain.get().body.count == 6 << 20)
    }

    @Test func `may send exactly what is allowed`() throws {
        var limits = Limits.brisk
        limits.bodyBytesMax = 1_000
        let text = String(repeating: "x", count: 1_000)
        for play in ["gzip", "answer"] {
            let all = server.address("exact", "\(play)?body=\(text)")
            let more = server.address("exact", "\(play)?body=\(text)x")
            #expect(try ask(.trusted(all, limits: limits)).get().body.count == 1_000)
            #expect(failure(ask(.trusted(more, limits: limits)))?.kind == .tooLarge)
        }
    }

    /// http 65
    @Test func `that lets no connection come about is told`() {
        var limits = Limits.brisk
        limits.connectMilliseconds = 300
        let error = failure(ask(.trusted("http://127.0.0.1:\(server.deafPort)/", limits: limits)))
        #expect(error?.kind == .connectTimeout)
        #expect(
            error?.message
                == "http://127.0.0.1:\(server.deafPort) could not be connected to within 300 ms")
    }

    /// http 64
    @Test func `that is not there is told`() {
        // Port 1 of the loopback is nobody's.
        let error = failure(ask(.trusted("http://127.0.0.1:1/")))
        #expect(error?.kind == .refused)
        #expect(error?.message == "http://127.0.0.1:1 refuses to be connected to")
        #expect(error?.detail.isEmpty == false)
    }

    /// http 64
    @Test func `that has no name in the world is told`() {
        let error = failure(ask(.stranger("http://\(noName)/secret?key=1")))
        #expect(error?.kind == .resolve)
        #expect(error?.message == "\(noName) could not be found")
    }

    @Test func `that speaks no TLS is told`() {
        let error = failure(ask(.trusted("https://127.0.0.1:\(server.port)/tls/garbage")))
        #expect(error?.kind == .tls)
        #expect(
            error?.message
                == "https://127.0.0.1:\(server.port) could not agree on a secure connection")
    }

    @Test func `costs the others nothing`() throws {
        let plays = ["hang", "reset", "bomb?mb=8", "truncated", "stall", "answer?body=x"]
        let requests = (0..<60).map { (place: Int) -> Request in
            let play = plays[place % plays.count]
            let isEndless = play == "hang" || play == "stall"
            return Request.trusted(
                server.address("crowd", play),
                limits: isEndless ? .totalMilliseconds(300) : .brisk)
        }
        let results = Client().perform(requests, pace: .brisk)
        let kinds: [TransferError.Kind?] = [
            .timeout, .closed, .tooLarge, .truncated, .timeout, nil,
        ]
        for (index, result) in results.enumerated() {
            #expect(failure(result)?.kind == kinds[index % plays.count], "\(index)")
        }
    }

    @Test func `keeps no secret of the address in any text`() {
        let plays = [
            "truncated", "hang", "garbage", "bigheader", "redirect?to=ftp%3A%2F%2Fx%2Fsesame",
        ]
        for play in plays {
            let mark = play.contains("?") ? "&" : "?"
            let address = server.address("sesame", play + mark + "key=sesame#sesame")
            let error = failure(ask(.trusted(address, limits: .totalMilliseconds(300))))
            #expect(error?.message.contains("sesame") == false)
            #expect(error?.detail.contains("sesame") == false)
        }
    }
}
