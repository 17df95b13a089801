// What a person gives up with `repair --accept-loss`, and is told of: see AcceptedLoss.swift.

/// What was given up of a damaged log.
public struct Loss: Equatable, Sendable {
    public var file: String
    /// In bytes of the file as it was.
    public var bytes: Range<Int>
    /// The events that stood there; `nil`: none, the bytes were no part of the log.
    public var sequences: ClosedRange<Int>?
    /// Of these, how many still read as events and were kept.
    public var readable = 0
    /// How many were written anew from a snapshot.
    public var restored = 0
    /// Those that cannot be read and are gone.
    public var gone: [Int] = []
    /// The file as it was, in `log/`; `nil`: there was none.
    public var copy: String?

    public init(
        file: String, bytes: Range<Int>, sequences: ClosedRange<Int>?, readable: Int = 0,
        restored: Int = 0, gone: [Int] = [], copy: String? = nil
    ) {
        self.file = file
        self.bytes = bytes
        self.sequences = sequences
        self.readable = readable
        self.restored = restored
        self.gone = gone
        self.copy = copy
    }
}

/// An event that can be read and was given up all the same: it does not fit what is left of the log, mostly for it
/// speaks of a finish that is lost. Once that is known again, a person can say it again.
public struct UnfitEvent: Equatable, Sendable {
    public var file: String
    /// Its line in bytes of the file as it was.
    public var bytes: Range<Int>
    public var sequence: Int
    /// `corrected`, `hidden`, …
    public var type: String
    /// What does not fit.
    public var problem: String
    /// Where the line still stands: the file as it was, in `log/`, or that of the copy that took its place.
    public var copy: String?

    public init(
        file: String, bytes: Range<Int>, sequence: Int, type: String, problem: String, copy: String? = nil
    ) {
        self.file = file
        self.bytes = bytes
        self.sequence = sequence
        self.type = type
        self.problem = problem
        self.copy = copy
    }
}

/// What accepting a loss did.
public struct AcceptedLoss: Equatable, Sendable {
    /// What could be mended after all.
    public var mends: [Mend] = []
    public var losses: [Loss] = []
    public var unfit: [UnfitEvent] = []
    /// Announcements that wait for a person's word now.
    public var held = 0

    /// Whether the log goes on in another chain.
    public var hasLostEvents: Bool { AcceptedLoss.hasLostEvents(losses, unfit) }

    public static func hasLostEvents(_ losses: [Loss], _ unfit: [UnfitEvent]) -> Bool {
        losses.contains { $0.sequences != nil } || !unfit.isEmpty
    }
}
