import Catalogue
import Feeds
import Formats

/// A room: what one service's feed means. All rooms are alike; what they differ in is here.
protocol Service: Sendable {
    /// As `service =` names it; lower case.
    var name: String { get }
    /// As people write it.
    var displayName: String { get }
    /// The way to the export that holds what the feed has forgotten.
    var exportHint: String? { get }
    /// See `Reading.isWindowOrdered`.
    var isWindowOrdered: Bool { get }
    /// Nothing but general knowledge says how its feed looks (SERVICES, [memory]); `check` shows
    /// it.
    var isFromMemory: Bool { get }

    /// Whether an address is one of this service's feeds.
    func owns(_ address: FeedAddress) -> Bool
    /// By what the document shows itself to be this service's; `nil`: it does not.
    func sign(in document: FeedDocument) -> String?
    /// What one entry means.
    func read(_ entry: Entry, in page: FeedPage) -> Finding
    /// The feed that belongs to a person's page at this service; `nil`: no such page.
    func profile(_ address: FeedAddress) -> ProfileFeed?
}

extension Service {
    var exportHint: String? { nil }
    var isWindowOrdered: Bool { false }
    var isFromMemory: Bool { false }
    func profile(_ address: FeedAddress) -> ProfileFeed? { nil }
}

/// What a room finds in an entry, before ids, evidence and bounds are added.
struct Finding {
    var finish: Finish
    /// The service's own keys, strongest first; none: the generic ones are used.
    var keys: [Key] = []
    var repeatPolicy = RepeatPolicy.never
    var finished: Bool?
    var reason = ""
    var logged: Instant?
    /// The entry's own id where it is not its guid.
    var entry: String?

    /// A finish.
    static func finished(
        _ finish: Finish, keys: [Key] = [], repeats: RepeatPolicy = .never, logged: Instant? = nil
    ) -> Finding {
        Finding(
            finish: finish, keys: keys, repeatPolicy: repeats, finished: true, logged: logged)
    }

    /// No finish, and why.
    static func passed(
        _ finish: Finish, keys: [Key] = [], because reason: String, logged: Instant? = nil
    ) -> Finding {
        Finding(finish: finish, keys: keys, finished: false, reason: reason, logged: logged)
    }

    /// What only the person can tell.
    static func untold(
        _ finish: Finish, keys: [Key] = [], because reason: String, logged: Instant? = nil
    ) -> Finding {
        Finding(finish: finish, keys: keys, finished: nil, reason: reason, logged: logged)
    }
}
