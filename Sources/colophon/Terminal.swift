import Glibc

/// The two streams of the program. Standard output is the answer, standard error is talk.
struct Terminal {
    let isOutputTerminal: Bool
    let isErrorTerminal: Bool
    /// In columns.
    let width: Int
    let hasColor: Bool

    init(environment: [String: String], refusesColor: Bool) {
        isOutputTerminal = isatty(1) == 1
        isErrorTerminal = isatty(2) == 1
        width = environment["COLUMNS"].flatMap { Int($0) } ?? Terminal.columns ?? 80
        hasColor =
            isOutputTerminal && !refusesColor && (environment["NO_COLOR"] ?? "").isEmpty
            && environment["TERM"] != "dumb"
    }

    private static var columns: Int? {
        var size = winsize()
        guard unsafe ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes to standard output. A reader that has left (`| head`) is a success; a full disk is not.
    func print(_ text: String) throws(OutputError) {
        try write(Array((text + "\n").utf8), to: 1)
    }

    func print(lines: [String]) throws(OutputError) {
        if !lines.isEmpty { try print(lines.joined(separator: "\n")) }
    }

    func write(_ bytes: [UInt8]) throws(OutputError) {
        try write(bytes, to: 1)
    }

    /// Writes a line of talk; when even that fails there is nobody left to tell.
    func say(_ text: String) {
        try? write(Array((text + "\n").utf8), to: 2)
    }

    /// Writes talk without a line's end.
    func sayInPlace(_ text: String) {
        try? write(Array(text.utf8), to: 2)
    }

    /// Writes a line of progress in place of the last one; an empty one wipes it out.
    func sayInLine(_ text: String) { sayInPlace(Terminal.wiping.description + text) }

    /// Whoever breaks off finds that line gone.
    func guardLine() {
        for number in Terminal.breaks {
            Terminal.setUnlessIgnored(number) { number in
                let wiping = Terminal.wiping
                _ = unsafe Glibc.write(2, wiping.utf8Start, wiping.utf8CodeUnitCount)
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    func unguardLine() {
        for number in Terminal.breaks { Terminal.setUnlessIgnored(number, SIG_DFL) }
    }

    /// Whoever started us may want it ignored.
    private static func setUnlessIgnored(_ number: Int32, _ handler: __sighandler_t?) {
        let before = signal(number, handler)
        if unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) { signal(number, SIG_IGN) }
    }

    private static let breaks = [SIGINT, SIGTERM]
    /// Known when the program begins: a signal handler must make nothing.
    private static var wiping: StaticString { "\r\u{1B}[K" }

    /// A line of standard input that is not shown while it is typed. Who breaks off gets the echo back: not
    /// every shell sees to that.
    func readSecret() -> String? {
        guard unsafe tcgetattr(0, &shownModes) == 0 else { return readLine() }
        let ends = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
        let before = ends.map { number in
            signal(number) { number in
                _ = unsafe tcsetattr(0, TCSANOW, &shownModes)
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        var modes = unsafe shownModes
        modes.c_lflag &= ~tcflag_t(ECHO)
        _ = unsafe tcsetattr(0, TCSAFLUSH, &modes)
        let line = readLine()
        _ = unsafe tcsetattr(0, TCSAFLUSH, &shownModes)
        for (number, handler) in zip(ends, before) { signal(number, handler) }
        if line != nil { say("") }
        return line
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws(OutputError) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress! + start, buffer.count - start)
            }
            if count > 0 {
                start += count
            } else if errno == EPIPE {
                return
            } else if errno != EINTR {
                throw OutputError(code: errno)
            }
        }
    }

    func dim(_ text: String) -> String { hasColor ? "\u{1B}[2m" + text + "\u{1B}[0m" : text }

    func bold(_ text: String) -> String { hasColor ? "\u{1B}[1m" + text + "\u{1B}[0m" : text }
}

/// The terminal as it was before its echo was turned off. Global, for a signal handler has nothing else.
private nonisolated(unsafe) var shownModes = termios()

/// Standard output could not be written.
struct OutputError: Error {
    var code: Int32
}
