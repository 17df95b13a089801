import Formats

/// Keeps a title, or a name, from becoming more than words on a network (`specs/x-posting.md` sections 1
/// and 8): a link that costs ten times as much, a call to a stranger, a second cashtag, for which X refuses
/// the post. A word joiner (U+2060) behind the sign that would do it is not seen and is enough.
///
/// What the template spells out itself is meant and stays.
struct Defusing {
    /// X makes links of bare domains, and cashtags; nobody else does.
    private let isX: Bool
    private var meant: [String] = []

    private static let joiner: Unicode.Scalar = "\u{2060}"

    init(network: String, literals: [String]) {
        isX = network == "x"
        for literal in literals {
            let scalars = Array(literal.unicodeScalars)
            for range in links(in: scalars) + marks(in: scalars) { meant.append(text(scalars[range])) }
        }
    }

    func defused(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        scalars = joined(scalars, marks(in: scalars)) { index, range in index == range.lowerBound }
        // A domain behind a sign becomes a link only when the sign is defused, and what is cut in two may
        // leave two links. Each round leaves fewer dots that can make one.
        while true {
            let more = joined(scalars, links(in: scalars)) { index, _ in scalars[index] == "." }
            if more.count == scalars.count { return self.text(scalars[...]) }
            scalars = more
        }
    }

    /// With a joiner behind each place in `ranges` that is chosen, but for what is meant.
    private func joined(
        _ scalars: [Unicode.Scalar], _ ranges: [Range<Int>],
        behind isChosen: (Int, Range<Int>) -> Bool
    ) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        var index = 0
        for range in ranges where !meant.contains(text(scalars[range])) {
            result += scalars[index..<range.lowerBound]
            for place in range {
                result.append(scalars[place])
                if isChosen(place, range) { result.append(Defusing.joiner) }
            }
            index = range.upperBound
        }
        return result + scalars[index...]
    }

    private func links(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        let links = LinkFinder.links(in: scalars, isWary: true)
        return isX ? links : links.filter { LinkFinder.hasScheme(scalars[$0]) }
    }

    /// Mentions and cashtags: a sign, and the name behind it.
    private func marks(in scalars: [Unicode.Scalar]) -> [Range<Int>] {
        var marks: [Range<Int>] = []
        for (index, scalar) in scalars.enumerated() {
            let isMark =
                scalar == "@" || scalar == "\u{FF20}" || (isX && isCashSign(scalars, at: index))
            guard isMark else { continue }
            var end = index + 1
            while end < scalars.count, isName(scalars[end]) { end += 1 }
            if end > index + 1 { marks.append(index..<end) }
        }
        return marks
    }

    /// A dollar sign behind a space and before a letter; a price is none.
    private func isCashSign(_ scalars: [Unicode.Scalar], at index: Int) -> Bool {
        guard scalars[index] == "$" || scalars[index] == "\u{FF04}", index + 1 < scalars.count,
            scalars[index + 1].isASCII, scalars[index + 1].properties.isAlphabetic
        else { return false }
        guard index > 0 else { return true }
        let before = scalars[index - 1]
        return before.properties.isWhitespace || before.properties.generalCategory == .format
    }

    private func isName(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }

    private func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(scalars))
    }
}
