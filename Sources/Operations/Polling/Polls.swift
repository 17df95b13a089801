import Feeds
import Files
import Formats

/// `polls.json` (PRODUCT section 4): what is known of each address. A cache and no history: where it is
/// missing or cannot be read, the next run asks unconditionally.
struct Polls: Equatable {
    var feeds: [Poll] = []
    /// Hosts that asked to be left alone.
    var hosts: [HostPause] = []
    var published = Publication()

    /// The poll of a feed at this address; a new one where the address is another.
    func poll(of feed: FollowedFeed) -> Poll {
        let digest = feed.addressDigest
        for poll in feeds where poll.name == feed.name && poll.address == digest { return poll }
        return Poll(name: feed.name, address: digest)
    }

    func pause(ofHost host: String, at now: Instant) -> Instant? {
        for pause in hosts where pause.host == host && pause.until > now { return pause.until }
        return nil
    }

    /// Takes a poll in, feeds in the order of `feeds.toml`; what that no longer names is let go.
    mutating func set(_ poll: Poll, order: [FollowedFeed]) {
        var polls: [Poll] = []
        for feed in order {
            if feed.name == poll.name {
                polls.append(poll)
            } else if let other = feeds.first(where: { $0.name == feed.name }) {
                polls.append(other)
            }
        }
        feeds = polls
    }

    mutating func forgetPauses(before now: Instant) {
        hosts.removeAll { $0.until <= now }
    }

    mutating func stop(host: String, until: Instant) {
        hosts.removeAll { $0.host == host }
        hosts.append(HostPause(host: host, until: until))
        hosts.sort { $0.host.utf8.lexicographicallyPrecedes($1.host.utf8) }
    }
}

/// What is known of one feed's address.
struct Poll: Equatable {
    var name: String
    /// SHA-256 of the address, which may hold a secret.
    var address: String
    /// Verbatim as received; sent back as they are.
    var etag = ""
    var lastModified = ""
    /// SHA-256 of the last body that was read.
    var body = ""
    /// Of the program that read it: a newer reader looks at the same bytes again.
    var reader = 0
    var attempted: Instant?
    var succeeded: Instant?
    var next: Instant?
    /// The last request without validators.
    var unconditional: Instant?
    /// In a row.
    var failures = 0
    /// Whether it has ever answered 304.
    var answersNotModified = false
    var moved: Move?
    /// How long the feed itself wants to be left alone between two polls, in seconds.
    var advised = 0
    var skipHours: [Int] = []
    var skipDays: [Int] = []
    /// Keys of what the last good poll showed, in document order.
    var window: [String] = []
    /// Keys that the last good poll missed.
    var missing: [String] = []

    /// A permanent redirect. Captive portals answer with such, too: so it is believed when it was seen
    /// three times, the third of them a day after the first.
    struct Move: Equatable {
        static let timesUntilBelieved = 3

        var to: String
        var first: Instant
        var times: Int

        var isBelieved: Bool { times >= Move.timesUntilBelieved }

        /// Whether this sight makes it believed.
        mutating func seen(at now: Instant) -> Bool {
            if isBelieved { return false }
            if times + 1 == Move.timesUntilBelieved, now < first.adding(seconds: 86_400) { return false }
            times += 1
            return isBelieved
        }
    }

    init(name: String, address: String) {
        self.name = name
        self.address = address
    }

    /// Raised when the same bytes may give other entries or finishes.
    static let currentReader = 1

    /// Takes over what an answer says of itself; its body is in the log when this is written.
    mutating func note(_ document: Answer.Document, _ read: FeedDocument, now: Instant) {
        etag = document.etag
        lastModified = document.lastModified
        body = document.digest
        reader = Poll.currentReader
        unconditional = now
        skipHours = read.skipHours
        skipDays = read.skipDays
        advised = max(
            document.advised, (read.timeToLiveMinutes ?? 0) * 60, read.updateIntervalSeconds ?? 0, 0)
    }

    var hasValidators: Bool { !etag.isEmpty || !lastModified.isEmpty }
}

struct HostPause: Equatable {
    var host: String
    var until: Instant
}

/// What was published last, so that a run that learned nothing renders nothing (STORE section 2, row 25).
struct Publication: Equatable {
    /// Chain of the log that it belongs to.
    var sha = ""
    /// SHA-256 of where it was put.
    var settings = ""
    var program = ""
    /// Sorted by name.
    var files: [File] = []
    /// A byte changed, and the command that has to hear of it has not succeeded yet.
    var owesCommand = false

    struct File: Equatable {
        var name: String
        var size: Int
        var crc: UInt32
    }
}

extension FollowedFeed {
    var addressDigest: String { hex(SHA256.digest(Array(address.text.utf8))) }
}

// MARK: - polls.json

extension Polls {
    static func read(_ disk: any Disk, _ path: String) -> Polls {
        guard let bytes = try? disk.contents(of: path), let json = try? JSONReader.read(bytes),
            json["format"] == .integer(1)
        else { return Polls() }
        var polls = Polls()
        for value in json["feeds"]?.arrayValue ?? [] {
            if let poll = Poll(json: value) { polls.feeds.append(poll) }
        }
        for value in json["hosts"]?.arrayValue ?? [] {
            guard let host = value["host"]?.stringValue, let until = instant(value["until"]) else {
                continue
            }
            polls.hosts.append(HostPause(host: host, until: until))
        }
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
        advised = Int(json["advised"]?.integerValue ?? 0)
        skipHours = numbers(json["skip_hours"])
        skipDays = numbers(json["skip_days"])
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
        if answersNotModified { members.append(JSONMember("answers_not_modified", .bool(true))) }
        add("advised", advised)
        add("skip_hours", skipHours)
        add("skip_days", skipDays)
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
