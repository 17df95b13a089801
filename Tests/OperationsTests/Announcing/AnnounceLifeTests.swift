import Foundation
import Simulation
import Testing

/// Whole runs that announce, on a disk, networks and a clock that lie, disturbed at every call.
/// `script/simulate announcements` leads more of them.
@Suite struct AnnounceLifeTests {
    /// How many seeds; more by the environment, for a night.
    private static let seeds: UInt64 = {
        if let asked = ProcessInfo.processInfo.environment["COLOPHON_ANNOUNCE_SEEDS"].flatMap({ UInt64($0) }) { return asked }
        #if DEBUG
            return 1
        #else
            return 8
        #endif
    }()

    @Test func `whatever befalls a run, each finish is said once everywhere, and nothing is silent`() {
        var sweep = Sweep()
        for seed in 1...Self.seeds where sweep.failure == nil { sweep.run(.announcements, seed: seed) }
        #expect(sweep.failure == nil)
        #expect(sweep.points > 300 * Int(Self.seeds))
    }

    /// All; in a debug build, which is slow, those that are found at once.
    private static var mistakes: [Mistake] {
        #if DEBUG
            return [.outcomeForgotten, .newRecordKey, .notLooked]
        #else
            return Sweep.Kind.announcements.mistakes
        #endif
    }

    /// The test of the test.
    @Test(arguments: mistakes)
    func `a deliberate bug is found`(mistake: Mistake) {
        // Where it is found soon; `script/simulate --mistakes announcements` looks from the first seed on.
        let first: UInt64 =
            switch mistake {
            case .clockNotCompared: 2
            case .newIdempotencyKey: 3
            case .resentOnX, .newRecordKey: 4
            case .attemptAfterRequest: 7
            case .postRepeated: 10
            default: 1
            }
        #expect(Sweep.find(mistake, in: .announcements, from: first).failure != nil)
    }
}
