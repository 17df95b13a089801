import Formats
import Testing

@testable import Catalogue

@Suite struct StateCodingTests {
    /// Nearly every type of event, and all that `decide` makes of a few weeks.
    private func corpus() -> Chronicle {
        var log = Chronicle(feed("films"), feed("books") { $0.announceSince = Day("2026-11-01") })
        var dice = Dice(seed: 2026)
        for week in 0..<12 as Range<Int64> {
            for _ in 0..<15 {
                let number = dice.below(40)
                let day = dice.chance(80) ? "2026-\(10 + dice.below(3))-\(10 + dice.below(20))" : nil
                let sighting = seen(
                    "s:n:\(number)", "s:w:\(number / 3)", in: dice.pick(["films", "books"]),
                    titled: "Täuschung \(number / 2)", on: day,
                    repeats: dice.pick([.never, .perDay, .afterDays(30)])
                ) { $0.rating = Rating(value: 1 + dice.below(5), best: 5) }
                log.see(sighting, dice.chance(10) ? Arrival(backfill: "b\(week)") : nil)
            }
            log.record(log.state.decide(Passed(feed: "films", entry: "list \(week)", title: "A", reason: "b")))
            log.days(7)
        }
        let shown = log.shown
        log.record([
            .configured(EventSamples.configuration), .hidden(FinishID(shown[0])),
            .corrected(id: FinishID(shown[1]), change: Change(set: [FieldValue(.day, .string("2026"))])),
            .withdrawn(id: FinishID(shown[2]), feed: "films"), .forgotten(FinishID(shown[3])),
            .merged(id: FinishID(shown[5]), into: FinishID(shown[4]), by: .person),
            .coverSaved(
                id: FinishID(shown[4]),
                cover: SavedCover(sha256: "ab", mediaType: "image/png", width: 1, height: 2)),
            .backfillUndone("b3"),
            .feedCondition(FeedCondition(.failing, feed: "books", reason: "503", host: "b.example")),
        ])
        for announcement in log.state.outbox.prefix(3) {
            log.record([
                .announcement(
                    AnnouncementStep(
                        .attempted, id: announcement.finish, network: "x", attempt: 1, text: "t",
                        key: "k", record: "r", after: "a"))
            ])
        }
        return log
    }

    private func digest(_ state: State) -> String {
        var hash = SHA256()
        func take(_ number: UInt64) { hash.update((0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }) }
        for section in state.sections {
            take(UInt64(section.tag))
            switch section.content {
            case .bytes(let bytes): hash.update(bytes)
            case .words(let words): for word in words { take(UInt64(word)) }
            case .longs(let longs): for long in longs { take(UInt64(bitPattern: long)) }
            }
        }
        return hex(hash.finish())
    }

    /// Events of every type as version 1.0.0 wrote them: they stay, whatever `decide` does today.
    private func goldenState() throws -> State {
        var state = State()
        for first in ["01", "23", "47", "73"] {
            for line in try Fixture.lines("golden/store/log/000000000000000000\(first).ndjson")
            where line.hasPrefix("{\"seq\":") {
                try state.apply(Array(line.utf8), 0..<line.utf8.count)
            }
        }
        // Fields that came later, each in an event: added to, never changed.
        for line in try Fixture.lines("golden/later.ndjson") {
            try state.apply(Array(line.utf8), 0..<line.utf8.count)
        }
        return state
    }

    @Test func `row 20: the golden log gives the state of this reducer version`() throws {
        let golden = (
            version: 5, digest: "2ed354d4863d12c22e46f3393496bef2e125df0b5ffe51cfc80b4a3fea5bb368")
        let state = try goldenState()
        #expect(state.sequence == 81)
        #expect(
            State.reducerVersion == golden.version && digest(state) == golden.digest,
            """
            The same events give another state than before: snapshots on people's disks would be wrong. \
            If that is meant, raise State.reducerVersion, put the new version and digest here, and record \
            its snapshot (GoldenStoreTests). Found \(digest(state)).
            """)
    }

    @Test func `a state from its sections is the state`() throws {
        let log = corpus()
        let copy = try #require(State(sections: log.state.sections))
        #expect(copy == log.state)
        #expect(copy.sections == log.state.sections)
        #expect(State(sections: State().sections) == State())
    }

    @Test func `sections that lack one, or have one of another kind, are no state`() {
        let sections = corpus().state.sections
        for index in sections.indices {
            var fewer = sections
            let taken = fewer.remove(at: index)
            #expect(State(sections: fewer) == nil)
            let empty: StateSection.Content =
                if case .bytes = taken.content { .words([]) } else { .bytes([]) }
            #expect(State(sections: fewer + [StateSection(tag: taken.tag, content: empty)]) == nil)
        }
        #expect(Set(sections.map(\.tag)).count == sections.count)
    }

    @Test func `the same lines give the same state`() throws {
        let log = corpus()
        var again = State()
        for line in log.lines { try again.apply(line, 0..<line.count) }
        #expect(again == log.state)
    }
}
