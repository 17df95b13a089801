import Testing

@testable import Formats

@Suite struct TOMLNumbersTests {
    @Test(arguments: [
        ("0", 0), ("+0", 0), ("-0", 0), ("-1_000", -1000), ("9223372036854775807", Int64.max),
        ("-9223372036854775808", Int64.min), ("0xDEAD_beef", 0xDEAD_BEEF), ("0o0755", 0o755),
        ("0b0101", 5), ("0x7fffffffffffffff", Int64.max),
    ])
    func `an integer is exact`(notation: String, value: Int64) throws {
        #expect(try tomlTable("a = " + notation)["a"]?.content == .integer(value))
    }

    @Test(arguments: [
        ("0.5", 0.5), ("-1_0.2_5", -10.25), ("1e06", 1_000_000), ("2E-2", 0.02), ("6.25e+1", 62.5),
        ("inf", .infinity), ("+inf", .infinity), ("-inf", -.infinity), ("1e999", .infinity),
        ("1e-999", 0),
    ])
    func `a float is the nearest double`(notation: String, value: Double) throws {
        #expect(try tomlTable("a = " + notation)["a"]?.content == .float(value))
    }

    @Test(arguments: ["nan", "+nan", "-nan"])
    func `what is no number can be written`(notation: String) throws {
        guard case .float(let value)? = try tomlTable("a = " + notation)["a"]?.content else {
            Issue.record("no float")
            return
        }
        #expect(value.isNaN)
    }

    @Test(arguments: [
        ("01", "a number without leading zeros"),
        ("-01.5", "a number without leading zeros"),
        ("1__0", "\"_\" only between two digits"),
        ("1_", "\"_\" only between two digits"),
        ("0x_1", "\"_\" only between two digits"),
        ("1.", "a digit after the point"),
        (".5", "a digit before the point"),
        ("1e", "a digit in the exponent"),
        ("+", "a digit after the sign"),
        ("0x", "a digit of its base after 0x, 0o or 0b"),
        ("0b12", "only digits of its base after 0x, 0o or 0b"),
        ("-0x1", "no sign before 0x, 0o or 0b"),
        ("0X1", "0x, 0o or 0b in lower case"),
        ("12abc", "a number or a date (text goes in quotes)"),
        (
            "9223372036854775808",
            "an integer from -9223372036854775808 to 9223372036854775807"
        ),
        (
            "0x8000000000000000",
            "an integer from -9223372036854775808 to 9223372036854775807"
        ),
    ])
    func `a mistake in a number is said with its place`(notation: String, expected: String) {
        #expect(
            tomlMessage("a = \(notation) # c") == "1:5: found \"\(notation)\", expected \(expected)"
        )
    }

    @Test func `a long word is cut in the message`() {
        #expect(
            tomlMessage("a = 1" + String(repeating: "0", count: 60))
                == "1:5: found \"1\(String(repeating: "0", count: 39))…\", "
                + "expected an integer from -9223372036854775808 to 9223372036854775807")
    }
}
