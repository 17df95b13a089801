import Catalogue
import Feeds
import Formats
import Foundation
import Testing
@testable import Services

/// Made-up feeds and exports of every service without a real sample, against what was found in them
/// when a person looked it over. `RECORD_GOLDEN=1` writes the files anew.
@Suite struct GoldenTests {
    struct Feed: Sendable, CustomTestStringConvertible {
        var file: String
        var address: String
        var service: String
        var testDescription: String { file }
    }

    static let feeds = [
        Feed(
            file: "trakt-history.atom",
            address: "https://trakt.tv/users/kim/history.atom?slurm=9f8e7d6c5b4a39281706",
            service: "trakt"),
        Feed(
            file: "myanimelist.xml", address: "https://myanimelist.net/rss.php?type=rw&u=kim",
            service: "myanimelist"),
        Feed(
            file: "backloggd.xml", address: "https://backloggd.com/u/kim/reviews/rss/",
            service: "backloggd"),
        Feed(
            file: "douban.xml", address: "https://www.douban.com/feed/people/kim/interests",
            service: "douban"),
        Feed(
            file: "bangumi.xml", address: "https://bgm.tv/feed/user/kim/interests",
            service: "bangumi"),
        Feed(file: "lastfm.xml", address: "https://lfm.xiffy.nl/kim", service: "lastfm"),
        Feed(file: "oku.xml", address: "https://oku.club/rss/collection/AbCdE", service: "oku"),
        Feed(
            file: "bookwyrm-shelf.xml", address: "https://books.example/user/kim/books/read/rss",
            service: "bookwyrm"),
        Feed(
            file: "bookwyrm-posts.xml", address: "https://books.example/user/kim/rss",
            service: "bookwyrm"),
        Feed(
            file: "neodb.xml", address: "https://neodb.social/users/kim/feed/reviews/",
            service: "neodb"),
        Feed(
            file: "microblog.json", address: "https://kim.micro.blog/feed.json",
            service: "microblog"),
        Feed(
            file: "instapaper.xml",
            address: "https://www.instapaper.com/archive/rss/77/t0k3nT0k3nT0k3n",
            service: "instapaper"),
        Feed(
            file: "wallabag.atom", address: "https://bag.example/feed/kim/tOk3nTok3nTok3n9/archive",
            service: "wallabag"),
        Feed(
            file: "feedbin.xml", address: "https://feedbin.com/starred/0a1b2c3d4e5f6a7b.xml",
            service: "feedbin"),
        Feed(
            file: "inoreader.xml",
            address: "https://www.inoreader.com/stream/user/1005/tag/finished", service: "inoreader"),
        Feed(file: "raindrop.xml", address: "https://bg.raindrop.io/rss/public/77", service: "raindrop"),
        Feed(
            file: "hypothesis.atom", address: "https://hypothes.is/stream.atom?user=kim",
            service: "hypothesis"),
        Feed(
            file: "pinboard.rdf", address: "https://feeds.pinboard.in/rss/u:kim/t:read/",
            service: "pinboard"),
        Feed(
            file: "youtube-playlist.atom",
            address: "https://www.youtube.com/feeds/videos.xml?playlist_id=PLkim",
            service: "youtube"),
        Feed(file: "mastodon.xml", address: "https://social.example/@kim.rss", service: "mastodon"),
        Feed(
            file: "bluesky.xml", address: "https://bsky.app/profile/kim.example/rss",
            service: "bluesky"),
        Feed(
            file: "rateyourmusic.xml", address: "https://rateyourmusic.com/~kim/data/rss",
            service: "rateyourmusic"),
    ]

    @Test(arguments: feeds)
    func `a feed means what its golden file says`(feed: Feed) throws {
        let reading = try Fixture.read("services/" + feed.file, address: feed.address)
        #expect(reading.service == feed.service)
        #expect(reading.why == "address")
        try compare(reading, "services/golden/" + feed.file + ".json")
    }

    static let exports = [
        ("letterboxd", "letterboxd/diary.csv"), ("letterboxd", "letterboxd/reviews.csv"),
        ("letterboxd", "letterboxd/watched.csv"), ("letterboxd", "letterboxd/watchlist.csv"),
        ("letterboxd", "letterboxd/films.csv"), ("letterboxd", "letterboxd/deleted/diary.csv"),
        ("goodreads", "goodreads.csv"), ("storygraph", "storygraph.csv"),
        ("librarything", "librarything.tsv"), ("myanimelist", "myanimelist.xml"),
        ("imdb", "imdb.csv"), ("trakt", "trakt.json"), ("instapaper", "instapaper.csv"),
        ("pocket", "pocket.csv"), ("rateyourmusic", "rateyourmusic.csv"),
        ("bookwyrm", "bookwyrm.csv"), ("grouvee", "grouvee.csv"), ("csv", "plain.csv"),
    ]

    @Test(arguments: exports)
    func `an export means what its golden file says`(service: String, file: String) throws {
        let bytes = try Fixture.bytes("services/exports/" + file)
        let reading = try Services.readExport(bytes, service: service, fileName: file)
        let name = file.split(separator: "/").joined(separator: "-")
        try compare(reading, "services/golden/export-\(name).json")
    }

    private func compare(_ reading: Reading, _ golden: String) throws {
        let bytes = JSONWriter.indented(reading.conformance)
        let place = Fixture.folder.appendingPathComponent(golden)
        if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
            try Data(bytes).write(to: place)
        }
        let wanted = [UInt8](try Data(contentsOf: place))
        #expect(String(decoding: bytes, as: UTF8.self) == String(decoding: wanted, as: UTF8.self))
    }
}
