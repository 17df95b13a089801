import Testing

@testable import HTTP

private func block(_ lines: [String]) -> (HeaderBlock, isTaken: Bool) {
    block(lines.map { Array(($0 + "\r\n").utf8) })
}

private func block(_ lines: [[UInt8]]) -> (HeaderBlock, isTaken: Bool) {
    var block = HeaderBlock()
    var isTaken = true
    for line in lines { line.withUnsafeBufferPointer { isTaken = block.take($0) && isTaken } }
    return (block, isTaken)
}

@Suite struct `The head of an answer` {
    @Test func `is that of the last answer, without trailers`() {
        let (head, _) = block([
            "HTTP/1.1 100 Continue", "A: 1", "", "HTTP/1.1 200 OK", "B: 2", "", "C: 3",
        ])
        #expect(head.headers == [Header("B", "2")])
    }

    @Test func `keeps values verbatim but for the blanks around`() {
        let (head, _) = block(["HTTP/2 200", "etag:\t W/\"a  b:c\" \t", "x:", "y:  "])
        #expect(head.headers == [Header("etag", "W/\"a  b:c\""), Header("x", ""), Header("y", "")])
    }

    @Test func `joins folded lines`() {
        let (head, _) = block(["HTTP/1.1 200 OK", " nothing before", "A: 1", "\t2", "  3"])
        #expect(head.headers == [Header("A", "1 2 3")])
    }

    @Test func `leaves out lines without a name or with control characters`() {
        let (head, _) = block([
            "HTTP/1.1 200 OK", "nonsense", ": x", "A: a\u{1}b", "B: \u{7f}", "C: c",
        ])
        #expect(head.headers == [Header("C", "c")])
    }

    @Test func `reads what is not UTF-8 as Latin-1`() {
        let (head, _) = block([
            Array("HTTP/1.1 200 OK\r\n".utf8), Array("E: ".utf8) + [0xE9, 0x0A],
        ])
        #expect(head.headers == [Header("E", "é")])
    }

    @Test func `reads a validator by the byte, whatever it looks like`() {
        for bytes in [[UInt8]([0x22, 0xC3, 0xA9, 0x22]), [0x22, 0xE9, 0x22]] {
            let (head, _) = block([
                Array("HTTP/1.1 200 OK\r\n".utf8), Array("etag: ".utf8) + bytes + [0x0A],
            ])
            #expect(head.headers.map { $0.value.unicodeScalars.map { UInt8($0.value) } } == [bytes])
        }
    }

    @Test func `has a limit`() {
        let line = "A: " + String(repeating: "x", count: 1_019)
        let status = "HTTP/1.1 200 OK"
        #expect(block([status] + [String](repeating: line, count: 255)).isTaken)
        #expect(!block([status] + [String](repeating: line, count: 256)).isTaken)
    }

    @Test func `survives any bytes`() {
        // xorshift; the seed is all there is to repeat it.
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let alphabet = Array("HTTP/1: \t\r\nAb\u{0}\u{7f}é\"".utf8) + [0xFF, 0xC3]
        for _ in 0..<5_000 {
            var lines: [[UInt8]] = []
            for _ in 0..<6 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                let length = Int(state % 9)
                lines.append(
                    (0..<length).map { alphabet[Int((state >> ($0 * 6)) % UInt64(alphabet.count))] }
                )
            }
            for header in block(lines).0.headers {
                #expect(!header.name.isEmpty)
                #expect(!header.value.utf8.contains { ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F })
            }
        }
    }
}
