public import Files
import Catalogue
import Formats
import Publishing

extension Settings {
    /// Reads a store's `feeds.toml` and the files it names. Nothing has been fetched by then.
    ///
    /// - Returns: `nil` when there is no such file: the folder is a store for what only reads or publishes.
    /// - Throws: all mistakes at once.
    public static func read(_ disk: any Disk, _ folder: StoreFolder) throws(SettingsError) -> Settings? {
        let bytes: [UInt8]
        do {
            guard let found = try disk.contents(of: folder.settings) else { return nil }
            bytes = found
        } catch {
            throw SettingsError(mistakes: [
                SettingsMistake(
                    file: "feeds.toml", line: 0, column: 0, message: "cannot be read: \(error.reason)")
            ])
        }
        return try read(bytes, disk, folder)
    }

    static func read(
        _ bytes: [UInt8], _ disk: any Disk, _ folder: StoreFolder
    ) throws(SettingsError) -> Settings {
        let table: TOMLTable
        do {
            table = try TOMLReader.read(bytes)
        } catch {
            throw SettingsError(mistakes: [
                SettingsMistake(
                    file: "feeds.toml", line: error.line, column: error.column,
                    message: "found \(error.found), expected \(error.expected)")
            ])
        }
        var reader = SettingsReader(disk: disk, folder: folder)
        var top = SettingsTable(file: "feeds.toml", table)
        reader.readTop(&top)
        let mistakes = top.finished()
        guard mistakes.isEmpty else { throw SettingsError(mistakes: mistakes) }
        var settings = reader.settings
        let template = Array(settings.configuration.publish.itemTemplate.utf8)
        settings.digest = hex(SHA256.digest(bytes + template))
        return settings
    }
}

/// Goes through `feeds.toml` table by table.
struct SettingsReader {
    let disk: any Disk
    let folder: StoreFolder
    var settings = Settings()
    /// Where each name was first given.
    var lines: [String: Int] = [:]
    /// Where each feed's former names are.
    var formerNames: [String: TOMLPosition] = [:]

    init(disk: any Disk, folder: StoreFolder) {
        self.disk = disk
        self.folder = folder
    }

    mutating func readTop(_ top: inout SettingsTable) {
        top.table("site") { readSite(&$0) }
        // Where the person is at home they can be reached; [fetch] may name another place.
        let site = settings.configuration.site
        settings.fetch.contact = site.homePageURL.isEmpty ? site.authorURL : site.homePageURL
        top.tables("feed") { readFeed(&$0, $1) }
        checkFormerNames(&top)
        takeBuiltInWording()
        top.table("announce") { readAnnounce(&$0) }
        top.table("store") { table in
            settings.snapshotEvery =
                table.number("snapshot_every", in: 1...1_000_000) ?? settings.snapshotEvery
            settings.configuration.mergesDuplicates = table.flag("merge_duplicates") ?? false
            settings.allowsNetworkFileSystem = table.flag("allow_network_fs") ?? false
        }
        top.table("publish") { readPublish(&$0) }
        top.table("fetch") { table in
            settings.fetch.contact = table.address("contact") ?? settings.fetch.contact
            settings.fetch.perHost = table.number("per_host", in: 1...16) ?? settings.fetch.perHost
            if let pause = table.duration("host_pause") {
                settings.fetch.hostPauseMilliseconds = pause * 1000
            }
        }
    }

    private mutating func readSite(_ table: inout SettingsTable) {
        var site = settings.configuration.site
        site.title = table.text("title") ?? site.title
        site.homePageURL = table.address("home_page_url") ?? ""
        site.feedURL = table.address("feed_url") ?? ""
        table.table("author") { author in
            site.authorName = author.text("name") ?? ""
            site.authorURL = author.address("url") ?? ""
            site.authorAvatar = author.address("avatar") ?? ""
        }
        site.language = table.text("language") ?? site.language
        site.timeZone = table.text("time_zone") ?? site.timeZone
        if let value = table.table["time_zone"], TimeZones.rules(site.timeZone, disk) == nil {
            table.complain(
                value.position,
                "\"time_zone\" is \"\(site.timeZone)\", expected a name such as \"UTC\" or \"Europe/Berlin\"")
        }
        settings.configuration.site = site
    }

