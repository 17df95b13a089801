import Formats

/// Takes out of a text what would let a stranger read a private feed (SERVICES section 1): such
/// feeds are guarded by nothing but their address.
struct Secrets {
    /// Parts of the feed's own address that look like tokens.
    let tokens: [String]

    /// - Parameter address: the feed's; empty where none is known.
    init(address: String) {
        var tokens: [String] = []
        if let address = FeedAddress(address) {
            for part in address.query where Secrets.isSecretName(part.name) {
                tokens.append(part.value)
            }
            let others = address.segments + address.query.map(\.value)
            for part in others {
                // `TOKEN.xml`, `secret:TOKEN`
                for piece in part.split(whereSeparator: { ".:".contains($0) }) {
                    if Secrets.looksLikeToken(String(piece)) { tokens.append(String(piece)) }
                }
            }
        }
        self.tokens = tokens.filter { $0.utf8.count >= 4 }
    }

    /// The text without the tokens of the feed's own address.
    func withoutTokens(_ text: String) -> String {
        var text = text
        for token in tokens where text.utf8.count >= token.utf8.count {
            text = text.split(separator: token, omittingEmptySubsequences: false)
                .joined(separator: "-")
        }
        return text
    }

    /// The same, and without the values of parameters such as `key=` and `slurm=`.
    func cleaned(_ text: String) -> String {
        Secrets.withoutParameters(withoutTokens(text))
    }

    /// Long, and letters and digits mixed, as no word or number is.
    static func looksLikeToken(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= 14 else { return false }
        var digits = 0
        var letters = 0
        for byte in bytes {
            switch byte {
            case 0x30...0x39: digits += 1
            case 0x41...0x5A, 0x61...0x7A: letters += 1
            case UInt8(ascii: "_"), UInt8(ascii: "="): break
            default: return false
            }
        }
        return digits >= 2 && letters >= 2
    }

    static func isSecretName(_ name: String) -> Bool {
        secretNames.contains(name.lowercased())
    }

    private static let secretNames: Set = [
        "key", "slurm", "token", "access_token", "auth", "auth_token", "apikey", "api_key",
        "secret",
        "signature", "sig", "password", "pass", "pwd", "hash", "feed_token", "user_token",
        "private_key",
    ]

    private static func withoutParameters(_ text: String) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "=")) else { return text }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            result.append(byte)
            index += 1
            guard
                byte == UInt8(ascii: "?") || byte == UInt8(ascii: "&") || byte == UInt8(ascii: ";")
            else { continue }
            var end = index
            while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
            guard end < bytes.count, end > index, bytes[end] == UInt8(ascii: "="),
                isSecretName(String(decoding: bytes[index..<end], as: UTF8.self))
            else { continue }
            result.append(contentsOf: bytes[index...end])
            index = end + 1
            while index < bytes.count, isValueByte(bytes[index]) { index += 1 }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private static func isValueByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"),
            UInt8(ascii: ">"), UInt8(ascii: "#"), UInt8(ascii: ")"):
            false
        default: true
        }
    }
}
