// The verbs, and what each has promised when it returns (fsync(2), rename(2); STORE section 5):
//
//   OpenFile.write, truncate   the system knows; a power cut may keep any part of it
//   OpenFile.sync              the bytes are on the disk; the *name* may not be
//   Disk.rename, unlink        every process sees it; a power cut may undo it
//   Disk.sync(folder:)         the names in the folder are on the disk
//
// A failed sync is never tried again on the same bytes: the system may have marked them clean
// without writing them (Rebello et al., "Can Applications Recover from fsync Failures?", 2020).

/// All that the program may ask of a file system. Paths are as the system takes them.
public protocol Disk: AnyObject {
    /// The names in a folder, without `.` and `..`, sorted by their bytes.
    func list(_ folder: String) throws(DiskError) -> [String]
    func makeFolder(_ path: String) throws(DiskError)
    func open(_ path: String, for use: FileUse) throws(DiskError) -> any OpenFile
    /// Makes the names in a folder durable.
    func sync(folder: String) throws(DiskError)
    /// Replaces what stands at `new`, in one step.
    func rename(_ old: String, to new: String) throws(DiskError)
    func unlink(_ path: String) throws(DiskError)
    /// `nil` when nothing is there.
    func status(of path: String) throws(DiskError) -> FileStatus?
    /// Throws when this process may not make or replace files in the folder.
    func requireWritable(folder: String) throws(DiskError)
    func fileSystem(of path: String) throws(DiskError) -> FileSystemKind
    /// Takes the lock of the file at `path`, which is made if need be and never unlinked. It is
    /// held until the answer is closed or the process dies; never waits. A held lock is the error
    /// whose `isBusy` is true.
    func lock(_ path: String) throws(DiskError) -> any OpenFile
}

/// What a file is opened for.
public enum FileUse: Equatable, Sendable {
    case reading
    /// A file that exists, for reading and writing.
    case writing
    /// A file that must not exist yet, with these permission bits (the process's mask applies).
    case creating(mode: UInt32)
}

/// A file between open and close. It is closed when it is let go; `close` also answers.
public protocol OpenFile: AnyObject {
    /// In bytes.
    func size() throws(DiskError) -> Int
    /// Fewer than `count` bytes only where the file ends.
    func read(at offset: Int, count: Int) throws(DiskError) -> [UInt8]
    /// All bytes or an error; after an error any part may have been written.
    func write(_ bytes: [UInt8], at offset: Int) throws(DiskError)
    func truncate(to size: Int) throws(DiskError)
    /// `dataOnly`: the times of the file need not reach the disk; bytes and size do.
    func sync(dataOnly: Bool) throws(DiskError)
    func close() throws(DiskError)
}

public struct FileStatus: Equatable, Sendable {
    /// In bytes.
    public var size: Int
    /// Permission bits only.
    public var mode: UInt32
    public var isFolder: Bool
    /// When its bytes, its name or its rights were last changed, in nanoseconds since 1970. Unlike the time of
    /// modification nobody can set it, `rsync -t` and `touch` included.
    public var changedNanoseconds: Int64

    public init(size: Int, mode: UInt32, isFolder: Bool, changedNanoseconds: Int64) {
        self.size = size
        self.mode = mode
        self.isFolder = isFolder
        self.changedNanoseconds = changedNanoseconds
    }
}
