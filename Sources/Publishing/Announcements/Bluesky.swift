public import Catalogue
public import Formats
public import HTTP

/// Bluesky (`specs/bluesky-posting.md`). We choose the name of the record, and putting the same record
/// under the same name again changes nothing: so all that a post is, its time included, is written down
/// before the first attempt, and every repetition is harmless.
public struct Bluesky: Network {
    public let name = "bluesky"
    public let host: String
    public let needsGreeting = true
    public let lookSeconds: Int64 = 0
    public var secrets: [String] { [password] + (session.map { [$0.token] } ?? []) }

    private let server: WebAddress
    private let identifier: String
    private let password: String
    private var session: Session?

    private struct Session: Equatable {
        var did: String
        var handle: String
        var token: String
        /// Where the account's records really are.
        var place: WebAddress
    }

    private static let collection = "app.bsky.feed.post"
    private static let pageSize = 100

    public init(server: WebAddress, identifier: String, password: String) {
        self.server = server
        host = server.host ?? ""
        self.identifier = identifier
        self.password = password
    }

    /// `xxxx-xxxx-xxxx-xxxx`: anything else may be the account's own password, which a program that only
    /// posts has no business with.
    public static func isAppPassword(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                part.utf8.count == 4 && part.utf8.allSatisfy { $0.isLetterOrDigit }
            }
    }

    // MARK: asking

    public func greeting(_ moment: Moment) -> Request {
        let body = JSONWriter.compact(
            .object([
                JSONMember("identifier", .string(identifier)),
                JSONMember("password", .string(password)),
            ]))
        return request(
            .post, server, "com.atproto.server.createSession", body: body, isSigned: false, moment)
    }

    public func draft(
        _ text: String, for announcement: Announcement, language: String, taken: [String], now: Instant
    ) -> Draft {
        // What was refused before keeps its name, so that it can never exist twice.
        let key =
            RecordKey.isValid(announcement.key)
            ? announcement.key
            : RecordKey.make(for: announcement.id, queued: announcement.since, taken: taken)
        let post = RichText(text)
        var record = [
            JSONMember("$type", .string(Bluesky.collection)), JSONMember("text", .string(post.text)),
            JSONMember("createdAt", .string(now.description.dropLast() + ".000Z")),
        ]
        if let tag = LanguageTag.from(language) { record.append(JSONMember("langs", .array([.string(tag)]))) }
        if !post.facets.isEmpty { record.append(JSONMember("facets", .array(post.facets.map(\.json)))) }
        let body = JSONValue.object([
            JSONMember("repo", .string(session?.did ?? identifier)),
            JSONMember("collection", .string(Bluesky.collection)),
            JSONMember("rkey", .string(key)),
            JSONMember("validate", .bool(true)),
            JSONMember("record", .object(record)),
            // Must not exist yet; putting the very same again is taken all the same.
            JSONMember("swapRecord", .null),
        ])
        return Draft(
            text: text, key: key, record: String(decoding: JSONWriter.compact(body), as: UTF8.self))
    }

    public func posting(_ draft: Draft, _ moment: Moment) -> Request {
        request(
            .post, session?.place ?? server, "com.atproto.repo.putRecord",
            body: Array(draft.record.utf8), isSigned: true, moment)
    }

    public func looking(for announcement: Announcement, _ moment: Moment) -> Request {
        let query = [
            "repo=" + PercentEncoding.encoded(repository(of: announcement)),
            "collection=" + Bluesky.collection, "rkey=" + PercentEncoding.encoded(announcement.key),
        ].joined(separator: "&")
        return request(
            .get, session?.place ?? server, "com.atproto.repo.getRecord?" + query, body: nil,
            isSigned: false, moment)
    }

    /// As it was when the attempt was made.
    private func repository(of announcement: Announcement) -> String {
        let body = try? JSONReader.read(Array(announcement.record.utf8))
        return body?["repo"]?.stringValue ?? session?.did ?? identifier
    }

    private func request(
        _ method: HTTP.Method, _ place: WebAddress, _ call: String, body: [UInt8]?, isSigned: Bool,
        _ moment: Moment
    ) -> Request {
        var headers = [Header("Accept", "application/json")]
        if body != nil { headers.append(Header("Content-Type", "application/json")) }
        if isSigned, let session { headers.append(Header("Authorization", "Bearer " + session.token)) }
        return Request(
            method: method, address: place.origin + "/xrpc/" + call, headers: headers, body: body,
            userAgent: moment.userAgent, trustsPrivateAddresses: place.host == server.host,
            followsRedirects: false, isUnrepeatable: method == .post)
    }

    // MARK: answers

    public mutating func greeted(
        _ answer: Result<Response, TransferError>, _ moment: Moment
    ) -> Greeting {
        switch answer {
        case .failure(let error): return .trouble(.later(error.message, until: nil))
        case .success(let response):
            guard response.status == 200 else {
                return .trouble(greetingTrouble(response, moment.now))
            }
            // When a post was made is part of it.
            if let trouble = response.clockTrouble(at: moment.now, beyond: 3600) { return .trouble(trouble) }
            let json = response.json
            guard let did = json["did"]?.stringValue, let token = json["accessJwt"]?.stringValue else {
                return .trouble(.later("\(host) answered without a session", until: nil))
            }
            if json["active"]?.boolValue == false {
                return .trouble(.blocked("the account is not active at \(host)"))
            }
            // What a server calls an account whose name leads nowhere any more; the identifier always leads to it.
            let stated = json["handle"]?.stringValue
            let handle = stated == "handle.invalid" ? did : stated ?? did
            session = Session(
                did: did, handle: handle, token: token, place: Bluesky.place(json) ?? server)
            return .welcome(handle == did ? did : "@" + handle)
        }
    }

    private static func place(_ json: JSONValue) -> WebAddress? {
        for service in json["didDoc"]?["service"]?.arrayValue ?? [] {
            guard service["id"]?.stringValue?.hasSuffix("#atproto_pds") == true,
                let address = service["serviceEndpoint"]?.stringValue.flatMap({ WebAddress($0) }),
                address.scheme == "https", address.host != nil, !address.hasCredentials
            else { continue }
            return address
        }
        return nil
    }

    private func greetingTrouble(_ response: Response, _ now: Instant) -> Trouble {
        if response.json["error"]?.stringValue == "AuthFactorTokenRequired" {
            return .blocked(
                "\(host) wants a code by mail: use an app password (Settings, App passwords)")
        }
        switch trouble(response, now) {
        case .unknown(let reason): return .later(reason, until: nil)
        case .refused(let reason): return .blocked(reason)
        case let other: return other
        }
    }

    public func posted(
        _ answer: Result<Response, TransferError>, _ draft: Draft, _ moment: Moment
    ) -> Posting {
        switch answer {
        case .failure(let error): return .trouble(Trouble(error))
        case .success(let response):
            guard response.status == 200 else {
                return .trouble(trouble(response, moment.now))
            }
            guard let uri = response.json["uri"]?.stringValue else {
                return .trouble(.unknown("\(host) answered without an address"))
            }
            return .sent(place(uri, key: draft.key))
        }
    }

    private func place(_ uri: String, key: String) -> PostPlace {
        PostPlace(
            id: uri,
            address: "https://bsky.app/profile/" + (session?.handle ?? identifier) + "/post/" + key)
    }

    private func trouble(_ response: Response, _ now: Instant) -> Trouble {
        let json = response.json
        let words = AnswerText.quoted(json["message"]?.stringValue ?? json["error"]?.stringValue, hiding: secrets)
        switch (response.status, json["error"]?.stringValue) {
        case (400, "InvalidSwap"):
            return .unknown("\(host) has a record of this name already")
        case (400, "ExpiredToken"), (400, "InvalidToken"), (401, "ExpiredToken"):
            return .later("\(host) forgot the session", until: nil)
        case (_, "AccountTakedown"), (403, _):
            return .blocked("\(host) does not let us post (\(response.status))" + words + ": see there what is wrong with the account")
        case (401, _):
            return .blocked(
                "\(host) refuses the app password (\(response.status))" + words
                    + ": \"colophon announce --connect bluesky\" renews it")
        case (429, _):
            return .later("\(host) asks us to wait (429)", until: reset(response, now))
        case (let status, _) where Trouble.isOnTheWay(status): return .unknown("\(host) failed (\(status))")
        case (404, _): return .blocked("\(host) has no such address (404)")
        case (300..<400, _): return .blocked("\(host) sends us elsewhere (\(response.status))" + AnswerText.place(response))
        case (400..<500, _): return .refused("\(host) refuses it (\(response.status))" + words)
        default: return .unknown("\(host) failed (\(response.status))")
        }
    }

    private func reset(_ response: Response, _ now: Instant) -> Instant? {
        if let reset = response.header("RateLimit-Reset").flatMap({ Int64($0) }) {
            return Instant(seconds: min(max(reset, now.seconds), now.seconds + 86_400))
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
            if response.status == 200, let uri = response.json["uri"]?.stringValue {
                return .found(place(uri, key: announcement.key))
            }
            if response.json["error"]?.stringValue == "RecordNotFound" { return .absent }
            return .trouble(trouble(response, moment.now).ofLook)
        }
    }

    public func newest(before page: Response?, _ moment: Moment) -> Request? {
        var query = [
            "repo=" + PercentEncoding.encoded(session?.did ?? identifier), "collection=" + Bluesky.collection,
            "limit=\(Bluesky.pageSize)",
        ]
        if let page {
            guard let cursor = page.json["cursor"]?.stringValue else { return nil }
            query.append("cursor=" + PercentEncoding.encoded(cursor))
        }
        return request(
            .get, session?.place ?? server, "com.atproto.repo.listRecords?" + query.joined(separator: "&"), body: nil,
            isSigned: false, moment)
    }

    public func oldest(in page: Response) -> Instant? {
        page.json["records"]?.arrayValue?.last?["value"]?["createdAt"]?.stringValue.flatMap { Instant(rfc3339: $0) }
    }

    public func said(_ text: String, in answer: Response, taken: [String], since: Instant) -> PostPlace? {
        guard answer.status == 200, let records = answer.json["records"]?.arrayValue else { return nil }
        let wanted = PostText.normal(text)
        // The oldest that fits: a newer one of the same words is another's.
        for record in records.reversed() {
            guard let uri = record["uri"]?.stringValue, let key = uri.split(separator: "/").last,
                let created = record["value"]?["createdAt"]?.stringValue.flatMap({ Instant(rfc3339: $0) }),
                created >= since, let said = record["value"]?["text"]?.stringValue, PostText.normal(said) == wanted
            else { continue }
            let place = place(uri, key: String(key))
            if !place.isAmong(taken) { return place }
        }
        return nil
    }

    public func whenAbsent(_ announcement: Announcement, now: Instant) -> WhenAbsent {
        // Nobody may write into another account's repository, and nobody else knows what was put there.
        repository(of: announcement) == session?.did ?? identifier ? .again : .person
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x61...0x7A).contains(self) || (0x41...0x5A).contains(self)
    }
}
