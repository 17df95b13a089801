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

    /// The least time between two polls, in seconds, with what the feed advises and how long it has
    /// had no news.
    static func interval(_ feed: FollowedFeed, _ poll: Poll, newsAge: Int64) -> Int {
        // A file disturbs nobody, whatever the service wrote into it.
        if feed.address.scheme == "file" { return feed.every ?? 0 }
        let byDefault = poll.answersNotModified ? everyConditional : everyUnconditional
        var seconds = max(feed.every ?? byDefault, min(poll.advised, dayMax))
        if feed.every == nil, newsAge >= quietAfter {
            seconds = max(seconds, min(seconds * 2, quietMax))
        }
        return seconds
    }

    static func afterSuccess(
        _ feed: FollowedFeed, _ poll: Poll, newsAge: Int64, now: Instant
    ) -> Instant {
        let next = now.adding(seconds: Int64(interval(feed, poll, newsAge: newsAge)))
        return afterSkips(next, poll)
    }

    /// Twice as long after each failure in a row, a day at most, a tenth more or less so that not all
    /// feeds of a host that was down come back together.
    static func afterFailure(
        _ feed: FollowedFeed, _ poll: Poll, retryAfter: Int?, now: Instant, random: inout Randomness
    ) -> Instant {
        let base = max(interval(feed, poll, newsAge: 0), everyConditional)
        var seconds = base
        for _ in 0..<min(max(0, poll.failures - 1), 10) { seconds = min(seconds * 2, dayMax) }
        let tenth = seconds / 10
        if tenth > 0 { seconds += Int.random(in: -tenth...tenth, using: &random) }
        seconds = min(seconds, dayMax)
        if let retryAfter { seconds = max(seconds, min(retryAfter, dayMax)) }
        return now.adding(seconds: Int64(seconds))
    }

    /// What stands in `polls.json` while the requests are under way: should the run die, the next ones
    /// do not ask again at once.
    static func whileAsking(_ feed: FollowedFeed, _ poll: Poll, now: Instant) -> Instant {
        let seconds = max(interval(feed, poll, newsAge: 0), everyConditional)
        return now.adding(seconds: Int64(min(seconds, dayMax)))
    }

    static func isDue(_ poll: Poll, now: Instant) -> Bool {
        guard let next = poll.next else { return true }
        // A clock that was ahead leaves dates behind that no run of ours can have meant.
        return now >= next || next > now.adding(seconds: Int64(dayMax) + 3600)
    }

    /// Whether this poll goes without validators, to be safe from a server that always says 304.
    static func isUnconditionalDue(_ poll: Poll, now: Instant) -> Bool {
        guard let last = poll.unconditional else { return true }
        // Half a day more or less by name, so that not all feeds do so in one run.
        let spread = Int64(CRC32C.checksum(Array(poll.name.utf8)) % 86_400) - 43_200
        return now.seconds - last.seconds >= unconditionalAfter + spread
    }

    /// The first hour from `next` on in which the feed may be read (RSS 2.0, skipHours and skipDays, in
    /// GMT); both are ignored when they cover everything.
    private static func afterSkips(_ next: Instant, _ poll: Poll) -> Instant {
        guard !poll.skipHours.isEmpty || !poll.skipDays.isEmpty else { return next }
        var instant = next
        for _ in 0..<(24 * 8) {
            let civil = instant.civil()
            if !poll.skipHours.contains(civil.hour), !poll.skipDays.contains(instant.weekday) {
                return instant
            }
            instant = Instant(seconds: (instant.seconds / 3600 + 1) * 3600)
        }
        return next
    }
}
