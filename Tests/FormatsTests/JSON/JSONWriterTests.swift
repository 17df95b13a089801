import Foundation
import Formats
import Testing

@Suite struct JSONWriterTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `only the escapes that must be are written`() {
        // RFC 8785 section 3.2.2.2, `specs/json-feed.md` section 5.
        for code in 0..<0x20 as Range<UInt32> {
            let short: [UInt32: String] = [8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"]
            let long = "\\u00" + (code < 16 ? "0" : "") + String(code, radix: 16)
            let character = String(Unicode.Scalar(code)!)
            #expect(text(JSONWriter.compact(.string(character))) == "\"" + (short[code] ?? long) + "\"")
        }
        let plain = "/ é \u{2028}\u{2029} \u{7F} 😀 \u{FB33} <&>'"
        #expect(text(JSONWriter.compact(.string(plain))) == "\"" + plain + "\"")
        #expect(text(JSONWriter.compact(.string("a\"b\\c"))) == #""a\"b\\c""#)
        #expect(text(JSONWriter.compact(.string("\u{20AC}$\u{F}\nA'B\"\\\\\"/")))
            == "\"\u{20AC}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"")
    }

    @Test func `letters keep their composition`() {
        let bytes = JSONWriter.compact(.string("e\u{301}\u{E9}"))
        #expect(bytes == [0x22, 0x65, 0xCC, 0x81, 0xC3, 0xA9, 0x22])
    }

    private let sample = JSONValue.object([
        JSONMember("b", .integer(-7)), JSONMember("a", .array([])), JSONMember("", .object([])),
        JSONMember("list", .array([.null, .bool(true), .bool(false), .number("1.50"), .array([.integer(1)])])),
        JSONMember("b", .object([JSONMember("k\n", .string("v"))])),
    ])

    @Test func `the compact form is one line without a space`() {
        #expect(text(JSONWriter.compact(sample))
            == #"{"b":-7,"a":[],"":{},"list":[null,true,false,1.50,[1]],"b":{"k\n":"v"}}"#)
    }

    @Test func `the indented form has one member a line and a newline at the end`() {
        #expect(text(JSONWriter.indented(sample)) == #"""
            {
              "b": -7,
              "a": [],
              "": {},
              "list": [
                null,
                true,
                false,
                1.50,
                [
                  1
                ]
              ],
              "b": {
                "k\n": "v"
              }
            }

            """#)
        #expect(text(JSONWriter.indented(.array([]))) == "[]\n")
        #expect(text(JSONWriter.indented(.integer(.min))) == "-9223372036854775808\n")
    }

    @Test func `what is written is read back, here and by Foundation`() throws {
        var dice = Dice(seed: 7)
        func value(_ depth: Int) -> JSONValue {
            switch dice.below(depth > 4 ? 4 : 6) {
            case 0: return .integer(Int64(bitPattern: dice.next()))
            case 1: return .bool(dice.below(2) == 0)
            case 2: return .null
            case 3:
                let scalars = (0..<dice.below(8)).compactMap { _ in
                    Unicode.Scalar(UInt32(dice.below(dice.below(2) == 0 ? 0x80 : 0x11_0000)))
                }
                return .string(String(String.UnicodeScalarView(scalars)))
            case 4: return .array((0..<dice.below(5)).map { _ in value(depth + 1) })
            default:
                return .object((0..<dice.below(5)).map { JSONMember("k\($0)", value(depth + 1)) })
            }
        }
        for _ in 0..<500 {
            let value = JSONValue.array([value(0)])
            let compact = JSONWriter.compact(value)
            let indented = JSONWriter.indented(value)
            #expect(try JSONReader.read(compact) == value)
            #expect(try JSONReader.read(indented) == value)
            let one = try JSONSerialization.jsonObject(with: Data(compact)) as? NSArray
            let two = try JSONSerialization.jsonObject(with: Data(indented)) as? NSArray
            #expect(one == two)
        }
    }
}
