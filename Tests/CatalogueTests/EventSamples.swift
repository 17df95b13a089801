import Formats

@testable import Catalogue

/// One event of every type, with every field that it can have.
enum EventSamples {
    static let facts: [Fact] = [
        .configured(configuration),
        .feedAdopted(feed: "films", service: "letterboxd", entries: 50),
        .finished(
            Finished(
                id: FinishID("letterboxd:viewing:1"),
                keys: ["letterboxd:viewing:1", "letterboxd:film:ab"], feed: "films",
                entry: "letterboxd-watch-1", rule: .service, announce: ["x", "mastodon"],
                backfill: "b1", finish: finish,
                stated: [Stated("title", "Ran, 1985"), Stated("category", "a"), Stated("category", "b")])),
        .revised(
            Revision(
                id: FinishID("letterboxd:viewing:1"), keys: ["trakt:play:7"], feed: "films",
                backfill: "b2",
                change: Change(
                    set: [FieldValue(.title, .string("Ran \u{2605}")), FieldValue(.isRepeat, .bool(true))],
                    unset: [.rating, .isRepeat]),
                stated: [Stated("title", "Ran")])),
        .passedOver(
            Passed(
                feed: "films", entry: "letterboxd-list-9", title: "My list", reason: "a list",
                stated: [Stated("guid", "letterboxd-list-9")])),
        .withdrawn(id: FinishID("letterboxd:viewing:1"), feed: "films"),
        .restored(id: FinishID("letterboxd:viewing:1"), feed: "films"),
        .corrected(
            id: FinishID("letterboxd:viewing:1"),
            change: Change(set: [FieldValue(.day, .string("2026-11"))], unset: [.review])),
        .hidden(FinishID("letterboxd:viewing:1")),
        .unhidden(FinishID("letterboxd:viewing:1")),
        .forgotten(FinishID("letterboxd:viewing:1")),
        .backfillUndone("b1"),
        .merged(id: FinishID("trakt:play:8"), into: FinishID("letterboxd:viewing:1"), by: .likeness),
        .coverSaved(
            id: FinishID("letterboxd:viewing:1"),
            cover: SavedCover(
                sha256: String(repeating: "ab", count: 32), mediaType: "image/jpeg", width: 300,
                height: 450)),
    ]
        + FeedCondition.Turn.allCases.map {
            .feedCondition(FeedCondition($0, feed: "films", reason: "404 not found", host: "l.example"))
        }
        + AnnouncementStep.Step.allCases.map {
            .announcement(
                AnnouncementStep(
                    $0, id: FinishID("letterboxd:viewing:1"), network: "x", attempt: 2,
                    text: "Finished Ran", key: "0011", record: "{\"text\":\"Finished Ran\"}",
                    after: "17", post: "18", url: "https://x.example/18", reason: "said so"))
        }
        + [
            .historyDamaged(from: 3, to: 9, sha: String(repeating: "0", count: 64)),
            .announcement(
                AnnouncementStep(
                    .sent, id: FinishID("letterboxd:viewing:1"), network: "mastodon", attempt: 1, post: "AbC1",
                    url: "https://p.example/notice/AbC1", uri: "https://p.example/objects/8a7c6b1e")),
            .feedAdopted(feed: "films", service: "letterboxd", entries: 50, address: "a1b2"),
            .feedCondition(
                FeedCondition(.moved, feed: "films", reason: "feeds.toml", host: "l.example", address: "c3d4")),
        ]

    static let finish = Finish(
        kind: .movie, title: "Ran", creator: "Kurosawa \u{201C}Akira\u{201D} \"AK\"", year: 1985,
        season: 2, episode: 3, day: Day("2026-11-20"), instant: Instant(rfc3339: "2026-11-20T21:05:00Z"),
        rating: Rating(value: 425, best: 500), isRepeat: true, review: "<p>War &amp;\n\u{7}peace</p>",
        spoiler: true, cover: "https://l.example/ran.jpg?v=1", url: "https://l.example/film/ran/",
        identifiers: [Identifier("tmdbMovie", "11645"), Identifier("imdb", "tt0089881")])

    static let configuration: Configuration = {
        var settings = Configuration()
        settings.site.title = "Done"
        settings.site.homePageURL = "https://example.org/"
        settings.site.feedURL = "https://example.org/feed.json"
        settings.site.authorName = "Ann"
        settings.site.authorURL = "https://example.org/ann"
        settings.site.authorAvatar = "https://example.org/ann.png"
        settings.site.language = "de"
        settings.site.timeZone = "Europe/Berlin"
        settings.publish.items = 40
        settings.publish.widgetItems = 0
        settings.publish.atMost = [Configuration.KindLimit(.article, 4), Configuration.KindLimit(.book, 0)]
        settings.publish.covers = .link
        settings.publish.jsonLD = true
        settings.publish.itemTemplate = "<li>{{title}}</li>"
        settings.announce.maxAgeDays = 0
        settings.announce.waitSeconds = 60
        settings.announce.maxPerRun = 1
        settings.announce.maxPerDay = 2
        settings.announce.template = "Done: {{title}}"
        settings.announce.templates = [
            Configuration.KindTemplate(.book, "Gelesen: {{title}}"),
            Configuration.KindTemplate(.tv, "Gesehen: {{title}}"),
        ]
        settings.announce.networks = [
            Configuration.Network("mastodon", link: true, charactersMax: 5000), Configuration.Network("x"),
        ]
        settings.mergesDuplicates = true
        var films = Configuration.Feed(name: "films")
        films.renamedFrom = ["cinema", "movies"]
        films.service = "letterboxd"
        films.kind = .movie
        films.announces = false
        films.announceSince = Day("2026-11-01")
        films.count = "season"
        films.finished.titlePrefix = ["Finished "]
        films.finished.titleRegex = ["^Read"]
        films.finished.category = ["done"]
        films.finished.bodyContains = ["the end"]
        settings.feeds = [films, Configuration.Feed(name: "books")]
        return settings
    }()
}
