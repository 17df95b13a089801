import Files

/// Documents that wait for their turn to be read, on the disk: of a thousand feeds that have news at once, memory would
/// hold too much. The file has no name while it is used, and nobody finds it afterwards.
final class Cellar: Equatable {
    static func == (one: Cellar, two: Cellar) -> Bool { one === two }

    /// What memory holds of all documents of a run before the next ones go to the disk, in bytes.
    static let heldMax = 16 << 20

    private let disk: any Disk
    private let path: String
    private let heldMax: Int
    private var held = 0
    private var file: (any OpenFile)?
    private var end = 0

    init(_ disk: any Disk, _ folder: StoreFolder, heldMax: Int = Cellar.heldMax) {
        self.disk = disk
        self.heldMax = heldMax
        path = folder.path(unfinishedPrefix + "answers")
    }

    deinit { try? file?.close() }

    /// - Returns: where it stands; `nil`: it has to stay in memory, for there is room, or none on the disk.
    func put(_ bytes: [UInt8]) -> Range<Int>? {
        if held + bytes.count <= heldMax {
            held += bytes.count
            return nil
        }
        do {
            let file = try file ?? open()
            self.file = file
            try file.write(bytes, at: end)
        } catch { return nil }
        defer { end += bytes.count }
        return end..<end + bytes.count
    }

    func bytes(_ range: Range<Int>) throws(DiskError) -> [UInt8] {
        guard let file else { preconditionFailure("nothing was put there") }
        return try file.read(at: range.lowerBound, count: range.count)
    }

    private func open() throws(DiskError) -> any OpenFile {
        // A run that was killed may have left one.
        try? disk.unlink(path)
        let file = try disk.open(path, for: .creating(mode: 0o600))
        try disk.unlink(path)
        return file
    }
}
