/// How much of a document is read (specs/feed-parsing.md R11). Above the first two it is refused as
/// a whole, for half a feed looks like one that lost its entries; the others only bound one entry.
public struct FeedLimits: Equatable, Sendable {
    /// 16 MiB: the largest honest feed known is a podcast's of 11 MB.
    public var inputBytesMax = 16 << 20
    /// Twice what a full history of one logger's life fills; a feed holds ten to a hundred.
    public var entriesMax = 32_768
    /// A field is cut off here: 1 MB is a novel.
    public var fieldBytesMax = 1_000_000
    /// Further categories of an entry are left out, and enclosures likewise.
    public var listMax = 64

    public static let standard = FeedLimits()

    public init() {}
}
