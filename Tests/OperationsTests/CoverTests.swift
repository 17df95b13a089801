import Catalogue
import Files
import Formats
import Glibc
import HTTP
import Publishing
import Testing

@testable import Operations

@Suite struct CoverTests {
    private static let settings = """
        [[feed]]
        name = "films"
        url = "https://feeds.example.org/rss/"
        service = "letterboxd"
        every = "15m"
        """

    /// A GIF of 96 by 144 pixels; another mark, another picture.
    private static func gif(_ mark: UInt8 = 0, _ width: UInt8 = 96, _ height: UInt8 = 144) -> [UInt8] {
        Array("GIF89a".utf8) + [width, 0, height, 0, mark]
    }

    private static func films(_ covers: [String]) -> String {
        let items = covers.enumerated().map { index, cover in
            """
            <item><title>Film \(index)</title><guid isPermaLink="false">letterboxd-watch-\(index + 1)</guid>\
            <letterboxd:watchedDate>2026-01-0\(index % 4 + 1)</letterboxd:watchedDate>\
            <letterboxd:filmTitle>Film \(index)</letterboxd:filmTitle>\
            <description><![CDATA[<p><img src="\(cover)"/></p>]]></description></item>
            """
        }
        return "<rss version=\"2.0\" xmlns:letterboxd=\"https://letterboxd.com\"><channel><title>L</title>"
            + items.joined() + "</channel></rss>"
    }

    /// A store whose feed shows these covers, and a network in which they lie.
    private static func store(
        _ covers: [String], _ more: String = "", answer: @escaping PlayedNetwork.Play
    ) throws -> PlayedStore {
        try PlayedStore(settings + "\n" + more) { request in
            request.address.hasPrefix("https://feeds.example.org/rss")
                ? .played(request, 200, body: films(covers)) : answer(request)
        }
    }

    private static func picture(_ request: Request, _ bytes: [UInt8]) -> Result<Response, TransferError> {
        .success(Response(status: 200, headers: [Header("Content-Type", "text/plain")], body: bytes, address: request.address))
    }

    private static func name(_ bytes: [UInt8], _ suffix: String = "gif") -> String {
        "covers/" + hex(SHA256.digest(bytes)) + "." + suffix
    }

    private func coversAsked(_ store: PlayedStore) -> [String] {
        store.network.lastAsked.map(\.address).filter { !$0.contains("/rss") }
    }

    private static let one = "https://img.example.net/1.jpg"

    @Test func `a cover is copied before a page shows it, and asked for once`() throws {
        let store = try CoverTests.store([CoverTests.one]) { CoverTests.picture($0, CoverTests.gif()) }
        let report = try store.run(at: .start)
        #expect(report.covers == CoverReport(saved: 1, failures: []))
        let name = CoverTests.name(CoverTests.gif())
        #expect(store.disk.bytes("/store/public/" + name) == CoverTests.gif())
        #expect(store.disk.text("/store/public/index.html").contains("src=\"\(name)\" alt=\"\" width=\"96\" height=\"144\""))
        #expect(store.events("cover-saved").count == 1)
        #expect(store.events("cover-saved")[0].contains(#""media_type":"image/gif","width":96,"height":144"#))

        let again = try store.run(at: .after(minutes: 15))
        #expect(coversAsked(store) == [])
        #expect(again.events == [] && again.changed == [])
    }

    @Test func `what is asked says who asks, and is bounded`() throws {
        let store = try CoverTests.store([CoverTests.one]) { CoverTests.picture($0, CoverTests.gif()) }
        try store.run(at: .start)
        let request = try #require(store.network.lastAsked.last)
        #expect(request.limits.bodyBytesMax == 2_000_000)
        #expect(request.limits.totalMilliseconds == Covers.requestMilliseconds)
        #expect(Covers.requestMilliseconds < Covers.runMilliseconds && Covers.runMilliseconds <= 10_000)
        #expect(!request.trustsPrivateAddresses)
        #expect(request.userAgent.hasPrefix("Colophon/"))
        #expect(request.header("Accept")?.hasPrefix("image/jpeg") == true)
    }

