public import Catalogue
public import Formats
public import Feeds

/// What an import did: values only, the sentences are the front's.
public struct ImportReport: Equatable, Sendable {
    public var isDryRun: Bool
    /// In the order of `feeds.toml`.
    public var feeds: [FeedReport] = []
    /// Feeds that are due and wait until all others are told, for what they give has ended the program.
    var deadly: [String] = []
    /// Lines that were appended, or would be.
    public var events: [[UInt8]] = []
    /// Names of published files that changed; a minus in front: gone.
    public var changed: [String] = []
    /// Where the pages are.
    public var directory = ""
    /// Announcements owed in all.
    public var pending = 0
    /// Finishes shown in all.
    public var shown = 0
    /// What opening the store found.
    public var notes: [String] = []
    /// News about feeds, for a run that nobody watches.
    public var turns: [FeedCondition] = []
    /// Feeds that have been failing for another week.
    public var reminders: [Failure] = []
    /// Announcements that wait for a person's word from now on.
    public var held: [AnnouncementStep] = []
    /// Announcements that their network did not take for too long, or nobody posted there by hand.
    public var overdue: [AnnouncementStep] = []
    /// The same to a network that `feeds.toml` does not name: no news for who does not watch.
    public var lapsed: [AnnouncementStep] = []
    /// Nobody at all could be reached.
    public var isOffline = false
    /// Since when, where that has lasted so long that somebody has to be told who does not watch.
    public var outageNews: Instant?
    /// What became of the covers that were asked for.
    public var covers = CoverReport()
    /// What went wrong after the commit and costs only time: a snapshot that could not be saved.
    public var warnings: [String] = []

    /// What became of the command of `[publish] after`; `nil`: it was not run, or did as always.
    public var site: SiteReport?

    /// What the feeds gave, told in the order of `feeds.toml`.
    mutating func take(_ intake: Intake, order: [String]) {
        add(intake.feeds, order)
        // What the run before has left unsaid may turn out anew.
        turns.removeAll { told in intake.turns.contains { $0.feed == told.feed && $0.turn == told.turn } }
        turns += intake.turns
        reminders = intake.reminders
        isOffline = intake.isOffline
        outageNews = intake.outageNews
    }

    /// What a later part of the run did, in the order of `feeds.toml`.
    public mutating func add(_ later: ImportReport, order: [String]) {
        add(later.feeds, order)
        events += later.events
        changed = (changed + later.changed.filter { !changed.contains($0) }).sorted()
        (pending, shown) = (later.pending, later.shown)
        notes += later.notes.filter { !notes.contains($0) }
        turns += later.turns
        reminders += later.reminders
        held += later.held
        overdue += later.overdue
        lapsed += later.lapsed
        outageNews = outageNews ?? later.outageNews
        covers.saved += later.covers.saved
        covers.failures += later.covers.failures
        warnings += later.warnings.filter { !warnings.contains($0) }
        isOffline = isOffline && later.isOffline
        if later.site?.isNews == true || site == nil { site = later.site }
    }

    private mutating func add(_ more: [FeedReport], _ order: [String]) {
        var places: [String: Int] = [:]
        for (place, name) in order.enumerated() { places[name] = place }
        feeds = (feeds + more).sorted { places[$0.feed, default: 0] < places[$1.feed, default: 0] }
    }

    /// Whether something changed for the worse and has to be said (exit status 1).
    public var isWorse: Bool {
        turns.contains { $0.turn != .recovered } || !reminders.isEmpty || !overdue.isEmpty || !held.isEmpty
            || outageNews != nil
            || site.map { $0.isNews && $0.failure != nil } ?? false
    }
}

/// What became of the command that hears of a change.
public struct SiteReport: Equatable, Sendable {
    /// Its first word.
    public var program: String
    /// In words; `nil`: it succeeded, after it had failed.
    public var failure: String?
    /// Whether somebody has to be told who does not watch.
    public var isNews: Bool
}

/// What became of covers.
public struct CoverReport: Equatable, Sendable {
    /// Copies that are there now.
    public var saved = 0
    /// A sentence each, with a host at most; asked again later, and not at every run.
    public var failures: [String] = []
    /// Why those that came cannot be kept.
    public var unkept: OperationError?
}

/// What became of one feed.
public struct FeedReport: Equatable, Sendable {
    public enum Outcome: Equatable, Sendable {
        case notDue(Instant)
        /// It is gone for good; asked again when what `feeds.toml` says of it changes, or by name.
        case gone
        case unchanged
        case read(Counts)
        case failed(Failure, inARow: Int)
    }

    public struct Counts: Equatable, Sendable {
        public var service: String
        public var entries: Int
        public var isAdoption = false
        public var finished: [Finished] = []
        public var revised = 0
        public var passed = 0
        public var withdrawn = 0
        /// What had to be mended in the document.
        public var defects: [String] = []
        /// Why some entries may be missing; `nil`: all are there.
        public var lack: FeedDocument.Lack?

        init(service: String, entries: Int) {
            self.service = service
            self.entries = entries
        }

        mutating func count(_ fact: Fact) {
            switch fact {
            case .finished(let one): finished.append(one)
            case .revised: revised += 1
            case .passedOver: passed += 1
            case .withdrawn: withdrawn += 1
            default: break
            }
        }
    }

    public var feed: String
    public var outcome: Outcome

    init(_ feed: String, _ outcome: Outcome) {
        self.feed = feed
        self.outcome = outcome
    }
}
