public import Formats
import HTTP

/// X, a Mastodon server and Bluesky as `specs/*-posting.md` describe them, honest and in memory: whom they
/// know, what they hold for a repetition, what their timelines show.
public struct FakeServers {
    public struct Post: Sendable {
        public var id: String
        public var text: String
        public var created: Instant
        /// When a timeline shows it.
        public var shown: Instant
        /// The record's name, or the idempotency key.
        public var key = ""
        public var record: JSONValue = .null
        /// Whose it is, at the Mastodon server.
        public var account = ""
        /// When somebody changed what it says.
        public var edited: Instant?
    }

    public var now: Instant
    /// X's own protection, which is best effort.
    public var findsDuplicates = true
    /// Seconds until X's timeline shows a post.
    public var lag: Int64 = 0
    /// Whether the Mastodon server heeds `Idempotency-Key`, as not all that speak its language do.
    public var keepsKeys = true
    /// Whose token the Mastodon server knows.
    public var account = "42"
    /// Whose app password Bluesky knows.
    public var did = "did:plc:ada"
    /// Whether it is a Pleroma: what a post is called is not where it is shown.
    public var isPleroma = false
    /// How the Mastodon server says what it takes.
    public var length = Length.configured(500)

    public enum Length: Sendable {
        case configured(Int)
        /// As forks say it, at the old address alone.
        case toots(Int)
    }

    public internal(set) var x: [Post] = []
    public internal(set) var mastodon: [Post] = []
    public internal(set) var bluesky: [Post] = []
    private var keys: [(key: String, id: String, until: Instant)] = []
    private var nextID = 1_000_000_000_000_000_000

    init(now: Instant) { self.now = now }

    mutating func answer(_ request: Request) -> Response {
        let body = (try? JSONReader.read(request.body ?? [])) ?? .null
        return switch WebAddress(request.address)?.host {
        case "api.x.com": answerX(request, body)
        case "social.example": answerMastodon(request, body)
        case "bsky.social", "pds.example": answerBluesky(request, body)
        default: response(404, "")
        }
    }

    /// Somebody posts by hand.
    public mutating func postByHand(_ text: String) {
        x.append(Post(id: newID(), text: text, created: now, shown: now))
        mastodon.append(Post(id: newID(), text: text, created: now, shown: now, account: account))
        // A name that is sorted behind all that are made of times of ours.
        let id = newID()
        let key = "3z" + String(String.UnicodeScalarView(id.suffix(11).unicodeScalars.map { Unicode.Scalar($0.value + 49)! }))
        let record = [JSONMember("text", .string(text)), JSONMember("createdAt", .string(now.description))]
        bluesky.append(Post(id: id, text: text, created: now, shown: now, key: key, record: .object(record)))
    }

    /// Somebody changes the newest post at the Mastodon server.
    public mutating func editByHand(_ text: String) {
        mastodon[mastodon.endIndex - 1].text = text
        mastodon[mastodon.endIndex - 1].edited = now
    }

    // MARK: X

