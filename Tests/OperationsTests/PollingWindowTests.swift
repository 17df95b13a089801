import Catalogue
import Formats
import HTTP
import Testing

@testable import Operations

/// What the window of a feed loses: gap, withdrawal, drought. PRODUCT sections 4 and 5.
@Suite struct PollingWindowTests {
    static let films = """
        [[feed]]
        name = "films"
        url = "https://letterboxd.com/someone/rss/"
        """
    static let mixed = """
        [[feed]]
        name = "blog"
        url = "https://site.example/feed"
        kind = "book"
        [feed.finished]
        title_prefix = ["Finished "]
        """

    /// Runs once an hour with what the feed shows then; answers what was said, run by run.
    private func runs(_ toml: String, _ bodies: [String]) throws -> (PlayedStore, [[String]]) {
        var body = ""
        let store = try PlayedStore(toml) { .played($0, 200, body: body) }
        var said: [[String]] = []
        for (hour, one) in bodies.enumerated() {
            body = one
            let report = try store.run(at: .after(hours: hour))
            said.append(report.turns.map { $0.turn.rawValue })
        }
        return (store, said)
    }

    private func blog(_ titles: String...) -> String { PlayedFeed.rss(titles) }

    // MARK: gap

    @Test func `a gap is said once, and names the export that fills it`() throws {
        let (store, said) = try runs(Self.films, [
            PlayedFeed.films([3, 2, 1]), PlayedFeed.films([9, 8, 7]), PlayedFeed.films([10, 9, 8]),
        ])
        #expect(said == [[], ["gap"], []])
        #expect(store.events("feed-gap").count == 1)
        #expect(store.events("feed-gap")[0].contains("Export your data"))
    }

    @Test func `a feed that never shares an entry with its last poll is told once`() throws {
        // One entry at a time, and ten that are all new each time.
        for length in [1, 10] {
            let (store, said) = try runs(
                PollingFailureTests.one,
                (0..<40).map { run in PlayedFeed.rss((0..<length).map { "E\(run * length + $0)" }.reversed()) })
            #expect(said.flatMap { $0 } == ["gap"])
            #expect(store.events("feed-gap").count == 1)
        }
    }

    @Test func `a second gap is said when polls have shared entries between the two`() throws {
        func list(_ first: Int) -> String { PlayedFeed.rss((first..<(first + 4)).map { "E\($0)" }.reversed()) }
        var body = ""
        let store = try PlayedStore(PollingFailureTests.one) { .played($0, 200, body: body) }
        var said: [Int] = []
        // A gap on days 1, 4 and 20: the second one within a week is no news.
        for (day, first) in [(0, 0), (1, 10), (2, 12), (4, 30), (12, 32), (20, 50), (21, 52)] {
            body = list(first)
            if try store.run(at: .after(days: day)).turns.map(\.turn) == [.gap] { said.append(day) }
        }
        #expect(said == [1, 20])
    }

    @Test(arguments: [true, false])
    func `polls without news end a gap, so that the next one is said`(_ saysNotModified: Bool) throws {
        var day = 0
        let store = try PlayedStore(PollingFailureTests.one) { request in
            let first = day < 1 ? 0 : day < 21 ? 10 : day < 61 ? 20 : 30
            let tag = ["ETag": "\"\(first)\""]
            if saysNotModified, request.header("If-None-Match") == tag["ETag"] { return .played(request, 304, tag) }
            return .played(request, 200, tag, body: PlayedFeed.rss((first..<(first + 4)).map { "E\($0)" }))
        }
        var said: [Int] = []
        while day < 80 {
            if try store.run(at: .after(days: day)).turns.map(\.turn) == [.gap] { said.append(day) }
            day += 1
        }
        #expect(said == [1, 21, 61])
    }

    @Test func `a feed of one entry is told once, however long each of them stands`() throws {
        var day = 0
        let store = try PlayedStore(PollingFailureTests.one) { request in
            let tag = ["ETag": "\"\(day / 10)\""]
            if request.header("If-None-Match") == tag["ETag"] { return .played(request, 304, tag) }
            return .played(request, 200, tag, body: PlayedFeed.rss(["E\(day / 10)"]))
        }
        var said: [Int] = []
        while day < 80 {
            if try store.run(at: .after(days: day)).turns.map(\.turn) == [.gap] { said.append(day) }
            day += 1
        }
        #expect(said == [10])
    }

    @Test func `a gap that a clock has said that was ahead is said`() throws {
        var body = PlayedFeed.rss(["B", "A"])
        let store = try PlayedStore(PollingFailureTests.one) { .played($0, 200, body: body) }
        try store.run(at: .start)
        store.disk.change("/store/polls.json") { bytes in
            bytes = Array(String(decoding: bytes, as: UTF8.self)
                .replacing("\"reader\":", with: "\"gap_said\":\"2027-01-01T00:00:00Z\",\"reader\":").utf8)
        }
        body = PlayedFeed.rss(["D", "C"])
        #expect(try store.run(at: .after(days: 1)).turns.map(\.turn) == [.gap])
    }

    @Test func `new ids for known entries are no gap`() throws {
        let before = PlayedFeed.rss(["B", "A"])
        let (store, said) = try runs(
            PollingFailureTests.one, [before, before.replacing("id-", with: "tag:other,")])
        #expect(said == [[], []])
        #expect(store.events("finished").count == 2)
    }

    // MARK: withdrawn

