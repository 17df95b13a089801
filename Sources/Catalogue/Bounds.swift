/// How large a finish may be (PRODUCT section 5, in UTF-8 bytes): it is bounded before it is decided,
/// so that no line of the log can reach its limit.
public enum Bounds {
    public static let titleMax = 1024
    public static let creatorMax = 1024
    public static let keyMax = 512
    public static let addressMax = 4096
    public static let reviewMax = 65_536
    public static let identifiersMax = 16
    public static let statedMax = 4096
    public static let passedOverStatedMax = 1024

    /// At most `max` bytes of a text, cut between two characters.
    public static func cut(_ text: String, to max: Int) -> String {
        guard text.utf8.count > max else { return text }
        var end = text.startIndex
        var count = 0
        for index in text.indices {
            let size = text[index].utf8.count
            guard count + size <= max else { break }
            count += size
            end = text.index(after: index)
        }
        return String(text[..<end])
    }
}

extension Finish {
    /// The same finish within its bounds; an address that is too long is absent, for half of one leads nowhere.
    public func bounded() -> Finish {
        var finish = self
        finish.title = Bounds.cut(title, to: Bounds.titleMax)
        finish.creator = creator.map { Bounds.cut($0, to: Bounds.creatorMax) }
        finish.review = review.map { Bounds.cut($0, to: Bounds.reviewMax) }
        finish.cover = cover.flatMap { $0.utf8.count <= Bounds.addressMax ? $0 : nil }
        finish.url = url.flatMap { $0.utf8.count <= Bounds.addressMax ? $0 : nil }
        finish.identifiers = Array(identifiers.prefix(Bounds.identifiersMax)).map {
            Identifier(
                Bounds.cut($0.name, to: Bounds.keyMax), Bounds.cut($0.value, to: Bounds.keyMax))
        }
        return finish
    }
}
