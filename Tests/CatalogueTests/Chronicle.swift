import Foundation
import Formats
import Testing

@testable import Catalogue

/// A state and a clock, fed through the bytes of the log as a run does.
struct Chronicle {
    var state = State()
    var now = Instant(rfc3339: "2026-11-23T14:00:00Z")!
    var lines: [[UInt8]] = []

    /// Feeds by name, adopted long before `now`.
    init(_ feeds: Configuration.Feed..., settings: (inout Configuration) -> Void = { _ in }) {
        var configuration = Configuration()
        configuration.feeds = feeds
        settings(&configuration)
        let later = now
        now = Instant(rfc3339: "2026-01-01T08:00:00Z")!
        record([.configured(configuration)])
        for feed in feeds { record([.feedAdopted(feed: feed.name, service: "", entries: 0)]) }
        now = later
    }

    mutating func record(_ facts: [Fact]) {
        for fact in facts {
            let line = EventCoding.encode(
                Event(sequence: state.sequence + 1, at: now, fact: fact))
            lines.append(line)
            do {
                try state.apply(line, 0..<line.count)
            } catch {
                Issue.record("\(error.problem): \(String(decoding: line, as: UTF8.self))")
            }
        }
    }

    /// Decides and folds, as an import does.
    @discardableResult
    mutating func see(_ sighting: Sighting, _ arrival: Arrival? = nil) -> [Fact] {
        let facts = state.decide(sighting, arrival ?? polled(sighting.feed), now: now)
        record(facts)
        return facts
    }

    /// The feed as the settings know it.
    func polled(_ feed: String) -> Arrival {
        Arrival(feed: state.configuration.feed(named: feed) ?? Configuration.Feed(name: feed))
    }

    mutating func days(_ count: Int64) { now = now.adding(seconds: count * 86_400) }

    /// What is shown, by id.
    var shown: [String] { state.newest().map(\.id.text).sorted() }

    func finish(_ key: String) -> Finish? { state.finish(withKey: key)?.finish }

    var owed: [String] {
        state.announcements.filter { $0.status == .pending }.map(\.finish.text)
    }
}

/// A sighting by its keys, told as rows of a table.
func seen(
    _ keys: String..., in feed: String = "films", titled title: String = "Ran",
    on day: String? = nil, repeats: RepeatPolicy = .never, logged: String? = nil,
    _ more: (inout Finish) -> Void = { _ in }
) -> Sighting {
    var finish = Finish(kind: .movie, title: title, day: day.flatMap { Day($0) })
    more(&finish)
    return Sighting(
        keys: keys.map { Key($0) }, feed: feed, entry: "entry of " + (keys.first ?? "none"),
        repeatPolicy: repeats, finish: finish, logged: logged.flatMap { Instant(rfc3339: $0) })
}

func feed(
    _ name: String, _ change: (inout Configuration.Feed) -> Void = { _ in }
) -> Configuration.Feed {
    var feed = Configuration.Feed(name: name)
    change(&feed)
    return feed
}

extension [Fact] {
    var types: [String] { map(\.type) }

    var finished: Finished? {
        for case .finished(let finished) in self { return finished }
        return nil
    }

    var revised: Revision? {
        for case .revised(let revision) in self { return revision }
        return nil
    }
}

extension ZoneRules {
    /// A zone without summers: a file of one offset (RFC 8536, version 1).
    static func played(hoursEast: Int) -> ZoneRules {
        let offset = UInt32(bitPattern: Int32(hoursEast * 3600))
        var bytes = Array("TZif".utf8) + [UInt8](repeating: 0, count: 35) + [1, 0, 0, 0, 4]
        for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: offset >> shift)) }
        return ZoneRules(bytes + [0, 0] + Array("ABC\0".utf8))!
    }
}

/// SplitMix64: a seed is enough to repeat a test.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// 0 to `bound` - 1.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }
}

enum Fixture {
    static func lines(_ path: String) throws -> [String] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: tests.appending(path: "Fixtures/" + path), encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }
}
