import Catalogue
import Files
import Formats
import Operations
import Storage

// Films are seen in a feed, become owed to three networks, are attempted, answered and looked for: whole
// runs of `import --announce`, stopped at every call of the disk and of the network, while requests and
// answers are lost, late or doubled, servers are down or refuse, the clock jumps, and a feed takes so long that
// cron's next run meets this one, before it has the store, between its import and its posts, or after. In some lives
// the store is put back whole, from a copy that knows nothing of the last posts. At last the weather
// clears, and a person does what `tweets` asks for. Then:
//
//     on Mastodon and Bluesky, and on X, each film is said once; nowhere ever twice
//     what is not said yet is told by `tweets`, what may have been said by `status`
//     what a server acknowledged is in the log as sent, and what the log calls sent is there
//     no post is dated by a wrong clock
//     what was in the feed when it was adopted is said nowhere, and in the end nobody is asked any more

/// One life of a store that announces: the feed, the disk, the networks, the clock.
public struct AnnounceLife {
    static let ticks = 4
    private static let folder = StoreFolder("/store")
    private static let feed = "https://letterboxd.com/ada/rss/"
    private static let hosts = ["x", "mastodon", "bluesky"]
    private static let day: Int64 = 86_400

    private struct Viewing {
        var number: Int
        var day: Day
        var stars: Int
    }

    private let seed: UInt64
    private let mistake: Mistake?
    private let settings: Settings
    /// Whether nothing is too old to be said, so that the clock may jump by weeks.
    private let isPatient: Bool
    /// Whether the whole store is put back once. What it says then has to be the same as before: a post is told by
    /// its words alone.
    private let isPutBack: Bool
    private var backup: FaultyDisk?
    public private(set) var disk: FaultyDisk
    public private(set) var network: FakeNetworks
    private var random: SeededGenerator
    private(set) var tick = 0
    /// Calls of the disk and the network, up to the end of the last run that ended.
    private(set) var callsOfRun = 0
    private static let start = Instant(seconds: 1_790_000_000)
    /// What every server's clock says.
    private var real: Instant {
        get { network.now }
        nonmutating set { network.now = newValue }
    }
    /// How far ours is ahead of it.
    private var skew: Int64 = 0
    /// No clock goes back behind the store's first commit: it would be refused.
    private var earliest = start
    /// When all but the adoption began.
    private var begun = Instant(seconds: 0)
    private var window: [Viewing] = []
    /// Films that came after the feed was adopted.
    private var wanted: [Int] = []

    public init(seed: UInt64, mistake: Mistake? = nil) throws {
        self.seed = seed
        self.mistake = mistake
        random = SeededGenerator(seed: seed &+ 1 << 32)
        var dice = SeededGenerator(seed: seed &* 31 &+ 7)
        isPatient = dice.chance(50)
        // A mistake shows in lives without it, too, and sooner.
        var other = SeededGenerator(seed: seed &* 37 &+ 11)
        isPutBack = mistake == nil && other.chance(30)
        disk = FaultyDisk(seed: seed)
        disk.mistake = mistake
        network = FakeNetworks(now: Self.start)
        network.mistake = mistake
        network.servers.findsDuplicates = dice.chance(60)
        network.servers.lag = dice.chance(30) ? Int64(dice.below(2400)) : 0
        network.servers.keepsKeys = dice.chance(80)
        // The look before each post makes these harmless, unless what was posted does not show yet.
        if mistake == .newIdempotencyKey || mistake == .attemptAfterRequest { network.servers.lag = 30 * Self.day }
        disk.plantFolder(Self.folder.root)
        disk.plantFolder(Self.folder.root + "/secrets")
        disk.plant(Self.folder.settings, Array(Self.settings(&dice, isPatient).utf8))
        for (name, text) in Self.secrets(keepsKeys: network.servers.keepsKeys) {
            disk.plant(Self.folder.path("secrets/\(name).toml"), Array(text.utf8), mode: 0o600)
        }
        guard let settings = try Settings.read(disk, Self.folder) else { throw Broken("no feeds.toml") }
        self.settings = settings
        window = [Viewing(number: 100, day: Day(of: real), stars: 7)]
        try run()
        disk.restart(after: .kill)
        // Far enough that a clock may go back by days without meeting the store's beginning.
        real = real.adding(seconds: 20 * Self.day)
        begun = real
    }

