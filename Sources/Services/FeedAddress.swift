import Formats

/// The address of a feed or a profile, in the parts by which services are told.
struct FeedAddress {
    /// Lower case, without `www.`.
    let host: String
    /// Percent-decoded; empty parts are left out.
    let segments: [String]
    let query: [(name: String, value: String)]

    /// `nil` for what is no web address. One without a scheme (`letterboxd.com/me`) is taken for
    /// https.
    init?(_ text: String) {
        let hasScheme = text.contains("://") || text.hasPrefix("file:")
        guard let address = WebAddress(hasScheme ? text : "https://" + text), address.isWeb,
            let host = address.host
        else { return nil }
        self.host = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
        segments = address.path.split(separator: "/").map { PercentEncoding.decoded(String($0)) }
        var query: [(String, String)] = []
        for part in (address.query ?? "").split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count > 1 ? PercentEncoding.decoded(String(halves[1])) : ""
            query.append((PercentEncoding.decoded(String(halves[0])), value))
        }
        self.query = query
    }

    func value(of name: String) -> String? {
        for part in query where part.name == name { return part.value }
        return nil
    }

    /// Whether the host is this one or lies beneath it.
    func isAt(_ name: String) -> Bool { host == name || host.hasSuffix("." + name) }

    /// Whether it fits `HOST/PART/PART?NAME`: a host `*` is any, a part `*` is any one, a last part
    /// `**` is any number of further ones, and a part may hold one `*` inside (`u:*`); `?NAME`
    /// wants that parameter.
    func matches(_ pattern: String) -> Bool {
        let halves = pattern.split(separator: "?", maxSplits: 1)
        if halves.count > 1 {
            for name in halves[1].split(separator: "&") where value(of: String(name)) == nil {
                return false
            }
        }
        let parts = halves[0].split(separator: "/").map(String.init)
        guard parts[0] == "*" || isAt(parts[0]) else { return false }
        var wanted = parts.dropFirst()
        if wanted.last == "**" {
            wanted = wanted.dropLast()
            guard segments.count >= wanted.count else { return false }
        } else {
            guard segments.count == wanted.count else { return false }
        }
        for (part, segment) in zip(wanted, segments) where !FeedAddress.fits(segment, part) {
            return false
        }
        return true
    }

    private static func fits(_ segment: String, _ part: String) -> Bool {
        guard let star = part.firstIndex(of: "*") else { return segment == part }
        let front = part[..<star]
        let back = part[part.index(after: star)...]
        return segment.utf8.count >= front.utf8.count + back.utf8.count
            && segment.hasPrefix(front) && segment.hasSuffix(back)
    }
}
