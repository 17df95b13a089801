import CCurl

/// RFC 9110 §5.6.7: the form of today and the two of the past, read by libcurl.
enum HTTPDate {
    /// Seconds since 1970; `nil` when it is none of the three.
    static func seconds(_ text: String) -> Int64? {
        // All three begin with the day of the week; `curl_getdate` would read "x20260101" as well.
        let start = text.prefix(3).lowercased()
        guard ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(start) else { return nil }
        let seconds = ccurl_date(text)
        return seconds < 0 ? nil : Int64(seconds)
    }
}
