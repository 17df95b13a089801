import Formats
import Testing

@testable import Storage

/// The segment of STORE section 3.
let vector = [
    #"{"colophon":"log","format":1,"first":1,"prev":"0000000000000000000000000000000000000000000000000000000000000000"}"#,
    #"{"seq":1,"at":"2026-01-15T12:00:00Z","type":"feed-adopted","feed":"shelf","service":"generic","entries":1}"#,
    #"{"seq":2,"at":"2026-01-15T12:00:00Z","type":"finished","id":"feed:shelf:id:urn:isbn:9780000000007","keys":["feed:shelf:id:urn:isbn:9780000000007"],"feed":"shelf","entry":"urn:isbn:9780000000007","rule":"id","finish":{"kind":"book","title":"Café \"Q\"","day":"2026-01-14","rating":{"value":400,"best":500}}}"#,
    #"{"commit":2,"n":2,"at":"2026-01-15T12:00:00Z","writer":1,"cause":"import","version":"1.0.0","crc":"e6727969","sha":"49b34cfe6c068ca3a1b2744425f58feca5cf3e87dd85889658d90bc4e84a3eb0"}"#,
]
let vectorBytes = Array((vector.joined(separator: "\n") + "\n").utf8)
let vectorAt = Instant(rfc3339: "2026-01-15T12:00:00Z")!
let zeroes = [UInt8](repeating: 0, count: 32)

struct BatchTests {
    private var eventLines: [[UInt8]] { vector[1...2].map { Array($0.utf8) } }

    @Test func `the specification's segment is written byte for byte`() {
        let batch = Batch.encode(
            eventLines, first: 1, at: vectorAt, writer: 1, cause: "import", version: "1.0.0",
            after: zeroes)
        #expect(Segment.header(first: 1, previous: zeroes) + batch.bytes == vectorBytes)
        #expect(vectorBytes.count == 712)
        #expect(hex(batch.sha) == "49b34cfe6c068ca3a1b2744425f58feca5cf3e87dd85889658d90bc4e84a3eb0")
    }

    private func reader(_ bytes: [UInt8]) -> BatchReader {
        BatchReader(
            bytes, segmentFirst: 1, from: vector[0].utf8.count + 1, to: bytes.count, next: 1,
            sha: zeroes, checksChain: true)
    }

    @Test func `the specification's segment is read`() throws {
        var reader = reader(vectorBytes)
        let commit = try reader.read()
        #expect(commit.sequences == 1...2)
        #expect(commit.at == vectorAt)
        #expect(commit.writer == 1)
        #expect(commit.cause == "import")
        #expect(commit.version == "1.0.0")
        #expect(commit.position.end == 712)
        #expect(reader.offset == 712)
        #expect(reader.next == 3)
        #expect(reader.events.map { Array(vectorBytes[$0]) } == eventLines)
    }

    @Test func `row 5: every single flipped bit is found`() {
        let start = vector[0].utf8.count + 1
        for offset in start..<712 {
            for bit in 0..<8 {
                var bytes = vectorBytes
                bytes[offset] ^= 1 << UInt8(bit)
                var reader = reader(bytes)
                #expect(throws: Flaw.self) { _ = try reader.read() }
                #expect(reader.offset == start)
                #expect(reader.events.isEmpty)
            }
        }
    }

    @Test func `row 5: a line that begins like a commit and is shorter than its end is refused`() {
        var reader = reader(Array((vector[0] + "\n{\"commit\":1}\n").utf8))
        #expect(throws: Flaw(reason: .unknownLine, offset: vector[0].utf8.count + 1)) { try reader.read() }
    }

    @Test func `row 3: every shorter batch is cut off`() {
        for count in vector[0].utf8.count + 1..<712 {
            var reader = reader(Array(vectorBytes[..<count]))
            let flaw = #expect(throws: Flaw.self) { _ = try reader.read() }
            #expect(flaw?.reason == .cutOff)
        }
    }

    /// Batches that have right sums around wrong content, as a hand with a checksum would make.
    private func sealed(_ lines: [String], commit: String) -> [UInt8] {
        let body = Array((lines.map { $0 + "\n" }.joined() + commit).utf8)
        let crc = CRC32C.checksum(body)
        let sha = Batch.chain(after: zeroes, body, 0..<body.count)
        return Array((vector[0] + "\n").utf8) + body
            + Array(",\"crc\":\"\(hex(crc))\",\"sha\":\"\(hex(sha))\"}\n".utf8)
    }

    private static let front = #""at":"2026-01-15T12:00:00Z","writer":1,"cause":"a","version":"1""#

