public import Files
public import Formats

/// Everything that was ever recorded, in order: segments of batches of event lines, and the head
/// that says how far they were acknowledged. It knows bytes, not events.
///
/// - A batch counts when `append` has returned, or when `openForWriting` has shown it.
/// - Reading never goes beyond `head`; what lies before it never changes.
/// - After a write whose outcome is unknown the log takes no more (`StoreError.unusable`).
public final class Log {
    let folder: LogFolder
    /// `nil`: nothing was ever recorded.
    public private(set) var head: Head?
    /// The last batch.
    public private(set) var last: Commit?
    /// What opening found to mend.
    public let notes: [RecoveryNote]
    /// The identity of the store, 32 bytes; of one without events that which its first batch gets.
    public let store: [UInt8]

    /// Held until the log is let go; `nil`: opened for reading.
    let lock: (any OpenFile)?
    /// What the run before was doing when it died.
    public let lastWords: String?
    /// The segment that takes the next batch, once it is open.
    private var tail: (any OpenFile)?
    private var isUsable: Bool
    /// What opening read of the head's segment, until a replay takes it: nothing is read and checked twice.
    private var openedTail: SegmentBatches?
    private let segmentFullBytes: Int

    private var disk: any Disk { folder.disk }

    private init(
        _ folder: LogFolder, head: Head?, last: Commit?, notes: [RecoveryNote], store: [UInt8],
        lock: (any OpenFile)?, openedTail: SegmentBatches? = nil,
        segmentFullBytes: Int = LogLimits.segmentFullBytes
    ) {
        self.folder = folder
        self.head = head
        self.last = last
        self.notes = notes
        self.store = store
        self.lock = lock
        lastWords = lock.flatMap { Log.lastWords(in: $0) }
        self.openedTail = openedTail
        self.segmentFullBytes = segmentFullBytes
        isUsable = lock != nil
    }

    /// The folder of a store's log.
    static func path(inStore root: String) -> String { "\(root)/log" }

    // MARK: Opening

    /// Opens the log of the store at `root`, which must exist, alone (STORE section 3, "Open for
    /// writing"); makes `log/` where there is none. Checks what was acknowledged in the newest
    /// segment, then mends what a dead run left beyond it.
    ///
    /// - Parameters:
    ///   - newStore: 32 random bytes, the identity of a store that has none yet.
    ///   - segmentFullBytes: few in a simulation, which wants many segments of few bytes.
    public static func openForWriting(
        _ disk: any Disk, root: String, newStore: [UInt8], allowsNetworkFileSystem: Bool = false,
        segmentFullBytes: Int = LogLimits.segmentFullBytes
    ) throws(StoreError) -> Log {
        precondition(newStore.count == 32, "an identity has 32 bytes")
        let folder = LogFolder(disk: disk, path: path(inStore: root))
        if !allowsNetworkFileSystem, case .network(let name) = try onDisk({
            () throws(DiskError) in try disk.fileSystem(of: root)
        }) {
            throw .networkFileSystem(path: root, name: name)
        }
        let lock = try onDisk { () throws(DiskError) in
            try makeFolder(disk, folder.path)
            try disk.requireWritable(folder: folder.path)
            let lock = try disk.lock(folder.file(LogFolder.lockName))
            // Visible is not durable: the run before may have died between a rename and its sync.
            try disk.sync(folder: folder.path)
            try disk.removeUnfinished(in: folder.path)
            return lock
        }
        let head = try folder.head()
        if head == nil {
            try onDisk { () throws(DiskError) in try makeDurable(disk, root: root) }
        }
        var recovery = try Recovery(folder, head: head)
        try recovery.perform()
        let log = Log(
            folder, head: recovery.head, last: recovery.last, notes: recovery.notes,
            store: recovery.head?.store ?? newStore, lock: lock,
            openedTail: recovery.tail, segmentFullBytes: segmentFullBytes)
        if !log.isSegmentFull { _ = try onDisk(log.openTail) }
        return log
    }

    /// Opens the log to read what was acknowledged: takes no lock, writes nothing, and sees
    /// nothing of a run that is under way, but for a store's first batch: whole, it is what the next run
    /// will take up. A store without a log is an empty one.
    public static func openForReading(_ disk: any Disk, root: String) throws(StoreError) -> Log {
        let folder = LogFolder(disk: disk, path: path(inStore: root))
        let isThere = try onDisk { () throws(DiskError) in
            try disk.status(of: folder.path) != nil
        }
        guard isThere, let head = try folder.head() else {
            let first = isThere ? try Recovery(folder, head: nil) : nil
            return Log(
                folder, head: first?.head, last: first?.seen, notes: [], store: first?.head?.store ?? [], lock: nil)
        }
        let tail = try folder.tail(of: head)
        return Log(
            folder, head: head, last: tail.commits.last, notes: [], store: head.store, lock: nil,
            openedTail: tail)
    }

