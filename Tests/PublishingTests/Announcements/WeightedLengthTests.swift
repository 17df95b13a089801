import Formats
import Simulation
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

    /// Every sequence that Unicode lists as an emoji.
    private static let listed: Set<[UInt32]> = {
        guard let data = Fixture.conformanceData("unicode/emoji-test.txt") else { return [] }
        var listed: Set<[UInt32]> = []
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            guard !line.hasPrefix("#"), let semicolon = line.firstIndex(of: ";") else { continue }
            listed.insert(line[..<semicolon].split(separator: " ").compactMap { UInt32($0, radix: 16) })
        }
        return listed
    }()

    private func text(_ codes: some Sequence<UInt32>) -> String {
        var view = String.UnicodeScalarView()
        for code in codes { Unicode.Scalar(code).map { view.append($0) } }
        return String(view)
    }

    @Test func `every emoji of Unicode counts two`() {
        if Self.listed.isEmpty { return }
        #expect(Self.listed.count == 4733)
        for emoji in Self.listed { #expect(WeightedLength.of(text(emoji)) == 2, "\(emoji)") }
    }

    /// What the rule says, word by word: the longest listed sequence counts two, everything else by itself.
    private func plainLength(_ codes: [UInt32]) -> Int {
        var total = 0
        var index = 0
        while index < codes.count {
            let longest = (1...10).last { count in
                index + count <= codes.count && Self.listed.contains(Array(codes[index..<(index + count)]))
            }
            switch codes[index] {
            case _ where longest != nil: total += 2
            case 0...4351, 8192...8205, 8208...8223, 8242...8247: total += 1
            default: total += 2
            }
            index += longest ?? 1
        }
        return total
    }

    private func isWrong(_ codes: [UInt32]) -> Bool {
        WeightedLength.of(text(codes)) != plainLength(codes)
    }

    @Test func `a chain that nobody lists counts by its parts`() {
        if Self.listed.isEmpty { return }
        // The parts of all emoji, and whole ones, in any order.
        let whole = Self.listed.sorted { $0.lexicographicallyPrecedes($1) }
        let parts = Set(whole.joined()).sorted() + [0x61, 0xE9, 0x706F, 0xFE0E]
        var wrong: [[UInt32]] = []
        for part in parts {
            for tone in [0x1F3FB, 0x1F3FF, 0xFE0F, 0xFE0E, 0x20E3, 0x200D] as [UInt32] {
                if isWrong([part, tone]) { wrong.append([part, tone]) }
            }
        }
        var dice = SeededGenerator(seed: 20_261_125)
        for _ in 0..<5_000 {
            var codes: [UInt32] = []
            for _ in 0..<(1 + dice.below(6)) {
                switch dice.below(8) {
                case 0, 1, 2: codes += whole[dice.below(whole.count)]
                case 3: codes.append(parts[dice.below(parts.count)])
                case 4: codes.append(0x200D)
                case 5: codes.append(0xFE0F)
                case 6: codes.append(0x1F3FB + UInt32(dice.below(5)))
                default: codes.append(0x1F1E6 + UInt32(dice.below(26)))
                }
                if dice.below(2) == 0 { codes.append(0x200D) }
            }
            if isWrong(codes) { wrong.append(codes) }
        }
        #expect(wrong.map { $0.map { String($0, radix: 16) } } == [])
    }

    @Test(arguments: [
        ("👨‍👩‍👧", 2), ("👨‍👩", 5), ("👩‍❤️‍👩‍❤️‍👩", 8), ("👨🏻‍👩🏻‍👧🏻", 8), ("🧑🏻‍❤️‍🧑🏻", 8), ("🧑🏻‍❤️‍🧑🏼", 2),
        ("🇩🇪", 2), ("🇽🇽", 4), ("🇽🇩🇪", 4), ("📚\u{FE0F}", 4), ("🚗🏻", 4), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2), ("🏴󠁧󠁢󠁥󠁮󠁿", 12),
    ])
    func `an emoji is what Unicode lists and nothing that only looks like one`(text: String, length: Int) {
        #expect(WeightedLength.of(text) == length)
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
