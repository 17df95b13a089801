import Formats
import Foundation
import Testing

@testable import Catalogue

/// The same state kept naively, in a dictionary of whole standings: the oracle of `FinishTable`.
private struct Plain {
    struct Item {
        var standing: Standing
        var isQuiet: Bool
        var isHidden = false
        var isWithdrawn = false
        var isForgotten = false
        var into: Int?
    }

    var items: [Item] = []
    var names: [String: Int] = [:]
    var adopted: Instant?

    func place(of key: String) -> Int? {
        guard var place = names[key] else { return nil }
        while let into = items[place].into { place = into }
        return items[place].isForgotten ? nil : place
    }

    mutating func edit(_ id: FinishID, _ at: Instant, _ change: (inout Standing) -> Void) {
        let place = place(of: id.text)!
        change(&items[place].standing)
        items[place].standing.modified = at
    }

    mutating func take(_ event: Event) {
        switch event.fact {
        case .feedAdopted: adopted = event.at
        case .finished(let finished):
            let body = EventCoding.encode(event)
            items.append(
                Item(
                    standing: Standing(body: body)!,
                    isQuiet: finished.backfill != nil
                        || finished.feed == "films" && adopted == event.at))
            for key in finished.keys { names[key] = items.count - 1 }
        case .revised(let revision):
            let source = Standing.source(feed: revision.feed, backfill: revision.backfill)
            edit(revision.id, event.at) { standing in
                standing.take(revision.change)
                for field in revision.change.set.map(\.field) + revision.change.unset {
                    standing.setOwner(of: field, to: source)
                }
                standing.keys += revision.keys.filter { !standing.keys.contains($0) }
                if source != standing.origin, !standing.sources.contains(source) {
                    standing.sources.append(source)
                }
            }
            for key in revision.keys { names[key] = place(of: revision.id.text) }
        case .corrected(let id, let change):
            edit(id, event.at) { standing in
                standing.take(change)
                if change.touches(.day), !change.touches(.instant) { standing.finish.instant = nil }
                for field in change.set.map(\.field) + change.unset
                where !standing.corrected.contains(field) {
                    standing.corrected.append(field)
                }
            }
        case .coverSaved(let id, let cover): edit(id, event.at) { $0.cover = cover }
        case .hidden(let id): items[place(of: id.text)!].isHidden = true
        case .unhidden(let id): items[place(of: id.text)!].isHidden = false
        case .withdrawn(let id, _): items[place(of: id.text)!].isWithdrawn = true
        case .restored(let id, _): items[place(of: id.text)!].isWithdrawn = false
        case .forgotten(let id): items[place(of: id.text)!].isForgotten = true
        case .merged(let id, let into, _):
            let (young, old) = (place(of: id.text)!, place(of: into.text)!)
            if young == old { return }
            let gone = items[young].standing
            edit(into, event.at) { standing in
                standing.fill(from: gone) { _ in true }
                standing.keys += gone.keys.filter { !standing.keys.contains($0) }
                for source in [gone.origin] + gone.sources
                where source != standing.origin && !standing.sources.contains(source) {
                    standing.sources.append(source)
                }
            }
            if !items[young].isWithdrawn { items[old].isWithdrawn = false }
            items[young].into = old
        case .backfillUndone(let backfill): undo("backfill:" + backfill, event.at)
        default: break
        }
    }

    mutating func undo(_ source: String, _ at: Instant) {
        for place in items.indices where items[place].into == nil && !items[place].isForgotten {
            let standing = items[place].standing
            if standing.origin == source, standing.sources.isEmpty {
                items[place].isForgotten = true
            } else if standing.origin == source || standing.sources.contains(source) {
                let younger = items.indices.filter { young in
                    var end = young
                    while let into = items[end].into { end = into }
                    return young != place && end == place
                }
                items[place].standing.remove(source)
                for young in younger {
                    let other = items[young].standing
                    items[place].standing.fill(from: other) { $0 != source }
                }
                items[place].standing.modified = at
            }
        }
    }

