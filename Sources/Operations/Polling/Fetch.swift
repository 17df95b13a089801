import Files
import Formats
import HTTP

/// What a feed's address answered.
enum Answer: Equatable {
    /// Bytes to be read, and the poll as it will be once they are in the log.
    case document(Document)
    /// Nothing changed since the last poll; validators may have.
    case unchanged(Unchanged)
    case failure(Failure)

    struct Unchanged: Equatable {
        /// `nil`: those that were sent still hold.
        var etag: String?
        var lastModified: String?
        var advised: Int?
        /// The server said so (304), and not the bytes.
        var isNotModified: Bool
    }

    struct Document: Equatable {
        var bytes: [UInt8]
        var contentType: String?
        /// After redirects.
        var address: String
        var digest: String
        /// What the answer advises, in seconds.
        var advised: Int
        var etag: String
        var lastModified: String
        /// Where a chain of permanent redirects alone has led; `nil`: elsewhere or nowhere.
        var movedTo: String?
    }
}

/// One feed's failure: it never stops another's.
public struct Failure: Error, Equatable, Sendable {
    public enum Stage: String, Sendable {
        case fetch, read
    }

    public var feed: String
    public var stage: Stage
    /// In words for a person; a host at most, never a path or a query.
    public var reason: String
    public var host: String
    /// The server said that the feed is gone for good (410).
    public var isGone = false
    /// Seconds for which it asked to be left alone.
    var retryAfter: Int?
    /// It was not asked at all, so it counts as no failure of its own.
    var wasNotAsked = false
    /// The host could not be reached: perhaps it is us who have no network.
    var isUnreachable = false

    init(_ feed: FollowedFeed, _ stage: Stage, _ reason: String) {
        self.feed = feed.name
        self.stage = stage
        self.reason = reason
        host = feed.address.host ?? ""
    }
}

/// Asks the feeds that are due, all in one batch.
struct Fetch {
    let settings: FetchSettings
    let program: String
    let now: Instant

    /// Answers in the order of `asked`. Files are read, everything else is asked over the network.
    func perform(
        _ asked: [(feed: FollowedFeed, poll: Poll)], _ world: World,
        progress: ((Progress) -> Void)?
    ) -> [Answer] {
        var answers = [Answer?](repeating: nil, count: asked.count)
        var requests: [Request] = []
        var places: [Int] = []
        for (place, (feed, poll)) in asked.enumerated() {
            if feed.address.scheme == "file" {
                answers[place] = read(feed, poll, world.disk)
            } else {
                requests.append(request(for: feed, poll))
                places.append(place)
            }
        }
        if !requests.isEmpty {
            let pace = Pace(
                perHost: settings.perHost, hostPauseMilliseconds: settings.hostPauseMilliseconds)
            let results = world.network.perform(requests, pace: pace, progress: progress)
            for (place, result) in zip(places, results) {
                let (feed, poll) = asked[place]
                answers[place] = answer(result, feed, poll)
            }
        }
        return answers.map { answer in
            guard let answer else { preconditionFailure("a feed was asked and not answered") }
            return answer
        }
    }

    // MARK: asking

    static let accept =
        "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
        + "text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"

    /// `Colophon/1.0 (+https://example.org/about/)`: name, version, and whom to write to.
    private var userAgent: String {
        "Colophon/" + program + (settings.contact.isEmpty ? "" : " (+" + settings.contact + ")")
    }

    private func request(for feed: FollowedFeed, _ poll: Poll) -> Request {
        var headers = [Header("Accept", Fetch.accept)]
        if isConditional(poll) {
            if !poll.etag.isEmpty { headers.append(Header("If-None-Match", poll.etag)) }
            if !poll.lastModified.isEmpty {
                headers.append(Header("If-Modified-Since", poll.lastModified))
            }
        }
        let address = feed.requestAddress(poll)
        return Request(
            address: address.text, headers: headers, userAgent: feed.userAgent ?? userAgent,
            trustsPrivateAddresses: address.host == feed.address.host)
    }

    /// Validators belong to bytes that this very reader has read.
    func isConditional(_ poll: Poll) -> Bool {
        poll.hasValidators && poll.reader == Poll.currentReader
            && !Schedule.isUnconditionalDue(poll, now: now)
    }

    // MARK: answers

