import Catalogue
import Feeds
import Formats
import XML

/// Douban's last ten marks of all kinds (SERVICES section 7). The title is a verb and the name with
/// nothing between them.
///
/// | wish | doing | done | kind |
/// |---|---|---|---|
/// | 想看 | 在看, 最近在看 | 看过 | a film or a series: not told |
/// | 想读 | 在读, 最近在读 | 读过 | book |
/// | 想听 | 在听, 最近在听 | 听过 | music |
/// | 想玩 | 在玩, 最近在玩 | 玩过 | game |
///
/// Key: `douban:mark:N` of the guid; N stays when a wish becomes a finish, and only finishes are
/// kept.
struct Douban: Service {
    let name = "douban"
    let displayName = "Douban"

    func owns(_ address: FeedAddress) -> Bool {
        address.matches("douban.com/feed/people/*/interests")
    }

    func sign(in document: FeedDocument) -> String? {
        for entry in document.entries where entry.id.flatMap(Douban.mark) != nil {
            return "guid douban.com/people/…/interests/…"
        }
        return nil
    }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        guard address.matches("douban.com/people/*/**"), address.segments.count > 1 else {
            return nil
        }
        let user = PercentEncoding.encoded(address.segments[1])
        return ProfileFeed(
            name: "douban", address: "https://www.douban.com/feed/people/\(user)/interests",
            service: name)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let line = Words.line(entry.title) ?? ""
        let verb = ChineseVerb.all.first { line.hasPrefix($0.words) && line != $0.words }
        let note = DoubanNote((entry.summary ?? entry.content)?.value ?? "")
        // Only one verb is taken off: a name may begin with another.
        var finish = Finish(
            kind: verb?.kind, title: verb.map { String(line.dropFirst($0.words.count)) } ?? line,
            rating: note.rating, review: note.review, cover: note.cover, url: entry.link)
        (finish.day, finish.instant) = page.moment(entry.published)
        if let subject = entry.link.flatMap({ Words.number(after: "/subject/", in: $0) }) {
            finish.identifiers = [Identifier("doubanSubject", subject)]
        }
        let keys = entry.id.flatMap(Douban.mark).map { [Key("douban:mark:" + $0)] } ?? []
        guard let verb else { return .passed(finish, keys: keys, because: "no mark") }
        guard verb.isFinished else { return .passed(finish, keys: keys, because: verb.meaning) }
        return .finished(finish, keys: keys)
    }

    private static func mark(_ id: String) -> String? {
        guard id.contains("douban.com/people/") else { return nil }
        return Words.number(after: "/interests/", in: id)
    }
}

/// The verbs of marks at Douban and Bangumi; the longer stand before those they end with.
struct ChineseVerb {
    let words: String
    let kind: Kind?
    let isFinished: Bool
    let meaning: String

    static let all: [ChineseVerb] = {
        let verbs: [(String, Kind?, String)] = [
            ("看", nil, "watch"), ("读", .book, "read"), ("听", .music, "listen"),
            ("玩", .game, "play"),
        ]
        var all: [ChineseVerb] = []
        for (verb, kind, meaning) in verbs {
            all.append(
                ChineseVerb(
                    words: "最近在" + verb, kind: kind, isFinished: false, meaning: "in progress"))
            all.append(
                ChineseVerb(
                    words: "在" + verb, kind: kind, isFinished: false, meaning: "in progress"))
            all.append(
                ChineseVerb(
                    words: "想" + verb, kind: kind, isFinished: false, meaning: "wants to " + meaning
                ))
            all.append(ChineseVerb(words: verb + "过", kind: kind, isFinished: true, meaning: ""))
        }
        all.append(ChineseVerb(words: "搁置", kind: nil, isFinished: false, meaning: "on hold"))
        all.append(ChineseVerb(words: "抛弃", kind: nil, isFinished: false, meaning: "dropped"))
        return all
    }()
}

/// The table in the description of a mark: cover, `推荐: 力荐`, `备注: TEXT`.
struct DoubanNote {
    private(set) var rating: Rating?
    private(set) var review: String?
    private(set) var cover: String?

    init(_ html: String) {
        let fragment = Fragment(html)
        cover = Words.picture(fragment.attribute("src", of: "img")).map {
            $0.split(separator: "s_ratio_poster", omittingEmptySubsequences: false)
                .joined(separator: "l_ratio_poster")
        }
        for tag in fragment.tags where tag.name == "p" && !tag.isEnd {
            guard
                let end = fragment.tags.first(where: {
                    $0.isEnd && $0.name == "p" && $0.range.lowerBound >= tag.range.upperBound
                })
            else { continue }
            let inside = tag.range.upperBound..<end.range.lowerBound
            take(fragment.text(inside), String(decoding: fragment.bytes[inside], as: UTF8.self))
        }
    }

    private mutating func take(_ text: String, _ html: String) {
        let labelled = TitleCut.first(": ", in: text) ?? TitleCut.first("：", in: text)
        guard let (label, value) = labelled else { return }
        if label == "推荐", let step = DoubanNote.steps.firstIndex(of: value) {
            rating = Rating(value: (step + 1) * 100, best: 500)
        } else if label == "备注" || label == "短评", review == nil {
            let cut = TitleCut.first(": ", in: html) ?? TitleCut.first("：", in: html)
            review = cut.flatMap { HTMLReduction.visible($0.back) }
        }
    }

    private static let steps = ["很差", "较差", "还行", "推荐", "力荐"]
}
