import Catalogue
import Formats
import XML

/// What a service writes when a person asks for all their data: the same to a room as its feed is.
protocol Export: Sendable {
    /// The service as `service =` names it.
    var service: String { get }
    /// As people write it; where to get the export.
    var displayName: String { get }
    var hint: String { get }

    /// The files of an unpacked export that hold finishes, by their paths in it and in the order in
    /// which they are best read: what says most comes first. Empty: the export is a single file.
    var files: [String] { get }

    func read(_ file: ExportFile) throws(ExportError) -> ExportedRows
}

extension Export {
    var files: [String] { [] }
}

/// A file of an export, and where it lay.
struct ExportFile {
    let bytes: [UInt8]
    /// With the folders in front, as far as they are known: Letterboxd keeps what was deleted in
    /// one.
    let name: String

    /// The words of the name in lower case: `diary` of `letterboxd-me-2026/deleted/diary.csv`.
    var words: [String] {
        name.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    }

    /// The records of a table and its header; the bytes are UTF-8 or made so.
    func table(delimiter: UInt8 = UInt8(ascii: ","), quoting: Bool = true) throws(ExportError)
        -> ExportTable
    {
        let text = Decoding.decode(bytes, isXML: false)
        do {
            return ExportTable(
                try CSVReader.records(of: text.bytes, delimiter: delimiter, quoting: quoting),
                isAsWritten: text.bytes.count == bytes.count)
        } catch {
            throw .broken(error)
        }
    }
}

/// The rows of a file, each made when it is asked for: a long history's rows do not lie in memory together.
struct ExportedRows: Sequence, IteratorProtocol {
    private let advance: () -> ExportedRow?

    init(_ advance: @escaping () -> ExportedRow?) { self.advance = advance }

    init(_ rows: some Sequence<ExportedRow>) {
        var iterator = rows.makeIterator()
        advance = { iterator.next() }
    }

    mutating func next() -> ExportedRow? { advance() }
}

/// What a row means, and where it stands.
struct ExportedRow {
    var finding: Finding
    var stated: [Stated]
    var line: Int?
    /// Of the file's bytes.
    var bytes: Range<Int>?
}

/// A table with named columns.
struct ExportTable {
    /// Without white space around them, in lower case: RateYourMusic begins some with a blank.
    let columns: [String]
    /// What stands below the header.
    private let records: CSVRecords
    /// Whether the records' places are those in the file.
    private let isAsWritten: Bool

    init(_ records: CSVRecords, isAsWritten: Bool = true) {
        var records = records
        columns = (records.next()?.fields ?? []).map { (Words.line($0) ?? "").lowercased() }
        self.records = records
        self.isAsWritten = isAsWritten
    }

    func has(_ wanted: String...) -> Bool {
        wanted.allSatisfy { columns.contains($0.lowercased()) }
    }

    /// The header, for saying what was found.
    var found: String {
        columns.isEmpty
            ? "an empty file"
            : "a table with the columns \"\(columns.prefix(6).joined(separator: ", "))\""
    }

    /// Every row by a reader of rows. Only the columns it names are ever looked at or kept, so that
    /// what is private stays in the file.
    func rows(_ columns: [String], _ read: @escaping (ExportRow) -> Finding) -> ExportedRows {
        var places: [String: Int] = [:]
        for name in columns {
            if let place = self.columns.firstIndex(of: name.lowercased()) {
                places[name.lowercased()] = place
            }
        }
        var records = self.records
        let isAsWritten = self.isAsWritten
        return ExportedRows {
            guard let record = records.next() else { return nil }
            let row = ExportRow(fields: record.fields, places: places)
            var finding = read(row)
            if let problem = ExportTable.problem(with: record) {
                finding.finished = false
                finding.reason = problem
            } else if finding.finish.title.isEmpty, finding.finish.url == nil {
                finding.finished = false
                finding.reason = "a row without a title"
            }
            var stated: [Stated] = []
            for name in columns {
                if let text = row[name] { stated.append(Stated(name, text)) }
            }
            return ExportedRow(
                finding: finding, stated: stated, line: record.line,
                bytes: isAsWritten ? record.bytes : nil)
        }
    }

