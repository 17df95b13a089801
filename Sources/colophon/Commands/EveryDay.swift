import Catalogue
import Formats
import Operations

extension Command {
    static let initialise = Command(
        name: "init", group: .everyDay, summary: "write a first feeds.toml for your profiles",
        operands: "[DIR] [PROFILE...]", operandCount: 0...100,
        options: [Option("poll", "ask the feeds once and show what they give")],
        details: [
            "A profile is an address such as https://letterboxd.com/USER or "
                + "https://www.goodreads.com/user/show/123: Colophon knows how each service spells its feed.",
            "Example: colophon init ~/finished https://letterboxd.com/USER",
        ]
    ) { invocation in
        var operands = invocation.arguments.operands
        var folder = invocation.folder
        if let first = operands.first, !isProfile(first) {
            folder = StoreFolder(Invocation.absolute(first))
            operands.removeFirst()
        }
        let outcome = try Initialise.run(invocation.world, folder, profiles: operands)
        if !invocation.isQuiet {
            for line in Reports.lines(outcome) { try invocation.terminal.print(line) }
        }
        guard invocation.arguments.has("poll") else { return .done }
        guard let settings = try readSettings(folder, invocation) else { return .done }
        return try importing(settings, folder, Import.Options(), invocation).0
    }

    /// Whether an operand of `init` is an address: it has a scheme, or begins with the name of a host, which
    /// has a dot inside. `.`, `..`, `finished` and `me/finished` are folders.
    static func isProfile(_ operand: String) -> Bool {
        if operand.contains("://") { return true }
        let host = operand.prefix { $0 != "/" }
        return host.contains(".") && !host.hasPrefix(".") && !host.hasSuffix(".")
    }

    static let check = Command(
        name: "check", group: .everyDay, summary: "try every feed without writing anything",
        details: [
            "Asks each feed once as if for the first time, but none that wants to be left alone. Says where it was "
                + "found after redirects, how it answered, what it was taken for and why, how many of its entries "
                + "count as finished and why others do not, whether it gives what lets it say \"not modified\", "
                + "what it asks for, how often it will be polled, and what is impolite or odd about it."
        ],
        json: "{feeds [{name, host, stage and failure (only where it fails: fetch or read, and why), address (the host "
            + "alone where it holds a secret), status (0: none, or a file), redirects, milliseconds, bytes, format, "
            + "service, why, entries, finishes, validators [names of headers], advised_seconds, interval_seconds, "
            + "skip_hours [0-23 GMT], skip_days [0: Sunday], moved_to_host (only where it has moved for good), passed_over "
            + "{reason: how many}, odd [sentences]}], odd [sentences on the settings], networks [{name, account or problem}] "
            + "(only where announcements are sent)}"
    ) { invocation in
        let settings = try invocation.settings()
        let progress = ProgressLine(invocation.terminal, isShown: !invocation.isQuiet)
        var check = Check.run(settings, invocation.folder, invocation.world) { progress.show($0, $1) }
        progress.clear()
        check.networks = Credentials.tried(settings, invocation.folder, invocation.world)
        if invocation.wantsJSON {
            try invocation.printJSON(check.json)
        } else {
            try invocation.terminal.print(lines: CheckTalk(check, invocation.terminal).lines)
        }
        return check.isGood ? .done : .worse
    }

