import Catalogue
import Files
public import Formats

/// What became of announcements in one run: values only, the sentences are the front's.
public struct AnnounceReport: Equatable, Sendable {
    public enum Outcome: Equatable, Sendable {
        /// Its address at the network; empty: not known.
        case sent(String)
        /// Refused for good.
        case failed(String)
        case skipped(String)
        /// Waits for a person.
        case held(String)
        /// Nobody knows whether it was posted; a later run looks.
        case unresolved(String)
        /// Nothing was posted; a later run tries again.
        case later(String)
        /// A dry run: it would be sent now.
        case wouldSend
        /// A dry run: it would be looked for now.
        case wouldLook
        /// A dry run: not before this.
        case waits(Instant)
        /// A dry run: there are no credentials, and a person posts it.
        case byHand
    }

    public struct Item: Equatable, Sendable {
        /// `NETWORK/FINISH-ID`
        public var id: String
        public var text: String
        public var outcome: Outcome
    }

    /// A network of which nothing could be asked.
    public struct Silence: Equatable, Sendable {
        public var network: String
        public var reason: String
    }

    /// A network whose file of credentials cannot be used: the others go on.
    public struct Unusable: Equatable, Sendable {
        public var network: String
        public var error: OperationError

        /// In one line.
        public var reason: String {
            switch error {
            case .settings(let error): error.mistakes.map(\.words).joined(separator: "; ")
            case .disk(let error): error.description
            default: "\(error)"
            }
        }
    }

    public var isDryRun = false
    public var unusable: [Unusable] = []
    public var items: [Item] = []
    public var silences: [Silence] = []
    /// Those of which it is time to speak: silent for the third run, or for another week.
    public var failing: [Silence] = []
    /// Networks of `feeds.toml` that have no credentials: a person posts there by hand.
    public var byHand: [String] = []
    /// Owed in all, afterwards.
    public var pending = 0
    /// Of these, what a network has refused: nothing more comes of it without a person's word.
    public var refused = 0
    /// What waits for a person, who may have been told of it long ago.
    public var held = 0
    /// Names of published files that changed.
    public var changed: [String] = []
    public var notes: [String] = []

    mutating func add(_ announcement: Announcement, text: String, _ outcome: Outcome) {
        items.append(Item(id: announcement.id, text: text, outcome: outcome))
    }

    /// Whether something of this network was held in this run, and so said, for this reason.
    func holds(at network: String, because reason: String) -> Bool {
        items.contains { $0.id.hasPrefix(network + "/") && $0.outcome == .held(reason) }
    }

    /// What was recorded now and needs a person (exit status 1), so that it is said once. An attempt that
    /// came to nothing, or of which nobody knows, is none of it: the next run sees to it.
    public var isWorse: Bool {
        !failing.isEmpty
            || items.contains { item in
                switch item.outcome {
                case .failed, .skipped, .held: !isDryRun
                case .sent, .unresolved, .later, .wouldSend, .wouldLook, .waits, .byHand: false
                }
            }
    }

    public var json: JSONValue {
        .object([
            JSONMember("dry_run", .bool(isDryRun)),
            JSONMember("announcements", .array(items.map(\.json))),
            JSONMember("silent", told(silences.map { ($0.network, $0.reason) })),
            JSONMember("unusable", told(unusable.map { ($0.network, $0.reason) })),
            JSONMember("by_hand", .array(byHand.map { .string($0) })),
            JSONMember("pending", .integer(Int64(pending))),
            JSONMember("published", .array(changed.map { .string($0) })),
            JSONMember("notes", .array(notes.map { .string($0) })),
        ])
    }

    private func told(_ reasons: [(network: String, reason: String)]) -> JSONValue {
        .array(
            reasons.map {
                .object([JSONMember("network", .string($0.network)), JSONMember("reason", .string($0.reason))])
            })
    }
}

extension AnnounceReport.Item {
    var json: JSONValue {
        let (word, name, detail): (String, String, String) =
            switch outcome {
            case .sent(let address): ("sent", "url", address)
            case .failed(let reason): ("failed", "reason", reason)
            case .skipped(let reason): ("skipped", "reason", reason)
            case .held(let reason): ("held", "reason", reason)
            case .unresolved(let reason): ("unresolved", "reason", reason)
            case .later(let reason): ("later", "reason", reason)
            case .wouldSend: ("would-send", "", "")
            case .wouldLook: ("would-look", "", "")
            case .waits(let instant): ("waits", "not_before", instant.description)
            case .byHand: ("by-hand", "", "")
            }
        var members = [
            JSONMember("id", .string(id)), JSONMember("outcome", .string(word)),
            JSONMember("text", .string(text)),
        ]
        if !detail.isEmpty { members.append(JSONMember(name, .string(detail))) }
        return .object(members)
    }
}
