import Foundation
import Files
import Formats
import HTTP
import Testing

@testable import Operations

/// A feed that is guarded by nothing but its address: what it is asked by must reach nobody else.
@Suite struct PollingSecretsTests {
    static let secret = "s3cr3tT0k3n9x7q2w4"

    enum Place: String, CaseIterable { case key, slurm, path, file }

    private func store(
        _ place: Place, _ play: @escaping PlayedNetwork.Play
    ) throws -> PlayedStore {
        let address =
            switch place {
            case .key: "https://www.goodreads.com/review/list_rss/1?key=\(Self.secret)&shelf=read"
            case .slurm: "https://trakt.tv/users/me/history.atom?slurm=\(Self.secret)"
            case .path, .file: "https://www.instapaper.com/folder/1/rss/2/\(Self.secret)"
            }
        guard place == .file else { return try PlayedStore(PollingFailureTests.feed("books", address), play) }
        let store = try PlayedStore(PollingFailureTests.one, play)
        store.disk.put("/store/secrets/a.url", address + "\n", mode: 0o600)
        try store.configure("[[feed]]\nname = \"books\"\nurl_file = \"secrets/a.url\"\nkind = \"book\"\n")
        return store
    }

    /// Everything that a run tells or writes, but for what is the person's own or nobody else's to read.
    private func told(_ store: PlayedStore, _ report: ImportReport) -> [(String, String)] {
        var told = [("report", "\(report)")]
        for (path, inode) in store.disk.files.sorted(by: { $0.key < $1.key })
        where !path.hasSuffix("feeds.toml") && !path.contains("/secrets/") {
            told.append((path, String(decoding: inode.bytes, as: UTF8.self)))
        }
        let check = Check.run(store.settings, store.folder, store.world(at: .after(days: 40)))
        told.append(("check", String(decoding: JSONWriter.indented(check.json), as: UTF8.self)))
        return told
    }

    @Test(arguments: Place.allCases)
    func `a secret of an address is nowhere`(_ place: Place) throws {
        var isPage = false
        let store = try store(place) { request in
            #expect(request.address.contains(Self.secret))
            if isPage {
                return .played(request, 200, body: "<html><title>No \(request.address)</title></html>")
            }
            // Feeds name themselves, and lead back with the key they were asked by.
            let own = request.address.replacingOccurrences(of: "&", with: "&amp;")
            let body = PlayedFeed.rss(
                ["B", "A"],
                extra: "<link>\(own)</link><atom:link xmlns:atom=\"http://www.w3.org/2005/Atom\" rel=\"self\" href=\"\(own)\"/>")
                .replacing("https://site.example/", with: "https://site.example/r?key=\(Self.secret)&amp;t=")
            return .played(request, 200, ["ETag": "\"1\""], body: body)
        }
        let report = try store.run(at: .start)
        #expect(store.network.lastAsked.count == 1)
        for (what, text) in told(store, report) {
            #expect(!text.contains(Self.secret), "\(what)")
        }
        isPage = true
        for day in 1..<8 {
            let report = try store.run(at: .after(days: day))
            for (what, text) in told(store, report) {
                #expect(!text.contains(Self.secret), "\(what)")
            }
        }
        #expect(store.events("feed-failing").count == 1)
    }

    /// Where a feed is asked, and where that leads; the secret is in one of them.
    enum Way: String, CaseIterable { case own, configured, middle, target, wallabag, file }

