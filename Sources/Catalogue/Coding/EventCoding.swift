public import Formats

/// Why a line of the log is no event.
public struct EventError: Error, Equatable, Sendable {
    /// 0: not even that can be read.
    public var sequence: Int64
    public var problem: String
    /// Whether a newer Colophon wrote it (STORE section 2, row 21).
    public var needsNewer: Bool
}

/// An event as one line of JSON (PRODUCT section 5):
///
///     {"seq":12,"at":"2026-11-23T14:00:00Z","type":"withdrawn","id":"letterboxd:viewing:1","feed":"films"}
///
/// Keys in this order; false, null and empty are left out. Unknown keys are ignored.
public enum EventCoding {
    /// The line without its newline.
    public static func encode(_ event: Event) -> [UInt8] {
        var line = LineWriter(sequence: event.sequence, at: event.at, type: event.fact.type)
        line.add(event.fact)
        return line.finished()
    }

    public static func decode(_ line: [UInt8]) throws(EventError) -> Event {
        let value: JSONValue
        do {
            value = try JSONReader.read(line)
        } catch {
            throw EventError(
                sequence: 0, problem: "found \(error.found) at column \(error.column)",
                needsNewer: false)
        }
        let sequence = value["seq"]?.integerValue ?? 0
        guard sequence > 0, let at = value["at"]?.stringValue.flatMap({ Instant(rfc3339: $0) }),
            let type = value["type"]?.stringValue
        else {
            throw EventError(
                sequence: sequence, problem: "\"seq\", \"at\" or \"type\" is missing",
                needsNewer: false)
        }
        do {
            return Event(sequence: sequence, at: at, fact: try Fact(type: type, members: value))
        } catch {
            switch error {
            case .unknownType where value["optional"] == .bool(true):
                return Event(sequence: sequence, at: at, fact: .ignored(type: type))
            case .unknownType:
                throw EventError(
                    sequence: sequence, problem: "type \"\(type)\" needs a newer Colophon",
                    needsNewer: true)
            case .field(let name):
                throw EventError(
                    sequence: sequence, problem: "type \"\(type)\" with no usable \"\(name)\"",
                    needsNewer: false)
            }
        }
    }
}

extension Fact {
    /// All names that this program writes, in PRODUCT's order (section 5).
    public static let types: [String] =
        [
            "configured", "feed-adopted", "finished", "revised", "passed-over", "withdrawn", "restored",
            "corrected", "hidden", "unhidden", "forgotten", "backfill-undone", "merged", "cover-saved",
            "history-damaged",
        ] + FeedCondition.Turn.allCases.map { "feed-" + $0.rawValue }
        + AnnouncementStep.Step.allCases.map { "announcement-" + $0.rawValue }

    /// The name in the log.
    public var type: String {
        switch self {
        case .configured: "configured"
        case .feedAdopted: "feed-adopted"
        case .finished: "finished"
        case .revised: "revised"
        case .passedOver: "passed-over"
        case .withdrawn: "withdrawn"
        case .restored: "restored"
        case .corrected: "corrected"
        case .hidden: "hidden"
        case .unhidden: "unhidden"
        case .forgotten: "forgotten"
        case .backfillUndone: "backfill-undone"
        case .merged: "merged"
        case .coverSaved: "cover-saved"
        case .feedCondition(let condition): "feed-" + condition.turn.rawValue
        case .announcement(let step): "announcement-" + step.step.rawValue
        case .historyDamaged: "history-damaged"
        case .ignored(let type): type
        }
    }

    enum CodingError: Error {
        case unknownType
        case field(String)
    }

