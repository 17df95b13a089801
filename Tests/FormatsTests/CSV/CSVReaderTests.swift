import Testing

@testable import Formats

@Suite struct CSVReaderTests {
    @Test(arguments: [
        ("", [[]]),
        ("a,b,c", [["a", "b", "c"]]),
        ("a,b\nc,d\n", [["a", "b"], ["c", "d"]]),
        ("a\r\nb\rc\nd", [["a"], ["b"], ["c"], ["d"]]),
        (",\n,,\n", [["", ""], ["", "", ""]]),
        ("a,", [["a", ""]]),
        ("\u{FEFF}a,b", [["a", "b"]]),
        ("a\n\n\r\nb\n\n", [["a"], ["b"]]),
        (" a , b ", [[" a ", " b "]]),
        ("\"a,b\",\"c\nd\",\"e\r\nf\"\n", [["a,b", "c\nd", "e\r\nf"]]),
        (#""say ""hi""","""""#, [[#"say "hi""#, #"""#]]),
        ("\"\",\"\"\n\"\"", [["", ""], [""]]),
        (#"a "b" c,="0441013597",5'10""#, [[#"a "b" c"#, #"="0441013597""#, #"5'10""#]]),
        ("é,日本\n", [["é", "日本"]]),
    ])
    func `a record is its fields`(text: String, fields: [[String]]) throws {
        let records = try CSVReader.read(Array(text.utf8))
        #expect(records.map(\.fields) == fields.filter { !$0.isEmpty })
        #expect(records.allSatisfy { $0.defect == nil })
    }

    @Test func `tabs part fields when they are the delimiter`() throws {
        let records = try CSVReader.read(
            Array("a,b\t\"c\td\"\n".utf8), delimiter: UInt8(ascii: "\t"))
        #expect(records.map(\.fields) == [["a,b", "c\td"]])
    }

    @Test func `without quoting a quote is text`() throws {
        let records = try CSVReader.read(
            Array("\"Open\tb\n7\" single\t\"x\"\n".utf8), delimiter: UInt8(ascii: "\t"),
            quoting: false)
        #expect(records.map(\.fields) == [["\"Open", "b"], ["7\" single", "\"x\""]])
        #expect(records.allSatisfy { $0.defect == nil })
    }

    @Test func `invalid UTF-8 is repaired`() throws {
        let records = try CSVReader.read([0x61, 0xFF, 0x2C, 0x22, 0xE9, 0x22])
        #expect(records.map(\.fields) == [["a\u{FFFD}", "\u{FFFD}"]])
    }

    @Test func `a record knows its line and its bytes`() throws {
        let bytes = Array("\u{FEFF}t,n\r\n\r\n\"a\r\nb\",1\r\"c\nd\n\"\n\nlast".utf8)
        let records = try CSVReader.read(bytes)
        #expect(records.map(\.line) == [1, 3, 5, 9])
        #expect(
            records.map { String(decoding: bytes[$0.bytes], as: UTF8.self) }
                == ["t,n", "\"a\r\nb\",1", "\"c\nd\n\"", "last"])
    }

    @Test func `a quote that is never closed costs one record`() throws {
        let bytes = Array("a,b\n\"x\ny\",\"oops, 1\n2,\"fine\"\n3,\"\"\n".utf8)
        let records = try CSVReader.read(bytes)
        #expect(
            records.map(\.fields)
                == [["a", "b"], ["x\ny", "\"oops, 1"], ["2", "fine"], ["3", ""]])
        #expect(records.map(\.defect) == [nil, .openQuote(line: 3), nil, nil])
        #expect(records.map(\.line) == [1, 2, 4, 5])
        #expect(String(decoding: bytes[records[1].bytes], as: UTF8.self) == "\"x\ny\",\"oops, 1")
    }

    @Test(arguments: ["\"", "\"abc", "a,\"", "\"a\"\""])
    func `an open quote at the end is a defect`(text: String) throws {
        let records = try CSVReader.read(Array(text.utf8))
        #expect(records.map(\.defect) == [.openQuote(line: 1)])
        #expect(records.map(\.bytes) == [0..<text.utf8.count])
    }

    @Test func `text after a closing quote is kept and said`() throws {
        let records = try CSVReader.read(Array("\"a\"c \"d\",e\n\"f\"\"\"g\nh\n".utf8))
        #expect(records.map(\.fields) == [["ac \"d\"", "e"], ["f\"g"], ["h"]])
        #expect(
            records.map(\.defect) == [.textAfterQuote(line: 1), .textAfterQuote(line: 2), nil])
    }

    @Test func `a quoted field may be as long as the limit and no longer`() throws {
        for (count, defect) in [(0, nil), (1, CSVDefect.openQuote(line: 1))] {
            let text = [UInt8](repeating: 0x61, count: CSVReader.quotedBytesMax + count)
            let records = try CSVReader.read([0x22] + text + [0x22, 0x0A, 0x62])
            #expect(records.map(\.defect) == [defect, nil])
            #expect(records.last?.fields == ["b"])
        }
    }

    @Test func `fields beyond the limit are left out and said`() throws {
        for (count, defect) in [(0, nil), (1, CSVDefect.tooManyFields)] {
            let commas = [UInt8](repeating: 0x2C, count: CSVReader.fieldsMax - 1 + count)
            let records = try CSVReader.read(commas + [0x0A, 0x62])
            #expect(records.map(\.defect) == [defect, nil])
            #expect(records.map(\.fields.count) == [CSVReader.fieldsMax, 1])
            #expect(records.first?.bytes == 0..<commas.count)
        }
    }

    @Test func `a file beyond the limit is refused`() {
        let bytes = [UInt8](repeating: 0x0A, count: CSVReader.bytesMax + 1)
        #expect(
            throws: SyntaxError(
                line: 1, column: 1, found: "a table of 268435457 bytes",
                expected: "at most 268435456")
        ) { try CSVReader.read(bytes) }
    }
}
