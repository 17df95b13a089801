import Formats

/// A line of a request's or a response's head.
///
/// A received value is kept verbatim, without the blanks around it; bytes that are not UTF-8 are
/// read as Latin-1. RFC 9110 §5. Validators (`ETag`, `Last-Modified`) are bytes of the server's own, and
/// always read so: a character is a byte, whatever it looks like.
public struct Header: Sendable, Equatable {
    public var name: String
    public var value: String
    /// Sent so, too, a byte for each character, where there is more than ASCII in it, and all of it Latin-1: for
    /// validators on their way back.
    public var isLatin1 = false

    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// A validator as it was received.
    public static func verbatim(_ name: String, _ value: String) -> Header {
        var header = Header(name, value)
        header.isLatin1 = value.utf8.contains { $0 >= 0x80 } && value.unicodeScalars.allSatisfy { $0.value < 0x100 }
        return header
    }

    public init(name: String, value: String) {
        self.init(name, value)
    }

    /// Whether it asks for what has changed alone (RFC 9110 §13.1).
    public var isCondition: Bool { isNamed("If-None-Match") || isNamed("If-Modified-Since") }

    /// Whether this is the named header; case does not matter. RFC 9110 §5.1.
    public func isNamed(_ other: String) -> Bool {
        guard name.utf8.count == other.utf8.count else { return false }
        let one = name.utf8.span
        let two = other.utf8.span
        for index in one.indices where one[index].asciiLowercased != two[index].asciiLowercased { return false }
        return true
    }
}

/// What is asked of an address. RFC 9110 §9.3, RFC 5789.
public enum Method: String, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"

    /// A method that changes nothing over there may be sent again elsewhere. RFC 9110 §9.2.1.
    var isSafe: Bool { self == .get || self == .head }
}

/// How much time, how many bytes and how many redirects one request may take.
public struct Limits: Sendable, Equatable {
    /// Finding the host, connecting and TLS together.
    public var connectMilliseconds: Int
    /// From the first byte of the first request to the last byte of the last answer, redirects
    /// included; waiting for a turn is not counted.
    public var totalMilliseconds: Int
    /// A transfer slower than this…
    public var lowSpeedBytesPerSecond: Int
    /// …for this long is given up as stalled. 0: never.
    public var lowSpeedSeconds: Int
    /// Bytes of the body after decompression.
    public var bodyBytesMax: Int
    public var redirectsMax: Int

    public init(
        connectMilliseconds: Int = 10_000, totalMilliseconds: Int = 60_000,
        lowSpeedBytesPerSecond: Int = 100, lowSpeedSeconds: Int = 20,
        bodyBytesMax: Int = 16 << 20, redirectsMax: Int = 10
    ) {
        self.connectMilliseconds = connectMilliseconds
        self.totalMilliseconds = totalMilliseconds
        self.lowSpeedBytesPerSecond = lowSpeedBytesPerSecond
        self.lowSpeedSeconds = lowSpeedSeconds
        self.bodyBytesMax = bodyBytesMax
        self.redirectsMax = redirectsMax
    }
}

/// One question to one address.
public struct Request: Sendable {
    public var method: Method
    /// Absolute; `http` or `https`. A fragment is not sent. A user or a password in it is refused.
    public var address: String
    /// Sent in this order, values verbatim; without an `Accept`, `*/*` is. On a redirect to
    /// another origin only those that say what is wanted, and not who asks, go along.
    public var headers: [Header]
    /// Validators of an address to which this one has redirected; those of this address stand in `headers`.
    public var foreignValidators: ForeignValidators?
    /// `nil`: no body. An empty body is sent as one of no bytes.
    public var body: [UInt8]?
    /// Name, version and how to reach the person: `Colophon/1.0 (+https://example.org/about/)`.
    public var userAgent: String
    public var limits: Limits
    /// The person named this host: it may be one of the own network. Holds for this host alone,
    /// and never for one that a redirect leads to.
    public var trustsPrivateAddresses: Bool
    /// Only `get` and `head` follow: another method is never sent again elsewhere.
    public var followsRedirects: Bool
    /// Must not reach the server twice: a connection of its own, HTTP/1.1, no redirects. libcurl
    /// sends a request again by itself when a connection that it reused turns out to be dead.
    public var isUnrepeatable: Bool

    public init(
        method: Method = .get, address: String, headers: [Header] = [], body: [UInt8]? = nil,
        userAgent: String, limits: Limits = Limits(), trustsPrivateAddresses: Bool = false,
        followsRedirects: Bool = true, isUnrepeatable: Bool = false
    ) {
        self.method = method
        self.address = address
        self.headers = headers
        self.body = body
        self.userAgent = userAgent
        self.limits = limits
        self.trustsPrivateAddresses = trustsPrivateAddresses
        self.followsRedirects = followsRedirects
        self.isUnrepeatable = isUnrepeatable
    }
}

/// What goes along to the one address that has given it, and to no other (http-politeness, section 6): two documents
/// of one site may bear the same tag, and a date says nothing of another document.
public struct ForeignValidators: Sendable, Equatable {
    /// SHA-256 of that address as `Response.address` spelt it, in hexadecimal digits: it may hold a secret.
    public var addressDigest: String
    public var headers: [Header]

    public init(addressDigest: String, headers: [Header]) {
        self.addressDigest = addressDigest
        self.headers = headers
    }
}

extension Request {
    /// Whether it asks an address to which it is redirected for what has changed alone.
    public func isConditional(at address: String) -> Bool {
        guard let foreignValidators, !foreignValidators.headers.isEmpty else { return false }
        return foreignValidators.addressDigest == SHA256.hexDigest(of: address)
    }
}

extension UInt8 {
    var asciiLowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}
