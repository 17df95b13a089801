@_spi(_Unicode) import Swift

/// How long X holds a text to be (`specs/x-posting.md` section 7, twitter-text version 3): in a post of
/// 280, Latin letters count one, everything else two; a link counts 23, an emoji two however it is composed (`Emoji`).
enum WeightedLength {
    static let max = 280
    private static let link = 23

    /// - Parameter countsEmojiWhole: false is version 2, which only its conformance cases still ask for.
    static func of(_ text: String, countsEmojiWhole: Bool = true) -> Int {
        // Lengths are those of the composed form (NFC), and only the standard library has its tables.
        let scalars = Array(text._nfc)
        var total = 0
        var index = 0
        for range in LinkFinder.links(in: scalars) + [scalars.count..<scalars.count] {
            while index < range.lowerBound {
                let emoji = countsEmojiWhole ? Emoji.end(in: scalars, from: index) : nil
                if let emoji {
                    total += 2
                    index = emoji
                } else {
                    total += weight(scalars[index])
                    index += 1
                }
            }
            if !range.isEmpty { total += link }
            index = range.upperBound
        }
        return total
    }

    private static func weight(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0...4351, 8192...8205, 8208...8223, 8242...8247: 1
        default: 2
        }
    }
}
