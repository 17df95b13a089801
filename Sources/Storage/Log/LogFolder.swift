import Files

/// The folder `log/` as it is found: names and bytes, and what may be read from them. It changes
/// nothing there but the copies it keeps; `Recovery`, `LogRepair` and `Log` do.
struct LogFolder {
    static let lockName = "lock"
    static let quarantinePrefix = "quarantine-"
    /// Far more than a commit line has.
    static let commitLineBytesMax = 4096

    let disk: any Disk
    let path: String

    func file(_ name: String) -> String { "\(path)/\(name)" }
    func file(segment first: Int) -> String { file(Segment.name(first: first)) }

    /// The first sequence numbers of all segments, ascending.
    func segments() throws(StoreError) -> [Int] {
        let names = try onDisk { () throws(DiskError) in try disk.list(path) }
        return names.compactMap { Segment.first(ofName: $0) }
    }

    func head() throws(StoreError) -> Head? {
        let file = file(Head.name)
        let bytes = try onDisk { () throws(DiskError) in try disk.contents(of: file) }
        guard let bytes else { return nil }
        return try Head.read(bytes, file: file)
    }

    /// Keeps bytes beside the log; a copy that an interrupted mend made is taken for this one's.
    func keep(_ bytes: [UInt8], number sequence: Int) throws(StoreError) -> String {
        var number = 1
        while true {
            let place = file("\(LogFolder.quarantinePrefix)\(sequence)-\(number)")
            let there = try onDisk { () throws(DiskError) in try disk.contents(of: place) }
            if there == bytes { return place }
            if there == nil {
                try onDisk { () throws(DiskError) in try disk.publish(bytes, at: place) }
                return place
            }
            number += 1
        }
    }

    /// The bytes of a segment file, beyond the head too; `nil` when it is not there.
    func bytes(segment first: Int) throws(StoreError) -> [UInt8]? {
        let file = file(segment: first)
        guard let size = try onDisk({ () throws(DiskError) in try disk.status(of: file)?.size })
        else { return nil }
        guard size <= LogLimits.segmentBytesMax else {
            throw .tooLong(file: file, bytes: size, limit: LogLimits.segmentBytesMax)
        }
        return try onDisk { () throws(DiskError) in try disk.contents(of: file) }
    }

    /// The acknowledged batches of one segment, every checksum checked.
    ///
    /// - `last`: the last sequence number that was acknowledged in it.
    /// - `end`: where the head says it ends; `nil` for a sealed segment, which ends with its file.
    /// - `position`: where to begin, in this segment; `nil` for its first batch.
    /// - `previous`: the chain before it, when known.
    func batches(
        segment first: Int, last: Int, end: Int?, after position: LogPosition? = nil,
        previous: [UInt8]? = nil, checksChain: Bool = false
    ) throws(StoreError) -> SegmentBatches {
        let file = file(segment: first)
        guard let bytes = try bytes(segment: first) else {
            throw .missing(file: file, sequences: first...last)
        }
        let isSealed = end == nil
        let end = end ?? bytes.count
        let limit = min(end, bytes.count)
        let header: Segment.Header
        do throws(Flaw) {
            header = try Segment.readHeader(bytes, to: limit)
            guard header.first == first else { throw Flaw(reason: .header, offset: 0) }
            if let previous, header.previous != previous {
                throw Flaw(reason: .chain, offset: 0)
            }
        } catch {
            if case .format(let format) = error.reason {
                throw .newerFormat(file: file, format: format)
            }
            throw .damaged(
                file: file, offset: error.offset, sequences: first...last, error.reason)
        }
        var reader = BatchReader(
            bytes, segmentFirst: first, from: position?.end ?? header.end, to: limit,
            next: (position?.sequence).map { $0 + 1 } ?? first,
            sha: position?.sha ?? header.previous, checksChain: checksChain)
        var commits: [Commit] = []
        let firstRead = reader.next
        while reader.offset < limit {
            do {
                commits.append(try reader.read())
            } catch {
                let missing = reader.next...max(last, reader.next)
                if error.reason == .cutOff, limit == bytes.count {
                    throw .missing(file: file, sequences: missing)
                }
                throw .damaged(
                    file: file, offset: error.offset, sequences: missing, error.reason)
            }
        }
        // Where a sealed segment's successor is missing, `last` is a guess: see `Log.replay`.
        guard isSealed || limit == end && reader.next > last else {
            throw .missing(file: file, sequences: reader.next...max(last, reader.next))
        }
        return SegmentBatches(
            file: file, bytes: bytes, header: header, first: firstRead, events: reader.events,
            commits: commits, sha: reader.sha)
    }

    /// The acknowledged batches of the segment that the head is in.
    func tail(
        of head: Head, after position: LogPosition? = nil, previous: [UInt8]? = nil,
        checksChain: Bool = false
    ) throws(StoreError) -> SegmentBatches {
        let place = head.position
        let read = try batches(
            segment: place.segmentFirst, last: place.sequence, end: place.end, after: position,
            previous: previous ?? (place.segmentFirst == 1 ? head.store : nil),
            checksChain: checksChain)
        guard let found = read.commits.last?.position ?? position, found == place else {
            if let found = read.commits.last, found.position.end == place.end, found.position.sequence == place.sequence {
                throw .damaged(
                    file: read.file, offset: place.end - Batch.fixedTailBytes, sequences: found.sequences, .chain)
            }
            throw .headDiffers(file: file(Head.name), sequence: place.sequence)
        }
        return read
    }
}

/// Acknowledged batches of one segment: the whole file's bytes, and where its events lie in them.
public struct SegmentBatches {
    /// The path of the segment, for messages.
    public var file: String
    public var bytes: [UInt8]
    let header: Segment.Header
    /// The sequence number of the first event; they count up by one.
    public var first: Int
    /// The event lines, without line feeds.
    public internal(set) var events: [Range<Int>]
    /// The batches the events came in, in order.
    public internal(set) var commits: [Commit]
    /// The chain after the last of them.
    let sha: [UInt8]

    /// The batches after `position`, one that lies in it (`nil`: all), of a segment that is to follow `previous`.
    func part(after position: LogPosition?, previous: [UInt8]?) throws(StoreError) -> SegmentBatches {
        if let previous, header.previous != previous {
            let last = first + max(1, events.count) - 1
            throw .damaged(file: file, offset: 0, sequences: first...last, .chain)
        }
        guard let position else { return self }
        var part = self
        let known = position.sequence + 1 - first
        part.first += known
        part.events.removeSubrange(..<known)
        part.commits.removeAll { $0.sequences.upperBound <= position.sequence }
        return part
    }

    /// Lets go of the events after `sequence`, and of the batches that begin after it.
    mutating func cut(after sequence: Int) {
        events.removeSubrange(max(0, min(events.count, sequence + 1 - first))...)
        while let last = commits.last, last.sequences.lowerBound > sequence {
            commits.removeLast()
        }
    }
}

/// The disk's error as the store's.
func onDisk<Answer>(
    _ body: () throws(DiskError) -> Answer
) throws(StoreError) -> Answer {
    do {
        return try body()
    } catch {
        throw .disk(error)
    }
}
