public import Catalogue
public import Formats
public import HTTP

/// X (`specs/x-posting.md`). It has no key that would make a repetition harmless, and each post is paid
/// for: what is uncertain is looked up, and never sent again but by a person's word.
public struct X: Network {
    public let name = "x"
    public let host: String
    public let needsGreeting = false
    public let lookSeconds: Int64 = 60
    public let looksForCertain = false
    public let chargesForLooks = true
    public let secrets: [String]

    private let signer: OAuth1
    /// Its own number.
    private let user: String

    /// `https://api.x.com`
    private let server: String
    public static let usualServer = "https://api.x.com"
    /// Timelines are eventually consistent: after this long, and so two looks of a run every fifteen
    /// minutes, what does not show is left to a person.
    static let personSeconds: Int64 = 1800
    /// Every post that is returned costs, so pages are small.
    static let pageSize = 20
    /// X refuses signatures that are older than this; a smaller difference explains no refusal.
    static let clockSeconds: Int64 = 240

    /// - Parameters:
    ///   - user: the account's number; `nil`: an access token begins with it.
    ///   - server: another one that speaks as X does.
    public init(
        consumerKey: String, consumerSecret: String, token: String, tokenSecret: String,
        user: String? = nil, server: WebAddress? = nil
    ) {
        self.server = server?.origin ?? X.usualServer
        host = server?.host ?? "api.x.com"
        signer = OAuth1(
            consumerKey: consumerKey, consumerSecret: consumerSecret, token: token,
            tokenSecret: tokenSecret)
        secrets = [consumerKey, consumerSecret, token, tokenSecret]
        self.user = user ?? String(token.prefix { $0 != "-" })
    }

    // MARK: asking

    public func greeting(_ moment: Moment) -> Request {
        request(.get, "/2/users/me", moment)
    }

    public func draft(
        _ text: String, for announcement: Announcement, language: String, taken: [String], now: Instant
    ) -> Draft {
        let body = JSONWriter.compact(.object([JSONMember("text", .string(text))]))
        return Draft(text: text, key: "", record: String(decoding: body, as: UTF8.self))
    }

    public func posting(_ draft: Draft, _ moment: Moment) -> Request {
        var request = request(.post, "/2/tweets", moment)
        request.headers.append(Header("Content-Type", "application/json"))
        request.body = Array(draft.record.utf8)
        return request
    }

    public func looking(for announcement: Announcement, _ moment: Moment) -> Request {
        timeline(announcement, page: nil, moment)
    }

    /// One is in every page of the documentation, the other in what X generates from its source: where the first
    /// is refused the second is tried (`specs/x-posting.md` section 6).
    private static let fieldNames = ["tweet.fields", "post.fields"]

    private func timeline(
        _ announcement: Announcement, page: String?, fields: String = X.fieldNames[0], _ moment: Moment
    ) -> Request {
        var query = "max_results=\(X.pageSize)&exclude=retweets&\(fields)=created_at,entities"
        if announcement.after.isEmpty {
            // An hour more than needed: our clock and theirs may differ.
            query += "&start_time="
                + PercentEncoding.encoded(announcement.attempted(by: moment.now, margin: 3600).description)
        } else {
            query += "&since_id=" + announcement.after
        }
        if let page { query += "&pagination_token=" + PercentEncoding.encoded(page) }
        return request(.get, "/2/users/\(user)/tweets?" + query, moment)
    }

    private func request(_ method: HTTP.Method, _ path: String, _ moment: Moment) -> Request {
        let address = server + path
        let signature = signer.authorization(
            method, address, nonce: moment.nonce, timestamp: moment.now.seconds)
        return Request(
            method: method, address: address, headers: [Header("Authorization", signature)],
            userAgent: moment.userAgent, trustsPrivateAddresses: server != X.usualServer,
            followsRedirects: false, isUnrepeatable: method == .post)
    }

    // MARK: answers

    public mutating func greeted(
        _ answer: Result<Response, TransferError>, _ moment: Moment
    ) -> Greeting {
        switch answer {
        case .failure(let error): return .trouble(.later(error.message, until: nil))
        case .success(let response):
            if response.status == 200, let user = response.json["data"]?["username"]?.stringValue {
                return .welcome("@" + user)
            }
            return .trouble(trouble(response, moment.now).ofLook)
        }
    }

    public func posted(
        _ answer: Result<Response, TransferError>, _ draft: Draft, _ moment: Moment
    ) -> Posting {
        switch answer {
        case .failure(let error): return .trouble(Trouble(error))
        case .success(let response):
            guard response.status == 200 || response.status == 201 else {
                return .trouble(trouble(response, moment.now))
            }
            // The text of the answer has its links rewritten; only the id is worth anything.
            guard let id = response.json["data"]?["id"]?.stringValue, X.isNumber(id) else {
                return .trouble(.unknown("X answered without an id"))
            }
            return .sent(X.place(id))
        }
    }

    private func trouble(_ response: Response, _ now: Instant) -> Trouble {
        let problem = Problem(response)
        switch response.status {
        case 400: return .refused("X cannot read it (400)" + problem.quoted(hiding: secrets))
        case 401: return .blocked(unauthorised(response, now))
        case 402: return .blocked("the credits at X are used up (402): top them up")
        case 403: return forbidden(problem)
        case 404: return .blocked("X does not know the address any more (404)")
        case 429: return .later("X asks us to wait (429)", until: X.reset(response, now))
        case let status where Trouble.isOnTheWay(status): return .unknown("X failed (\(status))")
        case 300..<400:
            return .blocked(
                "X sends us elsewhere (\(response.status))"
                    + AnswerText.place(response, taker: "\"server\" in the file of credentials"))
        case 405..<500: return .refused("X refuses it (\(response.status))" + problem.quoted(hiding: secrets))
        default: return .unknown("X failed (\(response.status))")
        }
    }

