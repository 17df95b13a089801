public import Catalogue
public import Files
public import Formats

/// Log, newest snapshot and state in one: what an operation works on.
///
/// Facts are folded as they come, so that the next decision sees them; they are on the disk when
/// `commit` has returned, and nothing may be shown or published before. A store whose commit failed is
/// of no further use: the next run is the recovery.
public final class Store {
    public let log: Log
    public private(set) var state: State
    /// What opening found and passed over: a tail that was cut, a snapshot that could not be used.
    public private(set) var notes: [String]
    /// Event lines that are folded and not yet on the disk.
    private var pending: [[UInt8]] = []

    /// Sequence of the newest snapshot that fits this log and this reducer; 0: none.
    public private(set) var snapshotSequence = 0
    /// Whether one was passed over, which the next takes the place of.
    private var hasUselessSnapshot = false
    private let snapshots: SnapshotFolder

    fileprivate init(
        _ log: Log, _ disk: any Disk, root: String, notes: [String] = [],
        acceptsRollback: Bool = false, usesSnapshots: Bool = true
    ) throws(StoreError) {
        self.log = log
        self.notes = notes
        snapshots = SnapshotFolder(disk, root: root)
        state = State()
        if usesSnapshots {
            try start(acceptsRollback: acceptsRollback)
        } else {
            state = try Store.fold(log)
        }
    }

    /// From the newest snapshot that can be used, and the events after it.
    private func start(acceptsRollback: Bool) throws(StoreError) {
        var passedOver: [SnapshotFolder.Note] = []
        let snapshot = try snapshots.newest(
            reducerVersion: State.reducerVersion, of: log, acceptsRollback: acceptsRollback,
            notes: &passedOver)
        notes += passedOver.map { "\($0.file) is of no use and was passed over" }
        hasUselessSnapshot = !passedOver.isEmpty
        guard let snapshot, let saved = snapshot.state else {
            state = try Store.fold(log)
            return
        }
        state = saved
        snapshotSequence = snapshot.position.sequence
        try Store.fold(log, into: &state, after: snapshot.position)
    }

    /// Saves the state when more than `every` events have come since the last snapshot, or one is of no use:
    /// that is told once then, and not by every run until the next is due.
    /// A failure costs only time: the log has everything.
    public func saveSnapshotIfDue(every: Int, now: Instant) throws(StoreError) {
        guard let position = log.head?.position, pending.isEmpty,
            position.sequence - snapshotSequence > (hasUselessSnapshot ? 0 : every)
        else { return }
        try snapshots.publish(
            state.snapshot(at: position, now: now), sequence: position.sequence,
            reducerVersion: State.reducerVersion)
        snapshotSequence = position.sequence
        hasUselessSnapshot = false
    }

    /// Deletes all snapshots and saves one of the state as it is. Only for who holds the store's lock and has
    /// opened it from the events alone.
    public func remakeSnapshots(now: Instant) throws(StoreError) {
        try snapshots.empty()
        snapshotSequence = 0
        try saveSnapshotIfDue(every: 0, now: now)
    }

    /// The state after `sequence`, from the nearest snapshot before it that can be used.
    public func state(through sequence: Int) throws(StoreError) -> State {
        if sequence >= Int(state.sequence) { return state }
        var passedOver: [SnapshotFolder.Note] = []
        guard
            let snapshot = try snapshots.newest(
                reducerVersion: State.reducerVersion, of: log, through: sequence, notes: &passedOver),
            var state = snapshot.state
        else { return try Store.fold(log, through: sequence) }
        try Store.fold(log, into: &state, after: snapshot.position, through: sequence)
        return state
    }

    /// The state from the events alone, and the paths of the snapshots that say something else, or nothing.
    public func replayBesideSnapshots() throws(StoreError) -> (state: State, wrong: [String]) {
        var replayed = State()
        var wrong: [String] = []
        var position: LogPosition?
        for found in try snapshots.all(reducerVersion: State.reducerVersion, through: Int(state.sequence)) {
            guard let snapshot = try found.read(), let saved = snapshot.state,
                try log.contains(snapshot.position)
            else {
                wrong.append(found.path)
                continue
            }
            try Store.fold(log, into: &replayed, after: position, through: snapshot.position.sequence)
            position = snapshot.position
            if saved != replayed { wrong.append(found.path) }
        }
        try Store.fold(log, into: &replayed, after: position, through: Int(state.sequence))
        return (replayed, wrong)
    }

