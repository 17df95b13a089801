import Catalogue
import Formats
import Publishing
import Services

/// What we said ourselves, met again in a feed: no finish (PRODUCT section 6).
struct OwnWords {
    static let reason = "our own words: a post we sent, or an entry of our own feed"

    private let posts: OwnPosts
    private let said: [Said]

    /// A text that was posted, or may have been: its words tell it where its address does not.
    private struct Said {
        var text: String
        /// Between which it left.
        var from: Instant
        var to: Instant
        /// Where it is; empty: nobody knows.
        var host: String
        /// Whether it has long been read back.
        var isOld: Bool
    }

    private static let daySeconds: Int64 = 86_400
    /// What was posted longer ago has long been read back.
    private static let oldSeconds = 30 * daySeconds

    init(_ state: State, now: Instant) {
        posts = OwnPosts(state)
        lazy var wording = try? Wording(state.configuration)
        said = state.announcements.compactMap { one in
            guard one.status == .sent || one.mayBeAnywhere else { return nil }
            let isOld = now.seconds - one.changed.seconds >= Self.oldSeconds
            var text = one.text
            // A person posted it by hand, in words that we can only guess.
            if text.isEmpty, !isOld, let standing = state.finish(withKey: one.finish.text) {
                text = wording?.post(for: standing, network: one.network).text ?? ""
            }
            guard !text.isEmpty else { return nil }
            let host = one.url.isEmpty ? "" : WebAddress(one.url)?.host ?? ""
            return Said(
                text: text, from: one.since.adding(seconds: -Self.daySeconds),
                to: one.changed.adding(seconds: Self.daySeconds), host: host, isOld: isOld && !host.isEmpty)
        }
    }

    /// - Parameter state: as it is now. It is not kept: a copy that is held makes the next fact copy all of it.
    func areIn(_ entry: Recognised, _ state: State) -> Bool {
        let sighting = entry.sighting
        var addresses = sighting.stated.filter { ["link", "id", "guid"].contains($0.name) }.map(\.text)
        addresses.append(sighting.entry)
        if let url = sighting.finish.url { addresses.append(url) }
        if addresses.contains(where: { posts.contains($0) }) { return true }
        // What is a finish already stays one, whatever it says now.
        let isFinish = sighting.keys.contains { state.finish(withKey: $0.text) != nil }
        if !isFinish, saysWhatWasPosted(sighting, addresses) { return true }
        return isOutput(sighting.entry, state)
    }

    /// The same words, of the days in which ours left, in what is spelled as a post or stands where ours is: servers
    /// have several addresses for one post, and copy posts to each other. Words alone prove nothing: a blog of books
    /// has the titles that we announce, and the same words mean another finish a year later.
    private func saysWhatWasPosted(_ sighting: Sighting, _ addresses: [String]) -> Bool {
        guard !said.isEmpty else { return false }
        let isPost = addresses.contains { OwnPosts.isPost($0) }
        let hosts = Set(addresses.compactMap { WebAddress($0)?.host })
        let possible = said.filter { one in
            guard isPost || !one.host.isEmpty && hosts.contains(one.host) else { return false }
            return sighting.logged.map { one.from <= $0 && $0 <= one.to } ?? !one.isOld
        }
        guard !possible.isEmpty else { return false }
        let stated = sighting.stated.map { PostText.plain($0.text) }
        let normal = Set(stated.map(PostText.normal))
        let core = Set(stated.map(PostText.core))
        return possible.contains { one in
            let words = PostText.core(one.text)
            return normal.contains(PostText.normal(one.text)) || !words.isEmpty && core.contains(words)
        }
    }

    /// Our feeds name their entries in a way that nobody else does.
    private func isOutput(_ entry: String, _ state: State) -> Bool {
        guard entry.hasPrefix(OwnOutput.idFront) else { return false }
        // The digit that says how it was made: 8, by a rule of our own.
        let version = entry.dropFirst(OwnOutput.idFront.count + 14).first
        guard version == "8" else { return false }
        return state.known.contains { OwnOutput.id(of: $0.id) == entry }
    }
}
