public import Catalogue
public import Formats
public import HTTP

/// Mastodon and servers that speak its language (`specs/mastodon-posting.md`). The server keeps the key of
/// a post for an hour, and the own timeline is exact: so a repetition is harmless within the hour, and
/// after a look that found nothing also later.
public struct Mastodon: Network {
    public let name = "mastodon"
    public let host: String
    public let needsGreeting = true
    public let lookSeconds: Int64 = 60
    public var secrets: [String] { [token] }

    /// `https://mastodon.example`
    private let server: String
    private let token: String
    private let visibility: String
    private let keepsKeys: Bool
    private var account = ""

    /// After this long nobody has seen a second post of a request that the server was slow to answer.
    private static let keylessSeconds: Int64 = 900
    /// The server keeps a key for an hour from the first attempt on; some of that a request may be on its way.
    private static let keySeconds: Int64 = 3000
    private static let pageSize = 40

    public static let visibilities = ["public", "unlisted", "private", "direct"]

    /// - Parameters:
    ///   - visibility: empty: as the account has it.
    ///   - keepsKeys: whether the server heeds `Idempotency-Key`.
    public init(server: WebAddress, token: String, visibility: String = "", keepsKeys: Bool = true) {
        self.server = server.origin
        host = server.host ?? ""
        self.token = token
        self.visibility = visibility
        self.keepsKeys = keepsKeys
    }

    // MARK: asking

    public func greeting(_ moment: Moment) -> Request {
        request(.get, "/api/v1/accounts/verify_credentials", moment)
    }

    public func draft(
        _ text: String, for announcement: Announcement, language: String, taken: [String], now: Instant
    ) -> Draft {
        var members = [JSONMember("status", .string(text))]
        if !visibility.isEmpty { members.append(JSONMember("visibility", .string(visibility))) }
        // ISO 639-1: two letters.
        let code = LanguageTag.from(language)?.prefix { $0 != "-" } ?? ""
        if code.utf8.count == 2 { members.append(JSONMember("language", .string(String(code)))) }
        let body = JSONWriter.compact(.object(members))
        return Draft(
            text: text, key: key(of: text, for: announcement), record: String(decoding: body, as: UTF8.self))
    }

    /// The same for each repetition, another one for other words, and for other accounts: so it tells at whose
    /// an attempt was made.
    private func key(of text: String, for announcement: Announcement) -> String {
        SHA256.hexDigest(of: "colophon/\(account)@\(host)/\(announcement.id)\n\(text)")
    }

    public func posting(_ draft: Draft, _ moment: Moment) -> Request {
        var request = request(.post, "/api/v1/statuses", moment)
        request.headers += [
            Header("Content-Type", "application/json"), Header("Idempotency-Key", draft.key),
        ]
        request.body = Array(draft.record.utf8)
        return request
    }

    public func looking(for announcement: Announcement, _ moment: Moment) -> Request {
        timeline(nil, moment)
    }

    /// Servers before 4.0, and other programs, know the first address alone.
    public func limitQuestions(_ moment: Moment) -> [Request] {
        ["/api/v2/instance", "/api/v1/instance"].map { request(.get, $0, moment) }
    }

    public func charactersMax(_ answer: Response) -> Int? {
        guard answer.status == 200 else { return nil }
        let json = answer.json
        let max = json["configuration"]?["statuses"]?["max_characters"] ?? json["max_toot_chars"]
        // Beyond these `feeds.toml` takes no number, and no server is known to be.
        return max?.integerValue.flatMap { (100...100_000).contains($0) ? Int($0) : nil }
    }

    private func timeline(_ before: String?, _ moment: Moment) -> Request {
        // Not since our newest post: an account that has moved counts anew.
        var query = "limit=\(Mastodon.pageSize)&exclude_replies=true&exclude_reblogs=true"
        if let before { query += "&max_id=" + PercentEncoding.encoded(before) }
        let id = PercentEncoding.encoded(account)
        return request(.get, "/api/v1/accounts/\(id)/statuses?" + query, moment)
    }

    private func request(_ method: HTTP.Method, _ path: String, _ moment: Moment) -> Request {
        Request(
            method: method, address: server + path,
            headers: [Header("Authorization", "Bearer " + token), Header("Accept", "application/json")],
            userAgent: moment.userAgent, trustsPrivateAddresses: true, followsRedirects: false,
            isUnrepeatable: method == .post)
    }

    // MARK: answers

    public mutating func greeted(
        _ answer: Result<Response, TransferError>, _ moment: Moment
    ) -> Greeting {
        switch answer {
        case .failure(let error): return .trouble(.later(error.message, until: nil))
        case .success(let response):
            guard response.status == 200 else {
                return .trouble(trouble(response, moment.now).ofLook)
            }
            if let trouble = response.clockTrouble(at: moment.now, beyond: keepsKeys ? 3600 : 300) {
                return .trouble(trouble)
            }
            let json = response.json
            guard let id = json["id"]?.stringValue, !id.isEmpty else {
                return .trouble(.later("\(host) answered without an account", until: nil))
            }
            account = id
            return .welcome("@" + (json["acct"]?.stringValue ?? id) + "@" + host)
        }
    }

    public func posted(
        _ answer: Result<Response, TransferError>, _ draft: Draft, _ moment: Moment
    ) -> Posting {
        switch answer {
        case .failure(let error): return .trouble(Trouble(error))
        case .success(let response):
            guard (200...299).contains(response.status) else {
                return .trouble(trouble(response, moment.now))
            }
            guard let place = place(response.json) else {
                return .trouble(.unknown("\(host) answered without an id"))
            }
            return .sent(place)
        }
    }

