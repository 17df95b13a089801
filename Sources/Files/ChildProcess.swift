import Glibc

/// Why a command did not do its work, in words for a person.
public struct CommandError: Error, Equatable, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) {
        self.description = description
    }
}

/// Starts programs. Without a shell: what stands in `feeds.toml` is taken as it is.
public enum ChildProcess {
    /// Runs a program, found along `PATH`, with its arguments, and waits for it. It gets no input, and
    /// our standard error for both its outputs: standard output is the answer, and not its place.
    public static func run(_ words: [String]) -> Result<Void, CommandError> {
        guard let program = words.first else { return .failure(CommandError("it is empty")) }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, 2, 1)
        // We ignore a closed pipe; a program that we start should not inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigemptyset(&defaults)
        sigaddset(&defaults, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
        var child: pid_t = 0
        let failure = posix_spawnp(&child, program, &actions, &attributes, arguments, environ)
        guard failure == 0 else {
            return .failure(CommandError("it cannot be started: " + String(cString: strerror(failure))))
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) == -1 {
            guard errno == EINTR else {
                return .failure(CommandError(String(cString: strerror(errno))))
            }
        }
        // As <sys/wait.h> takes a status apart: the low seven bits are the signal, then the exit status.
        let signal = status & 0x7F
        if signal != 0 { return .failure(CommandError("signal \(signal) ended it")) }
        let exit = status >> 8 & 0xFF
        return exit == 0 ? .success(()) : .failure(CommandError("exit status \(exit)"))
    }
}
