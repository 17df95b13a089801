import Testing

@testable import HTTP

@Suite struct `Queues of hosts` {
    private let pace = Pace(perHost: 1, hostPauseMilliseconds: 1_000, total: 3, loopbackPerHost: 8)

    /// Everybody who may start at this time.
    private func starts(_ queues: inout HostQueues, at now: Int64) -> [Int] {
        var started: [Int] = []
        while let request = queues.start(now: now) { started.append(request) }
        return started
    }

    /// http 69
    @Test func `let one of a house start, and the next after the pause and the end of the first`() {
        var queues = HostQueues(pace: pace)
        let house = queues.house("a", isNamedLoopback: false)
        for request in 0..<3 { queues.enter(request, house: house) }
        #expect(starts(&queues, at: 100) == [0])
        #expect(starts(&queues, at: 5_000) == [])
        #expect(queues.millisecondsToNextStart(now: 5_000) == nil)
        queues.leave(house: house)
        #expect(starts(&queues, at: 5_000) == [1])
        queues.leave(house: house)
        #expect(starts(&queues, at: 5_999) == [])
        #expect(queues.millisecondsToNextStart(now: 5_400) == 600)
        #expect(starts(&queues, at: 6_000) == [2])
        #expect(queues.millisecondsToNextStart(now: 6_000) == nil)
    }

    @Test func `let different houses start together, in their order, up to the total`() {
        var queues = HostQueues(pace: pace)
        let houses = ["a", "b", "a", "c", "d"].map { queues.house($0, isNamedLoopback: false) }
        for (request, house) in houses.enumerated() { queues.enter(request, house: house) }
        #expect(starts(&queues, at: 0) == [0, 1, 3])
        queues.leave(house: houses[1])
        #expect(starts(&queues, at: 0) == [4])
        #expect(queues.millisecondsToNextStart(now: 0) == nil)
    }

    @Test func `have no pause for a loopback that was named`() {
        var queues = HostQueues(pace: Pace(total: 20))
        let house = queues.house("127.0.0.1", isNamedLoopback: true)
        for request in 0..<10 { queues.enter(request, house: house) }
        #expect(starts(&queues, at: 0) == Array(0..<8))
    }

    @Test func `know a house again`() {
        var queues = HostQueues(pace: pace)
        let first = queues.house("a", isNamedLoopback: false)
        #expect(queues.house("b", isNamedLoopback: false) != first)
        #expect(queues.house("a", isNamedLoopback: false) == first)
    }

    @Test func `let a redirect go first`() {
        var queues = HostQueues(pace: pace)
        let house = queues.house("a", isNamedLoopback: false)
        queues.enter(0, house: house)
        queues.enter(1, house: house)
        queues.enter(2, house: house, atHead: true)
        #expect(starts(&queues, at: 0) == [2])
    }

    @Test func `hand back all of a stopped house, and none of another`() {
        var queues = HostQueues(pace: pace)
        let first = queues.house("a", isNamedLoopback: false)
        let second = queues.house("b", isNamedLoopback: false)
        for request in 0..<6 { queues.enter(request, house: request % 2 == 0 ? first : second) }
        #expect(starts(&queues, at: 0) == [0, 1])
        #expect(queues.stop(house: first) == [2, 4])
        #expect(queues.isStopped(first))
        #expect(!queues.isStopped(second))
        queues.leave(house: first)
        queues.leave(house: second)
        #expect(starts(&queues, at: 1_000) == [3])
        #expect(queues.stopAll() == [5])
    }

    @Test func `take nonsense for one`() {
        let nothing = Pace(perHost: 0, hostPauseMilliseconds: -5, total: -1, loopbackPerHost: 0)
        var queues = HostQueues(pace: nothing)
        let house = queues.house("a", isNamedLoopback: false)
        queues.enter(0, house: house)
        queues.enter(1, house: house)
        #expect(starts(&queues, at: 0) == [0])
        queues.leave(house: house)
        #expect(starts(&queues, at: 0) == [1])
    }
}
