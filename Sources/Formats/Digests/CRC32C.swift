import CChecksum

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): reflected polynomial 0x82F63B78, by the processor's
/// instruction where there is one, else sixteen bytes a step with tables.
public struct CRC32C: Sendable {
    private var register: UInt32 = 0xFFFF_FFFF

    public init() {}

    public var value: UInt32 { ~register }

    public mutating func update(_ bytes: [UInt8]) {
        update(bytes, 0..<bytes.count)
    }

    /// Takes the bytes of `range` in.
    public mutating func update(_ bytes: [UInt8], _ range: Range<Int>) {
        if range.count >= 64, CRC32C.hasInstruction {
            updateByInstruction(bytes, range)
        } else {
            updateByTables(bytes, range)
        }
    }

    private static let hasInstruction = cchecksum_has_crc32c()

    private mutating func updateByInstruction(_ bytes: [UInt8], _ range: Range<Int>) {
        let data = bytes.span.extracting(range)
        var crc = register
        var index = 0
        while index + 64 <= data.count {
            let block = data.extracting(index..<index &+ 64)
            crc = cchecksum_crc32c(
                crc, CRC32C.longWord(block, 0), CRC32C.longWord(block, 8), CRC32C.longWord(block, 16),
                CRC32C.longWord(block, 24), CRC32C.longWord(block, 32), CRC32C.longWord(block, 40),
                CRC32C.longWord(block, 48), CRC32C.longWord(block, 56))
            index &+= 64
        }
        register = crc
        updateByTables(bytes, range.lowerBound + index..<range.upperBound)
    }

    @inline(__always)
    private static func longWord(_ block: Span<UInt8>, _ index: Int) -> UInt64 {
        UInt64(word(block, index)) | UInt64(word(block, index &+ 4)) << 32
    }

    /// Also what the other way is tested against.
    mutating func updateByTables(_ bytes: [UInt8], _ range: Range<Int>) {
        let table = CRC32C.table.span
        let data = bytes.span.extracting(range)
        var crc = register
        var index = 0
        while index + 16 <= data.count {
            // Once checked for all sixteen, and four loads of four bytes each.
            let block = data.extracting(index..<index &+ 16)
            let first = crc ^ CRC32C.word(block, 0)
            let second = CRC32C.word(block, 4)
            let third = CRC32C.word(block, 8)
            let fourth = CRC32C.word(block, 12)
            crc = CRC32C.moved(table, first, 15) ^ CRC32C.moved(table, second, 11)
                ^ (CRC32C.moved(table, third, 7) ^ CRC32C.moved(table, fourth, 3))
            index &+= 16
        }
        while index < data.count {
            crc = table[Int((crc ^ UInt32(data[index])) & 255)] ^ crc >> 8
            index += 1
        }
        register = crc
    }

    @inline(__always)
    private static func word(_ block: Span<UInt8>, _ index: Int) -> UInt32 {
        UInt32(block[index]) | UInt32(block[index + 1]) << 8 | UInt32(block[index + 2]) << 16
            | UInt32(block[index + 3]) << 24
    }

    /// What the four bytes of a word add when so many bytes follow the first of them.
    @inline(__always)
    private static func moved(_ table: Span<UInt32>, _ word: UInt32, _ bytes: Int) -> UInt32 {
        table[bytes &* 256 &+ Int(word & 255)] ^ table[(bytes &- 1) &* 256 &+ Int(word >> 8 & 255)]
            ^ table[(bytes &- 2) &* 256 &+ Int(word >> 16 & 255)]
            ^ table[(bytes &- 3) &* 256 &+ Int(word >> 24)]
    }

    public static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc = CRC32C()
        crc.update(bytes)
        return crc.value
    }

    /// Sixteen tables of 256: table `k` moves a byte `k` bytes further.
    private static let table: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 16 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
            table[byte] = crc
        }
        for index in 256..<(16 * 256) {
            let before = table[index - 256]
            table[index] = table[Int(before & 255)] ^ before >> 8
        }
        return table
    }()
}
