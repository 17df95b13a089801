public import Formats

/// What is meant by a host's name or number alone, before anybody is asked what it leads to.
enum OwnNetwork {
    /// The own machine (RFC 6761 §6.3).
    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || NetworkAddress(host)?.isLoopback == true
    }

    /// Whether a machine of the own network is meant: a number, or a name that no public server knows.
    static func holds(_ host: String) -> Bool {
        let host = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
        return !host.utf8.contains(UInt8(ascii: ".")) || NetworkAddress(host) != nil
            || host.utf8.contains(UInt8(ascii: ":")) || ends.contains { host.hasSuffix($0) }
    }

    /// The last labels of names that no public server knows (RFC 6761 §6.3, RFC 6762 §3 and appendix G, RFC 8375).
    private static let ends = [".localhost", ".local", ".lan", ".home", ".internal", ".home.arpa"]
}

extension WebAddress {
    /// The same with its host's name in ASCII, as it is asked and as answers call it; itself where that cannot be.
    public var inASCII: WebAddress {
        guard host?.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "%") }) == false else { return self }
        return (try? Destination(text)).flatMap { WebAddress($0.text) } ?? self
    }

    public var isLoopback: Bool { number.map { OwnNetwork.isLoopback($0) } ?? false }

    /// Whether whoever writes it means a machine of the own network. What a public name leads to is for a stranger to
    /// say, who may let it lead here.
    public var isOfOwnNetwork: Bool { number.map { OwnNetwork.holds($0) } ?? false }

    /// The host as libcurl has it: an IPv6 address without its brackets, a name without the dot of the root.
    private var number: String? {
        guard var host else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.hasSuffix(".") { host.removeLast() }
        return host
    }
}
