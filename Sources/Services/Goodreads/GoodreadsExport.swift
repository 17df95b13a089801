import Catalogue
import Formats

/// `goodreads_library_export.csv` (SERVICES section 12). A row is a book, its review and the number
/// of times it was read; `Private Notes` and what was paid are never looked at.
struct GoodreadsExport: Export {
    let service = "goodreads"
    let displayName = "Goodreads"
    let hint = "Goodreads: My Books → Import and export → Export library"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table()
        guard table.has("Book Id", "Title", "Exclusive Shelf") else {
            throw .notTheExport(
                service: displayName, found: table.found, expected: "goodreads_library_export.csv")
        }
        return table.rows(GoodreadsExport.columns, GoodreadsExport.finding)
    }

    private static let columns = [
        "Book Id", "Title", "Author", "ISBN", "ISBN13", "My Rating", "Year Published",
        "Original Publication Year", "Date Read", "Date Added", "Bookshelves", "Exclusive Shelf",
        "My Review", "Spoiler", "Read Count",
    ]

    private static func finding(_ row: ExportRow) -> Finding {
        let book = row.line("Book Id")
        var identifiers = [Identifier("goodreadsBook", book)]
        for (column, name) in [("ISBN", "isbn"), ("ISBN13", "isbn13")] {
            if let number = row[column].map(bare), !number.isEmpty {
                identifiers.append(Identifier(name, number))
            }
        }
        let finish = Finish(
            kind: .book, title: row.line("Title"), creator: Words.line(row["Author"]),
            year: Words.year(row["Original Publication Year"]) ?? Words.year(row["Year Published"]),
            day: row.day("Date Read"), rating: Words.rating(row["My Rating"], best: 5),
            isRepeat: Words.number(row["Read Count"]) ?? 0 > 1, review: row.review("My Review"),
            spoiler: row["Spoiler"]?.lowercased() == "true",
            url: "https://www.goodreads.com/book/show/" + book, identifiers: identifiers)
        let keys = [Key("goodreads:book:" + book)]
        let logged = row.day("Date Added")?.noon
        let shelf = row.line("Exclusive Shelf")
        var finding: Finding
        if shelf == "read" {
            finding = .finished(finish, keys: keys, repeats: Goodreads.repeats, logged: logged)
        } else {
            let reason = Goodreads.unfinished[shelf] ?? "on the shelf \"\(shelf)\""
            finding = .passed(finish, keys: keys, because: reason, logged: logged)
        }
        finding.entry = book
        return finding
    }

    /// `0441013597` of `="0441013597"`, which keeps a spreadsheet from reading a number.
    private static func bare(_ text: String) -> String {
        String(text.filter { $0 != "=" && $0 != "\"" })
    }
}
