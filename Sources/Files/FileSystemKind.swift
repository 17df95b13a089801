/// Whether locks and syncs can be relied on (STORE section 2, row 15).
public enum FileSystemKind: Equatable, Sendable {
    case local
    /// Served by another machine or by another process: its name.
    case network(String)

    /// By what statfs(2) says, one of the numbers of `linux/magic.h`.
    init(magic: UInt32) {
        switch magic {
        case 0x6969: self = .network("NFS")
        case 0x517B, 0xFE53_4D42, 0xFF53_4D42: self = .network("SMB")
        // Also virtiofs, and a disk of another system's that a program serves.
        case 0x6573_5546: self = .network("FUSE")
        case 0x00C3_6400: self = .network("Ceph")
        case 0x5346_414F, 0x6B41_4653: self = .network("AFS")
        case 0x0102_1997: self = .network("9P")
        case 0x7375_7245: self = .network("Coda")
        default: self = .local
        }
    }
}
