import Catalogue
import Feeds
import Formats
import XML

/// `[feed.finished]` of one feed, made ready: which entries count. An entry counts when any one of
/// the rules holds for it.
struct EntryRules {
    /// What a rule that held makes of the title.
    struct Match {
        var title: String
        var creator: String?
        var year: Int?
        /// Whether the rule looked at the title and has taken its part off.
        var hasShapedTitle = false
    }

    let rules: Configuration.FinishedRules
    private let patterns: [Regex<AnyRegexOutput>]

    init(_ rules: Configuration.FinishedRules) {
        self.rules = rules
        var patterns: [Regex<AnyRegexOutput>] = []
        for text in rules.titleRegex {
            // One that does not compile was refused with `feeds.toml`: see `problem(in:)`.
            if let pattern = try? Regex(text) { patterns.append(pattern) }
        }
        self.patterns = patterns
    }

    var isEmpty: Bool { rules.isEmpty }

    /// What is wrong with a pattern for titles; `nil`: nothing.
    static func problem(in pattern: String) -> String? {
        do {
            _ = try Regex(pattern)
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// `nil`: no rule holds.
    func match(_ entry: Entry, title: String) -> Match? {
        for prefix in rules.titlePrefix {
            let front = title.prefix(prefix.count)
            guard !prefix.isEmpty, front.lowercased() == prefix.lowercased() else { continue }
            let rest = Words.line(String(title.dropFirst(prefix.count))) ?? title
            return Match(title: Words.unquoted(rest), hasShapedTitle: true)
        }
        for pattern in patterns {
            if let match = EntryRules.match(pattern, title) { return match }
        }
        for wanted in rules.category {
            let wanted = wanted.lowercased()
            for category in entry.categories
            where category.term.lowercased() == wanted || category.label?.lowercased() == wanted {
                return Match(title: title)
            }
        }
        guard !rules.bodyContains.isEmpty else { return nil }
        let bodies = [entry.summary, entry.content].compactMap { $0 }
        let text = bodies.map { $0.isHTML ? HTMLText.plain($0.value) : $0.value }
            .joined(separator: "\n").lowercased()
        for words in rules.bodyContains where text.contains(words.lowercased()) {
            return Match(title: title)
        }
        return nil
    }

    /// The groups named `title`, `creator` and `year` of a pattern say what of the title is which.
    private static func match(_ pattern: Regex<AnyRegexOutput>, _ title: String) -> Match? {
        guard let found = try? pattern.firstMatch(in: title) else { return nil }
        func group(_ name: String) -> String? {
            for value in found.output where value.name == name {
                return value.substring.flatMap { Words.line(String($0)) }
            }
            return nil
        }
        return Match(
            title: group("title") ?? title, creator: group("creator"),
            year: Words.year(group("year")), hasShapedTitle: group("title") != nil)
    }
}
