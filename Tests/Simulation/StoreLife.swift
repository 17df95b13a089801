import Files
import Formats
import Storage

// Whole lives of a store on a disk that lies (STORE section 5): several runs, each opening the store,
// appending batches and writing a snapshot; stopped at every call in turn, stopped again while
// recovering, and looked at after each start.
//
//     I1 every acknowledged batch is there       I5 recovery is idempotent
//     I2 the log is a prefix of the plan         I6 no unfinished file after a good run
//     I3 snapshot and tail are the whole log     I8 damage below the head is never believed: DamagedStore

/// A promise that was not kept: what a simulation looks for.
public struct Broken: Error, CustomStringConvertible {
    public var description: String
    init(_ description: String) { self.description = description }
}

/// What a seed's runs mean to do.
private struct Plan {
    /// The batches, in order; which sizes and fillers they have is the seed's choice.
    var batches: [[[UInt8]]] = []
    /// How many batches each run appends.
    var runs: [Int] = []

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var sequence = 1
        for _ in 0..<3 {
            let count = 1 + random.below(3)
            runs.append(count)
            for _ in 0..<count {
                let lines = (0..<1 + random.below(4)).map { index in
                    Plan.line(sequence + index, filler: random.below(random.chance(20) ? 900 : 60), "x")
                }
                sequence += lines.count
                batches.append(lines)
            }
        }
    }

    static func line(_ sequence: Int, filler: Int, _ word: String) -> [UInt8] {
        Array("{\"seq\":\(sequence),\"\(word)\":\"".utf8)
            + [UInt8](repeating: 0x61 + UInt8(sequence % 26), count: filler) + Array("\"}".utf8)
    }

    /// How many batches, from the first on, make up these lines; `nil`: they are no part of the plan.
    func count(of lines: [[UInt8]]) -> Int? {
        var place = 0
        var whole = 0
        while place < lines.count {
            guard whole < batches.count, batches[whole].count <= lines.count - place else { return nil }
            for line in batches[whole] {
                guard line == lines[place] else { return nil }
                place += 1
            }
            whole += 1
        }
        return whole
    }
}

/// One life of a store: the disk, the plan, and what has been promised to whom.
public struct StoreLife {
    public static let root = "/home/store"
    private static let start = Instant(seconds: 1_768_478_400)
    private static let identity = [UInt8](repeating: 7, count: 32)
    /// Few, so that a life has several segments.
    private static let segmentFullBytes = 1_200
    static let reducerVersion = 1

    private let plan: Plan
    public private(set) var disk = FaultyDisk(seed: 0)
    var random: SeededGenerator
    let mistake: Mistake?
    /// Batches that `append` returned for, or that opening showed.
    private var acknowledged = 0
    /// How often what was acknowledged was damaged.
    var damageCount = 0

    public init(seed: UInt64, mistake: Mistake? = nil) {
        plan = Plan(seed: seed)
        random = SeededGenerator(seed: seed &+ 1 << 32)
        self.mistake = mistake
        disk = FaultyDisk(seed: seed)
        disk.mistake = mistake
        disk.plantFolder("/home")
        disk.plantFolder(Self.root)
    }

    public var runCount: Int { plan.runs.count }

    /// The same life once more, which chance leads elsewhere from here on.
    func copy(seed: UInt64) -> StoreLife {
        var other = self
        other.disk = disk.copy()
        other.disk.reseed(seed)
        other.random = SeededGenerator(seed: ~seed)
        return other
    }

    // MARK: one run

    func open() throws(StoreError) -> Log {
        forge()
        return try Log.openForWriting(
            disk, root: Self.root, newStore: Self.identity, segmentFullBytes: Self.segmentFullBytes)
    }

    func openForReading() throws(StoreError) -> Log {
        forge()
        return try Log.openForReading(disk, root: Self.root)
    }

    /// What a program that reads wrongly takes the store for.
    private func forge() {
        switch mistake {
        case .noHead: Forgery.makeHead(disk, Self.root)
        case .checksumNotCompared: Forgery.sealBatches(disk, Self.root)
        case .checksumNotComparedAfterStop:
            if Forgery.goesOnBeyondHead(disk, Self.root) { Forgery.sealBatches(disk, Self.root) }
        case .snapshotNotSummed: Forgery.sealSnapshots(disk, Self.root)
        case .snapshotOfAnyReducer: Forgery.claimSnapshots(disk, Self.root, version: Self.reducerVersion)
        case .snapshotOfAnyLog: Forgery.bindSnapshots(disk, Self.root)
        default: break
        }
    }

