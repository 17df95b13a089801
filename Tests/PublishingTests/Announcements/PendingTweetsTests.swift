import Catalogue
import Formats
import Testing

@testable import Publishing

struct PendingTweetsTests {
    @Test func `lists what is owed in the form of the contract`() throws {
        let bytes = try PendingTweets.render(SampleState.dozen.state)
        #expect(bytes == Fixture.golden("pending-tweets.json", bytes))
        let pending = try #require(try JSONReader.read(bytes)["pending"]?.arrayValue)
        #expect(
            pending.map { $0["id"]?.stringValue } == [
                "x/goodreads:review:1", "x/letterboxd:viewing:2",
            ])
        let first = try #require(pending.first?.objectValue)
        #expect(
            first.map(\.name) == [
                "id", "network", "text", "weighted_length", "finish", "since", "not_before",
                "intent_url",
            ])
        #expect(pending[0]["not_before"] == .string("2026-11-23T15:00:00Z"))
    }

    @Test func `nothing owed is a list of nothing`() throws {
        let bytes = try PendingTweets.render(State())
        #expect(String(decoding: bytes, as: UTF8.self) == "{\n  \"format\": 1,\n  \"pending\": []\n}\n")
    }

    @Test func `what was sent or skipped is owed no more`() throws {
        var sample = SampleState.dozen
        for (id, step) in [
            ("goodreads:review:1", AnnouncementStep.Step.skipped), ("letterboxd:viewing:2", .held),
        ] {
            sample.add(
                .announcement(
                    AnnouncementStep(step, id: FinishID(id), network: "x", reason: "test")),
                at: "2026-11-23T15:00:00Z")
        }
        let bytes = try PendingTweets.render(sample.state)
        #expect(try JSONReader.read(bytes)["pending"] == .array([]))
    }

    @Test func `what may have been posted is for nobody to post by hand, until it is known`() throws {
        var sample = SampleState.dozen
        func pending() throws -> [String?]? {
            try JSONReader.read(try PendingTweets.render(sample.state))["pending"]?.arrayValue?
                .map { $0["finish"]?.stringValue }
        }
        func add(_ step: AnnouncementStep.Step) {
            sample.add(
                .announcement(
                    AnnouncementStep(
                        step, id: FinishID("goodreads:review:1"), network: "x", attempt: step == .attempted ? 1 : 0,
                        text: step == .attempted ? "Finished it" : "")),
                at: "2026-11-23T15:00:00Z")
        }
        add(.attempted)
        #expect(try pending() == ["letterboxd:viewing:2"])
        add(.released)
        #expect(try pending() == ["goodreads:review:1", "letterboxd:viewing:2"])
    }

    @Test func `the page to post by hand has the text filled in`() {
        #expect(
            PendingTweets.intentAddress("A & B ★", "x")
                == "https://x.com/intent/post?text=A%20%26%20B%20%E2%98%85")
    }

    @Test func `a broken template names itself`() {
        let sample = SampleState { $0.announce.template = "{{#title}}" }
        #expect(throws: PageError.self) { try PendingTweets.render(sample.state) }
    }
}
