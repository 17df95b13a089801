/// The sequences that Unicode lists as one emoji (`emoji-test.txt`, version 15.0), which X counts as one:
///
///     emoji [selector | skin tone] { joiner emoji [selector | skin tone] }
///     digit [selector] keycap      two letters of a flag      black flag, tags, end tag
///
/// Any other chain of the same parts is none: X counts each part and each joiner of it, and would refuse a
/// post that took it for two. A version that came later is counted that way, too: too long, never too short.
enum Emoji {
    /// Behind the longest emoji that begins at `start`; `nil`: there is none.
    static func end(in text: [Unicode.Scalar], from start: Int) -> Int? {
        let first = text[start]
        if first.isASCII { return keycapEnd(in: text, from: start) }
        if let letter = flagLetter(first) {
            guard start + 1 < text.count, let second = flagLetter(text[start + 1]) else { return nil }
            return flags.contains([letter, second]) ? start + 2 : nil
        }
        if first == "\u{1F3F4}", let end = tagsEnd(in: text, from: start + 1) { return end }
        guard let part = Part(text, start) else { return nil }
        var end = part.end
        var best = end
        var chain = Chain(part)
        while chain.parts.count < Chain.partsMax, end + 1 < text.count, text[end] == joiner,
            let next = Part(text, end + 1)
        {
            chain.parts.append(next)
            end = next.end
            if chain.isListed {
                best = end
            } else if chain.isListed(withLastTone: nil) {
                // A tone that the chain does not have stands for itself.
                best = end - 1
            }
        }
        return best
    }

    private static let joiner: Unicode.Scalar = "\u{200D}"
    private static let selector: Unicode.Scalar = "\u{FE0F}"

    private static func keycapEnd(in text: [Unicode.Scalar], from start: Int) -> Int? {
        guard "0123456789#*".unicodeScalars.contains(text[start]) else { return nil }
        var index = start + 1
        if index < text.count, text[index] == selector { index += 1 }
        return index < text.count && text[index] == "\u{20E3}" ? index + 1 : nil
    }

    /// The ASCII letter that a regional indicator stands for.
    private static func flagLetter(_ scalar: Unicode.Scalar) -> UInt8? {
        guard (0x1F1E6...0x1F1FF).contains(scalar.value) else { return nil }
        return UInt8(ascii: "A") + UInt8(scalar.value - 0x1F1E6)
    }

    private static let flags: Set<[UInt8]> = {
        var flags: Set<[UInt8]> = []
        for code in flagCodes.utf8.split(whereSeparator: { $0 <= 0x20 }) { flags.insert(Array(code)) }
        return flags
    }()

    private static let flagCodes = """
        AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ
        BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CR CU CV CW CX CY CZ DE DG DJ DK
        DM DO DZ EA EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ
        GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI
        KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP
        MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
        PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX
        SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI
        VN VU WF WS XK YE YT ZA ZM ZW
        """

    /// England, Scotland and Wales spell their names in tags.
    private static func tagsEnd(in text: [Unicode.Scalar], from start: Int) -> Int? {
        for name in ["gbeng", "gbsct", "gbwls"] {
            var index = start
            for letter in name.unicodeScalars
            where index < text.count && text[index].value == 0xE0000 + letter.value { index += 1 }
            if index == start + 5, index < text.count, text[index].value == 0xE007F { return index + 1 }
        }
        return nil
    }

    /// One emoji of a chain.
    private struct Part {
        let base: Unicode.Scalar
        let tone: UInt32?
        let end: Int

        init?(_ text: [Unicode.Scalar], _ start: Int) {
            base = text[start]
            guard !base.isASCII, base.properties.isEmoji, flagLetter(base) == nil else { return nil }
            let next = start + 1 < text.count ? text[start + 1] : "\0"
            if next.properties.isEmojiModifier, isToned(base) {
                (tone, end) = (next.value, start + 2)
            } else {
                tone = nil
                // What is shown as a picture anyway has no form with a selector.
                let isSelected = next == selector && !base.properties.isEmojiPresentation
                end = start + (isSelected ? 2 : 1)
            }
        }
    }

    /// Groups may have a tone by their properties, and in no list.
    private static func isToned(_ base: Unicode.Scalar) -> Bool {
        base.properties.isEmojiModifierBase && !"👪👯🤼".unicodeScalars.contains(base)
    }

    /// Parts held together by joiners.
    private struct Chain {
        static let partsMax = 4

        var parts: [Part]

        init(_ first: Part) { parts = [first] }

        var isListed: Bool { isListed(withLastTone: parts.last?.tone) }

        func isListed(withLastTone last: UInt32?) -> Bool {
            var shape = String.UnicodeScalarView()
            for part in parts { shape.append(part.base) }
            guard let tones = Emoji.chains[String(shape)] else { return false }
            let first = parts.first?.tone
            let hasInner = parts.dropFirst().dropLast().contains { $0.tone != nil }
            let isPlain = first == nil && last == nil
            return switch tones {
            case .none: isPlain && !hasInner
            case .first: last == nil && !hasInner
            case .pair: (isPlain || (first != nil && last != nil)) && !hasInner
            case .unequalPair: first != nil && last != nil && first != last && !hasInner
            }
        }
    }

    /// Where a chain may have skin tones.
    private enum Tones {
        case none
        case first
        /// On both persons, or on neither.
        case pair
        /// On both persons, of two kinds: one kind, or none, has an emoji of its own.
        case unequalPair
    }

    /// Every chain by its emoji, joiners, selectors and tones left out.
    private static let chains: [String: Tones] = {
        var chains: [String: Tones] = [:]
        func add(_ shape: String, _ tones: Tones) { chains[shape] = tones }
        for base in "🧔👱🙍🙎🙅🙆💁🙋🧏🙇🤦🤷👮🕵💂👷👳🤵👰🦸🦹🧙🧚🧛🧜🧝💆💇🚶🧍🧎🏃🧖🧗🏌🏄🚣🏊⛹🏋🚴🚵🤸🤽🤾🤹🧘".unicodeScalars {
            for sign in "♂♀".unicodeScalars { add(String(base) + String(sign), .first) }
        }
        for base in "🧞🧟👯🤼".unicodeScalars {
            for sign in "♂♀".unicodeScalars { add(String(base) + String(sign), .none) }
        }
        for person in "🧑👨👩".unicodeScalars {
            for thing in "🦰🦱🦳🦲⚕🎓🏫⚖🌾🍳🔧🏭💼🔬💻🎤🎨✈🚀🚒🍼🦯🦼🦽".unicodeScalars {
                add(String(person) + String(thing), .first)
            }
        }
        add("🧑🎄", .first)
        for parents in ["👨", "👩", "👨👩", "👨👨", "👩👩"] {
            for children in ["👦", "👧", "👦👦", "👧👦", "👧👧"] { add(parents + children, .none) }
        }
        for (one, other) in [("👩", "👨"), ("👨", "👨"), ("👩", "👩")] {
            for sign in ["❤", "❤💋"] { add(one + sign + other, .pair) }
            add(one + "🤝" + other, .unequalPair)
        }
        add("🧑🤝🧑", .pair)
        for shape in ["🧑❤🧑", "🧑❤💋🧑", "🫱🫲"] { add(shape, .unequalPair) }
        for shape in [
            "😶🌫", "😮💨", "😵💫", "❤🔥", "❤🩹", "👁🗨", "🐕🦺", "🐈⬛", "🐻❄", "🐦⬛", "🏳🌈", "🏳⚧", "🏴☠",
        ] { add(shape, .none) }
        return chains
    }()
}
