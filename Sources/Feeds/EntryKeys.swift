/// Which keys of a document's entries are its alone (specs/feed-parsing.md R9).
struct EntryKeys {
    /// Occurrences of a key, by a digest of it: two keys of one digest count as one that is not unique,
    /// which is safe.
    private var digests: [UInt64] = []
    /// For each entry where its keys begin in `digests`, and a digest of them all.
    private var wholes: [(digest: UInt64, start: Int)] = []

    /// Marks in each entry the rules by which another entry has the same key.
    static func compare(_ entries: inout [Entry]) {
        var keys = EntryKeys()
        for index in entries.indices { keys.add(entries[index]) }
        keys.mark(&entries)
    }

    /// Takes note of an entry's keys: best when it is new, and what it holds near at hand.
    mutating func add(_ entry: borrowing Entry) {
        let start = digests.count
        entry.eachKey { digests.append($0.digest) }
        wholes.append((EntryKey.digest(of: digests[start...]), start))
    }

    /// The keys of entries that differ in any. One that stands in the document twice, word for word, is one: else it
    /// would have no key of its own, and be lost.
    private func distinct() -> [UInt64] {
        var ends = wholes.dropFirst().map(\.start)
        ends.append(digests.count)
        var kept: [UInt64] = []
        kept.reserveCapacity(digests.count)
        var last: UInt64?
        for (whole, end) in zip(wholes, ends).sorted(by: { ($0.0.digest, $0.0.start) < ($1.0.digest, $1.0.start) }) {
            if whole.digest != last { kept += digests[whole.start..<end] }
            last = whole.digest
        }
        return kept
    }

    /// Marks in each of the entries, all of which were added, the rules by which another has the same key.
    mutating func mark(_ entries: inout [Entry]) {
        // Sorted, and not hashed: an order of digests can be made up that a table would choke on.
        digests = distinct()
        digests.sort()
        let repeated = Set(zip(digests, digests.dropFirst()).lazy.filter { $0 == $1 }.map(\.0))
        guard !repeated.isEmpty else { return }
        for index in entries.indices {
            var rules: [EntryKey.Rule] = []
            entries[index].eachKey { if repeated.contains($0.digest) { rules.append($0.rule) } }
            entries[index].repeatedRules = rules
        }
    }
}

extension Entry {
    /// Every key that identifies it, strongest first. They are made when they are asked for: most entries
    /// are known by their first.
    public var keys: [EntryKey] {
        var keys: [EntryKey] = []
        eachKey { key in
            var key = key
            key.isUnique = !repeatedRules.contains(key.rule)
            keys.append(key)
        }
        return keys
    }

    fileprivate func eachKey(_ body: (EntryKey) -> Void) {
        let date = published ?? updated
        if let id { body(.id(id)) }
        if let link {
            if let date { body(.link(link, on: date)) }
            body(.link(link))
        }
        if let title, let date { body(.title(title, on: date)) }
        body(.hash(title: title, body: summary ?? content))
    }
}
