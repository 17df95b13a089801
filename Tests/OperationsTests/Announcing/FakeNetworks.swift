import Formats
import HTTP
import Simulation

/// What can happen to a request that posts something.
enum Mishap: CaseIterable {
    case none
    /// It never arrives, and nobody says so.
    case loseRequest
    /// It arrives, and nobody says so.
    case loseAnswer
    /// A proxy sends it twice; what comes back is the answer to the second.
    case answerTwice
    /// It takes its time: what it does shows later, and the answer never comes.
    case late
    /// It arrives, and the answer is an error.
    case failAfterwards
    /// Nobody can be connected to.
    case down
    /// Over capacity, and nothing was done.
    case overCapacity
    case askToWait
}

/// X, a Mastodon server and Bluesky as `specs/*-posting.md` describe them, in memory; they forget nothing
/// and count every request.
final class FakeNetworks: Transport {
    struct Post {
        var id: String
        var text: String
        var created: Instant
        /// When a timeline shows it.
        var shown: Instant
        /// The record's name, or the idempotency key.
        var key = ""
        var record: JSONValue = .null
    }

    var now: Instant
    /// Asked for each request that posts something.
    var mishap: (String) -> Mishap = { _ in .none }
    /// Whether this request that only reads goes wrong.
    var isDeaf: (String) -> Bool = { _ in false }
    /// An answer that is given whatever is asked, by host.
    var answers: [String: Response] = [:]
    /// X's own protection, which is best effort.
    var findsDuplicates = true
    /// Seconds until X's timeline shows a post.
    var lag: Int64 = 0
    /// Called when a posting request arrives, before anything is done.
    var onPost: (Request) -> Void = { _ in }

    private(set) var requests: [Request] = []
    private(set) var x: [Post] = []
    private(set) var mastodon: [Post] = []
    private(set) var bluesky: [Post] = []
    private var keys: [(key: String, id: String, until: Instant)] = []
    private var late: [(at: Instant, request: Request)] = []
    private var nextID = 1_000_000_000_000_000_000

    init(now: Instant) { self.now = now }

    var hosts: [String] { requests.compactMap { WebAddress($0.address)?.host } }

    func perform(
        _ requests: [Request], pace: Pace, progress: ((HTTP.Progress) -> Void)?
    ) -> [Result<Response, TransferError>] {
        requests.map { request in
            self.requests.append(request)
            settle()
            let host = WebAddress(request.address)?.host ?? ""
            if let answer = answers[host] { return .success(answer) }
            if isPost(request) {
                onPost(request)
                return post(request, host)
            }
            if isDeaf(host) {
                return .failure(TransferError(kind: .connect, message: "\(host) cannot be connected to"))
            }
            return .success(carryOut(request))
        }
    }

    /// What was slow has happened by now.
    func settle() {
        while let index = late.firstIndex(where: { $0.at <= now }) {
            let one = late.remove(at: index)
            _ = carryOut(one.request)
        }
    }

    private func isPost(_ request: Request) -> Bool {
        request.method == .post && !request.address.hasSuffix("createSession")
    }

    private func post(_ request: Request, _ host: String) -> Result<Response, TransferError> {
        let silence = TransferError(kind: .timeout, message: "\(host) did not finish within 60000 ms")
        switch mishap(host) {
        case .none: return .success(carryOut(request))
        case .loseRequest: return .failure(silence)
        case .loseAnswer:
            _ = carryOut(request)
            return .failure(silence)
        case .answerTwice:
            let first = carryOut(request)
            // Where X finds no duplicate, a proxy that repeats itself is beyond any client.
            if host == "api.x.com", !findsDuplicates { return .success(first) }
            return .success(carryOut(request))
        case .late:
            late.append((now.adding(seconds: 45), request))
            return .failure(silence)
        case .failAfterwards:
            _ = carryOut(request)
            return .success(answer(503, "<html>over capacity</html>"))
        case .down:
            return .failure(TransferError(kind: .connect, message: "\(host) cannot be connected to"))
        case .overCapacity: return .success(answer(503, ""))
        case .askToWait:
            return .success(answer(429, "{}", [Header("Retry-After", "900")]))
        }
    }

    // MARK: servers

    private func carryOut(_ request: Request) -> Response {
        let body = (try? JSONReader.read(request.body ?? [])) ?? .null
        let address = request.address
        switch WebAddress(address)?.host {
        case "api.x.com": return carryOutX(request, body)
        case "social.example": return carryOutMastodon(request, body)
        case "bsky.social", "pds.example": return carryOutBluesky(request, body)
        default: return answer(404, "")
        }
    }