    static let importFeeds = Command(
        name: "import", group: .everyDay, summary: "ask the feeds that are due, record and publish what is new",
        operands: "[FEED...]", operandCount: 0...1000,
        options: [
            Option("all", "a", "ask also feeds that are not due"),
            Option("dry-run", "n", "say what would be recorded and published, and do neither"),
            Option("announce", "post afterwards what waits to be announced"),
        ],
        details: [
            "This is what cron runs every fifteen minutes. Without a terminal a good run says nothing, and "
                + "a failure is said when it is news: a feed's third failure in a row, then weekly."
        ],
        json: "{dry_run, feeds [{feed, outcome (not-due, with next; gone; unchanged; failed, with stage, reason and "
            + "failures in a row; read, with service, entries, finished, revised, passed_over and withdrawn)}], events [as "
            + "they stand in the log], published [names of files; -name: gone], covers {saved, failed [sentences]}, "
            + "finishes, pending (announcements), held [{name, reason}], notes [sentences], announced (with --announce, as "
            + "\"announce --json\" has it)}"
    ) { invocation in
        let settings = try invocation.settings()
        var options = Import.Options()
        options.feeds = invocation.arguments.operands
        options.ignoresSchedule = invocation.arguments.has("all")
        options.isDryRun = invocation.arguments.has("dry-run")
        let (status, imported) = try importing(settings, invocation.folder, options, invocation)
        guard invocation.arguments.has("announce"), !imported.report.isOffline else {
            if invocation.wantsJSON { try invocation.printJSON(imported.json) }
            return status
        }
        let report: AnnounceReport
        do {
            report =
                options.isDryRun
                ? try Announce.plan(settings, invocation.folder, invocation.world)
                : try Announce.run(settings, invocation.folder, invocation.world)
        } catch {
            // What was imported is not to be asked again: it is told, whatever became of the rest.
            if invocation.wantsJSON { try invocation.printJSON(imported.json) }
            throw error
        }
        let announced = try tell(report, invocation, after: imported)
        return announced == .done ? status : announced
    }

    /// Tells everything but the document of `--json`, which is still to be printed: an announcing may follow in it.
    private static func importing(
        _ settings: Settings, _ folder: StoreFolder, _ options: Import.Options,
        _ invocation: Invocation
    ) throws -> (ExitStatus, ImportTalk) {
        let progress = ProgressLine(invocation.terminal, isShown: !invocation.isQuiet)
        let now = invocation.world.now
        var told: ImportReport?
        var said: [String] = []
        var brokenOutput: (any Error)?
        let report: ImportReport
        do {
            report = try Import.run(
                settings, folder, options, invocation.world,
                progress: { progress.show($0, $1) },
                record: { part in
                    // Whoever watches sees what was published first.
                    if !invocation.isWatched { said = say(ImportTalk(part, now: now), invocation, but: []) }
                },
                tell: { part in
                    progress.clear()
                    let talk = ImportTalk(part, now: now)
                    if told == nil { told = part } else { told?.add(part, order: settings.feeds.map(\.name)) }
                    do { try print(talk, options, invocation) } catch { brokenOutput = error }
                    _ = say(talk, invocation, but: said)
                    said = []
                })
        } catch {
            // What was imported is not to be asked again: it is told, whatever became of the rest.
            if invocation.wantsJSON, let told { try invocation.printJSON(ImportTalk(told, now: now).json) }
            throw error
        }
        if let brokenOutput { throw brokenOutput }
        let talk = ImportTalk(report, now: now)
        let isWorse = report.isWorse || (invocation.isWatched && talk.hasFailures)
        return (isWorse ? .worse : .done, talk)
    }

    private static func print(_ talk: ImportTalk, _ options: Import.Options, _ invocation: Invocation) throws {
        guard !invocation.wantsJSON, invocation.isWatched || options.isDryRun else { return }
        for line in talk.answer(invocation.terminal) { try invocation.terminal.print(line) }
    }

    /// - Parameter said: what was said of this part already.
    /// - Returns: what has been said of it now.
    private static func say(_ talk: ImportTalk, _ invocation: Invocation, but said: [String]) -> [String] {
        let lines = talk.warnings(isWatched: invocation.isWatched)
        for line in lines where !invocation.isQuiet && !said.contains(line) { invocation.terminal.say(line) }
        return lines
    }

