import Catalogue
import Formats

/// The tables of Letterboxd's export (SERVICES section 12), told by their columns and names:
///
/// | file | columns | a row is |
/// |---|---|---|
/// | `diary.csv` | …, `Rewatch`, `Watched Date` | a viewing |
/// | `reviews.csv` | the same and `Review` | a viewing; the day may be missing |
/// | `watched.csv`, `ratings.csv` | `Date`, `Name`, `Year`, `Letterboxd URI` (, `Rating`) | a film |
/// | `watchlist.csv`, `likes/films.csv` | the same as `watched.csv` | no finish |
/// | `deleted/…` | as above | no finish any more |
/// | `orphaned/…` | as above, without URI | a viewing of a film whose page is gone |
struct LetterboxdExport: Export {
    let service = "letterboxd"
    let displayName = "Letterboxd"
    let hint = "Letterboxd: Settings → Data → Export your data"

    /// `watched.csv` last, whose rows name a film that most viewings name better.
    let files = [
        "diary.csv", "reviews.csv", "orphaned/diary.csv", "orphaned/reviews.csv", "ratings.csv",
        "watched.csv",
    ]

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table()
        let words = file.words
        if words.contains("profile"), table.has("Email Address") {
            throw .privateFile(name: "profile.csv")
        }
        guard table.has("Name", "Year", "Letterboxd URI") else {
            throw .notTheExport(
                service: displayName, found: table.found,
                expected: "diary.csv, reviews.csv, watched.csv or ratings.csv")
        }
        let isDiary = table.has("Watched Date")
        let judgement = LetterboxdExport.judgement(words, isDiary: isDiary, table)
        let columns = [
            "Date", "Name", "Year", "Letterboxd URI", "Rating", "Rewatch", "Watched Date", "Review",
        ]
        return table.rows(columns) { row in
            var finding = LetterboxdExport.finding(row)
            finding.finished = judgement.finished
            finding.reason = judgement.reason
            return finding
        }
    }

    private static func judgement(
        _ words: [String], isDiary: Bool, _ table: ExportTable
    ) -> (finished: Bool?, reason: String) {
        if words.contains("deleted") { return (false, "deleted at Letterboxd") }
        if isDiary || table.has("Rating") { return (true, "") }
        if words.contains("watchlist") { return (false, "on the watchlist") }
        if words.contains("likes") { return (false, "liked, which does not say watched") }
        if words.contains("watched") { return (true, "") }
        return (nil, "films of a list that may be the watchlist; only watched.csv says watched")
    }

    private static func finding(_ row: ExportRow) -> Finding {
        let address = row["Letterboxd URI"]
        let code = address.flatMap(BoxdCode.init(address:))
        let title = row.line("Name")
        let day = row.day("Watched Date")
        let finish = Finish(
            kind: .movie, title: title, year: Words.year(row["Year"]), day: day,
            rating: Words.rating(row["Rating"], best: 5), isRepeat: row["Rewatch"] == "Yes",
            review: row.review("Review"), url: address)
        var finding = Finding.finished(
            finish, keys: code.map { [Key("letterboxd:\($0.noun):\($0.number)")] } ?? [],
            logged: row.day("Date")?.noon)
        if finding.keys.isEmpty {
            let more = [row["Year"], day?.description].compactMap { $0 }.joined(separator: " / ")
            finding.keys = [.work("letterboxd", title, more.isEmpty ? nil : more)]
        } else {
            finding.entry = address
        }
        return finding
    }
}

/// `https://boxd.it/9dg2hf`: a number in base 62 with the digits `0-9a-zA-Z`. Its last decimal
/// digit says what of, the rest is the number that the feed's guid has, too (SERVICES section 4).
struct BoxdCode: Equatable {
    /// `viewing` or `film`.
    let noun: String
    let number: String

    init?(address: String) {
        // By its text: a whole history of addresses is too many to take apart one by one.
        guard let cut = TitleCut.first("boxd.it/", in: address),
            ["https://", "http://", ""].contains(cut.front)
        else { return nil }
        self.init(cut.back)
    }

    /// `nil` for what is no such number, or one of something else than a viewing or a film.
    init?(_ code: String) {
        var value: UInt64 = 0
        guard !code.isEmpty, code.utf8.count <= 10 else { return nil }
        for byte in code.utf8 {
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte - 0x30
            case 0x61...0x7A: digit = byte - 0x61 + 10
            case 0x41...0x5A: digit = byte - 0x41 + 36
            default: return nil
            }
            value = value * 62 + UInt64(digit)
        }
        switch value % 10 {
        case 0: noun = "film"
        case 1: noun = "viewing"
        default: return nil
        }
        number = String(value / 10)
    }
}
