import HTTP
import Operations

/// One line on a terminal while feeds are asked: it counts, names the slow ones, and disappears.
final class ProgressLine {
    private let terminal: Terminal
    private let isShown: Bool
    private var shown = ""

    init(_ terminal: Terminal, isShown: Bool) {
        self.terminal = terminal
        self.isShown = isShown && terminal.isErrorTerminal
    }

    /// A feed is named when it has kept us waiting for two seconds.
    private static let slowMilliseconds = 2000

    func show(_ names: [String], _ progress: Progress) {
        guard isShown else { return }
        let slow = progress.running
            .filter { $0.milliseconds >= ProgressLine.slowMilliseconds && $0.index < names.count }
            .prefix(3).map { names[$0.index] }
        var line = "asked \(progress.finished) of \(progress.total)"
        if !slow.isEmpty { line += ", waiting for " + slow.joined(separator: ", ") }
        show(line)
    }

    /// A bar and how far it is: a history is long.
    func show(_ progress: BackfillProgress) {
        guard isShown else { return }
        let line: String
        if progress.bytes > 0 {
            let width = 24
            let filled = min(width, width * progress.read / progress.bytes)
            line = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
                + " \(100 * progress.read / progress.bytes) %  \(progress.name), \(progress.done) rows"
        } else {
            line = "\(progress.name): \(progress.done) read"
        }
        show(line)
    }

    /// A line that is too long ends in an ellipsis, and never at the last column, where a terminal would wrap.
    private func show(_ whole: String) {
        let room = max(20, terminal.width - 1)
        let line = whole.count > room ? whole.prefix(room - 1) + "…" : whole
        guard line != shown else { return }
        if shown.isEmpty { terminal.guardLine() }
        shown = line
        terminal.sayInLine(line)
    }

    func clear() {
        guard !shown.isEmpty else { return }
        terminal.sayInLine("")
        terminal.unguardLine()
        shown = ""
    }
}
