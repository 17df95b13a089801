public import Catalogue
import Files
public import Formats
import Storage

/// A person's word, as an event: corrections, hiding, merging, what became of an announcement. Each is
/// one batch, and the pages follow at once.
public enum Amend {
    public enum Word: Equatable, Sendable {
        case correct(id: String, Change)
        case hide(String)
        case unhide(String)
        case merge(String, into: String)
        case forget(String)
        /// A finish by hand.
        case add(Finish, isRepeat: Bool)
        case announcement(id: String, AnnouncementStep.Step, post: String)
        /// Takes back what a backfill, or a reconsideration, brought.
        case undo(String)
        /// All that is held.
        case releaseAll

        /// `cause` of the commit.
        var cause: String {
            switch self {
            case .correct: "correct"
            case .hide: "hide"
            case .unhide: "unhide"
            case .merge: "merge"
            case .forget: "forget"
            case .undo: "backfill"
            case .add: "add"
            case .announcement, .releaseAll: "tweets"
            }
        }
    }

    public struct Outcome: Equatable, Sendable {
        /// Lines that were appended.
        public var events: [[UInt8]] = []
        public var changed: [String] = []
        public var notes: [String] = []
        /// What is held and was not let go with the rest: it may have been posted.
        public var left: [Announcement] = []
        /// Why nothing was recorded.
        public var idle = "that is known already"

        public var json: JSONValue {
            .object([
                JSONMember("events", .array(events.compactMap { try? JSONReader.read($0) })),
                JSONMember("published", .array(changed.map { .string($0) })),
                JSONMember("left", .array(left.map { .string($0.id) })),
            ])
        }
    }

    public static func run(
        _ word: Word, _ world: World, _ folder: StoreFolder, _ settings: Settings?
    ) throws(OperationError) -> Outcome {
        var world = world
        let archive = try Archive(world, folder)
        let identity = world.random.bytes(32)
        let store = try inStore { () throws(StoreError) in
            try Store.openForWriting(
                world.disk, root: folder.root, newStore: identity,
                allowsNetworkFileSystem: settings?.allowsNetworkFileSystem ?? false,
                segmentFullBytes: world.segmentFullBytes, now: world.now)
        }
        if let settings, store.state.configuration != settings.configuration {
            store.record(.configured(settings.configuration), at: world.now)
        }
        for fact in try facts(word, store.state, archive, world) {
            store.record(fact, at: world.now)
        }
        for step in store.state.settlingMerged() { store.record(.announcement(step), at: world.now) }
        var outcome = Outcome(events: store.pendingLines, notes: store.notes)
        switch word {
        case .releaseAll: outcome.idle = "nothing is held"
        case .announcement(let network, _, _) where Networks.names.contains(network):
            outcome.idle = "nothing waits for \(network)"
        case .announcement(let id, let step, _) where try announcement(id, in: store.state).isOver(for: step):
            outcome.idle = "it was posted already, and stays so"
        default: break
        }
        if word == .releaseAll {
            outcome.left = store.state.announcements.filter { $0.status == .held && $0.isForOneByOne }
        }
        try inStore { () throws(StoreError) in
            try store.commit(cause: word.cause, version: Program.version, at: world.now)
        }
        var polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        let publish = Publish(
            disk: world.disk, folder: folder, directory: settings?.publishDirectory ?? "public")
        outcome.changed = try publish.perform(store, &polls)
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        return outcome
    }