    private func carryOutX(_ request: Request, _ body: JSONValue) -> Response {
        guard header(request, "Authorization").hasPrefix("OAuth oauth_consumer_key=") else {
            return answer(401, #"{"title":"Unauthorized","status":401}"#)
        }
        guard request.method == .post else { return timelineX(request) }
        guard let text = body["text"]?.stringValue, body.objectValue?.count == 1 else {
            return answer(400, #"{"detail":"unknown key"}"#)
        }
        if findsDuplicates, x.contains(where: { $0.text == text }) {
            return answer(
                403, #"{"detail":"You are not allowed to create a Tweet with duplicate content.","status":403}"#)
        }
        let id = newID()
        x.append(Post(id: id, text: text, created: now, shown: now.adding(seconds: lag)))
        return answer(201, #"{"data":{"id":"\#(id)","text":"https://t.co/x"}}"#)
    }

    private func timelineX(_ request: Request) -> Response {
        if request.address.contains("/users/me") {
            return answer(200, #"{"data":{"id":"4711","username":"ada"}}"#)
        }
        var posts = x.filter { $0.shown <= now }
        if let since = query(request, "since_id") {
            posts = posts.filter { ($0.id.count, $0.id) > (since.count, since) }
        }
        if let start = query(request, "start_time").flatMap({ Instant(rfc3339: $0) }) {
            posts = posts.filter { $0.created >= start }
        }
        let page = posts.reversed().prefix(Int(query(request, "max_results") ?? "") ?? 10)
        let data = page.map { post in
            JSONValue.object([
                JSONMember("id", .string(post.id)), JSONMember("text", .string(escaped(post.text))),
                JSONMember("created_at", .string(post.created.description)),
            ])
        }
        var members = [
            JSONMember("meta", .object([JSONMember("result_count", .integer(Int64(data.count)))]))
        ]
        if !data.isEmpty { members.insert(JSONMember("data", .array(data)), at: 0) }
        return answer(200, json: .object(members))
    }

    private func carryOutMastodon(_ request: Request, _ body: JSONValue) -> Response {
        guard header(request, "Authorization") == "Bearer mastodon-token" else {
            return answer(401, #"{"error":"The access token is invalid"}"#)
        }
        if request.address.hasSuffix("verify_credentials") {
            return answer(200, #"{"id":"42","acct":"ada"}"#)
        }
        guard request.method == .post else {
            var posts = mastodon
            if let since = query(request, "since_id") { posts = posts.filter { $0.id > since } }
            if let before = query(request, "max_id") { posts = posts.filter { $0.id < before } }
            let page = posts.reversed().prefix(Int(query(request, "limit") ?? "") ?? 20)
            return answer(200, json: .array(page.map(status)))
        }
        let key = header(request, "Idempotency-Key")
        keys.removeAll { $0.until <= now }
        if keys.contains(where: { $0.key == key }) {
            // The bug of 2026: the repetition was noticed, and the answer is an error all the same.
            return answer(500, #"{"error":"There was a problem"}"#)
        }
        let post = Post(
            id: newID(), text: body["status"]?.stringValue ?? "", created: now, shown: now, key: key)
        mastodon.append(post)
        keys.append((key, post.id, now.adding(seconds: 3600)))
        return answer(200, json: status(post))
    }

    private func status(_ post: Post) -> JSONValue {
        .object([
            JSONMember("id", .string(post.id)),
            JSONMember("url", .string("https://social.example/@ada/" + post.id)),
            JSONMember("content", .string("<p>" + escaped(post.text) + "</p>")),
            JSONMember("created_at", .string(post.created.description)),
        ])
    }

    private func carryOutBluesky(_ request: Request, _ body: JSONValue) -> Response {
        if request.address.hasSuffix("createSession") {
            guard body["password"]?.stringValue == "abcd-efgh-ijkl-mnop" else {
                return answer(401, #"{"error":"AuthenticationRequired","message":"Invalid password"}"#)
            }
            return answer(
                200,
                """
                {"accessJwt":"jwt","did":"did:plc:ada","handle":"ada.example","active":true,
                "didDoc":{"service":[{"id":"#atproto_pds","serviceEndpoint":"https://pds.example"}]}}
                """)
        }
        guard request.method == .post else {
            let key = query(request, "rkey") ?? ""
            guard let post = bluesky.first(where: { $0.key == key }) else {
                return answer(400, #"{"error":"RecordNotFound"}"#)
            }
            return answer(200, #"{"uri":"\#(uri(post))","cid":"bafy"}"#)
        }
        guard header(request, "Authorization") == "Bearer jwt", let key = body["rkey"]?.stringValue,
            let record = body["record"], body["repo"]?.stringValue == "did:plc:ada"
        else { return answer(401, #"{"error":"AuthMissing"}"#) }
        if let old = bluesky.first(where: { $0.key == key }) {
            return old.record == record
                ? answer(200, #"{"uri":"\#(uri(old))","cid":"bafy"}"#)
                : answer(400, #"{"error":"InvalidSwap","message":"Record was at bafy"}"#)
        }
        let post = Post(
            id: newID(), text: record["text"]?.stringValue ?? "", created: now, shown: now, key: key,
            record: record)
        bluesky.append(post)
        return answer(200, #"{"uri":"\#(uri(post))","cid":"bafy"}"#)
    }

    private func uri(_ post: Post) -> String { "at://did:plc:ada/app.bsky.feed.post/" + post.key }

    /// Somebody posts by hand.
    func postByHand(_ text: String) {
        x.append(Post(id: newID(), text: text, created: now, shown: now))
        mastodon.append(Post(id: newID(), text: text, created: now, shown: now))
    }

    // MARK: small parts

    private func newID() -> String {
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

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    func answer(_ status: Int, _ body: String, _ headers: [Header] = []) -> Response {
        Response(status: status, headers: headers, body: Array(body.utf8), address: "")
    }

    private func answer(_ status: Int, json: JSONValue) -> Response {
        Response(status: status, body: JSONWriter.compact(json), address: "")
    }
}
