import Files
public import Formats

// Reading what was acknowledged: all of it in order, or the place of one moment in it.

extension Log {
    /// Hands out every acknowledged event after `position` (`nil`: from the beginning) up to
    /// `sequence` (`nil`: to the head), a segment at a time, in order. Every checksum is checked;
    /// `checkingChain` also computes the chain of hashes, which takes several times as long.
    ///
    /// `position` must be one that this log `contains`.
    public func replay(
        after position: LogPosition? = nil, through sequence: Int? = nil,
        checkingChain: Bool = false, _ visit: (SegmentBatches) throws(StoreError) -> Void
    ) throws(StoreError) {
        guard let head else { return }
        let through = min(sequence ?? .max, head.position.sequence)
        guard position?.sequence ?? 0 < through else { return }
        let listed = try folder.segments()
        var segment = position?.segmentFirst ?? 1
        var begin = position
        var sha = position == nil ? head.store : nil
        while true {
            let following = listed.first { $0 > segment }
            let isTail = segment == head.position.segmentFirst
            var read: SegmentBatches
            if isTail, !checkingChain, let opened = takeOpenedTail() {
                read = try opened.part(after: begin, previous: sha)
            } else if isTail {
                read = try folder.tail(
                    of: head, after: begin, previous: sha, checksChain: checkingChain)
            } else {
                read = try folder.batches(
                    segment: segment, last: (following ?? segment + 1) - 1, end: nil,
                    after: begin, previous: sha, checksChain: checkingChain)
            }
            let next = read.first + read.events.count
            sha = read.sha
            if through < next - 1 { read.cut(after: through) }
            try visit(read)
            if isTail || through < next { return }
            guard following == next else {
                if let following, following < next { throw .stray(file: folder.file(segment: following)) }
                throw .missing(
                    file: folder.file(segment: next),
                    sequences: next...max(next, (following ?? head.position.sequence + 1) - 1))
            }
            segment = next
            begin = nil
        }
    }

    /// Whether a batch ends at exactly this place, with this chain.
    public func contains(_ position: LogPosition) throws(StoreError) -> Bool {
        guard let head, position.sequence <= head.position.sequence else { return false }
        if position == head.position { return true }
        let file = folder.file(segment: position.segmentFirst)
        guard let status = try onDisk({ () throws(DiskError) in
            try folder.disk.status(of: file)
        }), position.end <= status.size, position.end > Batch.fixedTailBytes else { return false }
        let start = max(0, position.end - LogFolder.commitLineBytesMax)
        let bytes = try onDisk { () throws(DiskError) in
            try folder.disk.open(file, for: .reading)
                .read(at: start, count: position.end - start)
        }
        guard bytes.count == position.end - start, bytes.last == 0x0A else { return false }
        let before = bytes.dropLast().lastIndex(of: 0x0A) ?? -1
        var front = FieldReader(bytes, before + 1..<bytes.count)
        var tail = FieldReader(bytes, max(0, bytes.count - 75)..<bytes.count)
        return front.literal("{\"commit\":\(position.sequence),")
            && tail.literal(",\"sha\":\"\(hex(position.sha))\"}\n")
    }

    /// The batches behind the one that ends with this chain, in hexadecimal digits, oldest first; `nil`: none does. One that
    /// was acknowledged once is always there, unless the log was put back to an earlier time. Found at once where it is
    /// the last.
    public func commits(after chain: String) throws(StoreError) -> [Commit]? {
        guard let head else { return nil }
        if hex(head.position.sha) == chain { return [] }
        let listed = try folder.segments()
        var later: [Commit] = []
        for segment in listed.reversed() where segment <= head.position.segmentFirst {
            let commits = try batches(segment, among: listed, of: head).commits
            if let place = commits.firstIndex(where: { hex($0.position.sha) == chain }) {
                return commits[(place + 1)...] + later
            }
            later = commits + later
        }
        return nil
    }

