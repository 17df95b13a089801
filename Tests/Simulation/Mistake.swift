/// What a program that was written wrongly would do: the test of the test. Each is made to happen from
/// outside, by what the disk, or the world around the program, does with its calls; the simulation must
/// find every one (STORE section 5, mutations).
public enum Mistake: String, CaseIterable, Sendable {
    // Of whoever writes to a disk.

    /// A file is renamed before its bytes are on the disk.
    case notSyncedBeforeRename
    /// A name is believed to be on the disk because it is seen.
    case folderNotSynced
    /// The same, when the store is opened after a run that died.
    case folderNotSyncedOnOpen
    /// A sync that failed is taken for one that worked.
    case failedSyncIgnored
    /// A write that a full disk cut short is taken for a whole one.
    case fullDiskIgnored
    /// A read that failed is taken for the end of the file.
    case failedReadIsEnd

    // Of the log.

    /// The head says that a batch was acknowledged which is not on the disk yet.
    case headBeforeLog
    /// The head is written over where it stands, and not replaced in one step.
    case headInPlace
    /// The head stays where it was when the second batch came.
    case headNotMoved
    /// There is no witness: what the log ends with is what there is.
    case noHead
    /// What the head witnessed is read without a look at its checksums.
    case checksumNotCompared
    /// The same, where a dead run left something beyond the head, which takes all the care.
    case checksumNotComparedAfterStop
    /// What lies beyond the head is taken to be on the disk because it is seen.
    case tailTrusted
    /// What a torn write left stays in the log.
    case tailKept
    /// What a torn write left is thrown away.
    case quarantineSkipped
    /// What a dead run left unfinished stays.
    case unfinishedKept
    /// A second run goes ahead beside the first.
    case lockNotAsked

    // Of the snapshots.

    /// A snapshot is taken whatever log it was made of.
    case snapshotOfAnyLog
    /// A snapshot is taken whatever its bytes meant to the program that wrote it.
    case snapshotOfAnyReducer
    /// A snapshot is taken whatever its checksums say.
    case snapshotNotSummed

    // Of a repair.

    /// A mended segment is written over where it stands, and not replaced in one step.
    case segmentInPlace
    /// That events were lost is not written down.
    case lossUntold
    /// `polls.json` keeps the validators of answers whose events were lost.
    case answersKept
    /// That what comes again may have been announced is not written down.
    case doubtForgotten

    // Of an import.

    /// `polls.json` has the validators of an answer before the log has what it said.
    case validatorsBeforeCommit
    /// The pages show what is not in the log yet.
    case pagesBeforeCommit
    /// Pages are written anew that are as they should be.
    case pagesRewritten
    /// That the site's command is owed is noted once the pages are there.
    case debtAfterPages

    // Of announcing.

    /// The attempt is in the log once the request is over, and not before it leaves.
    case attemptAfterRequest
    /// What became of a post is not written down.
    case outcomeForgotten
    /// What may have arrived on X is sent once more.
    case resentOnX
    /// Each try at Bluesky names its record anew.
    case newRecordKey
    /// Each try at Mastodon has another key.
    case newIdempotencyKey
    /// What may have arrived is not looked for.
    case notLooked
    /// The client sends a post again whose connection died.
    case postRepeated
    /// No answer is taken for a good one.
    case silenceIsSuccess
    /// That the own clock is wrong goes unnoticed.
    case clockNotCompared

    /// Where it can show: in the life of a store alone.
    public var isOfStore: Bool {
        switch self {
        case .validatorsBeforeCommit, .pagesBeforeCommit, .pagesRewritten, .debtAfterPages, .segmentInPlace, .lossUntold,
            .answersKept, .doubtForgotten:
            false
        default: !isOfAnnouncements || self == .lockNotAsked
        }
    }

    /// Where it can show: in the life of whole imports.
    public var isOfImports: Bool {
        switch self {
        // What needs rot, a restored backup or another program's snapshot shows in the store's life; so does
        // what takes more than one stop in few calls, and what lies in a log or beside it and harms nobody
        // but who reads it with other programs.
        case .noHead, .checksumNotCompared, .checksumNotComparedAfterStop, .snapshotOfAnyLog, .snapshotOfAnyReducer,
            .snapshotNotSummed, .folderNotSyncedOnOpen, .tailKept, .quarantineSkipped, .segmentInPlace, .lossUntold,
            .answersKept, .doubtForgotten:
            false
        default: !isOfAnnouncements || self == .lockNotAsked
        }
    }

    /// Where it can show: in the life of a damaged log.
    public var isOfRepairs: Bool {
        switch self {
        case .notSyncedBeforeRename, .folderNotSynced, .failedSyncIgnored, .fullDiskIgnored, .failedReadIsEnd,
            .quarantineSkipped, .unfinishedKept, .lockNotAsked, .segmentInPlace, .lossUntold, .answersKept, .doubtForgotten:
            true
        default: false
        }
    }

    /// Whether a repair that nothing disturbs shows it, where there is something to lose.
    var showsUndisturbed: Bool { self == .lossUntold || self == .answersKept || self == .doubtForgotten }

    /// Where it can show: in the life of announcements.
    public var isOfAnnouncements: Bool {
        switch self {
        case .attemptAfterRequest, .outcomeForgotten, .resentOnX, .newRecordKey, .newIdempotencyKey, .notLooked,
            .postRepeated, .silenceIsSuccess, .clockNotCompared, .lockNotAsked:
            true
        default: false
        }
    }
}
