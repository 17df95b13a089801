import Files

/// Documents that wait for their turn to be read, on the disk: of a thousand feeds that have news at once, memory would
/// hold too much. The file has no name while it is used, and nobody finds it afterwards.
final class Cellar {
    /// Where one of them stands.
    struct Place: Equatable {
        let range: Range<Int>
        private let file: any OpenFile

        fileprivate init(_ range: Range<Int>, of file: any OpenFile) { (self.range, self.file) = (range, file) }

        func bytes() throws(DiskError) -> [UInt8] { try file.read(at: range.lowerBound, count: range.count) }

        static func == (one: Place, two: Place) -> Bool { one.range == two.range && one.file === two.file }
    }

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

    /// - Returns: where it stands; `nil`: it has to stay in memory, for there is room, or none on the disk.
    func put(_ bytes: [UInt8]) -> Place? {
        if held + bytes.count <= heldMax {
            held += bytes.count
            return nil
        }
        do {
            let file = try file ?? open()
            self.file = file
            try file.write(bytes, at: end)
            defer { end += bytes.count }
            return Place(end..<end + bytes.count, of: file)
        } catch { return nil }
    }

    private func open() throws(DiskError) -> any OpenFile {
        // A run that was killed may have left one.
        try? disk.unlink(path)
        let file = try disk.open(path, for: .creating(mode: 0o600))
        try disk.unlink(path)
        return file
    }
}