    /// How many bytes the segments have; what is reserved by this is taken only where it is used, but one byte too
    /// little and all of it is copied once more.
    func byteCount() throws(StoreError) -> Int {
        guard head != nil else { return 0 }
        var count = 0
        for segment in try folder.segments() {
            count += try onDisk { () throws(DiskError) in
                try folder.disk.status(of: folder.file(segment: segment))?.size ?? 0
            }
        }
        return count
    }

    /// How many segments there are.
    public func segmentCount() throws(StoreError) -> Int {
        head == nil ? 0 : try folder.segments().count
    }

    /// When the store was begun: the instant of its first event, which is its first run's; `nil` when
    /// nothing was recorded. Read from the first lines alone: a first run may have brought megabytes.
    public func begun() throws(StoreError) -> Instant? {
        guard head != nil else { return nil }
        let file = folder.file(segment: 1)
        // That it is missing is found by who reads it.
        let bytes = try onDisk { () throws(DiskError) -> [UInt8] in
            guard try folder.disk.status(of: file) != nil else { return [] }
            return try folder.disk.open(file, for: .reading).read(at: 0, count: LogFolder.commitLineBytesMax)
        }
        guard let feed = bytes.firstIndex(of: 0x0A) else { return nil }
        var fields = FieldReader(bytes, (feed + 1)..<bytes.count)
        guard fields.literal("{\"seq\":1,\"at\":\"") else { return nil }
        return fields.instant()
    }

    /// The batch that recorded the event `sequence`; `nil` when there is none yet.
    public func position(batchHolding sequence: Int) throws(StoreError) -> Commit? {
        guard let head, sequence >= 1, sequence <= head.position.sequence else { return nil }
        let listed = try folder.segments()
        guard let segment = listed.last(where: { $0 <= sequence }) else {
            throw .missing(file: folder.file(segment: 1), sequences: 1...sequence)
        }
        let read = try batches(segment, among: listed, of: head)
        return read.commits.first { $0.sequences.contains(sequence) }
    }

    /// The last batch that ends before the event `sequence`; `nil`: that event is in the first.
    public func lastCommit(before sequence: Int) throws(StoreError) -> Commit? {
        guard let head else { return nil }
        let holding = try position(batchHolding: min(sequence, head.position.sequence))
        guard let holding, holding.sequences.lowerBound > 1 else { return nil }
        return try position(batchHolding: holding.sequences.lowerBound - 1)
    }

    /// The last batch whose effective time is not after `time`; `nil` when all are.
    ///
    /// Effective is the smallest `at` of a batch and all later ones (STORE section 3): a clock that
    /// once said 2099 is mended by the next good run. So effective times never fall, and the walk
    /// goes from the end to the first batch that is early enough.
    public func lastCommit(notAfter time: Instant) throws(StoreError) -> Commit? {
        guard let head else { return nil }
        let listed = try folder.segments()
        for segment in listed.reversed() where segment <= head.position.segmentFirst {
            let read = try batches(segment, among: listed, of: head)
            // The smallest `at` from here on is not after `time` exactly when this one's is:
            // later ones were all found to be after it.
            if let found = read.commits.last(where: { $0.at <= time }) { return found }
        }
        return nil
    }

    /// The effective times of consecutive batches, the last of which is the log's last.
    public static func effectiveTimes(_ commits: [Commit]) -> [Instant] {
        var times = commits.map(\.at)
        for index in times.indices.dropLast().reversed() {
            times[index] = min(times[index], times[index + 1])
        }
        return times
    }

    private func batches(
        _ segment: Int, among listed: [Int], of head: Head
    ) throws(StoreError) -> SegmentBatches {
        if segment == head.position.segmentFirst { return try folder.tail(of: head) }
        let following = listed.first { $0 > segment } ?? segment + 1
        return try folder.batches(segment: segment, last: following - 1, end: nil)
    }
}
