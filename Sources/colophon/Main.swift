import Glibc
import HTTP
import Operations

/// Reads the arguments, builds the world, lets the command run and says how it ended.
@main
enum Main {
    static func main() {
        // A reader that has left and a connection that broke are answers of calls, not deaths.
        signal(SIGPIPE, SIG_IGN)
        let words = Array(CommandLine.arguments.dropFirst())
        let status = run(words, environment: environment())
        // Everything is written and closed by now, and the system takes back the rest. What libraries do
        // at an orderly exit (OpenSSL, GnuTLS, Kerberos free each of their tables) is 0.3 ms of each run.
        _exit(status.code)
    }

    static func run(_ words: [String], environment: [String: String]) -> ExitStatus {
        let plain = Terminal(environment: environment, refusesColor: true)
        do {
            let arguments = try Arguments(words)
            if arguments.has("version") {
                try plain.print("colophon " + Program.version)
                return .done
            }
            guard let name = arguments.command, let command = Command.named(name) else {
                if words.isEmpty || arguments.has("help") {
                    try plain.print(Help.overview(width: plain.width, all: arguments.has("all")))
                    return words.isEmpty ? .usage : .done
                }
                throw UsageError(message: "a command is missing")
            }
            if arguments.has("help") {
                try plain.print(Help.text(of: command, width: plain.width))
                return .done
            }
            var invocation = try Invocation(arguments, environment: environment)
            return try command.run(&invocation)
        } catch let error as UsageError {
            plain.say("colophon: " + error.message)
            let more = error.command.map { "colophon \($0) --help" } ?? "colophon --help"
            plain.say("\"\(more)\" says more")
            return .usage
        } catch let error as OperationError {
            return say(error, words, plain)
        } catch let error as OutputError {
            plain.say("colophon: standard output: " + (unsafe String(cString: strerror(error.code))))
            return .disk
        } catch {
            plain.say("colophon: \(error)")
            return .worse
        }
    }

    /// A lock that another run holds is an ordinary thing under cron, and damage is told once a day.
    private static func say(
        _ error: OperationError, _ words: [String], _ terminal: Terminal
    ) -> ExitStatus {
        let status = ExitStatus(code: error.exitStatus)
        let isVerbose = words.contains("--verbose") || words.contains("-v")
        if !error.isQuiet || isVerbose || terminal.isErrorTerminal {
            for line in Reports.lines(error) { terminal.say(line) }
        }
        return status
    }

    private static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        for name in [
            "COLOPHON_STORE", "COLOPHON_NOW", "COLOPHON_SEED", "COLUMNS", "NO_COLOR", "TERM", "HOME",
        ] + Proxies.variables {
            if let value = unsafe getenv(name) { variables[name] = unsafe String(cString: value) }
        }
        return variables
    }
}
