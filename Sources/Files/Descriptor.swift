import Glibc

/// An open file of this machine. Owns its number: closed by `close`, else when it is let go.
final class Descriptor: OpenFile {
    private let path: String
    /// -1 once closed.
    private var number: Int32

    init(
        _ path: String, _ flags: Int32, mode: UInt32 = 0, trying attempt: DiskError.Attempt
    ) throws(DiskError) {
        self.path = path
        number = uninterrupted { Glibc.open(path, flags | O_CLOEXEC, mode) }
        guard number >= 0 else { throw DiskError(attempt, path, errno) }
    }

    deinit {
        if number >= 0 { _ = Glibc.close(number) }
    }

    func size() throws(DiskError) -> Int {
        var found = stat()
        guard fstat(number, &found) == 0 else { throw DiskError(.examine, path, errno) }
        return Int(found.st_size)
    }

    func read(at offset: Int, count: Int) throws(DiskError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            Descriptor.preferLargePages(UnsafeMutableRawBufferPointer(buffer))
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(
                    buffer)[filled...])
                let got = uninterrupted {
                    pread(number, rest.baseAddress, rest.count, off_t(offset + filled))
                }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                filled += got
            }
        }
        guard failure == 0 else { throw DiskError(.read, path, failure) }
        return bytes
    }

    /// Asks for pages of 2 MiB, where the system gives them to who asks: a snapshot of some megabytes would
    /// else be thousands of page faults, which took longer than reading it. A wish, whose refusal is none.
    private static func preferLargePages(_ memory: UnsafeMutableRawBufferPointer) {
        guard memory.count >= 2 << 20, let base = memory.baseAddress else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = base.alignedUp(toMultipleOf: page)
        let end = (base + memory.count).alignedDown(toMultipleOf: page)
        _ = madvise(start, end - start, MADV_HUGEPAGE)
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(DiskError) {
        var done = 0
        while done < bytes.count {
            let wrote = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[done...])
                return uninterrupted {
                    pwrite(number, rest.baseAddress, rest.count, off_t(offset + done))
                }
            }
            guard wrote > 0 else { throw DiskError(.write, path, wrote == 0 ? ENOSPC : errno) }
            done += wrote
        }
    }

    func truncate(to size: Int) throws(DiskError) {
        guard uninterrupted({ ftruncate(number, off_t(size)) }) == 0 else {
            throw DiskError(.truncate, path, errno)
        }
    }

    func sync(dataOnly: Bool) throws(DiskError) {
        // Interrupted or not, a sync that failed is not tried again: see `Disk`.
        guard (dataOnly ? fdatasync(number) : fsync(number)) == 0 else {
            throw DiskError(.sync, path, errno)
        }
    }

    func close() throws(DiskError) {
        let closing = number
        number = -1
        // On Linux the number is free even after an error: close(2) must not be called twice.
        guard closing < 0 || Glibc.close(closing) == 0 else {
            throw DiskError(.close, path, errno)
        }
    }

    func lock() throws(DiskError) {
        guard uninterrupted({ flock(number, LOCK_EX | LOCK_NB) }) == 0 else {
            throw DiskError(.lock, path, errno)
        }
    }
}

/// Calls again as long as a signal came first.
private func uninterrupted<Answer: SignedInteger>(_ call: () -> Answer) -> Answer {
    while true {
        let answer = call()
        if answer != -1 || errno != EINTR { return answer }
    }
}
