import Testing

@testable import Files

struct FileSystemKindTests {
    private let mounts = Array(
        """
        22 27 0:21 / /proc rw,relatime - proc proc rw
        27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,discard
        40 27 0:44 / /home rw,relatime shared:2 master:3 - nfs4 server:/home rw
        41 27 0:45 / /media/nas rw - cifs //nas/share rw
        42 27 0:46 / /mnt/a\\040b rw - fuse.sshfs host: rw
        43 27 0:47 / /mnt/v rw - virtiofs share rw
        44 27 0:48 / /mnt/n rw - nfs server:/old rw
        cut off 0:49
        """.utf8)

    @Test(arguments: [
        ("254:1", FileSystemKind.local), ("0:21", .local), ("0:44", .network("NFS")),
        ("0:45", .network("SMB")), ("0:46", .network("FUSE")), ("0:47", .network("FUSE")),
        ("0:48", .network("NFS")), ("0:49", .local), ("0:4", .local), ("9:9", .local),
    ])
    func `row 15: the list of mounts tells what a device is`(
        device: String, kind: FileSystemKind
    ) {
        #expect(FileSystemKind(ofDevice: device, mounts: mounts) == kind)
    }

    @Test(arguments: [
        (0xFE01 as UInt64, "254:1"), (0x15, "0:21"), (0x10_0815, "8:277"),
    ])
    func `a device number is taken apart as makedev does`(number: UInt64, name: String) {
        #expect(RealDisk.deviceName(number) == name)
    }

    @Test func `a folder of this machine is on a local file system`() throws {
        #expect(try RealDisk().fileSystem(of: "/proc") == .local)
    }
}
