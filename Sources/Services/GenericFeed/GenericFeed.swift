import Catalogue
import Feeds
import Formats
import XML

/// A feed of nobody's in particular: a person's own blog or list. Its entries count by the rules of
/// `[feed.finished]`; without rules a wording that says otherwise is believed, and all else counts,
/// for the person follows the feed to have it counted.
///
/// | field | from |
/// |---|---|
/// | title | the entry's, less what a rule or a wording took off |
/// | creator | never `author`: that is who posted (SERVICES section 3.8) |
/// | day | `pubDate`; `updated` where all items share one `pubDate` (section 9) |
/// | review | content, or the description where that is no mere status |
struct GenericFeed: Service {
    let name: String
    let displayName: String

    init(name: String = "blog", displayName: String = "a feed of its own") {
        self.name = name
        self.displayName = displayName
    }

    func owns(_ address: FeedAddress) -> Bool { false }

    func sign(in document: FeedDocument) -> String? { nil }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let body = EntryBody(entry)
        let rules = EntryRules(page.context.feed.finished)
        var (finish, status) = GenericFeed.finish(of: entry, body, in: page)
        guard !rules.isEmpty else {
            if let status, !status.isFinished { return .passed(finish, because: status.words) }
            return .finished(finish)
        }
        guard let match = rules.match(entry, title: body.title(of: entry)) else {
            return .passed(finish, because: "no rule of [feed.finished] holds")
        }
        if match.hasShapedTitle || status == nil { finish.title = match.title }
        finish.creator = match.creator ?? (match.hasShapedTitle ? nil : finish.creator)
        finish.year = match.year
        return .finished(finish)
    }

    /// What the entry says before any rule is asked, and the status that its words state.
    static func finish(
        of entry: Entry, _ body: EntryBody, in page: FeedPage
    ) -> (Finish, Wording.Status?) {
        var finish = Finish(
            title: body.title(of: entry), review: body.review, cover: cover(of: entry, body),
            url: entry.link)
        (finish.day, finish.instant) = page.finishDate(of: entry)
        // What the words suggest is a guess; the person's own word beats it.
        let settled = page.context.feed.kind
        if let status = body.status {
            finish.kind = settled ?? status.kind
            return (finish, status)
        }
        guard let head = Wording.head(of: finish.title) else { return (finish, nil) }
        finish.kind = settled ?? head.status.kind
        // Only a colon tells that what follows is a title and not the rest of a sentence.
        if head.hasColon {
            (finish.title, finish.creator) = Wording.titleAndCreator(head.rest)
        } else {
            finish.title = Words.unquoted(head.rest)
        }
        return (finish, head.status)
    }

    /// A picture that the entry encloses, or the first that it shows.
    static func cover(of entry: Entry, _ body: EntryBody) -> String? {
        for enclosure in entry.enclosures where enclosure.type?.hasPrefix("image/") == true {
            return Words.picture(enclosure.url)
        }
        for element in entry.elements where element.name == "thumbnail" {
            if let address = Words.picture(element.attribute("url")) { return address }
        }
        if let address = Words.picture(entry.text(of: "image")) { return address }
        return Words.picture(body.fragment.attribute("src", of: "img"))
    }
}

/// The texts of an entry, told apart: a status of a few words, and what was written about the work.
struct EntryBody {
    let status: Wording.Status?
    /// Reduced; `nil` when there is none.
    let review: String?
    let fragment: Fragment
    /// Of the longer text.
    let plain: String

    init(_ entry: Entry) {
        let summary = entry.summary.map { $0.isHTML ? HTMLText.plain($0.value) : $0.value }
        status = Wording.status(of: summary)
        let body = entry.content ?? (status == nil ? entry.summary : nil)
        fragment = Fragment(body?.isHTML == true ? body?.value ?? "" : "")
        guard let body else {
            review = nil
            plain = ""
            return
        }
        plain = body.isHTML ? HTMLText.plain(body.value) : Words.line(body.value) ?? ""
        review = plain.isEmpty ? nil : HTMLReduction.visible(EntryBody.markup(body))
    }

    /// The entry's title; where it has none, as a post has not, the beginning of its text.
    func title(of entry: Entry) -> String {
        if let title = Words.line(entry.title) { return title }
        guard plain.utf8.count > 200 else { return plain }
        return Bounds.cut(plain, to: 200) + "…"
    }

    private static func markup(_ body: Body) -> String {
        guard !body.isHTML else { return body.value }
        return body.value.split(separator: "&", omittingEmptySubsequences: false)
            .joined(separator: "&amp;")
            .split(separator: "<", omittingEmptySubsequences: false).joined(separator: "&lt;")
    }
}
