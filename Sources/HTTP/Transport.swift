/// Whoever performs requests: the `Client`, or a network that a test makes up.
public protocol Transport: AnyObject {
    /// Asks all, and answers in the order of the requests, one result each.
    ///
    /// `progress` is called now and then, on this thread, and a last time when all is done.
    func perform(
        _ requests: [Request], pace: Pace, progress: ((Progress) -> Void)?
    ) -> [Result<Response, TransferError>]

    /// The same; `arrived` is called with each response, and its request's place, as it comes, and may take its body away:
    /// a thousand bodies at once would fill the memory.
    func perform(
        _ requests: [Request], pace: Pace, progress: ((Progress) -> Void)?, arrived: (Int, inout Response) -> Void
    ) -> [Result<Response, TransferError>]
}

extension Transport {
    public func perform(
        _ requests: [Request], pace: Pace, progress: ((Progress) -> Void)?, arrived: (Int, inout Response) -> Void
    ) -> [Result<Response, TransferError>] {
        var results = perform(requests, pace: pace, progress: progress)
        for index in results.indices {
            guard case .success(var response) = results[index] else { continue }
            arrived(index, &response)
            results[index] = .success(response)
        }
        return results
    }

    public func perform(_ requests: [Request], pace: Pace) -> [Result<Response, TransferError>] {
        perform(requests, pace: pace, progress: nil)
    }
}

/// How a batch spares those it asks.
public struct Pace: Sendable, Equatable {
    /// Requests at once to one host.
    public var perHost: Int
    /// Between two starts to one host.
    public var hostPauseMilliseconds: Int
    /// Requests at once to all hosts together.
    public var total: Int
    /// Requests at once to a loopback address that the person named; no pause there.
    public var loopbackPerHost: Int
    /// Before the first start to any host: for a batch that follows another one closely. Like the pause
    /// it does not hold for a loopback address that the person named.
    public var openingMilliseconds: Int
    /// Houses (hosts without a `www.`) that asked to be left alone, by name: nobody is asked there, and no redirect
    /// leads there.
    public var closed: [String]
    /// For the whole batch; what is not answered then is given up.
    public var runMilliseconds: Int

    public init(
        perHost: Int = 1, hostPauseMilliseconds: Int = 1_000, total: Int = 8,
        loopbackPerHost: Int = 8, openingMilliseconds: Int = 0, closed: [String] = [],
        runMilliseconds: Int = 300_000
    ) {
        self.perHost = perHost
        self.hostPauseMilliseconds = hostPauseMilliseconds
        self.total = total
        self.loopbackPerHost = loopbackPerHost
        self.openingMilliseconds = openingMilliseconds
        self.closed = closed
        self.runMilliseconds = runMilliseconds
    }
}

/// How far a batch has come.
public struct Progress: Sendable, Equatable {
    /// A request that is being answered.
    public struct Running: Sendable, Equatable {
        /// Its place in the batch, from 0.
        public var index: Int
        /// Since it started.
        public var milliseconds: Int

        public init(index: Int, milliseconds: Int) {
            self.index = index
            self.milliseconds = milliseconds
        }
    }

    public var finished: Int
    public var total: Int
    /// The longest running first.
    public var running: [Running]

    public init(finished: Int, total: Int, running: [Running]) {
        self.finished = finished
        self.total = total
        self.running = running
    }
}
