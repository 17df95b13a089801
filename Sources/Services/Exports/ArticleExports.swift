import Catalogue
import Formats

/// Instapaper's CSV (SERVICES section 12). `Timestamp` is when the article was saved, not when it was read.
struct InstapaperExport: Export {
    let service = "instapaper"
    let displayName = "Instapaper"
    let hint = "Instapaper: Settings → Export → Download .CSV file"

    func read(_ file: ExportFile) throws(ExportError) -> [ExportedRow] {
        let table = try file.table()
        guard table.has("URL", "Title", "Folder", "Timestamp") else {
            throw .notTheExport(
                service: displayName, found: table.found, expected: "its articles as CSV")
        }
        return table.rows(["URL", "Title", "Folder", "Timestamp"]) { row in
            let address = row.line("URL")
            let finish = Finish(kind: .article, title: row.line("Title"), url: row["URL"])
            let keys = [Key("instapaper:article:" + address)]
            let logged = Words.number(row["Timestamp"]).map { Instant(seconds: Int64($0)) }
            let folder = row.line("Folder")
            var finding: Finding
            switch folder {
            case "Archive": finding = .finished(finish, keys: keys, logged: logged)
            case "Unread": finding = .passed(finish, keys: keys, because: "unread", logged: logged)
            default:
                finding = .passed(
                    finish, keys: keys, because: "in the folder \"\(folder)\"", logged: logged)
            }
            finding.entry = address
            return finding
        }
    }
}
