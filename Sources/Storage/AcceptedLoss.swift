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
        let log = try DamagedLog(folder, repair, newStore: newStore)
        var rescue = Rescue(log, folder, repair, version: version, now: now)
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
    let folder: LogFolder
    var repair: LogRepair
    let version: String
    let now: Instant
    private(set) var accepted = AcceptedLoss()

    private var log: DamagedLog

    private var state = State()
    private var sha: [UInt8] = []
    private var last = (at: Instant(seconds: 0), writer: 1)
    private var files: [(segment: Int, bytes: [UInt8])] = []
    /// What the last batch has to say.
    private var concerned: [DamagedLog.Concern]
    /// What the log has said so far of events that were given up; and those whose place says it, of which a run
    /// that died on the way may have had no time to say more.
    private var told: [ClosedRange<Int>] = []
    private var givenUp: [Loss] = []
    private var position: LogPosition?

    init(_ log: DamagedLog, _ folder: LogFolder, _ repair: LogRepair, version: String, now: Instant) {
        self.log = log
        self.folder = folder
        self.repair = repair
        self.version = version
        self.now = now
        concerned = log.concerned
    }

    // MARK: making anew

    mutating func rebuild(_ snapshots: SnapshotFolder) throws(StoreError) {
        let known = try snapshots.newest(
            reducerVersion: State.reducerVersion, boundTo: log.named).flatMap { State($0) }
        sha = log.identity
        last.at = firstInstant
        var isAnew = false
        for index in log.parts.indices {
            if !isAnew, log.parts[index].isProven, try fold(log.parts[index]) { continue }
            isAnew = true
            log.parts[index].isProven = false
            try rebuild(log.parts[index], known)
        }
        close()
    }

    /// A store was begun with its first event; where that is lost, with the first that is left.
    private var firstInstant: Instant {
        for stretch in log.parts.flatMap(\.stretches) {
            switch stretch {
            case .whole(let batch): return batch.commit.at
            case .damaged(let damaged): if let at = damaged.at { return at }
            }
        }
        return now
    }

    /// `false`: one of its events does not fit the others, and nothing was taken.
    private mutating func fold(_ part: DamagedLog.Part) throws(StoreError) -> Bool {
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
    private mutating func noteGivenUp(_ part: DamagedLog.Part, _ line: Range<Int>) {
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

    private func unusable(_ error: EventError, _ part: DamagedLog.Part, _ line: Range<Int>) -> StoreError {
        .event(file: folder.file(segment: part.segment), offset: line.lowerBound, error)
    }

    private mutating func rebuild(_ part: DamagedLog.Part, _ known: State?) throws(StoreError) {
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
        _ batch: WholeBatch, _ part: DamagedLog.Part, to bytes: inout [UInt8]
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
                concerned.append(DamagedLog.Concern(sequences: sequence...sequence, sha: []))
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
        _ stretch: DamagedStretch, _ part: DamagedLog.Part, _ known: State?, to bytes: inout [UInt8]
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
        for sequence: Int, _ range: Range<Int>?, _ part: DamagedLog.Part, _ known: State?, _ loss: inout Loss
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
    private func unfit(_ error: EventError, _ part: DamagedLog.Part, _ line: Range<Int>) -> UnfitEvent? {
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
            concerned.append(DamagedLog.Concern(sequences: sequences, sha: []))
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
        for part in log.parts where !part.isProven {
            guard let own = part.own else { continue }
            copies[folder.file(segment: part.segment)] = try folder.keep(own, number: part.segment)
        }
        for index in accepted.losses.indices { accepted.losses[index].copy = copies[accepted.losses[index].file] }
        for index in accepted.unfit.indices where accepted.unfit[index].copy == nil {
            accepted.unfit[index].copy = copies[accepted.unfit[index].file]
        }
        for part in log.parts where part.isProven {
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
                Head(store: log.identity, position: position).encoded, at: folder.file(Head.name))
        }
    }
}
