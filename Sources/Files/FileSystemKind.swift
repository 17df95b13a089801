/// Whether locks and syncs can be relied on (STORE section 2, row 15).
public enum FileSystemKind: Equatable, Sendable {
    case local
    /// Served by another machine or by another process: its name.
    case network(String)

    /// What `/proc/self/mountinfo` says of the device `major:minor`. A line, by proc(5):
    ///
    ///     36 35 98:0 /root /mount-point rw,noatime master:1 - ext3 /dev/root rw,errors=continue
    ///
    /// where the third word is the device and the word after the lone hyphen the kind.
    init(ofDevice device: String, mounts: [UInt8]) {
        self = .local
        for line in mounts.split(separator: UInt8(ascii: "\n")) {
            let words = line.split(separator: UInt8(ascii: " "))
            guard words.count > 2, words[2].elementsEqual(device.utf8),
                let hyphen = words.firstIndex(where: { $0.elementsEqual("-".utf8) }),
                hyphen + 1 < words.count
            else { continue }
            self.init(named: String(decoding: words[hyphen + 1], as: UTF8.self))
        }
    }

    private init(named name: String) {
        switch name {
        case "nfs", "nfs4": self = .network("NFS")
        case "cifs", "smb3", "smbfs": self = .network("SMB")
        case "fuse", "fuseblk", "virtiofs": self = .network("FUSE")
        case "ceph": self = .network("Ceph")
        case "afs": self = .network("AFS")
        default: self = name.hasPrefix("fuse.") ? .network("FUSE") : .local
        }
    }
}
