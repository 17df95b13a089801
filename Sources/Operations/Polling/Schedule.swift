import Formats

/// When a feed is asked again: PRODUCT section 4. Pure.
enum Schedule {
    static let dayMax = 86_400
    /// For a feed that has answered 304, and for one that has not.
    static let everyConditional = 900
    static let everyUnconditional = 3600
    static let quietAfter: Int64 = 30 * 86_400
    static let quietMax = 6 * 3600
    /// Some servers answer 304 to any validator for ever.
    static let unconditionalAfter: Int64 = 8 * 86_400
    static let failuresUntilFailing = 3

    /// The least time between two polls, in seconds: what the person or the default says, lengthened by
    /// what the feed advises, and by how long it has had no news.
    static func interval(_ feed: FollowedFeed, _ poll: Poll, newsAge: Int64) -> Int {
        // A file disturbs nobody, whatever the service wrote into it.
        if feed.address.scheme == "file" { return feed.every ?? 0 }
        // Without validators, or where it is asked without them, it has none to answer so to.
        let mayBeNotModified = poll.answersNotModified && poll.hasValidators && !poll.isUnborne
        let byDefault = mayBeNotModified ? everyConditional : everyUnconditional
        var seconds = feed.every ?? byDefault
        // Each month without news halves how often; what is slower by itself stays as it is.
        var quiet = newsAge
        while quiet >= quietAfter, seconds < quietMax {
            seconds = min(seconds * 2, quietMax)
            quiet -= quietAfter
        }
        return max(seconds, min(poll.advised, dayMax))
    }

    /// - Parameter delay: seconds from `now` to the answer that gave the advice.
    static func afterSuccess(
        _ feed: FollowedFeed, _ poll: Poll, newsAge: Int64, delay: Int, now: Instant
    ) -> Instant {
        var seconds = interval(feed, poll, newsAge: newsAge)
        if poll.advised > 0 { seconds = max(seconds, min(poll.advised + delay, dayMax)) }
        return afterSkips(now.adding(seconds: Int64(seconds)), poll, since: now)
    }

    /// Twice as long after each failure in a row, from the first on (http-politeness, section 3), a day at most, a
    /// tenth more or less so that not all feeds of a host that was down come back together, and never sooner than
    /// without a failure.
    /// - Parameter retryAfter: seconds for which the server wants to be left alone: the first time that is enough.
    static func afterFailure(
        _ feed: FollowedFeed, _ poll: Poll, retryAfter: Int?, now: Instant,
        random: inout Randomness
    ) -> Instant {
        let base = base(feed, poll, now: now)
        var seconds = backedOff(base, failures: (retryAfter ?? 0) > 0 ? poll.failures - 1 : poll.failures)
        let tenth = seconds / 10
        if tenth > 0 { seconds += Int.random(in: -tenth...tenth, using: &random) }
        seconds = max(min(seconds, dayMax), base)
        if let retryAfter { seconds = max(seconds, min(retryAfter, dayMax)) }
        return afterSkips(now.adding(seconds: Int64(seconds)), poll, since: now)
    }

    /// Nobody at all was reached: the hosts may be there, so nobody waits long.
    static func afterSilence(_ feed: FollowedFeed, _ poll: Poll, _ outage: Outage, now: Instant) -> Instant {
        afterSkips(now.adding(seconds: Int64(max(base(feed, poll, now: nil), outage.pauseSeconds(at: now)))), poll, since: now)
    }

    /// What stands in `polls.json` while the requests are under way: as if this one had failed. Of a feed that never
    /// has, the interval is kept of it (`believed`), so that runs that die do not ask more often than others.
    static func whileAsking(_ feed: FollowedFeed, _ poll: Poll, now: Instant) -> Instant {
        let seconds = backedOff(base(feed, poll, now: now), failures: poll.failures + 1)
        return afterSkips(now.adding(seconds: Int64(seconds)), poll, since: now)
    }

    /// How long a host is left alone that says 429 without saying for how long.
    static func pauseUnsaid(failures: Int) -> Int { backedOff(3600, failures: failures - 1) }

    /// Until when somebody is left alone who asks for so long: nobody is given more than a day.
    static func pause(seconds: Int, from now: Instant) -> Instant { now.adding(seconds: Int64(min(seconds, dayMax))) }

    /// - Parameter now: `nil`: as if there had been news just now.
    private static func base(_ feed: FollowedFeed, _ poll: Poll, now: Instant?) -> Int {
        max(interval(feed, poll, newsAge: now.map { newsAge(poll, now: $0) } ?? 0), everyConditional)
    }

    private static func backedOff(_ base: Int, failures: Int) -> Int {
        var seconds = base
        for _ in 0..<min(max(0, failures), 10) { seconds = min(seconds * 2, max(base, dayMax)) }
        return seconds
    }

