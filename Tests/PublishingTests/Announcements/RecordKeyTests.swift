import Formats
import Foundation
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

    @Test func `the time of a record has the form that the public lists allow`() {
        let valid = Self.lines("datetime_syntax_valid.txt")
        if ProcessInfo.processInfo.environment["CI"] == "true" { #expect(!valid.isEmpty) }
        // Ours is the one form: UTC, three digits of a fraction.
        let form = try? Regex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z")
        for line in Self.lines("datetime_syntax_invalid.txt") + Self.lines("datetime_parse_invalid.txt") {
            guard let form, line.wholeMatch(of: form) != nil else { continue }
            // What looks like ours there is no date: and an instant of ours always is one.
            #expect(Instant(rfc3339: line) == nil, "\(line)")
        }
        if !valid.isEmpty {
            #expect(valid.contains { line in form.map { line.wholeMatch(of: $0) != nil } ?? false })
        }
    }
}
