import Catalogue
import Formats
import HTTP
import Storage
import Testing

@testable import Operations

/// PRODUCT section 3, `reconsider`: today's rules and the evidence of the past.
@Suite struct ReconsiderTests {
    private static func blog(_ prefixes: String) -> String {
        """
        [[feed]]
        name = "blog"
        url = "https://blog.example/feed"
        kind = "book"
        [feed.finished]
        title_prefix = [\(prefixes)]

        """
    }

    private func reconsider(_ store: PlayedStore, at now: Instant) throws -> Reconsider.Outcome {
        try Reconsider.run(nil, isDryRun: false, store.world(at: now), store.folder, store.settings)
    }

    @Test func `a prefix that is added finds what was passed over, quietly, once`() throws {
        let store = try PlayedStore(ReconsiderTests.blog("\"Finished \"")) {
            .played($0, 200, body: PlayedFeed.rss(["Finished Emma", "Read Ran", "A walk"]))
        }
        try store.run(at: .start)
        #expect(store.events("finished").count == 1)
        #expect(try reconsider(store, at: .after(days: 1)).finished == [])
        try store.configure(ReconsiderTests.blog("\"Finished \", \"Read \""))
        let outcome = try reconsider(store, at: .after(days: 2))
        #expect(outcome.finished.map(\.finish.title) == ["Ran"])
        #expect(outcome.finished.map(\.announce) == [[]])
        #expect(outcome.revised == [])
        let again = try reconsider(store, at: .after(days: 3))
        #expect(again.finished == [] && again.revised == [] && again.id == nil)
        // The feed still shows it: it is known.
        try store.run(at: .after(days: 9))
        #expect(store.events("finished").count == 2)
        #expect(try reconsider(store, at: .after(days: 10)).revised == [])
    }

    /// What a version that did not know the element by its new name would have kept.
    @Test func `an element that was renamed finds what was passed over, quietly, once`() throws {
        var name = "letterboxd:name"
        let store = try PlayedStore("[[feed]]\nname = \"films\"\nurl = \"https://letterboxd.com/ada/rss/\"\n") {
            .played($0, 200, body: PlayedFeed.films([5, 3, -2]).replacing("letterboxd:filmTitle", with: name))
        }
        try store.run(at: .start)
        #expect(store.events("finished") == [] && store.events("passed-over").count == 3)
        #expect(try reconsider(store, at: .after(days: 1)).finished == [])
        // The rule learns the name: as seen from the evidence, its element is the one the rule knows.
        let passed = try evidence(store)
        try record(passed, renaming: name, in: store, at: .after(days: 2))
        name = "letterboxd:filmTitle"
        let outcome = try reconsider(store, at: .after(days: 3))
        #expect(outcome.finished.map(\.finish.title).sorted() == ["Film 3", "Film 5"])
        #expect(outcome.finished.allSatisfy { $0.announce == [] })
        #expect(try reconsider(store, at: .after(days: 4)).finished == [])
        try store.run(at: .after(days: 5))
        #expect(store.events("finished").count == 2)
    }

    private func record(
        _ evidence: [Passed], renaming name: String, in played: PlayedStore, at now: Instant
    ) throws {
        let world = played.world(at: now)
        let store = try Store.openForWriting(
            world.disk, root: played.folder.root, newStore: [UInt8](repeating: 0, count: 32), now: now)
        for passed in evidence {
            var known = passed
            known.stated = known.stated.map {
                Stated($0.name == name ? "letterboxd:filmTitle" : $0.name, $0.text)
            }
            known.entry += "#"
            store.record(.passedOver(known), at: now)
        }
        try store.commit(cause: "import", version: Program.version, at: now)
    }

    private func evidence(_ store: PlayedStore) throws -> [Passed] {
        var passed: [Passed] = []
        try Archive(store.world(at: .start), store.folder).events { event, _ in
            if case .passedOver(let one) = event.fact { passed.append(one) }
        }
        return passed
    }

    @Test func `what is read otherwise now is revised, once`() throws {
        let store = try PlayedStore(ReconsiderTests.blog("\"Finished \"")) {
            .played($0, 200, body: PlayedFeed.rss(["Finished reading Emma"]))
        }
        try store.run(at: .start)
        try store.configure(ReconsiderTests.blog("\"Finished reading \""))
        let outcome = try reconsider(store, at: .after(days: 1))
        #expect(outcome.revised.map(\.change) == [
            Change(set: [FieldValue(.title, .string("Emma"))])
        ])
        let again = try reconsider(store, at: .after(days: 2))
        #expect(again.revised == [] && again.finished == [])
    }

    @Test func `a person's word and a finish that was forgotten are left alone`() throws {
        let store = try PlayedStore(ReconsiderTests.blog("\"Finished \"")) {
            .played($0, 200, body: PlayedFeed.rss(["Finished reading Emma", "Finished reading Ran"]))
        }
        try store.run(at: .start)
        let known = try Archive(store.world(at: .start), store.folder).state().known.map(\.id.text)
        let title = Change(set: [FieldValue(.title, .string("Emma!"))])
        for word in [Amend.Word.correct(id: known[0], title), .forget(known[1])] {
            _ = try Amend.run(word, store.world(at: .after(days: 1)), store.folder, store.settings)
        }
        try store.configure(ReconsiderTests.blog("\"Finished reading \""))
        let outcome = try reconsider(store, at: .after(days: 2))
        #expect(outcome.revised == [] && outcome.finished == [])
    }

    @Test func `evidence of every kind of feed is read as its document was`() throws {
        let store = try PlayedStore("[[feed]]\nname = \"films\"\nurl = \"https://letterboxd.com/ada/rss/\"\n") {
            .played($0, 200, body: PlayedFeed.films([5, 3, -2]))
        }
        try store.run(at: .start)
        let outcome = try reconsider(store, at: .after(days: 1))
        #expect(outcome.entries == 3)
        #expect(outcome.revised == [] && outcome.finished == [])
    }

    @Test func `a feed that is not followed is named`() throws {
        let store = try PlayedStore(ReconsiderTests.blog("")) { .played($0, 404) }
        #expect(throws: OperationError.noFeed(name: "bolg", nearest: "blog")) {
            try Reconsider.run(
                "bolg", isDryRun: false, store.world(at: .start), store.folder, store.settings)
        }
    }
}
