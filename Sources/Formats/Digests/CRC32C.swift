/// CRC-32C (Castagnoli, RFC 3720 appendix B.4): reflected polynomial 0x82F63B78, eight bytes a step.
public struct CRC32C: Sendable {
    private var register: UInt32 = 0xFFFF_FFFF

    public init() {}

    public var value: UInt32 { ~register }

    public mutating func update(_ bytes: [UInt8]) {
        update(bytes, 0..<bytes.count)
    }

    /// Takes the bytes of `range` in.
    public mutating func update(_ bytes: [UInt8], _ range: Range<Int>) {
        let table = CRC32C.table.span
        let data = bytes.span
        var crc = register
        var index = range.lowerBound
        let end = range.upperBound
        while index + 8 <= end {
            let low = crc ^ (UInt32(data[index]) | UInt32(data[index + 1]) << 8
                | UInt32(data[index + 2]) << 16 | UInt32(data[index + 3]) << 24)
            let first = table[1792 + Int(low & 255)] ^ table[1536 + Int(low >> 8 & 255)]
                ^ table[1280 + Int(low >> 16 & 255)] ^ table[1024 + Int(low >> 24)]
            let second = table[768 + Int(data[index + 4])] ^ table[512 + Int(data[index + 5])]
                ^ table[256 + Int(data[index + 6])] ^ table[Int(data[index + 7])]
            crc = first ^ second
            index += 8
        }
        while index < end {
            crc = table[Int((crc ^ UInt32(data[index])) & 255)] ^ crc >> 8
            index += 1
        }
        register = crc
    }

    public static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var crc = CRC32C()
        crc.update(bytes)
        return crc.value
    }

    /// Eight tables of 256: table `k` moves a byte `k` bytes further.
    private static let table: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
            table[byte] = crc
        }
        for index in 256..<(8 * 256) {
            let before = table[index - 256]
            table[index] = table[Int(before & 255)] ^ before >> 8
        }
        return table
    }()
}
