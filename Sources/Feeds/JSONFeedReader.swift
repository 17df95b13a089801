import Formats
import XML

/// JSON Feed 1.0 and 1.1 (specs/json-feed.md §6): what has the wrong type is left out, a field at a
/// time, never the document.
struct JSONFeedReader {
    private let base: Base
    let limits: FeedLimits
    private let room: FeedRoom
    private var elements: JSONElements
    /// The first line of what stood before it.
    var lineOfJunk: Int?

    private init(_ base: Base, _ limits: FeedLimits) {
        self.base = base
        self.limits = limits
        room = FeedRoom(limits)
        elements = JSONElements(namesMax: limits.namesMax, textBytesMax: limits.fieldBytesMax)
    }

    /// - Parameters:
    ///   - decoded: its bytes are let go when they have been read: in another encoding they are up to three times the
    ///     document. They are left where it is broken JSON.
    ///   - lineOfJunk: where what stood before it began and was blanked; `nil` when nothing did.
    static func read(
        _ decoded: inout DecodedText, base: Base, limits: FeedLimits, lineOfJunk: Int? = nil
    ) throws(FeedError) -> FeedDocument {
        var reader = JSONFeedReader(base, limits)
        reader.lineOfJunk = lineOfJunk
        var root: JSONValue
        do {
            root = try JSONReader.read(decoded.bytes, valuesMax: limits.valuesMax)
        } catch {
            if let document = try reader.loose(&decoded, error) { return document }
            throw .brokenJSON(line: error.line, found: error.found, expected: error.expected)
        }
        decoded.bytes = []
        guard let version = version(of: root) else { throw .otherJSON }
        return try reader.document(&root, decoded, version, slips: [])
    }

    /// - Parameter root: is left without its items. As entries they are as large again, so each is given up when it has
    ///   become one.
    mutating func document(
        _ root: inout JSONValue, _ decoded: DecodedText, _ version: (text: String, isStated: Bool), slips: [String],
        isCutInItem: Bool = false, _ damages: [Int: LooseJSON.Damage] = [:]
    ) throws(FeedError) -> FeedDocument {
        var document = FeedDocument(format: .json, version: version.text, encoding: decoded.encoding)
        let junk = lineOfJunk.map { "line \($0): " + RepairedText.Fault.junkBefore.rawValue }
        document.defects = [decoded.defect, junk].compactMap { $0 } + slips
        if !version.isStated { document.defects.append("a JSON Feed that does not say so in its version") }
        head(root, &document)
        let isNone = root["items"] == nil
        var lists = 0
        guard var items = root.takeItems(&lists) else {
            // Of one that is cut off they may have come later.
            if slips.isEmpty || !isNone { document.defects.append(isNone ? "it has no items" : "its items are no list") }
            document.malformed = !document.defects.isEmpty
            return document
        }
        if lists > 1 { document.defects.append("it has \(lists) lists of items, which were read as one") }
        guard items.count <= limits.entriesMax else {
            throw .tooManyEntries(entriesMax: limits.entriesMax)
        }
        for index in items.indices {
            var entry = entry(items[index])
            if let damage = damages[index] { entry?.note(damage) }
            items[index] = .null
            document.lastEntryIsCut = isCutInItem && entry != nil
            if let entry { document.entries.append(entry) }
            elements.give(to: &document.entries, isLast: false)
            guard !elements.hasTooManyNames else { throw .tooManyNames(namesMax: limits.namesMax) }
        }
        elements.give(to: &document.entries, isLast: true)
        guard !elements.hasTooManyNames else { throw .tooManyNames(namesMax: limits.namesMax) }
        let dropped = items.count - document.entries.count
        if dropped > 0 { document.defects.append("\(dropped) of \(items.count) items have no id, and are left out") }
        document.malformed = !document.defects.isEmpty
        let long = limits.defects(of: document.entries)
        if elements.hasLongText, long.isEmpty { document.defects.append("a field is longer than what is read of one") }
        document.defects += long + room.defects
        EntryKeys.compare(&document.entries)
        return document
    }

    private func head(_ root: JSONValue, _ document: inout FeedDocument) {
        document.title = root["title"].line
        document.subtitle = root["description"].stated.map { Body($0, isHTML: false) }
        document.link = link(root["home_page_url"])
        document.id = root["feed_url"].stated
        document.language = root["language"].stated
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

    /// `nil`: it is no feed.
    static func version(of root: JSONValue) -> (text: String, isStated: Bool)? {
        if let stated = root["version"].stated.flatMap(version) { return (stated, true) }
        return isFeed(root) ? ("json11", false) : nil
    }

    /// `https://jsonfeed.org/version/1.1`; with http, and with a slash at the end, as well.
    static func version(_ text: String) -> String? {
        guard let range = text.firstRange(of: "jsonfeed.org/version/1") else { return nil }
        return text[range.upperBound...].hasPrefix(".1") ? "json11" : "json10"
    }

    /// Whether a string stands here that says so. PHP escapes each slash, and others more than that.
    static func isVersion(_ bytes: [UInt8], at quote: Int) -> Bool {
        guard quote < bytes.count, bytes[quote] == UInt8(ascii: "\"") else { return false }
        let end = min(bytes.count, quote + versionBytesMax)
        var place = quote + 1
        var matched = 0
        while place < end, bytes[place] != UInt8(ascii: "\"") {
            var byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\\"), place < end {
                byte = bytes[place]
                place += 1
                if byte == UInt8(ascii: "u"), place + 4 <= end {
                    let digits = String(decoding: bytes[place..<place + 4], as: UTF8.self)
                    byte = UInt8(digits, radix: 16) ?? 0
                    place += 4
                }
            }
            // Its first letter stands in it once.
            matched = byte == statement[matched] ? matched + 1 : byte == statement[0] ? 1 : 0
            if matched == statement.count { return true }
        }
        return false
    }

