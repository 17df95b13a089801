import Catalogue
import Files
import Formats
import Operations
import Storage

// What was imported is damaged below the head, and a person mends it: `repair`, alone or from a copy, and
// `--accept-loss`, each stopped at every call, begun again, and met by cron's next import on the way. Then:
//
//     one changed bit is always mended, and from a good copy everything: to the byte
//     what cannot be mended is refused, with nothing changed
//     --accept-loss loses the events that it names, all others stay under their numbers; the log says so
//     it ends the same wherever it was stopped before; what stood there is kept beside the log
//     imports go on: what was kept is not doubled, what was lost may come again, and is not announced unasked

/// One life of a store whose log is damaged, up to its mend and a little further.
public struct RepairLife {
    /// What the person asks for.
    public enum Means: CaseIterable, Sendable {
        case itself
        case copy
        case loss
        case lossWithCopy
    }

    private struct Segment {
        var path: String
        /// Of it, so much was acknowledged, in bytes.
        var limit: Int
        var whole: [UInt8]
        /// `nil`: it was lost.
        var damaged: [UInt8]?
    }

    private static let backup = "/backup"
    private static let root = ImportLife.folder.root
    /// Everything since then is announced, also when the feed is adopted anew.
    private static let feeds = """
        [[feed]]
        name = "films"
        url = "https://example.org/rss/"
        service = "letterboxd"
        announce_since = 2026-01-01
        [announce]
        max_age_days = 0
        [announce.mastodon]
        credentials = "secrets/mastodon.toml"
        [store]
        snapshot_every = 3
        [publish]
        after = ["tell", "the", "site"]
        """

    private var life: ImportLife
    private let mistake: Mistake?
    /// The damage, for a message.
    private var what = ""
    /// Whether a bit was flipped, and nothing else.
    private var isOneBit = false
    /// Whether the copy has all that was acknowledged.
    private let isCopyWhole: Bool
    private var segments: [Segment] = []
    /// All that was acknowledged, and whether the damage touched its line.
    private var events: [(line: [UInt8], isIntact: Bool)] = []
    /// Before the repair.
    private var polls: [UInt8] = []
    /// What the last command said; `nil`: it refused.
    private var outcome: Repair.Outcome?
    private var refusal: StoreError?
    /// The log's events after a repair that nothing disturbed.
    private var wanted: [[UInt8]]?

    public var disk: FaultyDisk { life.disk }

    /// `nil`: nothing was recorded in this life.
    public init?(seed: UInt64, mistake: Mistake? = nil) throws {
        self.mistake = mistake
        var dice = SeededGenerator(seed: seed &* 41 &+ 3)
        life = try ImportLife(seed: seed, settings: Self.feeds)
        isCopyWhole = try Self.lead(&life, &dice)
        let disk = life.disk
        guard let head = Forgery.head(disk, Self.root), let polls = disk.peek(ImportLife.folder.polls) else { return nil }
        self.polls = polls
        segments = Forgery.segments(disk, Self.root, head).map { name, limit in
            let path = "\(Self.root)/log/\(name)"
            return Segment(path: path, limit: limit, whole: disk.peek(path) ?? [])
        }
        var places: [(file: String, bytes: Range<Int>)] = []
        try Log.openForReading(disk, root: Self.root).replay { part in
            places += part.events.map { (part.file, $0) }
        }
        damage(&dice)
        for (file, range) in places {
            guard let segment = segments.first(where: { $0.path == file }) else { throw Broken("no segment \(file)") }
            // With the line feeds around it.
            let line = range.lowerBound - 1...range.upperBound
            let isIntact = segment.damaged.map { $0.count > line.upperBound && $0[line] == segment.whole[line] }
            events.append((Array(segment.whole[range]), isIntact ?? false))
        }
        disk.mistake = mistake
    }

