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
}