    private static let versionBytesMax = 256
    private static let statement = Array("jsonfeed.org/version/1".utf8)

    /// Without a version that says so: items that are known again, and have something to say.
    private static func isFeed(_ root: JSONValue) -> Bool {
        (root["items"]?.arrayValue ?? []).contains { item in
            item["id"].stated != nil
                && ["url", "external_url", "title", "content_html", "content_text"].contains { item[$0].stated != nil }
        }
    }

    private mutating func entry(_ item: JSONValue) -> Entry? {
        // Without an id an item cannot be known again, and is to be dropped.
        guard case .object(let members) = item, let id = item["id"].stated.flatMap(Text.name)
        else { return nil }
        var entry = Entry(id: id)
        entry.title = item["title"].line
        entry.link = link(item["url"]) ?? link(item["external_url"])
        entry.updated = item["date_modified"].date
        entry.published = item["date_published"].date ?? entry.updated
        entry.summary = item["summary"].stated.map {
            Body(Text.prefix($0, limits.fieldBytesMax), isHTML: false)
        }
        if let html = item["content_html"].stated {
            let html = Text.prefix(html, limits.fieldBytesMax)
            entry.content = .html(Array(html.utf8)[...], base: base)
        } else if let plain = item["content_text"].stated {
            entry.content = Body(Text.prefix(plain, limits.fieldBytesMax), isHTML: false)
        }
        entry.authors = authors(item)
        entry.isCutShort =
            [item["summary"], item["content_html"] ?? item["content_text"]].contains {
                ($0.stated?.utf8.count ?? 0) > limits.fieldBytesMax
            }
            || ["tags", "attachments"].contains { (item[$0]?.arrayValue?.count ?? 0) > limits.listMax }
        for tag in (item["tags"]?.arrayValue ?? []).prefix(limits.listMax) {
            if let term = Optional(tag).line { entry.categories.append(Category(term: term)) }
        }
        for attachment in (item["attachments"]?.arrayValue ?? []).prefix(limits.listMax) {
            guard let url = attachment["url"].stated.flatMap({ room.resolve($0, base) }) else { continue }
            entry.enclosures.append(
                Enclosure(
                    url: url, type: attachment["mime_type"].stated,
                    length: attachment["size_in_bytes"].stated))
        }
        room.bound(&entry)
        elements.add(members)
        return entry
    }

    /// 1.1 has `authors`, 1.0 has `author`.
    private func authors(_ value: JSONValue) -> [Person] {
        var people: [Person] = []
        for author in (value["authors"]?.arrayValue ?? []) + (value["author"].map { [$0] } ?? []) {
            guard people.count < limits.listMax else { break }
            let person = Person(
                name: (author["name"].stated ?? Optional(author).stated).flatMap { Persons.name(Array($0.utf8)[...]) },
                uri: author["url"].stated.flatMap { room.resolve($0, base) })
            if person != Person() { people.append(person) }
        }
        return people
    }

    private func link(_ value: JSONValue?) -> String? {
        value.stated.flatMap { room.link($0, base) }
    }
}

extension Entry {
    fileprivate mutating func note(_ damage: LooseJSON.Damage) {
        isDamaged = true
        isNameDamaged = title == nil || !damage.names.isDisjoint(with: ["id", "title"])
    }
}

extension JSONValue {
    /// The list of items, which is not in it any more; `nil` when it has none. Of the same name there may be more, one for
    /// each part of a page that was put together: what they hold is joined.
    fileprivate mutating func takeItems(_ lists: inout Int) -> [JSONValue]? {
        guard case .object(var members) = self else { return nil }
        self = .null
        var taken: [JSONValue]?
        for index in members.indices where members[index].name == "items" {
            guard case .array(let items) = members[index].value else { continue }
            members[index].value = .null
            lists += 1
            if taken == nil { taken = items } else { taken?.append(contentsOf: items) }
        }
        self = .object(members)
        return taken
    }
}

/// What has the wrong type is absent.
extension JSONValue? {
    /// A string, or a number as it is written; `nil` when it is blank.
    var stated: String? {
        switch self {
        case .string(let text): Text.stated(text)
        case .integer(let number): String(number)
        case .number(let text): text
        case .null, .bool, .array, .object, nil: nil
        }
    }

    var line: String? { stated.flatMap(Text.line) }

    var date: Instant? { stated.flatMap { EntryDates.read($0)?.instant } }
}
