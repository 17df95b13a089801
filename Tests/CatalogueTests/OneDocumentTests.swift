import Formats
import Testing

@testable import Catalogue

@Suite struct OneDocumentTests {
    @Test(arguments: [
        (RepeatPolicy.never, "2026-11-01", "2026-11-05", true),
        (.perDay, "2026-11-01", "2026-11-01", true),
        (.perDay, "2026-11-01", "2026-11-05", false),
        (.perDay, "2026-11-01", nil, true),
        (.afterDays(30), "2026-11-01", "2026-11-05", true),
        (.afterDays(30), "2026-11-01", "2026-06-05", false),
    ] as [(RepeatPolicy, String, String?, Bool)])
    func `two entries of one finishing are one sighting`(
        policy: RepeatPolicy, first: String, second: String?, isOne: Bool
    ) {
        let joined = Sighting.joined([
            seen("a:b:1", titled: "First", on: first, repeats: policy),
            seen("a:b:1", titled: "Second", on: second, repeats: policy) { $0.year = 1985 },
        ])
        #expect((joined[1] == nil) == isOne)
        #expect(joined[0]?.finish.title == "First")
        #expect(joined[0]?.finish.year == (isOne ? 1985 : nil))
    }

    @Test func `they do not revise each other at every poll`() {
        var log = Chronicle(feed("films"))
        let document = [
            seen("a:b:1", titled: "First", on: "2026-11-01"),
            seen("a:b:1", titled: "Second", on: "2026-11-02") { $0.year = 1985 },
        ]
        for poll in 0..<3 {
            var facts: [Fact] = []
            for case let sighting? in Sighting.joined(document) { facts += log.see(sighting) }
            #expect(facts.types == (poll == 0 ? ["finished"] : []))
        }
    }
}

@Suite struct SuspicionsTests {
    @Test(arguments: [
        ("goodreads:review:1", "2026-11-10", "Emma", 1),
        ("goodreads:review:1", "2026-10-01", "Emma", 0),
        ("goodreads:review:1", "2026-11-10", "Persuasion", 0),
        ("letterboxd:viewing:2", "2026-11-10", "Emma", 0),
    ])
    func `the same work from two services within a fortnight is suspected`(
        key: String, day: String, title: String, count: Int
    ) {
        var log = Chronicle(feed("films"), feed("books"))
        log.see(seen("letterboxd:viewing:1", titled: "Emma", on: "2026-11-05"))
        log.see(seen(key, in: "books", titled: title, on: day))
        #expect(log.state.suspicions().map(\.younger.id.text) == (count == 1 ? [key] : []))
        guard count == 1 else { return }
        log.record([.merged(id: FinishID(key), into: FinishID("letterboxd:viewing:1"), by: .person)])
        #expect(log.state.suspicions() == [])
    }
}
