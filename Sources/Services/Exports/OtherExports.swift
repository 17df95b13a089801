import Catalogue
import Formats
import XML

/// RateYourMusic's CSV: header names begin with blanks, the artist's name is in two parts (SERVICES
/// section 12). An album that was rated was heard; when is not told.
struct RateYourMusicExport: Export {
    let service = "rateyourmusic"
    let displayName = "RateYourMusic"
    let hint = "RateYourMusic: Profile → Export your data"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table()
        guard table.has("RYM Album", "Title", "Rating") else {
            throw .notTheExport(
                service: displayName, found: table.found, expected: "its ratings as CSV")
        }
        let columns = [
            "RYM Album", "First Name", "Last Name", "Title", "Release_Date", "Rating", "Review",
        ]
        return table.rows(columns) { row in
            let album = row.line("RYM Album")
            let names = [row["First Name"], row["Last Name"]].compactMap { $0 }
            let finish = Finish(
                kind: .music, title: row.line("Title"),
                creator: Words.line(names.joined(separator: " ")),
                year: row.day("Release_Date")?.year,
                rating: Words.rating(row["Rating"], best: 10),
                review: row["Review"].flatMap(BBCode.html))
            let keys = [Key("rateyourmusic:album:" + album)]
            var finding: Finding =
                finish.rating == nil
                ? .passed(finish, keys: keys, because: "without a rating")
                : .finished(finish, keys: keys)
            finding.entry = album
            return finding
        }
    }
}

/// The markup of RateYourMusic's reviews: emphasis is kept, all else is text.
enum BBCode {
    static func html(_ text: String) -> String? {
        guard Words.line(text) != nil else { return nil }
        var html = ""
        for character in text {
            switch character {
            case "&": html += "&amp;"
            case "<": html += "&lt;"
            case "\n", "\r\n": html += "<br/>"
            default: html.append(character)
            }
        }
        for name in ["b", "i"] {
            for (mark, tag) in [("[\(name)]", "<\(name)>"), ("[/\(name)]", "</\(name)>")] {
                html = html.split(separator: mark, omittingEmptySubsequences: false)
                    .joined(separator: tag)
            }
        }
        return HTMLReduction.visible(html)
    }
}

/// BookWyrm's CSV: a row is a book of an edition, on one shelf (SERVICES section 12).
struct BookWyrmExport: Export {
    let service = "bookwyrm"
    let displayName = "BookWyrm"
    let hint = "BookWyrm: Settings → Export data → CSV"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table()
        guard table.has("title", "author_text", "isbn_13") else {
            throw .notTheExport(
                service: displayName, found: table.found, expected: "its books as CSV")
        }
        let columns = [
            "title", "author_text", "isbn_13", "isbn_10", "finish_date", "stopped_date", "rating",
            "review_content", "shelf", "shelf_date",
        ]
        return table.rows(columns, BookWyrmExport.finding)
    }

    private static func finding(_ row: ExportRow) -> Finding {
        let title = row.line("title")
        let author = Words.line(row["author_text"])
        var identifiers: [Identifier] = []
        for (column, name) in [("isbn_10", "isbn"), ("isbn_13", "isbn13")] {
            if let number = row[column], ISBN.isOne(number) {
                identifiers.append(Identifier(name, number))
            }
        }
        let shelf = row["shelf"]
        let finish = Finish(
            kind: .book, title: title, creator: author, day: row.day("finish_date"),
            rating: Words.rating(row["rating"], best: 5), review: row.review("review_content"),
            identifiers: identifiers)
        var keys = identifiers.map { Key("bookwyrm:\($0.name):\($0.value)") }
        keys.append(.work("bookwyrm", title, author))
        let logged = row.day("shelf_date")?.noon
        if shelf == "read" || shelf == nil && finish.day != nil {
            return .finished(finish, keys: keys, repeats: .afterDays(30), logged: logged)
        }
        let reason = shelf.map { Goodreads.unfinished[$0] ?? "on the shelf \"\($0)\"" }
        return .passed(finish, keys: keys, because: reason ?? "on no shelf", logged: logged)
    }
}

