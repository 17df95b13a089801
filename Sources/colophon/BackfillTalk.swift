import Catalogue
import Formats
import Operations

/// How a backfill and a reconsideration are told.
extension Reports {
    /// - Parameter unusedMax: of the rows that were not used so many are named one by one.
    static func lines(_ report: BackfillReport, unusedMax: Int) -> [String] {
        var lines: [String] = []
        for source in report.sources {
            guard source.problem.isEmpty else {
                lines.append("\(source.name): \(oneLine(source.problem))")
                continue
            }
            var parts = [count(source.rows, "row"), "\(source.finished) new"]
            if source.completed > 0 { parts.append("\(source.completed) known and completed") }
            if !source.unused.isEmpty { parts.append("\(source.unused.count) not used") }
            lines.append("\(source.name): " + parts.joined(separator: ", "))
        }
        if let ending = report.ending { lines.append("no further: " + ending.words) }
        lines += unused(report, max: unusedMax)
        lines.append("")
        if report.isDryRun {
            lines.append("a dry run: \(count(report.events, "event")) would be recorded")
            return lines
        }
        let all = count(report.shown, "finish", "finishes") + " in all"
        guard let id = report.id else { return lines + ["nothing new; " + all] }
        lines.append("\(count(report.events, "event")) recorded; \(all); nothing of it is announced")
        lines.append("\"colophon backfill --undo \(id)\" takes it back")
        if !report.changed.isEmpty { lines.append("published " + report.changed.joined(separator: ", ")) }
        return lines
    }

    private static func unused(_ report: BackfillReport, max: Int) -> [String] {
        var lines: [String] = []
        var left = 0
        for source in report.sources {
            for row in source.unused {
                guard lines.count < max else {
                    left += 1
                    continue
                }
                let place = row.line.map { "\(source.name):\($0)" } ?? source.name
                let title = row.title.isEmpty ? "" : " (" + short(.string(row.title)) + ")"
                lines.append("    \(place): \(oneLine(row.reason))\(title)")
            }
        }
        if left > 0 { lines.append("    and \(left) more: \"--verbose\" names all, \"--rejects FILE\" keeps them") }
        return lines
    }

    static func lines(_ outcome: Reconsider.Outcome) -> [String] {
        var lines: [String] = []
        for finished in outcome.finished { lines.append("+ " + work(finished.finish) + "  " + finished.id.text) }
        for revision in outcome.revised {
            let parts = revision.change.set.map { "\($0.field.rawValue) is \(short($0.value))" }
                + revision.keys.map { "also called \($0)" }
            lines.append("~ \(revision.id): " + parts.joined(separator: ", "))
        }
        lines.append(
            "looked at what \(count(outcome.entries, "entry", "entries")) stated: "
                + "\(outcome.finished.count) \(outcome.isDryRun ? "would be taken" : "taken"), "
                + "\(outcome.revised.count) \(outcome.isDryRun ? "would be revised" : "revised")")
        if let id = outcome.id, !outcome.isDryRun {
            lines.append("\"colophon backfill --undo \(id)\" takes back what was taken")
        }
        return lines
    }

    static func json(_ outcome: Reconsider.Outcome) -> JSONValue {
        var members = [JSONMember("dry_run", .bool(outcome.isDryRun))]
        if let id = outcome.id { members.append(JSONMember("backfill", .string(id))) }
        members += [
            JSONMember("entries", .integer(Int64(outcome.entries))),
            JSONMember("finished", .array(outcome.finished.map { .string($0.id.text) })),
            JSONMember("revised", .array(outcome.revised.map { .string($0.id.text) })),
            JSONMember("published", .array(outcome.changed.map { .string($0) })),
        ]
        return .object(members)
    }

    static func line(_ suspicion: Suspicion) -> String {
        "perhaps the same: \(work(suspicion.younger.finish)) (\(suspicion.younger.finish.day?.description ?? "no day")) "
            + "and \(work(suspicion.older.finish)) (\(suspicion.older.finish.day?.description ?? "no day")): "
            + "colophon merge \(quoted(suspicion.younger.id.text)) \(quoted(suspicion.older.id.text))"
    }

    /// For a shell, where the text is not plain.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: ":@/.-_".utf8.contains(byte)
            }
        }
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
