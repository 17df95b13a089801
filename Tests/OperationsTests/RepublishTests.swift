import Catalogue
import Files
import Formats
import HTTP
import Testing

@testable import Operations

@Suite struct RepublishTests {
    private func store() throws -> PlayedStore {
        let store = try PlayedStore(
            """
            [[feed]]
            name = "films"
            url = "https://letterboxd.com/ada/rss/"
            """
        ) { .played($0, 200, body: PlayedFeed.films([2, 1])) }
        try store.run(at: .start)
        return store
    }

    private func everything(_ store: PlayedStore) -> [String: [UInt8]] {
        store.disk.files.mapValues(\.bytes)
    }

    /// What a second program does while an import asks its feeds.
    private func duringImport(_ store: PlayedStore, _ second: @escaping () throws -> Void) throws {
        var failure: (any Error)?
        store.network.beforeSending = {
            do { try second() } catch { failure = error }
        }
        try store.run(at: .after(hours: 2))
        store.network.beforeSending = {}
        if let failure { throw failure }
    }

    private func render(_ store: PlayedStore, _ isRebuild: Bool) throws {
        if isRebuild {
            _ = try Rebuild.run(store.world(at: .start), store.folder, directory: "public")
        } else {
            _ = try Republish.run(store.world(at: .start), store.folder, nil)
        }
    }

    @Test(arguments: [false, true])
    func `row 14: publish and rebuild are turned away while a run holds the store`(isRebuild: Bool) throws {
        let store = try store()
        try duringImport(store) {
            let before = everything(store)
            let error = #expect(throws: OperationError.self) {
                try render(store, isRebuild)
            }
            #expect(error?.isBusy == true && error?.exitStatus == 75)
            #expect(everything(store) == before)
        }
        let pages = everything(store).filter { $0.key.hasPrefix("/store/public/") }
        try render(store, isRebuild)
        #expect(everything(store).filter { $0.key.hasPrefix("/store/public/") } == pages)
        // And it lets go: the next run has the store.
        try store.run(at: .after(hours: 4))
    }

    @Test(arguments: [("public", true), ("public/", true), ("/store/public", true), ("/elsewhere", false)])
    func `pages of the past wait for nobody, and never go where the site is`(
        directory: String, isRefused: Bool
    ) throws {
        let store = try store()
        try duringImport(store) {
            let before = everything(store)
            do {
                _ = try Republish.run(
                    store.world(at: .start), store.folder, at: .sequence(3), to: directory, site: "public")
                #expect(!isRefused)
                #expect(store.disk.bytes("/elsewhere/feed.json") != nil)
            } catch let error as OperationError {
                #expect(isRefused && error.exitStatus == 64)
                guard case .unreadable("--to", directory, _) = error else { throw error }
                #expect(everything(store) == before)
            }
        }
    }

    /// A flipped bit changes neither size nor time.
    @Test func `row 25: publish reads what stands there, also what nobody touched`() throws {
        let store = try store()
        let good = try #require(store.disk.bytes("/store/public/feed.json"))
        store.disk.rot("/store/public/feed.json")
        #expect(store.disk.bytes("/store/public/feed.json") != good)
        let report = try Republish.run(store.world(at: .start), store.folder, store.settings)
        #expect(report.changed == ["feed.json"])
        #expect(store.disk.bytes("/store/public/feed.json") == good)
    }

    @Test(arguments: [false, true])
    func `a page of what was forgotten goes, also where nobody knows any more that it stands there`(isRebuild: Bool)
        throws
    {
        let store = try store()
        let book = Finish(kind: .book, title: "Old", day: Day(year: 2018, month: 3, day: 3))
        _ = try Amend.run(.add(book, isRepeat: false), store.world(at: .after(hours: 1)), store.folder, store.settings)
        let paths = ["/store/public/2018.atom", "/store/public/2018.json"]
        let pages = try paths.map { try #require(store.disk.bytes($0)) }
        let foreign = Array("{\"items\": []}".utf8)
        store.disk.put("/store/public/2017.json", foreign)

        store.disk.remove("/store/polls.json")
        _ = try Amend.run(
            .forget("hand:book:Old@2018-03-03"), store.world(at: .after(hours: 2)), store.folder, store.settings)
        #expect(paths.map { store.disk.bytes($0) } == [nil, nil])

        // As programs before this one left them.
        for (path, page) in zip(paths, pages) { store.disk.put(path, page) }
        let found = try Verify.run(store.world(at: .after(hours: 2)), store.folder, directory: "public")
        #expect(found.outdated.sorted() == ["2018.atom", "2018.json"])
        try render(store, isRebuild)
        #expect(paths.map { store.disk.bytes($0) } == [nil, nil])
        #expect(store.disk.bytes("/store/public/2017.json") == foreign)
        #expect(try Verify.run(store.world(at: .after(hours: 2)), store.folder, directory: "public").isGood)
    }

    @Test func `a store without a log has nobody to wait for, and gets no lock`() throws {
        let store = try PlayedStore("[site]\ntitle = \"Empty\"\n") { .played($0, 404) }
        let report = try Republish.run(store.world(at: .start), store.folder, store.settings)
        #expect(report.changed.contains("feed.json") && report.hasNewSettings)
        #expect(!store.disk.files.keys.contains { $0.hasPrefix("/store/log") })
    }

    @Test func `settings that no run has recorded are told of, and are not on the pages`() throws {
        let store = try store()
        var settings = store.settings
        let known = try Republish.run(store.world(at: .start), store.folder, settings)
        #expect(known == RepublishReport(changed: [], hasNewSettings: false))
        settings.configuration.site.title = "Another"
        let changed = try Republish.run(store.world(at: .start), store.folder, settings)
        #expect(changed == RepublishReport(changed: [], hasNewSettings: true))
    }
}
