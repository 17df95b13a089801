import Formats

/// Every key of every entry (specs/feed-parsing.md R9).
enum EntryKeys {
    static func assign(to entries: inout [Entry]) {
        var counts: [String: Int] = [:]
        for index in entries.indices {
            entries[index].keys = keys(of: entries[index])
            for key in entries[index].keys { counts[key.rule.rawValue + key.value, default: 0] += 1 }
        }
        for index in entries.indices {
            for place in entries[index].keys.indices {
                let key = entries[index].keys[place]
                entries[index].keys[place].isUnique = counts[key.rule.rawValue + key.value] == 1
            }
        }
    }

    private static func keys(of entry: Entry) -> [EntryKey] {
        var keys: [EntryKey] = []
        func add(_ rule: EntryKey.Rule, _ text: String, _ rest: String = "") {
            keys.append(
                EntryKey(rule: rule, value: text + rest, loose: loose(text) + rest, isUnique: true))
        }
        let date = (entry.published ?? entry.updated).map { " " + String($0.seconds) }
        if let id = entry.id { add(.id, id) }
        if let link = entry.link {
            if let date { add(.linkDate, link, date) }
            add(.link, link)
        }
        if let title = entry.title, let date { add(.titleDate, title, date) }
        add(.hash, hash(entry))
        return keys
    }

    /// Of the title and the beginning of the bodies: what follows tells no entries apart, and much of
    /// it costs time.
    private static func hash(_ entry: Entry) -> String {
        var text = Array((entry.title ?? "").utf8)
        for body in [entry.summary, entry.content] {
            text.append(0)
            if let body { text.append(contentsOf: body.value.utf8.prefix(hashedBytes)) }
        }
        return hex(SHA256.digest(text))
    }
    private static let hashedBytes = 512

    /// An address without its scheme and without parameters that begin with `utm_`; other text as it
    /// is.
    static func loose(_ text: String) -> String {
        guard Base.isWeb(text), let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            return text
        }
        let rest = text[text.utf8.index(after: colon)...]
        guard rest.utf8.contains(UInt8(ascii: "?")) else { return String(rest) }
        var fragment = ""
        var whole = rest
        if let hash = whole.utf8.firstIndex(of: UInt8(ascii: "#")) {
            fragment = String(whole[hash...])
            whole = whole[..<hash]
        }
        guard let mark = whole.utf8.firstIndex(of: UInt8(ascii: "?")) else { return String(rest) }
        let query = whole[whole.utf8.index(after: mark)...].split(separator: "&")
        let kept = query.filter { !$0.hasPrefix("utm_") && !$0.hasPrefix("amp;utm_") }
        let path = String(whole[..<mark])
        return path + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&")) + fragment
    }
}