    /// The next run of the plan; throws what stopped it.
    public mutating func run(_ number: Int) throws { try run(appending: plan.runs[number]) }

    /// One run of the program; throws what stopped it.
    mutating func run(appending count: Int) throws {
        let log = try open()
        try SnapshotFolder(disk, root: Self.root).removeUnfinished()
        var lines = try check(log)
        for _ in 0..<count where acknowledged < plan.batches.count {
            let batch = plan.batches[acknowledged]
            try log.append(batch, cause: "import", version: "1", at: Self.start)
            acknowledged += 1
            lines += batch
        }
        try saveSnapshot(log, of: lines)
    }

    /// I1 and I2, and I3: what the snapshot holds is the log's beginning.
    private mutating func check(_ log: Log) throws -> [[UInt8]] {
        for case .quarantined(_, _, let bytes, let copy) in log.notes {
            guard disk.peek(copy)?.count == bytes else { throw Broken("what was torn is not kept") }
        }
        if let place = log.head?.position {
            // jq and wc read the files as they are.
            let digits = String(place.segmentFirst)
            let name = String(repeating: "0", count: 20 - digits.utf8.count) + digits
            guard disk.peek("\(Self.root)/log/\(name).ndjson")?.count == place.end else {
                throw Broken("something lies beyond the head")
            }
        }
        var notes: [SnapshotFolder.Note] = []
        let snapshot = try SnapshotFolder(disk, root: Self.root)
            .newest(reducerVersion: Self.reducerVersion, of: log, notes: &notes)
        guard notes.isEmpty else { throw Broken("a snapshot was not whole: \(notes)") }
        let lines = try Self.read(log, after: nil)
        guard let whole = plan.count(of: lines) else { throw Broken("I2: the log is not a part of the plan") }
        guard whole >= acknowledged else {
            throw Broken("I1: \(acknowledged) batches were acknowledged, \(whole) are there")
        }
        guard whole <= acknowledged + 1 else { throw Broken("I2: batches nobody wrote") }
        acknowledged = whole
        try Self.check(snapshot, log, lines)
        return lines
    }

    private static func check(_ snapshot: Snapshot?, _ log: Log, _ lines: [[UInt8]]) throws {
        guard try isMeant(by: snapshot, log, lines) else { throw Broken("I3: snapshot and tail are not the log") }
    }

    /// Whether a snapshot, and what the log has after it, are these events.
    static func isMeant(by snapshot: Snapshot?, _ log: Log, _ lines: [[UInt8]]) throws -> Bool {
        guard let snapshot else { return true }
        let tail = try read(log, after: snapshot.position)
        return tail.count <= lines.count
            && snapshot.longWords(1) == [meaning(lines.prefix(lines.count - tail.count))]
            && Array(lines.suffix(tail.count)) == tail
    }

