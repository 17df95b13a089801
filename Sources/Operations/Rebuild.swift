import Files
public import Formats
import Storage

/// Snapshots and pages, deleted and made again from the events alone.
public struct Rebuild: Equatable, Sendable {
    /// The files that were written.
    public var published: [String] = []
    /// The last event that the new snapshot knows; `nil`: nothing was ever recorded.
    public var snapshot: Int?

    /// - Throws: an error whose `isBusy` is true while another run holds the store.
    public static func run(
        _ world: World, _ folder: StoreFolder, directory: String
    ) throws(OperationError) -> Rebuild {
        let lock = try Republish.hold(world, folder)
        defer { try? lock?.close() }
        // A log that cannot be read must not cost the pages, nor a snapshot, which may be what rescues it.
        let archive = try Archive(world, folder, usesSnapshots: false)
        var polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        let publish = Publish(disk: world.disk, folder: folder, directory: directory)
        try publish.delete(polls.published)
        polls.published.files = []
        polls.published.sha = ""
        var rebuild = Rebuild()
        rebuild.published = try publish.perform(archive.store, &polls)
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        try inStore { () throws(StoreError) in try archive.store.remakeSnapshots(now: world.now) }
        let sequence = archive.store.snapshotSequence
        rebuild.snapshot = sequence > 0 ? sequence : nil
        return rebuild
    }

    public var json: JSONValue {
        var members = [JSONMember("published", .array(published.map { .string($0) }))]
        if let snapshot { members.append(JSONMember("snapshot", .integer(Int64(snapshot)))) }
        return .object(members)
    }
}
