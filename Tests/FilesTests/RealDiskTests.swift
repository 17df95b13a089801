import Files
import Foundation
import Testing

@testable import Files

/// A folder that is gone when the test is.
final class Scratch {
    let path: String
    init() {
        path = FileManager.default.temporaryDirectory.path + "/colophon-" + UUID().uuidString
        try! FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

struct RealDiskTests {
    let scratch = Scratch()
    let disk = RealDisk()
    var path: String { scratch.path + "/a" }

    private func make(_ path: String, _ bytes: [UInt8]) throws {
        let file = try disk.open(path, for: .creating(mode: 0o600))
        try file.write(bytes, at: 0)
        try file.sync(dataOnly: true)
        try file.close()
    }

    @Test func `a file holds what was written where it was written`() throws {
        try make(path, [1, 2, 3, 4])
        let file = try disk.open(path, for: .writing)
        try file.write([9, 9], at: 3)
        #expect(try file.size() == 5)
        #expect(try file.read(at: 1, count: 100) == [2, 3, 9, 9])
        try file.truncate(to: 2)
        #expect(try file.read(at: 0, count: 100) == [1, 2])
        #expect(try file.read(at: 2, count: 1) == [])
    }

    @Test func `a created file has the asked permissions and must be new`() throws {
        try make(path, [])
        #expect(try disk.status(of: path)?.mode == 0o600)
        #expect(throws: DiskError(.create, path, EEXIST)) {
            _ = try disk.open(path, for: .creating(mode: 0o600))
        }
    }

    @Test func `names come sorted by bytes and without the dots`() throws {
        for name in ["b", "a", "B", "é", ".tmp-x"] { try make(scratch.path + "/" + name, []) }
        #expect(try disk.list(scratch.path) == [".tmp-x", "B", "a", "b", "é"])
    }

    @Test func `status says size and kind, and nil for what is not there`() throws {
        try make(path, [1, 2, 3])
        #expect(try disk.status(of: path)?.size == 3)
        #expect(try disk.status(of: path)?.isFolder == false)
        #expect(try disk.status(of: scratch.path)?.isFolder == true)
        #expect(try disk.status(of: path + "-none") == nil)
        #expect(try disk.status(of: path + "/below-a-file") == nil)
    }

    @Test func `folders are made, renamed into and synced`() throws {
        let folder = scratch.path + "/folder"
        try disk.makeFolder(folder)
        try make(path, [7])
        try disk.rename(path, to: folder + "/a")
        try disk.sync(folder: folder)
        #expect(try disk.list(folder) == ["a"])
        try disk.unlink(folder + "/a")
        #expect(try disk.list(folder) == [])
        #expect(throws: DiskError(.makeFolder, folder, EEXIST)) { try disk.makeFolder(folder) }
    }

    @Test(arguments: [
        (DiskError.Attempt.open, ENOENT), (.unlink, ENOENT), (.rename, ENOENT), (.list, ENOENT),
        (.sync, ENOENT), (.examine, ENOENT),
    ])
    func `what is not there is an error that names verb and path`(
        attempt: DiskError.Attempt, code: Int32
    ) {
        let none = scratch.path + "/none"
        #expect(throws: DiskError(attempt, none, code)) {
            switch attempt {
            case .open: _ = try disk.open(none, for: .writing)
            case .unlink: try disk.unlink(none)
            case .rename: try disk.rename(path, to: none)
            case .list: _ = try disk.list(none)
            case .sync: try disk.sync(folder: none)
            default: _ = try disk.fileSystem(of: none)
            }
        }
    }

    @Test func `row 14: a lock is taken once, by another handle too, until it is closed`() throws {
        let first = try disk.lock(path)
        #expect(throws: DiskError(.lock, path, EWOULDBLOCK)) { _ = try disk.lock(path) }
        try first.close()
        let again = try disk.lock(path)
        #expect(try again.size() == 0)
    }

    @Test func `row 14: a lock held by another process is busy, and dies with it`() throws {
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        try #require(FileManager.default.isExecutableFile(atPath: "/usr/bin/flock"))
        holder.arguments = ["--no-fork", path, "/bin/sh", "-c", "echo held; exec sleep 60"]
        let said = Pipe()
        holder.standardOutput = said
        try holder.run()
        #expect(said.fileHandleForReading.readData(ofLength: 4).count == 4)
        let error = #expect(throws: DiskError.self) { _ = try disk.lock(path) }
        #expect(error?.isBusy == true)
        #expect(error?.exitStatus == 75)
        kill(holder.processIdentifier, SIGKILL)
        holder.waitUntilExit()
        _ = try disk.lock(path)
        #expect(try disk.status(of: path) != nil)
    }

    @Test func `row 14: a child process does not inherit the lock`() throws {
        let lock = try disk.lock(path)
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/bin/sh")
        child.arguments = ["-c", "echo started; exec sleep 60"]
        let said = Pipe()
        child.standardOutput = said
        try child.run()
        _ = said.fileHandleForReading.readData(ofLength: 7)
        try lock.close()
        #expect(throws: Never.self) { _ = try disk.lock(path) }
        kill(child.processIdentifier, SIGKILL)
        child.waitUntilExit()
    }

    @Test func `row 13: a folder we may not write in is permission, exit 77`() throws {
        try make(path, [1])
        chmod(scratch.path, 0o555)
        defer { chmod(scratch.path, 0o755) }
        try asAnyone {
            let expected = DiskError(.createFiles, scratch.path, EACCES)
            #expect(throws: expected) { try disk.requireWritable(folder: scratch.path) }
            #expect(expected.exitStatus == 77)
            let error = #expect(throws: DiskError.self) { try disk.publish([2], at: path) }
            #expect(error?.exitStatus == 77)
        }
        #expect(try disk.contents(of: path) == [1])
    }

    @Test func `a folder we may write in is writable`() throws {
        #expect(throws: Never.self) { try disk.requireWritable(folder: scratch.path) }
    }

    @Test func `a full disk is a failed write, exit 74`() throws {
        let full = try disk.open("/dev/full", for: .writing)
        let error = #expect(throws: DiskError.self) { try full.write([1], at: 0) }
        #expect(error == DiskError(.write, "/dev/full", ENOSPC))
        #expect(error?.exitStatus == 74)
    }

    @Test func `row 12: a failed read is an error and not the end of the file`() throws {
        let folder = try disk.open(scratch.path, for: .reading)
        #expect(throws: DiskError(.read, scratch.path, EISDIR)) {
            _ = try folder.read(at: 0, count: 1)
        }
    }
}

/// Root may do everything, so a test of permissions lets go of that for files, on this thread
/// only: setfsuid(2), which Swift's Glibc does not show.
private func asAnyone(_ body: () throws -> Void) throws {
    guard geteuid() == 0 else { return try body() }
    let setFileUser = unsafeBitCast(
        try #require(dlsym(nil, "setfsuid")), to: (@convention(c) (uid_t) -> Int32).self)
    _ = setFileUser(65_534)
    defer { _ = setFileUser(0) }
    try body()
}