    init(type: String, members: JSONValue) throws(CodingError) {
        func text(_ name: String) throws(CodingError) -> String {
            guard let text = members[name]?.stringValue else { throw .field(name) }
            return text
        }
        func optional(_ name: String) -> String { members[name]?.stringValue ?? "" }
        func number(_ name: String) -> Int64 { members[name]?.integerValue ?? 0 }
        func id() throws(CodingError) -> FinishID { FinishID(try text("id")) }
        switch type {
        case "configured":
            guard let settings = members["settings"] else { throw .field("settings") }
            self = .configured(Configuration(json: settings))
        case "feed-adopted":
            self = .feedAdopted(
                feed: try text("feed"), service: optional("service"), entries: Int(number("entries")),
                address: optional("address"))
        case "finished": self = .finished(try Finished(members: members))
        case "revised":
            self = .revised(
                Revision(
                    id: try id(), keys: strings(members["keys"]), feed: optional("feed"),
                    backfill: members["backfill"]?.stringValue, change: try Change(members: members),
                    stated: Stated.list(members["stated"])))
        case "passed-over":
            self = .passedOver(
                Passed(
                    feed: try text("feed"), entry: try text("entry"), title: optional("title"),
                    reason: optional("reason"), stated: Stated.list(members["stated"])))
        case "withdrawn": self = .withdrawn(id: try id(), feed: optional("feed"))
        case "restored": self = .restored(id: try id(), feed: optional("feed"))
        case "corrected":
            self = .corrected(id: try id(), change: try Change(members: members))
        case "hidden": self = .hidden(try id())
        case "unhidden": self = .unhidden(try id())
        case "forgotten": self = .forgotten(try id())
        case "backfill-undone": self = .backfillUndone(try text("backfill"))
        case "merged":
            guard let by = MergeCause(rawValue: optional("by")) else { throw .field("by") }
            self = .merged(id: try id(), into: FinishID(try text("into")), by: by)
        case "cover-saved":
            self = .coverSaved(
                id: try id(),
                cover: SavedCover(
                    sha256: try text("sha256"), mediaType: try text("media_type"),
                    width: Int(number("width")), height: Int(number("height"))))
        case "history-damaged":
            self = .historyDamaged(from: number("from"), to: number("to"), sha: optional("sha"))
        default:
            if type.hasPrefix("feed-"),
                let turn = FeedCondition.Turn(rawValue: String(type.dropFirst(5)))
            {
                self = .feedCondition(
                    FeedCondition(
                        turn, feed: try text("feed"), reason: optional("reason"),
                        host: optional("host"), address: optional("address")))
            } else if type.hasPrefix("announcement-"),
                let step = AnnouncementStep.Step(rawValue: String(type.dropFirst(13)))
            {
                self = .announcement(
                    AnnouncementStep(
                        step, id: try id(), network: try text("network"),
                        attempt: Int(number("attempt")), text: optional("text"),
                        key: optional("key"), record: optional("record"), after: optional("after"),
                        post: optional("post"), url: optional("url"), uri: optional("uri"),
                        reason: optional("reason")))
            } else {
                throw .unknownType
            }
        }
    }
}

extension Finished {
    init(members: JSONValue) throws(Fact.CodingError) {
        guard let id = members["id"]?.stringValue else { throw .field("id") }
        guard let feed = members["feed"]?.stringValue else { throw .field("feed") }
        guard let rule = members["rule"]?.stringValue.flatMap(Rule.init(rawValue:)) else {
            throw .field("rule")
        }
        guard let finish = members["finish"].flatMap(Finish.init(json:)) else { throw .field("finish") }
        self.init(
            id: FinishID(id), keys: strings(members["keys"]), feed: feed,
            entry: members["entry"]?.stringValue ?? "", rule: rule,
            announce: strings(members["announce"]), backfill: members["backfill"]?.stringValue,
            finish: finish, stated: Stated.list(members["stated"]))
    }
}

extension Finish {
    /// `nil` without a title or with a field of the wrong form.
    init?(json: JSONValue) {
        self.init(title: "")
        for field in FinishField.allCases {
            guard let value = json[field.rawValue] else { continue }
            guard set(field, to: value) else { return nil }
        }
        if title.isEmpty { return nil }
    }

    public var json: JSONValue {
        var members: [JSONMember] = []
        for field in FinishField.allCases {
            if let value = value(of: field) { members.append(JSONMember(field.rawValue, value)) }
        }
        return .object(members)
    }
}

extension Change {
    init(members: JSONValue) throws(Fact.CodingError) {
        self.init()
        for member in members["set"]?.objectValue ?? [] {
            guard let field = FinishField(rawValue: member.name) else { continue }
            set.append(FieldValue(field, member.value))
        }
        for name in strings(members["unset"]) {
            guard let field = FinishField(rawValue: name) else { continue }
            unset.append(field)
        }
        var trial = Finish(title: "")
        for value in set where !trial.set(value.field, to: value.value) {
            throw .field("set." + value.field.rawValue)
        }
    }

    var setJSON: JSONValue {
        .object(set.map { JSONMember($0.field.rawValue, $0.value) })
    }

    var unsetJSON: JSONValue {
        .array(unset.map { .string($0.rawValue) })
    }
}

extension Stated {
    static func list(_ json: JSONValue?) -> [Stated] {
        (json?.objectValue ?? []).map { Stated($0.name, $0.value.stringValue ?? "") }
    }

    static func json(_ list: [Stated]) -> JSONValue {
        .object(list.map { JSONMember($0.name, .string($0.text)) })
    }
}

func strings(_ json: JSONValue?) -> [String] {
    var texts: [String] = []
    for value in json?.arrayValue ?? [] {
        if let text = value.stringValue { texts.append(text) }
    }
    return texts
}