    @Test func `what is gone from the middle in two good polls is withdrawn, and restored`() throws {
        let (all, without) = (PlayedFeed.films([4, 3, 2, 1]), PlayedFeed.films([4, 2, 1]))
        let (store, said) = try runs(Self.films, [all, without, without, all])
        #expect(said == [[], [], [], []])
        #expect(store.events("withdrawn").count == 1)
        #expect(store.events("withdrawn")[0].contains("letterboxd:viewing:3"))
        #expect(store.events("restored").count == 1)
    }

    @Test func `the same bytes given again are a second look, a 304 is none`() throws {
        for validator in [[:], ["ETag": "\"1\""]] {
            var body = PlayedFeed.films([4, 3, 2, 1])
            let store = try PlayedStore(Self.films) { request in
                let tag = validator.isEmpty ? [:] : ["ETag": "\"\(body.count)\""]
                return request.header("If-None-Match").map { $0 == tag["ETag"] } == true
                    ? .played(request, 304, tag) : .played(request, 200, tag, body: body)
            }
            try store.run(at: .start)
            body = PlayedFeed.films([4, 2, 1])
            try store.run(at: .after(hours: 1))
            #expect(store.events("withdrawn").isEmpty)
            try store.run(at: .after(hours: 2))
            #expect(store.events("withdrawn").count == (validator.isEmpty ? 1 : 0))
            // The unconditional poll of every eighth day looks again, should the feed stay as it is.
            for hour in 3..<(24 * 9) { try store.run(at: .after(hours: hour)) }
            #expect(store.events("withdrawn").count == 1)
        }
    }

    @Test func `what was missed once and is there again was never gone`() throws {
        let (all, without) = (PlayedFeed.films([4, 3, 2, 1]), PlayedFeed.films([4, 2, 1]))
        let (store, _) = try runs(Self.films, [all, without, all, all])
        #expect(store.events("withdrawn").isEmpty)
    }

    @Test func `what leaves at the end says nothing`() throws {
        let (store, _) = try runs(
            Self.films,
            [PlayedFeed.films([3, 2, 1]), PlayedFeed.films([4, 3, 2]), PlayedFeed.films([5, 4, 3])])
        #expect(store.events("withdrawn").isEmpty)
    }

    // MARK: drought

    @Test func `three new entries that nobody understands are a drought, until one is understood`() throws {
        let (store, said) = try runs(Self.mixed, [
            blog("Finished B", "Finished A"), blog("x", "Finished B", "Finished A"),
            blog("y", "x", "Finished B", "Finished A"), blog("z", "y", "x", "Finished B"),
            blog("z", "y", "x", "Finished B"), blog("z2", "z", "y", "x"),
            blog("Finished C", "z", "y", "x"),
        ])
        #expect(said == [[], [], [], ["failing"], [], [], ["recovered"]])
        #expect(store.events("feed-failing")[0].contains("newest entries"))
    }

    @Test func `a blog that mixes other posts among its finishes never runs dry`() throws {
        let (_, said) = try runs(Self.mixed, [
            blog("Finished B", "holiday", "Finished A"), blog("x", "Finished B", "holiday"),
            blog("z", "y", "x", "Finished B"), blog("z3", "z2", "z1", "z"),
        ])
        #expect(said == [[], [], [], []])
    }

    @Test func `a feed that never gave a finish has not run dry`() throws {
        let (_, said) = try runs(Self.mixed, [blog("x"), blog("y", "x"), blog("z", "y", "x")])
        #expect(said == [[], [], []])
    }

    @Test func `three lists at Letterboxd are no drought, films without their element are`() throws {
        let films = PlayedFeed.films([3, 2, 1])
        let changed = PlayedFeed.films([6, 5, 4, 3]).replacing("letterboxd:filmTitle", with: "letterboxd:name")
        let (_, said) = try runs(Self.films, [films, PlayedFeed.films([-1, -2, -3, 3, 2, 1]), changed])
        #expect(said == [[], [], ["failing"]])
    }

    @Test func `a drought at the end of an outage is said, and the outage at the end of a drought`() throws {
        var (status, body) = (200, blog("Finished B", "Finished A"))
        let store = try PlayedStore(Self.mixed) { .played($0, status, body: body) }
        var told: [String] = []
        for hour in 0..<(24 * 8) {
            if hour == 24 { status = 500 }
            if hour == 72 { (status, body) = (200, blog("z", "y", "x", "Finished B")) }
            if hour == 120 { status = 500 }
            if hour == 168 { (status, body) = (200, blog("Finished C", "z", "y", "x")) }
            for turn in try store.run(at: .after(hours: hour)).turns { told.append("\(turn.turn.rawValue) \(turn.reason)") }
        }
        let fails = "failing the server fails (500)"
        #expect(told == [fails, "failing \(Drought.reason)", fails, "recovered "])
    }

    @Test func `a drought is said again each week, also by polls without news`() throws {
        var body = blog("Finished B", "Finished A")
        let store = try PlayedStore(Self.mixed) { request in
            request.isConditional && !body.contains("fresh")
                ? .played(request, 304, ["ETag": "\"1\""])
                : .played(request, 200, ["ETag": "\"1\""], body: body)
        }
        try store.run(at: .start)
        body = blog("fresh", "y", "x", "Finished B")
        #expect(try store.run(at: .after(hours: 1)).turns.map(\.turn) == [.failing])
        body = ""
        var reminded: [Int] = []
        for hour in 2..<(24 * 22) {
            let report = try store.run(at: .after(hours: hour))
            #expect(report.turns.isEmpty)
            if !report.reminders.isEmpty { reminded.append(hour / 24) }
            body = hour > 7 * 24 ? blog("fresh", "y", "x", "Finished B") : ""
        }
        #expect(reminded == [7, 14, 21])
    }
}
