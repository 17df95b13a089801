import Files
import Foundation
import Testing

struct PublishingTests {
    let scratch = Scratch()
    let disk = RealDisk()
    var path: String { scratch.path + "/page" }

    @Test func `a published file stands whole, alone, with its permissions`() throws {
        try disk.publish([1, 2, 3], at: path, mode: 0o600)
        #expect(try disk.contents(of: path) == [1, 2, 3])
        #expect(try disk.list(scratch.path) == ["page"])
        #expect(try disk.status(of: path)?.mode == 0o600)
    }

    @Test func `a lightly published file stands as whole, and leaves nothing behind`() throws {
        try disk.publish([1], at: path)
        try disk.publishLightly([2, 3], at: path, mode: 0o600)
        #expect(try disk.contents(of: path) == [2, 3])
        #expect(try disk.list(scratch.path) == ["page"])
        #expect(try disk.status(of: path)?.mode == 0o600)
    }

    @Test func `publishing replaces the file and not what it linked to`() throws {
        let other = scratch.path + "/other"
        try disk.publish([1], at: other)
        #expect(symlink(other, path) == 0)
        try disk.publish([2], at: path)
        #expect(try disk.contents(of: path) == [2])
        #expect(try disk.contents(of: other) == [1])
    }

    @Test func `a leftover under the unfinished name is not reused`() throws {
        let other = scratch.path + "/other"
        try disk.publish([1], at: other, mode: 0o644)
        #expect(symlink(other, scratch.path + "/.tmp-page") == 0)
        try disk.publish([2], at: path, mode: 0o600)
        #expect(try disk.contents(of: other) == [1])
        #expect(try disk.status(of: path)?.mode == 0o600)
    }

    @Test func `an equal file is left alone and keeps its time`() throws {
        #expect(try disk.replaceIfChanged(path, with: [1, 2]))
        let before = try disk.status(of: path)
        #expect(try disk.replaceIfChanged(path, with: [1, 2]) == false)
        #expect(try disk.status(of: path) == before)
        #expect(try disk.replaceIfChanged(path, with: [1, 3]))
        #expect(try disk.replaceIfChanged(path, with: [1]))
        #expect(try disk.contents(of: path) == [1])
    }

    @Test func `an equal file that others may read is replaced by one they may not`() throws {
        try disk.publish([1], at: path, mode: 0o644)
        chmod(path, 0o644)
        #expect(try disk.replaceIfChanged(path, with: [1], mode: 0o600))
        #expect(try disk.status(of: path)?.mode == 0o600)
    }

    @Test func `a publication that fails leaves no unfinished file`() throws {
        try disk.makeFolder(path)
        let error = #expect(throws: DiskError.self) { try disk.publish([1], at: path) }
        #expect(error == DiskError(.rename, path, EISDIR))
        #expect(try disk.list(scratch.path) == ["page"])
    }

    @Test func `row 22: what was left unfinished is removed, and nothing else`() throws {
        try disk.publish([1], at: path)
        try disk.publish([1], at: scratch.path + "/.tmp-page")
        try disk.removeUnfinished(in: scratch.path)
        #expect(try disk.list(scratch.path) == ["page"])
    }

    @Test func `the contents of no file are nil`() throws {
        #expect(try disk.contents(of: path) == nil)
    }

    @Test(arguments: [
        ("a/b/c", "a/b", "c"), ("c", ".", "c"), ("/c", "/", "c"), ("./c", ".", "c"),
    ])
    func `a path is a folder and a name`(path: String, folder: String, name: String) {
        #expect(splitPath(path) == (folder, name))
    }
}
