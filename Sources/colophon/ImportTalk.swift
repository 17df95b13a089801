import Catalogue
import Feeds
import Formats
import Operations

/// How an import is told: all of it to a person who watches, only news to cron's mail.
struct ImportTalk {
    let report: ImportReport
    let now: Instant

    init(_ report: ImportReport, now: Instant) {
        self.report = report
        self.now = now
    }

    var hasFailures: Bool {
        report.feeds.contains { if case .failed = $0.outcome { true } else { false } }
    }

    /// How many new finishes are named one by one.
    private static let titlesMax = 10

    /// A line a feed, the new finishes, and where everything is.
    func answer(_ terminal: Terminal) -> [String] {
        let width = report.feeds.map(\.feed.count).max() ?? 0
        var lines = report.feeds.map { Reports.pad($0.feed, width) + "  " + words($0.outcome, of: $0.feed) }
        let finished = report.feeds.flatMap { feed in
            if case .read(let counts) = feed.outcome { counts.finished } else { [Finished]() }
        }
        if !finished.isEmpty {
            lines.append("")
            lines.append(report.isDryRun ? "would be recorded:" : "new:")
            let newest = finished.sorted { left, right in
                let (one, two) = (left.finish.day?.description ?? "", right.finish.day?.description ?? "")
                return one == two ? left.id.text < right.id.text : one > two
            }
            for one in newest.prefix(ImportTalk.titlesMax) {
                let day = Reports.pad(one.finish.day?.description ?? "undated", 10)
                let kind = Reports.pad(one.finish.kind?.rawValue ?? "", 7)
                lines.append("  \(day)  \(kind)  \(Reports.work(one.finish))")
            }
            let rest = newest.count - ImportTalk.titlesMax
            if rest > 0 { lines.append("  and \(rest) more: \"colophon list\" shows all") }
        }
        lines.append("")
        lines += report.isDryRun ? dryRun : done
        return lines
    }

    private var dryRun: [String] {
        var lines = ["a dry run: \(Reports.count(report.events.count, "event")) would be recorded"]
        if !report.changed.isEmpty {
            lines.append("would be published: " + report.changed.joined(separator: ", "))
        }
        return lines
    }

    private var done: [String] {
        var lines: [String] = []
        lines.append(
            report.events.isEmpty
                ? "nothing new; \(Reports.count(report.shown, "finish", "finishes")) in all"
                : "\(Reports.count(report.events.count, "event")) recorded; "
                    + "\(Reports.count(report.shown, "finish", "finishes")) in all")
        if report.pending > 0 {
            let verb = report.pending == 1 ? "waits" : "wait"
            lines.append(
                "\(Reports.count(report.pending, "announcement")) \(verb): \"colophon tweets\" shows them")
        }
        lines += covers
        if !report.changed.isEmpty {
            lines.append("published in \(report.directory): " + report.changed.joined(separator: ", "))
        }
        return lines
    }

    /// How many covers that failed are named one by one.
    private static let coversMax = 3

    private var covers: [String] {
        let failures = report.covers.failures
        var lines: [String] = []
        if report.covers.saved > 0 { lines.append("\(Reports.count(report.covers.saved, "cover")) copied") }
        guard !failures.isEmpty else { return lines }
        lines.append(
            "\(Reports.count(failures.count, "cover")) not to be had; a drawn one stands there, and they are "
                + "asked for again later:")
        lines += failures.prefix(ImportTalk.coversMax).map { "  " + Reports.oneLine($0) }
        let rest = failures.count - ImportTalk.coversMax
        if rest > 0 { lines.append("  and \(rest) more") }
        return lines
    }

    private func words(_ outcome: FeedReport.Outcome, of feed: String) -> String {
        switch outcome {
        case .notDue(let next): return "not due before " + Reports.time(next)
        case .gone:
            return "gone for good; asked again when its part of feeds.toml changes, or by \"colophon import \(feed)\""
        case .unchanged: return "nothing changed"
        case .failed(let failure, let inARow):
            let count = inARow > 1 ? " (\(inARow) times in a row)" : ""
            return "\(failure.stage.rawValue) failed: \(failure.reason)\(count)"
        case .read(let counts):
            var parts = ["\(counts.service), \(Reports.count(counts.entries, "entry", "entries"))"]
            if !counts.finished.isEmpty { parts.append("\(counts.finished.count) new") }
            if counts.isAdoption { parts.append("adopted") }
            if counts.revised > 0 { parts.append("\(counts.revised) revised") }
            if counts.passed > 0 { parts.append("\(counts.passed) passed over") }
            if counts.withdrawn > 0 { parts.append("\(counts.withdrawn) withdrawn") }
            if let lack = counts.lack {
                parts.append("\(lack.words): \(lack.rest)")
            } else if !counts.defects.isEmpty {
                parts.append("mended: \(Reports.oneLine(counts.defects[0]))")
            }
            return parts.joined(separator: ", ")
        }
    }

