import Feeds
import Formats

/// Every room, in the order in which documents are shown to them: those with signs of their own
/// first.
enum AllServices {
    static let rooms: [any Service] =
        [
            Letterboxd(), Goodreads(), Trakt(), MyAnimeList(), Backloggd(), Douban(), Bangumi(),
            LastFM(), BookWyrm(), NeoDB(), MicroBlog(), RateYourMusic(),
        ] + SimpleServices.rows
        + [Posts.mastodon, Posts.bluesky, generic, GenericFeed(name: "generic")]

    static let generic = GenericFeed()

    static func room(named name: String) -> (any Service)? {
        for room in rooms where room.name == name { return room }
        return nil
    }
}