    private static func problem(with record: CSVRecord) -> String? {
        switch record.defect {
        case nil, .textAfterQuote: nil
        case .openQuote(let line): "a quote that opens on line \(line) and is never closed"
        case .tooManyFields: "more than \(CSVReader.fieldsMax) fields"
        }
    }
}

/// One row, by the names of its columns.
struct ExportRow {
    let fields: [String]
    let places: [String: Int]

    /// Without white space around it; `nil` where the column is missing or the field empty.
    subscript(name: String) -> String? {
        guard let place = places[name.lowercased()], place < fields.count else { return nil }
        let field = fields[place]
        let bytes = field.utf8
        guard let first = bytes.first, let last = bytes.last else { return nil }
        if first > 0x20, last > 0x20 { return field }
        var start = bytes.startIndex
        var end = bytes.endIndex
        while start < end, bytes[start] <= 0x20 { start = bytes.index(after: start) }
        while start < end, bytes[bytes.index(before: end)] <= 0x20 {
            end = bytes.index(before: end)
        }
        return start == end ? nil : String(field[start..<end])
    }

    /// Runs of white space as one blank; empty where there is nothing.
    func line(_ name: String) -> String { Words.line(self[name]) ?? "" }

    /// `2019/09/22`, `2019-09-22`, `2019-09-22 10:00`, with zeros for what is not known.
    func day(_ name: String) -> Day? { self[name].flatMap(ExportDates.day) }

    /// Seconds since 1970.
    func instant(_ name: String) -> Instant? {
        Words.number(self[name]).flatMap { Instant(stated: Int64($0)) }
    }

    /// A text somebody wrote, as reduced HTML; line breaks in it are kept.
    func review(_ name: String) -> String? {
        guard let text = self[name] else { return nil }
        let bytes = Array(text.utf8)
        if ExportRow.isPlain(bytes) { return text }
        let mayBeMarkup = bytes.contains(UInt8(ascii: "<")) || bytes.contains(UInt8(ascii: "&"))
        // The subscript gives no text of white space alone; markup may still be all there is.
        if mayBeMarkup, HTMLText.plain(text).isEmpty { return nil }
        var broken: [UInt8] = []
        broken.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") {
                broken += Array("<br>".utf8)
            } else if byte != UInt8(ascii: "\r") || index + 1 == bytes.count || bytes[index + 1] != 0x0A {
                broken.append(byte)
            }
        }
        return HTMLReduction.visible(String(decoding: broken, as: UTF8.self))
    }
}

extension ExportRow {
    /// Whether a text is its own reduced HTML for certain: words of ASCII with single blanks between,
    /// as most reviews of a long history are.
    static func isPlain(_ bytes: [UInt8]) -> Bool {
        let special = Array("<>&\"".utf8)
        var before: UInt8 = 0x20
        for byte in bytes {
            guard (0x20...0x7E).contains(byte), !special.contains(byte), byte != 0x20 || before != 0x20
            else { return false }
            before = byte
        }
        return before != 0x20
    }
}

/// Dates as exports write them.
enum ExportDates {
    /// Year, month and day with `/` or `-` between, or in brackets; zeros (`2019-00-00`) say that a
    /// part is not known, `0000-00-00` that nothing is. What follows the day is left out.
    static func day(_ text: String) -> Day? {
        var numbers: [Int] = []
        var value: Int?
        for byte in text.utf8.drop(while: { $0 == UInt8(ascii: "[") }).prefix(11) {
            switch byte {
            case 0x30...0x39: value = (value ?? 0) * 10 + Int(byte - 0x30)
            case UInt8(ascii: "/"), UInt8(ascii: "-"):
                guard let number = value else { return nil }
                numbers.append(number)
                value = nil
            default:
                guard value != nil else { return nil }
                if let number = value { numbers.append(number) }
                value = nil
                return day(numbers)
            }
        }
        if let value { numbers.append(value) }
        return day(numbers)
    }

    private static func day(_ numbers: [Int]) -> Day? {
        guard let year = numbers.first, year > 999 else { return nil }
        let month = numbers.count > 1 && numbers[1] > 0 ? numbers[1] : nil
        let day = month != nil && numbers.count > 2 && numbers[2] > 0 ? numbers[2] : nil
        return Day(year: year, month: month, day: day)
    }
}
