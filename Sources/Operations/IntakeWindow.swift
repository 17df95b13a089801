import Catalogue
import Formats
import Services
import Storage

/// What the window of a feed tells beside its entries: that some have gone, or may have gone by unseen.
extension Intake {
    /// What the window lost, and whether entries may have gone by unseen.
    /// - Parameter known: entries of the document that were known before it came.
    mutating func watchWindow(
        _ reading: Reading, _ feed: FollowedFeed, _ poll: inout Poll, isAdoption: Bool, isElsewhere: Bool, known: Int,
        _ outcome: inout FeedReport.Counts
    ) {
        let window = reading.window
        let present = Set(window)
        // A site that gives all its entries new ids has lost none: then their other keys are known.
        let isShared =
            poll.window.isEmpty
            // What the last poll showed is forgotten where `polls.json` is: the log knows what ever came.
            ? isElsewhere || !hasGivenFinishes(feed) : poll.window.contains { present.contains($0) }
        if !isAdoption, known == 0, !window.isEmpty, !isShared {
            sayGap(feed, &poll, reading.service)
        } else if known > 0, known < reading.joined.count {
            // New entries stand beside known ones again, so the next gap is another one.
            forgetGap(&poll)
        }
        guard reading.isWindowOrdered, !isAdoption else {
            poll.window = window
            return
        }
        let found = Withdrawals.find(before: poll.window, now: window, missing: poll.missing)
        withdraw(found.gone, feed, found.window, &outcome)
        poll.missing = found.missing
        poll.window = found.window
    }

    /// A feed of one entry, or one that turns faster than it is asked, never shares any: that is said once, and not at
    /// each poll.
    private mutating func sayGap(_ feed: FollowedFeed, _ poll: inout Poll, _ service: String) {
        // A clock that was ahead has said nothing.
        guard poll.gapSaid.map({ $0 > world.now }) ?? true else { return }
        poll.gapSaid = world.now
        let hint = Services.exportHint(service).map { "; " + $0 } ?? ""
        turn(.gap, feed, "no entry is shared with the last poll: some may have gone by unseen" + hint)
    }

    /// A feed that has not changed shares all its entries with the last poll, but for one that has only one: each of
    /// that is a gap, whenever it comes.
    mutating func noteUnchanged(_ poll: inout Poll) {
        if poll.gapSaid != nil, poll.window.count > 1 { forgetGap(&poll) }
    }

    private func forgetGap(_ poll: inout Poll) {
        guard let said = poll.gapSaid else { return }
        if said > world.now || world.now >= said.adding(seconds: Intake.gapAgain) { poll.gapSaid = nil }
    }

    private static let gapAgain: Int64 = 7 * 86_400

    /// The document has come again as it was: what was missed once is missed twice by it.
    mutating func confirmMissing(_ feed: FollowedFeed, _ poll: inout Poll) {
        guard !poll.missing.isEmpty else { return }
        let missing = poll.missing
        let found = Withdrawals.find(
            before: poll.window, now: poll.window.filter { !missing.contains($0) }, missing: missing)
        var outcome = FeedReport.Counts(service: "", entries: 0)
        withdraw(found.gone, feed, found.window, &outcome)
        poll.missing = found.missing
        poll.window = found.window
    }

    private func withdraw(
        _ gone: [String], _ feed: FollowedFeed, _ window: [String],
        _ outcome: inout FeedReport.Counts
    ) {
        guard let store else { preconditionFailure("what is missing needs the state") }
        for fact in store.state.withdraw(gone, feed: feed.name, window: window) {
            store.record(fact, at: world.now)
            outcome.count(fact)
        }
    }
}

extension Poll {
    /// A document that was cut off shows the beginning of its window and says nothing of the rest: what nobody has
    /// seen there is new, and nothing has gone.
    mutating func prependToWindow(_ seen: [String]) {
        let known = Set(window)
        let shown = Set(seen)
        missing.removeAll { shown.contains($0) }
        window = Array((seen.filter { !known.contains($0) } + window).prefix(max(Poll.cutWindowMax, seen.count)))
    }

    /// Who never gives a whole document, and new ids each time, would fill `polls.json` without end.
    private static let cutWindowMax = 2_000
}

extension Reading {
    /// Keys in document order. Letterboxd mixes lists that never move into its window; where the order tells,
    /// finishes do.
    var window: [String] {
        recognised.filter { ($0.finished == true || !isWindowOrdered) && !$0.isNameDamaged }
            .map { $0.sighting.keys.first?.text ?? $0.sighting.entry }
    }
}
