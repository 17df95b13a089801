public import Formats

/// What is meant by a host's name or number alone, before anybody is asked what it leads to.
enum OwnNetwork {
    /// The own machine (RFC 6761 §6.3).
    static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || NetworkAddress(host)?.isLoopback == true
    }

    /// The last labels of names that no public server knows (RFC 6761 §6.3, RFC 6762 §3 and appendix G, RFC 8375).
    fileprivate static let ends = [".localhost", ".local", ".lan", ".home", ".internal", ".home.arpa"]
}

extension WebAddress {
    public var isLoopback: Bool { number.map { OwnNetwork.isLoopback($0) } ?? false }

    /// Whether whoever writes it means a machine of the own network. What a public name leads to is for a stranger to
    /// say, who may let it lead here.
    public var isOfOwnNetwork: Bool {
        guard let number else { return false }
        let host = number.hasPrefix("www.") ? String(number.dropFirst(4)) : number
        return !host.utf8.contains(UInt8(ascii: ".")) || NetworkAddress(host) != nil
            || host.utf8.contains(UInt8(ascii: ":")) || OwnNetwork.ends.contains { host.hasSuffix($0) }
    }

    /// The host as libcurl has it: an IPv6 address without its brackets, a name without the dot of the root.
    private var number: String? {
        guard var host else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if host.hasSuffix(".") { host.removeLast() }
        return host
    }
}
