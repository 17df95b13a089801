import Testing

@testable import Files

struct FileSystemKindTests {
    // The numbers of linux/magic.h.
    @Test(arguments: [
        (0xEF53 as UInt32, FileSystemKind.local), (0x9FA0, .local), (0x0102_1994, .local), (0x5846_5342, .local),
        (0x6969, .network("NFS")), (0x517B, .network("SMB")), (0xFF53_4D42, .network("SMB")),
        (0xFE53_4D42, .network("SMB")), (0x6573_5546, .network("FUSE")), (0x00C3_6400, .network("Ceph")),
        (0x5346_414F, .network("AFS")), (0x6B41_4653, .network("AFS")), (0x0102_1997, .network("9P")),
        (0x7375_7245, .network("Coda")),
    ])
    func `row 15: the kind of a file system is told by its number`(magic: UInt32, kind: FileSystemKind) {
        #expect(FileSystemKind(magic: magic) == kind)
    }

    @Test func `a folder of this machine is on a local file system`() throws {
        #expect(try RealDisk().fileSystem(of: "/proc") == .local)
    }

    @Test func `a folder that is not there has no file system`() {
        let error = #expect(throws: DiskError.self) { try RealDisk().fileSystem(of: "/proc/none/such") }
        #expect(error?.description.contains("/proc/none/such") == true)
    }
}
