import Catalogue
import Formats

/// IMDb's `ratings.csv` (SERVICES section 12): what was rated was seen, when is not told.
struct IMDbExport: Export {
    let service = "imdb"
    let displayName = "IMDb"
    let hint = "IMDb: Your ratings → Export"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table()
        guard table.has("Const", "Title", "Title Type") else {
            throw .notTheExport(service: displayName, found: table.found, expected: "ratings.csv")
        }
        let columns = [
            "Const", "Your Rating", "Date Rated", "Title", "URL", "Title Type", "Year", "Directors",
        ]
        return table.rows(columns, IMDbExport.finding)
    }

    private static func finding(_ row: ExportRow) -> Finding {
        let const = row.line("Const")
        let type = row.line("Title Type")
        let finish = Finish(
            kind: kind(of: type), title: row.line("Title"), creator: Words.line(row["Directors"]),
            year: Words.year(row["Year"]), rating: Words.rating(row["Your Rating"], best: 10),
            url: row["URL"] ?? "https://www.imdb.com/title/\(const)/",
            identifiers: [Identifier("imdb", const)])
        let keys = [Key("imdb:title:" + const)]
        let logged = row.day("Date Rated")?.noon
        var finding: Finding
        if finish.rating == nil {
            finding = .passed(finish, keys: keys, because: "without a rating", logged: logged)
        } else if isEpisode(type) {
            finding = .passed(finish, keys: keys, because: "a single episode", logged: logged)
        } else {
            finding = .finished(finish, keys: keys, logged: logged)
        }
        finding.entry = const
        return finding
    }

    /// `tvMiniSeries` in older files, `TV Mini Series` in newer ones.
    private static func bare(_ type: String) -> String {
        String(type.lowercased().filter(\.isLetter))
    }

    private static func isEpisode(_ type: String) -> Bool { bare(type) == "tvepisode" }

    private static func kind(of type: String) -> Kind? {
        switch bare(type) {
        case "movie", "tvmovie", "short", "tvshort", "video", "documentary", "tvspecial": .movie
        case "tvseries", "tvminiseries", "tvepisode": .tv
        case "videogame": .game
        case "podcastseries", "podcastepisode": .podcast
        case "musicvideo": .music
        default: nil
        }
    }
}
