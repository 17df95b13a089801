public import Files
public import Storage

/// Why an operation could not be done at all. What concerns one feed is a `Failure` in its report.
public enum OperationError: Error, Equatable, Sendable {
    case settings(SettingsError)
    case store(StoreError)
    case disk(DiskError)
    /// What stays until a person comes, a damaged log, a clock before its first commit or a folder for the pages that
    /// cannot be written, and a run of today has said so already.
    indirect case saidToday(OperationError)
    /// There is no `feeds.toml` in this folder.
    case noSettings(folder: String)
    /// There is neither a `feeds.toml` nor a `log/`.
    case noStore(folder: String)
    /// There is no log, and a copy was to mend it: nothing tells that it is this store's.
    case noLog(folder: String, copy: String)
    /// There is no log, and `polls.json` was written by a run that had one (STORE section 2, rows 8 and 24).
    case logLost(folder: String)
    /// `feeds.toml` has no such feed; the nearest name.
    case noFeed(name: String, nearest: String?)
    /// No finish has this id, or one that begins so.
    case noFinish(id: String)
    /// No announcement has this id, or one that begins so.
    case noAnnouncement(id: String)
    /// The finish of this announcement was forgotten: nothing can be posted of it.
    case forgotten(id: String)
    /// Several ids begin so.
    case ambiguous(id: String, candidates: [String])
    /// A time, sequence or other word that cannot be read.
    case unreadable(what: String, found: String, expected: String)
    /// The page templates cannot be used.
    case template(String)

    /// Whether another run holds the lock: an ordinary thing under cron.
    public var isBusy: Bool {
        if case .store(.disk(let error)) = self { return error.isBusy }
        return false
    }

    /// Whether there is nothing in it that whoever reads cron's mail has to hear now.
    public var isQuiet: Bool {
        if case .saidToday = self { return true }
        return isBusy
    }

    /// PRODUCT section 3, Exit.
    public var exitStatus: Int32 {
        switch self {
        case .settings, .noSettings, .noStore, .noLog, .template: 78
        case .store(let error): error.exitStatus
        case .saidToday(let error): error.exitStatus
        case .disk(let error): error.exitStatus
        case .logLost: 65
        case .noFeed, .noFinish, .noAnnouncement, .forgotten, .ambiguous, .unreadable: 64
        }
    }
}

/// The disk's error as the operation's.
func onDisk<Answer>(_ body: () throws(DiskError) -> Answer) throws(OperationError) -> Answer {
    do {
        return try body()
    } catch {
        throw .disk(error)
    }
}

/// The store's error as the operation's.
func inStore<Answer>(_ body: () throws(StoreError) -> Answer) throws(OperationError) -> Answer {
    do {
        return try body()
    } catch {
        throw .store(error)
    }
}
