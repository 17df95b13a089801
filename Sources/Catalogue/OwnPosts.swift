/// Which addresses are posts that we sent: one of them in a feed is no finish (PRODUCT section 6), or
/// every announcement would be announced in turn.
public struct OwnPosts: Sendable {
    private var addresses: Set<String> = []
    /// Ids of posts, wherever a feed says they are: bridges and handles change the rest of an address.
    private var names: Set<String> = []
    /// Of posts whose address nobody knows yet.
    public private(set) var unplaced: [String] = []

    /// Shorter ones could be anybody's; X, Mastodon and Bluesky count in 13 to 26 characters.
    private static let nameBytesMin = 10

    public init(_ state: State) {
        for one in state.announcements where one.attempts > 0 || !one.url.isEmpty {
            for text in [one.post, one.url] where !text.isEmpty {
                addresses.insert(text)
                add(OwnPosts.name(in: text))
            }
            // Where we choose the name, it is known before the post is.
            if one.network == "bluesky" { add(one.key) }
            if one.post.isEmpty, !one.text.isEmpty { unplaced.append(one.text) }
        }
    }

    private mutating func add(_ name: String) {
        if name.utf8.count >= OwnPosts.nameBytesMin { names.insert(name) }
    }

    /// - Parameter text: an entry's id or address.
    public func contains(_ text: String?) -> Bool {
        guard let text, !text.isEmpty else { return false }
        return addresses.contains(text) || names.contains(OwnPosts.name(in: text))
    }

    /// The last part of a path, without what may follow it.
    private static func name(in address: String) -> String {
        let path = address.prefix { $0 != "?" && $0 != "#" }
        return path.split(separator: "/").last.map(String.init) ?? ""
    }
}
