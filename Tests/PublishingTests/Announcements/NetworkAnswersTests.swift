import Catalogue
import Formats
import HTTP
import Testing

@testable import Publishing

/// What the answers of the three networks mean, as `specs/x-posting.md` section 5, `mastodon-posting.md`
/// and `bluesky-posting.md` have it: a row an answer.
@Suite struct NetworkAnswersTests {
    static let now = Instant(rfc3339: "2026-11-23T14:00:00Z")!
    static let moment = Moment(now: now, nonce: "abc", userAgent: "Colophon/1.0")
    static let server = WebAddress("https://social.example")!

    static let x = X(
        consumerKey: "ck", consumerSecret: "cs", token: "4711-token", tokenSecret: "ts")
    static let mastodon = Mastodon(server: server, token: "mt", visibility: "unlisted")
    static var bluesky: Bluesky {
        var bluesky = Bluesky(
            server: WebAddress("https://bsky.social")!, identifier: "ada.example",
            password: "abcd-efgh-ijkl-mnop")
        let session = """
            {"accessJwt":"jwt","did":"did:plc:ada","handle":"ada.example","active":true,"didDoc":{"service":[
            {"id":"#atproto_pds","serviceEndpoint":"https://pds.example"}]}}
            """
        _ = bluesky.greeted(answer(200, session), moment)
        return bluesky
    }

    static func network(_ name: String) -> any Network {
        switch name {
        case "x": x
        case "mastodon": mastodon
        default: bluesky
        }
    }

    static func answer(_ status: Int, _ body: String = "", _ headers: [Header] = [])
        -> Result<Response, TransferError>
    {
        .success(Response(status: status, headers: headers, body: Array(body.utf8), address: ""))
    }

    static let draft = Draft(text: "Finished Dune", key: "3m6b4cicl222b", record: "{}")

    struct Row: Sendable, CustomTestStringConvertible {
        var network: String
        var status: Int
        var body = ""
        var headers: [Header] = []
        var trouble: Trouble

        var testDescription: String { "\(network) \(status) \(body)" }
    }

