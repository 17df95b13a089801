/// Completions for shells, from the one table.
enum Completion {
    static func script(for shell: String) -> String? {
        switch shell {
        case "bash": bash
        case "zsh": zsh
        case "fish": fish
        default: nil
        }
    }

    private static var names: String { Command.table.map(\.name).joined(separator: " ") }

    private static func words(_ command: Command) -> String {
        command.allOptions.map { "--" + $0.long }.joined(separator: " ")
    }

    private static var bash: String {
        var lines = [
            "_colophon() {",
            "    local word=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]}",
            "    if [ \"$COMP_CWORD\" -eq 1 ]; then",
            "        COMPREPLY=($(compgen -W \"\(names)\" -- \"$word\")); return",
            "    fi",
            "    case $command in",
        ]
        for command in Command.table {
            lines.append(
                "        \(command.name)) COMPREPLY=($(compgen -W \"\(words(command))\" -- \"$word\")) ;;")
        }
        lines += [
            "    esac", "}", "complete -o default -F _colophon colophon", "",
        ]
        return lines.joined(separator: "\n")
    }

    private static var zsh: String {
        var lines = ["#compdef colophon", "local -a commands", "commands=("]
        for command in Command.table { lines.append("    '\(command.name):\(quoted(command.summary))'") }
        lines += [")", "if (( CURRENT == 2 )); then", "    _describe command commands", "    return", "fi", "case $words[2] in"]
        for command in Command.table {
            let options = command.allOptions.map { "'--\($0.long)[\(quoted($0.summary))]\($0.value.map { ":" + $0 + ":_files" } ?? "")'" }
            lines.append("    \(command.name)) _arguments " + options.joined(separator: " ") + " '*:file:_files' ;;")
        }
        lines += ["esac", ""]
        return lines.joined(separator: "\n")
    }

    private static var fish: String {
        var lines: [String] = []
        for command in Command.table {
            lines.append(
                "complete -c colophon -n __fish_use_subcommand -a \(command.name) -d '\(quoted(command.summary))'")
            for option in command.allOptions {
                let short = option.short.map { " -s \($0)" } ?? ""
                let value = option.value == nil ? "" : " -r"
                lines.append(
                    "complete -c colophon -n '__fish_seen_subcommand_from \(command.name)'\(short) -l \(option.long)\(value) -d '\(quoted(option.summary))'")
            }
        }
        lines.append("")
        return lines.joined(separator: "\n")
    }

    /// Summaries stand between single quotes; brackets and colons mean something to zsh.
    private static func quoted(_ text: String) -> String {
        text.replacing("'", with: "").replacing("[", with: "(").replacing("]", with: ")")
            .replacing(":", with: "")
    }
}
