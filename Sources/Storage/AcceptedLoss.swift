import Catalogue
public import Files
public import Formats

// What a person gives up when nothing mends a log (STORE section 2, rows 5 and 8): `repair --accept-loss`.
//
//     before the damage     stays as it is, byte for byte
//     damaged batches       every line that still reads as an event and fits the others is kept; a finish that
//                           a snapshot knows is written anew; the place of the rest is taken by a
//                           `history-damaged` event each: numbers never change
//     whole batches behind  kept to the byte, in a new chain, but for events that speak of a finish that is lost:
//                           they are given up as well, and told apart, for a person can say them again
//     at the end            a batch of its own: `history-damaged` with the events concerned and the old chain
//                           behind them, and what is owed is held, for nobody knows what was said already
//
// Copies of the store see another chain and refuse it. What stood there before is kept in `log/quarantine-*`.

extension Store {
    /// Mends what can be proven, and gives up the rest; the store must not be open.
    ///
    /// - Parameters:
    ///   - newStore: 32 random bytes, for a store whose identity is lost as well.
    ///   - prepare: called with what will be given up, before a byte of it is: what has to be noted elsewhere would
    ///     not be, were it left to a run that may die behind its last change.
    public static func acceptLoss(
        _ disk: any Disk, root: String, from source: RepairSource, newStore: [UInt8], version: String,
        at now: Instant, prepare: (AcceptedLoss) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) -> AcceptedLoss {
        let folder = LogFolder(disk: disk, path: Log.path(inStore: root))
        let lock = try folder.lockForRepair()
        defer { try? lock.close() }
        var repair = LogRepair(folder, source)
        do throws(StoreError) {
            try mend(&repair)
            // Whole to the byte, and still no log of this program's: an event may speak of what never was.
            _ = try Store.fold(Log.openForReading(disk, root: root))
            return AcceptedLoss(mends: repair.mends)
        } catch {
            switch error {
            case .disk, .newerFormat: throw error
            default: break
            }
        }
        var rescue = Rescue(folder, repair, version: version, now: now)
        try rescue.look(newStore: newStore)
        try rescue.rebuild(SnapshotFolder(disk, root: root))
        try prepare(rescue.accepted)
        try rescue.perform(SnapshotFolder(disk, root: root))
        return rescue.accepted
    }

    /// What can be proven, with a head or without.
    private static func mend(_ repair: inout LogRepair) throws(StoreError) {
        do throws(StoreError) {
            try repair.perform()
        } catch {
            switch error {
            case .headDamaged, .headMissing: try repair.performWithHead()
            default: throw error
            }
        }
    }
}

/// Everything is looked at and made anew in memory before a byte is changed. A run that dies between two
/// files leaves a log that is damaged still: the next `--accept-loss` takes it from there.
private struct Rescue {
    /// A segment as it was found, proven parts and all.
    private struct Part {
        var segment: Int
        /// `nil`: there is no such file.
        var own: [UInt8]?
        /// What is read: the same, or mended.
        var bytes: [UInt8]
        var replacement: LogRepair.Replacement?
        var stretches: [Stretch] = []
        /// Along the chain without a flaw: nothing has to be done to it.
        var isProven = false
        var lastSequence: Int
    }

    let folder: LogFolder
    var repair: LogRepair
    let version: String
    let now: Instant
    private(set) var accepted = AcceptedLoss()

    private var head: Head?
    private var identity: [UInt8] = []
    private var parts: [Part] = []
    /// Every place that the old chain names.
    private var named: [(sequence: Int, sha: [UInt8])] = []

    private var state = State()
    private var sha: [UInt8] = []
    private var last = (at: Instant(seconds: 0), writer: 1)
    private var files: [(segment: Int, bytes: [UInt8])] = []
    /// What the last batch has to say: the events concerned, and the old chain behind them.
    private var concerned: [(sequences: ClosedRange<Int>, sha: [UInt8])] = []
    /// What the log has said so far of events that were given up; and those whose place says it, of which a run
    /// that died on the way may have had no time to say more.
    private var told: [ClosedRange<Int>] = []
    private var givenUp: [Loss] = []
    private var position: LogPosition?

