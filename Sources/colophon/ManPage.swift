import Operations

/// The manual page in the macros of man(7), from the one table.
enum ManPage {
    static var text: String {
        var lines = [
            ".TH COLOPHON 1 \"\" \"Colophon \(Program.version)\" \"User Commands\"",
            ".SH NAME", "colophon \\- notes what you have finished, and never forgets it",
            ".SH SYNOPSIS", ".B colophon", "\\fICOMMAND\\fR [\\fIoptions\\fR]",
            ".SH DESCRIPTION",
            escaped(
                "Colophon asks the RSS and Atom feeds of services on which you log books, films, series, "
                    + "games and articles what is new, appends it to a log that is never rewritten, and makes "
                    + "from the log a JSON Feed, an Atom feed, a widget for your site and short posts that "
                    + "wait to be sent. Cron starts it every fifteen minutes."),
            ".SH OPTIONS OF EVERY COMMAND",
        ]
        for option in Option.common { lines += item(option) }
        for group in Command.Group.allCases {
            lines.append(".SH COMMANDS: " + group.rawValue.uppercased())
            for command in Command.table where command.group == group {
                lines += [
                    ".SS " + escaped(command.name + (command.operands.isEmpty ? "" : " " + command.operands)),
                    escaped(command.summary) + ".",
                ]
                for detail in command.details { lines += [".PP", escaped(detail)] }
                for option in command.ownOptions { lines += item(option) }
                if let json = command.json { lines += [".PP", escaped("What --json prints: \(json).")] }
            }
        }
        lines += [
            ".SH EXIT STATUS",
            "0 done; 1 something changed for the worse and was said; 64 usage; 65 the log is damaged;",
            "73 cannot create; 74 disk; 75 another run holds the lock, or the clock is before the store's",
            "first commit; 77 permission; 78 configuration.",
            ".SH ENVIRONMENT",
            "COLOPHON_STORE names the store's folder, COLOPHON_NOW replaces the clock, COLOPHON_SEED the",
            "randomness. http_proxy, https_proxy and no_proxy are honoured.",
            ".SH FILES",
            "feeds.toml, log/, snapshots/, polls.json, public/, pending\\-tweets.json in the store's folder.",
            "",
        ]
        return lines.joined(separator: "\n")
    }

    private static func item(_ option: Option) -> [String] {
        [".TP", ".B " + escaped(Help.spelled(option).drop { $0 == " " }.description), escaped(option.summary)]
    }

    private static func escaped(_ text: String) -> String {
        let plain = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
        return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
    }
}
