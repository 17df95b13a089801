import Testing

@testable import Formats

@Suite struct DigestsTests {
    private static let alphabet = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    private static let million = String(repeating: "a", count: 1_000_000)

    // FIPS 180-4, examples of NIST.
    @Test(arguments: [
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (alphabet, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"),
        (million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func `sha-256`(text: String, digest: String) {
        #expect(hex(SHA256.digest(Array(text.utf8))) == digest)
    }

    @Test(arguments: [
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (alphabet, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"),
        (million, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
    ])
    func `sha-1`(text: String, digest: String) {
        #expect(hex(SHA1.digest(Array(text.utf8))) == digest)
    }

    // RFC 2202 section 3 and RFC 4231 section 4.
    private static let signed: [(key: [UInt8], text: String, sha1: String, sha256: String)] = [
        ([UInt8](repeating: 0x0B, count: 20), "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (Array("Jefe".utf8), "what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ]

    @Test(arguments: signed)
    func `hmac`(key: [UInt8], text: String, sha1: String, sha256: String) {
        #expect(hex(HMAC.sha1(key: key, Array(text.utf8))) == sha1)
        #expect(hex(HMAC.sha256(key: key, Array(text.utf8))) == sha256)
    }

    @Test func `hmac with a key longer than a block`() {
        let text = Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)
        #expect(hex(HMAC.sha1(key: [UInt8](repeating: 0xAA, count: 80), text))
            == "aa4ae5e15272d00e95705637ce8a3b55ed402112")
        #expect(hex(HMAC.sha256(key: [UInt8](repeating: 0xAA, count: 131), text))
            == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    /// RFC 3720 appendix B.4, and the check value of the catalogues.
    private static let checksums: [([UInt8], UInt32)] = [
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43), (Array(0..<32), 0x46DD_794E),
        (Array((0..<32).reversed()), 0x113F_DB5C), (Array("123456789".utf8), 0xE306_9283), ([], 0),
    ]

    @Test(arguments: checksums)
    func `crc-32c`(bytes: [UInt8], checksum: UInt32) {
        #expect(CRC32C.checksum(bytes) == checksum)
    }

    @Test func `sha-256 by instructions of the processor is sha-256`() {
        var dice = Dice(seed: 256)
        for count in 0..<300 {
            let bytes = dice.bytes(count)
            var plain = SHA256()
            plain.usesInstructions = false
            plain.update(bytes)
            #expect(plain.finish() == SHA256.digest(bytes))
        }
    }

    @Test func `taken in by pieces, it is as taken whole`() {
        var dice = Dice(seed: 180)
        for _ in 0..<200 {
            let bytes = dice.bytes(dice.below(400))
            var sha = SHA256()
            var crc = CRC32C()
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + dice.below(130))
                sha.update(bytes, start..<end)
                crc.update(bytes, start..<end)
                start = end
            }
            #expect(sha.finish() == SHA256.digest(bytes))
            #expect(crc.value == CRC32C.checksum(bytes))
        }
    }

    @Test func `hexadecimal digits go there and back`() {
        let all = Array(0...255 as ClosedRange<UInt8>)
        #expect(hex([0, 0x0F, 0xA5, 0xFF]) == "000fa5ff")
        #expect(bytes(hex: hex(all)) == all)
        #expect(bytes(hex: "") == [])
        for text in ["0", "0g", "AB", "aB", " 0", "0x", "é"] { #expect(bytes(hex: text) == nil, "\(text)") }
    }

    /// By the processor's instruction, where there is one, and by tables: any length, any beginning.
    @Test func `both ways of crc-32c agree`() {
        var dice = Dice(seed: 5)
        let bytes = (0..<700).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        for start in [0, 1, 7, 63] {
            for end in start...bytes.count {
                var one = CRC32C()
                one.update(bytes, start..<end)
                var other = CRC32C()
                other.updateByTables(bytes, start..<end)
                #expect(one.value == other.value, "\(start) to \(end)")
            }
        }
    }

    /// Long enough that three parts are summed at once, and again, from any register.
    @Test func `both ways of crc-32c agree over long stretches`() {
        var dice = Dice(seed: 6)
        let bytes = (0..<20_000).map { _ in UInt8(truncatingIfNeeded: dice.next()) }
        let lengths = [3071, 3072, 3073, 3135, 3136, 6143, 6144, 9216, 15_000, 19_000]
        for start in [0, 1, 63, 700] {
            for length in lengths {
                var one = CRC32C()
                one.update(bytes, 0..<start)
                one.update(bytes, start..<start + length)
                var other = CRC32C()
                other.updateByTables(bytes, 0..<start + length)
                #expect(one.value == other.value, "\(length) from \(start)")
            }
        }
    }
}
