import CChecksum

/// SHA-256 (FIPS 180-4 section 6.2), by the processor's instructions where there are any.
public struct SHA256: Sendable {
    private var state: InlineArray<8, UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
        0x5be0_cd19,
    ]
    private var pending: [UInt8] = []
    private var length: UInt64 = 0
    /// Without them it is what they are tested against.
    var usesInstructions = SHA256.hasInstructions

    private static let hasInstructions = cchecksum_has_sha256()

    public init() {}

    public static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// Of a text's bytes, in lower-case hexadecimal digits.
    public static func hexDigest(of text: String) -> String { hex(digest(Array(text.utf8))) }

    public mutating func update(_ bytes: [UInt8]) {
        update(bytes, 0..<bytes.count)
    }

    /// Takes the bytes of `range` in.
    public mutating func update(_ bytes: [UInt8], _ range: Range<Int>) {
        length += UInt64(range.count)
        var index = range.lowerBound
        if !pending.isEmpty {
            let wanted = min(64 - pending.count, range.count)
            pending.append(contentsOf: bytes[index..<(index + wanted)])
            index += wanted
            guard pending.count == 64 else { return }
            let block = pending
            compress(block, 0)
            pending.removeAll(keepingCapacity: true)
        }
        while index + 64 <= range.upperBound {
            compress(bytes, index)
            index += 64
        }
        guard index < range.upperBound else { return }
        // Room for what `finish` adds.
        if pending.isEmpty { pending.reserveCapacity(128) }
        pending.append(contentsOf: bytes[index..<range.upperBound])
    }

    /// The 32 bytes; the value must not be used afterwards.
    public mutating func finish() -> [UInt8] {
        let bits = length * 8
        var last: [UInt8] = []
        swap(&last, &pending)
        last.append(0x80)
        last.append(contentsOf: repeatElement(0, count: (last.count <= 56 ? 64 : 128) - last.count))
        for place in 0..<8 { last[last.count - 1 - place] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * place)) }
        for start in stride(from: 0, to: last.count, by: 64) { compress(last, start) }
        var digest = [UInt8](repeating: 0, count: 32)
        for place in 0..<32 {
            digest[place] = UInt8(truncatingIfNeeded: state[place / 4] >> UInt32(24 - place % 4 * 8))
        }
        return digest
    }

    private mutating func compress(_ block: [UInt8], _ start: Int) {
        if usesInstructions {
            compressByInstructions(block.span.extracting(start..<start + 64))
        } else {
            compressByWords(block, start)
        }
    }

    private mutating func compressByInstructions(_ block: Span<UInt8>) {
        let before = cchecksum_sha256_state(
            a: state[0], b: state[1], c: state[2], d: state[3], e: state[4], f: state[5], g: state[6],
            h: state[7])
        let after = cchecksum_sha256(
            before,
            cchecksum_block(
                a: SHA256.longWord(block, 0), b: SHA256.longWord(block, 8), c: SHA256.longWord(block, 16),
                d: SHA256.longWord(block, 24), e: SHA256.longWord(block, 32), f: SHA256.longWord(block, 40),
                g: SHA256.longWord(block, 48), h: SHA256.longWord(block, 56)))
        state = [after.a, after.b, after.c, after.d, after.e, after.f, after.g, after.h]
    }

    /// The first byte in the lowest place.
    @inline(__always)
    private static func longWord(_ block: Span<UInt8>, _ start: Int) -> UInt64 {
        let word = block.extracting(start..<start &+ 8)
        let low = UInt64(word[0]) | UInt64(word[1]) << 8 | UInt64(word[2]) << 16 | UInt64(word[3]) << 24
        let high = UInt64(word[4]) << 32 | UInt64(word[5]) << 40 | UInt64(word[6]) << 48 | UInt64(word[7]) << 56
        return low | high
    }

    private mutating func compressByWords(_ block: [UInt8], _ start: Int) {
        var w = InlineArray<64, UInt32>(repeating: 0)
        let data = block.span
        for index in 0..<16 {
            let at = start + index * 4
            w[index] = UInt32(data[at]) << 24 | UInt32(data[at + 1]) << 16
                | UInt32(data[at + 2]) << 8 | UInt32(data[at + 3])
        }
        for index in 16..<64 {
            let s0 = rotated(w[index - 15], 7) ^ rotated(w[index - 15], 18) ^ w[index - 15] >> 3
            let s1 = rotated(w[index - 2], 17) ^ rotated(w[index - 2], 19) ^ w[index - 2] >> 10
            w[index] = w[index - 16] &+ s0 &+ w[index - 7] &+ s1
        }
        let k = SHA256.constants.span
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
            let one = h &+ sum1 &+ (e & f ^ ~e & g) &+ k[index] &+ w[index]
            let sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
            let two = sum0 &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ one, c, b, a, one &+ two)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
        state[5] &+= f
        state[6] &+= g
        state[7] &+= h
    }

    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
        0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
        0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
        0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
        0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
        0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
        0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
        0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
        0xc671_78f2,
    ]
}

private func rotated(_ word: UInt32, _ by: UInt32) -> UInt32 { word >> by | word << (32 - by) }
