import Catalogue
import Formats

/// A finish as the pages show it: texts cleaned, addresses checked, dates chosen. Every page takes what
/// it needs from here, so that no two of them differ.
struct Item {
    let standing: Standing
    let urn: String
    /// Season and episode included.
    let title: String
    let creator: String
    let kind: Kind?
    let link: String?
    /// Whether `link` is a page of the site itself.
    let isOwn: Bool
    let cover: Cover?
    /// HTML of the short list only.
    let review: String?
    let stars: String

    /// A picture, and where it lies.
    struct Cover: Equatable {
        /// Relative to the published directory for a copy, else a web address.
        var source: String
        var isCopy: Bool
        /// In pixels; 0: not known.
        var width: Int
        var height: Int
    }

    init(_ standing: Standing, _ site: Site) {
        let finish = standing.finish
        self.standing = standing
        urn = UUID8.urn(of: "colophon:" + standing.id.text)
        title = Item.title(of: finish, site.words)
        creator = Markup.visibleLine(finish.creator ?? "")
        kind = finish.kind
        link = Link.web(finish.url)
        isOwn = link.map(site.isOwn) ?? false
        cover = Item.cover(of: standing, site.covers)
        review = finish.review.map { ReviewHTML.reduced($0) }.flatMap { $0.isEmpty ? nil : $0 }
        stars = finish.rating.map { Stars.text($0) } ?? ""
    }

    var finish: Finish { standing.finish }

    /// The instant, else noon of the day, else first sight (PRODUCT section 7). A day that has not begun
    /// anywhere on earth when the event was recorded is a mistake and counts as the event's (section 6).
    var published: Instant {
        if let instant = finish.instant { return instant }
        guard let day = finish.day else { return standing.firstSight }
        let today = Day(of: standing.firstSight)
        return today.days(to: day) > 1 ? today.noon : day.noon
    }

    /// `Piranesi by Susanna Clarke ★★★★½`
    func summary(_ words: Words) -> String {
        var text = title
        if !creator.isEmpty { text += " " + words.by + " " + creator }
        if !stars.isEmpty { text += " " + stars }
        return text
    }

    /// With the season and episode, unless the title names them itself.
    static func title(of finish: Finish, _ words: Words) -> String {
        var title = Markup.visibleLine(finish.title)
        if title.isEmpty { title = words.untitled }
        guard finish.season != nil || finish.episode != nil else { return title }
        let lower = title.lowercased()
        if let season = finish.season, !lower.contains("season"), !lower.contains(words.season) {
            title += ", \(words.season) \(season)"
        }
        if let episode = finish.episode, !lower.contains("episode"), !lower.contains(words.episode) {
            title += ", \(words.episode) \(episode)"
        }
        return title
    }

    private static func cover(of standing: Standing, _ policy: Configuration.Covers) -> Cover? {
        switch policy {
        case .none: return nil
        case .copy:
            guard let saved = standing.cover, let name = name(of: saved) else { return nil }
            return Cover(source: name, isCopy: true, width: saved.width, height: saved.height)
        case .link:
            guard let address = Link.web(standing.finish.cover) else { return nil }
            return Cover(
                source: address, isCopy: false, width: standing.cover?.width ?? 0,
                height: standing.cover?.height ?? 0)
        }
    }

    static func name(of cover: SavedCover) -> String? {
        guard let suffix = suffix(of: cover.mediaType), bytes(hex: cover.sha256)?.count == 32
        else { return nil }
        return "covers/" + cover.sha256 + suffix
    }

    private static func suffix(of mediaType: String) -> String? {
        switch mediaType {
        case "image/jpeg": ".jpg"
        case "image/png": ".png"
        case "image/webp": ".webp"
        case "image/gif": ".gif"
        case "image/avif": ".avif"
        default: nil
        }
    }
}

/// A rating in writing.
enum Stars {
    /// Out of five, with the quarters that there are signs for: `★★★★½`. What does not come out even
    /// is given as it was stated: `8.7/10`.
    static func text(_ rating: Rating) -> String {
        let scaled = rating.value * 500
        guard scaled % rating.best == 0, scaled / rating.best % 25 == 0 else {
            return decimal(rating.value) + "/" + decimal(rating.best)
        }
        let hundredths = scaled / rating.best
        let part = ["", "¼", "½", "¾"][hundredths % 100 / 25]
        return String(repeating: "★", count: hundredths / 100) + part
    }

    /// Hundredths as a decimal without needless zeros: 425 is `4.25`, 400 is `4`.
    static func decimal(_ hundredths: Int) -> String {
        let fraction = hundredths % 100
        var text = String(hundredths / 100)
        if fraction > 0 {
            text += "." + String(fraction / 10)
            if fraction % 10 > 0 { text += String(fraction % 10) }
        }
        return text
    }

    static func json(_ hundredths: Int) -> JSONValue {
        hundredths % 100 == 0 ? .integer(Int64(hundredths / 100)) : .number(decimal(hundredths))
    }
}