    private mutating func answerX(_ request: Request, _ body: JSONValue) -> Response {
        let signature = header(request, "Authorization")
        guard signature.hasPrefix("OAuth oauth_consumer_key="), let second = timestamp(signature),
            abs(second - now.seconds) <= 300
        else { return response(401, #"{"title":"Unauthorized","status":401}"#) }
        guard request.method == .post else { return timelineX(request) }
        guard let text = body["text"]?.stringValue, body.objectValue?.count == 1 else {
            return response(400, #"{"detail":"unknown key"}"#)
        }
        if findsDuplicates, x.contains(where: { $0.text == text }) {
            return response(
                403, #"{"detail":"You are not allowed to create a Tweet with duplicate content.","status":403}"#)
        }
        let id = newID()
        x.append(Post(id: id, text: text, created: now, shown: now.adding(seconds: lag)))
        return response(201, #"{"data":{"id":"\#(id)","text":"https://t.co/x"}}"#)
    }

    private func timestamp(_ signature: String) -> Int64? {
        guard let start = signature.firstRange(of: "oauth_timestamp=\"")?.upperBound else { return nil }
        return Int64(signature[start...].prefix { $0 != "\"" })
    }

    private func timelineX(_ request: Request) -> Response {
        if request.address.contains("/users/me") {
            return response(200, #"{"data":{"id":"4711","username":"ada"}}"#)
        }
        var posts = x.filter { $0.shown <= now }
        if let since = query(request, "since_id") {
            posts = posts.filter { ($0.id.count, $0.id) > (since.count, since) }
        }
        if let start = query(request, "start_time").flatMap({ Instant(rfc3339: $0) }) {
            guard start < now.adding(seconds: -10) else {
                return response(400, #"{"detail":"Invalid 'start_time'","status":400}"#)
            }
            posts = posts.filter { $0.created >= start }
        }
        if let token = query(request, "pagination_token") { posts = posts.filter { $0.id < token } }
        let page = posts.reversed().prefix(Int(query(request, "max_results") ?? "") ?? 10)
        let data = page.map { post in
            JSONValue.object([
                JSONMember("id", .string(post.id)), JSONMember("text", .string(escaped(post.text))),
                JSONMember("created_at", .string(post.created.description)),
            ])
        }
        var meta = [JSONMember("result_count", .integer(Int64(data.count)))]
        if page.count < posts.count, let last = page.last { meta.append(JSONMember("next_token", .string(last.id))) }
        var members = [JSONMember("meta", .object(meta))]
        if !data.isEmpty { members.insert(JSONMember("data", .array(data)), at: 0) }
        return response(200, json: .object(members))
    }

    // MARK: Mastodon

    private func instance(_ isSecond: Bool) -> Response {
        switch (length, isSecond) {
        case (.configured(let max), _):
            response(200, #"{"configuration":{"statuses":{"max_characters":\#(max)}}}"#)
        case (.toots(let max), false): response(200, #"{"uri":"social.example","max_toot_chars":\#(max)}"#)
        case (.toots, true): response(404, #"{"error":"Record not found"}"#)
        }
    }

    private mutating func answerMastodon(_ request: Request, _ body: JSONValue) -> Response {
        guard header(request, "Authorization") == "Bearer mastodon-token" else {
            return response(401, #"{"error":"The access token is invalid"}"#)
        }
        if request.address.hasSuffix("verify_credentials") {
            return response(200, #"{"id":"\#(account)","acct":"ada"}"#)
        }
        if request.address.hasSuffix("/instance") { return instance(request.address.contains("/v2/")) }
        guard request.method == .post else {
            var posts = mastodon.filter { request.address.contains("/accounts/\($0.account)/") }
            if let since = query(request, "since_id") { posts = posts.filter { $0.id > since } }
            if let before = query(request, "max_id") { posts = posts.filter { $0.id < before } }
            let page = posts.reversed().prefix(Int(query(request, "limit") ?? "") ?? 20)
            return response(200, json: .array(page.map(status)))
        }
        let key = header(request, "Idempotency-Key")
        keys.removeAll { $0.until <= now }
        if keepsKeys, keys.contains(where: { $0.key == key }) {
            // The bug of 2026: the repetition was noticed, and the answer is an error all the same.
            return response(500, #"{"error":"There was a problem"}"#)
        }
        let post = Post(
            id: newID(), text: body["status"]?.stringValue ?? "", created: now, shown: now, key: key, account: account)
        mastodon.append(post)
        keys.append((key, post.id, now.adding(seconds: 3600)))
        return response(200, json: status(post))
    }

    private func status(_ post: Post) -> JSONValue {
        .object([
            JSONMember("id", .string(post.id)),
            JSONMember("url", .string("https://social.example/" + (isPleroma ? "notice/" : "@ada/") + post.id)),
            JSONMember("uri", .string(FakeServers.uri(of: post.id, isPleroma))),
            JSONMember("content", .string("<p>" + FakeServers.shown(escaped(post.text)) + "</p>")),
            JSONMember("created_at", .string(post.created.description)),
            JSONMember("edited_at", post.edited.map { .string($0.description) } ?? .null),
        ])
    }

    /// What other servers call a post.
    public static func uri(of id: String, _ isPleroma: Bool) -> String {
        guard isPleroma else { return "https://social.example/users/ada/statuses/" + id }
        return "https://social.example/objects/8a7c6b1e-1111-4222-8333-" + id.suffix(12)
    }

    // MARK: Bluesky

    private mutating func answerBluesky(_ request: Request, _ body: JSONValue) -> Response {
        if request.address.hasSuffix("createSession") {
            guard body["password"]?.stringValue == "abcd-efgh-ijkl-mnop" else {
                return response(401, #"{"error":"AuthenticationRequired","message":"Invalid password"}"#)
            }
            return response(
                200,
                """
                {"accessJwt":"jwt","did":"\(did)","handle":"ada.example","active":true,
                "didDoc":{"service":[{"id":"#atproto_pds","serviceEndpoint":"https://pds.example"}]}}
                """)
        }
        guard request.method == .post else {
            if request.address.contains("listRecords") {
                // Sorted by name, as the repository is; a cursor is the last one shown.
                var posts = bluesky.sorted { $0.key > $1.key }
                if let cursor = query(request, "cursor") { posts = posts.filter { $0.key < cursor } }
                let page = posts.prefix(Int(query(request, "limit") ?? "") ?? 50)
                let records = page.map { post in
                    JSONValue.object([
                        JSONMember("uri", .string(uri(post))), JSONMember("value", post.record),
                    ])
                }
                var members = [JSONMember("records", .array(Array(records)))]
                if page.count < posts.count, let last = page.last { members.append(JSONMember("cursor", .string(last.key))) }
                return response(200, json: .object(members))
            }
            let key = query(request, "rkey") ?? ""
            guard let post = bluesky.first(where: { $0.key == key }) else {
                return response(400, #"{"error":"RecordNotFound"}"#)
            }
            return response(200, #"{"uri":"\#(uri(post))","cid":"bafy"}"#)
        }
        guard header(request, "Authorization") == "Bearer jwt", let key = body["rkey"]?.stringValue,
            let record = body["record"], body["repo"]?.stringValue == did
        else { return response(401, #"{"error":"AuthMissing"}"#) }
        if let old = bluesky.first(where: { $0.key == key }) {
            return old.record == record
                ? response(200, #"{"uri":"\#(uri(old))","cid":"bafy"}"#)
                : response(400, #"{"error":"InvalidSwap","message":"Record was at bafy"}"#)
        }
        let post = Post(
            id: newID(), text: record["text"]?.stringValue ?? "", created: now, shown: now, key: key,
            record: record)
        bluesky.append(post)
        return response(200, #"{"uri":"\#(uri(post))","cid":"bafy"}"#)
    }

    private func uri(_ post: Post) -> String { "at://\(did)/app.bsky.feed.post/" + post.key }

    // MARK: for what goes wrong on the way

    /// Whether a second request like this one does nothing.
    func noticesRepetition(of request: Request) -> Bool {
        switch WebAddress(request.address)?.host {
        case "api.x.com": findsDuplicates
        case "social.example": keepsKeys
        default: true
        }
    }

    /// As if it had arrived.
    mutating func pretence(_ request: Request) -> Response {
        let id = newID()
        let uri = "at://did:plc:ada/app.bsky.feed.post/" + id
        return response(200, #"{"data":{"id":"\#(id)"},"id":"\#(id)","uri":"\#(uri)"}"#)
    }

    /// The answer to a look that finds nothing; `nil`: this is no look.
    func emptyLook(_ request: Request) -> Response? {
        guard request.method == .get else { return nil }
        if request.address.contains("/tweets?") { return response(200, #"{"meta":{"result_count":0}}"#) }
        if request.address.contains("/statuses?") { return response(200, "[]") }
        return request.address.contains("getRecord") ? response(400, #"{"error":"RecordNotFound"}"#) : nil
    }

    /// As an announcement keeps it.
    static func id(of response: Response) -> String? {
        let json = (try? JSONReader.read(response.body)) ?? .null
        return json["data"]?["id"]?.stringValue ?? json["id"]?.stringValue ?? json["uri"]?.stringValue
    }

    // MARK: small parts

    private mutating func newID() -> String {
        nextID += 17
        return String(nextID)
    }

    private func header(_ request: Request, _ name: String) -> String {
        request.headers.first { $0.isNamed(name) }?.value ?? ""
    }

    private func query(_ request: Request, _ name: String) -> String? {
        guard let query = WebAddress(request.address)?.query else { return nil }
        for pair in query.split(separator: "&") where pair.hasPrefix(name + "=") {
            return PercentEncoding.decoded(String(pair.dropFirst(name.count + 1)))
        }
        return nil
    }

    /// As Mastodon shows a text: of a mention the name alone, and mentions and tags as links.
    private static func shown(_ text: String) -> String {
        text.replacing(/@(\w+)@([\w.]+)/) { match in
            "<span class=\"h-card\"><a href=\"https://\(match.2)/@\(match.1)\" class=\"u-url mention\">@<span>"
                + match.1 + "</span></a></span>"
        }.replacing(/#([A-Za-z]\w*)/) { match in
            "<a href=\"https://social.example/tags/\(match.1)\" class=\"mention hashtag\" rel=\"tag\">#<span>"
                + match.1 + "</span></a>"
        }
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// With the hour, as every server tells it.
    func response(_ status: Int, _ body: String, _ headers: [Header] = []) -> Response {
        Response(
            status: status, headers: [Header("Date", FakeServers.date(now))] + headers,
            body: Array(body.utf8), address: "")
    }

    private func response(_ status: Int, json: JSONValue) -> Response {
        response(status, String(decoding: JSONWriter.compact(json), as: UTF8.self))
    }

    /// RFC 9110 section 5.6.7.
    private static func date(_ instant: Instant) -> String {
        let text = instant.description
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = months[(Int(text.dropFirst(5).prefix(2)) ?? 1) - 1]
        // 1970 began on a Thursday.
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int(instant.seconds / 86_400 % 7)]
        return "\(weekday), \(text.dropFirst(8).prefix(2)) \(month) \(text.prefix(4)) \(text.dropFirst(11).prefix(8)) GMT"
    }
}
