public import Catalogue
public import Formats
public import HTTP

/// A place where finishes are announced: which requests to make, and what the answers mean. It performs
/// none; the order of things is `Announce`'s.
///
/// To add a network, add a file like those beside this one, its name to `Networks`, and a fake server to
/// the tests.
public protocol Network: Sendable {
    /// As `feeds.toml` has it.
    var name: String { get }
    /// The host that is left alone when it asks for that.
    var host: String { get }
    /// What must never be told to anybody.
    var secrets: [String] { get }
    /// Whether `greeting` has to be answered before anything is sent or looked for.
    var needsGreeting: Bool { get }
    /// Whether what was looked for and not found is not there: else only a person can say.
    var looksForCertain: Bool { get }
    /// Whether each post that a look is shown has to be paid for.
    var chargesForLooks: Bool { get }
    /// The least age of an attempt, in seconds, before it is looked for.
    var lookSeconds: Int64 { get }

    /// A call that changes nothing and needs the credentials.
    func greeting(_ moment: Moment) -> Request
    /// Takes in what the greeting answered: the account's name, or why there is none.
    mutating func greeted(_ answer: Result<Response, TransferError>, _ moment: Moment) -> Greeting
    /// Ask how long a post may be, each where the one before had no answer; empty: everybody knows.
    func limitQuestions(_ moment: Moment) -> [Request]
    /// `max_characters`, where it is not what stock servers take.
    func charactersMax(_ answer: Response) -> Int?

    /// What will be sent. It is written down before it leaves, and a repetition sends the same bytes.
    ///
    /// - Parameter taken: the keys of all other announcements on this network.
    func draft(_ text: String, for announcement: Announcement, language: String, taken: [String], now: Instant)
        -> Draft
    func posting(_ draft: Draft, _ moment: Moment) -> Request
    func posted(_ answer: Result<Response, TransferError>, _ draft: Draft, _ moment: Moment) -> Posting

    /// Asks whether an attempt of which nothing is known has arrived.
    func looking(for announcement: Announcement, _ moment: Moment) -> Request
    /// - Parameter taken: ids, names or addresses of posts that are known to be other announcements'.
    func looked(
        _ answer: Result<Response, TransferError>, for announcement: Announcement, taken: [String],
        _ moment: Moment
    ) -> Look
    /// Asks for the newest own posts, or for those before the ones of a page; `nil`: that costs, or there are none.
    func newest(before page: Response?, _ moment: Moment) -> Request?
    /// When the oldest post of a page was made.
    func oldest(in page: Response) -> Instant?
    /// One of them that says these words.
    ///
    /// - Parameters:
    ///   - taken: ids, names or addresses of posts that are known to be other announcements'.
    ///   - since: none that is older.
    func said(_ text: String, in answer: Response, taken: [String], since: Instant) -> PostPlace?
    /// What to do about an attempt that was looked for and not found.
    func whenAbsent(_ announcement: Announcement, now: Instant) -> WhenAbsent
}

extension Network {
    public var looksForCertain: Bool { true }
    public var chargesForLooks: Bool { false }

    /// A server's words as they may be told and kept: they could repeat a secret.
    public func told(_ words: String) -> String {
        for secret in secrets where !secret.isEmpty && words.contains(secret) {
            return "\(host) answered with a secret in its words, which are not repeated"
        }
        return words
    }

    public func newest(before page: Response?, _ moment: Moment) -> Request? { nil }
    public func oldest(in page: Response) -> Instant? { nil }
    public func said(_ text: String, in answer: Response, taken: [String], since: Instant) -> PostPlace? { nil }

    public func limitQuestions(_ moment: Moment) -> [Request] { [] }
    public func charactersMax(_ answer: Response) -> Int? { nil }
}

/// What a request is made with.
public struct Moment: Equatable, Sendable {
    public var now: Instant
    /// Letters and digits, another one for each request.
    public var nonce: String
    /// Name, version and how to reach the person.
    public var userAgent: String

    public init(now: Instant, nonce: String, userAgent: String) {
        self.now = now
        self.nonce = nonce
        self.userAgent = userAgent
    }
}

public struct Draft: Equatable, Sendable {
    public var text: String
    /// What makes a repetition harmless; empty where the network knows no such thing.
    public var key: String
    /// The exact body of the request.
    public var record: String

    public init(text: String, key: String, record: String) {
        self.text = text
        self.key = key
        self.record = record
    }

    /// What was attempted, to be sent once more as it was.
    public init(_ announcement: Announcement) {
        self.init(text: announcement.text, key: announcement.key, record: announcement.record)
    }
}

/// A post that exists.
public struct PostPlace: Equatable, Sendable {
    /// As the network names it; empty: not known.
    public var id: String
    public var address: String
    /// What servers call it among themselves, where that is another address; empty: nothing else.
    public var uri: String

    /// - Parameters: what is no address of the web, or would not be shown as it is, counts as not known.
    public init(id: String, address: String, uri: String = "") {
        self.id = id
        self.address = PostPlace.plain(address)
        self.uri = uri == address ? "" : PostPlace.plain(uri)
    }

    /// - Parameter taken: what posts are known by: an id, an address, or the last part of one.
    func isAmong(_ taken: [String]) -> Bool {
        taken.contains(id) || taken.contains(String(OwnPosts.name(in: id)))
            || [address, uri].contains { !$0.isEmpty && taken.contains($0) }
    }

