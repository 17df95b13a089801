import Catalogue
import Files
import Formats
import HTTP
import Simulation
import Testing

@testable import Operations

@Suite struct ConnectTests {
    private func connect(
        _ network: String, _ answers: [String], _ announcer: Announcer = Announcer(networks: [])
    ) throws -> Connect.Outcome {
        var connect = try #require(Connect(network))
        try connect.recall(announcer.world, announcer.folder, announcer.settings)
        // What is not asked is answered with nothing.
        let rest = [String](repeating: "", count: connect.questions.count - answers.count)
        return try connect.run(
            answers + rest, announcer.world, announcer.folder, announcer.settings)
    }

    private func written(_ network: String, _ announcer: Announcer) -> String {
        String(decoding: announcer.disk.peek(announcer.folder.path("secrets/\(network).toml")) ?? [], as: UTF8.self)
    }

    @Test func `good answers are tried once and kept where only their owner reads`() throws {
        let announcer = Announcer(networks: [])
        try announcer.disk.unlink(announcer.folder.path("secrets/mastodon.toml"))
        let outcome = try connect(
            "mastodon", ["https://social.example", "mastodon-token", ""], announcer)
        #expect(outcome == .connected(
            account: "@ada@social.example", path: "secrets/mastodon.toml", isNamed: false))
        let path = announcer.folder.path("secrets/mastodon.toml")
        #expect(try announcer.disk.status(of: path)?.mode == 0o600)
        #expect(String(decoding: announcer.disk.peek(path) ?? [], as: UTF8.self) == """
            # What Colophon posts to mastodon with. Keep it to yourself: mode 0600, not in git.
            server = "https://social.example"
            token = "mastodon-token"
            visibility = "unlisted"

            """)
        #expect(announcer.network.requests.map(\.method) == [.get, .get])
    }

    @Test(arguments: [
        (FakeServers.Length.configured(500), nil, nil), (.configured(11_000), nil, 11_000),
        (.configured(11_000), 11_000, nil), (.configured(500), 11_000, 500), (.toots(1_000), nil, 1_000),
        (.configured(-1), nil, nil),
    ] as [(FakeServers.Length, Int?, Int?)])
    func `a server that takes posts of another length than feeds.toml says is told`(
        length: FakeServers.Length, configured: Int?, told: Int?
    ) throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.network.servers.length = length
        var settings = announcer.settings
        settings.configuration.announce.networks = [Configuration.Network("mastodon", charactersMax: configured)]
        let outcome = try #require(Connect("mastodon")).run(
            ["https://social.example", "mastodon-token", ""], announcer.world, announcer.folder, settings)
        #expect(outcome == .connected(
            account: "@ada@social.example", path: "secrets/mastodon.toml", isNamed: true, charactersMax: told))
    }

    @Test func `what it wrote is what announcing reads`() throws {
        let announcer = Announcer()
        #expect(try connect("x", ["k", "s", "4711-t", "ts"], announcer)
            == .connected(account: "@ada", path: "secrets/x.toml", isNamed: true))
        #expect(try connect("bluesky", ["ada.example", "abcd-efgh-ijkl-mnop", ""], announcer)
            == .connected(account: "@ada.example", path: "secrets/bluesky.toml", isNamed: true))
        try announcer.finish("Dune")
        announcer.wait(3600)
        try announcer.announce()
        #expect(announcer.network.servers.x.count == 1 && announcer.network.servers.bluesky.count == 1)
    }

    @Test(arguments: [
        ("mastodon", ["https://social.example", "wrong", "public"],
            "social.example refuses the token (401): \"colophon announce --connect mastodon\" renews it"),
        ("mastodon", ["https://", "t", "public"],
            "\"server\" is no address, expected one such as \"https://mastodon.example\""),
        ("x", ["k", "s", "without", "ts", "ada"], "\"user_id\" is no number, expected one such as \"2244994945\""),
        ("bluesky", ["ada.example", "my password", ""],
            "\"password\" holds a blank or a letter that no key has"),
        ("bluesky", ["ada.example", "aaaa-bbbb-cccc-dddd", ""],
            "bsky.social refuses the app password (401): Invalid password: "
                + "\"colophon announce --connect bluesky\" renews it"),
    ])
    func `answers that are no good are told, and nothing is written`(
        network: String, answers: [String], reason: String
    ) throws {
        let announcer = Announcer(networks: [])
        let path = announcer.folder.path("secrets/\(network).toml")
        try announcer.disk.unlink(path)
        #expect(try connect(network, answers, announcer) == .refused(reason))
        #expect(announcer.disk.peek(path) == nil)
    }

    @Test func `new credentials leave what an older file says of the server`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.write(
            "secrets/mastodon.toml", "server = \"https://old.example\"\ntoken = \"old\"\nidempotency = false")
        _ = try connect("mastodon", ["https://social.example", "mastodon-token", "public"], announcer)
        let path = announcer.folder.path("secrets/mastodon.toml")
        let text = String(decoding: announcer.disk.peek(path) ?? [], as: UTF8.self)
        #expect(text.hasSuffix("visibility = \"public\"\nidempotency = false\n"))
        #expect(!text.contains("old"))
    }

    @Test func `a server may be named without its scheme, and a handle with its sign`() throws {
        let announcer = Announcer(networks: [])
        #expect(try connect("mastodon", ["social.example", "mastodon-token", ""], announcer)
            == .connected(account: "@ada@social.example", path: "secrets/mastodon.toml", isNamed: false))
        #expect(written("mastodon", announcer).contains("server = \"https://social.example\"\n"))
        #expect(try connect("bluesky", ["@ada.example", "abcd-efgh-ijkl-mnop", ""], announcer)
            == .connected(account: "@ada.example", path: "secrets/bluesky.toml", isNamed: false))
        #expect(written("bluesky", announcer).contains("identifier = \"ada.example\"\n"))
    }

    @Test func `the account's number is asked only for a token that does not begin with it`() throws {
        let announcer = Announcer(networks: [])
        var connect = try #require(Connect("x"))
        let number = try #require(connect.questions.last)
        #expect(!connect.asks(number, after: ["k", "s", "4711-t", "ts"]))
        #expect(connect.asks(number, after: ["k", "s", "without", "ts"]))
        #expect(connect.questions.dropLast().allSatisfy { connect.asks($0, after: []) })
        #expect(try self.connect("x", ["k", "s", "without", "ts", "4711"], announcer)
            == .connected(account: "@ada", path: "secrets/x.toml", isNamed: false))
        #expect(written("x", announcer).hasSuffix("user_id = \"4711\"\n"))
        // What was said once is offered again.
        try connect.recall(announcer.world, announcer.folder, announcer.settings)
        #expect(connect.questions.last?.otherwise == "4711")
        _ = try self.connect("x", ["k", "s", "without", "other", ""], announcer)
        #expect(written("x", announcer).hasSuffix("= \"other\"\nuser_id = \"4711\"\n"))
        _ = try self.connect("x", ["k", "s", "4712-t", "ts"], announcer)
        #expect(!written("x", announcer).contains("user_id"))
    }

    @Test func `a folder for secrets is none of git's business, and another's folder not ours`() throws {
        let announcer = Announcer(networks: [])
        #expect(try connect("bluesky", ["ada.example", "abcd-efgh-ijkl-mnop", ""], announcer).isConnected)
        #expect(announcer.disk.peek(announcer.folder.path("secrets/.gitignore")) == Array("*\n".utf8))
        try announcer.disk.makeFolder(announcer.folder.path("settings"))
        announcer.settings.networks = [
            AnnouncedNetwork(
                name: "bluesky", credentials: "settings/bluesky.toml", position: TOMLPosition(line: 1, column: 1))
        ]
        #expect(try connect("bluesky", ["ada.example", "abcd-efgh-ijkl-mnop", ""], announcer).isConnected)
        #expect(announcer.disk.peek(announcer.folder.path("settings/.gitignore")) == nil)
        announcer.settings.networks = [
            AnnouncedNetwork(
                name: "bluesky", credentials: "private/bluesky.toml", position: TOMLPosition(line: 1, column: 1))
        ]
        #expect(try connect("bluesky", ["ada.example", "abcd-efgh-ijkl-mnop", ""], announcer).isConnected)
        #expect(announcer.disk.peek(announcer.folder.path("private/.gitignore")) == Array("*\n".utf8))
    }

    @Test func `a quote in an answer does not break the file`() throws {
        let announcer = Announcer(networks: [])
        _ = try connect("x", ["a\"b\\c", "s", "4711-t", "ts"], announcer)
        let text = String(
            decoding: announcer.disk.peek(announcer.folder.path("secrets/x.toml")) ?? [], as: UTF8.self)
        #expect(text.contains(#"consumer_key = "a\"b\\c""#))
    }

    @Test func `a check tries each network's credentials and changes nothing`() throws {
        let announcer = Announcer()
        announcer.write("secrets/mastodon.toml", "server = \"https://social.example\"\ntoken = \"old\"")
        let tried = Credentials.tried(announcer.settings, announcer.folder, announcer.world)
        #expect(tried == [
            Credentials(network: "x", account: "@ada", problem: nil),
            Credentials(
                network: "mastodon", account: "",
                problem: "social.example refuses the token (401): \"colophon announce --connect mastodon\" "
                    + "renews it"),
            Credentials(network: "bluesky", account: "@ada.example", problem: nil),
        ])
        #expect(announcer.network.servers.x.isEmpty && announcer.log.isEmpty)
    }

    @Test func `a folder in place of credentials is told as one`() throws {
        let announcer = Announcer(networks: ["mastodon"])
        announcer.settings.networks[0].credentials = "secrets"
        let error = #expect(throws: OperationError.self) { try announcer.announce() }
        guard case .settings(let settings)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(settings.mistakes.map(\.message) == [
            "\"credentials\" names \"secrets\", which is a folder, expected a file"
        ])
    }

    /// Each post at X costs, one with a link more than ten times as much.
    @Test func `what waits for a network that is connected is counted, and what of it has a link`() throws {
        let announcer = Announcer(networks: ["x"])
        announcer.settings.configuration.announce.networks = [Configuration.Network("x", link: true)]
        for (title, url) in [("Dune", "https://books.example.org/dune"), ("Ran", nil), ("Emma", nil)] {
            var finish = Finish(kind: .book, title: title, day: Day(of: announcer.now))
            finish.url = url
            _ = try Amend.run(.add(finish, isRepeat: false), announcer.world, announcer.folder, announcer.settings)
        }
        try announcer.say(.skipped, try #require(try announcer.announcement("x", "Emma")).id)
        announcer.wait(13 * 86_400)
        let some = try connect("x", ["k", "s", "4711-t", "ts"], announcer)
        #expect(some == .connected(account: "@ada", path: "secrets/x.toml", isNamed: true, waiting: 2, linked: 1))
        // What will be skipped for its age costs nothing.
        announcer.wait(2 * 86_400)
        let none = try connect("x", ["k", "s", "4711-t", "ts"], announcer)
        #expect(none == .connected(account: "@ada", path: "secrets/x.toml", isNamed: true))
    }

    @Test(arguments: [("x", "https://api.x.com"), ("mastodon", "https://mastodon.example"), ("bluesky", "https://bsky.social")])
    func `a server that is none is told with one of that network`(network: String, example: String) throws {
        let announcer = Announcer(networks: [network])
        announcer.write("secrets/\(network).toml", "server = \"there\"")
        let problem = Credentials.tried(announcer.settings, announcer.folder, announcer.world)[0].problem
        #expect(problem?.contains("\"server\" is no address, expected one such as \"\(example)\"") == true)
    }

    @Test func `only the networks there are`() {
        #expect(Connect("twitter") == nil)
        #expect(Connect.networks.allSatisfy { Connect($0) != nil })
    }
}

extension Connect.Outcome {
    fileprivate var isConnected: Bool {
        if case .connected = self { true } else { false }
    }
}
