import Catalogue
import Files
import Formats
import Storage

/// Renders without polling: `publish`, `publish --at`, `rebuild`.
public enum Republish {
    /// The pages of now, where the site finds them; nothing else is touched but `polls.json`.
    public static func run(
        _ world: World, _ folder: StoreFolder, directory: String, deletingFirst: Bool = false
    ) throws(OperationError) -> [String] {
        let archive = try Archive(world, folder)
        var polls = Polls.read(world.disk, folder.polls)
        if deletingFirst {
            try deleteOutputs(world.disk, folder, directory, polls.published)
            polls.published.files = []
            polls.published.sha = ""
        }
        let publish = Publish(disk: world.disk, folder: folder, directory: directory)
        let changed = try publish.perform(archive.store, &polls.published)
        try onDisk { () throws(DiskError) in try polls.write(world.disk, folder.polls) }
        return changed
    }

    /// The pages of a moment, into a folder of their own.
    public static func run(
        _ world: World, _ folder: StoreFolder, at when: When?, to directory: String
    ) throws(OperationError) -> [String] {
        let archive = try Archive(world, folder)
        let state = try archive.state(at: when)
        let publish = Publish(disk: world.disk, folder: folder, directory: directory)
        return try publish.write(state)
    }

    private static func deleteOutputs(
        _ disk: any Disk, _ folder: StoreFolder, _ directory: String, _ published: Publication
    ) throws(OperationError) {
        try onDisk { () throws(DiskError) in
            for file in published.files {
                let path =
                    file.name == Publish.pendingTweets
                    ? folder.pendingTweets : folder.path(directory) + "/" + file.name
                if try disk.status(of: path) != nil { try disk.unlink(path) }
            }
            guard try disk.status(of: folder.snapshots) != nil else { return }
            for name in try disk.list(folder.snapshots) where name.hasSuffix(".snapshot") {
                try disk.unlink(folder.snapshots + "/" + name)
            }
        }
    }
}
