import Catalogue
import Files
import Formats
import HTTP
import Simulation
import Testing

@testable import Operations

@Suite struct AnnounceTests {
    private func outcomes(_ report: AnnounceReport) -> [AnnounceReport.Outcome] {
        report.items.map(\.outcome)
    }

    private func response(_ status: Int, _ body: String = "", _ headers: [Header] = []) -> Response {
        Response(status: status, headers: headers, body: Array(body.utf8), address: "")
    }

    // MARK: the good way

    @Test func `a finish is posted everywhere once its wait is over, and then never again`() throws {
        let announcer = Announcer()
        try announcer.finish("Dune")
        #expect(try announcer.announce().items.isEmpty)
        #expect(announcer.network.requests.isEmpty)
        announcer.wait(3600)
        let report = try announcer.announce()
        #expect(outcomes(report).count == 3)
        #expect(announcer.network.servers.x.map(\.text) == ["Finished Dune"])
        #expect(announcer.network.servers.mastodon.map(\.text) == ["Finished Dune"])
        #expect(announcer.network.servers.bluesky.map(\.text) == ["Finished Dune"])
        let count = announcer.network.requests.count
        announcer.wait(86_400)
        #expect(try announcer.announce().items.isEmpty)
        #expect(announcer.network.requests.count == count)
        #expect(announcer.pendingTweets.contains("\"pending\": []"))
    }

    @Test func `the attempt is on the disk before a byte leaves, and in the log with all of it`() throws {
        let announcer = Announcer()
        try announcer.finish("Dune")
        announcer.wait(3600)
        var logs: [String] = []
        announcer.network.onPost = { _ in logs.append(announcer.log) }
        try announcer.announce()
        #expect(logs.count == 3)
        for (log, network) in zip(logs, ["x", "mastodon", "bluesky"]) {
            let last = log.split(separator: "\n").suffix(2)
            #expect(last.first?.contains("\"type\":\"announcement-attempted\"") == true)
            #expect(last.first?.contains("\"network\":\"\(network)\",\"attempt\":1,\"text\":\"Finished Dune\"") == true)
            #expect(last.last?.contains("\"cause\":\"announce\"") == true)
        }
        #expect(logs[2].contains("\\\"createdAt\\\":\\\"2026-11-23T15:00:00.000Z\\\""))
    }

    @Test func `no credential ever reaches the log, the pages or a report`() throws {
        let announcer = Announcer()
        try announcer.finish("Dune")
        announcer.wait(3600)
        announcer.network.answers["api.x.com"] = response(400, #"{"detail":"key x-consumer-key is odd"}"#)
        let report = try announcer.announce()
        #expect(outcomes(report).first
            == .failed("X cannot read it (400), with a secret in its words, which are not repeated"))
        for secret in ["x-consumer", "x-token", "mastodon-token", "abcd-efgh", "jwt"] {
            #expect(!announcer.log.contains(secret) && !announcer.pendingTweets.contains(secret))
            #expect(!"\(report)".contains(secret))
        }
    }

    @Test func `nothing but announcing asks a network: not rebuilding, not publishing, not reading`() throws {
        let announcer = Announcer()
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        let count = announcer.network.requests.count
        let (world, folder) = (announcer.world, announcer.folder)
        _ = try Rebuild.run(world, folder, directory: "public")
        _ = try Republish.run(world, folder, at: .day(Day(of: announcer.now)), to: Announcer.root + "/past", site: "public")
        _ = try Tweets(announcer.state(), all: true)
        _ = try Verify.run(world, folder, directory: "public")
        _ = try Announce.plan(announcer.settings, folder, world)
        _ = try Import.run(announcer.settings, folder, Import.Options(), world)
        #expect(announcer.network.requests.count == count)
    }

    // MARK: limits

