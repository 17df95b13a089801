import Catalogue
import Feeds
import Formats
import XML

/// Goodreads: a shelf, or a person's updates (SERVICES section 5). Each item says which it is, so
/// both feeds are one service: the number of the review ties them together.
///
/// Keys: `goodreads:review:N`, then `goodreads:book:N`, by which the export meets the feed.
/// Rereading moves the same review, so a later day can be a reread (PRODUCT section 6,
/// `afterDays(30)`).
struct Goodreads: Service {
    let name = "goodreads"
    let displayName = "Goodreads"
    let exportHint: String? = "Goodreads: My Books → Import and export → Export library"
    static let repeats = RepeatPolicy.afterDays(30)

    func owns(_ address: FeedAddress) -> Bool {
        address.matches("goodreads.com/review/list_rss/*")
            || address.matches("goodreads.com/user/updates_rss/*")
    }

    func sign(in document: FeedDocument) -> String? {
        for entry in document.entries {
            if entry.text(of: "user_shelves") != nil, entry.text(of: "book_id") != nil {
                return "elements book_id and user_shelves"
            }
            if let id = entry.id, GoodreadsUpdate.type(of: id) != nil,
                document.link?.contains("goodreads.com/") == true
            {
                return "guid \(id)"
            }
        }
        if let link = document.link.flatMap({ FeedAddress($0) }), link.isAt("goodreads.com") {
            return "channel link goodreads.com"
        }
        return nil
    }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        guard
            address.matches("goodreads.com/user/show/*")
                || address.matches("goodreads.com/review/list/*")
                || address.matches("goodreads.com/author/show/*"), address.segments[0] != "author",
            let number = Words.leadingDigits(address.segments[2][...])
        else { return nil }
        return ProfileFeed(
            name: "books",
            address: "https://www.goodreads.com/review/list_rss/\(number)?shelf=read",
            service: name, exportHint: exportHint)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        if entry.text(of: "book_id") != nil || entry.text(of: "user_read_at") != nil {
            return GoodreadsShelf.read(entry, in: page)
        }
        return GoodreadsUpdate.read(entry, in: page)
    }

    /// The number of the review that an address of it names.
    static func review(in address: String?) -> String? {
        address.flatMap { Words.number(after: "/review/show/", in: $0) }
    }

    /// A cover, unless it is the picture that stands for none.
    static func cover(_ address: String?) -> String? {
        guard let picture = Words.picture(address), !picture.contains("/nophoto/") else {
            return nil
        }
        return picture
    }

    /// Shelves on which a book stands that is not read. The first two are Goodreads' own; the
    /// others are what people name the shelf of books they gave up.
    static let unfinished = [
        "to-read": "wants to read", "currently-reading": "currently reading",
        "abandoned": "abandoned", "did-not-finish": "not finished", "dnf": "not finished",
        "gave-up": "given up", "gave-up-on": "given up", "unfinished": "not finished",
    ]
}

/// An item of a shelf feed.
///
/// | element | says |
/// |---|---|
/// | `guid`, `link` | `…/review/show/REVIEW` |
/// | `user_read_at` | the day, as written in its own offset; often empty |
/// | `user_shelves` | empty for plain `read` |
/// | `user_rating` | 1 to 5, 0 for none |
/// | `title`, `author_name`, `book_published`, `book_id`, `isbn`, `book_large_image_url` | the book |
/// | `user_date_added` | `pubDate`; changes when the review does |
enum GoodreadsShelf {
    static func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let book = Words.line(entry.text(of: "book_id"))
        let review = Goodreads.review(in: entry.id) ?? Goodreads.review(in: entry.link)
        var keys = review.map { [Key("goodreads:review:" + $0)] } ?? []
        if let book { keys.append(Key("goodreads:book:" + book)) }
        let text = Words.line(entry.text(of: "user_review")).flatMap(HTMLReduction.visible)
        let finish = Finish(
            kind: .book, title: Words.line(entry.title) ?? "",
            creator: Words.line(entry.text(of: "author_name")),
            year: Words.year(entry.text(of: "book_published")),
            day: entry.text(of: "user_read_at").flatMap { EntryDates.read($0)?.day },
            rating: Words.rating(entry.text(of: "user_rating"), best: 5),
            review: text,
            spoiler: text?.lowercased().contains("spoiler alert") == true,
            cover: Goodreads.cover(entry.text(of: "book_large_image_url"))
                ?? Goodreads.cover(entry.text(of: "book_image_url")),
            url: entry.link, identifiers: identifiers(entry, book: book))
        if let reason = shelf(entry, page.address?.value(of: "shelf")) {
            return .passed(finish, keys: keys, because: reason)
        }
        return .finished(finish, keys: keys, repeats: Goodreads.repeats)
    }

    private static func identifiers(_ entry: Entry, book: String?) -> [Identifier] {
        var identifiers: [Identifier] = []
        if let book { identifiers.append(Identifier("goodreadsBook", book)) }
        if let isbn = Words.line(entry.text(of: "isbn")) {
            identifiers.append(Identifier("isbn", isbn))
        }
        return identifiers
    }

    /// Why the shelves say that it is not read; `nil`: it is. The shelf that was asked for counts
    /// most: who asks for `read` gets nothing else.
    private static func shelf(_ entry: Entry, _ asked: String?) -> String? {
        if let asked, let reason = Goodreads.unfinished[asked] { return reason }
        if asked == "read" { return nil }
        for shelf in (entry.text(of: "user_shelves") ?? "").split(separator: ",") {
            if let name = Words.line(String(shelf)), let reason = Goodreads.unfinished[name] {
                return reason
            }
        }
        return nil
    }
}