    init(_ folder: LogFolder, _ repair: LogRepair, version: String, now: Instant) {
        self.folder = folder
        self.repair = repair
        self.version = version
        self.now = now
    }

    // MARK: looking

    /// Segment by segment: proven, mended, or in pieces.
    mutating func look(newStore: [UInt8]) throws(StoreError) {
        do throws(StoreError) {
            head = try folder.head()
        } catch {
            if case .headDamaged = error { head = nil } else { throw error }
        }
        let listed = try folder.segments()
        identity = head?.store ?? newStore
        if head == nil, let first = try folder.bytes(segment: 1),
            let header = try? Segment.readHeader(first, to: first.count)
        {
            identity = header.previous
        }
        let end = max(head?.position.sequence ?? 0, listed.last ?? 0)
        var segment = 1
        var old: [UInt8]? = identity
        while segment <= end {
            let following = listed.first { $0 > segment }
            var part = try part(segment, old, listed, last: following.map { $0 - 1 } ?? head?.position.sequence)
            // Only what nobody acknowledged is left.
            if part.stretches.isEmpty { break }
            let limit = part.bytes.count
            for stretch in part.stretches {
                switch stretch {
                case .whole(let batch):
                    part.lastSequence = batch.commit.sequences.upperBound
                    check(batch, in: part.bytes, after: old)
                    old = batch.commit.position.sha
                    named.append((part.lastSequence, batch.commit.position.sha))
                case .damaged(let stretch):
                    guard let sequences = stretch.sequences else { continue }
                    // Bytes that end whole say themselves where the segment ends: a file may be missing.
                    let isLast = following == nil && head?.position.segmentFirst ?? 0 <= segment
                    if stretch.bytes.isEmpty, limit > 0, !isLast { continue }
                    part.lastSequence = sequences.upperBound
                    old = stretch.sha ?? following.flatMap { stated(before: $0, sequences.upperBound) }
                    concerned.append((sequences, old ?? []))
                    if let old { named.append((sequences.upperBound, old)) }
                }
            }
            segment = part.lastSequence + 1
            parts.append(part)
        }
    }

    /// The chain before a segment, as its header says.
    private func stated(before segment: Int, _ last: Int) -> [UInt8]? {
        guard segment == last + 1, let bytes = try? folder.bytes(segment: segment) else { return nil }
        return try? Segment.readHeader(bytes, to: bytes.count).previous
    }

    private func part(
        _ segment: Int, _ old: [UInt8]?, _ listed: [Int], last: Int?
    ) throws(StoreError) -> Part {
        let own = try folder.bytes(segment: segment)
        var part = Part(segment: segment, own: own, bytes: own ?? [], lastSequence: max(segment, last ?? 0))
        if let extent = head.map({ LogExtent($0) }) {
            if let replacement = try replacement(for: own, segment, old, extent, listed) {
                part.replacement = replacement
                part.bytes = replacement.good
            }
            if let old {
                let walk = ChainWalk(part.bytes, segment, after: old, extent)
                part.isProven = walk.flaw == nil && walk.next > segment
            }
        }
        part.stretches = Salvage(bytes: part.bytes, segment: segment).stretches(last: last)
        return part
    }

    /// What mends a segment along the chain, or else along the one that it begins with itself: what stood before it
    /// may have been made anew by a run that died before it came here.
    private func replacement(
        for own: [UInt8]?, _ segment: Int, _ old: [UInt8]?, _ extent: LogExtent, _ listed: [Int]
    ) throws(StoreError) -> LogRepair.Replacement? {
        let header = own.flatMap { try? Segment.readHeader($0, to: $0.count) }
        let stated = header?.first == segment ? header?.previous : nil
        let chains = [old, stated == old ? nil : stated].compactMap(\.self)
        if let own, chains.contains(where: { ChainWalk(own, segment, after: $0, extent).flaw == nil }) { return nil }
        for sha in chains {
            if let found = try repair.replacement(for: own, segment, sha, extent, listed) { return found }
        }
        return nil
    }

