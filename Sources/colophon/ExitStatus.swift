/// What the program tells its caller (PRODUCT section 3, after sysexits.h).
struct ExitStatus: Equatable, Sendable {
    var code: Int32

    static let done = ExitStatus(code: 0)
    /// Something changed for the worse and was said.
    static let worse = ExitStatus(code: 1)
    static let usage = ExitStatus(code: 64)
    static let damaged = ExitStatus(code: 65)
    static let cannotCreate = ExitStatus(code: 73)
    static let disk = ExitStatus(code: 74)
    /// Another run holds the lock, or the clock is before the store's first commit.
    static let busy = ExitStatus(code: 75)
    static let permission = ExitStatus(code: 77)
    static let configuration = ExitStatus(code: 78)
}
