import Catalogue
import Feeds
import Files
import Formats
import Glibc
import HTTP
import Storage
import Testing

@testable import Operations

/// Failures, and what is said of them: PRODUCT section 3 (failure talk) and section 4.
@Suite struct PollingFailureTests {
    static func feed(_ name: String, _ address: String) -> String {
        "[[feed]]\nname = \"\(name)\"\nurl = \"\(address)\"\nkind = \"book\"\n"
    }

    static let one = feed("books", "https://site.example/feed")

    /// What cron mails of a run; nothing: no mail.
    private func mail(_ report: ImportReport) -> [String] {
        report.turns.map { "\($0.feed) \($0.turn.rawValue)" }
            + report.reminders.map { "\($0.feed) still failing" } + report.notes + report.warnings
    }

    @Test func `a month with a feed down, one flapping and one gone makes the mails it should`() throws {
        var now = Instant.start
        let toml = ["well", "down", "flapping", "gone"]
            .map { Self.feed($0, "https://\($0).example/feed") }.joined()
        let store = try PlayedStore(toml) { request in
            let hours = (now.seconds - Instant.start.seconds) / 3600
            switch WebAddress(request.address)?.host {
            case "well.example", nil: break
            case "down.example" where hours >= 24: return .played(request, 500)
            // Every second half of a day.
            case "flapping.example" where hours % 24 >= 12: return .played(request, 503)
            case "gone.example" where hours >= 48: return .played(request, 410)
            default: break
            }
            if request.isConditional { return .played(request, 304, ["ETag": "\"1\""]) }
            return .played(request, 200, ["ETag": "\"1\""], body: PlayedFeed.rss(["A"]))
        }
        var mails: [(day: Int, words: [String])] = []
        let minutes = PollingYearTests.minutesBetweenRuns
        for turn in 0..<(1440 / minutes * 30) {
            now = .after(minutes: turn * minutes)
            let report = try store.run(at: now)
            let words = mail(report)
            // Said exactly when the run ends with 1, but for a recovery, which is for the better.
            let isBetter = report.turns.contains { $0.turn == .recovered }
            #expect(words.isEmpty != (report.isWorse || isBetter))
            if !words.isEmpty { mails.append((turn * minutes / 1440, words)) }
        }
        let down = mails.filter { $0.words.contains { $0.hasPrefix("down") } }
        let ofDown = down.map { $0.words.filter { $0.hasPrefix("down") } }
        #expect(ofDown == [["down failing"]] + Array(repeating: ["down still failing"], count: 4))
        for (one, two) in zip(down, down.dropFirst()) { #expect((6...8).contains(two.day - one.day)) }
        #expect(mails.filter { $0.words.contains("gone gone") }.count == 1)
        #expect(!mails.contains { $0.words.contains { $0.hasPrefix("well") } })
        // Each spell is said once, its end once; one that lasts a week is said again like any other.
        let flaps = mails.flatMap(\.words)
            .filter { $0.hasPrefix("flapping") && !$0.hasSuffix("still failing") }
        for (index, words) in flaps.enumerated() {
            #expect(words == (index % 2 == 0 ? "flapping failing" : "flapping recovered"))
        }
        #expect(flaps.count >= 2)
        #expect(mails.count <= 10 + flaps.count)
        #expect(store.events("feed-gone").count == 1)
    }

    @Test func `another failure is told instead of the week's reminder`() throws {
        var status = 500
        let store = try PlayedStore(Self.one) { .played($0, status) }
        var told: [(Int, String)] = []
        for hour in 0..<(24 * 24) {
            if hour == 48 { status = 401 }
            let report = try store.run(at: .after(hours: hour))
            for turn in report.turns { told.append((hour / 24, turn.reason)) }
            for failure in report.reminders { told.append((hour / 24, failure.reason + " still")) }
        }
        #expect(told.map(\.1) == [
            "the server fails (500)", "wants a login (401)", "wants a login (401) still", "wants a login (401) still",
        ])
        for (one, two) in zip(told, told.dropFirst()) { #expect((6...9).contains(two.0 - one.0)) }
    }

