import Catalogue
import Formats
import Foundation
import HTTP
import Simulation
import Testing

@testable import Operations

/// What `tweets` prints: golden, for people and for programs.
@Suite struct TweetsTests {
    /// One announcement of each standing, on the network where it can be so.
    private static func announcer() throws -> Announcer {
        let announcer = Announcer(networks: ["x"])
        for title in ["Sent", "Skipped", "Failed", "Held", "Attempted"] {
            announcer.wait(60)
            try announcer.finish(title)
        }
        let ids = try announcer.state().announcements.map(\.id)
        _ = try Amend.run(
            .announcement(id: ids[0], .sent, post: "https://x.com/i/status/17"), announcer.world,
            announcer.folder, announcer.settings)
        try announcer.say(.skipped, ids[1])
        let mishaps: [String: Response] = [
            "Failed": Response(status: 400, body: Array(#"{"detail":"no"}"#.utf8), address: ""),
            "Held": Response(status: 402, address: ""), "Attempted": Response(status: 503, address: ""),
        ]
        announcer.settings.configuration.announce.maxPerRun = 1
        announcer.settings.configuration.announce.waitSeconds = 0
        for title in ["Failed", "Held", "Attempted"] {
            announcer.network.answers["api.x.com"] = mishaps[title]
            announcer.wait(900)
            try announcer.announce()
            // A 402 holds all that wait: what was not tried is let go again.
            if title == "Held" { try announcer.say(.released, ids[4]) }
        }
        announcer.settings.configuration.announce.waitSeconds = 3600
        announcer.wait(60)
        try announcer.finish("Pending")
        return announcer
    }

    private func golden(_ name: String, _ bytes: [UInt8]) -> [UInt8] {
        let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/golden/" + name)
        if ProcessInfo.processInfo.environment["COLOPHON_GOLDEN"] == "write" { try? Data(bytes).write(to: url) }
        return (try? Data(contentsOf: url)).map { Array($0) } ?? []
    }

    @Test func `the list has a name, a standing and a text each; with all also what is over`() throws {
        let announcer = try Self.announcer()
        let lines = try Tweets(announcer.state(), all: true).lines
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        #expect(bytes == golden("tweets.txt", bytes))
        let waiting = try Tweets(announcer.state(), all: false).rows.map(\.text)
        #expect(waiting == ["Finished Failed", "Finished Held", "Finished Attempted", "Finished Pending"])
    }

    @Test func `the document for programs is as the README has it`() throws {
        let announcer = try Self.announcer()
        let json = try Tweets(announcer.state(), all: true).json
        let bytes = JSONWriter.indented(json)
        #expect(bytes == golden("tweets.json", bytes))
        let rows = try #require(json["announcements"]?.arrayValue)
        #expect(rows.map { $0["status"]?.stringValue } == [
            "sent", "skipped", "failed", "held", "attempted", "pending",
        ])
    }

    @Test(arguments: [AnnouncementStep.Step.sent, .skipped, .released])
    func `a word said twice is recorded once`(step: AnnouncementStep.Step) throws {
        let announcer = Announcer(networks: ["x"])
        try announcer.finish("Dune")
        let id = try #require(try announcer.state().announcements.first?.id)
        try announcer.say(.held, id)
        try announcer.say(step, id)
        let before = announcer.log
        for _ in 0..<2 {
            announcer.wait(60)
            try announcer.say(step, id)
            #expect(announcer.log == before)
        }
        // Where it was posted is news, once.
        guard step == .sent else { return }
        for _ in 0..<2 {
            _ = try Amend.run(
                .announcement(id: id, .sent, post: "https://x.com/i/status/1"), announcer.world, announcer.folder,
                announcer.settings)
        }
        #expect(announcer.log.components(separatedBy: "i/status/1\"").count == 2)
    }

    @Test func `a word that changes nothing is told why`() throws {
        let announcer = Announcer(networks: ["x"])
        for title in ["Dune", "Ran"] { try announcer.finish(title) }
        let idle = { (word: Amend.Word) in
            let outcome = try Amend.run(word, announcer.world, announcer.folder, announcer.settings)
            #expect(outcome.events.isEmpty)
            return outcome.idle
        }
        let id = try #require(try announcer.announcement("x", "Dune")).id
        try announcer.say(.sent, id)
        #expect(try idle(.announcement(id: id, .sent, post: "")) == "that is known already")
        #expect(try idle(.announcement(id: id, .skipped, post: "")) == "it was posted already, and stays so")
        #expect(try idle(.announcement(id: id, .released, post: "")) == "it was posted already, and stays so")
        #expect(try idle(.releaseAll) == "nothing is held")
        try announcer.say(.skipped, "x")
        #expect(try idle(.announcement(id: "x", .skipped, post: "")) == "nothing waits for x")
    }

    @Test(arguments: ["", "x/nobody"])
    func `what is no announcement is told`(id: String) throws {
        let announcer = Announcer(networks: ["x"])
        try announcer.finish("Dune")
        #expect(throws: OperationError.noAnnouncement(id: id)) { try announcer.say(.sent, id) }
    }

    @Test func `nobody waits: that is said, too`() throws {
        #expect(try Tweets(State(), all: true).lines == ["nothing waits to be announced"])
    }

