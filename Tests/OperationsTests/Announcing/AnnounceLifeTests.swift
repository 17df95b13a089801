import Catalogue
import Files
import Foundation
import Formats
import Simulation
import Storage
import Testing

@testable import Operations

// Whole lives of announcements: finishes are owed to three networks, runs die at any call of the disk,
// and the networks do to requests what networks do. Afterwards everything works again, and then:
//
//     on Mastodon and Bluesky there is exactly one post for each finish
//     on X there are never two; none only where a person is told so
//     what the log calls sent is there

private struct Life {
    let announcer: Announcer
    var random: SeededGenerator
    let titles: [String]
    /// Runs that were stopped.
    var stops = 0

    init(seed: UInt64) {
        announcer = Announcer(seed: seed)
        announcer.settings.configuration.announce.waitSeconds = 600
        random = SeededGenerator(seed: seed &* 31 &+ 7)
        titles = ["Dune", "Ran & Co <1985>", "Étoile"].prefix(1 + Int(seed % 3)).map { $0 }
    }

    static func isExpected(_ error: any Error) -> Bool {
        switch error as? OperationError {
        case .disk, .store(.disk), .store(.unusable): true
        default: false
        }
    }

    /// The finishes are noted on a good day.
    mutating func begin() throws {
        for title in titles { try announcer.finish(title) }
        announcer.wait(700)
    }

    /// One run; false: it was stopped.
    mutating func run() throws -> Bool {
        do {
            try announcer.announce()
            announcer.disk.restart(after: .kill, keepingPlans: true)
            return true
        } catch where Life.isExpected(error) {
            stops += 1
            announcer.disk.restart(after: random.chance(50) ? .kill : .powerLoss)
            return false
        }
    }

    /// Hours in which nothing goes wrong.
    mutating func recover() throws {
        announcer.network.mishap = { _ in .none }
        announcer.network.isDeaf = { _ in false }
        for _ in 0..<40 {
            announcer.wait(2700)
            if try announcer.announce().pending == 0 { return }
        }
    }

    func check(_ label: String) throws {
        announcer.network.settle()
        let state = try announcer.state()
        let shown = try Tweets(state, all: false)
        for title in titles {
            let text = "Finished " + title
            let on = (
                x: announcer.network.x.filter { $0.text == text }.count,
                mastodon: announcer.network.mastodon.filter { $0.text == text }.count,
                bluesky: announcer.network.bluesky.filter { $0.text == text }.count
            )
            #expect(on.mastodon == 1, "\(label): \(on.mastodon) on Mastodon of \(text)")
            #expect(on.bluesky == 1, "\(label): \(on.bluesky) on Bluesky of \(text)")
            #expect(on.x <= 1, "\(label): \(on.x) on X of \(text)")
            for network in ["mastodon", "bluesky"] {
                let status = try announcer.status(network, title)
                #expect(status == .sent, "\(label): \(network) has \(String(describing: status))")
            }
            let onX = try #require(try announcer.announcement("x", title))
            if onX.status == .sent {
                #expect(on.x == 1, "\(label): said to be on X: \(text)")
            } else {
                #expect(shown.rows.contains { $0.announcement.id == onX.id }, "\(label): silent: \(text)")
            }
        }
        #expect(Set(announcer.network.bluesky.map(\.key)).count == titles.count)
    }
}

@Suite struct AnnounceLifeTests {
    /// How many seeds; more by the environment, for a night.
    static let seeds = UInt64(ProcessInfo.processInfo.environment["COLOPHON_SEEDS"] ?? "") ?? 100

    @Test func `stopped at every call in turn, each finish is posted once`() throws {
        var total = 0
        var call = 1
        while true {
            var life = Life(seed: 2)
            try life.begin()
            life.announcer.disk.crashAt = life.announcer.disk.callCount + call
            let isWhole = try life.run()
            if isWhole { break }
            life.announcer.disk.crashAt = nil
            life.announcer.wait(900)
            try life.recover()
            try life.check("stopped at call \(call)")
            total += 1
            call += 1
        }
        // A run that posts nine times writes to the disk far more often.
        #expect(total > 100)
    }

    @Test(arguments: Mishap.allCases)
    func `whatever happens to the first request of each network, each finish is posted once`(
        mishap: Mishap
    ) throws {
        for lag in [Int64(0), 1200] {
            var life = Life(seed: 2)
            life.announcer.network.lag = lag
            try life.begin()
            var struck: [String] = []
            life.announcer.network.mishap = { host in
                if struck.contains(host) { return .none }
                struck.append(host)
                return mishap
            }
            _ = try life.run()
            life.announcer.wait(900)
            _ = try life.run()
            #expect(struck.count == 3)
            try life.recover()
            try life.check("\(mishap), timeline \(lag) s late")
        }
    }

    @Test func `over many lives of mishaps and deaths, each finish is posted once`() throws {
        var stops = 0
        var posts = 0
        for seed in 0..<Self.seeds {
            var life = Life(seed: seed)
            try life.begin()
            var dice = SeededGenerator(seed: seed ^ 0xC0FFEE)
            let network = life.announcer.network
            network.findsDuplicates = dice.chance(70)
            network.lag = dice.chance(30) ? Int64(dice.below(2400)) : 0
            network.mishap = { _ in
                dice.chance(60) ? Mishap.allCases[dice.below(Mishap.allCases.count)] : .none
            }
            var ears = SeededGenerator(seed: seed ^ 0xEA5)
            network.isDeaf = { _ in ears.chance(15) }
            for _ in 0..<(2 + life.random.below(5)) {
                if life.random.chance(60) {
                    life.announcer.disk.crashAt =
                        life.announcer.disk.callCount + 1 + life.random.below(160)
                }
                _ = try life.run()
                life.announcer.disk.crashAt = nil
                life.announcer.wait(Int64([5, 61, 300, 900, 3700][life.random.below(5)]))
            }
            try life.recover()
            try life.check("seed \(seed)")
            stops += life.stops
            posts += network.mastodon.count + network.bluesky.count + network.x.count
        }
        #expect(stops > Int(Self.seeds) / 2 && posts >= Int(Self.seeds) * 2)
    }
}
