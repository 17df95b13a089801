import Testing

@testable import Formats

/// toml-test, the list for TOML 1.0.0, whole.
@Suite struct TOMLSuiteTests {
    static let files = ConformanceData.names(listedIn: "toml/tests/files-toml-1.0.0")
        .filter { $0.hasSuffix(".toml") }
    static let valid = files.filter { $0.hasPrefix("valid/") }
    static let invalid = files.filter { $0.hasPrefix("invalid/") }

    @Test func `the suite is whole`() {
        ConformanceData.expect(210, of: Self.valid)
        ConformanceData.expect(499, of: Self.invalid)
    }

    @Test(arguments: valid)
    func `a valid document means what its twin in JSON says`(file: String) throws {
        let table = try TOMLReader.read(try ConformanceData.bytes("toml/tests/" + file))
        let twin = "toml/tests/" + file.dropLast(5) + ".json"
        let expected = try JSONReader.read(try ConformanceData.bytes(twin))
        expectSame(.table(table), expected, at: "")
    }

    @Test(arguments: invalid)
    func `an invalid document is refused in words`(file: String) throws {
        let bytes = try ConformanceData.bytes("toml/tests/" + file)
        let error = try #require(throws: SyntaxError.self) { try TOMLReader.read(bytes) }
        #expect(error.line >= 1 && error.column >= 1)
        #expect(error.line <= bytes.count(where: { $0 == UInt8(ascii: "\n") }) + 1)
        #expect(!error.found.isEmpty && !error.expected.isEmpty)
    }

    private func expectSame(_ content: TOMLContent, _ json: JSONValue, at path: String) {
        switch (content, json) {
        case (.table(let table), .object(let members)):
            #expect(table.entries.count == members.count, "keys of \(path)")
            for member in members {
                guard let value = table[member.name] else {
                    Issue.record("\(path)/\(member.name) is missing")
                    continue
                }
                expectSame(value.content, member.value, at: path + "/" + member.name)
            }
        case (.array(let values), .array(let elements)):
            #expect(values.count == elements.count, "elements of \(path)")
            for (index, (value, element)) in zip(values, elements).enumerated() {
                expectSame(value.content, element, at: path + "/\(index)")
            }
        default:
            let (type, text) = tagged(content)
            #expect(json["type"]?.stringValue == type, "type of \(path)")
            let expected = json["value"]?.stringValue ?? "no value"
            switch content {
            case .float(let float):
                let other = Double(expected) ?? 0
                #expect(float == other || float.isNaN && other.isNaN, "value of \(path)")
            case .string:
                #expect(text.utf8.elementsEqual(expected.utf8), "value of \(path)")
            default:
                #expect(text == normalised(expected), "value of \(path)")
            }
        }
    }

    private func tagged(_ content: TOMLContent) -> (type: String, text: String) {
        switch content {
        case .string(let text): ("string", text)
        case .integer(let integer): ("integer", String(integer))
        case .float(let float): ("float", String(float))
        case .boolean(let flag): ("bool", String(flag))
        case .offsetDateTime(let civil, let nanoseconds, let offset):
            ("datetime", date(civil) + "T" + clock(civil, nanoseconds) + zone(offset))
        case .localDateTime(let civil, let nanoseconds):
            ("datetime-local", date(civil) + "T" + clock(civil, nanoseconds))
        case .localDate(let day): ("date-local", day.description)
        case .localTime(let time):
            (
                "time-local",
                clock(
                    CivilTime(
                        year: 1, month: 1, day: 1, hour: time.hour, minute: time.minute,
                        second: time.second), time.nanoseconds)
            )
        case .array: ("array", "")
        case .table: ("table", "")
        }
    }

    private func date(_ civil: CivilTime) -> String {
        Day(year: civil.year, month: civil.month, day: civil.day)?.description ?? "no date"
    }

    private func clock(_ civil: CivilTime, _ nanoseconds: Int) -> String {
        let clock =
            padded(civil.hour, to: 2) + ":" + padded(civil.minute, to: 2) + ":"
            + padded(civil.second, to: 2)
        return nanoseconds == 0 ? clock : normalised(clock + "." + padded(nanoseconds, to: 9))
    }

    private func zone(_ offset: Int) -> String {
        let minutes = abs(offset) / 60
        return offset == 0
            ? "Z"
            : (offset < 0 ? "-" : "+") + padded(minutes / 60, to: 2) + ":"
                + padded(minutes % 60, to: 2)
    }

    /// Without zeros at the end of a fraction, and `Z` for no offset.
    private func normalised(_ text: String) -> String {
        var result = ""
        var fraction: String?
        for character in text + "\n" {
            if fraction != nil, character.isNumber {
                fraction?.append(character)
            } else if character == "." {
                fraction = "."
            } else {
                while let part = fraction, part.hasSuffix("0") || part == "." {
                    fraction = part == "." ? nil : String(part.dropLast())
                }
                result += (fraction ?? "") + String(character)
                fraction = nil
            }
        }
        result.removeLast()
        return result.hasSuffix("+00:00") ? result.dropLast(6) + "Z" : result
    }
}
