import Catalogue
import Formats
import XML

/// MyAnimeList's XML (SERVICES section 12): an `anime` or a `manga` for each title on the list.
struct MyAnimeListExport: Export {
    let service = "myanimelist"
    let displayName = "MyAnimeList"
    let hint = "MyAnimeList: Profile → Export (myanimelist.net/panel.php?go=export)"

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows {
        let rows = XMLReader.read(Decoding.decode(file.bytes).bytes) {
            ElementRows(named: ["anime", "manga"])
        }.handler
        guard rows.root == "myanimelist" else {
            throw .notTheExport(
                service: displayName,
                found: rows.root.map { "a document <\($0)>" } ?? "no XML",
                expected: "a document <myanimelist>, unpacked")
        }
        return ExportedRows(rows.rows.lazy.map { row in
            let columns = row.name == "anime" ? Self.anime : Self.manga
            var stated: [Stated] = []
            for name in columns {
                if let text = row.texts[name], !text.isEmpty { stated.append(Stated(name, text)) }
            }
            return ExportedRow(finding: Self.finding(row), stated: stated)
        })
    }

    private static let anime = [
        "series_animedb_id", "series_title", "series_type", "my_finish_date", "my_score",
        "my_status", "my_times_watched",
    ]
    private static let manga = [
        "manga_mangadb_id", "manga_title", "my_finish_date", "my_score", "my_status",
        "my_times_read",
    ]

    private static func finding(_ row: ElementRows.Row) -> Finding {
        let isAnime = row.name == "anime"
        let number = row.texts[isAnime ? "series_animedb_id" : "manga_mangadb_id"] ?? ""
        let times = row.texts[isAnime ? "my_times_watched" : "my_times_read"]
        let finish = Finish(
            kind: isAnime ? MyAnimeListType.kind(row.texts["series_type"] ?? "") : .book,
            title: Words.line(row.texts[isAnime ? "series_title" : "manga_title"]) ?? "",
            day: row.texts["my_finish_date"].flatMap(ExportDates.day),
            rating: Words.rating(row.texts["my_score"], best: 10),
            isRepeat: Words.number(times) ?? 0 > 0,
            url: "https://myanimelist.net/\(row.name)/\(number)",
            identifiers: [Identifier("mal", number)])
        let keys = MyAnimeList.keys(row.name, number)
        let status = Words.line(row.texts["my_status"]) ?? ""
        var finding: Finding =
            status == "Completed"
            ? .finished(finish, keys: keys, repeats: .afterDays(30))
            : .passed(
                finish, keys: keys,
                because: status.isEmpty ? "without a status" : status.lowercased())
        finding.entry = "mal:\(row.name):\(number)"
        return finding
    }
}

/// What MyAnimeList calls the types of a title.
enum MyAnimeListType {
    static func kind(_ type: String) -> Kind {
        switch type {
        case "Movie": .movie
        case "Music": .music
        case "Manga", "Novel", "Light Novel", "One-shot", "Doujinshi", "Manhwa", "Manhua": .book
        default: .tv
        }
    }
}

/// The elements of some names beneath the root, each with the texts of its children.
final class ElementRows: XMLHandler {
    struct Row {
        var name: String
        var texts: [String: String] = [:]
    }

    private(set) var root: String?
    private(set) var rows: [Row] = []
    private let names: Set<String>
    private var depth = 0

    init(named names: Set<String>) { self.names = names }

    func concern(_ name: XMLName) -> XMLConcern { .none }
    func encloses(_ name: XMLName, _ attributes: [XMLAttribute]) -> Bool { false }

    func start(_ name: XMLName, on tape: XMLTape) -> XMLDecision {
        if depth == 0, root == nil { root = name.local }
        depth += 1
        return depth == 2 && names.contains(name.local) ? .record : .pass
    }

    func end(_ fragment: XMLFragment?) {
        depth -= 1
        guard let fragment else { return }
        var row = Row(name: fragment.name(of: 0).local)
        for child in fragment.children(of: 0) {
            row.texts[fragment.name(of: child).local, default: ""]
                += String(decoding: fragment.bytes[fragment.text(of: child)], as: UTF8.self)
        }
        rows.append(row)
    }
}