    @Test(arguments: [
        ([#"{"seq":1,"a":1}"#], #"{"commit":1,"n":1,"# + front, nil),
        ([#"{"seq":1,"a":1}"#], #"{"commit":1,"n":1,"# + front + #","newer":[1]"#, nil),
        ([#"{"seq":2,"a":1}"#], #"{"commit":2,"n":1,"# + front, .sequence(expected: 1)),
        ([#"{"seq":01,"a":1}"#], #"{"commit":1,"n":1,"# + front, .sequence(expected: 1)),
        ([#"{"seq":1}"#], #"{"commit":1,"n":1,"# + front, .sequence(expected: 1)),
        ([#"{"seq":1,"a":1}"#, #"{"seq":3,"a":1}"#], #"{"commit":3,"n":2,"# + front,
            .sequence(expected: 2)),
        ([#"{"seq":1,"a":1}"#], #"{"commit":2,"n":1,"# + front, .count),
        ([#"{"seq":1,"a":1}"#], #"{"commit":1,"n":2,"# + front, .count),
        ([], #"{"commit":0,"n":0,"# + front, .count),
        ([#"{"seq":1,"a":1}"#], #"{"commit":1,"n":1,"at":"today","#, .unknownLine),
        ([#"{"seq":1,"a":1}"#], #"{"commit":1,"n":1,"# + front + " ", .unknownLine),
        ([#"{"seq":1,"a":1}"#], #"{"commit":01,"n":1,"# + front, .unknownLine),
        ([#"{"seq":1,"a":1"#], #"{"commit":1,"n":1,"# + front, .unknownLine),
        ([#"{"sez":1,"a":1}"#], #"{"commit":1,"n":1,"# + front, .unknownLine),
        ([""], #"{"commit":1,"n":1,"# + front, .unknownLine),
    ] as [([String], String, DamageReason?)])
    func `row 26: a batch that was not written by us is refused for its first flaw`(
        lines: [String], commit: String, reason: DamageReason?
    ) {
        var reader = reader(sealed(lines, commit: commit))
        if let reason {
            let flaw = #expect(throws: Flaw.self) { _ = try reader.read() }
            #expect(flaw?.reason == reason)
        } else {
            #expect(throws: Never.self) { _ = try reader.read() }
        }
    }

    @Test func `row 26: an event changed together with its checksum breaks the chain`() {
        var bytes = sealed([#"{"seq":1,"a":1}"#], commit: #"{"commit":1,"n":1,"# + Self.front)
        let changed = sealed([#"{"seq":1,"a":2}"#], commit: #"{"commit":1,"n":1,"# + Self.front)
        let sums = bytes.count - 92 + 8..<bytes.count - 92 + 16
        let old = Array(bytes[(bytes.count - 67)...])
        bytes = changed
        bytes.replaceSubrange((bytes.count - 67)..., with: old)
        #expect(Array(bytes[sums]) == Array(changed[sums]))
        var reader = reader(bytes)
        let flaw = #expect(throws: Flaw.self) { _ = try reader.read() }
        #expect(flaw?.reason == .chain)
    }

    @Test func `row 28: a line longer than a mebibyte is refused`() {
        let long = #"{"seq":1,"a":""# + String(repeating: "x", count: 1 << 20) + #""}"#
        var reader = reader(sealed([long], commit: #"{"commit":1,"n":1,"# + Self.front))
        let flaw = #expect(throws: Flaw.self) { _ = try reader.read() }
        #expect(flaw?.reason == .lineTooLong)
    }

    @Test func `row 28: a line of exactly a mebibyte is taken`() throws {
        let length = LogLimits.lineBytesMax - #"{"seq":1,"a":""}"#.utf8.count
        let line = #"{"seq":1,"a":""# + String(repeating: "x", count: length) + #""}"#
        let batch = Batch.encode(
            [Array(line.utf8)], first: 1, at: vectorAt, writer: 1, cause: "a", version: "1",
            after: zeroes)
        var reader = BatchReader(
            batch.bytes, segmentFirst: 1, from: 0, to: batch.bytes.count, next: 1, sha: zeroes,
            checksChain: true)
        #expect(try reader.read().sequences == 1...1)
    }

    @Test func `row 28: 65,537 lines are refused`() {
        let lines = (1...65_537).map { "{\"seq\":\($0),\"a\":1}" }
        var reader = reader(sealed(lines, commit: #"{"commit":65537,"n":65537,"# + Self.front))
        let flaw = #expect(throws: Flaw.self) { _ = try reader.read() }
        #expect(flaw?.reason == .tooManyLines)
    }

    @Test func `row 28: a batch longer than 64 mebibytes is refused`() {
        let filler = String(repeating: "x", count: 1_000_000)
        let lines = (1...68).map { "{\"seq\":\($0),\"a\":\"\(filler)\"}" }
        // Its sums are wrong, but nobody sums up what is too long.
        let sums = ",\"crc\":\"00000000\",\"sha\":\"\(hex(zeroes))\"}\n"
        let text = ([vector[0]] + lines).joined(separator: "\n")
        var reader = reader(
            Array((text + "\n" + #"{"commit":68,"n":68,"# + Self.front + sums).utf8))
        let flaw = #expect(throws: Flaw.self) { _ = try reader.read() }
        #expect(flaw?.reason == .batchTooLong)
    }
}