    @Test func `a reminder is not lost when the run that would say it dies`() throws {
        let store = try PlayedStore(Self.one) { .played($0, 500) }
        var hour = 0
        while store.events("feed-failing").isEmpty {
            try store.run(at: .after(hours: hour))
            hour += 1
        }
        for hour in hour..<(24 * 7) { #expect(try store.run(at: .after(hours: hour)).reminders.isEmpty) }
        // The run of the next attempt dies after it has noted that it asks.
        var asked = store.network.asked.count
        var next = 24 * 7
        while store.network.asked.count == asked {
            store.network.beforeSending = { store.disk.fault = (.rename, "polls.json", EIO) }
            defer { (store.network.beforeSending, store.disk.fault) = ({}, nil) }
            if let report = try? store.run(at: .after(hours: next)) { #expect(report.reminders.isEmpty) }
            next += 1
        }
        asked = store.network.asked.count
        var said = 0
        while store.network.asked.count == asked {
            said += try store.run(at: .after(hours: next)).reminders.count
            next += 1
        }
        #expect(said == 1)
    }

    @Test func `two failures in a row are nobody's business`() throws {
        var fails = false
        let store = try PlayedStore(Self.one) { request in
            fails ? .played(request, 500) : .played(request, 200, body: PlayedFeed.rss(["A"]))
        }
        for hour in 0..<60 {
            fails = hour % 5 != 0
            let report = try store.run(at: .after(hours: hour * 5))
            #expect(mail(report) == [] || hour % 5 >= 3 || hour % 5 == 0)
        }
        fails = true
        #expect(store.events("feed-recovered").count <= store.events("feed-failing").count)
    }

    @Test func `410 stops the feed until its address changes`() throws {
        let store = try PlayedStore(Self.one) { .played($0, 410) }
        let report = try store.run(at: .start)
        #expect(report.turns.map(\.turn) == [.gone])
        #expect(report.isWorse)
        for day in 1..<20 {
            var all = Import.Options()
            all.ignoresSchedule = day % 2 == 0
            try store.run(at: .after(days: day), all)
            #expect(store.network.lastAsked.isEmpty)
        }
        // A cache that is lost asks once more, and says nothing.
        store.disk.remove("/store/polls.json")
        #expect(try store.run(at: .after(days: 20)).turns.isEmpty)
        #expect(store.network.lastAsked.count == 1)
        try store.run(at: .after(days: 21))
        #expect(store.network.lastAsked.isEmpty)
        try store.configure(Self.feed("books", "https://site.example/new"))
        store.network.play = { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        #expect(try store.run(at: .after(days: 22)).turns.map(\.turn) == [.recovered])
    }

    @Test(arguments: [
        (500, "the server fails (500)"), (404, "not found (404)"), (401, "wants a login (401)"),
        (403, "refuses us (403)"), (429, "asks us to wait (429)"), (206, "answered with a part alone, which nobody asked for (206)"),
        (402, "wants to be paid (402)"), (418, "does not understand the request, or refuses it (418)"),
        (204, "answered without a document (204)"), (300, "offers a choice and no feed (300)"),
        (301, "redirects to nowhere (301)"), (451, "withheld for legal reasons (451)"),
        (503, "is not available for now (503)"), (408, "waited for us too long (408)"),
        (425, "wants to be asked later (425)"), (226, "answered with what is new alone, which nobody asked for (226)"),
        (202, "has nothing to give yet (202)"), (999, "answered with a status that nobody knows (999)"),
    ])
    func `a status is told in words`(_ status: Int, _ words: String) throws {
        let store = try PlayedStore(Self.one) { .played($0, status) }
        let report = try store.run(at: .start)
        guard case .failed(let failure, inARow: 1) = report.feeds[0].outcome else {
            Issue.record("\(report.feeds[0].outcome)")
            return
        }
        #expect(failure.reason == words)
        #expect(report.turns.isEmpty)
    }

    @Test(arguments: [
        ("", "the document is empty"),
        ("<html><head><title>Just a moment...</title></head></html>",
            "a wall against programs answers instead of the feed (\"Just a moment...\")"),
        ("<!doctype html><title>Site</title><script src=\"/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1\"></script>",
            "a wall against programs answers instead of the feed (\"Site\")"),
        ("<!doctype html><title>No such page</title><script src=\"/cdn-cgi/challenge-platform/scripts/jsd/main.js\"></script>",
            "the answer is an HTML page (\"No such page\") instead of a feed"),
        ("<html><title>Sign in to Site</title></html>",
            "a login page answers instead of the feed (\"Sign in to Site\")"),
        ("<html><title>Welcome</title><form><input type=\"password\"></form></html>",
            "a login page answers instead of the feed (\"Welcome\")"),
        ("<html><title>My \u{202E}blog\u{2066}</title></html>",
            "the answer is an HTML page (\"My  blog \") instead of a feed"),
        ("<html><title>My blog</title><p>hello</p></html>",
            "the answer is an HTML page (\"My blog\") instead of a feed"),
        ("<opml><body/></opml>", "the answer is XML with the root \"opml\", which is no feed"),
        ("{\"a\":1}", "the answer is JSON without the version of JSON Feed"),
        ("gone fishing", "the answer is neither XML nor JSON; it begins \"gone fishing\""),
    ])
    func `what is no feed is a failure with its name`(_ body: String, _ words: String) throws {
        let store = try PlayedStore(Self.one) { .played($0, 200, body: body) }
        let report = try store.run(at: .start)
        guard case .failed(let failure, inARow: 1) = report.feeds[0].outcome else {
            Issue.record("\(report.feeds[0].outcome)")
            return
        }
        #expect(failure.reason == words)
        #expect(failure.stage == .read)
    }

    @Test(arguments: [401, 403, 429, 503], [["cf-mitigated": "challenge"], ["cf-mitigated": "Challenge"], [:]])
    func `a challenge is asked again after a day, not sooner`(_ status: Int, _ headers: [String: String]) throws {
        let page = headers.isEmpty ? "<title>Just a moment...</title>" : ""
        let store = try PlayedStore(Self.one) { .played($0, status, headers, body: page) }
        let report = try store.run(at: .start)
        guard case .failed(let failure, _) = report.feeds[0].outcome else { return }
        #expect(failure.reason.contains("a challenge (\(status))"))
        #expect(store.poll("books").next == .after(days: 1))
    }

    @Test func `a page of another site is told as such`() throws {
        let store = try PlayedStore(Self.one) { request in
            .played(
                request, 200, body: "<html><title>Hotel</title></html>",
                hops: [Hop(status: 302, from: request.address, to: "https://portal.example/welcome")])
        }
        let report = try store.run(at: .start)
        guard case .failed(let failure, _) = report.feeds[0].outcome else { return }
        #expect(failure.reason == "leads to a page of portal.example instead of a feed (\"Hotel\")")
    }

    @Test func `an empty feed where entries were is a failure, and changes nothing`() throws {
        var titles = ["B", "A"]
        let store = try PlayedStore(Self.one) { .played($0, 200, body: PlayedFeed.rss(titles)) }
        try store.run(at: .start)
        let pages = store.disk.files.keys.filter { $0.contains("/public/") }.sorted()
            .map { store.disk.text($0) }
        titles = []
        for hour in 1..<8 { try store.run(at: .after(hours: hour * 4)) }
        #expect(store.events("feed-failing").count == 1)
        #expect(
            store.disk.files.keys.filter { $0.contains("/public/") }.sorted()
                .map { store.disk.text($0) } == pages)
    }

    // MARK: hosts

    @Test func `a 429 stops the host for all its feeds, in this run and the next`() throws {
        let toml =
            Self.feed("a", "https://site.example/a") + Self.feed("b", "https://www.site.example/b")
            + Self.feed("c", "https://other.example/c")
        var limited = true
        let store = try PlayedStore(toml) { request in
            limited && request.address.contains("/a")
                ? .played(request, 429, ["Retry-After": "7200"])
                : .played(request, 200, body: PlayedFeed.rss(["A"]))
        }
        try store.run(at: .start)
        #expect(store.network.lastAsked.map(\.address) == ["https://site.example/a", "https://other.example/c"])
        // What was not asked has not failed.
        #expect(store.polls.poll(named: "b")?.failures ?? 0 == 0)
        limited = false
        var all = Import.Options()
        all.ignoresSchedule = true
        for minutes in stride(from: 15, to: 120, by: 15) {
            try store.run(at: .after(minutes: minutes), all)
            #expect(!store.network.lastAsked.contains { $0.address.contains("site.example") })
        }
        try store.run(at: .after(minutes: 120), all)
        #expect(store.network.lastAsked.filter { $0.address.contains("site.example") }.count == 2)
    }

    @Test func `ten feeds at a host that says 429 to all are told like one`() throws {
        let toml = (0..<10).map { Self.feed("f\($0)", "https://site.example/\($0)") }.joined()
        var isClosed = true
        let store = try PlayedStore(toml) { isClosed ? .played($0, 429) : .played($0, 200, body: PlayedFeed.rss(["A"])) }
        var told: [Int] = []
        for quarter in 0..<(96 * 3) {
            let turns = try store.run(at: .after(minutes: quarter * 15)).turns
            if turns.contains(where: { $0.turn == .failing }) { told.append(quarter / 4) }
        }
        #expect(told.first == 3)
        // An hour, two, four, and so on to a day.
        #expect(store.network.asked.count <= 8)
        isClosed = false
        for quarter in (96 * 3)..<(96 * 5) { try store.run(at: .after(minutes: quarter * 15)) }
        #expect(store.polls.hosts.isEmpty && store.events("feed-adopted").count == 10)
    }

    @Test func `who alone of its host is told to wait is told at its own third time`() throws {
        let toml = Self.feed("a", "https://site.example/a") + Self.feed("b", "https://site.example/b")
        let store = try PlayedStore(toml) {
            $0.address.hasSuffix("/a") ? .played($0, 429) : .played($0, 200, body: PlayedFeed.rss(["A"]))
        }
        var told: [Int] = []
        for hour in 0..<24 { if try !store.run(at: .after(hours: hour)).turns.isEmpty { told.append(hour) } }
        #expect(told.count == 1 && told[0] >= 3)
    }

    @Test func `a host with the dot of the root behind it is the same house`() throws {
        let toml = Self.feed("a", "https://site.example/a") + Self.feed("b", "https://www.site.example./b")
        let store = try PlayedStore(toml) { .played($0, 429, ["Retry-After": "36000"]) }
        for hour in 0..<10 { try store.run(at: .after(hours: hour)) }
        #expect(store.network.asked.map(\.address) == ["https://site.example/a"])
        #expect(store.polls.hosts.map(\.host) == ["site.example"])
    }

    @Test func `a 429 without a time waits an hour, then two`() throws {
        let store = try PlayedStore(Self.one) { .played($0, 429) }
        try store.run(at: .start)
        #expect(store.poll("books").pausedUntil == .after(hours: 1))
        let again = store.poll("books").next ?? .start
        try store.run(at: again)
        #expect(store.poll("books").pausedUntil == again.adding(seconds: 7200))
    }

    @Test(arguments: [
        ("Wed, 07 Jan 2026 00:00:00 GMT", 86_400), ("Mon, 05 Jan 2026 10:00:00 GMT", 36_000),
        ("99999999999999999999", 86_400), ("36000", 36_000), ("0", 3240),
        ("Mon, 05 Jan 1998 00:00:00 GMT", 3240),
    ])
    func `Retry-After counts in both forms, up to a day`(_ header: String, _ least: Int64) throws {
        let store = try PlayedStore(Self.one) { .played($0, 503, ["Retry-After": header]) }
        try store.run(at: .start)
        let wait = (store.poll("books").next ?? .start).seconds - Instant.start.seconds
        #expect(wait >= least && wait <= 86_400)
    }

    @Test func `another name makes nobody forget that it asked to be left alone`() throws {
        let store = try PlayedStore(Self.one) { .played($0, 404, ["Retry-After": "36000"]) }
        try store.run(at: .start)
        try store.configure(Self.feed("novels", "https://site.example/feed") + "renamed_from = [\"books\"]\n")
        for hour in 1..<10 {
            try store.run(at: .after(hours: hour))
            #expect(store.network.lastAsked.isEmpty)
        }
        try store.run(at: .after(hours: 10))
        #expect(store.network.lastAsked.count == 1)
    }

    @Test func `a 404 with Retry-After leaves the others of its host alone`() throws {
        let toml = Self.feed("a", "https://site.example/a") + Self.feed("b", "https://site.example/b")
        let store = try PlayedStore(toml) { request in
            request.address.hasSuffix("/a")
                ? .played(request, 404, ["Retry-After": "7200"])
                : .played(request, 200, body: PlayedFeed.rss(["A"]))
        }
        try store.run(at: .start)
        try store.run(at: .after(hours: 1))
        #expect(store.network.lastAsked.map(\.address) == ["https://site.example/b"])
    }

    /// http 70
    @Test func `who was not asked when the time was up is asked first in the next run`() throws {
        let names = ["a", "b", "c", "d"]
        let toml = names.map { Self.feed($0, "https://\($0).example/") }.joined()
        var answered = 0
        let store = try PlayedStore(toml) { request in
            answered += 1
            if answered > 2 { return .failure(TransferError(kind: .deadline, message: "late")) }
            return .played(request, 200, body: PlayedFeed.rss(["A"]))
        }
        try store.run(at: .start)
        #expect(store.polls.feeds.allSatisfy { $0.failures == 0 })
        answered = 0
        var all = Import.Options()
        all.ignoresSchedule = true
        try store.run(at: .after(minutes: 15), all)
        #expect(store.network.lastAsked.prefix(2).map(\.address) == ["https://c.example/", "https://d.example/"])
    }

    @Test(arguments: ["9223372036854775807", "-9223372036854775808", "1e300", "-1"])
    func `no number in polls json ends the program`(number: String) throws {
        for status in [200, 500] {
            let store = try PlayedStore(Self.one) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
            try store.run(at: .start)
            store.network.play = { .played($0, status, body: PlayedFeed.rss(["B", "A"])) }
            store.disk.change("/store/polls.json") { bytes in
                let odd = "\"reader\":\(Poll.currentReader),\"failures\":\(number),\"max_age\":\(number),\"ttl\":\(number),\"skip_hours\":[\(number)],"
                    + "\"moved\":{\"to\":\"https://b.example/\",\"first\":\"2026-01-05T00:00:00Z\",\"times\":\(number)},"
                bytes = Array(String(decoding: bytes, as: UTF8.self).replacing("\"reader\":\(Poll.currentReader),", with: odd).utf8)
            }
            for day in 2..<5 { try store.run(at: .after(days: day)) }
            #expect(store.network.asked.count == 4)
        }
    }

    @Test func `no redirect leads to a host that asked to be left alone, and who redirects there waits for it`() throws {
        let toml = Self.feed("b", "https://b.example/") + Self.feed("a", "https://a.example/")
        let store = try PlayedStore(toml) { request in
            if request.address == "https://a.example/" {
                let hop = Hop(status: 302, from: request.address, to: "https://b.example/a")
                return .played(request, 200, body: PlayedFeed.rss(["A"]), hops: [hop])
            }
            return .played(request, 429, ["Retry-After": "36000"])
        }
        for quarter in 0..<40 {
            let report = try store.run(at: .after(minutes: quarter * 15))
            #expect(store.network.lastAsked.count == (quarter == 0 ? 2 : 0))
            #expect(report.turns.isEmpty)
        }
        #expect(store.poll("a").failures == 1 && store.events("feed-adopted").isEmpty)
        store.network.play = { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        try store.run(at: .after(hours: 10))
        #expect(store.network.lastAsked.count == 2 && store.events("feed-adopted").count == 2)
    }

    @Test func `without a network nobody has failed, and nobody waits longer than an hour for it`() throws {
        let store = try Self.twoFeeds()
        try store.run(at: .start)
        store.network.play = Self.nobody
        for quarter in 8..<(96 + 8) {
            let report = try store.run(at: .after(minutes: quarter * 15))
            #expect(!report.isWorse && report.turns.isEmpty && report.outageNews == nil)
            let isDue = quarter % 4 == 0
            #expect(store.network.lastAsked.count == (isDue ? 2 : 0) && report.isOffline == isDue)
            #expect(store.polls.feeds.allSatisfy { $0.failures == 0 && $0.unreached == .after(hours: 2) })
        }
        store.network.play = { .played($0, 200, body: PlayedFeed.rss(["B", "A"])) }
        #expect(try !store.run(at: .after(hours: 26)).isOffline)
        #expect(store.polls.outage == nil && store.events("finished").count == 4)
        #expect(store.polls.feeds.allSatisfy { $0.unreached == nil })
    }

    @Test func `two hosts that are gone fail by themselves when a third is reached`() throws {
        let toml = Self.feed("a", "https://a.example/") + Self.feed("b", "https://b.example/")
            + Self.feed("c", "https://c.example/")
        let store = try PlayedStore(toml) {
            .played($0, 200, ["Cache-Control": "max-age=86400"], body: PlayedFeed.rss(["A"]))
        }
        try store.run(at: .start)
        store.network.play = { request in
            if request.address != "https://c.example/" { return Self.nobody(request) }
            return .played(request, 200, ["Cache-Control": "max-age=86400"], body: PlayedFeed.rss(["A"]))
        }
        var told: [Int: [String]] = [:]
        for quarter in 96..<(96 * 16) {
            for turn in try store.run(at: .after(minutes: quarter * 15)).turns where turn.turn == .failing {
                told[quarter / 96, default: []].append(turn.feed)
            }
        }
        #expect(told.values.flatMap { $0 }.sorted() == ["a", "b"] && (told.keys.max() ?? 0) <= 6)
        #expect(store.network.asked.count < 3 * 18)
    }

    @Test func `a file that is missing fails, whether or not there is a network`() throws {
        let toml = Self.feed("a", "https://a.example/") + Self.feed("b", "https://b.example/") + Self.feed("c", "file:///c.xml")
        let store = try PlayedStore(toml, Self.nobody)
        var turns: [String] = []
        for hour in 0..<12 { turns += try store.run(at: .after(hours: hour)).turns.map(\.feed) }
        #expect(turns == ["c"])
    }

    @Test func `a network that is gone for days is said after one of them, and after a week each feed fails`() throws {
        let store = try Self.twoFeeds()
        try store.run(at: .start)
        store.network.play = Self.nobody
        var said: [Int] = []
        for quarter in 8..<(96 * 6) {
            let report = try store.run(at: .after(minutes: quarter * 15))
            if report.isWorse { said.append(quarter) }
            if report.isWorse { #expect(report.outageNews == .after(hours: 2)) }
            #expect(report.turns.isEmpty)
        }
        #expect(said == [104])
        #expect(store.network.asked.count <= 2 * (24 * 6 + 1))
        #expect(store.polls.feeds.allSatisfy { $0.failures == 0 && $0.next ?? .start >= .after(days: 6) })
        let status = try Status.read(store.world(at: .after(days: 6)), store.folder, store.settings)
        #expect(status.outage == .after(hours: 2) && status.isFailing)
        var turns: [String] = []
        for quarter in (96 * 6)..<(96 * 20) {
            turns += try store.run(at: .after(minutes: quarter * 15)).turns.map { "\($0.feed) \($0.turn.rawValue) \(quarter / 96)" }
        }
        #expect(turns.sorted() == ["a failing 7", "b failing 7"])
        let asked = store.network.asked.count
        for quarter in (96 * 20)..<(96 * 24) { try store.run(at: .after(minutes: quarter * 15)) }
        #expect(store.network.asked.count - asked <= 2 * 5)
        store.network.play = { .played($0, 200, body: PlayedFeed.rss(["B", "A"])) }
        let report = try store.run(at: .after(days: 26))
        #expect(!report.isWorse && report.notes == ["there are answers again"])
        #expect(report.turns.map(\.turn) == [.recovered, .recovered] && store.polls.outage == nil)
    }

    private static func nobody(_ request: Request) -> Result<Response, TransferError> {
        .failure(TransferError(kind: .resolve, message: "the host cannot be found"))
    }

    private static func twoFeeds() throws -> PlayedStore {
        let toml = feed("a", "https://a.example/") + feed("b", "https://b.example/")
        return try PlayedStore(toml) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
    }

    @Test func `a clock before the store's first commit is refused, one before its last is told`() throws {
        let store = try PlayedStore(Self.one) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        try store.run(at: .after(days: 1))
        let events = store.events
        let error = #expect(throws: OperationError.self) { try store.run(at: .start) }
        #expect(error == .store(.clockTooEarly(now: .start, first: .after(days: 1))))
        #expect(error?.exitStatus == 75)
        #expect(StoreError.clockTooEarly(now: .start, first: .after(days: 1)).description
            == "the clock says 2026-01-05 00:00, but this store was begun at 2026-01-06 00:00, and nothing was changed: "
            + "if the clock is wrong now, set it right; if it was wrong then, begin another store (\"colophon init\")")
        #expect(store.events == events && store.network.lastAsked.isEmpty)
        store.network.play = { .played($0, 200, body: PlayedFeed.rss(["B", "A"])) }
        try store.run(at: .after(days: 3))
        #expect(try store.run(at: .after(days: 2)).notes.contains { $0.contains("but the newest event in the log is of") })
    }

    @Test func `a clock before the store's first commit is said once a day`() throws {
        let store = try PlayedStore(Self.one) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        try store.run(at: .after(days: 10))
        var said: [Int] = []
        for quarter in 0..<(96 * 3) {
            let error = #expect(throws: OperationError.self) { try store.run(at: .after(minutes: quarter * 15)) }
            #expect(error?.exitStatus == 75)
            if error?.isQuiet == false { said.append(quarter) }
        }
        #expect(said == [0, 96, 192])
        try store.run(at: .after(days: 11))
        #expect(store.network.lastAsked.count == 1)
    }

    @Test func `pages that cannot be written are said once a day, and what is news for once at once`() throws {
        var status = 200
        let store = try PlayedStore(Self.one) { .played($0, status, body: PlayedFeed.rss(["A"])) }
        store.endsUnwell = true
        try store.run(at: .start)
        store.disk.remove("/store/public/feed.json")
        store.disk.fault = (.rename, "/public/feed.json", ENOSPC)
        status = 410
        var (said, recorded, told): ([Int], [Int], [Int]) = ([], [], [])
        for quarter in 4..<(96 * 3) {
            let error = #expect(throws: OperationError.self) {
                _ = try Import.run(
                    store.settings, store.folder, Import.Options(), store.world(at: .after(minutes: quarter * 15)),
                    record: { if !$0.turns.isEmpty { recorded.append(quarter) } },
                    tell: { if !$0.turns.isEmpty { told.append(quarter) } })
            }
            #expect(error?.exitStatus == 74)
            if error?.isQuiet == false { said.append(quarter) }
        }
        #expect(said == [4, 100, 196] && recorded == [4] && told == [4])
        let standing = try Status.read(store.world(at: .after(days: 3)), store.folder, store.settings)
        #expect(standing.unpublished == .after(minutes: 196 * 15) && standing.isFailing)
        store.disk.fault = nil
        #expect(try store.run(at: .after(days: 3)).changed.contains("feed.json"))
        #expect(store.polls.unpublishedSaid == nil)
    }

    @Test func `a damaged log is said once a day`() throws {
        let store = try PlayedStore(Self.one) { .played($0, 200, body: PlayedFeed.rss(["A"])) }
        store.endsUnwell = true
        try store.run(at: .start)
        let segment = try #require(store.disk.files.keys.sorted().first {
            $0.hasPrefix("/store/log/") && (store.disk.bytes($0)?.count ?? 0) > 400
        })
        store.disk.change(segment) { $0[$0.count / 2] ^= 1 }
        var said: [Int] = []
        for quarter in 1...(96 * 3) {
            do {
                try store.run(at: .after(minutes: quarter * 15))
                Issue.record("the damage was not seen")
            } catch let error as OperationError {
                #expect(error.exitStatus == 65)
                if !error.isQuiet { said.append(quarter) }
            }
        }
        #expect(said == [1, 97, 193])
    }
}
