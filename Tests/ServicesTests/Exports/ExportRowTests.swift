import Formats
import Testing
import XML
@testable import Services

@Suite struct ExportRowTests {
    private func review(_ text: String) -> String? {
        ExportRow(fields: [text], places: ["review": 0]).review("Review")
    }

    @Test(arguments: [
        ("Good.", "Good."), ("It's \"fine\"; 5/5 {really}", "It's &quot;fine&quot;; 5/5 {really}"),
        ("one\r\ntwo\nthree", "one<br>two<br>three"), ("<b>bold</b>", "<b>bold</b>"),
        ("a & b", "a &amp; b"), ("<p> </p>", nil), ("  ", nil),
    ])
    func `a review is reduced HTML with its line breaks`(text: String, expected: String?) {
        #expect(review(text)?.replacing("<br/>", with: "<br>") == expected)
    }

    /// What is taken as it stands is what reduction would give.
    @Test func `plain words are their own reduction`() {
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var plain = 0
        for _ in 0..<5000 {
            let text = String(
                decoding: (0..<(1 + random(24))).map { _ in UInt8(0x20 + random(0x5F)) }, as: UTF8.self)
            guard ExportRow.isPlain(Array(text.utf8)), text.first != " " else { continue }
            #expect(HTMLReduction.reduce(text) == text, "\(text)")
            plain += 1
        }
        #expect(plain > 500)
    }
}
