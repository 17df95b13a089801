/// One redirect on the way.
public struct Hop: Sendable, Equatable {
    /// 301, 302, 303, 307 or 308.
    public var status: Int
    public var from: String
    public var to: String
    /// `Retry-After` with the `Date` beside it, where that answer asked to be left alone.
    public var headers: [Header]

    public init(status: Int, from: String, to: String, headers: [Header] = []) {
        self.status = status
        self.from = from
        self.to = to
        self.headers = headers
    }

    /// 301 and 308 speak for the future, too. RFC 9110 §15.4.
    public var isPermanent: Bool { status == 301 || status == 308 }
}

/// What a server answered: any status is an answer, and not an error.
public struct Response: Sendable, Equatable {
    public var status: Int
    /// Of the last answer, in the order received. Lines with control characters are left out.
    public var headers: [Header]
    /// Decompressed.
    public var body: [UInt8]
    /// The address that gave this answer, without fragment.
    public var address: String
    /// Every redirect, in order; `hops.last?.to` is `address`.
    public var hops: [Hop]
    /// The IP address connected to; empty when unknown.
    public var remoteAddress: String
    /// All transfers of this request together, waiting not counted.
    public var milliseconds: Int
    /// From the beginning of the batch to this answer, with all waiting.
    public var millisecondsIntoBatch: Int

    public init(
        status: Int, headers: [Header] = [], body: [UInt8] = [], address: String,
        hops: [Hop] = [], remoteAddress: String = "", milliseconds: Int = 0, millisecondsIntoBatch: Int = 0
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.address = address
        self.hops = hops
        self.remoteAddress = remoteAddress
        self.milliseconds = milliseconds
        self.millisecondsIntoBatch = millisecondsIntoBatch
    }

    /// The first header of this name, verbatim; case does not matter.
    public func header(_ name: String) -> String? { headers.first { $0.isNamed(name) }?.value }

    /// All headers of this name, in the order received.
    public func headers(_ name: String) -> [String] {
        var values: [String] = []
        for header in headers where header.isNamed(name) { values.append(header.value) }
        return values
    }
}