    /// PRODUCT section 6, Order.
    var newest: [Standing] {
        let shown = items.enumerated().filter { _, item in
            item.into == nil && !item.isForgotten && !item.isHidden && !item.isWithdrawn
        }
        func rank(_ item: Item) -> [Int64] {
            let sight = item.standing.firstSight
            let today = Day(of: sight).first.daysSince1970
            guard let day = item.standing.finish.day else {
                return [item.isQuiet ? .min : today, sight.seconds, sight.seconds, item.standing.sequence]
            }
            let number = min(day.first.daysSince1970, today)
            let instant = item.standing.finish.instant?.seconds ?? number * 86_400 + 43_200
            return [number, instant, sight.seconds, item.standing.sequence]
        }
        return shown.sorted { rank($1.element).lexicographicallyPrecedes(rank($0.element)) }
            .map(\.element.standing)
    }
}

@Suite struct FinishTableTests {
    private static let fields: [FieldValue] = [
        FieldValue(.title, .string("Ä\"b")), FieldValue(.year, .integer(1999)),
        FieldValue(.day, .string("2026-11-02")), FieldValue(.day, .string("2026-10")),
        FieldValue(.day, .string("2099-01-01")), FieldValue(.rating, Finish(title: "", rating: Rating(value: 3, best: 5)).value(of: .rating)!),
        FieldValue(.instant, .string("2026-11-02T09:00:00Z")), FieldValue(.spoiler, .bool(true)),
        FieldValue(.identifiers, .object([JSONMember("imdb", .string("tt1"))])),
    ]

    /// Any event that may come next.
    private func fact(_ plain: Plain, _ dice: inout Dice, _ number: Int) -> Fact {
        let alive = plain.names.keys.sorted().filter { plain.place(of: $0) != nil }
        let backfill = dice.chance(30) ? "b\(dice.below(3))" : nil
        let feed = dice.chance(70) ? "films" : "plays"
        if alive.count < 3 || dice.chance(45) {
            // Also keys that were forgotten.
            let dead = plain.names.keys.sorted().filter { plain.place(of: $0) == nil }
            var keys = ["s:n:\(number)"]
            if !dead.isEmpty, dice.chance(30) { keys = [dice.pick(dead)] }
            if dice.chance(30) { keys.append("s:m:\(number)") }
            if dice.chance(20) {
                let key = dice.pick(alive + keys) + "@2026-11-\(10 + dice.below(20))"
                if plain.place(of: key) == nil { keys = [key] }
            }
            var finish = Finish(
                kind: dice.pick(Kind.allCases), title: dice.pick(["Ran", "é \"q\"", "T\(number)"]))
            for value in FinishTableTests.fields where dice.chance(25) {
                _ = finish.set(value.field, to: value.value)
            }
            return .finished(
                Finished(
                    id: FinishID(keys[0]), keys: keys, feed: feed, entry: "e", rule: .id,
                    announce: dice.chance(20) ? ["x"] : [], backfill: backfill, finish: finish,
                    stated: [Stated("t", "s")]))
        }
        let id = FinishID(dice.pick(alive))
        let change = Change(
            set: dice.chance(70) ? [dice.pick(FinishTableTests.fields)] : [],
            unset: dice.chance(30) ? [dice.pick([.creator, .day, .rating])] : [])
        switch dice.below(12) {
        case 0...2:
            return .revised(
                Revision(
                    id: id, keys: dice.chance(40) ? ["s:r:\(number)"] : [], feed: feed,
                    backfill: backfill, change: change))
        case 3: return .corrected(id: id, change: change)
        case 4: return .hidden(id)
        case 5: return .unhidden(id)
        case 6: return .withdrawn(id: id, feed: feed)
        case 7: return .restored(id: id, feed: feed)
        case 8: return .forgotten(id)
        case 9: return .merged(id: id, into: FinishID(dice.pick(alive)), by: .person)
        case 10:
            return .coverSaved(
                id: id, cover: SavedCover(sha256: "00", mediaType: "image/png", width: number, height: 2))
        default: return dice.chance(30) ? .backfillUndone("b\(dice.below(3))") : .feedAdopted(feed: "films", service: "", entries: 1)
        }
    }

    /// `COLOPHON_SEEDS=N` asks for more.
    private static let seeds =
        1...(ProcessInfo.processInfo.environment["COLOPHON_SEEDS"].flatMap { UInt64($0) } ?? 12)

