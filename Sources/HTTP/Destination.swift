import CCurl
import Glibc

/// An address as libcurl has taken it apart, which is freed with it.
final class AddressParts {
    let handle: OpaquePointer

    /// `nil` when libcurl has no memory for it.
    init?() {
        guard let handle = ccurl_url() else { return nil }
        self.handle = handle
    }

    deinit { ccurl_url_cleanup(handle) }
}

/// An address taken apart by libcurl's own parser, so that what is checked here is exactly what
/// libcurl will connect to: two parsers that disagree are how guards are walked around.
struct Destination {
    /// The same, taken apart: libcurl need not do so again. `nil`: it has to, for of its copy of the parts libcurl 7.88 leaves
    /// out the zone of an address in numbers (`fe80::1%25eth0`).
    let parts: AddressParts?
    /// Percent-encoded, without fragment.
    let text: String
    /// Lower case.
    let scheme: String
    /// Lower case; an IPv6 address stands without its brackets.
    let host: String
    let port: Int
    /// Neither 80 for `http` nor 443 for `https`.
    private let hasUnusualPort: Bool

    init(_ address: String) throws(TransferError) {
        for byte in address.utf8 where byte <= 0x20 || byte == 0x7F {
            throw Self.bad("an address holds a blank or a control character")
        }
        guard let owner = AddressParts() else {
            throw TransferError(kind: .protocolError, message: "no memory for an address")
        }
        let parts = owner.handle
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE)
        // Given away as it is, a String would be copied first.
        let code = address.withCString { ccurl_url_set(parts, CURLUPART_URL, $0, flags) }
        guard code == CURLUE_OK else {
            throw Self.bad(
                "not an absolute web address", detail: String(cString: ccurl_url_strerror(code)))
        }
        scheme = (Self.part(CURLUPART_SCHEME, of: parts) ?? "").lowercased()
        guard scheme == "http" || scheme == "https" else {
            // A name that nobody has heard of may be anything, and is not repeated.
            let named = scheme.utf8.count <= 12 ? "\"\(scheme)\"" : "one of another scheme"
            throw TransferError(
                kind: .refusedScheme, message: "only http and https addresses are asked, not \(named)")
        }
        guard Self.part(CURLUPART_USER, of: parts) == nil,
            Self.part(CURLUPART_PASSWORD, of: parts) == nil
        else { throw Self.bad("an address must not hold a user or a password") }
        _ = ccurl_url_set(parts, CURLUPART_FRAGMENT, nil, 0)
        // The text has no bare question mark at its end, and what is asked is what the text says.
        if Self.part(CURLUPART_QUERY, of: parts)?.isEmpty == true { _ = ccurl_url_set(parts, CURLUPART_QUERY, nil, 0) }
        guard var host = try Self.hostInASCII(parts)?.lowercased(),
            let port = Self.part(CURLUPART_PORT, of: parts, flags: CURLU_DEFAULT_PORT),
            let number = Int(port), number > 0,
            let text = Self.part(CURLUPART_URL, of: parts)
        else { throw Self.bad("an address names no host") }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.hasSuffix(".") { host.removeLast() }
        guard !host.isEmpty else { throw Self.bad("an address names no host") }
        self.parts = Self.part(CURLUPART_ZONEID, of: parts) == nil ? owner : nil
        self.host = host
        self.port = number
        self.text = text
        hasUnusualPort = number != (scheme == "https" ? 443 : 80)
    }

    /// What may be said aloud of it: `https://example.org:8443`.
    var spoken: String {
        let name = host.utf8.contains(0x3A) ? "[\(host)]" : host
        return hasUnusualPort ? "\(scheme)://\(name):\(port)" : "\(scheme)://\(name)"
    }

    /// RFC 6454 §4.
    func hasOrigin(of other: Destination) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    /// Whether the host itself is written as an address of the own machine, or as its name
    /// (RFC 6761 §6.3).
    var isLoopback: Bool { OwnNetwork.isLoopback(host) }

    /// Whether the own network alone knows such a name.
    var isOfOwnNetwork: Bool { OwnNetwork.holds(host) }

    /// Those who share limits: `www.` is the same house, and so is each port.
    var house: String { host.hasPrefix("www.") ? String(host.dropFirst(4)) : host }

    /// A name in other letters (RFC 5891). libcurl's libidn2 reads them by the locale, and a program that sets none has
    /// one without such letters.
    private static func hostInASCII(_ parts: OpaquePointer) throws(TransferError) -> String? {
        let host = part(CURLUPART_HOST, of: parts)
        guard let host, !host.utf8.allSatisfy({ $0 < 0x80 }) else { return host }
        _ = readsUTF8
        guard let ascii = part(CURLUPART_HOST, of: parts, flags: CURLU_PUNYCODE),
            ascii.withCString({ ccurl_url_set(parts, CURLUPART_HOST, $0, 0) }) == CURLUE_OK
        else { throw bad("a host's name holds letters that no name may have") }
        return part(CURLUPART_HOST, of: parts)
    }

    /// Of letters alone, not of numbers and days.
    private static let readsUTF8 = setlocale(LC_CTYPE, "C.UTF-8") != nil

    private static func part(
        _ part: CURLUPart, of parts: OpaquePointer, flags: Int32 = 0
    ) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard ccurl_url_get(parts, part, &text, UInt32(flags)) == CURLUE_OK, let text else {
            return nil
        }
        defer { ccurl_free(text) }
        return String(cString: text)
    }

    private static func bad(_ message: String, detail: String = "") -> TransferError {
        TransferError(kind: .badAddress, message: message, detail: detail)
    }
}