    /// Some runs, the last of which may have died. Answers whether the copy that is made meanwhile has everything.
    private static func lead(_ life: inout ImportLife, _ dice: inout SeededGenerator) throws -> Bool {
        life.disk.plantFolder(backup)
        life.disk.plantFolder(backup + "/log")
        let isOlder = dice.chance(25)
        let stepCount = 2 + dice.below(4)
        while life.stepCount < stepCount, let step = life.nextStep() {
            try life.perform(step)
            life.disk.restart(after: .kill)
            try life.look()
            if isOlder, life.stepCount == stepCount - 1 { copy(life.disk, to: life.disk) }
        }
        if dice.chance(40), let step = life.nextStep() {
            life.disk.crashAt = life.disk.callCount + 1 + dice.below(70)
            _ = try life.isStopped(in: step)
        }
        try life.restart()
        // Nothing is in between any more when the damage comes.
        life.disk.restart(after: .powerLoss)
        try life.restart()
        if isOlder { return false }
        // One that has gone on is as good as one of now.
        var later = life.copy(seed: dice.next())
        if dice.chance(30) { try later.ask(lies: nil) }
        copy(later.disk, to: life.disk)
        return true
    }

    private static func copy(_ disk: FaultyDisk, to other: FaultyDisk) {
        for name in disk.names(root + "/log") where name.hasSuffix(".ndjson") {
            other.plant("\(backup)/log/\(name)", disk.peek("\(root)/log/\(name)"))
        }
    }

    /// One place below the head, or two. In a segment with another damage no bit is flipped: behind what nothing mends
    /// no changed byte is looked for, and its line is kept as it reads.
    private mutating func damage(_ dice: inout SeededGenerator) {
        let kinds = FaultyDisk.Damage.allCases
        var done: [(kind: FaultyDisk.Damage, path: String)] = []
        for _ in 0..<(dice.chance(25) ? 2 : 1) {
            let kind = kinds[dice.below(kinds.count)]
            let segment = segments[dice.below(segments.count)]
            if done.contains(where: { $0.path == segment.path && (kind == .flip || $0.kind == .flip) }) { continue }
            what += (done.isEmpty ? "" : ", ") + disk.damage(segment.path, kind, below: segment.limit)
            done.append((kind, segment.path))
        }
        isOneBit = done.map(\.kind) == [.flip]
        for index in segments.indices { segments[index].damaged = disk.peek(segments[index].path) }
    }

    /// The same life once more, which chance leads elsewhere from here on.
    func copy(seed: UInt64) -> RepairLife {
        var other = self
        other.life = life.copy(seed: seed)
        return other
    }

    // MARK: commands

    /// One command of the person's; throws what stopped it.
    mutating func perform(_ means: Means) throws {
        prepareMistake()
        defer { disk.substitutes = [:] }
        outcome = nil
        refusal = nil
        do {
            outcome = try Repair.run(means.operation, life.world, ImportLife.folder, life.settings)
        } catch OperationError.store(let error) where error.exitStatus == 65 {
            refusal = error
        }
        try life.checkAlive()
        if mistake == .lossUntold { Forgery.dropLastBatch(disk, Self.root, saying: "history-damaged") }
    }

