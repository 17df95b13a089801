import Catalogue
import Formats

/// What pages say in words of their own. English is spoken; in another language the texts stay English,
/// marked as such, and dates take the one form that every language reads: `2026-11-20`.
struct Words {
    /// Of these words, for `lang`.
    let language = "en"
    /// Whether it is also the page's.
    let isOfPage: Bool
    private let putsMonthFirst: Bool

    let by = "by"
    /// Between a title and its creator.
    let byBetween = Array(" by ".utf8)
    let finished = "finished"
    let finishedAgain = "finished again"
    let untitled = "Untitled"
    let season = "season"
    let episode = "episode"
    let review = "Review"
    let reviewWithSpoilers = "Review (tells the end)"
    let nothingYet = "Nothing finished yet."

    /// - Parameter language: an RFC 5646 tag; empty: nobody says.
    init(language: String) {
        let tag = language.lowercased()
        isOfPage = tag.isEmpty || tag == "en" || tag.hasPrefix("en-")
        putsMonthFirst = tag == "en-us"
    }

    static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ]

    func month(_ month: Int) -> String {
        isOfPage ? Words.months[month - 1] : shortMonth(month)
    }

    /// Three letters, or two digits where the page does not speak our language.
    func shortMonth(_ month: Int) -> String {
        isOfPage ? String(Words.months[month - 1].prefix(3)) : (month < 10 ? "0" : "") + String(month)
    }

    /// No more precise than the day is known: `20 November 2026`, `November 2026`, `2026`.
    func date(_ day: Day) -> String {
        guard isOfPage, let month = day.month else { return day.description }
        let name = Words.months[month - 1]
        guard let number = day.day else { return "\(name) \(day.year)" }
        return putsMonthFirst ? "\(name) \(number), \(day.year)" : "\(number) \(name) \(day.year)"
    }

    func rated(_ rating: Rating) -> String {
        "Rated \(Stars.decimal(rating.value)) out of \(Stars.decimal(rating.best))"
    }

    /// One of a kind.
    func name(_ kind: Kind) -> String {
        switch kind {
        case .book: "book"
        case .movie: "film"
        case .tv: "series"
        case .game: "game"
        case .article: "article"
        case .podcast: "podcast"
        case .music: "album"
        }
    }

    /// Many of a kind; `nil`: of none that is known.
    func plural(_ kind: Kind?) -> String {
        switch kind {
        case .book: "books"
        case .movie: "films"
        case .tv: "series"
        case .game: "games"
        case .article: "articles"
        case .podcast: "podcasts"
        case .music: "albums"
        case nil: "others"
        }
    }

    func count(_ number: Int, _ kind: Kind?) -> String {
        guard number == 1 else { return "\(number) \(plural(kind))" }
        return "1 " + (kind.map(name) ?? "other")
    }
}
