import Files
import Formats
import Services

/// The files that a person means by naming files and folders.
enum ExportFolder {
    struct Found {
        /// For telling people, and for the service: with the folder inside the export.
        var name: String
        var path: String
        /// `nil`: to be read from the path.
        var bytes: [UInt8]?
    }

    static func files(
        _ files: [Backfill.File], _ service: String, _ disk: any Disk
    ) throws(OperationError) -> [Found] {
        var found: [Found] = []
        for file in files {
            switch file {
            case .bytes(let bytes): found.append(Found(name: "-", path: "", bytes: bytes))
            case .path(let path):
                let status = try onDisk { () throws(DiskError) in try disk.status(of: path) }
                guard let status else {
                    throw .unreadable(what: "file", found: path, expected: "one that is there")
                }
                found +=
                    status.isFolder
                    ? try inFolder(path, service, disk)
                    : [Found(name: lastParts(path), path: path)]
            }
        }
        return found
    }

    /// What the service is known to write; else every table and document, by name.
    private static func inFolder(
        _ folder: String, _ service: String, _ disk: any Disk
    ) throws(OperationError) -> [Found] {
        var names: [String] = []
        for name in Services.exportFiles(service) {
            let isThere = try onDisk { () throws(DiskError) in
                try disk.status(of: folder + "/" + name) != nil
            }
            if isThere { names.append(name) }
        }
        if names.isEmpty {
            let all = try onDisk { () throws(DiskError) in try disk.list(folder) }
            names = all.filter { name in
                [".csv", ".tsv", ".xml", ".json", ".txt"].contains { name.lowercased().hasSuffix($0) }
            }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        }
        guard !names.isEmpty else {
            throw .unreadable(
                what: "folder", found: folder,
                expected: "one with files of an export of \(service)")
        }
        return names.map { Found(name: $0, path: folder + "/" + $0) }
    }

    /// The file with the folder it lies in, where an export tells by it what its rows are.
    private static func lastParts(_ path: String) -> String {
        path.split(separator: "/").suffix(2).joined(separator: "/")
    }
}