    /// A batch that is whole and yet not what the chain says was put there by somebody else.
    private mutating func check(_ batch: WholeBatch, in bytes: [UInt8], after old: [UInt8]?) {
        guard let old, let first = batch.lines.first else { return }
        let body = first.lowerBound..<batch.front.upperBound
        if Batch.chain(after: old, bytes, body) != batch.commit.position.sha {
            concerned.append((batch.commit.sequences, batch.commit.position.sha))
        }
    }

    // MARK: making anew

    mutating func rebuild(_ snapshots: SnapshotFolder) throws(StoreError) {
        let known = try snapshots.newest(
            reducerVersion: State.reducerVersion, boundTo: named).flatMap { State($0) }
        sha = identity
        last.at = firstInstant
        var isAnew = false
        for index in parts.indices {
            if !isAnew, parts[index].isProven, try fold(parts[index]) { continue }
            isAnew = true
            parts[index].isProven = false
            try rebuild(parts[index], known)
        }
        close()
    }

    /// A store was begun with its first event; where that is lost, with the first that is left.
    private var firstInstant: Instant {
        for stretch in parts.flatMap(\.stretches) {
            switch stretch {
            case .whole(let batch): return batch.commit.at
            case .damaged(let damaged): if let at = damaged.at { return at }
            }
        }
        return now
    }

    /// `false`: one of its events does not fit the others, and nothing was taken.
    private mutating func fold(_ part: Part) throws(StoreError) -> Bool {
        let before = state
        for case .whole(let batch) in part.stretches {
            for line in batch.lines {
                do throws(EventError) {
                    try state.apply(part.bytes, line)
                } catch {
                    if error.needsNewer { throw unusable(error, part, line) }
                    state = before
                    return false
                }
            }
        }
        for case .whole(let batch) in part.stretches {
            for line in batch.lines { noteGivenUp(part, line) }
            note(batch.commit)
            position = batch.commit.position
        }
        return true
    }

    /// What a line of the log says of events that were given up before.
    private mutating func noteGivenUp(_ part: Part, _ line: Range<Int>) {
        guard Rescue.givenUpMark.stands(in: part.bytes, line), let event = try? EventCoding.decode(Array(part.bytes[line])),
            case .historyDamaged(let from, let to, _) = event.fact, from <= to
        else { return }
        if event.sequence > to { return told.append(Int(from)...Int(to)) }
        let file = folder.file(segment: part.segment)
        givenUp.append(Loss(file: file, bytes: line, sequences: Int(from)...Int(to), gone: Array(Int(from)...Int(to))))
    }

    private static let givenUpMark = JSONMark("history-damaged")

    private mutating func note(_ commit: Commit) {
        sha = commit.position.sha
        last = (commit.at, commit.writer)
    }

    private func unusable(_ error: EventError, _ part: Part, _ line: Range<Int>) -> StoreError {
        .event(file: folder.file(segment: part.segment), offset: line.lowerBound, error)
    }

    private mutating func rebuild(_ part: Part, _ known: State?) throws(StoreError) {
        var bytes = Segment.header(first: part.segment, previous: sha)
        for stretch in part.stretches {
            switch stretch {
            case .whole(let batch):
                try add(batch, part, to: &bytes)
            case .damaged(let stretch):
                add(stretch, part, known, to: &bytes)
            }
        }
        position = LogPosition(
            sequence: Int(state.sequence), segmentFirst: part.segment, end: bytes.count, sha: sha)
        files.append((part.segment, bytes))
    }

