public import Files

// The mends that a person asks for (STORE section 2, rows 5, 6 and 8). Each is proven by the chain of
// SHA-256 before anything is changed, and what stood there before is kept beside the log.
//
//     one changed byte       the checksum points to it
//     a segment from a copy  every batch of it fits the chain, up to the head or the next segment
//     the head               made anew from a log whose chain is whole, and never an older one

/// A mend that was done.
public enum Mend: Equatable, Sendable {
    /// `offset` in bytes; `was` is what had become of the byte. `copy` is the segment as it stood there,
    /// a file in `log/`.
    case byte(file: String, offset: Int, was: UInt8, copy: String)
    /// `copy`: `nil` where nothing stood.
    case segment(file: String, from: String, copy: String?)
    /// `copy`: `nil` where there was no head.
    case head(file: String, sequence: Int, copy: String?)
    /// A file with the name of a segment that the chain does not come by: it was put away as `copy`.
    case stray(file: String, copy: String)
}

/// Where a repair may take what is missing from.
public enum RepairSource: Equatable, Sendable {
    /// From the bytes themselves.
    case itself
    /// A copy of the store, or of its `log/`.
    case copy(String)
}

extension Log {
    /// Mends every segment that can be mended; the store must not be open.
    ///
    /// - Throws: what is wrong, when the mend is not proven; nothing was changed in that segment then.
    public static func repair(
        _ disk: any Disk, root: String, from source: RepairSource
    ) throws(StoreError) -> [Mend] {
        let folder = LogFolder(disk: disk, path: path(inStore: root))
        let lock = try folder.lockForRepair()
        defer { try? lock.close() }
        var repair = LogRepair(folder, source)
        try repair.perform()
        return repair.mends
    }

    /// Makes `head.json` anew from a log whose chain is whole; nothing where it already fits. Where the head is
    /// lost and the log is damaged as well, that is mended first, like `repair`.
    ///
    /// - Throws: also when the head that stands there can be read and knows of more events.
    public static func repairHead(
        _ disk: any Disk, root: String, from source: RepairSource = .itself
    ) throws(StoreError) -> [Mend] {
        let folder = LogFolder(disk: disk, path: path(inStore: root))
        let lock = try folder.lockForRepair()
        defer { try? lock.close() }
        var repair = LogRepair(folder, source)
        try repair.performWithHead()
        return repair.mends
    }
}

extension LogFolder {
    func lockForRepair() throws(StoreError) -> any OpenFile {
        try onDisk { () throws(DiskError) in
            try disk.requireWritable(folder: path)
            let lock = try disk.lock(file(LogFolder.lockName))
            try disk.sync(folder: path)
            try disk.removeUnfinished(in: path)
            return lock
        }
    }
}

/// Everything is looked at, and proven up to the head, before anything is changed.
struct LogRepair {
    /// Bytes that are to stand in place of others.
    struct Replacement {
        var segment: Int
        /// `nil`: nothing stands there.
        var damaged: [UInt8]?
        var good: [UInt8]
        /// Where in the damaged ones; empty when `copy` is where they come from.
        var changed: [Int] = []
        var copy = ""
    }

    let folder: LogFolder
    let source: RepairSource
    private(set) var mends: [Mend] = []

    init(_ folder: LogFolder, _ source: RepairSource) {
        self.folder = folder
        self.source = source
    }

    mutating func perform() throws(StoreError) {
        guard let head = try folder.head() else {
            // One whole batch is what a first run leaves that died; anything else was acknowledged.
            _ = try Recovery(folder, head: nil)
            return
        }
        try perform(plan(LogExtent(head)))
    }

    /// The same, and the head with it.
    mutating func performWithHead() throws(StoreError) {
        if let extent = try unwitnessed() {
            do {
                try perform(plan(extent))
            } catch {
                if case .damaged(let file, _, let sequences, _) = error {
                    throw .headAndLogDamaged(file: file, sequences: sequences)
                }
                throw error
            }
        }
        if let mend = try LogRepair.rebuildHead(folder) { mends.append(mend) }
    }

