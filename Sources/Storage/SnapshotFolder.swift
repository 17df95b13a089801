public import Files

/// The folder `snapshots/` of a store. What is in it may be deleted at any time, so nothing found
/// there is an error, but for one: a snapshot that knows more than the log does.
public struct SnapshotFolder {
    /// How many are kept.
    static let keptCount = 2

    private let disk: any Disk
    public let path: String

    public init(_ disk: any Disk, root: String) {
        self.disk = disk
        path = "\(root)/snapshots"
    }

    /// A file that was passed over, and why.
    public struct Note: Equatable, Sendable {
        public var file: String
        public var flaw: SnapshotFlaw
    }

    /// The newest snapshot of this reducer that is whole, up to `sequence`; `nil` when there is
    /// none. `notes` gets those that were of no use.
    ///
    /// - throws: `rolledBack` when it is newer than the log or bound to another one (STORE
    ///   section 2, row 18), unless `acceptsRollback`: then it is passed over.
    public func newest(
        reducerVersion: Int, of log: Log, through sequence: Int = .max,
        acceptsRollback: Bool = false, notes: inout [Note]
    ) throws(StoreError) -> Snapshot? {
        for name in try names() where name.reducerVersion == reducerVersion {
            guard name.sequence <= sequence else { continue }
            let file = "\(path)/\(name.text)"
            let snapshot: Snapshot
            var failure: DiskError?
            do throws(SnapshotFlaw) {
                snapshot = try read(file, &failure)
                guard snapshot.reducerVersion == reducerVersion,
                    snapshot.position.sequence == name.sequence
                else { throw .otherName }
            } catch {
                // A run that is under way may have deleted it since.
                if failure?.isMissing == true { continue }
                if let failure { throw .disk(failure) }
                notes.append(Note(file: file, flaw: error))
                continue
            }
            if try log.contains(snapshot.position) { return snapshot }
            guard acceptsRollback else {
                throw .rolledBack(
                    snapshot: file, sequence: name.sequence,
                    logSequence: log.head?.position.sequence ?? 0)
            }
        }
        return nil
    }

    /// `failure`: set where the disk is why it cannot be read.
    private func read(_ file: String, _ failure: inout DiskError?) throws(SnapshotFlaw) -> Snapshot {
        let opened: (file: any OpenFile, size: Int)
        do throws(DiskError) {
            let file = try disk.open(file, for: .reading)
            opened = (file, try file.size())
        } catch {
            failure = error
            throw .damaged
        }
        var refusal: DiskError?
        defer { failure = refusal }
        return try Snapshot(size: opened.size) { offset, count in
            do throws(DiskError) {
                return try opened.file.read(at: offset, count: count)
            } catch {
                refusal = error
                return nil
            }
        }
    }

    /// The newest whole snapshot of this reducer that is bound to one of these places of a chain; for a log
    /// that cannot be read as a whole.
    func newest(
        reducerVersion: Int, boundTo places: [(sequence: Int, sha: [UInt8])]
    ) throws(StoreError) -> Snapshot? {
        for name in try names() where name.reducerVersion == reducerVersion {
            var failure: DiskError?
            let snapshot = try? read("\(path)/\(name.text)", &failure)
            // What it would rescue must not be given up because it could not be read this once.
            if let failure { throw .disk(failure) }
            guard let snapshot, snapshot.reducerVersion == reducerVersion else { continue }
            for place in places
            where place.sequence == snapshot.position.sequence && place.sha == snapshot.position.sha {
                return snapshot
            }
        }
        return nil
    }

    /// Those of this reducer up to `sequence`, oldest first, not read yet; of damaged ones too.
    func all(reducerVersion: Int, through sequence: Int) throws(StoreError) -> [Found] {
        try names().reversed().filter { $0.reducerVersion == reducerVersion && $0.sequence <= sequence }
            .map { Found(folder: self, name: $0) }
    }

    /// A snapshot's file.
    struct Found {
        fileprivate let folder: SnapshotFolder
        fileprivate let name: Name

