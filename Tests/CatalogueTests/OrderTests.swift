import Formats
import Testing

@testable import Catalogue

/// Polls bring the same entries in any order and any number of times.
@Suite struct OrderTests {
    /// What one feed may state: works with a number each, some with a second key, some without a day.
    private func sightings(_ dice: inout Dice, _ policy: RepeatPolicy) -> [Sighting] {
        var list: [Sighting] = []
        for number in 0..<8 {
            let finishings = policy == .perDay ? 1 + dice.below(3) : 1
            for day in 0..<finishings {
                var sighting = seen(
                    "s:n:\(number)", titled: "T\(number)", on: "2026-11-\(10 + day * 5 + dice.below(5))",
                    repeats: policy)
                if number % 2 == 0 { sighting.keys.append(Key("s:w:\(number)")) }
                if policy == .never, number % 3 == 0 { sighting.finish.day = nil }
                list.append(sighting)
            }
        }
        return list
    }

    /// Finishes by the entries' numbers and days, whichever of a work's was first.
    private func finishes(_ state: State) -> [String] {
        state.newest().map { standing in
            let work = standing.keys.compactMap { KeyName($0) }.map { "\($0.noun):\($0.number)" }
            return Set(work).sorted().joined(separator: " ") + " on "
                + (standing.finish.day?.description ?? "no day")
        }.sorted()
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `any order and repetition gives the same finishes`(seed: UInt64) {
        for policy in [RepeatPolicy.never, .perDay] {
            var dice = Dice(seed: seed)
            let list = sightings(&dice, policy)
            var straight = Chronicle(feed("films"))
            for sighting in list { straight.see(sighting) }
            #expect(straight.shown.count == list.count, "seed \(seed)")
            for _ in 0..<4 {
                var log = Chronicle(feed("films"))
                for _ in 0..<3 {
                    for sighting in list.shuffled(using: &dice) where dice.chance(60) { log.see(sighting) }
                    log.days(1)
                }
                for sighting in list.shuffled(using: &dice) { log.see(sighting) }
                #expect(finishes(log.state) == finishes(straight.state), "seed \(seed), \(policy)")
                for sighting in list { #expect(log.see(sighting).isEmpty, "seed \(seed), \(policy)") }
            }
        }
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `two feeds and an export of the same finishes give each once`(seed: UInt64) {
        var dice = Dice(seed: seed)
        var log = Chronicle(feed("films"), feed("other"))
        var rows: [(Sighting, Arrival?)] = []
        for number in 0..<10 {
            let day = "2026-11-\(10 + number)"
            rows.append((seen("s:n:\(number)", "s:w:\(number)", on: day), nil))
            rows.append((seen("s:w:\(number)", in: "other", titled: "Other \(number)", on: day), nil))
            rows.append((seen("s:n:\(number)", in: "export"), Arrival(backfill: "b")))
        }
        for _ in 0..<3 {
            for (sighting, arrival) in rows.shuffled(using: &dice) { log.see(sighting, arrival) }
        }
        #expect(log.shown.count == 10, "seed \(seed)")
        for (sighting, arrival) in rows { #expect(log.see(sighting, arrival).isEmpty, "seed \(seed)") }
    }
}
