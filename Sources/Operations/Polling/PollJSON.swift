import Formats

// A feed's line of polls.json: see PollsJSON.swift for what its keys mean.

extension Poll {
    /// Takes a feed's object; `nil` where it has no name or address.
    init?(json pieces: inout JSONPieces) throws(SyntaxError) {
        self.init(name: "", address: "")
        try pieces.eachMember(likely: MemberName.likely) { name, value throws(SyntaxError) in
            switch name {
            case "attempted": attempted = try value.instant()
            case "succeeded": succeeded = try value.instant()
            case "next": next = try value.instant()
            case "unconditional": unconditional = try value.instant()
            case "news": news = try value.instant()
            case "window":
                let (json, isCompact) = try value.stringsUnread()
                keys = KeyList(json: json, isCompact: isCompact)
            case "name": self.name = try value.string() ?? ""
            case "address": address = try value.string() ?? ""
            case "etag": etag = try value.string() ?? ""
            case "last_modified": lastModified = try value.string() ?? ""
            case "body": body = try value.string() ?? ""
            default: take(name, try value.value())
            }
        }
        if self.name.isEmpty || address.isEmpty { return nil }
    }

    private mutating func take(_ member: String, _ value: JSONValue?) {
        switch member {
        case "validators_of": validatorsOf = value?.stringValue ?? ""
        case "reader": reader = value.count
        case "failures": failures = value.count
        case "deaths": deaths = value.count
        case "answers_not_modified": answersNotModified = value == .bool(true)
        case "max_age": maxAge = value.count
        case "ttl": timeToLive = value.count
        case "skip_hours": skipHours = value.numbers
        case "skip_days": skipDays = value.numbers
        case "paused_until": pausedUntil = value.instant
        case "gone": isGone = value == .bool(true)
        case "gone_settings": goneSettings = value?.stringValue ?? ""
        case "unreached": unreached = value.instant
        case "gap_said": gapSaid = value.instant
        case "reminded": reminded = value.instant
        case "ordinary": ordinary = value.texts
        case "dry": isDry = value == .bool(true)
        // An earlier version did not note since when.
        case "doubtful": doubted = value == .bool(true) ? Instant.writable.upperBound : value.instant
        case "moved":
            guard let value, let to = value["to"]?.stringValue, let first = value["first"].instant else { return }
            moved = Move(to: to, sight: Sight(first: first, times: max(1, value["times"].count)))
        case "gone_elsewhere":
            goneElsewhere = value?["first"].instant.map { Sight(first: $0, times: value?["times"].count ?? 0) }
        case "cuts": cuts = value.count
        case "adopted_in_part": isAdoptedInPart = value == .bool(true)
        case "dry_settings": drySettings = value?.stringValue ?? ""
        case "unborne": unborne = value.count
        case "unborne_trials": unborneTrials = value.count
        case "moved_said": movedSaid = value?.stringValue ?? ""
        case "waiting":
            waiting = (value?.objectValue ?? []).compactMap { member in
                Optional(member.value).instant.map { Waiting(entry: member.name, since: $0) }
            }
        case "missing": missing = (value?.objectValue ?? []).map(\.name)
        default: break
        }
    }

    /// - Parameter attempted: instead of its own, as `next` is.
    func write(to members: inout Members, attempted: Instant?, next: Instant?) {
        members.open()
        members.add(.name, name)
        members.add(.address, address)
        members.add(.etag, etag)
        members.add(.lastModified, lastModified)
        if !validatorsOf.isEmpty { members.add("validators_of", validatorsOf) }
        members.add(.body, body)
        members.add(.reader, reader)
        members.add(.attempted, attempted)
        members.add(.succeeded, succeeded)
        members.add(.next, next)
        members.add(.unconditional, unconditional)
        members.add("failures", failures)
        members.add("deaths", deaths)
        members.add("cuts", cuts)
        if isAdoptedInPart { members.add("adopted_in_part", .bool(true)) }
        if let moved {
            members.add("moved", .object([JSONMember("to", .string(moved.to))] + moved.sight.members))
        }
        members.add("unborne", unborne)
        members.add("unborne_trials", unborneTrials)
        if !movedSaid.isEmpty { members.add("moved_said", movedSaid) }
        if !keys.isEmpty { members.add(.window, raw: keys.json) }
        if !missing.isEmpty {
            members.add("missing", .object(missing.map { JSONMember($0, .integer(1)) }))
        }
        if answersNotModified { members.add(.answersNotModified, .bool(true)) }
        members.add("max_age", maxAge)
        members.add("ttl", timeToLive)
        members.add("skip_hours", skipHours)
        members.add("skip_days", skipDays)
        members.add("paused_until", pausedUntil)
        if isGone {
            members.add("gone", .bool(true))
            members.add("gone_settings", goneSettings)
        }
        if let goneElsewhere { members.add("gone_elsewhere", .object(goneElsewhere.members)) }
        members.add("unreached", unreached)
        members.add("gap_said", gapSaid)
        members.add("reminded", reminded)
        members.add(.news, news)
        if !ordinary.isEmpty { members.add("ordinary", .array(ordinary.map { .string($0) })) }
        if isDry {
            members.add("dry", .bool(true))
            members.add("dry_settings", drySettings)
        }
        if !waiting.isEmpty {
            members.add("waiting", .object(waiting.map { JSONMember($0.entry, .string($0.since.description)) }))
        }
        members.add("doubtful", doubted)
        members.close()
    }
}

extension Poll.Sight {
    fileprivate var members: [JSONMember] {
        [JSONMember("first", .string(first.description)), JSONMember("times", .integer(Int64(times)))]
    }
}

/// What every feed has, in the order in which it is written.
extension MemberName {
    fileprivate static let name: MemberName = "name"
    fileprivate static let address: MemberName = "address"
    fileprivate static let etag: MemberName = "etag"
    fileprivate static let lastModified: MemberName = "last_modified"
    fileprivate static let body: MemberName = "body"
    fileprivate static let reader: MemberName = "reader"
    fileprivate static let attempted: MemberName = "attempted"
    fileprivate static let succeeded: MemberName = "succeeded"
    fileprivate static let next: MemberName = "next"
    fileprivate static let unconditional: MemberName = "unconditional"
    fileprivate static let window: MemberName = "window"
    fileprivate static let answersNotModified: MemberName = "answers_not_modified"
    fileprivate static let news: MemberName = "news"

    fileprivate static let likely: [MemberName] = [
        .name, .address, .etag, .lastModified, .body, .reader, .attempted, .succeeded, .next, .unconditional, .window,
        .answersNotModified, .news,
    ]
}
