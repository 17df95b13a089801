import Catalogue
import Publishing
import Services

/// What we said ourselves, met again in a feed: no finish (PRODUCT section 6).
struct OwnWords {
    static let reason = "our own words: a post we sent, or an entry of our own feed"

    private let posts: OwnPosts
    /// Texts of posts that left, and of which nobody knows yet where they are.
    private let unplaced: [String]

    init(_ state: State) {
        posts = OwnPosts(state)
        unplaced = posts.unplaced.map { PostText.normal($0) }
    }

    /// - Parameter state: as it is now. It is not kept: a copy that is held makes the next fact copy all of it.
    func areIn(_ entry: Recognised, _ state: State) -> Bool {
        let sighting = entry.sighting
        if posts.contains(sighting.entry) || posts.contains(sighting.finish.url) { return true }
        for element in sighting.stated {
            if ["link", "id", "guid"].contains(element.name), posts.contains(element.text) { return true }
            if !unplaced.isEmpty, unplaced.contains(PostText.normal(PostText.plain(element.text))) {
                return true
            }
        }
        return isOutput(sighting.entry, state)
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
