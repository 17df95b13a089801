import Files
import Formats
import HTTP
import Simulation
import Testing

@testable import Operations

/// `[publish] after` (PRODUCT section 2): run when a published byte changed, and again until it succeeds.
@Suite struct SiteCommandTests {
    /// A store, and a site that gets the pages when the command tells it.
    private final class Life {
        let disk: FaultyDisk
        let network = PlayedNetwork()
        var settings: Settings
        let folder = StoreFolder("/store")
        var films = [1]
        /// What the site has; `nil`: it was never told.
        var site: [[UInt8]]?
        var told = 0
        var words: [String] = []
        var isDown = false

        init(seed: UInt64 = 1) throws {
            disk = FaultyDisk(seed: seed)
            try disk.makeFolder("/store")
            try disk.sync(folder: "/")
            let toml = """
                [[feed]]
                name = "films"
                url = "https://letterboxd.com/ada/rss/"
                [publish]
                after = ["push"]
                """
            try disk.publish(Array(toml.utf8), at: folder.settings)
            settings = try Settings.read(Array(toml.utf8), disk, folder)
            network.play = { [unowned self] in .played($0, 200, body: PlayedFeed.films(self.films)) }
        }

        var pages: [[UInt8]] {
            disk.names("/store/public").map { disk.peek("/store/public/" + $0) ?? [] }
        }

        /// Whether it ended well; a program that is dead tells nobody.
        func run(hour: Int) throws -> Bool {
            var options = Import.Options()
            options.ignoresSchedule = true
            do {
                _ = try Import.run(settings, folder, options, world(hour))
            } catch {
                guard error.exitStatus == 74 else { throw error }
                return false
            }
            return !disk.isDead
        }

        func report(hour: Int) throws -> ImportReport {
            var options = Import.Options()
            options.ignoresSchedule = true
            return try Import.run(settings, folder, options, world(hour))
        }

        func world(_ hour: Int) -> World {
            World(
                disk: disk, network: network, now: .after(hours: hour), random: Randomness(seed: 1),
                run: { [unowned self] words in
                    self.words = words
                    if self.disk.isDead { return .failure(CommandError("killed")) }
                    self.told += 1
                    if self.isDown { return .failure(CommandError("down")) }
                    self.site = self.pages
                    return .success(())
                })
        }
    }

    @Test(arguments: [
        ("push", "push"), ("/bin/push", "/bin/push"), ("./push", "/store/./push"), ("bin/push", "/store/bin/push"),
    ])
    func `a path to it begins at the store, a name is looked for along PATH`(stated: String, run: String) throws {
        let life = try Life()
        life.settings.after = [stated, "./x"]
        #expect(try life.run(hour: 0))
        #expect(life.words == [run, "./x"])
    }

    @Test func `it is told of changes, and of nothing else`() throws {
        let life = try Life()
        #expect(try life.run(hour: 0))
        #expect(try life.run(hour: 2) && life.run(hour: 4))
        #expect(life.told == 1)
        life.films = [2, 1]
        #expect(try life.run(hour: 6))
        #expect(life.told == 2 && life.site == life.pages)
    }

    @Test func `while it fails it is tried again by each run, and not after it succeeded`() throws {
        let life = try Life()
        life.isDown = true
        for hour in 0..<4 { #expect(try life.run(hour: hour * 2)) }
        #expect(life.told == 4 && life.site == nil)
        life.isDown = false
        for hour in 4..<7 { #expect(try life.run(hour: hour * 2)) }
        #expect(life.told == 5 && life.site == life.pages)
    }

    /// Cron mails what is said, four times an hour.
    @Test func `that it fails is news once, again after a week, and when it succeeds`() throws {
        let life = try Life()
        life.isDown = true
        var news: [Int] = []
        for hour in stride(from: 0, through: 180, by: 2) {
            if try life.report(hour: hour).site?.isNews == true { news.append(hour) }
        }
        #expect(news == [0, 168])
        life.isDown = false
        let report = try life.report(hour: 182)
        #expect(report.site == SiteReport(program: "push", failure: nil, isNews: true) && !report.isWorse)
        #expect(try life.report(hour: 184).site == nil)
    }

    @Test func `what another command changes the next run tells`() throws {
        let life = try Life()
        #expect(try life.run(hour: 0))
        _ = try Amend.run(.hide("letterboxd:viewing:1"), life.world(1), life.folder, life.settings)
        #expect(life.told == 1 && life.site != life.pages)
        #expect(try life.run(hour: 2))
        #expect(life.told == 2 && life.site == life.pages)
    }

    /// A run that dies between its pages and its last word in `polls.json` leaves a site that was never told:
    /// so that it is owed is on the disk before the first page is.
    @Test(arguments: [FaultyDisk.End.kill, .powerLoss])
    func `a run that dies at any call leaves a site that the next run tells`(end: FaultyDisk.End) throws {
        var call = 0
        while true {
            call += 1
            let life = try Life(seed: UInt64(call))
            #expect(try life.run(hour: 0))
            life.films = [2, 1]
            life.disk.restart(after: .kill)
            life.disk.crashAt = life.disk.callCount + call
            if try life.run(hour: 2) { break }
            life.disk.restart(after: end)
            #expect(try life.run(hour: 4))
            #expect(life.site == life.pages, "stopped at call \(call)")
        }
        #expect(call > 60)
    }
}
