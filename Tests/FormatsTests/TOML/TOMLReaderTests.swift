import Testing

@testable import Formats

@Suite struct TOMLReaderTests {
    @Test func `a table keeps the order and the places of its keys`() throws {
        let table = try tomlTable(
            """
            # settings
            name = "Nora"

            [[feeds]]
              address = 'https://a.example/é' # comment
            [[feeds]]
            labels.short = ["x", { y = 1 }]
            [feeds.limits]
            items = 5
            """)
        #expect(
            outline(.table(table)) == """
                2:1 name 2:8
                4:3 feeds 4:1
                 - 4:1
                 5:3 address 5:13
                 - 6:1
                 7:1 labels 7:1
                  7:8 short 7:16
                   - 7:17
                   - 7:22
                   7:24 y 7:28
                 8:8 limits 8:1
                  9:1 items 9:9

                """)
    }

    @Test func `columns count characters, not bytes, and no byte order mark`() throws {
        let table = try tomlTable("\u{FEFF}\"\u{1F4DA}é\" = [\"日本\", 7]")
        let entry = try #require(table.entries.first)
        #expect(entry.key == "\u{1F4DA}é")
        #expect(entry.position == TOMLPosition(line: 1, column: 1))
        guard case .array(let values) = entry.value.content else {
            Issue.record("no array")
            return
        }
        #expect(values.map(\.position.column) == [9, 15])
    }

    @Test func `a composed and a decomposed letter are two keys`() throws {
        let table = try tomlTable("\"\u{E9}\" = 1\n\"e\u{301}\" = 2\n")
        #expect(table["\u{E9}"]?.content == .integer(1))
        #expect(table["e\u{301}"]?.content == .integer(2))
        #expect(table["e"] == nil)
    }

    /// Large tables look their keys up in another way.
    @Test func `they are in a large table, too, and each once`() throws {
        let others = (0..<20).map { "k\($0) = 0\n" }.joined()
        let table = try tomlTable(others + "\"\u{E9}\" = 1\n\"e\u{301}\" = 2\n\"\u{C3}\u{A9}\" = 3\n")
        #expect(table["\u{E9}"]?.content == .integer(1))
        #expect(table["e\u{301}"]?.content == .integer(2))
        #expect(table["\u{C3}\u{A9}"]?.content == .integer(3))
        #expect(throws: SyntaxError.self) { try tomlTable(others + "\"\u{E9}\" = 1\n\"\u{E9}\" = 2\n") }
    }

    @Test func `a header after its sub-table moves the table's place but not the key's`() throws {
        let table = try tomlTable("[a.b]\n[a]\nc = 1\n")
        #expect(table.entries[0].position == TOMLPosition(line: 1, column: 2))
        #expect(table.entries[0].value.position == TOMLPosition(line: 2, column: 1))
    }

    @Test(arguments: [
        ("'x'", "a string"), ("1", "an integer"), ("1.0", "a float"), ("true", "a boolean"),
        ("2026-11-23T14:05:00Z", "a date-time"), ("2026-11-23T14:05:00", "a local date-time"),
        ("2026-11-23", "a date"), ("14:05:00", "a time of day"), ("[]", "an array"),
        ("{}", "a table"),
    ])
    func `a type has a name for sentences`(text: String, name: String) throws {
        #expect(try tomlTable("a = " + text)["a"]?.content.typeName == name)
    }

    @Test func `the limits hold to the last`() throws {
        let most = TOMLReader.nestingMax
        let deep = String(repeating: "[", count: most) + String(repeating: "]", count: most)
        #expect(throws: Never.self) { try tomlTable("a = " + deep) }
        #expect(
            tomlMessage("a = [" + deep + "]")
                == "1:133: found tables and arrays nested 129 deep, expected at most 128")
        let path = Array(repeating: "a", count: most).joined(separator: ".")
        #expect(throws: Never.self) { try tomlTable("[\(path)]\nb = 1") }
        #expect(
            tomlMessage("[\(path).a]")
                == "1:259: found tables and arrays nested 129 deep, expected at most 128")
        #expect(
            tomlMessage("[\(path)]\nb.c = 1")
                == "2:5: found tables and arrays nested 129 deep, expected at most 128")
        let comment = "#" + String(repeating: "x", count: TOMLReader.bytesMax - 1)
        #expect(throws: Never.self) { try tomlTable(comment) }
        #expect(
            tomlMessage(comment + "x")
                == "1:1: found a document of 1048577 bytes, expected at most 1048576")
    }

    @Test func `bytes that are no UTF-8 are named with their place`() {
        #expect(
            tomlMessage(bytes: Array("a = 1\n# é ".utf8) + [0xC3, 0x28])
                == "2:5: found byte 0xC3, expected UTF-8 text")
    }

    @Test(arguments: [
        // Lines
        ("a = 1 b = 2", #"1:7: found "b", expected the end of the line after a value"#),
        ("[a] b", #"1:5: found "b", expected the end of the line after a table header"#),
        ("\r", "1:1: found carriage return without line feed, expected a line break"),
        ("# a\u{7}b", "1:4: found character U+0007 in a comment, expected text"),
        ("a = 1\u{A0}", "1:6: found character U+00A0, expected the end of the line after a value"),
        // Keys
        ("= 1", #"1:1: found "=", expected a key of A-Z a-z 0-9 _ -, or one in quotes"#),
        (
            "größe = 1",
            #"1:3: found "ö" in a bare key, expected only A-Z a-z 0-9 _ -, or the key in quotes"#
        ),
        ("a", #"1:2: found end of file, expected "=" after the key "a""#),
        ("a b = 1", #"1:3: found "b", expected "=" after the key "a""#),
        ("a =\n", "1:4: found end of line, expected a value"),
        (
            #""""a""" = 1"#,
            "1:1: found a multi-line string as a key, expected a key in one pair of quotes"
        ),
        (
            "a = 1\n\"a\" = 2",
            #"2:1: found key "a" again, first on line 1, expected each key once in its table"#
        ),
        (
            "a = 1\na.b = 2",
            #"2:1: found "a", an integer since line 1, expected a table before the dot"#
        ),
        // Tables
        ("[a", #"1:3: found end of file, expected "]" after the name"#),
        ("[[a] ]", #"1:4: found "]", expected "]]" after the name"#),
        ("[a]\n[a]", #"2:2: found table "a" again, first on line 1, expected one header a table"#),
        (
            "a.b = 1\n[a]",
            #"2:2: found table "a" again, made by a dotted key on line 1, expected its keys where the dotted key stands"#
        ),
        (
            "[[a]]\n[a]",
            #"2:2: found table "a", an array of tables since line 1, expected [[ ]] around the name"#
        ),
        (
            "[a]\n[[a]]",
            #"2:3: found "a", a table since line 1, expected [ ] for a table, or a name that is not taken"#
        ),
        (
            "a = []\n[[a]]",
            #"2:3: found "a", an array since line 1, expected a name that is not taken"#
        ),
        ("a = 1\n[a.b]", #"2:2: found "a", an integer since line 1, expected the name of a table"#),
        (
            "a = {}\n[a.b]",
            #"2:2: found "a", an inline table closed on line 1, expected all of its keys between its braces"#
        ),
        (
            "[a.b]\n[a]\nb.c = 1",
            #"3:1: found "b", a table by the header on line 1, expected its keys below that header"#
        ),
        (
            "[[a.b]]\n[a]\nb.c = 1",
            #"3:1: found "b", an array of tables since line 1, expected its keys below its headers"#
        ),
        // Arrays and inline tables
        ("a = [1 2]", #"1:8: found "2", expected "," or "]" after a value of an array"#),
        ("a = [,]", #"1:6: found ",", expected a value or "]""#),
        (
            "a = [\n1,\n",
            "1:5: found the start of an array without end, expected ] before the end of the file"
        ),
        (
            "a = {b = 1 c = 2}",
            #"1:12: found "c", expected "," or "}" after a value of an inline table"#
        ),
        ("a = {", #"1:6: found end of file, expected "}" to close the inline table"#),
        // Values
        ("a = letterboxd", #"1:5: found "letterboxd", expected a value (text goes in quotes)"#),
        (
            "a = True",
            #"1:5: found "True", expected the same word in lower case, or text in quotes"#
        ),
        ("a = “x”", "1:5: found \"“\", expected a value"),
    ])
    func `a mistake is said with its place`(document: String, expected: String) {
        #expect(tomlMessage(document) == expected)
    }

    @Test(arguments: [
        (
            "a = { b = 1, }",
            #"1:12: found a comma before "}" (TOML 1.1 only), expected "}" right after the last value of an inline table"#
        ),
        (
            "a = {\n",
            "1:6: found a line break in an inline table (TOML 1.1 only), expected the whole inline table on one line"
        ),
        (
            "a = { b = 1, # c\n",
            "1:14: found a comment in an inline table (TOML 1.1 only), expected the whole inline table on one line"
        ),
        (#"a = "\e""#, #"1:6: found escape \e (TOML 1.1 only), expected \u001B"#),
        (#"a = "\x41""#, #"1:6: found escape \x (TOML 1.1 only), expected \u00 and two digits"#),
        (
            "a = 07:32",
            #"1:5: found "07:32", expected seconds after 07:32 (leaving them out is TOML 1.1 only)"#
        ),
        (
            "a = 1979-05-27 07:32Z",
            #"1:5: found "1979-05-27 07:32Z", expected seconds after 07:32 (leaving them out is TOML 1.1 only)"#
        ),
    ])
    func `what only TOML 1_1 allows is refused as such`(document: String, expected: String) {
        #expect(tomlMessage(document) == expected)
    }

    /// Each key with its place and its value's place, indented by depth; elements as dashes.
    private func outline(_ content: TOMLContent, indent: String = "") -> String {
        var text = ""
        switch content {
        case .table(let table):
            for entry in table.entries {
                text += "\(indent)\(place(entry.position)) \(entry.key)"
                text += " \(place(entry.value.position))\n"
                text += outline(entry.value.content, indent: indent + " ")
            }
        case .array(let values):
            for value in values {
                text += "\(indent)- \(place(value.position))\n"
                text += outline(value.content, indent: indent)
            }
        default:
            break
        }
        return text
    }

    private func place(_ position: TOMLPosition) -> String {
        "\(position.line):\(position.column)"
    }
}

func tomlTable(_ document: String) throws -> TOMLTable {
    try TOMLReader.read(Array(document.utf8))
}

/// What is said about a document: `line:column: found …, expected …`.
func tomlMessage(_ document: String) -> String { tomlMessage(bytes: Array(document.utf8)) }

func tomlMessage(bytes: [UInt8]) -> String {
    do {
        _ = try TOMLReader.read(bytes)
        return "nothing"
    } catch {
        return "\(error.line):\(error.column): found \(error.found), expected \(error.expected)"
    }
}