    private func place(_ json: JSONValue) -> PostPlace? {
        guard let id = json["id"]?.stringValue, !id.isEmpty else { return nil }
        let uri = json["uri"]?.stringValue ?? ""
        return PostPlace(id: id, address: json["url"]?.stringValue ?? uri, uri: uri)
    }

    private func trouble(_ response: Response, _ now: Instant) -> Trouble {
        let words = AnswerText.quoted(response.json["error"]?.stringValue, hiding: secrets)
        switch response.status {
        case 401:
            return .blocked(
                "\(host) refuses the token (401): \"colophon announce --connect mastodon\" renews it")
        case 403: return .blocked("\(host) does not let us post (403)" + words)
        case 404, 410: return .blocked("\(host) has no such address (\(response.status))")
        case 429: return .later("\(host) asks us to wait (429)", until: reset(response, now))
        case let status where Trouble.isOnTheWay(status): return .unknown("\(host) failed (\(status))")
        case 300..<400: return .blocked("\(host) sends us elsewhere (\(response.status))" + AnswerText.place(response))
        case 422 where words.contains("character limit"):
            return .refused(
                "\(host) refuses it (422)" + words + ": \"max_characters\" of [announce.mastodon] in feeds.toml says how "
                    + "many it takes, \"colophon announce --connect mastodon\" asks it")
        case 400..<500: return .refused("\(host) refuses it (\(response.status))" + words)
        default: return .unknown("\(host) failed (\(response.status))")
        }
    }

    /// Here the reset is a date and not a number; a proxy may say it in its own way.
    private func reset(_ response: Response, _ now: Instant) -> Instant? {
        if let reset = response.header("X-RateLimit-Reset").flatMap({ Instant(rfc3339: $0) }) {
            return Instant(seconds: min(max(reset.seconds, now.seconds), now.seconds + 86_400))
        }
        return response.retryAfterSeconds(now: now).map { now.adding(seconds: $0) }
    }

    public func looked(
        _ answer: Result<Response, TransferError>, for announcement: Announcement, taken: [String],
        _ moment: Moment
    ) -> Look {
        switch answer {
        case .failure(let error): return .trouble(.later(error.message, until: nil))
        case .success(let response):
            guard response.status == 200 else {
                return .trouble(trouble(response, moment.now).ofLook)
            }
            guard let posts = response.json.arrayValue else {
                return .trouble(.later("\(host) answered without a timeline", until: nil))
            }
            // A day more than needed: our clock and theirs may differ.
            let since = announcement.attempted(by: moment.now, margin: 86_400)
            if let found = post(of: announcement.text, in: posts, taken: taken, since: since) { return .found(found) }
            if hasEdited(posts, taken: taken, since: since), !isKeyKept(announcement, moment.now) { return .edited }
            let oldest = posts.compactMap { $0["created_at"]?.stringValue.flatMap { Instant(rfc3339: $0) } }.last
            // A page is as long as the server likes: only what is older than the attempt ends the look.
            guard oldest.map({ $0 >= since }) ?? true, let last = posts.last?["id"]?.stringValue else {
                return .absent
            }
            // A server that does not know `max_id` shows the same page again.
            if response.address.contains("max_id=" + PercentEncoding.encoded(last)) { return .absent }
            return .more(timeline(last, moment))
        }
    }

    /// Whether one of them may have said the words that are looked for: whoever edits a post changes what tells it.
    private func hasEdited(_ posts: [JSONValue], taken: [String], since: Instant) -> Bool {
        posts.contains { post in
            guard post["edited_at"]?.stringValue != nil, let place = place(post), !place.isAmong(taken) else {
                return false
            }
            return post["created_at"]?.stringValue.flatMap { Instant(rfc3339: $0) }.map { $0 >= since } ?? true
        }
    }

    /// Whether the server itself still knows the post by its key, whatever that says now.
    private func isKeyKept(_ announcement: Announcement, _ now: Instant) -> Bool {
        keepsKeys && announcement.attempts == 1 && announcement.age(at: now) < Mastodon.keySeconds
    }

    /// The oldest that fits: a newer one of the same words is another's.
    private func post(of text: String, in posts: [JSONValue], taken: [String], since: Instant) -> PostPlace? {
        let wanted = PostText.normal(text)
        let core = PostText.core(text)
        var found: PostPlace?
        var alike: PostPlace?
        for post in posts {
            let created = post["created_at"]?.stringValue.flatMap { Instant(rfc3339: $0) }
            guard let place = place(post), !place.isAmong(taken), created.map({ $0 >= since }) ?? true,
                let content = post["content"]?.stringValue.map(PostText.plain)
            else { continue }
            if PostText.normal(content) == wanted { found = place }
            // A mention stands there without its server, and other programs rewrite more.
            if !core.isEmpty, PostText.core(content) == core { alike = place }
        }
        return found ?? alike
    }

    public func newest(before page: Response?, _ moment: Moment) -> Request? {
        guard let page else { return timeline(nil, moment) }
        return page.json.arrayValue?.last?["id"]?.stringValue.map { timeline($0, moment) }
    }

    public func oldest(in page: Response) -> Instant? {
        page.json.arrayValue?.last?["created_at"]?.stringValue.flatMap { Instant(rfc3339: $0) }
    }

    public func said(_ text: String, in answer: Response, taken: [String], since: Instant) -> PostPlace? {
        guard answer.status == 200, let posts = answer.json.arrayValue else { return nil }
        return post(of: text, in: posts, taken: taken, since: since)
    }

    public func whenAbsent(_ announcement: Announcement, now: Instant) -> WhenAbsent {
        // The account at which it may be is not the one that was looked through.
        guard announcement.key == key(of: announcement.text, for: announcement) else { return .person }
        let patience = keepsKeys ? lookSeconds : Mastodon.keylessSeconds
        return announcement.age(at: now) < patience ? .wait : .again
    }
}
