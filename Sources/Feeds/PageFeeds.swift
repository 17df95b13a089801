import Formats
import XML

/// The feeds that a page for people names in its head (HTML, link type "alternate").
public enum PageFeeds {
    private static let types = [
        "application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
    ]

    /// Absolute, http or https, each once, in the page's order.
    public static func addresses(in bytes: [UInt8], contentType: String?, address: String) -> [String] {
        let text = Decoding.decode(bytes, charset: contentType.flatMap(FeedReader.charset)).bytes
        var base = Base(WebAddress(address))
        var found: [String] = []
        for link in HTMLLinks.read(text) {
            guard let href = link.attributes["href"] else { continue }
            if link.element == "base" {
                base = base.entering(href)
                continue
            }
            let relations = (link.attributes["rel"] ?? "").lowercased().split { $0.isWhitespace }
            let type = Text.trimmed(String((link.attributes["type"] ?? "").lowercased().prefix { $0 != ";" }))
            guard relations.contains("alternate"), types.contains(type), let feed = base.resolve(href),
                Base.isWeb(feed), !found.contains(feed)
            else { continue }
            found.append(feed)
        }
        return found
    }
}
