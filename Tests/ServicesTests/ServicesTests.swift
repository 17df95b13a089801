import Catalogue
import Feeds
import Formats
import Testing
@testable import Services

@Suite struct ServicesTests {
    @Test func `every service has one name, a name for people, and a room or an export`() {
        let names = Services.names
        #expect(Set(names).count == names.count)
        for name in names { #expect(Services.displayName(name) != nil) }
        #expect(Services.displayName("nothing") == nil)
        #expect(
            Services.exportHint("goodreads")
                == "Goodreads: My Books → Import and export → Export library")
        #expect(Services.exportHint("mastodon") == nil)
    }

    @Test(
        arguments: [
            ("https://letterboxd.com/kim/rss/", "letterboxd"),
            ("https://www.goodreads.com/user/updates_rss/12", "goodreads"),
            ("https://rsshub.example/bangumi.tv/user/collections/kim/2/2", "bangumi"),
            ("https://rsshub.example/lastfm/recent/kim", "lastfm"),
            ("https://rsshub.example/letterboxd/kim/watchlist", "letterboxd"),
            ("https://bsky.app/profile/kim.example/rss", "bluesky"),
            ("https://social.example/@kim/tagged/books.rss", "mastodon"),
            ("https://blog.example/feed.xml", nil), ("file:feeds/x.xml", nil),
            ("not an address", nil),
        ] as [(String, String?)])
    func `an address alone can tell`(address: String, service: String?) {
        #expect(Services.service(ofAddress: address) == service)
    }

    @Test(
        arguments: [
            (
                "https://myanimelist.net/profile/kim",
                "https://myanimelist.net/rss.php?type=rw&u=kim"
            ),
            ("https://backloggd.com/u/kim/", "https://backloggd.com/u/kim/reviews/rss/"),
            (
                "https://www.douban.com/people/kim/",
                "https://www.douban.com/feed/people/kim/interests"
            ),
            ("https://bgm.tv/user/kim", "https://bgm.tv/feed/user/kim/interests"),
            ("https://pinboard.in/u:kim/t:read/", "https://feeds.pinboard.in/rss/u:kim/t:read/"),
            (
                "https://www.youtube.com/playlist?list=PLx",
                "https://www.youtube.com/feeds/videos.xml?playlist_id=PLx"
            ),
            ("https://bookwyrm.social/user/kim", "https://bookwyrm.social/user/kim/books/read/rss"),
            ("https://bsky.app/profile/kim.example", "https://bsky.app/profile/kim.example/rss"),
            ("https://social.example/@kim", "https://social.example/@kim.rss"),
            ("https://blog.example/about", nil),
        ] as [(String, String?)])
    func `a person's page leads to their feed`(page: String, feed: String?) {
        #expect(Services.profile(page)?.address == feed)
    }

    @Test func `no token of an address reaches a sighting`() throws {
        for feed in GoldenTests.feeds where Services.holdsSecret(feed.address) {
            let reading = try Fixture.read("services/" + feed.file, address: feed.address)
            for token in Secrets(address: feed.address).tokens {
                #expect(!"\(reading)".contains(token), "\(feed.file)")
            }
        }
        let secret = GoldenTests.feeds.filter { Services.holdsSecret($0.address) }.map(\.service)
        #expect(secret == ["trakt", "instapaper", "wallabag", "feedbin"])
    }

    @Test(arguments: [
        ("https://x.example/a?key=abc&b=1", "https://x.example/a?key=&b=1"),
        (
            "<a href=\"https://x.example/?slurm=abc\">x</a>",
            "<a href=\"https://x.example/?slurm=\">x</a>"
        ),
        ("https://x.example/a?b=1&amp;token=abc#d", "https://x.example/a?b=1&amp;token=#d"),
        ("a monkey=3 and key=4", "a monkey=3 and key=4"),
        ("https://x.example/?monkey=1", "https://x.example/?monkey=1"),
        ("https://x.example/?feed_key=1;secret-token=2", "https://x.example/?feed_key="),
        ("https://x.example/?a=1;secret-token=2&b=3", "https://x.example/?a=1;secret-token=&b=3"),
    ])
    func `secret parameters lose their values`(text: String, cleaned: String) {
        #expect(Secrets(address: "").cleaned(text) == cleaned)
    }

