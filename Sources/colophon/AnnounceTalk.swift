import Catalogue
import Operations

/// How announcing is told: all of it to a person who watches, only what needs one to cron's mail.
struct AnnounceTalk {
    let report: AnnounceReport

    init(_ report: AnnounceReport) {
        self.report = report
    }

    var answer: [String] {
        var lines: [String] = []
        for item in report.items {
            lines.append(item.id + "  (" + words(item.outcome) + ")")
            if !item.text.isEmpty { lines.append("    " + Reports.oneLine(item.text)) }
        }
        for silence in report.silences { lines.append("\(silence.network): " + Reports.oneLine(silence.reason)) }
        for network in report.byHand {
            lines.append(
                "\(network): no credentials: \"colophon tweets\" has the texts, "
                    + "\"colophon announce --connect \(network)\" gets credentials")
        }
        lines += heldTalk
        if lines.isEmpty { lines = idleTalk }
        if report.isDryRun { lines.append("a dry run: nobody was asked, nothing was written") }
        return lines + report.notes.map { "colophon: " + $0 }
    }

    /// What a person has to know who did not watch.
    var warnings: [String] {
        var lines = report.notes.map { "colophon: " + $0 }
        for item in report.items {
            switch item.outcome {
            case .failed(let reason), .skipped(let reason):
                lines.append(
                    "not posted: \(item.id): \(Reports.oneLine(reason)); \"colophon tweets --retry\" tries it again")
            case .held(let reason): lines.append("not posted: \(item.id): \(Reports.oneLine(reason))")
            case .sent, .unresolved, .later, .wouldSend, .wouldLook, .waits, .byHand: break
            }
        }
        for silence in report.failing {
            lines.append(
                "\(silence.network) takes no posts: \(Reports.oneLine(silence.reason)): what is owed waits, "
                    + "\"colophon tweets\" shows it")
        }
        return lines + heldTalk
    }

    /// Why nothing was posted. What was held or refused earlier was said then, and is easily forgotten.
    private var idleTalk: [String] {
        var lines = report.pending > report.refused ? ["nothing is due yet"] : []
        let open = report.held + report.refused
        if open > 0 {
            lines.append(
                Reports.count(open, "announcement waits", "announcements wait") + " for your word: \"colophon tweets\" shows "
                    + (open == 1 ? "it" : "them"))
        }
        return lines.isEmpty ? ["nothing waits to be announced"] : lines
    }

    /// What to do about what is held, where anything is.
    private var heldTalk: [String] {
        let isHeld = report.items.contains { item in
            if case .held(let reason) = item.outcome {
                !report.isDryRun && !AnnouncementStep.isForOneByOne(reason)
            } else {
                false
            }
        }
        return isHeld ? ["what is held waits for your word: \"colophon tweets\" shows it, \"--release\" lets it go"] : []
    }

    private func words(_ outcome: AnnounceReport.Outcome) -> String {
        switch outcome {
        case .sent(let address): "sent" + (address.isEmpty ? "" : ": " + Reports.oneLine(address))
        case .failed(let reason): "refused: " + Reports.oneLine(reason)
        case .skipped(let reason): "skipped: " + Reports.oneLine(reason)
        case .held(let reason): "held: " + Reports.oneLine(reason)
        case .unresolved(let reason):
            "nobody knows yet whether it was posted: " + Reports.oneLine(reason) + "; the next run looks"
        case .later(let reason): "not now: " + Reports.oneLine(reason)
        case .wouldSend: "would be posted now"
        case .wouldLook: "may have been posted: would be looked for first"
        case .waits(let instant): "not before " + Reports.time(instant)
        case .byHand: "to be posted by hand: there are no credentials"
        }
    }

    /// A step of getting credentials, folded; what follows a number stands in line with its first words.
    static func lines(step: String, width: Int) -> [String] {
        let mark = step.first?.isNumber == true ? step.prefix(3) : ""
        var lines = Help.wrap(String(step.dropFirst(mark.count)), indent: mark.count, width: width)
        if let first = lines.first { lines[0] = String(mark + first.dropFirst(mark.count)) }
        return lines
    }

    static func lines(_ outcome: Connect.Outcome, _ network: String) -> [String] {
        switch outcome {
        case .refused(let reason): return ["\(network) was not connected: \(Reports.oneLine(reason))"]
        case .connected(let account, let path, let isNamed, let hasTable, let charactersMax, let held, let waiting, let linked):
            var lines = ["connected as \(Reports.oneLine(account)); wrote \(path)"]
            if !isNamed, hasTable {
                lines += ["put under [announce.\(network)] in feeds.toml:", "credentials = \"\(path)\""]
            } else if !isNamed {
                lines += ["add to feeds.toml:", "[announce.\(network)]", "credentials = \"\(path)\""]
            } else if charactersMax != nil {
                lines.append("this server takes posts of another length; put under [announce.\(network)]:")
            }
            if let charactersMax { lines.append("max_characters = \(charactersMax)") }
            if held > 0 {
                lines.append(Reports.count(held, "announcement waits", "announcements wait") + " for your word: "
                    + "\"colophon tweets --release\" lets " + (held == 1 ? "it" : "them") + " go")
            }
            if waiting > 0 {
                var line = Reports.count(waiting, "announcement waits", "announcements wait") + " for \(network)"
                if linked > 0 { line += ", \(linked) with a link" }
                if linked > 0, network == "x" { line += " (such a post costs more than ten times as much)" }
                lines.append(
                    line + ": the next runs post " + (waiting == 1 ? "it" : "them") + "; \"colophon tweets\" shows "
                        + (waiting == 1 ? "it" : "them") + ", \"colophon tweets --skip \(network)\" skips all that waits there")
            }
            lines.append("cron posts with \"import --announce\": \"colophon cron\" prints the line for your crontab")
            return lines
        }
    }
}
