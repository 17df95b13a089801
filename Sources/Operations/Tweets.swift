public import Catalogue
import Files
public import Formats
import Publishing

/// Announcements with their texts: what waits, what failed, what is held; with `all` also what is over.
public struct Tweets: Sendable {
    public struct Row: Sendable {
        public var announcement: Announcement
        /// As it would be posted now, or as it was.
        public var text: String
        public var notBefore: Instant
        /// What keeps it: a network that does not answer; empty: nothing is known to.
        public var trouble = ""
        /// Whether its finish is shown: of one that is not nothing is posted.
        public var isShown = true
        /// Whether its finish was forgotten: then its words are all that is left of it.
        public var isForgotten = false
        /// Whether runs ask the network: they do where there are credentials.
        public var isAsked = true
    }

    /// A network that asked us to wait.
    public struct Pause: Equatable, Sendable {
        public var network: String
        public var until: Instant

        /// A network whose file of credentials cannot be used has none.
        public static func all(
            _ settings: Settings?, _ folder: StoreFolder, _ world: World
        ) throws(OperationError) -> [Pause] {
            let polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
            var pauses: [Pause] = []
            for named in settings?.networks ?? [] where named.hasCredentials {
                guard let host = (try? Networks.open(named, world.disk, folder))?.host,
                    let until = polls.pause(ofHouse: host, at: world.now)
                else { continue }
                pauses.append(Pause(network: named.name, until: until))
            }
            return pauses
        }
    }

    public var rows: [Row] = []

    /// Of an attempt at a network that has no credentials any more.
    static let nobodyLooks =
        "nobody knows whether it was posted, and there are no credentials to look with: look, then say "
        + "\"tweets --sent\" or \"tweets --retry\""

    /// - Parameters:
    ///   - silent: networks that could not be asked, of `Status`.
    ///   - asked: networks for which there are credentials; `nil`: all.
    ///   - pauses: networks that asked us to wait.
    public init(
        _ state: State, all: Bool, silent: [Status.Silence] = [], asked: [String]? = nil, pauses: [Pause] = []
    ) throws(OperationError) {
        let wording: Wording
        do {
            wording = try Wording(state.configuration)
        } catch {
            throw .template(Publish.words(error))
        }
        let tried = state.tried
        for announcement in state.announcements {
            let isOver = announcement.status == .sent || announcement.status == .skipped
            if isOver, !all { continue }
            let standing = state.finish(withKey: announcement.finish.text)
            var text = announcement.text
            if text.isEmpty, let standing { text = wording.post(of: announcement, for: standing, in: state).text }
            // Of a finish that was forgotten before anything was tried there is nothing to tell.
            guard !text.isEmpty else { continue }
            let isAsked = asked?.contains(announcement.network) ?? true
            let isWaiting = announcement.status == .pending
            var notBefore = state.leavesFrom(announcement, behind: isWaiting ? tried[announcement.network] : nil)
            if let pause = pauses.first(where: { $0.network == announcement.network }) {
                notBefore = max(notBefore, pause.until)
            }
            var trouble = silent.first { $0.network == announcement.network }?.reason ?? ""
            if trouble.isEmpty, isAsked { trouble = state.configuration.announce.measure ?? "" }
            rows.append(
                Row(
                    announcement: announcement, text: text, notBefore: notBefore, trouble: trouble,
                    isShown: state.isShown(announcement.finish), isForgotten: standing == nil,
                    isAsked: isAsked))
        }
    }

    public var json: JSONValue {
        .object([
            JSONMember(
                "announcements",
                .array(
                    rows.map { row in
                        var members = [JSONMember("name", .string(row.announcement.id))]
                        members += (row.announcement.json.objectValue ?? []).filter { $0.name != "text" }
                        members.append(JSONMember("text", .string(row.text)))
                        members.append(JSONMember("not_before", .string(row.notBefore.description)))
                        return .object(members)
                    }))
        ])
    }

    /// Three lines each: what it is called, how it stands, what it says.
    public var lines: [String] {
        var lines: [String] = []
        for row in rows {
            let announcement = row.announcement
            var standing = announcement.status.rawValue
            switch announcement.status {
            case .pending where !row.isShown: standing += ", but its finish is no longer shown: not posted"
            case .pending:
                standing += ", from \(row.notBefore) on"
                if !announcement.reason.isEmpty { standing += ": " + announcement.reason }
                if !row.trouble.isEmpty, !announcement.reason.contains(row.trouble) {
                    standing += ": " + row.trouble
                }
            case .attempted where !row.isAsked:
                standing += " at \(announcement.changed): " + Tweets.nobodyLooks
            case .attempted:
                standing += " at \(announcement.changed): nobody knows whether it was posted, the next run looks"
                if !row.trouble.isEmpty { standing += ": " + row.trouble }
            case .held, .failed, .skipped:
                if !announcement.reason.isEmpty { standing += ": " + announcement.reason }
            case .sent: if !announcement.url.isEmpty { standing += ": " + announcement.url }
            }
            if row.isForgotten { standing += "; its finish was forgotten" }
            lines += [announcement.id + "  (" + standing + ")", "    " + row.text]
        }
        return lines.isEmpty ? ["nothing waits to be announced"] : lines
    }
}

extension Configuration.Announce {
    /// What lets nothing go; `nil`: they do.
    var measure: String? {
        if maxPerRun < 1 { return "max_per_run = 0 lets nothing go" }
        return maxPerDay < 1 ? "max_per_day = 0 lets nothing go" : nil
    }
}
