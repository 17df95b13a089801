import Catalogue
import Files
import Formats
import Services
import Storage

/// The years before Colophon was installed: a service's export, or the older pages of a feed. The same
/// line as an import with another first step; nothing of it is ever announced (PRODUCT section 3).
public struct Backfill {
    public enum Source: Equatable, Sendable {
        /// A feed of `feeds.toml` from its first page on; at most so many pages, `nil`: fifty, and no
        /// further than a page that an earlier backfill knows.
        case feed(String, pagesMax: Int?)
        /// Files of a service's export; a folder stands for those in it.
        case export(service: String, [File])
    }

    public enum File: Equatable, Sendable {
        case path(String)
        /// What came over standard input.
        case bytes([UInt8])
    }

    public struct Options: Equatable, Sendable {
        /// Say what would be recorded, and record nothing.
        public var isDryRun = false
        /// A file for the rows that could not be used.
        public var rejects: String?

        public init() {}
    }

    let settings: Settings?
    let folder: StoreFolder
    let options: Options
    let world: World
    let store: Store
    private(set) var report: BackfillReport
    /// Of every event it records. Unique in the store, for no two runs begin at one sequence number.
    let id: String
    private let start: Int64
    /// A server asked to be left alone: the runs of cron have to know it.
    private var wish: (feed: FollowedFeed, until: Instant, house: String?)?

    /// - Parameter progress: called now and then with what is read and how far it is.
    public static func run(
        _ source: Source, _ options: Options, _ world: World, _ folder: StoreFolder,
        _ settings: Settings?, progress: ((BackfillProgress) -> Void)? = nil
    ) throws(OperationError) -> BackfillReport {
        var world = world
        let store = try open(options, &world, folder, settings)
        if let settings, store.state.configuration != settings.configuration {
            store.record(.configured(settings.configuration), at: world.now)
        }
        let name: String
        switch source {
        case .feed(let feed, _): name = feed
        case .export(let service, _): name = service
        }
        var run = Backfill(
            settings: settings, folder: folder, options: options, world: world, store: store,
            report: BackfillReport(isDryRun: options.isDryRun),
            id: "\(name)-\(store.state.sequence + 1)", start: store.state.sequence)
        run.report.notes = store.notes
        switch source {
        case .feed(let feed, let pagesMax): try run.take(feed, pagesMax, progress)
        case .export(let service, let files): try run.take(files, service, progress)
        }
        try run.finish()
        return run.report
    }

    private static func open(
        _ options: Options, _ world: inout World, _ folder: StoreFolder, _ settings: Settings?
    ) throws(OperationError) -> Store {
        let disk = world.disk
        let now = world.now
        let segmentFullBytes = world.segmentFullBytes
        if options.isDryRun {
            return try Archive(world, folder).store
        }
        let log = try onDisk { () throws(DiskError) in try disk.status(of: folder.log) }
        guard settings != nil || log != nil else { throw .noStore(folder: folder.root) }
        try onDisk { () throws(DiskError) in try disk.requireWritable(folder: folder.root) }
        let identity = world.random.bytes(32)
        return try inStore { () throws(StoreError) in
            try Store.openForWriting(
                disk, root: folder.root, newStore: identity,
                allowsNetworkFileSystem: settings?.allowsNetworkFileSystem ?? false,
                segmentFullBytes: segmentFullBytes, now: now)
        }
    }

    // MARK: exports

    private mutating func take(
        _ files: [File], _ service: String, _ progress: ((BackfillProgress) -> Void)?
    ) throws(OperationError) {
        guard Services.exportNames.contains(service) else {
            throw .unreadable(
                what: "service", found: service,
                expected: "one whose export is known: " + Services.exportNames.joined(separator: ", "))
        }
        var rejects = Rejects()
        store.prepareForMany()
        for file in try ExportFolder.files(files, service, world.disk) {
            let bytes = try contents(of: file)
            let rows: RecognisedRows
            do {
                rows = try Services.rows(
                    ofExport: bytes, service: service, fileName: file.name,
                    feed: "export:" + service)
            } catch {
                report.sources.append(BackfillReport.Source(name: file.name, problem: error.description))
                continue
            }
            try take(rows, file.name, bytes, &rejects, progress)
        }
        if let path = options.rejects {
            let lines = rejects.bytes
            try onDisk { () throws(DiskError) in _ = try world.disk.replaceIfChanged(path, with: lines) }
        }
    }

    private func contents(of file: ExportFolder.Found) throws(OperationError) -> [UInt8] {
        if let bytes = file.bytes { return bytes }
        let bytes = try onDisk { () throws(DiskError) in try world.disk.contents(of: file.path) }
        guard let bytes else {
            throw .unreadable(what: "file", found: file.path, expected: "one that is there")
        }
        return bytes
    }

