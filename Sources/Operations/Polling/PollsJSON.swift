import Files
import Formats

// polls.json, format 1: the keys of PRODUCT section 4 and, for a feed, these besides. Whoever reads the
// file may pass them over; an absent one is false, 0 or none.
//
//   answers_not_modified   it has answered 304 before: asked every 15 minutes instead of every hour
//   max_age                seconds that the last answer's headers ask for
//   ttl                    seconds that the document itself asks for (ttl, sy:)
//   skip_hours, skip_days  as RSS 2.0 has them, in GMT; 0 is midnight, and Sunday
//   paused_until           a Retry-After for this feed; --all respects it, too
//   gone                   this address answered 410: not asked again
//   news                   when it last gave anything to record
//   ordinary               reasons for which entries are passed over without anything being wrong
//   dry                    its newest entries look like nothing we know (drought)
//
// Beside "feeds": "damage_said", when a damaged log was last spoken of; in "published", "owes_command".

extension Polls {
    static func read(_ disk: any Disk, _ path: String) -> Polls {
        guard let bytes = try? disk.contents(of: path), let json = try? JSONReader.read(bytes),
            json["format"] == .integer(1)
        else { return Polls() }
        var polls = Polls()
        for value in json["feeds"]?.arrayValue ?? [] {
            if let poll = Poll(json: value) { polls.set(poll) }
        }
        for value in json["hosts"]?.arrayValue ?? [] {
            guard let host = value["host"]?.stringValue, let until = instant(value["until"]) else {
                continue
            }
            polls.hosts.append(HostPause(host: host, until: until))
        }
        polls.damageSaid = instant(json["damage_said"])
        if let value = json["published"] { polls.published = Publication(json: value) }
        return polls
    }

    /// Durable when it returns; only its owner can read it.
    func write(_ disk: any Disk, _ path: String) throws(DiskError) {
        try disk.replaceIfChanged(path, with: JSONWriter.indented(json), mode: 0o600)
    }

    var json: JSONValue {
        var members = [JSONMember("format", .integer(1))]
        members.append(JSONMember("feeds", .array(feeds.map(\.json))))
        members.append(
            JSONMember(
                "hosts",
                .array(
                    hosts.map {
                        .object([
                            JSONMember("host", .string($0.host)),
                            JSONMember("until", .string($0.until.description)),
                        ])
                    })))
        members.append(JSONMember("published", published.json))
        if let damageSaid {
            members.append(JSONMember("damage_said", .string(damageSaid.description)))
        }
        return .object(members)
    }
}

private func instant(_ json: JSONValue?) -> Instant? {
    json?.stringValue.flatMap { Instant(rfc3339: $0) }
}

private func numbers(_ json: JSONValue?) -> [Int] {
    (json?.arrayValue ?? []).compactMap { $0.integerValue.flatMap { Int(exactly: $0) } }
}

extension Poll {
    init?(json: JSONValue) {
        guard let name = json["name"]?.stringValue, let address = json["address"]?.stringValue else {
            return nil
        }
        self.init(name: name, address: address)
        etag = json["etag"]?.stringValue ?? ""
        lastModified = json["last_modified"]?.stringValue ?? ""
        body = json["body"]?.stringValue ?? ""
        reader = Int(json["reader"]?.integerValue ?? 0)
        attempted = instant(json["attempted"])
        succeeded = instant(json["succeeded"])
        next = instant(json["next"])
        unconditional = instant(json["unconditional"])
        failures = Int(json["failures"]?.integerValue ?? 0)
        answersNotModified = json["answers_not_modified"] == .bool(true)
        maxAge = Int(json["max_age"]?.integerValue ?? 0)
        timeToLive = Int(json["ttl"]?.integerValue ?? 0)
        skipHours = numbers(json["skip_hours"])
        skipDays = numbers(json["skip_days"])
        pausedUntil = instant(json["paused_until"])
        isGone = json["gone"] == .bool(true)
        news = instant(json["news"])
        ordinary = (json["ordinary"]?.arrayValue ?? []).compactMap(\.stringValue)
        isDry = json["dry"] == .bool(true)
        if let move = json["moved"], let to = move["to"]?.stringValue,
            let first = instant(move["first"])
        {
            moved = Move(to: to, first: first, times: Int(move["times"]?.integerValue ?? 1))
        }
        window = (json["window"]?.arrayValue ?? []).compactMap(\.stringValue)
        missing = (json["missing"]?.objectValue ?? []).map(\.name)
    }

    var json: JSONValue {
        var members = [JSONMember("name", .string(name)), JSONMember("address", .string(address))]
        func add(_ name: String, _ text: String) {
            if !text.isEmpty { members.append(JSONMember(name, .string(text))) }
        }
        func add(_ name: String, _ number: Int) {
            if number != 0 { members.append(JSONMember(name, .integer(Int64(number)))) }
        }
        func add(_ name: String, _ numbers: [Int]) {
            if numbers.isEmpty { return }
            members.append(JSONMember(name, .array(numbers.map { .integer(Int64($0)) })))
        }
        add("etag", etag)
        add("last_modified", lastModified)
        add("body", body)
        add("reader", reader)
        add("attempted", attempted?.description ?? "")
        add("succeeded", succeeded?.description ?? "")
        add("next", next?.description ?? "")
        add("unconditional", unconditional?.description ?? "")
        add("failures", failures)
        if let moved {
            members.append(
                JSONMember(
                    "moved",
                    .object([
                        JSONMember("to", .string(moved.to)),
                        JSONMember("first", .string(moved.first.description)),
                        JSONMember("times", .integer(Int64(moved.times))),
                    ])))
        }
        if !window.isEmpty {
            members.append(JSONMember("window", .array(window.map { .string($0) })))
        }
        if !missing.isEmpty {
            members.append(JSONMember("missing", .object(missing.map { JSONMember($0, .integer(1)) })))
        }
        if answersNotModified { members.append(JSONMember("answers_not_modified", .bool(true))) }
        add("max_age", maxAge)
        add("ttl", timeToLive)
        add("skip_hours", skipHours)
        add("skip_days", skipDays)
        add("paused_until", pausedUntil?.description ?? "")
        if isGone { members.append(JSONMember("gone", .bool(true))) }
        add("news", news?.description ?? "")
        if !ordinary.isEmpty {
            members.append(JSONMember("ordinary", .array(ordinary.map { .string($0) })))
        }
        if isDry { members.append(JSONMember("dry", .bool(true))) }
        return .object(members)
    }
}

extension Publication {
    init(json: JSONValue) {
        sha = json["sha"]?.stringValue ?? ""
        settings = json["settings"]?.stringValue ?? ""
        program = json["program"]?.stringValue ?? ""
        owesCommand = json["owes_command"] == .bool(true)
        for member in json["files"]?.objectValue ?? [] {
            let pair = numbers(member.value)
            guard pair.count == 2, let crc = UInt32(exactly: pair[1]) else { continue }
            files.append(File(name: member.name, size: pair[0], crc: crc))
        }
    }

    var json: JSONValue {
        var members: [JSONMember] = []
        if !sha.isEmpty { members.append(JSONMember("sha", .string(sha))) }
        if !settings.isEmpty { members.append(JSONMember("settings", .string(settings))) }
        if !program.isEmpty { members.append(JSONMember("program", .string(program))) }
        if owesCommand { members.append(JSONMember("owes_command", .bool(true))) }
        members.append(
            JSONMember(
                "files",
                .object(
                    files.map {
                        JSONMember(
                            $0.name, .array([.integer(Int64($0.size)), .integer(Int64($0.crc))]))
                    })))
        return .object(members)
    }
}
