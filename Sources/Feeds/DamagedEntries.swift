/// Which entries of an XML document are damaged: no single one of them can be told to be so.
extension FeedDocument {
    /// Entries with two titles and two ids are two that came as one, a piece of the document being lost: the next whole
    /// document has both. Where a tag is torn between them, two ids say so alone. Where most are so, that is how the feed
    /// is written.
    mutating func judgeDoubled() {
        let doubled = entries.indices.filter {
            entries[$0].hasOtherID && (entries[$0].hasOtherTitle || entries[$0].isTorn)
        }
        guard !doubled.isEmpty, doubled.count * 2 <= entries.count else { return }
        for index in doubled {
            damage(index)
            entries[index].isDoubled = true
        }
        defects.append("an entry has two ids: what stood between two entries is missing")
    }

    /// An entry with a torn tag that alone has no id, no title, … has lost it, perhaps to the field before: with what is left
    /// one finish would be two, or have its review for a title.
    mutating func judgeTorn() {
        let tornCount = entries.count { $0.isTorn }
        guard entries.count >= FeedDocument.entriesToCompare, tornCount > 0 else { return }
        // Where many are, that is how the feed is written.
        guard tornCount == 1 || tornCount * FeedDocument.tornShare <= entries.count else { return }
        let fields: [(name: String, has: (Entry) -> Bool)] = [
            ("id", { $0.id != nil }), ("title", { $0.title != nil }), ("date", { $0.published != nil }),
            ("link", { $0.link != nil }), ("text", { $0.summary != nil || $0.content != nil }),
        ]
        for field in fields {
            let without = entries.indices.filter { !field.has(entries[$0]) }
            guard without.count == 1, entries[without[0]].isTorn else { continue }
            damage(without[0])
            defects.append("an entry has lost its \(field.name), which all others have")
        }
    }

    private mutating func damage(_ index: Int) {
        (entries[index].isDamaged, entries[index].isNameDamaged) = (true, true)
        lack = lack ?? .part
    }

    private static let entriesToCompare = 3
    private static let tornShare = 4
}
