import Catalogue
import Feeds
import Formats
import XML

/// A service that needs no code of its own: a row says all that is to say.
struct SimpleService: Service {
    /// Which entries count.
    enum Counting: Sendable {
        /// The feed holds nothing but finishes.
        case every
        /// Only what the person says: by `[feed.finished]`, or by following a feed that is a choice
        /// already made (an archive, a tag, a playlist), known by its address or its title.
        case chosen(addresses: [String], titles: [String] = [])
    }

    /// Which date of the entry is when it was finished.
    enum Finishing: Sendable {
        case published
        /// None is: `published` is something else.
        case untold
    }

    enum Creating: Sendable {
        case nobody
        /// `author`, where a service names there who made the work.
        case author
    }

    /// Which key of the service's own an entry has.
    enum Naming: Sendable {
        case generic
        /// What follows this mark in the id.
        case id(noun: String, mark: String)
        /// The link: the page is what was read, whoever names it.
        case link(noun: String)
    }

    /// What a document of the service bears.
    enum Sign: Sendable {
        case linkHost(String)
        case idFront(String)
        case title(String)
        case namespace(String)
        case permalinkQuery
    }

    let name: String
    let displayName: String
    var exportHint: String?
    /// In the patterns of `FeedAddress.matches`.
    let feeds: [String]
    var signs: [Sign] = []
    var kind: Kind?
    let counting: Counting
    var finishing = Finishing.published
    var creating = Creating.nobody
    /// The element that holds the entry's id where it is not the guid.
    var idElement: String?
    var key = Naming.generic
    /// The identifier's name and its element.
    var identifier: (name: String, element: String)?
    /// A page of a person, as a pattern, and the feed that belongs to it, made of its parts.
    var page: (pattern: String, feed: @Sendable (FeedAddress) -> String?)?
    /// The title is escaped once more than its document says.
    var escapesTitle = false
    /// Nothing but general knowledge says so (SERVICES, [memory]); `check` shows it.
    var isFromMemory = false

    func owns(_ address: FeedAddress) -> Bool {
        for pattern in feeds where address.matches(pattern) { return true }
        return false
    }

    func sign(in document: FeedDocument) -> String? {
        for sign in signs {
            if let found = SimpleService.find(sign, in: document) { return found }
        }
        return nil
    }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        guard let page, address.matches(page.pattern), let feed = page.feed(address) else {
            return nil
        }
        return ProfileFeed(name: name, address: feed, service: name, exportHint: exportHint)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let body = EntryBody(entry)
        let title = body.title(of: entry)
        var finish = Finish(
            kind: kind, title: escapesTitle ? HTMLText.plain(title) : title, url: entry.link,
            identifiers: identifiers(entry))
        if case .author = creating {
            finish.creator = Words.line(entry.authors.first?.name)
        }
        if case .published = finishing {
            (finish.day, finish.instant) = page.finishDate(of: entry)
        }
        finish.cover = GenericFeed.cover(of: entry, body)
        let id = idElement.flatMap { Words.line(entry.text(of: $0)) } ?? entry.id
        var finding = judge(entry, finish, in: page)
        finding.entry = id
        finding.keys = keys(id: id, link: entry.link, in: page)
        return finding
    }

    private func keys(id: String?, link: String?, in page: FeedPage) -> [Key] {
        switch key {
        case .generic: return []
        case .id(let noun, let mark):
            guard let id, var value = TitleCut.first(mark, in: id)?.back, !value.isEmpty else {
                return []
            }
            if value.last == "/" { value.removeLast() }
            return [Key("\(name):\(noun):" + page.secrets.withoutTokens(value))]
        case .link(let noun):
            guard let link else { return [] }
            return [Key("\(name):\(noun):" + page.secrets.withoutTokens(link))]
        }
    }

    private func judge(_ entry: Entry, _ finish: Finish, in page: FeedPage) -> Finding {
        let rules = EntryRules(page.context.feed.finished)
        if !rules.isEmpty {
            var finish = finish
            guard let match = rules.match(entry, title: finish.title) else {
                return .passed(finish, because: "no rule of [feed.finished] holds")
            }
            finish.title = match.title
            finish.creator = match.creator ?? finish.creator
            return .finished(finish)
        }
        switch counting {
        case .every: return .finished(finish)
        case .chosen(let addresses, let titles):
            for pattern in addresses where page.address?.matches(pattern) == true {
                return .finished(finish)
            }
            for title in titles where page.document.title == title { return .finished(finish) }
            return .untold(
                finish,
                because: "\(displayName) does not say what is finished; [feed.finished] can")
        }
    }

    private func identifiers(_ entry: Entry) -> [Identifier] {
        guard let identifier, let value = Words.line(entry.text(of: identifier.element)) else {
            return []
        }
        return [Identifier(identifier.name, value)]
    }

    private static func find(_ sign: Sign, in document: FeedDocument) -> String? {
        switch sign {
        case .linkHost(let host):
            guard let link = document.link.flatMap({ FeedAddress($0) }), link.isAt(host) else {
                return nil
            }
            return "channel link \(host)"
        case .idFront(let front):
            for entry in document.entries where entry.id?.hasPrefix(front) == true {
                return "guid \(front)…"
            }
            return nil
        case .title(let title):
            return document.title?.hasPrefix(title) == true ? "channel title \"\(title)\"" : nil
        case .namespace(let namespace):
            for entry in document.entries {
                for element in entry.elements where element.namespace == namespace {
                    return "element \(element.prefix.map { $0 + ":" } ?? "")\(element.name)"
                }
            }
            return nil
        case .permalinkQuery:
            return permalinkQuery(document)
        }
    }

    /// Shaarli: every id is the feed's own address with a `?` and six letters.
    private static func permalinkQuery(_ document: FeedDocument) -> String? {
        guard let home = document.id, home.hasSuffix("/"), !document.entries.isEmpty else {
            return nil
        }
        for entry in document.entries {
            guard let id = entry.id, id.hasPrefix(home) else { return nil }
            let rest = id.dropFirst(home.count)
            let isShort = rest.hasPrefix("?") && rest.utf8.count == 7
            guard isShort || rest.hasPrefix("shaare/") else { return nil }
        }
        return "ids that are the site's address and a short code"
    }
}
