import Catalogue
import Formats

/// StoryGraph's CSV (SERVICES section 12): one row a book, without a number of its own.
struct StoryGraphExport: Export {
    let service = "storygraph"
    let displayName = "StoryGraph"
    let hint = "StoryGraph: Manage Account → Manage Your Data → Export StoryGraph Library"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table()
        guard table.has("Title", "Authors", "Read Status") else {
            throw .notTheExport(
                service: displayName, found: table.found, expected: "its library as CSV")
        }
        return table.rows(StoryGraphExport.columns, StoryGraphExport.finding)
    }

    private static let columns = [
        "Title", "Authors", "ISBN/UID", "Read Status", "Date Added", "Last Date Read", "Dates Read",
        "Read Count", "Star Rating", "Review",
    ]

    private static func finding(_ row: ExportRow) -> Finding {
        let title = row.line("Title")
        let authors = Words.line(row["Authors"])
        var keys: [Key] = []
        var identifiers: [Identifier] = []
        if let number = row["ISBN/UID"], ISBN.isOne(number) {
            identifiers = [Identifier("isbn", number)]
            keys.append(Key("storygraph:isbn:" + number))
        }
        keys.append(.work("storygraph", title, authors))
        let finish = Finish(
            kind: .book, title: title, creator: authors,
            day: row.day("Last Date Read") ?? lastDay(row["Dates Read"]),
            rating: Words.rating(row["Star Rating"], best: 5),
            isRepeat: Words.number(row["Read Count"]) ?? 0 > 1, review: row.review("Review"),
            identifiers: identifiers)
        let logged = row.day("Date Added")?.noon
        switch row["Read Status"] {
        case "read":
            return .finished(finish, keys: keys, repeats: .afterDays(30), logged: logged)
        case let status?:
            return .passed(
                finish, keys: keys,
                because: Goodreads.unfinished[status] ?? "marked \"\(status)\"", logged: logged)
        case nil:
            return .passed(finish, keys: keys, because: "without a status", logged: logged)
        }
    }

    /// The end of the last of `2025/04/19-2025/04/21, 2023/01/02-2023/02/01`; the newest stands
    /// anywhere.
    private static func lastDay(_ text: String?) -> Day? {
        var last: Day?
        for span in (text ?? "").split(separator: ",") {
            guard let end = span.split(separator: "-").last,
                let day = ExportDates.day(Words.line(String(end)) ?? "")
            else { continue }
            last = max(last ?? day, day)
        }
        return last
    }
}

enum ISBN {
    /// Ten or thirteen digits, the last of ten may be X; StoryGraph also keeps Amazon's numbers
    /// there.
    static func isOne(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 10 || bytes.count == 13 else { return false }
        for (index, byte) in bytes.enumerated() {
            let isX = byte | 0x20 == UInt8(ascii: "x") && index == 9 && bytes.count == 10
            guard (0x30...0x39).contains(byte) || isX else { return false }
        }
        return true
    }
}

/// LibraryThing's tab-delimited text: no quoting, dates and ISBN in brackets, stray bytes here and
/// there. A row is a book owned; read is what has a date of reading. `Private Comment` is never
/// looked at.
struct LibraryThingExport: Export {
    let service = "librarything"
    let displayName = "LibraryThing"
    let hint = "LibraryThing: More → Import/Export → Export as tab-delimited text"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table(delimiter: UInt8(ascii: "\t"), quoting: false)
        guard table.has("Book Id", "Title", "Primary Author") else {
            throw .notTheExport(
                service: displayName, found: table.found, expected: "its tab-delimited text")
        }
        let columns = [
            "Book Id", "Title", "Primary Author", "Date", "Review", "Rating", "Date Read",
            "Entry Date", "ISBN",
        ]
        return table.rows(columns, LibraryThingExport.finding)
    }

    private static func finding(_ row: ExportRow) -> Finding {
        let book = row.line("Book Id")
        let isbn = row.line("ISBN").filter { $0 != "[" && $0 != "]" }
        let finish = Finish(
            kind: .book, title: row.line("Title"), creator: Words.line(row["Primary Author"]),
            year: Words.year(row["Date"]), day: row.day("Date Read"),
            rating: Words.rating(row["Rating"], best: 5), review: row.review("Review"),
            url: "https://www.librarything.com/work/book/" + book,
            identifiers: isbn.isEmpty ? [] : [Identifier("isbn", isbn)])
        let keys = [Key("librarything:book:" + book)]
        let logged = row.day("Entry Date")?.noon
        var finding =
            finish.day == nil
            ? Finding.untold(
                finish, keys: keys,
                because: "without a date of reading: LibraryThing lists what is owned",
                logged: logged)
            : .finished(finish, keys: keys, repeats: .afterDays(30), logged: logged)
        finding.entry = book
        return finding
    }
}