    private static func facts(
        _ word: Word, _ state: State, _ archive: Archive, _ world: World
    ) throws(OperationError) -> [Fact] {
        switch word {
        case .correct(let id, let change):
            let found = try archive.finish(id, in: state)
            return found.isCorrected(to: change) ? [] : [.corrected(id: found.id, change: change)]
        case .hide(let id):
            let found = try archive.finish(id, in: state).id
            return state.isHidden(found) ? [] : [.hidden(found)]
        case .unhide(let id):
            let found = try archive.finish(id, in: state).id
            return state.isHidden(found) ? [.unhidden(found)] : []
        case .merge(let one, let into):
            let left = try archive.finish(one, in: state)
            let right = try archive.finish(into, in: state)
            if left.id == right.id { return [] }
            // The older one stays, whichever way a person says it.
            let (older, younger) = left.sequence < right.sequence ? (left, right) : (right, left)
            return [.merged(id: younger.id, into: older.id, by: .person)]
        case .forget(let id): return [.forgotten(try archive.finish(id, in: state).id)]
        case .undo(let backfill):
            let known = state.backfills
            guard known.contains(backfill) else {
                throw .unreadable(
                    what: "backfill", found: backfill,
                    expected: known.isEmpty
                        ? "none: there is no backfill to take back"
                        : "one of " + known.joined(separator: ", "))
            }
            return [.backfillUndone(backfill)]
        case .add(let finish, let isRepeat): return added(finish, isRepeat: isRepeat, state, world)
        case .announcement(let network, .skipped, _) where Networks.names.contains(network):
            return state.announcements.filter { $0.network == network && $0.isWaiting }.map {
                .announcement(
                    AnnouncementStep(.skipped, id: $0.finish, network: network, reason: AnnouncementStep.saidByPerson))
            }
        case .announcement(let id, let step, let post):
            let found = try announcement(id, in: state)
            if found.isKnown(to: step, post) { return [] }
            if step == .released, state.finish(withKey: found.finish.text) == nil { throw .forgotten(id: found.id) }
            // What was sent stays sent: another word on it could only post it twice.
            if found.isOver(for: step) || found.status == .sent && !found.url.isEmpty { return [] }
            return [
                .announcement(
                    AnnouncementStep(
                        step, id: found.finish, network: found.network,
                        url: post, reason: AnnouncementStep.saidByPerson))
            ]
        case .releaseAll:
            return state.announcements.filter { $0.status == .held && !$0.isForOneByOne }.map {
                .announcement(
                    AnnouncementStep(
                        .released, id: $0.finish, network: $0.network, reason: AnnouncementStep.saidOfAll))
            }
        }
    }

    /// By kind, title and day, so that the same word said twice counts once. Without a day it was today,
    /// by the site's clocks.
    private static func added(
        _ finish: Finish, isRepeat: Bool, _ state: State, _ world: World
    ) -> [Fact] {
        var finish = finish
        finish.isRepeat = isRepeat
        let noun = finish.kind?.rawValue ?? "work"
        let now = world.now
        let zone = TimeZones.rules(state.configuration.site.timeZone, world.disk) ?? .utc
        let day = finish.day ?? Day(of: now, offset: zone.offset(at: now))
        finish.day = day
        let key = Key("hand:\(noun):\(finish.title)@\(day)", rule: .hand)
        let sighting = Sighting(
            keys: [key], feed: "hand", entry: key.text, finish: finish, logged: now)
        return state.decide(sighting, Arrival(zone: zone), now: now)
    }

    /// `NETWORK/FINISH-ID`, or enough of it.
    private static func announcement(
        _ text: String, in state: State
    ) throws(OperationError) -> Announcement {
        let exact = state.announcements.filter { $0.id == text || $0.finish.text == text }
        let candidates = exact.isEmpty ? state.announcements.filter { $0.id.hasPrefix(text) } : exact
        // Every id begins with nothing, which an empty variable of a script is.
        if candidates.isEmpty || text.isEmpty { throw .noAnnouncement(id: text) }
        guard candidates.count == 1 else {
            throw .ambiguous(id: text, candidates: candidates.prefix(5).map(\.id))
        }
        return candidates[0]
    }
}

extension Announcement {
    /// Whether it was sent, and the word is another.
    fileprivate func isOver(for step: AnnouncementStep.Step) -> Bool { status == .sent && step != .sent }

    /// Whether a word on it would change nothing: it was said before, or came about without it.
    fileprivate func isKnown(to step: AnnouncementStep.Step, _ post: String) -> Bool {
        switch step {
        case .sent: status == .sent && (post.isEmpty || post == url)
        case .skipped: status == .skipped
        case .released: status == .pending && reason == AnnouncementStep.saidByPerson
        case .attempted, .failed, .held: false
        }
    }
}

extension Standing {
    /// Whether a person has said exactly this before, and it still holds.
    fileprivate func isCorrected(to change: Change) -> Bool {
        for value in change.set
        where !corrected.contains(value.field) || finish.value(of: value.field) != value.value {
            return false
        }
        for field in change.unset
        where !corrected.contains(field) || finish.value(of: field) != nil {
            return false
        }
        return true
    }
}
