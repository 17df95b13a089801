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
