import Catalogue
import Files
import Formats
import Operations
import Storage

// I8 of STORE section 5. What was acknowledged rots: a bit, a run of bytes, the end of a file or all of it; in a
// segment, in the head, in a snapshot; in a store at rest, and in one that a dead run has just left. Whoever
// opens it is refused, in words that say where and what to do, and nothing was changed; or is told, by the
// listing of the log and by the state, what an undamaged store tells.

/// A store that was damaged below its head, and how the damage left it.
struct DamagedStore {
    private let disk: FaultyDisk
    private let root: String
    private let head: Forgery.Extent
    /// What was done, for a message.
    private let what: String
    private var files: [[UInt8]] = []
    private var acknowledged: [[UInt8]] = []

    /// Damages it, as chance has it.
    ///
    /// - Parameter damage: `nil`: any.
    init(_ disk: FaultyDisk, _ root: String, _ head: Forgery.Extent, _ damage: FaultyDisk.Damage?, _ random: inout SeededGenerator) {
        self.disk = disk
        self.root = root
        self.head = head
        let kinds = FaultyDisk.Damage.allCases
        var victims = [(path: root + "/log/head.json", limit: Int.max)]
        for (name, limit) in Forgery.segments(disk, root, head) { victims.append((root + "/log/" + name, limit)) }
        for name in disk.names(root + "/snapshots") where !name.hasPrefix(unfinishedPrefix) {
            victims.append((root + "/snapshots/" + name, .max))
        }
        let victim = victims[random.below(victims.count)]
        what = disk.damage(victim.path, damage ?? kinds[random.below(kinds.count)], below: victim.limit)
        files = logFiles
        acknowledged = acknowledgedBytes
    }

    /// All but the lock and what a dead run left unfinished, which whoever opens the store takes away.
    private var logFiles: [[UInt8]] {
        disk.names(root + "/log").filter { $0 != "lock" && !$0.hasPrefix(unfinishedPrefix) }
            .map { Array($0.utf8) + (disk.peek(root + "/log/" + $0) ?? []) }
    }

    private var acknowledgedBytes: [[UInt8]] {
        Forgery.segments(disk, root, head).map { name, limit in
            Array(name.utf8) + (disk.peek(root + "/log/" + name) ?? []).prefix(limit)
        }
    }

    /// Looks, and answers whether that is refused: it has to say which file it is, where in it, and how to mend it.
    func isRefused(to who: String, _ look: () throws -> Void) throws -> Bool {
        do {
            try look()
            return false
        } catch let error as StoreError {
            let words = error.description
            let places = ["byte ", "event ", "events ", "head.json"]
            guard error.exitStatus == 65, words.contains(root + "/"), words.contains("\"colophon repair"),
                places.contains(where: { words.contains($0) })
            else { throw broken("\(who) is told \"\(words)\"") }
            return true
        }
    }

    /// Refused or not, nothing that was acknowledged is changed; of a store that cannot even be opened, nothing at all.
    func checkKept(by who: String, isRefused: Bool) throws {
        guard isRefused ? logFiles == files : acknowledgedBytes == acknowledged else {
            throw broken("\(isRefused ? "refused, and " : "")\(who) changed what was acknowledged")
        }
    }

    func broken(_ words: String) -> Broken { Broken("I8: \(words), after: \(what)") }
}

extension StoreLife {
    /// Damages this store below its head.
    ///
    /// - Parameters:
    ///   - damage: `nil`: as chance has it.
    ///   - whole: the events that the next run would have met.
    mutating func suffer(_ damage: FaultyDisk.Damage?, whole: [[UInt8]]) throws {
        guard let head = Forgery.head(disk, Self.root) else { return }
        damageCount += 1
        let damaged = DamagedStore(disk, Self.root, head, damage, &random)
        // A reader sees no more than the head does.
        let shown = Array(whole.prefix(head.sequence))
        try look(damaged, as: "a reader", shown) { try openForReading() }
        try look(damaged, as: "a run", whole) { try open() }
    }

    private func look(
        _ damaged: DamagedStore, as who: String, _ whole: [[UInt8]], _ open: () throws -> Log
    ) throws {
        var log: Log?
        let isRefused = try damaged.isRefused(to: who) { log = try open() }
        if let log {
            _ = try damaged.isRefused(to: who) {
                guard try Self.read(log, after: nil) == whole else { throw damaged.broken("other events for \(who)") }
            }
            _ = try damaged.isRefused(to: who) {
                var passedOver: [SnapshotFolder.Note] = []
                let snapshot = try SnapshotFolder(disk, root: Self.root)
                    .newest(reducerVersion: Self.reducerVersion, of: log, notes: &passedOver)
                guard try Self.isMeant(by: snapshot, log, whole) else { throw damaged.broken("another state for \(who)") }
            }
        }
        switch mistake {
        // They are made by changing files.
        case .noHead, .checksumNotCompared, .checksumNotComparedAfterStop: break
        default: try damaged.checkKept(by: who, isRefused: isRefused)
        }
    }
}

extension ImportLife {
    /// Damages this store below its head; the state is the program's own.
    mutating func suffer() throws {
        guard let head = Forgery.head(disk, Self.folder.root) else { return }
        damageCount += 1
        let root = Self.folder.root
        let whole = try Store.openForReading(disk, root: root).state
        let damaged = DamagedStore(disk, root, head, nil, &random)
        func look(as who: String, _ state: () throws -> State) throws {
            let isRefused = try damaged.isRefused(to: who) {
                guard try state() == whole else { throw damaged.broken("another state for \(who)") }
            }
            try damaged.checkKept(by: who, isRefused: isRefused)
        }
        try look(as: "a reader") { try Store.openForReading(disk, root: root).state }
        try look(as: "a reader without snapshots") { try Store.openForReading(disk, root: root, usesSnapshots: false).state }
        try look(as: "a run") {
            try Store.openForWriting(disk, root: root, newStore: [UInt8](repeating: 1, count: 32), now: clock).state
        }
    }
}
