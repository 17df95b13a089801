import Formats
import Operations

extension Command {
    static let backfill = Command(
        name: "backfill", group: .everyDay,
        summary: "take in the years before: older pages, or an export",
        operands: "FEED | FILE...", operandCount: 0...1000,
        options: [
            Option("service", value: "NAME", "whose export the files are; csv: a table of your own"),
            Option("pages", value: "N", "read so many pages, also known ones (default: 50 at most)"),
            Option("rejects", value: "FILE", "keep the rows that could not be used here"),
            Option("undo", value: "ID", "take a backfill back"),
            Option("dry-run", "n", "say what would be recorded, and record nothing"),
        ],
        details: [
            "FEED is a feed of feeds.toml, whose older pages are asked for. FILE is a service's export, a "
                + "folder with its files, or - for standard input.",
            "Example: colophon backfill --service letterboxd ~/letterboxd-export",
            "Nothing of it is ever announced, and a second run adds nothing. Rows that could not be used "
                + "are kept as they were, behind their line and the reason: mended, they can be given in again.",
            "--service csv reads a table with the columns kind, title, creator, year, finished, rating, "
                + "best, repeat, review, url and id, of which only title is needed.",
        ],
        json: "{dry_run, backfill (its id, for --undo), sources [{name, problem, rows, finished, completed (known finishes that "
            + "learned something), unused [{line, title, reason}]}], ended (why no older page was asked for), events, "
            + "published [names of files], finishes, notes [sentences]}"
    ) { invocation in
        let arguments = invocation.arguments
        if let id = arguments.value("undo") { return try amend(.undo(id), invocation) }
        let settings = try invocation.optionalSettings()
        var options = Backfill.Options()
        options.isDryRun = arguments.has("dry-run")
        options.rejects = arguments.value("rejects").map(Invocation.absolute)
        let progress = ProgressLine(invocation.terminal, isShown: !invocation.isQuiet)
        let report = try Backfill.run(
            try source(invocation), options, invocation.world, invocation.folder, settings
        ) { progress.show($0) }
        progress.clear()
        if invocation.wantsJSON {
            try invocation.printJSON(report.json)
        } else if !invocation.isQuiet {
            let linesMax = invocation.isVerbose ? Int.max : 20
            try invocation.terminal.print(lines: Reports.lines(report, unusedMax: linesMax))
        }
        if !invocation.isQuiet {
            for note in report.notes { invocation.terminal.say("colophon: " + note) }
        }
        return report.isWorse ? .worse : .done
    }

    private static func source(_ invocation: Invocation) throws(UsageError) -> Backfill.Source {
        let arguments = invocation.arguments
        guard let first = arguments.operands.first else {
            throw UsageError(message: "FEED or FILE is missing", command: "backfill")
        }
        if let service = arguments.value("service") {
            if arguments.has("pages") {
                throw UsageError(message: "\"--pages\" is for a feed, not for files", command: "backfill")
            }
            return .export(
                service: service,
                arguments.operands.map { path in
                    path == "-" ? .bytes(readAll()) : .path(Invocation.absolute(path))
                })
        }
        guard arguments.operands.count == 1 else {
            throw UsageError(
                message: "\"\(arguments.operands[1])\" is one word too many: files need \"--service NAME\"",
                command: "backfill")
        }
        guard let text = arguments.value("pages") else { return .feed(first, pagesMax: nil) }
        guard let pages = Int(text), pages > 0, pages <= 100_000 else {
            throw UsageError(message: "\"\(text)\" is no number of pages", command: "backfill")
        }
        return .feed(first, pagesMax: pages)
    }

    static let reconsider = Command(
        name: "reconsider", group: .history,
        summary: "apply today's rules to what past entries stated",
        operands: "[FEED]", operandCount: 0...1,
        options: [Option("dry-run", "n", "say what would be recorded, and record nothing")],
        details: [
            "After a rule in feeds.toml changed, or with a newer Colophon: entries that were passed over and "
                + "count now are taken, quietly; what is read otherwise now is revised. A second run adds nothing."
        ],
        json: "{dry_run, backfill (its id, for backfill --undo), entries, finished and revised [ids], published [names of files]}"
    ) { invocation in
        let outcome = try Reconsider.run(
            invocation.arguments.operands.first, isDryRun: invocation.arguments.has("dry-run"),
            invocation.world, invocation.folder, try invocation.settings())
        if invocation.wantsJSON {
            try invocation.printJSON(Reports.json(outcome))
        } else if !invocation.isQuiet {
            try invocation.terminal.print(lines: Reports.lines(outcome))
        }
        return .done
    }
}
