import Files
import Formats
import HTTP

/// What a feed's address answered.
enum Answer: Equatable {
    /// Bytes to be read, and the poll as it will be once they are in the log.
    case document(Document)
    /// Nothing changed since the last poll; validators may have.
    case unchanged(Unchanged)
    case failure(Failure)

    /// How it was asked and answered, whatever the answer says.
    struct Circumstances: Equatable {
        /// 0 for a file.
        var status = 0
        /// After redirects.
        var address: String
        /// The addresses that led there, in order; none without a redirect.
        var way: [String] = []
        /// Where a chain of permanent redirects alone has led; `nil`: elsewhere or nowhere.
        var movedTo: String?
        var hops = 0
        /// No validators were sent.
        var wasUnconditional = true
        /// From the beginning of the run to this answer: what a server says in seconds begins when it says it, and not when
        /// we woke up.
        var delaySeconds = 0
        /// Seconds for which it asks to be left alone although it answered.
        var retryAfter: Int?
        var milliseconds = 0
    }

    struct Unchanged: Equatable {
        /// `nil`: those that are known still hold.
        var etag: String?
        var lastModified: String?
        /// `Poll.validatorsOf`.
        var validatorsOf: String?
        var maxAge: Int?
        /// The server said so (304), and not the bytes.
        var isNotModified: Bool
        var circumstances: Circumstances
    }

    struct Document: Equatable {
        /// Empty where they wait in the cellar.
        var bytes: [UInt8]
        var place: Cellar.Place?
        var contentType: String?
        var digest = ""
        /// What the headers advise, in seconds; `nil`: nothing.
        var maxAge: Int?
        var etag = ""
        var lastModified = ""
        /// `Poll.validatorsOf`.
        var validatorsOf = ""
        /// Why validators that were given are not kept, in words; `nil`: they are.
        var refusedValidators: String?
        var circumstances: Circumstances

        var address: String { circumstances.address }

        /// With its bytes.
        func brought() throws(DiskError) -> Document {
            guard let place else { return self }
            var document = self
            document.bytes = try place.bytes()
            return document
        }
    }
}

/// One feed's failure: it never stops another's.
public struct Failure: Error, Equatable, Sendable {
    public enum Stage: String, Sendable {
        case fetch, read
    }

    public var feed: String
    public var stage: Stage
    /// In words for a person; a host at most, never a path or a query. What it repeats of an answer goes
    /// through `withoutSecrets` first: a page may show the address that it was asked by.
    public var reason: String
    public var host: String
    /// What the server answered; 0: nothing, or it was not the status that failed.
    public var status = 0
    public var redirects = 0
    /// The address that answered so, and those that led there; not to be told as they are. Empty: not known.
    var address = ""
    var way: [String] = []
    /// The server said that the feed is gone for good (410).
    public var isGone = false
    /// A stranger has said so, to whom a chain of permanent redirects leads.
    var isGoneElsewhere = false
    /// Seconds for which it asked to be left alone, from the beginning of the run.
    var retryAfter: Int?
    /// The host that nobody may be asked of until then; `nil`: this feed alone waits.
    var stoppedHost: String?
    /// A wall that a program cannot climb: trying often makes it higher.
    var isWall = false
    /// What it gives ends the program, and was not read.
    var isDeadly = false
    /// It was not asked at all, so it counts as no failure of its own.
    var wasNotAsked = false
    /// It leads to this house, which has asked to be left alone: until then it is not asked for nothing.
    var closedHouse: String?
    /// The host could not be reached: perhaps it is us who have no network.
    var isUnreachable = false
    /// What was to be asked was no address to ask: nothing was sent.
    var hasNotLeft = false
    /// What is kept to ask conditionally has shown to be worth nothing.
    var spoilsValidators = false
    var wasConditional = false

    init(_ feed: FollowedFeed, _ stage: Stage, _ reason: String) {
        self.feed = feed.name
        self.stage = stage
        self.reason = reason
        host = feed.address.host ?? ""
    }

    /// What servers have answered that cannot bear our validators, and not what says when to come again, or that
    /// nothing is there. Whoever answers so without them has another trouble.
    var perhapsForCondition: Bool {
        retryAfter == nil && [400, 406, 412, 413, 416, 417, 431, 500, 501].contains(status)
    }
}
