import Catalogue
import Formats

/// `feed.json` and its pages by year: JSON Feed 1.1, members in the order of `specs/json-feed.md`,
/// what is absent left out, bytes that depend on the state alone.
struct JSONFeed {
    private let site: Site
    private let frames = Frames()
    private var json = Writer()
    private var isEmpty = true

    /// - Parameters:
    ///   - older: the name of the page that goes on where this one ends.
    ///   - count: how many items are to come.
    init(_ site: Site, older: String?, count: Int) {
        self.site = site
        json.bytes.reserveCapacity(1024 * (count + 1))
        json.raw("{\n  \"version\": \"https://jsonfeed.org/version/1.1\"")
        json.member(",\n  \"title\": ", site.title)
        json.member(",\n  \"home_page_url\": ", site.homePage)
        json.member(",\n  \"feed_url\": ", site.feed)
        json.member(",\n  \"next_url\": ", older.flatMap { site.address(of: $0 + ".json") })
        writeAuthor()
        json.member(",\n  \"language\": ", site.language)
        json.raw(",\n  \"items\": [")
    }

    mutating func add(_ item: borrowing Item) {
        json.add(isEmpty ? frames.first : frames.next)
        json.add(item.urn)
        // A page of the site is what readers open; anything else is what the item is about.
        json.member(item.isOwn ? frames.url : frames.externalURL, item.link)
        json.add(item.link.isEmpty ? frames.titleAtOnce : frames.title)
        JSONWriter.write(item.title, to: &json.bytes)
        if item.review.isEmpty {
            json.add(frames.contentText)
            item.eachPartOfSummary(site.words) { JSONWriter.escape($0, to: &json.bytes) }
        } else {
            json.add(frames.contentHTML)
            item.eachPartOfReview(site.words) { JSONWriter.escape($0, to: &json.bytes) }
        }
        json.bytes.append(UInt8(ascii: "\""))
        json.member(frames.image, item.cover.address)
        json.add(frames.published)
        json.add(item.published)
        json.add(frames.modified)
        json.add(item.modified)
        json.add(frames.tags[Totals.place(of: item.kind)])
        if isEmpty { json.raw("\"about\": \"\(JSONFeed.about)\",\n        ") }
        writeFacts(item)
        json.add(frames.end)
        isEmpty = false
    }

    /// The whole document; the value must not be used afterwards.
    mutating func finish() -> [UInt8] {
        json.raw(isEmpty ? "]\n}\n" : "\n  ]\n}\n")
        return json.bytes
    }

    private mutating func writeAuthor() {
        var author = Writer()
        author.member(",\n      \"name\": ", site.authorName)
        author.member(",\n      \"url\": ", site.authorURL)
        author.member(",\n      \"avatar\": ", site.authorAvatar)
        guard !author.bytes.isEmpty else { return }
        json.raw(",\n  \"authors\": [\n    {")
        json.bytes.append(contentsOf: author.bytes.dropFirst())
        json.raw("\n    }\n  ]")
    }

    private static let about =
        "What is known of a finish: its id, kind (book, movie, tv, game, article, podcast, music), "
        + "title, creator, year, the day it was finished as precisely as known, rating with the best "
        + "one possible, repeat, cover and identifiers."

    /// PRODUCT section 7, `_colophon`: these members in this order.
    private mutating func writeFacts(_ item: borrowing Item) {
        json.member(frames.id, item.id)
        if item.kind != nil { json.add(frames.kinds[Totals.place(of: item.kind)]) }
        json.member(frames.fullTitle, item.fullTitle)
        json.member(frames.creator, item.fullCreator)
        if !item.year.isEmpty {
            json.add(frames.year)
            json.add(item.year)
        }
        json.member(frames.finished, item.day)
        if let rating = item.rating {
            json.add(frames.ratingValue)
            json.raw(Stars.decimal(rating.value))
            json.add(frames.ratingBest)
            json.raw(Stars.decimal(rating.best))
            json.raw("\n        }")
        }
        if item.isRepeat { json.raw(",\n        \"repeat\": true") }
        json.member(frames.cover, item.cover.address.isEmpty ? item.cover.source : item.cover.address)
        for (place, identifier) in item.identifiers.enumerated() {
            json.raw(place == 0 ? ",\n        \"identifiers\": {\n          " : ",\n          ")
            JSONWriter.write(identifier.name, to: &json.bytes)
            json.raw(": ")
            JSONWriter.write(identifier.value, to: &json.bytes)
        }
        if !item.identifiers.isEmpty { json.raw("\n        }") }
    }

