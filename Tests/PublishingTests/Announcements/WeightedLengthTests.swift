import Formats
import Testing

@testable import Publishing

struct WeightedLengthTests {
    @Test(arguments: [
        ("WeightedTweetsCounterTest", false),
        ("WeightedTweetsWithDiscountedEmojiCounterTest", true),
        ("UnicodeDirectionalMarkerCounterTest", true),
    ])
    func `counts as twitter-text does`(group: String, countsEmojiWhole: Bool) {
        guard let suite = Fixture.conformance("twitter-text/validate.json") else { return }
        let cases = suite["tests"]?[group]?.arrayValue ?? []
        #expect(cases.count > 1)
        for test in cases {
            let text = test["text"]?.stringValue ?? ""
            let length = WeightedLength.of(text, countsEmojiWhole: countsEmojiWhole)
            #expect(
                Int64(length) == test["expected"]?["weightedLength"]?.integerValue,
                "\(test["description"]?.stringValue ?? "")")
        }
    }

    @Test func `every emoji of Unicode counts two`() {
        guard let data = Fixture.conformanceData("unicode/emoji-test.txt") else { return }
        var count = 0
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            guard !line.hasPrefix("#"), let semicolon = line.firstIndex(of: ";") else { continue }
            var text = String.UnicodeScalarView()
            for code in line[..<semicolon].split(separator: " ") {
                if let value = UInt32(code, radix: 16), let scalar = Unicode.Scalar(value) {
                    text.append(scalar)
                }
            }
            count += 1
            #expect(WeightedLength.of(String(text)) == 2, "\(line)")
        }
        #expect(count > 4000)
    }

    @Test(arguments: [
        ("Finished “Dune” by Frank Herbert 📚 https://example.org/dune #books", 66),
        ("Read 『ノルウェイの森』 https://example.org/n", 47),
        ("★★★★½ Café — “Elden Ring” 🎮 example.com/er", 56),
        ("… – — ‘ ’ “ ” • ★ ½ é ™ © 中", 33),
        ("👨‍👩‍👧‍👦🇩🇪1️⃣", 6),
        ("Finished ASP.NET Core in Action", 47),
        ("Finished Node.js Design Patterns", 32),
        ("Watched Booking.com documentary", 43),
        ("http://example.com/" + String(repeating: "a", count: 200), 23),
        ("e\u{301}", 1),
        ("❤\u{FE0E}", 4),
        ("", 0),
    ])
    func `measures what an independent counter measured`(text: String, length: Int) {
        #expect(WeightedLength.of(text) == length)
    }
}
