import Formats
import Testing

@testable import Operations

@Suite struct PollingScheduleTests {
    private func feed(every: Int? = nil, address: String = "https://a.example/feed") throws -> FollowedFeed {
        let store = try PlayedStore(
            "[[feed]]\nname = \"a\"\nurl = \"\(address)\"\nkind = \"book\"\n"
                + (every.map { "every = \"\($0)m\"\n" } ?? "")) { .played($0, 404) }
        return store.settings.feeds[0]
    }

    struct Row: CustomTestStringConvertible {
        var testDescription: String
        var every: Int?
        var notModified = false
        var advised = 0
        var quietDays: Int64 = 0
        var minutes: Int
    }

    @Test(arguments: [
        Row(testDescription: "never said 304", minutes: 60),
        Row(testDescription: "has said 304", notModified: true, minutes: 15),
        Row(testDescription: "as the person says", every: 30, minutes: 30),
        Row(testDescription: "advice lengthens", notModified: true, advised: 7200, minutes: 120),
        Row(testDescription: "advice does not shorten", every: 600, advised: 60, minutes: 600),
        Row(testDescription: "a day at most", notModified: true, advised: 31_536_000, minutes: 1440),
        Row(testDescription: "29 days without news", notModified: true, quietDays: 29, minutes: 15),
        Row(testDescription: "a month without news", notModified: true, quietDays: 30, minutes: 30),
        Row(testDescription: "two months without news", notModified: true, quietDays: 60, minutes: 60),
        Row(testDescription: "a year without news", notModified: true, quietDays: 365, minutes: 360),
        Row(testDescription: "quiet and slow by itself", every: 720, quietDays: 365, minutes: 720),
    ])
    func `the interval is`(_ row: Row) throws {
        var poll = Poll(name: "a", address: "")
        poll.answersNotModified = row.notModified
        poll.etag = row.notModified ? "\"1\"" : ""
        poll.maxAge = row.advised
        let seconds = Schedule.interval(
            try feed(every: row.every), poll, newsAge: row.quietDays * 86_400)
        #expect(seconds == row.minutes * 60)
    }

    @Test func `failures double the wait, up to a day, never below the interval`() throws {
        let feed = try feed(every: 15)
        var random = Randomness(seed: 7)
        for failures in 1...12 {
            var poll = Poll(name: "a", address: "")
            poll.failures = failures
            let next = Schedule.afterFailure(
                feed, poll, retryAfter: nil, now: .start, random: &random)
            let wait = Int(next.seconds - Instant.start.seconds)
            let plain = min(900 << failures, 86_400)
            #expect(wait >= max(900, plain * 9 / 10) && wait <= min(86_400, plain * 11 / 10))
        }
    }

    @Test func `skipped hours and days are left out, also by a run that comes late`() throws {
        let feed = try feed()
        var poll = Poll(name: "a", address: "")
        poll.skipHours = [0, 1, 2]
        poll.skipDays = [1]
        // The start is a Monday: Tuesday at three is the first hour that is not skipped.
        poll.attempted = .after(hours: 4)
        let tuesday = Instant.after(hours: 27)
        #expect(Schedule.dueAt(feed, poll, ignoresInterval: false, now: .after(hours: 5)) == tuesday)
        #expect(Schedule.dueAt(feed, poll, ignoresInterval: true, now: .start) == .start)
        poll.skipHours = Array(0..<24)
        poll.skipDays = Array(0..<7)
        #expect(Schedule.dueAt(feed, poll, ignoresInterval: false, now: .start) == .start)
    }

    @Test func `no skipped day makes it wait for more than one`() throws {
        var poll = Poll(name: "a", address: "")
        poll.skipDays = [6, 0, 1, 2]
        poll.skipHours = [3]
        let feed = try feed(every: 60)
        // Saturday at noon.
        let now = Instant.after(hours: 5 * 24 + 12)
        let next = Schedule.afterSuccess(feed, poll, newsAge: 0, delay: 0, now: now)
        #expect(next == now.adding(seconds: 86_400))
        (poll.attempted, poll.next) = (now, next)
        // The run that asks may come some seconds sooner in its minute than the last.
        let due = next.adding(seconds: -60)
        #expect(Schedule.dueAt(feed, poll, ignoresInterval: false, now: now.adding(seconds: 3600)) == due)
        #expect(Schedule.dueAt(feed, poll, ignoresInterval: false, now: next) == next)
        // What a person wants stays as it is.
        let seldom = try self.feed(every: 60 * 24 * 3)
        let later = now.adding(seconds: 3 * 86_400)
        #expect(Schedule.afterSuccess(seldom, poll, newsAge: 0, delay: 0, now: now) == later)
    }

    @Test func `a clock that was ahead does not silence a feed`() throws {
        let feed = try feed()
        var poll = Poll(name: "a", address: "")
        poll.attempted = .after(days: 400)
        poll.next = .after(days: 401)
        #expect(Schedule.dueAt(feed, poll, ignoresInterval: false, now: .start) == .start)
    }

    @Test func `a Retry-After holds also for who ignores the schedule`() throws {
        let feed = try feed()
        var poll = Poll(name: "a", address: "")
        poll.attempted = .start
        poll.next = .after(hours: 5)
        poll.pausedUntil = .after(hours: 2)
        let now = Instant.after(hours: 1)
        #expect(Schedule.dueAt(feed, poll, ignoresInterval: true, now: now) == .after(hours: 2))
    }

    @Test func `a run that dies while it asks counts as one that failed`() throws {
        let feed = try feed(every: 15)
        var poll = Poll(name: "a", address: "")
        poll.failures = 3
        #expect(Schedule.whileAsking(feed, poll, now: .start) == .after(minutes: 240))
    }
}
