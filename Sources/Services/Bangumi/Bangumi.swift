import Catalogue
import Feeds
import Formats
import XML

/// Bangumi's marks (SERVICES section 6): `看过:NAME`, cut at the first colon, for a full-width one
/// belongs to the name. RSSHub's route writes that one and, for a single type, no verb at all
/// (section 11).
///
/// Keys: `bangumi:subject:ID`, `bangumi:subject:ID:done`; a repeat's bear its day. Guid and link are the subject's page and come again at each mark of
/// it, so only a day a month later is another finishing.
struct Bangumi: Service {
    let name = "bangumi"
    let displayName = "Bangumi"

    func owns(_ address: FeedAddress) -> Bool {
        let hosts = ["bgm.tv", "bangumi.tv", "chii.in"]
        for host in hosts {
            if address.matches(host + "/feed/user/*/interests") { return true }
            if address.matches(host + "/feed/user/*/timeline") { return true }
        }
        return Bangumi.route(address) != nil
    }

    func sign(in document: FeedDocument) -> String? {
        for entry in document.entries where Bangumi.subject(of: entry) != nil {
            return "guid bgm.tv/subject/…"
        }
        return nil
    }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        guard address.matches("bgm.tv/user/*") || address.matches("bangumi.tv/user/*") else {
            return nil
        }
        let user = PercentEncoding.encoded(address.segments[1])
        return ProfileFeed(
            name: "bangumi", address: "https://bgm.tv/feed/user/\(user)/interests", service: name)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let line = Words.line(entry.title) ?? ""
        let route = page.address.flatMap(Bangumi.route)
        var verb: ChineseVerb?
        var title = line
        let marks = route == nil ? [":"] : ["：", ":"]
        for mark in marks where verb == nil {
            guard let cut = TitleCut.first(mark, in: line), !cut.back.isEmpty else { continue }
            verb = ChineseVerb.all.first { $0.words == cut.front }
            if verb != nil { title = cut.back }
        }
        let html = Fragment((entry.summary ?? entry.content)?.value ?? "")
        var finish = Finish(
            kind: route?.kind ?? (verb?.words == "看过" ? .tv : verb?.kind),
            title: Words.line(title) ?? "", cover: Words.picture(html.attribute("src", of: "img")),
            url: entry.link)
        (finish.day, finish.instant) = page.moment(entry.published)
        let subject = Bangumi.subject(of: entry)
        finish.identifiers = subject.map { [Identifier("bangumi", $0)] } ?? []
        let keys =
            subject.map { [Key("bangumi:subject:" + $0), Key("bangumi:subject:" + $0 + ":done")] } ?? []
        if verb?.isFinished == true || verb == nil && route?.isDone == true {
            return .finished(finish, keys: keys, repeats: .afterDays(30))
        }
        return .passed(finish, keys: keys, because: verb?.meaning ?? "no mark")
    }

    private static func subject(of entry: Entry) -> String? {
        for text in [entry.id, entry.link] {
            guard let text, let address = FeedAddress(text),
                ["bgm.tv", "bangumi.tv", "chii.in"].contains(address.host)
            else { continue }
            if let number = Words.number(after: "/subject/", in: text) { return number }
        }
        return nil
    }

    /// RSSHub's `/bangumi.tv/user/collections/ID/SUBJECT TYPE/TYPE`.
    private static func route(_ address: FeedAddress) -> (kind: Kind?, isDone: Bool)? {
        guard address.matches("*/bangumi.tv/user/collections/*/**") else { return nil }
        let parts = address.segments
        let kinds: [String: Kind] = ["1": .book, "2": .tv, "3": .music, "4": .game, "6": .tv]
        return (parts.count > 4 ? kinds[parts[4]] : nil, parts.count > 5 && parts[5] == "2")
    }
}
