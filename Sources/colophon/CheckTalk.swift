import Formats
import Operations

/// How `check` is said: a feed is a block, its name on top, and a row for each thing that is known of it.
///
///     films
///       address     https://letterboxd.com/ada/rss/
///       answer      200, 34 kB in 120 ms
///       ...
struct CheckTalk {
    private let check: Check
    private let terminal: Terminal

    init(_ check: Check, _ terminal: Terminal) {
        self.check = check
        self.terminal = terminal
    }

    var lines: [String] {
        if check.feeds.isEmpty, check.networks.isEmpty { return ["feeds.toml names no feed"] }
        var lines: [String] = []
        for feed in check.feeds { lines += block(feed) + [""] }
        if !check.networks.isEmpty {
            lines.append(terminal.bold("announcements"))
            for one in check.networks {
                let words = one.problem.map { "no good: " + $0 } ?? "posts as " + one.account
                lines += row(one.network, words)
            }
            lines.append("")
        }
        for oddity in check.oddities { lines += Help.wrap("odd: " + oddity, indent: 0, width: terminal.width) + [""] }
        return lines + Help.wrap(summary, indent: 0, width: terminal.width)
    }

    private func block(_ feed: Check.Feed) -> [String] {
        var rows = [terminal.bold(feed.name)]
        if let failure = feed.failure {
            rows += row("fails", (failure.stage == .read ? "" : "not fetched: ") + failure.reason)
        }
        rows += row("address", feed.address)
        rows += row("answer", answer(feed))
        rows += row("taken for", service(feed))
        if feed.failure == nil { rows += row("finishes", finishes(feed)) }
        for (reason, count) in feed.reasons { rows += row("", "\(count) not: \(reason)") }
        if feed.failure == nil, feed.status > 0 {
            rows += row(
                "validators",
                feed.hasValidators
                    ? feed.validators.joined(separator: ", ") + ": it may say \"not modified\"" : "none")
        }
        rows += row("asks for", wishes(feed))
        if feed.intervalSeconds > 0 {
            let until =
                feed.firstIntervalSeconds > feed.intervalSeconds
                ? " once it has said so, " + CheckTalk.every(feed.firstIntervalSeconds) + " until then" : ""
            rows += row("polled", CheckTalk.every(feed.intervalSeconds) + until)
        }
        for oddity in feed.oddities { rows += row("odd", oddity) }
        return rows
    }

    private static func every(_ seconds: Int) -> String {
        let interval = duration(seconds)
        return "every " + (interval.hasPrefix("1 ") ? interval.dropFirst(2) : interval[...])
    }

    private func answer(_ feed: Check.Feed) -> String {
        guard feed.status > 0 else { return feed.failure == nil ? "a file of \(CheckTalk.size(feed.bytes))" : "" }
        var words = "\(feed.status)"
        if feed.redirects > 0 { words += " after \(Reports.count(feed.redirects, "redirect"))" }
        if feed.bytes > 0 { words += ", \(CheckTalk.size(feed.bytes)) in \(feed.milliseconds) ms" }
        return words
    }

    private func service(_ feed: Check.Feed) -> String {
        if feed.format.isEmpty { return "" }
        let told =
            switch feed.why {
            case "setting": "as feeds.toml says"
            case "address": "by its address"
            default: feed.why
            }
        return "\(feed.service), \(told); \(feed.format)"
    }

    private func finishes(_ feed: Check.Feed) -> String {
        "\(feed.finishes) of \(Reports.count(feed.entries, "entry", "entries"))"
    }

    private func wishes(_ feed: Check.Feed) -> String {
        var wishes: [String] = []
        if feed.advisedSeconds > 0 { wishes.append("\(CheckTalk.duration(feed.advisedSeconds)) between two polls") }
        if !feed.skipHours.isEmpty { wishes.append("none in the hours \(Reports.ranges(feed.skipHours.sorted())) GMT") }
        if !feed.skipDays.isEmpty {
            wishes.append("none on " + feed.skipDays.sorted().map { CheckTalk.days[$0 % 7] }.joined(separator: ", "))
        }
        return wishes.joined(separator: "; ")
    }

    private var summary: String {
        let failing = check.feeds.count { $0.failure != nil }
        let odd = check.feeds.count { $0.failure == nil && !$0.oddities.isEmpty }
        var words = Reports.count(check.feeds.count, "feed") + ": "
        words += failing == 0 ? "all answer" : failing == 1 ? "1 fails" : "\(failing) fail"
        if odd > 0 { words += ", \(odd) with something odd" }
        return words + "; nothing was written"
    }

    /// A label in the left column, its meaning in the right one; nothing where there is nothing to say.
    private func row(_ label: String, _ text: String) -> [String] {
        let column = 14
        var lines = Help.wrap(Reports.oneLine(text), indent: column, width: terminal.width)
        guard !lines.isEmpty else { return [] }
        lines[0] =
            "  " + terminal.dim(label) + String(repeating: " ", count: max(1, column - 2 - label.count))
            + lines[0].dropFirst(column)
        return lines
    }

    private static let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// `15 minutes`, `1 h 30 min`, `2 days`
    static func duration(_ seconds: Int) -> String {
        let minutes = (seconds + 59) / 60
        if seconds < 60 { return Reports.count(seconds, "second") }
        if minutes < 60 { return Reports.count(minutes, "minute") }
        if minutes % 1440 == 0 { return Reports.count(minutes / 1440, "day") }
        if minutes % 60 == 0 { return Reports.count(minutes / 60, "hour") }
        return "\(minutes / 60) h \(minutes % 60) min"
    }

    /// `812 bytes`, `34 kB`, `2.1 MB`
    static func size(_ bytes: Int) -> String {
        if bytes < 1000 { return Reports.count(bytes, "byte") }
        if bytes < 1_000_000 { return "\((bytes + 500) / 1000) kB" }
        let tenths = (bytes + 50_000) / 100_000
        return "\(tenths / 10).\(tenths % 10) MB"
    }
}