    @Test func `a run sends so many, a day so many, and the rest is held for a person`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        for number in 1...14 { try announcer.finish("Film \(number)") }
        announcer.wait(3600)
        let first = try announcer.announce()
        #expect(first.items.filter { $0.outcome == .held("a flood: more than 10 a day") }.count == 4)
        #expect(announcer.network.servers.mastodon.count == 3)
        #expect(first.isWorse)
        for _ in 0..<10 {
            announcer.wait(900)
            #expect(try !announcer.announce().isWorse)
        }
        #expect(announcer.network.servers.mastodon.count == 10)
        #expect(announcer.network.servers.mastodon.map(\.text) == (1...10).map { "Finished Film \($0)" })
        #expect(try announcer.status("mastodon", "Film 11") == .held)
        // A person lets them go: they leave at the same pace, and are not held once more.
        _ = try Amend.run(.releaseAll, announcer.world, announcer.folder, announcer.settings)
        #expect(try announcer.announce().items.isEmpty)
        announcer.wait(86_400)
        try announcer.announce()
        announcer.wait(900)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.count == 14)
    }

    @Test func `a dry run says what would happen and asks nobody`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.maxPerRun = 1
        announcer.settings.configuration.announce.maxPerDay = 2
        for number in 1...3 { try announcer.finish("Film \(number)") }
        announcer.wait(3600)
        try announcer.finish("Film 4")
        let before = announcer.log
        let plan = try Announce.plan(announcer.settings, announcer.folder, announcer.world)
        #expect(outcomes(plan) == [
            .wouldSend, .later("at most 1 a run"), .held("a flood: more than 2 a day"),
            .waits(announcer.now.adding(seconds: 3600)),
        ])
        #expect(plan.items[0].text == "Finished Film 1" && plan.isDryRun && !plan.isWorse)
        #expect(announcer.network.requests.isEmpty && announcer.log == before)
    }

    @Test func `what waited longer than max_age_days is skipped, once, and said`() throws {
        let announcer = Announcer(networks: ["x"])
        announcer.network.answers["api.x.com"] = response(429, "{}", [Header("Retry-After", "60")])
        try announcer.finish("Dune")
        var reports: [AnnounceReport] = []
        for _ in 0..<(16 * 8) {
            announcer.wait(3 * 3600)
            reports.append(try announcer.announce())
        }
        #expect(announcer.network.servers.x.isEmpty)
        #expect(try announcer.status("x", "Dune") == .skipped)
        let said = reports.flatMap(\.items).filter { item in
            if case .skipped = item.outcome { true } else { false }
        }
        #expect(said.map(\.outcome)
            == [.skipped("waited longer than 14 days; X asks us to wait (429)")])
        #expect(reports.filter { $0.isWorse && $0.failing.isEmpty }.count == 1)
        #expect(reports.filter { !$0.failing.isEmpty }.count == 2, "after three runs, and a week later")
        // Each time twice as late, a day at most: not ninety-six attempts a day.
        #expect(announcer.network.requests.count < 30)
    }

    @Test func `an import skips it too, and says so where it should have been posted`() throws {
        let announcer = Announcer(networks: ["x"])
        try announcer.finish("Dune")
        announcer.wait(15 * 86_400)
        let options = Import.Options()
        let report = try Import.run(announcer.settings, announcer.folder, options, announcer.world)
        #expect(report.overdue.map(\.reason) == ["waited longer than 14 days"])
        #expect(report.isWorse)
        let again = try Import.run(announcer.settings, announcer.folder, options, announcer.world)
        #expect(again.events.isEmpty && again.overdue.isEmpty)
    }

    @Test(arguments: [true, false])
    func `what a person did not post by hand in time is said once, as news where feeds.toml names the network`(
        isNamed: Bool
    ) throws {
        for asks in [true, false] {
            let announcer = Announcer(networks: ["x"])
            if isNamed { announcer.settings.networks[0].credentials = "" } else { announcer.settings.networks = [] }
            try announcer.finish("Dune")
            announcer.wait(15 * 86_400)
            let reason = "waited longer than 14 days"
            if asks {
                let report = try announcer.announce()
                #expect(outcomes(report) == [.skipped(reason)] && report.isWorse)
            } else {
                let report = try Import.run(
                    announcer.settings, announcer.folder, Import.Options(), announcer.world)
                #expect(report.overdue.map(\.reason) == (isNamed ? [reason] : []) && report.isWorse == isNamed)
                #expect(report.lapsed.map(\.reason) == (isNamed ? [] : [reason]))
            }
            #expect(try announcer.status("x", "Dune") == .skipped)
            #expect(try !announcer.announce().isWorse)
        }
    }

    @Test func `a network without credentials is left to a person`() throws {
        let announcer = Announcer(networks: ["x"])
        announcer.settings.networks[0].credentials = ""
        try announcer.finish("Dune")
        announcer.wait(3600)
        let report = try announcer.announce()
        #expect(report.byHand == ["x"] && report.items.isEmpty && report.pending == 1)
        #expect(announcer.network.requests.isEmpty)
        #expect(announcer.pendingTweets.contains("https://x.com/intent/post?text=Finished%20Dune"))
    }

    // MARK: refusals

    @Test(arguments: [
        (401, "X refuses the credentials (401): \"colophon announce --connect x\" renews them"),
        (402, "the credits at X are used up (402): top them up"),
        (403, "X refuses it (403): see at X what is wrong with the account or the app"),
    ])
    func `what only a person can mend holds the whole queue, and is said once`(
        status: Int, reason: String
    ) throws {
        let announcer = Announcer(networks: ["x"])
        try announcer.finish("Dune")
        announcer.wait(1800)
        try announcer.finish("Ran")
        announcer.wait(1800)
        announcer.network.answers["api.x.com"] = response(status, "{}")
        let report = try announcer.announce()
        #expect(outcomes(report) == [.held(reason), .held(reason)])
        #expect(report.isWorse)
        announcer.wait(7200)
        #expect(try !announcer.announce().isWorse)
        #expect(announcer.network.requests.count == 1)
        announcer.network.answers = [:]
        _ = try Amend.run(.releaseAll, announcer.world, announcer.folder, announcer.settings)
        announcer.wait(900)
        try announcer.announce()
        #expect(announcer.network.servers.x.map(\.text) == ["Finished Dune", "Finished Ran"])
    }

    @Test func `a token that Mastodon refuses is met before anything is attempted`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.write("secrets/mastodon.toml", "server = \"https://social.example\"\ntoken = \"old\"")
        try announcer.finish("Dune")
        announcer.wait(3600)
        let report = try announcer.announce()
        #expect(outcomes(report) == [
            .held("social.example refuses the token (401): \"colophon announce --connect mastodon\" renews it")
        ])
        #expect(try announcer.announcement("mastodon", "Dune")?.attempts == 0)
    }

    @Test func `one that is refused for good fails, costs the next nothing, and waits for a word`() throws {
        let announcer = Announcer(networks: ["x"])
        for title in ["Dune", "Ran"] { try announcer.finish(title) }
        announcer.wait(3600)
        announcer.network.answers["api.x.com"] = response(400, #"{"detail":"no"}"#)
        let report = try announcer.announce()
        #expect(outcomes(report) == [.failed("X cannot read it (400): no"), .failed("X cannot read it (400): no")])
        announcer.network.answers = [:]
        announcer.wait(900)
        #expect(try announcer.announce().items.isEmpty)
        let after = try announcer.announce()
        #expect((after.pending, after.refused, after.held) == (2, 2, 0))
        try announcer.say(.released, try #require(try announcer.announcement("x", "Dune")).id)
        #expect(try announcer.announce().items.map(\.text) == ["Finished Dune"])
        #expect(announcer.network.servers.x.count == 1)
    }

    @Test func `a network that asks to wait is not asked before`() throws {
        let announcer = Announcer(networks: ["x"])
        try announcer.finish("Dune")
        announcer.wait(3600)
        announcer.network.answers["api.x.com"] = response(
            429, "{}",
            [Header("x-rate-limit-remaining", "0"),
             Header("x-rate-limit-reset", String(announcer.now.seconds + 7200))])
        #expect(try outcomes(announcer.announce()) == [.later("X asks us to wait (429)")])
        announcer.network.answers = [:]
        announcer.wait(3600)
        let silent = try announcer.announce()
        #expect(silent.silences == [
            AnnounceReport.Silence(
                network: "x", reason: "api.x.com asked us to wait until 2026-11-23T17:00:00Z")
        ])
        #expect(announcer.network.requests.count == 1 && !silent.isWorse)
        announcer.wait(3600)
        try announcer.announce()
        #expect(announcer.network.servers.x.count == 1)
    }

    /// Without a word of how long, each waits twice as long as the one before, and all of them for the first.
    @Test func `a network that asks to wait and does not say how long is asked less and less`() throws {
        let announcer = Announcer(networks: ["x"])
        for title in ["Dune", "Ran", "Emma"] { try announcer.finish(title) }
        announcer.wait(3600)
        announcer.network.answers["api.x.com"] = response(429, "{}", [])
        var asked: [Int] = []
        for run in 0..<16 {
            let before = announcer.network.requests.count
            try announcer.announce()
            if announcer.network.requests.count > before { asked.append(run) }
            announcer.wait(900)
        }
        #expect(asked == [0, 1, 3, 7, 15])
        // The list and a dry run tell when.
        let from = announcer.now.adding(seconds: 15 * 900)
        let plan = try Announce.plan(announcer.settings, announcer.folder, announcer.world)
        #expect(plan.items.map(\.outcome) == [.waits(from), .waits(from), .waits(from)])
        #expect(try Tweets(announcer.state(), all: false).rows.map(\.notBefore) == [from, from, from])
        // What a person wants goes at once.
        announcer.network.answers = [:]
        try announcer.say(.released, try #require(try announcer.announcement("x", "Emma")).id)
        try announcer.announce()
        #expect(announcer.network.servers.x.map(\.text) == ["Finished Emma"])
        announcer.wait(15 * 900)
        try announcer.announce()
        #expect(announcer.network.servers.x.map(\.text) == ["Finished Emma", "Finished Dune", "Finished Ran"])
    }

    @Test func `one network's trouble is not another's`() throws {
        let announcer = Announcer()
        announcer.network.answers["api.x.com"] = response(503)
        announcer.network.answers["social.example"] = response(500)
        try announcer.finish("Dune")
        announcer.wait(3600)
        let report = try announcer.announce()
        #expect(announcer.network.servers.bluesky.count == 1)
        #expect(report.silences == [
            AnnounceReport.Silence(network: "mastodon", reason: "social.example failed (500)")
        ])
        #expect(outcomes(report).first == .unresolved("X failed (503)"))
        #expect(try announcer.status("mastodon", "Dune") == .pending)
    }

    // MARK: nobody knows

    @Test func `on X what may have arrived is looked for, and found`() throws {
        let announcer = Announcer(networks: ["x"])
        announcer.network.mishap = { _ in .loseAnswer }
        try announcer.finish("Dune")
        announcer.wait(3600)
        let report = try announcer.announce()
        #expect(outcomes(report) == [.unresolved("api.x.com did not finish within 60000 ms")])
        #expect(try Status.read(announcer.world, announcer.folder, announcer.settings).unresolved.count == 1)
        announcer.wait(30)
        #expect(outcomes(try announcer.announce()) == [.later("it may still be on its way: the next run looks for it")])
        announcer.wait(900)
        try announcer.announce()
        let found = try #require(try announcer.announcement("x", "Dune"))
        #expect(found.status == .sent && found.url == "https://x.com/i/status/\(announcer.network.servers.x[0].id)")
        #expect(announcer.network.servers.x.count == 1)
    }

    @Test func `on X what is not found is left to a person, and is never silent`() throws {
        let announcer = Announcer(networks: ["x"])
        announcer.network.mishap = { _ in .loseRequest }
        for title in ["Dune", "Ran"] { try announcer.finish(title) }
        announcer.wait(3600)
        try announcer.announce()
        announcer.network.mishap = { _ in .none }
        announcer.wait(900)
        #expect(try outcomes(announcer.announce()) == [.later("not there yet; the next run looks again")])
        #expect(announcer.network.servers.x.isEmpty, "nothing is sent past what is open")
        announcer.wait(900)
        let report = try announcer.announce()
        #expect(report.isWorse)
        #expect(report.items.first?.outcome == .held(
            "nobody knows whether it was posted: look, then say \"tweets --sent\" or \"tweets --retry\""))
        #expect(announcer.network.servers.x.map(\.text) == ["Finished Ran"])
        // Letting go of all that is held does not let go of this: it may be there after all.
        _ = try Amend.run(.releaseAll, announcer.world, announcer.folder, announcer.settings)
        #expect(try announcer.status("x", "Dune") == .held)
        let lines = try Tweets(announcer.state(), all: false).lines
        #expect(lines.contains { $0.hasPrefix("x/hand:book:Dune") && $0.contains("nobody knows") })
        try announcer.say(.released, try #require(try announcer.announcement("x", "Dune")).id)
        try announcer.announce()
        #expect(announcer.network.servers.x.map(\.text) == ["Finished Ran", "Finished Dune"])
    }

    @Test func `"said already" is evidence: what is found then counts as sent`() throws {
        let announcer = Announcer(networks: ["x"])
        announcer.network.mishap = { _ in .answerTwice }
        try announcer.finish("Dune")
        announcer.wait(3600)
        #expect(try outcomes(announcer.announce()) == [.unresolved("X says that it was said already (403)")])
        announcer.wait(900)
        try announcer.announce()
        #expect(try announcer.status("x", "Dune") == .sent)
        #expect(announcer.network.servers.x.count == 1)
    }

    @Test func `a post that is another announcement's is not taken for this one's`() throws {
        let announcer = Announcer(networks: ["x"])
        announcer.network.servers.findsDuplicates = false
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        announcer.wait(86_400)
        try announcer.finish("Dune")
        announcer.wait(3600)
        announcer.network.mishap = { _ in .loseRequest }
        try announcer.announce()
        announcer.wait(1800)
        try announcer.announce()
        #expect(try announcer.state().announcements.map(\.status) == [.sent, .held])
    }

    @Test func `what was merged or hidden meanwhile is not sent again`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.network.mishap = { _ in .loseRequest }
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        let id = try #require(try announcer.announcement("mastodon", "Dune")).finish.text
        _ = try Amend.run(.hide(id), announcer.world, announcer.folder, announcer.settings)
        announcer.network.mishap = { _ in .none }
        announcer.wait(900)
        #expect(try outcomes(announcer.announce()) == [.skipped("no longer shown")])
        #expect(announcer.network.servers.mastodon.isEmpty)
    }

    @Test func `an old attempt that did arrive is found, one that did not is not sent late`() throws {
        for (mishap, status) in [(Mishap.loseAnswer, Announcement.Status.sent), (.loseRequest, .skipped)] {
            let announcer = Announcer(networks: ["bluesky"])
            announcer.network.mishap = { _ in mishap }
            try announcer.finish("Dune")
            announcer.wait(3600)
            try announcer.announce()
            announcer.network.mishap = { _ in .none }
            announcer.wait(20 * 86_400)
            try announcer.announce()
            #expect(try announcer.status("bluesky", "Dune") == status)
        }
    }

    @Test func `a repetition that is refused says nothing of the first attempt`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.network.mishap = { _ in .lateByFar }
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        announcer.network.mishap = { _ in .askToWait }
        announcer.wait(900)
        // The key would be forgotten by the time that a new attempt came.
        #expect(try outcomes(announcer.announce()) == [.unresolved("social.example asks us to wait (429)")])
        announcer.network.mishap = { _ in .none }
        announcer.wait(7200)
        try announcer.announce()
        #expect(announcer.network.servers.mastodon.count == 1)
        #expect(try announcer.status("mastodon", "Dune") == .sent)
    }

    @Test func `what could not be looked for as long as it is news is left to a person, and said once`() throws {
        for network in ["x", "mastodon", "bluesky"] {
            let announcer = Announcer(networks: [network])
            announcer.network.mishap = { _ in .loseAnswer }
            try announcer.finish("Dune")
            announcer.wait(3600)
            try announcer.announce()
            announcer.network.glance = { _ in .down }
            var reports: [AnnounceReport] = []
            for _ in 0..<20 {
                announcer.wait(86_400)
                reports.append(try announcer.announce())
            }
            #expect(reports.filter { $0.isWorse && $0.failing.isEmpty }.count == 1)
            #expect(reports.flatMap(\.items).contains { $0.outcome == .held(AnnouncementStep.nobodyKnows) })
            #expect(try announcer.status(network, "Dune") == .held)
        }
    }

    // MARK: a clock that jumps

    @Test func `what a clock that was ahead has dated into the future leaves all the same`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.configuration.announce.maxAgeDays = 0
        // A store refuses a clock that is before its beginning.
        try announcer.finish("Ran")
        announcer.skew = 40 * 86_400
        try announcer.finish("Dune")
        announcer.skew = 0
        let plan = try Announce.plan(announcer.settings, announcer.folder, announcer.world)
        #expect(outcomes(plan) == [.waits(announcer.now.adding(seconds: 3600)), .wouldSend])
        try announcer.announce()
        #expect(try announcer.status("mastodon", "Dune") == .sent)
        #expect(try announcer.status("mastodon", "Ran") == .pending)
    }

    @Test func `what a clock that was ahead has attempted is looked for, and not sent twice`() throws {
        for network in ["x", "mastodon", "bluesky"] {
            let announcer = Announcer(networks: [network])
            announcer.network.mishap = { _ in .loseAnswer }
            try announcer.finish("Dune")
            announcer.wait(3600)
            announcer.skew = network == "x" ? 200 : 3000
            try announcer.announce()
            announcer.skew = 0
            announcer.wait(7200)
            try announcer.announce()
            let servers = announcer.network.servers
            let posts = servers.x + servers.mastodon + servers.bluesky
            #expect(posts.count == 1)
            #expect(try announcer.status(network, "Dune") == .sent)
        }
    }

    @Test func `a clock that is days ahead posts nothing, and a person is told`() throws {
        let announcer = Announcer(networks: ["mastodon", "bluesky"])
        try announcer.finish("Dune")
        announcer.wait(3600)
        announcer.skew = 3 * 86_400
        let report = try announcer.announce()
        let words = "this machine's clock is 72 hours ahead: set it right"
        #expect(outcomes(report) == [.held(words), .held(words)] && report.isWorse)
        #expect(announcer.network.servers.mastodon.isEmpty && announcer.network.servers.bluesky.isEmpty)
    }

    // MARK: a person's word

    @Test func `what was sent stays sent, whatever a person says later`() throws {
        let announcer = Announcer(networks: ["x"])
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        let id = try #require(try announcer.announcement("x", "Dune")).id
        for step in [AnnouncementStep.Step.released, .skipped, .sent] { try announcer.say(step, id) }
        announcer.wait(3600)
        try announcer.announce()
        #expect(announcer.network.servers.x.count == 1)
        #expect(try announcer.status("x", "Dune") == .sent)
    }

    @Test func `posted by hand or not wanted: it is not posted`() throws {
        let announcer = Announcer(networks: ["x"])
        for title in ["Dune", "Ran"] { try announcer.finish(title) }
        let ids = try announcer.state().announcements.map(\.id)
        _ = try Amend.run(
            .announcement(id: ids[0], .sent, post: "https://x.com/ada/status/1"), announcer.world,
            announcer.folder, announcer.settings)
        try announcer.say(.skipped, ids[1])
        announcer.wait(3600)
        #expect(try announcer.announce().items.isEmpty)
        #expect(announcer.network.requests.isEmpty)
        #expect(try announcer.announcement("x", "Dune")?.url == "https://x.com/ada/status/1")
    }

    // MARK: credentials

    private func mistakes(_ announcer: Announcer) -> [String] {
        do {
            try announcer.announce()
            return []
        } catch OperationError.settings(let error) {
            return error.mistakes.map { "\($0.file):\($0.line):\($0.column): \($0.message)" }
        } catch {
            return ["\(error)"]
        }
    }

    @Test(arguments: [
        ("x", "", UInt32(0o600), [
            "secrets/x.toml:1:1: \"consumer_key\" is missing",
            "secrets/x.toml:1:1: \"consumer_secret\" is missing",
            "secrets/x.toml:1:1: \"access_token\" is missing",
            "secrets/x.toml:1:1: \"access_token_secret\" is missing",
        ]),
        ("x", "consumer_key = \"a\"\nconsumer_secret = \"b\"\naccess_token = \"tok\"\naccess_token_secret = \"d\"",
            0o600,
            ["secrets/x.toml:3:16: \"access_token\" does not begin with the account's number: add \"user_id\""]),
        ("x", "consumer_key = \"a b\"\nconsumer_secret = \"\"\naccess_token = 3\naccess_token_secret = \"d\"",
            0o600, [
                "secrets/x.toml:1:16: \"consumer_key\" holds a blank or a letter that no key has",
                "secrets/x.toml:2:19: \"consumer_secret\" is empty",
                "secrets/x.toml:3:16: \"access_token\" is an integer, expected a string",
            ]),
        ("mastodon", "token = \"t\"\nservers = \"x\"", 0o600, [
            "secrets/mastodon.toml:1:1: \"server\" is missing",
            "secrets/mastodon.toml:2:1: unknown key \"servers\" (did you mean \"server\"?)",
        ]),
        ("mastodon", "token = \"t\"\nserver = \"social\"\nvisibility = \"publik\"", 0o600, [
            "secrets/mastodon.toml:2:10: \"server\" is no address, expected one such as \"https://mastodon.example\"",
            "secrets/mastodon.toml:3:14: \"visibility\" is \"publik\" (did you mean \"public\"?), expected one of "
                + "\"public\", \"unlisted\", \"private\", \"direct\"",
        ]),
        ("bluesky", "identifier = \"ada\"\npassword = \"hunter2\"", 0o600, [
            "secrets/bluesky.toml:2:12: \"password\" is no app password (xxxx-xxxx-xxxx-xxxx): make one in "
                + "Bluesky's settings, never give the account's own"
        ]),
        ("bluesky", "identifier = \"ada\"", 0o640, [
            "feeds.toml:1:1: \"credentials\" names \"secrets/bluesky.toml\", which others can read: run "
                + "\"chmod 600 secrets/bluesky.toml\""
        ]),
        ("bluesky", "identifier = hunter2", 0o600,
            ["secrets/bluesky.toml:1:14: expected a value (text goes in quotes)"]),
    ])
    func `a mistake in a file of credentials is told by its place, and never by its value`(
        network: String, text: String, mode: UInt32, expected: [String]
    ) throws {
        let announcer = Announcer(networks: [network])
        announcer.write("secrets/\(network).toml", text, mode: mode)
        let found = mistakes(announcer)
        #expect(found == expected)
        #expect(!found.joined().contains("hunter2"))
        #expect(announcer.log.isEmpty && announcer.network.requests.isEmpty)
    }

    @Test func `feeds.toml says where the credentials of each network are`() throws {
        let settings = try TemporaryStore().settings(
            "[announce.bluesky]\ncredentials = \"secrets/b.toml\"\n[announce.x]\nlink = true")
        #expect(settings.networks == [
            AnnouncedNetwork(name: "x", credentials: "", position: TOMLPosition(line: 3, column: 1)),
            AnnouncedNetwork(
                name: "bluesky", credentials: "secrets/b.toml", position: TOMLPosition(line: 2, column: 15)),
        ])
        #expect(settings.configuration.announce.networks == [.init("x", link: true), .init("bluesky")])
        #expect(settings.names("x") && settings.names("bluesky") && !settings.names("mastodon"))
    }

    @Test func `a file that is not there is asked for`() throws {
        let announcer = Announcer(networks: ["x"])
        announcer.settings.networks[0].credentials = "secrets/none.toml"
        #expect(mistakes(announcer) == [
            "feeds.toml:1:1: \"credentials\" names \"secrets/none.toml\", which does not exist: "
                + "\"colophon announce --connect x\" writes it"
        ])
    }

    @Test func `a file of credentials that is no good costs the other networks nothing`() throws {
        let announcer = Announcer()
        announcer.settings.networks[0].credentials = "secrets/none.toml"
        try announcer.disk.publish(
            Array("token = 3".utf8), at: announcer.folder.path("secrets/mastodon.toml"), mode: 0o600)
        try announcer.finish("Dune")
        announcer.wait(3600)
        let reasons = [
            "feeds.toml:1:1: \"credentials\" names \"secrets/none.toml\", which does not exist: "
                + "\"colophon announce --connect x\" writes it",
            "secrets/mastodon.toml:1:9: \"token\" is an integer, expected a string; secrets/mastodon.toml:1:1: \"server\" "
                + "is missing",
        ]
        let plan = try Announce.plan(announcer.settings, announcer.folder, announcer.world)
        #expect(outcomes(plan) == [.later(reasons[0]), .later(reasons[1]), .wouldSend])
        let report = try announcer.announce()
        #expect(announcer.network.servers.bluesky.map(\.text) == ["Finished Dune"])
        #expect(report.unusable.map(\.network) == ["x", "mastodon"] && plan.unusable == report.unusable)
        #expect(report.unusable.map(\.reason) == reasons)
        #expect(report.unusable.allSatisfy { $0.error.exitStatus == 78 })
        let silences = try Status.silences(announcer.world, announcer.folder)
        #expect(silences.map(\.network) == ["x", "mastodon"] && silences.map(\.reason) == report.unusable.map(\.reason))
        // Each of them is tried by a check, whatever the others are.
        let tried = Credentials.tried(announcer.settings, announcer.folder, announcer.world)
        #expect(tried.map(\.problem) == report.unusable.map(\.reason) + [nil] as [String?])
        #expect(tried.map(\.account) == ["", "", "@ada.example"])
    }

    // MARK: words that X has had

    private func add(_ announcer: Announcer, _ kind: Kind, isRepeat: Bool = false) throws {
        let finish = Finish(kind: kind, title: "Dune", day: Day(of: announcer.now))
        _ = try Amend.run(.add(finish, isRepeat: isRepeat), announcer.world, announcer.folder, announcer.settings)
        announcer.wait(3600)
    }

    @Test func `words that X has had already tell the day, there alone`() throws {
        let announcer = Announcer(networks: ["x", "mastodon"])
        for isRepeat in [false, true, true] {
            try add(announcer, .book, isRepeat: isRepeat)
            #expect(try outcomes(announcer.announce()).count == 2)
            announcer.wait(86_400)
        }
        let words = ["Finished Dune", "Finished Dune (again)"]
        #expect(announcer.network.servers.mastodon.map(\.text) == words + [words[1]])
        #expect(announcer.network.servers.x.map(\.text) == words + ["Finished Dune (again) (25 November 2026)"])
    }

    @Test func `what X refuses as another's words is refused for good, and says whose`() throws {
        let announcer = Announcer(networks: ["x"])
        announcer.settings.configuration.announce.waitSeconds = 0
        for kind in [Kind.book, .game, .tv] { try add(announcer, kind) }
        #expect(announcer.pendingTweets.ranges(of: "\"Finished Dune\"").count == 3)
        let report = try announcer.announce()
        #expect(announcer.network.servers.x.map(\.text) == ["Finished Dune", "Finished Dune (23 November 2026)"])
        let refused = try #require(report.items.last)
        #expect(refused.id == "x/hand:tv:Dune@2026-11-23")
        #expect(refused.outcome == .failed(
            "X says that it was said already (403), of x/hand:game:Dune@2026-11-23: \"colophon correct\" makes the words "
                + "differ"))
        #expect(try announcer.state().unresolved(at: "x").isEmpty)
    }
}
