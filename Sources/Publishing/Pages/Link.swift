import Formats

/// Addresses on their way out: http and https only.
enum Link {
    /// The address as it may stand in a page; `nil` for anything that is no web address.
    static func web(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        if isPlainWeb(text) { return text }
        guard let address = WebAddress(text), address.isWeb, isPlainWeb(address.text) else { return nil }
        return address.text
    }

    /// Whether it begins as a web address with a host and holds only characters that RFC 3986 allows:
    /// nearly all do, and then nothing has to be parsed.
    private static func isPlainWeb(_ text: String) -> Bool {
        let start = text.hasPrefix("https://") ? 8 : text.hasPrefix("http://") ? 7 : 0
        guard start > 0, let first = text.utf8.dropFirst(start).first, isHostStart(first) else { return false }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                break
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
                UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"),
                UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "@"), UInt8(ascii: "!"),
                UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
                UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","),
                UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "%"):
                break
            default: return false
            }
        }
        return true
    }

    private static func isHostStart(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "[")
    }

    /// Scheme and host of a web address, to tell own addresses from others.
    static func origin(_ text: String) -> String? {
        guard let scheme = text.firstRange(of: "://") else { return nil }
        let rest = text[scheme.upperBound...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        return text[..<end].lowercased()
    }
}