    /// What opening has read and checked of the head's segment; once, and only as long as it is the whole.
    func takeOpenedTail() -> SegmentBatches? {
        defer { openedTail = nil }
        return openedTail
    }

    /// Keeps every writing run away from the store at `root` until the answer is closed or let go: for who
    /// writes beside the log and not into it. Mends nothing. `nil`: there is no log, so nobody has one open.
    /// Held by another run it is the disk's error whose `isBusy` is true.
    public static func hold(_ disk: any Disk, root: String) throws(StoreError) -> (any OpenFile)? {
        let folder = LogFolder(disk: disk, path: path(inStore: root))
        return try onDisk { () throws(DiskError) in
            guard try disk.status(of: folder.path) != nil else { return nil }
            return try disk.lock(folder.file(LogFolder.lockName))
        }
    }

    private static func makeFolder(_ disk: any Disk, _ path: String) throws(DiskError) {
        guard try disk.status(of: path) == nil else { return }
        do {
            try disk.makeFolder(path)
        } catch {
            // Another first run may have been quicker; the lock is what decides between us.
            guard try disk.status(of: path)?.isFolder == true else { throw error }
        }
    }

    /// The names of `log/` and of the store itself (STORE section 2, row 27).
    private static func makeDurable(_ disk: any Disk, root: String) throws(DiskError) {
        try disk.sync(folder: root)
        do {
            try disk.sync(folder: "\(root)/..")
        } catch {
            // A home folder may lie in one that its owner cannot read; it was made long ago.
            guard error.exitStatus == 77 else { throw error }
        }
    }

    // MARK: Appending

    private var isSegmentFull: Bool {
        guard let head else { return true }
        return head.position.end > segmentFullBytes
    }

    /// The sequence number that the next event must have.
    public var nextSequence: Int { (head?.position.sequence ?? 0) + 1 }

    /// Records one batch. `lines` are event lines without line feeds, beginning with `{"seq":N,`
    /// from `nextSequence` on; reaching a limit of `LogLimits` is a programmer's mistake.
    ///
    /// When it throws, nothing was acknowledged. The log goes on only if the disk refused before
    /// anything could have become durable and the refusal could be undone (a full disk).
    @discardableResult
    public func append(
        _ lines: [[UInt8]], cause: String, version: String, at: Instant
    ) throws(StoreError) -> Commit {
        guard isUsable else { throw .unusable(file: folder.path) }
        let next = nextSequence
        let sequence = next + lines.count - 1
        let previous = head?.position.sha ?? store
        let writer = last?.writer ?? 1
        let batch = Batch.encode(
            lines, first: next, at: at, writer: writer, cause: cause, version: version,
            after: previous)
        isUsable = false
        openedTail = nil
        let place: LogPosition
        if isSegmentFull {
            place = try beginSegment(next...sequence, previous, batch)
        } else {
            place = try extendSegment(batch, to: sequence)
        }
        let head = Head(store: store, position: place)
        try onDisk { () throws(DiskError) in
            try disk.publish(head.encoded, at: folder.file(Head.name))
        }
        let commit = Commit(
            sequences: next...sequence, at: at, writer: writer, cause: cause,
            version: version, position: place)
        self.head = head
        last = commit
        isUsable = true
        return commit
    }

    private typealias EncodedBatch = (bytes: [UInt8], sha: [UInt8])

    private func extendSegment(
        _ batch: EncodedBatch, to sequence: Int
    ) throws(StoreError) -> LogPosition {
        guard var place = head?.position else { preconditionFailure("no segment to extend") }
        let file: any OpenFile
        do {
            file = try openTail()
            try file.write(batch.bytes, at: place.end)
        } catch {
            // Nothing was synced: cut to what it was, and the log is as before.
            if let tail, (try? tail.truncate(to: place.end)) != nil { isUsable = true }
            throw .disk(error)
        }
        try onDisk { () throws(DiskError) in try file.sync(dataOnly: true) }
        place.end += batch.bytes.count
        place.sequence = sequence
        place.sha = batch.sha
        return place
    }

    private func beginSegment(
        _ sequences: ClosedRange<Int>, _ previous: [UInt8], _ batch: EncodedBatch
    ) throws(StoreError) -> LogPosition {
        let first = sequences.lowerBound
        let bytes = Segment.header(first: first, previous: previous) + batch.bytes
        do {
            try disk.publish(bytes, at: folder.file(segment: first))
        } catch {
            isUsable = error.attempt == .create || error.attempt == .write
            throw .disk(error)
        }
        tail = nil
        return LogPosition(
            sequence: sequences.upperBound, segmentFirst: first, end: bytes.count, sha: batch.sha)
    }

    private func openTail() throws(DiskError) -> any OpenFile {
        if let tail { return tail }
        guard let head else { preconditionFailure("no segment yet") }
        let opened = try disk.open(
            folder.file(segment: head.position.segmentFirst), for: .writing)
        tail = opened
        return opened
    }
}
