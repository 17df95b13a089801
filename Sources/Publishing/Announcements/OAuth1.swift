public import HTTP
import Formats

/// Signs requests as OAuth 1.0a wants it (RFC 5849 section 3.4, `specs/x-posting.md` section 3a), with
/// HMAC-SHA1 and the four secrets that X gives an app's owner.
public struct OAuth1: Equatable, Sendable {
    private let consumerKey: String
    private let consumerSecret: String
    private let token: String
    private let tokenSecret: String

    public init(consumerKey: String, consumerSecret: String, token: String, tokenSecret: String) {
        self.consumerKey = consumerKey
        self.consumerSecret = consumerSecret
        self.token = token
        self.tokenSecret = tokenSecret
    }

    /// A name and a value, neither of them encoded.
    struct Parameter {
        var name: String
        var value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The value of `Authorization`.
    ///
    /// - Parameters:
    ///   - nonce: letters and digits that no other request of this second has.
    ///   - timestamp: seconds since 1970; a stale one is refused.
    public func authorization(
        _ method: HTTP.Method, _ address: String, nonce: String, timestamp: Int64
    ) -> String {
        var parameters = self.parameters(nonce: nonce, timestamp: timestamp)
        let signature = self.signature(method.rawValue, address, parameters)
        parameters.append(Parameter("oauth_signature", signature))
        parameters.sort { $0.name < $1.name }
        return "OAuth "
            + parameters.map { parameter in
                parameter.name + "=\"" + PercentEncoding.encoded(parameter.value) + "\""
            }.joined(separator: ", ")
    }

    func parameters(nonce: String, timestamp: Int64, version: String? = "1.0") -> [Parameter] {
        var parameters = [
            Parameter("oauth_consumer_key", consumerKey), Parameter("oauth_nonce", nonce),
            Parameter("oauth_signature_method", "HMAC-SHA1"),
            Parameter("oauth_timestamp", String(timestamp)), Parameter("oauth_token", token),
        ]
        if let version { parameters.append(Parameter("oauth_version", version)) }
        return parameters
    }

    /// - Parameters:
    ///   - address: its query is signed with the rest.
    ///   - form: the fields of a form body; a body of JSON contributes nothing.
    func signature(
        _ method: String, _ address: String, _ parameters: [Parameter], form: [Parameter] = []
    ) -> String {
        let base = baseString(method, address, parameters + form)
        let key = PercentEncoding.encoded(consumerSecret) + "&" + PercentEncoding.encoded(tokenSecret)
        return Base64.text(HMAC.sha1(key: Array(key.utf8), Array(base.utf8)))
    }

    func baseString(_ method: String, _ address: String, _ parameters: [Parameter]) -> String {
        var place = address
        var all = parameters
        if let mark = address.firstIndex(of: "?") {
            place = String(address[..<mark])
            let query = address[address.index(after: mark)...].prefix { $0 != "#" }
            for pair in query.split(separator: "&") {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                all.append(
                    Parameter(OAuth1.decoded(parts[0]), parts.count > 1 ? OAuth1.decoded(parts[1]) : ""))
            }
        }
        let pairs = all.map {
            (name: PercentEncoding.encoded($0.name), value: PercentEncoding.encoded($0.value))
        }.sorted { left, right in
            left.name == right.name
                ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                : left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
        }
        let text = pairs.map { $0.name + "=" + $0.value }.joined(separator: "&")
        return [method.uppercased(), OAuth1.plain(place), text]
            .map { PercentEncoding.encoded($0) }.joined(separator: "&")
    }

    private static func decoded(_ text: Substring) -> String {
        PercentEncoding.decoded(String(text).replacing("+", with: " "))
    }

    /// Scheme and host in lower case, and no port that the scheme implies (RFC 5849 section 3.4.1.2).
    private static func plain(_ address: String) -> String {
        guard let parsed = WebAddress(address), let host = parsed.host else { return address }
        let implied = parsed.scheme == "https" ? 443 : 80
        let port = parsed.port.flatMap { $0 == implied ? nil : ":\($0)" } ?? ""
        return parsed.scheme + "://" + host + port + (parsed.path.isEmpty ? "/" : parsed.path)
    }
}

/// RFC 4648 section 4, with padding.
enum Base64 {
    static func text(_ bytes: [UInt8]) -> String {
        let digits = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = 0
            for place in 0..<3 {
                bits = bits << 8 | (place < group.count ? Int(group[start + place]) : 0)
            }
            for place in 0..<4 {
                let isPadding = place > group.count
                text.append(isPadding ? UInt8(ascii: "=") : digits[bits >> (18 - 6 * place) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
