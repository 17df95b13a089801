/// What all entries of one document may hold together that it does not hold itself: each is within its limits, and many
/// of them are a hundred times the document.
final class FeedRoom {
    private var resolvedBytesLeft: Int
    private var listedLeft: Int
    private var markupBytesLeft: Int
    private(set) var isExhausted = false

    init(_ limits: FeedLimits) {
        resolvedBytesLeft = limits.resolvedBytesMax
        listedLeft = limits.listedMax
        markupBytesLeft = limits.titleMarkupBytesMax
    }

    var hasRoomToList: Bool { listedLeft > 0 }

    /// An address of any scheme, resolved; `nil` too where there is no room for it.
    func resolve(_ text: String, _ base: Base) -> String? {
        guard let text = Text.name(text) else { return nil }
        guard resolvedBytesLeft > 0 || Base.isWeb(text) else {
            isExhausted = true
            return nil
        }
        let address = base.resolve(text)
        if let address { resolvedBytesLeft -= max(address.utf8.count - text.utf8.count, 0) }
        return address
    }

    /// The same of the web.
    func link(_ text: String, _ base: Base) -> String? {
        resolve(text, base).flatMap(Base.link)
    }

    /// Leaves an entry its lists, or none of them when there is no room for all.
    func bound(_ entry: inout Entry) {
        let count = entry.categories.count + entry.enclosures.count + entry.authors.count
        if count > listedLeft {
            listedLeft = 0
            isExhausted = true
            (entry.categories, entry.enclosures, entry.authors) = ([], [], [])
        }
        listedLeft = max(0, listedLeft - count)
    }

    /// Whether so much of a title may be read as HTML.
    func takes(markup bytes: Int) -> Bool {
        if bytes > markupBytesLeft {
            isExhausted = true
            return false
        }
        markupBytesLeft -= bytes
        return true
    }

    /// That there was none left, in words.
    var defects: [String] {
        isExhausted ? ["its entries have more categories, addresses or markup than are read of all together"] : []
    }
}
