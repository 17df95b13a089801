import CFiles
import Glibc

/// The file system of this machine, by POSIX calls. Every descriptor is closed in a child
/// process (`O_CLOEXEC`): a lock must not outlive us in a program we started.
public final class RealDisk: Disk {
    public init() {}

    public func list(_ folder: String) throws(DiskError) -> [String] {
        guard let stream = opendir(folder) else { throw DiskError(.list, folder, errno) }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else { break }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [46] && name != [46, 46] { names.append(name) }
        }
        guard errno == 0 else { throw DiskError(.list, folder, errno) }
        names.sort { $0.lexicographicallyPrecedes($1) }
        return names.map { String(decoding: $0, as: UTF8.self) }
    }

    public func makeFolder(_ path: String) throws(DiskError) {
        guard mkdir(path, 0o755) == 0 else { throw DiskError(.makeFolder, path, errno) }
    }

    public func open(_ path: String, for use: FileUse) throws(DiskError) -> any OpenFile {
        switch use {
        case .reading: try Descriptor(path, O_RDONLY, trying: .open)
        case .writing: try Descriptor(path, O_RDWR, trying: .open)
        case .creating(let mode):
            try Descriptor(path, O_RDWR | O_CREAT | O_EXCL, mode: mode, trying: .create)
        }
    }

    public func sync(folder: String) throws(DiskError) {
        let descriptor = try Descriptor(folder, O_RDONLY | O_DIRECTORY, trying: .sync)
        do {
            try descriptor.sync(dataOnly: false)
        } catch {
            // Said by file systems that cannot sync a folder at all (CIFS): nothing better exists.
            guard error.code == EINVAL else { throw error }
        }
    }

    public func rename(_ old: String, to new: String) throws(DiskError) {
        guard Glibc.rename(old, new) == 0 else { throw DiskError(.rename, new, errno) }
    }

    public func unlink(_ path: String) throws(DiskError) {
        guard Glibc.unlink(path) == 0 else { throw DiskError(.unlink, path, errno) }
    }

    public func status(of path: String) throws(DiskError) -> FileStatus? {
        var found = stat()
        guard stat(path, &found) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw DiskError(.examine, path, errno)
        }
        return FileStatus(
            size: Int(found.st_size), mode: found.st_mode & 0o7777,
            isFolder: found.st_mode & S_IFMT == S_IFDIR,
            changedNanoseconds: Int64(found.st_ctim.tv_sec) * 1_000_000_000
                + Int64(found.st_ctim.tv_nsec))
    }

    public func requireWritable(folder: String) throws(DiskError) {
        guard faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0 else {
            throw DiskError(.createFiles, folder, errno)
        }
    }

    /// By statfs(2).
    public func fileSystem(of path: String) throws(DiskError) -> FileSystemKind {
        var found = statfs()
        guard statfs(path, &found) == 0 else { throw DiskError(.examine, path, errno) }
        return FileSystemKind(magic: UInt32(truncatingIfNeeded: found.f_type))
    }

    public func lock(_ path: String) throws(DiskError) -> any OpenFile {
        let descriptor = try Descriptor(path, O_RDWR | O_CREAT, mode: 0o644, trying: .lock)
        try descriptor.lock()
        return descriptor
    }
}
