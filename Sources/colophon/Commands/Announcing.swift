import Formats
import Operations

extension Command {
    static let announce = Command(
        name: "announce", group: .everyDay, summary: "post what waits to be announced",
        options: [
            Option("dry-run", "n", "say what would be posted, and ask nobody"),
            Option("connect", value: "NETWORK", "get credentials for x, mastodon or bluesky"),
        ],
        details: [
            "Posts to the networks for which feeds.toml names credentials, as much as [announce] allows. "
                + "What may have been posted already is looked for first.",
            "Without credentials nothing is sent: pending-tweets.json and \"colophon tweets\" have the texts.",
        ],
        json: "{dry_run, announcements [{id, outcome (sent, failed, would-send and so on), text, and url, reason or "
            + "not_before}], silent and unusable [{network, reason}], by_hand [networks without credentials], pending, "
            + "published [names of files], notes [sentences]}"
    ) { invocation in
        if let network = invocation.arguments.value("connect") {
            if invocation.wantsJSON || invocation.arguments.has("dry-run") {
                throw UsageError(
                    message: "\"--connect\" talks with a person and writes a file: it goes with neither --json nor "
                        + "--dry-run", command: "announce")
            }
            return try connect(network, invocation)
        }
        let settings = try invocation.settings()
        let report =
            invocation.arguments.has("dry-run")
            ? try Announce.plan(settings, invocation.folder, invocation.world)
            : try Announce.run(settings, invocation.folder, invocation.world)
        return try tell(report, invocation)
    }

    /// - Parameter imported: the import that this follows, whose document then holds it as `announced`.
    static func tell(
        _ report: AnnounceReport, _ invocation: Invocation, after imported: ImportTalk? = nil
    ) throws(OutputError) -> ExitStatus {
        let talk = AnnounceTalk(report)
        if invocation.wantsJSON {
            let whole = imported?.json.objectValue.map { JSONValue.object($0 + [JSONMember("announced", report.json)]) }
            try invocation.printJSON(whole ?? report.json)
        } else if invocation.isWatched || report.isDryRun {
            try invocation.terminal.print(lines: talk.answer)
        }
        // Said on standard error only where nobody has read it already.
        if !invocation.isQuiet, invocation.wantsJSON || !(invocation.isWatched || report.isDryRun) {
            for line in talk.warnings { invocation.terminal.say(line) }
        }
        // A mistake in a file of credentials is told by every run, as one in feeds.toml is.
        guard let first = report.unusable.first else { return report.isWorse ? .worse : .done }
        for one in report.unusable {
            for line in Reports.lines(one.error) { invocation.terminal.say(line) }
        }
        return ExitStatus(code: first.error.exitStatus)
    }

    private static func connect(_ network: String, _ invocation: Invocation) throws -> ExitStatus {
        guard var connect = Connect(network) else {
            let near = nearest(to: network, in: Connect.networks)
            throw UsageError(
                message: "\"\(network)\" is no network" + (near.map { " (did you mean \"\($0)\"?)" } ?? "")
                    + ", expected x, mastodon or bluesky",
                command: "announce")
        }
        let settings = try invocation.optionalSettings()
        try connect.recall(invocation.world, invocation.folder, settings)
        let width = invocation.terminal.width
        for step in connect.steps {
            for line in AnnounceTalk.lines(step: step, width: width) { invocation.terminal.say(line) }
        }
        var answers: [String] = []
        for question in connect.questions {
            guard connect.asks(question, after: answers) else {
                answers.append("")
                continue
            }
            guard let answer = invocation.terminal.ask(question) else {
                throw UsageError(
                    message: "no answer to \"\(question.words)\": nothing was written", command: "announce")
            }
            answers.append(answer)
        }
        let outcome = try connect.run(answers, invocation.world, invocation.folder, settings)
        for line in AnnounceTalk.lines(outcome, network) {
            for part in Help.wrap(line, indent: 0, width: width) { try invocation.terminal.print(part) }
        }
        if case .refused = outcome { return .worse }
        return .done
    }
}

extension Terminal {
    /// Asks until there is an answer; `nil`: nobody answers.
    fileprivate func ask(_ question: Connect.Question) -> String? {
        while true {
            let hint = question.otherwise.map { " [\($0)]" } ?? ""
            sayInPlace(question.words + hint + ": ")
            guard let line = question.isSecret ? readSecret() : readLine() else {
                // What is said of it has a line of its own.
                say("")
                return nil
            }
            let answer = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if !answer.isEmpty || question.otherwise != nil { return answer }
        }
    }
}
