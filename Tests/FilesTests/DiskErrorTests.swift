import Files
import Glibc
import Testing

private let remedy =
    ": whoever runs colophon, cron included, has to own it (\"ls -la\" shows who does, \"chown\" mends it)"

struct DiskErrorTests {
    @Test(arguments: [
        (DiskError(.lock, "log/lock", EWOULDBLOCK), 75, "another run holds log/lock"),
        (DiskError(.open, "a", EACCES), 77, "cannot open a: Permission denied" + remedy),
        (DiskError(.create, "a", EPERM), 77, "cannot create a: Operation not permitted" + remedy),
        (DiskError(.create, "a", EROFS), 73, "cannot create a: Read-only file system: it was mounted for reading alone"),
        (DiskError(.createFiles, "a", EACCES), 77, "cannot create files in a: Permission denied" + remedy),
        (DiskError(.createFiles, "a", ENOENT), 73, "cannot create files in a: No such file or directory"),
        (DiskError(.lock, "a/lock", ENOENT), 73, "cannot lock a/lock: No such file or directory"),
        (DiskError(.makeFolder, "a", EEXIST), 73, "cannot make folder a: File exists"),
        (DiskError(.create, "a", ENOSPC), 74, "cannot create a: No space left on device"),
        (DiskError(.write, "a", ENOSPC), 74, "cannot write a: No space left on device"),
        (DiskError(.sync, "a", EIO), 74, "cannot sync a: Input/output error"),
        (DiskError(.read, "a", EIO), 74, "cannot read a: Input/output error"),
        (DiskError(.open, "a", ENOENT), 74, "cannot open a: No such file or directory"),
        (DiskError(.unlink, "a", EIO), 74, "cannot delete a: Input/output error"),
    ] as [(DiskError, Int32, String)])
    func `an error has a sentence and an exit status`(
        error: DiskError, status: Int32, sentence: String
    ) {
        #expect(error.exitStatus == status)
        #expect(error.description == sentence)
    }
}
