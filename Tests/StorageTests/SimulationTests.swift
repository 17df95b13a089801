import Simulation
import Testing

/// STORE section 5: lives of a store on a disk that lies, disturbed at every call. `script/simulate` leads
/// more of them.
struct SimulationTests {
    /// Some seconds in a release build.
    #if DEBUG
        private static let seeds: ClosedRange<UInt64> = 1...1
    #else
        private static let seeds: ClosedRange<UInt64> = 1...30
    #endif

    @Test func `rows 1 to 12, 17, 18, 19, 22, 27: whatever befalls a store, nothing is lost or made up`() {
        var sweep = Sweep()
        for seed in Self.seeds where sweep.failure == nil { sweep.run(.store, seed: seed) }
        #expect(sweep.failure == nil)
        #expect(sweep.points > 300 * Self.seeds.count)
    }

    /// All; in a debug build, which is slow, those that are found at once.
    private static var mistakes: [Mistake] {
        let all = Mistake.allCases.filter(\.isOfStore)
        #if DEBUG
            return all.filter { $0 != .folderNotSyncedOnOpen && $0 != .tailTrusted }
        #else
            return all
        #endif
    }

    /// The test of the test.
    @Test(arguments: mistakes)
    func `a deliberate bug is found`(mistake: Mistake) {
        #expect(Sweep.find(mistake, in: .store).failure != nil)
    }

    @Test func `I9: the same seed is the same story, in another process too`() async throws {
        let child = try await #require(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            print("trace", SimulationTests.trace)
        }
        let said = String(decoding: child.standardOutputContent, as: UTF8.self)
        #expect(said.contains("trace \(Self.trace)"))
    }

    private static var trace: [UInt64] {
        (1...2 as ClosedRange<UInt64>).map { seed in
            var sweep = Sweep()
            sweep.run(.store, seed: seed)
            return sweep.trace
        }
    }
}
