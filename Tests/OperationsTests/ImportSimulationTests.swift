import Foundation
import Simulation
import Testing

/// Whole runs of the program on a disk and a network that lie, disturbed at every call. `script/simulate`
/// leads more of them.
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
            return 1...2
        #endif
    }

    /// Seeds that once found something: a page that was seen and not on the disk, a site that was not told,
    /// a reader who took a newer snapshot for a rollback, a clock before the store's first run.
    private static let found: [UInt64] = [2, 7]

    @Test(arguments: Array(Set(seeds).union(found)).sorted())
    func `an import disturbed at any call is completed by the next, and nothing is lost or doubled`(
        seed: UInt64
    ) {
        var sweep = Sweep()
        sweep.run(.imports, seed: seed)
        #expect(sweep.failure == nil)
        #expect(sweep.points > 300)
    }

    /// All; in a debug build, which is slow, those that are found at once.
    private static var mistakes: [Mistake] {
        let all = Mistake.allCases.filter(\.isOfImports)
        #if DEBUG
            return all.filter {
                ![.folderNotSyncedOnOpen, .tailTrusted, .failedReadIsEnd, .debtAfterPages].contains($0)
            }
        #else
            return all
        #endif
    }

    /// The test of the test.
    @Test(arguments: mistakes)
    func `a deliberate bug is found`(mistake: Mistake) {
        #expect(Sweep.find(mistake, in: .imports).failure != nil)
    }

    @Test func `I9: one seed is one story, in another process too`() async throws {
        let child = try await #require(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            print("trace", ImportSimulationTests.trace)
        }
        let said = String(decoding: child.standardOutputContent, as: UTF8.self)
        #expect(said.contains("trace \(Self.trace)"))
    }

    private static var trace: UInt64 {
        var sweep = Sweep()
        sweep.run(.imports, seed: 1)
        return sweep.trace
    }
}