    /// What is to be done to the files of a log.
    struct Plan {
        var replacements: [Replacement] = []
        /// Files with names of segments that the chain does not come by.
        var strays: [Int] = []
    }

    private mutating func perform(_ plan: Plan) throws(StoreError) {
        for replacement in plan.replacements { try put(replacement) }
        for stray in plan.strays {
            let file = folder.file(segment: stray)
            guard let bytes = try folder.bytes(segment: stray) else { continue }
            let copy = try folder.keep(bytes, number: stray)
            try onDisk { () throws(DiskError) in
                try folder.disk.unlink(file)
                try folder.disk.sync(folder: folder.path)
            }
            mends.append(.stray(file: file, copy: copy))
        }
    }

    /// The extent of a log whose head is lost; `nil`: there is one, or no log.
    private func unwitnessed() throws(StoreError) -> LogExtent? {
        do throws(StoreError) {
            if try folder.head() != nil { return nil }
        } catch {
            guard case .headDamaged = error else { throw error }
        }
        guard let last = try folder.segments().last else { return nil }
        var end = try folder.bytes(segment: last)?.count ?? 0
        // What the log was begun with stands in its first line, or in that of a copy.
        var identity: [UInt8] = []
        for path in [folder.file(segment: 1)] + copies(1) {
            let first = try onDisk { () throws(DiskError) in try folder.disk.contents(of: path) } ?? []
            guard let header = try? Segment.readHeader(first, to: first.count), header.first == 1 else { continue }
            identity = header.previous
            break
        }
        for path in copies(last) {
            let copy = try onDisk { () throws(DiskError) in try folder.disk.contents(of: path) } ?? []
            end = max(end, copy.count)
        }
        return LogExtent(store: identity, segmentFirst: last, end: end)
    }

    /// Segment by segment along the chain.
    private func plan(_ extent: LogExtent) throws(StoreError) -> Plan {
        let listed = try folder.segments()
        var plan = Plan()
        var walked: Set<Int> = []
        var segment = 1
        var sha = extent.store
        while segment <= extent.segmentFirst {
            walked.insert(segment)
            let file = folder.file(segment: segment)
            let own = try onDisk { () throws(DiskError) in try folder.disk.contents(of: file) }
            var walk = own.map { ChainWalk($0, segment, after: sha, extent) }
            if walk.map({ isFollowed($0, extent, listed) }) != true {
                guard let found = try replacement(for: own, segment, sha, extent, listed) else {
                    throw trouble(segment, sha, extent, listed)
                }
                plan.replacements.append(found)
                walk = ChainWalk(found.good, segment, after: sha, extent)
            }
            guard let walk else { preconditionFailure("a segment that is neither there nor replaced") }
            segment = walk.next
            sha = walk.sha
        }
        if let known = extent.witness?.position, sha != known.sha || segment != known.sequence + 1 {
            throw .headDiffers(file: folder.file(Head.name), sequence: known.sequence)
        }
        plan.strays = listed.filter { $0 <= extent.segmentFirst && !walked.contains($0) }
        return plan
    }

    /// Whether a segment is whole, and something of the name that must come next is known.
    private func isFollowed(_ walk: ChainWalk, _ extent: LogExtent, _ listed: [Int]) -> Bool {
        guard walk.flaw == nil, walk.next > walk.segment else { return false }
        if walk.segment == extent.segmentFirst { return true }
        return listed.contains(walk.next) || copies(walk.next).contains { isThere($0) }
    }

    func replacement(
        for own: [UInt8]?, _ segment: Int, _ sha: [UInt8], _ extent: LogExtent, _ listed: [Int]
    ) throws(StoreError) -> Replacement? {
        if let own {
            let search = ChangedByteSearch(own, segment, after: sha, extent)
            if let changes = search.changes, isFollowed(search.walk, extent, listed) {
                return Replacement(
                    segment: segment, damaged: own, good: search.bytes, changed: changes.map(\.offset))
            }
        }
        for path in copies(segment) {
            let bytes = try onDisk { () throws(DiskError) in try folder.disk.contents(of: path) }
            guard var bytes else { continue }
            if segment == extent.segmentFirst {
                // A copy may have gone on: what it holds is not what was acknowledged here.
                bytes = Array(bytes.prefix(extent.end))
            }
            if isFollowed(ChainWalk(bytes, segment, after: sha, extent), extent, listed) {
                return Replacement(segment: segment, damaged: own, good: bytes, copy: path)
            }
        }
        return nil
    }

