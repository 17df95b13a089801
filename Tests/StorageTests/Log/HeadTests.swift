import Formats
import Testing

@testable import Storage

struct HeadTests {
    private let text =
        #"{"colophon":"head","format":1,"store":"0000000000000000000000000000000000000000000000000000000000000000","commit":2,"first":1,"end":712,"sha":"49b34cfe6c068ca3a1b2744425f58feca5cf3e87dd85889658d90bc4e84a3eb0","crc":"d4390cb7"}"#
        + "\n"

    private var head: Head {
        Head(
            store: zeroes,
            position: LogPosition(
                sequence: 2, segmentFirst: 1, end: 712,
                sha: bytes(
                    hex: "49b34cfe6c068ca3a1b2744425f58feca5cf3e87dd85889658d90bc4e84a3eb0")!))
    }

    @Test func `the specification's head is written and read`() throws {
        #expect(String(decoding: head.encoded, as: UTF8.self) == text)
        #expect(try Head.read(Array(text.utf8), file: "h") == head)
    }

    @Test func `row 6: every flipped bit and every cut is found`() {
        for offset in 0..<text.utf8.count {
            for bit in 0..<8 {
                var bytes = Array(text.utf8)
                bytes[offset] ^= 1 << UInt8(bit)
                #expect(throws: StoreError.headDamaged(file: "h")) {
                    _ = try Head.read(bytes, file: "h")
                }
            }
            #expect(throws: StoreError.headDamaged(file: "h")) {
                _ = try Head.read(Array(text.utf8.prefix(offset)), file: "h")
            }
        }
    }

    private func sealed(_ front: String) -> [UInt8] {
        let bytes = Array(front.utf8)
        return bytes + Array(",\"crc\":\"\(hex(CRC32C.checksum(bytes)))\"}\n".utf8)
    }

    @Test func `a head of a newer format asks for a newer program`() {
        let newer = sealed(#"{"colophon":"head","format":2,"else":1"#)
        #expect(throws: StoreError.newerFormat(file: "h", format: 2)) {
            _ = try Head.read(newer, file: "h")
        }
    }

    @Test func `a key that a newer writer added is let be`() throws {
        let front = String(text.dropLast(19)) + #","newer":1"#
        #expect(try Head.read(sealed(front), file: "h") == head)
    }
}