    @Test(arguments: Way.allCases)
    func `entries that repeat a secret of any address on the way are cleaned of it`(_ way: Way) throws {
        // Of a form that only its place gives away.
        let secret = way == .wallabag ? "KZqYzXsPjYxYbQw" : way == .file ? "abcdefgh12" : Self.secret
        let plain = ["https://a.example/feed", "https://b.example/feed", "https://c.example/feed"]
        var stops = [plain[0]]
        switch way {
        case .own: stops = [plain[0] + "?key=" + secret]
        case .configured: stops = [plain[0] + "?key=" + secret, plain[1]]
        case .middle: stops = [plain[0], "https://b.example/u/\(secret)/feed", plain[2]]
        case .target: stops = [plain[0], plain[1] + "?slurm=" + secret]
        case .wallabag: stops = ["https://bag.example/feed/me/\(secret)/archive"]
        case .file: stops = ["https://a.example/p/\(secret)/feed"]
        }
        let store = try PlayedStore(PollingFailureTests.feed("books", stops[0])) { request in
            let hops = zip(stops, stops.dropFirst()).map { Hop(status: 302, from: $0, to: $1) }
            let text = "&lt;p&gt;see https://a.example/\(secret)?x=\(secret) &lt;img src='https://a.example/\(secret).jpg'&gt;"
            let body = """
                <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><item>\
                <title>Finished \(secret) at last</title><link>https://a.example/\(secret)/1</link>\
                <guid>https://a.example/1?key=\(secret)</guid><dc:creator>\(secret)</dc:creator>\
                <category>c\(secret)</category><source url="https://a.example/\(secret)">s</source>\
                <description>\(text)</description></item></channel></rss>
                """
            return .played(request, 200, ["Content-Type": "text/xml"], body: body, hops: hops)
        }
        if way == .file {
            store.disk.put("/store/secrets/a.url", stops[0] + "\n", mode: 0o600)
            try store.configure("[[feed]]\nname = \"books\"\nurl_file = \"secrets/a.url\"\nkind = \"book\"\n")
        }
        let report = try store.run(at: .start)
        #expect(store.events("finished").count + store.events("passed-over").count == 1)
        for (what, text) in told(store, report) { #expect(!text.contains(secret), "\(what)") }
    }

    @Test func `a page at the end of a redirect does not tell the secret by which that came`() throws {
        let target = "https://b.example/private/\(Self.secret)/feed"
        let store = try PlayedStore(PollingFailureTests.feed("books", "https://a.example/feed")) { request in
            .played(
                request, 200, ["Content-Type": "text/html"], body: "<html><title>No \(target)</title></html>",
                hops: [Hop(status: 302, from: request.address, to: target)])
        }
        for day in 0..<5 {
            let report = try store.run(at: .after(days: day))
            for (what, text) in told(store, report) { #expect(!text.contains(Self.secret), "\(what)") }
        }
        #expect(store.events("feed-failing").count == 1)
    }

    /// Tokens that stand in a part of a path among other signs, as these services spell them.
    @Test(arguments: [
        ("http://feeds.pinboard.in/rss/secret:0f3a9b7c2d4e6f8a1b2c/u:me/", "0f3a9b7c2d4e6f8a1b2c"),
        ("https://feedbin.com/starred/0f3a9b7c2d4e6f8a1b2c.xml", "0f3a9b7c2d4e6f8a1b2c"),
        ("https://h.example/private/0f3a9b7c2d4e6f8a1b2c.rss", "0f3a9b7c2d4e6f8a1b2c"),
        ("https://h.example/feed?key=abcd-efgh.1", "abcd-efgh.1"),
    ])
    func `a page that repeats a token alone does not tell it`(_ address: String, _ secret: String) throws {
        let store = try PlayedStore(PollingFailureTests.feed("books", address)) {
            .played($0, 200, ["Content-Type": "text/html"], body: "<html><title>no feed \(secret)</title></html>")
        }
        for day in 0..<5 {
            let report = try store.run(at: .after(days: day))
            for (what, text) in told(store, report) { #expect(!text.contains(secret), "\(what)") }
        }
        #expect(store.events("feed-failing").count == 1)
    }

    @Test(arguments: [
        "https://h.example/rss/\(secret)/1.xml", "https://h.example/rss/%73\(secret.dropFirst())/1.xml",
        "https://\(secret).example/feed",
    ])
    func `a redirect that repeats the secret in another place is not shown`(_ target: String) throws {
        let store = try PlayedStore(PollingFailureTests.feed("books", "https://h.example/feed?key=\(Self.secret)")) {
            let hops = [Hop(status: 301, from: $0.address, to: target.lowercased())]
            return .played($0, 200, body: PlayedFeed.rss(["A"]), hops: hops)
        }
        let check = Check.run(store.settings, store.folder, store.world(at: .start))
        let text = String(decoding: JSONWriter.indented(check.json), as: UTF8.self).lowercased()
        #expect(check.feeds[0].finishes == 1 && !text.contains(Self.secret.lowercased()))
    }

    @Test func `a host that is named like the secret is not told`() throws {
        let host = Self.secret.lowercased() + ".invalid"
        let store = try PlayedStore(PollingFailureTests.feed("books", "https://h.example/feed?key=\(Self.secret)")) {
            guard $0.address.contains("h.example") else { return .played($0, 500) }
            return .failure(TransferError(kind: .resolve, message: "\(host) could not be found", redirects: 1))
        }
        for day in 0..<5 {
            let report = try store.run(at: .after(days: day))
            for (what, text) in told(store, report) { #expect(!text.contains(Self.secret.lowercased()), "\(what)") }
        }
        #expect(store.events("feed-failing").count == 1)
    }

    @Test(arguments: [
        ("http://192.168.1.5/", true), ("http://[fd00::1]/", true), ("http://nas.local/", true), ("http://nas/", true),
        ("http://nas.lan/", true), ("http://nas.home/", true), ("http://nas.internal/", true), ("http://a.home.arpa./", true),
        ("http://localhost:8080/", true), ("http://a.localhost/", true),
        ("http://evil.example.com/", false), ("http://127.evil.example/", false), ("http://local.example/", false),
        ("http://1.2.3.4.example/", false), ("http://evil.example.com./", false),
    ])
    func `only an address that means the own network is trusted with one`(_ address: String, _ isTrusted: Bool) throws {
        let host = WebAddress(address)?.host ?? ""
        let words = host + " is a private address, and not one that was named"
        let store = try PlayedStore(PollingFailureTests.feed("books", address)) { _ in
            .failure(TransferError(kind: .refusedAddress, message: words))
        }
        let report = try store.run(at: .start)
        #expect(store.network.asked.map(\.trustsPrivateAddresses) == [isTrusted])
        guard case .failed(let failure, _) = report.feeds[0].outcome else { return }
        #expect(failure.reason == words
            + "; a feed of your own network needs a url with its address in numbers, or a name like nas.local")
    }

    @Test func `a private address in feeds toml is trusted, one that a redirect would lead to is not`() throws {
        let toml =
            PollingFailureTests.feed("home", "http://192.168.1.5/feed")
            + PollingFailureTests.feed("away", "https://old.example/feed")
        let store = try PlayedStore(toml) { request in
            let hops =
                request.address.contains("old.example")
                ? [Hop(status: 301, from: request.address, to: "https://inner.example/feed")] : []
            return .played(request, 200, body: PlayedFeed.rss(["A"]), hops: hops)
        }
        for hour in 0..<30 { try store.run(at: .after(hours: hour)) }
        for request in store.network.asked {
            #expect(request.trustsPrivateAddresses == request.address.contains("192.168.1.5"))
        }
        #expect(store.network.asked.last?.address == "https://inner.example/feed")
    }
}
