import Catalogue
import Formats
import Services

/// The rows that a backfill could not use, as they were, behind the line they stood on and the reason:
/// a table that can be mended and given to `backfill` again, which finds its columns by name.
struct Rejects {
    private(set) var bytes: [UInt8] = []
    private var header: [UInt8] = []
    private var comma = UInt8(ascii: ",")
    private var hasHeader = false

    /// What follows is from another file.
    mutating func begin() {
        hasHeader = false
        comma = UInt8(ascii: ",")
        header = Array("title".utf8)
    }

    /// The header that stands before a table's first row; `nil`: the file is no table.
    mutating func header(of file: [UInt8], before first: Range<Int>?) {
        guard let first else { return }
        var start = 0
        if file.starts(with: [0xEF, 0xBB, 0xBF]) { start = 3 }
        header = Rejects.withoutLineEnd(file[min(start, first.lowerBound)..<first.lowerBound])
        if header.contains(UInt8(ascii: "\t")) { comma = UInt8(ascii: "\t") }
    }

    mutating func add(_ row: Recognised, _ file: [UInt8]) {
        if !hasHeader {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: "\n")) }
            bytes += Array("line".utf8) + [comma] + Array("reason".utf8) + [comma] + header
            bytes.append(UInt8(ascii: "\n"))
            hasHeader = true
        }
        bytes += Array((row.line.map { String($0) } ?? "").utf8) + [comma]
        bytes += field(row.reason) + [comma]
        if let range = row.bytes {
            bytes += Rejects.withoutLineEnd(file[range])
        } else {
            bytes += field(row.sighting.finish.title)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// RFC 4180 §2.7; a table with tabs knows no quotes and gets blanks.
    private func field(_ text: String) -> [UInt8] {
        if comma == UInt8(ascii: "\t") {
            return text.utf8.map { $0 < 0x20 ? UInt8(ascii: " ") : $0 }
        }
        var field = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { field.append(byte) }
            field.append(byte)
        }
        return field + [UInt8(ascii: "\"")]
    }

    private static func withoutLineEnd(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var line = line
        while let last = line.last, last == 0x0A || last == 0x0D { line.removeLast() }
        return Array(line)
    }
}