    private static func settings(_ dice: inout SeededGenerator, _ isPatient: Bool) -> String {
        """
        [[feed]]
        name = "films"
        url = "\(feed)"
        service = "letterboxd"
        [announce]
        \(dice.chance(50) ? "template = \"Seen: {{title}} {{rating}} @films@a.gup.pe #films\"" : "")
        max_age_days = \(isPatient ? 0 : 14)
        wait = "10m"
        max_per_run = \(1 + dice.below(3))
        max_per_day = \(2 + dice.below(3))
        [announce.x]
        credentials = "secrets/x.toml"
        [announce.mastodon]
        credentials = "secrets/mastodon.toml"
        [announce.bluesky]
        credentials = "secrets/bluesky.toml"
        [publish]
        covers = "none"
        """
    }

    private static func secrets(keepsKeys: Bool) -> [(String, String)] {
        [
            (
                "x",
                """
                consumer_key = "consumer-key-31"
                consumer_secret = "consumer-secret-41"
                access_token = "4711-token-59"
                access_token_secret = "token-secret-26"
                """
            ),
            (
                "mastodon",
                "server = \"https://social.example\"\ntoken = \"mastodon-token\"\nidempotency = \(keepsKeys)"
            ),
            ("bluesky", "identifier = \"ada.example\"\npassword = \"abcd-efgh-ijkl-mnop\""),
        ]
    }

    /// The same life once more, which chance leads elsewhere from here on.
    func copy(seed: UInt64) -> AnnounceLife {
        var other = self
        other.disk = disk.copy()
        other.disk.reseed(seed)
        other.network = network.copy()
        other.random = SeededGenerator(seed: ~seed)
        return other
    }

    // MARK: what happens meanwhile

    /// False: the life is over.
    public mutating func nextTick() -> Bool {
        guard tick < Self.ticks else { return false }
        tick += 1
        var chance = SeededGenerator(seed: seed << 8 &+ UInt64(tick))
        real = real.adding(seconds: [900, 900, 960, 1200, 3700, 30][chance.below(6)])
        switch chance.below(10) {
        case 0: skew = Int64(chance.below(400)) - 200
        case 1: skew = Int64(chance.below(14_400)) - 7200
        case 2: skew = (isPatient ? Int64(chance.below(55)) - 15 : Int64(chance.below(6)) - 3) * Self.day
        default: skew = 0
        }
        if tick == 2 { backup = disk.copy() }
        if tick == Self.ticks, isPutBack, let backup {
            real = real.adding(seconds: 10_800 + Int64(chance.below(50_000)))
            disk = backup
        }
        for _ in 0..<(tick == 1 ? 1 + chance.below(2) : chance.below(2)) where tick < Self.ticks {
            let number = 100 + tick * 10 + wanted.count
            window.insert(Viewing(number: number, day: Day(of: real), stars: 1 + chance.below(10)), at: 0)
            wanted.append(number)
        }
        network.pageSeconds = chance.chance(30) ? 600 + Int64(chance.below(5400)) : 0
        if tick > 1, chance.chance(30), !isPutBack { window[0].stars = 1 + chance.below(10) }
        weather(chance)
        return true
    }

    /// What a run meets on its way; each seed has a mishap of its own that it meets often.
    private mutating func weather(_ chance: SeededGenerator) {
        var dice = chance
        let own = Mishap.allCases[Int(seed % UInt64(Mishap.allCases.count))]
        network.mishap = { _ in
            switch dice.below(10) {
            case 0..<5: own
            case 5..<8: Mishap.allCases[dice.below(Mishap.allCases.count)]
            default: .none
            }
        }
        var eyes = SeededGenerator(seed: ~seed &+ UInt64(tick))
        // What cannot be seen at Mastodon holds nothing back there.
        let isSeen = isPutBack && tick == Self.ticks
        network.glance = { host in
            isSeen && host == "social.example" || eyes.chance(85) ? .clear : Glance.allCases[eyes.below(Glance.allCases.count)]
        }
    }

    private mutating func clear() {
        skew = 0
        network.pageSeconds = 0
        network.mishap = { _ in .none }
        network.glance = { _ in .clear }
    }

    private mutating func wait(_ seconds: Int64) { real = real.adding(seconds: seconds) }

