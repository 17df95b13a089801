public import Formats

/// Nobody at all could be reached, run after run. At first it is us who have no network, a laptop that has just
/// woken up: no feed has failed then, nobody waits longer than an hour for it, and nobody is told (specs/cron). But
/// hosts that are all gone look the same from here, and a network that is gone for days is a person's business: that is
/// said. Who was not reached when others were, again, fails by itself, and after a week everybody does.
public struct Outage: Equatable, Sendable {
    /// Of the first of these runs.
    public var since: Instant
    /// How many there were, as far as `runsUntilSaid`.
    var runs = 1
    /// When a person was told last.
    var said: Instant?

    init(since: Instant, runs: Int = 1, said: Instant? = nil) {
        self.since = since
        self.runs = runs
        self.said = said
    }

    private static let secondsUntilSaid: Int64 = 86_400
    private static let runsUntilSaid = 3
    /// As of a feed that is still failing.
    private static let sayAgain: Int64 = 7 * 86_400

    private static let excusesFor: Int64 = 7 * 86_400
    /// Nobody of whom nothing is known but that is asked less often than this.
    private static let pauseMax = 3600

    /// Whether a feed that was not reached is excused by it, or by one that begins now.
    static func excuses(_ poll: Poll, _ outage: Outage?, at now: Instant) -> Bool {
        guard let outage, outage.since <= now else { return poll.unreached == nil }
        if now >= outage.since.adding(seconds: excusesFor) { return false }
        return poll.unreached.map { $0 >= outage.since } ?? true
    }

    /// How long to wait at least before the next attempt: as long again as it has lasted, an hour at most.
    func pauseSeconds(at now: Instant) -> Int { Int(min(max(0, now.seconds - since.seconds), Int64(Outage.pauseMax))) }

    /// One more of these runs.
    ///
    /// - Returns: whether a person has to be told.
    mutating func goOn(at now: Instant) -> Bool {
        // A clock that was ahead is not believed.
        if since > now { self = Outage(since: now) }
        if runs < Outage.runsUntilSaid { runs += 1 }
        guard isLasting(at: now) else { return false }
        if let said, said <= now, now < said.adding(seconds: Outage.sayAgain) { return false }
        said = now
        return true
    }

    /// For a day.
    func isLasting(at now: Instant) -> Bool {
        runs >= Outage.runsUntilSaid && now >= since.adding(seconds: Outage.secondsUntilSaid)
    }
}
