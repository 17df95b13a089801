import Testing

@testable import XML

/// What is UTF-8 is decided sixteen bytes at a time: the standard library's word on it, wherever in such a
/// block, and across the border of two, a character stands.
@Suite struct UTF8CheckTests {
    private func isValid(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self) != nil }

    /// Bytes at which a rule begins or ends.
    private static let edges: [UInt8] = [
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
        0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]

    @Test(arguments: [0, 1, 12, 13, 14, 15, 16, 28, 30, 31, 32])
    func `every four bytes of the edges are what the standard library takes them for`(offset: Int) {
        var bytes = [UInt8](repeating: 0x61, count: offset + 4)
        var differing: [[UInt8]] = []
        for first in Self.edges {
            for second in Self.edges {
                for third in Self.edges {
                    for fourth in Self.edges {
                        bytes.replaceSubrange(offset..., with: [first, second, third, fourth])
                        if UTF8Check.isValid(bytes) != isValid(bytes) { differing.append(bytes) }
                    }
                }
            }
        }
        #expect(differing.isEmpty, "\(differing.prefix(3))")
    }

    @Test func `a character that is cut off at the end is none, in a text of any length`() {
        for count in 0...50 {
            let text = [UInt8](repeating: 0x61, count: count)
            #expect(UTF8Check.isValid(text))
            for character in ["é", "“", "😀"] {
                let whole = text + Array(character.utf8)
                #expect(UTF8Check.isValid(whole) && UTF8Check.isValid(whole + text))
                for cut in 1..<character.utf8.count {
                    #expect(!UTF8Check.isValid(Array(whole.dropLast(cut))))
                    #expect(!UTF8Check.isValid(Array(whole.dropLast(cut)) + text + [0x20]))
                }
            }
        }
    }
}
