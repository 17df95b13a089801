import Files
import Formats

// polls.json, format 1: the keys of PRODUCT section 4 and, for a feed, these besides. Whoever reads the
// file may pass them over; an absent one is false, 0 or none.
//
//   validators_of          SHA-256 of the address that gave etag and last_modified, where a redirect had led to it:
//                          they are sent to that one alone; absent: the address in feeds.toml itself
//   answers_not_modified   it has answered 304 before: asked every 15 minutes instead of every hour
//   max_age                seconds that the last answer's headers ask for
//   ttl                    seconds that the document itself asks for (ttl, sy:)
//   skip_hours, skip_days  as RSS 2.0 has them, in GMT; 0 is midnight, and Sunday
//   paused_until           a Retry-After for this feed; --all respects it, too
//   deaths                 1: a run died while it read what it gave; 2: another one, that read it alone
//   cuts                   documents that were cut off or damaged, since the last that was whole
//   adopted_in_part        the document that it was adopted from was: the rest is none of its news
//   unborne                failures in a row that may be for our validators' sake: after two it is asked without,
//                          and the good polls since then count as well
//   unborne_trials         how often conditions were tried again since
//   moved_said             SHA-256 of the address of which it was last said that the feed has moved there
//   unreached              nobody was reached then, nor was this one since: excused once, and not by another outage
//   gone                   this address answered 410: not asked again
//   gone_settings          SHA-256 of what feeds.toml said of the feed then: asked again when that changes
//   gone_elsewhere         a stranger to whom it leads has: {"first","times"}, believed like "moved"
//   gap_said               when feed-gap was last said, until polls share entries again
//   reminded               when it was last said that the feed is failing still
//   news                   when it last gave anything to record
//   ordinary               reasons for which entries are passed over without anything being wrong
//   dry                    its newest entries look like nothing we know (drought)
//   dry_settings           SHA-256 of what feeds.toml said of the feed then: read again when that changes
//   waiting                entries with a damaged name wait for a whole document, since when: {entry:time}, a day at most
//   doubtful               when it was found that the log was put back: what comes may have been announced
//
// "hosts" have "times" besides: how many such pauses there were in a row, of whichever of its feeds.
//
// Beside "feeds": "damage_said", "clock_said" and "unpublished_said", when a damaged log, a clock behind it and pages
// that cannot be written were last spoken of; "doubted", when it was last found that the log was put back, for feeds that
// the file does not know and feeds.toml names later; and "state": what `Glance` remembers of the state: {"sha",
// "settings","program","shown","pending","overdue","unwell":[feeds]}. In "published" also "owes_command", and for each
// file a third number: when it was last written, in nanoseconds since 1970; and, for a page by year, a fourth: the
// checksum of what it was made of.
// "covers": the position of the log at which all "files" were there ("settled"), and what "failed", until when;
// when one came that could not be kept ("unkept"), and when that was said.
//
// "asking": when a run began to ask of which no end is known: while one asks, or after one that died.
//
// "networks": those that could not be asked while something was owed to them: {"name","reason","since",
// "failures","said"}.
//
// "outage": nobody at all could be reached, since when, in how many runs (three at most are counted), and when that was
// last said: {"since","runs","said"}.
//
// "lapses": times in which no run left a trace, as after a store was put back from a copy: {"from","to"}.
//
// A feed is one line, so that grep finds what is known of it.

extension Polls {
    /// What cannot be understood is as if it were not there; what cannot be read may be there, and what it
    /// knows of a pause or of a command that is owed must not be overwritten (STORE section 2, row 12).
    static func read(_ disk: any Disk, _ path: String) throws(DiskError) -> Polls {
        guard let bytes = try disk.contents(of: path), let polls = try? Polls(json: bytes) else {
            return Polls()
        }
        return polls
    }

    init(json bytes: [UInt8]) throws(SyntaxError) {
        var format: JSONValue?
        var pieces = JSONPieces(bytes)
        try pieces.eachMember { name, value throws(SyntaxError) in
            switch name {
            case "format": format = try value.value()
            case "feeds":
                try value.eachElement { element throws(SyntaxError) in
                    if let poll = try Poll(json: &element) { set(poll) }
                }
            case "hosts": readHosts(try value.value())
            case "networks": networks = (try value.value()).arrayValue?.compactMap(NetworkPoll.init) ?? []
            case "published": published = Publication(json: try value.value())
            case "covers": covers = CoverPolls(json: try value.value())
            case "state": glance = Glance(json: try value.value())
            case "damage_said": damageSaid = try value.instant()
            case "doubted": doubted = try value.instant()
            case "unpublished_said": unpublishedSaid = try value.instant()
            case "outage": outage = Outage(try value.value())
            case "overdue_seen": overdueSeen = try value.instant()
            case "asking": asking = try value.instant()
            case "lapses": lapses = (try value.value()).arrayValue?.compactMap(Lapse.init) ?? []
            case "clock_said": clockSaid = try value.instant()
            default: _ = try value.value()
            }
        }
        try pieces.end()
        if format != .integer(1) { self = Polls() }
    }

