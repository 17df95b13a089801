import Catalogue
import Formats
import Storage

// How much may go, and what waits because more may not.

extension Announce {
    /// How many more may be sent within a day.
    private func allowance(at network: String) -> Int {
        let sent = store.state.sentWithinADay(at: network, now: now)
        return max(0, store.state.configuration.announce.maxPerDay - sent)
    }

    /// What goes beyond a day's measure waits for a person; what a person has let go only waits.
    mutating func holdFlood(at network: String) throws(OperationError) {
        let due = due(at: network)
        let perDay = store.state.configuration.announce.maxPerDay
        for announcement in due.dropFirst(allowance(at: network)) where announcement.isUntouched {
            hold(announcement, "a flood: more than \(perDay) a day")
        }
        try commit()
    }

    /// Why nothing goes, where something could.
    mutating func tellMeasure(at network: String) {
        guard !due(at: network).isEmpty else { return }
        let limits = store.state.configuration.announce
        let reason =
            limits.measure ?? "no more than \(limits.maxPerDay) a day (max_per_day): the rest goes later"
        report.silences.append(AnnounceReport.Silence(network: network, reason: reason))
    }

    func sendable(at network: String) -> [Announcement] {
        let perRun = store.state.configuration.announce.maxPerRun
        return Array(due(at: network).prefix(min(perRun, allowance(at: network))))
    }

    /// Without what another run has to call too old, or not.
    private func due(at network: String) -> [Announcement] {
        let due = store.state.due(at: network, now: now)
        return decidesAge ? due : due.filter { !store.state.isTooOld($0, now: now) }
    }

    mutating func tellUndecided(at network: String) {
        guard !decidesAge, store.state.owed.contains(where: { $0.network == network && store.state.isTooOld($0, now: now) })
        else { return }
        report.silences.append(
            AnnounceReport.Silence(
                network: network, reason: "no run for more than a week: the next one says what is too old to be posted"))
    }
}
