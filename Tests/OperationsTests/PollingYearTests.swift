import Catalogue
import Formats
import Foundation
import HTTP
import Testing

@testable import Operations

/// Cron's runs of a year, 96 a day, against feeds that ask for much; every request is judged by the
/// server's own books. A push plays 36 days of it; in a debug
/// build 4 days of 24 runs.
@Suite struct PollingYearTests {
    #if DEBUG
        static let days = 4
        static let minutesBetweenRuns = 60
    #else
        /// A month of a push; COLOPHON_YEAR_DAYS=365 asks for the whole year.
        static let days =
            ProcessInfo.processInfo.environment["COLOPHON_YEAR_DAYS"].flatMap { Int($0) } ?? 36
        static let minutesBetweenRuns = 15
    #endif

    /// A feed as its server sees it.
    final class Feed {
        let name: String
        var maxAge: Int64 = 0
        var skipHours: [Int] = []
        var skipDays: [Int] = []
        var hasValidators = true
        /// Every so many hours there is a new entry.
        var newsHours: Int64 = 50
        /// Between these hours of each tenth day it says 503 with a Retry-After.
        var failsAt: Range<Int64>?

        var lastAnswer: Int64?
        var restUntil: Int64 = .min
        var lastUnconditional: Int64?
        var hasAnswered = false
        var sins: [String] = []
        var requests = 0
        var unconditional = 0

        init(_ name: String) { self.name = name }

        func answer(_ request: Request, at now: Instant) -> Result<Response, TransferError> {
            requests += 1
            let hour = (now.seconds - Instant.start.seconds) / 3600
            let before = lastAnswer ?? .min
            if before == now.seconds { sins.append("twice within a run, hour \(hour)") }
            lastAnswer = now.seconds
            if now.seconds < restUntil { sins.append("while it asked for rest, hour \(hour)") }
            if hasAnswered {
                let civil = now.civil()
                if skipHours.contains(civil.hour) { sins.append("in a skipped hour, hour \(hour)") }
                // A day is the longest that anybody waits (PRODUCT section 4).
                if skipDays.contains(now.weekday), now.seconds - before < 86_400 {
                    sins.append("on a skipped day, hour \(hour)")
                }
            }
            if !request.isConditional {
                unconditional += 1
                if hasAnswered, hasValidators, let last = lastUnconditional,
                    now.seconds - last < 7 * 86_400
                {
                    sins.append("without a condition, hour \(hour)")
                }
                lastUnconditional = now.seconds
            }
            if let failsAt, failsAt.contains(hour % 240) {
                restUntil = now.seconds + 5000
                return .played(request, 503, ["Retry-After": "5000"])
            }
            restUntil = now.seconds + maxAge
            hasAnswered = true
            let newest = Int(hour / newsHours)
            let etag = "W/\"\(name)-\(newest)\""
            var headers = maxAge > 0 ? ["Cache-Control": "public, max-age=\(maxAge)"] : [:]
            if hasValidators { headers["ETag"] = etag }
            if request.header("If-None-Match") == etag { return .played(request, 304, headers) }
            let titles = (0..<10).map { "\(name) \(newest - $0 + 10)" }
            var extra = skipHours.map { "<hour>\($0)</hour>" }.joined()
            extra = extra.isEmpty ? "" : "<skipHours>\(extra)</skipHours>"
            if !skipDays.isEmpty { extra += "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>" }
            return .played(request, 200, headers, body: PlayedFeed.rss(titles, extra: extra))
        }
    }

    @Test func `in a year of runs nobody is asked when it asked not to be`() throws {
        let plain = Feed("plain")
        let aged = Feed("aged")
        aged.maxAge = 5000
        let daily = Feed("daily")
        daily.maxAge = 31_536_000
        let nightly = Feed("nightly")
        nightly.skipHours = [0, 1, 2, 3, 22, 23]
        let weekday = Feed("weekday")
        weekday.skipDays = [0, 6]
        let busy = Feed("busy")
        busy.failsAt = 40..<70
        let bare = Feed("bare")
        bare.hasValidators = false
        let quiet = Feed("quiet")
        quiet.newsHours = 24 * 100
        let feeds = [plain, aged, daily, nightly, weekday, busy, bare, quiet]
        // A day is kept of a year.
        daily.maxAge = 86_400
        var now = Instant.start
        let toml = feeds.map {
            PollingFailureTests.feed($0.name, "https://\($0.name).example/feed")
        }.joined()
        let store = try PlayedStore(toml) { request in
            let name = WebAddress(request.address)?.host?.split(separator: ".").first.map(String.init)
            guard let feed = feeds.first(where: { $0.name == name }) else { return .played(request, 404) }
            return feed.answer(request, at: now)
        }
        let perDay = 1440 / Self.minutesBetweenRuns
        for turn in 0..<(perDay * Self.days) {
            now = .after(minutes: turn * Self.minutesBetweenRuns)
            let report = try store.run(at: now)
            #expect(report.turns.allSatisfy { $0.feed == "busy" })
        }
        for feed in feeds { #expect(feed.sins == [], "\(feed.name)") }
        // Polite, and not asleep: every quarter of an hour where 304 is known, and news within a poll.
        let days = Self.days
        #expect(plain.requests >= perDay * days * 9 / 10)
        #expect((days - 1...days).contains(daily.requests))
        // After each month without news half as often, to every six hours; its news comes every hundred days.
        let restful = (0..<days).map { max(4, perDay >> ($0 % 100 / 30)) }.reduce(0, +)
        #expect(quiet.requests <= restful && quiet.requests >= restful * 9 / 10)
        #expect((days / 9...days / 7 + 1).contains(plain.unconditional))
        let news = Set(store.events("finished").filter { $0.contains("\"feed\":\"plain\"") }).count
        #expect(news == 10 + (24 * days - 1) / 50)
    }
}
