import Catalogue
import Feeds
import Formats

/// Plays at Last.fm, by its own old feed or one that others make of it (SERVICES section 8). The
/// title is `ARTIST – TRACK`. A play is no finished album, so it counts only where `count =
/// "track"` wants it.
///
/// Key: `lastfm:play:USER#SECONDS` of the guid.
struct LastFM: Service {
    let name = "lastfm"
    let displayName = "Last.fm"

    func owns(_ address: FeedAddress) -> Bool {
        address.matches("lfm.xiffy.nl/*") || address.matches("ws.audioscrobbler.com/1.0/user/*/**")
            || address.matches("*/lastfm/recent/*")
    }

    func sign(in document: FeedDocument) -> String? {
        for entry in document.entries where entry.id.flatMap(LastFM.play) != nil {
            return "guid last.fm/user/…#…"
        }
        guard let link = document.link.flatMap({ FeedAddress($0) }), link.isAt("last.fm") else {
            return nil
        }
        return "channel link last.fm"
    }

    func profile(_ address: FeedAddress) -> ProfileFeed? {
        guard address.matches("last.fm/user/*") else { return nil }
        return ProfileFeed(
            name: "music",
            address: "https://lfm.xiffy.nl/" + PercentEncoding.encoded(address.segments[1]),
            service: name)
    }

    func read(_ entry: Entry, in page: FeedPage) -> Finding {
        let line = Words.line(entry.title) ?? ""
        var finish = Finish(kind: .music, title: line, url: entry.link)
        if let cut = TitleCut.first(" – ", in: line) ?? TitleCut.first(" - ", in: line) {
            (finish.creator, finish.title) = (cut.front, cut.back)
        }
        (finish.day, finish.instant) = page.moment(entry.published)
        let keys = entry.id.flatMap(LastFM.play).map { [Key("lastfm:play:" + $0)] } ?? []
        guard page.counts("track") else {
            return .passed(
                finish, keys: keys, because: "a single track; count = \"track\" takes it")
        }
        return .finished(finish, keys: keys)
    }

    private static func play(_ id: String) -> String? {
        guard let cut = TitleCut.first("last.fm/user/", in: id),
            let seconds = TitleCut.first("#", in: cut.back)?.back, Words.isNumber(seconds)
        else { return nil }
        return cut.back
    }
}
