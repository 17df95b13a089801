import Catalogue

/// How long a post may be on a network, in that network's own measure.
public enum PostLimit: Equatable {
    /// X: 280, as twitter-text counts (`specs/x-posting.md` section 7).
    case weighted
    /// Mastodon: grapheme clusters, each link 23 of them (`specs/mastodon-posting.md`, Length). That a
    /// mention counts without its server is left out: it only makes a post shorter.
    case characters(Int)
    /// Bluesky: 300 grapheme clusters and 3000 bytes of the text that is shown (`RichText`).
    case richText

    /// Of a server that does not say otherwise.
    public static let mastodonMax = 500
    private static let link = 23

    init(_ network: Configuration.Network) {
        switch network.name {
        case "mastodon": self = .characters(network.charactersMax ?? PostLimit.mastodonMax)
        case "bluesky": self = .richText
        default: self = .weighted
        }
    }

    func admits(_ text: String) -> Bool {
        switch self {
        case .weighted: return WeightedLength.of(text) <= WeightedLength.max
        case .characters(let max): return PostLimit.characters(text) <= max
        case .richText:
            let shown = RichText(text).text
            return shown.count <= RichText.textMax && shown.utf8.count <= RichText.bytesMax
        }
    }

    /// Here only what has a scheme is a link.
    static func characters(_ text: String) -> Int {
        var count = text.count
        let scalars = Array(text.unicodeScalars)
        for range in LinkFinder.links(in: scalars) where LinkFinder.hasScheme(scalars[range]) {
            count += link - String(String.UnicodeScalarView(scalars[range])).count
        }
        return count
    }
}
