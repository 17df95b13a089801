/// One request on its way: through its redirects, to its last answer.
///
/// Redirects are followed here and not by libcurl, because each hop's status matters, and each
/// hop may lead somewhere it must not (http-politeness, section 6).
final class Journey {
    let request: Request
    let index: Int
    /// The host that the person named.
    private let named: Destination
    private(set) var destination: Destination
    private(set) var headers: [Header]
    private(set) var hops: [Hop] = []
    var house = 0
    /// With a connection of its own, for one that had been kept was closed.
    private(set) var isSecondTry = false
    /// Of all transfers so far.
    var spentMilliseconds: Int64 = 0

    init(_ request: Request, index: Int, gate: Gate) throws(TransferError) {
        for header in request.headers { try Journey.check(header) }
        for header in request.foreignValidators?.headers ?? [] { try Journey.check(header) }
        try Journey.check(Header("User-Agent", request.userAgent))
        self.request = request
        self.index = index
        named = try Destination(request.address)
        destination = named
        headers = request.headers
        try checkWrittenAddress(gate)
    }

    /// Only the host that was named is trusted with a private address, not one that it leads to.
    var trustsPrivateAddresses: Bool {
        request.trustsPrivateAddresses && destination.host == named.host
    }

    var isNamedLoopback: Bool { trustsPrivateAddresses && destination.isLoopback }

    /// Whether the server may answer 304.
    var isConditional: Bool { headers.contains(where: \.isCondition) }

    /// Whether to ask once more who has not answered. False when that was done, or must not be.
    func tryAgain() -> Bool {
        guard !isSecondTry, request.method.isSafe, !request.isUnrepeatable else { return false }
        isSecondTry = true
        return true
    }

    /// Turns to where a redirect points. False when this answer is the last one.
    func follow(
        status: Int, to location: String?, _ answered: [Header] = [], gate: Gate
    ) throws(TransferError) -> Bool {
        guard [301, 302, 303, 307, 308].contains(status), let location,
            request.followsRedirects, request.method.isSafe, !request.isUnrepeatable
        else { return false }
        let old = destination
        let new = try target(of: location)
        guard hops.count < max(0, request.limits.redirectsMax) else {
            throw failure(
                .tooManyRedirects,
                "\(named.spoken) redirects more than \(request.limits.redirectsMax) times")
        }
        // Cookies are never sent, so an address that was asked before answers the same again.
        if new.text == old.text || hops.contains(where: { $0.from == new.text }) {
            throw failure(.redirectLoop, "\(named.spoken) redirects in a circle")
        }
        if old.scheme == "https", new.scheme == "http" {
            throw failure(
                .downgrade, "\(old.spoken) redirects to the unprotected \(new.spoken)")
        }
        guard [80, 443, 8080, 8443, named.port].contains(new.port) else {
            throw failure(
                .refusedAddress, "\(old.spoken) redirects to an unusual port: \(new.spoken)")
        }
        hops.append(Hop(status: status, from: old.text, to: new.text, headers: Self.wish(answered)))
        destination = new
        headers = Self.headers(headers, from: old, to: new)
        if let foreign = request.foreignValidators, request.isConditional(at: new.text) { headers += foreign.headers }
        try checkWrittenAddress(gate)
        return true
    }

    /// Of a redirect's head what has to be known later.
    private static func wish(_ headers: [Header]) -> [Header] {
        guard headers.contains(where: { $0.isNamed("Retry-After") }) else { return [] }
        return headers.filter { $0.isNamed("Retry-After") || $0.isNamed("Date") }
    }

    private func target(of location: String) throws(TransferError) -> Destination {
        do {
            return try Destination(location)
        } catch {
            let words = "\(destination.spoken) redirects astray: \(error.message)"
            throw failure(error.kind, words, error.detail)
        }
    }

    /// An address written in numbers needs no name service to be refused, nor does a name that no public server knows: a
    /// proxy might know it. All others are judged when libcurl knows what it is about to connect to.
    private func checkWrittenAddress(_ gate: Gate) throws(TransferError) {
        guard !trustsPrivateAddresses else { return }
        if let written = NetworkAddress(destination.host) {
            if gate.refuses(written) { throw refusal }
        } else if destination.isOfOwnNetwork {
            throw refusal
        }
    }

    var refusal: TransferError {
        let way = hops.isEmpty ? "" : "\(named.spoken) redirects astray: "
        return failure(
            .refusedAddress,
            "\(way)\(destination.host) is a private address, and not one that was named")
    }

    func failure(
        _ kind: TransferError.Kind, _ message: String, _ detail: String = ""
    ) -> TransferError {
        TransferError(
            kind: kind, message: message, detail: detail, redirects: hops.count, house: destination.house)
    }

    /// The same of whom a redirect has led to: its name alone would say nothing to whoever wrote the first one.
    func failureThere(
        _ kind: TransferError.Kind, _ message: String, _ detail: String
    ) -> TransferError {
        let way = destination.house == named.house ? "" : " (\(named.spoken) redirects there)"
        return failure(kind, message + way, detail)
    }

    /// What may go along to another address. Validators say nothing there: see `ForeignValidators`. To another
    /// origin credentials must not be told; so only what says which answer is wanted goes there.
    static func headers(
        _ headers: [Header], from old: Destination, to new: Destination
    ) -> [Header] {
        let headers = headers.filter { !$0.isCondition }
        guard !new.hasOrigin(of: old) else { return headers }
        let harmless = ["Accept", "Accept-Language", "Cache-Control", "Pragma"]
        return headers.filter { header in harmless.contains { header.isNamed($0) } }
    }

    /// A line break in a value would begin a header, or a request, of somebody else's choosing.
    private static func check(_ header: Header) throws(TransferError) {
        // Every request has these: a span is looked through in a third of the time of a String.
        let name = header.name.utf8.span
        let isName = !name.isEmpty
            && name.indices.allSatisfy { name[$0] > 0x20 && name[$0] < 0x7F && name[$0] != UInt8(ascii: ":") }
        guard isName else {
            throw TransferError(kind: .badHeader, message: "a header to be sent has no proper name")
        }
        let value = header.value.utf8.span
        for index in value.indices where (value[index] < 0x20 && value[index] != 0x09) || value[index] == 0x7F {
            throw TransferError(
                kind: .badHeader,
                message: "the header \"\(header.name)\" to be sent holds a line break or the like")
        }
    }
}
