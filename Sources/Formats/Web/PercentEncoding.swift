/// Percent-encoding (RFC 3986 section 2).
public enum PercentEncoding {
    /// Everything but the unreserved characters `A-Z a-z 0-9 - . _ ~` becomes `%XX`, a UTF-8 byte each,
    /// upper-case digits; a space is `%20`. So RFC 5849 section 3.6 wants it, and so it is safe in a query.
    public static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default:
                bytes.append(contentsOf: [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Each `%XX` becomes its byte; what is no escape stays; what is no UTF-8 then is repaired.
    public static func decoded(_ text: String) -> String {
        let source = Array(text.utf8)
        var bytes: [UInt8] = []
        var index = 0
        while index < source.count {
            if source[index] == 0x25, index + 2 < source.count,
                let high = hexadecimalDigit(source[index + 1]),
                let low = hexadecimalDigit(source[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension PercentEncoding {
    /// As `encoded`, but slashes stay: a path of a file as an address may hold it.
    public static func encodedPath(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { encoded(String($0)) }.joined(separator: "/")
    }
}
