import Operations

/// One command: its row in the one table from which the help, the completions, the man page and the
/// reading of arguments come.
struct Command: Sendable {
    enum Group: String, CaseIterable {
        case everyDay = "every day"
        case history
        case care
        /// Shown by `help --all` only.
        case workshop
    }

    var name: String
    var group: Group
    /// Begins with a small letter, no full stop, at most 60 characters.
    var summary: String
    /// What stands behind the name, as the usage line shows it.
    var operands = ""
    /// How many operands there may be.
    var operandCount = 0...0
    var options: [Option] = []
    /// Further lines for its own help.
    var details: [String] = []
    /// What `--json` prints, member by member; `nil`: it has no such form.
    var json: String?
    var run: @Sendable (inout Invocation) throws -> ExitStatus
}

struct Option: Equatable, Sendable {
    /// Without the two hyphens.
    var long: String
    var short: Character?
    /// What stands for its value; `nil`: it takes none.
    var value: String?
    var summary: String

    init(_ long: String, value: String? = nil, _ summary: String) {
        self.init(long, nil, value: value, summary)
    }

    init(_ long: String, _ short: Character?, value: String? = nil, _ summary: String) {
        self.long = long
        self.short = short
        self.value = value
        self.summary = summary
    }

    /// Every command has these.
    static let common = [
        Option("store", "s", value: "DIR", "the store's folder (default: $COLOPHON_STORE, else this one)"),
        Option("now", value: "TIME", "what the clock says, e.g. 2026-11-23T14:05:00Z"),
        Option("quiet", "q", "no talk at all"),
        Option("verbose", "v", "say more, also where no terminal is"),
        Option("no-color", "no colour, whatever the terminal"),
        Option("help", "h", "this text"),
    ]
    static let json = Option("json", "print one JSON document and nothing else")
}

extension Command {
    static let table: [Command] = [
        initialise, check, importFeeds, backfill, add, list, tweets, announce,
        why, log, state, diff, correct, hide, unhide, merge, forget, reconsider, publish,
        status, verify, repair, rebuild, cron,
        parse, help, completion, man,
    ]

    static func named(_ name: String) -> Command? {
        for command in table where command.name == name { return command }
        return nil
    }

    /// Those that not every command has.
    var ownOptions: [Option] { options + (json == nil ? [] : [Option.json]) }

    /// All options it understands.
    var allOptions: [Option] { ownOptions + Option.common }
}
