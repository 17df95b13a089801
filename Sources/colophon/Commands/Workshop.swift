import Formats
import Glibc
import Operations

extension Command {
    static let parse = Command(
        name: "parse", group: .workshop, summary: "what the feed reader sees in a file",
        operands: "FILE", operandCount: 0...1,
        options: [
            Option("content-type", value: "TYPE", "the Content-Type that came with it"),
            Option("base-url", value: "URL", "the address that it came from"),
            Option("limit", value: "BYTES", "how much is read at most (default: 16 MiB)"),
            Option("batch", "requests as lines of JSON on standard input, answers as lines"),
            Option("finishes", "what is recognised as finished, and why the rest is not"),
            Option("service", value: "NAME", "with --finishes: whose feed or export it is"),
        ],
        details: ["FILE may be - for standard input."],
        json: "{format, version, encoding, malformed, feed {title, subtitle, link, id, updated, published, language, authors, "
            + "categories}, entries [{id, title, link, published, updated, summary, content, authors [{name, email, uri}], "
            + "categories [{term, scheme, label}], enclosures [{url, type, length}]}]}; with --finishes {service, "
            + "why, entries [{id, url, title, creator, year, kind, finishedAt, rating {value, best}, finished, repeat, dedupe "
            + "(its keys), reason}]}. What cannot be read is {error}. So it answers also where no terminal is"
    ) { invocation in
        let arguments = invocation.arguments
        if arguments.has("batch") { return try batch(invocation) }
        guard let path = arguments.operands.first else {
            throw UsageError(message: "FILE is missing", command: "parse")
        }
        var options = Parse.Options()
        options.contentType = arguments.value("content-type")
        options.address = arguments.value("base-url")
        options.service = arguments.value("service")
        if let limit = arguments.value("limit") {
            guard let bytes = Int(limit), bytes > 0 else {
                throw UsageError(message: "\"\(limit)\" is no number of bytes", command: "parse")
            }
            options.bytesMax = bytes
        }
        // Without talk there is only the exit status: whether it is a feed.
        let source = path == "-" ? Parse.Source.bytes(readAll()) : .file(path)
        let isForPeople = invocation.terminal.isOutputTerminal && !invocation.wantsJSON
        if invocation.isQuiet {
            return Parse.isFeed(source, options, invocation.world) ? .done : .worse
        }
        let answer =
            arguments.has("finishes")
            ? Parse.finishes(source, options, invocation.world)
            : Parse.feed(source, options, invocation.world)
        if isForPeople {
            try invocation.terminal.print(lines: ParsedTable.lines(answer))
        } else {
            try invocation.printJSON(answer)
        }
        return answer["error"] == nil ? .done : .worse
    }

    private static func batch(_ invocation: Invocation) throws(OutputError) -> ExitStatus {
        while let line = readLine(strippingNewline: true) {
            let answer = Parse.request(Array(line.utf8), invocation.world)
            try invocation.terminal.write(JSONWriter.compact(answer) + [UInt8(ascii: "\n")])
        }
        return .done
    }

    static func readAll() -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe read(0, &buffer, buffer.count)
            if count <= 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    static let help = Command(
        name: "help", group: .workshop, summary: "this overview, or the help of one command",
        operands: "[COMMAND]", operandCount: 0...1,
        options: [Option("all", "a", "show every command")]
    ) { invocation in
        let width = invocation.terminal.width
        if let name = invocation.arguments.operands.first {
            guard let command = Command.named(name) else {
                throw UsageError(message: "unknown command \"\(name)\"")
            }
            try invocation.terminal.print(Help.text(of: command, width: width))
        } else {
            try invocation.terminal.print(
                Help.overview(width: width, all: invocation.arguments.has("all")))
        }
        return .done
    }

    static let completion = Command(
        name: "completion", group: .workshop, summary: "completions for a shell",
        operands: "SHELL", operandCount: 1...1,
        details: ["SHELL is bash, zsh or fish. For bash: colophon completion bash > ~/.local/share/bash-completion/completions/colophon"]
    ) { invocation in
        guard let text = Completion.script(for: invocation.arguments.operands[0]) else {
            throw UsageError(
                message: "\"\(invocation.arguments.operands[0])\" is no shell that is known, expected bash, zsh or fish",
                command: "completion")
        }
        try invocation.terminal.write(Array(text.utf8))
        return .done
    }

    static let man = Command(
        name: "man", group: .workshop, summary: "the manual page, for man -l -"
    ) { invocation in
        try invocation.terminal.write(Array(ManPage.text.utf8))
        return .done
    }
}
