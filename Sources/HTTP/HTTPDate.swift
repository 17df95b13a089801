import CCurl

/// RFC 9110 §5.6.7: the form of today and the two of the past, read by libcurl.
enum HTTPDate {
    /// Seconds since 1970; `nil` when it is none of the three.
    static func seconds(_ text: String) -> Int64? {
        // All three begin with the day of the week; `curl_getdate` would read "20260101" as well.
        guard let first = text.utf8.first, (0x61...0x7A).contains(first | 0x20) else { return nil }
        let seconds = curl_getdate(text, nil)
        return seconds < 0 ? nil : Int64(seconds)
    }
}
