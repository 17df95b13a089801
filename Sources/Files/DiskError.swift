import Glibc

/// What the system refused: what was tried, on which path, and the system's reason.
public struct DiskError: Error, Equatable, Sendable {
    /// The verb of `Disk` or `OpenFile` that failed, as a person would say it.
    public enum Attempt: String, Sendable {
        case list
        case makeFolder = "make folder"
        case create
        /// In a folder that is there.
        case createFiles = "create files in"
        case open
        case read
        case write
        case truncate
        case sync
        case close
        case rename
        case unlink = "delete"
        case examine
        case lock
    }

    public var attempt: Attempt
    public var path: String
    /// The system's `errno`.
    public var code: Int32

    public init(_ attempt: Attempt, _ path: String, _ code: Int32) {
        self.attempt = attempt
        self.path = path
        self.code = code
    }

    /// Whether another process holds the lock.
    public var isBusy: Bool { attempt == .lock && code == EWOULDBLOCK }

    /// Whether there is no such file, or not any more.
    public var isMissing: Bool { code == ENOENT }

    /// 75 the lock is held; 77 permission denied; 73 a thing cannot be created here; 74 all else
    /// that a disk can do (STORE section 2).
    public var exitStatus: Int32 {
        if isBusy { return 75 }
        switch code {
        case EACCES, EPERM: return 77
        case EROFS: return 73
        case ENOENT, ENOTDIR, EEXIST, EISDIR, ELOOP, ENAMETOOLONG:
            return makesSomething ? 73 : 74
        default: return 74
        }
    }

    /// The system's reason in its own words: `No space left on device`.
    public var reason: String { String(cString: strerror(code)) }

    private var makesSomething: Bool {
        switch attempt {
        case .create, .createFiles, .makeFolder, .lock, .rename: true
        case .list, .open, .read, .write, .truncate, .sync, .close, .unlink, .examine: false
        }
    }
}

extension DiskError: CustomStringConvertible {
    public var description: String {
        if isBusy { return "another run holds \(path)" }
        return "cannot \(attempt.rawValue) \(path): \(reason)" + remedy
    }

    /// What is wrong most often: an earlier run was another user's.
    private var remedy: String {
        switch code {
        case EACCES, EPERM: ": whoever runs colophon, cron included, has to own it (\"ls -la\" shows who does, \"chown\" mends it)"
        case EROFS: ": it was mounted for reading alone"
        default: ""
        }
    }
}
