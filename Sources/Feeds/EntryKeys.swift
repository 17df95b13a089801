import Formats

/// Every key of every entry (specs/feed-parsing.md R9).
enum EntryKeys {
    static func assign(to entries: inout [Entry]) {
        // Occurrences of a key, by a digest of it: two keys of one digest would count as one that is
        // not unique, which is safe.
        var counts: [UInt64: Int] = [:]
        counts.reserveCapacity(entries.count * 5)
        var digests: [UInt64] = []
        digests.reserveCapacity(entries.count * 5)
        for index in entries.indices {
            let keys = keys(of: entries[index])
            for key in keys {
                let digest = digest(key)
                digests.append(digest)
                counts[digest, default: 0] += 1
            }
            entries[index].keys = keys
        }
        var place = 0
        for index in entries.indices {
            for key in entries[index].keys.indices {
                if counts[digests[place]] != 1 { entries[index].keys[key].isUnique = false }
                place += 1
            }
        }
    }

    private static func keys(of entry: Entry) -> [EntryKey] {
        var keys: [EntryKey] = []
        keys.reserveCapacity(5)
        let date = (entry.published ?? entry.updated).map { " " + String($0.seconds) }
        if let id = entry.id { keys.append(EntryKey(.id, id, loose: loose(id))) }
        if let link = entry.link {
            let loose = loose(link)
            if let date { keys.append(EntryKey(.linkDate, link + date, loose: loose + date)) }
            keys.append(EntryKey(.link, link, loose: loose))
        }
        if let title = entry.title, let date {
            let key = title + date
            keys.append(EntryKey(.titleDate, key, loose: key))
        }
        // The last resort costs most. It is there whenever an entry has no id or link, or will have
        // had none when it looked as it does now: without a date no other key outlives a new guid.
        if keys.isEmpty || date == nil || entry.title == nil || entry.id == nil && entry.link == nil {
            let hash = hash(entry)
            keys.append(EntryKey(.hash, hash, loose: hash))
        }
        return keys
    }

    /// FNV-1a over the rule and the bytes of the key.
    private static func digest(_ key: EntryKey) -> UInt64 {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        digest = (digest ^ UInt64(key.rule.rank)) &* 0x100_0000_01B3
        for byte in key.value.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return digest
    }

    /// Of the title and the beginning of the first body: what follows tells no entries apart, and much of
    /// it costs time.
    private static func hash(_ entry: Entry) -> String {
        var text = Array((entry.title ?? "").utf8)
        text.append(0)
        if let body = entry.summary ?? entry.content {
            text.append(contentsOf: body.beginning(hashedBytes))
        }
        return hex(SHA256.digest(text))
    }
    private static let hashedBytes = 256

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
        let kept = query.filter { !$0.hasPrefix("utm_") }
        let path = String(whole[..<mark])
        return path + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&")) + fragment
    }
}

extension EntryKey {
    fileprivate init(_ rule: Rule, _ value: String, loose: String) {
        self.init(rule: rule, value: value, loose: loose, isUnique: true)
    }
}

extension EntryKey.Rule {
    /// From the strongest, which is 0.
    fileprivate var rank: Int {
        switch self {
        case .id: 0
        case .linkDate: 1
        case .link: 2
        case .titleDate: 3
        case .hash: 4
        }
    }
}
