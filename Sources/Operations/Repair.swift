import Catalogue
import Files
public import Formats
public import Storage

/// The mends that STORE.md allows (section 2, rows 5, 6, 8 and 18), each asked for by a person.
public enum Repair {
    public enum Means: Equatable, Sendable {
        /// What the log itself can prove: one changed byte, and what a dead run left.
        case itself
        /// The same, and segments of a copy of the store whose chain fits.
        case copy(String)
        /// `head.json` anew, from a log whose chain is whole or can be mended; `from`: a copy of the store.
        case head(from: String?)
        /// A log that is older than a snapshot is meant.
        case acceptingRollback
        /// What the first two can, and the rest is given up; `from`: a copy of the store.
        case acceptingLoss(from: String?)
    }

    public struct Outcome: Equatable, Sendable {
        public var mends: [Mend] = []
        /// What was given up.
        public var losses: [Loss] = []
        /// Events that can be read and were given up with it.
        public var unfit: [UnfitEvent] = []
        /// Announcements that wait for a person's word since.
        public var held = 0
        /// What opening the store found and mended besides.
        public var notes: [String] = []
        /// Recorded in all.
        public var events = 0

        /// Whether the log goes on in another chain.
        public var hasLostEvents: Bool { AcceptedLoss.hasLostEvents(losses, unfit) }
    }

    /// - Throws: what is wrong, when it cannot be mended by these means.
    public static func run(
        _ means: Means, _ world: World, _ folder: StoreFolder, _ settings: Settings?
    ) throws(OperationError) -> Outcome {
        var world = world
        let disk = world.disk
        var outcome = Outcome()
        if try !hasLog(disk, folder), try isNew(means, world, folder) { return outcome }
        let identity = world.random.bytes(32)
        var polls = Polls()
        switch means {
        case .itself, .copy, .head: break
        case .acceptingRollback, .acceptingLoss:
            polls = try onDisk { () throws(DiskError) in try Polls.read(disk, folder.polls) }
            // Before the log is touched: else a run that dies here leaves what was lost untold.
            polls.forgetAnswers(doubtingAt: nil)
            try onDisk { () throws(DiskError) in try polls.write(disk, folder.polls) }
        }
        try inStore { () throws(StoreError) in
            switch means {
            case .itself: outcome.mends = try Log.repair(disk, root: folder.root, from: .itself)
            case .copy(let root): outcome.mends = try Log.repair(disk, root: folder.root, from: .copy(root))
            case .head(let copy):
                outcome.mends = try Log.repairHead(disk, root: folder.root, from: copy.map { .copy($0) } ?? .itself)
            case .acceptingRollback: break
            case .acceptingLoss(let copy):
                let accepted = try Store.acceptLoss(
                    disk, root: folder.root, from: copy.map { .copy($0) } ?? .itself, newStore: identity,
                    version: Program.version, at: world.now
                ) { accepted throws(StoreError) in
                    if accepted.hasLostEvents { try doubt(&polls, disk, folder, at: world.now) }
                }
                outcome.mends = accepted.mends
                outcome.losses = accepted.losses
                outcome.unfit = accepted.unfit
                outcome.held = accepted.held
            }
        }
        let store = try inStore { () throws(StoreError) in
            try Store.openForWriting(
                disk, root: folder.root, newStore: identity,
                allowsNetworkFileSystem: settings?.allowsNetworkFileSystem ?? false,
                acceptsRollback: means == .acceptingRollback, segmentFullBytes: world.segmentFullBytes,
                now: world.now)
        }
        outcome.notes = store.notes
        switch means {
        case .itself, .copy, .head: break
        case .acceptingLoss:
            polls.glance = Glance()
            try onDisk { () throws(DiskError) in try polls.write(disk, folder.polls) }
        case .acceptingRollback:
            outcome.held = try accept(rollbackTo: store, &polls, &outcome.notes, world, folder)
        }
        outcome.events = Int(store.state.sequence)
        return outcome
    }

    /// What comes again may have been announced. A run that dies later finds a log that is whole, and could not tell.
    private static func doubt(
        _ polls: inout Polls, _ disk: any Disk, _ folder: StoreFolder, at now: Instant
    ) throws(StoreError) {
        polls.forgetAnswers(doubtingAt: now)
        do {
            try polls.write(disk, folder.polls)
        } catch {
            throw .disk(error)
        }
    }

    private static func hasLog(_ disk: any Disk, _ folder: StoreFolder) throws(OperationError) -> Bool {
        try onDisk { () throws(DiskError) in
            guard try disk.status(of: folder.log) != nil else { return false }
            return try disk.list(folder.log).contains { $0 == "head.json" || $0.hasSuffix(".ndjson") }
        }
    }

