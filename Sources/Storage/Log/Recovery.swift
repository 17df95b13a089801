import Files

// What a dead run may have left beyond the head, and the mend (STORE section 2, rows 3, 4, 7, 24).
//
//     nothing                    nothing to do
//     one whole batch            adopt: write the same bytes again, sync, publish the head
//     anything that is not one   copy to quarantine, cut, sync
//     more than one batch        a head from another time: refuse
//
// Why the same bytes again: the run before may have died after a sync that failed. The system then
// shows bytes that are not on the disk and holds them to be clean; writing makes them dirty again.
// Everything is looked at before anything is changed.

/// What opening the log for writing found and did.
public enum RecoveryNote: Equatable, Sendable {
    /// A batch was whole, but its run died before saying so.
    case adopted(file: String, sequences: ClosedRange<Int>)
    /// The rest of a batch that was never acknowledged was cut off; `copy` is a file in `log/`.
    case quarantined(file: String, offset: Int, bytes: Int, copy: String)
}

struct Recovery {
    /// Bytes that are no batch: from `offset` to the end of the segment's file.
    private struct Torn {
        var segmentFirst: Int
        var offset: Int
        var bytes: [UInt8]
    }

    /// A whole batch that the head does not know, with its segment's header if it is the first.
    private struct Unacknowledged {
        var commit: Commit
        var offset: Int
        var bytes: [UInt8]
    }

    private let folder: LogFolder
    private(set) var head: Head?
    private(set) var last: Commit?
    private(set) var notes: [RecoveryNote] = []
    /// The acknowledged batches of the head's segment; `nil` once there are more.
    private(set) var tail: SegmentBatches?
    private var torn: Torn?
    private var whole: Unacknowledged?

    /// The last batch that is whole, acknowledged or not.
    var seen: Commit? { whole?.commit ?? last }

    /// Looks, and changes nothing. Throws when what was acknowledged is not as it was.
    init(_ folder: LogFolder, head: Head?) throws(StoreError) {
        self.folder = folder
        self.head = head
        let segments = try folder.segments()
        guard let head else {
            guard segments.count <= 1 else { throw headMissing }
            if let only = segments.first { try lookAtFirst(only) }
            return
        }
        let tail = try folder.tail(of: head)
        last = tail.commits.last
        self.tail = tail
        let place = head.position
        let later = segments.filter { $0 > place.segmentFirst }
        guard later.isEmpty || later == [place.sequence + 1] else { throw headDiffers(head) }
        if tail.bytes.count > place.end {
            try look(at: tail.bytes, of: place.segmentFirst, from: place.end, batchAt: place.end)
        }
        if let next = later.first {
            guard whole == nil, let bytes = try folder.bytes(segment: next) else {
                throw headDiffers(head)
            }
            try lookAtNext(next, bytes)
        }
    }

    /// Does what was found to be needed. Stopped anywhere, the next run finds the same need.
    mutating func perform() throws(StoreError) {
        if let torn { try cut(torn) }
        if let whole { try adopt(whole) }
    }

    // MARK: Looking

    /// A log without a head: its first run died before publishing one.
    private mutating func lookAtFirst(_ first: Int) throws(StoreError) {
        guard first == 1, let bytes = try folder.bytes(segment: 1) else { throw headMissing }
        do throws(Flaw) {
            let header = try Segment.readHeader(bytes, to: bytes.count)
            guard header.first == 1 else { throw Flaw(reason: .header, offset: 0) }
            var reader = BatchReader(
                bytes, segmentFirst: 1, from: header.end, to: bytes.count, next: 1,
                sha: header.previous, checksChain: true)
            let commit = try reader.read()
            whole = Unacknowledged(commit: commit, offset: 0, bytes: bytes)
            head = Head(store: header.previous, position: commit.position)
        } catch {
            // The file was published whole: a dying run cannot have left this.
            throw headMissing
        }
        guard head?.position.end == bytes.count else { throw headMissing }
    }

    /// Bytes beyond the head in the head's own segment, or a segment that follows it.
    private mutating func look(
        at bytes: [UInt8], of segmentFirst: Int, from start: Int, batchAt: Int
    ) throws(StoreError) {
        guard let head else { return }
        var reader = BatchReader(
            bytes, segmentFirst: segmentFirst, from: batchAt, to: bytes.count,
            next: head.position.sequence + 1, sha: head.position.sha, checksChain: true)
        guard let commit = try? reader.read() else {
            torn = torn ?? Torn(
                segmentFirst: segmentFirst, offset: start, bytes: Array(bytes[start...]))
            return
        }
        let end = reader.offset
        guard (try? reader.read()) == nil else { throw headDiffers(head) }
        whole = Unacknowledged(
            commit: commit, offset: start, bytes: Array(bytes[start..<end]))
        if end < bytes.count {
            torn = Torn(segmentFirst: segmentFirst, offset: end, bytes: Array(bytes[end...]))
        }
    }

    private mutating func lookAtNext(_ next: Int, _ bytes: [UInt8]) throws(StoreError) {
        guard let head, let header = try? Segment.readHeader(bytes, to: bytes.count),
            header.first == next, header.previous == head.position.sha
        else {
            torn = Torn(segmentFirst: next, offset: 0, bytes: bytes)
            return
        }
        try look(at: bytes, of: next, from: 0, batchAt: header.end)
    }

    private var headMissing: StoreError { .headMissing(file: folder.file(Head.name)) }

    private func headDiffers(_ head: Head) -> StoreError {
        .headDiffers(file: folder.file(Head.name), sequence: head.position.sequence)
    }

    // MARK: Mending

    private mutating func cut(_ torn: Torn) throws(StoreError) {
        let copy = try folder.keep(torn.bytes, number: (last?.position.sequence ?? 0) + 1)
        let path = folder.file(segment: torn.segmentFirst)
        let disk = folder.disk
        try onDisk { () throws(DiskError) in
            if torn.offset == 0 {
                try disk.unlink(path)
                try disk.sync(folder: folder.path)
            } else {
                let file = try disk.open(path, for: .writing)
                try file.truncate(to: torn.offset)
                try file.sync(dataOnly: false)
                try file.close()
            }
        }
        notes.append(.quarantined(
            file: path, offset: torn.offset, bytes: torn.bytes.count, copy: copy))
    }

    private mutating func adopt(_ whole: Unacknowledged) throws(StoreError) {
        let path = folder.file(segment: whole.commit.position.segmentFirst)
        try onDisk { () throws(DiskError) in
            let file = try folder.disk.open(path, for: .writing)
            try file.write(whole.bytes, at: whole.offset)
            try file.sync(dataOnly: true)
            try file.close()
        }
        // `lookAtFirst` has made a head; else it moves on from the old one.
        head?.position = whole.commit.position
        if let head {
            let path = folder.file(Head.name)
            try onDisk { () throws(DiskError) in
                try folder.disk.publish(head.encoded, at: path)
            }
        }
        last = whole.commit
        tail = nil
        notes.append(.adopted(file: path, sequences: whole.commit.sequences))
    }
}
