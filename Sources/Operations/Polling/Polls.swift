import Catalogue
import Files
import Formats
import Storage

/// `polls.json` (PRODUCT section 4): what is known of each address. A cache and no history: where it is
/// missing or cannot be read, the next run asks unconditionally.
struct Polls: Equatable {
    /// In the order of `feeds.toml` once `arrange` has run.
    private(set) var feeds: [Poll] = []
    /// Hosts that asked to be left alone, by name.
    var hosts: [HostPause] = []
    /// Networks that could not be asked, in the order in which that began.
    var networks: [NetworkPoll] = []
    var published = Publication()
    var glance = Glance()
    var covers = CoverPolls()
    /// Nobody could be reached in the last run that asked.
    var outage: Outage?
    /// When a damaged log was last spoken of.
    var damageSaid: Instant?
    /// When it was last found that the log was put back or has lost events: of a feed that is not known then, and comes
    /// back later, that is as true (`Poll.doubted`).
    var doubted: Instant?
    /// When it was last said that the pages cannot be written.
    var unpublishedSaid: Instant?
    /// When a run found something too old to be announced, which another run has to confirm.
    var overdueSeen: Instant?
    /// Oldest first.
    var lapses: [Lapse] = []
    /// When a run began to ask that has not ended yet: since whoever reads this holds the store, it never will.
    var asking: Instant?
    /// When it was last said that the clock is behind the log.
    var clockSaid: Instant?
    private var places: [String: Int] = [:]

    /// The poll of a feed at this address; a new one where the address is another.
    func poll(of feed: FollowedFeed) -> Poll {
        let digest = feed.addressDigest
        let place = places[feed.name]
        if let place, feeds[place].address == digest {
            // What was passed over may be a finish by the words of today.
            if feeds[place].isDry, feeds[place].drySettings != feed.digest { return feeds[place].withoutAnswer }
            return feeds[place]
        }
        for name in feed.settings.renamedFrom where place == nil {
            guard var former = self.poll(named: name), former.address == digest else { continue }
            former.name = feed.name
            return former
        }
        var poll = Poll(name: feed.name, address: digest)
        // Under any name, or another address, it may give again what the log has forgotten; not one that was read whole
        // since, under whichever address.
        if let doubted, !feed.settings.names.contains(where: { isSettled($0, since: doubted) }) { poll.doubted = doubted }
        // Under whatever name, it is to be left alone.
        poll.pausedUntil = feeds.lazy.filter { $0.pausedUntil != nil && $0.address == digest }
            .compactMap(\.pausedUntil).max()
        return poll
    }

    /// Those that `feeds.toml` does not name (`arrange`).
    func unnamed(in order: [FollowedFeed]) -> [Poll] {
        guard feeds.count > order.count(where: { places[$0.name] != nil }) else { return [] }
        let named = Set(order.map(\.name))
        return feeds.filter { !named.contains($0.name) }
    }

    /// Whether a feed has told again what the log had forgotten by then.
    private func isSettled(_ name: String, since doubted: Instant) -> Bool {
        guard let poll = poll(named: name), poll.doubted == nil, let succeeded = poll.succeeded else { return false }
        return succeeded > doubted
    }

    func poll(named name: String) -> Poll? { places[name].map { feeds[$0] } }

    mutating func set(_ poll: consuming Poll) {
        if let place = places[poll.name] {
            feeds[place] = poll
        } else {
            places[poll.name] = feeds.count
            feeds.append(poll)
        }
    }

    /// Feeds in the order of `feeds.toml`; what that no longer names is let go, but for one that has asked to be left
    /// alone: it may be put back before that is over.
    mutating func arrange(like order: [FollowedFeed], now: Instant) {
        if order.lazy.map(\.name).elementsEqual(feeds.lazy.map(\.name)) { return }
        let named = Set(order.flatMap(\.settings.names))
        let kept = feeds.filter { !named.contains($0.name) && ($0.pausedUntil ?? now) > now }
        feeds = order.compactMap { feed in
            if let place = places[feed.name] { return feeds[place] }
            let poll = poll(of: feed)
            return poll.attempted == nil ? nil : poll
        }
        feeds += kept
        places = [:]
        for (place, poll) in feeds.enumerated() { places[poll.name] = place }
    }

    /// As if no answer had ever been read: what the log has lost, unchanged feeds tell again.
    ///
    /// - Parameter now: what they bring may have been announced before; `nil`: it has not.
    mutating func forgetAnswers(doubtingAt now: Instant?) {
        for place in feeds.indices {
            feeds[place].forgetAnswer()
            // A clock that is behind does not know what was said by one that was not.
            if let now { feeds[place].doubted = max(now, feeds[place].attempted ?? now) }
        }
        if let now { doubted = max(now, feeds.compactMap(\.doubted).max() ?? now) }
    }

    /// Where only `log/` was put back to an earlier time (STORE section 2, row 24), it has no more what the
    /// answers said that `polls.json` speaks of: what has not changed since must be told again.
    mutating func forgetAnswers(ifOlder log: Log, at now: Instant) throws(OperationError) -> Bool {
        let known = glance.sha
        if known.isEmpty || known == log.chain { return false }
        if try inStore({ () throws(StoreError) in try log.commits(after: known) }) != nil { return false }
        forgetAnswers(doubtingAt: now)
        return true
    }