    @Test(arguments: [
        Row(network: "x", status: 400, body: #"{"title":"Invalid","detail":"bad key"}"#,
            trouble: .refused("X cannot read it (400): bad key")),
        Row(network: "x", status: 401, body: #"{"title":"Unauthorized"}"#,
            trouble: .blocked("X refuses the credentials (401): \"colophon announce --connect x\" renews them")),
        Row(network: "x", status: 401, headers: [Header("Date", "Mon, 23 Nov 2026 13:30:00 GMT")],
            trouble: .blocked(
                "X refuses the signature (401), and this machine's clock is 30 minutes ahead: set it right")),
        Row(network: "x", status: 401, headers: [Header("Date", "Mon, 23 Nov 2026 18:00:00 GMT")],
            trouble: .blocked(
                "X refuses the signature (401), and this machine's clock is 4 hours behind: set it right")),
        Row(network: "x", status: 402, body: #"{"title":"CreditsDepleted"}"#,
            trouble: .blocked("the credits at X are used up (402): top them up")),
        Row(network: "x", status: 403,
            body: #"{"detail":"You are not allowed to create a Tweet with duplicate content.","type":"about:blank"}"#,
            trouble: .duplicate("X says that it was said already (403)")),
        Row(network: "x", status: 403, body: #"{"errors":[{"code":187,"message":"Status is a duplicate."}]}"#,
            trouble: .duplicate("X says that it was said already (403)")),
        Row(network: "x", status: 403, body: #"{"errors":[{"code":186,"message":"needs to be shorter"}]}"#,
            trouble: .refused("X holds it to be too long (403)")),
        Row(network: "x", status: 403, body: #"{"type":"https://api.twitter.com/2/problems/oauth1-permissions"}"#,
            trouble: .blocked(
                "the app at X may not write (403): set it to \"Read and write\", then make a new access token")),
        Row(network: "x", status: 403, body: #"{"errors":[{"code":326,"message":"locked\nout"}]}"#,
            trouble: .blocked("X refuses it (403): locked out: see at X what is wrong with the account or the app")),
        Row(network: "x", status: 404, trouble: .blocked("X does not know the address any more (404)")),
        Row(network: "x", status: 429,
            headers: [
                Header("x-rate-limit-remaining", "0"), Header("x-rate-limit-reset", "1795442700"),
                Header("x-user-limit-24hour-remaining", "0"), Header("x-user-limit-24hour-reset", "1795446000"),
                Header("x-app-limit-24hour-remaining", "5"), Header("x-app-limit-24hour-reset", "1795449000"),
            ],
            trouble: .later("X asks us to wait (429)", until: Instant(seconds: 1_795_446_000))),
        Row(network: "x", status: 429, trouble: .later("X asks us to wait (429)", until: nil)),
        Row(network: "x", status: 307, trouble: .blocked("X sends us elsewhere (307)")),
        // What a proxy says that waited in vain for the server: the post may be there.
        Row(network: "x", status: 408, trouble: .unknown("X failed (408)")),
        Row(network: "x", status: 409, trouble: .unknown("X failed (409)")),
        Row(network: "mastodon", status: 408, trouble: .unknown("social.example failed (408)")),
        Row(network: "mastodon", status: 499, trouble: .unknown("social.example failed (499)")),
        Row(network: "bluesky", status: 408, body: "<html>", trouble: .unknown("bsky.social failed (408)")),
        Row(network: "bluesky", status: 409, trouble: .unknown("bsky.social failed (409)")),
        Row(network: "x", status: 413, trouble: .refused("X refuses it (413)")),
        Row(network: "x", status: 503, body: "<html>", trouble: .unknown("X failed (503)")),
        Row(network: "x", status: 201, body: "{}", trouble: .unknown("X answered without an id")),

        Row(network: "mastodon", status: 401, body: #"{"error":"The access token is invalid"}"#,
            trouble: .blocked(
                "social.example refuses the token (401): \"colophon announce --connect mastodon\" renews it")),
        Row(network: "mastodon", status: 403, body: #"{"error":"This action is outside the authorized scopes"}"#,
            trouble: .blocked(
                "social.example does not let us post (403): This action is outside the authorized scopes")),
        Row(network: "mastodon", status: 404, trouble: .blocked("social.example has no such address (404)")),
        Row(network: "mastodon", status: 422, body: #"{"error":"Validation failed: Text character limit of 300 exceeded"}"#,
            trouble: .refused(
                "social.example refuses it (422): Validation failed: Text character limit of 300 exceeded: "
                    + "\"max_characters\" of [announce.mastodon] in feeds.toml says how many it takes, "
                    + "\"colophon announce --connect mastodon\" asks it")),
        Row(network: "mastodon", status: 422, body: #"{"error":"Validation failed: Text can't be blank"}"#,
            trouble: .refused("social.example refuses it (422): Validation failed: Text can't be blank")),
        Row(network: "mastodon", status: 429,
            headers: [Header("X-RateLimit-Reset", "2026-11-23T14:05:00.000000Z")],
            trouble: .later(
                "social.example asks us to wait (429)", until: Instant(rfc3339: "2026-11-23T14:05:00Z")!)),
        Row(network: "mastodon", status: 429, headers: [Header("Retry-After", "60")],
            trouble: .later(
                "social.example asks us to wait (429)", until: Instant(rfc3339: "2026-11-23T14:01:00Z")!)),
        Row(network: "mastodon", status: 302, trouble: .blocked("social.example sends us elsewhere (302)")),
        Row(network: "mastodon", status: 504, trouble: .unknown("social.example failed (504)")),
        Row(network: "mastodon", status: 200, body: "[]",
            trouble: .unknown("social.example answered without an id")),

        Row(network: "bluesky", status: 400, body: #"{"error":"InvalidSwap","message":"Record was at bafy"}"#,
            trouble: .unknown("bsky.social has a record of this name already")),
        Row(network: "bluesky", status: 400, body: #"{"error":"ExpiredToken","message":"Token has expired"}"#,
            trouble: .later("bsky.social forgot the session", until: nil)),
        Row(network: "bluesky", status: 400, body: #"{"error":"InvalidRequest","message":"too many graphemes"}"#,
            trouble: .refused("bsky.social refuses it (400): too many graphemes")),
        Row(network: "bluesky", status: 401, body: #"{"error":"AuthenticationRequired","message":"no"}"#,
            trouble: .blocked(
                "bsky.social refuses the app password (401): no: "
                    + "\"colophon announce --connect bluesky\" renews it")),
        Row(network: "bluesky", status: 403, body: #"{"error":"Forbidden","message":"not here"}"#,
            trouble: .blocked(
                "bsky.social does not let us post (403): not here: see there what is wrong with the account")),
        Row(network: "bluesky", status: 400, body: #"{"error":"AccountTakedown","message":"taken down"}"#,
            trouble: .blocked(
                "bsky.social does not let us post (400): taken down: see there what is wrong with the account")),
        Row(network: "x", status: 301, headers: [Header("Location", "https://new.example/2/tweets")],
            trouble: .blocked(
                "X sends us elsewhere (301), to new.example: if that is right, \"server\" in the file of credentials "
                    + "takes the new address")),
        Row(network: "bluesky", status: 429, body: #"{"error":"RateLimitExceeded"}"#,
            headers: [Header("RateLimit-Reset", "1795446000")],
            trouble: .later("bsky.social asks us to wait (429)", until: Instant(seconds: 1_795_446_000))),
        Row(network: "bluesky", status: 500, trouble: .unknown("bsky.social failed (500)")),
        Row(network: "bluesky", status: 302, trouble: .blocked("bsky.social sends us elsewhere (302)")),
        Row(network: "bluesky", status: 404, trouble: .blocked("bsky.social has no such address (404)")),
        Row(network: "bluesky", status: 200, body: "{}",
            trouble: .unknown("bsky.social answered without an address")),
    ])
    func `each answer to a post has its meaning`(row: Row) {
        let found = Self.network(row.network).posted(
            Self.answer(row.status, row.body, row.headers), Self.draft, Self.moment)
        #expect(found == .trouble(row.trouble))
    }