    private mutating func readHosts(_ json: JSONValue) {
        for value in json.arrayValue ?? [] {
            guard let host = value["host"]?.stringValue, let until = value["until"].instant else {
                continue
            }
            hosts.append(HostPause(host: host, until: until, times: max(1, value["times"].count)))
        }
    }

    /// Durable when it returns.
    ///
    /// - Parameter lightly: every process sees it, and a power cut may bring back what stood there before. A run that
    ///   has asked writes so: what it learned is in the log, and whoever forgets the rest asks once more. To be sure of
    ///   the name is a wait for the disk in every run.
    func write(_ disk: any Disk, _ path: String, lightly: Bool = false) throws(DiskError) {
        let isNew = try disk.replaceIfChanged(path, with: json, mode: Polls.mode, lightly: lightly)
        // The same bytes may have been written lightly.
        if !isNew, !lightly { try disk.sync(folder: splitPath(path).folder) }
    }

    /// The attempts of a run, before its requests leave: every process sees them when this returns.
    ///
    /// They guard against a run that dies while it asks, and does so again every quarter of an hour; for
    /// that the name in the folder is enough. A power cut may bring back the file that stood there before,
    /// never half of one, and then the feeds are asked once more than they had to be.
    ///
    /// - Parameter order: of `feeds.toml`.
    func announce(
        _ asked: [Asked], at now: Instant, like order: [FollowedFeed], _ disk: any Disk, _ path: String
    ) throws(DiskError) {
        let asking = Dictionary(asked.map { ($0.feed.name, $0) }, uniquingKeysWith: { first, _ in first })
        var announced = self
        announced.asking = now
        let json = announced.json { members in
            for feed in order {
                if let asked = asking[feed.name] {
                    let poll = asked.poll
                    let next = Schedule.whileAsking(feed, poll, now: now)
                    members.addLine(poll, attempted: now, next: next)
                } else if let poll = poll(named: feed.name) {
                    members.addLine(poll, attempted: poll.attempted, next: poll.next)
                }
            }
            for poll in unnamed(in: order) { members.addLine(poll, attempted: poll.attempted, next: poll.next) }
        }
        try disk.publishLightly(json, at: path, mode: Polls.mode)
    }

    /// Only its owner can read it.
    private static let mode: UInt32 = 0o600

    var json: [UInt8] {
        json { members in
            for poll in feeds { members.addLine(poll, attempted: poll.attempted, next: poll.next) }
        }
    }

    /// - Parameter addLines: of the feeds.
    private func json(_ addLines: (inout Members) -> Void) -> [UInt8] {
        var object = Members(capacity: feeds.reduce(4096) { $0 + 640 + $1.keys.json.count })
        object.add("format", 1)
        object.begin("feeds")
        object.bytes.append(UInt8(ascii: "["))
        addLines(&object)
        if object.bytes.last != UInt8(ascii: "[") { object.bytes.append(UInt8(ascii: "\n")) }
        object.bytes.append(UInt8(ascii: "]"))
        object.add(
            "hosts",
            .array(
                hosts.map {
                    .object([
                        JSONMember("host", .string($0.host)),
                        JSONMember("until", .string($0.until.description)),
                        JSONMember("times", .integer(Int64($0.times))),
                    ])
                }))
        if !networks.isEmpty { object.add("networks", .array(networks.map(\.json))) }
        object.add("published", published.json)
        object.add("state", glance.json)
        if covers != CoverPolls() { object.add("covers", covers.json) }
        object.add("damage_said", damageSaid)
        object.add("unpublished_said", unpublishedSaid)
        object.add("doubted", doubted)
        object.add("overdue_seen", overdueSeen)
        object.add("asking", asking)
        if !lapses.isEmpty { object.add("lapses", .array(lapses.map(\.json))) }
        object.add("clock_said", clockSaid)
        if let outage { object.add("outage", outage.json) }
        object.close()
        object.bytes.append(UInt8(ascii: "\n"))
        return object.bytes
    }
}

extension NetworkPoll {
    init?(_ json: JSONValue) {
        guard let name = json["name"]?.stringValue, let since = json["since"].instant else { return nil }
        self.init(
            network: name, reason: json["reason"]?.stringValue ?? "", since: since,
            failures: json["failures"].count, said: json["said"].instant)
    }

