import Catalogue
import Files
import Formats
import HTTP
import Publishing
import Storage

// Sends what is owed (PRODUCT section 8). The order of things is what keeps a post from being sent twice:
//
//     attempted ▸ synced ▸ the request leaves ▸ sent | failed | held | released
//
// An attempt without an outcome is a run that died, or an answer that nobody got. Before anything else is
// sent to that network it is looked for there. A network that cannot be asked costs the others nothing.

/// One run of `announce`.
public struct Announce {
    let settings: Settings
    private let folder: StoreFolder
    var world: World
    let store: Store
    var polls: Polls
    let wording: Wording
    var report = AnnounceReport()
    /// The networks that were asked anything, and what kept one from answering.
    private var asked: [(network: String, trouble: String?)] = []

    /// Whether this run says what is too old; else the next one does.
    private(set) var decidesAge = true

    /// How many pages of a timeline are read for one attempt.
    static let pagesMax = 5

    /// Holds the store's lock until it is done, and publishes `pending-tweets.json` anew.
    public static func run(
        _ settings: Settings, _ folder: StoreFolder, _ world: World
    ) throws(OperationError) -> AnnounceReport {
        let (networks, unusable) = try Networks.all(settings, world.disk, folder)
        var world = world
        world.readClock()
        let identity = world.random.bytes(32)
        let now = world.now
        let segmentFullBytes = world.segmentFullBytes
        let disk = world.disk
        let store = try inStore { () throws(StoreError) in
            try Store.openForWriting(
                disk, root: folder.root, newStore: identity,
                allowsNetworkFileSystem: settings.allowsNetworkFileSystem,
                segmentFullBytes: segmentFullBytes, now: now)
        }
        if store.state.configuration != settings.configuration {
            store.record(.configured(settings.configuration), at: now)
        }
        var run = try Announce(settings, folder, world, store)
        run.report.byHand = settings.networks.filter { !$0.hasCredentials }.map(\.name)
        // X is owed what nobody asked for elsewhere (PRODUCT section 8).
        for one in store.state.outbox where !settings.names(one.network) && !run.report.byHand.contains(one.network) {
            run.report.byHand.append(one.network)
        }
        run.report.unusable = unusable
        try run.perform(networks)
        return run.report
    }

    private init(
        _ settings: Settings, _ folder: StoreFolder, _ world: World, _ store: Store
    ) throws(OperationError) {
        self.settings = settings
        self.folder = folder
        self.world = world
        self.store = store
        polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        wording = try Announce.wording(store.state)
    }

    static func wording(_ state: State) throws(OperationError) -> Wording {
        do {
            return try Wording(state.configuration)
        } catch {
            throw .template(Publish.words(error))
        }
    }

    var now: Instant { world.now }

    private mutating func perform(_ networks: [any Network]) throws(OperationError) {
        let before = polls
        let lastRun = polls.lastRun
        polls.noteLapse(since: store.log.last?.at, now: now)
        report.notes = polls.news(in: store.notes, at: now)
        if try polls.forgetAnswers(ifOlder: store.log, at: now) {
            report.notes.append(Polls.putBack)
            for announcement in store.state.owed { hold(announcement, AnnouncementStep.logPutBack) }
            try commit()
        }
        let isNoted = try polls.unsaid(in: store.log, at: now).isEmpty
        try settleMerged()
        decidesAge = polls.decidesAge(store.state, lastRun: lastRun, now: now)
        if decidesAge { try skipOverdue() }
        for network in networks {
            try serve(network)
            noteSilence(of: network)
        }
        for one in report.unusable { noteUnusable(one) }
        try giveUpUnasked(asked: networks.map(\.name))
        try commit()
        let outbox = store.state.outbox
        report.pending = outbox.count
        report.refused = outbox.count { $0.status == .failed }
        report.held = store.state.announcements.count { $0.status == .held }
        // What an import has not said the next one finds by its own.
        if isNoted { polls.glance = Glance(store, settings) }
        let publish = Publish(
            disk: world.disk, folder: folder, directory: settings.publishDirectory)
        report.changed = try publish.perform(store, &polls)
        if polls != before {
            try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        }
    }

    private mutating func settleMerged() throws(OperationError) {
        for step in store.state.settlingMerged() {
            store.record(.announcement(step), at: now)
            guard step.step == .held else { continue }
            report.items.append(
                AnnounceReport.Item(id: step.network + "/" + step.id.text, text: "", outcome: .held(step.reason)))
        }
        try commit()
    }

    private mutating func skipOverdue() throws(OperationError) {
        for step in store.state.overdue(now: now, trouble: polls.trouble(with:)) {
            store.record(.announcement(step), at: now)
            report.items.append(
                AnnounceReport.Item(
                    id: step.network + "/" + step.id.text, text: "", outcome: .skipped(step.reason)))
        }
        try commit()
    }

    /// It is said by each run; `tweets` and a skip have it as their reason.
    private mutating func noteUnusable(_ one: AnnounceReport.Unusable) {
        if store.state.outbox.contains(where: { $0.network == one.network && $0.status != .failed }) {
            _ = polls.noteSilence(of: one.network, one.reason, at: now)
        } else {
            polls.noteAnswer(of: one.network)
        }
    }

    /// An attempt at a network that has no credentials any more is looked for by nobody.
    private mutating func giveUpUnasked(asked names: [String]) throws(OperationError) {
        for one in store.state.announcements where one.status == .attempted && !names.contains(one.network) {
            try giveUpIfOld(one)
        }
    }

