import Catalogue
import Files
import Foundation
import Formats
import HTTP
import Storage
import Testing

@testable import Operations

// What the tests of an import stand on: a disk in memory, a network that a test makes up, a store that
// is woken at any time, and documents as feeds write them.

/// Keeps everything in memory, so that a year of runs takes seconds.
final class MemoryDisk: Disk {
    final class Inode {
        var bytes: [UInt8] = [] {
            didSet { changed += 1 }
        }
        var mode: UInt32
        /// In nanoseconds of a clock that ticks when something is written.
        var changed: Int64
        init(mode: UInt32, changed: Int64) {
            self.mode = mode
            self.changed = changed
        }
    }

    private var clock: Int64 = 0
    /// Every path that was opened, in order.
    private(set) var opened: [String] = []

    private func inode(mode: UInt32) -> Inode {
        clock += 1_000_000
        return Inode(mode: mode, changed: clock)
    }

    func forgetOpened() { opened = [] }

    private(set) var files: [String: Inode] = [:]
    private var folders: Set<String> = ["/"]
    fileprivate var locked: Set<String> = []
    /// How often each path was replaced.
    private(set) var publications: [String: Int] = [:]
    /// A call that fails: the verb and the end of the path.
    var fault: (attempt: DiskError.Attempt, suffix: String, code: Int32)?

    private func check(_ attempt: DiskError.Attempt, _ path: String) throws(DiskError) {
        if let fault, fault.attempt == attempt, path.hasSuffix(fault.suffix) {
            throw DiskError(attempt, path, fault.code)
        }
    }

    func bytes(_ path: String) -> [UInt8]? { files[path]?.bytes }
    func text(_ path: String) -> String { String(decoding: bytes(path) ?? [], as: UTF8.self) }

    /// A bit that flips by itself: no time tells of it.
    func rot(_ path: String) {
        guard let inode = files[path] else { return }
        let changed = inode.changed
        inode.bytes[inode.bytes.count / 2] ^= 1
        inode.changed = changed
    }

    func put(_ path: String, _ text: String, mode: UInt32 = 0o644) {
        put(path, Array(text.utf8), mode: mode)
    }

    func put(_ path: String, _ bytes: [UInt8], mode: UInt32 = 0o644) {
        var folder = splitPath(path).folder
        while folder != "/" {
            folders.insert(folder)
            folder = splitPath(folder).folder
        }
        let inode = inode(mode: mode)
        inode.bytes = bytes
        files[path] = inode
    }

    func change(_ path: String, _ change: (inout [UInt8]) -> Void) {
        if let inode = files[path] { change(&inode.bytes) }
    }

    func remove(_ path: String) { files[path] = nil }

