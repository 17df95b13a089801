import Formats

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

    /// A name by which we meet something again: over 512 bytes its `sha256:` and hex.
    public static func key(_ text: String) -> String {
        text.utf8.count > keyMax ? "sha256:" + SHA256.hexDigest(of: text) : text
    }

    /// At most `max` bytes of a text, cut between two characters; between two scalars where the first
    /// character alone is longer (a letter under a thousand accents), so that something is left.
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
        guard end == text.startIndex else { return String(text[..<end]) }
        var start = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= max else { break }
            start.append(scalar)
        }
        return String(start)
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

extension Sighting {
    /// The same sighting within its bounds.
    func bounded() -> Sighting {
        var sighting = self
        sighting.finish = finish.bounded()
        sighting.entry = Bounds.key(entry)
        sighting.stated = Stated.bounded(stated, to: Bounds.statedMax)
        return sighting
    }
}

extension Passed {
    func bounded() -> Passed {
        var passed = self
        passed.entry = Bounds.key(entry)
        passed.title = Bounds.cut(title, to: Bounds.titleMax)
        passed.stated = Stated.bounded(stated, to: Bounds.passedOverStatedMax)
        return passed
    }
}

extension Stated {
    /// As many elements from the front as fit.
    static func bounded(_ list: [Stated], to max: Int) -> [Stated] {
        var count = 0
        for (index, element) in list.enumerated() {
            count += element.name.utf8.count + element.text.utf8.count
            if count > max { return Array(list[..<index]) }
        }
        return list
    }
}

extension UTF8 {
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int { String(scalar).utf8.count }
}
