import Foundation

/// Mentions and cashtags as twitter-text's published patterns find them: what posts are measured by here,
/// and written in another way than the code that keeps titles from having any.
enum Marks {
    static func mentions(in text: String) -> [String] { names(in: text, mention) }

    static func cashtags(in text: String) -> [String] { names(in: text, cashtag) }

    private static let mention = pattern(
        "(?:^|[^a-zA-Z0-9_!#$%&*@\u{FF20}]|(?:^|[^a-zA-Z0-9_+~.-])(?:rt|RT|rT|Rt):?)"
            + "[@\u{FF20}]([a-zA-Z0-9_]{1,20})(?![a-zA-Z0-9_@\u{FF20}\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{24F}]|://)")
    private static let cashtag = pattern(
        "(?:^|[\\s\u{200E}\u{200F}\u{202A}-\u{202E}\u{061C}\u{2066}-\u{2069}])"
            + "\\$([a-zA-Z]{1,6}(?:[._][a-zA-Z]{1,2})?)(?=$|\\s|[!-/:-@\\[-`{-~])")

    private static func pattern(_ text: String) -> NSRegularExpression? {
        try? NSRegularExpression(pattern: text)
    }

    private static func names(in text: String, _ pattern: NSRegularExpression?) -> [String] {
        var names: [String] = []
        let whole = NSString(string: text)
        var start = 0
        // A mention may begin where the one before it ended.
        while start <= whole.length,
            let match = pattern?.firstMatch(
                in: text, options: [.withTransparentBounds, .withoutAnchoringBounds],
                range: NSRange(location: start, length: whole.length - start))
        {
            names.append(whole.substring(with: match.range(at: 1)))
            start = max(start + 1, match.range.location + match.range.length)
        }
        return names
    }
}
