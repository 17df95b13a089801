import Catalogue
import Feeds
import Files
public import Formats
public import HTTP
import Publishing
import Services
import Storage

/// Tries every feed without writing anything, and says what it was taken for and why.
public struct Check: Equatable, Sendable {
    public struct Feed: Equatable, Sendable {
        public var name: String
        public var host: String
        public var failure: Failure?
        /// Of the last answer; 0 for a file.
        public var status = 0
        /// After redirects; the host alone where the address holds a secret.
        public var address = ""
        public var redirects = 0
        public var milliseconds = 0
        public var bytes = 0
        public var format = ""
        public var service = ""
        /// How the service was told.
        public var why = ""
        public var entries = 0
        public var finishes = 0
        /// Why entries are no finishes, with how many of each; the commonest first.
        public var reasons: [(reason: String, count: Int)] = []
        /// Names of the headers that let the server say "not modified", and are kept for that.
        public var validators: [String] = []
        /// What headers and document ask for.
        public var advisedSeconds = 0
        /// RSS 2.0: hours and days (0 is Sunday) in which it is not to be read, in GMT.
        public var skipHours: [Int] = []
        public var skipDays: [Int] = []
        /// How often it will be asked.
        public var intervalSeconds = 0
        /// The same until it has said "not modified", which validators alone do not prove.
        public var firstIntervalSeconds = 0
        public var movedTo: String?
        /// What is odd: what was mended, what is private, what is impolite.
        public var oddities: [String] = []

        public var hasValidators: Bool { !validators.isEmpty }

        public static func == (left: Feed, right: Feed) -> Bool { left.json == right.json }
    }

    public var feeds: [Feed] = []
    /// What is impolite of the settings as a whole.
    public var oddities: [String] = []

    /// Where announcements would go, once their credentials were tried.
    public var networks: [Credentials] = []

    public var isGood: Bool {
        feeds.allSatisfy { $0.failure == nil } && networks.allSatisfy { $0.problem == nil }
    }

    /// - Parameter folder: where `polls.json` tells which hosts have asked to be left alone; they are.
    public static func run(
        _ settings: Settings, _ folder: StoreFolder, _ world: World,
        progress: (([String], Progress) -> Void)? = nil
    ) -> Check {
        // It writes nothing, so nothing is lost where they cannot be read.
        let polls = (try? Polls.read(world.disk, folder.polls)) ?? Polls()
        let fetch = Fetch(
            settings: settings.fetch, program: Program.version, now: world.now, closed: polls.closed(at: world.now))
        // As if never asked before: no validators, so every feed gives its document.
        var asked: [Asked] = []
        var reports: [Feed] = []
        for feed in settings.feeds {
            var report = Feed(name: feed.name, host: feed.address.host ?? "")
            if let until = polls.pause(of: feed, at: world.now) {
                report.failure = Failure(feed, .fetch, "asked to be left alone until \(until)")
            } else {
                asked.append(Asked(feed, Poll(name: feed.name, address: feed.addressDigest)))
            }
            report.noteSettings(feed, settings)
            reports.append(report)
        }
        let names = asked.map(\.feed.name)
        let answers = fetch.perform(asked, world) { progress?(names, $0) }
        let zone = TimeZones.rules(settings.configuration.site.timeZone, world.disk) ?? .utc
        for (asked, answer) in zip(asked, answers) {
            for index in reports.indices where reports[index].name == asked.feed.name {
                reports[index].take(answer, asked.feed, asked.poll, zone)
            }
        }
        return Check(feeds: reports, oddities: oddities(settings))
    }

    private static func oddities(_ settings: Settings) -> [String] {
        var oddities: [String] = []
        let isNameless = settings.feeds.contains { $0.address.isWeb && $0.userAgent == nil }
        if isNameless, settings.fetch.contact.isEmpty {
            oddities.append(
                "servers are not told whom to write to: [fetch] contact or [site] home_page_url in feeds.toml says it")
        }
        // The price is X's to change (`specs/x-posting.md` section 1): it is said where it is connected.
        if settings.networks.contains(where: { $0.name == "x" && $0.hasCredentials }),
            Wording.hasLinks(settings.configuration, network: "x")
        {
            oddities.append("posts to X have a link: X charges more than ten times as much for one with a link")
        }
        return oddities
    }

