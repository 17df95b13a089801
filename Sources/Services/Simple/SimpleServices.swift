import Catalogue
import Formats

/// The services that a row describes (SERVICES sections 1, 8 and 9).
enum SimpleServices {
    static let rows: [any Service] = reading + books + others

    private static let reading = [
        SimpleService(
            name: "instapaper", displayName: "Instapaper",
            exportHint: "Instapaper: Settings → Export → Download .CSV file",
            feeds: [
                "instapaper.com/archive/rss/**", "instapaper.com/starred/rss/**",
                "instapaper.com/folder/*/rss/**", "instapaper.com/rss/**",
            ],
            signs: [.title("Instapaper: ")], kind: .article,
            counting: .chosen(
                addresses: [
                    "instapaper.com/archive/rss/**", "instapaper.com/starred/rss/**",
                    "instapaper.com/folder/*/rss/**",
                ], titles: ["Instapaper: Archive"]),
            // No guid; and so the archive's export meets the feed.
            key: .link(noun: "article")),
        // `updated` moves with every tag, `published` is when it was saved: neither is the reading.
        SimpleService(
            name: "wallabag", displayName: "wallabag",
            exportHint: "wallabag: Archive → Export → CSV or JSON",
            feeds: [
                "*/feed/*/*/archive/**", "*/feed/*/*/unread/**", "*/feed/*/*/starred/**",
                "*/feed/*/*/all/**",
            ],
            signs: [.idFront("wallabag:")], kind: .article,
            counting: .chosen(
                addresses: ["*/feed/*/*/archive/**", "*/feed/*/*/starred/**"],
                titles: ["wallabag - archive feed", "wallabag — archive feed"]),
            finishing: .untold, key: .id(noun: "entry", mark: "wallabag:"), escapesTitle: true),
        // `pubDate` is the article's own.
        SimpleService(
            name: "feedbin", displayName: "Feedbin", feeds: ["feedbin.com/starred/*.xml"],
            signs: [.idFront("https://feedbin.me/entries/")], kind: .article,
            counting: .chosen(addresses: ["feedbin.com/starred/*.xml"]), finishing: .untold,
            key: .id(noun: "entry", mark: "feedbin.me/entries/")),
        SimpleService(
            name: "inoreader", displayName: "Inoreader",
            feeds: ["inoreader.com/stream/user/*/tag/**", "*/inoreader/rss/*/*"], kind: .article,
            counting: .chosen(
                addresses: ["inoreader.com/stream/user/*/tag/**", "*/inoreader/rss/*/*"]),
            finishing: .untold),
        SimpleService(
            name: "pinboard", displayName: "Pinboard",
            exportHint: "Pinboard: Settings → Backup → JSON",
            feeds: ["feeds.pinboard.in/rss/**"], signs: [.linkHost("pinboard.in")], kind: .article,
            counting: .chosen(
                addresses: [
                    "feeds.pinboard.in/rss/u:*/t:*/**", "feeds.pinboard.in/rss/secret:*/u:*/t:*/**",
                ]),
            idElement: "identifier", key: .id(noun: "bookmark", mark: "/b:"),
            page: (
                "pinboard.in/u:*/t:*",
                { "https://feeds.pinboard.in/rss/" + $0.segments.joined(separator: "/") + "/" }
            )),
        SimpleService(
            name: "raindrop", displayName: "Raindrop.io",
            exportHint: "Raindrop.io: Settings → Backups → CSV",
            feeds: ["bg.raindrop.io/rss/public/*"], kind: .article,
            counting: .chosen(addresses: ["bg.raindrop.io/rss/public/*"])),
        // An entry is an annotation, several of one page: the page is what is read, so its link is
        // the name that matters, and a rule must say which.
        SimpleService(
            name: "hypothesis", displayName: "Hypothesis",
            feeds: ["hypothes.is/stream.atom?user", "hypothes.is/stream.rss?user"],
            signs: [.idFront("tag:hypothes.is")], kind: .article,
            counting: .chosen(addresses: []), finishing: .untold,
            page: (
                "hypothes.is/users/*",
                {
                    "https://hypothes.is/stream.atom?user="
                        + PercentEncoding.encoded($0.segments[1])
                }
            )),
        SimpleService(
            name: "shaarli", displayName: "Shaarli", feeds: ["*/**?do&searchtags"],
            signs: [.permalinkQuery], kind: .article,
            counting: .chosen(addresses: ["*/**?do&searchtags"])),
    ]

    private static let books = [
        // Here alone `dc:creator` is the author (SERVICES section 8).
        SimpleService(
            name: "oku", displayName: "Oku", feeds: ["oku.club/rss/collection/*"],
            signs: [.linkHost("oku.club")], kind: .book, counting: .every, creating: .author,
            page: nil),
        SimpleService(
            name: "librarything", displayName: "LibraryThing",
            exportHint: "LibraryThing: More → Import/Export → Export as tab-delimited text",
            feeds: ["librarything.com/rss/recent/*", "librarything.com/rss/reviews/*"],
            signs: [.linkHost("librarything.com")], kind: .book,
            counting: .chosen(addresses: []), isFromMemory: true),
    ]

    private static let others = [
        // `published` is the upload; when it was watched is not told.
        SimpleService(
            name: "youtube", displayName: "YouTube",
            feeds: [
                "youtube.com/feeds/videos.xml?playlist_id", "youtube.com/feeds/videos.xml",
                "*/youtube/playlist/*/**",
            ],
            signs: [.idFront("yt:video:")],
            counting: .chosen(
                addresses: [
                    "youtube.com/feeds/videos.xml?playlist_id", "*/youtube/playlist/*/**",
                ]),
            finishing: .untold, creating: .author, key: .id(noun: "video", mark: "yt:video:"),
            identifier: ("youtubeVideo", "videoId"),
            page: (
                "youtube.com/playlist?list",
                {
                    $0.value(of: "list").map {
                        "https://www.youtube.com/feeds/videos.xml?playlist_id="
                            + PercentEncoding.encoded($0)
                    }
                }
            ))
    ]
}
