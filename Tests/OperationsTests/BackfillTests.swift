import Catalogue
import Formats
import HTTP
import Testing

@testable import Operations

/// PRODUCT section 3, `backfill`: the years before, once, quietly, and back again.
@Suite struct BackfillTests {
    private static let table = """
        kind,title,creator,year,finished,rating,best,repeat,review,url,id
        book,Emma,Jane Austen,1815,2019-05-04,4,5,,,,1
        book,"Lost, and found",Somebody,,2020-02,,,,,,2
        film,Ran,,1985,2020-03-01,,,,,,3
        book,Undated,,,someday,,,,,,4
        book,,,,2020-01-01,,,,,,5

        """

    private func store(_ toml: String = "", _ play: @escaping PlayedNetwork.Play = {
        .played($0, 404)
    }) throws -> PlayedStore {
        let store = try PlayedStore(toml, play)
        store.disk.put("/exports/own.csv", BackfillTests.table)
        return store
    }

    @discardableResult
    private func backfill(
        _ store: PlayedStore, _ service: String = "csv", _ paths: String...,
        at now: Instant = .start, with options: Backfill.Options = Backfill.Options()
    ) throws -> BackfillReport {
        try Backfill.run(
            .export(service: service, paths.map { .path($0) }), options, store.world(at: now),
            store.folder, store.settings)
    }

    @discardableResult
    private func pages(
        _ store: PlayedStore, _ pagesMax: Int? = nil, at now: Instant = .start
    ) throws -> BackfillReport {
        try Backfill.run(
            .feed("blog", pagesMax: pagesMax), Backfill.Options(), store.world(at: now), store.folder,
            store.settings)
    }

    // MARK: files

    @Test func `a second run adds nothing, and nothing is announced`() throws {
        let store = try store()
        let first = try backfill(store, "csv", "/exports/own.csv")
        #expect(first.sources.map(\.finished) == [2])
        #expect(first.id == "csv-2")
        #expect(store.events("finished").allSatisfy { $0.contains(#""backfill":"csv-2""#) })
        #expect(store.events("finished").allSatisfy { !$0.contains("announce") })
        let second = try backfill(store, "csv", "/exports/own.csv", at: .after(days: 1))
        #expect(second.events == 0 && second.id == nil)
        #expect(store.events("finished").count == 2)
    }

