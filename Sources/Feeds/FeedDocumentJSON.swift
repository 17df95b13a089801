public import Formats

extension FeedDocument {
    /// The document as `colophon parse` prints it: the object of the feed cases' contract. What is
    /// absent is left out; the order of members is fixed.
    public var json: JSONValue {
        var feed = JSONObject()
        feed.add("title", title)
        feed.add("subtitle", subtitle?.value)
        // Whatever a channel states: public cases ask for that.
        feed.add("link", link ?? otherLink)
        feed.add("id", id)
        feed.add("updated", updated?.description)
        feed.add("published", published?.description)
        feed.add("language", language)
        feed.add("authors", authors.map(\.json))
        feed.add("categories", categories.map(\.json))
        var document = JSONObject()
        document.add("format", format.rawValue)
        document.add("version", version)
        document.add("encoding", encoding)
        document.members.append(JSONMember("malformed", .bool(malformed)))
        document.add("defects", defects.map { .string($0) })
        document.members.append(JSONMember("feed", .object(feed.members)))
        document.members.append(JSONMember("entries", .array(entries.map(\.json))))
        return .object(document.members)
    }
}

extension Entry {
    var json: JSONValue {
        var object = JSONObject()
        object.add("id", id)
        object.add("title", title)
        object.add("link", link ?? otherLink.flatMap { Entry.names($0) ? $0 : nil })
        object.add("published", published?.description)
        object.add("updated", updated?.description)
        object.add("summary", summary?.value)
        object.add("content", content?.value)
        object.add("authors", authors.map(\.json))
        object.add("categories", categories.map(\.json))
        object.add("enclosures", enclosures.map(\.json))
        return .object(object.members)
    }

    /// Whether an address that is not of the web names a thing or a file. Others run a program (`javascript:`), hold
    /// a document themselves (`data:`) or write to somebody.
    private static func names(_ address: String) -> Bool {
        ["ftp:", "tag:", "urn:"].contains(address.prefix(4).lowercased())
    }
}

extension Person {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.add("name", name)
        object.add("email", email)
        object.add("uri", uri)
        return .object(object.members)
    }
}

extension Category {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.add("term", term)
        object.add("scheme", scheme)
        object.add("label", label)
        return .object(object.members)
    }
}

extension Enclosure {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.add("url", Base.link(url))
        object.add("type", type)
        object.add("length", length)
        return .object(object.members)
    }
}

/// Members in order, absent ones left out.
private struct JSONObject {
    var members: [JSONMember] = []

    mutating func add(_ name: String, _ value: String?) {
        if let value { members.append(JSONMember(name, .string(value))) }
    }

    mutating func add(_ name: String, _ values: [JSONValue]) {
        if !values.isEmpty { members.append(JSONMember(name, .array(values))) }
    }
}
