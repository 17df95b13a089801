public import Formats

/// One message for one network about one finish, and what became of it.
public struct Announcement: Equatable, Sendable {
    public enum Status: String, CaseIterable, Sendable {
        /// Owed, nothing has been tried.
        case pending
        /// About to be sent when the run ended: somebody has to look before anything is sent again.
        case attempted
        case sent
        /// Refused; tried again only when a person says so.
        case failed
        case skipped
        /// Waits for a person.
        case held
    }

    public var finish: FinishID
    public var network: String
    /// When it became owed.
    public var since: Instant
    public var status: Status
    /// When the status was reached.
    public var changed: Instant
    public var attempts: Int
    /// Of the newest attempt.
    public var text: String
    public var key: String
    public var record: String
    public var after: String
    /// Its id and address at the network.
    public var post: String
    public var url: String
    /// What servers call it among themselves, where that is another address.
    public var uri: String
    public var reason: String

    /// Unique, stable, and how a person names it: `NETWORK/FINISH-ID`.
    public var id: String { network + "/" + finish.text }

    public init(finish: FinishID, network: String, since: Instant) {
        self.finish = finish
        self.network = network
        self.since = since
        status = .pending
        changed = since
        attempts = 0
        text = ""
        key = ""
        record = ""
        after = ""
        post = ""
        url = ""
        uri = ""
        reason = ""
    }

    /// What the step made of it.
    mutating func take(_ step: AnnouncementStep, at: Instant) {
        changed = at
        reason = step.reason
        if !step.post.isEmpty { post = step.post }
        if !step.url.isEmpty { url = step.url }
        if !step.uri.isEmpty { uri = step.uri }
        switch step.step {
        case .attempted:
            status = .attempted
            attempts = max(attempts + 1, step.attempt)
            text = step.text
            key = step.key
            record = step.record
            after = step.after
        case .sent: status = .sent
        case .failed: status = .failed
        case .skipped: status = .skipped
        case .held: status = .held
        case .released: status = .pending
        }
    }
}