    /// A public feed must not reach a router at home because another feed is asked there.
    @Test(arguments: [true, false])
    func `in the own network only the server is asked at which the feed itself is`(isOwn: Bool) throws {
        let near = "https://localhost:8443/1.gif"
        let far = "https://localhost:9443/1.gif"
        let store = try PlayedStore(
            """
            [[feed]]
            name = "films"
            url = "https://letterboxd.com/me/rss/"
            [[feed]]
            name = "own"
            url = "https://localhost:8443/rss"
            service = "letterboxd"
            """
        ) { request in
            if !request.address.contains("rss") { return CoverTests.picture(request, CoverTests.gif()) }
            let isGiving = request.address.contains("localhost") == isOwn
            return .played(request, 200, body: CoverTests.films(isGiving ? [near, far] : []))
        }
        try store.run(at: .start)
        let asked = store.network.lastAsked.filter { !$0.address.contains("rss") }
        #expect(Set(asked.map(\.address)) == [near, far])
        for request in asked { #expect(request.trustsPrivateAddresses == (isOwn && request.address == near)) }
    }

    struct Hostile: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var status = 200
        var words: String
    }

    private static let hostile = [
        Hostile(testDescription: "SVG", bytes: Array("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".utf8), words: "something that is no JPEG"),
        Hostile(testDescription: "a page", bytes: Array("<!DOCTYPE html><title>Log in</title>".utf8), words: "something that is no JPEG"),
        Hostile(testDescription: "nothing", bytes: [], words: "something that is no JPEG"),
        Hostile(testDescription: "a tracking pixel", bytes: gif(0, 1, 1), words: "1 × 1 pixels"),
        Hostile(testDescription: "a bomb", bytes: Array("GIF89a".utf8) + [255, 255, 255, 255, 0], words: "65535 × 65535 pixels"),
        Hostile(testDescription: "script behind a signature", bytes: Array("GIF89a<script>alert(1)</script>".utf8), words: "pixels, where 16 to 8192 are taken"),
        Hostile(testDescription: "too many bytes", bytes: gif() + Array(repeating: 0, count: 2_000_000), words: "more than 2 MB"),
        Hostile(testDescription: "gone", bytes: gif(), status: 410, words: "gone for good (410)"),
        Hostile(testDescription: "a wall", bytes: gif(), status: 403, words: "refuses us (403)"),
    ]

    @Test(arguments: hostile)
    func `a hostile or missing picture is a placeholder, and is said`(_ hostile: Hostile) throws {
        let store = try CoverTests.store([CoverTests.one]) { request in
            .success(Response(status: hostile.status, body: hostile.bytes, address: request.address))
        }
        let report = try store.run(at: .start)
        #expect(report.covers.saved == 0)
        #expect(report.covers.failures.count == 1)
        #expect(report.covers.failures[0].hasPrefix("img.example.net: "))
        #expect(report.covers.failures[0].contains(hostile.words))
        #expect(store.events("cover-saved") == [])
        let page = store.disk.text("/store/public/index.html")
        #expect(page.contains("<span class=\"colophon-cover\"") && !page.contains("<img"))
    }

    @Test func `a cover that fails is asked for again later and later, and its feed goes on`() throws {
        var isThere = false
        let store = try CoverTests.store([CoverTests.one]) { request in
            isThere ? CoverTests.picture(request, CoverTests.gif()) : .played(request, 404)
        }
        var asked: [Int] = []
        for quarter in 0..<(4 * 24 * 12) {
            try store.run(at: .after(minutes: 15 * quarter))
            if !coversAsked(store).isEmpty { asked.append(quarter * 15 / 60) }
        }
        #expect(asked == [0, 1, 5, 21, 85, 253])
        isThere = true
        try store.run(at: .after(days: 20))
        #expect(store.events("cover-saved").count == 1)
        #expect(store.polls.covers.failed == [])
    }

    /// A server that hangs costs one run its time, not each: its other covers are not asked until it is due.
    @Test func `a server that does not answer is left alone, an hour first, with all its covers`() throws {
        var isThere = false
        let covers = (0..<3).map { "https://img.example.net/\($0).gif" } + ["https://other.example.net/1.gif"]
        let store = try CoverTests.store(covers) { request in
            if request.address.contains("other") { return CoverTests.picture(request, CoverTests.gif(9)) }
            if isThere { return CoverTests.picture(request, CoverTests.gif(request.address.utf8.reduce(0) { $0 &+ $1 })) }
            let isFirst = request.address.hasSuffix("net/0.gif")
            return .failure(TransferError(kind: isFirst ? .timeout : .deadline, message: "no answer in time"))
        }
        let report = try store.run(at: .start)
        #expect(report.covers.saved == 1 && report.covers.failures == ["img.example.net: no answer in time"])
        try store.run(at: .after(minutes: 45))
        #expect(coversAsked(store) == [])
        isThere = true
        let later = try store.run(at: .after(minutes: 61))
        #expect(later.covers == CoverReport(saved: 3, failures: []))
        #expect(store.polls.covers.failed == [])
    }

