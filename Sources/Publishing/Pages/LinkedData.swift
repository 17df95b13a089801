import Catalogue
import Formats

/// The same items for search engines: schema.org as JSON-LD, in a data block that no browser runs
/// (`specs/widget.md` section 5).
enum LinkedData {
    static func script(_ items: [Item], _ site: Site) -> String {
        var list: [JSONValue] = []
        for item in items {
            list.append(
                .object([
                    JSONMember("@type", .string("ListItem")),
                    JSONMember("position", .integer(Int64(list.count + 1))),
                    JSONMember("item", .object(thing(item, site))),
                ]))
        }
        let document = JSONValue.object([
            JSONMember("@context", .string("https://schema.org")),
            JSONMember("@type", .string("ItemList")),
            JSONMember("name", .string(site.title)),
            JSONMember("itemListElement", .array(list)),
        ])
        let json = Markup.escapedForScript(JSONWriter.compact(document))
        return "<script type=\"application/ld+json\">\(json)</script>\n"
    }

    /// A rated work is a review, any other the bare work.
    private static func thing(_ item: Item, _ site: Site) -> [JSONMember] {
        guard let rating = item.rating else { return work(item, site) }
        var members = [JSONMember("@type", .string("Review"))]
        let author = site.authorName.isEmpty ? site.title : site.authorName
        members.append(JSONMember("author", person(author, site.authorURL)))
        if !item.day.isEmpty { members.append(JSONMember("datePublished", string(item.day))) }
        members.append(
            JSONMember(
                "reviewRating",
                .object([
                    JSONMember("@type", .string("Rating")),
                    JSONMember("ratingValue", Stars.json(rating.value)),
                    JSONMember("bestRating", Stars.json(rating.best)),
                    JSONMember("worstRating", .integer(0)),
                ])))
        members.append(JSONMember("itemReviewed", .object(work(item, site))))
        return members
    }

    private static func work(_ item: Item, _ site: Site) -> [JSONMember] {
        var members = [JSONMember("@type", type(item.kind)), JSONMember("name", string(item.title))]
        if !item.creator.isEmpty {
            members.append(
                JSONMember(creatorName(item.kind), person(String(decoding: item.creator, as: UTF8.self), nil)))
        }
        if !item.year.isEmpty {
            members.append(
                JSONMember(item.kind == .movie ? "dateCreated" : "datePublished", string(item.year)))
        }
        for identifier in item.identifiers where identifier.name == "isbn13" {
            members.append(JSONMember("isbn", .string(identifier.value)))
        }
        if !item.cover.address.isEmpty { members.append(JSONMember("image", string(item.cover.address))) }
        if !item.link.isEmpty { members.append(JSONMember("url", string(item.link))) }
        return members
    }

    private static func string(_ text: [UInt8]) -> JSONValue { .string(String(decoding: text, as: UTF8.self)) }

    private static func person(_ name: String, _ url: String?) -> JSONValue {
        var members = [JSONMember("@type", .string("Person")), JSONMember("name", .string(name))]
        if let url { members.append(JSONMember("url", .string(url))) }
        return .object(members)
    }

    private static func type(_ kind: Kind?) -> JSONValue {
        switch kind {
        case .book: .string("Book")
        case .movie: .string("Movie")
        case .tv: .string("TVSeries")
        case .game: .array([.string("VideoGame"), .string("SoftwareApplication")])
        case .article: .string("Article")
        case .podcast: .string("PodcastEpisode")
        case .music: .string("MusicAlbum")
        case nil: .string("CreativeWork")
        }
    }

    private static func creatorName(_ kind: Kind?) -> String {
        switch kind {
        case .movie: "director"
        case .music: "byArtist"
        case .book, .tv, .game, .article, .podcast, nil: "author"
        }
    }
}
