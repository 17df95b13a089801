public import Catalogue
import Files
import Formats
import Storage

/// A store that is only read: no lock, no write, nothing of a run that is under way.
public struct Archive {
    let world: World
    let folder: StoreFolder
    let store: Store

    /// - Parameter usesSnapshots: `false` takes the state from the events alone.
    /// - Throws: `noStore` when the folder holds neither a log nor a `feeds.toml`.
    public init(
        _ world: World, _ folder: StoreFolder, usesSnapshots: Bool = true
    ) throws(OperationError) {
        self.world = world
        self.folder = folder
        let isStore = try onDisk { () throws(DiskError) in
            let log = try world.disk.status(of: folder.log)
            let settings = try world.disk.status(of: folder.settings)
            return log != nil || settings != nil
        }
        guard isStore else { throw .noStore(folder: folder.root) }
        store = try inStore { () throws(StoreError) in
            try Store.openForReading(world.disk, root: folder.root, usesSnapshots: usesSnapshots)
        }
    }

    /// One that is open already.
    init(_ world: World, _ folder: StoreFolder, _ store: Store) {
        (self.world, self.folder, self.store) = (world, folder, store)
    }

    /// The state now, or as it was.
    public func state(at when: When? = nil) throws(OperationError) -> State {
        guard let when else { return store.state }
        let sequence = try when.lastSequence(
            in: store.log, world.disk, zone: store.state.configuration.site.timeZone)
        return try inStore { () throws(StoreError) in
            try store.state(through: sequence)
        }
    }

    /// The finish that a person means by an id, one of its keys, or the beginning of an id.
    public func finish(_ text: String, in state: State) throws(OperationError) -> Standing {
        if let exact = state.finish(withKey: text) { return exact }
        let candidates = state.finishes(withIDPrefix: text)
        if candidates.count == 1 { return candidates[0] }
        if candidates.isEmpty { throw .noFinish(id: text) }
        throw .ambiguous(id: text, candidates: candidates.prefix(5).map(\.id.text))
    }

    /// The sequence numbers between two moments, both included; `nil`: the beginning, the end.
    public func range(from: When?, to: When?) throws(OperationError) -> Range<Int> {
        if let from, let to, to.isBefore(from) {
            throw .unreadable(what: "--to", found: to.text, expected: "nothing before --from, \(from.text)")
        }
        let zone = store.state.configuration.site.timeZone
        var first = 1
        if let from {
            switch from {
            case .sequence(let sequence): first = max(1, sequence)
            case .instant(let instant):
                // Everything after the last batch that is earlier.
                let before = When.instant(instant.adding(seconds: -1))
                first = try before.lastSequence(in: store.log, world.disk, zone: zone) + 1
            case .day(let day):
                let eve = day.first.instant().adding(seconds: -86_400)
                first = try When.day(Day(of: eve)).lastSequence(in: store.log, world.disk, zone: zone) + 1
            }
        }
        let last = try to?.lastSequence(in: store.log, world.disk, zone: zone) ?? .max
        return first..<max(first, last == .max ? last : last + 1)
    }

    /// Visits the events of these numbers in order, each with its line.
    ///
    /// - Parameter texts: only lines that hold one of these as a string; `nil`: all.
    public func events(
        in numbers: Range<Int> = 1..<Int.max, holding texts: [String]? = nil,
        _ visit: (Event, [UInt8]) -> Void
    ) throws(OperationError) {
        guard !numbers.isEmpty else { return }
        let first = numbers.lowerBound
        let marks = texts.map { $0.map { JSONMark($0) } }
        try inStore { () throws(StoreError) in
            try store.log.replay(after: store.log.lastCommit(before: first)?.position, through: numbers.upperBound - 1) {
                batches throws(StoreError) in
                for (index, range) in batches.events.enumerated() where batches.first + index >= first {
                    if let marks, !marks.contains(where: { $0.stands(in: batches.bytes, range) }) { continue }
                    let line = Array(batches.bytes[range])
                    do throws(EventError) {
                        visit(try EventCoding.decode(line), line)
                    } catch {
                        throw .event(file: batches.file, offset: range.lowerBound, error)
                    }
                }
            }
        }
    }
}
