import Catalogue
import Files
import Formats
import HTTP
import Operations
import Publishing
import Storage

// Whole runs of the program on a disk that lies, a network that lies and a clock that jumps: imports,
// a person's corrections, backfills, rebuilt pages; each stopped at every one of its calls, stopped again
// while the next recovers, and looked at after each good run.
//
//     every finish that a feed showed is there, once        I1 what the head witnessed is in the log
//     a person's word stays said                            I3 the state is the fold of the log
//     validators are kept only for what is in the log       I4 pages are whole, and of a state in the log
//     nothing unfinished is left (I6)                       I7 a run repeated learns nothing
//     damage below the head is never believed (I8)

/// One life of a store: the diary, the disk, the clock, and what has been promised.
public struct ImportLife {
    public enum Step: Equatable, Sendable {
        /// The feed gives the next document, and is asked.
        case ask
        case correct
        case hide
        case backfill
        case publish
        case rebuild
    }

    private static let ticks = 4
    static let folder = StoreFolder("/store")

    private let seed: UInt64
    private let mistake: Mistake?
    let settings: Settings
    private let diary: Diary
    private let steps: [Step]
    public private(set) var disk: FaultyDisk
    var random: SeededGenerator
    /// How often what was acknowledged was damaged.
    var damageCount = 0
    /// How many steps were begun.
    private(set) var stepCount = 0
    /// Which document the feed gives now; -1: it was never asked.
    private var tick = -1
    private(set) var clock = Instant(seconds: 1_790_000_000)
    /// No clock goes back behind the store's first commit: it would be refused.
    var earliest = Instant(seconds: 1_790_000_000)

    /// Viewings that a good run has shown to us, and all that an answer ever held.
    var demanded: Set<Int> = []
    var served: Set<Int> = []
    /// What a person's corrections said, and the rows of backfills.
    var titles: [Int: String] = [:]
    var rows: Set<Int> = []
    /// Name and sum of every page that a state in the log has.
    var pages: Set<String> = []
    /// The pages that belong to a head, once they were looked at.
    var looked: (head: [UInt8], pages: [String]) = ([], [])
    /// The chain at the last batch that the head witnessed before the last stop.
    var witnessed: String?
    /// Of validators that a stop has left, and the log had what belongs to them.
    var provenTags: Set<Int> = []
    /// Whether the site was told of the pages as they are.
    private var site = Site()

    /// What the command of `[publish] after` does: it takes the pages as they are.
    private final class Site {
        var pages: [String] = []
    }

    /// - Parameter settings: `feeds.toml`, of the same feed; `nil`: nothing is announced.
    public init(seed: UInt64, mistake: Mistake? = nil, settings text: String? = nil) throws {
        self.seed = seed
        self.mistake = mistake
        diary = Diary(seed: seed, ticks: Self.ticks)
        random = SeededGenerator(seed: seed &+ 1 << 32)
        var steps: [Step] = []
        for tick in 0..<Self.ticks {
            steps.append(.ask)
            let deeds: [Step] = [.correct, .hide, .backfill, .publish, .rebuild]
            if tick > 0, random.chance(60) { steps.append(deeds[random.below(deeds.count)]) }
        }
        self.steps = steps
        disk = FaultyDisk(seed: seed)
        disk.mistake = mistake
        disk.plantFolder(Self.folder.root)
        disk.plant(Self.folder.settings, Array((text ?? Self.feeds).utf8))
        guard let settings = try Settings.read(disk, Self.folder) else { throw Broken("no feeds.toml") }
        self.settings = settings
    }

    private static let feeds = """
        [[feed]]
        name = "films"
        url = "https://example.org/rss/"
        service = "letterboxd"
        [announce]
        max_age_days = 0
        [store]
        snapshot_every = 3
        [publish]
        after = ["tell", "the", "site"]
        """

    /// The same life once more, which chance leads elsewhere from here on.
    func copy(seed: UInt64) -> ImportLife {
        var other = self
        other.disk = disk.copy()
        other.disk.reseed(seed)
        other.random = SeededGenerator(seed: ~seed)
        other.site = Site()
        other.site.pages = site.pages
        return other
    }

