public import Files
import Glibc

// A disk in memory that does to a program what disks do (STORE section 5): it forgets what was not
// synced, tears writes, fills up, fails, and stops the program at any of its calls.
//
// Nothing here depends on the order of a Dictionary: the same seed is the same story.

public final class FaultyDisk: Disk {
    /// How the program's life ended.
    public enum End: Sendable {
        /// The system goes on and shows what was written.
        case kill
        case powerLoss
    }

    public enum Fault: CaseIterable, Sendable {
        case inputOutput
        case full
    }

    public enum Damage: CaseIterable, Sendable {
        case flip
        case cut
        case zero
        case lose
    }

    /// The code of the error that every call answers once the program is dead.
    public static let deadCode: Int32 = 10_000

    /// Calls since the disk was made.
    public private(set) var callCount = 0
    /// A digest of all calls and answers.
    public private(set) var trace: UInt64 = 0xCBF2_9CE4_8422_2325
    /// The program dies at this call, which does nothing or a part of what it should.
    public var crashAt: Int?
    /// This call fails, if it is one that can fail so.
    public var fault: (call: Int, kind: Fault)?
    /// So do all calls after it, until the program ends: a disk that stays full.
    public var faultLasts = false
    /// Whether the last fault met a call that could fail so.
    public private(set) var faultStruck = false
    /// What the program is made to do wrong.
    public var mistake: Mistake?
    /// Called before each call with its number, never within itself: a place for what happens beside
    /// the program.
    public var beside: ((Int) -> Void)?
    /// What becomes of the bytes that the program publishes under this path.
    public var substitutes: [String: ([UInt8]) -> [UInt8]] = [:]
    public var kind: FileSystemKind = .local
    public private(set) var isDead = false

    private let root: FaultyFolder
    private var random: SeededGenerator
    private var locked: [String] = []
    private var generation = 0
    private var justLocked = false
    /// The program has published a page.
    private var hasPages = false
    /// Paths taken apart: most are asked for again and again.
    private var knownPaths: [String: [String]] = [:]
    /// How often a program has died here.
    public private(set) var deathCount = 0

    public init(seed: UInt64) {
        root = FaultyFolder()
        random = SeededGenerator(seed: seed)
    }

    private init(copying other: FaultyDisk) {
        var copies: [ObjectIdentifier: FaultyInode] = [:]
        root = other.root.copy(&copies)
        callCount = other.callCount
        trace = other.trace
        kind = other.kind
        mistake = other.mistake
        random = other.random
        generation = other.generation
        deathCount = other.deathCount
        knownPaths = other.knownPaths
    }

    /// The same disk once more, to be treated otherwise from here on. No program may be alive.
    public func copy() -> FaultyDisk { FaultyDisk(copying: self) }

    /// From here on chance goes another way.
    public func reseed(_ seed: UInt64) { random = SeededGenerator(seed: seed) }

    // MARK: Ends and damage

    /// The next program starts on what the last one left. `keepingPlans`: the call to die or
    /// fail at is still to come.
    public func restart(after end: End, keepingPlans: Bool = false) {
        if end == .powerLoss {
            root.losePower(&random, inOrder: random.chance(50))
        }
        isDead = false
        locked = []
        generation += 1
        justLocked = false
        hasPages = false
        if keepingPlans { return }
        crashAt = nil
        fault = nil
        faultLasts = false
        faultStruck = false
    }

    /// The run is over: no trap that it did not reach is for who looks at what it left.
    public func spareTheLooker() {
        crashAt = nil
        fault = nil
        beside = nil
    }

    /// Damages the first `limit` bytes of a file; a cut takes what lies behind them as well. Answers what was done, for
    /// a message.
    public func damage(_ path: String, _ damage: Damage, below limit: Int = .max) -> String {
        guard case .file(let inode)? = node(path) else { return "nothing at \(path)" }
        let size = min(limit, inode.cache.count)
        let place = random.below(max(1, size))
        switch damage {
        case .flip where size > 0:
            let bit = UInt8(1) << UInt8(random.below(8))
            inode.damage { $0[place] ^= bit }
        case .zero where size > 0:
            let end = min(size, place + 1 + random.below(64))
            inode.damage { $0.replaceSubrange(place..<end, with: repeatElement(0, count: end - place)) }
        case .cut, .flip, .zero:
            inode.damage { $0.removeSubrange(place...) }
        case .lose:
            let (folder, name) = parent(path)
            folder?.unlink(name)
            folder?.sync()
        }
        return "\(damage) \(path) at \(place) of \(size)"
    }

