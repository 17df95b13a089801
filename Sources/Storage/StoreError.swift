public import Catalogue
public import Files
public import Formats

/// Why a store cannot be used: which file, where in it, which events, and what to do next.
public enum StoreError: Error, Equatable, Sendable {
    /// The disk refused.
    case disk(DiskError)
    /// Bytes that were acknowledged are not what was written (STORE section 2, rows 5 and 26).
    case damaged(file: String, offset: Int, sequences: ClosedRange<Int>, DamageReason)
    /// Events that were acknowledged are not there (row 8).
    case missing(file: String, sequences: ClosedRange<Int>)
    /// So are they, and `head.json` is lost, too: nothing says how far the log went (rows 5, 6 and 7).
    case headAndLogDamaged(file: String, sequences: ClosedRange<Int>)
    /// A file has the name of a segment, and the chain does not come by it.
    case stray(file: String)
    /// `head.json` is not what was written (row 6).
    case headDamaged(file: String)
    /// There is no `head.json`, but more than one batch (row 7).
    case headMissing(file: String)
    /// The log goes on beyond the head by more than a dying run can leave, or does not hold what
    /// the head says: one of the two is from another time (row 24).
    case headDiffers(file: String, sequence: Int)
    /// A snapshot knows more, or something else, than the log (row 18).
    case rolledBack(snapshot: String, sequence: Int, logSequence: Int)
    /// Longer than anything this program writes (row 28).
    case tooLong(file: String, bytes: Int, limit: Int)
    /// Written by a newer version of this program (rows 19 and 21 for what is no cache).
    case newerFormat(file: String, format: Int)
    /// An event that this version does not know and must not skip (row 21), cannot read, or that speaks of what
    /// never was.
    case event(file: String, offset: Int, EventError)
    /// Locks and syncs cannot be relied on there (row 15).
    case networkFileSystem(path: String, name: String)
    /// The clock stands before the store's first commit (STORE section 3).
    case clockTooEarly(now: Instant, first: Instant)
    /// An earlier write failed in a way that only opening the store anew can mend (row 11).
    case unusable(file: String)

    /// 65 damaged, 73 cannot create, 74 disk, 75 busy or too early, 77 permission, 78 settings.
    public var exitStatus: Int32 {
        switch self {
        case .disk(let error): error.exitStatus
        case .damaged, .missing, .headAndLogDamaged, .stray, .headDamaged, .headMissing, .headDiffers, .rolledBack, .tooLong,
            .newerFormat, .event:
            65
        case .networkFileSystem: 78
        case .clockTooEarly: 75
        case .unusable: 74
        }
    }
}

/// How the bytes of a segment differ from what this program writes.
public enum DamageReason: Equatable, Sendable {
    /// The file, or what was acknowledged of it, ends within a batch.
    case cutOff
    /// The first line is not this segment's header.
    case header
    /// The header names a format this version does not know.
    case format(Int)
    /// Neither an event nor a commit.
    case unknownLine
    case lineTooLong
    case batchTooLong
    case tooManyLines
    /// Not the number that comes next.
    case sequence(expected: Int)
    /// The commit line counts other events than stand before it.
    case count
    case checksum
    /// The chain of hashes does not go on from what stands before.
    case chain
}

extension DamageReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cutOff: "it ends within a batch"
        case .header: "its first line is not this segment's header"
        case .format(let format): "it is written in format \(format), which is newer than this"
        case .unknownLine: "a line is neither an event nor a commit"
        case .lineTooLong: "a line is longer than \(LogLimits.lineBytesMax) bytes"
        case .batchTooLong: "a batch is longer than \(LogLimits.batchBytesMax) bytes"
        case .tooManyLines: "a batch has more than \(LogLimits.batchLinesMax) lines"
        case .sequence(let expected): "the event here is not number \(expected)"
        case .count: "a commit line counts other events than stand before it"
        case .checksum: "a checksum is wrong"
        case .chain: "the chain of hashes is broken"
        }
    }
}

extension StoreError: CustomStringConvertible {
    /// What, where, and what to do next, in one line.
    public var description: String {
        switch self {
        case .disk(let error): error.description
        case .damaged(let file, let offset, let sequences, let reason):
            "\(file) is damaged at byte \(offset) (events \(words(sequences))): \(reason); " + StoreError.untilRepaired
        case .missing(let file, let sequences):
            "acknowledged events \(words(sequences)) are missing (\(file)); " + StoreError.untilRepaired
        case .headAndLogDamaged(let file, let sequences):
            "\(file) is damaged (events \(words(sequences))), and so is head.json, or it is missing; nothing was changed: "
                + "run \"colophon repair --head --from\" a copy, as a last resort \"colophon repair --accept-loss\""
        case .stray(let file):
            "\(file) is no part of the log, though it has such a name; nothing was changed: run \"colophon repair\", "
                + "which puts it away"
        case .headDamaged(let file):
            "\(file) is damaged; nothing was changed: run \"colophon repair --head\""
        case .headMissing(let file):
            "\(file) is missing beside a log; nothing was changed: "
                + "run \"colophon repair --head\""
        case .headDiffers(let file, let sequence):
            "\(file) says that the log ends with event \(sequence), which does not fit the log: "
                + "one of them is older; nothing was changed: run \"colophon repair --head\""
        case .rolledBack(let snapshot, let sequence, let logSequence):
            "\(snapshot) knows event \(sequence), but the log (to \(logSequence)) is another one: "
                + "it was rolled back or replaced; if you did that, run \"colophon repair --accept-rollback\""
        case .tooLong(let file, let bytes, let limit):
            "\(file) has \(bytes) bytes, more than the \(limit) that are ever written; " + StoreError.untilRepaired
        case .newerFormat(let file, let format):
            "\(file) is written in format \(format): needs a newer Colophon"
                // The head has a checksum, and is what it says.
                + (Segment.first(ofName: splitPath(file).name) == nil
                    ? ""
                    : "; if none has ever run here, byte \(Segment.formatOffset) is damaged, and nothing was changed: "
                        + "run \"colophon repair\"")
        case .event(let file, let offset, let error):
            "\(file) at byte \(offset), event \(error.sequence): \(error.problem)"
                + (error.needsNewer
                    ? "" : "; nothing was changed: \"colophon repair --accept-loss\" gives up that event alone")
        case .networkFileSystem(let path, let name):
            "\(path) is on a network file system (\(name)), where locks may not hold: "
                + "move the store, or set \"allow_network_fs = true\""
        case .clockTooEarly(let now, let first):
            "the clock says \(now.toTheMinute), but this store was begun at \(first.toTheMinute), and nothing was changed: "
                + "if the clock is wrong now, set it right; if it was wrong then, begin another store (\"colophon init\")"
        case .unusable(let file):
            "\(file) takes no more events after a failed write: run again"
        }
    }

    private static let untilRepaired =
        "nothing was changed: run \"colophon repair\", if need be \"--from\" a copy, as a last resort \"--accept-loss\""

    private func words(_ range: ClosedRange<Int>) -> String {
        range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    }
}