    @Test func `what could not be used is told by line, and no event`() throws {
        let store = try store()
        let report = try backfill(store, "csv", "/exports/own.csv")
        #expect(report.sources[0].unused.map(\.line) == [4, 5, 6])
        #expect(report.sources[0].unused.map(\.reason) == [
            #"kind "film" is none of book, movie, tv, game, article, podcast, music"#,
            #"finished "someday" is no day such as 2026-11-20"#, "a row without a title",
        ])
        #expect(store.events("passed-over") == [])
    }

    @Test func `rejects are as they were, and can be mended and given in again`() throws {
        let store = try store()
        var options = Backfill.Options()
        options.rejects = "/exports/rejects.csv"
        try backfill(store, "csv", "/exports/own.csv", with: options)
        let rejects = store.disk.text("/exports/rejects.csv")
        let lines = rejects.split(separator: "\n")
        #expect(lines[0] == "line,reason,kind,title,creator,year,finished,rating,best,repeat,review,url,id")
        #expect(lines[1].hasPrefix("4,\"kind \"\"film\"\" is none of"))
        #expect(lines[1].hasSuffix(",film,Ran,,1985,2020-03-01,,,,,,3"))
        #expect(lines.count == 4)
        store.disk.put("/exports/mended.csv", rejects.replacing(",film,Ran", with: ",movie,Ran"))
        #expect(try backfill(store, "csv", "/exports/mended.csv").sources[0].finished == 1)
    }

    @Test func `a dry run says what it would do and writes nothing`() throws {
        let store = try store()
        var options = Backfill.Options()
        options.isDryRun = true
        let report = try backfill(store, "csv", "/exports/own.csv", with: options)
        #expect(report.events == 2 && report.id == nil)
        #expect(store.events == [])
    }

    @Test func `undone it is as never seen, and can be taken in anew`() throws {
        let store = try store()
        let report = try backfill(store, "csv", "/exports/own.csv")
        _ = try Amend.run(
            .undo(report.id ?? ""), store.world(at: .after(days: 1)), store.folder, store.settings)
        #expect(try Archive(store.world(at: .after(days: 1)), store.folder).state().shownCount == 0)
        #expect(throws: OperationError.unreadable(
            what: "backfill", found: "csv-2", expected: "none: there is no backfill to take back")) {
            try Amend.run(
                .undo("csv-2"), store.world(at: .after(days: 2)), store.folder, store.settings)
        }
        let again = try backfill(store, "csv", "/exports/own.csv", at: .after(days: 3))
        #expect(again.sources[0].finished == 2 && again.id != report.id)
    }

    @Test func `the first row of a finishing is believed, a later one completes it`() throws {
        let store = try store()
        store.disk.put("/exports/own.csv", """
            title,finished,year,id
            First,2020-01-01,,1
            Second,2021-01-01,1999,1
            """)
        try backfill(store, "csv", "/exports/own.csv")
        let finish = try Archive(store.world(at: .start), store.folder).state()
            .finish(withKey: "csv:row:1")?.finish
        #expect(finish?.title == "First" && finish?.day == Day("2020-01-01") && finish?.year == 1999)
        #expect(try backfill(store, "csv", "/exports/own.csv").events == 0)
    }

    @Test(arguments: [["/exports/l"], ["/exports/l/watched.csv", "/exports/l/diary.csv"]])
    func `a folder stands for the files in it, in any order`(paths: [String]) throws {
        let store = try store()
        store.disk.put("/exports/l/profile.csv", "Date Joined,Username,Email Address\n2020,ada,a@b.example\n")
        store.disk.put("/exports/l/watched.csv", """
            Date,Name,Year,Letterboxd URI
            2020-01-02,Ran,1985,https://boxd.it/2a
            2020-01-02,Ikiru,1952,https://boxd.it/3k
            """)
        store.disk.put("/exports/l/diary.csv", """
            Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date
            2020-01-02,Ran,1985,https://boxd.it/9dg2hp,4,,,2020-01-01
            """)
        _ = try Backfill.run(
            .export(service: "letterboxd", paths.map { .path($0) }), Backfill.Options(),
            store.world(at: .start), store.folder, store.settings)
        let state = try Archive(store.world(at: .start), store.folder).state()
        #expect(state.known.map(\.finish.title).sorted() == ["Ikiru", "Ran"])
        #expect(!store.events.joined().contains("a@b.example"))
    }

    @Test func `a file that is no export is named, and the others are read`() throws {
        let store = try store()
        store.disk.put("/exports/notes.csv", "a,b\n1,2\n")
        let report = try backfill(store, "csv", "/exports/notes.csv", "/exports/own.csv")
        #expect(report.isWorse)
        #expect(report.sources.map(\.finished) == [0, 2])
        #expect(report.sources[0].problem
            == "found a table with the columns \"a, b\", expected a column \"title\", as Colophon exports it")
        #expect(throws: OperationError.unreadable(
            what: "file", found: "/exports/none.csv", expected: "one that is there")) {
            try backfill(store, "csv", "/exports/none.csv")
        }
    }

    // MARK: pages

    private static let blog = "[[feed]]\nname = \"blog\"\nurl = \"https://blog.example/feed/\"\nkind = \"book\"\n"

    /// Every page has two entries; `next` says how an older one is named, or nothing.
    private func site(
        _ pageCount: Int, named: String? = nil, by parameter: String = "paged", log: @escaping (String) -> Void = { _ in }
    ) -> PlayedNetwork.Play {
        { request in
            log(request.address)
            let query = request.address.split(separator: "?").dropFirst().first.map(String.init) ?? ""
            let number = query.hasPrefix(parameter + "=") ? Int(query.dropFirst(parameter.count + 1)) ?? 1 : 1
            guard number <= pageCount else { return .played(request, 404) }
            let next = number < pageCount
                ? named.map { #"<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="\#($0)" href="?\#(parameter)=\#(number + 1)"/>"# } ?? ""
                : ""
            return .played(
                request, 200, ["Content-Type": "application/rss+xml"],
                body: PlayedFeed.rss(["Book \(number)a", "Book \(number)b"], extra: next))
        }
    }

    /// http 42
    @Test(arguments: ["prev-archive", "next", nil])
    func `older pages are found as the feed names them, or by trying`(named: String?) throws {
        var asked: [String] = []
        let store = try store(BackfillTests.blog, site(3, named: named) { asked.append($0) })
        let report = try pages(store)
        #expect(report.sources.map(\.finished) == [2, 2, 2])
        #expect(report.ending == .last)
        #expect(asked.prefix(3) == [
            "https://blog.example/feed/", "https://blog.example/feed/?paged=2",
            "https://blog.example/feed/?paged=3",
        ])
        #expect(asked.count == (named == nil ? 4 : 3))
    }

    @Test func `where no page is named and none is paged, numbers are tried`() throws {
        var asked: [String] = []
        let store = try store(BackfillTests.blog, site(2, by: "page") { asked.append($0) })
        let report = try pages(store)
        #expect(report.sources.map(\.finished) == [2, 2])
        #expect(report.ending == .last)
        #expect(asked.contains("https://blog.example/feed/?paged=2"))
        #expect(asked.last == "https://blog.example/feed/?page=3")
    }

    @Test func `what comes over standard input is read like a file, and progress is told`() throws {
        let store = try store()
        var told: [BackfillProgress] = []
        let report = try Backfill.run(
            .export(service: "csv", [.bytes(Array(BackfillTests.table.utf8))]), Backfill.Options(),
            store.world(at: .start), store.folder, store.settings) { told.append($0) }
        #expect(report.sources.map(\.name) == ["-"])
        #expect(report.sources.map(\.finished) == [2])
        #expect(told == [
            BackfillProgress(name: "-", done: 0, read: 66, bytes: BackfillTests.table.utf8.count)
        ])
    }

    @Test func `a server that answers every page alike has one page`() throws {
        var count = 0
        let store = try store(BackfillTests.blog) { request in
            count += 1
            return .played(request, 200, body: PlayedFeed.rss(["Emma", "Ran"]))
        }
        let report = try pages(store)
        #expect(report.sources.map(\.rows) == [2])
        #expect(report.ending == .last && count == 3)
    }

    /// http 42
    @Test func `a circle of pages ends`() throws {
        let store = try store(BackfillTests.blog) { request in
            let other = request.address.contains("?b") ? "https://blog.example/feed/" : "?b"
            let link = #"<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="\#(other)"/>"#
            return .played(
                request, 200, body: PlayedFeed.rss([request.address.contains("?b") ? "B" : "A"], extra: link))
        }
        let report = try pages(store)
        #expect(report.sources.map(\.finished) == [1, 1])
        #expect(report.ending == .loop)
    }

    /// http 42
    @Test func `pages end at the cap, and at another host`() throws {
        let store = try store(BackfillTests.blog, site(9))
        #expect(try pages(store, 4).ending == .capped(4))
        let link = #"<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href="http://10.0.0.1/"/>"#
        store.network.play = { .played($0, 200, body: PlayedFeed.rss(["Emma"], extra: link)) }
        #expect(try pages(store).ending == .elsewhere(host: "10.0.0.1"))
        #expect(store.network.asked.allSatisfy { $0.address.contains("blog.example") })
    }

    @Test func `pages of a JSON feed follow its next_url`() throws {
        let store = try store(BackfillTests.blog) { request in
            let isFirst = !request.address.contains("?p=2")
            let next = isFirst ? #","next_url":"https://blog.example/feed/?p=2""# : ""
            return .played(
                request, 200, ["Content-Type": "application/feed+json"],
                body: #"{"version":"https://jsonfeed.org/version/1.1","title":"T"\#(next),"items":[{"id":"\#(isFirst ? 1 : 2)","title":"T\#(isFirst ? 1 : 2)","date_published":"2025-01-01T10:00:00Z"}]}"#)
        }
        #expect(try pages(store).sources.map(\.finished) == [1, 1])
    }

    @Test func `a host that asked to be left alone is not asked, and one that asks it is known to cron`() throws {
        var asked = 0
        let store = try store(BackfillTests.blog) { request in
            asked += 1
            if request.address.contains("page=2") {
                return .played(request, 429, ["Retry-After": "36000"])
            }
            return .played(request, 200, body: PlayedFeed.rss(["B", "A"]))
        }
        try store.run(at: .start)
        let first = try pages(store, at: .after(hours: 1))
        #expect(first.ending == .last || first.ending == .failed(reason: "asks us to wait (429)"))
        #expect(store.polls.hosts == [HostPause(host: "blog.example", until: .after(hours: 11))])
        asked = 0
        try store.run(at: .after(hours: 5))
        let second = try pages(store, at: .after(hours: 6))
        #expect(asked == 0)
        #expect(
            second.ending
                == .failed(reason: "blog.example has asked to be left alone until \(Instant.after(hours: 11))"))
        try store.run(at: .after(hours: 12))
        #expect(asked == 1)
    }

    @Test func `what polls know is passed, what a backfill knows is the end`() throws {
        let store = try store(BackfillTests.blog, site(3))
        try store.run(at: .start)
        #expect(try pages(store, at: .after(days: 1)).sources.map(\.finished) == [0, 2, 2])
        let again = try pages(store, at: .after(days: 2))
        #expect(again.events == 0)
        #expect(again.ending == .known && again.sources.count == 2)
    }

    @Test func `a page that the feed names and that fails is told`() throws {
        let store = try store(BackfillTests.blog, site(2, named: "next"))
        let play = store.network.play
        store.network.play = { $0.address.contains("paged=2") ? .played($0, 503) : play($0) }
        let report = try pages(store)
        #expect(report.isWorse)
        #expect(report.ending == .failed(reason: "is not available for now (503)"))
        #expect(report.sources.map(\.finished) == [2])
    }
}
