import Catalogue
import Formats

/// `feed.json` and its pages by year: JSON Feed 1.1, members in the order of `specs/json-feed.md`,
/// what is absent left out, bytes that depend on the state alone.
enum JSONFeed {
    /// - Parameter older: the name of the page that goes on where this one ends.
    static func document(_ items: [Item], _ site: Site, older: String?) -> [UInt8] {
        var json = Writer()
        json.bytes.reserveCapacity(1024 * (items.count + 1))
        json.raw("{\n  \"version\": \"https://jsonfeed.org/version/1.1\"")
        json.member(",\n  \"title\": ", site.title)
        json.member(",\n  \"home_page_url\": ", site.homePage)
        json.member(",\n  \"feed_url\": ", site.feed)
        json.member(",\n  \"next_url\": ", older.flatMap { site.address(of: $0 + ".json") })
        writeAuthor(site, to: &json)
        json.member(",\n  \"language\": ", site.language)
        json.raw(",\n  \"items\": [")
        for (place, item) in items.enumerated() {
            json.raw(place == 0 ? "\n" : ",\n")
            write(item, site, isFirst: place == 0, to: &json)
        }
        json.raw(items.isEmpty ? "]\n}\n" : "\n  ]\n}\n")
        return json.bytes
    }

    private static func writeAuthor(_ site: Site, to json: inout Writer) {
        var author = Writer()
        author.member(",\n      \"name\": ", site.authorName)
        author.member(",\n      \"url\": ", site.authorURL)
        author.member(",\n      \"avatar\": ", site.authorAvatar)
        guard !author.bytes.isEmpty else { return }
        json.raw(",\n  \"authors\": [\n    {")
        json.bytes.append(contentsOf: author.bytes.dropFirst())
        json.raw("\n    }\n  ]")
    }

    private static func write(_ item: Item, _ site: Site, isFirst: Bool, to json: inout Writer) {
        json.member("    {\n      \"id\": ", item.urn)
        // A page of the site is what readers open; anything else is what the item is about.
        json.member(item.isOwn ? ",\n      \"url\": " : ",\n      \"external_url\": ", item.link)
        json.member(",\n      \"title\": ", item.title)
        if let review = item.reviewForReaders(site.words) {
            json.member(",\n      \"content_html\": ", review)
        } else {
            json.member(",\n      \"content_text\": ", item.summary(site.words))
        }
        let cover = item.coverAddress(site)
        json.member(",\n      \"image\": ", cover)
        json.instant(",\n      \"date_published\": \"", item.published)
        json.instant(",\n      \"date_modified\": \"", item.standing.modified)
        if let kind = item.kind {
            json.member(",\n      \"tags\": [\n        ", kind.rawValue)
            json.raw("\n      ]")
        }
        json.raw(",\n      \"_colophon\": {\n        ")
        if isFirst {
            json.member("\"about\": ", about)
            json.raw(",\n        ")
        }
        writeFacts(item, cover ?? item.cover?.source, to: &json)
        json.raw("\n      }\n    }")
    }

    private static let about =
        "What is known of a finish: its id, kind (book, movie, tv, game, article, podcast, music), "
        + "title, creator, year, the day it was finished as precisely as known, rating with the best "
        + "one possible, repeat, cover and identifiers."

    /// PRODUCT section 7, `_colophon`: these members in this order.
    private static func writeFacts(_ item: Item, _ cover: String?, to json: inout Writer) {
        let finish = item.finish
        json.member("\"id\": ", item.standing.id.text)
        json.member(",\n        \"kind\": ", finish.kind?.rawValue)
        json.member(",\n        \"title\": ", Markup.clean(finish.title))
        json.member(",\n        \"creator\": ", finish.creator.map(Markup.clean))
        if let year = finish.year {
            json.raw(",\n        \"year\": ")
            json.raw(String(year))
        }
        json.member(",\n        \"finished\": ", finish.day?.description)
        if let rating = finish.rating {
            json.raw(",\n        \"rating\": {\n          \"value\": ")
            json.raw(Stars.decimal(rating.value))
            json.raw(",\n          \"best\": ")
            json.raw(Stars.decimal(rating.best))
            json.raw("\n        }")
        }
        if finish.isRepeat { json.raw(",\n        \"repeat\": true") }
        json.member(",\n        \"cover\": ", cover)
        for (place, identifier) in finish.identifiers.enumerated() {
            json.raw(place == 0 ? ",\n        \"identifiers\": {\n          " : ",\n          ")
            JSONWriter.write(identifier.name, to: &json.bytes)
            json.raw(": ")
            JSONWriter.write(identifier.value, to: &json.bytes)
        }
        if !finish.identifiers.isEmpty { json.raw("\n        }") }
    }

    /// As `JSONWriter.indented` would write the whole as one value: of ten thousand finishes building that
    /// took longer than writing it.
    private struct Writer {
        var bytes: [UInt8] = []

        mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

        /// Absent and empty values are left out, never written as null or "".
        /// - Parameter front: what stands before the value.
        mutating func member(_ front: String, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            raw(front)
            JSONWriter.write(text, to: &bytes)
        }

        mutating func instant(_ front: String, _ instant: Instant) {
            raw(front)
            instant.write(to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
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
