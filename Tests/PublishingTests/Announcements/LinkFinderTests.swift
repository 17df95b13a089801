import Formats
import Testing

@testable import Publishing

struct LinkFinderTests {
    @Test(arguments: ["urls", "tco_urls_with_params"])
    func `finds the links that twitter-text finds`(group: String) {
        guard let suite = Fixture.conformance("twitter-text/extract.json") else { return }
        let cases = suite["tests"]?[group]?.arrayValue ?? []
        #expect(cases.count > 4)
        for test in cases {
            let text = Array((test["text"]?.stringValue ?? "").unicodeScalars)
            let found = LinkFinder.links(in: text).map { string(text[$0]) }
            let expected = (test["expected"]?.arrayValue ?? []).compactMap(\.stringValue)
            #expect(found == expected, "\(test["description"]?.stringValue ?? "")")
        }
    }

    @Test(arguments: ["urls_with_indices", "urls_with_directional_markers"])
    func `finds them where twitter-text finds them`(group: String) {
        guard let suite = Fixture.conformance("twitter-text/extract.json") else { return }
        let cases = suite["tests"]?[group]?.arrayValue ?? []
        #expect(cases.count > 1)
        for test in cases {
            let text = Array((test["text"]?.stringValue ?? "").unicodeScalars)
            let found = LinkFinder.links(in: text).map { [Int64($0.lowerBound), Int64($0.upperBound)] }
            let expected = (test["expected"]?.arrayValue ?? []).map { link in
                (link["indices"]?.arrayValue ?? []).compactMap(\.integerValue)
            }
            #expect(found == expected, "\(test["description"]?.stringValue ?? "")")
        }
    }

    @Test(arguments: [
        "Node.js Design Patterns", "Vol. 2", "S.H.I.E.L.D.", "3.5 stars", "ASP.\u{2060}NET", "no dot",
    ])
    func `takes a title for what it is`(text: String) {
        #expect(LinkFinder.links(in: Array(text.unicodeScalars)).isEmpty)
    }

    private func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