    private func prepareMistake() {
        let polls = polls
        switch mistake {
        case .answersKept:
            disk.substitutes[ImportLife.folder.polls] = { ImportLife.withValidators(of: polls, $0) }
        case .doubtForgotten:
            disk.substitutes[ImportLife.folder.polls] = {
                Array(String(decoding: $0, as: UTF8.self).replacing(#/,"doubtful":"[^"]*"/#, with: "").utf8)
            }
        default: break
        }
    }

    /// Nothing disturbs it; what it leaves is what all others have to end with.
    mutating func performUndisturbed(_ means: Means, seed: UInt64) throws {
        wanted = nil
        var other = copy(seed: seed)
        try other.perform(means)
        other.disk.restart(after: .kill)
        let left = try other.check(means)
        try other.goOn()
        wanted = left
    }

    /// Whether the command was stopped.
    mutating func isStopped(_ means: Means) throws -> Bool {
        do {
            try perform(means)
            return false
        } catch where ImportLife.isExpected(error) {
            return true
        }
    }

    /// An import at this call of the command: before the mend it may be refused as well.
    mutating func meetImport(during means: Means, at call: Int) throws {
        var cron = life
        let disk = disk
        try disk.meet(
            at: call, lock: ImportLife.folder.log + "/lock", second: { try Self.poll(&cron) },
            while: { _ = try isStopped(means) })
        life.take(cron)
    }

    /// Cron's next run, which finds the log mended or says that it is damaged.
    private static func poll(_ life: inout ImportLife) throws {
        do {
            try life.ask(lies: nil)
            // Of a state that only a snapshot still knows, maybe.
            life.pages.formUnion(ImportLife.published(life.disk))
            life.provenTags.formUnion(try life.tags())
        } catch OperationError.store(let error) where error.exitStatus == 65 {
        } catch OperationError.saidToday {}
    }

    /// After a stop: up to two more, cron's runs between them, and the command once more.
    mutating func recover(_ means: Means) throws {
        try life.restart()
        for _ in 0..<life.random.below(3) {
            if life.random.chance(30) {
                try Self.poll(&life)
                try life.restart()
            }
            disk.crashAt = disk.callCount + 1 + life.random.below(80)
            _ = try isStopped(means)
            try life.restart()
        }
        try perform(means)
        disk.restart(after: .powerLoss)
        try check(means)
        if life.random.chance(25) { try goOn() }
    }

    // MARK: looking

    private func broken(_ words: String) -> Broken { Broken("\(words), after: \(what)") }

    private func isBoundToMend(_ means: Means) -> Bool {
        isOneBit || isCopyWhole && (means == .copy || means == .lossWithCopy)
    }

    /// All that was acknowledged is there, to the byte.
    private var isWhole: Bool {
        segments.allSatisfy { disk.peek($0.path)?.prefix($0.limit) == $0.whole.prefix($0.limit) }
    }

    /// What a command that ended has left. Answers the log's events.
    @discardableResult
    private mutating func check(_ means: Means) throws -> [[UInt8]] {
        if let refusal {
            guard !means.acceptsLoss, !isBoundToMend(means) else { throw broken("\(means) refuses: \(refusal)") }
            // Where the damage is in a sealed segment, cron's imports may go on.
            guard segments.allSatisfy({ disk.peek($0.path)?.prefix($0.limit) == $0.damaged?.prefix($0.limit) }) else {
                throw broken("\(means) refuses, and changed files")
            }
            return []
        }
        try checkCopies()
        let log = try Log.openForReading(disk, root: Self.root)
        var now: [[UInt8]] = []
        try log.replay(checkingChain: true) { part in now += part.events.map { Array(part.bytes[$0]) } }
        guard now.count >= events.count else { throw broken("\(events.count - now.count) events are gone without a trace") }
        if means.acceptsLoss, !isBoundToMend(means) {
            try checkLoss(now, log)
        } else if !isWhole {
            throw broken("\(means) has not given back what was acknowledged")
        }
        guard try Store.openForReading(disk, root: Self.root).state == Store.fold(log) else {
            throw broken("I3: snapshot and tail are not the fold of the log")
        }
        return now
    }

    /// What stood in a file that was changed lies beside the log.
    private func checkCopies() throws {
        let copies = disk.names(Self.root + "/log").filter { $0.hasPrefix("quarantine-") }
            .compactMap { disk.peek("\(Self.root)/log/\($0)") }
        for segment in segments {
            guard let damaged = segment.damaged, disk.peek(segment.path)?.starts(with: damaged) != true else { continue }
            guard copies.contains(where: { $0.starts(with: damaged) }) else {
                throw broken("what stood in \(segment.path) is not kept")
            }
        }
    }

    /// Numbers of events that are gone. The others stand there as they were, or as a snapshot knew them.
    private func lost(_ now: [[UInt8]]) throws -> [Int] {
        var lost: [Int] = []
        for (index, event) in events.enumerated() where now[index] != event.line {
            let number = Int64(index + 1)
            switch (try EventCoding.decode(now[index]).fact, try EventCoding.decode(event.line).fact) {
            case (.historyDamaged(number, number, _), _): lost.append(index + 1)
            case (.finished(let new), .finished(let old)) where new.id == old.id: break
            default: throw broken("event \(number) has become \(String(decoding: now[index], as: UTF8.self))")
            }
        }
        return lost
    }

    private mutating func checkLoss(_ now: [[UInt8]], _ log: Log) throws {
        let lost = try lost(now)
        var told: [ClosedRange<Int64>] = []
        for line in now.dropFirst(events.count) {
            if case .historyDamaged(let from, let to, _) = try EventCoding.decode(line).fact { told.append(from...to) }
        }
        for number in lost where !told.contains(where: { $0.contains(Int64(number)) }) {
            throw broken("event \(number) is lost, and the log says \(told)")
        }
        if let wanted {
            guard try self.lost(wanted) == lost else {
                throw broken("lost are \(lost), and without a stop \(try self.lost(wanted))")
            }
        } else {
            let unfit = Set(outcome?.unfit.map(\.sequence) ?? [])
            guard unfit.union(outcome?.losses.flatMap(\.gone) ?? []) == Set(lost) else {
                throw broken("lost are \(lost), and it says \(String(describing: outcome))")
            }
            for number in lost where events[number - 1].isIntact && !unfit.contains(number) {
                throw broken("event \(number) was readable, and is given up")
            }
        }
        // No clock goes back behind the first event that is left.
        if let begun = try log.begun() { life.earliest = max(life.earliest, begun) }
        try life.forget(lost.map { try EventCoding.decode(events[$0 - 1].line) })
    }

    // MARK: afterwards

    /// Imports go on, where the log was mended.
    private mutating func goOn() throws {
        if outcome == nil { return }
        try life.settle()
        let known = Set(try events.compactMap { try EventCoding.decode($0.line).finishID })
        for one in try Store.openForReading(disk, root: Self.root).state.announcements
        where one.status == .pending && known.contains(one.finish) && !isWhole {
            throw broken("\(one.finish) may have been announced, and is owed")
        }
        var seen: Set<FinishID> = []
        try Log.openForReading(disk, root: Self.root).replay { part in
            for range in part.events {
                guard let id = (try? EventCoding.decode(Array(part.bytes[range])))?.finishID else { continue }
                if !seen.insert(id).inserted { seen.insert(FinishID("twice")) }
            }
        }
        guard !seen.contains(FinishID("twice")) else { throw broken("a finish is there twice") }
        try life.verify()
    }
}

extension RepairLife.Means {
    fileprivate var acceptsLoss: Bool { self == .loss || self == .lossWithCopy }

    fileprivate var operation: Repair.Means {
        switch self {
        case .itself: .itself
        case .copy: .copy("/backup")
        case .loss: .acceptingLoss(from: nil)
        case .lossWithCopy: .acceptingLoss(from: "/backup")
        }
    }
}

extension Event {
    /// Of the finish that it brings.
    fileprivate var finishID: FinishID? {
        if case .finished(let finished) = fact { finished.id } else { nil }
    }
}

extension ImportLife {
    /// What an import has learned and shown that was made beside.
    fileprivate mutating func take(_ cron: ImportLife) {
        demanded = cron.demanded
        served = cron.served
        pages = cron.pages
        provenTags = cron.provenTags
    }

    /// What was promised because of these events is promised no more: they were given up.
    fileprivate mutating func forget(_ lost: [Event]) {
        for event in lost {
            switch event.fact {
            case .finished(let finished):
                demanded = demanded.filter { id($0) != finished.id.text }
                titles = titles.filter { id($0.key) != finished.id.text }
                rows = rows.filter { "Old \($0)" != finished.finish.title }
            case .corrected(let wanted, _): titles = titles.filter { id($0.key) != wanted.text }
            default: break
            }
        }
        // The log goes on in another chain.
        witnessed = nil
        provenTags = []
        looked = ([], [])
    }
}
