/// Two lower-case digits a byte.
public func hex(_ bytes: [UInt8]) -> String {
    let text = [UInt8](capacity: bytes.count * 2) { text in
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
    }
    return String(decoding: text, as: UTF8.self)
}

private func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x57 &+ value }

/// The bytes of lower-case hexadecimal digits; `nil` for anything else, upper case included, because
/// what we write has one form only.
public func bytes(hex text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
        guard !(0x41...0x5A).contains(digits[index]), !(0x41...0x5A).contains(digits[index + 1]),
            let high = hexadecimalDigit(digits[index]), let low = hexadecimalDigit(digits[index + 1])
        else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes
}