    @Test(arguments: seeds)
    func `the table is what a dictionary of standings would be`(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var log = Chronicle(feed("films"))
        var plain = Plain()
        var copy = log.state
        for number in 1...150 {
            if dice.chance(40) { log.now = log.now.adding(seconds: Int64(dice.below(200_000))) }
            let fact = fact(plain, &dice, number)
            let event = Event(sequence: log.state.sequence + 1, at: log.now, fact: fact)
            log.record([fact])
            plain.take(event)
            let line = log.lines.last!
            try copy.apply(line, 0..<line.count)
            if number % 50 == 0 {
                try check(log.state, plain, "seed \(seed), event \(number)")
                // A state from its sections goes on as the state itself.
                copy = try #require(State(sections: copy.sections))
                #expect(copy == log.state, "seed \(seed), event \(number)")
            }
        }
    }

    private func check(_ state: State, _ plain: Plain, _ place: Comment) throws {
        for (key, _) in plain.names {
            let wanted = plain.place(of: key).map { plain.items[$0].standing }
            #expect(state.finish(withKey: key) == wanted, place)
            #expect(state.isShown(FinishID(key)) == (plain.place(of: key).map { spot in
                !plain.items[spot].isHidden && !plain.items[spot].isWithdrawn
            } ?? false), place)
        }
        let newest = plain.newest
        #expect(state.newest() == newest, place)
        #expect(state.shownCount == newest.count, place)
        for limit in [0, 1, 3, 10, newest.count, newest.count + 5] {
            #expect(state.newest(limit) == Array(newest.prefix(limit)), place)
        }
        let limits = [Configuration.KindLimit(.book, 1), Configuration.KindLimit(.tv, 0)]
        var books = 0
        let wanted = newest.filter { standing in
            if standing.finish.kind == .book { books += 1 }
            return standing.finish.kind != .tv && (standing.finish.kind != .book || books == 1)
        }
        #expect(state.newest(5, atMost: limits) == Array(wanted.prefix(5)), place)
    }

    @Test func `the few newest of many are the first of all in order`() {
        var log = Chronicle(feed("films"))
        var dice = Dice(seed: 99)
        for number in 1...200 {
            log.see(seen("a:b:\(number)", titled: "T\(number)", on: "2026-0\(1 + dice.below(9))-\(10 + dice.below(19))"))
        }
        let all = log.state.finishes.newest()
        #expect(log.state.finishes.newest(5) == Array(all.prefix(5)))
        #expect(log.state.finishes.newest(5) { $0 % 3 == 0 } == Array(all.filter { $0 % 3 == 0 }.prefix(5)))
        #expect(log.state.finishes.newest(150) == Array(all.prefix(150)))
    }

    @Test func `bodies that nobody uses any more are given back, and nothing is lost`() {
        var log = Chronicle(feed("films"))
        let review = String(repeating: "long ", count: 12_000)
        log.see(seen("a:b:0", titled: "Small", on: "2026-11-01"))
        log.see(seen("a:b:1", on: "2026-11-02") { $0.review = review })
        var sizes: [Int] = []
        for round in 1...60 {
            log.see(seen("a:b:1", titled: "Ran \(round)", on: "2026-11-02") { $0.review = review })
            sizes.append(log.state.finishes.arena.count)
        }
        #expect(sizes.max()! > 1 << 20)
        #expect(sizes.last! < sizes.max()!)
        #expect(sizes.max()! < 3 << 20)
        #expect(log.finish("a:b:0")?.title == "Small")
        #expect(log.finish("a:b:1")?.title == "Ran 60")
        #expect(log.finish("a:b:1")?.review?.count == review.count)
    }

    @Test func `undated finishes come by first sight, those of an adoption or backfill last`() {
        var log = Chronicle(feed("films"))
        log.record([.feedAdopted(feed: "films", service: "", entries: 1)])
        log.see(seen("a:b:1", titled: "adopted"))
        log.see(seen("a:b:2", titled: "filled", on: "2020"), Arrival(backfill: "b"))
        log.see(seen("a:b:3", titled: "filled, undated"), Arrival(backfill: "b"))
        log.days(1)
        log.see(seen("a:b:4", titled: "later, undated"))
        log.see(seen("a:b:5", titled: "the day before", on: "2026-11-23"))
        log.see(seen("a:b:6", titled: "ahead of its event", on: "2026-11-25"))
        log.days(1)
        log.see(seen("a:b:7", titled: "the day after the event", on: "2026-11-25"))
        #expect(log.state.newest().map(\.finish.title) == [
            "the day after the event", "later, undated", "ahead of its event", "the day before", "filled",
            "filled, undated", "adopted",
        ])
    }
}