    @Test(arguments: [
        ("x", 201, #"{"data":{"id":"1890","text":"rewritten"}}"#, "1890", "https://x.com/i/status/1890"),
        ("mastodon", 200, #"{"id":"11","url":"https://social.example/@ada/11"}"#, "11",
            "https://social.example/@ada/11"),
        ("bluesky", 200, #"{"uri":"at://did:plc:ada/app.bsky.feed.post/3m6b4cicl222b","cid":"b"}"#,
            "at://did:plc:ada/app.bsky.feed.post/3m6b4cicl222b",
            "https://bsky.app/profile/ada.example/post/3m6b4cicl222b"),
    ])
    func `a post that was taken has its place`(
        name: String, status: Int, body: String, id: String, address: String
    ) {
        let found = Self.network(name).posted(Self.answer(status, body), Self.draft, Self.moment)
        #expect(found == .sent(PostPlace(id: id, address: address)))
    }

    /// A domain that is no longer the person's.
    @Test func `a post of an account whose name leads nowhere is where its identifier leads`() {
        var bluesky = Self.bluesky
        let session = #"{"accessJwt":"jwt","did":"did:plc:ada","handle":"handle.invalid"}"#
        _ = bluesky.greeted(Self.answer(200, session), Self.moment)
        let uri = "at://did:plc:ada/app.bsky.feed.post/3m6b4cicl222b"
        #expect(
            bluesky.posted(Self.answer(200, #"{"uri":"\#(uri)"}"#), Self.draft, Self.moment)
                == .sent(PostPlace(id: uri, address: "https://bsky.app/profile/did:plc:ada/post/3m6b4cicl222b")))
    }

    @Test(arguments: [
        (TransferError.Kind.resolve, true), (.connect, true), (.refused, true), (.tls, true), (.connectTimeout, true),
        (.refusedAddress, true), (.timeout, false), (.closed, false), (.truncated, false),
        (.stalled, false), (.protocolError, false), (.tooLarge, false), (.deadline, false),
    ])
    func `only what cannot have left is known not to have been posted`(
        kind: TransferError.Kind, isSafe: Bool
    ) {
        let error = TransferError(kind: kind, message: "why")
        for name in ["x", "mastodon", "bluesky"] {
            let found = Self.network(name).posted(.failure(error), Self.draft, Self.moment)
            #expect(found == .trouble(isSafe ? .later("why", until: nil) : .unknown("why")))
        }
    }

    // MARK: requests

    @Test func `what must not arrive twice is never sent again by the library`() {
        for name in ["x", "mastodon", "bluesky"] {
            let request = Self.network(name).posting(Self.draft, Self.moment)
            #expect(request.isUnrepeatable && !request.followsRedirects && request.method == .post)
            #expect(request.body == Array("{}".utf8))
        }
    }

    private func header(_ request: Request, _ name: String) -> String? {
        request.headers.first { $0.isNamed(name) }?.value
    }

    @Test func `X gets a signed text and nothing else`() {
        let draft = Self.x.draft(
            "Finished \"Dune\"", for: Self.attempt("x"), language: "en", taken: [], now: Self.now)
        #expect(draft == Draft(text: "Finished \"Dune\"", key: "", record: #"{"text":"Finished \"Dune\""}"#))
        let request = Self.x.posting(draft, Self.moment)
        #expect(request.address == "https://api.x.com/2/tweets")
        #expect(header(request, "Authorization")?.hasPrefix("OAuth oauth_consumer_key=\"ck\"") == true)
        #expect(header(request, "Content-Type") == "application/json")
    }

    @Test func `Mastodon gets a key that follows from name and text`() {
        let one = Self.mastodon.draft(
            "Finished Dune", for: Self.attempt("mastodon"), language: "en-GB", taken: [], now: Self.now)
        #expect(one.record == #"{"status":"Finished Dune","visibility":"unlisted","language":"en"}"#)
        let again = Self.mastodon.draft(
            "Finished Dune", for: Self.attempt("mastodon"), language: "en", taken: [],
            now: Self.now.adding(seconds: 900))
        let other = Self.mastodon.draft(
            "Finished Dune!", for: Self.attempt("mastodon"), language: "en", taken: [], now: Self.now)
        #expect(one.key == again.key && one.key != other.key && one.key.utf8.count == 64)
        let request = Self.mastodon.posting(one, Self.moment)
        #expect(header(request, "Idempotency-Key") == one.key)
        #expect(header(request, "Authorization") == "Bearer mt")
        #expect(request.address == "https://social.example/api/v1/statuses")
    }

    @Test func `Bluesky gets the whole record with its name and time, at its own server`() throws {
        let draft = Self.bluesky.draft(
            "Finished Dune #books", for: Self.pending("bluesky"), language: "en", taken: [], now: Self.now)
        #expect(RecordKey.isValid(draft.key))
        let record = try JSONReader.read(Array(draft.record.utf8))
        #expect(record["repo"]?.stringValue == "did:plc:ada")
        #expect(record["rkey"]?.stringValue == draft.key)
        #expect(record["record"]?["createdAt"]?.stringValue == "2026-11-23T14:00:00.000Z")
        #expect(record["record"]?["langs"] == .array([.string("en")]))
        #expect(record["record"]?["facets"]?.arrayValue?.count == 1)
        #expect(record["swapRecord"] == .null)
        let request = Self.bluesky.posting(draft, Self.moment)
        #expect(request.address == "https://pds.example/xrpc/com.atproto.repo.putRecord")
        #expect(header(request, "Authorization") == "Bearer jwt")
        #expect(!request.trustsPrivateAddresses)
    }

    @Test(arguments: [
        ("abcd-efgh-ijkl-mnop", true), ("abcd-efgh-ijkl", false), ("abcd-efgh-ijkl-mno!", false),
        ("correct horse battery", false), ("", false),
    ])
    func `an app password has its form`(text: String, isOne: Bool) {
        #expect(Bluesky.isAppPassword(text) == isOne)
    }

    /// The words of an answer are cut, and what is cut of a secret is most of it.
    @Test(arguments: ["x", "mastodon", "bluesky"])
    func `no part of a secret is repeated`(name: String) {
        let secret = ["x": "4711-token", "mastodon": "a-long-token-of-mastodon", "bluesky": "abcd-efgh-ijkl-mnop"][name]!
        let network: any Network =
            name == "mastodon" ? Mastodon(server: Self.server, token: secret) : Self.network(name)
        let words = String(repeating: "w", count: 160 - secret.count) + secret
        let body = #"{"error":"\#(words)","message":"\#(words)","detail":"\#(words)"}"#
        guard case .trouble(let trouble) = network.posted(Self.answer(418, body), Self.draft, Self.moment) else {
            Issue.record("no trouble")
            return
        }
        #expect(!trouble.reason.contains(secret.prefix(6)) && trouble.reason.contains("not repeated"))
    }

    @Test func `a server that sends us elsewhere is named`() {
        let answer = Self.answer(301, "", [Header("Location", "https://new.example/api/v1/statuses")])
        #expect(
            Self.mastodon.posted(answer, Self.draft, Self.moment)
                == .trouble(.blocked(
                    "social.example sends us elsewhere (301), to new.example: if that is right, "
                        + "\"colophon announce --connect\" takes the new address")))
    }

    // MARK: greetings

    @Test(arguments: [
        ("x", 200, #"{"data":{"id":"4711","username":"ada"}}"#, Greeting.welcome("@ada")),
        ("x", 500, "", .trouble(.later("X failed (500)", until: nil))),
        ("x", 402, "", .trouble(.blocked("the credits at X are used up (402): top them up"))),
        ("mastodon", 200, #"{"id":"9","acct":"ada"}"#, .welcome("@ada@social.example")),
        ("mastodon", 200, "<html>",
            .trouble(.later("social.example answered without an account", until: nil))),
        ("mastodon", 503, "", .trouble(.later("social.example failed (503)", until: nil))),
        ("bluesky", 200, #"{"accessJwt":"j","did":"did:plc:a","handle":"ada.example"}"#, .welcome("@ada.example")),
        ("bluesky", 200, #"{"accessJwt":"j","did":"did:plc:a","handle":"handle.invalid"}"#, .welcome("did:plc:a")),
        ("bluesky", 200, #"{"accessJwt":"j","did":"did:plc:a","active":false}"#,
            .trouble(.blocked("the account is not active at bsky.social"))),
        ("bluesky", 200, "{}", .trouble(.later("bsky.social answered without a session", until: nil))),
        ("bluesky", 401, #"{"error":"AuthFactorTokenRequired"}"#,
            .trouble(.blocked(
                "bsky.social wants a code by mail: use an app password (Settings, App passwords)"))),
        ("bluesky", 500, "", .trouble(.later("bsky.social failed (500)", until: nil))),
        ("bluesky", 400, #"{"message":"bad"}"#, .trouble(.blocked("bsky.social refuses it (400): bad"))),
    ])
    func `a greeting tells who we are, or why not`(
        name: String, status: Int, body: String, expected: Greeting
    ) {
        var network = Self.network(name)
        #expect(network.greeted(Self.answer(status, body), Self.moment) == expected)
    }

    // MARK: looking

    static func pending(_ network: String) -> Announcement {
        var sample = SampleState()
        sample.finish("a:b:1", Finish(title: "Dune"), announce: [network])
        return sample.state.announcements[0]
    }

    static func attempt(_ network: String, text: String = "Finished Dune & Co", after: String = "") -> Announcement {
        var sample = SampleState()
        sample.finish("a:b:1", Finish(title: "Dune"), announce: [network])
        sample.add(
            .announcement(
                AnnouncementStep(
                    .attempted, id: FinishID("a:b:1"), network: network, attempt: 1, text: text,
                    key: "3m6b4cicl222b", record: #"{"repo":"did:plc:ada"}"#, after: after)),
            at: "2026-11-23T13:45:00Z")
        return sample.state.announcements[0]
    }

    @Test func `X is asked for what is newer than the newest post known, or for the last hour`() {
        let after = Self.x.looking(for: Self.attempt("x", after: "1889"), Self.moment)
        #expect(after.address == "https://api.x.com/2/users/4711/tweets?max_results=20&exclude=retweets"
            + "&tweet.fields=created_at,entities&since_id=1889")
        let first = Self.x.looking(for: Self.attempt("x"), Self.moment)
        #expect(first.address.hasSuffix("&start_time=2026-11-23T12%3A45%3A00Z"))
        #expect(first.method == .get)
    }

    @Test func `a server that shows the same page again has no more to show`() {
        let page = #"[{"id":"7","content":"<p>Other</p>","created_at":"2026-11-23T13:50:00.000Z"}]"#
        let attempt = Self.attempt("mastodon")
        guard
            case .more(let second) = Self.mastodon.looked(
                Self.answer(200, page), for: attempt, taken: [], Self.moment)
        else {
            Issue.record("not asked for the next page")
            return
        }
        let again = Response(status: 200, headers: [], body: Array(page.utf8), address: second.address)
        #expect(Self.mastodon.looked(.success(again), for: attempt, taken: [], Self.moment) == .absent)
    }

    @Test func `where X refuses one name of the fields it is asked by the other, once`() throws {
        let refused = #"{"errors":[{"message":"The query parameter [tweet.fields] is not known"}]}"#
        let attempt = Self.attempt("x", after: "1889")
        guard
            case .more(let second) = Self.x.looked(Self.answer(400, refused), for: attempt, taken: [], Self.moment)
        else {
            Issue.record("not asked again")
            return
        }
        #expect(second.address.contains("&post.fields=created_at,entities&since_id=1889"))
        let again = Response(status: 400, headers: [], body: Array(refused.utf8), address: second.address)
        guard case .trouble = Self.x.looked(.success(again), for: attempt, taken: [], Self.moment) else {
            Issue.record("asked for ever")
            return
        }
        // Later pages are asked as the first that was answered.
        let page = Response(
            status: 200, headers: [], body: Array(#"{"data":[{"id":"9","text":"a"}],"meta":{"next_token":"n"}}"#.utf8),
            address: second.address)
        guard case .more(let third) = Self.x.looked(.success(page), for: attempt, taken: [], Self.moment) else {
            Issue.record("no next page")
            return
        }
        #expect(third.address.contains("&post.fields=") && third.address.contains("pagination_token=n"))
    }

    struct LookRow: Sendable, CustomTestStringConvertible {
        var network: String
        var status = 200
        var body: String
        var text = "Finished Dune & Co"
        var taken: [String] = []
        var look: Look

        var testDescription: String { "\(network) \(status) \(body)" }
    }

    static let xPlace = Look.found(PostPlace(id: "77", address: "https://x.com/i/status/77"))
    static let mastodonPlace = Look.found(PostPlace(id: "7", address: "https://social.example/@ada/7"))

    @Test(arguments: [
        LookRow(network: "x", body: #"{"data":[{"id":"77","text":"Finished Dune &amp; Co"}]}"#, look: xPlace),
        LookRow(network: "x", body: #"{"data":[{"id":"77","text":"Finished  Dune &amp; Co\n"}]}"#, look: xPlace),
        LookRow(network: "x",
            body: #"{"data":[{"id":"77","text":"Dune https://t.co/a","entities":{"urls":[{"url":"https://t.co/a","expanded_url":"https://example.org/d"}]}}]}"#,
            text: "Dune https://example.org/d", look: xPlace),
        LookRow(network: "x",
            body: #"{"data":[{"id":"77","text":"Dune https://t.co/a","entities":{"urls":[{"url":"https://t.co/a","expanded_url":"https://example.org/d/"}]}}]}"#,
            text: "Dune https://example.org/d", look: xPlace),
        LookRow(network: "x", body: #"{"data":[{"id":"78","text":"Finished Dune &amp; Co"},{"id":"77","text":"Finished Dune &amp; Co"}]}"#,
            look: xPlace),
        LookRow(network: "x", body: #"{"data":[{"id":"77","text":"Finished Dune &amp; Co"}]}"#, taken: ["77"],
            look: .absent),
        LookRow(network: "x", body: #"{"data":[{"id":"77","text":"Finished Ran"}]}"#, look: .absent),
        LookRow(network: "x", body: #"{"meta":{"result_count":0}}"#, look: .absent),
        LookRow(network: "x", body: #"{"errors":[{"message":"no"}]}"#,
            look: .trouble(.later("X answered without a timeline", until: nil))),
        LookRow(network: "x", status: 503, body: "", look: .trouble(.later("X failed (503)", until: nil))),
        LookRow(network: "x", status: 402, body: "",
            look: .trouble(.blocked("the credits at X are used up (402): top them up"))),
        LookRow(network: "mastodon",
            body: #"[{"id":"7","url":"https://social.example/@ada/7","content":"<p>Finished Dune &amp; Co</p>","created_at":"2026-11-23T13:45:02.000Z"}]"#,
            look: mastodonPlace),
        LookRow(network: "mastodon",
            body: #"[{"id":"7","url":"https://social.example/@ada/7","content":"<p>Finished Dune &amp; Co</p>","created_at":"2026-11-20T13:45:02.000Z"}]"#,
            look: .absent),
        LookRow(network: "mastodon",
            body: #"[{"id":"7","url":"u","content":"<p>Finished Dune &amp; Co</p>"}]"#, taken: ["7"],
            look: .more(Request(
                address: "https://social.example/api/v1/accounts//statuses?limit=40&exclude_replies=true"
                    + "&exclude_reblogs=true&max_id=7", userAgent: ""))),
        LookRow(network: "mastodon", body: "[]", look: .absent),
        LookRow(network: "mastodon", body: "[]", look: .absent),
        LookRow(network: "mastodon", body: "{}",
            look: .trouble(.later("social.example answered without a timeline", until: nil))),
        LookRow(network: "mastodon", status: 500, body: "",
            look: .trouble(.later("social.example failed (500)", until: nil))),
        LookRow(network: "bluesky", body: #"{"uri":"at://did:plc:ada/app.bsky.feed.post/3m6b4cicl222b"}"#,
            look: .found(PostPlace(
                id: "at://did:plc:ada/app.bsky.feed.post/3m6b4cicl222b",
                address: "https://bsky.app/profile/ada.example/post/3m6b4cicl222b"))),
        LookRow(network: "bluesky", status: 400, body: #"{"error":"RecordNotFound"}"#, look: .absent),
        LookRow(network: "bluesky", status: 400, body: #"{"error":"InvalidRequest","message":"no"}"#,
            look: .trouble(.later("bsky.social refuses it (400): no", until: nil))),
        LookRow(network: "bluesky", status: 502, body: "",
            look: .trouble(.later("bsky.social failed (502)", until: nil))),
    ])
    func `a look finds the very post or none`(row: LookRow) {
        let found = Self.network(row.network).looked(
            Self.answer(row.status, row.body), for: Self.attempt(row.network, text: row.text),
            taken: row.taken, Self.moment)
        #expect(found == row.look)
    }

    @Test func `a full page that is too new leads to the next`() {
        let post = #"{"id":"9","text":"other","created_at":"2026-11-23T13:59:00Z"}"#
        let found = Self.x.looked(
            Self.answer(200, #"{"data":[\#(post)],"meta":{"next_token":"n/1"}}"#), for: Self.attempt("x"),
            taken: [], Self.moment)
        guard case .more(let request) = found else {
            Issue.record("\(found)")
            return
        }
        #expect(request.address.hasSuffix("&pagination_token=n%2F1"))
    }

    @Test(arguments: [
        ("x", 0, WhenAbsent.wait), ("x", 1799, .wait), ("x", 1800, .person), ("x", -5000, .person),
        ("mastodon", 59, .wait), ("mastodon", 60, .again), ("bluesky", 0, .again),
    ] as [(String, Int64, WhenAbsent)])
    func `what is not there is waited for, sent again or left to a person`(
        name: String, seconds: Int64, expected: WhenAbsent
    ) {
        var attempt = Self.attempt(name)
        attempt.key = Self.network(name).draft(attempt.text, for: attempt, language: "en", taken: [], now: attempt.changed).key
        let found = Self.network(name).whenAbsent(attempt, now: attempt.changed.adding(seconds: seconds))
        #expect(found == expected)
    }

    @Test func `a server that keeps no keys is given more time`() {
        let pixelfed = Mastodon(server: Self.server, token: "t", keepsKeys: false)
        var attempt = Self.attempt("mastodon")
        attempt.key = pixelfed.draft(attempt.text, for: attempt, language: "en", taken: [], now: attempt.changed).key
        #expect(pixelfed.whenAbsent(attempt, now: attempt.changed.adding(seconds: 899)) == .wait)
        #expect(pixelfed.whenAbsent(attempt, now: attempt.changed.adding(seconds: 900)) == .again)
    }

    @Test(arguments: [
        ("mastodon", "Mon, 23 Nov 2026 13:01:00 GMT", nil), ("mastodon", "Mon, 23 Nov 2026 12:00:00 GMT", "2 hours ahead"),
        ("mastodon", "Thu, 26 Nov 2026 14:00:00 GMT", "72 hours behind"), ("bluesky", "Mon, 23 Nov 2026 14:50:00 GMT", nil),
        ("bluesky", "Mon, 23 Nov 2026 15:01:00 GMT", "61 minutes behind"), ("mastodon", "once", nil),
    ] as [(String, String, String?)])
    func `a clock that is wrong by more than an hour posts nothing`(
        name: String, date: String, words: String?
    ) {
        var network = Self.network(name)
        let body = #"{"id":"42","acct":"ada","accessJwt":"jwt","did":"did:plc:ada","handle":"ada"}"#
        let greeting = network.greeted(Self.answer(200, body, [Header("Date", date)]), Self.moment)
        if let words {
            #expect(greeting == .trouble(.blocked("this machine's clock is \(words): set it right")))
        } else if case .trouble(let trouble) = greeting {
            Issue.record("\(trouble)")
        }
    }

    @Test func `an attempt that a wrong clock has dated ahead is looked for among the posts of today`() {
        var attempt = Self.attempt("x")
        attempt.after = ""
        let moment = Moment(now: attempt.changed.adding(seconds: -40 * 86_400), nonce: "n", userAgent: "")
        let address = Self.x.looking(for: attempt, moment).address
        let from = PercentEncoding.encoded(moment.now.adding(seconds: -3600).description)
        #expect(address.contains("start_time=" + from))
    }
}