    private var document: [UInt8] {
        var text = """
            <?xml version="1.0"?><rss version="2.0" xmlns:letterboxd="https://letterboxd.com"><channel>
            <title>Letterboxd - Ada</title>

            """
        for viewing in window {
            text += """
                <item><title>Ran &amp; Co \(viewing.number)</title>
                <link>https://letterboxd.com/ada/film/film-\(viewing.number)/</link>
                <guid isPermaLink="false">letterboxd-watch-\(viewing.number)</guid>
                <letterboxd:watchedDate>\(viewing.day)</letterboxd:watchedDate>
                <letterboxd:filmTitle>Ran &amp; Co \(viewing.number)</letterboxd:filmTitle>
                <letterboxd:memberRating>\(viewing.stars / 2).\(viewing.stars % 2 * 5)</letterboxd:memberRating>
                </item>

                """
        }
        return Array((text + "</channel></rss>\n").utf8)
    }

    // MARK: runs

    /// What our clock says by now: a run of `import --announce` looks at it several times.
    private var clock: () -> Instant {
        let (network, earliest, skew) = (network, earliest, skew)
        return { max(earliest, network.now.adding(seconds: skew)) }
    }

    private var world: World {
        World(
            disk: disk, network: network, now: clock(), clock: clock,
            random: Randomness(seed: UInt64(network.now.seconds)), run: { _ in .success(()) })
    }

    /// `import --announce`, as cron starts it.
    mutating func run() throws {
        if mistake == .resentOnX { try resend() }
        network.forget()
        network.disk = disk
        network.pages[Self.feed] = document
        try importFeeds()
        try checkAlive()
        _ = try Announce.run(settings, Self.folder, world)
        try checkAlive()
        callsOfRun = disk.callCount
        disk.spareTheLooker()
        if mistake == .outcomeForgotten {
            Forgery.dropLastBatch(disk, Self.folder.root, saying: "announcement-sent")
        }
        try checkAnswers()
    }

    private func importFeeds() throws {
        var options = Import.Options()
        options.ignoresSchedule = true
        _ = try Import.run(settings, Self.folder, options, world)
    }

    private func checkAlive() throws {
        if disk.isDead { throw OperationError.disk(DiskError(.write, "/", FaultyDisk.deadCode)) }
    }

    /// What a program does that sends again what may have arrived.
    private mutating func resend() throws {
        guard let state = try? state() else { return }
        for one in state.announcements where one.network == "x" && one.status == .attempted {
            try say(.released, one.id)
        }
    }

    private mutating func say(_ step: AnnouncementStep.Step, _ id: String) throws {
        _ = try Amend.run(.announcement(id: id, step, post: ""), world, Self.folder, settings)
        try checkAlive()
    }

    // MARK: stops

    /// Whether the program died or its disk refused, as against a promise that was broken.
    private static func isExpected(_ error: any Error) -> Bool {
        switch error as? OperationError {
        case .disk, .store(.disk), .store(.unusable): true
        default: false
        }
    }

    /// Whether the run was stopped.
    mutating func isStopped() throws -> Bool {
        do {
            try run()
            return false
        } catch where Self.isExpected(error) {
            return true
        }
    }

    mutating func restart(after end: FaultyDisk.End) {
        disk.restart(after: end)
        if mistake == .attemptAfterRequest, network.diedPosting {
            Forgery.dropLastBatch(disk, Self.folder.root, saying: "announcement-attempted")
        }
    }

    /// A second run at this call: it is refused while the first holds the store.
    mutating func meetSecond(at call: Int) throws {
        let (disk, second) = (disk, self)
        try disk.meet(
            at: call, lock: Self.folder.log + "/lock",
            second: {
                try second.importFeeds()
                _ = try Announce.run(second.settings, Self.folder, second.world)
            },
            while: { _ = try isStopped() })
    }

    /// After a stop: up to two more in the same weather. Then it clears, the runs come as cron makes them,
    /// and a person looks in now and then.
    mutating func recover() throws {
        restart(after: random.chance(50) ? .kill : .powerLoss)
        try look()
        for _ in 0..<random.below(3) {
            wait([30, 300, 900, 3700][random.below(4)])
            disk.crashAt = disk.callCount + 1 + random.below(120)
            _ = try isStopped()
            restart(after: random.chance(50) ? .kill : .powerLoss)
            try look()
        }
        clear()
        // Five films at two a day, the first two of which a day was waited for already: four days, and some.
        for round in 1...140 {
            wait(2700)
            try run()
            restart(after: .kill)
            if try isSettled() { break }
            if round % 3 == 0 { try lookIn() }
        }
        try look()
        try checkEnd()
    }

