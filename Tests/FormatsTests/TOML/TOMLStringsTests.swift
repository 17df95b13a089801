import Testing

@testable import Formats

@Suite struct TOMLStringsTests {
    @Test(arguments: [
        (#""a\b\t\n\f\r\"\\\u00e9\U0001F4DA""#, "a\u{8}\t\n\u{C}\r\"\\é\u{1F4DA}"),
        (#"'C:\new'"#, #"C:\new"#),
        ("\"\"", ""),
        ("\"\"\"\nfirst\r\nsecond\"\"\"", "first\nsecond"),
        ("'''\r\n\n'it''s\\'''", "\n'it''s\\"),
        ("\"\"\"\"\"quoted\"\"\"\"\"", "\"\"quoted\"\""),
        ("''''it''''", "'it'"),
        ("\"\"\"one \\  \n\n   \ttwo\\\r\n three\"\"\"", "one two" + "three"),
        ("\"\"\"\\\n   \"\"\"", ""),
        ("\"\"\"a\\\\\nb\"\"\"", "a\\\nb"),
    ])
    func `a string means its text`(notation: String, text: String) throws {
        guard case .string(let read)? = try tomlTable("a = " + notation)["a"]?.content else {
            Issue.record("no string")
            return
        }
        #expect(read.utf8.elementsEqual(text.utf8))
    }

    @Test(arguments: [
        ("\"abc\nb = 1", "1:9: found end of line in a string, expected '\"' to close it"),
        ("'abc", "1:9: found end of file in a string, expected \"'\" to close it"),
        (
            "\"\"\"abc\n\n",
            "1:5: found the start of a multi-line string without end, expected \"\"\" before the end of the file"
        ),
        (
            "'''abc''",
            "1:5: found the start of a multi-line string without end, expected ''' before the end of the file"
        ),
        ("\"\"\"a\"\"\"\"\"\"", "1:14: found '\"', expected the end of the line after a value"),
        (
            "\"a\u{0}\"",
            #"1:7: found character U+0000 in a string, expected text, or an escape like \u001B"#
        ),
        (
            "\"a\rb\"",
            "1:7: found carriage return without line feed in a string, expected '\"' to close it"
        ),
        (
            "\"\"\"a\rb\"\"\"",
            #"1:9: found carriage return without line feed in a string, expected text, or an escape like \u001B"#
        ),
        (
            #""C:\new\q""#,
            #"1:12: found escape \q, expected \b \t \n \f \r \" \\ \uXXXX or \UXXXXXXXX, or a string in '"#
        ),
        (
            #""\ ""#,
            #"1:6: found a backslash that begins no escape, expected \b \t \n \f \r \" \\ \uXXXX or \UXXXXXXXX, or a string in '"#
        ),
        (
            #""\u12""#,
            #"1:6: found an escape that is too short, expected 4 hexadecimal digits after \u"#
        ),
        (
            #""\U0001F4D""#,
            #"1:6: found an escape that is too short, expected 8 hexadecimal digits after \U"#
        ),
        (
            #""\uD800""#,
            #"1:6: found escape \uD800, expected a character of Unicode (no surrogate, at most 10FFFF)"#
        ),
        (
            #""\U00110000""#,
            #"1:6: found escape \U00110000, expected a character of Unicode (no surrogate, at most 10FFFF)"#
        ),
    ])
    func `a mistake in a string is said with its place`(notation: String, expected: String) {
        #expect(tomlMessage("a = " + notation) == expected)
    }
}
