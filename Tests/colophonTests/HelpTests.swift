import Foundation
import Testing

@testable import colophon

/// A text that people read, held against the file that shows what it is meant to be. With
/// COLOPHON_RECORD=1 in the environment the file is written anew instead, for a person to look at.
func expectGolden(_ name: String, _ text: String, in folder: String = "help") throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures/golden/\(folder)/" + name)
    if ProcessInfo.processInfo.environment["COLOPHON_RECORD"] == "1" {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name) differs")
}

@Suite struct HelpTests {
    @Test func `the overview fits 80 columns and is as it was agreed`() throws {
        let text = Help.overview(width: 80, all: false)
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        try expectGolden("overview.txt", text + "\n")
        try expectGolden("overview-all.txt", Help.overview(width: 80, all: true) + "\n")
    }

    @Test(arguments: Command.table.map(\.name))
    func `each command's help fits 80 columns and is as it was agreed`(_ name: String) throws {
        guard let command = Command.named(name) else {
            Issue.record("no command \(name)")
            return
        }
        let text = Help.text(of: command, width: 80)
        for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        try expectGolden(name + ".txt", text + "\n")
    }

    @Test func `names are unique, and summaries short`() {
        let names = Command.table.map(\.name)
        #expect(Set(names).count == names.count)
        for command in Command.table {
            #expect(command.summary.count <= 70 && !command.summary.hasSuffix("."), "\(command.name)")
            let options = command.allOptions
            #expect(Set(options.map(\.long)).count == options.count, "\(command.name)")
            let letters = options.compactMap(\.short)
            #expect(Set(letters).count == letters.count, "\(command.name)")
        }
    }

    @Test func `the manual page and the completions name every command`() throws {
        for command in Command.table {
            #expect(ManPage.text.contains(".SS " + command.name))
            for shell in ["bash", "zsh", "fish"] {
                #expect(Completion.script(for: shell)?.contains(command.name) == true)
            }
        }
        try expectGolden("colophon.1", ManPage.text)
        try expectGolden("completion.bash", Completion.script(for: "bash") ?? "")
    }
}
