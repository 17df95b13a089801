/// HMAC (RFC 2104) over the two hashes that signatures ask for; both have blocks of 64 bytes.
public enum HMAC {
    public static func sha1(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        keyed(key, message, SHA1.digest)
    }

    public static func sha256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        keyed(key, message, SHA256.digest)
    }

    private static func keyed(
        _ key: [UInt8], _ message: [UInt8], _ hash: ([UInt8]) -> [UInt8]
    ) -> [UInt8] {
        var block = key.count > 64 ? hash(key) : key
        block.append(contentsOf: [UInt8](repeating: 0, count: 64 - block.count))
        let inner = hash(block.map { $0 ^ 0x36 } + message)
        return hash(block.map { $0 ^ 0x5C } + inner)
    }
}
