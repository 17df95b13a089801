import Formats
import Testing

@testable import Catalogue

@Suite struct FinishTests {
    @Test func `every field is read as it is written, and removed by nil`() {
        var copy = Finish(title: "x")
        for field in FinishField.allCases {
            let isTaken = copy.set(field, to: EventSamples.finish.value(of: field))
            #expect(isTaken, "\(field)")
        }
        #expect(copy == EventSamples.finish)
        for field in FinishField.allCases where field != .title {
            let isTaken = copy.set(field, to: nil)
            #expect(isTaken)
            #expect(copy.value(of: field) == nil)
        }
        #expect(copy == Finish(title: "Ran"))
        let isWithoutTitle = copy.set(.title, to: nil)
        #expect(!isWithoutTitle)
    }

    @Test(arguments: [
        (FinishField.kind, JSONValue.string("opera")), (.year, .string("1985")), (.year, .number("1e3")),
        (.day, .string("2026-13-01")), (.instant, .string("2026-11-20")), (.rating, .integer(4)),
        (.rating, .object([JSONMember("value", .integer(6)), JSONMember("best", .integer(5))])),
        (.identifiers, .object([JSONMember("imdb", .integer(1))])), (.title, .integer(1)), (.url, .null),
    ])
    func `a value that the field cannot have changes nothing`(field: FinishField, value: JSONValue) {
        var finish = EventSamples.finish
        let isTaken = finish.set(field, to: value)
        #expect(!isTaken)
        #expect(finish == EventSamples.finish)
    }

    @Test(arguments: [(0, 5), (6, 5), (-1, 5), (1, 0), (5, -5)])
    func `no rating at all, or more than the best, is none`(value: Int, best: Int) {
        #expect(Rating(value: value, best: best) == nil)
    }

    @Test func `identifiers are sorted by bytes`() {
        let finish = Finish(
            title: "t", identifiers: [Identifier("b", "2"), Identifier("é", "0"), Identifier("b", "1"), Identifier("Z", "9")])
        #expect(finish.identifiers.map { $0.name + $0.value } == ["Z9", "b1", "b2", "é0"])
    }
}
