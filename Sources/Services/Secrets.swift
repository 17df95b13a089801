import Catalogue
import Formats

/// Takes out of a text what would let a stranger read a private feed (SERVICES section 1): such
/// feeds are guarded by nothing but their address.
struct Secrets {
    /// Parts of the addresses that look like tokens, each as an address and as a text spells it; the longest first.
    let tokens: [String]
    private let needles: [Needle]
    /// Bytes with which a token begins: most of a text is passed over by looking here.
    private let starts: [Bool]

    private struct Needle {
        var bytes: [UInt8]
        /// Short, or of small letters alone: that may be a word of a title, so it is taken out only where an
        /// address would hold it, after `=` or `/`.
        var mayBeWord: Bool
    }

    /// - Parameter address: the feed's; empty where none is known.
    init(address: String) { self.init(addresses: [address]) }

    /// - Parameters:
    ///   - addresses: the feed's as it is configured, and all to which it led.
    ///   - isPrivate: whether the person keeps the address apart from what is shown to others.
    init(addresses: [String], isPrivate: Bool = false) {
        var tokens: [String] = []
        func add(_ token: String) {
            for spelling in [token, PercentEncoding.decoded(token)]
            where spelling.utf8.count >= 4 && !tokens.contains(spelling) {
                tokens.append(spelling)
            }
        }
        for text in addresses {
            guard let address = FeedAddress(text) else { continue }
            // As it is spelt: a token may hold what an address has to encode.
            for part in WebAddress(text)?.query?.split(whereSeparator: { "&;".contains($0) }) ?? [] {
                let halves = part.split(separator: "=", maxSplits: 1)
                if halves.count > 1, Secrets.isSecretName(String(halves[0])) { add(String(halves[1])) }
            }
            if let token = Secrets.pathToken(of: address) { add(token) }
            // `?TOKEN` has no name.
            for part in address.segments + address.query.map({ $0.value.isEmpty ? $0.name : $0.value }) {
                // `TOKEN.xml`, `secret:TOKEN`
                for piece in [part[...]] + part.split(whereSeparator: { ".:".contains($0) }) {
                    let piece = String(piece)
                    if Secrets.looksLikeToken(piece) || isPrivate && Secrets.mayBeToken(piece) { add(piece) }
                }
            }
        }
        self.tokens = tokens.sorted { $0.utf8.count > $1.utf8.count }
        needles = self.tokens.map { token in
            let bytes = Array(token.utf8)
            let isPlain = bytes.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") }
            return Needle(bytes: bytes, mayBeWord: bytes.count < 8 || isPlain && bytes.count < 14)
        }
        var starts = [Bool](repeating: false, count: needles.isEmpty ? 0 : 256)
        for needle in needles { starts[Int(needle.bytes[0])] = true }
        self.starts = starts
    }

    /// The text without the tokens of the feed's own addresses.
    func withoutTokens(_ text: String) -> String {
        guard !needles.isEmpty else { return text }
        let bytes = text.utf8Span.span
        var cleaned: [UInt8] = []
        var kept = 0
        var index = 0
        while index < bytes.count {
            guard starts[Int(bytes[index])], let length = tokenLength(in: bytes, at: index) else {
                index += 1
                continue
            }
            for place in kept..<index { cleaned.append(bytes[place]) }
            cleaned.append(UInt8(ascii: "-"))
            index += length
            kept = index
        }
        if kept == 0 { return text }
        for place in kept..<index { cleaned.append(bytes[place]) }
        return String(decoding: cleaned, as: UTF8.self)
    }

    private func tokenLength(in bytes: Span<UInt8>, at index: Int) -> Int? {
        for needle in needles where matches(needle.bytes, bytes, index) {
            if !needle.mayBeWord { return needle.bytes.count }
            let before = index > 0 ? bytes[index - 1] : 0
            if before == UInt8(ascii: "=") || before == UInt8(ascii: "/") { return needle.bytes.count }
        }
        return nil
    }

    private func matches(_ token: [UInt8], _ bytes: Span<UInt8>, _ index: Int) -> Bool {
        guard bytes.count - index >= token.count else { return false }
        for place in token.indices where bytes[index + place] != token[place] { return false }
        return true
    }

    /// The same, and without the values of parameters such as `key=` and `slurm=`.
    func cleaned(_ text: String) -> String {
        Secrets.withoutParameters(withoutTokens(text))
    }

    /// A sighting without the tokens, wherever its entry repeated them.
    func cleaned(_ finish: Finish) -> Finish {
        guard !needles.isEmpty else { return finish }
        var finish = finish
        finish.title = withoutTokens(finish.title)
        finish.creator = finish.creator.map(withoutTokens)
        finish.review = finish.review.map(withoutTokens)
        finish.url = finish.url.map(withoutTokens)
        finish.cover = finish.cover.map(withoutTokens)
        finish.identifiers = finish.identifiers.map { Identifier($0.name, withoutTokens($0.value)) }
        return finish
    }

    func cleaned(_ key: Key) -> Key {
        needles.isEmpty ? key : Key(withoutTokens(key.text), rule: key.rule)
    }

    // MARK: what looks like one

    /// Where services put tokens into paths (SERVICES section 8), which may look like nothing in particular.
    private static let paths: [(pattern: String, segment: Int)] = [
        ("instapaper.com/rss/*/*", 2), ("instapaper.com/archive/rss/*/*", 3),
        ("instapaper.com/starred/rss/*/*", 3), ("instapaper.com/folder/*/rss/*/*", 4),
        ("feedbin.com/starred/*", 1), ("feedbin.me/starred/*", 1),
        ("feeds.pinboard.in/rss/secret:*/**", 1),
    ]
    /// wallabag is at home on any host, where such a path may be another's.
    private static let pathsAnywhere: [(pattern: String, segment: Int)] =
        ["archive", "unread", "starred", "all", "tags"].map { ("*/feed/*/*/" + $0 + "/**", 2) }

    private static func pathToken(of address: FeedAddress) -> String? {
        func token(_ segment: Int) -> String {
            var token = address.segments[segment][...]
            if token.hasPrefix("secret:") { token = token.dropFirst("secret:".count) }
            return String(token.prefix { $0 != "." })
        }
        for (pattern, segment) in paths where address.matches(pattern) { return token(segment) }
        for (pattern, segment) in pathsAnywhere where address.matches(pattern) {
            if mayBeToken(token(segment)) { return token(segment) }
        }
        return nil
    }

    /// Where a token is to be expected: of two kinds of signs among digits, capitals and small letters, or
    /// longer than words are.
    private static func mayBeToken(_ text: String) -> Bool {
        var kinds: Set<Int> = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39: kinds.insert(0)
            case 0x41...0x5A: kinds.insert(1)
            case 0x61...0x7A: kinds.insert(2)
            case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "="), UInt8(ascii: "+"): break
            default: return false
            }
        }
        return text.utf8.count >= 8 && kinds.count >= 2 || text.utf8.count >= 20
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
        let name = name.lowercased()
        return secretNames.contains(name) || secretEnds.contains { name.hasSuffix($0) }
    }

    private static let secretNames: Set = [
        "key", "slurm", "token", "access_token", "auth", "auth_token", "apikey", "api_key",
        "secret",
        "signature", "sig", "password", "pass", "pwd", "hash", "feed_token", "user_token",
        "private_key",
    ]
    private static let secretEnds = ["_key", "-key", "_token", "-token", "_secret", "-secret"]

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