    /// What stands around the values of an item, as bytes: it is written ten thousand times.
    private struct Frames {
        let first = Array("\n    {\n      \"id\": \"".utf8)
        let next = Array(",\n    {\n      \"id\": \"".utf8)
        let url = Array("\",\n      \"url\": ".utf8)
        let externalURL = Array("\",\n      \"external_url\": ".utf8)
        let title = Array(",\n      \"title\": ".utf8)
        let titleAtOnce = Array("\",\n      \"title\": ".utf8)
        let contentText = Array(",\n      \"content_text\": \"".utf8)
        let contentHTML = Array(",\n      \"content_html\": \"".utf8)
        let image = Array(",\n      \"image\": ".utf8)
        let published = Array(",\n      \"date_published\": \"".utf8)
        let modified = Array("\",\n      \"date_modified\": \"".utf8)
        /// By place in `Totals.kinds`, as `kinds`.
        let tags = Totals.kinds.map { kind in
            let tags = kind.map { ",\n      \"tags\": [\n        \"\($0.rawValue)\"\n      ]" } ?? ""
            return Array("\"\(tags),\n      \"_colophon\": {\n        ".utf8)
        }
        let id = Array("\"id\": ".utf8)
        let kinds = Totals.kinds.map { Array(",\n        \"kind\": \"\($0?.rawValue ?? "")\"".utf8) }
        let fullTitle = Array(",\n        \"title\": ".utf8)
        let creator = Array(",\n        \"creator\": ".utf8)
        let year = Array(",\n        \"year\": ".utf8)
        let finished = Array(",\n        \"finished\": ".utf8)
        let ratingValue = Array(",\n        \"rating\": {\n          \"value\": ".utf8)
        let ratingBest = Array(",\n          \"best\": ".utf8)
        let cover = Array(",\n        \"cover\": ".utf8)
        let end = Array("\n      }\n    }".utf8)
    }

    /// As `JSONWriter.indented` would write the whole as one value: of ten thousand finishes building that
    /// took longer than writing it.
    private struct Writer {
        var bytes: [UInt8] = []

        mutating func raw(_ text: String) { bytes.append(contentsOf: text.utf8) }

        mutating func add(_ text: [UInt8]) { bytes.append(contentsOf: text) }

        /// Absent and empty values are left out, never written as null or "".
        /// - Parameter front: what stands before the value.
        mutating func member(_ front: [UInt8], _ text: [UInt8]) {
            guard !text.isEmpty else { return }
            add(front)
            JSONWriter.write(text, to: &bytes)
        }

        mutating func member(_ front: String, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            raw(front)
            JSONWriter.write(text, to: &bytes)
        }
    }
}

extension Item {
    /// `Piranesi by Susanna Clarke ★★★★½`
    func eachPartOfSummary(_ words: Words, _ take: ([UInt8]) -> Void) {
        take(title)
        if !creator.isEmpty {
            take(words.byBetween)
            take(creator)
        }
        if !stars.isEmpty {
            take(Item.space)
            take(stars)
        }
    }

    private static let space = Array(" ".utf8)

    /// The review as feeds carry it: one that tells the end stays closed until it is asked for.
    func eachPartOfReview(_ words: Words, _ take: ([UInt8]) -> Void) {
        guard isSpoiler else { return take(review) }
        take(Array("<details><summary>\(words.reviewWithSpoilers)</summary>".utf8))
        take(review)
        take(Array("</details>".utf8))
    }
}