    /// One attempt without an outcome.
    private func open(_ network: String) throws -> (announcer: Announcer, id: String) {
        let announcer = Announcer(networks: [network])
        try announcer.finish("Dune")
        announcer.wait(3600)
        announcer.network.mishap = { _ in .loseAnswer }
        try announcer.announce()
        announcer.network.mishap = { _ in .none }
        return (announcer, try #require(try announcer.announcement(network, "Dune")).id)
    }

    @Test func `what may have been posted of a finish that was forgotten is told, and can only be settled`() throws {
        let (announcer, id) = try open("x")
        let finish = String(id.dropFirst("x/".count))
        _ = try Amend.run(.forget(finish), announcer.world, announcer.folder, announcer.settings)
        let lines = try Tweets(announcer.state(), all: false).lines
        #expect(lines.count == 2 && lines[0].hasPrefix(id + "  (attempted at ") && lines[1] == "    Finished Dune")
        #expect(lines[0].hasSuffix("; its finish was forgotten)"))
        #expect(throws: OperationError.forgotten(id: id)) { try announcer.say(.released, id) }
        try announcer.say(.skipped, id)
        #expect(try Tweets(announcer.state(), all: false).rows.isEmpty)
        #expect(try Tweets(announcer.state(), all: true).lines[0].hasSuffix("said by a person; its finish was forgotten)"))
    }

    @Test func `an attempt at a network that feeds.toml names no more is looked for by nobody, and told so`() throws {
        let (announcer, id) = try open("mastodon")
        announcer.settings.networks = []
        announcer.settings.configuration.announce.networks = []
        let asked = announcer.network.requests.count
        func line() throws -> String { try Tweets(announcer.state(), all: false, asked: []).lines[0] }
        #expect(try line().contains("there are no credentials to look with: look, then say \"tweets --sent\""))
        #expect(try Tweets(announcer.state(), all: false, asked: ["mastodon"]).lines[0].contains("the next run looks"))
        let plan = try Announce.plan(announcer.settings, announcer.folder, announcer.world)
        #expect(plan.items.map(\.outcome) == [.later(Tweets.nobodyLooks)])
        announcer.wait(900)
        #expect(try announcer.announce().items.isEmpty)
        // In the end it waits for a person, who is told once.
        announcer.wait(15 * 86_400)
        #expect(try announcer.announce().items.map(\.outcome) == [.held(AnnouncementStep.nobodyKnows)])
        #expect(try line() == id + "  (held: " + AnnouncementStep.nobodyKnows + ")")
        #expect(announcer.network.requests.count == asked)
    }

    @Test func `a host that asked us to wait tells from when on, also to a dry run`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.finish("Dune")
        announcer.wait(3600)
        announcer.network.answers["social.example"] = Response(
            status: 429, headers: [Header("Retry-After", "7200")], body: [], address: "")
        try announcer.announce()
        let until = announcer.now.adding(seconds: 7200)
        let pauses = try Tweets.Pause.all(announcer.settings, announcer.folder, announcer.world)
        #expect(pauses == [Tweets.Pause(network: "mastodon", until: until)])
        let lines = try Tweets(announcer.state(), all: false, pauses: pauses).lines
        #expect(lines[0].contains("(pending, from \(until) on"))
        // One that was tried waits for both.
        announcer.network.answers["social.example"] = nil
        announcer.wait(7200)
        announcer.network.mishap = { _ in .askToWait }
        try announcer.announce()
        announcer.network.mishap = { _ in .none }
        let plan = try Announce.plan(announcer.settings, announcer.folder, announcer.world)
        let pause = try Tweets.Pause.all(announcer.settings, announcer.folder, announcer.world)[0].until
        #expect(plan.items.map(\.outcome) == [.waits(max(pause, announcer.now.adding(seconds: 900)))])
    }

    @Test func `a measure that lets nothing go is told`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        try announcer.finish("Dune")
        var state = try announcer.state()
        state = state.with(announcer.settings.configuration)
        #expect(try !Tweets(state, all: false, asked: ["mastodon"]).lines[0].contains("max_per"))
        announcer.settings.configuration.announce.maxPerRun = 0
        state = state.with(announcer.settings.configuration)
        #expect(try Tweets(state, all: false, asked: ["mastodon"]).lines[0].hasSuffix(": max_per_run = 0 lets nothing go)"))
        #expect(try !Tweets(state, all: false, asked: []).lines[0].contains("max_per"), "a person posts by hand")
    }

    @Test func `a network's name alone skips all that waits for it, and nothing else`() throws {
        let (announcer, id) = try open("x")
        announcer.settings.configuration.announce.networks.append(Configuration.Network("mastodon"))
        for title in ["Ran", "Emma", "Ulysses"] { try announcer.finish(title) }
        try announcer.say(.held, try #require(try announcer.announcement("x", "Emma")).id)
        try announcer.say(.skipped, "x")
        let state = try announcer.state()
        #expect(state.announcements.filter { $0.network == "x" }.map(\.status) == [.attempted, .skipped, .skipped, .skipped])
        #expect(state.announcements.filter { $0.network == "mastodon" }.allSatisfy { $0.status == .pending })
        #expect(state.unresolved(at: "x").map(\.id) == [id])
        let before = announcer.log
        try announcer.say(.skipped, "x")
        #expect(announcer.log == before)
    }
}
