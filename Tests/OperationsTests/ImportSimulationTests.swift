import Catalogue
import Files
import Foundation
import Formats
import HTTP
import Publishing
import Simulation
import Storage
import Testing

@testable import Operations

// Whole imports on a disk that lies and a network that answers as servers do: weeks of ticks, each run
// stopped at every one of its calls, stopped again while it recovers, and looked at after each good run.
//
//     every finish that a feed showed is there, once       the state is the fold of the log
//     each page is whole and of the state on the disk      a run repeated learns nothing
//     validators are kept only for what is in the log      nothing unfinished is left

/// A person's diary, as it stands at each tick.
private struct Diary {
    struct Viewing {
        var number: Int
        var day: Int
        var stars: Int
        var review: String
    }

    /// The documents that the feed gives, one a tick; every viewing in them, by number.
    private(set) var documents: [String] = []
    private(set) var shown: [Set<Int>] = []

    init(seed: UInt64, ticks: Int) {
        var random = SeededGenerator(seed: seed)
        var window: [Viewing] = []
        var next = 100
        for tick in 0..<ticks {
            for _ in 0..<(tick == 0 ? 4 : random.below(3)) {
                next += 1 + random.below(5)
                window.insert(
                    Viewing(number: next, day: 1 + tick, stars: 1 + random.below(10), review: ""), at: 0)
            }
            if random.chance(50), !window.isEmpty {
                window[random.below(window.count)].stars = 1 + random.below(10)
            }
            if random.chance(40), !window.isEmpty {
                window[random.below(window.count)].review = "<p>Thought \(random.below(1000)) & more</p>"
            }
            if random.chance(30), window.count > 3 { window.remove(at: 1 + random.below(window.count - 2)) }
            window = Array(window.prefix(7))
            documents.append(Diary.document(window))
            shown.append(Set(window.map(\.number)))
        }
    }

    private static func document(_ window: [Viewing]) -> String {
        var text = """
            <?xml version="1.0"?><rss version="2.0" xmlns:letterboxd="https://letterboxd.com"><channel>
            <title>Letterboxd - Somebody</title>

            """
        for viewing in window {
            let kind = viewing.review.isEmpty ? "watch" : "review"
            text += """
                <item><title>Film \(viewing.number)</title>
                <link>https://letterboxd.com/somebody/film/film-\(viewing.number)/</link>
                <guid isPermaLink="false">letterboxd-\(kind)-\(viewing.number)</guid>
                <letterboxd:watchedDate>2026-10-\(viewing.day < 10 ? "0" : "")\(viewing.day)</letterboxd:watchedDate>
                <letterboxd:filmTitle>Film \(viewing.number)</letterboxd:filmTitle>
                <letterboxd:memberRating>\(viewing.stars / 2).\(viewing.stars % 2 * 5)</letterboxd:memberRating>
                <description><![CDATA[ \(viewing.review) ]]></description></item>

                """
        }
        return text + "</channel></rss>\n"
    }
}

/// One life of a store: the diary, the disk, the network, the clock.
private final class ImportLife {
    struct Broken: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    static let folder = StoreFolder("/store")
    let diary: Diary
    let disk: FaultyDisk
    let network = PlayedNetwork()
    var random: SeededGenerator
    /// Which document the feed gives now.
    var tick = 0
    private var clock = Instant(seconds: 1_790_000_000)
    private let settings: Settings

    init(seed: UInt64, ticks: Int) throws {
        diary = Diary(seed: seed, ticks: ticks)
        disk = FaultyDisk(seed: seed)
        random = SeededGenerator(seed: seed &+ 1 << 32)
        try disk.makeFolder("/store")
        try disk.sync(folder: "/")
        settings = try Settings.read(
            Array(
                """
                [[feed]]
                name = "films"
                url = "https://example.org/rss/"
                service = "letterboxd"
                [announce]
                max_age_days = 0
                [store]
                snapshot_every = 3
                """.utf8), disk, ImportLife.folder)
        network.play = { [unowned self] request in self.answer(request) }
    }

    /// A server that keeps its promises: one tag a document, 304 for the tag it gave.
    private func answer(_ request: Request) -> Result<Response, TransferError> {
        let tag = "\"tick-\(tick)\""
        if request.header("If-None-Match") == tag { return .played(request, 304, ["ETag": tag]) }
        return .played(request, 200, ["ETag": tag], body: diary.documents[tick])
    }

    /// One run, fifteen minutes or so after the last.
    func run() throws -> ImportReport {
        clock = clock.adding(seconds: 800 + Int64(random.below(300)))
        var options = Import.Options()
        options.ignoresSchedule = true
        let report = try Import.run(
            settings, ImportLife.folder, options,
            World(
                disk: disk, network: network, now: clock, random: Randomness(seed: 1),
                run: { _ in .success(()) }))
        // A snapshot may fail without stopping the run; a dead program has reported nothing.
        if disk.isDead { throw OperationError.disk(DiskError(.write, "/", FaultyDisk.deadCode)) }
        return report
    }

    /// Whether the program died or its disk refused, as against a promise that was broken.
    static func isExpected(_ error: any Error) -> Bool {
        switch error as? OperationError {
        case .disk: true
        case .store(.disk), .store(.unusable): true
        default: false
        }
    }

