import Catalogue
import Feeds
import Formats

/// A feed that is due, and what was known of its address before it was asked.
final class Asked: Sendable {
    let feed: FollowedFeed
    let poll: Poll
    /// It is not asked this time, for what it gives has ended the program too often.
    let isSpared: Bool

    init(_ feed: FollowedFeed, _ poll: Poll, isSpared: Bool = false) {
        self.feed = feed
        self.poll = poll
        self.isSpared = isSpared
    }

    /// Whether another address is asked than the one in `feeds.toml`.
    var isElsewhere: Bool { poll.moved?.isBelieved == true }
}

/// What is known of one feed's address.
struct Poll: Equatable, Sendable {
    var name: String
    /// SHA-256 of the address, which may hold a secret.
    var address: String
    /// Verbatim as received; sent back as they are. They belong to the bytes of `body`.
    var etag = ""
    var lastModified = ""
    /// SHA-256 of the address that gave them, where a redirect had led to it; empty: the one in `feeds.toml` itself.
    var validatorsOf = ""
    /// SHA-256 of the last body that was read.
    var body = ""
    /// Of the program that read it: a newer reader looks at the same bytes again.
    var reader = 0
    var attempted: Instant?
    var succeeded: Instant?
    var next: Instant?
    /// The last request without validators.
    var unconditional: Instant?
    /// In a row.
    var failures = 0
    /// Documents that were cut off or damaged, since the last that was whole.
    var cuts = 0
    /// Its history is known as far as such a document went: the rest is none of its news.
    var isAdoptedInPart = false
    /// How often the program has ended while it read what this gave, since it was last read, or spared.
    var deaths = 0
    /// Failures in a row that may be for our validators' sake; from `unborneMax` on good polls without them, too.
    var unborne = 0
    /// How often conditions were tried again since.
    var unborneTrials = 0
    /// SHA-256 of the address of which it was last said that the feed has moved there for good.
    var movedSaid = ""
    /// Nobody was reached then, nor was this one since (`Outage`).
    var unreached: Instant?
    var moved: Move?
    /// Keys of what the last good poll showed, in document order.
    var window: [String] {
        get { keys.texts }
        set { keys = KeyList(newValue) }
    }
    /// The same as it stands in the file: most runs hand it on and never look.
    var keys = KeyList()
    /// Keys that the last good poll missed.
    var missing: [String] = []

    /// Whether it has ever answered 304.
    var answersNotModified = false
    /// How long the last answer's headers wish to be left alone, in seconds.
    var maxAge = 0
    /// The same, as the document itself says (`ttl`, `sy:`).
    var timeToLive = 0
    var skipHours: [Int] = []
    var skipDays: [Int] = []
    /// A Retry-After that also a person's impatience has to respect.
    var pausedUntil: Instant?
    /// This very address said that it is gone for good.
    var isGone = false
    /// What `feeds.toml` said of the feed then (`FollowedFeed.digest`); empty: an earlier version did not note it.
    var goneSettings = ""
    /// How often a stranger to whom this address leads has said so. Captive portals do.
    var goneElsewhere: Sight?
    /// When it was last said that entries may have gone by unseen, until its polls share entries again.
    var gapSaid: Instant?
    /// When it was last said that the feed is failing still.
    var reminded: Instant?
    /// When it last gave anything to record.
    var news: Instant?
    /// Why its entries are passed over without anything being wrong: see `Drought`.
    var ordinary: [String] = []
    var isDry = false
    /// What `feeds.toml` said of it then: it is read again when that changes, for it may be what was wrong.
    var drySettings = ""
    /// New entries that wait for a whole document, for their id or their title is damaged.
    var waiting: [Waiting] = []
    /// When it was found that the log was put back or has lost events: what the next document brings may have been
    /// announced. From a feed that is never whole, nothing above what is known then that is dated behind the day after.
    var doubted: Instant?

    struct Waiting: Equatable, Sendable {
        /// The beginning of the SHA-256 of what its sighting calls it.
        var entry: String
        var since: Instant

        /// What is damaged for longer is so where it comes from, and what is left of it is better than nothing.
        func isOver(at now: Instant) -> Bool { now >= since.adding(seconds: 86_400) }
    }

