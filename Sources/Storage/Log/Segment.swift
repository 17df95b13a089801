import Formats

// A segment: a file of consecutive batches, named after its first sequence number, so that the
// next one's name follows from the last batch and no list of segments is needed.
//
//     {"colophon":"log","format":1,"first":1,"prev":"<chain before it>"}⏎   then batches
//
// It is published whole with its first batch: a segment without header and one committed batch
// never exists. It is sealed when its successor exists.

enum Segment {
    static let format = 1
    /// Of the header, in bytes from the segment's beginning. No checksum vouches for it.
    static let formatOffset = front.utf8.count
    private static let front = "{\"colophon\":\"log\",\"format\":"

    static func name(first: Int) -> String {
        let digits = String(first)
        return String(repeating: "0", count: 20 - digits.utf8.count) + digits + ".ndjson"
    }

    /// The first sequence number; `nil` for a name that is not a segment's.
    static func first(ofName name: String) -> Int? {
        guard name.hasSuffix(".ndjson"), let first = Int(name.dropLast(7)), first > 0,
            Segment.name(first: first) == name
        else { return nil }
        return first
    }

    /// The header line with its line feed.
    static func header(first: Int, previous: [UInt8]) -> [UInt8] {
        Array(
            """
            \(front)\(format),"first":\(first),"prev":"\(hex(previous))"}\n
            """.utf8)
    }

    struct Header: Equatable {
        var first: Int
        /// The chain before the segment, 32 bytes; of a store's first segment the store's identity.
        var previous: [UInt8]
        /// Where the first batch begins.
        var end: Int
    }

    static func readHeader(_ bytes: [UInt8], to end: Int) throws(Flaw) -> Header {
        let limit = min(end, 4096)
        guard let feed = bytes[..<limit].firstIndex(of: 0x0A) else {
            throw Flaw(reason: .header, offset: 0)
        }
        var fields = FieldReader(bytes, 0..<feed)
        guard let format = fields.literal(front) ? fields.integer() : nil, format >= Segment.format
        else { throw Flaw(reason: .header, offset: 0) }
        guard format == Segment.format else { throw Flaw(reason: .format(format), offset: 0) }
        guard fields.literal(",\"first\":"), let first = fields.integer(),
            fields.literal(",\"prev\":\""), let previous = fields.hexadecimal(byteCount: 32),
            fields.literal("\""), fields.literal("}") ? fields.isAtEnd : fields.literal(",")
        else { throw Flaw(reason: .header, offset: 0) }
        return Header(first: first, previous: previous, end: feed + 1)
    }
}
