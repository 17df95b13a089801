public import Formats

/// A part of the state as a snapshot holds it: four letters and one flat array.
public struct StateSection: Equatable, Sendable {
    public enum Content: Equatable, Sendable {
        case bytes([UInt8])
        case words([UInt32])
        case longs([Int64])
    }

    /// Four ASCII letters, read as a little-endian number.
    public let tag: UInt32
    public let content: Content

    public init(tag: UInt32, content: Content) {
        self.tag = tag
        self.content = content
    }

    fileprivate init(_ name: StaticString, _ content: Content) {
        tag = StateSection.tag(name)
        self.content = content
    }

    fileprivate static func tag(_ name: StaticString) -> UInt32 {
        var tag: UInt32 = 0
        for byte in name.description.utf8.reversed() { tag = tag << 8 | UInt32(byte) }
        return tag
    }
}

/// The state as sections (STORE section 3, Snapshot): the finishes' arrays as they lie in memory, the
/// small rest as JSON. Bound to `State.reducerVersion`.
extension State {
    public var sections: [StateSection] {
        let table = finishes
        return [
            StateSection("rest", .bytes(JSONWriter.compact(rest))),
            StateSection("aren", .bytes(table.arena)),
            StateSection("star", .longs(table.starts)),
            StateSection("leng", .words(table.lengths)),
            StateSection("flag", .words(table.flags)),
            StateSection("targ", .words(table.targets)),
            StateSection("repe", .words(table.repeats)),
            StateSection("days", .longs(table.days)),
            StateSection("inst", .longs(table.instants)),
            StateSection("firs", .longs(table.firsts)),
        ] + keySections(table.keys, "k") + keySections(passed, "p")
    }

    private func keySections(_ index: KeyIndex, _ letter: Unicode.Scalar) -> [StateSection] {
        let mark = UInt32(letter.value) << 24
        func tag(_ name: StaticString) -> UInt32 { StateSection.tag(name) | mark }
        return [
            StateSection(tag: tag("are"), content: .bytes(index.arena)),
            StateSection(tag: tag("end"), content: .longs(index.ends)),
            StateSection(tag: tag("num"), content: .words(index.numbers)),
            StateSection(tag: tag("slo"), content: .longs(index.slots)),
        ]
    }

    public init?(sections: [StateSection]) {
        self.init(SectionReader(sections: sections))
    }

    /// `nil` for arrays that are not those of a state of this version; the snapshot is ignored then.
    public init?(_ reader: some StateSource) {
        guard let restBytes = reader.bytes(StateSection.tag("rest")),
            let rest = try? JSONReader.read(restBytes),
            let arena = reader.bytes(StateSection.tag("aren")),
            let starts = reader.integers(StateSection.tag("star")),
            let lengths = reader.words(StateSection.tag("leng")),
            let flags = reader.words(StateSection.tag("flag")),
            let targets = reader.words(StateSection.tag("targ")),
            let repeats = reader.words(StateSection.tag("repe")),
            let days = reader.integers(StateSection.tag("days")),
            let instants = reader.integers(StateSection.tag("inst")),
            let firsts = reader.integers(StateSection.tag("firs")),
            let keys = KeyIndex(reader, "k"), let passed = KeyIndex(reader, "p"),
            let table = FinishTable(
                arena: arena, starts: starts, lengths: lengths, flags: flags, targets: targets,
                repeats: repeats, days: days, instants: instants, firsts: firsts, keys: keys,
                waste: rest["waste"]?.integerValue ?? 0)
        else { return nil }
        self.init()
        finishes = table
        self.passed = passed
        guard take(rest) else { return nil }
    }

    private var rest: JSONValue {
        .object([
            JSONMember("seq", .integer(sequence)),
            JSONMember("at", .string(at.description)),
            JSONMember("waste", .integer(finishes.waste)),
            JSONMember("settings", configuration.json),
            JSONMember("feeds", .array(feeds.map(\.json))),
            JSONMember("announcements", .array(announcements.map(\.json))),
        ])
    }

    private mutating func take(_ rest: JSONValue) -> Bool {
        guard let sequence = rest["seq"]?.integerValue,
            let at = rest["at"]?.stringValue.flatMap({ Instant(rfc3339: $0) })
        else { return false }
        self.sequence = sequence
        self.at = at
        configuration = Configuration(json: rest["settings"] ?? .null)
        for value in rest["feeds"]?.arrayValue ?? [] {
            guard let feed = FeedStanding(json: value) else { return false }
            feeds.append(feed)
        }
        for value in rest["announcements"]?.arrayValue ?? [] {
            guard let announcement = Announcement(json: value) else { return false }
            owe(announcement)
        }
        return true
    }
}

