// What becomes of lives that are disturbed at each of their calls in turn. A seed and a mistake are
// enough to repeat all of it: nothing here knows a clock, and no order of a dictionary shows.

/// How many points were tried, and the first promise that was not kept.
public struct Sweep: Sendable {
    /// Which lives.
    public enum Kind: String, CaseIterable, Sendable {
        /// A log and its snapshots.
        case store
        /// Whole imports, corrections and backfills.
        case imports
        /// Repairs of a damaged log.
        case repairs
        /// Whole runs that announce.
        case announcements

        public var mistakes: [Mistake] {
            Mistake.allCases.filter { mistake in
                switch self {
                case .store: mistake.isOfStore
                case .imports: mistake.isOfImports
                case .repairs: mistake.isOfRepairs
                case .announcements: mistake.isOfAnnouncements
                }
            }
        }
    }

    /// In which every mistake must be found.
    private static let seedsUntilFound = 100

    /// Each is a program that died, at first or while it recovered, a fault, a second program or a damage,
    /// with everything that followed.
    public private(set) var points = 0
    /// How often what was acknowledged was damaged besides, right after one of them.
    public private(set) var damages = 0
    /// A digest of every call of every life, and of its answers.
    public private(set) var trace: UInt64 = 0
    /// With seed, place and what was found.
    public private(set) var failure: String?

    /// Of how many calls one is disturbed, each seed beginning at another: 1 is every call of every seed; 8
    /// gives eight times the seeds in the same time, and every call in eight of them.
    private let stride: Int
    /// What is being done, for the message.
    private var place = ""

    public init(stride: Int = 1) { self.stride = stride }

    /// All that can befall the lives of a seed; ends at the first failure.
    public mutating func run(_ kind: Kind, seed: UInt64, mistake: Mistake? = nil) {
        do {
            switch kind {
            case .store: try sweepStore(seed, mistake)
            case .imports: try sweepImports(seed, mistake)
            case .repairs: try sweepRepairs(seed, mistake)
            case .announcements: try sweepAnnouncements(seed, mistake)
            }
        } catch {
            failure = "\(kind.rawValue), seed \(seed), point \(points), \(place): \(error)"
        }
    }

    /// Leads lives with a mistake until it shows.
    ///
    /// - Returns: points tried, the one that showed it included, and what showed; `nil`: nothing did.
    public static func find(_ mistake: Mistake, in kind: Kind, from first: UInt64 = 1) -> (points: Int, failure: String?) {
        var points = 0
        for seed in first..<first + UInt64(seedsUntilFound) {
            var sweep = Sweep()
            sweep.run(kind, seed: seed, mistake: mistake)
            points += sweep.points
            if let failure = sweep.failure { return (points + 1, failure) }
        }
        return (points, nil)
    }

    private static func mixed(_ seed: UInt64, _ parts: Int...) -> UInt64 { mixed(seed, parts) }

    private static func mixed(_ seed: UInt64, _ parts: [Int]) -> UInt64 {
        var random = SeededGenerator(seed: seed)
        for part in parts { random = SeededGenerator(seed: random.next() ^ UInt64(part)) }
        return random.next()
    }

    /// From which the first call of a seed is counted.
    private func before(_ seed: UInt64) -> Int { 1 + Int(seed % UInt64(stride)) - stride }

    // MARK: a command, disturbed

    /// The program dies.
    private mutating func stop<Life: Disturbed>(
        _ life: Life, _ what: String, _ parts: [Int], _ seed: UInt64, by isStopped: (inout Life) throws -> Bool,
        recover: (inout Life) throws -> Void
    ) throws {
        try atEachCall(life, what + " stopped", parts, seed, points: 0) { other, call in
            other.disk.crashAt = call
            return try isStopped(&other)
        } recover: {
            try recover(&$0)
        }
    }

