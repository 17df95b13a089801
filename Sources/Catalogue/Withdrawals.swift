/// What is gone from the middle of a feed's window, for services whose windows are ordered (PRODUCT
/// section 5, `withdrawn`). The end of a window says nothing: entries leave there every day.
public enum Withdrawals {
    /// Entries that were missed once already and are missed again; and all that are missing now.
    ///
    /// - Parameters:
    ///   - before: the `window` that the last good poll gave, newest first.
    ///   - now: the keys of this one's entries, newest first.
    ///   - missing: what was missing at the last good poll.
    /// - Returns: what to withdraw, what is missing for the first time, and the window to keep for the
    ///   next poll: this one's, with what is missing still in its place, so that the next poll can tell
    ///   whether an older entry is there.
    public static func find(
        before: [String], now: [String], missing: [String]
    ) -> (gone: [String], missing: [String], window: [String]) {
        let present = Set(now)
        // The last entry of the old window that is still there: all before it lies in the middle.
        let lastKept = before.lastIndex { present.contains($0) } ?? -1
        var gone: [String] = []
        var stillMissing: [String] = []
        var window = now
        for (index, key) in before.enumerated() where index < lastKept && !present.contains(key) {
            if missing.contains(key) {
                gone.append(key)
            } else if !stillMissing.contains(key) {
                stillMissing.append(key)
                // Before the next older entry that is there.
                let older = before[index...].first { present.contains($0) }
                window.insert(key, at: older.flatMap { window.firstIndex(of: $0) } ?? window.count)
            }
        }
        return (gone, stillMissing, window)
    }
}

extension State {
    /// The facts for what a window has lost; only what its feed alone has shown, and only once.
    ///
    /// An export of the feed's own service is older than its window, and states what the window stated:
    /// what is gone there is gone, whichever of the two came first to us.
    /// - Parameter window: what it still holds: a finish may have several keys there, by merges.
    public func withdraw(_ keys: [String], feed: String, window: [String] = []) -> [Fact] {
        let names = configuration.feed(named: feed)?.names ?? [feed]
        let present = window.compactMap { keys.contains($0) ? nil : finishes.place(of: $0) }
        var taken: [Int] = []
        var facts: [Fact] = []
        for key in keys {
            guard let place = finishes.place(of: key), !finishes.has(.withdrawn, at: place),
                !present.contains(place), !taken.contains(place)
            else { continue }
            let standing = finishes.standing(at: place)
            let sources = [standing.origin] + standing.sources
            let others = sources.filter { !names.contains($0) }
            let isShownElsewhere = others.contains { !$0.hasPrefix("backfill:") }
                || !others.isEmpty && standing.services.count != 1
            if !isShownElsewhere, others.count < sources.count {
                facts.append(.withdrawn(id: standing.id, feed: feed))
                taken.append(place)
            }
        }
        return facts
    }
}

extension Standing {
    /// Whose keys it has: `letterboxd`; a feed of nobody's in particular counts by its name.
    var services: [String] {
        var services: [String] = []
        for key in keys {
            guard let name = Key.service(key) else { continue }
            if !services.contains(name) { services.append(name) }
        }
        return services
    }
}
