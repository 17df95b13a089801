import Formats
import Testing

@Suite struct JSONPiecesTests {
    /// What is visited, in order: `name=value` for members whose value is taken whole.
    private func visit(_ text: String) throws -> [String] {
        var seen: [String] = []
        var pieces = JSONPieces(Array(text.utf8))
        try pieces.eachMember { name, value throws(SyntaxError) in
            switch name {
            case "list":
                try value.eachElement { element throws(SyntaxError) in
                    seen.append("item \(String(decoding: JSONWriter.compact(try element.value()), as: UTF8.self))")
                }
            case "raw": seen.append("raw " + String(decoding: try value.stringsUnread().bytes, as: UTF8.self))
            default:
                seen.append("\(name)=\(String(decoding: JSONWriter.compact(try value.value()), as: UTF8.self))")
            }
        }
        try pieces.end()
        return seen
    }

    @Test func `an object is gone through member by member`() throws {
        #expect(try visit(" { } ") == [])
        #expect(
            try visit(#"{"a":1, "list":[1, {"b":[]}] ,"raw":["x", "]\\", "\"]"],"z":"é"}"# + "\n")
                == ["a=1", "item 1", "item {\"b\":[]}", #"raw ["x", "]\\", "\"]"]"#, "z=\"é\""])
        #expect(try visit(#"{"list":[],"raw":[]}"#) == ["raw []"])
    }

    @Test(arguments: [
        "", "[]", "1", "{", "{\"a\"", "{\"a\":}", "{\"a\":1,}", "{\"a\":1}x", "{a:1}", "{\"list\":1}",
        "{\"list\":[1,]}", "{\"list\":[1", "{\"raw\":[1]}", "{\"raw\":[\"a\",]}", "{\"raw\":[\"a\" \"b\"]}",
        "{\"raw\":[\"a]}", "{\"raw\":[\"a\\", "{\"raw\":[\"a\"", "{\"raw\":{}}",
    ])
    func `what is no such document is refused`(_ text: String) {
        #expect(throws: SyntaxError.self) { try visit(text) }
    }

    /// Names that are likely are told from their bytes, and must say the same as all others.
    @Test(arguments: [
        #"{"a":1,"b":2,"long name":3}"#, #"{"b":2,"a":1}"#, #"{"a" : 1, "x":0,"long name":3}"#, #"{"a":1,"a":2,"ab":3}"#,
        #"{"\u0061":1,"b":2}"#, #"{}"#,
    ])
    func `likely names change nothing`(_ text: String) throws {
        func names(likely: [MemberName]) throws -> [String] {
            var seen: [String] = []
            var pieces = JSONPieces(Array(text.utf8))
            try pieces.eachMember(likely: likely) { name, value throws(SyntaxError) in
                seen.append("\(name)=\(String(decoding: JSONWriter.compact(try value.value()), as: UTF8.self))")
            }
            try pieces.end()
            return seen
        }
        #expect(try names(likely: ["a", "b", "long name"]) == names(likely: []))
    }

    @Test(arguments: ["{\"a\":", "{\"a\"", "{\"a\":1", "{\"a"])
    func `a likely name is no whole document`(_ text: String) {
        #expect(throws: SyntaxError.self) {
            var pieces = JSONPieces(Array(text.utf8))
            try pieces.eachMember(likely: ["a"]) { _, value throws(SyntaxError) in _ = try value.value() }
        }
    }

    @Test(arguments: [
        (#""2026-11-23T14:05:00Z""#, "2026-11-23T14:05:00Z"), (#""2026-11-23T15:05:00+01:00""#, "2026-11-23T14:05:00Z"),
        (#""2026-11-23T14:05:00\u005a""#, "2026-11-23T14:05:00Z"), (#""2026-13-23T14:05:00Z""#, nil), ("17", nil),
        (#"["2026-11-23T14:05:00Z"]"#, nil), (#""""#, nil),
    ])
    func `an instant is read as it is written, and otherwise too`(_ text: String, _ instant: String?) throws {
        var pieces = JSONPieces(Array(text.utf8))
        #expect(try pieces.instant()?.description == instant)
        try pieces.end()
    }
}
