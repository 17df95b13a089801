import Formats

/// A log that nothing mends as a whole, as it was found, segment by segment: proven, mended, or in pieces.
struct DamagedLog {
    /// A segment, proven parts and all.
    struct Part {
        var segment: Int
        /// `nil`: there is no such file.
        var own: [UInt8]?
        /// What is read: the same, or mended.
        var bytes: [UInt8]
        var replacement: LogRepair.Replacement?
        var stretches: [Stretch] = []
        /// Along the chain without a flaw: nothing has to be done to it.
        var isProven = false
        var lastSequence: Int
    }

    /// Events of which something has to be said, and the old chain behind them; empty where nobody knows it.
    struct Concern {
        var sequences: ClosedRange<Int>
        var sha: [UInt8]
    }

    private(set) var identity: [UInt8] = []
    var parts: [Part] = []
    /// Every place that the old chain names.
    private(set) var named: [(sequence: Int, sha: [UInt8])] = []
    private(set) var concerned: [Concern] = []

    private let folder: LogFolder
    private let repair: LogRepair
    private var head: Head?

    /// - Parameter newStore: 32 random bytes, for a store whose identity is lost as well.
    init(_ folder: LogFolder, _ repair: LogRepair, newStore: [UInt8]) throws(StoreError) {
        self.folder = folder
        self.repair = repair
        do throws(StoreError) {
            head = try folder.head()
        } catch {
            if case .headDamaged = error { head = nil } else { throw error }
        }
        let listed = try folder.segments()
        identity = head?.store ?? newStore
        if head == nil, let first = try folder.bytes(segment: 1),
            let header = try? Segment.readHeader(first, to: first.count)
        {
            identity = header.previous
        }
        let end = max(head?.position.sequence ?? 0, listed.last ?? 0)
        var segment = 1
        var old: [UInt8]? = identity
        while segment <= end {
            let following = listed.first { $0 > segment }
            var part = try part(segment, old, listed, last: following.map { $0 - 1 } ?? head?.position.sequence)
            // Only what nobody acknowledged is left.
            if part.stretches.isEmpty { break }
            let limit = part.bytes.count
            for stretch in part.stretches {
                switch stretch {
                case .whole(let batch):
                    part.lastSequence = batch.commit.sequences.upperBound
                    check(batch, in: part.bytes, after: old)
                    old = batch.commit.position.sha
                    named.append((part.lastSequence, batch.commit.position.sha))
                case .damaged(let stretch):
                    guard let sequences = stretch.sequences else { continue }
                    // Bytes that end whole say themselves where the segment ends: a file may be missing.
                    let isLast = following == nil && head?.position.segmentFirst ?? 0 <= segment
                    if stretch.bytes.isEmpty, limit > 0, !isLast { continue }
                    part.lastSequence = sequences.upperBound
                    old = stretch.sha ?? following.flatMap { stated(before: $0, sequences.upperBound) }
                    concerned.append(Concern(sequences: sequences, sha: old ?? []))
                    if let old { named.append((sequences.upperBound, old)) }
                }
            }
            segment = part.lastSequence + 1
            parts.append(part)
        }
    }

    /// The chain before a segment, as its header says.
    private func stated(before segment: Int, _ last: Int) -> [UInt8]? {
        guard segment == last + 1, let bytes = try? folder.bytes(segment: segment) else { return nil }
        return try? Segment.readHeader(bytes, to: bytes.count).previous
    }

    private func part(
        _ segment: Int, _ old: [UInt8]?, _ listed: [Int], last: Int?
    ) throws(StoreError) -> Part {
        let own = try folder.bytes(segment: segment)
        var part = Part(segment: segment, own: own, bytes: own ?? [], lastSequence: max(segment, last ?? 0))
        if let extent = head.map({ LogExtent($0) }) {
            if let replacement = try replacement(for: own, segment, old, extent, listed) {
                part.replacement = replacement
                part.bytes = replacement.good
            }
            if let old {
                let walk = ChainWalk(part.bytes, segment, after: old, extent)
                part.isProven = walk.flaw == nil && walk.next > segment
            }
        }
        part.stretches = Salvage(bytes: part.bytes, segment: segment).stretches(last: last)
        return part
    }

    /// What mends a segment along the chain, or else along the one that it begins with itself: what stood before it
    /// may have been made anew by a run that died before it came here.
    private func replacement(
        for own: [UInt8]?, _ segment: Int, _ old: [UInt8]?, _ extent: LogExtent, _ listed: [Int]
    ) throws(StoreError) -> LogRepair.Replacement? {
        let header = own.flatMap { try? Segment.readHeader($0, to: $0.count) }
        let stated = header?.first == segment ? header?.previous : nil
        let chains = [old, stated == old ? nil : stated].compactMap(\.self)
        if let own, chains.contains(where: { ChainWalk(own, segment, after: $0, extent).flaw == nil }) { return nil }
        for sha in chains {
            if let found = try repair.replacement(for: own, segment, sha, extent, listed) { return found }
        }
        return nil
    }

    /// A batch that is whole and yet not what the chain says was put there by somebody else.
    private mutating func check(_ batch: WholeBatch, in bytes: [UInt8], after old: [UInt8]?) {
        guard let old, let first = batch.lines.first else { return }
        let body = first.lowerBound..<batch.front.upperBound
        if Batch.chain(after: old, bytes, body) != batch.commit.position.sha {
            concerned.append(Concern(sequences: batch.commit.sequences, sha: batch.commit.position.sha))
        }
    }
}
