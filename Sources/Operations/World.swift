public import Files
public import Formats
public import HTTP
import Storage

/// All that a run may touch.
public struct World {
    public var disk: any Disk
    public var network: any Transport
    /// Read once, when the run begins; and anew where the moment counts, which announcing does.
    public var now: Instant
    /// What the clock says by now; `nil`: it stands still.
    public var clock: (() -> Instant)?
    public var random: Randomness
    /// Runs a command and its arguments without a shell and waits for it.
    public var run: ([String]) -> Result<Void, CommandError>
    /// A segment of the log longer than this takes no further batch; few in a simulation.
    public var segmentFullBytes = LogLimits.segmentFullBytes

    public init(
        disk: any Disk, network: any Transport, now: Instant, clock: (() -> Instant)? = nil, random: Randomness,
        run: @escaping ([String]) -> Result<Void, CommandError>
    ) {
        self.disk = disk
        self.network = network
        self.now = now
        self.clock = clock
        self.random = random
        self.run = run
    }

    /// An import, or a person's typing, may have taken minutes.
    mutating func readClock() {
        if let clock { now = clock() }
    }
}

/// Random numbers that a seed repeats: SplitMix64. For spreading requests and naming stores, not for secrets.
public struct Randomness: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// The identity of a new store.
    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next() >> 24) }
    }
}

/// Where a store keeps what (PRODUCT section 1).
public struct StoreFolder: Equatable, Sendable {
    /// Without a slash at its end.
    public let root: String

    public init(_ root: String) {
        var root = root
        while root.count > 1, root.hasSuffix("/") { root.removeLast() }
        self.root = root
    }

    public var settings: String { root + "/feeds.toml" }
    public var log: String { root + "/log" }
    public var snapshots: String { root + "/snapshots" }
    public var polls: String { root + "/polls.json" }
    public var pendingTweets: String { root + "/pending-tweets.json" }

    /// A path as `feeds.toml` writes it: relative to the store.
    public func path(_ path: String) -> String {
        path.hasPrefix("/") ? path : root + "/" + path
    }
}