/// Grouvee's CSV: a row a game, its shelves as JSON with the day each was chosen (SERVICES section
/// 12).
struct GrouveeExport: Export {
    let service = "grouvee"
    let displayName = "Grouvee"
    let hint = "Grouvee: Profile → Export"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table()
        guard table.has("name", "shelves") else {
            throw .notTheExport(
                service: displayName, found: table.found, expected: "its games as CSV")
        }
        let columns = ["id", "name", "shelves", "rating", "review", "release_date", "url"]
        return table.rows(columns) { row in
            let title = row.line("name")
            let shelves = row["shelves"].flatMap { try? JSONReader.read(Array($0.utf8)) }
            let played = shelves?["Played"]
            let finish = Finish(
                kind: .game, title: title, year: row.day("release_date")?.year,
                rating: Words.rating(row["rating"], best: 5), review: row.review("review"),
                url: row["url"])
            let keys =
                row["id"].map { [Key("grouvee:game:" + $0)] } ?? [.work("grouvee", title, nil)]
            // When it was put on the shelf is not when it was finished.
            let logged = played?["date_added"]?.stringValue.flatMap(ExportDates.day)?.noon
            var finding: Finding
            if played != nil {
                finding = .finished(finish, keys: keys, logged: logged)
            } else {
                let names = (shelves?.objectValue ?? []).map(\.name).joined(separator: ", ")
                finding = .passed(
                    finish, keys: keys,
                    because: names.isEmpty ? "on no shelf" : "on the shelf \"\(names)\"")
            }
            finding.entry = row["id"]
            return finding
        }
    }
}

/// A table of our own, for whatever has no other:
/// `kind,title,creator,year,finished,rating,best,repeat, review,url,id`. Only `title` is needed;
/// `finished` is a day, a month or a year; `rating` is of 5 where `best` says nothing else;
/// `repeat` is `yes` or empty; `id` keeps a row the same when its title is corrected.
struct PlainExport: Export {
    let service = "csv"
    let displayName = "a table of one's own"
    let hint =
        "a CSV file with the columns kind, title, creator, year, finished, rating, best, "
        + "repeat, review, url, id"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table()
        guard table.has("title") else {
            throw .notTheExport(
                service: "Colophon", found: table.found, expected: "a column \"title\"")
        }
        let columns = [
            "kind", "title", "creator", "year", "finished", "rating", "best", "repeat", "review",
            "url", "id",
        ]
        return table.rows(columns, PlainExport.finding)
    }

    private static func finding(_ row: ExportRow) -> Finding {
        let title = row.line("title")
        let best = Words.number(row["best"]) ?? 5
        let kind = row["kind"].map { $0.lowercased() }
        let finish = Finish(
            kind: kind.flatMap(Kind.init(rawValue:)), title: title,
            creator: Words.line(row["creator"]), year: Words.year(row["year"]),
            day: row.day("finished"),
            rating: (1...1000).contains(best) ? Words.rating(row["rating"], best: best) : nil,
            isRepeat: ["yes", "true", "1"].contains(row["repeat"]?.lowercased() ?? ""),
            review: row.review("review"), url: row["url"])
        var keys = row["id"].map { [Key("csv:row:" + $0)] } ?? []
        let more = [kind, finish.creator, row["finished"]].compactMap { $0 }
        keys.append(.work("csv", title, more.isEmpty ? nil : more.joined(separator: " / ")))
        var finding: Finding
        if let kind, finish.kind == nil {
            finding = .passed(
                finish, keys: keys,
                because: "kind \"\(kind)\" is none of "
                    + Kind.allCases.map(\.rawValue).joined(separator: ", "))
        } else if row["finished"] != nil, finish.day == nil {
            finding = .passed(
                finish, keys: keys,
                because: "finished \"\(row.line("finished"))\" is no day such as 2026-11-20")
        } else if row["rating"] != nil, finish.rating == nil, row["rating"] != "0" {
            finding = .passed(
                finish, keys: keys, because: "rating \"\(row.line("rating"))\" is none of \(best)")
        } else {
            finding = .finished(finish, keys: keys)
        }
        finding.entry = row["id"]
        return finding
    }
}
