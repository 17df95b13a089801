import Formats

/// Addresses on their way out: http and https only, and none with a name or a password in it. Such a one lets in
/// whoever has it, or shows another host than it leads to (`https://bank.example@evil.example/`).
enum Link {
    /// The address as it may stand in a page; `nil` for anything that is no web address.
    static func web(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        let bytes = Array(text.utf8)
        if isPlainWeb(bytes.span, 0..<bytes.count) { return text }
        guard let address = WebAddress(text), address.isWeb, let scheme = address.text.firstIndex(of: ":")
        else { return nil }
        let written = address.scheme + address.text[scheme...]
        let letters = Array(written.utf8)
        return isPlainWeb(letters.span, 0..<letters.count) ? written : nil
    }

    /// The same of a range of UTF-8, behind what is there; nothing for what is no web address.
    static func web(_ bytes: [UInt8], _ range: Range<Int>, onto address: inout [UInt8]) {
        if isPlainWeb(bytes.span, range) {
            address.append(contentsOf: bytes[range])
        } else if let web = web(String(decoding: bytes[range], as: UTF8.self)) {
            address.append(contentsOf: web.utf8)
        }
    }

    /// Whether it begins as a web address with a host and nobody's name before that, and holds only characters
    /// that RFC 3986 allows: nearly all do, and then nothing has to be parsed.
    private static func isPlainWeb(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let start: Int
        if begins(bytes, range, "https://") {
            start = range.lowerBound + 8
        } else if begins(bytes, range, "http://") {
            start = range.lowerBound + 7
        } else {
            return false
        }
        guard start < range.upperBound, isHostStart(bytes[start]) else { return false }
        var end = start
        while end < range.upperBound, !isEndOfHost(bytes[end]) {
            guard isOfAddress(bytes[end]), bytes[end] != UInt8(ascii: "@") else { return false }
            end += 1
        }
        for index in end..<range.upperBound where !isOfAddress(bytes[index]) { return false }
        return true
    }

    private static func isEndOfHost(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    private static func begins(_ bytes: Span<UInt8>, _ range: Range<Int>, _ front: String) -> Bool {
        var index = range.lowerBound
        for byte in front.utf8 {
            guard index < range.upperBound, bytes[index] == byte else { return false }
            index += 1
        }
        return true
    }

    private static func isOfAddress(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "@"), UInt8(ascii: "!"), UInt8(ascii: "$"),
            UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"),
            UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="), UInt8(ascii: "%"):
            true
        default: false
        }
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
