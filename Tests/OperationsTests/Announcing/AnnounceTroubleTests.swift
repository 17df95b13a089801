import Catalogue
import Formats
import HTTP
import Publishing
import Simulation
import Testing

@testable import Operations

/// What is said of a network that gives trouble, by whom, and how often; and what is never said.
@Suite struct AnnounceTroubleTests {
    private let day: Int64 = 86_400

    private func outcomes(_ report: AnnounceReport) -> [AnnounceReport.Outcome] { report.items.map(\.outcome) }

    private func response(_ status: Int, _ body: String) -> Response {
        Response(status: status, body: Array(body.utf8), address: "")
    }

    @Test func `a network that does not answer is told after three runs, once a week, and at the end`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.finish("Dune")
        announcer.network.glance = { _ in .down }
        announcer.wait(3600)
        var said: [Int] = []
        for run in 1...40 {
            let report = try announcer.announce()
            if !report.failing.isEmpty { said.append(run) }
            #expect(report.isWorse == !report.failing.isEmpty)
            announcer.wait(day / 4)
        }
        #expect(said == [3, 31])
        let status = try Status.read(announcer.world, announcer.folder, announcer.settings)
        #expect(status.silent.map(\.reason) == ["social.example cannot be connected to"])
        #expect(status.silent.map(\.since) == [Announcer.start.adding(seconds: 3600)])
        let tweets = try Tweets(
            announcer.state(), all: false, silent: Status.silences(announcer.world, announcer.folder))
        #expect(tweets.lines.first?.hasSuffix(" on: social.example cannot be connected to)") == true)
        announcer.wait(5 * day)
        #expect(try outcomes(announcer.announce()) == [
            .skipped("waited longer than 14 days; social.example cannot be connected to")
        ])
        try announcer.announce()
        #expect(try Status.silences(announcer.world, announcer.folder).isEmpty, "nothing is owed there any more")
    }

    /// What is held says why. An attempt without an outcome is not held, and may be all that waits there.
    @Test(arguments: ["x", "mastodon", "bluesky"])
    func `credentials that are refused when an attempt is looked for are told after three runs`(network: String) throws {
        let announcer = Announcer(networks: [network])
        try announcer.finish("Dune")
        announcer.wait(3600)
        announcer.network.mishap = { _ in .loseRequest }
        try announcer.announce()
        announcer.network.glance = { _ in .refuse }
        for host in ["bsky.social", "pds.example"] { announcer.network.answers[host] = response(401, "{}") }
        var said: [Int] = []
        for run in 1...4 {
            announcer.wait(900)
            let report = try announcer.announce()
            if !report.failing.isEmpty { said.append(run) }
            #expect(report.isWorse == !report.failing.isEmpty)
        }
        #expect(said == [3])
        let status = try Status.read(announcer.world, announcer.folder, announcer.settings)
        let reason = try #require(status.silent.first).reason
        #expect(reason.contains("(401)"))
        // What comes now is held, and says it itself.
        try announcer.finish("Ran")
        announcer.wait(3600)
        let report = try announcer.announce()
        #expect(report.failing.isEmpty && report.isWorse && report.items.contains { $0.outcome == .held(reason) })
    }

    @Test func `a network that answers again is spoken of no more`() throws {
        let announcer = Announcer(networks: ["bluesky"])
        try announcer.finish("Dune")
        announcer.network.glance = { _ in .overCapacity }
        announcer.wait(3600)
        for _ in 0..<3 {
            try announcer.announce()
            announcer.wait(900)
        }
        #expect(try Status.silences(announcer.world, announcer.folder).count == 1)
        announcer.network.glance = { _ in .clear }
        try announcer.announce()
        #expect(try Status.silences(announcer.world, announcer.folder).isEmpty)
        #expect(announcer.network.servers.bluesky.count == 1)
    }

    @Test(arguments: [("x", "x-consumer-secret"), ("mastodon", "mastodon-token"), ("bluesky", "abcd-efgh-ijkl-mnop")])
    func `a secret that a server repeats is not repeated, by checking or connecting either`(
        network: String, secret: String
    ) throws {
        let announcer = Announcer(networks: [network])
        let body = #"{"error":"bad \#(secret)","detail":"bad \#(secret)","message":"bad \#(secret)"}"#
        for host in ["api.x.com", "social.example", "bsky.social"] {
            announcer.network.answers[host] = response(403, body)
        }
        let tried = Credentials.tried(announcer.settings, announcer.folder, announcer.world)
        #expect(tried.allSatisfy { $0.problem?.contains("a secret in its words") == true })
        let answers = [
            "x": ["x-consumer-key", secret, "4711-x-token", "x-token-secret", ""],
            "mastodon": ["https://social.example", secret, ""], "bluesky": ["ada.example", secret, ""],
        ]
        let connect = try #require(Connect(network))
        let outcome = try connect.run(
            Array(answers[network]!.prefix(connect.questions.count)), announcer.world, announcer.folder,
            announcer.settings)
        guard case .refused(let reason) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(!reason.contains(secret))
    }

    @Test func `letting go of all leaves what may be there already`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.finish("Dune")
        let id = try #require(try announcer.announcement("mastodon", "Dune")).finish
        let doubtful = [AnnouncementStep.nobodyKnows, AnnouncementStep.logDamaged, AnnouncementStep.logPutBack]
        for reason in ["a flood: more than 3 a day", "perhaps the same as hand:book:Dune@2026-11-22"] + doubtful {
            let announcement = Announcement.held(id, "mastodon", reason)
            #expect(announcement.isForOneByOne == !reason.hasPrefix("a flood"))
        }
    }

    @Test func `an address that is none of the web, or would move the cursor, is not kept`() {
        for address in ["javascript:alert(1)", "https://ex.example/\u{1B}]0;x\u{7}", "https://ex.example/\n", "", "x"] {
            #expect(PostPlace(id: "1", address: address).address == "")
        }
        #expect(PostPlace(id: "1", address: "https://ex.example/@ada/1").address == "https://ex.example/@ada/1")
    }

    /// A log of an earlier day: what it has forgotten may have been said.
    @Test(arguments: [(false, false), (true, false), (true, true)])
    func `what a log that was put back owes, or learns again, waits for a person`(
        isOwed: Bool, announcesFirst: Bool
    ) throws {
        let follower = Announcer(networks: ["mastodon"])
        let poll = { try follower.poll(["<item><title>Dune</title><guid>1</guid></item>"]) }
        _ = try follower.poll(["<item><title>Old</title><guid>0</guid></item>"])
        if isOwed { _ = try poll() }
        let old = follower.disk.names(follower.folder.log).map {
            ($0, follower.disk.peek(follower.folder.log + "/" + $0) ?? [])
        }
        _ = try poll()
        follower.wait(3600)
        try follower.announce()
        #expect(follower.network.servers.mastodon.count == 1)
        for (name, bytes) in old where !bytes.isEmpty {
            follower.write("log/" + name, String(decoding: bytes, as: UTF8.self), mode: 0o644)
        }
        if announcesFirst {
            let report = try follower.announce()
            #expect(report.items.map(\.outcome) == [.held(AnnouncementStep.logPutBack)] && report.isWorse)
            #expect(report.notes == [Polls.putBack])
        }
        let report = try poll()
        #expect(report.held.map(\.reason) == (announcesFirst ? [] : [AnnouncementStep.logPutBack]))
        #expect(report.isWorse != announcesFirst)
        for _ in 0..<20 {
            follower.wait(3600)
            try follower.announce()
        }
        #expect(follower.network.servers.mastodon.count == 1)
        #expect(try poll().held.isEmpty)
    }

    @Test func `what was said of one of two that are merged is not said of the other`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.finish("Alien")
        announcer.wait(3600)
        announcer.network.mishap = { _ in .refuse }
        try announcer.announce()
        announcer.network.mishap = { _ in .none }
        try announcer.finish("Alien 1979")
        announcer.wait(3600)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.map(\.text) == ["Finished Alien 1979"])
        let older = try #require(try announcer.announcement("mastodon", "Alien")).finish.text
        let younger = try #require(try announcer.announcement("mastodon", "Alien 1979")).finish.text
        _ = try Amend.run(.merge(older, into: younger), announcer.world, announcer.folder, announcer.settings)
        _ = try Amend.run(.releaseAll, announcer.world, announcer.folder, announcer.settings)
        announcer.wait(7200)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.count == 1)
        #expect(try announcer.announcement("mastodon", "Alien")?.reason == "said already, of \(younger)")
    }

    /// Three, of which the youngest was attempted: nobody knows, or a look tells.
    @Test(arguments: [
        ("x", Mishap.loseRequest, 0, [Announcement.Status.held]), ("x", .loseAnswer, 1, [.skipped]),
        ("mastodon", .loseRequest, 1, [.sent]), ("mastodon", .loseAnswer, 1, [.skipped]),
        ("bluesky", .loseRequest, 1, [.sent]), ("bluesky", .loseAnswer, 1, [.skipped]),
    ])
    func `what may have been said of one is looked for before the other is said`(
        network: String, mishap: Mishap, posts: Int, first: [Announcement.Status]
    ) throws {
        let announcer = Announcer(networks: [network])
        for title in ["Alien", "Alien 1979", "Alien (1979)"] { try announcer.finish(title) }
        announcer.settings.configuration.announce.maxPerRun = 1
        let state = try announcer.state()
        let ids = state.announcements.map(\.finish.text)
        // The youngest is the one that is due.
        for id in ids.dropLast() { _ = try Amend.run(.hide(id), announcer.world, announcer.folder, announcer.settings) }
        announcer.wait(3600)
        announcer.network.mishap = { _ in mishap }
        try announcer.announce()
        announcer.network.mishap = { _ in .none }
        for id in ids.dropLast() { _ = try Amend.run(.unhide(id), announcer.world, announcer.folder, announcer.settings) }
        _ = try Amend.run(.merge(ids[2], into: ids[1]), announcer.world, announcer.folder, announcer.settings)
        _ = try Amend.run(.merge(ids[1], into: ids[0]), announcer.world, announcer.folder, announcer.settings)
        for _ in 0..<12 {
            announcer.wait(1800)
            try announcer.announce()
        }
        let count = ["x": announcer.network.servers.x.count, "mastodon": announcer.network.servers.mastodon.count]
        #expect((count[network] ?? announcer.network.servers.bluesky.count) == posts)
        let after = try announcer.state()
        #expect(after.announcements.filter { $0.finish.text == ids[0] }.map(\.status) == first)
    }

    @Test func `what cannot go today is told`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.maxPerRun = 0
        try announcer.finish("Dune")
        announcer.wait(3600)
        #expect(try announcer.announce().silences.map(\.reason) == ["max_per_run = 0 lets nothing go"])
        announcer.settings.configuration.announce.maxPerRun = 3
        announcer.network.mishap = { _ in .loseAnswer }
        try announcer.announce()
        announcer.wait(30)
        let report = try announcer.announce()
        #expect(report.items.map(\.outcome) == [.later("it may still be on its way: the next run looks for it")])
    }

    @Test func `a dry run says what the next run does`() throws {
        let announcer = Announcer(networks: ["x", "mastodon"])
        announcer.settings.networks[1].credentials = ""
        try announcer.finish("Dune")
        announcer.wait(3600)
        let plan = { try self.outcomes(Announce.plan(announcer.settings, announcer.folder, announcer.world)) }
        #expect(try plan() == [.wouldSend, .byHand])
        // A new template counts before any run has noted it.
        announcer.settings.configuration.announce.templates = []
        announcer.settings.configuration.announce.template = "Lu: {{title}}"
        let texts = try Announce.plan(announcer.settings, announcer.folder, announcer.world).items.map(\.text)
        #expect(texts.first == "Lu: Dune")
        announcer.network.mishap = { _ in .loseAnswer }
        try announcer.announce()
        try announcer.finish("Ran")
        announcer.wait(3600)
        #expect(try plan() == [
            .wouldLook, .byHand, .later("what may have been posted is looked for first"), .byHand,
        ])
    }

    @Test func `what a person let go beyond a day's measure only waits`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.maxPerDay = 1
        for title in ["Dune", "Ran"] { try announcer.finish(title) }
        announcer.wait(3600)
        try announcer.announce()
        _ = try Amend.run(.releaseAll, announcer.world, announcer.folder, announcer.settings)
        #expect(try outcomes(Announce.plan(announcer.settings, announcer.folder, announcer.world))
            == [.later("more than 1 a day")])
        #expect(try announcer.announce().items.isEmpty)
    }

    @Test func `whoever gets new credentials hears of what waits for them`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.write("secrets/mastodon.toml", "server = \"https://social.example\"\ntoken = \"old\"")
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        let outcome = try #require(Connect("mastodon")).run(
            ["https://social.example", "mastodon-token", ""], announcer.world, announcer.folder, announcer.settings)
        guard case .connected(_, _, _, let hasTable, _, let held, _, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(held == 1 && !hasTable)
    }
}

extension Announcement {
    fileprivate static func held(_ finish: FinishID, _ network: String, _ reason: String) -> Announcement {
        var state = Announcement(finish: finish, network: network, since: Announcer.start)
        state.status = .held
        state.reason = reason
        return state
    }
}
