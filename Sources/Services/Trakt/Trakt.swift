import Catalogue
import Feeds
import Formats

/// Trakt's history feed (SERVICES section 6): every entry is one play.
///
/// `id` is `tag:trakt.tv,2005:KIND/MEDIA/PLAY`; the title `NAME (YEAR)` for a film and `SHOW SxEE
/// "EPISODE"` for an episode; `published` the moment of watching. A season is never said to be
/// finished, so episodes count only where `count = "episode"` wants them.
///
/// Key: `trakt:play:PLAY`; a rewatch is a play of its own.
struct Trakt: Service {
    let name = "trakt"
    let displayName = "Trakt"
    let exportHint: String? = "Trakt: Settings → Data → Export now"
    let isWindowOrdered = false

    func owns(_ address: FeedAddress) -> Bool {
        address.matches("trakt.tv/users/*/history.atom")
            || address.matches("trakt.tv/users/*/history/*.atom")
    }

    func sign(in document: FeedDocument) -> String? {
        for entry in document.entries where entry.id.flatMap(Trakt.parts) != nil {
            return "id tag:trakt.tv…"
        }
        return nil
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        guard let (kind, media, play) = entry.id.flatMap(Trakt.parts) else {
            return .passed(
                Finish(title: Words.line(entry.title) ?? "", url: entry.link), because: "no play")
        }
        let keys = [Key("trakt:play:" + play)]
        let title = Words.line(entry.title) ?? ""
        var finish = Finish(title: title, cover: Trakt.cover(of: entry), url: entry.link)
        (finish.day, finish.instant) = page.moment(entry.published)
        switch kind {
        case "Movie":
            finish.kind = .movie
            (finish.title, finish.year) = TitleParts.year(atEndOf: title)
            finish.identifiers = [Identifier("traktMovie", media)]
            return .finished(finish, keys: keys)
        case "Episode":
            finish.kind = .tv
            finish.identifiers = [Identifier("traktEpisode", media)]
            if let (show, season, episode) = TitleParts.episode(title) {
                (finish.title, finish.season, finish.episode) = (show, season, episode)
            }
            guard page.counts("episode") else {
                return .passed(
                    finish, keys: keys, because: "a single episode; count = \"episode\" takes it")
            }
            return .finished(finish, keys: keys)
        default:
            return .passed(finish, keys: keys, because: "a play of a \(kind.lowercased())")
        }
    }

    /// `("Movie", "114335", "5344496814")`
    private static func parts(_ id: String) -> (kind: String, media: String, play: String)? {
        guard id.hasPrefix("tag:trakt.tv,"), let colon = id.lastIndex(of: ":") else { return nil }
        let parts = id[id.index(after: colon)...].split(separator: "/").map(String.init)
        guard parts.count == 3, Words.isNumber(parts[2]) else { return nil }
        return (parts[0], parts[1], parts[2])
    }

    private static func cover(of entry: Entry) -> String? {
        for name in ["content", "thumbnail"] {
            let media = entry.elements.first { $0.name == name && $0.attribute("url") != nil }
            if let address = Words.picture(media?.attribute("url")) { return address }
        }
        return nil
    }
}

/// What titles hold beside the name.
enum TitleParts {
    /// `("Fen", 2019)` of `Fen (2019)`.
    static func year(atEndOf title: String) -> (title: String, year: Int?) {
        guard title.hasSuffix(")"), let open = title.lastIndex(of: "("), open > title.startIndex
        else { return (title, nil) }
        let inside = title[title.index(after: open)...].dropLast()
        guard inside.count == 4, let year = Int(inside), year > 1000,
            let name = Words.line(String(title[..<open]))
        else { return (title, nil) }
        return (name, year)
    }

    /// `("Harbour Nine", 1, 5)` of `Harbour Nine 1x05 "Fog"`.
    static func episode(_ title: String) -> (show: String, season: Int, episode: Int)? {
        let words = title.split(separator: " ")
        for (index, word) in words.enumerated() where index > 0 {
            let halves = word.split(separator: "x")
            guard halves.count == 2, let season = Int(halves[0]), let episode = Int(halves[1])
            else {
                continue
            }
            return (words[..<index].joined(separator: " "), season, episode)
        }
        return nil
    }
}
