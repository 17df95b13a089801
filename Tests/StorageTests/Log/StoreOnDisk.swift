import Files
import Formats
import Simulation

@testable import Storage

/// A store in memory whose events mean nothing: what the tests of the log share.
struct StoreOnDisk {
    let disk: FaultyDisk
    /// Few, so that tests of several segments are quick: 10 events of `filler` bytes fit, 11 fill.
    let segmentFullBytes: Int
    static let filler = 1_000
    static let root = "/home/store"
    static let identity = [UInt8](repeating: 7, count: 32)
    static let start = Instant(rfc3339: "2026-01-15T12:00:00Z")!

    init(seed: UInt64 = 1, segmentFullBytes: Int = 10_900) {
        self.segmentFullBytes = segmentFullBytes
        disk = FaultyDisk(seed: seed)
        try! disk.makeFolder("/home")
        try! disk.sync(folder: "/")
        try! disk.makeFolder(Self.root)
        try! disk.sync(folder: "/home")
    }

    var folder: String { Self.root + "/log" }
    var head: String { folder + "/head.json" }
    func segment(_ first: Int) -> String { folder + "/" + Segment.name(first: first) }

    func open() throws(StoreError) -> Log {
        try Log.openForWriting(
            disk, root: Self.root, newStore: Self.identity, segmentFullBytes: segmentFullBytes)
    }

    func read() throws(StoreError) -> Log {
        try Log.openForReading(disk, root: Self.root)
    }

    /// Appends batches of these many events, with `filler` bytes more in each event.
    @discardableResult
    func append(_ counts: [Int], filler: Int = 0) throws(StoreError) -> [Commit] {
        let log = try open()
        var commits: [Commit] = []
        for count in counts { commits.append(try log.add(count, filler: filler)) }
        return commits
    }

    /// Every file of the log, for comparing.
    var files: [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in disk.names(folder) { files[name] = disk.peek(folder + "/" + name) }
        return files
    }

    func events(checkingChain: Bool = false) throws(StoreError) -> [String] {
        try Self.events(of: read(), checkingChain: checkingChain)
    }

    static func events(
        of log: Log, after position: LogPosition? = nil, through sequence: Int? = nil,
        checkingChain: Bool = false
    ) throws(StoreError) -> [String] {
        var lines: [String] = []
        try log.replay(after: position, through: sequence, checkingChain: checkingChain) { part in
            for range in part.events {
                lines.append(String(decoding: part.bytes[range], as: UTF8.self))
            }
        }
        return lines
    }

    static func line(_ sequence: Int, filler: Int = 0) -> [UInt8] {
        Array("{\"seq\":\(sequence),\"x\":\"".utf8)
            + [UInt8](repeating: 0x61 + UInt8(sequence % 26), count: filler) + Array("\"}".utf8)
    }

    static func lines(_ range: ClosedRange<Int>) -> [String] {
        range.map { String(decoding: line($0), as: UTF8.self) }
    }
}

extension Log {
    @discardableResult
    func add(
        _ count: Int, filler: Int = 0, at: Instant = StoreOnDisk.start
    ) throws(StoreError) -> Commit {
        let next = nextSequence
        return try append(
            (next..<next + count).map { StoreOnDisk.line($0, filler: filler) },
            cause: "import", version: "1.0.0", at: at)
    }
}
