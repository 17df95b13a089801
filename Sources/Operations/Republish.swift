import Catalogue
import Files
import Formats
import Storage

/// Renders without polling: `publish`, `publish --at`. Where the site's own pages are written the
/// store's lock is held (STORE section 2, row 14): two programs that publish at once would each put pages of
/// another state there, and one would overwrite what the other notes in `polls.json`.
public enum Republish {
    /// The pages of now, where the site finds them; nothing else is touched but `polls.json`.
    ///
    /// - Parameter settings: of the store, where it has any. They say where the pages go; what is on them is as the
    ///   last `configured` event says, and a command that records nothing cannot change that.
    /// - Throws: an error whose `isBusy` is true while another run holds the store.
    public static func run(
        _ world: World, _ folder: StoreFolder, _ settings: Settings?
    ) throws(OperationError) -> RepublishReport {
        let lock = try hold(world, folder)
        defer { try? lock?.close() }
        let archive = try Archive(world, folder)
        var polls = try onDisk { () throws(DiskError) in try Polls.read(world.disk, folder.polls) }
        // A person who asks wants to know: what stands there is read, whether it was touched or not.
        for index in polls.published.files.indices { polls.published.files[index].changed = 0 }
        let publish = Publish(
            disk: world.disk, folder: folder, directory: (settings ?? Settings()).publishDirectory)
        if try !publish.strays(archive.store.state).isEmpty { polls.published.sha = "" }
        let changed = try publish.perform(archive.store, &polls)
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        let configured = archive.store.state.configuration
        return RepublishReport(
            changed: changed, hasNewSettings: settings.map { $0.configuration != configured } ?? false)
    }

    /// The pages of a moment, into a folder of their own.
    ///
    /// - Parameter site: where the site's pages are: it shows the present.
    public static func run(
        _ world: World, _ folder: StoreFolder, at when: When?, to directory: String, site: String
    ) throws(OperationError) -> RepublishReport {
        guard StoreFolder(folder.path(directory)) != StoreFolder(folder.path(site)) else {
            throw .unreadable(
                what: "--to", found: directory, expected: "a folder of its own: there the site finds its pages, of now")
        }
        let archive = try Archive(world, folder)
        let state = try archive.state(at: when)
        let publish = Publish(disk: world.disk, folder: folder, directory: directory)
        return RepublishReport(changed: try publish.write(state), hasNewSettings: false)
    }

    /// Keeps other runs away from the store, and its pages.
    static func hold(
        _ world: World, _ folder: StoreFolder
    ) throws(OperationError) -> (any OpenFile)? {
        try inStore { () throws(StoreError) in try Log.hold(world.disk, root: folder.root) }
    }
}

public struct RepublishReport: Equatable, Sendable {
    /// As `Publish.perform` names them.
    public var changed: [String]
    /// Whether `feeds.toml` says of the pages, or of the posts, what no run has recorded yet.
    public var hasNewSettings: Bool
}
