import Formats
import Testing

@testable import HTTP

private func advice(_ headers: [(String, String)]) -> CacheAdvice {
    CacheAdvice(
        Response(
            status: 200, headers: headers.map { Header($0.0, $0.1) },
            address: "https://example.org/"), now: Instant(seconds: 784_108_177))
}

@Suite struct `Caching advice` {
    @Test(
        arguments: [
            ("max-age=3600", 3_600), ("public, MAX-AGE=60, must-revalidate", 60),
            ("max-age=\"60\"", 60), ("max-age = 60", 60), ("max-age=0", 0), ("max-age=-1", 0),
            ("max-age", 0), ("max-age=1, max-age=2", 1), ("max-age=99999999999999999999", 1 << 31),
            ("no-cache", 0), ("no-store, max-age=60", 0),
            ("no-cache=\"Set-Cookie\", max-age=60", 60), ("private, no-cache=\"Set-Cookie\", max-age=7200", 7200),
            ("no-cache=\"Set-Cookie\", no-cache, max-age=60", 0),
            ("private=\"a, max-age=5\", max-age=7", 7),
            ("private=\"a\\\", max-age=5\", max-age=7", 7),
            ("public", nil), ("s-maxage=60", nil), ("x-max-age=60", nil), ("", nil), (",, ,", nil),
        ] as [(String, Int64?)])
    func `is read from Cache-Control`(line: String, seconds: Int64?) {
        #expect(advice([("cache-control", line)]).freshSeconds == seconds)
    }

    @Test func `is read from several lines as from one`() {
        let read = advice([("Cache-Control", "public"), ("Cache-Control", "max-age=5")])
        #expect(read.freshSeconds == 5)
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 3_600), ("Sun, 06 Nov 1994 07:00:00 GMT", 0),
        ("0", 0), ("-1", 0), ("never", 0),
    ])
    func `is read from Expires less Date`(expires: String, seconds: Int64) {
        let read = advice([("Expires", expires), ("Date", "Sun, 06 Nov 1994 07:49:37 GMT")])
        #expect(read.freshSeconds == seconds)
        #expect(read.expiresAtOnce == (expires == "0"))
    }

    @Test func `takes the time of receipt when Expires has no Date beside it`() {
        #expect(advice([("Expires", "Sun, 06 Nov 1994 08:49:37 GMT")]).freshSeconds == 3_600)
        #expect(advice([("Expires", "Sun, 06 Nov 1994 07:00:00 GMT")]).freshSeconds == 0)
    }

    @Test func `goes by max-age before Expires`() {
        let read = advice([
            ("Expires", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("Date", "Sun, 06 Nov 1994 07:49:37 GMT"), ("Cache-Control", "max-age=5"),
        ])
        #expect(read.freshSeconds == 5)
        #expect(read.expiresSeconds == 3_600)
    }
}