    /// Whether a network took what it was asked, for `status`, and for a person in the end.
    private mutating func noteSilence(of network: any Network) {
        let name = network.name
        if store.state.outbox.allSatisfy({ $0.network != name || $0.status == .failed }) { polls.noteAnswer(of: name) }
        guard let asked = asked.first(where: { $0.network == name }) else { return }
        guard let reason = asked.trouble else { return polls.noteAnswer(of: name) }
        if polls.noteSilence(of: name, reason, at: now) {
            report.failing.append(AnnounceReport.Silence(network: name, reason: reason))
        }
    }

    /// In how many runs before this one it took nothing; `nil`: in this one it does, or only a person can mend it.
    func failures(of network: String) -> Int? {
        guard asked.contains(where: { $0.network == network && $0.trouble != nil }) else { return nil }
        return polls.networks.first { $0.network == network }?.failures ?? 0
    }

    // MARK: one network

    /// Who is asked, and whether more may be asked of it in this run.
    struct Line {
        var network: any Network
        var isOpen = true
        /// Its newest posts, once they were asked for, the oldest pages first.
        var newest: [Response]?
    }

    private mutating func serve(_ network: any Network) throws(OperationError) {
        world.readClock()
        try holdFlood(at: network.name)
        let unresolved = store.state.unresolved(at: network.name)
        guard !unresolved.isEmpty || !sendable(at: network.name).isEmpty else {
            tellUndecided(at: network.name)
            return tellMeasure(at: network.name)
        }
        // The server may still be at it.
        if let young = unresolved.first(where: { $0.age(at: now) < network.lookSeconds }) {
            return report.add(
                young, text: young.text, .later("it may still be on its way: the next run looks for it"))
        }
        if let until = polls.pause(ofHouse: network.host, at: now) {
            let reason = "\(network.host) asked us to wait until \(until)"
            report.silences.append(AnnounceReport.Silence(network: network.name, reason: reason))
            return
        }
        var line = Line(network: network)
        asked.append((network.name, nil))
        if network.needsGreeting { try greet(&line) }
        if !line.isOpen {
            for announcement in unresolved { try giveUpIfOld(announcement) }
        }
        for announcement in unresolved where line.isOpen {
            world.readClock()
            try resolve(announcement, &line)
        }
        // What is still open may have arrived: nothing more is sent past it.
        guard line.isOpen, store.state.unresolved(at: network.name).isEmpty else { return }
        try settleMerged()
        for announcement in sendable(at: network.name) where line.isOpen {
            // The one before may have taken a minute: when one left is what tells how old an attempt is.
            world.readClock()
            if announcement.attempts > 0, announcement.isReleasedByPerson {
                try sendAfterAll(announcement, &line)
            } else {
                try sendIfNew(announcement, &line)
            }
        }
    }

    /// Who we are there. Nothing has been attempted by then, so nothing has to be written down.
    private mutating func greet(_ line: inout Line) throws(OperationError) {
        let moment = moment()
        let answer = ask(line.network.greeting(moment))
        if case .trouble(let trouble) = line.network.greeted(answer, moment) {
            try give(up: trouble, &line)
        }
    }

    /// Nothing more goes to this network in this run.
    mutating func give(up trouble: Trouble, _ line: inout Line) throws(OperationError) {
        line.isOpen = false
        let reason = line.network.told(trouble.reason)
        report.silences.append(AnnounceReport.Silence(network: line.network.name, reason: reason))
        var isSaid = false
        if case .blocked = trouble {
            try holdAll(at: line.network.name, reason)
            // What is held is said at once, with the reason; an attempt without an outcome is held by nothing.
            isSaid = report.holds(at: line.network.name, because: reason)
        }
        if !isSaid { asked[asked.count - 1].trouble = reason }
        switch trouble {
        case .later(_, let until?): polls.stop(house: line.network.host, until: until)
        case .later(_, nil), .blocked, .refused, .unknown, .duplicate: break
        }
    }

    /// What waits here waits for a person.
    private mutating func holdAll(at network: String, _ reason: String) throws(OperationError) {
        for announcement in store.state.announcements
        where announcement.network == network && announcement.status == .pending {
            hold(announcement, reason)
        }
        try commit()
    }

    mutating func hold(_ announcement: Announcement, _ reason: String, attempt: Int = 0) {
        record(.held, announcement, attempt: attempt, reason: reason)
        report.add(announcement, text: announcement.text, .held(reason))
    }

    // MARK: effects

    func record(
        _ step: AnnouncementStep.Step, _ announcement: Announcement, attempt: Int = 0,
        post: PostPlace? = nil, reason: String = ""
    ) {
        store.record(
            .announcement(
                AnnouncementStep(
                    step, id: announcement.finish, network: announcement.network, attempt: attempt,
                    post: post?.id ?? "", url: post?.address ?? "", uri: post?.uri ?? "", reason: reason)), at: now)
    }

    func commit() throws(OperationError) {
        guard store.hasPending else { return }
        try inStore { () throws(StoreError) in
            try store.commit(cause: "announce", version: Program.version, at: world.now)
        }
    }

    func ask(_ request: Request) -> Result<Response, TransferError> {
        let pace = Pace(hostPauseMilliseconds: 0)
        return world.network.perform([request], pace: pace)[0]
    }

    mutating func moment() -> Moment { world.moment(settings.fetch) }
}

extension World {
    /// What a request to a network is made of beside its words, by the clock of its sending.
    mutating func moment(_ settings: FetchSettings) -> Moment {
        readClock()
        return Moment(
            now: now, nonce: hex(random.bytes(16)), userAgent: settings.userAgent(Program.version))
    }
}

extension Settings {
    /// Whether `feeds.toml` has a table of this network, with credentials or for a person who posts by hand:
    /// then what is not posted there in time is news. Without any, what nobody asked for is only listed.
    func names(_ network: String) -> Bool { networks.contains { $0.name == network } }
}
