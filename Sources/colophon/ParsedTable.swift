import Formats

/// What `parse` shows to a person: a table of entries, and what had to be mended.
enum ParsedTable {
    static func lines(_ answer: JSONValue) -> [String] {
        if let error = answer["error"]?.stringValue { return ["no feed: " + error] }
        return answer["service"] == nil ? feed(answer) : finishes(answer)
    }

    private static func feed(_ answer: JSONValue) -> [String] {
        func text(_ name: String) -> String { answer[name]?.stringValue ?? "" }
        let entries = answer["entries"]?.arrayValue ?? []
        let title = answer["feed"]?["title"]?.stringValue ?? "(no title)"
        var lines = [
            Reports.oneLine(title),
            "\(text("version")), \(text("encoding")), \(Reports.count(entries.count, "entry", "entries"))",
        ]
        for defect in answer["defects"]?.arrayValue ?? [] {
            if let words = defect.stringValue { lines.append("mended: " + Reports.oneLine(words)) }
        }
        for entry in entries {
            let date = entry["published"]?.stringValue ?? entry["updated"]?.stringValue
            lines.append(row(date, entry["title"]?.stringValue, entry["id"]?.stringValue))
        }
        return lines
    }

    private static func finishes(_ answer: JSONValue) -> [String] {
        let entries = answer["entries"]?.arrayValue ?? []
        let service = answer["service"]?.stringValue ?? ""
        var lines = ["\(service), \(Reports.count(entries.count, "entry", "entries"))"]
        for entry in entries {
            let verdict: String
            switch entry["finished"] {
            case .bool(true): verdict = entry["dedupe"]?.stringValue ?? entry["id"]?.stringValue ?? ""
            default: verdict = "not: " + (entry["reason"]?.stringValue ?? "nobody says")
            }
            lines.append(row(entry["finishedAt"]?.stringValue, entry["title"]?.stringValue, verdict))
        }
        return lines
    }

    private static func row(_ date: String?, _ title: String?, _ last: String?) -> String {
        let day = Reports.pad(String((date ?? "").prefix(10)), 10)
        let words = Reports.oneLine(title ?? "(no title)")
        let short = words.count > 40 ? String(words.prefix(39)) + "…" : words
        return "\(day)  \(Reports.pad(short, 40))  \(Reports.oneLine(last ?? ""))"
    }
}