    /// Whether a store without a log has never recorded anything, so that there is nothing to mend.
    ///
    /// - Returns: `false` where a person says that its log is gone on purpose.
    /// - Throws: `noStore`, and what tells that there was a log: a snapshot, `polls.json`, or a copy that is to be used.
    private static func isNew(
        _ means: Means, _ world: World, _ folder: StoreFolder
    ) throws(OperationError) -> Bool {
        let settings = try onDisk { () throws(DiskError) in try world.disk.status(of: folder.settings) }
        guard settings != nil else { throw .noStore(folder: folder.root) }
        switch means {
        case .copy(let copy), .head(from: let copy?), .acceptingLoss(from: let copy?):
            throw .noLog(folder: folder.root, copy: copy)
        case .acceptingRollback:
            let newest = try inStore { () throws(StoreError) in
                try SnapshotFolder(world.disk, root: folder.root).newestSequence(reducerVersion: State.reducerVersion)
            }
            if newest > 0 { return false }
            return try !knowsLog(world, folder)
        case .itself, .head, .acceptingLoss:
            _ = try Archive(world, folder)
            if try knowsLog(world, folder) { throw .logLost(folder: folder.root) }
            return true
        }
    }

    /// Whether `polls.json` was written by a run that had a log.
    private static func knowsLog(_ world: World, _ folder: StoreFolder) throws(OperationError) -> Bool {
        let polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        return !polls.glance.sha.isEmpty || !polls.published.sha.isEmpty
    }

    /// What the log of an earlier day has forgotten may have been announced: how many are held for that.
    private static func accept(
        rollbackTo store: Store, _ polls: inout Polls, _ notes: inout [String], _ world: World, _ folder: StoreFolder
    ) throws(OperationError) -> Int {
        let snapshots = SnapshotFolder(world.disk, root: folder.root)
        let newest = try inStore { () throws(StoreError) in
            try snapshots.newestSequence(reducerVersion: State.reducerVersion)
        }
        // Whoever has recorded nothing has not come here: there was a log.
        let isOlder =
            try polls.forgetAnswers(ifOlder: store.log, at: world.now) || newest > Int(store.state.sequence)
            || store.state.sequence == 0
        if isOlder {
            polls.forgetAnswers(doubtingAt: world.now)
            polls.published.sha = ""
        }
        polls.glance = Glance()
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        let steps = isOlder ? store.state.holdingOwed(because: AnnouncementStep.logPutBack) : []
        try inStore { () throws(StoreError) in
            for step in steps { store.record(.announcement(step), at: world.now) }
            if store.hasPending { try store.commit(cause: "repair", version: Program.version, at: world.now) }
            // Last, for they are what tells that the log is older. The next run would be refused by them again.
            try snapshots.empty()
        }
        if isOlder { notes.append("the log is meant as it stands: snapshots of another are gone, and every feed is asked anew") }
        return steps.count
    }

    static func json(_ loss: Loss) -> JSONValue {
        var members = [
            JSONMember("file", .string(loss.file)), JSONMember("offset", .integer(Int64(loss.bytes.lowerBound))),
            JSONMember("bytes", .integer(Int64(loss.bytes.count))),
        ]
        if let sequences = loss.sequences {
            members += [
                JSONMember("from", .integer(Int64(sequences.lowerBound))),
                JSONMember("to", .integer(Int64(sequences.upperBound))),
                JSONMember("readable", .integer(Int64(loss.readable))),
                JSONMember("restored", .integer(Int64(loss.restored))),
                JSONMember("gone", .array(loss.gone.map { .integer(Int64($0)) })),
            ]
        }
        if let copy = loss.copy { members.append(JSONMember("kept", .string(copy))) }
        return .object(members)
    }

    static func json(_ event: UnfitEvent) -> JSONValue {
        .object(
            [
                JSONMember("seq", .integer(Int64(event.sequence))), JSONMember("type", .string(event.type)),
                JSONMember("problem", .string(event.problem)), JSONMember("file", .string(event.file)),
                JSONMember("offset", .integer(Int64(event.bytes.lowerBound))),
                JSONMember("bytes", .integer(Int64(event.bytes.count))),
            ] + (event.copy.map { [JSONMember("kept", .string($0))] } ?? []))
    }

    static func json(_ mend: Mend) -> JSONValue {
        switch mend {
        case .byte(let file, let offset, let was, let copy):
            .object([
                JSONMember("mend", .string("byte")), JSONMember("file", .string(file)),
                JSONMember("offset", .integer(Int64(offset))), JSONMember("was", .integer(Int64(was))),
                JSONMember("kept", .string(copy)),
            ])
        case .segment(let file, let source, let copy):
            .object(
                [
                    JSONMember("mend", .string("segment")), JSONMember("file", .string(file)),
                    JSONMember("from", .string(source)),
                ] + (copy.map { [JSONMember("kept", .string($0))] } ?? []))
        case .head(let file, let sequence, let copy):
            .object(
                [
                    JSONMember("mend", .string("head")), JSONMember("file", .string(file)),
                    JSONMember("sequence", .integer(Int64(sequence))),
                ] + (copy.map { [JSONMember("kept", .string($0))] } ?? []))
        case .stray(let file, let copy):
            .object([
                JSONMember("mend", .string("stray")), JSONMember("file", .string(file)),
                JSONMember("kept", .string(copy)),
            ])
        }
    }
}

extension Repair.Outcome {
    public var json: JSONValue {
        .object([
            JSONMember("mends", .array(mends.map { Repair.json($0) })),
            JSONMember("losses", .array(losses.map { Repair.json($0) })),
            JSONMember("unfit", .array(unfit.map { Repair.json($0) })),
            JSONMember("held", .integer(Int64(held))),
            JSONMember("notes", .array(notes.map { .string($0) })),
            JSONMember("events", .integer(Int64(events))),
        ])
    }
}
