import Formats
import XML

/// JSON Feed 1.0 and 1.1 (specs/json-feed.md §6): what has the wrong type is left out, a field at a
/// time, never the document.
enum JSONFeedReader {
    static func read(
        _ decoded: DecodedText, base: Base, limits: FeedLimits
    ) throws(FeedError) -> FeedDocument {
        let root: JSONValue
        do {
            root = try JSONReader.read(decoded.bytes, valuesMax: limits.valuesMax)
        } catch {
            throw .brokenJSON(line: error.line, found: error.found, expected: error.expected)
        }
        let stated = text(root["version"])
        guard let version = stated.flatMap(version) ?? (isFeed(root) ? "json11" : nil) else { throw .otherJSON }
        var document = FeedDocument(format: .json, version: version, encoding: decoded.encoding)
        document.defects = decoded.defect.map { [$0] } ?? []
        if stated.flatMap(self.version) == nil { document.defects.append("a JSON Feed that does not say so in its version") }
        document.title = line(root["title"])
        document.subtitle = text(root["description"]).map { Body($0, isHTML: false) }
        document.link = link(root["home_page_url"], base)
        document.id = text(root["feed_url"])
        document.language = text(root["language"])
        document.authors = authors(root, base, limits)
        document.nextURL = link(root["next_url"], base)
        if let feed = link(root["feed_url"], base) {
            document.links.append(Link(rel: "self", href: feed, type: "application/feed+json"))
        }
        if let next = document.nextURL { document.links.append(Link(rel: "next", href: next)) }
        for hub in root["hubs"]?.arrayValue ?? [] {
            if let url = link(hub["url"], base) { document.links.append(Link(rel: "hub", href: url)) }
        }
        let items = root["items"]?.arrayValue ?? []
        guard items.count <= limits.entriesMax else {
            throw .tooManyEntries(entriesMax: limits.entriesMax)
        }
        for item in items {
            if let entry = entry(item, base, limits) { document.entries.append(entry) }
        }
        let dropped = items.count - document.entries.count
        if dropped > 0 { document.defects.append("\(dropped) of \(items.count) items have no id, and are left out") }
        document.malformed = !document.defects.isEmpty
        document.defects += limits.defects(of: document.entries)
        EntryKeys.compare(&document.entries)
        return document
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

    private static func entry(_ item: JSONValue, _ base: Base, _ limits: FeedLimits) -> Entry? {
        // Without an id an item cannot be known again, and is to be dropped.
        guard case .object(let members) = item, let id = text(item["id"]) else { return nil }
        var entry = Entry(id: id)
        entry.title = line(item["title"])
        entry.link = link(item["url"], base) ?? link(item["external_url"], base)
        entry.updated = date(item["date_modified"])
        entry.published = date(item["date_published"]) ?? entry.updated
        entry.summary = text(item["summary"]).map {
            Body(Text.prefix($0, limits.fieldBytesMax), isHTML: false)
        }
        if let html = text(item["content_html"]) {
            let html = Text.prefix(html, limits.fieldBytesMax)
            entry.content = .html(Array(html.utf8)[...], base: base)
        } else if let plain = text(item["content_text"]) {
            entry.content = Body(Text.prefix(plain, limits.fieldBytesMax), isHTML: false)
        }
        entry.authors = authors(item, base, limits)
        entry.isCutShort =
            [item["summary"], item["content_html"] ?? item["content_text"]].contains {
                (text($0)?.utf8.count ?? 0) > limits.fieldBytesMax
            }
            || ["tags", "attachments"].contains { (item[$0]?.arrayValue?.count ?? 0) > limits.listMax }
        for tag in (item["tags"]?.arrayValue ?? []).prefix(limits.listMax) {
            if let term = line(tag) { entry.categories.append(Category(term: term)) }
        }
        for attachment in (item["attachments"]?.arrayValue ?? []).prefix(limits.listMax) {
            guard let url = text(attachment["url"]).flatMap({ base.resolve($0) }) else { continue }
            entry.enclosures.append(
                Enclosure(
                    url: url, type: text(attachment["mime_type"]),
                    length: text(attachment["size_in_bytes"])))
        }
        var builder = XMLFragment.Builder()
        build(JSONMember("item", .object(members)), depth: 0, &builder)
        entry.elements = Element(Piece(builder.finish())).children
        return entry
    }

    /// A member as an element of that name, so that services read extensions (`_shelf`) alike.
    private static func build(
        _ member: JSONMember, depth: Int, _ builder: inout XMLFragment.Builder
    ) {
        if depth > 16 || builder.isFull || member.value == .null { return }
        builder.start(name: member.name)
        switch member.value {
        case .object(let members):
            for inner in members { build(inner, depth: depth + 1, &builder) }
        case .array(let values):
            for value in values { build(JSONMember("item", value), depth: depth + 1, &builder) }
        case .bool(let value):
            builder.add(value ? "true" : "false")
        case .string, .integer, .number:
            builder.add(text(member.value) ?? "")
        case .null:
            break
        }
        builder.end()
    }

    /// 1.1 has `authors`, 1.0 has `author`.
    private static func authors(_ value: JSONValue, _ base: Base, _ limits: FeedLimits) -> [Person] {
        var people: [Person] = []
        for author in (value["authors"]?.arrayValue ?? []) + (value["author"].map { [$0] } ?? []) {
            let person = Person(
                name: line(author["name"]) ?? line(author),
                uri: text(author["url"]).flatMap { base.resolve($0) })
            if person != Person() { Persons.add(person, to: &people, max: limits.listMax) }
        }
        return people
    }

    private static func date(_ value: JSONValue?) -> Instant? {
        text(value).flatMap { EntryDates.read($0)?.instant }
    }

    private static func link(_ value: JSONValue?, _ base: Base) -> String? {
        text(value).flatMap { base.link($0) }
    }

    private static func line(_ value: JSONValue?) -> String? { text(value).flatMap(Text.line) }

    /// A string, or a number as it is written; `nil` when it is blank or of another type.
    private static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text): Text.stated(text)
        case .integer(let number): String(number)
        case .number(let text): text
        case .null, .bool, .array, .object, nil: nil
        }
    }
}
