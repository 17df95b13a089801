import Files
import Formats

/// The system's zone files, by name.
enum TimeZones {
    private static let folders = ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/etc/zoneinfo"]

    /// `nil`: no zone of this name. A name never leads out of the zone folder.
    static func rules(_ name: String, _ disk: any Disk) -> ZoneRules? {
        if name == "UTC" { return .utc }
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        for part in parts where part.isEmpty || part == "." || part == ".." { return nil }
        for folder in folders {
            if let bytes = try? disk.contents(of: folder + "/" + name) { return ZoneRules(bytes) }
        }
        return nil
    }

    /// The name of the machine's own zone, as the link `/etc/localtime` or the file `/etc/timezone` has it.
    static func local(_ disk: any Disk) -> String {
        guard let bytes = try? disk.contents(of: "/etc/timezone") else { return "UTC" }
        let name = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first
        guard let name, rules(String(name), disk) != nil else { return "UTC" }
        return String(name)
    }
}
