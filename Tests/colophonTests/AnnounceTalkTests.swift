import Formats
import Testing

@testable import Operations
@testable import colophon

@Suite struct AnnounceTalkTests {
    private func report(_ outcome: AnnounceReport.Outcome) -> AnnounceReport {
        var report = AnnounceReport()
        report.items = [AnnounceReport.Item(id: "x/a:b:1", text: "Finished\nDune", outcome: outcome)]
        return report
    }

    @Test(arguments: [
        (AnnounceReport.Outcome.sent("https://x.com/i/status/1"), "sent: https://x.com/i/status/1"),
        (.sent(""), "sent"),
        (.failed("no"), "refused: no"),
        (.skipped("waited longer than 14 days"), "skipped: waited longer than 14 days"),
        (.unresolved("X failed (503)"),
            "nobody knows yet whether it was posted: X failed (503); the next run looks"),
        (.later("X asks us to wait (429)"), "not now: X asks us to wait (429)"),
        (.wouldSend, "would be posted now"),
        (.wouldLook, "may have been posted: would be looked for first"),
        (.waits(Instant(seconds: 0)), "not before 1970-01-01 00:00"),
        (.byHand, "to be posted by hand: there are no credentials"),
    ])
    func `each outcome has its words`(outcome: AnnounceReport.Outcome, words: String) {
        #expect(AnnounceTalk(report(outcome)).answer == ["x/a:b:1  (\(words))", "    Finished Dune"])
    }

    private let letGo =
        "what is held waits for your word: \"colophon tweets\" shows it, \"--release\" lets it go"

    @Test func `what is held is told with what lets it go`() {
        #expect(AnnounceTalk(report(.held("a flood: more than 10 a day"))).answer == [
            "x/a:b:1  (held: a flood: more than 10 a day)", "    Finished Dune", letGo,
        ])
    }

    @Test func `cron hears only what needs a person`() {
        #expect(AnnounceTalk(report(.held("why"))).warnings == ["not posted: x/a:b:1: why", letGo])
        var silent = AnnounceReport()
        silent.failing = [AnnounceReport.Silence(network: "x", reason: "api.x.com cannot be connected to")]
        #expect(AnnounceTalk(silent).warnings == [
            "x takes no posts: api.x.com cannot be connected to: what is owed waits, \"colophon tweets\" shows it"
        ])
        for outcome in [AnnounceReport.Outcome.sent(""), .later("why"), .unresolved("why")] {
            #expect(AnnounceTalk(report(outcome)).warnings == [])
        }
    }

    @Test func `who posts by hand is told how, and an empty list is told apart`() {
        var report = AnnounceReport()
        #expect(AnnounceTalk(report).answer == ["nothing waits to be announced"])
        report.pending = 1
        #expect(AnnounceTalk(report).answer == ["nothing is due yet"])
        // What was said once is said again to who asks.
        report.refused = 1
        #expect(AnnounceTalk(report).answer == ["1 announcement waits for your word: \"colophon tweets\" shows it"])
        (report.pending, report.held) = (2, 1)
        #expect(AnnounceTalk(report).answer == [
            "nothing is due yet", "2 announcements wait for your word: \"colophon tweets\" shows them",
        ])
        report.byHand = ["x"]
        report.silences = [AnnounceReport.Silence(network: "bluesky", reason: "bsky.social failed (500)")]
        report.isDryRun = true
        #expect(AnnounceTalk(report).answer == [
            "bluesky: bsky.social failed (500)",
            "x: no credentials: \"colophon tweets\" has the texts, \"colophon announce --connect x\" gets "
                + "credentials",
            "a dry run: nobody was asked, nothing was written",
        ])
    }

    @Test func `a connection says what to add where feeds.toml does not know it`() {
        #expect(AnnounceTalk.lines(.refused("no"), "x") == ["x was not connected: no"])
        let known = Connect.Outcome.connected(account: "@ada", path: "secrets/x.toml", isNamed: true)
        let cron = "cron posts with \"import --announce\": \"colophon cron\" prints the line for your crontab"
        #expect(AnnounceTalk.lines(known, "x") == ["connected as @ada; wrote secrets/x.toml", cron])
        let new = Connect.Outcome.connected(account: "@ada", path: "secrets/x.toml", isNamed: false)
        #expect(AnnounceTalk.lines(new, "x") == [
            "connected as @ada; wrote secrets/x.toml", "add to feeds.toml:", "[announce.x]",
            "credentials = \"secrets/x.toml\"", cron,
        ])
        let table = Connect.Outcome.connected(account: "@ada", path: "secrets/x.toml", isNamed: false, hasTable: true)
        #expect(AnnounceTalk.lines(table, "x") == [
            "connected as @ada; wrote secrets/x.toml", "put under [announce.x] in feeds.toml:",
            "credentials = \"secrets/x.toml\"", cron,
        ])
        let path = "secrets/mastodon.toml"
        let long = Connect.Outcome.connected(account: "@ada", path: path, isNamed: false, charactersMax: 11_000)
        #expect(AnnounceTalk.lines(long, "mastodon").suffix(3) == [
            "credentials = \"secrets/mastodon.toml\"", "max_characters = 11000", cron,
        ])
        let longer = Connect.Outcome.connected(account: "@ada", path: path, isNamed: true, charactersMax: 11_000)
        #expect(AnnounceTalk.lines(longer, "mastodon") == [
            "connected as @ada; wrote secrets/mastodon.toml",
            "this server takes posts of another length; put under [announce.mastodon]:",
            "max_characters = 11000", cron,
        ])
    }

    @Test func `a connection tells what it will cost`() {
        func line(_ network: String, _ waiting: Int, _ linked: Int) -> String? {
            let outcome = Connect.Outcome.connected(
                account: "@ada", path: "p", isNamed: true, waiting: waiting, linked: linked)
            return AnnounceTalk.lines(outcome, network).dropFirst().dropLast().first
        }
        #expect(line("x", 0, 0) == nil)
        #expect(line("x", 1, 0)
            == "1 announcement waits for x: the next runs post it; \"colophon tweets\" shows it, \"colophon tweets --skip "
            + "x\" skips all that waits there")
        #expect(line("x", 12, 3)
            == "12 announcements wait for x, 3 with a link (such a post costs more than ten times as much): the next runs "
            + "post them; \"colophon tweets\" shows them, \"colophon tweets --skip x\" skips all that waits there")
        #expect(line("mastodon", 2, 1)?.hasPrefix("2 announcements wait for mastodon, 1 with a link: the next runs") == true)
    }

    @Test func `each step of getting credentials is folded at the terminal's edge`() throws {
        #expect(AnnounceTalk.lines(step: "2. Set the app to write, before all else.", width: 24) == [
            "2. Set the app to write,", "   before all else.",
        ])
        for network in Connect.networks {
            for step in try #require(Connect(network)).steps {
                let lines = AnnounceTalk.lines(step: step, width: 80)
                #expect(lines.allSatisfy { $0.count <= 80 })
                let words = lines.map { $0.drop { $0 == " " } }.joined(separator: " ")
                #expect(words == step)
            }
        }
    }

    @Test func `the document for programs names everything`() {
        var report = report(.held("why"))
        report.byHand = ["mastodon"]
        #expect(report.json["announcements"] == .array([
            .object([
                JSONMember("id", .string("x/a:b:1")), JSONMember("outcome", .string("held")),
                JSONMember("text", .string("Finished\nDune")), JSONMember("reason", .string("why")),
            ])
        ]))
        #expect(report.json["by_hand"] == .array([.string("mastodon")]))
    }
}