    var json: JSONValue {
        var members = [
            JSONMember("name", .string(network)), JSONMember("reason", .string(reason)),
            JSONMember("since", .string(since.description)), JSONMember("failures", .integer(Int64(failures))),
        ]
        if let said { members.append(JSONMember("said", .string(said.description))) }
        return .object(members)
    }
}

extension Outage {
    init?(_ json: JSONValue) {
        guard let since = json["since"].instant else { return nil }
        self.init(since: since, runs: json["runs"].count, said: json["said"].instant)
    }

    var json: JSONValue {
        var members = [
            JSONMember("since", .string(since.description)), JSONMember("runs", .integer(Int64(runs))),
        ]
        if let said { members.append(JSONMember("said", .string(said.description))) }
        return .object(members)
    }
}

extension Lapse {
    init?(_ json: JSONValue) {
        guard let from = json["from"].instant, let to = json["to"].instant, from <= to else { return nil }
        self.init(from: from, to: to)
    }

    var json: JSONValue {
        .object([JSONMember("from", .string(from.description)), JSONMember("to", .string(to.description))])
    }
}

/// What anybody may have edited: a value of another type is as if it were not there.
extension JSONValue? {
    var instant: Instant? { self?.stringValue.flatMap { Instant(rfc3339: $0) } }

    /// A count or a number of seconds. Adding one must not end the program.
    var count: Int { Swift.min(Swift.max(0, self?.integerValue.flatMap { Int(exactly: $0) } ?? 0), 1 << 40) }

    var numbers: [Int] { (self?.arrayValue ?? []).compactMap { $0.integerValue.flatMap { Int(exactly: $0) } } }

    var texts: [String] { (self?.arrayValue ?? []).compactMap(\.stringValue) }
}

extension Glance {
    init(json: JSONValue) {
        sha = json["sha"]?.stringValue ?? ""
        settings = json["settings"]?.stringValue ?? ""
        program = json["program"]?.stringValue ?? ""
        shown = json["shown"].count
        pending = json["pending"].count
        overdue = json["overdue"].instant
        unwell = json["unwell"].texts
    }

    var json: JSONValue {
        if sha.isEmpty { return .object([]) }
        var members = [
            JSONMember("sha", .string(sha)), JSONMember("settings", .string(settings)),
            JSONMember("program", .string(program)), JSONMember("shown", .integer(Int64(shown))),
            JSONMember("pending", .integer(Int64(pending))),
        ]
        if let overdue { members.append(JSONMember("overdue", .string(overdue.description))) }
        if !unwell.isEmpty { members.append(JSONMember("unwell", .array(unwell.map { .string($0) }))) }
        return .object(members)
    }
}

extension Publication {
    init(json: JSONValue) {
        sha = json["sha"]?.stringValue ?? ""
        settings = json["settings"]?.stringValue ?? ""
        program = json["program"]?.stringValue ?? ""
        owesCommand = json["owes_command"] == .bool(true)
        if let failure = json["command_failure"], let reason = failure["reason"]?.stringValue,
            let said = failure["said"]?.stringValue.flatMap({ Instant(rfc3339: $0) })
        {
            commandFailure = CommandFailure(reason: reason, said: said)
        }
        for member in json["files"]?.objectValue ?? [] {
            let pair = Optional(member.value).numbers
            guard pair.count >= 2, let crc = UInt32(exactly: pair[1]) else { continue }
            let changed = pair.count > 2 ? Int64(pair[2]) : 0
            let stamp = pair.count > 3 ? UInt32(exactly: pair[3]) : nil
            files.append(
                File(name: member.name, size: pair[0], crc: crc, changed: changed, stamp: stamp))
        }
    }

    var json: JSONValue {
        var members: [JSONMember] = []
        if !sha.isEmpty { members.append(JSONMember("sha", .string(sha))) }
        if !settings.isEmpty { members.append(JSONMember("settings", .string(settings))) }
        if !program.isEmpty { members.append(JSONMember("program", .string(program))) }
        if owesCommand { members.append(JSONMember("owes_command", .bool(true))) }
        if let commandFailure {
            members.append(
                JSONMember(
                    "command_failure",
                    .object([
                        JSONMember("reason", .string(commandFailure.reason)),
                        JSONMember("said", .string(commandFailure.said.description)),
                    ])))
        }
        members.append(
            JSONMember(
                "files",
                .object(
                    files.map {
                        var numbers = [Int64($0.size), Int64($0.crc), $0.changed]
                        if let stamp = $0.stamp { numbers.append(Int64(stamp)) }
                        return JSONMember($0.name, .array(numbers.map { .integer($0) }))
                    })))
        return .object(members)
    }
}
