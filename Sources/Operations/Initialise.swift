import Catalogue
import Files
import Formats
public import Services

/// Writes a first `feeds.toml` for the profiles that a person names.
public enum Initialise {
    public struct Outcome: Equatable, Sendable {
        public var path: String
        public var feeds: [ProfileFeed]
        /// Addresses that no service's room knows; they are followed as they stand.
        public var generic: [String]
    }

    /// - Throws: when there is a `feeds.toml` already (it is never overwritten), or the folder cannot be made.
    public static func run(
        _ world: World, _ folder: StoreFolder, profiles: [String]
    ) throws(OperationError) -> Outcome {
        let disk = world.disk
        try onDisk { () throws(DiskError) in try makeFolders(folder.root, disk) }
        let isThere = try onDisk { () throws(DiskError) in try disk.status(of: folder.settings) != nil }
        if isThere {
            throw .unreadable(
                what: "folder", found: folder.root, expected: "one without a feeds.toml")
        }
        var feeds: [ProfileFeed] = []
        var generic: [String] = []
        for profile in profiles {
            let address = profile.contains("://") ? profile : "https://" + profile
            if var feed = Services.profile(address) {
                feed.name = unique(feed.name, feeds.map(\.name))
                feeds.append(feed)
            } else if let web = WebAddress(address), web.isWeb {
                let name = unique(plainName(web.host ?? "feed"), feeds.map(\.name))
                feeds.append(ProfileFeed(name: name, address: address, service: ""))
                generic.append(address)
            } else {
                throw .unreadable(
                    what: "profile", found: profile,
                    expected: "an address such as https://letterboxd.com/USER")
            }
        }
        let text = FeedsTemplate.text(feeds: feeds, timeZone: TimeZones.local(disk))
        try onDisk { () throws(DiskError) in
            try disk.publish(Array(text.utf8), at: folder.settings)
            // The folder's own name must survive, too (STORE section 2, row 27).
            try disk.sync(folder: splitPath(folder.root).folder)
        }
        return Outcome(path: folder.settings, feeds: feeds, generic: generic)
    }

    private static func makeFolders(_ path: String, _ disk: any Disk) throws(DiskError) {
        if try disk.status(of: path)?.isFolder == true { return }
        let parent = splitPath(path).folder
        if parent != path { try makeFolders(parent, disk) }
        try disk.makeFolder(path)
        try disk.sync(folder: parent)
    }

    private static func plainName(_ host: String) -> String {
        var name = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
        if let dot = name.firstIndex(of: ".") { name = String(name[..<dot]) }
        let plain = name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return plain.isEmpty ? "feed" : plain
    }

    private static func unique(_ name: String, _ taken: [String]) -> String {
        var candidate = name
        var number = 2
        while taken.contains(candidate) {
            candidate = name + "-\(number)"
            number += 1
        }
        return candidate
    }
}
