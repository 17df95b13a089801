/// What is gone from the middle of a feed's window, for services whose windows are ordered (PRODUCT
/// section 5, `withdrawn`). The end of a window says nothing: entries leave there every day.
public enum Withdrawals {
    /// Entries that were missed once already and are missed again; and all that are missing now.
    ///
    /// - Parameters:
    ///   - before: the keys of the last good poll's entries, newest first.
    ///   - now: those of this one.
    ///   - missing: what was missing at the last good poll.
    public static func find(
        before: [String], now: [String], missing: [String]
    ) -> (gone: [String], missing: [String]) {
        let present = Set(now)
        // The last entry of the old window that is still there: all before it lies in the middle.
        let lastKept = before.lastIndex { present.contains($0) } ?? -1
        var gone: [String] = []
        var stillMissing: [String] = []
        for key in missing where !present.contains(key) { gone.append(key) }
        for (index, key) in before.enumerated()
        where index < lastKept && !present.contains(key) && !missing.contains(key) {
            stillMissing.append(key)
        }
        return (gone, stillMissing)
    }
}

extension State {
    /// The facts for what a window has lost; only what its feed alone has shown, and only once.
    public func withdraw(_ keys: [String], feed: String) -> [Fact] {
        var facts: [Fact] = []
        for key in keys {
            guard let place = finishes.place(of: key), !finishes.has(.withdrawn, at: place) else { continue }
            let standing = finishes.standing(at: place)
            let names = [feed] + (configuration.feed(named: feed)?.renamedFrom ?? [])
            if names.contains(standing.feed), standing.backfill == nil, standing.sources.isEmpty {
                facts.append(.withdrawn(id: standing.id, feed: feed))
            }
        }
        return facts
    }
}
