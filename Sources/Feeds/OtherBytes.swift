/// What is neither text nor a feed, by its first bytes.
enum OtherBytes {
    static func error(_ bytes: [UInt8]) -> FeedError? {
        for (mark, kind) in packed where bytes.starts(with: mark) { return .packed(kind: kind) }
        for (mark, kind) in files where bytes.starts(with: mark) { return .otherFile(kind: kind) }
        return nil
    }

    /// Of those that compress, and of archives. Brotli has no mark.
    private static let packed: [(mark: [UInt8], kind: String)] = [
        ([0x1F, 0x8B], "gzip data"), ([0x50, 0x4B, 0x03, 0x04], "a zip archive"), (Array("BZh91AY&SY".utf8), "bzip2 data"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz data"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd data"),
    ]

    private static let files: [(mark: [UInt8], kind: String)] = [
        (Array("%PDF-1.".utf8), "a PDF document"), ([0x89, 0x50, 0x4E, 0x47], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"), (Array("GIF87a".utf8), "a GIF image"),
        (Array("GIF89a".utf8), "a GIF image"),
    ]
}
