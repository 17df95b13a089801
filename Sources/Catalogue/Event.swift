public import Formats

/// A fact we recorded, in the past tense (PRODUCT section 5). Its meaning never changes.
public struct Event: Equatable, Sendable {
    /// Its place in the log, from 1, without a gap.
    public var sequence: Int64
    /// The run's instant; order is `sequence`, never this.
    public var at: Instant
    public var fact: Fact

    public init(sequence: Int64, at: Instant, fact: Fact) {
        self.sequence = sequence
        self.at = at
        self.fact = fact
    }
}

/// Every type of event there is.
public enum Fact: Equatable, Sendable {
    /// The settings that shape state or outputs differ from the last ones.
    case configured(Configuration)
    /// A feed gave its first good answer.
    ///
    /// - Parameter address: a mark of it, by which to tell it from another; empty: an earlier version noted none.
    case feedAdopted(feed: String, service: String, entries: Int, address: String = "")
    case finished(Finished)
    case revised(Revision)
    case passedOver(Passed)
    /// Gone from the middle of its feed's window.
    case withdrawn(id: FinishID, feed: String)
    case restored(id: FinishID, feed: String)
    /// A person's word on a finish.
    case corrected(id: FinishID, change: Change)
    case hidden(FinishID)
    case unhidden(FinishID)
    case forgotten(FinishID)
    case backfillUndone(String)
    case merged(id: FinishID, into: FinishID, by: MergeCause)
    case coverSaved(id: FinishID, cover: SavedCover)
    case feedCondition(FeedCondition)
    case announcement(AnnouncementStep)
    /// A part of the log was lost and a person accepted it (STORE section 2, row 5).
    case historyDamaged(from: Int64, to: Int64, sha: String)
    /// A type of a newer Colophon that this one may ignore (`"optional":true`, STORE section 2, row 21).
    case ignored(type: String)
}

/// A finish we did not know.
public struct Finished: Equatable, Sendable {
    public var id: FinishID
    public var keys: [String]
    public var feed: String
    public var entry: String
    public var rule: Rule
    /// The networks on which an announcement is owed: decided here, once.
    public var announce: [String]
    /// The backfill that brought it; `nil`: a poll or a person.
    public var backfill: String?
    public var finish: Finish
    public var stated: [Stated]

    public init(
        id: FinishID, keys: [String], feed: String, entry: String, rule: Rule,
        announce: [String] = [], backfill: String? = nil, finish: Finish, stated: [Stated] = []
    ) {
        self.id = id
        self.keys = keys
        self.feed = feed
        self.entry = entry
        self.rule = rule
        self.announce = announce
        self.backfill = backfill
        self.finish = finish
        self.stated = stated
    }
}

/// Fields that got a value, and fields that lost theirs.
public struct Change: Equatable, Sendable {
    public var set: [FieldValue]
    public var unset: [FinishField]

    public init(set: [FieldValue] = [], unset: [FinishField] = []) {
        self.set = set
        self.unset = unset
    }

    public var isEmpty: Bool { self.set.isEmpty && unset.isEmpty }
}

/// A field and its value as the log writes it.
public struct FieldValue: Equatable, Sendable {
    public var field: FinishField
    public var value: JSONValue

    public init(_ field: FinishField, _ value: JSONValue) {
        self.field = field
        self.value = value
    }
}

/// What a finish's source says now, where it differs.
public struct Revision: Equatable, Sendable {
    public var id: FinishID
    /// New ones only.
    public var keys: [String]
    public var feed: String
    public var backfill: String?
    public var change: Change
    public var stated: [Stated]

    public init(
        id: FinishID, keys: [String] = [], feed: String, backfill: String? = nil,
        change: Change = Change(), stated: [Stated] = []
    ) {
        self.id = id
        self.keys = keys
        self.feed = feed
        self.backfill = backfill
        self.change = change
        self.stated = stated
    }
}

public enum MergeCause: String, Sendable {
    case person, identity, likeness
}

/// A copy of a cover, named by its bytes.
public struct SavedCover: Equatable, Sendable {
    public var sha256: String
    public var mediaType: String
    /// In pixels.
    public var width: Int
    public var height: Int

    public init(sha256: String, mediaType: String, width: Int, height: Int) {
        self.sha256 = sha256
        self.mediaType = mediaType
        self.width = width
        self.height = height
    }
}

/// A feed's condition changed. Hosts only, never an address: addresses can hold secrets.
public struct FeedCondition: Equatable, Sendable {
    public enum Turn: String, CaseIterable, Sendable {
        case failing, recovered, moved, gone, gap
    }

    public var turn: Turn
    public var feed: String
    public var reason: String
    public var host: String
    /// A mark of the address that `feeds.toml` names, where it names another than before; empty: it does not.
    public var address: String

    public init(_ turn: Turn, feed: String, reason: String = "", host: String = "", address: String = "") {
        self.turn = turn
        self.feed = feed
        self.reason = reason
        self.host = host
        self.address = address
    }
}

/// One step of an announcement's life; the fields that a step does not have are empty.
public struct AnnouncementStep: Equatable, Sendable {
    public enum Step: String, CaseIterable, Sendable {
        /// About to send: on disk before the request leaves.
        case attempted
        case sent, failed, skipped, held, released
    }

    public var step: Step
    public var id: FinishID
    public var network: String
    /// From 1; 0: none.
    public var attempt: Int
    public var text: String
    /// What makes a retry harmless, where the network knows such a thing.
    public var key: String
    /// The exact request body.
    public var record: String
    /// The newest own post known before sending.
    public var after: String
    /// The post's id at the network, and its address.
    public var post: String
    public var url: String
    /// What the post is called among servers, where that is another address: a feed may name it so.
    public var uri: String
    public var reason: String

    public init(
        _ step: Step, id: FinishID, network: String, attempt: Int = 0, text: String = "",
        key: String = "", record: String = "", after: String = "", post: String = "",
        url: String = "", uri: String = "", reason: String = ""
    ) {
        self.step = step
        self.id = id
        self.network = network
        self.attempt = attempt
        self.text = text
        self.key = key
        self.record = record
        self.after = after
        self.post = post
        self.url = url
        self.uri = uri
        self.reason = reason
    }
}