    /// An address as it may be told: where it holds a secret, or repeats one of those that led to it, its host alone.
    fileprivate static func shown(_ address: String, _ feed: FollowedFeed, _ way: [String] = []) -> String {
        let isSecret =
            feed.isPrivate || Services.holdsSecret(address)
            || Services.secrets(in: [feed.address.text] + way, isPrivate: false).contains {
                address.lowercased().contains($0.lowercased())
            }
        return isSecret ? feed.withoutSecretsOfHosts(WebAddress(address)?.origin ?? "", of: way) : address
    }

    public var json: JSONValue {
        var members = [JSONMember("feeds", .array(feeds.map(\.json)))]
        if !oddities.isEmpty { members.append(JSONMember("odd", .array(oddities.map { .string($0) }))) }
        if !networks.isEmpty { members.append(JSONMember("networks", .array(networks.map(\.json)))) }
        return .object(members)
    }
}

extension Check.Feed {
    fileprivate mutating func noteSettings(_ feed: FollowedFeed, _ settings: Settings) {
        if !feed.isPrivate, Services.holdsSecret(feed.address.text) {
            oddities.append(
                "the address seems to hold a password: keep it in a file that \"url_file\" names")
        }
        if feed.address.scheme == "http" { oddities.append("asked without encryption (http)") }
        if let twin = settings.feeds.first(where: { $0.address == feed.address }), twin.name != feed.name {
            oddities.append("the same address as \"\(twin.name)\"; both are asked by one request")
        }
    }

    fileprivate mutating func take(
        _ answer: Answer, _ feed: FollowedFeed, _ poll: Poll, _ zone: ZoneRules
    ) {
        switch answer {
        case .failure(let failure):
            self.failure = failure
            status = failure.status
            redirects = failure.redirects
            address = Check.shown(failure.address.isEmpty ? feed.address.text : failure.address, feed, failure.way)
            if let seconds = failure.retryAfter { advisedSeconds = seconds }
        case .unchanged: break
        case .document(let document):
            note(document, feed)
            switch Intake.read(document, feed) {
            case .failure(let failure):
                self.failure = failure
                noteFeeds(of: document, feed)
            case .success(let read):
                note(read, document, feed, zone)
                var poll = poll
                poll.note(document, read)
                // Asked as often as a feed that has answered 304, where it can.
                poll.answersNotModified = hasValidators
                advisedSeconds = max(poll.advised, document.circumstances.retryAfter ?? 0)
                let pause = min(document.circumstances.retryAfter ?? 0, Schedule.dayMax)
                func interval() -> Int { max(Schedule.interval(feed, poll, newsAge: 0), pause) }
                intervalSeconds = interval()
                poll.answersNotModified = false
                firstIntervalSeconds = interval()
                noteAdvice(document)
            }
        }
    }

    /// How it answered.
    private mutating func note(_ document: Answer.Document, _ feed: FollowedFeed) {
        let circumstances = document.circumstances
        status = circumstances.status
        redirects = circumstances.hops
        milliseconds = circumstances.milliseconds
        bytes = document.bytes.count
        address = Check.shown(document.address, feed, circumstances.way)
        if status == 0 { return }
        if !document.etag.isEmpty { validators.append("ETag") }
        if !document.lastModified.isEmpty { validators.append("Last-Modified") }
        movedTo = circumstances.movedTo.flatMap { WebAddress($0)?.host }
            .map { feed.withoutSecretsOfHosts($0, of: circumstances.way) }
        if movedTo != nil {
            oddities.append("it has moved for good: let feeds.toml name the new address")
        } else if redirects > 0 {
            oddities.append("each poll is redirected, by \(redirects) more \(redirects == 1 ? "request" : "requests")")
        }
        if let refused = document.refusedValidators {
            oddities.append("its validators are not kept: " + refused)
        } else if validators.isEmpty {
            oddities.append(
                "it gives neither ETag nor Last-Modified, so every poll fetches the whole feed")
        }
        let type = document.contentType?.lowercased() ?? ""
        if type.isEmpty {
            oddities.append("it does not say what it is (Content-Type)")
        } else if type.hasPrefix("text/html") || type.hasPrefix("text/plain") {
            let name = type.prefix { $0 != ";" }
            oddities.append("it calls itself \(name), which is no feed")
        }
        if milliseconds >= 5000 { oddities.append("it took \(milliseconds / 1000) s to answer") }
        if bytes >= 2 << 20 { oddities.append("it is \(bytes >> 20) MB long") }
    }

