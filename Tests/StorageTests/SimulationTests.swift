import Files
import Formats
import Simulation
import Testing

@testable import Storage

// Whole lives of a store on a disk that lies (STORE section 5): several runs, each opening the
// store, appending batches and now and then writing a snapshot; stopped at every call in turn,
// stopped again while recovering, and looked at after each start.
//
//     I1 every acknowledged batch is there       I6 no unfinished file after a good run
//     I2 the log is a prefix of the plan         I8 damage before the head is never believed
//     I5 recovery is idempotent                  I9 the same seed is the same story anywhere

/// What a seed's runs mean to do.
private struct Plan {
    /// The batches, in order; which sizes and fillers they have is the seed's choice.
    var batches: [[[UInt8]]] = []
    /// How many batches each run appends.
    var runs: [Int] = []

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var sequence = 1
        for _ in 0..<3 {
            let count = 1 + random.below(3)
            runs.append(count)
            for _ in 0..<count {
                let lines = (0..<1 + random.below(4)).map { index in
                    StoreOnDisk.line(sequence + index, filler: random.below(random.chance(20) ? 900 : 60))
                }
                sequence += lines.count
                batches.append(lines)
            }
        }
    }
}

/// One life of a store: the disk, the plan, and what has been promised to whom.
private struct Life {
    let plan: Plan
    let store: StoreOnDisk
    var random: SeededGenerator
    /// Batches that `append` returned for, or that opening showed.
    var acknowledged = 0

    init(seed: UInt64, omission: FaultyDisk.Omission? = nil) {
        plan = Plan(seed: seed)
        store = StoreOnDisk(seed: seed, segmentFullBytes: 1_200)
        random = SeededGenerator(seed: seed &+ 1 << 32)
        store.disk.omission = omission
    }

    struct Broken: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    /// One run of the program; throws what stopped it.
    mutating func run(appending count: Int) throws {
        let log = try store.open()
        try SnapshotFolder(store.disk, root: StoreOnDisk.root).removeUnfinished()
        try check(log)
        for _ in 0..<count where acknowledged < plan.batches.count {
            try log.append(
                plan.batches[acknowledged], cause: "import", version: "1", at: StoreOnDisk.start)
            acknowledged += 1
        }
        try snapshot(log)
    }

    /// I1 and I2, and the snapshot's part of I3: what it holds is the log's beginning.
    private mutating func check(_ log: Log) throws {
        var notes: [SnapshotFolder.Note] = []
        let snapshot = try SnapshotFolder(store.disk, root: StoreOnDisk.root)
            .newest(reducerVersion: 1, of: log, notes: &notes)
        guard notes.isEmpty else { throw Broken("a snapshot was not whole: \(notes)") }
        let lines = try read(log, after: nil)
        var expected: [[UInt8]] = []
        var whole = 0
        while expected.count < lines.count, whole < plan.batches.count {
            expected += plan.batches[whole]
            whole += 1
        }
        guard lines == expected else { throw Broken("I2: the log is not a part of the plan") }
        guard whole >= acknowledged else {
            throw Broken("I1: \(acknowledged) batches were acknowledged, \(whole) are there")
        }
        guard whole <= acknowledged + 1 else { throw Broken("I2: batches nobody wrote") }
        acknowledged = whole
        guard let snapshot else { return }
        let tail = try read(log, after: snapshot.position)
        guard snapshot.longWords(1) == [UInt64(lines.count - tail.count)],
            Array(lines.suffix(tail.count)) == tail
        else { throw Broken("I3: snapshot and tail are not the log") }
    }

    private func read(_ log: Log, after position: LogPosition?) throws -> [[UInt8]] {
        var lines: [[UInt8]] = []
        try log.replay(after: position) { part in
            lines += part.events.map { Array(part.bytes[$0]) }
        }
        return lines
    }

    private func snapshot(_ log: Log) throws {
        guard let position = log.head?.position else { return }
        var writer = SnapshotWriter()
        writer.add(1, [UInt64(position.sequence)])
        try SnapshotFolder(store.disk, root: StoreOnDisk.root).publish(
            writer.encode(reducerVersion: 1, position: position, at: StoreOnDisk.start),
            sequence: position.sequence, reducerVersion: 1)
    }

    /// Whether the program died or its disk refused, as against a promise that was broken.
    static func isExpected(_ error: any Error) -> Bool {
        switch error as? StoreError {
        case .disk, .unusable: true
        default: false
        }
    }

    /// All runs, until one is stopped. Answers whether one was.
    mutating func live() throws -> Bool {
        for count in plan.runs {
            do {
                try run(appending: count)
            } catch where Life.isExpected(error) {
                return true
            }
            store.disk.restart(after: .kill, keepingPlans: true)
        }
        return false
    }

    /// After a stop: up to two more stops while recovering, then a good run, twice, a power cut
    /// and another.
    mutating func recover() throws {
        store.disk.restart(after: end)
        for _ in 0..<random.below(3) {
            store.disk.crashAt = store.disk.callCount + 1 + random.below(25)
            do {
                try run(appending: 1)
            } catch where Life.isExpected(error) {}
            store.disk.restart(after: end)
        }
        try run(appending: 0)
        store.disk.restart(after: .kill)
        let files = store.files
        try run(appending: 0)
        guard store.files == files else { throw Broken("I5: a second recovery changed files") }
        let names = files.keys + store.disk.names(StoreOnDisk.root + "/snapshots")
        guard !names.contains(where: { $0.hasPrefix(unfinishedPrefix) }) else {
            throw Broken("I6: an unfinished file was left")
        }
        store.disk.restart(after: .powerLoss)
        try run(appending: 2)
        store.disk.restart(after: .powerLoss)
        try run(appending: 0)
    }

