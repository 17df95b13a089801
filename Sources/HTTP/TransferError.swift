/// Why a request has no answer.
///
/// `message` and `detail` name a scheme and a host at most, never a path or a query: those may
/// hold a person's keys.
public struct TransferError: Error, Sendable, Equatable {
    /// What went wrong: an open set, as libcurl's and the web's ways to fail are.
    public struct Kind: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// No such host, or nobody who could tell.
        public static let resolve = Kind(rawValue: "resolve")
        /// The host is known, but nobody answers there.
        public static let connect = Kind(rawValue: "connect")
        /// The host is there, and nobody listens: whoever hears that has a network.
        public static let refused = Kind(rawValue: "refused")
        /// No secure connection: certificate, protocol, handshake.
        public static let tls = Kind(rawValue: "tls")
        /// No connection within `Limits.connectMilliseconds`.
        public static let connectTimeout = Kind(rawValue: "connectTimeout")
        /// No whole answer within `Limits.totalMilliseconds`.
        public static let timeout = Kind(rawValue: "timeout")
        /// Slower than the limits allow, for longer than they allow.
        public static let stalled = Kind(rawValue: "stalled")
        /// More body than `Limits.bodyBytesMax`, or endless headers.
        public static let tooLarge = Kind(rawValue: "tooLarge")
        /// Fewer bytes than were announced.
        public static let truncated = Kind(rawValue: "truncated")
        /// Hung up without an answer, or in the middle of one.
        public static let closed = Kind(rawValue: "closed")
        public static let tooManyRedirects = Kind(rawValue: "tooManyRedirects")
        public static let redirectLoop = Kind(rawValue: "redirectLoop")
        /// Neither `http` nor `https`.
        public static let refusedScheme = Kind(rawValue: "refusedScheme")
        /// A private, loopback or link-local address that nobody named, or a redirect to an
        /// unusual port.
        public static let refusedAddress = Kind(rawValue: "refusedAddress")
        /// A redirect from `https` to `http`.
        public static let downgrade = Kind(rawValue: "downgrade")
        /// Not an address that can be asked.
        public static let badAddress = Kind(rawValue: "badAddress")
        /// A header to be sent has a line break in it, or no name.
        public static let badHeader = Kind(rawValue: "badHeader")
        /// Not asked: the same host asked to wait (429, or Retry-After) earlier in this batch.
        public static let hostStopped = Kind(rawValue: "hostStopped")
        /// Not asked, or not finished, when the whole run's time was up.
        public static let deadline = Kind(rawValue: "deadline")
        /// 304 to a request without a condition: nothing is known of what "not modified" means.
        public static let unaskedNotModified = Kind(rawValue: "unaskedNotModified")
        /// Not HTTP, or broken HTTP.
        public static let protocolError = Kind(rawValue: "protocolError")
    }

    public var kind: Kind
    /// In words for a person, without a final stop.
    public var message: String
    /// libcurl's own text; may be empty.
    public var detail: String
    /// Redirects that were followed before.
    public var redirects: Int
    /// The house that it was about (see `Destination.house`); empty where there is none.
    public var house: String

    public init(
        kind: Kind, message: String, detail: String = "", redirects: Int = 0, house: String = ""
    ) {
        self.kind = kind
        self.message = message
        self.detail = detail
        self.redirects = redirects
        self.house = house
    }
}
