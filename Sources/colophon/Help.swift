import Operations

/// Help, man page and completions, all from the one table.
enum Help {
    static let title = "colophon: notes what you have finished, and never forgets it"

    static func overview(width: Int, all: Bool) -> String {
        var lines = [title, "", "usage: colophon COMMAND [options]"]
        for group in Command.Group.allCases where all || group != .workshop {
            lines += ["", group.rawValue]
            for command in Command.table where command.group == group {
                lines += row(command.name, command.summary, indent: 2, column: 14, width: width)
            }
        }
        lines += [""]
        lines += wrap(
            "\"colophon COMMAND --help\" says more of one, \"colophon help --all\" names all.",
            indent: 0, width: width)
        return lines.joined(separator: "\n")
    }

    static func text(of command: Command, width: Int) -> String {
        let operands = command.operands.isEmpty ? "" : " " + command.operands
        var lines = ["usage: colophon \(command.name)\(operands) [options]", ""]
        lines += wrap(command.summary + ".", indent: 0, width: width)
        for detail in command.details { lines += [""] + wrap(detail, indent: 0, width: width) }
        if !command.ownOptions.isEmpty {
            lines += ["", "options"]
            for option in command.ownOptions {
                lines += row(spelled(option), option.summary, indent: 2, column: 24, width: width)
            }
        }
        lines += ["", "options of every command"]
        for option in Option.common {
            lines += row(spelled(option), option.summary, indent: 2, column: 24, width: width)
        }
        if let json = command.json { lines += ["", "what --json prints"] + wrap(json + ".", indent: 2, width: width) }
        return lines.joined(separator: "\n")
    }

    static func spelled(_ option: Option) -> String {
        let short = option.short.map { "-\($0), " } ?? "    "
        return short + "--" + option.long + (option.value.map { " " + $0 } ?? "")
    }

    /// A name in the left column, its meaning in the right one.
    private static func row(
        _ name: String, _ text: String, indent: Int, column: Int, width: Int
    ) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines = wrap(text, indent: column, width: width)
        let gap = column - indent - name.count
        if gap > 0, !lines.isEmpty {
            lines[0] = margin + name + String(repeating: " ", count: gap) + lines[0].dropFirst(column)
        } else {
            lines.insert(margin + name, at: 0)
        }
        return lines
    }

    /// Lines of at most `width` columns, broken between words.
    static func wrap(_ text: String, indent: Int, width: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent + line.count + 1 + word.count > max(width, indent + 20) {
                lines.append(margin + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        if !line.isEmpty { lines.append(margin + line) }
        return lines
    }
}
