import Catalogue
import Feeds
import Formats
import XML

/// Backloggd's reviews (SERVICES section 6). Whether a game was completed is not told; a review is
/// taken for it, and a game without one is not in the feed.
///
/// | element | says |
/// |---|---|
/// | `guid` | `backloggd-review-N`, stable |
/// | `title` | `NAME (YEAR) - ★★★★` |
/// | `backloggd:user_rating` | 1 to 10, 0 for none; the prefix may be undeclared |
/// | `pubDate` | of the review |
/// | `image/url` | the cover |
struct Backloggd: Service {
    let name = "backloggd"
    let displayName = "Backloggd"

    func owns(_ address: FeedAddress) -> Bool { address.matches("backloggd.com/u/*/reviews/rss") }

    func sign(in document: FeedDocument) -> String? {
        for entry in document.entries where entry.id?.hasPrefix(Backloggd.front) == true {
            return "guid \(Backloggd.front)…"
        }
        return nil
    }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        guard address.matches("backloggd.com/u/*/**"), address.segments.count > 1 else {
            return nil
        }
        let user = PercentEncoding.encoded(address.segments[1])
        return ProfileFeed(
            name: "games", address: "https://backloggd.com/u/\(user)/reviews/rss/", service: name)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let line = Words.line(entry.title) ?? ""
        var name = line
        var stars: Rating?
        if let cut = TitleCut.last(" - ", in: line), let rating = Words.stars(cut.back[...]) {
            (name, stars) = (cut.front, rating)
        }
        let (title, year) = TitleParts.year(atEndOf: name)
        let body = EntryBody(entry)
        var finish = Finish(
            kind: .game, title: title, year: year,
            rating: Words.rating(entry.text(of: "user_rating"), best: 10) ?? stars,
            review: body.review, cover: Words.picture(entry.text(of: "image/url")), url: entry.link)
        (finish.day, finish.instant) = page.moment(entry.published)
        var keys: [Key] = []
        if let id = entry.id, id.hasPrefix(Backloggd.front) {
            keys = [Key("backloggd:review:" + id.dropFirst(Backloggd.front.count))]
        }
        return .finished(finish, keys: keys)
    }

    private static let front = "backloggd-review-"
}
