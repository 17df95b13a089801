public import Formats
public import HTTP

/// What can happen to a request that posts something.
public enum Mishap: CaseIterable, Sendable {
    case none
    /// It never arrives, and nobody says so.
    case loseRequest
    /// It arrives, and nobody says so.
    case loseAnswer
    /// A proxy sends it twice; what comes back is the answer to the second.
    case answerTwice
    /// It takes its time: what it does shows 45 seconds later, and the answer never comes.
    case late
    /// The same, and it takes twenty minutes: the next run comes before it.
    case lateByFar
    /// It arrives, and the answer is an error.
    case failAfterwards
    /// It arrives, and the answer cannot be read.
    case garble
    /// Nobody can be connected to.
    case down
    /// Over capacity, and nothing was done.
    case overCapacity
    case askToWait
    /// The credits are used up.
    case unpaid
    /// The credentials are not known any more.
    case refuse
    case forbid
    /// A page to log in.
    case redirect
    /// The session is over before its time.
    case forget
}

/// What can happen to a request that only asks.
public enum Glance: CaseIterable, Sendable {
    case clear
    case down
    case overCapacity
    case askToWait
    case refuse
    case garble
}

/// X, a Mastodon server and Bluesky in memory, on the way to which anything may happen. They forget
/// nothing and count every request; their clock is right.
public final class FakeNetworks: Transport {
    public var now: Instant {
        get { servers.now }
        set { servers.now = newValue }
    }
    /// Asked for each request that posts something, by host.
    public var mishap: (String) -> Mishap = { _ in .none }
    /// Asked for each request that only asks.
    public var glance: (String) -> Glance = { _ in .clear }
    /// An answer that is given whatever is asked, by host.
    public var answers: [String: Response] = [:]
    /// What is served under other addresses.
    public var pages: [String: [UInt8]] = [:]
    /// How long one of them takes to come: a slow server, or many of them.
    public var pageSeconds: Int64 = 0
    /// Called when a posting request arrives, before anything is done.
    public var onPost: (Request) -> Void = { _ in }
    /// On which a program that dies between its calls of the network is seen to be dead.
    public var disk: FaultyDisk?
    public var mistake: Mistake?

    public private(set) var requests: [Request] = []
    /// Ids of posts of which the program was told that they are there.
    public private(set) var acknowledged: [String] = []
    /// Whether the program died between a post's leaving and its outcome.
    public private(set) var diedPosting = false
    public var servers: FakeServers
    private var late: [(at: Instant, request: Request)] = []
    private var changes = 0

    public init(now: Instant) { servers = FakeServers(now: now) }

    /// The same servers once more, with other weather on the way to them.
    public func copy() -> FakeNetworks {
        let other = FakeNetworks(now: now)
        other.servers = servers
        other.late = late
        other.pages = pages
        other.pageSeconds = pageSeconds
        other.mistake = mistake
        other.changes = changes
        return other
    }

    public var hosts: [String] { requests.compactMap { WebAddress($0.address)?.host } }

    /// A new run begins.
    public func forget() {
        requests = []
        acknowledged = []
        diedPosting = false
    }

    /// What was slow has happened by now, each at its own time: a key that was kept then may be gone now.
    public func settle() {
        let present = now
        defer { now = present }
        while let first = late.indices.min(by: { late[$0].at < late[$1].at }), late[first].at <= present {
            let (at, request) = late.remove(at: first)
            now = at
            _ = servers.answer(request)
        }
    }

    // MARK: the way there

    public func perform(
        _ requests: [Request], pace: Pace, progress: ((HTTP.Progress) -> Void)?
    ) -> [Result<Response, TransferError>] {
        requests.map { request in
            let host = WebAddress(request.address)?.host ?? ""
            guard isAlive(host) else { return refusal(host) }
            self.requests.append(request)
            settle()
            let answer = pass(mistaken(request), host)
            guard isAlive(host) else {
                diedPosting = isPost(request)
                return refusal(host)
            }
            if isPost(request), case .success(let response) = answer, response.status < 300,
                let id = FakeServers.id(of: response)
            {
                acknowledged.append(id)
            }
            return answer
        }
    }

    /// The program may die at each of its calls of the network: before the request leaves, and before
    /// its answer comes.
    private func isAlive(_ host: String) -> Bool { disk?.reach(host) ?? true }