    static let add = Command(
        name: "add", group: .everyDay, summary: "note a finish by hand",
        operands: "KIND TITLE", operandCount: 2...2,
        options: [
            Option("by", value: "NAME", "who made it"),
            Option("on", value: "DAY", "when it was finished: 2026-11-23, 2026-11 or 2026 (default: today)"),
            Option("rating", value: "4.5/5", "a rating and the best one possible"),
            Option("url", value: "ADDRESS", "where it can be found"),
            Option("repeat", "not for the first time"),
        ],
        details: ["KIND is book, movie, tv, game, article, podcast or music."]
    ) { invocation in
        let operands = invocation.arguments.operands
        var finish = Finish(kind: try kind(operands[0], "add"), title: operands[1])
        finish.creator = invocation.arguments.value("by")
        finish.day = try day(invocation.arguments.value("on"), "add")
        finish.rating = try rating(invocation.arguments.value("rating"), "add")
        finish.url = invocation.arguments.value("url")
        return try amend(.add(finish, isRepeat: invocation.arguments.has("repeat")), invocation)
    }

    static let list = Command(
        name: "list", group: .everyDay, summary: "what was finished, newest first",
        options: [
            Option("kind", "k", value: "KIND", "only this kind"),
            Option("year", "y", value: "YEAR", "only what was finished in this year"),
            Option("feed", "f", value: "NAME", "only what this feed has shown"),
            Option("ids", "show each finish's id, too"),
        ],
        json: "{finishes [{id, kind, title, creator, year, season, episode, day (as exactly as it is known), instant, rating "
            + "{value, best} (in hundredths), repeat, review (HTML), spoiler, cover, url, identifiers {name: value}, feed, "
            + "backfill (of which import), entry (its id in the feed), rule (by which it is known), keys, sources [feeds and "
            + "imports that have shown it, too], sequence (of the event that brought it), first_seen, modified, hidden, "
            + "withdrawn}]}. What is absent, no or empty is left out; times are in UTC"
    ) { invocation in
        var list = List()
        if let text = invocation.arguments.value("kind") { list.kind = try kind(text, "list") }
        if let year = invocation.arguments.value("year") {
            guard let number = Int(year), (1...9999).contains(number) else {
                throw UsageError(message: "\"\(year)\" is no year", command: "list")
            }
            list.year = number
        }
        list.feed = invocation.arguments.value("feed")
        let state = try Archive(invocation.world, invocation.folder).state()
        let listed = try list.listed(state)
        if invocation.wantsJSON {
            let finishes = listed.map { state.standing(of: $0).json(in: state) }
            try invocation.printJSON(.object([JSONMember("finishes", .array(finishes))]))
        } else {
            let showsIDs = invocation.arguments.has("ids")
            try Reports.list(listed, id: { showsIDs ? state.standing(of: $0).id.text : nil }) {
                bytes throws(OutputError) in try invocation.terminal.write(bytes)
            }
        }
        return .done
    }

    static let tweets = Command(
        name: "tweets", group: .everyDay, summary: "announcements that wait, and a word on them",
        options: [
            Option("sent", value: "ID", "it was posted by hand"),
            Option("post", value: "ADDRESS", "with --sent: where the post is"),
            Option("skip", value: "ID", "never post it"),
            Option("retry", value: "ID", "post it after all"),
            Option("release", "let go what is held"),
            Option("all", "a", "show also what was sent and skipped"),
        ],
        details: [
            "ID is NETWORK/FINISH-ID as the list shows it, or enough of its beginning; with --skip a network's name "
                + "alone means all that waits for it."
        ],
        json: "{announcements [{name (NETWORK/FINISH-ID), id (of the finish), network, status (pending, held, attempted; with "
            + "--all also sent and skipped), since, changed, attempts, text, not_before and, where known, post, url, uri, "
            + "key, record and after (of an attempt), reason}]}, oldest first; with a word on them {events [as they stand in "
            + "the log], published [names of files], left [names of announcements that stay held]}"
    ) { invocation in
        let arguments = invocation.arguments
        if let word = try wordOnTweets(arguments) { return try amend(word, invocation) }
        let settings = try invocation.optionalSettings()
        let state = try Archive(invocation.world, invocation.folder).state().with(settings?.configuration)
        let tweets = try Tweets(
            state, all: arguments.has("all"), silent: try Status.silences(invocation.world, invocation.folder),
            asked: settings?.networks.filter(\.hasCredentials).map(\.name) ?? [],
            pauses: try Tweets.Pause.all(settings, invocation.folder, invocation.world))
        if invocation.wantsJSON {
            try invocation.printJSON(tweets.json)
        } else {
            try invocation.terminal.print(lines: tweets.lines.map(Reports.oneLine))
        }
        return .done
    }