    private func forbidden(_ problem: Problem) -> Trouble {
        if problem.isDuplicate {
            // Evidence that an earlier attempt arrived after all: look, do not just fail.
            return .duplicate("X says that it was said already (403)")
        }
        if problem.isTooLong { return .refused("X holds it to be too long (403)") }
        if problem.lacksPermission {
            return .blocked(
                "the app at X may not write (403): set it to \"Read and write\", then make a new "
                    + "access token")
        }
        return .blocked(
            "X refuses it (403)" + problem.quoted(hiding: secrets) + ": see at X what is wrong with the account or the app")
    }

    private func unauthorised(_ response: Response, _ now: Instant) -> String {
        if let error = response.clockError(at: now), abs(error) > X.clockSeconds {
            return "X refuses the signature (401), and this machine's clock is "
                + AnswerText.clock(error) + ": set it right"
        }
        return "X refuses the credentials (401): \"colophon announce --connect x\" renews them"
    }

    public func looked(
        _ answer: Result<Response, TransferError>, for announcement: Announcement, taken: [String],
        _ moment: Moment
    ) -> Look {
        switch answer {
        case .failure(let error): return .trouble(.later(error.message, until: nil))
        case .success(let response):
            let fields = X.fieldNames.last { response.address.contains("&\($0)=") } ?? X.fieldNames[0]
            guard response.status == 200 else {
                if response.status == 400, fields == X.fieldNames[0] {
                    return .more(timeline(announcement, page: nil, fields: X.fieldNames[1], moment))
                }
                return .trouble(trouble(response, moment.now).ofLook)
            }
            let json = response.json
            guard json["data"] != nil || json["meta"]?["result_count"]?.integerValue == 0 else {
                return .trouble(.later("X answered without a timeline", until: nil))
            }
            let posts = (json["data"]?.arrayValue ?? []).compactMap(Shown.init)
            // The oldest that fits: a newer one of the same words is another's.
            for post in posts.reversed() where !taken.contains(post.id) && post.says(announcement.text) {
                return .found(X.place(post.id))
            }
            if let next = json["meta"]?["next_token"]?.stringValue,
                posts.last?.created.map({ $0 >= announcement.attempted(by: moment.now, margin: 3600) }) ?? true
            {
                return .more(timeline(announcement, page: next, fields: fields, moment))
            }
            return .absent
        }
    }

    public func whenAbsent(_ announcement: Announcement, now: Instant) -> WhenAbsent {
        announcement.age(at: now) < X.personSeconds ? .wait : .person
    }

    // MARK: what X says

    private static func place(_ id: String) -> PostPlace {
        PostPlace(id: id, address: "https://x.com/i/status/" + id)
    }

    /// The account's number, with which an access token begins; `nil`: this one does not.
    public static func account(ofToken token: String) -> String? {
        let number = String(token.prefix { $0 != "-" })
        return isNumber(number) ? number : nil
    }

    public static func isNumber(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The latest reset among the limits that are used up: a day's limit may bind, too.
    private static func reset(_ response: Response, _ now: Instant) -> Instant? {
        var latest: Int64?
        for limit in ["x-rate-limit", "x-app-limit-24hour", "x-user-limit-24hour"] {
            guard response.header(limit + "-remaining") == "0",
                let reset = response.header(limit + "-reset").flatMap({ Int64($0) })
            else { continue }
            latest = max(latest ?? reset, reset)
        }
        if let latest {
            // Nobody is believed who asks for more than a day.
            return Instant(seconds: min(max(latest, now.seconds), now.seconds + 86_400))
        }
        return response.retryAfterSeconds(now: now).map { now.adding(seconds: $0) }
    }

    /// Both shapes in which X says what is wrong.
    private struct Problem {
        let detail: String
        let type: String
        let codes: [Int64]

        init(_ response: Response) {
            let json = response.json
            let errors = json["errors"]?.arrayValue ?? []
            detail =
                json["detail"]?.stringValue ?? errors.first?["message"]?.stringValue
                ?? errors.first?["detail"]?.stringValue ?? ""
            type = json["type"]?.stringValue ?? ""
            codes = errors.compactMap { $0["code"]?.integerValue }
        }

        func quoted(hiding secrets: [String]) -> String { AnswerText.quoted(detail, hiding: secrets) }
        var isDuplicate: Bool { codes.contains(187) || detail.lowercased().contains("duplicate") }
        var isTooLong: Bool { codes.contains(186) || detail.lowercased().contains("too long") }
        var lacksPermission: Bool {
            type.hasSuffix("/oauth1-permissions") || type.hasSuffix("/client-forbidden")
        }
    }

    /// A post as the timeline shows it.
    private struct Shown {
        let id: String
        let created: Instant?
        /// With links as they were written.
        let text: String
        /// With a mark for each link.
        let marked: String

        init?(_ json: JSONValue) {
            guard let id = json["id"]?.stringValue, let stated = json["text"]?.stringValue else {
                return nil
            }
            self.id = id
            created = json["created_at"]?.stringValue.flatMap { Instant(rfc3339: $0) }
            var text = stated
            var marked = stated
            for link in json["entities"]?["urls"]?.arrayValue ?? [] {
                guard let short = link["url"]?.stringValue, !short.isEmpty else { continue }
                text = text.replacing(short, with: link["expanded_url"]?.stringValue ?? short)
                marked = marked.replacing(short, with: "\u{FFFC}")
            }
            self.text = PostText.normal(PostText.unescaped(text))
            self.marked = PostText.normal(PostText.unescaped(marked))
        }

        func says(_ sent: String) -> Bool {
            text == PostText.normal(sent) || marked == PostText.withoutLinks(sent)
        }
    }
}