    private func read(_ feed: FollowedFeed, _ poll: Poll, _ disk: any Disk) -> Answer {
        let path = PercentEncoding.decoded(feed.address.path)
        do {
            guard let bytes = try disk.contents(of: path) else {
                return .failure(Failure(feed, .fetch, "there is no file \(path)"))
            }
            return document(
                Answer.Document(
                    bytes: bytes, contentType: nil, address: feed.address.text, digest: "",
                    advised: 0, etag: "", lastModified: "", movedTo: nil), poll)
        } catch {
            return .failure(Failure(feed, .fetch, "\(path) cannot be read: \(error.reason)"))
        }
    }

    private func answer(
        _ result: Result<Response, TransferError>, _ feed: FollowedFeed, _ poll: Poll
    ) -> Answer {
        switch result {
        case .failure(let error):
            var failure = Failure(feed, .fetch, error.message)
            failure.wasNotAsked = error.kind == .hostStopped
            failure.isUnreachable = error.kind == .resolve || error.kind == .connect
            return .failure(failure)
        case .success(let response):
            if let wrong = wrong(response, feed, poll) { return .failure(wrong) }
            let advice = CacheAdvice(response)
            if response.status == 304 {
                return .unchanged(
                    Answer.Unchanged(
                        etag: response.header("ETag"), lastModified: response.header("Last-Modified"),
                        advised: advice.freshSeconds.map { Int($0) }, isNotModified: true))
            }
            let isWorthless = advice.expiresAtOnce
            return document(
                Answer.Document(
                    bytes: response.body, contentType: response.header("Content-Type"),
                    address: response.address, digest: "",
                    advised: Int(advice.freshSeconds ?? 0),
                    etag: isWorthless ? "" : response.header("ETag") ?? "",
                    lastModified: isWorthless ? "" : plausible(response.header("Last-Modified")),
                    movedTo: response.movedTo), poll)
        }
    }

    /// A constant in the far future is seen in the wild and validates nothing (NetNewsWire).
    private func plausible(_ lastModified: String?) -> String {
        guard let lastModified, !lastModified.contains("2038") else { return "" }
        return lastModified
    }

    private func document(_ document: Answer.Document, _ poll: Poll) -> Answer {
        var document = document
        document.digest = hex(SHA256.digest(document.bytes))
        guard document.digest == poll.body, poll.reader == Poll.currentReader else {
            return .document(document)
        }
        return .unchanged(
            Answer.Unchanged(
                etag: document.etag, lastModified: document.lastModified, advised: document.advised,
                isNotModified: false))
    }

    /// What is wrong with a status, in words; `nil` for one that can be used.
    private func wrong(_ response: Response, _ feed: FollowedFeed, _ poll: Poll) -> Failure? {
        let reason: String
        switch response.status {
        case 200, 203: return nil
        case 304:
            if isConditional(poll) { return nil }
            reason = "answered \"not modified\" (304) to a question without a condition"
        case 204, 205: reason = "answered without a document (\(response.status))"
        case 401, 407: reason = "wants a login (\(response.status))"
        case 403:
            reason =
                response.header("cf-mitigated") == "challenge"
                ? "keeps programs out with a challenge (403): a browser has to be asked"
                : "refuses us (403)"
        case 404: reason = "not found (404)"
        case 410: reason = "gone for good (410)"
        case 429: reason = "asks us to wait (429)"
        case 451: reason = "withheld for legal reasons (451)"
        case 300..<400: reason = "redirects to nowhere (\(response.status))"
        case 500...599: reason = "the server fails (\(response.status))"
        default: reason = "answered \(response.status)"
        }
        var failure = Failure(feed, .fetch, reason)
        failure.isGone = response.status == 410
        if let asked = response.retryAfterSeconds(now: now) {
            failure.retryAfter = Int(asked)
        } else if response.status == 429 {
            failure.retryAfter = 3600
        }
        return failure
    }
}

extension FollowedFeed {
    /// A permanent move that is believed is followed at once.
    func requestAddress(_ poll: Poll) -> WebAddress {
        guard let moved = poll.moved, moved.isBelieved, let address = WebAddress(moved.to) else {
            return address
        }
        return address
    }
}

extension Response {
    /// Where every hop said that the feed has moved for good.
    fileprivate var movedTo: String? {
        guard !hops.isEmpty, hops.allSatisfy(\.isPermanent) else { return nil }
        return hops.last?.to
    }
}
