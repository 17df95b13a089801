import Testing

@testable import HTTP

private let server = PlayServer.shared

@Suite struct `Proxies of the environment` {
    private func proxy(_ environment: [String: String], _ address: String) throws -> String {
        Proxies(environment: environment).proxy(for: try Destination(address))
    }

    @Test func `are those of the environment, by scheme`() throws {
        let environment = ["http_proxy": "http://p:1", "https_proxy": "http://q:2"]
        #expect(try proxy(environment, "http://a.test/") == "http://p:1")
        #expect(try proxy(environment, "https://a.test/") == "http://q:2")
        #expect(try proxy(["ALL_PROXY": "socks5h://s:3"], "https://a.test/") == "socks5h://s:3")
        #expect(try proxy(["HTTPS_PROXY": "http://q:2"], "http://a.test/") == "")
        #expect(try proxy([:], "http://a.test/") == "")
    }

    @Test func `are not taken from a variable that a web server makes of a header`() throws {
        #expect(!Proxies.variables.contains("HTTP_PROXY"))
        #expect(try proxy(["HTTP_PROXY": "http://evil:1"], "http://a.test/") == "")
    }

    @Test(arguments: [
        ("a.test", "http://a.test/", true), ("a.test", "http://x.a.test/", true),
        (".a.test", "http://x.a.test/", true), ("A.Test", "http://a.test/", true),
        ("a.test", "http://ba.test/", false), ("b.test, a.test", "http://a.test/", true),
        ("*", "http://a.test/", true), ("192.0.2.1", "http://192.0.2.1/", true), ("", "http://a.test/", false),
    ])
    func `have exceptions`(list: String, address: String, isDirect: Bool) throws {
        let environment = ["http_proxy": "http://p:1", "no_proxy": list]
        #expect(try proxy(environment, address) == (isDirect ? "" : "http://p:1"))
    }

    @Test(arguments: ["http://127.0.0.1/", "http://localhost/", "http://[::1]/"])
    func `are never asked for the own machine`(address: String) throws {
        #expect(try proxy(["http_proxy": "http://p:1"], address) == "")
    }

    /// http 59
    @Test func `open no way to a private address beside them`() throws {
        let proxies = Proxies(
            http: "http://127.0.0.1:\(server.port)", exceptions: ["direct.test"])
        let client = Client(proxies: proxies, pins: ["direct.test:\(server.port):127.0.0.1"])
        let requests = ["http://far.test/beside/answer", "http://direct.test:\(server.port)/beside/answer"]
        let results = client.perform(requests.map { .stranger($0) }, pace: .brisk)
        #expect(try results[0].get().status == 200)
        #expect(failure(results[1])?.kind == .refusedAddress)
        #expect(try server.seen("beside").count == 1)
    }
}
