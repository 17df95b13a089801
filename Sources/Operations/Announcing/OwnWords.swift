import Catalogue
import Formats
import Publishing
import Services

/// What we said ourselves, met again in a feed: no finish (PRODUCT section 6).
struct OwnWords {
    static let reason = "our own words: a post we sent, or an entry of our own feed"

    private let posts: OwnPosts
    /// Texts that were posted, or may have been, nobody knows where; and between when.
    private let unplaced: [(text: String, from: Instant, to: Instant)]

    private static let daySeconds: Int64 = 86_400
    /// What a person posted longer ago has long been read back.
    private static let handSeconds = 30 * daySeconds

    init(_ state: State, now: Instant) {
        posts = OwnPosts(state)
        lazy var wording = try? Wording(state.configuration)
        unplaced = state.announcements.compactMap { one in
            guard one.mayBeAnywhere else { return nil }
            var text = one.text
            if text.isEmpty, now.seconds - one.changed.seconds < Self.handSeconds,
                let standing = state.finish(withKey: one.finish.text)
            {
                text = wording?.post(for: standing, network: one.network).text ?? ""
            }
            guard !text.isEmpty else { return nil }
            return (
                PostText.normal(text), one.since.adding(seconds: -Self.daySeconds),
                one.changed.adding(seconds: Self.daySeconds)
            )
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
        if !isFinish, addresses.contains(where: { OwnPosts.isPost($0) }), saysWhatWasPosted(sighting) { return true }
        return isOutput(sighting.entry, state)
    }

    /// A post of the same words, of the days in which ours left. Words alone prove nothing: a blog of books has the
    /// titles that we announce, and the same words mean another finish a year later.
    private func saysWhatWasPosted(_ sighting: Sighting) -> Bool {
        let possible = unplaced.filter { one in
            sighting.logged.map { one.from <= $0 && $0 <= one.to } ?? true
        }
        guard !possible.isEmpty else { return false }
        return sighting.stated.contains { element in
            let text = PostText.normal(PostText.plain(element.text))
            return possible.contains { $0.text == text }
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
