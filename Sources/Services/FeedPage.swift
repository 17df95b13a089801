import Catalogue
import Feeds
import Formats

/// A document on a room's table: the entries with all that the room may ask beside them.
struct FeedPage {
    let document: FeedDocument
    let context: FeedContext
    /// `nil` where the address is none of the web.
    let address: FeedAddress?
    let secrets: Secrets
    /// Whether all items bear the moment the site was built instead of a date of their own.
    let sharesPublished: Bool
    private let looseCounts: [String: Int]

    init(_ document: FeedDocument, _ context: FeedContext) {
        self.document = document
        self.context = context
        address = FeedAddress(context.address)
        secrets = Secrets(addresses: context.way + [context.address], isPrivate: context.isPrivate)
        sharesPublished = FeedPage.sharesPublished(document.entries)
        var counts: [String: Int] = [:]
        for entry in document.entries {
            for key in entry.keys where key.isUnique && (key.rule != .hash || FeedPage.needsHash(entry)) {
                counts[FeedPage.looseName(key), default: 0] += 1
            }
        }
        looseCounts = counts
    }

    /// The day of an instant on the person's clock.
    func day(of instant: Instant) -> Day {
        Day(of: instant, offset: context.timeZone(instant))
    }

    /// Whether `count` of the feed's settings names such small things.
    func counts(_ unit: String) -> Bool {
        context.countsEverything || context.feed.count == unit
    }

    // MARK: from a finding to a sighting

    func recognised(_ finding: Finding, from entry: Entry) -> Recognised {
        var finish = finding.finish
        if finish.kind == nil, finding.finished != false { finish.kind = context.feed.kind }
        finish = secrets.cleaned(finish)
        let generic = genericKeys(of: entry)
        let keys = finding.keys.isEmpty ? generic : finding.keys.map(secrets.cleaned)
        // What another entry says word for word has a name, too: what is passed over is told by it.
        let id = finding.entry ?? entry.id ?? entry.link ?? generic.first?.text ?? entry.keys.last?.value ?? ""
        let isFinish = finding.finished != false
        var sighting = Sighting(
            keys: keys, feed: context.feed.name, entry: secrets.withoutTokens(id),
            repeatPolicy: finding.repeatPolicy, finish: finish.bounded(),
            logged: finding.logged ?? entry.published ?? entry.updated,
            stated: Evidence.gather(
                entry.elements,
                bytesMax: isFinish ? Bounds.statedMax : Bounds.passedOverStatedMax, secrets))
        if finding.keys.isEmpty { sighting.hint = hint(of: entry, beside: generic) }
        var recognised = Recognised(
            sighting: sighting, finished: finding.finished,
            reason: finding.finished == true ? "" : secrets.withoutTokens(finding.reason))
        recognised.isDamaged = entry.isDamaged
        recognised.isNameDamaged = entry.isNameDamaged
        recognised.isDoubled = entry.isDoubled
        return recognised
    }

    /// PRODUCT section 6, generic keys: a rule only where its key is unique in the document, and
    /// beside each key the one that is blind to scheme and tracking.
    func genericKeys(of entry: Entry) -> [Key] {
        var keys: [Key] = []
        let isAlone = entry.keys.contains { $0.isUnique && $0.rule != .hash }
        for key in entry.keys where key.isUnique && (key.rule != .hash || !isAlone || FeedPage.needsHash(entry)) {
            let rule = FeedPage.rule(key.rule)
            let front = "feed:" + context.feed.keyName + ":" + rule.rawValue + ":"
            keys.append(Key(front + secrets.withoutTokens(key.value), rule: rule))
            if key.loose != key.value, looseCounts[FeedPage.looseName(key)] == 1 {
                keys.append(Key(front + secrets.withoutTokens(key.loose), rule: rule))
            }
        }
        return keys
    }

    /// Without a date of its own worth the name, an entry that was known by its text alone is still so when it is
    /// given an id.
    private func hint(of entry: Entry, beside keys: [Key]) -> Key? {
        guard !keys.contains(where: { $0.rule == .hash }), let hash = entry.keys.last, hash.isUnique else { return nil }
        return Key("feed:" + context.feed.keyName + ":hash:" + hash.value, rule: .hash)
    }

    /// The hash counts only for an entry that has no id or link, or will have had none when it looked as
    /// it does now: without a date no other key outlives a new guid. Elsewhere it would take a second
    /// reading of a book, of which the feed says the same, for the first.
    private static func needsHash(_ entry: Entry) -> Bool {
        let isDated = entry.published ?? entry.updated != nil
        return !isDated || entry.title == nil || entry.id == nil && entry.link == nil
    }

    private static func rule(_ rule: EntryKey.Rule) -> Rule {
        switch rule {
        case .id: .id
        case .linkDate: .linkDate
        case .link: .link
        case .titleDate: .titleDate
        case .hash: .hash
        }
    }

    private static func looseName(_ key: EntryKey) -> String { key.rule.rawValue + ":" + key.loose }

    // MARK: dates

    /// When an entry says it was finished, as far as its own dates tell: its publication, or its
    /// last change where the publication is the moment the site was built (SERVICES section 9).
    ///
    /// A date at midnight is a day: generators write a bare day so, and a time of exactly 00:00:00
    /// is else met once in 86,400.
    func finishDate(of entry: Entry) -> (day: Day?, instant: Instant?) {
        let names =
            sharesPublished
            ? FeedPage.changedNames : FeedPage.publishedNames + FeedPage.changedNames
        for name in names {
            guard let text = entry.text(of: name), let written = EntryDates.read(text) else {
                continue
            }
            return date(of: written, text)
        }
        if !sharesPublished, let instant = entry.published { return (day(of: instant), instant) }
        return (nil, nil)
    }

    func date(of written: WrittenDate, _ text: String) -> (day: Day?, instant: Instant?) {
        if !written.hasTime || text.contains("00:00:00") { return (written.day, nil) }
        return (day(of: written.instant), written.instant)
    }

    /// The moment an element states, with its day on the person's clock.
    func moment(_ instant: Instant?) -> (day: Day?, instant: Instant?) {
        guard let instant else { return (nil, nil) }
        return (day(of: instant), instant)
    }

    private static let publishedNames = [
        "pubDate", "published", "date", "issued", "date_published", "created",
    ]
    private static let changedNames = ["updated", "modified", "date_modified"]

    /// Three or more dated entries, all at the same second.
    private static func sharesPublished(_ entries: [Entry]) -> Bool {
        var first: Instant?
        var count = 0
        for entry in entries {
            guard let published = entry.published else {
                // It may have had the same.
                if entry.isDamaged { count += 1 }
                continue
            }
            if let first, first != published { return false }
            first = published
            count += 1
        }
        return first != nil && count >= 3
    }
}