    /// `nil`: the life is over.
    public mutating func nextStep() -> Step? {
        guard stepCount < steps.count else { return nil }
        stepCount += 1
        if steps[stepCount - 1] == .ask { tick += 1 }
        return steps[stepCount - 1]
    }

    // MARK: runs

    /// The step as chance has laid it down for this life: the same each time.
    public mutating func perform(_ step: Step) throws {
        var chance = SeededGenerator(seed: seed << 8 &+ UInt64(stepCount))
        try perform(step, &chance)
    }

    private mutating func perform(_ step: Step, _ chance: inout SeededGenerator) throws {
        wait(&chance)
        switch step {
        case .ask: _ = try ask(lies: chance)
        case .correct:
            guard let number = choose(&chance) else { return }
            let title = "Rightly \(number)"
            try amend(
                .correct(
                    id: id(number), Change(set: [FieldValue(.title, .string(title))])))
            titles[number] = title
        case .hide:
            guard let number = choose(&chance) else { return }
            try amend(.hide(id(number)))
        case .backfill:
            let number = 1 + chance.below(3)
            let table = "kind,title,finished,id\nbook,Old \(number),2019-0\(number)-01,\(number)\n"
            _ = try Backfill.run(
                .export(service: "csv", [.bytes(Array(table.utf8))]), Backfill.Options(), world,
                Self.folder, settings)
            rows.insert(number)
        case .publish: _ = try Republish.run(world, Self.folder, nil)
        case .rebuild: _ = try Rebuild.run(world, Self.folder, directory: "public")
        }
        try checkAlive()
    }

    private func choose(_ chance: inout SeededGenerator) -> Int? {
        let known = demanded.sorted()
        return known.isEmpty ? nil : known[chance.below(known.count)]
    }

    func id(_ number: Int) -> String { "letterboxd:viewing:\(number)" }

    private func amend(_ word: Amend.Word) throws {
        _ = try Amend.run(word, world, Self.folder, settings)
    }

    /// - Parameter lies: `nil`: the server is honest.
    @discardableResult
    mutating func ask(lies: SeededGenerator?) throws -> ImportReport {
        served.formUnion(diary.shown[tick])
        prepareMistake(lies)
        defer { disk.substitutes = [:] }
        var options = Import.Options()
        options.ignoresSchedule = true
        var world = world
        world.network = LyingNetwork(tag: "tick-\(tick)", document: diary.documents[tick], lies: lies)
        let report = try Import.run(settings, Self.folder, options, world)
        // A snapshot may fail without stopping the run; a dead program has reported nothing.
        try checkAlive()
        for feed in report.feeds {
            switch feed.outcome {
            case .unchanged: demanded.formUnion(diary.shown[tick])
            case .read(let counts):
                // A document that was cut off shows what it shows.
                if counts.defects.isEmpty { demanded.formUnion(diary.shown[tick]) }
            case .notDue, .gone, .failed: break
            }
        }
        return report
    }

    func checkAlive() throws {
        if disk.isDead { throw OperationError.disk(DiskError(.write, "/", FaultyDisk.deadCode)) }
    }

    var world: World {
        let disk = disk
        let site = site
        var world = World(
            disk: disk, network: LyingNetwork(tag: "", document: [], lies: nil), now: clock,
            random: Randomness(seed: 1),
            run: { _ in
                if disk.isDead { return .failure(CommandError("killed")) }
                site.pages = Self.published(disk)
                return .success(())
            })
        // Most lives begin a segment every few runs.
        if seed % 4 > 0 { world.segmentFullBytes = 2_000 * Int(seed % 4) }
        return world
    }