    private mutating func readAnnounce(_ table: inout SettingsTable) {
        var announce = settings.configuration.announce
        announce.maxAgeDays = table.number("max_age_days", in: 0...36_500) ?? announce.maxAgeDays
        announce.waitSeconds = table.duration("wait") ?? announce.waitSeconds
        announce.maxPerRun = table.number("max_per_run", in: 0...1000) ?? announce.maxPerRun
        announce.maxPerDay = table.number("max_per_day", in: 0...1000) ?? announce.maxPerDay
        readTemplates(&table, &announce)
        var networks: [Configuration.Network] = []
        for name in Networks.names {
            let position = table.position(of: name) ?? TOMLPosition(line: 0, column: 0)
            table.table(name) { network in
                settings.networks.append(
                    AnnouncedNetwork(
                        name: name, credentials: network.text("credentials") ?? "",
                        position: network.position(of: "credentials") ?? position))
                // Only servers of this kind differ in what they take.
                let max = name == "mastodon" ? network.number("max_characters", in: 100...100_000) : nil
                networks.append(
                    Configuration.Network(
                        name, link: network.flag("link") ?? false, charactersMax: max))
            }
        }
        if !networks.isEmpty { announce.networks = networks }
        settings.configuration.announce = announce
    }

    /// The wording of the site's language, and the common one, which only what has no kind needs.
    private mutating func takeBuiltInWording() {
        let language = settings.configuration.site.language
        settings.configuration.announce.template = Wording.builtIn(nil, language: language)
        settings.configuration.announce.templates = Kind.allCases.map {
            Configuration.KindTemplate($0, Wording.builtIn($0, language: language))
        }
    }

    /// What each kind's posts say: its own key, else `template`, else the built-in wording. All of it is
    /// written out, so that a later version's wording does not change what the log means.
    private func readTemplates(_ table: inout SettingsTable, _ announce: inout Configuration.Announce) {
        if let common = table.text("template") {
            checkPost(common, "template", &table)
            announce.template = common
            announce.templates = Kind.allCases.map { Configuration.KindTemplate($0, common) }
        }
        table.table("templates") { templates in
            for (index, kind) in Kind.allCases.enumerated() {
                guard let own = templates.text(kind.rawValue) else { continue }
                checkPost(own, kind.rawValue, &templates)
                announce.templates[index].template = own
            }
        }
    }

    private func checkPost(_ template: String, _ key: String, _ table: inout SettingsTable) {
        do {
            try Wording.check(template, name: key)
        } catch {
            table.complain(
                table.position(of: key) ?? TOMLPosition(line: 0, column: 0),
                "the template \"\(key)\" has in line \(error.line), column \(error.column) of its text "
                    + "\(error.found): \(error.mend)")
        }
    }

    private mutating func readPublish(_ table: inout SettingsTable) {
        var publish = settings.configuration.publish
        settings.publishDirectory = directory(&table) ?? settings.publishDirectory
        publish.items = table.number("items", in: 1...1000) ?? publish.items
        publish.widgetItems = table.number("widget_items", in: 1...1000) ?? publish.widgetItems
        table.table("at_most") { limits in
            for kind in Kind.allCases {
                guard let count = limits.number(kind.rawValue, in: 0...1000) else { continue }
                publish.atMost.append(Configuration.KindLimit(kind, count))
            }
        }
        publish.covers = table.word("covers", Configuration.Covers.self) ?? publish.covers
        publish.jsonLD = table.flag("json_ld") ?? false
        if let path = table.text("item_template") {
            publish.itemTemplate = itemTemplate(path, &table)
        }
        settings.after = table.texts("after") ?? []
        settings.configuration.publish = publish
    }

    /// No shell reads this that would know whose home `~` is; a folder of that name in the store would serve nobody.
    private func directory(_ table: inout SettingsTable) -> String? {
        guard let path = table.text("directory"), path.isEmpty || path.utf8.first == UInt8(ascii: "~")
        else { return table.text("directory") }
        table.complain(
            table.position(of: "directory") ?? TOMLPosition(line: 0, column: 0),
            "\"directory\" is \"\(path)\", expected a path from this folder or from /, such as \"public\" or "
                + "\"/home/me/blog/media\"")
        return nil
    }

    private func itemTemplate(_ path: String, _ table: inout SettingsTable) -> String {
        let position = table.position(of: "item_template")
        guard let bytes = try? disk.contents(of: folder.path(path)) else {
            table.complain(
                position ?? TOMLPosition(line: 0, column: 0),
                "\"item_template\" names \"\(path)\", which does not exist")
            return ""
        }
        let text = String(decoding: bytes, as: UTF8.self)
        check(text, path, &table, position)
        return text
    }

    private func check(
        _ template: String, _ name: String, _ table: inout SettingsTable, _ position: TOMLPosition?
    ) {
        do {
            try Template.check(template, name: name, variables: ItemMarkup.variables)
        } catch {
            table.complain(position ?? TOMLPosition(line: 0, column: 0), Publish.words(error))
        }
    }
}