    static func read(_ log: Log, after position: LogPosition?) throws(StoreError) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        try log.replay(after: position) { part in
            for range in part.events { lines.append(Array(part.bytes[range])) }
        }
        return lines
    }

    /// What lines add up to: the state of this life.
    private static func meaning(_ lines: some Sequence<[UInt8]>) -> UInt64 {
        var sum = CRC32C()
        for line in lines { sum.update(line) }
        return UInt64(sum.value)
    }

    private func saveSnapshot(_ log: Log, of lines: [[UInt8]]) throws {
        guard let position = log.head?.position else { return }
        var writer = SnapshotWriter()
        writer.add(1, [Self.meaning(lines)])
        try SnapshotFolder(disk, root: Self.root).publish(
            writer.encode(reducerVersion: Self.reducerVersion, position: position, at: Self.start),
            sequence: position.sequence, reducerVersion: Self.reducerVersion)
    }

    // MARK: ends

    /// Whether the program died or its disk refused, as against a promise that was broken.
    private static func isExpected(_ error: any Error) -> Bool {
        switch error as? StoreError {
        case .disk, .unusable: true
        default: false
        }
    }

    /// Whether the run was stopped.
    mutating func isStopped(in number: Int) throws -> Bool {
        do {
            try run(number)
            return false
        } catch where Self.isExpected(error) {
            return true
        }
    }

    /// After a stop: up to two more stops while recovering, then a good run, twice, a power cut
    /// and another.
    mutating func recover() throws {
        disk.restart(after: end)
        for _ in 0..<random.below(3) {
            disk.crashAt = disk.callCount + 1 + random.below(25)
            do {
                try run(appending: 1)
            } catch where Self.isExpected(error) {}
            disk.restart(after: end)
        }
        // What the last stop left meets a damage, too.
        var left = copy(seed: random.next())
        try run(appending: 0)
        try left.suffer(nil, whole: acknowledgedLines)
        damageCount += left.damageCount
        disk.restart(after: .kill)
        let files = files
        try run(appending: 0)
        guard self.files == files else { throw Broken("I5: a second recovery changed files") }
        for folder in ["/log", "/snapshots"] {
            guard !disk.names(Self.root + folder).contains(where: { $0.hasPrefix(unfinishedPrefix) }) else {
                throw Broken("I6: an unfinished file was left")
            }
        }
        disk.restart(after: .powerLoss)
        try run(appending: 2)
        disk.restart(after: .powerLoss)
        try run(appending: 0)
    }

    private var end: FaultyDisk.End {
        mutating get { random.chance(50) ? .kill : .powerLoss }
    }

    var acknowledgedLines: [[UInt8]] { Array(plan.batches[..<acknowledged].joined()) }

    /// Every file of the log, by name.
    private var files: [[UInt8]] {
        disk.names(Self.root + "/log").map { Array($0.utf8) + (disk.peek(Self.root + "/log/" + $0) ?? []) }
    }

    // MARK: what else befalls a store

    /// A second program at this call of a run: it is refused while the first holds the store.
    mutating func meetSecond(in number: Int, at call: Int) throws {
        var broken: Broken?
        let life = self
        disk.beside = { count in
            guard count == call else { return }
            let isHeld = life.disk.isLocked(Self.root + "/log/lock")
            if (try? life.open()) != nil, isHeld { broken = Broken("two programs hold the store") }
        }
        defer { disk.beside = nil }
        try run(number)
        if let broken { throw broken }
    }

    /// A person puts back an older copy of `log/` alone, and the log goes on from there: the snapshots
    /// are of another log then, and the store says so or does not use them.
    mutating func restoreBackup() throws {
        guard let length = Forgery.cutToFirstBatch(disk, Self.root) else { return }
        guard try goOnOtherwise() > length else { throw Broken("the other branch is too short") }
        do {
            let log = try open()
            var notes: [SnapshotFolder.Note] = []
            let snapshot = try SnapshotFolder(disk, root: Self.root)
                .newest(reducerVersion: Self.reducerVersion, of: log, notes: &notes)
            try Self.check(snapshot, log, Self.read(log, after: nil))
            if snapshot != nil { throw Broken("a snapshot of another log was taken") }
        } catch StoreError.rolledBack {}
    }

    /// Answers the last sequence number.
    private func goOnOtherwise() throws(StoreError) -> Int {
        let log = try Log.openForWriting(
            disk, root: Self.root, newStore: Self.identity, segmentFullBytes: Self.segmentFullBytes)
        for batch in plan.batches.dropFirst() {
            let next = log.nextSequence
            let lines = batch.indices.map { Plan.line(next + $0, filler: 3, "y") }
            try log.append(lines, cause: "import", version: "1", at: Self.start)
        }
        return log.nextSequence
    }

    /// A snapshot by a program that understands events otherwise lies there: it is not used.
    mutating func meetOtherReducer() throws {
        let log = try Log.openForReading(disk, root: Self.root)
        guard let position = log.head?.position else { return }
        var writer = SnapshotWriter()
        writer.add(1, [UInt64(position.sequence)])
        let other = Self.reducerVersion + 1
        try SnapshotFolder(disk, root: Self.root).empty()
        try SnapshotFolder(disk, root: Self.root).publish(
            writer.encode(reducerVersion: other, position: position, at: Self.start),
            sequence: position.sequence, reducerVersion: other)
        try run(appending: 0)
    }
}