/// An item of an updates feed: `guid` names its type, the title says what happened in English.
enum GoodreadsUpdate {
    /// `ReadStatus` of `ReadStatus10643128624`; `nil` for a guid of another shape.
    static func type(of id: String) -> String? {
        guard let number = Words.numberAtEnd(of: id) else { return nil }
        let type = String(id.dropLast(number.count))
        return types.contains(type) ? type : nil
    }

    private static let types: Set = [
        "ReadStatus", "Review", "UserStatus", "Rating", "UserFollowing",
    ]

    static func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let line = Words.line(entry.text(of: "title")) ?? Words.line(entry.title) ?? ""
        let type = entry.id.flatMap(type(of:))
        guard type == "ReadStatus" || type == "Review", let (words, title) = parts(of: line) else {
            let reason = type == "UserStatus" ? "a note of progress" : "not about a book of theirs"
            return .passed(Finish(title: line, url: entry.link), because: reason)
        }
        let html = Fragment((entry.summary ?? entry.content)?.value ?? "")
        let link = html.element("a", class: "bookTitle")
        let book = link?.tag.value(of: "href").flatMap {
            Words.number(after: "/book/show/", in: $0)
        }
        var keys = Goodreads.review(in: entry.link).map { [Key("goodreads:review:" + $0)] } ?? []
        if let book { keys.append(Key("goodreads:book:" + book)) }
        var finish = Finish(
            kind: .book, title: title,
            creator: Words.line(html.element("a", class: "authorName")?.text),
            rating: type == "Review" ? rating(in: HTMLText.plain(html.markup(from: 0))) : nil,
            cover: Goodreads.cover(html.attribute("src", of: "img")), url: entry.link,
            identifiers: book.map { [Identifier("goodreadsBook", $0)] } ?? [])
        guard words.hasSuffix("finished reading") else {
            return .passed(finish, keys: keys, because: reason(words))
        }
        (finish.day, finish.instant) = page.moment(entry.published)
        return .finished(finish, keys: keys, repeats: Goodreads.repeats)
    }

    /// `("Ann finished reading", "The Title")` of `Ann finished reading 'The Title'`.
    private static func parts(of line: String) -> (words: String, title: String)? {
        let text = HTMLText.plain(line)
        guard text.last == "'", let open = text.firstRange(of: " '"),
            open.upperBound < text.index(before: text.endIndex)
        else { return nil }
        let title = text[open.upperBound..<text.index(before: text.endIndex)]
        return (String(text[..<open.lowerBound]), String(title))
    }

    /// What the words say has happened instead; the person's name in front is left out.
    private static func reason(_ words: String) -> String {
        for known in ["is currently reading", "started reading", "wants to read"]
        where words.hasSuffix(known) {
            return known
        }
        return words.hasSuffix(" added")
            ? "rated or reviewed, which does not say finished" : "an update"
    }

    /// `gave 5 stars to`
    private static func rating(in text: String) -> Rating? {
        let words = text.split(separator: " ")
        for (index, word) in words.enumerated() where word == "gave" && index + 2 < words.count {
            if words[index + 2].hasPrefix("star") {
                return Words.rating(String(words[index + 1]), best: 5)
            }
        }
        return nil
    }
}
