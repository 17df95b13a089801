public import Catalogue
import Formats

/// Everything that ever happened to one finish.
public struct Why: Sendable {
    public var standing: Standing
    /// In order, each with its line of the log.
    public var events: [(event: Event, line: [UInt8])]

    public static func find(_ text: String, _ archive: Archive) throws(OperationError) -> Why {
        let state = try archive.state()
        let standing: Standing
        do {
            standing = try archive.finish(text, in: state)
        } catch {
            // What was forgotten is in the log all the same.
            guard case .noFinish = error, let gone = try forgotten(text, archive) else { throw error }
            standing = gone
        }
        var ids = [standing.id]
        try archive.events(holding: ["merged"]) { event, _ in
            if case .merged(let id, let into, _) = event.fact, ids.contains(into) { ids.append(id) }
        }
        var events: [(event: Event, line: [UInt8])] = []
        var backfills: Set<String> = []
        try archive.events(holding: ids.map(\.text) + ["backfill-undone"]) { event, line in
            if ids.contains(where: { event.fact.concerns($0) }) {
                events.append((event, line))
                if let backfill = event.fact.backfill { backfills.insert(backfill) }
            } else if case .backfillUndone(let backfill) = event.fact, backfills.contains(backfill) {
                events.append((event, line))
            }
        }
        return Why(standing: standing, events: events)
    }

    private static func forgotten(
        _ text: String, _ archive: Archive
    ) throws(OperationError) -> Standing? {
        var found: Int?
        try archive.events(holding: [text]) { event, _ in
            if case .finished(let finished) = event.fact,
                finished.id.text == text || finished.keys.contains(text)
            {
                found = Int(event.sequence)
            }
        }
        guard let found else { return nil }
        return try archive.state(at: .sequence(found)).finish(withKey: text)
    }
}

extension Fact {
    /// The backfill that brought it.
    var backfill: String? {
        switch self {
        case .finished(let finished): finished.backfill
        case .revised(let revision): revision.backfill
        default: nil
        }
    }

    /// Whether it is about this finish.
    func concerns(_ id: FinishID) -> Bool {
        switch self {
        case .finished(let finished): finished.id == id
        case .revised(let revision): revision.id == id
        case .withdrawn(let one, _), .restored(let one, _), .corrected(let one, _),
            .hidden(let one), .unhidden(let one), .forgotten(let one), .coverSaved(let one, _):
            one == id
        case .merged(let one, let into, _): one == id || into == id
        case .announcement(let step): step.id == id
        case .configured, .feedAdopted, .passedOver, .backfillUndone, .feedCondition,
            .historyDamaged, .ignored:
            false
        }
    }
}