    /// To the byte, but for events that speak of what is gone.
    private mutating func add(
        _ batch: WholeBatch, _ part: Part, to bytes: inout [UInt8]
    ) throws(StoreError) {
        var lines: [[UInt8]] = []
        for (sequence, line) in zip(batch.commit.sequences, batch.lines) {
            do throws(EventError) {
                try state.apply(part.bytes, line)
                lines.append(Array(part.bytes[line]))
                noteGivenUp(part, line)
            } catch {
                if error.needsNewer { throw unusable(error, part, line) }
                lines.append(gone(sequence, at: batch.commit.at))
                concerned.append((sequence...sequence, []))
                if let event = unfit(error, part, line) {
                    accepted.unfit.append(event)
                } else {
                    accepted.losses.append(
                        Loss(
                            file: folder.file(segment: part.segment), bytes: line,
                            sequences: sequence...sequence, gone: [sequence]))
                }
            }
        }
        let sealed = Batch.seal(
            lines, first: batch.commit.sequences.lowerBound, front: Array(part.bytes[batch.front]),
            after: sha)
        bytes += sealed.bytes
        sha = sealed.sha
        last = (batch.commit.at, batch.commit.writer)
    }

    private mutating func add(
        _ stretch: DamagedStretch, _ part: Part, _ known: State?, to bytes: inout [UInt8]
    ) {
        var loss = Loss(
            file: folder.file(segment: part.segment), bytes: stretch.bytes, sequences: stretch.sequences)
        guard let sequences = stretch.sequences, Int(state.sequence) + 1 == sequences.lowerBound,
            part.lastSequence >= sequences.upperBound
        else {
            if stretch.sequences == nil { accepted.losses.append(loss) }
            return
        }
        last = (stretch.at ?? last.at, stretch.writer ?? last.writer)
        var lines: [[UInt8]] = []
        var readable = stretch.lines[...]
        for sequence in sequences {
            while let first = readable.first, first.sequence < sequence { readable.removeFirst() }
            let range = readable.first.flatMap { $0.sequence == sequence ? $0.range : nil }
            lines.append(line(for: sequence, range, part, known, &loss))
            if lines.count == LogLimits.runLinesMax || sequence == sequences.upperBound {
                append(lines, to: &bytes)
                lines = []
            }
        }
        accepted.losses.append(loss)
    }

    private mutating func append(_ lines: [[UInt8]], to bytes: inout [UInt8]) {
        let batch = Batch.encode(
            lines, first: Int(state.sequence) - lines.count + 1, at: last.at, writer: last.writer,
            cause: "repair", version: version, after: sha)
        bytes += batch.bytes
        sha = batch.sha
    }

    /// What stands from now on for an event of a damaged batch; `range`: a line that looks like it.
    private mutating func line(
        for sequence: Int, _ range: Range<Int>?, _ part: Part, _ known: State?, _ loss: inout Loss
    ) -> [UInt8] {
        var unfit: UnfitEvent?
        if let range {
            do throws(EventError) {
                let line = try taken(Array(part.bytes[range]))
                loss.readable += 1
                return line
            } catch {
                unfit = self.unfit(error, part, range)
            }
        }
        if let event = known?.finishedEvent(Int64(sequence)), let line = try? taken(EventCoding.encode(event)) {
            loss.restored += 1
            return line
        }
        if let unfit { accepted.unfit.append(unfit) } else { loss.gone.append(sequence) }
        return gone(sequence, at: last.at)
    }

    /// A line that nothing proves is taken when it reads as an event of its number and fits the others.
    private mutating func taken(_ line: [UInt8]) throws(EventError) -> [UInt8] {
        _ = try EventCoding.decode(line)
        try state.apply(line, 0..<line.count)
        return line
    }

    /// `nil`: not even as an event can the line be read.
    private func unfit(_ error: EventError, _ part: Part, _ line: Range<Int>) -> UnfitEvent? {
        guard let event = try? EventCoding.decode(Array(part.bytes[line])) else { return nil }
        return UnfitEvent(
            file: folder.file(segment: part.segment), bytes: line, sequence: Int(event.sequence),
            type: event.fact.type, problem: error.problem,
            copy: part.replacement.flatMap { $0.copy.isEmpty ? nil : $0.copy })
    }

