public import Formats

/// How long a server asks to be left alone. RFC 9110 §10.2.3.
public enum RetryAfter {
    /// Nobody is believed who asks for more than a week.
    public static let secondsMax: Int64 = 7 * 86_400

    /// Seconds from now, 0 to a week: read from delta seconds or an HTTP date. `nil` when the
    /// header is neither.
    ///
    /// A date is relative to `now`, unless the server's own `Date` header shows that one of the
    /// two clocks is off by more than a minute: then to that.
    public static func seconds(header: String, date: String?, now: Instant) -> Int64? {
        let digits = header.utf8
        if !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) {
            // More digits than fit are more than a week.
            return min(Int64(header) ?? secondsMax, secondsMax)
        }
        guard let until = HTTPDate.seconds(header) else { return nil }
        var base = now.seconds
        if let date, let theirs = HTTPDate.seconds(date), abs(theirs - base) > 60 { base = theirs }
        return min(max(0, until - base), secondsMax)
    }

    static func seconds(_ headers: [Header], now: Instant) -> Int64? {
        let date = headers.first { $0.isNamed("Date") }?.value
        // A server and what stands before it may both have a wish.
        var longest: Int64?
        for header in headers where header.isNamed("Retry-After") {
            guard let wish = seconds(header: header.value, date: date, now: now) else { continue }
            longest = max(longest ?? wish, wish)
        }
        return longest
    }
}

extension Response {
    /// What this answer asks for; `nil` without a readable `Retry-After`.
    public func retryAfterSeconds(now: Instant) -> Int64? { RetryAfter.seconds(headers, now: now) }

    /// The longest that this answer and the redirects on the way to it ask for: RFC 9110 lets a redirect do so, too.
    public func longestRetryAfterSeconds(now: Instant) -> Int64? {
        let wishes = hops.map { RetryAfter.seconds($0.headers, now: now) } + [retryAfterSeconds(now: now)]
        return wishes.compactMap { $0 }.max()
    }
}

extension Response {
    /// When the server believes it answered (RFC 9110 section 6.6.1); `nil` without a readable `Date`.
    public var date: Instant? {
        header("Date").flatMap { HTTPDate.seconds($0) }.flatMap { Instant(stated: $0) }
    }
}