/// Where the arrays of a state come from: a snapshot.
public protocol StateSource {
    func bytes(_ tag: UInt32) -> [UInt8]?
    func words(_ tag: UInt32) -> [UInt32]?
    func integers(_ tag: UInt32) -> [Int64]?
}

private struct SectionReader: StateSource {
    let sections: [StateSection]

    func content(_ tag: UInt32) -> StateSection.Content? {
        for section in sections where section.tag == tag { return section.content }
        return nil
    }

    func bytes(_ tag: UInt32) -> [UInt8]? {
        if case .bytes(let array) = content(tag) { array } else { nil }
    }

    func words(_ tag: UInt32) -> [UInt32]? {
        if case .words(let array) = content(tag) { array } else { nil }
    }

    func integers(_ tag: UInt32) -> [Int64]? {
        if case .longs(let array) = content(tag) { array } else { nil }
    }
}

extension KeyIndex {
    fileprivate init?(_ source: some StateSource, _ letter: Unicode.Scalar) {
        let mark = UInt32(letter.value) << 24
        guard let arena = source.bytes(StateSection.tag("are") | mark),
            let ends = source.integers(StateSection.tag("end") | mark),
            let numbers = source.words(StateSection.tag("num") | mark),
            let slots = source.integers(StateSection.tag("slo") | mark)
        else { return nil }
        self.init(arena: arena, ends: ends, numbers: numbers, slots: slots)
    }
}

extension FeedStanding {
    public var json: JSONValue {
        var members = [
            JSONMember("name", .string(name)), JSONMember("service", .string(service)),
            JSONMember("changed", .string(changed.description)),
            JSONMember("news", .string(news.description)),
        ]
        if let adopted { members.append(JSONMember("adopted", .string(adopted.description))) }
        if !address.isEmpty { members.append(JSONMember("address", .string(address))) }
        if let condition {
            members.append(JSONMember("condition", .string(condition.rawValue)))
            members.append(JSONMember("reason", .string(reason)))
        }
        return .object(members)
    }

    init?(json: JSONValue) {
        guard let name = json["name"]?.stringValue, let service = json["service"]?.stringValue,
            let changed = json["changed"]?.stringValue.flatMap({ Instant(rfc3339: $0) }),
            let news = json["news"]?.stringValue.flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        self.init(name: name, at: changed)
        self.service = service
        self.news = news
        adopted = json["adopted"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        address = json["address"]?.stringValue ?? ""
        condition = json["condition"]?.stringValue.flatMap(FeedCondition.Turn.init(rawValue:))
        reason = json["reason"]?.stringValue ?? ""
    }
}

extension Announcement {
    public var json: JSONValue {
        var members = [
            JSONMember("id", .string(finish.text)), JSONMember("network", .string(network)),
            JSONMember("status", .string(status.rawValue)),
            JSONMember("since", .string(since.description)),
            JSONMember("changed", .string(changed.description)),
            JSONMember("attempts", .integer(Int64(attempts))),
        ]
        let texts = [
            ("text", text), ("key", key), ("record", record), ("after", after), ("post", post),
            ("url", url), ("uri", uri), ("reason", reason),
        ]
        for (name, text) in texts where !text.isEmpty {
            members.append(JSONMember(name, .string(text)))
        }
        return .object(members)
    }

    init?(json: JSONValue) {
        guard let finish = json["id"]?.stringValue, let network = json["network"]?.stringValue,
            let status = json["status"]?.stringValue.flatMap(Status.init(rawValue:)),
            let since = json["since"]?.stringValue.flatMap({ Instant(rfc3339: $0) }),
            let changed = json["changed"]?.stringValue.flatMap({ Instant(rfc3339: $0) })
        else { return nil }
        self.init(finish: FinishID(finish), network: network, since: since)
        self.status = status
        self.changed = changed
        attempts = Int(json["attempts"]?.integerValue ?? 0)
        text = json["text"]?.stringValue ?? ""
        key = json["key"]?.stringValue ?? ""
        record = json["record"]?.stringValue ?? ""
        after = json["after"]?.stringValue ?? ""
        post = json["post"]?.stringValue ?? ""
        url = json["url"]?.stringValue ?? ""
        uri = json["uri"]?.stringValue ?? ""
        reason = json["reason"]?.stringValue ?? ""
    }
}