    @Test(arguments: [
        ("https://bag.example/feed/me/KZqYzXsPjYxYbQw/archive/2", ["KZqYzXsPjYxYbQw"]),
        ("https://bag.example/feed/me/KZqYzXsPjYxYbQw/tags/read", ["KZqYzXsPjYxYbQw"]),
        ("https://blog.example/feed/books/reviews/archive", []),
        ("https://www.instapaper.com/archive/rss/12345/abcdefgh", ["abcdefgh"]),
        ("https://instapaper.com/folder/7/rss/12345/abcdefgh", ["abcdefgh"]),
        ("https://feedbin.com/starred/QwErTyUi.xml", ["QwErTyUi"]),
        ("https://feeds.pinboard.in/rss/secret:abcdef/u:me/t:read/", ["abcdef"]),
        ("https://untappd.com/rss/user/me?key=ab%2Bcd%3D%3D", ["ab%2Bcd%3D%3D", "ab+cd=="]),
        ("https://letterboxd.com/me/rss/", []),
        ("https://x.example/feed?a=b;key=QwErTyUi", ["QwErTyUi"]),
        ("https://x.example/feed?my_token=QwErTyUi", ["QwErTyUi"]),
        ("https://x.example/feed?9f8e7d6c5b4a39281706", ["9f8e7d6c5b4a39281706"]),
        ("https://www.goodreads.com/review/list_rss/1234567890?shelf=currently-reading", []),
    ] as [(String, [String])])
    func `services keep tokens where SERVICES says`(address: String, tokens: [String]) {
        #expect(Secrets(address: address).tokens.sorted() == tokens.sorted())
    }

    @Test(arguments: [
        ("https://x.example/feed?key=book", "a book; see https://x.example/book?k=book", "a book; see https://x.example/-?k=-"),
        ("https://x.example/feed?key=a1B2c3D4e5", "xa1B2c3D4e5y a1B2c3D4e", "x-y a1B2c3D4e"),
        ("https://x.example/feed", "nothing of feed", "nothing of feed"),
    ])
    func `a token goes wherever it stands, a word only from addresses`(address: String, text: String, cleaned: String) {
        #expect(Secrets(address: address).withoutTokens(text) == cleaned)
    }

    @Test func `single tracks and episodes count where the settings want them`() throws {
        let tracks = try Fixture.read("services/lastfm.xml", service: "lastfm") {
            $0.count = "track"
        }
        #expect(tracks.finished == [true])
        let episodes = try Fixture.read("services/trakt-history.atom") { $0.count = "episode" }
        #expect(episodes.finished == [true, true, true])
        let finish = episodes.recognised[1].sighting.finish
        #expect(finish.title == "Harbour Nine")
        #expect(finish.season == 1)
        #expect(finish.episode == 5)
    }

    @Test func `what a service does not say, the address or a rule says`() throws {
        let silent = try Fixture.read("services/pinboard.rdf")
        #expect(silent.service == "pinboard")
        #expect(silent.finished == [nil])
        #expect(silent.reasons == ["Pinboard does not say what is finished; [feed.finished] can"])
        let ruled = try Fixture.read("services/pinboard.rdf") { $0.finished.titlePrefix = ["How "] }
        #expect(ruled.finished == [true])
        #expect(ruled.titles == ["bees sleep"])
        #expect(ruled.firstKeys == ["pinboard:bookmark:0a1b2c3d4e5f"])
        let other = try Fixture.read("services/pinboard.rdf") { $0.finished.category = ["none"] }
        #expect(other.finished == [false])
    }

    @Test func `RSSHub's titles have a full-width colon or none`() throws {
        let done = try Fixture.read(
            "services/bangumi.xml",
            address: "https://hub.example/bangumi.tv/user/collections/kim/4/2")
        #expect(done.finished == [true, false, true, false])
        #expect(done.recognised[0].sighting.finish.kind == .game)
    }

    @Test func `pictures and comments are found where each service keeps them`() throws {
        let douban = try Fixture.read("services/douban.xml").recognised[0].sighting.finish
        #expect(douban.cover == "https://img.example/view/subject/l_ratio_poster/990001.jpg")
        #expect(douban.review == "好 &amp; 长")
        let backloggd = try Fixture.read("services/backloggd.xml").recognised[0].sighting.finish
        #expect(backloggd.cover == "https://img.example/cover/5501.jpg")
        let trakt = try Fixture.read("services/trakt-history.atom").recognised[0].sighting.finish
        #expect(trakt.cover == "https://img.example/7001.jpg")
    }
}