    /// A quarter of an hour, as a rule; now and then the clock is far ahead, or back.
    private mutating func wait(_ chance: inout SeededGenerator) {
        switch chance.below(20) {
        case 0: clock = clock.adding(seconds: 40 * 86_400)
        case 1: clock = max(earliest, clock.adding(seconds: -86_400))
        default: clock = clock.adding(seconds: 800 + Int64(chance.below(300)))
        }
        if tick <= 0 { earliest = max(earliest, clock) }
    }

    /// What a program would have written too early, as an undisturbed run has it at its end.
    private func prepareMistake(_ lies: SeededGenerator?) {
        guard mistake == .validatorsBeforeCommit || mistake == .pagesBeforeCommit else { return }
        var other = copy(seed: 0)
        other.disk.mistake = nil
        other = ImportLife(other, mistake: nil)
        guard (try? other.ask(lies: lies)) != nil else { return }
        if mistake == .validatorsBeforeCommit {
            let early = other.disk.peek(Self.folder.polls)
            disk.substitutes[Self.folder.polls] = { Self.withValidators(of: early, $0) }
            return
        }
        guard disk.peek(Self.folder.log + "/head.json") != nil else { return }
        for path in Self.outputs(other.disk) { disk.plant(path, other.disk.peek(path)) }
    }

    /// What a program writes, with the validators and bodies of another file; all else as it is.
    static func withValidators(of other: [UInt8]?, _ bytes: [UInt8]) -> [UInt8] {
        func feeds(_ json: JSONValue?) -> [JSONValue] { json?["feeds"]?.arrayValue ?? [] }
        let early = feeds(other.flatMap { try? JSONReader.read($0) })
        guard let members = (try? JSONReader.read(bytes))?.objectValue else { return bytes }
        let names: Set = ["etag", "last_modified", "body"]
        let mixed = feeds(.object(members)).map { feed in
            let later = early.first { $0["name"] == feed["name"] }?.objectValue ?? []
            let own = (feed.objectValue ?? []).filter { !names.contains($0.name) }
            return JSONValue.object(own + later.filter { names.contains($0.name) })
        }
        return JSONWriter.compact(
            .object(members.map { $0.name == "feeds" ? JSONMember("feeds", .array(mixed)) : $0 }))
    }

    private init(_ life: ImportLife, mistake: Mistake?) {
        seed = life.seed
        self.mistake = mistake
        settings = life.settings
        diary = life.diary
        steps = life.steps
        disk = life.disk
        random = life.random
        tick = life.tick
        clock = life.clock
    }

    // MARK: stops

    /// Whether the program died or its disk refused, as against a promise that was broken.
    static func isExpected(_ error: any Error) -> Bool {
        switch error as? OperationError {
        case .disk, .store(.disk), .store(.unusable): true
        default: false
        }
    }

    /// Whether the step was stopped.
    mutating func isStopped(in step: Step) throws -> Bool {
        do {
            try perform(step)
            return false
        } catch where Self.isExpected(error) {
            return true
        }
    }

    /// A second import at this call of a step: it is refused while the first holds the store.
    mutating func meetSecond(during step: Step, at call: Int) throws {
        guard tick >= 0 else {
            _ = try isStopped(in: step)
            return
        }
        var other = self
        let disk = disk
        try disk.meet(
            at: call, lock: Self.folder.log + "/lock", second: { try other.ask(lies: nil) },
            while: { _ = try isStopped(in: step) })
    }

    /// The program is gone; what it left is checked before the next one comes.
    mutating func restart() throws {
        let end: FaultyDisk.End = random.chance(50) ? .kill : .powerLoss
        let head = Self.folder.log + "/head.json"
        if let bytes = end == .kill ? disk.peek(head) : disk.durable(head),
            let sha = try? JSONReader.read(bytes)["sha"]?.stringValue
        {
            witnessed = sha
        }
        disk.restart(after: end)
        try checkPages()
        let tags = try tags()
        if tags.isSubset(of: provenTags) { return }
        try checkTags(Store.openForReading(disk, root: Self.folder.root).state)
        provenTags.formUnion(tags)
    }