    /// Opens the store at `root` alone; mends what a dead run left.
    ///
    /// - Parameters:
    ///   - newStore: 32 random bytes, the identity of a store that has none yet.
    ///   - acceptsRollback: a person says that a log older than a snapshot is meant.
    ///   - now: refused when it lies before the store's first commit.
    public static func openForWriting(
        _ disk: any Disk, root: String, newStore: [UInt8], allowsNetworkFileSystem: Bool = false,
        acceptsRollback: Bool = false, segmentFullBytes: Int = LogLimits.segmentFullBytes, now: Instant
    ) throws(StoreError) -> Store {
        try HeldStore(
            disk, root: root, newStore: newStore, allowsNetworkFileSystem: allowsNetworkFileSystem,
            segmentFullBytes: segmentFullBytes, now: now
        ).load(acceptsRollback: acceptsRollback)
    }

    /// Opens the store to read what was acknowledged; takes no lock and writes nothing.
    ///
    /// - Parameter usesSnapshots: `false` takes the state from the events alone.
    public static func openForReading(
        _ disk: any Disk, root: String, usesSnapshots: Bool = true
    ) throws(StoreError) -> Store {
        var log = try Log.openForReading(disk, root: root)
        while true {
            do {
                return try Store(log, disk, root: root, usesSnapshots: usesSnapshots)
            } catch {
                // A run that is under way may have recorded more since the head was read, and saved a
                // snapshot of it, which is news and no rollback.
                let newer = try Log.openForReading(disk, root: root)
                guard case .rolledBack = error, newer.head != log.head else { throw error }
                log = newer
            }
        }
    }

    /// The state after `sequence` (`nil`: after all), from the events alone.
    public static func fold(_ log: Log, through sequence: Int? = nil) throws(StoreError) -> State {
        var state = State()
        try fold(log, into: &state, through: sequence)
        return state
    }

    private static func fold(
        _ log: Log, into state: inout State, after position: LogPosition? = nil,
        through sequence: Int? = nil
    ) throws(StoreError) {
        var folded = state
        state = State()
        if position == nil {
            let count = (log.head?.position.sequence ?? 0)
            folded.reserve(count: min(count, sequence ?? count), bytes: try log.byteCount())
        }
        try log.replay(after: position, through: sequence) { batches throws(StoreError) in
            for range in batches.events {
                do throws(EventError) {
                    try folded.apply(batches.bytes, range)
                } catch {
                    throw .event(file: batches.file, offset: range.lowerBound, error)
                }
            }
        }
        state = folded
    }

    /// Folds a fact and keeps it for the next `commit`.
    public func record(_ fact: Fact, at: Instant) {
        let event = Event(sequence: state.sequence + 1, at: at, fact: fact)
        let line = EventCoding.encode(event)
        do throws(EventError) {
            try state.apply(line, 0..<line.count)
        } catch {
            preconditionFailure("a fact that was just decided does not fold: \(error.problem)")
        }
        pending.append(line)
    }

    /// Should this run die of it, the next one knows (`Log.lastWords`).
    public func note(_ doing: String?) { log.note(doing) }

    /// To be called before very many facts are decided, as a whole export brings them.
    public func prepareForMany() { state.prepareForMany() }

    public var hasPending: Bool { !pending.isEmpty }

    /// The facts that wait for the next `commit`, as they will stand in the log.
    public var pendingLines: [[UInt8]] { pending }

    /// Makes all recorded facts durable: one batch, or several in order when there are very many.
    public func commit(cause: String, version: String, at: Instant) throws(StoreError) {
        var start = 0
        while start < pending.count {
            let end = batchEnd(from: start)
            try log.append(Array(pending[start..<end]), cause: cause, version: version, at: at)
            start = end
        }
        pending = []
    }