    /// Its disk fails, once or from then on.
    private mutating func fail<Life: Disturbed>(
        _ life: Life, _ fault: FaultyDisk.Fault, _ what: String, _ parts: [Int], _ seed: UInt64,
        by isStopped: (inout Life) throws -> Bool, recover: (inout Life) throws -> Void
    ) throws {
        let first = life.disk.callCount
        try atEachCall(life, "\(what) with \(fault)", parts, seed) { other, call in
            other.disk.fault = (call, fault)
            other.disk.faultLasts = (call - first) % 3 == 0
            return try isStopped(&other) || other.disk.faultStruck
        } recover: {
            try recover(&$0)
        }
    }

    /// Another program comes.
    private mutating func double<Life: Disturbed>(
        _ life: Life, _ what: String, _ parts: [Int], _ seed: UInt64, every step: Int,
        by meet: (inout Life, Int) throws -> Void, recover: (inout Life) throws -> Void = { _ in }
    ) throws {
        try atEachCall(life, what + " and a second program", parts, seed, every: step) { other, call in
            try meet(&other, call)
            return true
        } recover: {
            try recover(&$0)
        }
    }

    /// - Parameters:
    ///   - parts: what tells the chance of these copies of the life from that of others.
    ///   - points: that each counts besides the deaths in it.
    ///   - trap: answers whether the command met it.
    private mutating func atEachCall<Life: Disturbed>(
        _ life: Life, _ what: String, _ parts: [Int], _ seed: UInt64, every step: Int = 1, points count: Int = 1,
        _ trap: (inout Life, Int) throws -> Bool, recover: (inout Life) throws -> Void
    ) throws {
        var call = before(seed) * step
        while true {
            call += step * stride
            place = "\(what) at call \(call)"
            var other = life.copy(seed: Self.mixed(seed, parts + [call]))
            let place = other.disk.callCount + call
            let isMet = try trap(&other, place)
            if other.disk.callCount < place { return }
            if !isMet { continue }
            try recover(&other)
            trace = trace &* 31 &+ other.disk.trace
            points += count + other.disk.deathCount - life.disk.deathCount
            damages += other.damageCount
        }
    }

    // MARK: the store alone

    private mutating func sweepStore(_ seed: UInt64, _ mistake: Mistake?) throws {
        var life = StoreLife(seed: seed, mistake: mistake)
        for run in 0..<life.runCount {
            try stop(life, "run \(run)", [0, run], seed, by: { try $0.isStopped(in: run) }, recover: { try $0.recover() })
            for fault in FaultyDisk.Fault.allCases {
                try fail(
                    life, fault, "run \(run)", [1, run], seed, by: { try $0.isStopped(in: run) },
                    recover: { try $0.recover() })
            }
            try double(life, "run \(run)", [2, run], seed, every: 3) { try $0.meetSecond(in: run, at: $1) }
            try life.run(run)
            life.disk.restart(after: .kill)
        }
        for (number, damage) in FaultyDisk.Damage.allCases.enumerated() {
            for round in 0..<4 {
                points += 1
                place = "damage \(round)"
                var other = life.copy(seed: Self.mixed(seed, 3, number, round))
                try other.suffer(damage, whole: life.acknowledgedLines)
            }
        }
        points += 2
        place = "a restored backup, another reducer's snapshot"
        var restored = life.copy(seed: seed)
        try restored.restoreBackup()
        var foreign = life.copy(seed: seed)
        try foreign.meetOtherReducer()
    }

    // MARK: whole imports

    private mutating func sweepImports(_ seed: UInt64, _ mistake: Mistake?) throws {
        var life = try ImportLife(seed: seed, mistake: mistake)
        while let step = life.nextStep() {
            let (what, number) = ("\(step) \(life.stepCount)", life.stepCount)
            try stop(life, what, [0, number], seed, by: { try $0.isStopped(in: step) }, recover: { try $0.recover() })
            for fault in FaultyDisk.Fault.allCases {
                try fail(
                    life, fault, what, [1, number], seed, by: { try $0.isStopped(in: step) }, recover: { try $0.recover() })
            }
            try double(life, what, [2, number], seed, every: 4) {
                try $0.meetSecond(during: step, at: $1)
            } recover: {
                try $0.recover()
            }
            try life.perform(step)
            life.disk.restart(after: .kill)
            try life.look()
        }
        try life.verify()
    }

