import Services

/// The commented `feeds.toml` that `init` writes; its comments are the manual. The one at the top of the
/// repository is `demonstration`, so that both say the same.
enum FeedsTemplate {
    static func text(feeds: [ProfileFeed], timeZone: String) -> String {
        var parts = [
            """
            # Colophon's settings: every feed, every network, every path. The comments are the manual.
            # A mistake in here is said with its line, and nothing is fetched then. "colophon check" tries
            # everything out without writing anything.

            """,
            site(timeZone: timeZone),
        ]
        if feeds.isEmpty {
            parts.append(feedManual + services)
        } else {
            parts.append(feedManual)
            for feed in feeds { parts.append(entry(feed)) }
            parts.append(services)
        }
        parts += [announceManual(maxAge: "14", comment: ""), rest(covers: copiedCovers)]
        return parts.joined(separator: "\n")
    }

    /// The settings at the top of the repository: three made-up feeds that are files of it.
    static var demonstration: String {
        [
            """
            # Colophon's settings: every feed, every network, every path. The comments are the manual.
            # A mistake in here is said with its line, and nothing is fetched then. "colophon check" tries
            # everything out without writing anything.
            #
            # This folder is a demonstration: it follows three made-up feeds that come with the program, so
            # that "script/colophon import" shows something on any day, without a network. Your own store
            # belongs outside the clone: "script/colophon init ~/finished https://letterboxd.com/YOU".

            """,
            site(timeZone: "UTC"),
            feedManual,
            """
            [[feed]]
            name = "films"
            url = "file:Tests/Fixtures/feeds/letterboxd-sample.xml"
            announce_since = 2026-11-01   # also what the feed holds at first is announced, from this day on

            [[feed]]
            name = "books"
            url = "file:Tests/Fixtures/feeds/goodreads-sample.xml"
            announce_since = 2026-11-01

            [[feed]]
            name = "articles"
            url = "file:Tests/Fixtures/feeds/blog-sample.xml"
            service = "generic"
            kind = "article"
            announce = false
            [feed.finished]
            title_prefix = ["Finished reading: "]

            """,
            services,
            announceManual(
                maxAge: "0",
                comment: "  # no limit here: the demonstration's finishes are as old as your clone"),
            rest(covers: noCovers),
        ].joined(separator: "\n")
    }

    private static func site(timeZone: String) -> String {
        """
        [site]                              # what the pages say about themselves
        title = "Recently finished"
        # home_page_url = "https://example.org/about/"
        # feed_url = "https://example.org/media/feed.json"      # where feed.json will be found
        # author = { name = "Ada Example", url = "https://example.org/", avatar = "https://example.org/ada.jpg" }
        language = "en"
        time_zone = "\(timeZone)"                  # gives an entry that states a time its day, when first seen

        """
    }

    private static func entry(_ feed: ProfileFeed) -> String {
        let service = feed.service.isEmpty ? "\n# kind = \"article\"" : ""
        return """
            [[feed]]
            name = "\(feed.name)"
            url = "\(feed.address)"\(service)

            """
    }

    private static let feedManual = """
        # Feeds, one table each. The first answer of a feed is taken quietly: nothing in it is announced,
        # unless announce_since says from which day on.
        #
        # name            unique, in small letters, digits and hyphens; it becomes part of the history
        # renamed_from    an earlier name, or several, newest first: the history goes on under the new one
        # url             http, https, or file: with a path relative to this file
        # url_file        instead of url: a file that holds the address, for one with a password in it;
        #                 keep it in secrets/, readable by you alone (chmod 600)
        # service         "letterboxd", "goodreads", ...: only where the address or the document does not tell
        # kind            "book", "movie", "tv", "game", "article", "podcast" or "music",
        #                 for services that do not say
        # every           least time between two polls: "15m", "1h", "2d"; by itself Colophon asks every 15
        #                 minutes where the server can say "not modified", hourly elsewhere, and less often
        #                 where the feed asks for it
        # announce        false: its finishes are never announced
        # announce_since  a day: nothing finished before it is announced (default: the moment of the first answer)
        # count           series: "season" (default) or "episode"; music: "album" (default) or "track"
        # user_agent      for a server that insists on one
        # [feed.finished] for feeds that hold other things, too; an entry counts when one of these fits:
        #                 title_prefix = ["Finished reading "]   taken off the title
        #                 title_regex = ["^Read: "]
        #                 category = ["finished"]
        #                 body_contains = ["finished reading"]

        """

    private static let services = """
        # Real ones, ready to be uncommented:
        #
        # [[feed]]
        # name = "films"
        # url = "https://letterboxd.com/USER/rss/"
        #
        # [[feed]]
        # name = "books"
        # url = "https://www.goodreads.com/review/list_rss/USERID?shelf=read"
        #
        # [[feed]]
        # name = "games"
        # url = "https://backloggd.com/u/USER/reviews/rss/"
        #
        # [[feed]]
        # name = "blog"
        # url = "https://example.org/feed.xml"
        # kind = "book"
        # [feed.finished]
        # category = ["finished reading"]

        """

    private static func announceManual(maxAge: String, comment: String) -> String {
        """
        [announce]                          # short posts about what is new; they wait in pending-tweets.json
        max_age_days = \(maxAge)\(comment)
                                            # from the finish to the moment it is recorded; 0: no limit
        wait = "1h"                         # ratings and typo fixes arrive minutes after logging
        max_per_run = 3                     # limits sending, not the list
        max_per_day = 10
        # template = "Finished {{title}}{{#creator}} by {{creator}}{{/creator}}{{#rating}} {{rating}}{{/rating}}"
                                            # what a post says. By itself it says what suits the kind, in the site's
                                            # language (en, de, fr, es, nl, it, pt): "Watched Ran (1985) again ★★★★½".
                                            # Names: title, creator, year, season, episode, kind, rating, repeat,
                                            # date, link. A title is cut where the network needs it, the rest is not
        # [announce.templates]              # the same for one kind: book, movie, tv, game, article, podcast, music
        # game = "Played through {{title}}{{#rating}}: {{rating}}{{/rating}}"
        # [announce.x]                      # also [announce.mastodon], [announce.bluesky]; none: owed to x
        # credentials = "secrets/x.toml"    # "colophon announce --connect x" gets them and writes the file
        # link = false                      # X charges more than ten times as much for a post with a link
        # max_characters = 500              # for Mastodon only: what your server lets a post be

        """
    }

    private static let copiedCovers =
        #"covers = "copy"                     # "copy": own copies; "link": the service's addresses; "none""#
    private static let noCovers = """
        covers = "none"                     # "copy" (what a new store has): own copies; "link": the service's
                                            # addresses; "none": these made-up feeds have covers that lie nowhere
        """

    private static func rest(covers: String) -> String {
        """
        [publish]
        directory = "public"                # where the site finds the pages
        items = 50                          # newest so many in feed.json and feed.atom
        widget_items = 12
        # at_most = { article = 4, music = 2 }   # per kind, in the widget only
        \(covers)
        json_ld = false                     # data for search engines in the widget; index.html always has it
        # item_template = "item.mustache"   # the widget's markup for one item
        # after = ["git", "-C", "/home/me/blog", "push"]   # run when a published byte changed

        [store]
        snapshot_every = 4096               # events between two saved states
        merge_duplicates = false            # one work from two services within 14 days: merge without asking
        allow_network_fs = false            # a log on NFS or SMB can lose its lock

        [fetch]
        # contact = "https://example.org/about/"   # whom a server's owner can ask; default: home_page_url
        per_host = 1                        # requests at once to one host
        host_pause = "1s"                   # between two requests to one host

        """
    }
}