    /// A permanent redirect.
    struct Move: Equatable, Sendable {
        var to: String
        var sight: Sight

        var isBelieved: Bool { sight.isBelieved }
    }

    /// What is believed when it was seen three times, the third of them a day after the first: captive portals answer
    /// with permanent redirects, too.
    struct Sight: Equatable, Sendable {
        static let timesUntilBelieved = 3

        var first: Instant
        var times = 0

        var isBelieved: Bool { times >= Sight.timesUntilBelieved }

        /// Whether this sight makes it believed.
        mutating func seen(at now: Instant) -> Bool {
            if isBelieved { return false }
            // A clock that was ahead has seen nothing yet.
            if first > now { (first, times) = (now, 0) }
            if times + 1 == Sight.timesUntilBelieved, now < first.adding(seconds: 86_400) { return false }
            times += 1
            return isBelieved
        }
    }

    init(name: String, address: String) {
        self.name = name
        self.address = address
    }

    /// Raised when the same bytes may give other entries or finishes. 2: without the secrets of the addresses on their way;
    /// 3: broken markup, valid UTF-8 whatever is stated, entries that share a key; 4: entries in entries, stray bytes in
    /// UTF-8, mistyped vocabularies, dates that are none, JSON with slips; 5: sections, values and fields without their ends,
    /// what stands behind a slip in JSON, more dates; 6: what stands before a feed, answers behind a cut, names of another
    /// vocabulary, damaged items; 7: prefixes of their own, lost borders, what is read backward in JSON; 8: torn tags, NUL bytes.
    static let currentReader = 8

    var hasValidators: Bool { !etag.isEmpty || !lastModified.isEmpty }

    /// Whether the validators are those of the address that is asked now.
    func gaveValidators(_ asked: String, of feed: FollowedFeed) -> Bool {
        if moved?.isBelieved != true { return validatorsOf.isEmpty }
        return !validatorsOf.isEmpty && validatorsOf == SHA256.hexDigest(of: asked)
    }

    /// How long the feed itself wants to be left alone between two polls, in seconds.
    var advised: Int { max(maxAge, timeToLive) }

    /// Whether this reader has read such a document last.
    func isKnown(_ digest: String) -> Bool { digest == body && reader == Poll.currentReader }

    var isDoubtful: Bool { doubted != nil }

    /// Takes over what an answer says of itself; its body is in the log when this is written.
    ///
    /// A document that was cut off is read as far as it goes, and its validators are not kept: a 304
    /// would hide the rest. One that is damaged is so where it comes from, and changes when it is mended.
    mutating func note(_ document: Answer.Document, _ read: FeedDocument) {
        cuts = read.lack == nil ? 0 : cuts + 1
        let isWhole = read.lack != .end
        etag = isWhole ? document.etag : ""
        lastModified = isWhole ? document.lastModified : ""
        validatorsOf = isWhole ? document.validatorsOf : ""
        body = isWhole ? document.digest : ""
        reader = Poll.currentReader
        maxAge = max(document.maxAge ?? 0, 0)
        timeToLive = max(
            min(read.timeToLiveMinutes ?? 0, Schedule.dayMax / 60) * 60,
            min(read.updateIntervalSeconds ?? 0, Schedule.dayMax), 0)
        skipHours = read.skipHours
        skipDays = read.skipDays
    }

    /// The address in `feeds.toml` is asked again, for which these validators were not given.
    mutating func forgetMove() {
        guard let moved else { return }
        if moved.isBelieved { forgetValidators() }
        self.moved = nil
    }

    private static let unborneMax = 2
    /// After as many good polls conditions are tried again: one may only tell that an outage is over. At last it is about
    /// eight days of one an hour.
    private static let unborneRests = [1, 12, 192]

    /// Whether it seems not to bear conditions.
    var isUnborne: Bool { unborne >= Poll.unborneMax }

    /// After a good poll. Who cannot bear conditions answers well without.
    mutating func noteBorne(wasConditional: Bool) {
        guard isUnborne, !wasConditional else {
            (unborne, unborneTrials) = (0, 0)
            return
        }
        unborne += 1
        let trial = min(unborneTrials, Poll.unborneRests.count - 1)
        if unborne >= Poll.unborneMax + Poll.unborneRests[trial] {
            // Who has answered 304 has borne them once: that it fails now and then is the likelier reason, and one more
            // failure proves nothing.
            unborne = answersNotModified ? 0 : Poll.unborneMax - 1
            unborneTrials = trial + 1
        }
    }

