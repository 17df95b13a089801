import Catalogue
import Feeds
import Formats
import HTTP

/// Why no further page of a feed was asked for.
public enum PagesEnding: Equatable, Sendable {
    /// The feed says that there is none, or nothing that was tried gave one.
    case last
    /// A backfill has been here before.
    case known
    /// It is the page that has been read already.
    case loop
    /// As many as were allowed.
    case capped(Int)
    /// The next page lies at another host, which the person has not named.
    case elsewhere(host: String)
    case failed(reason: String)

    public var words: String {
        switch self {
        case .last: "there is no older page"
        case .known: "all older ones are known from an earlier backfill"
        case .loop: "the next page is one that was read already"
        case .capped(let count): "\(count) pages were read; --pages allows more"
        case .elsewhere(let host): "the next page is at another host (\(host)), which is not followed"
        case .failed(let reason): "the next page could not be read: \(reason)"
        }
    }
}

/// The pages of a feed, newest first, one request at a time with the host's pause between them.
///
/// An older page is named by the feed itself (RFC 5005 §3 `next`, §4 `prev-archive`; JSON Feed
/// `next_url`). Where it names none, `?page=2` and `?paged=2` are tried, and what answers with other
/// entries is believed: many answer with the first page whatever is asked.
struct FeedPages {
    struct Page {
        var document: FeedDocument
        var circumstances: Answer.Circumstances
    }

    static let pagesMax = 50

    let pagesMax: Int
    /// Pages that were read.
    private(set) var count = 0
    private(set) var ending: PagesEnding?

    private let feed: FollowedFeed
    private let world: World
    private let fetch: Fetch
    private let pause: Int
    /// A page that asked to be left alone: until when, and with which house.
    private(set) var wish: (until: Instant, house: String?)?
    private var hasAsked = false
    /// Where the next page may be, the likeliest first.
    private var candidates: [Candidate]
    private var addresses: Set<String> = []
    private var digests: Set<String> = []
    private var entries: Set<String> = []
    /// The parameter by which this feed counts its pages, once one has worked.
    private var parameter: String?

    private struct Candidate {
        var address: WebAddress
        /// Tried without the feed naming it: that it does not exist is no failure.
        var parameter: String?
    }

    /// - Parameter polls: who has asked to be left alone.
    init(_ feed: FollowedFeed, _ settings: FetchSettings, _ world: World, _ polls: Polls, pagesMax: Int) {
        self.feed = feed
        self.world = world
        self.pagesMax = pagesMax
        pause = settings.hostPauseMilliseconds
        fetch = Fetch(
            settings: settings, program: Program.version, now: world.now, closed: polls.closed(at: world.now))
        candidates = [Candidate(address: feed.address)]
        if let until = polls.pause(of: feed, at: world.now) {
            ending = .failed(reason: "\(feed.address.host ?? "") has asked to be left alone until \(until)")
        }
    }

    mutating func stop(_ ending: PagesEnding) { self.ending = self.ending ?? ending }

    /// The next page, or `nil` with `ending` saying why there is none.
    mutating func next() -> Page? {
        guard ending == nil else { return nil }
        guard count < pagesMax else {
            ending = .capped(count)
            return nil
        }
        var outcome = PagesEnding.last
        while !candidates.isEmpty {
            let candidate = candidates.removeFirst()
            guard addresses.insert(candidate.address.text).inserted else {
                outcome = .loop
                continue
            }
            switch ask(candidate.address) {
            case .success(let page):
                guard isNew(page, candidate) else {
                    if candidate.parameter == nil { outcome = .loop }
                    continue
                }
                count += 1
                if let parameter = candidate.parameter { self.parameter = parameter }
                candidates = following(page, candidate.address)
                return page
            case .failure(let failure):
                // The first page has to be there, and one that the feed names; a number too high may be
                // refused in any way, but a server in trouble is told.
                let isTrouble = failure.isUnreachable || failure.retryAfter != nil || failure.isWall
                if candidate.parameter == nil || parameter != nil && isTrouble { outcome = .failed(reason: failure.reason) }
            }
            if case .failed = outcome { break }
        }
        ending = ending ?? outcome
        return nil
    }

    private mutating func ask(_ address: WebAddress) -> Result<Page, Failure> {
        let page = feed.at(address)
        var fetch = fetch
        fetch.openingMilliseconds = hasAsked ? pause : 0
        hasAsked = true
        let poll = Poll(name: feed.name, address: "")
        guard let answer = fetch.perform([Asked(page, poll)], world, progress: nil).first else {
            preconditionFailure("a page was asked and not answered")
        }
        switch answer {
        case .failure(let failure):
            if let wait = failure.retryAfter ?? (failure.stoppedHost == nil ? nil : Schedule.pauseUnsaid(failures: 1)) {
                wish = (Schedule.pause(seconds: wait, from: world.now), failure.stoppedHost)
            }
            return .failure(failure)
        case .unchanged:
            return .failure(Failure(page, .fetch, "nothing came, though no condition was set"))
        case .document(let document):
            guard digests.insert(document.digest).inserted else {
                return .success(Page(
                        document: FeedDocument(format: .rss, version: "rss"),
                        circumstances: Answer.Circumstances(address: "")))
            }
            return Intake.read(document, page).map { Page(document: $0, circumstances: document.circumstances) }
        }
    }

    /// Whether it holds an entry that no page before it held.
    private mutating func isNew(_ page: Page, _ candidate: Candidate) -> Bool {
        var isNew = false
        for entry in page.document.entries {
            let name = entry.keys.first.map { $0.rule.rawValue + ":" + $0.value } ?? entry.title ?? ""
            if entries.insert(name).inserted { isNew = true }
        }
        // The feed's own address may answer with an empty page that names an archive.
        return isNew || count == 0 && !page.circumstances.address.isEmpty
    }

    // MARK: where the next one is

    private mutating func following(_ page: Page, _ address: WebAddress) -> [Candidate] {
        guard feed.address.isWeb else { return [] }
        for relation in ["prev-archive", "next"] {
            for link in page.document.links where link.rel == relation {
                guard let next = WebAddress(link.href), next.isWeb else { continue }
                // Another host, perhaps one of the own network, is nothing that a feed may name.
                guard next.host == feed.address.host else {
                    ending = .elsewhere(host: next.host ?? "")
                    return []
                }
                return [Candidate(address: next)]
            }
        }
        // A feed that names its pages, or that is whole, has said so.
        if page.document.isComplete || page.document.isArchive { return [] }
        if count > 1, parameter == nil { return [] }
        let parameters = parameter.map { [$0] } ?? guesses(address)
        return parameters.compactMap { name in
            FeedPages.address(address, name, count + 1).map { Candidate(address: $0, parameter: name) }
        }
    }

    /// WordPress, whose feeds lie at `…/feed/`, counts by `paged`.
    private func guesses(_ address: WebAddress) -> [String] {
        let path = address.path
        return path.hasSuffix("/feed/") || path.hasSuffix("/feed") ? ["paged", "page"] : ["page", "paged"]
    }

    /// The address with the parameter at a number, whatever it was before.
    static func address(_ address: WebAddress, _ name: String, _ number: Int) -> WebAddress? {
        let text = address.text.prefix { $0 != "#" }
        let parts = text.split(separator: "?", maxSplits: 1)
        guard let front = parts.first else { return nil }
        var query = parts.count > 1 ? parts[1].split(separator: "&").map(String.init) : []
        query.removeAll { $0.hasPrefix(name + "=") }
        query.append("\(name)=\(number)")
        return WebAddress(front + "?" + query.joined(separator: "&"))
    }
}