    /// As many lines as one batch takes (STORE section 2, row 28).
    private func batchEnd(from start: Int) -> Int {
        var bytes = 0
        var end = start
        while end < pending.count, end - start < LogLimits.runLinesMax {
            bytes += pending[end].count + 1
            if bytes > LogLimits.batchBytesMax / 2, end > start { break }
            end += 1
        }
        return end
    }
}

/// A store that is this run's alone, whose log was looked at and mended, and whose state was not loaded:
/// that takes time and memory as the years grow, and a run to which no feed has anything to say can do
/// without.
public struct HeldStore {
    public let log: Log
    /// What opening found.
    public private(set) var notes: [String]
    /// Events that the newest snapshot, by its name, does not know. Below 0: it claims to know more than the
    /// log does, and only `load` can tell what that means (STORE section 2, row 18).
    public let eventsSinceSnapshot: Int
    private let disk: any Disk
    private let root: String

    /// As `Store.openForWriting`, but for the state.
    public init(
        _ disk: any Disk, root: String, newStore: [UInt8], allowsNetworkFileSystem: Bool = false,
        segmentFullBytes: Int = LogLimits.segmentFullBytes, now: Instant
    ) throws(StoreError) {
        self.disk = disk
        self.root = root
        log = try Log.openForWriting(
            disk, root: root, newStore: newStore, allowsNetworkFileSystem: allowsNetworkFileSystem,
            segmentFullBytes: segmentFullBytes)
        notes = HeldStore.words(log.notes)
        if let begun = try log.begun(), now < begun {
            // Of a sealed segment no checksum was compared yet: one flipped bit would send a person to the clock.
            _ = try log.position(batchHolding: 1)
            throw .clockTooEarly(now: now, first: begun)
        }
        let snapshots = SnapshotFolder(disk, root: root)
        try snapshots.removeUnfinished()
        eventsSinceSnapshot =
            (log.head?.position.sequence ?? 0)
            - (try snapshots.newestSequence(reducerVersion: State.reducerVersion))
        if let last = log.last, now < last.at {
            notes.append(
                HeldStore.clockWords + "\(now.toTheMinute), but the newest event in the log is of \(last.at.toTheMinute): "
                    + "if the clock is wrong now, set it right; if it was wrong then, nothing has to be done, and this "
                    + "ends with the next event")
        }
    }

    private static let clockWords = "the clock says "

    /// Whether a note says that the clock is behind the log.
    public static func isOfClock(_ note: String) -> Bool { note.hasPrefix(clockWords) }

    /// The store with its state.
    ///
    /// - Parameter acceptsRollback: a person says that a log older than a snapshot is meant.
    public func load(acceptsRollback: Bool = false) throws(StoreError) -> Store {
        try Store(log, disk, root: root, notes: notes, acceptsRollback: acceptsRollback)
    }

    /// A batch that was whole is adopted without a word: a run that dies late is nothing to worry about.
    private static func words(_ notes: [RecoveryNote]) -> [String] {
        notes.compactMap { note in
            switch note {
            case .adopted: nil
            case .quarantined(let file, let offset, let bytes, let copy):
                "a run died while it wrote: \(bytes) bytes from byte \(offset) of \(file) on were "
                    + "never acknowledged and are kept in \(copy)"
            }
        }
    }
}

extension Snapshot: StateSource {
    /// `nil`: its arrays are none of a state, or of one at another place.
    fileprivate var state: State? {
        guard let state = State(self), state.sequence == position.sequence else { return nil }
        return state
    }
}

extension State {
    func snapshot(at position: LogPosition, now: Instant) -> [UInt8] {
        var writer = SnapshotWriter()
        for section in sections {
            switch section.content {
            case .bytes(let array): writer.add(section.tag, array)
            case .words(let array): writer.add(section.tag, array)
            case .longs(let array): writer.add(section.tag, array)
            }
        }
        return writer.encode(reducerVersion: State.reducerVersion, position: position, at: now)
    }
}
