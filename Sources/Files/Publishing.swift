import Glibc

// The verbs that everybody uses, made of the verbs of a disk. `publish` is one of the two ways in
// which this program writes (STORE section 1, line 3); the other is the log's append.

/// What every unfinished file's name begins with.
public let unfinishedPrefix = ".tmp-"

extension Disk {
    /// Puts `bytes` at `path`, whole or not at all, and durable when it returns: written beside
    /// the target under a name that begins with `.tmp-`, synced, renamed, and the folder synced.
    ///
    /// When it throws, the old file still stands, unless the last step failed (`.sync` of the
    /// folder): then the new one is seen, and a power cut may bring the old one back.
    public func publish(
        _ bytes: [UInt8], at path: String, mode: UInt32 = 0o644
    ) throws(DiskError) {
        try replace(path, with: bytes, mode: mode, dataOnly: false)
        try sync(folder: splitPath(path).folder)
    }

    /// As `publish`, but for the sync of the folder: every process sees the new file, and after a power cut
    /// it or the old one stands there, either of them whole.
    public func publishLightly(
        _ bytes: [UInt8], at path: String, mode: UInt32 = 0o644
    ) throws(DiskError) {
        try replace(path, with: bytes, mode: mode, dataOnly: true)
    }

    private func replace(
        _ path: String, with bytes: [UInt8], mode: UInt32, dataOnly: Bool
    ) throws(DiskError) {
        let (folder, name) = splitPath(path)
        let unfinished = "\(folder)/\(unfinishedPrefix)\(name)"
        do {
            let file = try createAnew(unfinished, mode: mode)
            try file.write(bytes, at: 0)
            try file.sync(dataOnly: dataOnly)
            try file.close()
            try rename(unfinished, to: path)
        } catch {
            // Best effort: what stays is removed when the store is next opened.
            try? unlink(unfinished)
            throw error
        }
    }

    /// Publishes only what differs from the file that stands there, so that an unchanged file
    /// keeps its time and with it a web server's ETag. Permissions wider than `mode` count as a
    /// difference. Answers whether it published; `prepare` is called before it does.
    ///
    /// - Parameter lightly: as `publishLightly` does.
    @discardableResult
    public func replaceIfChanged(
        _ path: String, with bytes: [UInt8], mode: UInt32 = 0o644, lightly: Bool = false,
        prepare: () throws(DiskError) -> Void = {}
    ) throws(DiskError) -> Bool {
        if let status = try status(of: path), status.size == bytes.count,
            status.mode & ~mode == 0, try holds(path, bytes)
        {
            return false
        }
        try prepare()
        if lightly {
            try publishLightly(bytes, at: path, mode: mode)
        } else {
            try publish(bytes, at: path, mode: mode)
        }
        return true
    }

    /// Whether a file's bytes are these. What changes in every run does so near its beginning: no more is read then.
    private func holds(_ path: String, _ bytes: [UInt8]) throws(DiskError) -> Bool {
        let file = try open(path, for: .reading)
        var offset = 0
        while offset < bytes.count {
            let piece = try file.read(at: offset, count: min(1 << 16, bytes.count - offset))
            guard !piece.isEmpty, bytes[offset..<offset + piece.count] == piece[...] else { return false }
            offset += piece.count
        }
        return true
    }

    /// Deletes what unfinished publications left in a folder. Only for who holds the store's lock.
    public func removeUnfinished(in folder: String) throws(DiskError) {
        for name in try list(folder) where name.hasPrefix(unfinishedPrefix) {
            try unlink("\(folder)/\(name)")
        }
    }

    /// The bytes of a whole file; `nil` when there is none.
    public func contents(of path: String) throws(DiskError) -> [UInt8]? {
        let file: any OpenFile
        do {
            file = try open(path, for: .reading)
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
        return try file.read(at: 0, count: file.size())
    }

    /// A leftover is removed rather than reused: it may have other permissions, and a name that
    /// must be new cannot be a link to elsewhere.
    private func createAnew(_ path: String, mode: UInt32) throws(DiskError) -> any OpenFile {
        do {
            return try open(path, for: .creating(mode: mode))
        } catch {
            guard error.code == EEXIST else { throw error }
        }
        try unlink(path)
        return try open(path, for: .creating(mode: mode))
    }
}

/// The folder a path lies in (`.` when it names none), and its last name.
public func splitPath(_ path: String) -> (folder: String, name: String) {
    let bytes = path.utf8
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let name = String(path[bytes.index(after: slash)...])
    return (slash == bytes.startIndex ? "/" : String(path[..<slash]), name)
}
