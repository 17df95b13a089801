/// One pass along the chain through a segment's bytes, up to the first thing that is wrong; of the last
/// segment up to where the log ends.
struct ChainWalk {
    let segment: Int
    let limit: Int
    /// Before the batch that is wrong, or behind the last; 0: the header is wrong.
    private(set) var offset = 0
    private(set) var next: Int
    private(set) var sha: [UInt8]
    private(set) var flaw: Flaw?
    /// Where it ends as far as anybody knows; `nil`: with its file.
    private let end: Int?

    init(_ bytes: [UInt8], _ segment: Int, after sha: [UInt8], _ extent: LogExtent) {
        self.segment = segment
        end = segment == extent.segmentFirst ? extent.end : nil
        limit = min(end ?? bytes.count, bytes.count, LogLimits.segmentBytesMax)
        next = segment
        self.sha = sha
        goOn(bytes)
    }

    /// From where it stopped, through bytes that are as many and were put right there.
    mutating func goOn(_ bytes: [UInt8]) {
        flaw = nil
        do throws(Flaw) {
            if offset == 0 {
                let header = try Segment.readHeader(bytes, to: limit)
                guard header.first == segment, header.previous == sha else {
                    throw Flaw(reason: .header, offset: 0)
                }
                offset = header.end
            }
            var reader = BatchReader(
                bytes, segmentFirst: segment, from: offset, to: limit, next: next, sha: sha, checksChain: true)
            while reader.offset < limit {
                _ = try reader.read()
                (offset, next, sha) = (reader.offset, reader.next, reader.sha)
            }
            if let end, limit < end { throw Flaw(reason: .cutOff, offset: limit) }
        } catch {
            flaw = error
        }
    }
}
