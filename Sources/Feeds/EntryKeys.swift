/// Every key of every entry (specs/feed-parsing.md R9).
enum EntryKeys {
    static func assign(to entries: inout [Entry]) {
        // Occurrences of a key, by a digest of it: two keys of one digest would count as one that is
        // not unique, which is safe.
        var digests: [UInt64] = []
        digests.reserveCapacity(entries.count * 5)
        for index in entries.indices {
            let keys = keys(of: entries[index])
            for key in keys { digests.append(key.digest) }
            entries[index].keys = keys
        }
        let occurrences = digests.sorted()
        let repeated = Set(zip(occurrences, occurrences.dropFirst()).lazy.filter { $0 == $1 }.map(\.0))
        guard !repeated.isEmpty else { return }
        var place = 0
        for index in entries.indices {
            for key in entries[index].keys.indices {
                if repeated.contains(digests[place]) { entries[index].keys[key].isUnique = false }
                place += 1
            }
        }
    }

    private static func keys(of entry: Entry) -> [EntryKey] {
        var keys: [EntryKey] = []
        keys.reserveCapacity(5)
        let date = entry.published ?? entry.updated
        if let id = entry.id { keys.append(.id(id)) }
        if let link = entry.link {
            if let date { keys.append(.link(link, on: date)) }
            keys.append(.link(link))
        }
        if let title = entry.title, let date { keys.append(.title(title, on: date)) }
        keys.append(.hash(title: entry.title, body: entry.summary ?? entry.content))
        return keys
    }
}
