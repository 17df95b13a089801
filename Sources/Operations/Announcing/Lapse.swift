import Catalogue
import Formats

// A store that was put back whole, from a copy of an earlier day, shows no sign of it but one: between the copy and now
// no run has left a trace (STORE section 2, row 23). A machine that slept looks the same, so it is no more than a doubt:
// what is news after such a time may have been said in it. Where looking costs nothing that is looked for always; at X,
// which charges for each post that it shows, only then.

/// A time in which no run left a trace.
struct Lapse: Equatable {
    var from: Instant
    var to: Instant

    static let secondsMin: Int64 = 7200
    /// Every feed is asked once a day, and what it says waits a while.
    fileprivate static let aftermathSeconds: Int64 = 2 * 86_400
    /// What was said longer ago is not looked for.
    fileprivate static let rememberedSeconds: Int64 = 14 * 86_400
}

extension Polls {
    /// To be called before a run asks or records anything.
    ///
    /// - Parameter lastCommit: `nil`: nothing was ever recorded, and so nothing said.
    mutating func noteLapse(since lastCommit: Instant?, now: Instant) {
        let oldest = now.adding(seconds: -Lapse.rememberedSeconds)
        lapses.removeAll { $0.to < oldest || $0.to > now }
        guard let lastCommit else { return }
        // What a person has recorded since says nothing of the runs before: where feeds are asked, they tell.
        let trace = lastRun ?? lastCommit
        let from = trace > now ? oldest : max(trace, oldest)
        guard now.seconds - from.seconds > Lapse.secondsMin else { return }
        // It goes on for as long as no feed can be asked.
        if let last = lapses.last, last.from == from {
            if now.seconds - last.to.seconds > Lapse.secondsMin { lapses[lapses.endIndex - 1].to = now }
        } else {
            lapses.append(Lapse(from: from, to: now))
        }
    }

    /// Since when runs of which nothing is known any more may have said this; `nil`: there were none.
    func mayHaveBeenSaid(_ announcement: Announcement, now: Instant) -> Instant? {
        // What a clock that was ahead has dated into the future became owed before now.
        let since = min(announcement.since, now)
        return lapses.filter { since <= $0.to.adding(seconds: Lapse.aftermathSeconds) }.map(\.from).min()
    }
}
