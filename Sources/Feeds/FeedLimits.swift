import XML

/// How much of a document is read (specs/feed-parsing.md R11). Above the first two it is refused as
/// a whole, for half a feed looks like one that lost its entries; the others only bound one entry.
public struct FeedLimits: Equatable, Sendable {
    /// 16 MiB: the largest honest feed known is a podcast's of 11 MB.
    public var inputBytesMax = 16 << 20
    /// Above what a full history of one logger's life fills; a feed holds ten to a hundred. R11 has
    /// 10,000, and the public cases a feed of 20,001 that is to be read whole: this holds it.
    public var entriesMax = 32_768
    /// A field is cut off here: 1 MB is a novel.
    public var fieldBytesMax = 1_000_000
    /// Of a JSON Feed: objects, arrays, texts and numbers. Two dozen for each of `entriesMax` entries. Small
    /// objects with long names are the largest, and 16 MB of them were 118 MB beyond the document; R11 has 128.
    public var valuesMax = 800_000
    /// Different names of members in one JSON Feed, as many as XML may have: a feed has some dozens, and what each
    /// means is kept. A document with 900,000 took 244 MB.
    public var namesMax = XMLReader.namesMax
    /// Further categories of an entry are left out, and enclosures likewise.
    public var listMax = 64
    /// Of an entry, or of the feed, so many elements are looked at for persons: some name none.
    var personsReadMax: Int { listMax * 4 }
    /// Categories, persons and enclosures of all entries: six for each of `entriesMax`. Eight took 143 MB beyond the
    /// document, where R11 has 128.
    public var listedMax = 196_608
    /// What relative addresses may become longer by when they are made absolute, all of them.
    public var resolvedBytesMax = 16 << 20
    /// Of all titles what is read as HTML: a hundred bytes for each of `entriesMax`.
    public var titleMarkupBytesMax = 4 << 20

    public static let standard = FeedLimits()

    public init() {}

    /// That some of them state more, in words.
    func defects(of entries: [Entry]) -> [String] {
        guard entries.contains(where: \.isCutShort) else { return [] }
        return [
            "an entry states more than is read of one: \(fieldBytesMax) bytes of a field, \(listMax) categories and "
                + "\(listMax) enclosures"
        ]
    }

    /// For documents of so many bytes, with as many entries for their size as the standard allows.
    public func lifted(toBytes bytes: Int) -> FeedLimits {
        var lifted = self
        lifted.inputBytesMax = bytes
        let share = FeedLimits.standard.inputBytesMax / FeedLimits.standard.entriesMax
        lifted.entriesMax = max(entriesMax, bytes / share)
        lifted.valuesMax = max(valuesMax, bytes / share * 24)
        lifted.listedMax = max(listedMax, bytes / share * 6)
        lifted.resolvedBytesMax = max(resolvedBytesMax, bytes)
        lifted.titleMarkupBytesMax = max(titleMarkupBytesMax, bytes / 4)
        return lifted
    }
}