    // MARK: repairs

    private mutating func sweepRepairs(_ seed: UInt64, _ mistake: Mistake?) throws {
        place = "before the damage"
        guard var life = try RepairLife(seed: seed, mistake: mistake) else { return }
        for (number, means) in RepairLife.Means.allCases.enumerated() {
            place = "\(means), undisturbed"
            points += 1
            try life.performUndisturbed(means, seed: Self.mixed(seed, 5, number))
            if mistake?.showsUndisturbed == true { continue }
            try stop(life, "\(means)", [6], seed, by: { try $0.isStopped(means) }, recover: { try $0.recover(means) })
            for (kind, fault) in FaultyDisk.Fault.allCases.enumerated() {
                try fail(
                    life, fault, "\(means)", [7 + kind], seed, by: { try $0.isStopped(means) },
                    recover: { try $0.recover(means) })
            }
            try double(life, "\(means)", [9], seed, every: 4) {
                try $0.meetImport(during: means, at: $1)
            } recover: {
                try $0.recover(means)
            }
        }
    }

    // MARK: announcements

    private mutating func sweepAnnouncements(_ seed: UInt64, _ mistake: Mistake?) throws {
        var life = try AnnounceLife(seed: seed, mistake: mistake)
        while life.nextTick() {
            // One of its runs: the next seeds disturb the others.
            if life.tick == 1 + Int(seed % UInt64(AnnounceLife.ticks)) {
                try disturb(life, 0, seed, every: 1) { $0.disk.crashAt = $1 }
                for (number, fault) in FaultyDisk.Fault.allCases.enumerated() {
                    try disturb(life, 1 + number, seed, every: 3) {
                        $0.disk.fault = ($1, fault)
                        $0.disk.faultLasts = $1 % 2 == 0
                    }
                }
                try doubleAnnouncing(life, seed)
            }
            place = "run \(life.tick), undisturbed"
            try life.run()
            life.restart(after: .kill)
            try life.look()
        }
        points += 1
        try life.recover()
        try life.verify()
        trace = trace &* 31 &+ life.disk.trace
    }

    /// The run that comes next, with a trap at each of so many of its calls in turn.
    private mutating func disturb(
        _ life: AnnounceLife, _ kind: Int, _ seed: UInt64, every step: Int,
        by trap: (inout AnnounceLife, Int) -> Void
    ) throws {
        var call = 1 + step * (before(seed) - 1 + stride)
        while true {
            place = "run \(life.tick), trap \(kind) at call \(call)"
            var other = life.copy(seed: Self.mixed(seed, kind, life.tick, call))
            let trapped = other.disk.callCount + call
            trap(&other, trapped)
            let isStopped = try other.isStopped()
            if !isStopped, other.callsOfRun < trapped { return }
            call += step * stride
            guard isStopped || other.disk.faultStruck else { continue }
            try other.recover()
            trace = trace &* 31 &+ other.disk.trace
            points += 1 + max(0, other.disk.deathCount - life.disk.deathCount - 1)
        }
    }

    private mutating func doubleAnnouncing(_ life: AnnounceLife, _ seed: UInt64) throws {
        var call = before(seed) * 5
        while true {
            call += 5 * stride
            place = "run \(life.tick) and a second at call \(call)"
            var other = life.copy(seed: Self.mixed(seed, 4, life.tick, call))
            let place = other.disk.callCount + call
            try other.meetSecond(at: place)
            if other.callsOfRun < place { return }
            try other.recover()
            trace = trace &* 31 &+ other.disk.trace
            points += 1
        }
    }
}

/// A life whose commands can be disturbed at each of their calls.
private protocol Disturbed {
    var disk: FaultyDisk { get }
    /// How often what was acknowledged was damaged besides.
    var damageCount: Int { get }
    /// The same life once more, which chance leads elsewhere from here on.
    func copy(seed: UInt64) -> Self
}

extension StoreLife: Disturbed {}
extension ImportLife: Disturbed {}
extension RepairLife: Disturbed {
    var damageCount: Int { 0 }
}
