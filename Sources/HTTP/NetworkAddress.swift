import Glibc

/// The bytes of an IP address, network order.
struct NetworkAddress: Equatable {
    /// Of IPv4 the first four; the others are 0.
    private var bytes = SIMD16<UInt8>()
    /// 4, or 16.
    private let count: Int

    /// - Parameter bytes: four or sixteen.
    init(bytes: some Sequence<UInt8>) {
        var count = 0
        for byte in bytes {
            self.bytes[count] = byte
            count += 1
        }
        self.count = count
    }

    /// Reads `192.0.2.1` or `2001:db8::1`; `nil` for anything else, a name for one.
    init?(_ text: String) {
        guard let address = text.withCString({ NetworkAddress($0) }) else { return nil }
        self = address
    }

    /// The same of a text that ends with a byte of 0.
    init?(_ text: UnsafePointer<CChar>) {
        if inet_pton(AF_INET, text, &bytes) == 1 {
            count = 4
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            count = 16
        } else {
            return nil
        }
    }

    var isLoopback: Bool {
        if let inner = wrapped { return inner.isLoopback }
        return count == 4 ? bytes[0] == 127 : self == NetworkAddress.ownIPv6
    }

    /// ::1
    private static let ownIPv6 = NetworkAddress(bytes: [UInt8](repeating: 0, count: 15) + [1])

    /// Not an address of the public internet, by IANA's registries of special-purpose addresses
    /// (RFC 6890). An IPv6 address that only carries an IPv4 one is judged by what it carries.
    var isPrivate: Bool {
        if let inner = wrapped { return inner.isPrivate }
        let ranges = count == 4 ? Self.privateIPv4 : Self.privateIPv6
        for range in ranges where range.holds(bytes) { return true }
        return false
    }

    /// The IPv4 address within ::ffff:0:0/96, 64:ff9b::/96 (RFC 6052) and 2002::/16 (RFC 3056).
    private var wrapped: NetworkAddress? {
        guard count == 16 else { return nil }
        let mapped = Range([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], bits: 96)
        let translated = Range([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96)
        if mapped.holds(bytes) || translated.holds(bytes) {
            return NetworkAddress(bytes: (12..<16).lazy.map { bytes[$0] })
        }
        if Range([0x20, 0x02], bits: 16).holds(bytes) {
            return NetworkAddress(bytes: (2..<6).lazy.map { bytes[$0] })
        }
        return nil
    }

    private struct Range {
        let prefix: [UInt8]
        let bits: Int

        init(_ prefix: [UInt8], bits: Int) {
            self.prefix = prefix
            self.bits = bits
        }

        func holds(_ bytes: SIMD16<UInt8>) -> Bool {
            let whole = bits / 8
            for place in 0..<whole where bytes[place] != prefix[place] { return false }
            let rest = bits % 8
            guard rest > 0 else { return true }
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> rest)
            return bytes[whole] & mask == prefix[whole] & mask
        }
    }

    private static let privateIPv4: [Range] = [
        Range([0], bits: 8), Range([10], bits: 8), Range([100, 64], bits: 10),
        Range([127], bits: 8), Range([169, 254], bits: 16), Range([172, 16], bits: 12),
        Range([192, 0, 0], bits: 24), Range([192, 0, 2], bits: 24),
        Range([192, 88, 99], bits: 24), Range([192, 168], bits: 16),
        Range([198, 18], bits: 15), Range([198, 51, 100], bits: 24),
        Range([203, 0, 113], bits: 24), Range([224], bits: 4), Range([240], bits: 4),
    ]

    /// The first holds ::, ::1 and the long obsolete "IPv4-compatible" addresses.
    private static let privateIPv6: [Range] = [
        Range([UInt8](repeating: 0, count: 12), bits: 96),
        Range([0, 0x64, 0xFF, 0x9B, 0, 1], bits: 48),
        Range([1, 0, 0, 0, 0, 0, 0, 0], bits: 64), Range([0x20, 0x01, 0], bits: 23),
        Range([0x20, 0x01, 0x0D, 0xB8], bits: 32), Range([0xFC], bits: 7),
        Range([0xFE, 0x80], bits: 10), Range([0xFE, 0xC0], bits: 10), Range([0xFF], bits: 8),
    ]
}
