/// Which addresses are posts that we sent: one of them in a feed is no finish (PRODUCT section 6), or
/// every announcement would be announced in turn.
public struct OwnPosts: Sendable {
    private var addresses: Set<String> = []
    /// Ids of posts, wherever a feed says they are: bridges and handles change the rest of an address.
    private var names: Set<String> = []

    public init(_ state: State) {
        for one in state.announcements where one.attempts > 0 || !one.url.isEmpty {
            for text in [one.post, one.url, one.uri] where !text.isEmpty {
                addresses.insert(text)
                add(OwnPosts.name(in: text))
            }
            // Where we choose the name, it is known before the post is.
            if one.network == "bluesky" { add(one.key[...]) }
        }
    }

    private mutating func add(_ name: Substring) {
        if OwnPosts.isOfPost(name) || OwnPosts.isUUID(name) { names.insert(String(name)) }
    }

    /// - Parameter text: an entry's id or address.
    public func contains(_ text: String?) -> Bool {
        guard let text, !text.isEmpty else { return false }
        return addresses.contains(text) || names.contains(String(OwnPosts.name(in: text)))
    }

    /// Whether an address is spelled as that of a post of X, Bluesky, or of Mastodon and its kin, whoever serves it:
    /// bridges keep the path.
    public static func isPost(_ address: String) -> Bool {
        let name = name(in: address)
        let path = address[..<name.startIndex]
        if path.hasSuffix(".feed.post/") { return isOfPost(name) }
        let folders = path.split(separator: "/")
        guard let last = folders.last else { return false }
        switch last {
        case "status", "statuses", "notice": return isOfPost(name)
        case "post": return folders.contains("profile") && isOfPost(name)
        case "objects": return isUUID(name)
        // Shorter ones are an article's at a host of blogs.
        default: return last.hasPrefix("@") && name.utf8.count >= 16 && isOfPost(name)
        }
    }

    /// Networks count in 13 to 26 letters and digits. What a person names is shorter, or words with hyphens.
    private static func isOfPost(_ name: Substring) -> Bool {
        var hasDigit = false
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): break
            default: return false
            }
        }
        return hasDigit && name.utf8.count >= 10
    }

    /// What Pleroma and Akkoma name their posts by.
    private static func isUUID(_ name: Substring) -> Bool {
        name.split(separator: "-").map(\.utf8.count) == [8, 4, 4, 4, 12]
            && name.allSatisfy { $0.isHexDigit || $0 == "-" }
    }

    /// The last part of a path, without what may follow it: what a network calls a post.
    public static func name(in address: String) -> Substring {
        let path = address.prefix { $0 != "?" && $0 != "#" }
        return path.split(separator: "/").last ?? ""
    }
}
