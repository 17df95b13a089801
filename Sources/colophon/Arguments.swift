import Operations

/// What a person asked for in a way that cannot be understood (exit 64).
struct UsageError: Error, Equatable {
    var message: String
    /// The command whose help says more; `nil`: the program's.
    var command: String?
}

/// A command line after reading: flags and command in any order, `--` ends the flags, `-` is an operand.
struct Arguments: Equatable {
    var command: String?
    var operands: [String] = []
    private var values: [(name: String, value: String)] = []

    func has(_ option: String) -> Bool { values.contains { $0.name == option } }

    /// The last one given.
    func value(_ option: String) -> String? { values.last { $0.name == option }?.value }

    func values(_ option: String) -> [String] {
        values.filter { $0.name == option }.map { $0.value }
    }

    static func == (left: Arguments, right: Arguments) -> Bool {
        left.command == right.command && left.operands == right.operands
            && left.values.elementsEqual(right.values) { $0 == $1 }
    }

    init(_ words: [String]) throws(UsageError) {
        // The command is known first, whatever stands before it, because it says which options there are.
        let found = Arguments.findCommand(words)
        command = found?.name
        let command = found.flatMap { Command.named($0.name) }
        if let found, command == nil {
            throw UsageError(message: "unknown command \"\(found.name)\"" + Arguments.hint(found.name))
        }
        var index = 0
        var isEnded = false
        while index < words.count {
            let word = words[index]
            let isCommand = index == found?.index
            index += 1
            if isCommand { continue }
            if isEnded || word == "-" || !word.hasPrefix("-") {
                operands.append(word)
            } else if word == "--" {
                isEnded = true
            } else if word.hasPrefix("--") {
                try takeLong(word, words, &index, command)
            } else {
                try takeShort(word, words, &index, command)
            }
        }
        if let command, !has("help") { try checkOperands(command) }
    }

    private static func findCommand(_ words: [String]) -> (name: String, index: Int)? {
        var index = 0
        while index < words.count {
            let word = words[index]
            if word == "--" { return nil }
            if !word.hasPrefix("-") { return (word, index) }
            // A common option's value is no command.
            let name = String(word.drop { $0 == "-" })
            for option in Option.common where option.value != nil {
                if word == "--" + option.long || option.short.map({ name == String($0) }) == true {
                    index += 1
                }
            }
            index += 1
        }
        return nil
    }

    private static func hint(_ word: String) -> String {
        let names = Command.table.map(\.name)
        return nearest(to: word, in: names).map { " (did you mean \"\($0)\"?)" } ?? ""
    }

    private mutating func takeLong(
        _ word: String, _ words: [String], _ index: inout Int, _ command: Command?
    ) throws(UsageError) {
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let options = command?.allOptions ?? Arguments.globalOptions
        guard let option = options.first(where: { $0.long == name }) else {
            let near = nearest(to: name, in: options.map(\.long)).map { " (did you mean \"--\($0)\"?)" }
            throw UsageError(message: "unknown option \"--\(name)\"" + (near ?? ""), command: command?.name)
        }
        if option.value == nil {
            guard parts.count == 1 else {
                throw UsageError(message: "\"--\(name)\" takes no value", command: command?.name)
            }
            values.append((name, ""))
        } else if parts.count == 2 {
            values.append((name, String(parts[1])))
        } else {
            values.append((name, try next(words, &index, "--" + name, command)))
        }
    }

    private mutating func takeShort(
        _ word: String, _ words: [String], _ index: inout Int, _ command: Command?
    ) throws(UsageError) {
        var letters = Array(word.dropFirst())
        while !letters.isEmpty {
            let letter = letters.removeFirst()
            let options = command?.allOptions ?? Arguments.globalOptions
            guard let option = options.first(where: { $0.short == letter }) else {
                throw UsageError(message: "unknown option \"-\(letter)\"", command: command?.name)
            }
            if option.value == nil {
                values.append((option.long, ""))
            } else {
                let rest = letters.isEmpty
                    ? try next(words, &index, "-\(letter)", command) : String(letters)
                values.append((option.long, rest))
                letters = []
            }
        }
    }

    private func next(
        _ words: [String], _ index: inout Int, _ option: String, _ command: Command?
    ) throws(UsageError) -> String {
        guard index < words.count else {
            throw UsageError(message: "\"\(option)\" needs a value", command: command?.name)
        }
        index += 1
        return words[index - 1]
    }

    private func checkOperands(_ command: Command) throws(UsageError) {
        guard !command.operandCount.contains(operands.count) else { return }
        let message =
            operands.count > command.operandCount.upperBound
            ? "\"\(operands[command.operandCount.upperBound])\" is one word too many"
            : "\(command.operands) is missing"
        throw UsageError(message: message, command: command.name)
    }

    /// Without a command.
    private static let globalOptions =
        Option.common + [Option("version", "print the version"), Option("all", "show every command")]
}
