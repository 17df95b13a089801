import Catalogue
import Formats
import Testing
@testable import Services

@Suite struct LetterboxdExportTests {
    @Test(arguments: [
        ("9dg2hf", "viewing", "844110986"), ("a5fa", "film", "240344"), ("JZC", "film", "17680"),
    ])
    func `a code is a number in base 62 with its kind at the end`(
        code: String, noun: String, number: String
    ) {
        #expect(BoxdCode(code)?.noun == noun)
        #expect(BoxdCode(code)?.number == number)
    }

    @Test(arguments: ["", "a-b", "2", "99999999999"])
    func `what is no code of a viewing or film is none`(code: String) {
        #expect(BoxdCode(code) == nil)
    }

    @Test func `line breaks in a review are kept and a row knows its place`() throws {
        let bytes = try Fixture.bytes("services/exports/letterboxd/reviews.csv")
        let reading = try Services.readExport(bytes, service: "letterboxd", fileName: "reviews.csv")
        let first = reading.recognised[0]
        #expect(
            first.sighting.finish.review
                == "First line, <b>bold</b>.<br/>Second line &quot;quoted&quot;.")
        #expect(first.line == 2)
        let row = try #require(reading.recognised[1].bytes)
        #expect(String(decoding: bytes[row], as: UTF8.self).hasPrefix("2026-11-12,Broken,"))
    }
}