    private func isSettled() throws -> Bool {
        try state().announcements.allSatisfy { $0.status == .sent }
    }

    /// A person goes through what `tweets` shows, looks at the networks, and says what is there.
    private mutating func lookIn() throws {
        var isHeld = false
        for one in try state().announcements where one.status == .held || one.status == .failed {
            if one.status == .held, !one.isForOneByOne {
                isHeld = true
            } else {
                // Where a look tells for certain, a person who has not looked does no harm.
                let isKnown = one.network == "x" && count(number(one), one.network) > 0
                try say(isKnown ? .sent : .released, one.id)
                disk.restart(after: .kill)
            }
        }
        if isHeld { _ = try Amend.run(.releaseAll, world, Self.folder, settings) }
        disk.restart(after: .kill)
    }

    // MARK: looking

    private func state() throws -> State {
        try Store.openForReading(disk, root: Self.folder.root).state
    }

    private func number(_ announcement: Announcement) -> Int {
        Int(announcement.finish.text.split(separator: ":").last ?? "") ?? 0
    }

    private func posts(_ network: String) -> [FakeServers.Post] {
        let servers = self.network.servers
        return network == "x" ? servers.x : network == "mastodon" ? servers.mastodon : servers.bluesky
    }

    private func count(_ number: Int, _ network: String) -> Int {
        posts(network).filter { $0.text.contains(" \(number)") }.count
    }

    /// What was acknowledged in a run that ended well is known as sent.
    private func checkAnswers() throws {
        guard !network.acknowledged.isEmpty else { return }
        let sent = try state().announcements.filter { $0.status == .sent }.map(\.post)
        for id in network.acknowledged where !sent.contains(id) {
            throw Broken("\(id) was acknowledged, and the log does not say so")
        }
    }

    /// What must hold at any time.
    func look() throws {
        for host in Self.hosts {
            for number in wanted where count(number, host) > 1 {
                throw Broken("film \(number) is \(count(number, host)) times on \(host)")
            }
            guard posts(host).allSatisfy({ post in wanted.contains { post.text.contains(" \($0)") } }) else {
                throw Broken("something was said on \(host) that nobody owed")
            }
        }
        for post in network.servers.bluesky {
            guard let dated = post.record["createdAt"]?.stringValue.flatMap({ Instant(rfc3339: $0) }),
                dated >= begun.adding(seconds: -3600), dated <= post.created.adding(seconds: 3600)
            else { throw Broken("a wrong clock has dated \(post.text)") }
        }
        let state = try state()
        let told = try Tweets(state, all: false).rows.map(\.announcement.id)
        let status = try Status.read(world, Self.folder, settings)
        for one in state.announcements {
            switch one.status {
            case .sent:
                if count(number(one), one.network) == 0 { throw Broken("\(one.id) is no more than said to be sent") }
            case .skipped: throw Broken("\(one.id) was skipped: \(one.reason)")
            case .attempted where !status.unresolved.contains { $0.id == one.id },
                .held where !status.held.contains { $0.id == one.id }:
                throw Broken("\(one.id) is \(one.status), and status does not say so")
            case .pending, .attempted, .held, .failed:
                if !told.contains(one.id) { throw Broken("\(one.id) is \(one.status), and tweets does not say so") }
            }
        }
    }

    /// What must hold when everything has calmed down.
    private mutating func checkEnd() throws {
        let announcements = try state().announcements
        for host in Self.hosts {
            for number in wanted {
                guard let one = announcements.first(where: { $0.network == host && self.number($0) == number })
                else { throw Broken("film \(number) is not owed to \(host)") }
                guard one.status == .sent, count(number, host) == 1 else {
                    throw Broken("film \(number) is \(one.status) on \(host), \(one.reason), and not there")
                }
            }
        }
        guard announcements.count == wanted.count * Self.hosts.count else { throw Broken("more is owed than came") }
        wait(2700)
        try run()
        restart(after: .kill)
        guard network.hosts == ["letterboxd.com"] else { throw Broken("nothing is owed, and asked were \(network.hosts)") }
    }

    /// The program's own word on all of it.
    public func verify() throws {
        let found = try Verify.run(world, Self.folder, directory: "public")
        guard found.isGood else { throw Broken("verify: \(found)") }
    }
}
