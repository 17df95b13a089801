/// Who may start now. Pure: the time comes in, in milliseconds of any steady clock.
///
/// Invariants: a house never has more than `parallel` running nor two starts within its pause;
/// a stopped house starts nothing; all together never run more than `total`.
struct HostQueues {
    private struct House {
        var parallel: Int
        var pause: Int64
        var running = 0
        var earliestStart: Int64
        var waiting: [Int] = []
        var isStopped = false
    }

    private let pace: Pace
    /// Before this no house starts anything.
    private let opening: Int64
    private var houses: [House] = []
    private var numbers: [String: Int] = [:]
    /// Houses with somebody waiting, in the order of their first request.
    private var busy: [Int] = []
    private var running = 0

    init(pace: Pace, opening: Int64 = .min) {
        self.pace = pace
        self.opening = opening
        for name in pace.closed { _ = stop(house: house(name, isNamedLoopback: false)) }
    }

    /// The number of a house, a new one for a new name. Who comes first decides its pace.
    mutating func house(_ name: String, isNamedLoopback: Bool) -> Int {
        if let known = numbers[name] { return known }
        let pause = Int64(min(max(0, pace.hostPauseMilliseconds), 1 << 40))
        houses.append(
            isNamedLoopback
                ? House(parallel: max(1, pace.loopbackPerHost), pause: 0, earliestStart: .min)
                : House(parallel: max(1, pace.perHost), pause: pause, earliestStart: opening))
        numbers[name] = houses.count - 1
        return houses.count - 1
    }

    func isStopped(_ house: Int) -> Bool { houses[house].isStopped }

    /// Joins the end of the queue, or its head: a redirect has waited once already.
    mutating func enter(_ request: Int, house: Int, atHead: Bool = false) {
        if houses[house].waiting.isEmpty { busy.append(house) }
        // Queues are kept with the head at the end, where removing costs nothing.
        houses[house].waiting.insert(request, at: atHead ? houses[house].waiting.count : 0)
    }

    /// The next request that may start, if any may; it is counted as running from now on.
    mutating func start(now: Int64) -> Int? {
        guard running < max(1, pace.total) else { return nil }
        for place in busy.indices {
            let number = busy[place]
            guard houses[number].running < houses[number].parallel,
                houses[number].earliestStart <= now,
                let request = houses[number].waiting.popLast()
            else { continue }
            houses[number].running += 1
            houses[number].earliestStart = now + houses[number].pause
            running += 1
            if houses[number].waiting.isEmpty { busy.remove(at: place) }
            return request
        }
        return nil
    }

    mutating func leave(house: Int) {
        houses[house].running -= 1
        running -= 1
    }

    /// Closes a house, and hands back who was waiting there, in order.
    mutating func stop(house: Int) -> [Int] {
        houses[house].isStopped = true
        let waiting = houses[house].waiting
        houses[house].waiting = []
        busy.removeAll { $0 == house }
        return waiting.reversed()
    }

    /// Everybody who waits, in order of their places in the batch.
    mutating func stopAll() -> [Int] {
        var waiting: [Int] = []
        for number in houses.indices { waiting += stop(house: number) }
        return waiting.sorted()
    }

    /// Until a pause ends that somebody waits for; `nil` when only an answer can help.
    func millisecondsToNextStart(now: Int64) -> Int64? {
        guard running < max(1, pace.total) else { return nil }
        var soonest: Int64?
        for number in busy where houses[number].running < houses[number].parallel {
            let wait = max(0, houses[number].earliestStart - now)
            soonest = min(soonest ?? wait, wait)
        }
        return soonest
    }
}
