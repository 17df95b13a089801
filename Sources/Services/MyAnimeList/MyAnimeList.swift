import Catalogue
import Feeds
import Formats

/// MyAnimeList's feeds of what was last changed (SERVICES section 6).
///
/// | element | says |
/// |---|---|
/// | `title` | `NAME - TV`, the type behind the last ` - ` |
/// | `link`, `guid` | `myanimelist.net/anime/ID/NAME`: the title's page, so both come again |
/// | `description` | `Completed - 12 of 12 episodes`, `Watching - …`, `Plan to Watch`, `On-Hold`, `Dropped` |
/// | `pubDate` | when the list was changed |
///
/// Keys: `mal:anime:ID`, `mal:manga:ID`, and with `:completed` behind when it is; a repeat's bear its day.
/// An entry that is changed later, its score say, comes again with a new date, so only a day a month
/// later is another finishing.
struct MyAnimeList: Service {
    let name = "myanimelist"
    let displayName = "MyAnimeList"
    let exportHint: String? = "MyAnimeList: Profile → Export (myanimelist.net/panel.php?go=export)"

    func owns(_ address: FeedAddress) -> Bool { address.matches("myanimelist.net/rss.php?type&u") }

    func sign(in document: FeedDocument) -> String? {
        for entry in document.entries where MyAnimeList.subject(of: entry) != nil {
            return "guid of myanimelist.net"
        }
        if document.title?.hasSuffix("from MyAnimeList.net") == true { return "channel title" }
        return nil
    }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        let pages = ["profile", "animelist", "mangalist"]
        guard address.isAt("myanimelist.net"), address.segments.count == 2,
            pages.contains(address.segments[0])
        else { return nil }
        let isManga = address.segments[0] == "mangalist"
        return ProfileFeed(
            name: isManga ? "manga" : "anime",
            address: "https://myanimelist.net/rss.php?type=\(isManga ? "rm" : "rw")&u="
                + PercentEncoding.encoded(address.segments[1]),
            service: name, exportHint: exportHint)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let subject = MyAnimeList.subject(of: entry)
        let line = Words.line(entry.title) ?? ""
        var (title, type) = (line, "")
        if let cut = TitleCut.last(" - ", in: line) { (title, type) = cut }
        var finish = Finish(
            kind: subject?.list == "manga" ? .book : MyAnimeListType.kind(type), title: title,
            url: entry.link)
        (finish.day, finish.instant) = page.moment(entry.published)
        var keys: [Key] = []
        if let subject {
            finish.identifiers = [Identifier("mal", subject.number)]
            keys = MyAnimeList.keys(subject.list, subject.number)
        }
        let body = Words.line(entry.summary?.value) ?? ""
        let status = TitleCut.first(" - ", in: body)?.front ?? body
        guard status == "Completed" else {
            let reason = status.isEmpty ? "without a status" : status.lowercased()
            return .passed(finish, keys: keys, because: reason)
        }
        return .finished(finish, keys: keys, repeats: .afterDays(30))
    }

    static func keys(_ list: String, _ number: String) -> [Key] {
        [Key("mal:\(list):\(number)"), Key("mal:\(list):\(number):completed")]
    }

    private static func subject(of entry: Entry) -> (list: String, number: String)? {
        for text in [entry.id, entry.link] {
            guard let text, text.contains("myanimelist.net/") else { continue }
            for list in ["anime", "manga"] {
                if let number = Words.number(after: "myanimelist.net/\(list)/", in: text) {
                    return (list, number)
                }
            }
        }
        return nil
    }
}

/// A text cut in two at a mark.
enum TitleCut {
    static func first(_ mark: String, in text: String) -> (front: String, back: String)? {
        guard let found = text.firstRange(of: mark) else { return nil }
        return (String(text[..<found.lowerBound]), String(text[found.upperBound...]))
    }

    static func last(_ mark: String, in text: String) -> (front: String, back: String)? {
        var from = text.startIndex
        var cut: Range<String.Index>?
        while let found = text[from...].firstRange(of: mark) {
            cut = found
            from = found.upperBound
        }
        guard let cut else { return nil }
        return (String(text[..<cut.lowerBound]), String(text[cut.upperBound...]))
    }
}