    private var end: FaultyDisk.End {
        mutating get { random.chance(50) ? .kill : .powerLoss }
    }
}

/// What became of a number of seeds.
private struct Outcome {
    var points = 0
    var failures: [String] = []

    /// Stops the life of a seed at each of its calls in turn. A refusal is a failure too: nothing
    /// was damaged, so nothing may be called so. The first failure ends the seed.
    mutating func stopAtEveryCall(seed: UInt64, omission: FaultyDisk.Omission? = nil) {
        var call = 0
        while true {
            var life = Life(seed: seed, omission: omission)
            call += 1
            life.random = SeededGenerator(seed: seed << 20 &+ UInt64(call))
            life.store.disk.crashAt = life.store.disk.callCount + call
            do {
                guard try life.live() else { return }
                points += 1
                try life.recover()
            } catch {
                failures.append("seed \(seed), call \(call): \(error)")
                return
            }
        }
    }

    /// Lets each call of a life fail in turn, of those that can fail so.
    mutating func failEveryCall(
        seed: UInt64, _ fault: FaultyDisk.Fault, omission: FaultyDisk.Omission? = nil
    ) {
        var call = 0
        while true {
            var life = Life(seed: seed, omission: omission)
            call += 1
            life.random = SeededGenerator(seed: seed << 20 &+ UInt64(call))
            life.store.disk.fault = (life.store.disk.callCount + call, fault)
            let last = life.store.disk.callCount + call
            do {
                let stopped = try life.live()
                if life.store.disk.callCount < last { return }
                if !stopped { continue }
                points += 1
                try life.recover()
            } catch {
                failures.append("seed \(seed), call \(call), \(fault): \(error)")
                return
            }
        }
    }
}

struct SimulationTests {
    /// Enough to take about ten seconds in a release build; a tenth of that in a debug build.
    #if DEBUG
        private static let seeds: ClosedRange<UInt64> = 1...1
    #else
        private static let seeds: ClosedRange<UInt64> = 1...10
    #endif

    @Test func `rows 1, 2, 3, 4, 22, 27: stopped at any call, nothing is lost`() {
        var outcome = Outcome()
        for seed in Self.seeds { outcome.stopAtEveryCall(seed: seed) }
        #expect(outcome.failures.isEmpty, "\(outcome.failures.prefix(3))")
        #expect(outcome.points > 100 * Self.seeds.count)
    }

    @Test(arguments: [FaultyDisk.Fault.full, .inputOutput])
    func `rows 9, 10, 11, 12: whichever call fails, nothing is lost`(fault: FaultyDisk.Fault) {
        var outcome = Outcome()
        for seed in Self.seeds where seed <= 40 { outcome.failEveryCall(seed: seed, fault) }
        #expect(outcome.failures.isEmpty, "\(outcome.failures.prefix(3))")
        #expect(outcome.points > 10 * min(40, Self.seeds.count))
    }

    /// The test of the test: a program that forgets one step must be found out.
    @Test(arguments: FaultyDisk.Omission.allCases)
    func `a forgotten step is found`(omission: FaultyDisk.Omission) {
        for seed in 1...40 as ClosedRange<UInt64> {
            var outcome = Outcome()
            outcome.stopAtEveryCall(seed: seed, omission: omission)
            // What a failed sync left is only lost where a sync fails.
            outcome.failEveryCall(seed: seed, .inputOutput, omission: omission)
            if !outcome.failures.isEmpty { return }
        }
        Issue.record("\(omission) was not noticed in 40 seeds")
    }

    @Test(arguments: FaultyDisk.Damage.allCases)
    func `rows 5, 6, 8: damage is refused or harmless, never believed`(
        damage: FaultyDisk.Damage
    ) throws {
        for seed in Self.seeds {
            for round in 0..<20 {
                var life = Life(seed: seed)
                #expect(try life.live() == false)
                var random = SeededGenerator(seed: seed << 8 &+ UInt64(round))
                let whole = try life.store.events()
                let names = life.store.disk.names(life.store.folder).filter { $0 != "lock" }
                let file = life.store.folder + "/" + names[random.below(names.count)]
                let what = life.store.disk.damage(file, damage)
                let before = life.store.files
                do throws(StoreError) {
                    let log = try life.store.open()
                    let events = try StoreOnDisk.events(of: log)
                    #expect(events == whole, "seed \(seed): \(what)")
                } catch {
                    #expect(error.exitStatus == 65, "seed \(seed): \(what)")
                    #expect(life.store.files == before, "seed \(seed): \(what)")
                }
            }
        }
    }

    private static func trace(seeds: ClosedRange<UInt64>) -> [UInt64] {
        seeds.map { seed in
            var life = Life(seed: seed)
            life.store.disk.crashAt = life.store.disk.callCount + 40
            _ = try? life.live()
            try? life.recover()
            return life.store.disk.trace
        }
    }

    @Test func `I9: the same seed is the same story, in another process too`() async throws {
        let child = try await #require(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            print("trace", SimulationTests.trace(seeds: 1...5))
        }
        let said = String(decoding: child.standardOutputContent, as: UTF8.self)
        #expect(said.contains("trace \(Self.trace(seeds: 1...5))"))
    }
}
