import Catalogue
import Formats
import Foundation
import Simulation
import Testing

@testable import Publishing

@Suite struct RecordKeyTests {
    @Test(arguments: [
        (0, 0, "2222222222222"), (1_688_137_381_887_007, 6, "3jzfcijpj2z2a"),
        (1_700_000_000_000_000, 0, "3ke6kg3wk2222"), (1_700_000_000_000_001, 1023, "3ke6kg3wk23zz"),
        (1_763_859_600_000_000, 7, "3m6b4cicl222b"),
    ] as [(Int64, Int, String)])
    func `thirteen digits hold microseconds and a clock`(microseconds: Int64, clock: Int, text: String) {
        #expect(RecordKey.text(microseconds: microseconds, clock: clock) == text)
    }

    /// The lists of atproto's interoperability tests, read where they lie beside the repository.
    private static func lines(_ name: String) -> [String] {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "shared/conformance/atproto/syntax/" + name)
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
            .filter { !$0.hasPrefix("#") }
    }

    @Test(arguments: [("tid_syntax_valid.txt", true), ("tid_syntax_invalid.txt", false)])
    func `the public lists of keys are told apart`(name: String, isValid: Bool) {
        let lines = Self.lines(name)
        if ProcessInfo.processInfo.environment["CI"] == "true" { #expect(!lines.isEmpty) }
        for line in lines { #expect(RecordKey.isValid(line) == isValid, "\(line)") }
    }

    @Test func `a key follows from the name, is valid, and gives way to one that is taken`() {
        let queued = Instant(rfc3339: "2026-11-23T14:00:00Z")!
        let key = RecordKey.make(for: "bluesky/a:b:1", queued: queued, taken: [])
        #expect(key == RecordKey.make(for: "bluesky/a:b:1", queued: queued, taken: ["3m6b4cicl222b"]))
        #expect(RecordKey.isValid(key))
        let next = RecordKey.make(for: "bluesky/a:b:1", queued: queued, taken: [key])
        #expect(next != key && RecordKey.isValid(next))
        #expect(key != RecordKey.make(for: "bluesky/a:b:2", queued: queued, taken: []))
    }

    /// What atproto takes for a time: ISO 8601 and RFC 3339 at once, with a zone, and a moment that there is.
    private func isTime(_ text: String) -> Bool {
        let form = #/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})/#
        guard text.wholeMatch(of: form) != nil, !text.hasSuffix("-00:00") else { return false }
        // Its year 0 is the one thing that we do not read.
        let year = text.hasPrefix("0000-") ? "0004" + text.dropFirst(4) : text
        return Instant(rfc3339: year) != nil && !(text.hasPrefix("0000-") && text.contains("+"))
    }

    @Test func `the public lists of times are told apart`() {
        for line in Self.lines("datetime_syntax_valid.txt") { #expect(isTime(line), "\(line)") }
        for name in ["datetime_syntax_invalid.txt", "datetime_parse_invalid.txt"] {
            for line in Self.lines(name) { #expect(!isTime(line), "\(line)") }
        }
        let count = ["datetime_syntax_valid.txt", "datetime_syntax_invalid.txt", "datetime_parse_invalid.txt"]
            .map { Self.lines($0).count }
        #expect(count == [35, 45, 7] || count == [0, 0, 0])
        if ProcessInfo.processInfo.environment["CI"] == "true" { #expect(count[0] > 0) }
    }

    @Test func `every valid time but those of the year 0 is read as the moment that it is`() throws {
        for line in Self.lines("datetime_syntax_valid.txt") where !line.hasPrefix("0000-") {
            let instant = try #require(Instant(rfc3339: line), "\(line)")
            let number = { (from: Int, count: Int) in Int(line.dropFirst(from).prefix(count)) ?? 0 }
            // Day by day from the year 1 on, without a formula.
            var days = 0
            for year in 1..<number(0, 4) { days += CivilTime.isLeap(year) ? 366 : 365 }
            for month in 1..<number(5, 2) { days += CivilTime.days(ofMonth: month, year: number(0, 4)) }
            days += number(8, 2) - 1
            var seconds = days * 86_400 + number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2)
            if !line.hasSuffix("Z") {
                let zone = (number(line.count - 5, 2) * 60 + number(line.count - 2, 2)) * 60
                seconds += line.dropLast(5).hasSuffix("+") ? -zone : zone
            }
            #expect(Int(instant.seconds) == seconds - 719_162 * 86_400, "\(line)")
        }
    }

    @Test func `a post's own time is always one that is taken, with three digits and in UTC`() throws {
        let bluesky = Bluesky(
            server: try #require(WebAddress("https://bsky.example")), identifier: "a.example", password: "x")
        var dice = SeededGenerator(seed: 53)
        var sample = SampleState()
        sample.finish("a:b:c", Finish(title: "Dune"), announce: ["bluesky"])
        let announcement = try #require(sample.state.announcements.first)
        for _ in 0..<300 {
            // From 1969 to the end of the year 9999.
            let now = Instant(seconds: Int64(dice.below(253_402_300_800)) - 86_400)
            let draft = bluesky.draft("Dune", for: announcement, language: "en", taken: [], now: now)
            let record = try JSONReader.read(Array(draft.record.utf8))["record"]
            let time = try #require(record?["createdAt"]?.stringValue)
            #expect(isTime(time) && time.count == 24 && time.hasSuffix(".000Z"))
            #expect(Instant(rfc3339: time) == now)
            #expect(RecordKey.isValid(draft.key))
        }
    }
}
