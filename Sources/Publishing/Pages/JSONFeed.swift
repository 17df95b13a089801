import Catalogue
import Formats

/// `feed.json` and its pages by year: JSON Feed 1.1, members in the order of `specs/json-feed.md`,
/// what is absent left out, bytes that depend on the state alone.
enum JSONFeed {
    /// - Parameter older: the name of the page that goes on where this one ends.
    static func document(_ items: [Item], _ site: Site, older: String?) -> [UInt8] {
        var members = [
            JSONMember("version", .string("https://jsonfeed.org/version/1.1")),
            JSONMember("title", .string(site.title)),
        ]
        add("home_page_url", site.homePage, to: &members)
        add("feed_url", site.feed, to: &members)
        add("next_url", older.flatMap { site.address(of: $0 + ".json") }, to: &members)
        var author: [JSONMember] = []
        add("name", site.authorName, to: &author)
        add("url", site.authorURL, to: &author)
        add("avatar", site.authorAvatar, to: &author)
        if !author.isEmpty { members.append(JSONMember("authors", .array([.object(author)]))) }
        add("language", site.language, to: &members)
        var values: [JSONValue] = []
        values.reserveCapacity(items.count)
        for item in items { values.append(json(item, site, isFirst: values.isEmpty)) }
        members.append(JSONMember("items", .array(values)))
        return JSONWriter.indented(.object(members))
    }

    private static func json(_ item: Item, _ site: Site, isFirst: Bool) -> JSONValue {
        var members = [JSONMember("id", .string(item.urn))]
        // A page of the site is what readers open; anything else is what the item is about.
        add(item.isOwn ? "url" : "external_url", item.link, to: &members)
        add("title", item.title, to: &members)
        if let review = item.reviewForReaders(site.words) {
            add("content_html", review, to: &members)
        } else {
            add("content_text", item.summary(site.words), to: &members)
        }
        add("image", item.coverAddress(site), to: &members)
        add("date_published", item.published.description, to: &members)
        add("date_modified", item.standing.modified.description, to: &members)
        if let kind = item.kind {
            members.append(JSONMember("tags", .array([.string(kind.rawValue)])))
        }
        members.append(JSONMember("_colophon", .object(facts(item, site, isFirst: isFirst))))
        return .object(members)
    }

    private static let about =
        "What is known of a finish: its id, kind (book, movie, tv, game, article, podcast, music), "
        + "title, creator, year, the day it was finished as precisely as known, rating with the best "
        + "one possible, repeat, cover and identifiers."

    /// PRODUCT section 7, `_colophon`: these members in this order.
    private static func facts(_ item: Item, _ site: Site, isFirst: Bool) -> [JSONMember] {
        let finish = item.finish
        var members: [JSONMember] = []
        if isFirst { add("about", about, to: &members) }
        add("id", item.standing.id.text, to: &members)
        add("kind", finish.kind?.rawValue, to: &members)
        add("title", Markup.clean(finish.title), to: &members)
        add("creator", finish.creator.map(Markup.clean), to: &members)
        if let year = finish.year { members.append(JSONMember("year", .integer(Int64(year)))) }
        add("finished", finish.day?.description, to: &members)
        if let rating = finish.rating {
            members.append(
                JSONMember(
                    "rating",
                    .object([
                        JSONMember("value", Stars.json(rating.value)),
                        JSONMember("best", Stars.json(rating.best)),
                    ])))
        }
        if finish.isRepeat { members.append(JSONMember("repeat", .bool(true))) }
        add("cover", item.coverAddress(site) ?? item.cover?.source, to: &members)
        if !finish.identifiers.isEmpty {
            let numbers = finish.identifiers.map { JSONMember($0.name, .string($0.value)) }
            members.append(JSONMember("identifiers", .object(numbers)))
        }
        return members
    }

    /// Absent and empty values are left out, never written as null or "".
    private static func add(_ name: String, _ text: String?, to members: inout [JSONMember]) {
        guard let text, !text.isEmpty else { return }
        members.append(JSONMember(name, .string(text)))
    }
}

extension Item {
    /// The cover as an address that holds outside the published directory, too.
    func coverAddress(_ site: Site) -> String? {
        guard let cover else { return nil }
        return cover.isCopy ? site.address(of: cover.source) : cover.source
    }

    /// The review as feeds carry it: one that tells the end stays closed until it is asked for.
    func reviewForReaders(_ words: Words) -> String? {
        guard let review else { return nil }
        guard finish.spoiler else { return review }
        return "<details><summary>\(words.reviewWithSpoilers)</summary>\(review)</details>"
    }
}
