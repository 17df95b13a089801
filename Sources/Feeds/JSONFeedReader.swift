import Formats
import XML

/// JSON Feed 1.0 and 1.1 (specs/json-feed.md §6): what has the wrong type is left out, a field at a
/// time, never the document.
struct JSONFeedReader {
    private let base: Base
    private let limits: FeedLimits
    private let room: FeedRoom
    private var elements = JSONElements()

    private init(_ base: Base, _ limits: FeedLimits) {
        self.base = base
        self.limits = limits
        room = FeedRoom(limits)
    }

    static func read(
        _ decoded: DecodedText, base: Base, limits: FeedLimits
    ) throws(FeedError) -> FeedDocument {
        var reader = JSONFeedReader(base, limits)
        let root: JSONValue
        do {
            root = try JSONReader.read(decoded.bytes, valuesMax: limits.valuesMax)
        } catch {
            if let document = try reader.loose(decoded, error) { return document }
            throw .brokenJSON(line: error.line, found: error.found, expected: error.expected)
        }
        guard let document = try reader.document(root, decoded, slips: []) else { throw .otherJSON }
        return document
    }

    /// One with slips, as far as it can be read; `nil` when that is no feed.
    private mutating func loose(
        _ decoded: DecodedText, _ error: SyntaxError
    ) throws(FeedError) -> FeedDocument? {
        guard let reading = LooseJSON.read(decoded.bytes, valuesMax: limits.valuesMax) else { return nil }
        var slips: [String] = []
        if reading.cutLine == nil || error.found != "the end of the document" {
            slips.append("line \(error.line): found \(error.found), expected \(error.expected)")
        }
        if let line = reading.cutLine { slips.append("line \(line): " + RepairedText.Fault.cutOff.rawValue) }
        return try document(reading.value, decoded, slips: slips, isCutInItem: reading.isCutInItem)
    }

    private mutating func document(
        _ root: JSONValue, _ decoded: DecodedText, slips: [String], isCutInItem: Bool = false
    ) throws(FeedError) -> FeedDocument? {
        let stated = JSONFeedReader.text(root["version"])
        let statedVersion = stated.flatMap(JSONFeedReader.version)
        guard let version = statedVersion ?? (JSONFeedReader.isFeed(root) ? "json11" : nil) else { return nil }
        var document = FeedDocument(format: .json, version: version, encoding: decoded.encoding)
        document.defects = (decoded.defect.map { [$0] } ?? []) + slips
        if statedVersion == nil { document.defects.append("a JSON Feed that does not say so in its version") }
        head(root, &document)
        guard let items = root["items"]?.arrayValue else {
            let isNone = root["items"] == nil
            // Of one that is cut off they may have come later.
            if slips.isEmpty || !isNone { document.defects.append(isNone ? "it has no items" : "its items are no list") }
            document.malformed = !document.defects.isEmpty
            return document
        }
        guard items.count <= limits.entriesMax else {
            throw .tooManyEntries(entriesMax: limits.entriesMax)
        }
        for item in items {
            let entry = entry(item)
            document.lastEntryIsCut = isCutInItem && entry != nil
            if let entry { document.entries.append(entry) }
            elements.give(to: &document.entries, isLast: false)
        }
        elements.give(to: &document.entries, isLast: true)
        let dropped = items.count - document.entries.count
        if dropped > 0 { document.defects.append("\(dropped) of \(items.count) items have no id, and are left out") }
        document.malformed = !document.defects.isEmpty
        document.defects += limits.defects(of: document.entries) + room.defects
        EntryKeys.compare(&document.entries)
        return document
    }

    private func head(_ root: JSONValue, _ document: inout FeedDocument) {
        document.title = JSONFeedReader.line(root["title"])
        document.subtitle = JSONFeedReader.text(root["description"]).map { Body($0, isHTML: false) }
        document.link = link(root["home_page_url"])
        document.id = JSONFeedReader.text(root["feed_url"])
        document.language = JSONFeedReader.text(root["language"])
        document.authors = authors(root)
        document.nextURL = link(root["next_url"])
        if let feed = link(root["feed_url"]) {
            document.links.append(Link(rel: "self", href: feed, type: "application/feed+json"))
        }
        if let next = document.nextURL { document.links.append(Link(rel: "next", href: next)) }
        for hub in (root["hubs"]?.arrayValue ?? []).prefix(limits.listMax) {
            if let url = link(hub["url"]) { document.links.append(Link(rel: "hub", href: url)) }
        }
    }

