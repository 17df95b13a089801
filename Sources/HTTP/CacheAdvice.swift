public import Formats

/// How long an answer may be kept, by what it says of itself. RFC 9111 §4.2.1 and §5.
///
/// `s-maxage` is for shared caches and is not read; nor is `Age`, for asking later is polite.
public struct CacheAdvice: Sendable, Equatable {
    /// `max-age`, the first that is given; one that is no number counts as 0.
    public var maxAgeSeconds: Int64?
    /// `no-cache` or `no-store`; one that names headers forbids keeping those alone (RFC 9111 §5.2.2.4).
    public var forbidsKeeping: Bool
    /// `Expires` less `Date`, 0 when `Expires` has passed or is no date.
    public var expiresSeconds: Int64?
    /// `Expires: 0`: whoever sends it gives validators of no worth (Miniflux).
    public var expiresAtOnce: Bool

    public init(
        maxAgeSeconds: Int64? = nil, forbidsKeeping: Bool = false, expiresSeconds: Int64? = nil,
        expiresAtOnce: Bool = false
    ) {
        self.maxAgeSeconds = maxAgeSeconds
        self.forbidsKeeping = forbidsKeeping
        self.expiresSeconds = expiresSeconds
        self.expiresAtOnce = expiresAtOnce
    }

    /// - Parameter now: when it was received, which counts where it does not say when it was sent (RFC 9110 §6.6.1).
    public init(_ response: Response, now: Instant) {
        self.init()
        for line in response.headers("Cache-Control") {
            for (name, value) in Self.directives(line) { note(name, value) }
        }
        guard let expires = response.header("Expires") else { return }
        expiresAtOnce = expires == "0"
        guard let until = HTTPDate.seconds(expires) else {
            expiresSeconds = 0
            return
        }
        let sent = response.header("Date").flatMap(HTTPDate.seconds) ?? now.seconds
        expiresSeconds = max(0, until - sent)
    }

    /// For how many seconds asking again would be impolite; `nil` when nothing is said.
    /// `max-age` goes before `Expires` (RFC 9111 §5.3).
    public var freshSeconds: Int64? {
        forbidsKeeping ? 0 : maxAgeSeconds ?? expiresSeconds
    }

    private mutating func note(_ name: String, _ value: String?) {
        switch name {
        case "no-cache" where value == nil, "no-store":
            forbidsKeeping = true
        case "max-age" where maxAgeSeconds == nil:
            maxAgeSeconds = Self.deltaSeconds(value ?? "")
        default:
            break
        }
    }

    /// RFC 9111 §1.2.2: what is too large counts as 2^31.
    private static func deltaSeconds(_ text: String) -> Int64 {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return 0 }
        return min(Int64(text) ?? 1 << 31, 1 << 31)
    }

    /// `name`, `name=token` and `name="quoted"`, between commas; names in lower case.
    private static func directives(_ line: String) -> [(name: String, value: String?)] {
        var found: [(name: String, value: String?)] = []
        var name: [UInt8] = []
        var value: [UInt8]?
        var isQuoted = false
        var isEscaped = false
        func close() {
            let name = String(decoding: name.map(\.asciiLowercased), as: UTF8.self)
            if !name.isEmpty {
                found.append((name, value.map { String(decoding: $0, as: UTF8.self) }))
            }
        }
        for byte in line.utf8 {
            if isQuoted {
                if !isEscaped, byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if !isEscaped, byte == UInt8(ascii: "\"") {
                    isQuoted = false
                } else {
                    value?.append(byte)
                    isEscaped = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: ","):
                close()
                name = []
                value = nil
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                continue
            case UInt8(ascii: "\"") where value != nil:
                isQuoted = true
            case UInt8(ascii: "=") where value == nil:
                value = []
            default:
                if value == nil { name.append(byte) } else { value?.append(byte) }
            }
        }
        close()
        return found
    }
}