    /// After a failure that may be for our validators' sake.
    mutating func noteUnborne(wasConditional: Bool) {
        if wasConditional {
            unborne += 1
        } else if unborne <= Poll.unborneMax {
            // It is no better without. Where it was before, that is another trouble.
            (unborne, unborneTrials) = (0, 0)
        }
    }

    /// More are not remembered, and begin to wait anew.
    static let waitingCountMax = 64

    /// Whether an entry has waited long enough.
    func hasWaited(_ sighting: Sighting, at now: Instant) -> Bool {
        !waiting.isEmpty && waiting(sighting, at: now).isOver(at: now)
    }

    /// Since when an entry waits that does.
    func waiting(_ sighting: Sighting, at now: Instant) -> Waiting {
        let entry = String(SHA256.hexDigest(of: sighting.entry).prefix(16))
        let since = waiting.first { $0.entry == entry }?.since ?? now
        return Waiting(entry: entry, since: min(since, now))
    }

    /// What has waited long enough is looked for again in the next document, be it the same.
    mutating func endWaiting(at now: Instant) {
        guard !waiting.isEmpty else { return }
        // A clock that was ahead has seen nothing yet.
        for index in waiting.indices { waiting[index].since = min(waiting[index].since, now) }
        if waiting.contains(where: { $0.isOver(at: now) }) { forgetAnswer() }
    }

    /// The next one is read, be it the same.
    mutating func forgetAnswer() {
        forgetValidators()
        body = ""
    }

    var withoutAnswer: Poll {
        var poll = self
        poll.forgetAnswer()
        return poll
    }

    mutating func forgetValidators() {
        etag = ""
        lastModified = ""
        validatorsOf = ""
    }
}

/// Texts as a JSON array of strings, taken apart only when somebody asks.
struct KeyList: Equatable, Sendable {
    /// Compact, as `JSONWriter` writes it, and perhaps a part of the file; nothing at all where there is no text.
    private(set) var json: ArraySlice<UInt8> = []

    init() {}

    init(_ texts: [String]) {
        if !texts.isEmpty { json = JSONWriter.compact(.array(texts.map { .string($0) }))[...] }
    }

    /// - Parameters:
    ///   - json: an array of strings.
    ///   - isCompact: whether there is no space between them, as there is in an indented file.
    init(json: ArraySlice<UInt8>, isCompact: Bool) {
        if json.count <= 2 { return }
        self.json = json
        if !isCompact { self = KeyList(texts) }
    }

    var isEmpty: Bool { json.isEmpty }

    var texts: [String] {
        isEmpty ? [] : ((try? JSONReader.read(Array(json)))?.arrayValue ?? []).compactMap(\.stringValue)
    }
}

extension FollowedFeed {
    /// SHA-256 of all that `feeds.toml` says of it.
    var digest: String {
        var configuration = Configuration()
        configuration.feeds = [settings]
        var text = String(decoding: JSONWriter.compact(configuration.json), as: UTF8.self)
        for part in [address.text, every.map(String.init) ?? "", userAgent ?? "", isPrivate ? "private" : ""] {
            text += "\n" + part
        }
        return SHA256.hexDigest(of: text)
    }

    var addressDigest: String { SHA256.hexDigest(of: address.text) }

    /// What the log may know of the address, which others may read: enough to tell two apart, and too little to find
    /// out a password in it by trying.
    ///
    /// Of a file it is the name alone: a store may be moved, and its files with it.
    var addressMark: String {
        if address.scheme != "file" { return String(addressDigest.prefix(4)) }
        let name = address.path.split(separator: "/").last ?? ""
        return String(SHA256.hexDigest(of: String(name)).prefix(4))
    }

    /// A permanent move that is believed is followed at once.
    func requestAddress(_ poll: Poll) -> WebAddress {
        guard let moved = poll.moved, moved.isBelieved, let address = WebAddress(moved.to) else {
            return address
        }
        return address
    }
}
