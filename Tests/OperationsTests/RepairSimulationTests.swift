import Simulation
import Testing

/// Repairs of a damaged log, disturbed at every call, and the imports after them. `script/simulate` leads more of
/// them.
@Suite struct RepairSimulationTests {
    /// They found something once: snapshots that came back (2), a loss that was not told by the run after one that
    /// died (3), an announcement that was owed again (16).
    #if DEBUG
        private static let seeds: [UInt64] = [3]
    #else
        private static let seeds: [UInt64] = [2, 3, 16]
    #endif

    @Test(arguments: seeds)
    func `a repair disturbed at any call ends as if it had not been, and imports go on`(seed: UInt64) {
        var sweep = Sweep()
        sweep.run(.repairs, seed: seed)
        #expect(sweep.failure == nil)
        #expect(sweep.points > 300)
    }

    /// The test of the test.
    @Test(arguments: Mistake.allCases.filter(\.isOfRepairs))
    func `a deliberate bug is found`(mistake: Mistake) {
        #expect(Sweep.find(mistake, in: .repairs).failure != nil)
    }
}