    private mutating func take(
        _ rows: RecognisedRows, _ name: String, _ bytes: [UInt8], _ rejects: inout Rejects,
        _ progress: ((BackfillProgress) -> Void)?
    ) throws(OperationError) {
        var source = BackfillReport.Source(name: name)
        rejects.begin()
        for row in rows {
            if source.rows == 0 { rejects.header(of: bytes, before: row.bytes) }
            if source.rows % 1024 == 0 {
                progress?(
                    BackfillProgress(
                        name: name, done: source.rows, read: row.bytes?.lowerBound ?? 0,
                        bytes: row.bytes == nil ? 0 : bytes.count))
                try commitIfMany()
            }
            source.rows += 1
            guard row.finished == true else {
                source.unused.append(BackfillReport.Unused(row))
                rejects.add(row, bytes)
                continue
            }
            let facts = store.state.decide(row.sighting, Arrival(backfill: id), now: world.now)
            // A row that lacks what makes a finish is not worth an event: the file keeps it.
            if let passed = facts.passed {
                var unused = row
                unused.reason = passed.reason
                source.unused.append(BackfillReport.Unused(unused))
                rejects.add(unused, bytes)
                continue
            }
            for fact in facts { store.record(fact, at: world.now) }
            source.count(facts)
        }
        report.sources.append(source)
    }

    // MARK: pages

    private mutating func take(
        _ name: String, _ pagesMax: Int?, _ progress: ((BackfillProgress) -> Void)?
    ) throws(OperationError) {
        guard let settings, let feed = settings.feeds.first(where: { $0.name == name }) else {
            let names = settings?.feeds.map(\.name) ?? []
            throw .noFeed(name: name, nearest: nearest(to: name, in: names))
        }
        let zone = TimeZones.rules(settings.configuration.site.timeZone, world.disk) ?? .utc
        store.prepareForMany()
        let polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        var pages = FeedPages(
            feed, settings.fetch, world, polls, pagesMax: pagesMax ?? FeedPages.pagesMax)
        while let page = pages.next() {
            progress?(BackfillProgress(name: name, done: pages.count))
            let reading = Services.read(page.document, context: feed.context(page.circumstances, zone))
            let isKnown = try take(reading, feed, page: pages.count)
            // A page that only polls know may have unknown ones behind it; one that a backfill has
            // been through has not.
            if pagesMax == nil, pages.count > 1, isKnown { pages.stop(.known) }
        }
        report.ending = pages.ending
        wish = pages.wish.map { (feed, $0.until, $0.house) }
    }

    /// Whether all of it was known already, and some of it from an earlier backfill.
    private mutating func take(
        _ reading: Reading, _ feed: FollowedFeed, page: Int
    ) throws(OperationError) -> Bool {
        var source = BackfillReport.Source(name: "page \(page)")
        source.rows = reading.recognised.count
        let before = store.state.sequence
        let arrival = Arrival(feed: feed.settings, backfill: id)
        var isBackfilled = false
        let own = OwnWords(store.state, now: world.now)
        for var entry in reading.joined where entry.mayTell(store.state) {
            if entry.finished == true, own.areIn(entry, store.state) {
                (entry.finished, entry.reason) = (false, OwnWords.reason)
            }
            let isFinish = entry.finished == true
            if !isFinish { source.unused.append(BackfillReport.Unused(entry)) }
            if isFinish, let key = entry.sighting.keys.first,
                let standing = store.state.finish(withKey: key.text),
                standing.backfill.map({ $0 != id }) ?? false
            {
                isBackfilled = true
            }
            let facts =
                isFinish
                ? store.state.decide(entry.sighting, arrival, now: world.now)
                : store.state.decide(entry.passed)
            for fact in facts { store.record(fact, at: world.now) }
            source.count(facts)
        }
        report.sources.append(source)
        let isKnown = store.state.sequence == before
        try commitIfMany()
        return isKnown && isBackfilled
    }

    // MARK: the end

    /// A whole history does not have to lie in memory until its last row: what is on the disk is known
    /// to the run that has to begin again.
    private mutating func commitIfMany() throws(OperationError) {
        if !options.isDryRun, store.pendingLines.count >= 16_384 { try commit() }
    }

    private mutating func commit() throws(OperationError) {
        try inStore { () throws(StoreError) in
            try store.commit(cause: "backfill", version: Program.version, at: world.now)
        }
    }

    private mutating func finish() throws(OperationError) {
        report.events = Int(store.state.sequence - start)
        let hasNews = report.sources.contains { !$0.isKnown }
        report.id = hasNews && !options.isDryRun ? id : nil
        report.shown = store.state.shownCount
        if options.isDryRun { return }
        if store.hasPending { try commit() }
        var polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        let before = polls
        if let wish {
            var poll = polls.poll(of: wish.feed)
            poll.pausedUntil = max(wish.until, poll.pausedUntil ?? wish.until)
            polls.set(poll)
            if let house = wish.house { polls.stop(house: house, until: wish.until) }
        }
        let publish = Publish(
            disk: world.disk, folder: folder,
            directory: settings?.publishDirectory ?? Settings().publishDirectory)
        report.changed = try publish.perform(store, &polls)
        if polls != before {
            try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        }
        do {
            try store.saveSnapshotIfDue(every: settings?.snapshotEvery ?? 4096, now: world.now)
        } catch {
            report.notes.append("no snapshot was saved: " + error.description)
        }
    }
}

extension [Fact] {
    fileprivate var passed: Passed? {
        if case .passedOver(let passed)? = first { return passed }
        return nil
    }
}