    private static func plain(_ address: String) -> String {
        let isPlain = address.utf8.count <= Bounds.addressMax && address.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isPlain && WebAddress(address)?.isWeb == true ? address : ""
    }
}

public enum Greeting: Equatable, Sendable {
    /// The account's name, for a person.
    case welcome(String)
    case trouble(Trouble)
}

public enum Posting: Equatable, Sendable {
    case sent(PostPlace)
    case trouble(Trouble)
}

public enum Look: Equatable, Sendable {
    case found(PostPlace)
    case absent
    /// Not among these, but one of them says something else now than at first.
    case edited
    /// Not on this page, and the attempt is older than what is on it.
    case more(Request)
    case trouble(Trouble)

    public static func == (left: Look, right: Look) -> Bool {
        switch (left, right) {
        case (.found(let one), .found(let other)): one == other
        case (.absent, .absent), (.edited, .edited): true
        case (.more(let one), .more(let other)): one.address == other.address
        case (.trouble(let one), .trouble(let other)): one == other
        default: false
        }
    }
}

/// Why something was not, or may not have been, posted. The reason is in words for a person.
public enum Trouble: Equatable, Sendable {
    /// Nothing was posted, and another run may do better; not before an instant, where one was named.
    case later(String, until: Instant?)
    /// This one will never be taken as it is.
    case refused(String)
    /// Nothing will be taken before a person has done something.
    case blocked(String)
    /// It may have been posted.
    case unknown(String)
    /// The network has these words already: by this attempt, or by another post.
    case duplicate(String)

    /// Whether a proxy on the way says so, which may have let the request through before: the networks themselves
    /// refuse with other statuses.
    static func isOnTheWay(_ status: Int) -> Bool { [408, 409, 425, 499].contains(status) }

    /// The same of a look, which posts nothing.
    var ofLook: Trouble {
        switch self {
        case .unknown(let reason), .refused(let reason), .duplicate(let reason): .later(reason, until: nil)
        case .later, .blocked: self
        }
    }

    public var reason: String {
        switch self {
        case .later(let reason, _), .refused(let reason), .blocked(let reason), .unknown(let reason),
            .duplicate(let reason):
            reason
        }
    }
}

public enum WhenAbsent: Equatable, Sendable {
    /// It may still show: look again in another run.
    case wait
    /// Sending the very same thing again can do no harm.
    case again
    /// Only a person can say.
    case person
}

extension Trouble {
    /// What became of a request that has no answer: whether one byte of it left decides.
    init(_ error: TransferError) {
        let notSent: Set<TransferError.Kind> = [
            .resolve, .connect, .refused, .tls, .connectTimeout, .refusedScheme, .refusedAddress, .badAddress,
            .badHeader, .hostStopped,
        ]
        self =
            notSent.contains(error.kind)
            ? .later(error.message, until: nil) : .unknown(error.message)
    }
}

extension Announcement {
    /// Since it was attempted, in seconds; a clock that was set back meanwhile makes it no younger.
    public func age(at now: Instant) -> Int64 { abs(now.seconds - changed.seconds) }

    /// From when on a server may show it. An attempt that a wrong clock has dated ahead was made before now,
    /// and one that a person's word followed is older than that, but no older than what is owed.
    func attempted(by now: Instant, margin: Int64) -> Instant {
        min(isReleasedByPerson ? min(changed, since) : changed, now).adding(seconds: -margin)
    }
}

extension Response {
    /// The body, where it is JSON.
    var json: JSONValue { (try? JSONReader.read(body)) ?? .null }

    var isServersFault: Bool { (500...599).contains(status) }

    /// How far our clock is ahead of the server's, in seconds; `nil`: it does not say.
    func clockError(at now: Instant) -> Int64? { date.map { now.seconds - $0.seconds } }

    /// A clock that is wrong by more than this many seconds posts nothing: when something was attempted is
    /// what tells a post from an older one of the same words, and an attempt from one that is still on its way.
    func clockTrouble(at now: Instant, beyond seconds: Int64) -> Trouble? {
        guard let error = clockError(at: now), abs(error) > seconds else { return nil }
        return .blocked("this machine's clock is " + AnswerText.clock(error) + ": set it right")
    }
}

/// Words about answers, one line each.
enum AnswerText {
    /// Shorter ones are in words by chance, and `told` looks for them.
    private static let secretBytesMin = 6

    /// A server's own words, made safe and short.
    ///
    /// - Parameter secrets: looked for before anything is cut: most of a secret is a secret.
    static func quoted(_ text: String?, hiding secrets: [String]) -> String {
        guard let text, !text.isEmpty else { return "" }
        var line = Markup.line(text)
        for secret in secrets where secret.utf8.count >= secretBytesMin && (text.contains(secret) || line.contains(secret)) {
            return ", with a secret in its words, which are not repeated"
        }
        if line.count > 160 { line = line.prefix(159) + "…" }
        return ": " + line
    }

    /// Where a server sends us, as far as it may be told.
    ///
    /// - Parameter taker: what takes another address.
    static func place(_ response: Response, taker: String = "\"colophon announce --connect\"") -> String {
        guard let host = response.header("Location").flatMap({ WebAddress($0) })?.host else { return "" }
        return ", to \(host): if that is right, \(taker) takes the new address"
    }

    /// "12 minutes ahead"
    static func clock(_ seconds: Int64) -> String {
        let amount = abs(seconds)
        let size = amount >= 7200 ? "\(amount / 3600) hours" : "\(amount / 60) minutes"
        return size + (seconds > 0 ? " ahead" : " behind")
    }
}
