import Catalogue
import Formats

// What has waited too long is skipped for good. A clock that is weeks ahead for one run would skip so what has
// waited for minutes: after a long silence two runs have to agree.
extension Polls {
    /// A run that comes later than this after the last one does not decide alone.
    private static let silenceSeconds: Int64 = 7 * 86_400
    /// The second of the two is another: an import and the announcing after it are one.
    private static let runSeconds: Int64 = 300

    /// When a feed was asked last; `nil`: nothing tells when there was a run.
    var lastRun: Instant? { feeds.compactMap(\.attempted).max() }

    /// Whether this run may say what is too old; it is noted where another has to confirm it.
    ///
    /// - Parameter lastRun: before this one.
    mutating func decidesAge(_ state: State, lastRun: Instant?, now: Instant) -> Bool {
        guard state.nextOverdue.map({ $0 <= now }) ?? false else {
            overdueSeen = nil
            return true
        }
        if let seen = overdueSeen, seen <= now {
            guard now.seconds - seen.seconds >= Polls.runSeconds else { return false }
            overdueSeen = nil
            return true
        }
        guard let lastRun, now.seconds - lastRun.seconds > Polls.silenceSeconds else {
            overdueSeen = nil
            return true
        }
        overdueSeen = now
        return false
    }
}
