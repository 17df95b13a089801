import FoundationEssentials

/// An absolute address (RFC 3986), parsed and resolved by FoundationEssentials' `URL`.
public struct WebAddress: Hashable, Sendable {
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

    /// `nil` when it is relative, or no address at all. White space around it is not part of it.
    public init?(_ text: String) {
        self.init(text, relativeTo: nil)
    }

    /// Resolves a reference against a base (RFC 3986 section 5.2).
    public init?(_ text: String, relativeTo base: WebAddress?) {
        let trimmed = WebAddress.trimmed(text)
        // `URL` gives the base for an empty reference; there it means "nothing stated".
        guard !trimmed.isEmpty else { return nil }
        let parsed: URL?
        if let base {
            parsed = URL(string: trimmed, relativeTo: URL(string: base.text))?.absoluteURL
        } else {
            parsed = URL(string: trimmed)
        }
        guard let url = parsed, let scheme = url.scheme?.lowercased() else { return nil }
        self.text = url.absoluteString
        self.scheme = scheme
        host = url.host(percentEncoded: false)?.lowercased()
        port = url.port
        path = url.path(percentEncoded: true)
        query = url.query(percentEncoded: true)
        hasCredentials = url.user(percentEncoded: true) != nil
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

    private static func trimmed(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
        while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
