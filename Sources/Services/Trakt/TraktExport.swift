import Catalogue
import Formats

/// Trakt's JSON (SERVICES section 12): `history-*.json` or an answer of the API, a play each, with
/// the number that the feed's ids have; `watched-movies.json` and `watched-shows.json`, the last
/// play of each work; `ratings-*.json`.
struct TraktExport: Export {
    let service = "trakt"
    let displayName = "Trakt"
    let hint = "Trakt: Settings → Data → Export now"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let value: JSONValue
        do {
            value = try JSONReader.read(file.bytes)
        } catch {
            throw .broken(error)
        }
        guard let rows = value.arrayValue, rows.allSatisfy({ $0.objectValue != nil }) else {
            throw .notTheExport(
                service: displayName, found: "JSON that is no list of objects",
                expected: "its history, watched or ratings as JSON")
        }
        return ExportedRows(rows.lazy.map {
            ExportedRow(finding: TraktExport.finding($0), stated: TraktExport.stated($0))
        })
    }

    private static func finding(_ row: JSONValue) -> Finding {
        let play = row["id"]?.integerValue
        let at = (row["watched_at"] ?? row["last_watched_at"])?.stringValue
        var finish = Finish(title: "")
        finish.instant = at.flatMap { Instant(rfc3339: $0) }
        if let rating = row["rating"]?.integerValue {
            finish.rating = Rating(value: Int(clamping: rating) &* 100, best: 1000)
        }
        let work: JSONValue?
        let noun: String
        switch row["type"]?.stringValue {
        case "episode":
            (work, noun) = (row["show"], "episode")
            finish.season = row["episode"]?["season"]?.integerValue.map { Int(clamping: $0) }
            finish.episode = row["episode"]?["number"]?.integerValue.map { Int(clamping: $0) }
        case "season": (work, noun) = (row["show"], "season")
        default:
            let isMovie = row["movie"] != nil
            (work, noun) = (row["movie"] ?? row["show"], isMovie ? "movie" : "show")
        }
        finish.kind = noun == "movie" ? .movie : .tv
        finish.title = Words.line(work?["title"]?.stringValue) ?? ""
        finish.year = work?["year"]?.integerValue.flatMap { Words.year(String($0)) }
        finish.identifiers = identifiers(work?["ids"], isMovie: noun == "movie")
        return judge(finish, row, work, play: play, noun: noun)
    }

    private static func judge(
        _ finish: Finish, _ row: JSONValue, _ work: JSONValue?, play: Int64?, noun: String
    ) -> Finding {
        var keys: [Key] = []
        if let play { keys.append(Key("trakt:play:\(play)")) }
        if play == nil, let id = work?["ids"]?["trakt"]?.integerValue {
            keys.append(Key("trakt:\(noun):\(id)"))
        }
        if keys.isEmpty { keys.append(.work("trakt", finish.title, finish.year.map(String.init))) }
        let logged = row["rated_at"]?.stringValue.flatMap { Instant(rfc3339: $0) }
        guard !finish.title.isEmpty else {
            return .passed(finish, keys: keys, because: "a row without a title")
        }
        switch noun {
        case "movie": return .finished(finish, keys: keys, logged: logged)
        case "episode": return .passed(finish, keys: keys, because: "a single episode")
        case "season" where finish.rating != nil:
            return .passed(
                finish, keys: keys, because: "a season, rated; Trakt does not say finished")
        default:
            return .passed(
                finish, keys: keys,
                because: "a show; Trakt does not say whether all of it was watched")
        }
    }

    /// `ids` is `{"trakt": 1, "slug": "…", "imdb": "tt…", "tmdb": 2}`.
    private static func identifiers(_ ids: JSONValue?, isMovie: Bool) -> [Identifier] {
        var identifiers: [Identifier] = []
        if let imdb = ids?["imdb"]?.stringValue { identifiers.append(Identifier("imdb", imdb)) }
        if let tmdb = ids?["tmdb"]?.integerValue {
            identifiers.append(Identifier(isMovie ? "tmdbMovie" : "tmdbTv", String(tmdb)))
        }
        if isMovie, let trakt = ids?["trakt"]?.integerValue {
            identifiers.append(Identifier("traktMovie", String(trakt)))
        }
        return identifiers
    }

    private static func stated(_ row: JSONValue) -> [Stated] {
        var stated: [Stated] = []
        for member in row.objectValue ?? [] {
            let text = String(decoding: JSONWriter.compact(member.value), as: UTF8.self)
            stated.append(Stated(member.name, member.value.stringValue ?? text))
        }
        return stated
    }
}