    /// The events of imports that ended right behind their commit, for they have not noted that: perhaps before they said
    /// them, and said twice is better than never. Where there are some of more than a day before the last, the file is an
    /// old one that was put back, and those were said.
    func unsaid(in log: Log, at now: Instant) throws(OperationError) -> [Range<Int>] {
        let known = glance.sha
        if known.isEmpty || known == log.chain { return [] }
        let commits = try inStore { () throws(StoreError) in try log.commits(after: known) } ?? []
        let imports = commits.filter { $0.cause == Import.cause }
        return imports.filter { $0 == imports.last || $0.at >= now.adding(seconds: -86_400) }
            .map { $0.sequences.lowerBound..<$0.sequences.upperBound + 1 }
    }

    /// Whether any feed may bring again what has been announced.
    var isDoubtful: Bool { feeds.contains(where: \.isDoubtful) }

    /// What is said then.
    static let putBack =
        "the log is older than polls.json: every feed is asked as if for the first time, and what it may have forgotten "
        + "is not announced before you say so"

    /// What opening the store found. That the clock is behind stays so until it has caught up, which may be weeks, and
    /// cron runs every quarter of an hour: once a day will do.
    mutating func news(in notes: [String], at now: Instant) -> [String] {
        guard notes.contains(where: HeldStore.isOfClock), !isNews(\.clockSaid, at: now) else { return notes }
        return notes.filter { !HeldStore.isOfClock($0) }
    }

    // MARK: hosts

    /// Until when nobody of this house is to be asked. Whoever wanted more than a day, or was noted by
    /// a clock that was ahead, is not believed.
    func pause(of address: WebAddress, at now: Instant) -> Instant? {
        address.house.flatMap { pause(ofHouse: $0, at: now) }
    }

    /// The same of a feed, be it the host's wish or its own, which a person's impatience has to respect, too.
    func pause(of feed: FollowedFeed, at now: Instant) -> Instant? {
        let own = Schedule.dueAt(feed, poll(of: feed), ignoresInterval: true, now: now)
        return pause(of: feed.address, at: now) ?? (own > now ? own : nil)
    }

    /// When this feed is asked next, as far as it is known; what has passed is due. `nil`: not known, or never.
    func next(_ poll: Poll, _ feed: FollowedFeed?, at now: Instant) -> Instant? {
        guard !poll.isGone, let noted = poll.next else { return nil }
        guard let feed else { return noted }
        let due = Schedule.dueAt(feed, poll, ignoresInterval: false, now: now)
        let latest = max(due, pause(of: feed.requestAddress(poll), at: now) ?? due)
        return latest > now ? latest : min(noted, now)
    }

    func pause(ofHouse house: String, at now: Instant) -> Instant? {
        // A day, and another one by which a clock may have been ahead.
        let latest = now.adding(seconds: 2 * Int64(Schedule.dayMax))
        for pause in hosts where pause.host == house && pause.until > now && pause.until <= latest {
            return pause.until
        }
        return nil
    }

    /// The houses of which that holds.
    func closed(at now: Instant) -> [String] {
        hosts.map(\.host).filter { pause(ofHouse: $0, at: now) != nil }
    }

    /// Whether something that lasts until a person comes was not said for a day; it is by now.
    mutating func isNews(_ said: WritableKeyPath<Polls, Instant?>, at now: Instant) -> Bool {
        if let last = self[keyPath: said], last <= now, now < last.adding(seconds: 86_400) { return false }
        self[keyPath: said] = now
        return true
    }

    /// One that has passed is kept for a day, so that the next one is known to follow it.
    mutating func forgetPauses(before now: Instant) {
        hosts.removeAll { $0.until.adding(seconds: Int64(Schedule.dayMax)) <= now }
    }

    /// How many pauses in a row a house will have asked for when it asks for one now, for the first time in a run.
    func strikes(of house: String, at now: Instant) -> Int {
        guard let known = hosts.first(where: { $0.host == house }) else { return 1 }
        return known.until <= now ? min(known.times, 1000) + 1 : known.times
    }

    /// It has given a feed what was asked for.
    mutating func forgive(house: String, at now: Instant) {
        hosts.removeAll { $0.host == house && $0.until <= now }
    }

    /// The longest wish counts, but for one that a clock noted that was ahead.
    ///
    /// - Parameter times: how many pauses in a row that makes; `nil`: as many as before.
    mutating func stop(house: String, until: Instant, times: Int? = nil) {
        let latest = until.adding(seconds: Int64(Schedule.dayMax))
        let known = hosts.first { $0.host == house && $0.until <= latest }?.until ?? until
        let before = hosts.first { $0.host == house }?.times ?? 1
        hosts.removeAll { $0.host == house }
        hosts.append(HostPause(host: house, until: max(until, known), times: times ?? before))
        hosts.sort { $0.host.utf8.lexicographicallyPrecedes($1.host.utf8) }
    }
}

struct HostPause: Equatable {
    var host: String
    var until: Instant
    /// How many there were in a row.
    var times = 1
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
    /// Why it did not, when it was tried last.
    var commandFailure: CommandFailure?

    struct CommandFailure: Equatable {
        var reason: String
        /// When somebody was told.
        var said: Instant
    }

    struct File: Equatable {
        var name: String
        var size: Int
        var crc: UInt32
        /// `FileStatus.changedNanoseconds`, since which nobody touched it; 0: not known.
        var changed: Int64 = 0
        /// `PageStamp.value` of a page by year; `nil` for any other.
        var stamp: UInt32?
    }
}