    /// The first instant from `now` on at which the feed may be asked; `now` itself: it is due.
    /// - Parameter ignoresInterval: a person wants to know; what the feed asks for still counts.
    static func dueAt(_ feed: FollowedFeed, _ poll: Poll, ignoresInterval: Bool, now: Instant) -> Instant {
        let attempted = poll.attempted ?? now
        // A clock that was put back by hours has left intervals behind that would silence the feed for as long; what the
        // feed asked for counts a day longer, and what is further ahead no run of ours can have meant.
        let ahead = attempted.seconds - now.seconds
        var due = min(attempted, now)
        if ahead <= dayMax, let until = poll.pausedUntil, until <= now.adding(seconds: 2 * Int64(dayMax)) {
            due = max(due, until)
        }
        // Skipped hours would be counted from a day that has not come: one question sets that right.
        if ignoresInterval || ahead > 3600 { return max(due, now) }
        if let next = poll.next { due = max(due, believed(next, feed, poll, attempted)) }
        return afterSkips(due, poll, since: min(attempted, now), from: now)
    }

    /// What is noted, as far as it follows from what `feeds.toml` says by now.
    private static func believed(_ next: Instant, _ feed: FollowedFeed, _ poll: Poll, _ attempted: Instant) -> Instant {
        let base = base(feed, poll, now: attempted)
        if poll.failures == 0, poll.unreached == nil {
            let own = attempted.adding(seconds: Int64(interval(feed, poll, newsAge: newsAge(poll, now: attempted))))
            // An answer may have come some minutes after the run began.
            if next.seconds > own.seconds + 900 { return own }
            if let every = feed.every { return max(next, attempted.adding(seconds: Int64(every))) }
        }
        let latest = min(next, attempted.adding(seconds: Int64(max(base, dayMax) + dayMax)))
        return poll.unreached == nil ? max(latest, attempted.adding(seconds: Int64(feed.every ?? 0))) : latest
    }

    private static func newsAge(_ poll: Poll, now: Instant) -> Int64 {
        max(0, now.seconds - (poll.news ?? now).seconds)
    }

    /// Whether this poll goes without validators, to be safe from a server that always says 304.
    static func isUnconditionalDue(_ poll: Poll, now: Instant) -> Bool {
        // A clock that was ahead noted one that has not been yet.
        guard let last = poll.unconditional, last <= now else { return true }
        // Half a day more or less by name, so that not all feeds do so in one run.
        let spread = Int64(CRC32C.checksum(Array(poll.name.utf8)) % 86_400) - 43_200
        return now.seconds - last.seconds >= unconditionalAfter + spread
    }

    /// The first instant from `next` on at which the feed may be read (RSS 2.0, skipHours and skipDays, in GMT); either is
    /// ignored when it covers everything.
    ///
    /// No day that is skipped makes it wait for more than a day (PRODUCT section 4): a feed that skips the weekend could
    /// lose what it showed then. Hours leave one within a day, if a run comes each quarter of an hour; a machine that is
    /// awake in the skipped ones alone has passed them all when as many are over as are skipped in a row.
    ///
    /// - Parameters:
    ///   - asked: when it was asked last.
    ///   - now: where the run comes later than `next`.
    static func afterSkips(_ next: Instant, _ poll: Poll, since asked: Instant, from now: Instant? = nil) -> Instant {
        var instant = max(next, now ?? next)
        guard !poll.skipHours.isEmpty || !poll.skipDays.isEmpty else { return instant }
        func some(_ values: [Int], of all: Range<Int>) -> Set<Int> {
            let values = Set(values)
            return values.isSuperset(of: all) ? [] : values
        }
        let hours = some(poll.skipHours, of: 0..<24)
        let days = some(poll.skipDays, of: 0..<7)
        let day = asked.adding(seconds: Int64(dayMax))
        // Runs come some seconds earlier or later, and behind this one no hour may be left for a day.
        let daysEnd = max(next, hours.isEmpty || now == nil ? day : day.adding(seconds: -60))
        let hoursEnd = max(next, day).adding(seconds: Int64(longestRun(of: hours)) * 3600)
        while instant < daysEnd && days.contains(instant.weekday)
            || instant < hoursEnd && hours.contains(instant.civil().hour)
        {
            let hour = Instant(seconds: (instant.seconds / 3600 + 1) * 3600)
            instant = min(hour, instant < daysEnd ? daysEnd : hoursEnd)
        }
        return instant
    }

    /// How many hours of the day are skipped one after the other, over midnight, too.
    private static func longestRun(of hours: Set<Int>) -> Int {
        var (longest, run) = (0, 0)
        for hour in 0..<48 {
            run = hours.contains(hour % 24) ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
