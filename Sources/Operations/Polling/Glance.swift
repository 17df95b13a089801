import Catalogue
import Formats
import Storage

/// What a run without news has to know of the state, so that it need not load it: the state grows with
/// the years, and such a run should not. It holds as long as the log ends where it ended, and is read by
/// the same program with the same settings.
struct Glance: Equatable {
    /// Chain of the log that it belongs to.
    var sha = ""
    /// `Settings.digest`.
    var settings = ""
    var program = ""
    /// Finishes shown in all.
    var shown = 0
    /// Announcements owed in all.
    var pending = 0
    /// When the next of them will have waited too long; `nil`: none will.
    var overdue: Instant?
    /// Feeds that are known to be failing or gone, in the order of `feeds.toml`.
    var unwell: [String] = []

    init() {}

    init(_ store: Store, _ settings: Settings) {
        sha = store.log.chain
        self.settings = settings.digest
        program = Program.version
        shown = store.state.shownCount
        pending = store.state.outbox.count
        overdue = store.state.nextOverdue
        if store.state.feeds.contains(where: \.isUnwell) {
            unwell = settings.feeds.map(\.name).filter { store.state.feed(named: $0)?.isUnwell == true }
        }
    }

    /// Whether it speaks of the state as it is now, and the state has nothing to do by itself: no
    /// announcement to give up, no snapshot to save.
    func holds(_ held: HeldStore, _ settings: Settings, now: Instant) -> Bool {
        !sha.isEmpty && sha == held.log.chain && !self.settings.isEmpty
            && self.settings == settings.digest && program == Program.version
            && overdue.map { now < $0 } ?? true
            && (0...settings.snapshotEvery).contains(held.eventsSinceSnapshot)
    }

    /// Whether nothing in the answers can be an event.
    func suffices(for asked: [Asked], _ answers: [Answer]) -> Bool {
        let unwell = Set(unwell)
        for (asked, answer) in zip(asked, answers) {
            guard !unwell.contains(asked.feed.name) else { return false }
            switch answer {
            case .document: return false
            case .failure(let failure):
                let isNews =
                    failure.isGone || failure.stoppedHost != nil
                    || asked.poll.failures + 1 >= Schedule.failuresUntilFailing
                if isNews, !failure.wasNotAsked || failure.closedHouse != nil { return false }
            case .unchanged(let unchanged):
                let isNews =
                    asked.poll.news == nil || asked.poll.isDry || unchanged.circumstances.movedTo != nil
                    || (!asked.poll.missing.isEmpty && !unchanged.isNotModified)
                    // A damaged document that has come again so often is told.
                    || asked.poll.cuts + 1 >= Schedule.failuresUntilFailing
                if isNews { return false }
            }
        }
        return true
    }
}
