import FoundationEssentials

/// An absolute address (RFC 3986), parsed and resolved by FoundationEssentials' `URL`. A class, for it is handed around
/// more often than it is made, and its parts would be counted each time.
public final class WebAddress: Sendable {
    /// The finished string, percent-encoded, as libcurl and every page may take it.
    public let text: String
    /// Lower case.
    public let scheme: String
    /// Lower case; `nil` where the scheme has none.
    public let host: String?
    /// `nil`: the scheme's own.
    public let port: Int?
    /// Percent-encoded as in `text`.
    public let path: String
    /// Percent-encoded, without the question mark.
    public let query: String?
    /// Whether a user name or a password stands before the host.
    public let hasCredentials: Bool
    /// Parsed once, for whatever is resolved against it.
    private let url: URL

    /// `nil` when it is relative, or no address at all. White space around it is not part of it.
    public convenience init?(_ text: String) {
        self.init(text, relativeTo: nil)
    }

    /// Resolves a reference against a base (RFC 3986 section 5.2).
    public init?(_ text: String, relativeTo base: WebAddress?) {
        guard let url = WebAddress.url(text, relativeTo: base), let scheme = url.scheme?.lowercased() else { return nil }
        self.url = url
        self.text = url.absoluteString
        self.scheme = scheme
        host = url.host(percentEncoded: false)?.lowercased()
        port = url.port
        path = url.path(percentEncoded: true)
        query = url.query(percentEncoded: true)
        hasCredentials = url.user(percentEncoded: true) != nil
    }

    /// The text of a reference resolved against this address, and nothing else of it.
    public func resolving(_ reference: String) -> String? {
        guard let url = WebAddress.url(reference, relativeTo: self), url.scheme != nil else { return nil }
        return url.absoluteString
    }

    private static func url(_ text: String, relativeTo base: WebAddress?) -> URL? {
        let trimmed = encodedBehindHost(trimmed(text))
        // `URL` gives the base for an empty reference; there it means "nothing stated".
        guard !trimmed.isEmpty else { return nil }
        guard let base else { return URL(string: trimmed) }
        return URL(string: trimmed, relativeTo: base.url)?.absoluteURL
    }

    /// Whether it is http or https and names a host: the only kind that leaves us as a link.
    public var isWeb: Bool {
        (scheme == "http" || scheme == "https") && host?.isEmpty == false
    }

    /// Scheme and host, and the port where it is not the scheme's own: what may be told of an address
    /// whose path or query can hold a secret.
    public var origin: String {
        scheme + "://" + (host ?? "") + (port.map { ":\($0)" } ?? "")
    }

    /// Whether more digits stand where a port would than any number has: `URL` reads none then.
    public var hasEndlessPort: Bool {
        guard port == nil else { return false }
        let authority = text.utf8.dropFirst(scheme.utf8.count + 3).prefix { $0 != 0x2F && $0 != 0x3F && $0 != 0x23 }
        let digits = authority.reversed().prefix { (0x30...0x39).contains($0) }.count
        return digits > 5 && authority.dropLast(digits).last == UInt8(ascii: ":")
    }

    private static func trimmed(_ text: String) -> String {
        guard let first = text.utf8.first, let last = text.utf8.last else { return text }
        if first > 0x20, last > 0x20 { return text }
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Encodes what an address may not hold, escapes that stand there already left alone. `URL` does it
    /// for itself, but encodes the percent signs of a part again in which it finds one such letter:
    /// `é%20a` became `%C3%A9%2520a`. The host it must see as it is, to encode it as a name.
    private static func encodedBehindHost(_ text: String) -> String {
        let source = Array(text.utf8)
        let start = endOfHost(source)
        // Most addresses are as they should be already.
        if source[start...].allSatisfy({ isAllowed($0) }) { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes = Array(source[..<start])
        var isFragment = false
        for index in start..<source.count {
            let byte = source[index]
            let stays: Bool
            switch byte {
            case UInt8(ascii: "%"):
                stays = index + 2 < source.count && hexadecimalDigit(source[index + 1]) != nil
                    && hexadecimalDigit(source[index + 2]) != nil
            case UInt8(ascii: "#"):
                stays = !isFragment
                isFragment = true
            default: stays = isAllowed(byte)
            }
            if stays {
                bytes.append(byte)
            } else {
                bytes.append(contentsOf: [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 3986 section 2: unreserved, and the delimiters that may stand behind a host.
    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x3B, 0x40...0x5A, 0x61...0x7A: true
        case 0x21, 0x24, 0x26...0x2F, 0x3D, 0x3F, 0x5F, 0x7E: true
        default: false
        }
    }

    /// Behind `scheme://host:port` or `//host:port`; 0 where neither stands.
    private static func endOfHost(_ bytes: [UInt8]) -> Int {
        var index = 0
        scheme: for (place, byte) in bytes.enumerated() {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: continue
            case UInt8(ascii: ":"):
                index = place + 1
                break scheme
            default: break scheme
            }
        }
        guard index + 1 < bytes.count, bytes[index] == 0x2F, bytes[index + 1] == 0x2F else { return index }
        index += 2
        while index < bytes.count, bytes[index] != 0x2F, bytes[index] != 0x3F, bytes[index] != 0x23 {
            index += 1
        }
        return index
    }
}

/// The text has all the rest.
extension WebAddress: Hashable {
    public static func == (one: WebAddress, other: WebAddress) -> Bool { one.text == other.text }

    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