    /// What belongs on standard error. To somebody who watches each failure was told in its line already.
    func warnings(isWatched: Bool) -> [String] {
        var lines = (report.notes + report.warnings).map { "colophon: " + $0 }
        if let site = report.site, site.isNews || isWatched { lines.append("colophon: " + words(site)) }
        if report.isOffline, isWatched || report.outageNews != nil { lines.append("colophon: " + outage) }
        for turn in report.turns { lines.append(Reports.line(turn)) }
        for step in report.overdue + (isWatched ? report.lapsed : []) {
            lines.append(
                "not posted: \(step.network)/\(step.id): \(Reports.oneLine(step.reason)); "
                    + "\"colophon tweets --retry\" posts it after all")
        }
        for step in report.held {
            let isLike = step.reason.hasPrefix(AnnouncementStep.perhapsTheSame)
            let hint = isLike ? "; \"colophon status\" says how to decide" : ""
            lines.append("held: \(step.network)/\(step.id): \(Reports.oneLine(step.reason))\(hint)")
        }
        for failure in report.reminders {
            lines.append("\(failure.feed): is still failing: \(failure.reason) (\(failure.host))")
        }
        return lines
    }

    private var outage: String {
        let since = report.outageNews.map { " since " + Reports.time($0) } ?? ""
        return "nobody could be reached\(since): is there a network?"
    }

    private func words(_ site: SiteReport) -> String {
        let command = "the command of [publish] after (\(Reports.oneLine(site.program)))"
        guard let failure = site.failure else { return command + " succeeded again" }
        return "\(command) failed: \(Reports.oneLine(failure)); each run tries it again"
    }

    /// All that is worth a note, by sentences.
    private var notes: [String] {
        report.notes + report.warnings + (report.site.map { [words($0)] } ?? [])
            + (report.outageNews == nil ? [] : [outage])
    }

    var json: JSONValue {
        .object([
            JSONMember("dry_run", .bool(report.isDryRun)),
            JSONMember("feeds", .array(report.feeds.map(json))),
            JSONMember("events", .array(report.events.compactMap { try? JSONReader.read($0) })),
            JSONMember("published", .array(report.changed.map { .string($0) })),
            JSONMember(
                "covers",
                .object([
                    JSONMember("saved", .integer(Int64(report.covers.saved))),
                    JSONMember("failed", .array(report.covers.failures.map { .string($0) })),
                ])),
            JSONMember("finishes", .integer(Int64(report.shown))),
            JSONMember("pending", .integer(Int64(report.pending))),
            JSONMember(
                "held",
                .array(
                    report.held.map {
                        .object([
                            JSONMember("name", .string($0.network + "/" + $0.id.text)),
                            JSONMember("reason", .string($0.reason)),
                        ])
                    })),
            JSONMember("notes", .array(notes.map { .string($0) })),
        ])
    }

    private func json(_ feed: FeedReport) -> JSONValue {
        var members = [JSONMember("feed", .string(feed.feed))]
        switch feed.outcome {
        case .notDue(let next):
            members.append(JSONMember("outcome", .string("not-due")))
            members.append(JSONMember("next", .string(next.description)))
        case .gone: members.append(JSONMember("outcome", .string("gone")))
        case .unchanged: members.append(JSONMember("outcome", .string("unchanged")))
        case .failed(let failure, let inARow):
            members += [
                JSONMember("outcome", .string("failed")),
                JSONMember("stage", .string(failure.stage.rawValue)),
                JSONMember("reason", .string(failure.reason)),
                JSONMember("failures", .integer(Int64(inARow))),
            ]
        case .read(let counts):
            members += [
                JSONMember("outcome", .string("read")),
                JSONMember("service", .string(counts.service)),
                JSONMember("entries", .integer(Int64(counts.entries))),
                JSONMember("finished", .integer(Int64(counts.finished.count))),
                JSONMember("revised", .integer(Int64(counts.revised))),
                JSONMember("passed_over", .integer(Int64(counts.passed))),
                JSONMember("withdrawn", .integer(Int64(counts.withdrawn))),
            ]
        }
        return .object(members)
    }
}