    /// Changes a file behind the program's back.
    public func change(_ path: String, _ change: (inout [UInt8]) -> Void) {
        if case .file(let inode)? = node(path) { inode.damage(change) }
    }

    /// Puts a file there behind the program's back; `nil` takes it away.
    public func plant(_ path: String, _ bytes: [UInt8]?, mode: UInt32 = 0o644) {
        let (folder, name) = parent(path)
        guard let folder else { return }
        if let bytes {
            let inode = FaultyInode(mode: mode)
            inode.damage { $0 = bytes }
            folder.link(name, .file(inode))
        } else {
            folder.unlink(name)
        }
        folder.sync()
    }

    public func plantFolder(_ path: String) {
        let (folder, name) = parent(path)
        folder?.link(name, .folder(FaultyFolder()))
        folder?.sync()
    }

    public func isLocked(_ path: String) -> Bool { locked.contains(path) }

    /// What a power cut would leave there, if no chance came into it.
    public func durable(_ path: String) -> [UInt8]? {
        let (folder, name) = parent(path)
        guard case .file(let inode)? = folder?.durable[name] else { return nil }
        return inode.durable
    }

    /// What is seen there, without a call.
    public func peek(_ path: String) -> [UInt8]? {
        if case .file(let inode)? = node(path) { return inode.cache }
        return nil
    }

    /// The names seen in a folder, without a call.
    public func names(_ path: String) -> [String] {
        if case .folder(let folder)? = node(path) { return folder.visible.keys.sorted() }
        return []
    }

    // MARK: Verbs

