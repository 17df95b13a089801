import Formats
import Testing

@Suite struct RFC3339Tests {
    @Test(arguments: [
        // RFC 3339 section 5.8.
        ("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50Z"),
        ("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z"),
        ("1990-12-31T23:59:60Z", "1991-01-01T00:00:00Z"),
        ("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00Z"),
        ("1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27Z"),
        ("2026-11-23t14:05:00z", "2026-11-23T14:05:00Z"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"), ("2026-02-28T23:59:59-00:00", "2026-02-28T23:59:59Z"),
    ])
    func `a date-time is read and written in UTC`(text: String, written: String) {
        #expect(Instant(rfc3339: text)?.description == written)
    }

    @Test(arguments: [
        "", "2026-11-23", "2026-11-23T14:05Z", "2026-11-23 14:05:00Z", "2026-11-23T14:05:00",
        "2026-11-23T14:05:00+0100", "2026-11-23T14:05:00+01", "2026-11-23T14:05:00+24:00",
        "2026-11-23T14:05:00+01:60", "2026-11-23T14:05:00.Z", "2026-11-23T14:05:00.5", "2026-11-23T24:00:00Z",
        "2026-02-30T00:00:00Z", "2026-11-23T14:05:00Z ", " 2026-11-23T14:05:00Z", "2026-11-23T14:05:00ZZ",
        "-026-11-23T14:05:00Z", "2026-11-23T14:05:6\u{661}Z", "0000-01-01T00:00:00Z",
        "12026-11-23T14:05:00Z", "0001-01-01T00:30:00+01:00", "9999-12-31T23:30:00-01:00",
        "9999-12-31T23:59:60Z",
    ])
    func `nothing else is one`(text: String) {
        #expect(Instant(rfc3339: text) == nil)
    }

    @Test func `bytes of any kind are read or refused`() {
        var dice = Dice(seed: 3)
        let plain = Array("2026-11-23T14:05:00.123+01:00".utf8)
        for _ in 0..<3000 {
            var bytes = Array(plain.prefix(dice.below(plain.count + 1)))
            if !bytes.isEmpty { bytes[dice.below(bytes.count)] = UInt8(dice.below(256)) }
            if let instant = Instant(rfc3339: bytes) {
                #expect(Instant(rfc3339: instant.description) == instant)
            }
        }
    }
}
