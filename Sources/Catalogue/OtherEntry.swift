import Formats

// Entries of feeds that no service names: several rules give keys to one, and the weaker ones can name another entry
// all the same (PRODUCT section 6, generic keys). That a key is alone in its document says nothing of the next one.

extension State {
    /// Whether an entry is another than the finish that one of its keys names, by what else both say.
    ///
    /// A link that all entries share (a home page, a book that is read again), or a guid that all share, in a feed
    /// that shows one of them at a time: each would be taken for the first. A guid that is made anew with each poll,
    /// or a feed that gives its entries other guids altogether, stays the same entry: the date or the title tells.
    /// - Parameter key: the strongest of the sighting's keys that names the finish.
    func isOtherEntry(_ place: Int, than sighting: Sighting, by key: Key) -> Bool {
        guard key.rule == .link || key.rule == .id, let names = EntryNames(sighting.keys.map(\.text)) else { return false }
        for other in sighting.keys where other.rule != key.rule {
            if finishes.place(of: other.text) == place { return false }
        }
        let standing = finishes.standing(at: place)
        guard let known = EntryNames(standing.keys, feed: names.feed), !names.dates.isEmpty, !known.dates.isEmpty
        else { return false }
        let title = Likeness.normalised(sighting.finish.title)
        let knownTitle = Likeness.normalised(standing.finish.title)
        if key.rule == .link, names.hasOtherIDs(than: known) {
            return title != knownTitle || names.days(to: known) >= EntryNames.againDays
        }
        return Likeness.areStrangers(title, knownTitle)
    }

    /// Whether the feed had neither an id nor a link for a finish: then a hint may name it, when the feed learns to
    /// give ids (R9 of the feed reader: that must not bring everything again).
    func hasNoName(_ place: Int) -> Bool {
        guard let names = EntryNames(finishes.standing(at: place).keys) else { return false }
        return names.ids.isEmpty && !names.hasLink
    }

    /// Whether a feed has given them two ids: then no link that moved from one to the other makes them one.
    func haveOtherEntryIDs(_ left: Standing, _ right: Standing) -> Bool {
        guard let names = EntryNames(left.keys), let others = EntryNames(right.keys, feed: names.feed) else { return false }
        return names.hasOtherIDs(than: others)
    }
}

/// The generic keys of an entry, by rule.
private struct EntryNames {
    /// `feed:NAME`.
    let feed: Substring
    private(set) var ids: [Substring] = []
    /// Of the keys by link and date, in seconds.
    private(set) var dates: [Int64] = []
    private(set) var hasLink = false

    /// Of one link and title, further apart: read, seen or played again (PRODUCT section 6, `afterDays`).
    static let againDays: Int64 = 30

    /// - Parameter feed: whose keys; `nil`: those of the first feed that has one. Without any there is nothing.
    init?(_ keys: [String], feed: Substring? = nil) {
        guard let feed = feed ?? keys.lazy.compactMap(EntryNames.feed).first else { return nil }
        self.feed = feed
        for key in keys where key.hasPrefix(feed + ":") {
            let rest = key.dropFirst(feed.count + 1)
            hasLink = hasLink || rest.hasPrefix("link")
            if rest.hasPrefix("id:") {
                ids.append(rest.dropFirst("id:".count))
            } else if rest.hasPrefix("link-date:"), let mark = rest.lastIndex(of: " "),
                let seconds = Int64(rest[rest.index(after: mark)...])
            {
                dates.append(seconds)
            }
        }
    }

    private static func feed(of key: String) -> Substring? {
        let parts = key.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "feed" else { return nil }
        return key[..<parts[1].endIndex]
    }

    func hasOtherIDs(than other: EntryNames) -> Bool {
        !ids.isEmpty && !other.ids.isEmpty && !ids.contains { other.ids.contains($0) }
    }

    func days(to other: EntryNames) -> Int64 {
        var least = Int64.max
        for date in dates { for known in other.dates { least = min(least, abs(date - known)) } }
        return least / 86_400
    }
}

extension Likeness {
    /// Two titles, normalised, that have no word in common: no edit made one of the other.
    fileprivate static func areStrangers(_ left: String, _ right: String) -> Bool {
        let words = Set(left.split(separator: " "))
        return !right.split(separator: " ").contains { words.contains($0) }
    }
}