    /// A person may have named their page, where its feed was meant.
    private mutating func noteFeeds(of page: Answer.Document, _ feed: FollowedFeed) {
        let way = page.circumstances.way + [page.address]
        for address in PageFeeds.addresses(in: page.bytes, contentType: page.contentType, address: page.address)
            .prefix(Self.feedsOfPageMax)
        {
            oddities.append("this page names a feed: " + Check.shown(address, feed, way))
        }
    }
    /// A blog's page names its comments' feed as well, and perhaps one of each topic.
    private static let feedsOfPageMax = 3

    /// What it says.
    private mutating func note(
        _ read: FeedDocument, _ document: Answer.Document, _ feed: FollowedFeed, _ zone: ZoneRules
    ) {
        let reading = Services.read(read, context: feed.context(document.circumstances, zone))
        format = read.version
        service = reading.service
        why = reading.why
        entries = reading.recognised.count
        for entry in reading.recognised {
            let isWaiting = entry.finished == true && entry.isNameDamaged
            let reason = isWaiting ? "it is damaged: it is taken when it comes whole" : entry.reason
            if entry.finished == true, !isWaiting {
                finishes += 1
            } else if let index = reasons.firstIndex(where: { $0.reason == reason }) {
                reasons[index].count += 1
            } else {
                reasons.append((reason, 1))
            }
        }
        reasons.sort { $0.count == $1.count ? $0.reason < $1.reason : $0.count > $1.count }
        skipHours = read.skipHours
        skipDays = read.skipDays
        if let lack = read.lack {
            oddities.append("the document is \(lack.words), and \(lack.rest): one that stays so is told as failing")
        }
        oddities += read.defects.map { feed.withoutSecrets($0, document.circumstances) }
        if entries == 0 { oddities.append("it is empty") }
        if entries > 0, finishes == 0 { oddities.append("not one entry counts as finished") }
        if Services.isFromMemory(service) {
            oddities.append("how feeds of this service look was never seen, only heard of")
        }
        var ordinary: [String] = []
        if finishes > 0, Drought.isFound(in: reading.recognised, ordinary: &ordinary) {
            oddities.append("its three newest entries look like nothing that is known")
        }
    }

    private mutating func noteAdvice(_ document: Answer.Document) {
        if max(document.maxAge ?? 0, advisedSeconds) > Schedule.dayMax {
            oddities.append("it asks for more than a day between two polls; a day is kept")
        }
    }

    var json: JSONValue {
        var members = [JSONMember("name", .string(name)), JSONMember("host", .string(host))]
        if let failure {
            members.append(JSONMember("stage", .string(failure.stage.rawValue)))
            members.append(JSONMember("failure", .string(failure.reason)))
        }
        members += [
            JSONMember("address", .string(address)),
            JSONMember("status", .integer(Int64(status))),
            JSONMember("redirects", .integer(Int64(redirects))),
            JSONMember("milliseconds", .integer(Int64(milliseconds))),
            JSONMember("bytes", .integer(Int64(bytes))),
            JSONMember("format", .string(format)), JSONMember("service", .string(service)),
            JSONMember("why", .string(why)), JSONMember("entries", .integer(Int64(entries))),
            JSONMember("finishes", .integer(Int64(finishes))),
            JSONMember("validators", .array(validators.map { .string($0) })),
            JSONMember("advised_seconds", .integer(Int64(advisedSeconds))),
            JSONMember("interval_seconds", .integer(Int64(intervalSeconds))),
            JSONMember("skip_hours", .array(skipHours.map { .integer(Int64($0)) })),
            JSONMember("skip_days", .array(skipDays.map { .integer(Int64($0)) })),
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
