import Testing

@testable import Formats

/// JSONTestSuite, whole: `y_` must be read, `n_` refused, `i_` is left to the reader.
@Suite struct JSONSuiteTests {
    static let files = ConformanceData.names(inFolder: "json/test_parsing")
        .filter { $0.hasSuffix(".json") }
    static let accepted = files.filter { $0.hasPrefix("y_") }
    static let refused = files.filter { $0.hasPrefix("n_") }
    static let open = files.filter { $0.hasPrefix("i_") }

    @Test func `the suite is whole`() {
        ConformanceData.expect(95, of: Self.accepted)
        ConformanceData.expect(188, of: Self.refused)
        ConformanceData.expect(35, of: Self.open)
    }

    @Test(arguments: accepted)
    func `a valid document is read`(file: String) throws {
        let bytes = try ConformanceData.bytes("json/test_parsing/" + file)
        #expect(throws: Never.self) { try JSONReader.read(bytes) }
    }

    @Test(arguments: refused)
    func `an invalid document is refused in words`(file: String) throws {
        let bytes = try ConformanceData.bytes("json/test_parsing/" + file)
        let error = try #require(throws: SyntaxError.self) { try JSONReader.read(bytes) }
        #expect(error.line >= 1 && error.column >= 1)
        #expect(!error.found.isEmpty && !error.expected.isEmpty)
    }

    @Test(arguments: open)
    func `an undecided document is read the same way twice or refused`(file: String) throws {
        let bytes = try ConformanceData.bytes("json/test_parsing/" + file)
        let first = Result { try JSONReader.read(bytes) }
        let second = Result { try JSONReader.read(bytes) }
        switch (first, second) {
        case (.success(let value), .success(let other)): #expect(value == other)
        case (.failure(let error), .failure(let other)):
            #expect(error as? SyntaxError == other as? SyntaxError)
        default: Issue.record("once read, once refused")
        }
    }
}
