/// The requests of one `perform`, who of them waits, and what became of the others.
struct Batch {
    private(set) var results: [Result<Response, TransferError>]
    private(set) var queues: HostQueues
    private(set) var finished = 0
    private var waiting: [Journey?]
    /// When the loop began.
    let start: Int64

    /// - Parameter now: when the loop begins.
    init(_ requests: [Request], pace: Pace, gate: Gate, now: Int64) {
        start = now
        let opening = now + Int64(min(max(0, pace.openingMilliseconds), 1 << 40))
        queues = HostQueues(pace: pace, opening: opening)
        waiting = Array(repeating: nil, count: requests.count)
        // Never seen outside: each is replaced before the loop ends.
        let unasked = TransferError(kind: .deadline, message: "not asked")
        results = Array(repeating: .failure(unasked), count: requests.count)
        for (index, request) in requests.enumerated() {
            do {
                let journey = try Journey(request, index: index, gate: gate)
                journey.house = house(of: journey)
                guard !queues.isStopped(journey.house) else {
                    record(index, .failure(Self.stopped(journey)))
                    continue
                }
                waiting[index] = journey
                queues.enter(index, house: journey.house)
            } catch {
                results[index] = .failure(error)
                finished += 1
            }
        }
    }

    var isDone: Bool { finished == results.count }

    /// Whoever may start now; it is under way until it is settled or goes on.
    mutating func next(now: Int64) -> Journey? {
        guard let index = queues.start(now: now) else { return nil }
        return waiting[index]
    }

    /// A redirect, and who found a closed connection, takes its turn again, at the head of the queue of the house it leads
    /// to: a server counts it as one more request within the second.
    mutating func goOn(_ journey: Journey) {
        queues.leave(house: journey.house)
        journey.house = house(of: journey)
        guard !queues.isStopped(journey.house) else {
            record(journey.index, .failure(Self.stopped(journey)))
            return
        }
        waiting[journey.index] = journey
        queues.enter(journey.index, house: journey.house, atHead: true)
    }

    /// The end of a journey that was under way.
    mutating func settle(_ journey: Journey, _ result: Result<Response, TransferError>) {
        queues.leave(house: journey.house)
        record(journey.index, result)
        guard case .success(let response) = result, response.asksToWait else { return }
        for index in queues.stop(house: journey.house) {
            guard let other = waiting[index] else { continue }
            record(index, .failure(Self.stopped(other)))
        }
    }

    /// The time is up for all who wait.
    mutating func giveUp() {
        for index in queues.stopAll() {
            guard let journey = waiting[index] else { continue }
            record(index, .failure(Self.lateness(journey)))
        }
    }

    private mutating func record(_ index: Int, _ result: Result<Response, TransferError>) {
        waiting[index] = nil
        results[index] = result
        finished += 1
    }

    private mutating func house(of journey: Journey) -> Int {
        queues.house(journey.destination.house, isNamedLoopback: journey.isNamedLoopback)
    }

    static func lateness(_ journey: Journey) -> TransferError {
        journey.failure(
            .deadline, "the run's time was up before \(journey.destination.spoken) had answered")
    }

    private static func stopped(_ journey: Journey) -> TransferError {
        journey.failure(
            .hostStopped, "\(journey.destination.spoken) has asked to be left alone for a while")
    }
}

extension Response {
    /// 429, or 503 with a time: nobody of this house is to be asked again now. RFC 6585 §4.
    var asksToWait: Bool {
        status == 429 || (status == 503 && header("Retry-After") != nil)
    }
}

extension Journey {
    /// 304 answers a condition; without one it says nothing (http-politeness, section 2).
    func judge(_ response: Response) -> Result<Response, TransferError> {
        guard response.status == 304, !isConditional else { return .success(response) }
        return .failure(
            failure(
                .unaskedNotModified,
                "\(destination.spoken) says \"not modified\" to a request without a condition"))
    }
}
