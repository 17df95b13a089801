import Formats
import Testing

@testable import HTTP

// 1994-11-06T08:49:37Z, the moment that RFC 9110 §5.6.7 writes in three forms.
private let moment: Int64 = 784_111_777

@Suite struct `Retry-After` {
    @Test(arguments: [
        ("120", 120), ("0", 0), ("604800", 604_800), ("604801", 604_800),
        ("99999999999999999999999", 604_800), ("007", 7),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 60), ("Sunday, 06-Nov-94 08:49:37 GMT", 60),
        ("Sun Nov  6 08:49:37 1994", 60), ("Sun, 06 Nov 1994 08:47:37 GMT", 0),
        ("Sun, 06 Nov 2005 08:49:37 GMT", 604_800),
    ])
    func `is read in each of its forms, and clamped to a week`(header: String, seconds: Int64) {
        let now = Instant(seconds: moment - 60)
        #expect(RetryAfter.seconds(header: header, date: nil, now: now) == seconds)
    }

    @Test(arguments: ["", "soon", "-5", "1.5", "1 h", " 5", "x19941106", "١٢"])
    func `that is neither seconds nor a date says nothing`(header: String) {
        #expect(RetryAfter.seconds(header: header, date: nil, now: Instant(seconds: moment)) == nil)
    }

    @Test(arguments: [
        // Our clock shows this long before the moment, the server's `Date` a minute before it.
        (120, 120), (60, 60), (0, 0), (121, 60), (-1, 60), (100_000, 60),
    ])
    func `is relative to the server's clock when ours is off by more than a minute`(
        before: Int64, seconds: Int64
    ) {
        let read = RetryAfter.seconds(
            header: "Sun, 06 Nov 1994 08:49:37 GMT", date: "Sun, 06 Nov 1994 08:48:37 GMT",
            now: Instant(seconds: moment - before))
        #expect(read == seconds)
    }

    @Test func `is relative to our clock when the server's date is none`() {
        let read = RetryAfter.seconds(
            header: "Sun, 06 Nov 1994 08:49:37 GMT", date: "yesterday",
            now: Instant(seconds: moment - 300))
        #expect(read == 300)
    }

    @Test func `is the longest of an answer and the redirects before it`() {
        func hop(_ wish: String) -> Hop {
            Hop(status: 301, from: "a", to: "b", headers: [Header("Retry-After", wish)])
        }
        var response = Response(
            status: 200, headers: [Header("Retry-After", "60")], address: "b", hops: [hop("3600"), hop("x")])
        #expect(response.longestRetryAfterSeconds(now: Instant(seconds: moment)) == 3600)
        #expect(response.retryAfterSeconds(now: Instant(seconds: moment)) == 60)
        response.hops = []
        #expect(response.longestRetryAfterSeconds(now: Instant(seconds: moment)) == 60)
    }

    @Test func `is read from a response with its date`() {
        let response = Response(
            status: 503,
            headers: [
                Header("Date", "Sun, 06 Nov 1994 08:00:00 GMT"),
                Header("retry-after", "Sun, 06 Nov 1994 08:10:00 GMT"),
            ], address: "https://example.org/")
        #expect(response.retryAfterSeconds(now: Instant(seconds: moment)) == 600)
        let silent = Response(status: 503, address: "https://example.org/")
        #expect(silent.retryAfterSeconds(now: Instant(seconds: moment)) == nil)
    }
}
