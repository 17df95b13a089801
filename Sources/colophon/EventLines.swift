import Catalogue
import Formats
import Operations

/// Events as a person reads them: one line each.
extension Reports {
    static func line(_ event: Event) -> String {
        pad("\(event.sequence)", 5) + " " + time(event.at) + "  " + words(event)
    }

    private static func words(_ event: Event) -> String {
        switch event.fact {
        case .configured: return "settings changed"
        case .feedAdopted(let feed, let service, let entries, _):
            return "\(feed) adopted as \(service), \(count(entries, "entry", "entries"))"
        case .finished(let finished):
            let day = finished.finish.day.map { " on \($0)" } ?? ""
            let owed = finished.announce.isEmpty ? "" : ", to be announced on " + finished.announce.joined(separator: ", ")
            return "finished\(day): \(work(finished.finish)) (\(finished.feed), by \(finished.rule.rawValue))\(owed)"
        case .revised(let revision):
            var parts = revision.change.set.map { "\($0.field.rawValue) is \(short($0.value))" }
            parts += revision.change.unset.map { "\($0.rawValue) is gone" }
            parts += revision.keys.map { "also called \($0)" }
            if parts.isEmpty { parts = ["seen there, too"] }
            return "revised by \(revision.feed): \(revision.id): " + parts.joined(separator: ", ")
        case .passedOver(let passed):
            return "passed over in \(passed.feed): \(oneLine(passed.title)) (\(passed.reason))"
        case .withdrawn(let id, let feed): return "withdrawn from \(feed): \(id)"
        case .restored(let id, let feed): return "there again in \(feed): \(id)"
        case .corrected(let id, let change):
            let parts = change.set.map { "\($0.field.rawValue) is \(short($0.value))" }
                + change.unset.map { "\($0.rawValue) is gone" }
            return "corrected: \(id): " + parts.joined(separator: ", ")
        case .hidden(let id): return "hidden: \(id)"
        case .unhidden(let id): return "shown again: \(id)"
        case .forgotten(let id): return "forgotten: \(id)"
        case .backfillUndone(let backfill): return "backfill taken back: \(backfill)"
        case .merged(let id, let into, let by): return "merged by \(by.rawValue): \(id) into \(into)"
        case .coverSaved(let id, let cover):
            return "cover saved: \(id) (\(cover.mediaType), \(cover.width) × \(cover.height))"
        case .feedCondition(let condition): return line(condition)
        case .announcement(let step):
            let reason = step.reason.isEmpty ? "" : ": " + step.reason
            return "announcement \(step.step.rawValue): \(step.network)/\(step.id)\(reason)"
        case .historyDamaged(let from, let to, _):
            return from == to && from == event.sequence
                ? "given up: this event could not be read, or spoke of a finish that is lost"
                : "damaged: what could not be kept of events \(from) to \(to) was given up"
        case .ignored(let type): return "\(type) (of a newer Colophon)"
        }
    }

    /// `films: failing: not found (404) (letterboxd.com)`
    static func line(_ condition: FeedCondition) -> String {
        let host = condition.host.isEmpty ? "" : " (\(condition.host))"
        switch condition.turn {
        case .failing where condition.reason == Drought.reason || condition.reason.hasPrefix(Failure.turnedAway):
            return "\(condition.feed): \(condition.reason)\(host)"
        case .failing: return "\(condition.feed): has failed three times in a row: \(condition.reason)\(host)"
        case .recovered: return "\(condition.feed): is well again\(host)"
        case .moved where !condition.address.isEmpty: return "\(condition.feed): \(condition.reason)\(host)"
        case .moved: return "\(condition.feed): has moved for good to \(condition.host): set its url in feeds.toml (\"colophon check\" shows the address)"
        case .gone: return "\(condition.feed): is \(condition.reason)\(host): it is not asked again until its part of feeds.toml changes"
        case .gap: return "\(condition.feed): \(condition.reason)\(host)"
        }
    }
}
