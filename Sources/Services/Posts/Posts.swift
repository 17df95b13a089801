import Catalogue
import Feeds
import Formats
import XML

/// Short posts without titles: Mastodon and Bluesky (SERVICES section 9). One counts when a rule of
/// `[feed.finished]` holds, when the feed is one of a tag, or when it begins as people begin who
/// have finished something.
struct Posts: Service {
    let name: String
    let displayName: String
    let feeds: [String]
    /// Feeds of a tag: following one says that what is in it counts.
    let tagged: [String]
    /// How ids begin, where that is the network's own way.
    let idFront: String?
    let page: (@Sendable (FeedAddress) -> String?)?

    static let mastodon = Posts(
        name: "mastodon", displayName: "Mastodon",
        feeds: ["*/@*.rss", "*/mastodon/acct/*/**"], tagged: ["*/@*/tagged/*.rss"], idFront: nil,
        page: { address in
            guard address.segments.count == 1, let user = address.segments.first,
                user.hasPrefix("@"), !user.dropFirst().contains("@"),
                !["youtube.com", "medium.com", "tiktok.com", "threads.net"].contains(address.host)
            else { return nil }
            return "https://\(address.host)/\(user).rss"
        })

    static let bluesky = Posts(
        name: "bluesky", displayName: "Bluesky",
        feeds: ["bsky.app/profile/*/rss", "*/bsky/profile/**"], tagged: [], idFront: "at://",
        page: { address in
            guard address.matches("bsky.app/profile/*") else { return nil }
            return "https://bsky.app/profile/\(address.segments[1])/rss"
        })

    func owns(_ address: FeedAddress) -> Bool {
        (feeds + tagged).contains { address.matches($0) }
    }

    func sign(in document: FeedDocument) -> String? {
        guard let idFront else { return nil }
        for entry in document.entries where entry.id?.hasPrefix(idFront) == true {
            return "guid \(idFront)…"
        }
        return nil
    }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        guard let feed = page?(address) else { return nil }
        return ProfileFeed(name: "posts", address: feed, service: name)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let body = EntryBody(entry)
        let line = Posts.firstLine(of: entry, body)
        var finish = Finish(
            title: line, review: body.review, cover: GenericFeed.cover(of: entry, body),
            url: entry.link)
        (finish.day, finish.instant) = page.moment(entry.published)
        let rules = EntryRules(page.context.feed.finished)
        if !rules.isEmpty {
            guard let match = rules.match(entry, title: line) else {
                return .passed(finish, because: "no rule of [feed.finished] holds")
            }
            finish.title = match.title
            finish.creator = match.creator
            finish.year = match.year
            return .finished(finish)
        }
        if let head = Wording.head(of: line) {
            finish.kind = head.status.kind
            finish.title = Words.unquoted(head.rest)
            if head.hasColon { (finish.title, finish.creator) = Wording.titleAndCreator(head.rest) }
            if !head.status.isFinished { return .passed(finish, because: head.status.words) }
            return .finished(finish)
        }
        for pattern in tagged where page.address?.matches(pattern) == true {
            return .finished(finish)
        }
        return .passed(finish, because: "a post that does not say finished")
    }

    /// The first paragraph or line, without the tags behind it.
    private static func firstLine(of entry: Entry, _ body: EntryBody) -> String {
        var line = body.title(of: entry)
        let value = (entry.content ?? entry.summary)?.value ?? ""
        if let first = body.fragment.leadingParagraphs.first {
            line = body.fragment.text(first)
        } else if body.fragment.tags.isEmpty, let first = value.split(separator: "\n").first {
            line = HTMLText.plain(String(first))
        }
        if let tag = line.firstRange(of: " #") { line = String(line[..<tag.lowerBound]) }
        return line
    }
}

/// Micro.blog's blogs: `Finished reading: [TITLE](https://micro.blog/books/ISBN) by AUTHOR 📚`
/// (SERVICES section 8, from memory alone). All other posts are posts.
struct MicroBlog: Service {
    let name = "microblog"
    let displayName = "Micro.blog"
    let isFromMemory = true

    func owns(_ address: FeedAddress) -> Bool {
        address.isAt("micro.blog") && address.segments.last?.hasPrefix("feed") == true
    }

    func sign(in document: FeedDocument) -> String? { nil }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let body = EntryBody(entry)
        var finish = Finish(title: body.title(of: entry), url: entry.link)
        (finish.day, finish.instant) = page.moment(entry.published)
        guard let head = Wording.head(of: body.plain.isEmpty ? finish.title : body.plain) else {
            return .passed(finish, because: "a post that does not say finished")
        }
        finish.kind = head.status.kind
        (finish.title, finish.creator) = Wording.titleAndCreator(head.rest)
        if let link = body.fragment.element("a"), let address = link.tag.value(of: "href"),
            let isbn = TitleCut.first("micro.blog/books/", in: address)?.back
        {
            finish.title = link.text
            let after = TitleCut.first(link.text + " by ", in: body.plain)?.back ?? ""
            finish.creator = MicroBlog.name(atHeadOf: after)
            if ISBN.isOne(isbn) { finish.identifiers = [Identifier("isbn", isbn)] }
        }
        guard head.status.isFinished else { return .passed(finish, because: head.status.words) }
        return .finished(finish)
    }
}

extension MicroBlog {
    /// Up to the picture of books, or the end of the sentence; the point of an initial ends none.
    fileprivate static func name(atHeadOf text: String) -> String? {
        if let cut = TitleCut.first("📚", in: text) { return Words.line(cut.front) }
        var words: [Substring] = []
        for word in text.split(separator: " ") {
            words.append(word)
            if word.last == ".", word.count > 3 { break }
        }
        return Words.line(words.joined(separator: " ")).map {
            $0.last == "." ? String($0.dropLast()) : $0
        }
    }
}

/// RateYourMusic's activity: items "Rated …" among others (SERVICES section 8, from memory alone).
struct RateYourMusic: Service {
    let name = "rateyourmusic"
    let displayName = "RateYourMusic"
    let exportHint: String? = "RateYourMusic: Profile → Export your data"
    let isFromMemory = true

    func owns(_ address: FeedAddress) -> Bool { address.matches("rateyourmusic.com/~*/data/rss") }

    func sign(in document: FeedDocument) -> String? {
        guard let link = document.link.flatMap({ FeedAddress($0) }), link.isAt("rateyourmusic.com")
        else { return nil }
        return "channel link rateyourmusic.com"
    }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        guard address.matches("rateyourmusic.com/~*") else { return nil }
        return ProfileFeed(
            name: "music", address: "https://rateyourmusic.com/\(address.segments[0])/data/rss",
            service: name, exportHint: exportHint)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let line = Words.line(entry.title) ?? ""
        var finish = Finish(kind: .music, title: line, url: entry.link)
        (finish.day, finish.instant) = page.moment(entry.published)
        guard line.hasPrefix("Rated ") else { return .passed(finish, because: "not a rating") }
        var words = line.dropFirst(6).split(separator: " ")
        if let last = words.last, last.hasPrefix("star"), words.count > 2 {
            words.removeLast()
            finish.rating = Words.rating(words.popLast().map(String.init), best: 5)
        }
        (finish.title, finish.creator) = Wording.titleAndCreator(words.joined(separator: " "))
        return .finished(finish)
    }
}
