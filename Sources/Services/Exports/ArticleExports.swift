import Catalogue
import Formats

/// Instapaper's CSV (SERVICES section 12). `Timestamp` is when the article was saved, not when it
/// was read.
struct InstapaperExport: Export {
    let service = "instapaper"
    let displayName = "Instapaper"
    let hint = "Instapaper: Settings → Export → Download .CSV file"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table()
        guard table.has("URL", "Title", "Folder", "Timestamp") else {
            throw .notTheExport(
                service: displayName, found: table.found, expected: "its articles as CSV")
        }
        return table.rows(["URL", "Title", "Folder", "Timestamp"]) { row in
            let address = row.line("URL")
            let finish = Finish(kind: .article, title: row.line("Title"), url: row["URL"])
            let keys = [Key("instapaper:article:" + address)]
            let logged = row.instant("Timestamp")
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

/// Pocket's `part_000000.csv`. The service is gone, its exports remain; when a page was read is not
/// told.
struct PocketExport: Export {
    let service = "pocket"
    let displayName = "Pocket"
    let hint = "Pocket: it closed in 2025; an export made before then"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let table = try file.table()
        guard table.has("title", "url", "time_added", "status") else {
            throw .notTheExport(
                service: displayName, found: table.found, expected: "part_000000.csv")
        }
        return table.rows(["title", "url", "time_added", "status"]) { row in
            let address = row.line("url")
            let finish = Finish(
                kind: .article, title: row.line("title"), url: address.isEmpty ? nil : address)
            let keys = [Key("pocket:article:" + address)]
            let logged = row.instant("time_added")
            let status = row.line("status")
            var finding: Finding =
                status == "archive"
                ? .finished(finish, keys: keys, logged: logged)
                : .passed(
                    finish, keys: keys, because: status.isEmpty ? "without a status" : status,
                    logged: logged)
            finding.entry = address
            return finding
        }
    }
}