    /// `nil`: only the list is asked for. One word at a time: of two, one would be left out in silence.
    static func wordOnTweets(_ arguments: Arguments) throws(UsageError) -> Amend.Word? {
        let said = ["sent", "skip", "retry", "release"].flatMap { name in arguments.values(name).map { _ in name } }
        if said.count > 1 {
            throw UsageError(
                message: "\"--\(said[0])\" and \"--\(said[1])\" are two words: say one at a time", command: "tweets")
        }
        let post = arguments.value("post")
        if let post {
            guard said == ["sent"] else {
                throw UsageError(message: "\"--post\" says where a post is: it needs \"--sent ID\"", command: "tweets")
            }
            guard WebAddress(post)?.isWeb == true else {
                throw UsageError(
                    message: "\"\(Reports.oneLine(post))\" is no address of a post, expected one that begins with https://",
                    command: "tweets")
            }
        }
        switch said.first {
        case "sent"?: return .announcement(id: arguments.value("sent") ?? "", .sent, post: post ?? "")
        case "skip"?: return .announcement(id: arguments.value("skip") ?? "", .skipped, post: "")
        case "retry"?: return .announcement(id: arguments.value("retry") ?? "", .released, post: "")
        case "release"?: return .releaseAll
        default: return nil
        }
    }

    /// A person's word becomes an event, and the pages follow.
    static func amend(_ word: Amend.Word, _ invocation: Invocation) throws -> ExitStatus {
        let settings = try invocation.optionalSettings()
        let outcome = try Amend.run(word, invocation.world, invocation.folder, settings)
        if invocation.wantsJSON {
            for note in outcome.notes { invocation.terminal.say("colophon: " + note) }
            try invocation.printJSON(outcome.json)
        } else if !invocation.isQuiet {
            for note in outcome.notes { invocation.terminal.say("colophon: " + note) }
            try invocation.terminal.print(lines: Reports.lines(outcome))
        }
        return .done
    }

    static func kind(_ text: String, _ command: String) throws(UsageError) -> Kind {
        if let kind = Kind(rawValue: text) { return kind }
        let names = Kind.allCases.map(\.rawValue)
        let hint = nearest(to: text, in: names).map { "did you mean \"\($0)\"?" }
        throw UsageError(
            message: "\"\(text)\" is no kind (\(hint ?? "there are " + names.joined(separator: ", ")))",
            command: command)
    }

    static func day(_ text: String?, _ command: String) throws(UsageError) -> Day? {
        guard let text else { return nil }
        guard let day = Day(text) else {
            throw UsageError(
                message: "\"\(text)\" is no day, expected 2026-11-23, 2026-11 or 2026", command: command)
        }
        return day
    }

    /// `4.5/5`, `9/10`; at most two digits behind the point.
    static func rating(_ text: String?, _ command: String) throws(UsageError) -> Rating? {
        guard let text else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let value = hundredths(parts[0]), let best = hundredths(parts[1]),
            let rating = Rating(value: value, best: best)
        else {
            throw UsageError(
                message: "\"\(text)\" is no rating, expected one such as 4.5/5", command: command)
        }
        return rating
    }

    private static func hundredths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int(parts[0]), whole >= 0, whole <= 1000 else { return nil }
        guard parts.count == 2 else { return whole * 100 }
        guard (1...2).contains(parts[1].count), let fraction = Int(parts[1]), fraction >= 0 else { return nil }
        return whole * 100 + (parts[1].count == 1 ? fraction * 10 : fraction)
    }

    private static func readSettings(
        _ folder: StoreFolder, _ invocation: Invocation
    ) throws(OperationError) -> Settings? {
        do {
            return try Settings.read(invocation.world.disk, folder)
        } catch {
            throw .settings(error)
        }
    }
}
