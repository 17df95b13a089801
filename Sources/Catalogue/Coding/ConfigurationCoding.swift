public import Formats

/// `settings` of a `configured` event. Every setting is written out, also one at its default: a later
/// version's default must not change what an old log means. Empty and false are left out, as everywhere.
extension Configuration {
    public var json: JSONValue {
        var members = Members()
        members.add("site", site.json)
        members.add("publish", publish.json)
        members.add("announce", announce.json)
        members.add("merge_duplicates", .bool(mergesDuplicates))
        members.add("feeds", .array(feeds.map(\.json)))
        return members.object
    }

    public init(json: JSONValue) {
        self.init()
        if let value = json["site"] { site = Site(json: value) }
        if let value = json["publish"] { publish = Publish(json: value) }
        if let value = json["announce"] { announce = Announce(json: value) }
        mergesDuplicates = json["merge_duplicates"] == .bool(true)
        feeds = (json["feeds"]?.arrayValue ?? []).map { Feed(json: $0) }
    }
}

/// An object under construction that leaves out what is empty or false.
private struct Members {
    private var members: [JSONMember] = []

    var object: JSONValue { .object(members) }

    mutating func add(_ name: String, _ value: JSONValue) {
        switch value {
        case .null, .bool(false), .string(""), .array([]), .object([]): return
        default: members.append(JSONMember(name, value))
        }
    }

    mutating func add(_ name: String, _ text: String) { add(name, .string(text)) }

    mutating func add(_ name: String, _ number: Int) { add(name, .integer(Int64(number))) }

    mutating func add(_ name: String, _ texts: [String]) {
        add(name, .array(texts.map { .string($0) }))
    }
}

extension JSONValue {
    fileprivate func text(_ name: String) -> String { self[name]?.stringValue ?? "" }

    fileprivate func number(_ name: String, _ plain: Int) -> Int {
        self[name]?.integerValue.flatMap { Int(exactly: $0) } ?? plain
    }
}

extension Configuration.Site {
    fileprivate var json: JSONValue {
        var members = Members()
        members.add("title", title)
        members.add("home_page_url", homePageURL)
        members.add("feed_url", feedURL)
        members.add("author_name", authorName)
        members.add("author_url", authorURL)
        members.add("author_avatar", authorAvatar)
        members.add("language", language)
        members.add("time_zone", timeZone)
        return members.object
    }

    init(json: JSONValue) {
        self.init()
        title = json.text("title")
        homePageURL = json.text("home_page_url")
        feedURL = json.text("feed_url")
        authorName = json.text("author_name")
        authorURL = json.text("author_url")
        authorAvatar = json.text("author_avatar")
        language = json.text("language")
        timeZone = json.text("time_zone")
    }
}

extension Configuration.Publish {
    fileprivate var json: JSONValue {
        var members = Members()
        members.add("items", items)
        members.add("widget_items", widgetItems)
        members.add(
            "at_most",
            .object(atMost.map { JSONMember($0.kind.rawValue, .integer(Int64($0.count))) }))
        members.add("covers", covers.rawValue)
        members.add("json_ld", .bool(jsonLD))
        members.add("item_template", itemTemplate)
        return members.object
    }

    init(json: JSONValue) {
        self.init()
        items = json.number("items", items)
        widgetItems = json.number("widget_items", widgetItems)
        for member in json["at_most"]?.objectValue ?? [] {
            guard let kind = Kind(rawValue: member.name), let count = member.value.integerValue,
                let count = Int(exactly: count)
            else { continue }
            atMost.append(Configuration.KindLimit(kind, count))
        }
        covers = Configuration.Covers(rawValue: json.text("covers")) ?? covers
        jsonLD = json["json_ld"] == .bool(true)
        itemTemplate = json.text("item_template")
    }
}

extension Configuration.Announce {
    fileprivate var json: JSONValue {
        var members = Members()
        members.add("max_age_days", maxAgeDays)
        members.add("wait_seconds", waitSeconds)
        members.add("max_per_run", maxPerRun)
        members.add("max_per_day", maxPerDay)
        members.add("template", template)
        members.add(
            "templates",
            .object(templates.map { JSONMember($0.kind.rawValue, .string($0.template)) }))
        members.add("networks", .array(networks.map(\.json)))
        return members.object
    }

    init(json: JSONValue) {
        self.init()
        maxAgeDays = json.number("max_age_days", maxAgeDays)
        waitSeconds = json.number("wait_seconds", waitSeconds)
        maxPerRun = json.number("max_per_run", maxPerRun)
        maxPerDay = json.number("max_per_day", maxPerDay)
        template = json.text("template")
        for kind in Kind.allCases {
            guard let own = json["templates"]?[kind.rawValue]?.stringValue else { continue }
            templates.append(Configuration.KindTemplate(kind, own))
        }
        networks = (json["networks"]?.arrayValue ?? []).map {
            Configuration.Network(
                $0.text("name"), link: $0["link"] == .bool(true),
                charactersMax: $0["max_characters"]?.integerValue.flatMap { Int(exactly: $0) })
        }
    }
}

extension Configuration.Network {
    var json: JSONValue {
        var members = Members()
        members.add("name", name)
        members.add("link", .bool(link))
        if let charactersMax { members.add("max_characters", charactersMax) }
        return members.object
    }
}

extension Configuration.Feed {
    var json: JSONValue {
        var members = Members()
        members.add("name", name)
        members.add("renamed_from", renamedFrom)
        members.add("service", service)
        members.add("kind", kind?.rawValue ?? "")
        members.add("announce", .bool(announces))
        members.add("announce_since", announceSince?.description ?? "")
        members.add("count", count)
        members.add("finished", finished.json)
        return members.object
    }

    init(json: JSONValue) {
        self.init(name: json.text("name"))
        renamedFrom = strings(json["renamed_from"])
        service = json.text("service")
        kind = Kind(rawValue: json.text("kind"))
        announces = json["announce"] == .bool(true)
        announceSince = Day(json.text("announce_since"))
        count = json.text("count")
        if let rules = json["finished"] {
            finished.titlePrefix = strings(rules["title_prefix"])
            finished.titleRegex = strings(rules["title_regex"])
            finished.category = strings(rules["category"])
            finished.bodyContains = strings(rules["body_contains"])
        }
    }
}

extension Configuration.FinishedRules {
    fileprivate var json: JSONValue {
        var members = Members()
        members.add("title_prefix", titlePrefix)
        members.add("title_regex", titleRegex)
        members.add("category", category)
        members.add("body_contains", bodyContains)
        return members.object
    }
}
