import Catalogue
import Formats
import Simulation
import Testing

@testable import Operations

/// Runs that take their time, and what the clock says by then.
@Suite struct AnnounceClockTests {
    /// The command of `[publish] after` took ten minutes, and the server's clock was held against ours.
    @Test(arguments: ["x", "mastodon", "bluesky"])
    func `announcing takes the time when it begins, and not when the import before it did`(network: String) throws {
        let announcer = Announcer(networks: [network])
        try announcer.finish("Dune")
        announcer.wait(3600)
        let world = announcer.world
        announcer.wait(7200)
        let report = try Announce.run(announcer.settings, announcer.folder, world)
        #expect(try announcer.status(network, "Dune") == .sent, "\(report)")
        #expect(try announcer.announcement(network, "Dune")?.changed == announcer.now)
    }

    @Test func `each post is signed and dated when it leaves`() throws {
        let announcer = Announcer(networks: ["x", "bluesky"])
        for title in ["Dune", "Ran", "Emma"] { try announcer.finish(title) }
        announcer.wait(3600)
        let start = announcer.now
        announcer.network.onPost = { _ in announcer.wait(200) }
        try announcer.announce()
        #expect(announcer.network.servers.x.count == 3)
        let dated = announcer.network.servers.bluesky.map { $0.record["createdAt"]?.stringValue?.prefix(19) }
        #expect(dated == [600, 800, 1000].map { start.adding(seconds: $0).description.prefix(19) })
    }

    /// However long the import before it was: the server may still be at it.
    @Test func `a minute passes between an attempt and the look for it`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.finish("Dune")
        announcer.wait(3600)
        let world = announcer.world
        announcer.wait(70)
        announcer.network.mishap = { _ in .loseRequest }
        _ = try Announce.run(announcer.settings, announcer.folder, world)
        announcer.network.mishap = { _ in .none }
        let count = announcer.network.requests.count
        announcer.wait(1)
        try announcer.announce()
        #expect(announcer.network.requests.count == count)
        announcer.wait(60)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.count == 1)
    }

    @Test func `a person may take an hour to type the credentials`() throws {
        let announcer = Announcer(networks: ["x"])
        let world = announcer.world
        announcer.wait(3600)
        let answers = ["x-consumer-key", "x-consumer-secret", "4711-x-token", "x-token-secret", ""]
        let outcome = try Connect("x")!.run(answers, world, announcer.folder, announcer.settings)
        #expect(outcome == .connected(account: "@ada", path: "secrets/x.toml", isNamed: true))
    }

    // MARK: a clock that is weeks ahead

    /// As `import --announce` does it.
    private func run(_ announcer: Announcer) throws -> (ImportReport, AnnounceReport) {
        (try announcer.poll(["<item><title>Old</title><guid>0</guid></item>"]), try announcer.announce())
    }

    @Test(arguments: ["x", "mastodon", "bluesky"])
    func `one run of a clock that is weeks ahead skips nothing`(network: String) throws {
        let announcer = Announcer(networks: [network])
        _ = try run(announcer)
        try announcer.finish("Dune")
        announcer.wait(1500)
        announcer.skew = 28 * 86_400
        let (imported, announced) = try run(announcer)
        #expect(imported.overdue.isEmpty && imported.lapsed.isEmpty && announced.items.isEmpty)
        #expect(announced.silences.map(\.reason)
            == ["no run for more than a week: the next one says what is too old to be posted"])
        #expect(try announcer.status(network, "Dune") == .pending && announcer.network.requests.isEmpty)
        announcer.skew = 0
        _ = try run(announcer)
        announcer.wait(3600)
        _ = try run(announcer)
        #expect(try announcer.status(network, "Dune") == .sent)
    }

    @Test func `a machine that was off for weeks skips what is too old in its second run`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        _ = try run(announcer)
        try announcer.finish("Dune")
        announcer.wait(28 * 86_400)
        #expect(try run(announcer).1.items.isEmpty)
        #expect(try announcer.status("mastodon", "Dune") == .pending)
        #expect(try run(announcer).0.overdue.map(\.reason) == ["waited longer than 14 days"])
        #expect(try announcer.status("mastodon", "Dune") == .skipped && announcer.network.requests.isEmpty)
    }
}
