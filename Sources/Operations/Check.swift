import Catalogue
import Feeds
import Files
public import Formats
public import HTTP
import Services
import Storage

/// Tries every feed without writing anything, and says what it was taken for and why.
public struct Check: Equatable, Sendable {
    public struct Feed: Equatable, Sendable {
        public var name: String
        public var host: String
        public var failure: Failure?
        public var format = ""
        public var service = ""
        /// How the service was told.
        public var why = ""
        public var entries = 0
        public var finishes = 0
        /// Why entries are no finishes, with how many of each; the commonest first.
        public var reasons: [(reason: String, count: Int)] = []
        public var hasValidators = false
        public var advisedSeconds = 0
        public var movedTo: String?
        /// What is odd: what was mended, what is private, what is impolite.
        public var oddities: [String] = []

        public static func == (left: Feed, right: Feed) -> Bool { left.json == right.json }
    }

    public var feeds: [Feed] = []

    public var isGood: Bool { feeds.allSatisfy { $0.failure == nil } }

    public static func run(
        _ settings: Settings, _ world: World, progress: (([String], Progress) -> Void)? = nil
    ) -> Check {
        let fetch = Fetch(settings: settings.fetch, program: Program.version, now: world.now)
        // As if never asked before: no validators, so every feed gives its document.
        let asked = settings.feeds.map {
            (feed: $0, poll: Poll(name: $0.name, address: $0.addressDigest))
        }
        let names = settings.feeds.map(\.name)
        let answers = fetch.perform(asked, world) { progress?(names, $0) }
        let zone = TimeZones.rules(settings.configuration.site.timeZone, world.disk) ?? .utc
        var check = Check()
        for (feed, answer) in zip(settings.feeds, answers) {
            check.feeds.append(report(feed, answer, zone))
        }
        return check
    }

    private static func report(_ feed: FollowedFeed, _ answer: Answer, _ zone: ZoneRules) -> Feed {
        var report = Feed(name: feed.name, host: feed.address.host ?? "")
        if !feed.isPrivate, Services.holdsSecret(feed.address.text) {
            report.oddities.append(
                "the address seems to hold a password: keep it in a file that \"url_file\" names")
        }
        switch answer {
        case .failure(let failure): report.failure = failure
        case .unchanged: break
        case .document(let document):
            do {
                let read = try FeedReader.read(
                    document.bytes, contentType: document.contentType, address: document.address)
                report.take(document, read, feed, zone)
            } catch {
                report.failure = Failure(feed, .read, error.description)
            }
        }
        return report
    }

    public var json: JSONValue { .object([JSONMember("feeds", .array(feeds.map(\.json)))]) }
}

extension Check.Feed {
    fileprivate mutating func take(
        _ document: Answer.Document, _ read: FeedDocument, _ feed: FollowedFeed, _ zone: ZoneRules
    ) {
        let reading = Services.read(
            read,
            context: FeedContext(feed: feed.settings, address: document.address) {
                zone.offset(at: $0)
            })
        format = read.version
        service = reading.service
        why = reading.why
        entries = reading.recognised.count
        for entry in reading.recognised {
            if entry.finished == true {
                finishes += 1
            } else if let index = reasons.firstIndex(where: { $0.reason == entry.reason }) {
                reasons[index].count += 1
            } else {
                reasons.append((entry.reason, 1))
            }
        }
        reasons.sort { $0.count > $1.count }
        hasValidators = !document.etag.isEmpty || !document.lastModified.isEmpty
        advisedSeconds = max(document.advised, (read.timeToLiveMinutes ?? 0) * 60)
        movedTo = document.movedTo.flatMap { WebAddress($0)?.host }
        oddities += read.defects
        if feed.address.scheme == "http" { oddities.append("asked without encryption (http)") }
        if entries > 0, finishes == 0 { oddities.append("not one entry counts as finished") }
    }

    var json: JSONValue {
        var members = [JSONMember("name", .string(name)), JSONMember("host", .string(host))]
        if let failure {
            members.append(JSONMember("stage", .string(failure.stage.rawValue)))
            members.append(JSONMember("failure", .string(failure.reason)))
        }
        members += [
            JSONMember("format", .string(format)), JSONMember("service", .string(service)),
            JSONMember("why", .string(why)), JSONMember("entries", .integer(Int64(entries))),
            JSONMember("finishes", .integer(Int64(finishes))),
            JSONMember("validators", .bool(hasValidators)),
            JSONMember("advised_seconds", .integer(Int64(advisedSeconds))),
        ]
        if let movedTo { members.append(JSONMember("moved_to_host", .string(movedTo))) }
        members.append(
            JSONMember(
                "passed_over",
                .object(reasons.map { JSONMember($0.reason, .integer(Int64($0.count))) })))
        members.append(JSONMember("odd", .array(oddities.map { .string($0) })))
        return .object(members)
    }
}
