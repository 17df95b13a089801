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
        while index + 3 * CRC32C.partBytes <= data.count {
            crc = CRC32C.threeParts(crc, data.extracting(index..<index &+ 3 * CRC32C.partBytes))
            index &+= 3 * CRC32C.partBytes
        }
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

    /// Of each of the three parts that are summed at once.
    private static let partBytes = 1024

    /// The register after three parts. A register is linear in what it began with, so that of the whole is made of
    /// those of the parts: the first moved over the two that follow it, the second over the third.
    private static func threeParts(_ crc: UInt32, _ data: Span<UInt8>) -> UInt32 {
        var sums = cchecksum_three(a: crc, b: 0, c: 0)
        var index = 0
        while index < partBytes {
            let a = data.extracting(index..<index &+ 32)
            let b = data.extracting(index &+ partBytes..<index &+ (partBytes + 32))
            let c = data.extracting(index &+ 2 * partBytes..<index &+ (2 * partBytes + 32))
            sums = cchecksum_crc32c_three(
                sums, longWord(a, 0), longWord(a, 8), longWord(a, 16), longWord(a, 24), longWord(b, 0),
                longWord(b, 8), longWord(b, 16), longWord(b, 24), longWord(c, 0), longWord(c, 8),
                longWord(c, 16), longWord(c, 24))
            index &+= 32
        }
        let table = partTable.span
        return movedOverPart(table, movedOverPart(table, sums.a) ^ sums.b) ^ sums.c
    }

    @inline(__always)
    private static func movedOverPart(_ table: Span<UInt32>, _ crc: UInt32) -> UInt32 {
        table[Int(crc & 255)] ^ table[256 &+ Int(crc >> 8 & 255)] ^ table[512 &+ Int(crc >> 16 & 255)]
            ^ table[768 &+ Int(crc >> 24)]
    }

    /// Four tables of 256: what each byte of a register becomes when a part of zeroes follows.
    private static let partTable: [UInt32] = {
        let zeroes = [UInt8](repeating: 0, count: partBytes)
        // Of each bit alone; all else is their sum.
        let bits = (0..<32).map { bit in
            var crc = CRC32C()
            crc.register = 1 << UInt32(bit)
            crc.updateByTables(zeroes, 0..<partBytes)
            return crc.register
        }
        return (0..<1024).map { entry in
            (0..<8).reduce(0) { entry >> $1 & 1 == 1 ? $0 ^ bits[entry / 256 * 8 + $1] : $0 }
        }
    }()

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