    /// I4: whatever is published is a whole page of a state that the head has witnessed.
    private mutating func checkPages() throws {
        let shown = Self.published(disk)
        if shown.allSatisfy(pages.contains) { return }
        try learnPages(Store.openForReading(disk, root: Self.folder.root).state)
        for page in shown where !pages.contains(page) {
            throw Broken("I4: a page of no state in the log: \(page)")
        }
    }

    /// Answers the pages that a state has, name and sum, in the order of `published`.
    @discardableResult
    private mutating func learnPages(_ state: State) throws -> [String] {
        var sums: [String] = []
        for file in try Pages.render(state).sorted(by: { $0.name < $1.name }) {
            sums.append(Self.sum("\(Self.folder.root)/public/\(file.name)", file.bytes))
        }
        sums.append(Self.sum(Self.folder.pendingTweets, try PendingTweets.render(state)))
        pages.formUnion(sums)
        return sums
    }

    private static func sum(_ path: String, _ bytes: [UInt8]) -> String {
        "\(path) \(bytes.count) \(CRC32C.checksum(bytes))"
    }

    private static func outputs(_ disk: FaultyDisk) -> [String] {
        var paths: [String] = []
        for name in disk.names(folder.root + "/public") where !name.hasPrefix(unfinishedPrefix) {
            let path = folder.root + "/public/" + name
            if disk.peek(path) != nil { paths.append(path) }
        }
        return disk.peek(folder.pendingTweets) == nil ? paths : paths + [folder.pendingTweets]
    }

    static func published(_ disk: FaultyDisk) -> [String] {
        outputs(disk).map { sum($0, disk.peek($0) ?? []) }
    }

    /// After a stop: up to two more while it recovers, a good run, and a look at everything.
    mutating func recover() throws {
        guard tick >= 0 else { return }
        try restart()
        for _ in 0..<random.below(3) {
            disk.crashAt = disk.callCount + 1 + random.below(60)
            do {
                try ask(lies: nil)
            } catch where Self.isExpected(error) {}
            try restart()
        }
        try settle()
        var rotten = copy(seed: random.next())
        try rotten.suffer()
        damageCount += rotten.damageCount
        if random.chance(10) { try goOn() }
    }

    /// A good run, which completes what others left, and some more, which have nothing left to do.
    mutating func settle() throws {
        var chance = SeededGenerator(seed: random.next())
        wait(&chance)
        try ask(lies: nil)
        disk.restart(after: .kill)
        try look()
        try checkUnfinished()
        try checkSite()
        // What is gone from the window is withdrawn at the second good poll that misses it; nothing else
        // is left to learn, and a third poll learns nothing at all.
        for line in try ask(lies: nil).events where try EventCoding.decode(line).fact.type != "withdrawn" {
            throw Broken("I7: a run repeated learned \(String(decoding: line, as: UTF8.self))")
        }
        disk.restart(after: .powerLoss)
        let again = try ask(lies: nil)
        disk.restart(after: .kill)
        guard again.events.isEmpty, again.changed.isEmpty else {
            throw Broken("I7: a run repeated learned \(again.events.count) events, changed \(again.changed)")
        }
        disk.restart(after: .powerLoss)
        try look()
    }

    /// The rest of this life, undisturbed.
    private mutating func goOn() throws {
        while let step = nextStep() {
            try perform(step)
            disk.restart(after: .kill)
        }
        try look()
    }

    // MARK: looking

    /// Everything that must hold after a good run.
    mutating func look() throws {
        let head = disk.peek(Self.folder.log + "/head.json") ?? []
        if head != looked.head {
            let store = try Store.openForReading(disk, root: Self.folder.root)
            guard try Store.fold(store.log).sections == store.state.sections else {
                throw Broken("I3: snapshot and tail are not the fold of the log")
            }
            try checkFinishes(store.state)
            try checkValidators(store.state)
            looked = (head, try learnPages(store.state))
            try checkCovers(store.state)
        }
        try checkFiles()
    }

