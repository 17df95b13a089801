import Catalogue
import Files
public import Formats
import Storage

/// Whether everything is as it should be: every checksum and the chain, every event readable, snapshot
/// and tail equal to a full replay, outputs equal to a fresh render.
public struct Verify: Equatable, Sendable {
    public var events = 0
    public var batches = 0
    public var segments = 0
    /// The chain after the last batch.
    public var sha = ""
    /// Losses that a person accepted (STORE section 2, row 5).
    public var losses: [Loss] = []
    /// Published files that differ from a fresh render; empty when nothing was ever published.
    public var outdated: [String] = []
    /// Snapshots that say something else than the log, or cannot be read.
    public var wrongSnapshots: [String] = []
    /// Whether another run is under way, so that nobody can tell about the pages.
    public var isUnderWay = false

    public struct Loss: Equatable, Sendable {
        public var from: Int
        public var to: Int
        public var at: Instant
        /// The chain behind the events, as it was; empty where nobody knows it.
        public var sha: String
    }

    public static func run(
        _ world: World, _ folder: StoreFolder, directory: String
    ) throws(OperationError) -> Verify {
        let archive = try Archive(world, folder)
        let log = archive.store.log
        var found = Verify()
        try inStore { () throws(StoreError) in
            try log.replay(checkingChain: true) { batches throws(StoreError) in
                found.segments += 1
                found.batches += batches.commits.count
                for range in batches.events {
                    found.events += 1
                    do throws(EventError) {
                        let event = try EventCoding.decode(Array(batches.bytes[range]))
                        if case .historyDamaged(let from, let to, let sha) = event.fact, event.sequence > to {
                            found.losses.append(Loss(from: Int(from), to: Int(to), at: event.at, sha: sha))
                        }
                    } catch {
                        throw .event(file: batches.file, offset: range.lowerBound, error)
                    }
                }
            }
        }
        found.sha = hex(log.head?.position.sha ?? [])
        let replay = try inStore { () throws(StoreError) in try archive.store.replayBesideSnapshots() }
        found.wrongSnapshots = replay.wrong
        if replay.state != archive.store.state, replay.wrong.isEmpty {
            found.wrongSnapshots.append(folder.snapshots)
        }
        let polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        let publish = Publish(disk: world.disk, folder: folder, directory: directory)
        // Who lost `polls.json` has pages all the same.
        var isPublished = !polls.published.files.isEmpty
        if !isPublished, found.events > 0 { isPublished = try publish.stands(replay.state) }
        if isPublished {
            found.outdated = try publish.outdated(replay.state)
        }
        // Between its batch and its pages a run is nowhere: what looks wrong is looked at again without one.
        if !found.outdated.isEmpty { try found.lookAgain(world, folder, publish) }
        return found
    }

    private mutating func lookAgain(
        _ world: World, _ folder: StoreFolder, _ publish: Publish
    ) throws(OperationError) {
        let lock: (any OpenFile)?
        do throws(OperationError) {
            lock = try Republish.hold(world, folder)
        } catch {
            // Where nothing can be written nobody else writes either.
            guard error.isBusy else { return }
            isUnderWay = true
            outdated = []
            return
        }
        defer { try? lock?.close() }
        outdated = try publish.outdated(Archive(world, folder).store.state)
    }

    public var json: JSONValue {
        .object([
            JSONMember("events", .integer(Int64(events))),
            JSONMember("batches", .integer(Int64(batches))),
            JSONMember("segments", .integer(Int64(segments))),
            JSONMember("sha", .string(sha)),
            JSONMember("good", .bool(isGood)),
            JSONMember(
                "losses",
                .array(
                    losses.map {
                        .object([
                            JSONMember("from", .integer(Int64($0.from))), JSONMember("to", .integer(Int64($0.to))),
                            JSONMember("at", .string($0.at.description)), JSONMember("sha", .string($0.sha)),
                        ])
                    })),
            JSONMember("outdated", .array(outdated.map { .string($0) })),
            JSONMember("under_way", .bool(isUnderWay)),
            JSONMember("wrong_snapshots", .array(wrongSnapshots.map { .string($0) })),
        ])
    }

    public var isGood: Bool { outdated.isEmpty && wrongSnapshots.isEmpty }
}
