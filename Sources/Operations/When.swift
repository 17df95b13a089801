public import Formats
import Catalogue
import Files
import Storage

/// A moment in the history of a store, as a person names it: a sequence number, a day (its end in the
/// site's zone) or an instant.
public enum When: Equatable, Sendable {
    case sequence(Int)
    case day(Day)
    case instant(Instant)

    public init(_ text: String) throws(OperationError) {
        if let instant = Instant(rfc3339: text) {
            self = .instant(instant)
        } else if let day = Day(text), text.utf8.count > 4 {
            self = .day(day)
        } else if let sequence = Int(text), sequence >= 0 {
            self = .sequence(sequence)
        } else {
            throw .unreadable(
                what: "time", found: text,
                expected: "a sequence number, a day (2026-11-23) or an instant (2026-11-23T14:05:00Z)")
        }
    }

    /// Whether it is earlier, as far as two of a kind tell by themselves.
    func isBefore(_ other: When) -> Bool {
        switch (self, other) {
        case (.sequence(let left), .sequence(let right)): left < right
        case (.day(let left), .day(let right)): left.first.instant() < right.first.instant()
        case (.instant(let left), .instant(let right)): left < right
        default: false
        }
    }

    var text: String {
        switch self {
        case .sequence(let sequence): "\(sequence)"
        case .day(let day): day.description
        case .instant(let instant): instant.description
        }
    }

    /// The last sequence number that belongs to it: 0 before the first event.
    func lastSequence(in log: Log, _ disk: any Disk, zone: String) throws(OperationError) -> Int {
        switch self {
        case .sequence(let sequence):
            let last = log.head?.position.sequence ?? 0
            guard sequence <= last else {
                throw .unreadable(
                    what: "sequence number", found: "\(sequence)", expected: "at most \(last)")
            }
            return sequence
        case .instant(let instant):
            return try inStore { () throws(StoreError) in
                try log.lastCommit(notAfter: instant)?.sequences.upperBound ?? 0
            }
        case .day(let day):
            let rules = TimeZones.rules(zone, disk) ?? .utc
            let midnight = day.last.instant().adding(seconds: 86_400 - 1)
            // The offset that the clocks there show at about that midnight.
            let end = midnight.adding(seconds: Int64(-rules.offset(at: midnight)))
            return try When.instant(end).lastSequence(in: log, disk, zone: zone)
        }
    }
}