    private func checkFiles() throws {
        guard Self.published(disk) == looked.pages else {
            throw Broken("I4: published are \(Self.published(disk)), the state has \(looked.pages)")
        }
        for name in disk.names(Self.folder.log) where name.hasPrefix("quarantine-") {
            guard disk.peek(Self.folder.log + "/" + name)?.isEmpty == false else {
                throw Broken("\(name) is empty")
            }
        }
    }

    /// I6, of a run that ended well. A power cut may bring back what the next run removes again.
    private func checkUnfinished() throws {
        for folder in ["", "/log", "/snapshots", "/public", "/public/covers"] {
            for name in disk.names(Self.folder.root + folder) where name.hasPrefix(unfinishedPrefix) {
                throw Broken("I6: \(folder)/\(name) was left")
            }
        }
    }

    /// Each cover that a page shows is there, and its bytes are those that its event names.
    private func checkCovers(_ state: State) throws {
        for standing in Pages.shown(state) {
            guard let cover = standing.cover, let name = Pages.coverName(cover) else { continue }
            guard let bytes = disk.peek("\(Self.folder.root)/public/\(name)"),
                hex(SHA256.digest(bytes)) == cover.sha256
            else { throw Broken("\(name) is not the cover that an event names") }
        }
    }

    /// The command of `[publish] after` has heard of the pages as they are; an import sees to it.
    private func checkSite() throws {
        guard site.pages == Self.published(disk) else { throw Broken("the site was not told of its pages") }
    }

    private func checkFinishes(_ state: State) throws {
        let known = state.known
        var viewings: Set<Int> = []
        var rows: Set<Int> = []
        for standing in known {
            let id = standing.id.text
            if let number = Int(id.split(separator: ":").last ?? ""), id.hasPrefix("letterboxd:viewing:") {
                viewings.insert(number)
                if let title = titles[number], standing.finish.title != title {
                    throw Broken("\(id) is called \(standing.finish.title), corrected to \(title)")
                }
            } else if let number = Int(standing.finish.title.split(separator: " ").last ?? "") {
                rows.insert(number)
            }
        }
        guard viewings.count + rows.count == known.count else { throw Broken("something is there twice") }
        guard demanded.isSubset(of: viewings), viewings.isSubset(of: served) else {
            throw Broken(
                "lost \(demanded.subtracting(viewings).sorted()), made up \(viewings.subtracting(served).sorted())")
        }
        guard self.rows.isSubset(of: rows) else { throw Broken("a backfill was lost") }
    }

    /// What `polls.json` would let a server leave out is in the log; so is what the head witnessed.
    private func checkValidators(_ state: State) throws {
        if let witnessed {
            var isThere = false
            for name in disk.names(Self.folder.log) where name.hasSuffix(".ndjson") {
                let log = String(decoding: disk.peek(Self.folder.log + "/" + name) ?? [], as: UTF8.self)
                isThere = isThere || log.utf8.count > 64 && log.contains("\"sha\":\"\(witnessed)\"")
            }
            if !isThere { throw Broken("I1: a batch that the head witnessed is gone") }
        }
        try checkTags(state)
    }

    /// What `polls.json` takes as read is in the log, also right after a stop.
    private func checkTags(_ state: State) throws {
        let known = Set(state.known.map(\.id.text))
        for tick in try tags() where !diary.shown[tick].allSatisfy({ known.contains(id($0)) }) {
            throw Broken("polls.json has validators of what the log has not")
        }
    }

    /// Of the documents whose validators `polls.json` has.
    func tags() throws -> Set<Int> {
        guard let bytes = disk.peek(Self.folder.polls) else { return [] }
        guard case .array(let feeds)? = try JSONReader.read(bytes)["feeds"] else {
            throw Broken("polls.json cannot be read")
        }
        return Set(feeds.compactMap { $0["etag"]?.stringValue.flatMap { Int($0.dropFirst(6).dropLast()) } })
    }

    /// The program's own word on all of it.
    public func verify() throws {
        let found = try Verify.run(world, Self.folder, directory: "public")
        guard found.isGood else { throw Broken("verify: \(found)") }
    }
}
