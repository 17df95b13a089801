import Catalogue
import Formats
import Publishing

extension Announce {
    /// What a run would do now; nothing is asked and nothing written.
    public static func plan(
        _ settings: Settings, _ folder: StoreFolder, _ world: World
    ) throws(OperationError) -> AnnounceReport {
        let state = try Archive(world, folder).state()
        let wording = try wording(state)
        var report = AnnounceReport(isDryRun: true)
        report.byHand = settings.networks.filter { $0.credentials.isEmpty }.map(\.name)
        report.pending = state.outbox.count
        let now = world.now
        var counts: [(network: String, count: Int)] = []
        let limits = settings.configuration.announce
        for announcement in state.announcements {
            guard let standing = state.finish(withKey: announcement.finish.text) else { continue }
            let text =
                announcement.status == .attempted
                ? announcement.text : wording.post(for: standing, network: announcement.network).text
            switch announcement.status {
            case .sent, .skipped, .failed: continue
            case .held: report.add(announcement, text: text, .held(announcement.reason))
            case .attempted: report.add(announcement, text: text, .wouldLook)
            case .pending:
                if let obstacle = state.obstacle(to: announcement, now: now) {
                    report.add(announcement, text: text, .skipped(obstacle))
                    continue
                }
                if let from = state.waits(announcement, now: now) {
                    report.add(announcement, text: text, .waits(from))
                    continue
                }
                let place = counts.firstIndex { $0.network == announcement.network } ?? counts.count
                if place == counts.count { counts.append((announcement.network, 0)) }
                let sent = state.sentWithinADay(at: announcement.network, now: now)
                if counts[place].count >= max(0, limits.maxPerDay - sent) {
                    report.add(announcement, text: text, .held("a flood: more than \(limits.maxPerDay) a day"))
                } else if counts[place].count >= limits.maxPerRun {
                    report.add(announcement, text: text, .later("at most \(limits.maxPerRun) a run"))
                } else {
                    report.add(announcement, text: text, .wouldSend)
                }
                counts[place].count += 1
            }
        }
        return report
    }
}
