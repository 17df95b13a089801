import Catalogue
import Feeds
import Formats
import XML

/// BookWyrm's shelves and posts (SERVICES section 8).
///
/// | feed | an item |
/// |---|---|
/// | `/user/NAME/books/read/rss`, `/shelf/read/rss` | a book, `AUTHOR: TITLE`; `pubDate` can be another shelf's |
/// | `/user/NAME/books/SHELF/rss` | a book that is not read |
/// | `/user/NAME/rss` | a post; its header says "NAME finished reading T" in English instances |
/// | `/user/NAME/rss-reviews`, `-quotes`, `-comments` | a post under a name of its own |
///
/// Key: `bookwyrm:book:HOST/NUMBER` of the book's page; a reread is not seen.
struct BookWyrm: Service {
    let name = "bookwyrm"
    let displayName = "BookWyrm"
    let exportHint: String? = "BookWyrm: Settings → Export data → CSV"

    func owns(_ address: FeedAddress) -> Bool {
        let feeds = [
            "rss", "rss-reviews", "rss-quotes", "rss-comments", "books/*/rss", "shelf/*/rss",
        ]
        return feeds.contains { address.matches("*/user/*/" + $0) }
    }

    func sign(in document: FeedDocument) -> String? { nil }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        // Any host may be an instance; only one bears the name.
        guard address.matches("bookwyrm.social/user/*/**"), address.segments.count > 1 else {
            return nil
        }
        let user = PercentEncoding.encoded(address.segments[1])
        return ProfileFeed(
            name: "books", address: "https://\(address.host)/user/\(user)/books/read/rss",
            service: name, exportHint: exportHint)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let parts = page.address?.segments ?? []
        let isShelf = parts.count == 5 && (parts[2] == "books" || parts[2] == "shelf")
        let book = entry.link.flatMap(BookWyrm.book)
        if isShelf || parts.isEmpty && book != nil {
            return shelved(entry, shelf: isShelf ? parts[3] : nil, book: book)
        }
        return post(entry, in: page, isReview: parts.last == "rss-reviews")
    }

    private func shelved(_ entry: Entry, shelf: String?, book: String?) -> Finding {
        let line = Words.line(entry.title) ?? ""
        let body = EntryBody(entry)
        var finish = Finish(kind: .book, title: line, url: entry.link)
        if let cut = TitleCut.first(": ", in: line) {
            (finish.creator, finish.title) = (cut.front, cut.back)
        }
        if let number = TitleCut.first("ISBN 13:", in: body.plain)?.back.split(separator: " ")
            .first,
            ISBN.isOne(String(number))
        {
            finish.identifiers = [Identifier("isbn13", String(number))]
        }
        let keys = book.map { [Key("bookwyrm:book:" + $0)] } ?? []
        switch shelf {
        case "read"?: return .finished(finish, keys: keys)
        case let shelf?:
            return .passed(finish, keys: keys, because: "on the shelf \"\(shelf)\"")
        case nil:
            return .untold(
                finish, keys: keys, because: "which shelf this is stands only in the feed's address"
            )
        }
    }

    private func post(_ entry: Entry, in page: FeedPage, isReview: Bool) -> Finding {
        let line = Words.line(entry.title) ?? ""
        var finish = Finish(kind: .book, title: line, url: entry.link)
        (finish.day, finish.instant) = page.moment(entry.published)
        if let cut = TitleCut.first(" finished reading ", in: line) {
            finish.title = Words.unquoted(cut.back)
            return .finished(finish)
        }
        return isReview
            ? .untold(finish, because: "a review, under a name of its own and not the book's")
            : .passed(finish, because: "a post that does not say finished")
    }

    /// `books.example/4711` of `https://books.example/book/4711/s/the-title`.
    private static func book(_ link: String) -> String? {
        guard let address = FeedAddress(link), address.segments.count > 1,
            address.segments[0] == "book", Words.isNumber(address.segments[1])
        else { return nil }
        return address.host + "/" + address.segments[1]
    }
}

/// NeoDB's reviews (SERVICES section 8): the title is `REVIEW - a review of TITLE`, in English at
/// least. Marks and ratings are in no feed.
struct NeoDB: Service {
    let name = "neodb"
    let displayName = "NeoDB"

    func owns(_ address: FeedAddress) -> Bool { address.matches("*/users/*/feed/reviews") }

    func sign(in document: FeedDocument) -> String? { nil }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        guard address.matches("neodb.social/users/*") else { return nil }
        let user = PercentEncoding.encoded(address.segments[1])
        return ProfileFeed(
            name: "neodb", address: "https://neodb.social/users/\(user)/feed/reviews/",
            service: name)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        var line = Words.line(entry.title) ?? ""
        var spoiler = false
        if let warning = line.firstRange(of: " (may contain spoiler") {
            spoiler = true
            line = String(line[..<warning.lowerBound])
        }
        let body = EntryBody(entry)
        var finish = Finish(
            title: TitleCut.last(" - a review of ", in: line)?.back ?? line, review: body.review,
            spoiler: spoiler, cover: GenericFeed.cover(of: entry, body), url: entry.link)
        (finish.day, finish.instant) = page.moment(entry.published)
        return .finished(finish)
    }
}
