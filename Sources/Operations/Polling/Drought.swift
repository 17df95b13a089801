import Catalogue
import Formats
import Services

/// A feed that gave finishes, whose three newest entries were all passed over (PRODUCT section 4): most
/// likely its service has changed how it writes, and nobody would notice.
///
/// Not every entry counts here. A list, a book that is still being read, a single track: the service's
/// room knows what these are, and they come in rows of three. Others are told by the feed itself: where
/// a finish is newer than an entry that was passed over, whoever writes the feed mixes such entries
/// among the finishes, as a blog does. What counts is an entry that nobody knows what to make of.
public enum Drought {
    static let newest = 3
    /// Reasons that are remembered of one feed.
    static let ordinaryMax = 32

    /// - Parameter ordinary: reasons for which this feed's entries are known to be passed over; what the
    ///   document teaches is added, sorted.
    static func isFound(in entries: [Recognised], ordinary: inout [String]) -> Bool {
        let ordered = newestFirst(entries)
        if let newestFinish = ordered.firstIndex(where: { $0.finished == true }) {
            for entry in ordered[newestFinish...] where entry.finished != true {
                if !ordinary.contains(entry.reason), ordinary.count < ordinaryMax {
                    ordinary.append(entry.reason)
                }
            }
            ordinary.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        let known = ordinary
        let telling = ordered.filter {
            $0.finished == true || isUnrecognised($0) && !known.contains($0.reason)
        }
        guard telling.count >= newest else { return false }
        return telling.prefix(newest).allSatisfy { $0.finished != true }
    }

    public static let reason =
        "the three newest entries do not look like anything finished, where finishes came before: "
        + "the feed may be written in another way now"

    /// Whether the room could make nothing of an entry, instead of knowing what else it is.
    private static func isUnrecognised(_ entry: Recognised) -> Bool {
        entry.finished == nil || unrecognised.contains { entry.reason.hasPrefix($0) }
    }

    /// What rooms say of an entry in which the marks that they go by are missing.
    private static let unrecognised = [
        "no rule of [feed.finished] holds", "a post that does not say finished",
        "an item without a film", "an update", "no mark", "no play", "not a rating",
        "not about a book of theirs", "without a status",
    ]

    /// By date where every entry has one; else the document's order is all that is known.
    private static func newestFirst(_ entries: [Recognised]) -> [Recognised] {
        guard entries.allSatisfy({ $0.sighting.logged != nil }) else { return entries }
        return entries.enumerated().sorted { left, right in
            let one = left.element.sighting.logged ?? Instant(seconds: 0)
            let two = right.element.sighting.logged ?? Instant(seconds: 0)
            return one == two ? left.offset < right.offset : one > two
        }.map(\.element)
    }
}