    /// `https://jsonfeed.org/version/1.1`; with http, and with a slash at the end, as well.
    private static func version(_ text: String) -> String? {
        guard let range = text.firstRange(of: "jsonfeed.org/version/1") else { return nil }
        return text[range.upperBound...].hasPrefix(".1") ? "json11" : "json10"
    }

    /// Without a version that says so: items that are known again, and have something to say.
    private static func isFeed(_ root: JSONValue) -> Bool {
        (root["items"]?.arrayValue ?? []).contains { item in
            text(item["id"]) != nil
                && ["url", "external_url", "title", "content_html", "content_text"].contains { text(item[$0]) != nil }
        }
    }

    private mutating func entry(_ item: JSONValue) -> Entry? {
        // Without an id an item cannot be known again, and is to be dropped.
        guard case .object(let members) = item, let id = JSONFeedReader.text(item["id"]).flatMap(Text.name)
        else { return nil }
        var entry = Entry(id: id)
        entry.title = JSONFeedReader.line(item["title"])
        entry.link = link(item["url"]) ?? link(item["external_url"])
        entry.updated = JSONFeedReader.date(item["date_modified"])
        entry.published = JSONFeedReader.date(item["date_published"]) ?? entry.updated
        entry.summary = JSONFeedReader.text(item["summary"]).map {
            Body(Text.prefix($0, limits.fieldBytesMax), isHTML: false)
        }
        if let html = JSONFeedReader.text(item["content_html"]) {
            let html = Text.prefix(html, limits.fieldBytesMax)
            entry.content = .html(Array(html.utf8)[...], base: base)
        } else if let plain = JSONFeedReader.text(item["content_text"]) {
            entry.content = Body(Text.prefix(plain, limits.fieldBytesMax), isHTML: false)
        }
        entry.authors = authors(item)
        entry.isCutShort =
            [item["summary"], item["content_html"] ?? item["content_text"]].contains {
                (JSONFeedReader.text($0)?.utf8.count ?? 0) > limits.fieldBytesMax
            }
            || ["tags", "attachments"].contains { (item[$0]?.arrayValue?.count ?? 0) > limits.listMax }
        for tag in (item["tags"]?.arrayValue ?? []).prefix(limits.listMax) {
            if let term = JSONFeedReader.line(tag) { entry.categories.append(Category(term: term)) }
        }
        for attachment in (item["attachments"]?.arrayValue ?? []).prefix(limits.listMax) {
            guard let url = JSONFeedReader.text(attachment["url"]).flatMap({ room.resolve($0, base) }) else { continue }
            entry.enclosures.append(
                Enclosure(
                    url: url, type: JSONFeedReader.text(attachment["mime_type"]),
                    length: JSONFeedReader.text(attachment["size_in_bytes"])))
        }
        if !room.takes(listed: entry.categories.count + entry.enclosures.count + entry.authors.count) {
            (entry.categories, entry.enclosures, entry.authors) = ([], [], [])
        }
        elements.add(members)
        return entry
    }

    /// 1.1 has `authors`, 1.0 has `author`.
    private func authors(_ value: JSONValue) -> [Person] {
        var people: [Person] = []
        for author in (value["authors"]?.arrayValue ?? []) + (value["author"].map { [$0] } ?? []) {
            guard people.count < limits.listMax else { break }
            let person = Person(
                name: JSONFeedReader.line(author["name"]) ?? JSONFeedReader.line(author),
                uri: JSONFeedReader.text(author["url"]).flatMap { room.resolve($0, base) })
            if person != Person() { people.append(person) }
        }
        return people
    }

    private func link(_ value: JSONValue?) -> String? {
        JSONFeedReader.text(value).flatMap { room.link($0, base) }
    }

    private static func date(_ value: JSONValue?) -> Instant? {
        text(value).flatMap { EntryDates.read($0)?.instant }
    }

    private static func line(_ value: JSONValue?) -> String? { text(value).flatMap(Text.line) }

    /// A string, or a number as it is written; `nil` when it is blank or of another type.
    static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): Text.stated(text)
        case .integer(let number): String(number)
        case .number(let text): text
        case .null, .bool, .array, .object, nil: nil
        }
    }
}
