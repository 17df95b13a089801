public import Catalogue
public import Formats

/// What was finished, newest first.
public struct List: Sendable {
    public var kind: Kind?
    public var year: Int?
    public var feed: String?

    public init(kind: Kind? = nil, year: Int? = nil, feed: String? = nil) {
        self.kind = kind
        self.year = year
        self.feed = feed
    }

    /// - Throws: `noFeed` when nothing is known under the feed's name.
    public func listed(_ state: State) throws(OperationError) -> Listing {
        let names = feed.map { state.configuration.feed(named: $0)?.names ?? [$0] }
        let listed = state.listed(kind: kind, year: year, feeds: names)
        if let feed, listed.isEmpty, state.feed(named: feed) == nil, state.listed(feeds: names).isEmpty {
            let known = state.feeds.map(\.name) + state.countsByFeed().map(\.feed)
            throw .noFeed(name: feed, nearest: nearest(to: feed, in: known))
        }
        return listed
    }
}

/// The document that `--json` prints of a finish: what PRODUCT section 5 says of it, and where it came from.
extension Standing {
    public func json(in state: State) -> JSONValue {
        var members = [JSONMember("id", .string(id.text))]
        for member in finish.json.objectValue ?? [] { members.append(member) }
        members.append(JSONMember("feed", .string(feed)))
        if let backfill { members.append(JSONMember("backfill", .string(backfill))) }
        members.append(JSONMember("entry", .string(entry)))
        members.append(JSONMember("rule", .string(rule.rawValue)))
        members.append(JSONMember("keys", .array(keys.map { .string($0) })))
        if !sources.isEmpty {
            members.append(JSONMember("sources", .array(sources.map { .string($0) })))
        }
        members.append(JSONMember("sequence", .integer(sequence)))
        members.append(JSONMember("first_seen", .string(firstSight.description)))
        members.append(JSONMember("modified", .string(modified.description)))
        if state.isHidden(id) { members.append(JSONMember("hidden", .bool(true))) }
        if state.isWithdrawn(id) { members.append(JSONMember("withdrawn", .bool(true))) }
        return .object(members)
    }
}

extension State {
    /// The whole state as one document: the same bytes on every machine that has the log.
    public var json: JSONValue {
        .object([
            JSONMember("sequence", .integer(sequence)),
            JSONMember("at", .string(at.description)),
            JSONMember("settings", configuration.json),
            JSONMember("feeds", .array(feeds.map(\.json))),
            JSONMember("finishes", .array(known.map { $0.json(in: self) })),
            JSONMember("announcements", .array(announcements.map(\.json))),
        ])
    }
}
