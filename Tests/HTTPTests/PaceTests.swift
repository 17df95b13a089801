import Testing

@testable import HTTP

private let server = PlayServer.shared

private func slow(_ group: String, count: Int) -> [Request] {
    (0..<count).map { _ in .trusted(server.address(group, "slow?ms=30")) }
}

@Suite struct `A host` {
    /// http 69
    @Test func `is asked one at a time when that is the pace`() throws {
        let pace = Pace(perHost: 1, hostPauseMilliseconds: 0, total: 8, loopbackPerHost: 1)
        for result in Client().perform(slow("single", count: 8), pace: pace) {
            _ = try result.get()
        }
        #expect(try server.seen("single").map(\.busy) == [Int](repeating: 1, count: 8))
    }

    @Test func `of the own machine, when named, is asked several at once`() throws {
        let pace = Pace(perHost: 1, hostPauseMilliseconds: 60_000, total: 8, loopbackPerHost: 4)
        for result in Client().perform(slow("several", count: 16), pace: pace) {
            _ = try result.get()
        }
        let busy = try server.seen("several").map(\.busy)
        #expect(busy.count == 16)
        #expect(busy.max().map { (2...4).contains($0) } == true)
    }

    @Test func `shares the limit of all together with others`() throws {
        let pace = Pace(perHost: 8, hostPauseMilliseconds: 0, total: 2, loopbackPerHost: 8)
        for result in Client().perform(slow("total", count: 8), pace: pace) { _ = try result.get() }
        #expect(try server.seen("total").map(\.busy).max() == 2)
    }

    /// http 26
    @Test(arguments: [
        ("answer?status=429", true), ("answer?status=429&h=Retry-After:%20120", true),
        ("answer?status=503&h=Retry-After:%20Fri,%2031%20Dec%201999%2023:59:59%20GMT", true),
        ("answer?status=503", false), ("answer?status=404", false),
    ])
    func `that asks to wait is left alone for the rest of the batch`(play: String, stops: Bool)
        throws
    {
        let group = "wait-" + play.filter(\.isNumber)
        let pace = Pace(perHost: 1, hostPauseMilliseconds: 0, total: 8, loopbackPerHost: 1)
        let requests = [play, "answer", "answer"].map {
            Request.trusted(server.address(group, $0))
        }
        let client = Client()
        let results = client.perform(requests, pace: pace)
        #expect(try results[0].get().status >= 404)
        for result in results[1...] {
            #expect(failure(result)?.kind == (stops ? .hostStopped : nil))
            if stops {
                #expect(
                    failure(result)?.message == "http://127.0.0.1:\(server.port) has asked to be "
                        + "left alone for a while")
            }
        }
        #expect(try server.seen(group).count == (stops ? 1 : 3))
        // The next batch is another run's business.
        #expect(failure(client.perform([requests[1]], pace: pace)[0]) == nil)
    }

    @Test func `that asks to wait stops those whom a redirect leads there`() throws {
        let client = Client(
            gate: Gate(exempt: [try #require(NetworkAddress("127.0.0.2"))]), pins: [])
        let pace = Pace(
            perHost: 1, hostPauseMilliseconds: 0, total: 1, loopbackPerHost: 1)
        let target = percentEncoded("http://127.0.0.2:\(server.port)/led/answer")
        let results = client.perform(
            [
                .stranger(server.address("led", "answer?status=429", host: "127.0.0.2")),
                .trusted(server.address("led", "redirect?to=\(target)")),
            ], pace: pace)
        #expect(failure(results[1])?.kind == .hostStopped)
        #expect(try server.seen("led").count == 2)
    }
}

@Suite struct `A closed house` {
    @Test func `is not asked, and no redirect leads there`() throws {
        let client = Client(
            gate: Gate(exempt: [try #require(NetworkAddress("127.0.0.2"))]), pins: [])
        var pace = Pace.brisk
        pace.closed = ["127.0.0.2"]
        let target = percentEncoded("http://127.0.0.2:\(server.port)/closed/answer")
        let results = client.perform(
            [
                .stranger(server.address("closed", "answer", host: "127.0.0.2")),
                .trusted(server.address("closed", "redirect?to=\(target)")),
                .trusted(server.address("closed", "answer")),
            ], pace: pace)
        for (result, redirects) in zip(results, [0, 1]) {
            #expect(failure(result)?.kind == .hostStopped)
            #expect(failure(result)?.redirects == redirects)
            #expect(failure(result)?.house == "127.0.0.2")
        }
        #expect(try results[2].get().status == 200)
        #expect(try server.seen("closed").count == 2)
    }
}

@Suite struct `A batch` {
    /// http 70
    @Test func `ends at its deadline, whoever hangs or waits`() throws {
        let pace = Pace(
            perHost: 1, hostPauseMilliseconds: 0, total: 2, loopbackPerHost: 1, runMilliseconds: 500
        )
        let plays = ["answer", "hang", "answer", "answer"]
        let results = Client().perform(
            plays.map { .trusted(server.address("deadline", $0)) }, pace: pace)
        #expect(failure(results[0]) == nil)
        for result in results[1...] {
            #expect(failure(result)?.kind == .deadline)
            #expect(
                failure(result)?.message == "the run's time was up before "
                    + "http://127.0.0.1:\(server.port) had answered")
        }
    }

    @Test func `of bad requests alone is answered without asking anybody`() {
        let results = Client().perform(
            [.trusted("file:///etc/passwd"), .trusted("nonsense")], pace: .brisk)
        #expect(failure(results[0])?.kind == .refusedScheme)
        #expect(failure(results[1])?.kind == .badAddress)
    }
}