    public func list(_ folder: String) throws(DiskError) -> [String] {
        try call(.list, folder)
        guard case .folder(let found)? = node(folder) else {
            throw DiskError(.list, folder, ENOENT)
        }
        return found.visible.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    public func makeFolder(_ path: String) throws(DiskError) {
        try call(.makeFolder, path)
        let (folder, name) = parent(path)
        guard let folder else { throw DiskError(.makeFolder, path, ENOENT) }
        guard folder.visible[name] == nil else { throw DiskError(.makeFolder, path, EEXIST) }
        folder.link(name, .folder(FaultyFolder()))
    }

    public func open(_ path: String, for use: FileUse) throws(DiskError) -> any OpenFile {
        switch use {
        case .reading, .writing:
            try call(.open, path)
            guard case .file(let inode)? = node(path) else {
                throw DiskError(.open, path, ENOENT)
            }
            return FaultyFile(self, path, inode, generation)
        case .creating(let mode):
            try call(.create, path)
            let (folder, name) = parent(path)
            guard let folder else { throw DiskError(.create, path, ENOENT) }
            guard folder.visible[name] == nil else { throw DiskError(.create, path, EEXIST) }
            let inode = FaultyInode(mode: mode)
            folder.link(name, .file(inode))
            return FaultyFile(self, path, inode, generation)
        }
    }

    public func sync(folder path: String) throws(DiskError) {
        try call(.sync, path)
        let isOnOpen = justLocked
        justLocked = false
        guard case .folder(let folder)? = node(path) else { throw DiskError(.sync, path, ENOENT) }
        if mistake == .folderNotSynced || mistake == .folderNotSyncedOnOpen && isOnOpen { return }
        folder.sync()
    }

    public func rename(_ old: String, to new: String) throws(DiskError) {
        try call(.rename, new)
        let (folder, name) = parent(old)
        let (target, newName) = parent(new)
        precondition(folder === target, "files are renamed within their folder")
        guard let folder, let node = folder.visible[name] else {
            throw DiskError(.rename, new, ENOENT)
        }
        let isDropped =
            switch mistake {
            case .headNotMoved: newName == "head.json" && folder.visible[newName] != nil
            case .quarantineSkipped: newName.hasPrefix("quarantine-")
            default: false
            }
        if isDropped {
            folder.unlink(name)
            return
        }
        if new.hasPrefix("/store/public/") { hasPages = true }
        let isInPlace =
            mistake == .headInPlace && newName == "head.json" || mistake == .segmentInPlace && newName.hasSuffix(".ndjson")
        if isInPlace, case .file(let made) = node, case .file(let standing)? = folder.visible[newName] {
            try overwrite(standing, new, with: made.cache)
            return folder.unlink(name)
        }
        folder.rename(name, to: newName, node)
    }

    private func overwrite(
        _ inode: FaultyInode, _ path: String, with bytes: [UInt8]
    ) throws(DiskError) {
        try call(
            .write, path, partly: { inode.write(Array(bytes[..<$0]), at: 0, keepsClean: false) },
            size: bytes.count)
        inode.write(bytes, at: 0, keepsClean: false)
        inode.truncate(to: bytes.count)
        try call(.sync, path)
        inode.sync()
    }

    public func unlink(_ path: String) throws(DiskError) {
        try call(.unlink, path)
        let (folder, name) = parent(path)
        guard let folder, folder.visible[name] != nil else {
            throw DiskError(.unlink, path, ENOENT)
        }
        if mistake == .unfinishedKept, name.hasPrefix(unfinishedPrefix) { return }
        folder.unlink(name)
    }

    public func status(of path: String) throws(DiskError) -> FileStatus? {
        try call(.examine, path)
        switch node(path) {
        case .file(let inode)?:
            let isWrong = mistake == .pagesRewritten && path.hasPrefix("/store/public/")
            return FileStatus(
                size: inode.cache.count + (isWrong ? 1 : 0), mode: inode.mode, isFolder: false,
                changedNanoseconds: 0)
        case .folder?:
            return FileStatus(size: 0, mode: 0o755, isFolder: true, changedNanoseconds: 0)
        case nil: return nil
        }
    }

    public func requireWritable(folder: String) throws(DiskError) { try call(.examine, folder) }

    public func fileSystem(of path: String) throws(DiskError) -> FileSystemKind {
        try call(.examine, path)
        return kind
    }

    public func lock(_ path: String) throws(DiskError) -> any OpenFile {
        try call(.lock, path)
        guard !locked.contains(path) || mistake == .lockNotAsked else {
            throw DiskError(.lock, path, EWOULDBLOCK)
        }
        let (folder, name) = parent(path)
        guard let folder else { throw DiskError(.lock, path, ENOENT) }
        if folder.visible[name] == nil { folder.link(name, .file(FaultyInode(mode: 0o644))) }
        guard case .file(let inode)? = folder.visible[name] else {
            throw DiskError(.lock, path, EISDIR)
        }
        locked.append(path)
        justLocked = true
        return FaultyFile(self, path, inode, generation, isLock: true)
    }

    // MARK: Every call

    /// A call of the program that is not the disk's, at which it may die, too. False: it is dead.
    public func reach(_ place: String) -> Bool {
        try? call(.close, place)
        return !isDead
    }

    /// Counts the call; throws when the program dies here or the call is to fail.
    fileprivate func call(
        _ attempt: DiskError.Attempt, _ path: String, partly: (Int) -> Void = { _ in },
        size: Int = 0
    ) throws(DiskError) {
        if isDead { throw DiskError(attempt, path, Self.deadCode) }
        callCount += 1
        if let beside {
            self.beside = nil
            beside(callCount)
            self.beside = self.beside ?? beside
        }
        note(attempt.rawValue)
        note(path)
        note("\(size)")
        if crashAt == callCount {
            isDead = true
            deathCount += 1
            if size > 0 { partly(random.below(size + 1)) }
            throw DiskError(attempt, path, Self.deadCode)
        }
        guard let fault, fault.call == callCount || faultLasts && fault.call < callCount,
            let code = fault.kind.code(for: attempt)
        else { return }
        faultStruck = true
        if attempt == .write { partly(size / 2) }
        throw DiskError(attempt, path, code)
    }

    /// What a mistaken program makes of what it writes: that is owed, it says only after its pages.
    fileprivate func mistaken(_ bytes: [UInt8], _ path: String) -> [UInt8] {
        guard mistake == .debtAfterPages, !hasPages, path.hasSuffix("/.tmp-polls.json") else { return bytes }
        return bytes.replacing(Array("\"owes_command\":true".utf8), with: Array("\"owes_command\":false".utf8))
    }

    /// What is written in place of an unfinished file of a path that has a substitute.
    fileprivate func substitute(_ path: String, _ bytes: [UInt8]) -> [UInt8] {
        if substitutes.isEmpty { return bytes }
        let (folder, name) = splitPath(path)
        guard name.hasPrefix(unfinishedPrefix) else { return bytes }
        return substitutes["\(folder)/\(name.dropFirst(unfinishedPrefix.count))"]?(bytes) ?? bytes
    }

    fileprivate func isCurrent(_ generation: Int) -> Bool { generation == self.generation }

    fileprivate func release(_ path: String) { locked.removeAll { $0 == path } }

    private func note(_ text: String) {
        var sum = trace
        for byte in text.utf8 { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
        trace = (sum ^ 0xFF) &* 0x100_0000_01B3
    }

    // MARK: Paths

    private func node(_ path: String) -> FaultyFolder.Node? { node(names(in: path)[...]) }

    private func node(_ names: ArraySlice<String>) -> FaultyFolder.Node? {
        var here = FaultyFolder.Node.folder(root)
        for name in names {
            guard case .folder(let folder) = here, let next = folder.visible[name] else {
                return nil
            }
            here = next
        }
        return here
    }

    private func parent(_ path: String) -> (FaultyFolder?, String) {
        let names = names(in: path)
        if case .folder(let folder)? = node(names.dropLast()) { return (folder, names.last ?? "") }
        return (nil, names.last ?? "")
    }

    private func names(in path: String) -> [String] {
        if let known = knownPaths[path] { return known }
        var names: [String] = []
        for name in path.utf8.split(separator: UInt8(ascii: "/")).map({ String(Substring($0)) }) {
            if name == ".." { _ = names.popLast() } else if name != "." { names.append(name) }
        }
        knownPaths[path] = names
        return names
    }
}

extension FaultyDisk.Fault {
    /// The `errno` of a call that can fail so; `nil`: this one cannot.
    fileprivate func code(for attempt: DiskError.Attempt) -> Int32? {
        switch (self, attempt) {
        case (.full, .write), (.full, .create), (.full, .makeFolder), (.full, .rename): ENOSPC
        case (.full, _): nil
        case (.inputOutput, .lock), (.inputOutput, .close): nil
        case (.inputOutput, _): EIO
        }
    }
}

/// A file opened by one program; useless to the next.
private final class FaultyFile: OpenFile {
    private let disk: FaultyDisk
    private let path: String
    private let inode: FaultyInode
    private let generation: Int
    private let isLock: Bool

    init(
        _ disk: FaultyDisk, _ path: String, _ inode: FaultyInode, _ generation: Int,
        isLock: Bool = false
    ) {
        self.disk = disk
        self.path = path
        self.inode = inode
        self.generation = generation
        self.isLock = isLock
    }

    deinit {
        if isLock && disk.isCurrent(generation) { disk.release(path) }
    }

    private func call(
        _ attempt: DiskError.Attempt, partly: (Int) -> Void = { _ in }, size: Int = 0
    ) throws(DiskError) {
        guard disk.isCurrent(generation) else {
            throw DiskError(attempt, path, FaultyDisk.deadCode)
        }
        try disk.call(attempt, path, partly: partly, size: size)
    }

    func size() throws(DiskError) -> Int {
        try call(.examine)
        return inode.cache.count
    }

    func read(at offset: Int, count: Int) throws(DiskError) -> [UInt8] {
        do {
            try call(.read)
        } catch {
            if error.code == EIO, disk.mistake == .failedReadIsEnd { return [] }
            throw error
        }
        let start = min(offset, inode.cache.count)
        return Array(inode.cache[start..<min(inode.cache.count, start + count)])
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(DiskError) {
        let keepsClean = disk.mistake == .tailTrusted
        do {
            try call(
                .write,
                partly: { self.inode.write(Array(bytes[..<$0]), at: offset, keepsClean: keepsClean) },
                size: bytes.count)
        } catch {
            if error.code == ENOSPC, disk.mistake == .fullDiskIgnored { return }
            throw error
        }
        let written = disk.mistaken(disk.substitute(path, bytes), path)
        inode.write(written, at: offset, keepsClean: keepsClean)
    }

    func truncate(to size: Int) throws(DiskError) {
        try call(.truncate)
        if disk.mistake == .tailKept, path.hasSuffix(".ndjson") { return }
        inode.truncate(to: size)
    }

    func sync(dataOnly: Bool) throws(DiskError) {
        do {
            try call(.sync)
        } catch {
            if error.code == EIO {
                inode.failSync()
                if disk.mistake == .failedSyncIgnored { return }
            }
            throw error
        }
        switch disk.mistake {
        case .notSyncedBeforeRename where splitPath(path).name.hasPrefix(unfinishedPrefix): return
        case .headBeforeLog where path.hasSuffix(".ndjson") && dataOnly: return
        default: inode.sync()
        }
    }

    func close() throws(DiskError) {
        try call(.close)
        if isLock { disk.release(path) }
    }
}
