import Formats

// The head: a small witness, replaced after the log is synced, that everything up to `end` was
// acknowledged. Before it any damage is corruption; after it there is at most one batch.
//
//     {"colophon":"head","format":1,"store":"<identity>","commit":2,"first":1,"end":712,
//      "sha":"<chain>","crc":"d4390cb7"}⏎           crc = CRC32C of all before `,"crc":"`

/// A place in the log between two batches: what a snapshot is bound to.
public struct LogPosition: Equatable, Sendable {
    /// The last sequence number before it.
    public var sequence: Int
    /// The first sequence number of the segment it is in, which names it.
    public var segmentFirst: Int
    /// In bytes from the segment's beginning: behind the commit line's line feed.
    public var end: Int
    /// The chain up to here, 32 bytes.
    public var sha: [UInt8]

    public init(sequence: Int, segmentFirst: Int, end: Int, sha: [UInt8]) {
        self.sequence = sequence
        self.segmentFirst = segmentFirst
        self.end = end
        self.sha = sha
    }
}

public struct Head: Equatable, Sendable {
    static let name = "head.json"
    static let format = 1

    /// The store's identity, 32 random bytes.
    public var store: [UInt8]
    public var position: LogPosition

    package init(store: [UInt8], position: LogPosition) {
        self.store = store
        self.position = position
    }

    /// The bytes of `head.json`.
    public var encoded: [UInt8] {
        var bytes = Array(
            """
            {"colophon":"head","format":\(Head.format),"store":"\(hex(store))",\
            "commit":\(position.sequence),"first":\(position.segmentFirst),\
            "end":\(position.end),"sha":"\(hex(position.sha))"
            """.utf8)
        let crc = CRC32C.checksum(bytes)
        bytes += Array(",\"crc\":\"\(hex(crc))\"}\n".utf8)
        return bytes
    }

    /// `file` is named in the error.
    static func read(_ bytes: [UInt8], file: String) throws(StoreError) -> Head {
        let tail = bytes.count - 19
        guard tail > 0, bytes.count <= 4096 else { throw .headDamaged(file: file) }
        var check = FieldReader(bytes, tail..<bytes.count)
        guard check.literal(",\"crc\":\""), let crc = check.checksum(), check.literal("\"}\n"),
            CRC32C.checksum(Array(bytes[..<tail])) == crc
        else { throw .headDamaged(file: file) }
        var fields = FieldReader(bytes, 0..<tail)
        guard fields.literal("{\"colophon\":\"head\",\"format\":"), let format = fields.integer()
        else { throw .headDamaged(file: file) }
        guard format == Head.format else { throw .newerFormat(file: file, format: format) }
        guard fields.literal(",\"store\":\""), let store = fields.hexadecimal(byteCount: 32),
            fields.literal("\",\"commit\":"), let sequence = fields.integer(),
            fields.literal(",\"first\":"), let first = fields.integer(),
            fields.literal(",\"end\":"), let end = fields.integer(),
            fields.literal(",\"sha\":\""), let sha = fields.hexadecimal(byteCount: 32),
            fields.literal("\""), fields.isAtEnd || fields.literal(","),
            first > 0, sequence >= first
        else { throw .headDamaged(file: file) }
        return Head(
            store: store,
            position: LogPosition(sequence: sequence, segmentFirst: first, end: end, sha: sha))
    }
}
