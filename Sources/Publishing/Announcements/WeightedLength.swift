@_spi(_Unicode) import Swift

/// How long X holds a text to be (`specs/x-posting.md` section 7, twitter-text version 3): in a post of
/// 280, Latin letters count one, everything else two; a link counts 23, an emoji two however it is composed.
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

/// Emoji as Unicode TS 51 composes them: with modifiers and selectors, keycaps, flags, tags and joiners.
enum Emoji {
    /// Behind the emoji that begins at `start`; `nil`: there is none.
    static func end(in text: [Unicode.Scalar], from start: Int) -> Int? {
        let first = text[start]
        if first.isASCII {
            guard "0123456789#*".unicodeScalars.contains(first) else { return nil }
            var index = start + 1
            if index < text.count, text[index].value == 0xFE0F { index += 1 }
            return index < text.count && text[index].value == 0x20E3 ? index + 1 : nil
        }
        if isRegional(first) {
            guard start + 1 < text.count, isRegional(text[start + 1]) else { return nil }
            return start + 2
        }
        guard var index = element(in: text, from: start) else { return nil }
        while index + 1 < text.count, text[index].value == 0x200D,
            let next = element(in: text, from: index + 1)
        {
            index = next
        }
        return index
    }

    private static func element(in text: [Unicode.Scalar], from start: Int) -> Int? {
        guard !text[start].isASCII, text[start].properties.isEmoji else { return nil }
        var index = start + 1
        if index < text.count, text[index].value == 0xFE0F || text[index].properties.isEmojiModifier {
            index += 1
        }
        // The flags of England, Scotland and Wales spell their region in tags.
        var tag = index
        while tag < text.count, (0xE0020...0xE007E).contains(text[tag].value) { tag += 1 }
        if tag > index, tag < text.count, text[tag].value == 0xE007F { index = tag + 1 }
        return index
    }

    private static func isRegional(_ scalar: Unicode.Scalar) -> Bool {
        (0x1F1E6...0x1F1FF).contains(scalar.value)
    }
}
