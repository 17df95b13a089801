import Catalogue
import Files
import Foundation
import Formats
import Testing

@testable import Operations

/// A store's folder for one test.
final class TemporaryStore {
    let folder: StoreFolder

    init(_ files: [String: String] = [:]) throws {
        let path = NSTemporaryDirectory() + "colophon-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        folder = StoreFolder(path)
        for (name, text) in files { try write(name, text) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder.root) }

    func write(_ name: String, _ text: String, mode: Int = 0o644) throws {
        let path = folder.path(name)
        try FileManager.default.createDirectory(
            atPath: splitPath(path).folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    func settings(_ text: String) throws -> Settings {
        try Settings.read(Array(text.utf8), RealDisk(), folder)
    }

    /// What is wrong with a text, a line each: `line:column: message`.
    func mistakes(_ text: String) throws -> [String] {
        do {
            _ = try settings(text)
            return []
        } catch let error as SettingsError {
            return error.mistakes.map { "\($0.line):\($0.column): \($0.message)" }
        }
    }
}

@Suite struct SettingsTests {
    @Test(arguments: [
        ("[site]\ntilte = \"x\"", "2:1: unknown key \"tilte\" (did you mean \"title\"?)"),
        ("[sites]", "1:2: unknown key \"sites\" (did you mean \"site\"?)"),
        ("[site]\ntitle = 3", "2:9: \"title\" is an integer, expected a string"),
        ("[site]\nhome_page_url = \"example.org\"",
            "2:17: \"home_page_url\" is no address, expected one that begins with https:// or http://"),
        ("[site]\nfeed_url = \"https://me:secret@example.org/feed.json\"",
            "2:12: \"feed_url\" holds a user name or password, and all the world reads it"),
        ("[site]\ntime_zone = \"Mars/Olympus\"",
            "2:13: \"time_zone\" is \"Mars/Olympus\", expected a name such as \"UTC\" or \"Europe/Berlin\""),
        ("[site]\ntime_zone = \"../../etc/passwd\"",
            "2:13: \"time_zone\" is \"../../etc/passwd\", expected a name such as \"UTC\" or \"Europe/Berlin\""),
        ("[[feed]]\nurl = \"https://example.org/\"", "1:1: a feed without a \"name\""),
        ("[[feed]]\nname = \"Films\"\nurl = \"https://example.org/\"",
            "2:8: \"name\" is \"Films\", expected lower-case letters, digits and hyphens"),
        ("[[feed]]\nname = \"a\"", "1:1: a feed without a \"url\" or \"url_file\""),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org/\"\nurl_file = \"x\"",
            "1:1: a feed with both \"url\" and \"url_file\""),
        ("[[feed]]\nname = \"a\"\nurl = \"gopher://example.org/\"",
            "3:7: \"url\" is no address, expected one that begins with https://, http:// or file:"),
        ("[[feed]]\nname = \"a\"\nurl = \"https://me:secret@example.org/\"",
            "3:7: \"url\" holds a user name or password, which feeds are not asked with"),
        ("[[feed]]\nname = \"a\"\nurl_file = \"secrets/none.url\"",
            "3:12: \"url_file\" names \"secrets/none.url\", which does not exist"),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org/\"\nkind = \"moive\"",
            "4:8: \"kind\" is \"moive\" (did you mean \"movie\"?), expected one of \"book\", \"movie\", \"tv\", "
                + "\"game\", \"article\", \"podcast\", \"music\""),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org/\"\nevery = 15",
            "4:9: \"every\" is an integer, expected a duration such as \"15m\", \"1h\" or \"2d\""),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org/\"\nevery = \"soon\"",
            "4:9: \"every\" is \"soon\", expected a duration such as \"15m\", \"1h\" or \"2d\""),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org/\"\nannounce_since = \"2026-11-01\"",
            "4:18: \"announce_since\" is a string, expected a date such as 2026-11-01"),
        ("[publish]\nitems = 0", "2:9: \"items\" is 0, expected 1 to 1000"),
        ("[publish]\ndirectory = \"~/blog/media\"",
            "2:13: \"directory\" is \"~/blog/media\", expected a path from this folder or from /, such as "
                + "\"public\" or \"/home/me/blog/media\""),
        ("[publish]\ndirectory = \"\"",
            "2:13: \"directory\" is \"\", expected a path from this folder or from /, such as "
                + "\"public\" or \"/home/me/blog/media\""),
        ("[publish]\ncovers = \"steal\"",
            "2:10: \"covers\" is \"steal\", expected one of \"copy\", \"link\", \"none\""),
        ("[publish]\nafter = [1]", "2:10: \"after\" is an integer, expected a string in this array"),
        ("[publish]\nitem_template = \"none.mustache\"",
            "2:17: \"item_template\" names \"none.mustache\", which does not exist"),
        ("[announce]\ntemplate = \"{{tittle}}\"",
            "2:12: the template \"template\" has in line 1, column 1 of its text the unknown name \"tittle\": "
                + "known are title, creator, year, season, episode, kind, rating, repeat, date, link"),
        ("[announce.templates]\nbook = \"\"\"\nRead {{title}}\n{{#rating}}\"\"\"",
            "2:8: the template \"book\" has in line 2, column 1 of its text section \"rating\" without an end: "
                + "add {{/rating}}"),
        ("[announce.templates]\ngame = \" {{! nothing }}\"",
            "2:8: the template \"game\" has in line 1, column 1 of its text a template that says nothing: "
                + "write at least {{title}}"),
        ("[announce.templates]\nfilm = \"{{title}}\"",
            "2:1: unknown key \"film\", expected one of \"book\", \"movie\", \"tv\", \"game\", "
                + "\"article\", \"podcast\", \"music\""),
        ("[announce.templates]\nboook = \"{{title}}\"", "2:1: unknown key \"boook\" (did you mean \"book\"?)"),
        ("[announce.templates]\nbook = 3", "2:8: \"book\" is an integer, expected a string"),
        ("[announce.mastodon]\nmax_characters = 5",
            "2:18: \"max_characters\" is 5, expected 100 to 100000"),
        ("[announce.x]\nmax_characters = 500",
            "2:1: unknown key \"max_characters\", expected one of \"credentials\", \"link\""),
        ("[store]\nmerge_duplicates = \"yes\"",
            "2:20: \"merge_duplicates\" is a string, expected true or false"),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org/1\"\n"
            + "[[feed]]\nname = \"b\"\nurl = \"https://example.org/2\"\nrenamed_from = \"a\"",
            "7:16: \"renamed_from\" of \"b\" is \"a\", the name of the feed in line 2: give that one another name"),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org/1\"\nrenamed_from = [\"z\"]\n"
            + "[[feed]]\nname = \"b\"\nurl = \"https://example.org/2\"\nrenamed_from = \"z\"",
            "8:16: \"renamed_from\" of \"b\" is \"z\", as that of \"a\" in line 2: only one of them can go on with its history"),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org/1\"\nuser_agent = \"\"",
            "4:14: \"user_agent\" is empty, expected a name such as \"Mozilla/5.0\"; without the line Colophon says its own"),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org/1\"\nuser_agent = \"a\\nb\"",
            "4:14: \"user_agent\" holds a line break or another control character, expected a name such as \"Mozilla/5.0\"; "
                + "without the line Colophon says its own"),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org:0/1\"",
            "3:7: \"url\" names the port 0, expected one from 1 to 65535"),
        ("[[feed]]\nname = \"a\"\nurl = \"https://example.org:70000/1\"",
            "3:7: \"url\" names the port 70000, expected one from 1 to 65535"),
        ("[[feed]]\nname = \"a\"\nurl = \"https://[::1]:99999999999999999999/1\"",
            "3:7: \"url\" names a port of too many digits, expected one from 1 to 65535"),
        ("feed = 3", "1:8: \"feed\" is an integer, expected an array of tables, written [[feed]]"),
        ("[site\n", "1:6: found end of line, expected \"]\" after the name"),
    ])
    func `a mistake is said with its place and the nearest right word`(
        _ text: String, _ message: String
    ) throws {
        #expect(try TemporaryStore().mistakes(text) == [message])
    }

    @Test func `two feeds of one name are told from each other by their lines`() throws {
        let text = """
            [[feed]]
            name = "a"
            url = "https://example.org/1"
            [[feed]]
            name = "a"
            url = "https://example.org/2"
            """
        #expect(
            try TemporaryStore().mistakes(text)
                == ["5:8: two feeds are named \"a\", the other one in line 2"])
    }

    @Test func `all mistakes are said at once`() throws {
        let text = "[site]\nlang = \"en\"\n[publish]\nitem = 5\n"
        #expect(try TemporaryStore().mistakes(text).count == 2)
    }

    @Test func `an address in a file is private, and a file that others can read is refused`() throws {
        let store = try TemporaryStore()
        try store.write("secrets/films.url", "https://example.org/feed?key=abc\n", mode: 0o600)
        let text = "[[feed]]\nname = \"films\"\nurl_file = \"secrets/films.url\"\n"
        let settings = try store.settings(text)
        #expect(settings.feeds[0].isPrivate)
        #expect(settings.feeds[0].address.text == "https://example.org/feed?key=abc")
        // The settings that go into the log know nothing of it.
        let logged = String(decoding: JSONWriter.compact(settings.configuration.json), as: UTF8.self)
        #expect(!logged.contains("example.org") && !logged.contains("abc"))
        try store.write("secrets/films.url", "https://example.org/feed?key=abc\n", mode: 0o644)
        #expect(
            try store.mistakes(text) == [
                "3:12: \"url_file\" names \"secrets/films.url\", which others can read: "
                    + "run \"chmod 600 secrets/films.url\""
            ])
    }

    @Test func `a kind's own template comes before the common one, and that before the built-in one`() throws {
        let store = try TemporaryStore()
        func templates(_ text: String) throws -> Configuration.Announce {
            let settings = try store.settings(text)
            // All of them are in the log, as they are meant now.
            let logged = Configuration(json: settings.configuration.json)
            #expect(logged == settings.configuration)
            #expect(logged.announce.templates.map(\.kind) == Kind.allCases)
            return logged.announce
        }
        let plain = try templates("")
        #expect(plain.template(for: .article).hasPrefix("Read {{title}}"))
        #expect(plain.template(for: nil).hasPrefix("Finished {{title}}"))
        let german = try templates("[announce.templates]\ntv = \"{{title}}!\"\n[site]\nlanguage = \"de-AT\"")
        #expect(german.template(for: .tv) == "{{title}}!")
        #expect(german.template(for: .movie).contains("Gesehen:"))
        #expect(german.template(for: nil).contains("Abgeschlossen:"))
        let common = try templates(
            "[announce]\ntemplate = \"Done: {{title}}\"\n[announce.templates]\ntv = \"{{title}}!\"")
        #expect(common.template(for: .tv) == "{{title}}!")
        #expect(common.template(for: .movie) == "Done: {{title}}")
        #expect(common.template(for: nil) == "Done: {{title}}")
    }

    @Test func `every key of the manual is read`() throws {
        let store = try TemporaryStore(["item.mustache": "<b>{{title}}</b>"])
        let settings = try store.settings(
            """
            [site]
            title = "Read"
            home_page_url = "https://example.org/about/"
            feed_url = "https://example.org/feed.json"
            author = { name = "Ada", url = "https://example.org/", avatar = "https://example.org/a.jpg" }
            language = "de"
            time_zone = "UTC"
            [[feed]]
            name = "films"
            renamed_from = ["movies", "cinema"]
            url = "file:feeds/films one.xml"
            service = "letterboxd"
            kind = "movie"
            every = "15m"
            announce = false
            announce_since = 2026-11-01
            count = "episode"
            user_agent = "Me"
            [feed.finished]
            title_prefix = ["Read "]
            title_regex = ["^x"]
            category = ["done"]
            body_contains = ["finished"]
            [announce]
            max_age_days = 3
            wait = "2h"
            max_per_run = 4
            max_per_day = 5
            template = "{{title}}"
            [announce.templates]
            tv = "{{title}} {{season}}"
            [announce.mastodon]
            link = true
            max_characters = 5000
            [store]
            snapshot_every = 7
            merge_duplicates = true
            allow_network_fs = true
            [publish]
            directory = "site"
            items = 9
            widget_items = 3
            at_most = { music = 2, article = 4 }
            covers = "none"
            json_ld = true
            item_template = "item.mustache"
            after = ["true"]
            [fetch]
            contact = "https://example.org/about/"
            per_host = 2
            host_pause = "3s"
            """)
        let feed = settings.feeds[0]
        #expect(feed.address.text.hasPrefix("file:///") && feed.address.text.hasSuffix("feeds/films%20one.xml"))
        #expect(feed.every == 900 && feed.userAgent == "Me")
        #expect(feed.settings.keyName == "cinema" && feed.settings.count == "episode")
        #expect(feed.settings.announceSince == Day("2026-11-01") && !feed.settings.announces)
        #expect(feed.settings.finished.titleRegex == ["^x"])
        let configuration = settings.configuration
        #expect(configuration.announce.networks == [Configuration.Network("mastodon", link: true, charactersMax: 5000)])
        #expect(configuration.announce.template(for: .tv) == "{{title}} {{season}}")
        #expect(configuration.announce.template(for: .book) == "{{title}}")
        #expect(configuration.announce.waitSeconds == 7200 && configuration.announce.maxAgeDays == 3)
        #expect(
            configuration.publish.atMost == [
                Configuration.KindLimit(.article, 4), Configuration.KindLimit(.music, 2),
            ])
        #expect(configuration.publish.itemTemplate == "<b>{{title}}</b>")
        #expect(settings.publishDirectory == "site" && settings.after == ["true"])
        #expect(settings.snapshotEvery == 7 && settings.allowsNetworkFileSystem)
        #expect(settings.fetch == FetchSettings(contact: "https://example.org/about/", perHost: 2, hostPauseMilliseconds: 3000))
        // What the log says of them reads back as the same.
        #expect(Configuration(json: configuration.json) == configuration)
    }
}

extension Configuration.Announce {
    /// What a post of a kind says.
    fileprivate func template(for kind: Kind?) -> String {
        templates.first { $0.kind == kind }?.template ?? template
    }
}