    /// What stands in the place of an event that is gone.
    private mutating func gone(_ sequence: Int, at: Instant) -> [UInt8] {
        line(.historyDamaged(from: Int64(sequence), to: Int64(sequence), sha: ""), at: at)
    }

    private mutating func line(_ fact: Fact, at: Instant) -> [UInt8] {
        let line = EventCoding.encode(Event(sequence: state.sequence + 1, at: at, fact: fact))
        do throws(EventError) {
            try state.apply(line, 0..<line.count)
        } catch {
            preconditionFailure("a fact about a loss does not fold: \(error.problem)")
        }
        return line
    }

    /// The last batch: which events are concerned, and that nothing owed leaves without a person's word.
    private mutating func close() {
        for loss in givenUp {
            guard let sequences = loss.sequences, !told.contains(where: { $0.contains(sequences.lowerBound) }) else { continue }
            accepted.losses.append(loss)
            concerned.append((sequences, []))
        }
        guard !concerned.isEmpty, var place = position else { return }
        var lines: [[UInt8]] = []
        for one in concerned.sorted(by: { $0.sequences.lowerBound < $1.sequences.lowerBound }) {
            lines.append(
                line(
                    .historyDamaged(
                        from: Int64(one.sequences.lowerBound), to: Int64(one.sequences.upperBound),
                        sha: hex(one.sha)), at: now))
        }
        for step in state.holdingOwed(because: AnnouncementStep.logDamaged) {
            lines.append(line(.announcement(step), at: now))
            accepted.held += 1
        }
        if files.last?.bytes.count ?? 0 > LogLimits.segmentFullBytes || files.isEmpty {
            place.segmentFirst = Int(state.sequence) - lines.count + 1
            files.append((place.segmentFirst, Segment.header(first: place.segmentFirst, previous: sha)))
        }
        let batch = Batch.encode(
            lines, first: Int(state.sequence) - lines.count + 1, at: now, writer: last.writer,
            cause: "repair", version: version, after: sha)
        files[files.count - 1].bytes += batch.bytes
        position = LogPosition(
            sequence: Int(state.sequence), segmentFirst: place.segmentFirst,
            end: files[files.count - 1].bytes.count, sha: batch.sha)
    }

    // MARK: changing

    mutating func perform(_ snapshots: SnapshotFolder) throws(StoreError) {
        guard let position else { return }
        var copies: [String: String] = [:]
        for part in parts where !part.isProven {
            guard let own = part.own else { continue }
            copies[folder.file(segment: part.segment)] = try folder.keep(own, number: part.segment)
        }
        for index in accepted.losses.indices { accepted.losses[index].copy = copies[accepted.losses[index].file] }
        for index in accepted.unfit.indices where accepted.unfit[index].copy == nil {
            accepted.unfit[index].copy = copies[accepted.unfit[index].file]
        }
        for part in parts where part.isProven {
            if let replacement = part.replacement { try repair.put(replacement) }
        }
        accepted.mends = repair.mends
        for file in files {
            try onDisk { () throws(DiskError) in
                try folder.disk.publish(file.bytes, at: folder.file(segment: file.segment))
            }
        }
        // They know another chain; and what nobody acknowledged is of it, too.
        try snapshots.empty()
        for segment in try folder.segments() where segment > position.segmentFirst {
            if let bytes = try folder.bytes(segment: segment) {
                _ = try folder.keep(bytes, number: segment)
            }
            try onDisk { () throws(DiskError) in try folder.disk.unlink(folder.file(segment: segment)) }
        }
        try onDisk { () throws(DiskError) in
            try folder.disk.publish(
                Head(store: identity, position: position).encoded, at: folder.file(Head.name))
        }
    }
}
