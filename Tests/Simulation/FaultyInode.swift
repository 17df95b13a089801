import Files

/// A file: what the system shows, what the disk holds, and which parts differ.
final class FaultyInode {
    static let sectorBytes = 512

    private(set) var cache: [UInt8] = []
    private(set) var durable: [UInt8] = []
    /// By sector: shown and not yet synced.
    private var dirty: [Bool] = []
    private var isSizeDirty = false
    /// The sizes it had since it was synced.
    private var sizes: [Int] = [0]
    let mode: UInt32

    init(mode: UInt32) { self.mode = mode }

    private init(copying other: FaultyInode) {
        cache = other.cache
        durable = other.durable
        dirty = other.dirty
        isSizeDirty = other.isSizeDirty
        sizes = other.sizes
        mode = other.mode
    }

    func copy() -> FaultyInode { FaultyInode(copying: self) }

    /// `keepsClean`: bytes that equal those shown are taken as written already.
    func write(_ bytes: [UInt8], at offset: Int, keepsClean: Bool) {
        let end = offset + bytes.count
        if keepsClean, end <= cache.count, cache[offset..<end].elementsEqual(bytes) { return }
        if end > cache.count {
            cache += [UInt8](repeating: 0, count: end - cache.count)
            sizes.append(end)
        }
        cache.replaceSubrange(offset..<end, with: bytes)
        if end > durable.count { isSizeDirty = true }
        guard !bytes.isEmpty else { return }
        markDirty(offset / Self.sectorBytes...(end - 1) / Self.sectorBytes)
    }

    func truncate(to size: Int) {
        if size < cache.count { cache.removeSubrange(size...) }
        if size > cache.count { cache += [UInt8](repeating: 0, count: size - cache.count) }
        sizes.append(size)
        isSizeDirty = true
    }

    private func markDirty(_ sectors: ClosedRange<Int>) {
        while dirty.count <= sectors.upperBound { dirty.append(false) }
        for sector in sectors { dirty[sector] = true }
    }

    func sync() {
        if isSizeDirty { durable = resized(durable, to: cache.count) }
        for sector in dirty.indices where dirty[sector] { copy(sector, whole: true, cut: 0) }
        forget()
    }

    /// After a sync that failed the system holds the bytes to be clean, shows them, and never
    /// writes them: a later sync succeeds and does nothing.
    func failSync() { forget() }

    private func forget() {
        dirty = []
        isSizeDirty = false
        sizes = [cache.count]
    }

    /// Any size it went through; each sector written, not written, or torn.
    func losePower(_ random: inout SeededGenerator) {
        let possible = isSizeDirty ? sizes + [durable.count] : [durable.count]
        let size = possible[random.below(possible.count)]
        let held = durable.count
        durable = resized(durable, to: size)
        if size > held, random.chance(50) {
            durable.replaceSubrange(held..., with: random.bytes(size - held))
        }
        for sector in dirty.indices where dirty[sector] && random.chance(50) {
            copy(sector, whole: !random.chance(8), cut: random.below(Self.sectorBytes))
        }
        cache = durable
        forget()
    }

    private func copy(_ sector: Int, whole: Bool, cut: Int) {
        let start = sector * Self.sectorBytes
        let end = min(start + (whole ? Self.sectorBytes : cut), cache.count, durable.count)
        if start < end { durable.replaceSubrange(start..<end, with: cache[start..<end]) }
    }

    private func resized(_ bytes: [UInt8], to size: Int) -> [UInt8] {
        size <= bytes.count
            ? Array(bytes[..<size]) : bytes + [UInt8](repeating: 0, count: size - bytes.count)
    }

    /// The bytes rot: seen at once, and for ever.
    func damage(_ change: (inout [UInt8]) -> Void) {
        change(&cache)
        durable = cache
        forget()
    }
}

/// A folder: the names that are seen, those the disk holds, and the steps between.
final class FaultyFolder {
    enum Node {
        case file(FaultyInode)
        case folder(FaultyFolder)
    }

    private enum Step {
        case link(String, Node)
        case unlink(String)
        case rename(String, String, Node)
    }

    private(set) var visible: [String: Node] = [:]
    private(set) var durable: [String: Node] = [:]
    private var pending: [Step] = []

    /// With copies of the same inodes under all their names, those of steps that are still pending too.
    func copy(_ inodes: inout [ObjectIdentifier: FaultyInode]) -> FaultyFolder {
        var folders: [ObjectIdentifier: FaultyFolder] = [:]
        return copy(&inodes, &folders)
    }

    private func copy(
        _ inodes: inout [ObjectIdentifier: FaultyInode],
        _ folders: inout [ObjectIdentifier: FaultyFolder]
    ) -> FaultyFolder {
        if let known = folders[ObjectIdentifier(self)] { return known }
        let copy = FaultyFolder()
        folders[ObjectIdentifier(self)] = copy
        func same(_ node: Node) -> Node {
            switch node {
            case .folder(let folder): return .folder(folder.copy(&inodes, &folders))
            case .file(let inode):
                if let known = inodes[ObjectIdentifier(inode)] { return .file(known) }
                let copy = inode.copy()
                inodes[ObjectIdentifier(inode)] = copy
                return .file(copy)
            }
        }
        copy.visible = visible.mapValues(same)
        copy.durable = durable.mapValues(same)
        copy.pending = pending.map { step in
            switch step {
            case .link(let name, let node): .link(name, same(node))
            case .unlink(let name): .unlink(name)
            case .rename(let old, let new, let node): .rename(old, new, same(node))
            }
        }
        return copy
    }

    func link(_ name: String, _ node: Node) { take(.link(name, node)) }
    func unlink(_ name: String) { take(.unlink(name)) }
    func rename(_ old: String, to new: String, _ node: Node) { take(.rename(old, new, node)) }

    private func take(_ step: Step) {
        apply(step, to: &visible)
        pending.append(step)
    }

    private func apply(_ step: Step, to names: inout [String: Node]) {
        switch step {
        case .link(let name, let node): names[name] = node
        case .unlink(let name): names[name] = nil
        case .rename(let old, let new, let node):
            names[old] = nil
            names[new] = node
        }
    }

    func sync() {
        durable = visible
        pending = []
    }

    /// Steps are lost from some point on (`inOrder`), or any of them.
    func losePower(_ random: inout SeededGenerator, inOrder: Bool) {
        let kept = random.below(pending.count + 1)
        for (index, step) in pending.enumerated()
        where inOrder ? index < kept : random.chance(50) {
            apply(step, to: &durable)
        }
        visible = durable
        pending = []
        for name in visible.keys.sorted() {
            switch visible[name] {
            case .file(let inode): inode.losePower(&random)
            case .folder(let folder): folder.losePower(&random, inOrder: inOrder)
            case nil: break
            }
        }
    }
}