    func list(_ folder: String) throws(DiskError) -> [String] {
        try check(.list, folder)
        guard folders.contains(folder) else { throw DiskError(.list, folder, ENOENT) }
        var names: Set<String> = []
        for path in Array(files.keys) + Array(folders) where path != "/" {
            let (parent, name) = splitPath(path)
            if parent == folder { names.insert(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func makeFolder(_ path: String) throws(DiskError) {
        try check(.makeFolder, path)
        guard !folders.contains(path) else { throw DiskError(.makeFolder, path, EEXIST) }
        folders.insert(path)
    }

    func open(_ path: String, for use: FileUse) throws(DiskError) -> any OpenFile {
        try check(.open, path)
        opened.append(path)
        if case .creating(let mode) = use {
            guard files[path] == nil else { throw DiskError(.create, path, EEXIST) }
            files[path] = inode(mode: mode)
        }
        guard let inode = files[path] else { throw DiskError(.open, path, ENOENT) }
        return MemoryFile(inode)
    }

    func sync(folder: String) throws(DiskError) { try check(.sync, folder) }

    func rename(_ old: String, to new: String) throws(DiskError) {
        try check(.rename, new)
        guard let inode = files.removeValue(forKey: old) else { throw DiskError(.rename, old, ENOENT) }
        files[new] = inode
        publications[new, default: 0] += 1
    }

    func unlink(_ path: String) throws(DiskError) {
        guard files.removeValue(forKey: path) != nil else { throw DiskError(.unlink, path, ENOENT) }
    }

    func status(of path: String) throws(DiskError) -> FileStatus? {
        if folders.contains(path) {
            return FileStatus(size: 0, mode: 0o755, isFolder: true, changedNanoseconds: 0)
        }
        return files[path].map {
            FileStatus(
                size: $0.bytes.count, mode: $0.mode, isFolder: false,
                changedNanoseconds: $0.changed)
        }
    }

    func requireWritable(folder: String) throws(DiskError) {
        try check(.examine, folder)
        if !folders.contains(folder) { throw DiskError(.examine, folder, ENOENT) }
    }

    func fileSystem(of path: String) throws(DiskError) -> FileSystemKind { .local }

    func lock(_ path: String) throws(DiskError) -> any OpenFile {
        guard locked.insert(path).inserted else { throw DiskError(.lock, path, EWOULDBLOCK) }
        let inode = files[path] ?? inode(mode: 0o600)
        files[path] = inode
        return MemoryFile(inode, lock: path, of: self)
    }
}

final class MemoryFile: OpenFile {
    private let inode: MemoryDisk.Inode
    private let lock: String?
    private let disk: MemoryDisk?

    init(_ inode: MemoryDisk.Inode, lock: String? = nil, of disk: MemoryDisk? = nil) {
        self.inode = inode
        self.lock = lock
        self.disk = disk
    }

    deinit { release() }

    private func release() { if let lock { disk?.locked.remove(lock) } }

    func size() throws(DiskError) -> Int { inode.bytes.count }

    func read(at offset: Int, count: Int) throws(DiskError) -> [UInt8] {
        Array(inode.bytes[min(offset, inode.bytes.count)..<min(offset + count, inode.bytes.count)])
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(DiskError) {
        let end = offset + bytes.count
        if inode.bytes.count < end {
            inode.bytes += [UInt8](repeating: 0, count: end - inode.bytes.count)
        }
        inode.bytes.replaceSubrange(offset..<end, with: bytes)
    }

    func truncate(to size: Int) throws(DiskError) {
        if size < inode.bytes.count { inode.bytes.removeSubrange(size...) }
    }

    func sync(dataOnly: Bool) throws(DiskError) {}
    func close() throws(DiskError) { release() }
}

/// A network that a test makes up. Like the client it asks nobody of a house again that said 429.
final class PlayedNetwork: Transport {
    typealias Play = (Request) -> Result<Response, TransferError>

    var play: Play
    /// All requests that left, and those of the last run.
    private(set) var asked: [Request] = []
    private(set) var lastAsked: [Request] = []
    /// How long each batch was told to wait before it asks a house.
    private(set) var openings: [Int] = []
    /// Called before any request leaves.
    var beforeSending: () -> Void = {}

    init(_ play: @escaping Play = { _ in .success(Response(status: 404, address: "")) }) {
        self.play = play
    }

    func startRun() { lastAsked = [] }

    func perform(
        _ requests: [Request], pace: Pace, progress: ((HTTP.Progress) -> Void)?
    ) -> [Result<Response, TransferError>] {
        beforeSending()
        openings.append(pace.openingMilliseconds)
        var stopped = Set(pace.closed)
        func refusal(_ address: String, redirects: Int = 0) -> TransferError? {
            guard let house = WebAddress(address)?.house, stopped.contains(house) else { return nil }
            return TransferError(
                kind: .hostStopped, message: "\(house) has asked to wait", redirects: redirects, house: house)
        }
        return requests.map { request in
            if let error = refusal(request.address) { return .failure(error) }
            asked.append(request)
            lastAsked.append(request)
            let answer = play(request)
            guard case .success(let response) = answer else { return answer }
            for (place, hop) in response.hops.enumerated() {
                if let error = refusal(hop.to, redirects: place + 1) { return .failure(error) }
            }
            if response.status == 429, let house = WebAddress(response.address)?.house { stopped.insert(house) }
            return answer
        }
    }
}

extension Request {
    func header(_ name: String) -> String? { headers.first { $0.isNamed(name) }?.value }
    var isConditional: Bool {
        header("If-None-Match") != nil || header("If-Modified-Since") != nil
    }
}

extension Result where Success == Response, Failure == TransferError {
    /// An answer of the address that was asked.
    static func played(
        _ request: Request, _ status: Int, _ headers: [String: String] = [:], body: String = "",
        hops: [Hop] = []
    ) -> Self {
        .success(
            Response(
                status: status,
                headers: headers.sorted { $0.key < $1.key }.map { Header($0.key, $0.value) },
                body: Array(body.utf8), address: hops.last?.to ?? request.address, hops: hops))
    }
}

/// A store that is woken whenever a test wants it to be, and verified when the test is over.
final class PlayedStore {
    let disk = MemoryDisk()
    let network: PlayedNetwork
    let folder = StoreFolder("/store")
    var settings: Settings
    /// The end of the last command's life.
    private(set) var commands: [[String]] = []
    /// A test that leaves its store damaged, or its pages behind the log, says so.
    var endsUnwell = false
    var segmentFullBytes = LogLimits.segmentFullBytes

    deinit {
        if endsUnwell || !disk.files.keys.contains("/store/log/head.json") { return }
        do {
            let found = try Verify.run(
                world(at: .start), folder, directory: settings.publishDirectory)
            if !found.isGood { Issue.record("verify: \(found)") }
        } catch {
            Issue.record("verify: \(error)")
        }
    }

    init(_ toml: String, _ play: @escaping PlayedNetwork.Play) throws {
        disk.put("/store/feeds.toml", toml)
        network = PlayedNetwork(play)
        settings = Settings()
        try configure(toml)
    }

    /// A person edits `feeds.toml`.
    func configure(_ toml: String) throws {
        disk.put("/store/feeds.toml", toml)
        settings = try Settings.read(Array(toml.utf8), disk, folder)
    }

    /// One run of cron.
    @discardableResult
    func run(at now: Instant, _ options: Import.Options = Import.Options()) throws -> ImportReport {
        network.startRun()
        return try Import.run(settings, folder, options, world(at: now))
    }

    func world(at now: Instant) -> World {
        var world = World(
            disk: disk, network: network, now: now,
            random: Randomness(seed: UInt64(bitPattern: now.seconds)),
            run: { words in
                self.commands.append(words)
                return .success(())
            })
        world.segmentFullBytes = segmentFullBytes
        return world
    }

    var polls: Polls { (try? Polls.read(disk, folder.polls)) ?? Polls() }

    func poll(_ name: String) -> Poll { polls.poll(named: name) ?? Poll(name: name, address: "") }

    /// Every event line in the log, in order.
    var events: [String] {
        var lines: [String] = []
        for (path, inode) in disk.files.sorted(by: { $0.key < $1.key })
        where path.hasPrefix("/store/log/") && !path.hasSuffix("head.json") {
            for line in inode.bytes.split(separator: UInt8(ascii: "\n"))
            where line.starts(with: Array("{\"seq\":".utf8)) {
                lines.append(String(decoding: line, as: UTF8.self))
            }
        }
        return lines
    }

    func events(_ type: String) -> [String] {
        events.filter { $0.contains("\"type\":\"\(type)\"") }
    }
}

extension Instant {
    /// A Monday at midnight.
    static let start = Instant(rfc3339: "2026-01-05T00:00:00Z") ?? Instant(seconds: 0)
    static func after(minutes: Int) -> Instant { start.adding(seconds: Int64(minutes) * 60) }
    static func after(hours: Int) -> Instant { start.adding(seconds: Int64(hours) * 3600) }
    static func after(days: Int) -> Instant { start.adding(seconds: Int64(days) * 86_400) }
}

/// Documents as feeds write them.
enum PlayedFeed {
    /// A feed of one's own: every title an item, newest first, dated a day apart.
    static func rss(_ titles: [String], extra: String = "") -> String {
        let items = titles.enumerated().map { index, title in
            """
            <item><title>\(title)</title><guid isPermaLink="false">id-\(title)</guid>\
            <link>https://site.example/\(title.replacingOccurrences(of: " ", with: "-"))</link>\
            <pubDate>\(date(daysAgo: index))</pubDate></item>
            """
        }
        return "<rss version=\"2.0\"><channel><title>T</title>\(extra)\(items.joined())</channel></rss>"
    }

    /// The same as a JSON Feed, each with a review.
    static func json(_ titles: [String]) -> String {
        let items = titles.enumerated().map { index, title in
            """
            {"id":"id-\(title)","url":"https://site.example/\(title)","title":"\(title)",\
            "content_text":"A long review of \(title).","date_published":"2026-01-0\(titles.count - index + 1)T10:00:00Z","tags":["read"]}
            """
        }
        return "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":[\(items.joined(separator: ","))]}"
    }

    /// A member's viewings at Letterboxd, newest first; a negative number is a list.
    static func films(_ numbers: [Int]) -> String {
        let items = numbers.map { number in
            number < 0
                ? "<item><title>List</title><guid isPermaLink=\"false\">letterboxd-list-\(-number)</guid></item>"
                : """
                <item><title>Film \(number), 2001</title>\
                <guid isPermaLink="false">letterboxd-watch-\(number)</guid>\
                <letterboxd:watchedDate>2026-01-0\(number % 9 + 1)</letterboxd:watchedDate>\
                <letterboxd:filmTitle>Film \(number)</letterboxd:filmTitle>\
                <letterboxd:filmYear>2001</letterboxd:filmYear></item>
                """
        }
        return """
            <rss version="2.0" xmlns:letterboxd="https://letterboxd.com"><channel><title>L</title>\
            \(items.joined())</channel></rss>
            """
    }

    private static func date(daysAgo: Int) -> String {
        "\(String(format: "%02d", 28 - daysAgo % 28)) Dec 2025 10:00:00 GMT"
    }
}