    private func copies(_ segment: Int) -> [String] {
        guard case .copy(let root) = source else { return [] }
        return ["\(root)/log/\(Segment.name(first: segment))", "\(root)/\(Segment.name(first: segment))"]
    }

    private func isThere(_ path: String) -> Bool { (try? folder.disk.status(of: path)) != nil }

    /// What reading says of a segment that cannot be mended.
    private func trouble(_ segment: Int, _ sha: [UInt8], _ extent: LogExtent, _ listed: [Int]) -> StoreError {
        /// The last event before the next segment that is there, as far as anybody knows.
        func last(from first: Int) -> Int {
            max(first, listed.first { $0 > first }.map { $0 - 1 } ?? extent.witness?.position.sequence ?? 0)
        }
        do {
            let read: SegmentBatches
            if let head = extent.witness, segment == extent.segmentFirst {
                read = try folder.tail(of: head, previous: sha, checksChain: true)
            } else {
                read = try folder.batches(
                    segment: segment, last: last(from: segment), end: nil, previous: sha, checksChain: true)
            }
            // It is whole, and what comes next is not there.
            let next = read.first + read.events.count
            return .missing(file: folder.file(segment: next), sequences: next...last(from: next))
        } catch {
            return error
        }
    }

    mutating func put(_ replacement: Replacement) throws(StoreError) {
        let file = folder.file(segment: replacement.segment)
        var kept: String?
        if let damaged = replacement.damaged {
            kept = try folder.keep(damaged, number: replacement.segment)
        }
        try onDisk { () throws(DiskError) in try folder.disk.publish(replacement.good, at: file) }
        if let damaged = replacement.damaged, let kept, replacement.copy.isEmpty {
            for offset in replacement.changed {
                mends.append(.byte(file: file, offset: offset, was: damaged[offset], copy: kept))
            }
        } else {
            mends.append(.segment(file: file, from: replacement.copy, copy: kept))
        }
    }

    // MARK: the head

    private static func rebuildHead(_ folder: LogFolder) throws(StoreError) -> Mend? {
        let file = folder.file(Head.name)
        let standing = try onDisk { () throws(DiskError) in try folder.disk.contents(of: file) }
        let segments = try folder.segments()
        guard let first = segments.first, let last = segments.last else { return nil }
        var store: [UInt8] = []
        var sha: [UInt8]?
        var next = 1
        var position: LogPosition?
        for segment in segments {
            guard segment == next else {
                throw .missing(file: folder.file(segment: next), sequences: next...max(next, segment - 1))
            }
            let read = try folder.batches(
                segment: segment, last: segment, end: nil, previous: sha, checksChain: true)
            if segment == first { store = read.header.previous }
            guard let commit = read.commits.last else {
                throw .missing(file: read.file, sequences: segment...segment)
            }
            position = commit.position
            sha = read.sha
            next = read.first + read.events.count
        }
        guard let position, position.segmentFirst == last else { return nil }
        let head = Head(store: store, position: position)
        if standing == head.encoded { return nil }
        if let standing, let old = try? Head.read(standing, file: file) {
            // It witnessed more than there is: events are missing, and no head may hide that.
            guard old.position.sequence <= position.sequence else {
                throw .missing(
                    file: folder.file(segment: last),
                    sequences: (position.sequence + 1)...old.position.sequence)
            }
        }
        let copy: String?
        if let standing { copy = try folder.keep(standing, number: 0) } else { copy = nil }
        try onDisk { () throws(DiskError) in try folder.disk.publish(head.encoded, at: file) }
        return .head(file: file, sequence: position.sequence, copy: copy)
    }
}
