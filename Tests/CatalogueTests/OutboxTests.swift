import Formats
import Testing

@testable import Catalogue

@Suite struct OutboxTests {
    private func step(_ step: AnnouncementStep.Step, _ id: String, _ more: (inout AnnouncementStep) -> Void = { _ in })
        -> Fact
    {
        var made = AnnouncementStep(step, id: FinishID(id), network: "x")
        more(&made)
        return .announcement(made)
    }

    private func owing() -> Chronicle {
        var log = Chronicle(feed("films"), feed("plays"))
        log.see(seen("a:b:1", on: "2026-11-20"))
        return log
    }

    @Test func `a message goes from pending to sent, and says what it knows`() {
        var log = owing()
        log.days(1)
        log.record([step(.attempted, "a:b:1") {
            ($0.attempt, $0.text, $0.key, $0.record, $0.after) = (1, "Finished Ran", "k", "{}", "99")
        }])
        #expect(log.state.outbox.map(\.status) == [.attempted])
        log.record([step(.sent, "a:b:1") { ($0.post, $0.url) = ("100", "https://x.example/100") }])
        #expect(log.state.outbox.isEmpty)
        let sent = log.state.announcements[0]
        #expect(sent.attempts == 1)
        #expect((sent.text, sent.key, sent.record, sent.after) == ("Finished Ran", "k", "{}", "99"))
        #expect((sent.post, sent.url) == ("100", "https://x.example/100"))
        #expect(sent.changed == log.now)
        #expect(log.state.notBefore(sent) == sent.since.adding(seconds: 3600))
    }

    /// Among hundreds, also after a snapshot: a step is told by network and finish, and the newest of two is meant.
    @Test func `a step meets its own announcement`() throws {
        var log = Chronicle(feed("films")) {
            $0.announce.networks = [Configuration.Network("x"), Configuration.Network("mastodon")]
        }
        for number in 0..<300 { log.see(seen("a:b:\(number)", titled: "Film \(number)", on: "2026-11-20")) }
        log.state = try #require(State(sections: log.state.sections))
        log.record([step(.held, "a:b:7"), step(.skipped, "a:b:299") { $0.network = "mastodon" }])
        let changed = log.state.announcements.filter { $0.status != .pending }
        #expect(changed.map(\.id) == ["x/a:b:7", "mastodon/a:b:299"])
        // Forgotten and owed again: what is over is left alone.
        log.record([.forgotten(FinishID("a:b:7"))])
        var again = try #require(log.state.decide(seen("a:b:7", on: "2026-11-20"), log.polled("films"), now: log.now).finished)
        again.announce = ["x"]
        log.record([.finished(again), step(.sent, "a:b:7")])
        #expect(log.state.announcements.filter { $0.id == "x/a:b:7" }.map(\.status) == [.skipped, .sent])
        #expect(log.state == State(sections: log.state.sections))
    }

    @Test(arguments: [
        (AnnouncementStep.Step.failed, true), (.skipped, false), (.held, false), (.released, true),
    ])
    func `what failed or was released is owed, what was held or skipped is not`(
        last: AnnouncementStep.Step, isOwed: Bool
    ) {
        var log = owing()
        log.record([step(last, "a:b:1")])
        #expect(log.state.outbox.isEmpty == !isOwed)
    }

    @Test func `what is hidden is not announced, until it is shown again`() {
        var log = owing()
        log.record([.hidden(FinishID("a:b:1"))])
        #expect(log.state.outbox.isEmpty)
        log.record([.unhidden(FinishID("a:b:1"))])
        #expect(log.state.outbox.count == 1)
    }

    @Test func `the younger of two merged ones is not announced, even when it is released`() {
        var log = owing()
        log.see(seen("c:d:1", in: "plays", titled: "Ran!", on: "2026-11-20"))
        log.record([.merged(id: FinishID("c:d:1"), into: FinishID("a:b:1"), by: .person)])
        #expect(log.state.outbox.map(\.finish.text) == ["a:b:1"])
        #expect(log.state.announcements.map(\.status) == [.pending, .skipped])
        log.record([step(.released, "c:d:1")])
        #expect(log.state.outbox.map(\.finish.text) == ["a:b:1"])
    }

    @Test func `an attempt of a merged one is still looked up, and takes its outcome`() {
        var log = owing()
        log.see(seen("c:d:1", in: "plays", titled: "Ran!", on: "2026-11-20"))
        log.record([step(.attempted, "c:d:1")])
        log.record([.merged(id: FinishID("c:d:1"), into: FinishID("a:b:1"), by: .person)])
        #expect(log.state.outbox.map(\.status) == [.pending, .attempted])
        log.record([step(.sent, "c:d:1")])
        #expect(log.state.announcements.map(\.status) == [.pending, .sent])
    }

    @Test func `letters that look alike do not share an announcement`() {
        var log = Chronicle(feed("films"))
        log.see(seen("feed:films:id:e\u{301}", on: "2026-11-20"))
        log.see(seen("feed:films:id:\u{E9}", titled: "Other", on: "2026-11-20"))
        log.record([step(.sent, "feed:films:id:e\u{301}")])
        #expect(log.state.announcements.map(\.status) == [.sent, .pending])
    }
}
