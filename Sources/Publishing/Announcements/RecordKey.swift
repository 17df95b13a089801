public import Formats

/// The name of a record in an AT Protocol repository (TID): 53 bits of microseconds since 1970 and 10 of
/// a clock's number, thirteen digits of an alphabet that sorts as the numbers do.
public enum RecordKey {
    private static let digits = Array("234567abcdefghijklmnopqrstuvwxyz".utf8)

    public static func text(microseconds: Int64, clock: Int) -> String {
        let time = UInt64(clamping: microseconds) & (1 << 53 - 1)
        let value = time << 10 | UInt64(clock & 1023)
        var text: [UInt8] = []
        for place in 0..<13 { text.append(digits[Int(value >> UInt64(60 - 5 * place) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }

    public static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 13, let first = digits.firstIndex(of: bytes[0]), first < 16 else {
            return false
        }
        return bytes.allSatisfy { digits.contains($0) }
    }

    /// A key for what became owed at `queued`: the same in every run, because it follows from the name
    /// alone, and another one than those in `taken`.
    public static func make(for name: String, queued: Instant, taken: [String]) -> String {
        let digest = SHA256.digest(Array(name.utf8))
        let number = Int64(digest[0]) << 24 | Int64(digest[1]) << 16 | Int64(digest[2]) << 8 | Int64(digest[3])
        let clock = Int(digest[4]) << 2 | Int(digest[5]) & 3
        var microseconds = max(0, queued.seconds) * 1_000_000 + number % 1000
        while taken.contains(text(microseconds: microseconds, clock: clock)) { microseconds += 1 }
        return text(microseconds: microseconds, clock: clock)
    }
}