    private func pass(_ request: Request, _ host: String) -> Result<Response, TransferError> {
        if let answer = answers[host] { return .success(answer) }
        if let page = pages[request.address] {
            now = now.adding(seconds: pageSeconds)
            return .success(Response(status: 200, body: page, address: request.address))
        }
        if isPost(request) {
            onPost(request)
            return post(request, host)
        }
        if mistake == .notLooked, let nothing = servers.emptyLook(request) { return .success(nothing) }
        return look(request, host)
    }

    private func isPost(_ request: Request) -> Bool {
        request.method == .post && !request.address.hasSuffix("createSession")
    }

    private func refusal(_ host: String) -> Result<Response, TransferError> {
        .failure(TransferError(kind: .connect, message: "\(host) cannot be connected to"))
    }

    private func silence(_ request: Request, _ host: String) -> Result<Response, TransferError> {
        if mistake == .silenceIsSuccess { return .success(servers.pretence(request)) }
        return .failure(TransferError(kind: .timeout, message: "\(host) did not finish within 60000 ms"))
    }

    private func look(_ request: Request, _ host: String) -> Result<Response, TransferError> {
        switch glance(host) {
        case .clear: .success(withoutClock(servers.answer(request)))
        case .down: refusal(host)
        case .overCapacity: .success(servers.response(503, "<html>over capacity</html>"))
        case .askToWait: .success(servers.response(429, "{}", [Header("Retry-After", "900")]))
        case .refuse: .success(servers.response(401, "{}"))
        case .garble: .success(servers.response(200, "<!doctype html><title>Soon</title>"))
        }
    }

    private func withoutClock(_ response: Response) -> Response {
        guard mistake == .clockNotCompared else { return response }
        var response = response
        response.headers.removeAll { $0.isNamed("Date") }
        return response
    }

    private func post(_ request: Request, _ host: String) -> Result<Response, TransferError> {
        switch mishap(host) {
        case .none: return .success(servers.answer(request))
        case .loseRequest: return silence(request, host)
        case .loseAnswer:
            _ = servers.answer(request)
            if mistake == .postRepeated { _ = servers.answer(request) }
            return silence(request, host)
        case .answerTwice:
            let first = servers.answer(request)
            // Where nobody notices a repetition, a proxy that repeats itself is beyond any client.
            guard servers.noticesRepetition(of: request) else { return .success(first) }
            return .success(servers.answer(request))
        case .late:
            late.append((now.adding(seconds: 45), request))
            return silence(request, host)
        case .lateByFar:
            late.append((now.adding(seconds: servers.keepsKeys ? 1200 : 45), request))
            return silence(request, host)
        case .failAfterwards:
            _ = servers.answer(request)
            return .success(servers.response(503, "<html>over capacity</html>"))
        case .garble:
            _ = servers.answer(request)
            return .success(servers.response(200, "<!doctype html><title>Done</title>"))
        case .down: return refusal(host)
        case .overCapacity: return .success(servers.response(503, ""))
        case .askToWait: return .success(servers.response(429, "{}", [Header("Retry-After", "900")]))
        case .unpaid: return .success(servers.response(402, #"{"title":"Payment Required"}"#))
        case .refuse: return .success(servers.response(401, "{}"))
        case .forbid: return .success(servers.response(403, "{}"))
        case .redirect: return .success(servers.response(302, "", [Header("Location", "/login")]))
        case .forget: return .success(servers.response(400, #"{"error":"ExpiredToken"}"#))
        }
    }

    /// What a mistaken program would send.
    private func mistaken(_ request: Request) -> Request {
        var request = request
        changes += 1
        if mistake == .newIdempotencyKey, let place = request.headers.firstIndex(where: { $0.isNamed("Idempotency-Key") }) {
            request.headers[place].value += "-\(changes)"
        }
        if mistake == .newRecordKey, let body = request.body,
            let key = (try? JSONReader.read(body))?["rkey"]?.stringValue
        {
            let letters = Array("234567abcdefghijklmnopqrstuvwxyz")
            let end = String([letters[changes / 32 % 32], letters[changes % 32]])
            request.body = Array(
                String(decoding: body, as: UTF8.self).replacing(key, with: key.dropLast(2) + end).utf8)
        }
        return request
    }
}
