public import Catalogue
import Formats

/// `pending-tweets.json` (PRODUCT section 8): all announcements still owed, oldest first, for scripts and
/// for people who post by hand. What is on its way, or may have arrived, is not among them: whoever posted
/// it from here would post it twice. `tweets` and `status` have it.
public enum PendingTweets {
    /// Fails only for a person's template.
    public static func render(_ state: State) throws(PageError) -> [UInt8] {
        let wording = try Wording(state.configuration)
        var pending: [JSONValue] = []
        for announcement in state.outbox where announcement.status != .attempted {
            guard let standing = state.finish(withKey: announcement.finish.text) else { continue }
            pending.append(json(announcement, wording.post(of: announcement, for: standing, in: state), state))
        }
        return JSONWriter.indented(
            .object([
                JSONMember("format", .integer(1)),
                JSONMember("pending", .array(pending)),
            ]))
    }

    private static func json(
        _ announcement: Announcement, _ worded: Wording.Post, _ state: State
    ) -> JSONValue {
        return .object([
            JSONMember("id", .string(announcement.id)),
            JSONMember("network", .string(announcement.network)),
            JSONMember("text", .string(worded.text)),
            JSONMember("weighted_length", .integer(Int64(worded.weightedLength))),
            JSONMember("finish", .string(announcement.finish.text)),
            JSONMember("since", .string(announcement.since.description)),
            JSONMember("not_before", .string(state.notBefore(announcement).description)),
            JSONMember("intent_url", .string(intentAddress(worded.text, announcement.network))),
        ])
    }

    /// A page of the network with the text filled in: posting by hand needs one click and no credentials.
    static func intentAddress(_ text: String, _ network: String) -> String {
        let encoded = PercentEncoding.encoded(text)
        return switch network {
        case "bluesky": "https://bsky.app/intent/compose?text=" + encoded
        case "mastodon": "https://share.joinmastodon.org/#text=" + encoded
        default: "https://x.com/intent/post?text=" + encoded
        }
    }
}
