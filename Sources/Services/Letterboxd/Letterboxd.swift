import Catalogue
import Feeds
import Formats
import XML

/// Letterboxd: the last fifty viewings of a member, then lists (SERVICES section 4).
///
/// | element | says |
/// |---|---|
/// | `guid` | `letterboxd-watch-N`, `-review-N`, `-list-N`: N is stable, the word before it is not |
/// | `letterboxd:filmTitle`, `filmYear` | the film; lists have none, and the year may come later |
/// | `letterboxd:watchedDate` | the day; missing for a review without a diary entry |
/// | `letterboxd:rewatch` | `Yes` for a rewatch |
/// | `letterboxd:memberRating` | 0.5 to 5.0, missing when unrated |
/// | `tmdb:movieId`, `tmdb:tvId` | the second makes it a series |
/// | `description` | poster, then the review or "Watched on …", a spoiler line before it |
///
/// Key: `letterboxd:viewing:N`. A rewatch has a number of its own, so its keys never repeat.
struct Letterboxd: Service {
    let name = "letterboxd"
    let displayName = "Letterboxd"
    let exportHint: String? = "Letterboxd: Settings → Data → Export your data"
    let isWindowOrdered = true

    func owns(_ address: FeedAddress) -> Bool {
        address.matches("letterboxd.com/*/rss") || Letterboxd.isWatchlist(address)
    }

    /// RSSHub's route (SERVICES section 11).
    private static func isWatchlist(_ address: FeedAddress) -> Bool {
        address.matches("*/letterboxd/*/watchlist")
    }

    func sign(in document: FeedDocument) -> String? {
        for entry in document.entries {
            if let id = entry.id, Letterboxd.number(of: id) != nil { return "guid \(id)" }
            if entry.text(of: "filmTitle", namespace: "https://letterboxd.com") != nil {
                return "element letterboxd:filmTitle"
            }
        }
        if let link = document.link.flatMap({ FeedAddress($0) }), link.matches("letterboxd.com/*") {
            return "channel link letterboxd.com"
        }
        return nil
    }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        guard address.isAt("letterboxd.com"), let user = address.segments.first,
            !Letterboxd.pages.contains(user)
        else { return nil }
        return ProfileFeed(
            name: "films",
            address: "https://letterboxd.com/" + PercentEncoding.encoded(user) + "/rss/",
            service: name, exportHint: exportHint)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let noun = entry.id.flatMap(Letterboxd.number(of:))
        guard let title = Words.line(entry.text(of: "filmTitle")) else {
            let keys = noun.map { [Key("letterboxd:\($0.noun):\($0.number)")] } ?? []
            let finish = Finish(title: Words.line(entry.title) ?? "", url: entry.link)
            if page.address.map(Letterboxd.isWatchlist) == true {
                return .passed(finish, because: "on the watchlist")
            }
            let reason = noun?.noun == "list" ? "a list" : "an item without a film"
            return .passed(finish, keys: keys, because: reason)
        }
        let description = LetterboxdDescription((entry.summary ?? entry.content)?.value ?? "")
        let series = Words.line(entry.text(of: "tvId"))
        let film = Words.line(entry.text(of: "movieId"))
        var identifiers: [Identifier] = []
        if let film { identifiers.append(Identifier("tmdbMovie", film)) }
        if let series { identifiers.append(Identifier("tmdbTv", series)) }
        let finish = Finish(
            kind: series == nil ? .movie : .tv, title: title,
            year: Words.year(entry.text(of: "filmYear")),
            day: Words.line(entry.text(of: "watchedDate")).flatMap { Day($0) },
            rating: Words.rating(entry.text(of: "memberRating"), best: 5),
            isRepeat: entry.text(of: "rewatch") == "Yes", review: description.review,
            spoiler: description.spoiler || entry.title?.hasSuffix("(contains spoilers)") == true,
            cover: description.poster, url: entry.link, identifiers: identifiers)
        return .finished(finish, keys: noun.map { [Key("letterboxd:viewing:" + $0.number)] } ?? [])
    }

    /// `("viewing", "844110986")` of `letterboxd-review-844110986`; a list is no viewing.
    private static func number(of id: String) -> (noun: String, number: String)? {
        for (word, noun) in [("watch", "viewing"), ("review", "viewing"), ("list", "list")] {
            let front = "letterboxd-" + word + "-"
            if id.hasPrefix(front), Words.isNumber(String(id.dropFirst(front.count))) {
                return (noun, String(id.dropFirst(front.count)))
            }
        }
        return nil
    }

    /// First parts of its addresses that are no member's name.
    private static let pages: Set = [
        "about", "activity", "apps", "contact", "film", "films", "journal", "legal", "list",
        "lists",
        "members", "pro", "search", "settings", "sign-in", "tag", "welcome", "year-in-review",
    ]
}

/// The HTML of a viewing: its poster, then a spoiler line, then the review or when it was watched.
struct LetterboxdDescription {
    private(set) var poster: String?
    private(set) var spoiler = false
    /// Reduced; `nil` when the member wrote nothing.
    private(set) var review: String?

    init(_ html: String) {
        let fragment = Fragment(html)
        var start = 0
        for range in fragment.leadingParagraphs {
            let text = fragment.text(range)
            let inside = fragment.tags.filter { range.contains($0.range.lowerBound) && !$0.isEnd }
            if start == 0, text.isEmpty, let image = inside.first(where: { $0.name == "img" }) {
                poster = Words.picture(image.value(of: "src").map { HTMLText.plain($0) })
            } else if !spoiler, text == "This review may contain spoilers." {
                spoiler = true
            } else if LetterboxdDescription.isWatchedLine(text) {
                start = range.upperBound
                break
            } else {
                break
            }
            start = range.upperBound
        }
        let rest = fragment.markup(from: start)
        guard !HTMLText.plain(rest).isEmpty else { return }
        review = HTMLReduction.visible(rest)
    }

    /// `Watched on Sunday May 24, 2026.`
    private static func isWatchedLine(_ text: String) -> Bool {
        let words = text.split(separator: " ")
        guard words.count == 6, words[0] == "Watched", words[1] == "on", words[2].hasSuffix("day"),
            words[4].last == ",", words[5].last == "."
        else { return false }
        return Words.isNumber(String(words[4].dropLast()))
            && Words.isNumber(String(words[5].dropLast()))
    }
}
