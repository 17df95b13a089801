/// Where a document that is cut off ends: in an entry or behind it. An element is put there, and what it stands in
/// when all is mended was open.
enum CutEnd {
    static let mark = "colophon-cut"

    /// The document with the mark at its end, in place of half a tag.
    static func marked(_ bytes: [UInt8]) -> [UInt8] {
        var end = bytes.count
        if let open = bytes.lastIndex(of: UInt8(ascii: "<")),
            !bytes[open...].contains(UInt8(ascii: ">"))
        {
            end = open
        }
        return bytes[..<end] + Array("<\(mark)/>".utf8)
    }
}
