/// Reads tables of text: comma-separated (RFC 4180) and tab-separated, as services export them.
///
///     file   = BOM? record ( break record )* break?      break = CRLF | LF | CR
///     record = field ( delimiter field )*
///     field  = '"' ( any byte | '""' )* '"'  |  bytes without delimiter and break
///
/// A quote that does not open a field is text: Goodreads writes `="0441013597"` for an ISBN. A line
/// without a single byte is no record. Nothing is known here of headers or of what a row must hold.
public enum CSVReader {
    /// Largest file read, in bytes. An export of 100,000 rows with reviews is some 60 MB.
    public static let bytesMax = 256 << 20
    /// Largest quoted field, in bytes. A longer one is a quote that somebody forgot to close.
    public static let quotedBytesMax = 1 << 20
    /// Most fields of a record.
    public static let fieldsMax = 1024

    /// All records in their order; a header is the first of them.
    ///
    /// - `delimiter`: a byte of ASCII, neither quote nor line break.
    /// - `quoting`: `false` where quotes are always text, as in LibraryThing's TSV.
    ///
    /// Throws only when there are more than `bytesMax` bytes. Whatever else is wrong is a defect of
    /// one record. Takes time linear in the bytes.
    public static func read(
        _ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ","), quoting: Bool = true
    ) throws(SyntaxError) -> [CSVRecord] {
        Array(try records(of: bytes, delimiter: delimiter, quoting: quoting))
    }

    /// The same, each record read when it is asked for: a whole history as records is many times its file.
    public static func records(
        of bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ","), quoting: Bool = true
    ) throws(SyntaxError) -> CSVRecords {
        precondition(
            delimiter < 0x80 && ![CSVScan.quote, CSVScan.lf, CSVScan.cr].contains(delimiter),
            "a delimiter is a byte of ASCII, neither quote nor line break")
        guard bytes.count <= bytesMax else {
            throw SyntaxError(
                line: 1, column: 1, found: "a table of \(bytes.count) bytes",
                expected: "at most \(bytesMax)")
        }
        return CSVRecords(scan: CSVScan(bytes: bytes, delimiter: delimiter, quoting: quoting))
    }
}

/// Records in their order; reading them is an iteration, done once.
public struct CSVRecords: Sequence, IteratorProtocol, Sendable {
    fileprivate var scan: CSVScan

    public mutating func next() -> CSVRecord? { scan.next() }
}

/// One pass over the bytes. Only a quote that turns out to be open is read twice, and that stays
/// linear: up to where the search ended, quotes come in runs of even length, so a field that opens
/// before there closes within its own run.
private struct CSVScan: Sendable {
    static let quote = UInt8(ascii: "\"")
    static let lf = UInt8(ascii: "\n")
    static let cr = UInt8(ascii: "\r")

    let bytes: [UInt8]
    let delimiter: UInt8
    let quoting: Bool
    var offset: Int
    var line = 1
    /// Fields of the record before: the next will have about as many.
    var fieldsBefore = 0

    init(bytes: [UInt8], delimiter: UInt8, quoting: Bool) {
        self.bytes = bytes
        self.delimiter = delimiter
        self.quoting = quoting
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        offset = bytes.starts(with: mark) ? mark.count : 0
    }

    /// The next record that has a byte; `nil` at the end.
    mutating func next() -> CSVRecord? {
        while offset < bytes.count, isBreak(bytes[offset]) { passBreak() }
        guard offset < bytes.count else { return nil }
        let start = offset
        var record = CSVRecord(line: line, bytes: start..<start, fields: [])
        record.fields.reserveCapacity(fieldsBefore)
        while true {
            let field = readField(&record.defect)
            if record.fields.count < CSVReader.fieldsMax {
                record.fields.append(field)
            } else if record.defect == nil {
                record.defect = .tooManyFields
            }
            guard offset < bytes.count, bytes[offset] == delimiter else { break }
            offset += 1
        }
        record.bytes = start..<offset
        if offset < bytes.count { passBreak() }
        fieldsBefore = record.fields.count
        return record
    }

    /// Up to the delimiter, the line break or the end after it.
    private mutating func readField(_ defect: inout CSVDefect?) -> String {
        guard quoting, offset < bytes.count, bytes[offset] == CSVScan.quote else {
            let start = offset
            passPlain()
            return String(decoding: bytes[start..<offset], as: UTF8.self)
        }
        let opening = (offset: offset, line: line)
        guard let halves = passQuoted(), isFieldEnd || line == opening.line else {
            defect = defect ?? .openQuote(line: opening.line)
            (offset, line) = opening
            while offset < bytes.count, !isBreak(bytes[offset]) { offset += 1 }
            return String(decoding: bytes[opening.offset..<offset], as: UTF8.self)
        }
        let inside = (opening.offset + 1)..<(offset - 1)
        let closing = offset
        passPlain()
        if closing == offset, !halves { return String(decoding: bytes[inside], as: UTF8.self) }
        var text = halves ? halved(inside) : Array(bytes[inside])
        if closing < offset {
            defect = defect ?? .textAfterQuote(line: line)
            text += bytes[closing..<offset]
        }
        return String(decoding: text, as: UTF8.self)
    }

    private var isFieldEnd: Bool {
        offset == bytes.count || bytes[offset] == delimiter || isBreak(bytes[offset])
    }

    private mutating func passPlain() {
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == delimiter || isBreak(byte) { return }
            offset += 1
        }
    }

    /// Over a quoted field and its closing quote; answers whether it holds doubled quotes. `nil`
    /// when it is not closed: where the cursor stands then means nothing.
    private mutating func passQuoted() -> Bool? {
        let end = min(bytes.count, offset + CSVReader.quotedBytesMax + 2)
        var halves = false
        offset += 1
        while offset < end {
            let byte = bytes[offset]
            if byte == CSVScan.quote {
                guard offset + 1 < bytes.count, bytes[offset + 1] == CSVScan.quote else {
                    offset += 1
                    return halves
                }
                halves = true
                offset += 2
            } else if isBreak(byte) {
                passBreak()
            } else {
                offset += 1
            }
        }
        return nil
    }

    private func halved(_ range: Range<Int>) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            text.append(bytes[index])
            index += bytes[index] == CSVScan.quote ? 2 : 1
        }
        return text
    }

    private func isBreak(_ byte: UInt8) -> Bool { byte == CSVScan.lf || byte == CSVScan.cr }

    private mutating func passBreak() {
        let isPair =
            bytes[offset] == CSVScan.cr && offset + 1 < bytes.count
            && bytes[offset + 1] == CSVScan.lf
        offset += isPair ? 2 : 1
        line += 1
    }
}