    private var end: FaultyDisk.End { random.chance(50) ? .kill : .powerLoss }

    /// All ticks, until a run is stopped. Answers whether one was.
    func live() throws -> Bool {
        while tick < diary.documents.count {
            do {
                _ = try run()
            } catch where ImportLife.isExpected(error) {
                return true
            }
            disk.restart(after: .kill, keepingPlans: true)
            tick += 1
        }
        tick -= 1
        return false
    }

    /// After a stop: up to two more while it recovers, a good run, and a look at everything.
    func recover() throws {
        disk.restart(after: end)
        for _ in 0..<random.below(3) {
            disk.crashAt = disk.callCount + 1 + random.below(60)
            do {
                _ = try run()
            } catch where ImportLife.isExpected(error) {}
            disk.restart(after: end)
        }
        _ = try run()
        disk.restart(after: .kill)
        try look()
        // What is gone from the window is withdrawn at the second good poll that misses it; nothing else
        // is left to learn, and a third poll learns nothing at all.
        for fact in try run().events where try EventCoding.decode(fact).fact.type != "withdrawn" {
            throw Broken("a run repeated learned \(String(decoding: fact, as: UTF8.self))")
        }
        disk.restart(after: .kill)
        let again = try run()
        disk.restart(after: .kill)
        guard again.events.isEmpty, again.changed.isEmpty else {
            throw Broken("a run repeated learned \(again.events.count) events, changed \(again.changed)")
        }
        disk.restart(after: .powerLoss)
        try look()
        // Life goes on: the documents that are still to come.
        while tick + 1 < diary.documents.count {
            tick += 1
            _ = try run()
            disk.restart(after: .kill)
        }
        try look()
    }

    private func look() throws {
        let store = try Store.openForReading(disk, root: ImportLife.folder.root)
        let replayed = try Store.fold(store.log)
        guard replayed.sections == store.state.sections else {
            throw Broken("snapshot and tail are not the fold of the log")
        }
        var expected: Set<String> = []
        for shown in diary.shown[...tick] { for number in shown { expected.insert("letterboxd:viewing:\(number)") } }
        let known = store.state.known.map(\.id.text)
        guard known.count == Set(known).count, Set(known) == expected else {
            throw Broken("known \(known.sorted()), shown \(expected.sorted())")
        }
        for file in try Pages.render(store.state) {
            guard disk.peek("/store/public/" + file.name) == file.bytes else {
                throw Broken("\(file.name) is not what the state says")
            }
        }
        guard disk.peek("/store/pending-tweets.json") == (try PendingTweets.render(store.state)) else {
            throw Broken("pending-tweets.json is not what the state says")
        }
        for folder in ["/store", "/store/log", "/store/snapshots", "/store/public"] {
            guard !disk.names(folder).contains(where: { $0.hasPrefix(unfinishedPrefix) }) else {
                throw Broken("something unfinished was left in \(folder)")
            }
        }
    }
}

@Suite struct ImportSimulationTests {
    /// Seeds of a push; `COLOPHON_SIMULATION_SEEDS=FIRST-LAST` in the environment asks for others.
    private static var seeds: ClosedRange<UInt64> {
        let words = ProcessInfo.processInfo.environment["COLOPHON_SIMULATION_SEEDS"]?.split(separator: "-")
        if let words, words.count == 2, let first = UInt64(words[0]), let last = UInt64(words[1]) {
            return first...max(first, last)
        }
        #if DEBUG
            return 1...1
        #else
            return 1...3
        #endif
    }

    private static let ticks = 3

    @Test(arguments: seeds)
    func `an import stopped at any call is completed by the next, and nothing is lost or doubled`(
        seed: UInt64
    ) throws {
        var points = 0
        var call = 0
        while true {
            call += 1
            let life = try ImportLife(seed: seed, ticks: ImportSimulationTests.ticks)
            life.random = SeededGenerator(seed: seed << 20 &+ UInt64(call))
            life.disk.crashAt = life.disk.callCount + call
            guard try life.live() else { break }
            points += 1
            do {
                try life.recover()
            } catch {
                Issue.record("seed \(seed), call \(call): \(error)")
                return
            }
        }
        #expect(points > 100)
    }

    @Test(arguments: [FaultyDisk.Fault.full, .inputOutput], seeds)
    func `a disk that refuses any call stops the run, and the next one completes it`(
        fault: FaultyDisk.Fault, seed: UInt64
    ) throws {
        var struck = 0
        var call = 0
        while true {
            call += 1
            let life = try ImportLife(seed: seed, ticks: ImportSimulationTests.ticks)
            life.random = SeededGenerator(seed: seed << 20 &+ UInt64(call))
            let last = life.disk.callCount + call
            life.disk.fault = (last, fault)
            let stopped = try life.live()
            if life.disk.callCount < last { break }
            guard stopped || life.disk.faultStruck else { continue }
            struck += 1
            do {
                try life.recover()
            } catch {
                Issue.record("seed \(seed), call \(call), \(fault): \(error)")
                return
            }
        }
        #expect(struck > 10)
    }

    @Test func `one seed is one story`() throws {
        func trace() throws -> UInt64 {
            let life = try ImportLife(seed: 3, ticks: ImportSimulationTests.ticks)
            _ = try life.live()
            return life.disk.trace
        }
        #expect(try trace() == trace())
    }
}
