import Files
import Formats
import Glibc
import HTTP
import Operations

/// One execution: what was asked, and what it may touch.
struct Invocation {
    let arguments: Arguments
    let environment: [String: String]
    let terminal: Terminal
    let world: World

    init(_ arguments: Arguments, environment: [String: String]) throws(UsageError) {
        self.arguments = arguments
        self.environment = environment
        terminal = Terminal(environment: environment, refusesColor: arguments.has("no-color"))
        let stated = try Invocation.now(arguments.value("now") ?? environment["COLOPHON_NOW"])
        let begun = Invocation.seconds(CLOCK_MONOTONIC)
        let clock = {
            stated?.adding(seconds: Invocation.seconds(CLOCK_MONOTONIC) - begun)
                ?? Instant(seconds: Invocation.seconds(CLOCK_REALTIME))
        }
        world = World(
            disk: RealDisk(), network: Client(proxies: Proxies(environment: environment)),
            now: stated ?? clock(), clock: clock,
            random: Randomness(seed: try Invocation.seed(environment["COLOPHON_SEED"])),
            run: ChildProcess.run)
    }

    private static func seconds(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec)
    }

    /// The time that replaces the clock's when the run begins; from then on it goes on as the clock does.
    private static func now(_ text: String?) throws(UsageError) -> Instant? {
        guard let text else { return nil }
        if let instant = Instant(rfc3339: text) { return instant }
        if let day = Day(text), day.day != nil { return day.first.instant() }
        throw UsageError(
            message: "the time \"\(text)\" cannot be read, expected one such as 2026-11-23T14:05:00Z")
    }

    private static func seed(_ text: String?) throws(UsageError) -> UInt64 {
        guard let text else { return UInt64.random(in: 0...UInt64.max) }
        guard let seed = UInt64(text) else {
            throw UsageError(message: "COLOPHON_SEED \"\(text)\" is no whole number")
        }
        return seed
    }

    var folder: StoreFolder {
        let named = arguments.value("store") ?? environment["COLOPHON_STORE"] ?? "."
        return StoreFolder(Invocation.absolute(named.isEmpty ? "." : named))
    }

    /// Reports name files by whole paths, and cron has another folder than the person had.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let buffer = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(buffer) }
        let current = unsafe String(cString: buffer)
        if path == "." { return current }
        return current + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
    }

    var isQuiet: Bool { arguments.has("quiet") }
    var isVerbose: Bool { arguments.has("verbose") }
    var wantsJSON: Bool { arguments.has("json") }

    /// Whether somebody watches: then every failure is a line.
    var isWatched: Bool { !isQuiet && (isVerbose || terminal.isErrorTerminal || terminal.isOutputTerminal) }

    /// The settings, which this command cannot do without.
    func settings() throws(OperationError) -> Settings {
        guard let settings = try optionalSettings() else { throw .noSettings(folder: folder.root) }
        return settings
    }

    /// `nil`: the folder has a log alone, which is enough for reading and publishing.
    func optionalSettings() throws(OperationError) -> Settings? {
        do {
            return try Settings.read(world.disk, folder)
        } catch {
            throw .settings(error)
        }
    }

    /// Where the pages go; also without a `feeds.toml`.
    func publishDirectory() throws(OperationError) -> String {
        try optionalSettings()?.publishDirectory ?? Settings().publishDirectory
    }

    func printJSON(_ value: JSONValue) throws(OutputError) {
        try terminal.write(JSONWriter.indented(value))
    }
}
