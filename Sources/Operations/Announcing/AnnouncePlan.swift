import Catalogue
import Files
import Formats
import Publishing

extension Announce {
    /// What a run would do now; nothing is asked and nothing written.
    public static func plan(
        _ settings: Settings, _ folder: StoreFolder, _ world: World
    ) throws(OperationError) -> AnnounceReport {
        let state = try Archive(world, folder).state().with(settings.configuration)
        let polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        let wording = try wording(state)
        var report = AnnounceReport(isDryRun: true)
        report.byHand = settings.networks.filter { !$0.hasCredentials }.map(\.name)
        report.pending = state.outbox.count
        let now = world.now
        var counts: [(network: String, count: Int)] = []
        let (networks, unusable) = try Networks.all(settings, world.disk, folder)
        report.unusable = unusable
        let closed = closed(state, polls, networks, unusable, world)
        let limits = settings.configuration.announce
        let tried = state.tried
        for announcement in state.announcements {
            guard let standing = state.finish(withKey: announcement.finish.text) else { continue }
            let text =
                announcement.status == .attempted
                ? announcement.text : wording.post(of: announcement, for: standing, in: state).text
            switch announcement.status {
            case .sent, .skipped, .failed: continue
            case .held: report.add(announcement, text: text, .held(announcement.reason))
            case .attempted where networks.contains { $0.name == announcement.network }:
                report.add(announcement, text: text, .wouldLook)
            case .attempted: report.add(announcement, text: text, .later(Tweets.nobodyLooks))
            case .pending:
                if let obstacle = state.obstacle(to: announcement, now: now) {
                    report.add(announcement, text: text, .skipped(obstacle))
                    continue
                }
                if let from = state.waits(announcement, behind: tried[announcement.network], now: now) {
                    let host = networks.first { $0.name == announcement.network }?.host
                    let pause = host.flatMap { polls.pause(ofHouse: $0, at: now) }
                    report.add(announcement, text: text, .waits(max(from, pause ?? from)))
                    continue
                }
                guard settings.networks.contains(where: { $0.name == announcement.network && $0.hasCredentials })
                else {
                    report.add(announcement, text: text, .byHand)
                    continue
                }
                if let reason = closed.first(where: { $0.network == announcement.network })?.reason {
                    report.add(announcement, text: text, .later(reason))
                    continue
                }
                let place = counts.firstIndex { $0.network == announcement.network } ?? counts.count
                if place == counts.count { counts.append((announcement.network, 0)) }
                let sent = state.sentWithinADay(at: announcement.network, now: now)
                if counts[place].count >= max(0, limits.maxPerDay - sent) {
                    let reason = "more than \(limits.maxPerDay) a day"
                    report.add(
                        announcement, text: text,
                        announcement.isUntouched ? .held("a flood: " + reason) : .later(reason))
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

    /// The networks to which a run would send nothing new, and why.
    private static func closed(
        _ state: State, _ polls: Polls, _ networks: [any Network], _ unusable: [AnnounceReport.Unusable], _ world: World
    ) -> [AnnounceReport.Silence] {
        var closed = unusable.map { AnnounceReport.Silence(network: $0.network, reason: $0.reason) }
        for network in networks {
            if let until = polls.pause(ofHouse: network.host, at: world.now) {
                closed.append(
                    AnnounceReport.Silence(
                        network: network.name, reason: "\(network.host) asked us to wait until \(until)"))
            } else if !state.unresolved(at: network.name).isEmpty {
                closed.append(
                    AnnounceReport.Silence(
                        network: network.name, reason: "what may have been posted is looked for first"))
            }
        }
        return closed
    }
}