    @Test func `a server at home that is followed by http is asked for its covers by http`() throws {
        let store = try PlayedStore(
            """
            [[feed]]
            name = "films"
            url = "http://nas.local:8080/rss/"
            service = "letterboxd"
            [[feed]]
            name = "more"
            url = "http://plain.example.org/rss/"
            service = "letterboxd"
            """
        ) { request in
            request.address.contains("/rss")
                ? .played(request, 200, body: CoverTests.films(["http://nas.local:8080/1.gif", "http://plain.example.org/1.gif"]))
                : CoverTests.picture(request, CoverTests.gif())
        }
        try store.run(at: .start)
        let asked = store.network.lastAsked.filter { !$0.address.contains("/rss") }
        #expect(Set(asked.map(\.address)) == ["http://nas.local:8080/1.gif", "https://plain.example.org/1.gif"])
        for request in asked { #expect(request.trustsPrivateAddresses == request.address.contains("nas")) }
    }

    @Test func `a run takes some covers, the next one goes on`() throws {
        let covers = (0..<30).map { "https://img.example.net/\($0).gif" }
        let store = try CoverTests.store(covers) { request in
            CoverTests.picture(request, CoverTests.gif(UInt8(truncatingIfNeeded: request.address.utf8.reduce(0) { $0 &* 31 &+ Int($1) })))
        }
        #expect(try store.run(at: .start).covers.saved == Covers.perRunMax)
        #expect(try store.run(at: .after(minutes: 15)).covers.saved == 30 - Covers.perRunMax)
        #expect(try store.run(at: .after(minutes: 30)).covers.saved == 0)
    }

    @Test func `where covers cannot be kept one an hour is asked for, and the pages go on`() throws {
        let covers = (0..<6).map { "https://img.example.net/\($0).gif" }
        let store = try CoverTests.store(covers) { request in
            CoverTests.picture(request, CoverTests.gif(request.address.utf8.reduce(0) { $0 &* 31 &+ UInt8($1) }))
        }
        store.endsUnwell = true
        store.disk.fault = (.rename, ".gif", ENOSPC)
        var (asked, said): ([Int], [Int]) = ([], [])
        for quarter in 0..<100 {
            do {
                try store.run(at: .after(minutes: quarter * 15))
                #expect(quarter % 4 != 0)
            } catch let error as OperationError {
                #expect(error.exitStatus == 74 && quarter % 4 == 0)
                if !error.isQuiet { said.append(quarter) }
            }
            asked.append(coversAsked(store).count)
        }
        #expect(asked == (0..<100).map { $0 == 0 ? 6 : $0 % 4 == 0 ? 1 : 0 } && said == [0, 96])
        #expect(store.disk.text("/store/public/index.html").contains("Film 5"))
        store.disk.fault = nil
        #expect(try store.run(at: .after(minutes: 100 * 15)).covers == CoverReport(saved: 1))
        #expect(try store.run(at: .after(minutes: 101 * 15)).covers == CoverReport(saved: 5))
        #expect(store.polls.covers.unkeptSaid == nil)
    }

    @Test func `covers that failed are not asked again because the pages cannot be written`() throws {
        let store = try CoverTests.store([CoverTests.one]) { .played($0, 404) }
        store.endsUnwell = true
        store.disk.fault = (.rename, "/index.html", ENOSPC)
        var asked: [Int] = []
        for quarter in 0..<6 {
            #expect(throws: OperationError.self) { try store.run(at: .after(minutes: quarter * 15)) }
            asked.append(coversAsked(store).count)
        }
        #expect(asked == [1, 0, 0, 0, 1, 0])
    }

    @Test func `covers that are deleted are fetched again, and the pages keep their bytes`() throws {
        let store = try CoverTests.store([CoverTests.one]) { CoverTests.picture($0, CoverTests.gif()) }
        try store.run(at: .start)
        let page = store.disk.text("/store/public/index.html")
        let name = "/store/public/" + CoverTests.name(CoverTests.gif())
        store.disk.remove(name)
        let report = try store.run(at: .after(minutes: 15))
        #expect(store.disk.bytes(name) == CoverTests.gif())
        #expect(report.events == [] && report.changed == [])
        #expect(store.events("cover-saved").count == 1)
        #expect(store.disk.text("/store/public/index.html") == page)
    }

    @Test func `deleted, and not to be had any more: the pages keep their bytes`() throws {
        var isThere = true
        let store = try CoverTests.store([CoverTests.one]) { request in
            isThere ? CoverTests.picture(request, CoverTests.gif()) : .played(request, 404)
        }
        try store.run(at: .start)
        let page = store.disk.text("/store/public/index.html")
        isThere = false
        store.disk.remove("/store/public/" + CoverTests.name(CoverTests.gif()))
        store.disk.remove("/store/public/index.html")
        try store.run(at: .after(minutes: 15))
        #expect(store.disk.text("/store/public/index.html") == page)
    }

    @Test func `another address is another cover`() throws {
        var cover = CoverTests.one
        let store = try PlayedStore(CoverTests.settings) { request in
            if request.address.contains("/rss") { return .played(request, 200, body: CoverTests.films([cover])) }
            return CoverTests.picture(request, CoverTests.gif(request.address.hasSuffix("2.jpg") ? 2 : 1))
        }
        try store.run(at: .start)
        cover = "https://img.example.net/2.jpg"
        try store.run(at: .after(minutes: 15))
        #expect(store.disk.text("/store/public/index.html").contains(CoverTests.name(CoverTests.gif(2))))
        #expect(store.events("cover-saved").count == 2)
    }

    @Test func `finishes that share a cover share the copy`() throws {
        let store = try CoverTests.store([CoverTests.one, CoverTests.one]) { CoverTests.picture($0, CoverTests.gif()) }
        #expect(try store.run(at: .start).covers.saved == 1)
        #expect(store.events("cover-saved").count == 2)
        #expect(coversAsked(store).count == 1)
    }

    @Test func `a host that asks to wait is left alone, by its other covers too`() throws {
        let store = try CoverTests.store([CoverTests.one, "https://img.example.net/2.jpg"]) { request in
            .played(request, 429, ["Retry-After": "7200"])
        }
        try store.run(at: .start)
        #expect(coversAsked(store).count == 1)
        try store.run(at: .after(minutes: 90))
        #expect(coversAsked(store).count == 0)
        try store.run(at: .after(minutes: 121))
        #expect(coversAsked(store).count == 1)
    }

    @Test(arguments: ["link", "none"])
    func `a person who wants no copies gets none`(_ policy: String) throws {
        let store = try CoverTests.store([CoverTests.one], "[publish]\ncovers = \"\(policy)\"") {
            CoverTests.picture($0, CoverTests.gif())
        }
        try store.run(at: .start)
        #expect(coversAsked(store) == [])
        #expect(store.disk.text("/store/public/index.html").contains("src=\"\(CoverTests.one)\"") == (policy == "link"))
    }

    @Test(arguments: ["file:///etc/passwd", "javascript:alert(1)", "data:image/gif;base64,R0lGODlh", "https://user:word@img.example.net/1.jpg", "ftp://img.example.net/1.jpg"])
    func `only web addresses are asked`(_ address: String) throws {
        let store = try CoverTests.store([address]) { CoverTests.picture($0, CoverTests.gif()) }
        try store.run(at: .start)
        #expect(coversAsked(store) == [])
        #expect(store.events("cover-saved") == [])
    }

    @Test func `without a network no cover counts as failed`() throws {
        let store = try CoverTests.store([CoverTests.one]) { _ in .failure(TransferError(kind: .deadline, message: "time is up")) }
        let report = try store.run(at: .start)
        #expect(report.covers == CoverReport())
        #expect(store.polls.covers.failed == [])
        try store.run(at: .after(minutes: 15))
        #expect(coversAsked(store).count == 1)
    }

    @Test func `a dry run asks for no cover`() throws {
        let store = try CoverTests.store([CoverTests.one]) { CoverTests.picture($0, CoverTests.gif()) }
        var options = Import.Options()
        options.isDryRun = true
        store.endsUnwell = true
        _ = try? store.run(at: .start, options)
        #expect(coversAsked(store) == [])
    }

    @Test func `what polls.json keeps of covers comes back`() throws {
        var polls = Polls()
        polls.covers.settled = "ab"
        polls.covers.files = ["covers/1.jpg"]
        polls.covers.noteFailure(of: try #require(WebAddress(CoverTests.one)), at: .start)
        (polls.covers.unkept, polls.covers.unkeptSaid) = (.start, .after(hours: 1))
        #expect(CoverPolls(json: polls.covers.json) == polls.covers)
    }
}