        var path: String { "\(folder.path)/\(name.text)" }

        /// `nil`: damaged, of another format, or not what its name says.
        func read() throws(StoreError) -> Snapshot? {
            var failure: DiskError?
            let snapshot = try? folder.read(path, &failure)
            if let failure { throw .disk(failure) }
            guard let snapshot, snapshot.reducerVersion == name.reducerVersion,
                snapshot.position.sequence == name.sequence
            else { return nil }
            return snapshot
        }
    }

    /// By its name alone, the sequence of the newest snapshot of this reducer; 0: there is none.
    public func newestSequence(reducerVersion: Int) throws(StoreError) -> Int {
        try names().first { $0.reducerVersion == reducerVersion }?.sequence ?? 0
    }

    /// Publishes a snapshot's bytes, then deletes all but the newest whole ones of this reducer. Only for
    /// who holds the store's lock. A failure costs only time: the log has everything.
    public func publish(
        _ bytes: [UInt8], sequence: Int, reducerVersion: Int
    ) throws(StoreError) {
        let new = Name(sequence: sequence, reducerVersion: reducerVersion)
        try onDisk { () throws(DiskError) in
            if try disk.status(of: path) == nil { try disk.makeFolder(path) }
            try disk.publish(bytes, at: "\(path)/\(new.text)")
        }
        var kept = 1
        for name in try names() where name.text != new.text {
            if name.reducerVersion == reducerVersion, name.sequence < sequence,
                kept < Self.keptCount, !isDamaged(name)
            {
                kept += 1
                continue
            }
            try onDisk { () throws(DiskError) in try disk.unlink("\(path)/\(name.text)") }
        }
    }

    /// Kept in place of a good one it would help nobody.
    private func isDamaged(_ name: Name) -> Bool {
        do {
            return try Found(folder: self, name: name).read() == nil
        } catch {
            // Where the disk refuses, nobody knows.
            return false
        }
    }

    /// Deletes all snapshots, and what was left unfinished, for good: one that a power cut brings back may be of
    /// another log than the one that goes on, which would be taken for rolled back.
    public func empty() throws(StoreError) {
        try removeUnfinished()
        for name in try names() {
            try onDisk { () throws(DiskError) in try disk.unlink("\(path)/\(name.text)") }
        }
        try onDisk { () throws(DiskError) in
            // Also where nothing is seen any more: the run before may have died here.
            if try disk.status(of: path) != nil { try disk.sync(folder: path) }
        }
    }

    /// What a run that died left unfinished (row 22).
    public func removeUnfinished() throws(StoreError) {
        try onDisk { () throws(DiskError) in
            guard try disk.status(of: path) != nil else { return }
            try disk.removeUnfinished(in: path)
        }
    }

    /// The newest first.
    private func names() throws(StoreError) -> [Name] {
        let found = try onDisk { () throws(DiskError) -> [String] in
            guard try disk.status(of: path) != nil else { return [] }
            return try disk.list(path)
        }
        return found.compactMap { Name($0) }.sorted {
            ($0.sequence, $0.reducerVersion) > ($1.sequence, $1.reducerVersion)
        }
    }

    /// `00000000000000004096.r3.snapshot`: after sequence 4096, by reducer 3.
    struct Name: Equatable {
        var sequence: Int
        var reducerVersion: Int

        init(sequence: Int, reducerVersion: Int) {
            self.sequence = sequence
            self.reducerVersion = reducerVersion
        }

        init?(_ text: String) {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, let sequence = Int(parts[0]), sequence > 0,
                parts[1].hasPrefix("r"), let version = Int(parts[1].dropFirst()), version >= 0
            else { return nil }
            self.init(sequence: sequence, reducerVersion: version)
            guard self.text == text else { return nil }
        }

        var text: String {
            let digits = String(sequence)
            return String(repeating: "0", count: 20 - digits.utf8.count) + digits
                + ".r\(reducerVersion).snapshot"
        }
    }
}
